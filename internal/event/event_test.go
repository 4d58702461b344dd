package event_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
)

type note struct {
	N int `json:"n"`
}

var (
	happened = event.Kind[note]{Name: "test.happened"}
	secret   = event.Kind[note]{Name: "test.secret", Internal: true}
	quiet    = slog.New(slog.DiscardHandler)
)

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// append writes n events in a transaction of their own.
func appendN(t *testing.T, d *db.DB, n int) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		for i := range n {
			if err := happened.Append(t.Context(), tx, access.SystemActor("test"), event.About{Subject: "s"}, note{i}); err != nil {
				return err
			}
		}
		return nil
	})
}

func pumpAll(t *testing.T, p *event.Pump) (total int) {
	t.Helper()
	for {
		n, err := p.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return total
		}
		total += n
	}
}

func verify(t *testing.T, d *db.DB) (checked int64, wrong []string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		checked, wrong, err = event.Verify(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return checked, wrong
}

func TestEventIsKeptAsItHappened(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		by := access.Actor{Kind: access.Member, ID: "acc_1", VendorID: "ven_1", Roles: []access.Role{access.Owner}, Address: "203.0.113.7"}
		write(t, d, func(tx *db.Tx) error {
			return happened.Append(t.Context(), tx, by, event.About{Subject: "sub_1", VendorID: "ven_1"}, note{7})
		})
		var list []event.Ref
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			list, err = event.List(t.Context(), tx, by, event.Filter{VendorID: "ven_1"})
			return err
		})
		if err != nil || len(list) != 1 {
			t.Fatalf("List = %d, %v", len(list), err)
		}
		e := list[0]
		var data note
		if err := e.Into(&data); err != nil {
			t.Fatal(err)
		}
		want := event.Ref{ID: e.ID, Kind: "test.happened", Subject: "sub_1", VendorID: "ven_1", At: dbtest.Start, ActorKind: "member", ActorID: "acc_1", Address: "203.0.113.7", Data: e.Data}
		if e != want || data.N != 7 {
			t.Errorf("kept %+v, want %+v", e, want)
		}
	})
}

func TestRefusedWriteLeavesNoEvent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		no := errors.New("no")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := happened.Append(t.Context(), tx, access.SystemActor("x"), event.About{}, note{}); err != nil {
				return err
			}
			return no
		})
		if err != no {
			t.Fatal(err)
		}
		var reg job.Registry
		if n := pumpAll(t, event.NewPump(d, &reg, nil)); n != 0 {
			t.Errorf("%d events stand", n)
		}
	})
}

func TestEventsAreChainedInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var reg job.Registry
		p := event.NewPump(d, &reg, nil)
		appendN(t, d, 250) // more than one batch
		if n := pumpAll(t, p); n != 250 {
			t.Errorf("chained %d, want 250", n)
		}
		appendN(t, d, 3)
		if n := pumpAll(t, p); n != 3 {
			t.Errorf("chained %d, want 3", n)
		}
		if checked, wrong := verify(t, d); checked != 253 || len(wrong) != 0 {
			t.Errorf("Verify = %d, %v", checked, wrong)
		}
	})
}

func TestManyPumpsMakeOneChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		appendN(t, d, 500)
		var wg sync.WaitGroup
		var mu sync.Mutex
		total := 0
		for range 4 {
			var reg job.Registry
			p := event.NewPump(d, &reg, nil)
			wg.Go(func() {
				for {
					n, err := p.Run(context.Background())
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					total += n
					left := total < 500
					mu.Unlock()
					if n == 0 && !left {
						return
					}
				}
			})
		}
		wg.Wait()
		if checked, wrong := verify(t, d); total != 500 || checked != 500 || len(wrong) != 0 {
			t.Errorf("chained %d; Verify = %d, %v", total, checked, wrong)
		}
	})
}

// An event whose transaction commits after later ones were chained comes later in
// the chain and is not passed over.
func TestLateCommitIsChainedLater(t *testing.T) {
	d := dbtest.PostgresOrNil(t)
	if d == nil {
		t.Log("writes on SQLite commit in their order; only PostgreSQL can be late")
		return
	}
	t.Parallel()
	var reg job.Registry
	p := event.NewPump(d, &reg, nil)
	begun, goOn, ended := make(chan bool), make(chan bool), make(chan error)
	go func() {
		first := true
		ended <- d.Write(context.Background(), func(tx *db.Tx) error {
			if err := happened.Append(context.Background(), tx, access.SystemActor("late"), event.About{Subject: "late"}, note{}); err != nil {
				return err
			}
			if first {
				first = false
				begun <- true
				<-goOn
			}
			return nil
		})
	}()
	<-begun
	dbtest.Advance(d, time.Second)
	appendN(t, d, 2)
	if n := pumpAll(t, p); n != 2 {
		t.Errorf("chained %d while one was open, want 2", n)
	}
	goOn <- true
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n := pumpAll(t, p); n != 1 {
		t.Errorf("chained %d after the late commit, want 1", n)
	}
	if checked, wrong := verify(t, d); checked != 3 || len(wrong) != 0 {
		t.Errorf("Verify = %d, %v", checked, wrong)
	}
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	third := `(SELECT event_id FROM event_seal WHERE seq = 3)`
	for _, c := range []struct {
		name, want string
		statements []string
	}{
		{"data changed", "number 3", []string{`UPDATE event SET data = '{"n":99}' WHERE id = ` + third}},
		{"actor changed", "was changed", []string{`UPDATE event SET actor_id = 'somebody' WHERE id = ` + third}},
		{"address changed", "was changed", []string{`UPDATE event SET address = '::1' WHERE id = ` + third}},
		{"kind changed", "was changed", []string{`UPDATE event SET kind = 'test.other' WHERE id = ` + third}},
		{"vendor changed", "was changed", []string{`UPDATE event SET vendor_id = 'ven_x' WHERE id = ` + third}},
		{"hidden from the vendor", "was changed", []string{`UPDATE event SET internal = TRUE WHERE id = ` + third}},
		{"seal removed", "after number 2 comes 4", []string{`DELETE FROM event_seal WHERE seq = 3`}},
		{"last seal removed", "stand outside it", []string{`DELETE FROM event_seal WHERE seq = 5`}},
		{"hash rewritten", "does not follow", []string{`UPDATE event_seal SET hash = 'aa' WHERE seq = 3`}},
		{"event slipped in", "stand outside it", []string{`INSERT INTO event (id, at, kind, subject, actor_kind, actor_id, data) VALUES ('evt_x', '2026-03-02T01:00:00.000000Z', 'k', 's', 'system', 'x', '{}')`}},
		{"the newest event removed with its seal", "its end is missing", []string{
			`DELETE FROM event_seal WHERE seq = 5`,
			`DELETE FROM event WHERE NOT EXISTS (SELECT 1 FROM event_seal s WHERE s.event_id = event.id)`}},
		{"all removed but the newest", "after number 0 comes 5", []string{`DELETE FROM event_seal WHERE seq < 5`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				var reg job.Registry
				appendN(t, d, 5)
				pumpAll(t, event.NewPump(d, &reg, nil))
				write(t, d, func(tx *db.Tx) error {
					for _, s := range c.statements {
						if _, err := tx.Exec(t.Context(), s); err != nil {
							return err
						}
					}
					return nil
				})
				if _, wrong := verify(t, d); !strings.Contains(strings.Join(wrong, "\n"), c.want) {
					t.Errorf("Verify = %v, want one with %q", wrong, c.want)
				}
			})
		})
	}
}

func TestVerifyFindsWhatWaitsTooLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		appendN(t, d, 2)
		if checked, wrong := verify(t, d); checked != 0 || len(wrong) != 0 {
			t.Errorf("just appended: %d, %v", checked, wrong)
		}
		dbtest.Advance(d, 11*time.Minute)
		if _, wrong := verify(t, d); len(wrong) != 1 || !strings.Contains(wrong[0], "2 events") {
			t.Errorf("eleven minutes later: %v, want two events outside the chain", wrong)
		}
	})
}

func TestReactionsFollowOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		var reg job.Registry
		react := func(name string) event.Reaction {
			return func(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
				var data note
				if err := e.Into(&data); err != nil {
					return err
				}
				if by.Kind != access.System || by.ID != "react."+e.Kind+"."+name {
					t.Errorf("%s is done by %+v", name, by)
				}
				mu.Lock()
				defer mu.Unlock()
				_, err := tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ($1, $2)`, fmt.Sprint(name, " ", data.N), e.Subject)
				return err // a second run would break the primary key
			}
		}
		failures := 2
		rules := []event.Rule{
			event.On(happened, "first", react("first")),
			event.On(happened, "second", func(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
				if err := react("second")(ctx, tx, by, e); err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				if failures > 0 { // after its work: the work is undone and done again
					failures--
					return errors.New("no luck")
				}
				return nil
			}),
			event.On(secret, "third", react("third")),
		}
		p := event.NewPump(d, &reg, rules)
		appendN(t, d, 10)
		runners := []*job.Runner{job.NewRunner(d, &reg, quiet, 2, p.Run), job.NewRunner(d, &reg, quiet, 2, p.Run)}
		for range 3 {
			var wg sync.WaitGroup
			for _, r := range runners {
				wg.Go(func() {
					if err := r.Drain(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			dbtest.Advance(d, 10*time.Minute)
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			names, err := db.All(t.Context(), tx, db.Value[string], `SELECT name FROM mark WHERE value = 's'`)
			if len(names) != 20 {
				t.Errorf("%d effects, want each of two reactions to each of ten events: %v", len(names), names)
			}
			dead, err2 := db.All(t.Context(), tx, db.Value[string], `SELECT last_error FROM job WHERE state <> 'done'`)
			if len(dead) != 0 {
				t.Errorf("not done: %v", dead)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestListShowsEachWhatIsTheirs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		system := access.SystemActor("test")
		write(t, d, func(tx *db.Tx) error {
			for i, v := range []string{"a", "b", "", "a"} {
				if err := happened.Append(t.Context(), tx, system, event.About{Subject: fmt.Sprint("s", i), VendorID: v}, note{i}); err != nil {
					return err
				}
			}
			return secret.Append(t.Context(), tx, system, event.About{Subject: "s4", VendorID: "a"}, note{4})
		})
		member := func(v string, scopes ...access.Scope) access.Actor {
			a := access.Actor{Kind: access.Member, ID: "m", VendorID: v, Roles: []access.Role{access.Owner}}
			if len(scopes) > 0 {
				a.Scopes = scopes
			}
			return a
		}
		staff := func(r access.Role) access.Actor {
			return access.Actor{Kind: access.Staff, ID: "s", Roles: []access.Role{r}}
		}
		for _, c := range []struct {
			name   string
			by     access.Actor
			filter event.Filter
			want   string
			err    error
		}{
			{"a vendor, its own, newest first", member("a"), event.Filter{VendorID: "a"}, "s3 s0", nil},
			{"a vendor, oldest first", member("a"), event.Filter{VendorID: "a", Oldest: true}, "s0 s3", nil},
			{"a vendor asks for the internal kind", member("a"), event.Filter{VendorID: "a", Kind: "test.secret"}, "", nil},
			{"a vendor, one subject", member("a"), event.Filter{VendorID: "a", Subject: "s3"}, "s3", nil},
			{"a vendor, another's subject", member("a"), event.Filter{VendorID: "a", Subject: "s1"}, "", nil},
			{"a vendor, another's", member("a"), event.Filter{VendorID: "b"}, "", fault.NotFound},
			{"a vendor, all", member("a"), event.Filter{}, "", fault.Forbidden},
			{"a vendor, none named", member(""), event.Filter{VendorID: ""}, "", fault.Forbidden},
			{"a key that may not look", member("a", access.ScopeDeposit), event.Filter{VendorID: "a"}, "", fault.Forbidden},
			{"a visitor", access.Actor{}, event.Filter{VendorID: "a"}, "", fault.Unauthenticated},
			{"staff, a vendor's", staff(access.Reviewer), event.Filter{VendorID: "a"}, "s4 s3 s0", nil},
			{"staff without the right, all", staff(access.Reviewer), event.Filter{}, "", fault.Forbidden},
			{"auditor, all", staff(access.Auditor), event.Filter{}, "s4 s3 s2 s1 s0", nil},
			{"auditor, two", staff(access.Auditor), event.Filter{Limit: 2}, "s4 s3", nil},
			{"auditor, a kind", staff(access.Auditor), event.Filter{Kind: "test.secret"}, "s4", nil},
		} {
			var list []event.Ref
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				list, err = event.List(t.Context(), tx, c.by, c.filter)
				return err
			})
			var got []string
			for _, e := range list {
				got = append(got, e.Subject)
			}
			if s := strings.Join(got, " "); s != c.want || !errors.Is(err, c.err) {
				t.Errorf("%s: %q, %v; want %q, %v", c.name, s, err, c.want, c.err)
			}
		}
	})
}

func TestListIsPagedWithoutGaps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		appendN(t, d, 25)
		auditor := access.Actor{Kind: access.Staff, ID: "s", Roles: []access.Role{access.Auditor}}
		for _, oldest := range []bool{false, true} {
			var seen []int
			cursor := ""
			for range 9 {
				var page []event.Ref
				err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
					page, err = event.List(t.Context(), tx, auditor, event.Filter{Limit: 4, Before: cursor, Oldest: oldest})
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page {
					var n note
					if err := e.Into(&n); err != nil {
						t.Fatal(err)
					}
					seen = append(seen, n.N)
					cursor = e.ID
				}
			}
			for i, n := range seen {
				want := 24 - i
				if oldest {
					want = i
				}
				if n != want {
					t.Fatalf("oldest %v: the pages gave %v", oldest, seen)
				}
			}
			if len(seen) != 25 {
				t.Errorf("oldest %v: the pages gave %d events, want 25", oldest, len(seen))
			}
		}
	})
}

func TestRetriedJobIsInTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := job.Kind[note]{Name: "k", Tries: 1}
		var reg job.Registry
		job.HandleOutside(&reg, k, func(context.Context, note) error { return errors.New("no") })
		write(t, d, func(tx *db.Tx) error { return k.Later(t.Context(), tx, note{}) })
		if err := job.NewRunner(d, &reg, quiet, 1).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		admin := access.Actor{Kind: access.Staff, ID: "adm", Roles: []access.Role{access.Administrator}}
		var id string
		write(t, d, func(tx *db.Tx) error {
			dead, err := job.Failures(t.Context(), tx, admin)
			if err != nil || len(dead) != 1 {
				t.Fatalf("dead: %v, %v", dead, err)
			}
			id = dead[0].ID
			return event.RetryJob(t.Context(), tx, admin, id)
		})
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			list, err := event.List(t.Context(), tx, admin, event.Filter{Kind: "job.retried"})
			if len(list) != 1 || list[0].Subject != id || list[0].ActorID != "adm" {
				t.Errorf("the log says %+v", list)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			by   access.Actor
			id   string
			want error
		}{
			{admin, id, fault.Conflict},
			{admin, "", fault.NotFound},
			{access.Actor{Kind: access.Staff, ID: "f", Roles: []access.Role{access.Finance}}, id, fault.Forbidden},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return event.RetryJob(t.Context(), tx, c.by, c.id) })
			if !errors.Is(err, c.want) {
				t.Errorf("RetryJob(%q) by %s = %v, want %v", c.id, c.by.ID, err, c.want)
			}
		}
	})
}
