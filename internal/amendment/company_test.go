package amendment_test

import (
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// What the policy calls harmless takes effect at once; the rest waits and the old data
// holds, until it is decided on part by part. Rules O-2, E-1.
func TestFileAndDecide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		got := must(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) {
			f.Shop.Intro = "九年运维经验"
			f.Company.Name, f.Company.Address, f.Contact.Mail = "杭州云栈科技有限公司", "浙江省杭州市滨江区江南大道 1 号", "zhao@vendor.example"
			f.Licence = w.scan()
		}))
		if len(got.Applied) != 1 || got.Applied[0].Field != "/shop/intro" || got.Request == nil || len(got.Request.Parts) != 3 {
			t.Fatalf("filed %+v", got)
		}
		if v := w.vendor(); v.Company.Intro != "九年运维经验" || v.Company.Name != name || v.Company.Contact.Mail != "wang@vendor.example" {
			t.Errorf("the profile is %+v", v.Company)
		}
		_, err := do(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Shop.Name = "云栈" }))
		wants(t, err, fault.Conflict) // one at a time
		must(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Shop.Intro = "十年运维经验" }))

		r := must(w, amendment.Claim, w.reviewer, amendment.Turn{ID: got.Request.ID})
		_, err = do(w, amendment.Claim, w.second, amendment.Turn{ID: r.ID})
		wants(t, err, fault.Conflict)
		_, err = do(w, amendment.Decide, w.second, amendment.Decision{ID: r.ID})
		wants(t, err, fault.Conflict)
		_, err = do(w, amendment.Decide, w.reviewer, amendment.Decision{ID: r.ID, Parts: []amendment.Ruling{
			{Part: amendment.PartName, Decision: amendment.Approve}, {Part: amendment.PartContact, Decision: amendment.Refuse}, {Part: "shop", Decision: amendment.Approve}}})
		wants(t, err, fault.Invalid, "/parts", "/parts/1/reason", "/parts/2/part")
		r = must(w, amendment.Decide, w.reviewer, amendment.Decision{ID: r.ID, Version: r.Version, Parts: []amendment.Ruling{
			{Part: amendment.PartName, Decision: amendment.Approve}, {Part: amendment.PartLicence, Decision: amendment.Approve},
			{Part: amendment.PartContact, Decision: amendment.Refuse, Reason: "邮箱域名与官网不一致，请说明"}}})
		v := w.vendor()
		if r.Status != amendment.Done || v.Company.Name != "杭州云栈科技有限公司" || v.Company.Address != "浙江省杭州市滨江区江南大道 1 号" ||
			v.Company.Contact.Mail != "wang@vendor.example" || v.Company.Intro != "十年运维经验" || v.Company.Account.Holder != name {
			t.Errorf("%s, the profile is %+v", r.Status, v.Company)
		}
		_, err = do(w, amendment.Withdraw, w.owner, amendment.Turn{ID: r.ID})
		wants(t, err, fault.Conflict)
		// The contract names the company as it was: its people are asked for a new one. Rule M-4.
		list := must(w, amendment.List, w.clerk, amendment.Filter{Kind: amendment.Supplement})
		if len(list) != 1 || list[0].Paper.Was.Company.Name != name || list[0].Paper.Now.Company.Name != "杭州云栈科技有限公司" {
			t.Fatalf("the contract people's queue: %+v", list)
		}
		must(w, amendment.Claim, w.clerk, amendment.Turn{ID: list[0].ID})
		granted := must(w, amendment.GrantByContract, w.clerk, amendment.Grant{ID: list[0].ID})
		if granted.ContractID == "" || granted.Status != amendment.Done {
			t.Errorf("granted %+v", granted)
		}
	})
}

// Everything that is wrong is told at once, at its field, with what would mend it. Rule E-1.
func TestFileRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := yunshitest.Vendor(t, d)
		foreign := w.Keep(t, yunshitest.Owner(other.ID), other.ID, "licence", "x.pdf", "application/pdf", []byte("%PDF-1.4 x")).ID
		tests := []struct {
			name   string
			by     access.Actor
			change func(f *amendment.Filing)
			kind   fault.Kind
			fields []string
		}{
			{"nothing", w.owner, func(*amendment.Filing) {}, fault.Conflict, nil},
			{"spaces alone", w.owner, func(f *amendment.Filing) { f.Company.Name = "  " + f.Company.Name }, fault.Conflict, nil},
			{"another credit code", w.owner, func(f *amendment.Filing) { f.Company.USCC = "91330106MA2CFHX28G"; f.Shop.Intro = "新" }, fault.Invalid, []string{"/company/uscc E-1"}},
			{"a name without a scan", w.owner, func(f *amendment.Filing) { f.Company.Name = "杭州云栈科技有限公司" }, fault.Invalid, []string{"/licence E-1"}},
			{"another company's scan", w.owner, func(f *amendment.Filing) {
				f.Company.Name, f.Licence = "杭州云栈科技有限公司", []string{foreign}
			}, fault.Invalid, []string{"/licence/0"}},
			{"a day that is none", w.owner, func(f *amendment.Filing) { f.Company.TermUntil = "2030-02-30" }, fault.Invalid, nil},
			{"a term in the past", w.owner, func(f *amendment.Filing) { f.Company.TermUntil = "2020-01-01" }, fault.Invalid, nil},
			{"too few hours", w.owner, func(f *amendment.Filing) {
				f.Service.Hours = qualification.Hours{Mon: []qualification.Span{{From: "09:00", To: "12:00"}}}
			}, fault.Invalid, []string{"/service/hours E-2"}},
			{"no mailbox", w.owner, func(f *amendment.Filing) { f.Contact.Mail = "wang" }, fault.Invalid, []string{"/contact/mail E-2"}},
			{"staff", w.reviewer, func(f *amendment.Filing) { f.Shop.Intro = "新" }, fault.NotFound, nil},
			{"a colleague who is not the owner", access.Actor{Kind: access.Member, ID: "acc_y", VendorID: w.vendorID, Roles: []access.Role{access.Support}}, func(f *amendment.Filing) { f.Shop.Intro = "新" }, fault.Forbidden, nil},
			{"a visitor", access.Actor{}, func(f *amendment.Filing) { f.Shop.Intro = "新" }, fault.Unauthenticated, nil},
		}
		for _, tt := range tests {
			_, err := do(w, amendment.File, tt.by, w.filing(tt.change))
			t.Run(tt.name, func(t *testing.T) { wants(t, err, tt.kind, tt.fields...) })
		}
		if n := w.events("amendment.submitted") + w.events("amendment.applied"); n != 0 {
			t.Errorf("a refusal left %d events", n)
		}
	})
}

// Another company's request does not exist for a vendor, and staff who do not decide see it masked.
func TestGetShowsWhoMaySee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := yunshitest.Owner(yunshitest.Vendor(t, d).ID)
		f := must(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Contact.Mail = "zhao@vendor.example" }))
		turn := amendment.Turn{ID: f.Request.ID}
		for _, op := range []func(access.Actor) error{
			func(by access.Actor) error { _, err := do(w, amendment.Get, by, turn); return err },
			func(by access.Actor) error { _, err := do(w, amendment.Withdraw, by, turn); return err },
			func(by access.Actor) error {
				_, err := do(w, amendment.Stop, by, amendment.Stopping{ID: turn.ID, Reason: "x"})
				return err
			},
		} {
			if err := op(other); !fault.Is(err, fault.NotFound) {
				t.Errorf("another company: %v", err)
			}
		}
		if v := must(w, amendment.Get, w.auditor, turn); v.Whole || v.Changes[0].Now == "zhao@vendor.example" || v.Request.Paper.Now.Contact.Mail == "zhao@vendor.example" {
			t.Errorf("to the auditor: %+v", v)
		}
		if v := must(w, amendment.Get, w.reviewer, turn); !v.Whole || v.Changes[0].Now != "zhao@vendor.example" {
			t.Errorf("to the reviewer: %+v", v)
		}
		_, err := do(w, amendment.Claim, w.auditor, turn)
		wants(t, err, fault.Forbidden)
		_, err = do(w, amendment.Claim, w.finance, turn)
		wants(t, err, fault.Forbidden)
	})
}

// Two decide at once, or one decides while the vendor withdraws: one wins.
func TestRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := func() amendment.Turn {
			f := must(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Shop.Name += "新" }))
			must(w, amendment.Claim, w.reviewer, amendment.Turn{ID: f.Request.ID})
			return amendment.Turn{ID: f.Request.ID}
		}
		decide := func(turn amendment.Turn) func() error {
			return func() error {
				_, err := do(w, amendment.Decide, w.reviewer, amendment.Decision{ID: turn.ID, Parts: []amendment.Ruling{{Part: amendment.PartShop, Decision: amendment.Approve}}})
				return err
			}
		}
		turn := ask()
		if n := race(t, decide(turn), decide(turn)); n != 1 {
			t.Errorf("two decisions: %d refused", n)
		}
		turn = ask()
		if n := race(t, decide(turn), func() error { _, err := do(w, amendment.Withdraw, w.owner, turn); return err }); n != 1 {
			t.Errorf("decision and withdrawal: %d refused", n)
		}
		file := func() error {
			_, err := do(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Shop.Name += "二" }))
			return err
		}
		if n := race(t, file, file); n != 1 {
			t.Errorf("two requests at once: %d refused", n)
		}
	})
}

// Licences are reminded of once per threshold and told when they have ended; a renewal
// clears it. Rule E-1.
func TestLicenceClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		look := func(ends, out int64) {
			t.Helper()
			for range 2 { // twice is once
				yunshitest.Write(t, d, func(tx *db.Tx) error { return amendment.Watch(t.Context(), tx, access.SystemActor("test")) })
			}
			if a, b := w.events("amendment.licence_ends"), w.events("amendment.licence_ended"); a != ends || b != out {
				t.Errorf("%d reminders and %d ends, want %d and %d", a, b, ends, out)
			}
		}
		left := func(until calendar.Day) int {
			return until.DaysSince(calendar.Of(d.Clock().Now(), policyZone(t, d)))
		}
		until := calendar.Date(2026, 6, 30)
		look(0, 0)
		w.advanceDays(left(until) - 60)
		look(1, 0)
		w.advanceDays(30)
		look(2, 0)
		w.advanceDays(23)
		look(3, 0)
		w.advanceDays(7) // its last day
		look(3, 0)
		w.advanceDays(1)
		look(3, 1)
		due := w.duties()
		if len(due) == 0 || due[0].Code != "licence" || due[0].When != amendment.PastDue {
			t.Errorf("due: %+v", due)
		}
		f := must(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Company.TermUntil, f.Company.LongTerm, f.Licence = "", true, w.scan() }))
		must(w, amendment.Claim, w.reviewer, amendment.Turn{ID: f.Request.ID})
		must(w, amendment.Decide, w.reviewer, amendment.Decision{ID: f.Request.ID, Parts: []amendment.Ruling{{Part: amendment.PartLicence, Decision: amendment.Approve}}})
		for _, x := range w.duties() {
			if x.Code == "licence" {
				t.Errorf("still due: %+v", x)
			}
		}
		look(3, 1)
	})
}
