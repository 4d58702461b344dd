package account

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// guard is something whose failed tries are counted, and how they slow the next.
type guard struct {
	what  string
	by    policy.Throttle
	eases bool // a try that ends well takes one failure back, not all
}

// signInGuards are what a sign-in counts: the account from this address, the
// address whomever it tries and, from a network where the person is not known, the
// account from wherever. The last does not hold for known networks: whoever fails on
// purpose for somebody else does not keep that person out.
func signInGuards(p policy.People, mail, address string, familiar bool) []guard {
	mail = strings.ToLower(mail)
	all := []guard{
		{what: "signin:" + mail + " " + address, by: p.TriesFromAddress},
		{what: "signin-from:" + address, by: p.TriesOfAddress, eases: true},
	}
	if !familiar {
		all = append(all, guard{what: "signin-of:" + mail, by: p.TriesOfAccount})
	}
	return all
}

// factorGuard counts wrong second factors of a person, wherever they come from.
func factorGuard(p policy.People, accountID string) guard {
	return guard{what: "factor:" + accountID, by: p.TriesOfFactor}
}

type throttleRow struct {
	failures    int64
	last, until time.Time
}

func (r *throttleRow) fields() []any {
	return []any{&r.failures, db.Time(&r.last), db.Time(&r.until)}
}

// hold counts one try in advance as a failed one and refuses it while an earlier
// failure still makes it wait: fault.TooMany with the time from which it may be made.
// A refused try counts for nothing, so that nobody is kept out for ever. The count
// stands in the database: every process sees it.
func hold(ctx context.Context, tx *db.Tx, forget time.Duration, guards ...guard) error {
	var until time.Time
	rows := make([]throttleRow, len(guards))
	for i, g := range guards {
		r, err := db.One(ctx, tx, (*throttleRow).fields, `SELECT failures, last_at, until_at FROM account_throttle WHERE what = $1`+tx.ForUpdate(), g.key(tx))
		if err := ignoreNotFound(err); err != nil {
			return err
		}
		if r.last.Before(tx.Now().Add(-forget)) {
			r = throttleRow{}
		}
		if r.until.After(until) {
			until = r.until
		}
		rows[i] = r
	}
	if tx.Now().Before(until) {
		return tooMany(tx.Now(), until)
	}
	for i, g := range guards {
		r := rows[i]
		r.failures++
		r.until = time.Time{}
		if wait := g.by.Wait(r.failures); wait > 0 {
			r.until = tx.Now().Add(time.Duration(wait) * time.Second)
		}
		if _, err := tx.Exec(ctx, `
			INSERT INTO account_throttle (what, failures, last_at, until_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (what) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, until_at = excluded.until_at`,
			g.key(tx), r.failures, tx.Now(), r.until); err != nil {
			return err
		}
	}
	return nil
}

// tooMany says when the next try may be made.
func tooMany(now, until time.Time) error {
	left := until.Sub(now)
	if left < time.Minute {
		return fault.New(fault.TooMany, "account.slow_down", text.M("time.seconds", int((left+time.Second-1)/time.Second)))
	}
	return fault.New(fault.TooMany, "account.slow_down", text.M("time.minutes", int((left+time.Minute-1)/time.Minute)))
}

// let takes back what hold counted: the try ended well.
func let(ctx context.Context, tx *db.Tx, guards ...guard) error {
	for _, g := range guards {
		if g.eases {
			if _, err := tx.Exec(ctx, `UPDATE account_throttle SET failures = failures - 1, until_at = NULL WHERE what = $1 AND failures > 0`, g.key(tx)); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM account_throttle WHERE what = $1`, g.key(tx)); err != nil {
			return err
		}
	}
	return nil
}

func (g guard) key(tx *db.Tx) string { return tx.Vault().Blind("account.throttle", g.what) }

// HoldFactor counts a try of a second factor; wrong ones make the next wait.
func HoldFactor(ctx context.Context, tx *db.Tx, accountID string) error {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	g, forget := factorGuard(p.People, accountID), time.Duration(p.People.ForgetHours)*time.Hour
	if err := hold(ctx, tx, forget, g); err != nil {
		return err
	}
	tx.Despite(func(tx *db.Tx) error { return ignoreTooMany(hold(ctx, tx, forget, g)) })
	return nil
}

// LetFactor forgets the wrong tries: a right one came.
func LetFactor(ctx context.Context, tx *db.Tx, accountID string) error {
	return let(ctx, tx, guard{what: "factor:" + accountID})
}

func ignoreTooMany(err error) error {
	if fault.Is(err, fault.TooMany) {
		return nil
	}
	return err
}
