package agreement_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

var (
	owner = access.Actor{Kind: access.Member, ID: "acc_owner", VendorID: "ven_a", Roles: []access.Role{access.Owner}, Address: "203.0.113.7"}
	admin = access.Actor{Kind: access.Staff, ID: "acc_admin", Roles: []access.Role{access.Administrator}}
)

func write(t *testing.T, d *db.DB, do func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	ctx := context.Background()
	return d.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx) })
}

func must(t *testing.T, d *db.DB, do func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := write(t, d, do); err != nil {
		t.Fatal(err)
	}
}

func withVendor(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, d, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO vendor (id, made_by, made_at) VALUES ($1, $2, $3)`, owner.VendorID, owner.ID, tx.Now())
		return err
	})
}

func missing(t *testing.T, d *db.DB) []string {
	t.Helper()
	ids := []string{}
	must(t, d, func(ctx context.Context, tx *db.Tx) error {
		docs, err := agreement.Accepted(ctx, tx, owner.VendorID)
		for _, x := range docs {
			ids = append(ids, x.ID+" "+x.Version)
		}
		return err
	})
	return ids
}

func accept(refs ...agreement.Ref) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		_, err := agreement.Accept(ctx, tx, owner, agreement.Acceptance{Documents: refs})
		return err
	}
}

// Rule C-4: document, version, hash, person, time and address are recorded.
func TestAcceptRecordsWhoWhatWhenAndWhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		withVendor(t, d)
		if diff := cmp.Diff([]string{"access 1.0", "management 1.0"}, missing(t, d)); diff != "" {
			t.Fatal(diff)
		}
		must(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.0"}))
		if diff := cmp.Diff([]string{"management 1.0"}, missing(t, d)); diff != "" {
			t.Fatal(diff)
		}
		dbtest.Advance(d, time.Hour)
		both := []agreement.Ref{{ID: agreement.Access, Version: "1.0"}, {ID: agreement.Management, Version: "1.0"}}
		must(t, d, accept(both...))
		must(t, d, accept(both...)) // twice is once
		if got := missing(t, d); len(got) != 0 {
			t.Errorf("still missing %v", got)
		}
		must(t, d, func(ctx context.Context, tx *db.Tx) error {
			signed, err := agreement.By(ctx, tx, owner.VendorID)
			if err != nil {
				return err
			}
			shipped := agreement.Shipped()
			want := []agreement.Signed{
				{Document: "access", Version: "1.0", Hash: shipped[0].Hash, AccountID: owner.ID, At: dbtest.Start, Address: owner.Address},
				{Document: "management", Version: "1.0", Hash: shipped[1].Hash, AccountID: owner.ID, At: dbtest.Start.Add(time.Hour), Address: owner.Address},
			}
			for i := range signed {
				signed[i].ID = ""
			}
			if diff := cmp.Diff(want, signed); diff != "" {
				t.Error(diff)
			}
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM event WHERE kind = 'agreement.accepted' AND vendor_id = $1`, owner.VendorID)
			if n != 2 {
				t.Errorf("%d events, want 2", n)
			}
			return err
		})
	})
}

// Rule C-4: a new version asks for a new acceptance, from the day it holds.
func TestNewVersionAsksForANewAcceptance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		withVendor(t, d)
		must(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.0"}, agreement.Ref{ID: agreement.Management, Version: "1.0"}))
		next := agreement.Version{
			ID: agreement.Access, Version: "1.1", HoldsFrom: dbtest.Start.Add(24 * time.Hour),
			Title: policy.Name{ZH: "服务接入协议", EN: "Service Access Agreement"},
			Body:  agreement.Body{ZH: "新的文本\r\n第二行", EN: "The new text"},
		}
		must(t, d, func(ctx context.Context, tx *db.Tx) error {
			doc, err := agreement.Publish(ctx, tx, admin, next)
			if doc.Body.ZH != "新的文本\n第二行" || len(doc.Hash) != 64 {
				t.Errorf("published %+v", doc)
			}
			return err
		})
		if got := missing(t, d); len(got) != 0 {
			t.Errorf("a version of tomorrow is asked for today: %v", got)
		}
		if err := write(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.1"})); !errors.Is(err, fault.Invalid) {
			t.Errorf("a version of tomorrow was accepted: %v", err)
		}
		dbtest.Advance(d, 24*time.Hour)
		if diff := cmp.Diff([]string{"access 1.1"}, missing(t, d)); diff != "" {
			t.Error(diff)
		}
		err := write(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.0"}))
		var f *fault.Error
		if !errors.As(err, &f) || f.Fields[0].Pointer != "/documents/0/version" || f.Fields[0].Rule != "C-4" {
			t.Errorf("the old version was accepted: %v", err)
		}
		must(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.1"}))
		if got := missing(t, d); len(got) != 0 {
			t.Errorf("still missing %v", got)
		}
	})
}

func TestPublishRefuses(t *testing.T) {
	good := func() agreement.Version {
		return agreement.Version{ID: "privacy", Version: "1", Title: policy.Name{ZH: "隐私政策", EN: "Privacy"}, Body: agreement.Body{ZH: "文", EN: "text"}}
	}
	tests := []struct {
		name    string
		by      access.Actor
		change  func(*agreement.Version)
		kind    fault.Kind
		pointer string
	}{
		{"a vendor", owner, func(*agreement.Version) {}, fault.Forbidden, ""},
		{"nobody", access.Actor{}, func(*agreement.Version) {}, fault.Unauthenticated, ""},
		{"a version that is shipped", admin, func(v *agreement.Version) { v.ID, v.Version = agreement.Access, "1.0" }, fault.Invalid, "/version"},
		{"an id with a slash", admin, func(v *agreement.Version) { v.ID = "a/b" }, fault.Invalid, "/id"},
		{"no version", admin, func(v *agreement.Version) { v.Version = "" }, fault.Invalid, "/version"},
		{"from the past", admin, func(v *agreement.Version) { v.HoldsFrom = dbtest.Start.Add(-time.Second) }, fault.Invalid, "/holds_from"},
		{"no English text", admin, func(v *agreement.Version) { v.Body.EN = " \n" }, fault.Invalid, "/body/en"},
		{"a title too long", admin, func(v *agreement.Version) { v.Title.ZH = strings.Repeat("长", 101) }, fault.Invalid, "/title/zh-CN"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, tt := range tests {
			v := good()
			tt.change(&v)
			err := write(t, d, func(ctx context.Context, tx *db.Tx) error { _, err := agreement.Publish(ctx, tx, tt.by, v); return err })
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != tt.kind || tt.pointer != "" && f.Fields[0].Pointer != tt.pointer {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		publish := func(ctx context.Context, tx *db.Tx) error {
			_, err := agreement.Publish(ctx, tx, admin, good())
			return err
		}
		must(t, d, publish)
		if err := write(t, d, publish); !errors.Is(err, fault.Invalid) {
			t.Errorf("a version was published twice: %v", err)
		}
		must(t, d, func(ctx context.Context, tx *db.Tx) error {
			current, err := agreement.Current(ctx, tx)
			if len(current) != 3 || current[2].ID != "privacy" {
				t.Errorf("current are %d documents", len(current))
			}
			return err
		})
	})
}

func TestAcceptRefuses(t *testing.T) {
	tests := []struct {
		name string
		by   access.Actor
		refs []agreement.Ref
		kind fault.Kind
	}{
		{"a visitor", access.Actor{}, nil, fault.Unauthenticated},
		{"a person without a company", access.Actor{Kind: access.Member, ID: "acc_x"}, nil, fault.NotFound},
		{"staff", admin, nil, fault.NotFound},
		{"a colleague who is not the owner", access.Actor{Kind: access.Member, ID: "acc_y", VendorID: "ven_a", Roles: []access.Role{access.Support}}, nil, fault.Forbidden},
		{"nothing", owner, nil, fault.Invalid},
		{"an unknown document", owner, []agreement.Ref{{ID: "'; DROP TABLE agreement; --", Version: "1.0"}}, fault.Invalid},
		{"an unknown version", owner, []agreement.Ref{{ID: agreement.Access, Version: "0.9"}}, fault.Invalid},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		withVendor(t, d)
		for _, tt := range tests {
			err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := agreement.Accept(ctx, tx, tt.by, agreement.Acceptance{Documents: tt.refs})
				return err
			})
			if !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.kind)
			}
		}
		if got := missing(t, d); len(got) != 2 {
			t.Errorf("a refusal changed something: missing %v", got)
		}
	})
}

func TestShippedDocumentsAreWhole(t *testing.T) {
	hashes := make(map[string]bool)
	for _, doc := range agreement.Shipped() {
		hashes[doc.Hash] = true
		for _, l := range text.Langs() {
			body := doc.Body.In(l)
			if len([]rune(body)) < 1200 || !strings.HasPrefix(body, "# ") || strings.Contains(body, "腾讯") || strings.Contains(body, "Tencent") {
				t.Errorf("%s in %s: %d characters, or a real company's name", doc.ID, l.Tag(), len([]rune(body)))
			}
		}
		if strings.Count(doc.Body.ZH, "\n## ") != strings.Count(doc.Body.EN, "\n## ") {
			t.Errorf("%s has other sections in Chinese than in English", doc.ID)
		}
	}
	if len(hashes) != 2 {
		t.Errorf("%d hashes for 2 documents", len(hashes))
	}
}
