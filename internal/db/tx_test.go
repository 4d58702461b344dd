package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, series string) (n int64) {
	t.Helper()
	read(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = db.One(ctx, tx, db.Value[int64], `SELECT last FROM counter WHERE series = $1`, series)
		return err
	})
	return n
}

func TestReadModifyWriteLosesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO counter (series, last) VALUES ('n', 0)`)
			return err
		})
		const workers, rounds = 8, 15
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range rounds {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						n, err := db.One(context.Background(), tx, db.Value[int64], `SELECT last FROM counter WHERE series = 'n'`+tx.ForUpdate())
						if err != nil {
							return err
						}
						return tx.Move(context.Background(), `UPDATE counter SET last = $1 WHERE series = 'n'`, n+1)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, d, "n"); n != workers*rounds {
			t.Errorf("counted %d of %d", n, workers*rounds)
		}
	})
}

// Without a lock, PostgreSQL reports the conflict and the write is run again.
func TestConflictWithoutALockIsRunAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO counter (series, last) VALUES ('n', 0)`)
			return err
		})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					n, err := db.One(context.Background(), tx, db.Value[int64], `SELECT last FROM counter WHERE series = 'n'`)
					if err != nil {
						return err
					}
					_, err = tx.Exec(context.Background(), `UPDATE counter SET last = $1 WHERE series = 'n'`, n+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d, "n"); n != 4 {
			t.Errorf("counted %d of 4", n)
		}
	})
}

func TestRefusedWriteChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mine := errors.New("mine")
		for name, fn := range map[string]func(tx *db.Tx) error{
			"an error": func(tx *db.Tx) error { return mine },
			"a panic":  func(tx *db.Tx) error { panic(mine) },
		} {
			err := func() (err error) {
				defer func() {
					if v := recover(); v != nil {
						err = v.(error)
					}
				}()
				return d.Write(t.Context(), func(tx *db.Tx) error {
					if err := db.SetMark(t.Context(), tx, "x", "y"); err != nil {
						return err
					}
					return fn(tx)
				})
			}()
			if err != mine {
				t.Errorf("%s: %v, want the function's own", name, err)
			}
		}
		canceled, cancel := context.WithCancel(t.Context())
		err := d.Write(canceled, func(tx *db.Tx) error {
			if err := db.SetMark(canceled, tx, "x", "y"); err != nil {
				return err
			}
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			v, err := db.Mark(ctx, tx, "x")
			if v != "" {
				t.Errorf("a refused write left %q", v)
			}
			return err
		})
	})
}

// What a refused write must not forget, as a failed sign-in, is kept all the same.
func TestDespiteIsKeptWhenTheWriteIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			name string
			err  error
			want string
		}{{"refused", fault.New(fault.Forbidden, "fault.forbidden"), "kept"}, {"done", nil, ""}} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				tx.Despite(func(tx *db.Tx) error { return db.SetMark(t.Context(), tx, c.name, "kept") })
				if err := db.SetMark(t.Context(), tx, "lost "+c.name, "x"); err != nil {
					return err
				}
				return c.err
			})
			if err != c.err {
				t.Errorf("%s: %v, want the write's own error", c.name, err)
			}
			read(t, d, func(ctx context.Context, tx *db.Tx) error {
				got, err := db.Mark(ctx, tx, c.name)
				if got != c.want {
					t.Errorf("%s: kept %q, want %q", c.name, got, c.want)
				}
				return err
			})
		}
	})
}

func TestReadWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error { return db.SetMark(t.Context(), tx, "x", "y") })
		if err == nil {
			t.Error("a read wrote")
		}
	})
}

func TestReadIsOfOneMoment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			first, err := db.Mark(ctx, tx, "x")
			if err != nil {
				return err
			}
			write(t, d, func(ctx context.Context, tx *db.Tx) error { return db.SetMark(ctx, tx, "x", "later") })
			second, err := db.Mark(ctx, tx, "x")
			if first != "" || second != "" {
				t.Errorf("read %q, then %q within one transaction", first, second)
			}
			return err
		})
	})
}

func TestIDsSortByWhenTheyWereMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var ids []string
		for range 5 {
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				for range 400 {
					ids = append(ids, tx.NewID("x"))
				}
				return nil
			})
			dbtest.Advance(d, 3*time.Millisecond)
		}
		if !slices.IsSorted(ids) {
			t.Error("ids are not in the order in which they were made")
		}
		if n := len(slices.Compact(slices.Sorted(slices.Values(ids)))); n != 2000 {
			t.Errorf("%d different ids of 2000", n)
		}
		for _, id := range ids[:3] {
			if len(id) != 28 || !strings.HasPrefix(id, "x_0") || strings.Trim(id[2:], "0123456789abcdefghjkmnpqrstvwxyz") != "" {
				t.Errorf("id %q is not the prefix and 26 characters of Crockford's alphabet", id)
			}
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { // the database agrees about the order
			for _, id := range ids {
				if _, err := tx.Exec(ctx, `INSERT INTO counter (series, last) VALUES ($1, 0)`, id); err != nil {
					return err
				}
			}
			sorted, err := db.All(ctx, tx, db.Value[string], `SELECT series FROM counter ORDER BY series`)
			if !slices.Equal(sorted, ids) {
				t.Error("the database sorts the ids another way")
			}
			return err
		})
	})
}

func TestIDsOfManyProcessesDiffer(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for range 4 {
		d := dbtest.SQLite(t)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			for range 500 {
				seen[tx.NewID("x")] = true
			}
			return nil
		})
	}
	if len(seen) != 2000 {
		t.Errorf("%d different ids of 2000 made at one moment", len(seen))
	}
}

func TestTimesKeepTheirMicrosecondAndOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		shanghai := time.FixedZone("CST", 8*3600)
		times := []time.Time{
			dbtest.Start.Add(-time.Hour),
			dbtest.Start,
			dbtest.Start.Add(time.Microsecond),
			dbtest.Start.Add(100 * time.Millisecond),
			time.Date(2026, 3, 2, 9, 0, 1, 0, shanghai), // 01:00:01 UTC
			time.Date(2026, 3, 2, 23, 59, 59, 999_999_000, time.UTC),
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			for i, at := range times {
				_, err := tx.Exec(ctx, `INSERT INTO policy (id, holds_from, body, made_by, made_at) VALUES ($1, $2, '', '', $3)`, fmt.Sprint(len(times)-i), at, at)
				if err != nil {
					return err
				}
			}
			at := func(v *time.Time) []any { return []any{db.Time(v)} }
			got, err := db.All(ctx, tx, at, `SELECT holds_from FROM policy ORDER BY holds_from`)
			if err != nil {
				return err
			}
			for i, want := range times {
				if !got[i].Equal(want) || got[i].Location() != time.UTC {
					t.Errorf("time %d: %v, want %v in UTC", i, got[i], want)
				}
			}
			last, err := db.One(ctx, tx, at, `SELECT MAX(holds_from) FROM policy`)
			if err != nil || !last.Equal(times[5]) {
				t.Errorf("MAX = %v, %v; want %v", last, err, times[5])
			}
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM policy WHERE holds_from > $1`, times[1].In(shanghai))
			if n != 4 {
				t.Errorf("%d times are after the second, want 4", n)
			}
			return err
		})
	})
}

func TestNoTimeIsNull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, dedupe_key, payload, state, run_at, lease_until, created_at) VALUES ('a', 'k', $1, '', 's', $2, $3, $2)`, db.OrNull(""), tx.Now(), time.Time{})
			if err != nil {
				return err
			}
			type row struct {
				key string
				at  time.Time
			}
			got, err := db.One(ctx, tx, func(r *row) []any { return []any{db.Null(&r.key), db.Time(&r.at)} },
				`SELECT dedupe_key, lease_until FROM job WHERE dedupe_key IS NULL AND lease_until IS NULL`)
			if err != nil {
				return err
			}
			if got.key != "" || !got.at.IsZero() {
				t.Errorf("NULL came back as %+v", got)
			}
			_, err = tx.Exec(ctx, `UPDATE job SET dedupe_key = $1`, db.OrNull("k"))
			if err != nil {
				return err
			}
			got, err = db.One(ctx, tx, func(r *row) []any { return []any{db.Null(&r.key)} }, `SELECT dedupe_key FROM job`)
			if got.key != "k" {
				t.Errorf("key = %q, want k", got.key)
			}
			return err
		})
	})
}

func TestNowStandsStillWithinATransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			before := tx.Now()
			dbtest.Advance(d, time.Hour+1500*time.Nanosecond)
			if tx.Now() != before {
				t.Error("the moment moved within a transaction")
			}
			return nil
		})
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			if want := dbtest.Start.Add(time.Hour + time.Microsecond); tx.Now() != want {
				t.Errorf("Now = %v, want %v, in whole microseconds", tx.Now(), want)
			}
			return nil
		})
	})
}

func TestJSONIsKeptAsText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type paper struct {
			Name string
			Fen  []int64
		}
		want := paper{"云市", []int64{1, 9_007_199_254_740_993}}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ('json', $1), ('none', '')`, db.JSON(want)); err != nil {
				return err
			}
			got, err := db.One(ctx, tx, func(p *paper) []any { return []any{db.JSON(p)} }, `SELECT value FROM mark WHERE name = 'json'`)
			if err != nil || got.Name != want.Name || !slices.Equal(got.Fen, want.Fen) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
			_, err = db.One(ctx, tx, func(p *paper) []any { return []any{db.JSON(p)} }, `SELECT value FROM mark WHERE name = 'none'`)
			return err
		})
	})
}

func TestErrorsAreToldApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return db.SetMark(ctx, tx, "there", "x") })
		for _, c := range []struct {
			name, statement         string
			unique, foreign, broken bool
		}{
			{"primary key", `INSERT INTO mark (name, value) VALUES ('there', 'y')`, true, false, false},
			{"foreign key", `INSERT INTO event_pending (event_id) VALUES ('none')`, false, true, false},
			{"check", `INSERT INTO ledger_balance (account, fen, currency) VALUES ('a', -1, 'CNY')`, false, false, true},
			{"not null", `INSERT INTO mark (name, value) VALUES ('a', NULL)`, false, false, false},
			{"syntax", `INSERT INTO`, false, false, false},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), c.statement); return err })
			if err == nil || db.IsUnique(err) != c.unique || db.IsForeignKey(err) != c.foreign || db.IsCheck(err) != c.broken {
				t.Errorf("%s: %v is unique %v, foreign key %v, check %v", c.name, err, db.IsUnique(err), db.IsForeignKey(err), db.IsCheck(err))
			}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO ledger_transfer (id, at, once_key, kind) VALUES ('1', $1, 'k', 'x'), ('2', $1, 'k', 'x')`, tx.Now())
			return err
		})
		if !db.IsUnique(err) {
			t.Errorf("unique index: %v", err)
		}
	})
}

func TestMoveWantsExactlyOneRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ('a', 'old'), ('b', 'old'), ('c', 'old')`)
			return err
		})
		for _, c := range []struct {
			name, where string
			want        error
		}{{"one", "name = 'a'", nil}, {"none", "name = 'none'", fault.Conflict}, {"again", "name = 'a'", fault.Conflict}, {"two", "name > 'a'", fault.Conflict}} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return tx.Move(t.Context(), `UPDATE mark SET value = 'new' WHERE value = 'old' AND `+c.where)
			})
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
	})
}

func TestQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ('a', '1'), ('b', '2'), ('c', '3')`)
			return err
		})
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.One(ctx, tx, db.Value[string], `SELECT value FROM mark WHERE name = 'none'`); !errors.Is(err, fault.NotFound) {
				t.Errorf("One without a row: %v, want not found", err)
			}
			for _, c := range []struct {
				names []any
				want  string
			}{{[]any{"a", "c"}, "[1 3]"}, {[]any{"b"}, "[2]"}, {nil, "[]"}} {
				got, err := db.All(ctx, tx, db.Value[string], `SELECT value FROM mark WHERE name IN `+db.In(1, len(c.names))+` ORDER BY value`, c.names...)
				if err != nil || fmt.Sprint(got) != c.want {
					t.Errorf("In of %v: %v, %v; want %s", c.names, got, err, c.want)
				}
			}
			for q, want := range map[string]bool{`SELECT 1 FROM mark WHERE name = 'a'`: true, `SELECT 1 FROM mark WHERE name = 'none'`: false} {
				if got, err := db.Exists(ctx, tx, q); err != nil || got != want {
					t.Errorf("Exists(%s) = %v, %v", q, got, err)
				}
			}
			stop, n := errors.New("stop"), 0
			err := db.Each(ctx, tx, db.Value[string], func(string) error { n++; return stop }, `SELECT value FROM mark`)
			if err != stop || n != 1 {
				t.Errorf("Each = %v after %d rows, want the error after one", err, n)
			}
			if tx.Statements() != 7 {
				t.Errorf("%d statements were counted, want 7", tx.Statements())
			}
			return nil
		})
	})
}

func TestMarksStand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			for _, c := range []struct{ pin, want string }{{"first", "first"}, {"second", "first"}} {
				if got, err := db.Pin(ctx, tx, "m", c.pin); err != nil || got != c.want {
					t.Errorf("Pin(%s) = %q, %v; want %q", c.pin, got, err, c.want)
				}
			}
			if err := db.SetMark(ctx, tx, "m", "third"); err != nil {
				return err
			}
			got, err := db.Mark(ctx, tx, "m")
			if got != "third" {
				t.Errorf("Mark = %q, want third", got)
			}
			return err
		})
	})
}

func TestCommitWakesTheRunner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		woken := func() bool {
			select {
			case <-d.Woken():
				return true
			default:
				return false
			}
		}
		d.Write(t.Context(), func(tx *db.Tx) error { tx.Wake(); return errors.New("no") })
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return db.SetMark(ctx, tx, "a", "b") })
		if woken() {
			t.Error("woken without work")
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { tx.Wake(); return db.SetMark(ctx, tx, "a", "c") })
		if !woken() {
			t.Error("not woken by a commit that left work")
		}
	})
}
