package onboarding_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rule C-4: a new version stops nobody while its time of grace lasts; after it a
// vendor that has not accepted submits nothing, until it accepts or the policy says
// that this is no gate.
func TestAccepts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		owner := yunshitest.Owner(v.ID)
		admin := yunshitest.Staff("acc_admin", access.Administrator)
		accept := func(id, version string) {
			t.Helper()
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				_, err := agreement.Accept(t.Context(), tx, owner, agreement.Acceptance{Documents: []agreement.Ref{{ID: id, Version: version}}})
				return err
			})
		}
		gate := func(want ...string) {
			t.Helper()
			err := d.Read(context.Background(), func(tx *db.Tx) error { return onboarding.Accepts(t.Context(), tx, v.ID) })
			var f *fault.Error
			if len(want) == 0 {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if !errors.As(err, &f) || f.Kind != fault.Conflict || f.Rule != "C-4" || len(f.Fields) != len(want) {
				t.Fatalf("the gate says %v, want %v", err, want)
			}
			for i, at := range want {
				if x := f.Fields[i]; x.Pointer != at || x.Rule != "C-4" || !text.Known(x.Message.Key) || !text.Known(x.Mend.Key) {
					t.Errorf("field %d is %+v, want %s", i, x, at)
				}
			}
		}
		publish := func(id string, in time.Duration) {
			t.Helper()
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				_, err := agreement.Publish(t.Context(), tx, admin, agreement.Version{ID: id, Version: "2.0", RequiredFrom: tx.Now().Add(in),
					Title: policy.Name{ZH: "新版", EN: "New"}, Body: agreement.Body{ZH: "文", EN: "text"}})
				return err
			})
		}
		gate() // the first versions are the application's to ask for
		accept(agreement.Access, "1.0")
		publish(agreement.Access, 48*time.Hour)
		publish(agreement.Management, 72*time.Hour)
		gate()
		dbtest.Advance(d, 48*time.Hour-time.Second)
		gate()
		dbtest.Advance(d, time.Second)
		gate("/agreements/access")
		dbtest.Advance(d, 24*time.Hour)
		gate("/agreements/access", "/agreements/management")
		accept(agreement.Access, "2.0")
		gate("/agreements/management")
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Amendments.SubmitByAgreement = false })
		gate()
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Amendments.SubmitByAgreement = true })
		gate("/agreements/management")
		accept(agreement.Management, "2.0")
		gate()
	})
}
