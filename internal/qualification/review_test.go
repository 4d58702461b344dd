package qualification_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	q "github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Rule O-3: one reviewer has an application at a time.
func TestClaimAndRelease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops"))
		release := func(by access.Actor) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := q.Release(ctx, tx, by, q.Turn{ID: id})
				return err
			})
		}
		for _, by := range []access.Actor{{}, w.wang, w.auditor, w.admin} {
			if err := w.claim(by, id); err == nil {
				t.Errorf("%s %v may claim", by.Kind, by.Roles)
			}
		}
		if err := w.claim(w.rev1, "app_none"); !errors.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		if err := release(w.rev1); !errors.Is(err, fault.Conflict) {
			t.Errorf("released what nobody has: %v", err)
		}
		for range 2 { // one's own stays one's own
			if err := w.claim(w.rev1, id); err != nil {
				t.Fatal(err)
			}
		}
		err := w.claim(w.rev2, id)
		if !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "赵敏") {
			t.Errorf("a second reviewer is told %v", err)
		}
		if err := release(w.rev2); !errors.Is(err, fault.Conflict) {
			t.Errorf("released another's: %v", err)
		}
		if i := w.get(w.auditor, id).Item; i.Holder != w.rev1.ID || i.HolderName != "赵敏" || i.Status != q.InReview {
			t.Errorf("held by %+v", i)
		}
		if err := release(w.admin); err != nil {
			t.Errorf("who manages the staff frees it: %v", err)
		}
		if err := w.claim(w.rev2, id); err != nil {
			t.Errorf("after the release: %v", err)
		}
	})
}

// Rules O-3, C-3: each category is decided on its own; a refusal of one leaves the others.
func TestDecidePerCategory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops", "api", "image"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		r := w.get(w.rev1, id)
		in := decision(r, map[string]string{"E-3 api": "请补充接口服务的合同", "E-4 image": "没有看到镜像"},
			map[policy.CategoryID]q.CategoryAct{"ops": q.Approve, "api": q.Refuse, "image": q.Refuse})
		dbtest.Advance(d, time.Hour)
		r, err := w.decide(w.rev1, in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Item.Status != q.DecidedUpon || r.Item.Holder != "" || r.Submission.Outcome != q.OutcomeDecided {
			t.Errorf("decided: %+v", r.Item)
		}
		if diff := cmp.Diff(map[policy.CategoryID]q.CategoryStatus{"ops": q.Qualified, "api": q.Refused, "image": q.Refused}, w.statuses(w.wang)); diff != "" {
			t.Error(diff)
		}
		v := w.mine(w.wang)
		c, _ := v.Check.Of("E-3", "api")
		if c.State != q.NotMet || c.Reason != "请补充接口服务的合同" || c.Field != "/evidence/api/trade_start" {
			t.Errorf("the vendor reads %+v", c)
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			approved, err := q.Approved(ctx, tx, w.wang.VendorID)
			if diff := cmp.Diff([]q.Approval{{Category: "ops", At: dbtest.Start.Add(time.Hour)}}, approved); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			// Rule M-4: the mode is the application's.
			if mode, err := q.Mode(ctx, tx, w.wang.VendorID); err != nil || mode != policy.Platform {
				t.Errorf("mode %s, %v", mode, err)
			}
			company, err := vendor.Load(ctx, tx, w.wang.VendorID)
			if company.Company.Contact.Mail != "wang@example.com" || company.USCC != "91440300708461136T" || company.ShopName != "示例科技" {
				t.Errorf("the profile says %+v", company)
			}
			if err != nil {
				return err
			}
			data, err := db.One(ctx, tx, db.Value[string], `SELECT data FROM event WHERE kind = 'application.decided'`)
			if !strings.Contains(data, `"categories":{"api":"refused","image":"refused","ops":"approved"}`) || strings.Contains(data, "合同") {
				t.Errorf("the event says %s", data)
			}
			if err != nil {
				return err
			}
			reason, err := db.All(ctx, tx, db.Value[string], `SELECT reason FROM verdict WHERE result = 'not_met'`)
			if len(reason) != 2 || strings.Contains(reason[0], "请") {
				t.Errorf("reasons at rest: %v", reason)
			}
			return err
		})
	})
}

// A decision that its verdicts contradict, or that leaves something open, changes nothing.
func TestDecideRefusesContradictions(t *testing.T) {
	all := func(a q.CategoryAct) map[policy.CategoryID]q.CategoryAct {
		return map[policy.CategoryID]q.CategoryAct{"ops": a, "api": a}
	}
	tests := []struct {
		name   string
		not    map[string]string
		all    q.CategoryAct
		change func(*q.Decision)
		want   []string
	}{
		{"approved with a company's condition not met", map[string]string{"E-1 ": "执照不清晰"}, q.Approve, nil,
			[]string{"/categories/0/decision E-1", "/categories/1/decision E-1"}},
		{"approved with its own condition not met", map[string]string{"E-3 api": "证明不足"}, q.Approve, nil, []string{"/categories/1/decision E-3"}},
		{"approved without a verdict", nil, q.Approve, func(d *q.Decision) { d.Verdicts = d.Verdicts[1:] }, []string{"/categories/0/decision E-1", "/categories/1/decision E-1"}},
		{"refused though all is met", nil, q.Refuse, nil, []string{"/categories/0/decision C-3", "/categories/1/decision C-3"}},
		{"sent back without an item", nil, q.Return, nil, []string{"/categories/0/decision C-3", "/categories/1/decision C-3"}},
		{"not met without a reason", map[string]string{"E-1 ": " \u200b "}, q.Refuse, nil, []string{"/verdicts/0/reason E-1"}},
		{"a reason too long", map[string]string{"E-1 ": strings.Repeat("长", 501)}, q.Refuse, nil, []string{"/verdicts/0/reason E-1"}},
		{"a category left out", nil, q.Approve, func(d *q.Decision) { d.Categories = d.Categories[:1] }, []string{"/categories C-3"}},
		{"a category twice", nil, q.Approve, func(d *q.Decision) { d.Categories = append(d.Categories, d.Categories[0]) }, []string{"/categories/2/category C-3"}},
		{"a category not applied for", nil, q.Approve, func(d *q.Decision) {
			d.Categories = append(d.Categories, q.Outcome{Category: "image", Decision: q.Approve})
		}, []string{"/categories/2/category C-3"}},
		{"a decision that is none", nil, q.Approve, func(d *q.Decision) { d.Categories[0].Decision = q.Withdraw }, []string{"/categories/0/decision C-3"}},
		{"a verdict that is none", nil, q.Approve, func(d *q.Decision) { d.Verdicts[0].Result = q.WaitingReview }, []string{"/verdicts/0/result E-1"}},
		{"a verdict twice", nil, q.Approve, func(d *q.Decision) { d.Verdicts = append(d.Verdicts, d.Verdicts[0]) }, []string{"/verdicts/6/condition E-1"}},
		{"a verdict on what is computed alone", nil, q.Approve, func(d *q.Decision) {
			d.Verdicts = append(d.Verdicts, q.Verdict{Condition: "E-5", Result: q.NotMet, Reason: "x"})
		}, []string{"/verdicts/6/condition "}},
		{"a verdict on another category", nil, q.Approve, func(d *q.Decision) {
			d.Verdicts = append(d.Verdicts, q.Verdict{Condition: "E-6.1", Category: "miniprogram", Result: q.Met})
		}, []string{"/verdicts/6/condition "}},
		{"a reason at no field", map[string]string{"E-1 ": "执照不清晰"}, q.Refuse, func(d *q.Decision) { d.Verdicts[0].Field = "/admin/password" }, []string{"/verdicts/0/field E-1"}},
		{"items without a return", nil, q.Approve, func(d *q.Decision) { d.Items = []q.Named{{Field: "/contact/phone", Text: "号码是空号"}} }, []string{"/items "}},
		{"an item without words", nil, q.Return, func(d *q.Decision) { d.Items = []q.Named{{Field: "/contact/phone"}} }, []string{"/items/0/text "}},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops", "api"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		r := w.get(w.rev1, id)
		for _, tt := range tests {
			in := decision(r, tt.not, all(tt.all))
			if tt.change != nil {
				tt.change(&in)
			}
			_, err := w.decide(w.rev1, in)
			if diff := cmp.Diff(tt.want, fields(t, err, fault.Invalid)); diff != "" {
				t.Errorf("%s: %s", tt.name, diff)
			}
		}
		if diff := cmp.Diff(r, w.get(w.rev1, id), cmp.AllowUnexported(q.Submission{}, q.Verdict{}), cmp.FilterPath(
			func(p cmp.Path) bool { return p.Last().String() == ".zone" || p.Last().String() == ".Policy" }, cmp.Ignore())); diff != "" {
			t.Errorf("a refusal changed something: %s", diff)
		}
	})
}

func TestDecideIsForTheHolderOfThisVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops"))
		yes := map[policy.CategoryID]q.CategoryAct{"ops": q.Approve}
		if _, err := w.decide(w.rev1, decision(w.get(w.rev1, id), nil, yes)); !errors.Is(err, fault.Conflict) {
			t.Errorf("before it was claimed: %v", err)
		}
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		r := w.get(w.rev1, id)
		if _, err := w.decide(w.rev2, decision(r, nil, yes)); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "赵敏") {
			t.Errorf("by another reviewer: %v", err)
		}
		for _, by := range []access.Actor{{}, w.wang, w.auditor, w.admin} {
			if _, err := w.decide(by, decision(r, nil, yes)); err == nil || errors.Is(err, fault.Conflict) {
				t.Errorf("%s %v may decide: %v", by.Kind, by.Roles, err)
			}
		}
		stale := decision(r, nil, yes)
		stale.Version--
		if _, err := w.decide(w.rev1, stale); !errors.Is(err, fault.Conflict) {
			t.Errorf("with an old page: %v", err)
		}
		// Two decide at once, in two windows: one of them counts.
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.decide(w.rev1, decision(r, nil, yes)) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Conflict) {
				t.Errorf("a loser is told %v", err)
			}
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM verdict`)
			if won != 1 || n != 4 {
				t.Errorf("%d decisions with %d verdicts", won, n)
			}
			return err
		})
	})
}

// Rules E: a re-submission keeps what was accepted; what changed is marked and asked again.
func TestResubmissionKeepsWhatWasAccepted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops", "api"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		in := decision(w.get(w.rev1, id), map[string]string{"E-3 api": "请补充两年前的合同"}, map[policy.CategoryID]q.CategoryAct{"ops": q.Approve, "api": q.Return})
		in.Items = []q.Named{{Field: "/contact/phone", Text: "号码是空号，请更换"}}
		if _, err := w.decide(w.rev1, in); err != nil {
			t.Fatal(err)
		}
		v := w.mine(w.wang)
		if v.Status != q.SentBack || v.Changed || v.Standing("api").Status != q.Returned {
			t.Errorf("sent back: %+v", v)
		}
		var told []string
		for _, f := range v.Last.Decision.Told() {
			told = append(told, f.Pointer+" "+f.Rule)
		}
		if diff := cmp.Diff([]string{"/evidence/api/trade_start E-3", "/contact/phone O-3"}, told); diff != "" {
			t.Error(diff)
		}
		if _, err := w.submit(w.wang); !errors.Is(err, fault.Conflict) {
			t.Errorf("unchanged: %v", err)
		}
		paper := v.Paper
		e := paper.Evidence["api"]
		e.TradeFiles = append(e.TradeFiles, "fil_more")
		paper.Evidence["api"] = e
		paper.Contact.Phone = "13900139000"
		v, err := w.save(w.wang, q.Saving{Application: paper})
		if err != nil {
			t.Fatal(err)
		}
		if c, _ := v.Check.Of("E-3", "api"); c.State != q.WaitingReview || !v.Changed {
			t.Errorf("after the change: %s, changed %v", c.State, v.Changed)
		}
		dbtest.Advance(d, time.Hour)
		if _, err := w.submit(w.wang); err != nil {
			t.Fatal(err)
		}
		if err := w.claim(w.rev2, id); err != nil {
			t.Fatal(err)
		}
		r := w.get(w.rev2, id)
		want := []q.Change{{Field: "/contact/phone", Was: "13800138000", Now: "13900139000"}, {Field: "/evidence/api/trade_files", Was: "fil_trade", Now: "fil_trade, fil_more"}}
		if diff := cmp.Diff(want, r.Changes); diff != "" || r.Compared != 1 {
			t.Errorf("changes since %d: %s", r.Compared, diff)
		}
		// Only what was not accepted, or has changed, asks for a verdict.
		var asked []string
		for _, x := range verdicts(r, nil) {
			asked = append(asked, string(x.Condition)+" "+string(x.Category))
		}
		if diff := cmp.Diff([]string{"E-2 ", "E-3 api"}, asked); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]policy.CategoryID{"api"}, r.Submission.Categories); diff != "" {
			t.Error(diff)
		}
		if c, _ := r.Check.Of("E-1", ""); c.State != q.Met || !c.Carried {
			t.Errorf("E-1 is asked again: %+v", c)
		}
		if _, err := w.decide(w.rev2, decision(r, nil, map[policy.CategoryID]q.CategoryAct{"api": q.Approve})); err != nil {
			t.Fatal(err)
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			approved, err := q.Approved(ctx, tx, w.wang.VendorID)
			if len(approved) != 2 || approved[0].Category != "ops" || approved[1].Category != "api" {
				t.Errorf("approved: %v", approved)
			}
			company, err2 := vendor.Load(ctx, tx, w.wang.VendorID)
			if company.Company.Contact.Phone != "+8613900139000" {
				t.Errorf("the profile has the old phone %s", company.Company.Contact.Phone)
			}
			return errors.Join(err, err2)
		})
		if r := w.get(w.auditor, id); len(r.History) != 2 || r.History[1].Decision == nil || r.People[w.rev1.ID] != "赵敏" {
			t.Errorf("history: %d submissions", len(r.History))
		}
	})
}

// Rule C-3: more categories are applied for while operating; what is approved stays.
func TestMoreCategoriesWhileOperating(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.approved(w.wang, "ops")
		if _, err := w.submit(w.wang); !errors.Is(err, fault.Invalid) {
			t.Errorf("nothing new: %v", err)
		}
		w.submitted(w.wang, q.Whole("ops", "miniprogram"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		r := w.get(w.rev1, id)
		in := decision(r, map[string]string{"E-6.3 miniprogram": "有负面新闻"}, map[policy.CategoryID]q.CategoryAct{"miniprogram": q.Refuse})
		if len(in.Verdicts) != 6 {
			t.Errorf("%d verdicts are asked, want those of miniprogram alone", len(in.Verdicts))
		}
		if _, err := w.decide(w.rev1, in); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[policy.CategoryID]q.CategoryStatus{"ops": q.Qualified, "miniprogram": q.Refused}, w.statuses(w.wang)); diff != "" {
			t.Error(diff)
		}
		// A refused category may be applied for again; with nothing new to say the verdict is the reviewer's.
		if _, err := w.submit(w.wang); err != nil {
			t.Fatal(err)
		}
		if err := w.takeBack(w.wang); err != nil {
			t.Fatal(err)
		}
		if got := w.statuses(w.wang); got["ops"] != q.Qualified {
			t.Errorf("taking back took what was approved: %v", got)
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			v, err := vendor.Load(ctx, tx, w.wang.VendorID)
			if v.USCC != "91440300708461136T" {
				t.Errorf("taking back gave the approved company's code away: %q", v.USCC)
			}
			return err
		})
	})
}

// A category that was sent back and is left out of the next submission is withdrawn.
func TestCategoryLeftOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops", "api"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		in := decision(w.get(w.rev1, id), map[string]string{"E-1 ": "执照不清晰"}, map[policy.CategoryID]q.CategoryAct{"ops": q.Return, "api": q.Return})
		if _, err := w.decide(w.rev1, in); err != nil {
			t.Fatal(err)
		}
		w.submitted(w.wang, func() q.Application { a := q.Whole("ops"); a.Documents.Licence = []string{"fil_more"}; return a }())
		if diff := cmp.Diff(map[policy.CategoryID]q.CategoryStatus{"ops": q.Applied, "api": q.Withdrawn}, w.statuses(w.wang)); diff != "" {
			t.Error(diff)
		}
	})
}

// Rule E-5: what was accepted at the submission counts in its review; later versions are asked for later.
func TestNewAgreementDuringReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops"))
		w.must(func(ctx context.Context, tx *db.Tx) error {
			_, err := agreement.Publish(ctx, tx, w.admin, agreement.Version{ID: agreement.Access, Version: "2.0",
				Title: policy.Name{ZH: "服务接入协议", EN: "Access"}, Body: agreement.Body{ZH: "新", EN: "new"}})
			return err
		})
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		r := w.get(w.rev1, id)
		if c, _ := r.Check.Of("E-5", ""); c.State != q.Met {
			t.Errorf("E-5 is %s", c.State)
		}
		if _, err := w.decide(w.rev1, decision(r, nil, map[policy.CategoryID]q.CategoryAct{"ops": q.Approve})); err != nil {
			t.Fatal(err)
		}
		if v := w.mine(w.wang); len(v.Missing) != 1 || v.Missing[0].Version != "2.0" {
			t.Errorf("not asked for the new version: %v", v.Missing)
		}
	})
}

func TestNotesAreForStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops"))
		note := func(by access.Actor, text string) error {
			return w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := q.AddNote(ctx, tx, by, q.Note{ID: id, Text: text})
				return err
			})
		}
		if err := note(w.rev1, " 电话核实过\u202e "); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			by   access.Actor
			text string
			kind fault.Kind
		}{{w.wang, "x", fault.Forbidden}, {w.auditor, "x", fault.Forbidden}, {w.rev2, " ", fault.Invalid}, {w.rev2, strings.Repeat("长", 2001), fault.Invalid}} {
			if err := note(tt.by, tt.text); !errors.Is(err, tt.kind) {
				t.Errorf("a note %.5q by %s: %v, want %s", tt.text, tt.by.ID, err, tt.kind)
			}
		}
		r := w.get(w.auditor, id)
		if len(r.Notes) != 1 || r.Notes[0].Text != "电话核实过" || r.Notes[0].Name != "赵敏" {
			t.Errorf("notes: %+v", r.Notes)
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			at, err := db.One(ctx, tx, db.Value[string], `SELECT body FROM application_note`)
			if strings.Contains(at, "电话") {
				t.Error("the note can be read where it rests")
			}
			if _, err := q.Get(ctx, tx, w.li, id); !errors.Is(err, fault.Forbidden) {
				t.Errorf("another company reads the review: %v", err)
			}
			if _, err := q.Get(ctx, tx, w.wang, id); !errors.Is(err, fault.Forbidden) {
				t.Errorf("the company reads its review: %v", err)
			}
			return err
		})
	})
}

func TestQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := w.submitted(w.wang, q.Whole("ops"))
		dbtest.Advance(d, 48*time.Hour)
		theirs := q.Whole("ops")
		theirs.Company.USCC, theirs.Company.Name, theirs.Account.Holder = "91330106673959654P", "杭州样例信息有限公司", "杭州样例信息有限公司"
		theirs.Documents.Licence = []string{"fil_acc_li_licence"}
		theirs.Evidence["ops"] = q.Evidence{TradeStart: "2016-01-01", TradeFiles: []string{"fil_acc_li_trade"}, BuiltOn: true, BuiltNote: "基于云服务器与对象存储部署交付", BuiltFiles: []string{"fil_acc_li_built"}}
		second := w.submitted(w.li, theirs)
		dbtest.Advance(d, 25*time.Hour)
		if err := w.claim(w.rev1, second); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name string
			f    q.Filter
			want []string
		}{
			{"the longest waiting first", q.Filter{}, []string{first, second}},
			{"mine", q.Filter{Holder: w.rev1.ID}, []string{second}},
			{"free", q.Filter{Free: true}, []string{first}},
			{"late", q.Filter{Late: true}, []string{first}},
			{"the next page", q.Filter{After: first, Limit: 1}, []string{second}},
			{"one vendor's", q.Filter{Vendor: w.wang.VendorID}, []string{first}},
			{"in review", q.Filter{Status: q.InReview}, []string{second}},
			{"decided", q.Filter{Decided: true}, nil},
		} {
			w.must(func(ctx context.Context, tx *db.Tx) error {
				items, err := q.List(ctx, tx, w.rev2, tt.f)
				var got []string
				for _, i := range items {
					got = append(got, i.ID)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s: %s", tt.name, diff)
				}
				return err
			})
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			got, err := q.Queue(ctx, tx, w.auditor)
			if diff := cmp.Diff(q.Waits{Count: 2, Free: 1, Late: 1, Oldest: dbtest.Start}, got); diff != "" {
				t.Error(diff)
			}
			if _, err := q.List(ctx, tx, w.wang, q.Filter{}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a vendor reads the queue: %v", err)
			}
			before := tx.Statements()
			if _, err := q.List(ctx, tx, w.rev1, q.Filter{}); err != nil {
				return err
			}
			if n := tx.Statements() - before; n > 2 {
				t.Errorf("the queue takes %d statements", n)
			}
			return err
		})
	})
}

func TestOthersAskWhatIsApproved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.must(func(ctx context.Context, tx *db.Tx) error {
			if _, err := q.Mode(ctx, tx, w.wang.VendorID); !errors.Is(err, fault.NotFound) {
				t.Errorf("a mode before anything: %v", err)
			}
			approved, err := q.Approved(ctx, tx, w.wang.VendorID)
			if len(approved) != 0 {
				t.Errorf("approved before anything: %v", approved)
			}
			v, err2 := q.Current(ctx, tx, w.wang.VendorID)
			if v.Status != q.Draft || v.Check.Ready {
				t.Errorf("before anything: %+v", v)
			}
			return errors.Join(err, err2)
		})
		paper := q.Whole("ops")
		paper.Mode = policy.Resale
		w.submitted(w.wang, paper)
		w.must(func(ctx context.Context, tx *db.Tx) error {
			if _, err := q.Mode(ctx, tx, w.wang.VendorID); !errors.Is(err, fault.NotFound) {
				t.Errorf("a mode before the approval: %v", err)
			}
			v, err := q.Current(ctx, tx, w.wang.VendorID)
			if v.Status != q.Waiting {
				t.Errorf("submitted is %s", v.Status)
			}
			return err
		})
	})
}

func TestOneOfManyClaimsWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops"))
		errs := make([]error, 6)
		var wg sync.WaitGroup
		for i := range errs {
			by := []access.Actor{w.rev1, w.rev2}[i%2]
			wg.Go(func() { errs[i] = w.claim(by, id) })
		}
		wg.Wait()
		holder := w.get(w.auditor, id).Item.Holder
		for i, err := range errs {
			mine := []access.Actor{w.rev1, w.rev2}[i%2].ID == holder
			if err == nil && !mine || err != nil && !errors.Is(err, fault.Conflict) {
				t.Errorf("claim %d: %v, and %s has it", i, err, holder)
			}
		}
	})
}

// Taken back and decided at the same moment, exactly one of the two happens.
func TestTakeBackAgainstDecide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		in := decision(w.get(w.rev1, id), nil, map[policy.CategoryID]q.CategoryAct{"ops": q.Approve})
		var took, decided error
		var wg sync.WaitGroup
		wg.Go(func() { took = w.takeBack(w.wang) })
		wg.Go(func() { _, decided = w.decide(w.rev1, in) })
		wg.Wait()
		if (took == nil) == (decided == nil) {
			t.Fatalf("taken back: %v, decided: %v", took, decided)
		}
		for _, err := range []error{took, decided} {
			if err != nil && !errors.Is(err, fault.Conflict) {
				t.Errorf("the loser is told %v", err)
			}
		}
		want := q.Withdrawn
		if decided == nil {
			want = q.Qualified
		}
		if got := w.statuses(w.wang)["ops"]; got != want {
			t.Errorf("ops is %s, want %s", got, want)
		}
	})
}
