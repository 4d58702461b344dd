package factor_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/totp"
)

const password = "correct horse 42"

var visitor = access.Actor{Kind: access.Visitor, Address: "192.0.2.7"}

// desk is one database with what it tells people caught.
type desk struct {
	t    *testing.T
	d    *db.DB
	run  *job.Runner
	told []account.Told
}

func newDesk(t *testing.T, d *db.DB) *desk {
	k := &desk{t: t, d: d}
	var reg job.Registry
	job.Handle(&reg, account.ToldJob, func(ctx context.Context, tx *db.Tx, by access.Actor, x account.Told) error {
		k.told = append(k.told, x)
		return nil
	})
	k.run = job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 1)
	return k
}

func (k *desk) write(do func(ctx context.Context, tx *db.Tx) error) error {
	return k.d.Write(context.Background(), func(tx *db.Tx) error { return do(context.Background(), tx) })
}

func (k *desk) must(do func(ctx context.Context, tx *db.Tx) error) {
	k.t.Helper()
	if err := k.write(do); err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) staff(mail string, roles ...access.Role) account.Account {
	k.t.Helper()
	in := account.NewStaff{Mail: mail, Name: "Staff", Roles: roles, Password: password}
	if err := in.Prepare(context.Background()); err != nil {
		k.t.Fatal(err)
	}
	var a account.Account
	k.must(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.AddStaff(ctx, tx, access.CommandActor("test"), in)
		return err
	})
	return a
}

func (k *desk) signIn(mail string) account.Session {
	k.t.Helper()
	s, err := account.SignIn(context.Background(), k.d, visitor, account.Credentials{Mail: mail, Password: password})
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

// app sets up an authenticator for the person and gives its secret and the recovery codes.
func (k *desk) app(by access.Actor) (secret string, recovery []string) {
	k.t.Helper()
	k.must(func(ctx context.Context, tx *db.Tx) error {
		d, err := factor.BeginApp(ctx, tx, by)
		secret = d.Secret
		return err
	})
	k.must(func(ctx context.Context, tx *db.Tx) error {
		made, err := factor.ConfirmApp(ctx, tx, by, factor.FirstCode{Code: k.code(secret, 0), Name: "Phone"})
		recovery = made.Recovery
		return err
	})
	return secret, recovery
}

// code is what the app shows so many steps from now.
func (k *desk) code(secret string, steps int64) string {
	k.t.Helper()
	c, err := totp.Code(secret, totp.Step(k.d.Clock().Now())+steps)
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

func (k *desk) check(a account.Account, code string) error {
	return k.write(func(ctx context.Context, tx *db.Tx) error { return factor.Check(ctx, tx, a.ID, code) })
}

func kindOf(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := err.(*fault.Error)
	if !ok || f.Kind != kind {
		t.Fatalf("got %v, want %s %s", err, kind, key)
	}
	got := string(f.Message.Key)
	if len(f.Fields) > 0 {
		got = string(f.Fields[0].Message.Key)
	}
	if got != key {
		t.Fatalf("refused by %s, want %s", got, key)
	}
}

// A member of staff without a factor can do nothing but set one up; then the session opens.
func TestStaffSetUpAFactorBeforeAnythingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		s := k.signIn(a.Mail)
		if s.Stage != account.WaitSetup || !strings.HasPrefix(s.Token, "ysp_") {
			t.Fatalf("signed in as %+v", s)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error { _, _, err := account.ByToken(t.Context(), tx, s.Token); return err })
		kindOf(t, err, fault.Unauthenticated, "account.token_unknown")
		err = k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := account.Complete(ctx, tx, visitor, s.Token)
			return err
		})
		kindOf(t, err, fault.Forbidden, "fault.forbidden")
		_, err = account.SignIn(t.Context(), d, visitor, account.Credentials{Mail: a.Mail, Password: password, NoStaff: true})
		kindOf(t, err, fault.Unauthenticated, "account.wrong_credentials")

		secret, recovery := k.app(a.Actor())
		if len(recovery) != 10 || len(secret) != 32 {
			t.Fatalf("%d recovery codes, secret %q", len(recovery), secret)
		}
		var open account.Session
		k.must(func(ctx context.Context, tx *db.Tx) (err error) {
			open, err = account.Complete(ctx, tx, visitor, s.Token)
			return err
		})
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			got, by, err := account.ByToken(t.Context(), tx, open.Token)
			if err == nil && (got.ID != a.ID || !by.Factor || by.SessionID == "") {
				t.Errorf("stands for %+v", by)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := account.Complete(ctx, tx, visitor, s.Token)
			return err
		})
		kindOf(t, err, fault.Unauthenticated, "account.pending_gone")
	})
}

func TestAppCodeHoldsOnceAndOneStepEachWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		secret, _ := k.app(a.Actor())
		kindOf(t, k.check(a, k.code(secret, 0)), fault.Invalid, "factor.code_wrong") // used when it was set up
		dbtest.Advance(d, 2*time.Minute)
		kindOf(t, k.check(a, k.code(secret, -2)), fault.Invalid, "factor.code_wrong")
		kindOf(t, k.check(a, k.code(secret, 2)), fault.Invalid, "factor.code_wrong")
		if err := k.check(a, k.code(secret, -1)); err != nil {
			t.Errorf("the code of the step before: %v", err)
		}
		code := k.code(secret, 1)
		if err := k.check(a, "  "+code[:3]+" "+code[3:]); err != nil {
			t.Errorf("the code of the next step, typed with spaces: %v", err)
		}
		kindOf(t, k.check(a, code), fault.Invalid, "factor.code_wrong")
		kindOf(t, k.check(a, k.code(secret, 0)), fault.Invalid, "factor.code_wrong") // older than one that was used
		kindOf(t, k.check(a, ""), fault.Invalid, "fault.required")
	})
}

// The same code at once in two places lets one in.
func TestOneOfTwoWithTheSameCodeGoesIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		secret, recovery := k.app(a.Actor())
		dbtest.Advance(d, time.Minute)
		for _, code := range []string{k.code(secret, 0), recovery[0]} {
			var wg sync.WaitGroup
			var mu sync.Mutex
			in := 0
			for range 4 {
				wg.Go(func() {
					err := k.check(a, code)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						in++
					} else if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooMany) {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if in != 1 {
				t.Errorf("%d went in with one code", in)
			}
			dbtest.Advance(d, time.Hour)
		}
	})
}

func TestRecoveryCodesHoldOnceAndAreRenewed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		_, codes := k.app(a.Actor())
		if err := k.check(a, strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))); err != nil {
			t.Errorf("typed otherwise: %v", err)
		}
		kindOf(t, k.check(a, codes[3]), fault.Invalid, "factor.code_wrong")
		var fresh []string
		k.must(func(ctx context.Context, tx *db.Tx) (err error) {
			fresh, err = factor.Renew(ctx, tx, a.Actor())
			return err
		})
		kindOf(t, k.check(a, codes[4]), fault.Invalid, "factor.code_wrong")
		if err := k.check(a, fresh[0]); err != nil {
			t.Error(err)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			s, err := factor.Of(t.Context(), tx, a.Actor())
			if err == nil && (s.Recovery != 9 || !s.Must || len(s.Factors) != 1 || s.Factors[0].Name != "Phone") {
				t.Errorf("secured as %+v", s)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		rows, err := d.SQL().Query("SELECT secret FROM account_factor")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil || len(s) < 60 {
				t.Errorf("the secret is stored as %q, %v", s, err)
			}
		}
	})
}

// Wrong codes make the next wait, whoever asks.
func TestGuessingTheCodeIsSlow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		secret, _ := k.app(a.Actor())
		dbtest.Advance(d, time.Hour)
		for range 5 {
			kindOf(t, k.check(a, "000000"), fault.Invalid, "factor.code_wrong")
		}
		kindOf(t, k.check(a, k.code(secret, 0)), fault.TooMany, "account.slow_down")
		dbtest.Advance(d, 30*time.Second)
		if err := k.check(a, k.code(secret, 0)); err != nil {
			t.Error(err)
		}
	})
}

func TestTheLastFactorOfStaffStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		boss, fin := k.staff("boss@example.com", access.Administrator), k.staff("fin@example.com", access.Finance)
		k.app(fin.Actor())
		var s factor.State
		k.must(func(ctx context.Context, tx *db.Tx) (err error) { s, err = factor.Of(ctx, tx, fin.Actor()); return err })
		err := k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := factor.Remove(ctx, tx, fin.Actor(), factor.Chosen{ID: s.Factors[0].ID})
			return err
		})
		kindOf(t, err, fault.Conflict, "factor.last")
		stale := fin.Actor()
		stale.SessionID, stale.Stale, stale.Factor = "ses_1", true, true
		err = k.write(func(ctx context.Context, tx *db.Tx) error { _, err := factor.Renew(ctx, tx, stale); return err })
		kindOf(t, err, fault.Unproved, "fault.unproved")

		open := k.signIn(fin.Mail)
		for _, by := range []access.Actor{fin.Actor(), visitor} {
			err := k.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := factor.ResetAll(ctx, tx, by, factor.Person{ID: fin.ID})
				return err
			})
			if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%+v resets: %v", by, err)
			}
		}
		err = k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := factor.ResetAll(ctx, tx, boss.Actor(), factor.Person{ID: boss.ID})
			return err
		})
		kindOf(t, err, fault.Forbidden, "factor.not_own_reset")
		k.must(func(ctx context.Context, tx *db.Tx) error {
			_, err := factor.ResetAll(ctx, tx, boss.Actor(), factor.Person{ID: fin.ID})
			return err
		})
		err = d.Read(t.Context(), func(tx *db.Tx) error { _, _, err := account.Pending(t.Context(), tx, open.Token); return err })
		kindOf(t, err, fault.Unauthenticated, "account.pending_gone")
		if s := k.signIn(fin.Mail); s.Stage != account.WaitSetup {
			t.Errorf("after the reset the session waits for %q", s.Stage)
		}
		if err := k.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(k.told, func(x account.Told) bool { return x.Template == "notify.factors_reset" && x.Account == fin.ID }) {
			t.Errorf("told %+v", k.told)
		}
	})
}

// API keys of staff go on without a factor and are only made with one.
func TestStaffMakeKeysWithAFactorOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		key := account.NewKey{Name: "import", Scopes: []access.Scope{access.ScopeDeposit}}
		err := k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := account.MakeKey(ctx, tx, a.Actor(), key)
			return err
		})
		kindOf(t, err, fault.Forbidden, "account.key_needs_factor")
		k.app(a.Actor())
		stale := a.Actor()
		stale.SessionID, stale.Stale, stale.Factor = "ses_1", true, true
		err = k.write(func(ctx context.Context, tx *db.Tx) error { _, err := account.MakeKey(ctx, tx, stale, key); return err })
		kindOf(t, err, fault.Unproved, "fault.unproved")
		k.must(func(ctx context.Context, tx *db.Tx) error {
			_, err := account.MakeKey(ctx, tx, a.Actor(), key)
			return err
		})
	})
}
