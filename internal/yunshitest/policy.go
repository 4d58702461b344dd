package yunshitest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Rules puts the shipped policy in force with a change, from long before the test
// begins and without an event: as the operator of the test would have set it up.
func Rules(t testing.TB, d *db.DB, change func(p *policy.Policy)) {
	t.Helper()
	p := policy.Shipped()
	change(&p)
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `INSERT INTO policy (id, holds_from, body, made_by, made_at) VALUES ($1, $2, $3, 'test', $2)`,
			tx.NewID("pol"), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), string(body))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ByPasswordAlone lets staff sign in without a second factor, as in the demo.
func ByPasswordAlone(p *policy.Policy) { p.People.StaffFactor = false }
