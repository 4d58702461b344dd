package contract_test

import (
	"context"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// current is the number of the contract that the vendor's facts rest on.
func (w *world) current() (c contract.Contract) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		c, err = contract.Current(context.Background(), tx, w.vendorID)
		return err
	})
	return c
}

// moveTo sets the clock.
func (w *world) moveTo(t time.Time) { dbtest.Advance(w.DB, t.Sub(w.DB.Clock().Now())) }

// A renewal signed in time joins the old term without a gap: at every moment exactly
// one contract is in term, on both sides of midnight. Rules O-5, O-8.
func TestRenewalHasNoGap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "ops")
		old := w.signed(contract.Proposal{Months: 1})
		_, err := do(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID, Mode: policy.Resale})
		wants(t, err, fault.Invalid, "/mode M-4") // the ordinary offer keeps the mode
		c := must(w, contract.Renew, w.lin, contract.Proposal{VendorID: w.vendorID, Months: 12})
		w.Drain(t)
		c = w.load(c.ID)
		must(w, contract.Sign, w.owner, w.signature(c))
		w.Drain(t)
		next := w.load(c.ID)
		midnight := old.Until.Add(time.Microsecond)
		if !next.Begins().Equal(midnight) || next.Kind != contract.Renewing || next.Renews != old.ID {
			t.Fatalf("the renewal begins %s, the old one ends %s", next.Begins(), old.Until)
		}
		_, err = do(w, contract.Renew, w.lin, contract.Proposal{VendorID: w.vendorID})
		wants(t, err, fault.Conflict) // renewed already
		desk, err := do(w, func(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) (contract.Desk, error) {
			return contract.Mine(ctx, tx, by)
		}, w.owner, struct{}{})
		if err != nil || desk.InForce == nil || desk.InForce.ID != old.ID || desk.Next == nil || desk.Next.ID != next.ID {
			t.Errorf("the desk shows %+v, %v", desk, err)
		}
		zone := time.FixedZone("CST", 8*3600)
		for _, tt := range []struct {
			name string
			at   time.Time
			want string
		}{
			{"now", w.DB.Clock().Now(), old.ID},
			{"a second before midnight", midnight.Add(-time.Second), old.ID},
			{"the last moment", old.Until, old.ID},
			{"midnight", midnight, next.ID},
			{"a microsecond after", midnight.Add(time.Microsecond), next.ID},
			{"the next morning in Shanghai", midnight.In(zone).Add(9 * time.Hour), next.ID},
			{"the last moment of the renewal", next.Until, next.ID},
		} {
			w.moveTo(tt.at)
			got := w.current()
			if got.ID != tt.want || !contract.InTerm(got, w.DB.Clock().Now()) {
				t.Errorf("%s: %s in term %v, want %s", tt.name, got.Number, contract.InTerm(got, w.DB.Clock().Now()), tt.want)
			}
		}
		w.Drain(t)
		if got := w.load(old.ID); got.Status != contract.Superseded || w.events("contract.began") != 1 {
			t.Errorf("the old one is %s, %d began", got.Status, w.events("contract.began"))
		}
		w.moveTo(next.Until.Add(time.Microsecond))
		if got := w.current(); contract.InTerm(got, w.DB.Clock().Now()) || got.ID != next.ID {
			t.Errorf("after the end: %s in term", got.Number)
		}
	})
}

// While the renewal is unsigned the old contract holds to its end; signed later, its
// term begins with the signature.
func TestRenewalSignedLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "ops")
		old := w.signed(contract.Proposal{Months: 1})
		c := must(w, contract.Renew, w.lin, contract.Proposal{VendorID: w.vendorID, Months: 2})
		w.Drain(t)
		w.moveTo(old.Until)
		if got := w.current(); got.ID != old.ID {
			t.Errorf("at the end of the term: %s", got.Number)
		}
		w.moveTo(old.Until.Add(24 * time.Hour))
		must(w, contract.Sign, w.owner, w.signature(w.load(c.ID)))
		got := w.current()
		if got.ID != c.ID || !got.Begins().Equal(got.SignedAt) || !contract.InTerm(got, w.DB.Clock().Now()) {
			t.Errorf("signed late: begins %s, signed %s", got.Begins(), got.SignedAt)
		}
		if w.load(old.ID).Status != contract.Superseded {
			t.Error("the old one was not replaced")
		}
	})
}

// A contract in another mode takes the place of the one in term when it is signed,
// and of a renewal that waits for its time. Rule M-4.
func TestChangeOfMode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "ops")
		_, err := do(w, contract.Change, w.lin, contract.Proposal{VendorID: w.vendorID, Mode: policy.Resale})
		wants(t, err, fault.Conflict) // none in term
		old := w.signed(contract.Proposal{Months: 2})
		_, err = do(w, contract.Change, w.lin, contract.Proposal{VendorID: w.vendorID, Mode: "barter"})
		wants(t, err, fault.Invalid, "/mode M-4")
		renewal := must(w, contract.Renew, w.lin, contract.Proposal{VendorID: w.vendorID})
		w.Drain(t)
		must(w, contract.Sign, w.owner, w.signature(w.load(renewal.ID)))
		dbtest.Advance(d, 2*time.Minute)
		c := must(w, contract.Change, w.lin, contract.Proposal{VendorID: w.vendorID, Mode: policy.Resale, Rate: "20"})
		w.Drain(t)
		if got := w.current(); got.ID != old.ID || got.Mode != policy.Platform {
			t.Errorf("before the signature: %s %s", got.Number, got.Mode)
		}
		must(w, contract.Sign, w.owner, w.signature(w.load(c.ID)))
		got := w.current()
		if got.ID != c.ID || got.Mode != policy.Resale || got.FeeBasisPoints != 2000 {
			t.Errorf("after it: %+v", got)
		}
		for _, id := range []string{old.ID, renewal.ID} {
			if s := w.load(id).Status; s != contract.Superseded {
				t.Errorf("%s is %s", id, s)
			}
		}
		// What is offered from now on keeps the changed mode.
		w.moveTo(got.Until.Add(24 * time.Hour))
		draft := must(w, contract.Prepare, w.lin, contract.VendorTurn{VendorID: w.vendorID})
		if draft.Mode != policy.Resale {
			t.Errorf("the next offer would be in %s", draft.Mode)
		}
	})
}

// Earlier than the policy allows nothing is renewed.
func TestRenewalNotTooEarly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "ops")
		w.signed(contract.Proposal{Months: 12})
		_, err := do(w, contract.Renew, w.lin, contract.Proposal{VendorID: w.vendorID})
		wants(t, err, fault.Conflict)
		_, err = do(w, contract.Renew, w.auditor, contract.Proposal{VendorID: w.vendorID})
		wants(t, err, fault.Forbidden)
	})
}
