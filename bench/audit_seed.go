package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/text"
)

// The log that is searched: who is in it and since when.
const (
	auditVendors = 20_000
	auditStaff   = 60
	auditYears   = 3
	officeNet    = "203.0.113.7" // where the staff come from
	rareKind     = "exit.finished"
	neverKind    = "payout.cancelled"
)

// auditKinds are the kinds that there are, the frequent ones first; rareKind and
// neverKind are not among them.
func auditKinds() []string {
	often := []string{"session.opened", "message.sent", "file.kept", "product.submitted", "deposit.confirmed", "application.saved"}
	known := make(map[string]bool)
	var rest []string
	for _, k := range text.Keys() {
		if name, ok := strings.CutPrefix(string(k), "event."); ok && !strings.Contains(name, "#") && name != rareKind && name != neverKind {
			known[name] = true
			rest = append(rest, name)
		}
	}
	var kinds []string
	for _, k := range often {
		if known[k] {
			kinds = append(kinds, k)
		}
	}
	return append(kinds, rest...)
}

// skewed is a number below n, small ones far more often.
func skewed(r *rand.Rand, n int) int {
	f := r.Float64()
	return min(int(f*f*f*float64(n)), n-1)
}

func auditVendor(i int) string  { return fmt.Sprintf("ven_0bench%020d", i) }
func auditMember(i int) string  { return fmt.Sprintf("acc_0bench%020d", i) }
func auditPerson(i int) string  { return fmt.Sprintf("acc_1bench%020d", i) }
func auditSubject(i int) string { return fmt.Sprintf("prd_0bench%020d", i) }

// entry is one event of the log, the n-th of so many; ids are as NewID makes them,
// with the number where the randomness would be.
type entry struct {
	id, kind, subject, vendor, actorKind, actor, address string
	at                                                   time.Time
	internal                                             bool
}

func entryOf(n, of int, began time.Time, kinds []string) entry {
	r := rand.New(rand.NewPCG(11, uint64(n)))
	e := entry{at: began.Add(time.Duration(float64(n) / float64(of) * auditYears * 365 * 24 * float64(time.Hour))).Truncate(time.Microsecond)}
	e.id = db.FirstID("evt", e.at)[:len("evt_")+10] + fmt.Sprintf("%016d", n)
	e.kind = kinds[skewed(r, len(kinds))]
	if n%(of/5+1) == 7 {
		e.kind = rareKind
	}
	v := skewed(r, auditVendors)
	e.vendor, e.subject = auditVendor(v), auditSubject(v*100+r.IntN(100))
	switch x := r.IntN(10); {
	case x < 3: // by the staff
		e.actorKind, e.actor, e.address, e.internal = "staff", auditPerson(skewed(r, auditStaff)), officeNet, x == 0
	case x < 5:
		e.actorKind, e.actor = "system", "job"
	default:
		e.actorKind, e.actor, e.address = "member", auditMember(v*2+r.IntN(2)), fmt.Sprintf("198.51.%d.%d", v>>8&255, v&255)
	}
	if r.IntN(20) == 0 {
		e.vendor = "" // of nobody's company
	}
	return e
}

// seedAudit fills a log by COPY, with its indexes made afterwards; the events are
// not chained, which no search looks at.
func seedAudit(ctx context.Context, b *bench, s store, what string) error {
	if err := s.make(ctx, what); err != nil {
		return err
	}
	c, err := s.config(what)
	if err != nil {
		return err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return fmt.Errorf("%w (a log of another version? drop %s)", err, s.database(what))
	}
	var there int
	err = m.DB.SQL().QueryRowContext(ctx, "SELECT COUNT(*) FROM mark WHERE name = 'bench.audit'").Scan(&there)
	if err == nil && there == 0 {
		err = errors.Join(fillPeople(ctx, b, m), fillLog(ctx, b, m.DB))
		if err == nil {
			err = m.DB.Write(ctx, func(tx *db.Tx) error { return db.SetMark(ctx, tx, "bench.audit", "done") })
		}
	}
	return errors.Join(err, m.Close())
}

// fillPeople writes the companies and the staff that the log names.
func fillPeople(ctx context.Context, b *bench, m *market.Market) error {
	for from := 0; from < auditVendors; from += 1000 {
		err := m.DB.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < from+1000; i++ {
				name := companyName(int64(i))
				if _, err := tx.Exec(ctx, `INSERT INTO vendor (id, made_by, made_at, name, name_key, uscc) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
					auditVendor(i), auditMember(2*i), tx.Now(), name, cn.NameKey(name), creditCode(int64(i))); err != nil {
					return err
				}
				for k := range 2 {
					if err := person1(ctx, tx, auditMember(2*i+k), "member", fmt.Sprintf("王芳%d", i)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		b.progress.at("companies", from+1000, auditVendors)
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		for i := range auditStaff {
			if err := person1(ctx, tx, auditPerson(i), "staff", fmt.Sprintf("赵敏%d", i)); err != nil {
				return err
			}
		}
		return nil
	})
}

func person1(ctx context.Context, tx *db.Tx, id, kind, name string) error {
	v := tx.Vault()
	_, err := tx.Exec(ctx, `
		INSERT INTO account (id, kind, mail, mail_index, phone, phone_index, name, password_hash, lang, roles, created_at)
		VALUES ($1, $2, $3, $1, '', $1, $4, '', 'zh-CN', '[]', $5) ON CONFLICT DO NOTHING`,
		id, kind, v.Seal("account.mail:"+id, id+"@example.com"), v.Seal("account.name:"+id, name), tx.Now())
	return err
}

// fillLog copies the events into the table.
func fillLog(ctx context.Context, b *bench, d *db.DB) error {
	var indexes []string
	rows, err := d.SQL().QueryContext(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'event' AND indexname <> 'event_pkey' ORDER BY indexname`)
	if err != nil {
		return err
	}
	var drop []string
	for rows.Next() {
		var name, def string
		if err := rows.Scan(&name, &def); err != nil {
			return errors.Join(err, rows.Close())
		}
		drop, indexes = append(drop, "DROP INDEX "+name), append(indexes, def)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, q := range append([]string{"DELETE FROM event_pending"}, drop...) {
		if _, err := d.SQL().ExecContext(ctx, q); err != nil {
			return err
		}
	}
	conn, err := d.SQL().Conn(ctx)
	if err != nil {
		return err
	}
	err = copyLog(ctx, b, conn)
	if err := errors.Join(err, conn.Close()); err != nil {
		return err
	}
	for i, q := range append(indexes, "VACUUM ANALYZE event", "ANALYZE") {
		b.progress.say("  %.90s", q)
		if _, err := d.SQL().ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%d: %w", i, err)
		}
	}
	return nil
}

func copyLog(ctx context.Context, b *bench, conn *sql.Conn) error {
	kinds, began := auditKinds(), time.Now().UTC().AddDate(-auditYears, 0, 0)
	columns := []string{"id", "at", "kind", "subject", "vendor_id", "actor_kind", "actor_id", "address", "internal", "data"}
	return conn.Raw(func(driver any) error {
		c := driver.(*stdlib.Conn).Conn()
		n := 0
		_, err := c.CopyFrom(ctx, pgx.Identifier{"event"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			if n == b.events {
				return nil, nil
			}
			e := entryOf(n, b.events, began, kinds)
			if n++; n%100_000 == 0 {
				b.progress.at("events", n, b.events)
			}
			return []any{e.id, e.at, e.kind, e.subject, e.vendor, e.actorKind, e.actor, e.address, e.internal, `{"number":"YS-2026-000001","held_fen":500000,"excess_fen":0,"doubtful":false}`}, nil
		}))
		return err
	})
}
