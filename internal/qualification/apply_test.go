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
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	q "github.com/yunshi-market/yunshi/internal/qualification"
)

// Rule O-2: drafts are kept, step by step, as typed, right or wrong.
func TestDraftIsKeptAsTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := w.mine(w.wang)
		if first.ID != "" || first.Status != q.Draft || first.Paper.Contact != (q.Contact{Name: "王芳", Phone: "13800138000", Mail: "acc_wang@example.com"}) {
			t.Errorf("before the first save: %+v", first)
		}
		typed := q.Application{Company: q.Company{Name: "深圳", USCC: "不知道", Capital: "很多", Established: "去年"}}
		v, err := w.save(w.wang, q.Saving{Step: q.StepCompany, Application: typed})
		if err != nil {
			t.Fatal(err)
		}
		if v.Version != 1 || v.Check.Ready || v.SavedAt != dbtest.Start {
			t.Errorf("saved as %+v", v)
		}
		if _, err := w.save(w.wang, q.Saving{Step: q.StepContact, Application: q.Application{Contact: q.Contact{Phone: "110"}}}); err != nil {
			t.Fatal(err)
		}
		evidence := q.Application{Categories: []policy.CategoryID{"ops"}, Evidence: map[policy.CategoryID]q.Evidence{"ops": {TradeStart: "前年"}, "api": {Note: "以后"}}}
		if _, err := w.save(w.wang, q.Saving{Step: q.StepCategories, Application: evidence}); err != nil {
			t.Fatal(err)
		}
		only := q.Application{Categories: []policy.CategoryID{"api"}, Evidence: map[policy.CategoryID]q.Evidence{"ops": {TradeStart: "前年"}}}
		if _, err := w.save(w.wang, q.Saving{Step: q.StepCategories, Application: only}); err != nil {
			t.Fatal(err)
		}
		got := w.mine(w.wang).Paper
		want := q.Application{Company: typed.Company, Contact: q.Contact{Phone: "110"}, Categories: []policy.CategoryID{"api"}, Evidence: evidence.Evidence}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		// It rests sealed.
		w.must(func(ctx context.Context, tx *db.Tx) error {
			sealed, err := db.One(ctx, tx, db.Value[string], `SELECT draft FROM application`)
			if strings.Contains(sealed, "深圳") || strings.Contains(sealed, "110") {
				t.Errorf("the draft can be read where it rests: %s", sealed)
			}
			return err
		})
	})
}

func TestSaveRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		support := access.Actor{Kind: access.Member, ID: "acc_x", VendorID: w.wang.VendorID, Roles: []access.Role{access.Support}}
		readKey := w.wang
		readKey.Scopes = []access.Scope{access.ScopeRead}
		many := q.Whole("ops")
		for i := range 60 {
			many.Evidence[policy.CategoryID(strings.Repeat("x", i+1))] = q.Evidence{Note: "x"}
		}
		long := q.Whole("ops")
		long.Company.Scope = strings.Repeat("长", 5001)
		for _, tt := range []struct {
			name string
			by   access.Actor
			in   q.Saving
			kind fault.Kind
		}{
			{"a visitor", access.Actor{}, q.Saving{}, fault.Unauthenticated},
			{"staff", w.rev1, q.Saving{}, fault.NotFound},
			{"a person without a company", access.Actor{Kind: access.Member, ID: "acc_y"}, q.Saving{}, fault.NotFound},
			{"a colleague who is not the owner", support, q.Saving{}, fault.Forbidden},
			{"a key that may only read", readKey, q.Saving{}, fault.Forbidden},
			{"an unknown step", w.wang, q.Saving{Step: "../company"}, fault.Invalid},
			{"a text no form allows", w.wang, q.Saving{Application: long}, fault.Invalid},
			{"evidence for sixty categories", w.wang, q.Saving{Application: many}, fault.Invalid},
		} {
			if _, err := w.save(tt.by, tt.in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.kind)
			}
		}
		if v := w.mine(w.wang); v.ID != "" {
			t.Error("a refusal saved something")
		}
		v, err := w.save(w.wang, q.Saving{Application: q.Whole("ops")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.save(w.wang, q.Saving{Version: v.Version, Application: q.Whole("api")}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.save(w.wang, q.Saving{Version: v.Version, Application: q.Whole("image")}); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second window overwrote the first: %v", err)
		}
	})
}

// Rule O-2: only submitting asks that everything be right, and then tells all at once.
func TestSubmitTellsAllThatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.submit(w.wang); !errors.Is(err, fault.Conflict) {
			t.Errorf("nothing saved: %v", err)
		}
		paper := q.Whole("ops")
		paper.Company.USCC = "91440300708461136X"
		paper.Documents.Licence = []string{"fil_acc_li_licence"} // another company's
		paper.Service.Hours.Fri = nil
		paper.Account.Holder = "王芳"
		if _, err := w.save(w.wang, q.Saving{Application: paper}); err != nil {
			t.Fatal(err)
		}
		_, err := w.submit(w.wang)
		want := []string{
			"/company/uscc E-1", "/documents/licence/0 E-1", "/service/hours E-2", "/agreements/access E-5", "/agreements/management E-5", "/account/holder D-5",
		}
		if diff := cmp.Diff(want, fields(t, err, fault.Invalid)); diff != "" {
			t.Error(diff)
		}
		if v := w.mine(w.wang); v.Status != q.Draft || v.Last != nil {
			t.Errorf("a refusal changed something: %+v", v)
		}
	})
}

func TestSubmitPutsItBeforeTheReviewers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.submitted(w.wang, q.Whole("ops", "api"))
		v := w.mine(w.wang)
		if v.Status != q.Waiting || v.SubmittedAt != dbtest.Start || v.PromisedBy != dbtest.Start.Add(72*time.Hour) || v.Last.Number != 1 || v.Last.Address != "203.0.113.7" || len(v.Last.Agreements) != 2 {
			t.Errorf("submitted: %+v", v)
		}
		if diff := cmp.Diff(map[policy.CategoryID]q.CategoryStatus{"ops": q.Applied, "api": q.Applied}, w.statuses(w.wang)); diff != "" {
			t.Error(diff)
		}
		if c, _ := v.Check.Of("E-1", ""); c.State != q.WaitingReview {
			t.Errorf("E-1 is %s", c.State)
		}
		if _, err := w.save(w.wang, q.Saving{Application: q.Whole("image")}); !errors.Is(err, fault.Conflict) {
			t.Errorf("changed while it waits: %v", err)
		}
		if _, err := w.submit(w.wang); !errors.Is(err, fault.Conflict) {
			t.Errorf("submitted twice: %v", err)
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			items, err := q.List(ctx, tx, w.auditor, q.Filter{})
			want := []q.Item{{ID: id, VendorID: w.wang.VendorID, VendorName: "深圳示例科技有限公司", Subject: []policy.CategoryID{"ops", "api"},
				Status: q.Waiting, Version: 2, Number: 1, Since: dbtest.Start, PromisedBy: dbtest.Start.Add(72 * time.Hour)}}
			if diff := cmp.Diff(want, items); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			sealed, err := db.One(ctx, tx, db.Value[string], `SELECT paper FROM submission`)
			if strings.Contains(sealed, "王芳") || strings.Contains(sealed, "7559") {
				t.Error("the snapshot can be read where it rests")
			}
			if err != nil {
				return err
			}
			data, err := db.One(ctx, tx, db.Value[string], `SELECT data FROM event WHERE kind = 'application.submitted'`)
			if strings.Contains(data, "王芳") || !strings.Contains(data, `"categories":["ops","api"]`) {
				t.Errorf("the event says %s", data)
			}
			return err
		})
	})
}

// Rule E-1: a credit code that waits or is approved is not anybody else's.
func TestSecondCompanyWithTheSameCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.submitted(w.wang, q.Whole("ops"))
		w.accept(w.li)
		theirs := q.Whole("ops")
		theirs.Documents.Licence = []string{"fil_acc_li_licence"}
		e := theirs.Evidence["ops"]
		e.TradeFiles, e.BuiltFiles, e.RDFiles = []string{"fil_acc_li_trade"}, []string{"fil_acc_li_built"}, nil
		theirs.Evidence["ops"] = e
		v, err := w.save(w.li, q.Saving{Application: theirs})
		if err != nil {
			t.Fatal(err)
		}
		if c, _ := v.Check.Of("E-1", ""); c.State != q.WaitingVendor || c.Field != "/company/uscc" {
			t.Errorf("the self-check says %s at %s", c.State, c.Field)
		}
		_, err = w.submit(w.li)
		if diff := cmp.Diff([]string{"/company/uscc E-1"}, fields(t, err, fault.Invalid)); diff != "" {
			t.Error(diff)
		}
		if err := w.takeBack(w.wang); err != nil {
			t.Fatal(err)
		}
		if _, err := w.submit(w.li); err != nil {
			t.Errorf("after the first was taken back: %v", err)
		}
		_, err = w.submit(w.wang)
		if diff := cmp.Diff([]string{"/company/uscc E-1"}, fields(t, err, fault.Invalid)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTakeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.takeBack(w.wang); !errors.Is(err, fault.Conflict) {
			t.Errorf("before anything: %v", err)
		}
		id := w.submitted(w.wang, q.Whole("ops"))
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		seen := w.get(w.rev1, id)
		if err := w.takeBack(w.wang); err != nil {
			t.Fatal(err)
		}
		v := w.mine(w.wang)
		if v.Status != q.Draft || v.Last.Outcome != q.OutcomeTakenBack || v.Standing("ops").Status != q.Withdrawn || !v.PromisedBy.IsZero() {
			t.Errorf("taken back: %+v", v)
		}
		if _, err := w.decide(w.rev1, decision(seen, nil, map[policy.CategoryID]q.CategoryAct{"ops": q.Approve})); !errors.Is(err, fault.Conflict) {
			t.Errorf("decided what was taken back: %v", err)
		}
		if err := w.takeBack(w.wang); !errors.Is(err, fault.Conflict) {
			t.Errorf("taken back twice: %v", err)
		}
		// Submitted again it is another submission, which the reviewer claims anew.
		if _, err := w.submit(w.wang); err != nil {
			t.Fatal(err)
		}
		if err := w.claim(w.rev1, id); err != nil {
			t.Fatal(err)
		}
		if _, err := w.decide(w.rev1, decision(seen, nil, map[policy.CategoryID]q.CategoryAct{"ops": q.Approve})); !errors.Is(err, fault.Conflict) {
			t.Errorf("decided with the page of the first submission: %v", err)
		}
	})
}

func TestOneOfManySubmitsWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.accept(w.wang)
		if _, err := w.save(w.wang, q.Saving{Application: q.Whole("ops")}); err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 5)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.submit(w.wang) })
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
		if v := w.mine(w.wang); won != 1 || v.Last.Number != 1 {
			t.Errorf("%d winners, submission %d", won, v.Last.Number)
		}
	})
}
