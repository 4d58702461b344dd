package demo_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// people are who looks at an empty marketplace: all of its staff in one, a person
// without a company, and the owner of one under contract.
type people struct{ office, nobody, owner *world.Browser }

func emptyPlace(t *testing.T, lang string) (p people) {
	t.Helper()
	w := world.Open(t, dbtest.SQLite(t))
	shop := w.Member("zhou", "13800138001")
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		v, err := vendor.Register(ctx, tx, shop.Actor())
		if err != nil {
			return err
		}
		c := vendor.Company{Name: "周周软件有限公司", LegalPerson: "陈立", Contact: vendor.Contact{Name: "王芳", Phone: "13800138001", Mail: "zhou@contact.example"},
			ServiceMail: "zhou@service.example", ServicePhone: "0571-88886666", Address: "杭州市", Account: vendor.BankAccount{Holder: "周周软件有限公司", Bank: "招商银行", Number: "571900123410801"}}
		if err := vendor.Update(ctx, tx, access.SystemActor("test"), v.ID, c); err != nil {
			return err
		}
		shop, err = account.Load(ctx, tx, shop.ID)
		return err
	})
	yunshitest.Qualify(t, w.DB, shop.VendorID, policy.Platform, "software")
	yunshitest.Contract(t, w.DB, shop.VendorID, yunshitest.Terms{})
	boss := w.Staff("boss", access.Administrator, access.Reviewer, access.ProductReviewer, access.Finance, access.Contracts)
	as := func(a account.Account) *world.Browser {
		b := w.As(a).Speak(lang)
		b.Get("/?lang=" + lang)
		return b
	}
	p.office, p.nobody, p.owner = as(boss), as(w.Member("he", "13800138009")), as(shop)
	return p
}

// whole reports what of a page is no sentence but the name of one, and whether it has
// the size of a page at all.
func whole(t *testing.T, path string, page *world.Page) {
	t.Helper()
	for _, k := range missing(page.Body) {
		t.Errorf("%s shows %q", path, k)
	}
	if strings.Count(page.Body, "<h1") != 1 || !strings.Contains(page.Body, "</html>") {
		t.Errorf("%s has not one heading: %.300s", path, page.Text())
	}
}

// A list with nothing in it says so and why, in both languages.
func TestEmptyPagesSayWhy(t *testing.T) {
	const office, nobody, owner = "office", "nobody", "owner"
	tests := []struct {
		who, path string
		says      []text.Key
	}{
		{office, "/office/exits", []text.Key{"web_exit.none", "web_exit.none_why"}},
		{office, "/office/exits?show=all", []text.Key{"web_exit.none"}},
		{office, "/office/exits/bars", []text.Key{"web_exit.no_bars", "web_exit.no_bars_why"}},
		{office, "/office/exits/new?q=nobody-of-this-name", []text.Key{"web_exit.no_vendor", "web_exit.no_vendor_why"}},
		{office, "/office/payouts", []text.Key{"web_payout.none", "web_payout.none_why"}},
		{office, "/office/payouts?status=paid", []text.Key{"web_payout.none"}},
		{office, "/office/payout-matches", []text.Key{"web_payout.no_matches", "web_payout.no_matches_why"}},
		{office, "/office/payment-files", []text.Key{"web_payout.no_files", "web_payout.no_files_why"}},
		{office, "/office/dispatch", []text.Key{"web_money.no_papers", "web_money.no_papers_why"}},
		{office, "/office/dispatch?status=sent", []text.Key{"web_money.no_papers"}},
		{office, "/office/deposits/decisions", []text.Key{"web_money.no_decisions", "web_money.no_decisions_why"}},
		{office, "/office/changes", []text.Key{"web_change.empty", "web_change.empty_why"}},
		{office, "/office/changes?show=late", []text.Key{"web_change.empty"}},
		{office, "/office/changes?show=closed&q=x", []text.Key{"web_change.empty"}},
		{office, "/office/changes/ending", []text.Key{"web_change.none_ending", "web_change.no_licence_ending"}},
		{office, "/office/jobs", []text.Key{"web_office.no_jobs", "web_office.no_jobs_why"}},
		{office, "/office/staff", nil},
		{office, "/office/bank-statements", nil},
		{office, "/security", []text.Key{"security.factors_none"}},
		{nobody, "/console/members", []text.Key{"member.none", "member.none_why"}},
		{nobody, "/console/changes", []text.Key{"web_change.not_in"}},
		{nobody, "/console/exit", nil},
		{nobody, "/console/timeline", []text.Key{"web_company.timeline_empty", "web_company.timeline_empty_why"}},
		{nobody, "/security", []text.Key{"security.factors_none"}},
		{owner, "/console/exit", nil},
		{owner, "/console/changes", []text.Key{"web_change.nothing_yet", "web_change.nothing_yet_why"}},
		{owner, "/console/members", nil},
		{owner, "/console/products/import", []text.Key{"web_import.none", "web_import.none_why"}},
	}
	for _, l := range text.Langs() {
		who := emptyPlace(t, l.Tag())
		p := text.Printer{Lang: l}
		for _, tt := range tests {
			b := map[string]*world.Browser{office: who.office, nobody: who.nobody, owner: who.owner}[tt.who]
			page := b.Get(tt.path)
			if page.Status != http.StatusOK {
				t.Errorf("%s %s: %d %.200s", l.Tag(), tt.path, page.Status, page.Text())
				continue
			}
			whole(t, l.Tag()+" "+tt.path, page)
			for _, k := range tt.says {
				if want := strings.Join(strings.Fields(p.T(k)), " "); !page.Has(want) {
					t.Errorf("%s %s does not say %q: %s", l.Tag(), tt.path, want, page.Text())
				}
			}
		}
	}
}

// What is refused comes back as a page with sentences, in both languages: forms with
// nothing in them, with what no program sends, and things that are not there.
func TestRefusedFormsSayWhy(t *testing.T) {
	const office, nobody, owner = "office", "nobody", "owner"
	none := url.Values{}
	odd := url.Values{"id": {"x'"}, "payee": {"no"}, "status": {"odd"}, "reason": {strings.Repeat("长", 6000)}, "amount": {"-1e9"}, "mail": {"@"}, "roles": {"king"}, "vendor": {"ven_none"}, "way": {"pigeon"}, "date": {"31/31/31"}}
	tests := []struct {
		who, path string
		values    url.Values
		want      []int
	}{
		{office, "/office/exits/new", none, []int{400, 404, 422}},
		{office, "/office/exits/new", odd, []int{400, 404, 422}},
		{office, "/office/exits/ext_none/approve", none, []int{404}},
		{office, "/office/exits/ext_none/end", none, []int{404}},
		{office, "/office/exits/ext_none/drop", odd, []int{404, 422}},
		{office, "/office/bars/bar_none/lift", none, []int{404, 422}},
		{office, "/office/payment-files", none, []int{422}},
		{office, "/office/payment-files", odd, []int{422}},
		{office, "/office/payment-files/bat_none/reject", none, []int{404, 422}},
		{office, "/office/payouts/pay_none/approve", none, []int{404}},
		{office, "/office/payouts/pay_none/refuse", odd, []int{404, 422}},
		{office, "/office/payouts/pay_none/match", none, []int{404, 422}},
		{office, "/office/dispatch/par_none/send", none, []int{404, 422}},
		{office, "/office/dispatch/losses/los_none/refuse", none, []int{404, 422}},
		{office, "/office/deposits/decisions/dec_none/approve", none, []int{404}},
		{office, "/office/deposits/decisions/dec_none/decline", odd, []int{404, 422}},
		{office, "/office/changes/chg_none/claim", none, []int{404}},
		{office, "/office/changes/chg_none/decide", odd, []int{404, 422}},
		{office, "/office/changes/chg_none/stop", none, []int{404, 422}},
		{office, "/office/staff", none, []int{422}},
		{office, "/office/staff", odd, []int{422}},
		{office, "/office/staff/acc_none", odd, []int{404, 422}},
		{office, "/office/bank-statements/import", none, []int{404, 422}},
		{office, "/office/bank-statements/mapping", odd, []int{404, 422}},
		{office, "/office/jobs/job_none/retry", none, []int{404}},
		{nobody, "/console/members/invite", none, []int{403, 404, 409, 422}},
		{nobody, "/console/exit", none, []int{403, 404, 409, 422}},
		{owner, "/console/members/invite", none, []int{422}},
		{owner, "/console/members/invite", odd, []int{422}},
		{owner, "/console/members/acc_none", odd, []int{404, 422}},
		{owner, "/console/members/ownership", none, []int{404, 422}},
		{owner, "/console/exit", none, []int{422}},
		{owner, "/console/exit", odd, []int{422}},
		{owner, "/console/exit/ext_none/withdraw", none, []int{404}},
		{owner, "/console/changes/agreements", none, []int{422}},
		{owner, "/console/changes/chg_none/check", odd, []int{404, 422}},
		{owner, "/console/product-imports/imp_none/begin", none, []int{404, 422}},
	}
	for _, l := range text.Langs() {
		who := emptyPlace(t, l.Tag())
		for _, tt := range tests {
			b := map[string]*world.Browser{office: who.office, nobody: who.nobody, owner: who.owner}[tt.who]
			page := b.Post(tt.path, tt.values)
			name := l.Tag() + " POST " + tt.path
			ok := false
			for _, status := range tt.want {
				ok = ok || page.Status == status
			}
			// A press of a button on a list leads back to the list, which tells the refusal.
			if page.Status == http.StatusOK {
				ok = strings.Contains(page.Body, `<div class="flashes" role="status"><div class="notice notice-bad">`)
			}
			if !ok {
				t.Errorf("%s answers %d, want %v: %.200s", name, page.Status, tt.want, page.Text())
			}
			whole(t, name, page)
		}
		for _, path := range []string{"/office/exits/ext_none", "/office/payouts/pay_none", "/office/payment-files/bat_none", "/office/changes/chg_none", "/office/bank-statements/stm_none",
			"/office/bank-statements/preview?file=fil_none", "/office/bank-statements/preview", "/office/exits/new?vendor=ven_none", "/office/dispatch?status=odd", "/office/payouts?status=odd",
			"/office/deposits/decisions?status=odd", "/office/changes?show=odd", "/office/exits?cursor=odd'"} {
			page := who.office.Get(path)
			if page.Status >= 500 {
				t.Errorf("%s answers %d", path, page.Status)
			}
			whole(t, l.Tag()+" "+path, page)
		}
	}
}

// A statement and a list of products that cannot be read show where, in the preview,
// in both languages.
func TestUnreadableImportsSayWhere(t *testing.T) {
	files := map[string]string{
		"空.csv":  "",
		"乱码.csv": "\xff\xfe\x00\x01\x02",
		"缺列.csv": "甲,乙,丙\n1,2,3\n",
		"坏行.csv": yunshitest.StatementFile(1, yunshitest.Movement{Fen: 100, Payer: "甲"}) + "20260302,09:00:00,x,y,z,a,b,C1\n",
		"表.xlsx": "PK\x03\x04 broken",
		"x.xml":  "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><a></Document>",
		"m.sta":  ":20:X\n:25:Y\n:60F:C260101CNY1,00\n",
	}
	for _, l := range text.Langs() {
		who := emptyPlace(t, l.Tag())
		for name, data := range files {
			who.office.Get("/office/bank-statements")
			page := who.office.SubmitWith("/office/bank-statements", nil, map[string][]world.Document{"file": {{Name: name, Data: []byte(data)}}})
			if page.Status >= 500 {
				t.Errorf("%s %s: %d %.200s", l.Tag(), name, page.Status, page.Text())
			}
			whole(t, l.Tag()+" statement "+name, page)
			who.owner.Get("/console/products/import")
			page = who.owner.SubmitWith("/console/products/import", nil, map[string][]world.Document{"file": {{Name: name, Data: []byte(data)}}})
			if page.Status >= 500 || page.Status < 400 && !strings.HasPrefix(page.Path, "/console/product-imports/") {
				t.Errorf("%s products %s: %d %.200s", l.Tag(), name, page.Status, page.Text())
			}
			whole(t, l.Tag()+" products "+name, page)
		}
	}
}
