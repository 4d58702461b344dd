package event_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/sign"
)

var auditor = access.Actor{Kind: access.Staff, ID: "acc_a", Roles: []access.Role{access.Auditor}}

func signDay(t *testing.T, d *db.DB, key sign.Key, day calendar.Day) (made bool) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		made, err = event.SignHead(t.Context(), tx, access.SystemActor("audit.head"), key, day, tx.Now())
		return err
	})
	return made
}

func headFaults(t *testing.T, d *db.DB, trusted ...string) (wrong []string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		_, wrong, err = event.VerifyHeads(t.Context(), tx, trusted)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

// rechain writes the whole chain anew over what stands in the log, as somebody who
// knows how it is made would after a change.
func rechain(ctx context.Context, tx *db.Tx) error {
	list, err := db.All(ctx, tx, func(r *event.Ref) []any {
		return []any{&r.ID, db.Time(&r.At), &r.Kind, &r.Subject, &r.VendorID, &r.ActorKind, &r.ActorID, &r.Address, &r.Internal, &r.Data}
	}, `SELECT id, at, kind, subject, vendor_id, actor_kind, actor_id, address, internal, data FROM event ORDER BY id`)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM event_seal`); err != nil {
		return err
	}
	prev := ""
	for i, e := range list {
		h := sha256.New()
		for _, s := range []string{prev, e.ID, e.At.UTC().Format(time.RFC3339Nano), e.Kind, e.Subject, e.VendorID, e.ActorKind, e.ActorID, e.Address, "0", e.Data} {
			fmt.Fprintf(h, "%d:%s,", len(s), s)
		}
		hash := hex.EncodeToString(h.Sum(nil))
		if _, err := tx.Exec(ctx, `INSERT INTO event_seal (seq, event_id, prev_hash, hash) VALUES ($1, $2, $3, $4)`, i+1, e.ID, prev, hash); err != nil {
			return err
		}
		prev = hash
	}
	return db.SetMark(ctx, tx, "event.chain", prev)
}

// Whatever is done to the log after a day was signed, Verify or the head tells.
func TestTamperingIsFound(t *testing.T) {
	do := func(ctx context.Context, tx *db.Tx, queries ...string) error {
		for _, q := range queries {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	}
	const third = `(SELECT event_id FROM event_seal WHERE seq = 3)`
	tests := []struct {
		name   string
		head   bool // the head must tell; else the chain alone may
		tamper func(ctx context.Context, tx *db.Tx) error
	}{
		{"a row is changed", false, func(ctx context.Context, tx *db.Tx) error {
			return do(ctx, tx, `UPDATE event SET actor_id = 'acc_x' WHERE id = `+third)
		}},
		{"a row is deleted with its seal", true, func(ctx context.Context, tx *db.Tx) error {
			if err := do(ctx, tx, `CREATE TABLE gone AS SELECT event_id FROM event_seal WHERE seq = 3`); err != nil {
				return err
			}
			return do(ctx, tx, `DELETE FROM event_seal WHERE seq = 3`, `DELETE FROM event WHERE id IN (SELECT event_id FROM gone)`, `DROP TABLE gone`)
		}},
		{"the tail is deleted with its seals and the mark", true, func(ctx context.Context, tx *db.Tx) error {
			if err := do(ctx, tx, `CREATE TABLE gone AS SELECT event_id FROM event_seal WHERE seq > 4`, `DELETE FROM event_seal WHERE seq > 4`,
				`DELETE FROM event WHERE id IN (SELECT event_id FROM gone)`, `DROP TABLE gone`); err != nil {
				return err
			}
			return do(ctx, tx, `UPDATE mark SET value = (SELECT hash FROM event_seal WHERE seq = 4) WHERE name = 'event.chain'`)
		}},
		{"a row is changed and everything chained anew", true, func(ctx context.Context, tx *db.Tx) error {
			if err := do(ctx, tx, `UPDATE event SET actor_id = 'acc_x' WHERE id = `+third); err != nil {
				return err
			}
			return rechain(ctx, tx)
		}},
		{"two change places", false, func(ctx context.Context, tx *db.Tx) error {
			return do(ctx, tx, `UPDATE event SET data = CASE WHEN id = `+third+` THEN '{"n":3}' ELSE '{"n":2}' END WHERE id IN (SELECT event_id FROM event_seal WHERE seq IN (3, 4))`)
		}},
		{"the head is changed with the chain", true, func(ctx context.Context, tx *db.Tx) error {
			if err := do(ctx, tx, `UPDATE event SET actor_id = 'acc_x' WHERE id = `+third); err != nil {
				return err
			}
			if err := rechain(ctx, tx); err != nil {
				return err
			}
			return do(ctx, tx, `UPDATE event_head SET hash = (SELECT hash FROM event_seal WHERE seq = event_head.seq)`)
		}},
		{"a head is taken out", true, func(ctx context.Context, tx *db.Tx) error {
			return do(ctx, tx, `DELETE FROM event_head WHERE day = '2026-03-01'`)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				key, err := sign.NewKey("云市", dbtest.Start, strings.NewReader(strings.Repeat("k9xQ-7f2m", 200)))
				if err != nil {
					t.Fatal(err)
				}
				var reg job.Registry
				p := event.NewPump(d, &reg, nil)
				for _, day := range []int{1, 2} {
					appendN(t, d, 4)
					pumpAll(t, p)
					if !signDay(t, d, key, calendar.Date(2026, 3, day)) {
						t.Fatal("no head was made")
					}
					pumpAll(t, p)
				}
				if signDay(t, d, key, calendar.Date(2026, 3, 2)) {
					t.Error("a day got a second head")
				}
				if _, wrong := verify(t, d); len(wrong) > 0 {
					t.Fatal(wrong)
				}
				if wrong := headFaults(t, d, key.Fingerprint()); len(wrong) > 0 {
					t.Fatal(wrong)
				}
				write(t, d, func(tx *db.Tx) error { return tt.tamper(t.Context(), tx) })
				_, chain := verify(t, d)
				heads := headFaults(t, d, key.Fingerprint())
				if tt.head && len(heads) == 0 || len(chain)+len(heads) == 0 {
					t.Errorf("nobody saw it: chain %v, heads %v", chain, heads)
				}
			})
		})
	}
}

// Who signs everything anew with a key of their own is seen by its fingerprint.
func TestHeadOfAnotherKeyIsNotTrusted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		key, err := sign.NewKey("云市", dbtest.Start, strings.NewReader(strings.Repeat("other key", 200)))
		if err != nil {
			t.Fatal(err)
		}
		signDay(t, d, key, calendar.Date(2026, 3, 1))
		if wrong := headFaults(t, d, "of the installation"); len(wrong) != 1 || !strings.Contains(wrong[0], key.Fingerprint()) {
			t.Errorf("wrong = %v", wrong)
		}
	})
}

// An outsider needs openssl and nothing of ours.
func TestHeadIsCheckedByOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Log("there is no openssl on this machine")
		return
	}
	d := dbtest.SQLite(t)
	key, err := sign.NewKey("云市", dbtest.Start, strings.NewReader(strings.Repeat("k9xQ-7f2m", 200)))
	if err != nil {
		t.Fatal(err)
	}
	signDay(t, d, key, calendar.Date(2026, 3, 1))
	var h event.Head
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		h, err = event.HeadOf(t.Context(), tx, auditor, calendar.Date(2026, 3, 1))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sig, err := base64.StdEncoding.DecodeString(h.Signature)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"h.txt": []byte(h.Body), "h.sig": sig, "h.pem": []byte(h.Certificate), "bad.txt": []byte(h.Body + " ")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (string, error) {
		c := exec.CommandContext(t.Context(), openssl, args...)
		c.Dir = dir
		out, err := c.Output()
		return string(out), err
	}
	pub, err := run("x509", "-in", "h.pem", "-pubkey", "-noout")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte(pub), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run("dgst", "-sha256", "-verify", "key.pem", "-signature", "h.sig", "h.txt"); err != nil {
		t.Errorf("openssl says %s, %v", out, err)
	}
	if _, err := run("dgst", "-sha256", "-verify", "key.pem", "-signature", "h.sig", "bad.txt"); err == nil {
		t.Error("openssl took a changed text")
	}
}

// Search finds by each condition and by all together, page after page.
func TestFind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := func(actor, vendor, subject, address string, k event.Kind[note]) {
			write(t, d, func(tx *db.Tx) error {
				return k.Append(t.Context(), tx, access.Actor{Kind: access.Staff, ID: actor, Address: address}, event.About{Subject: subject, VendorID: vendor}, note{})
			})
		}
		at("acc_1", "ven_1", "s1", "203.0.113.1", happened)
		at("acc_2", "ven_1", "s2", "203.0.113.2", secret)
		dbtest.Advance(d, time.Hour)
		at("acc_1", "ven_2", "s1", "203.0.113.2", secret)
		at("acc_1", "", "s3", "", happened)
		hour := dbtest.Start.Add(time.Hour)
		tests := []struct {
			name string
			s    event.Search
			want string
		}{
			{"all", event.Search{}, "s3 s1 s2 s1"}, {"actor", event.Search{ActorID: "acc_1"}, "s3 s1 s1"},
			{"vendor", event.Search{VendorID: "ven_1"}, "s2 s1"}, {"subject", event.Search{Subject: "s1"}, "s1 s1"},
			{"address", event.Search{Address: "203.0.113.2"}, "s1 s2"}, {"one kind", event.Search{Kinds: []string{"test.secret"}}, "s1 s2"},
			{"two kinds", event.Search{Kinds: []string{"test.secret", "test.happened"}}, "s3 s1 s2 s1"},
			{"kinds of a vendor", event.Search{VendorID: "ven_1", Kinds: []string{"test.happened", "none"}}, "s1"},
			{"kinds of an actor", event.Search{ActorID: "acc_1", Kinds: []string{"test.happened", "none"}}, "s3 s1"},
			{"no kind", event.Search{Kinds: []string{}}, ""}, {"from", event.Search{From: hour}, "s3 s1"}, {"to", event.Search{To: hour}, "s2 s1"},
			{"all together", event.Search{From: hour, ActorID: "acc_1", Subject: "s1", Address: "203.0.113.2", Kinds: []string{"test.secret"}}, "s1"},
		}
		for _, tt := range tests {
			for _, size := range []int{0, 1} {
				var got []string
				s := tt.s
				s.Limit = size
				for {
					var part []event.Ref
					err := d.Read(t.Context(), func(tx *db.Tx) (err error) { part, err = event.Find(t.Context(), tx, auditor, s); return err })
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range part {
						got = append(got, e.Subject)
						s.Before = e.ID
					}
					if size == 0 || len(part) == 0 {
						break
					}
				}
				if strings.Join(got, " ") != tt.want {
					t.Errorf("%s by %d: %v, want %s", tt.name, size, got, tt.want)
				}
			}
		}
	})
}
