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
)

var auditor = access.Actor{Kind: access.Staff, ID: "acc_auditor", Roles: []access.Role{access.Auditor}}

func privacy(version string) agreement.Version {
	return agreement.Version{ID: "privacy", Version: version, Title: policy.Name{ZH: "隐私政策", EN: "Privacy"}, Body: agreement.Body{ZH: "第一行\n第二行", EN: "one\ntwo"}}
}

func save(in agreement.Version) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error { _, err := agreement.Save(ctx, tx, admin, in); return err }
}

func publish(in agreement.Version) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		_, err := agreement.Publish(ctx, tx, admin, in)
		return err
	}
}

func look(t *testing.T, d *db.DB, id string) (v agreement.Preview) {
	t.Helper()
	must(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		v, err = agreement.Look(ctx, tx, auditor, id)
		return err
	})
	return v
}

func drafts(t *testing.T, d *db.DB) (list []agreement.Draft) {
	t.Helper()
	must(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = agreement.Drafts(ctx, tx, auditor)
		return err
	})
	return list
}

// A draft is kept as typed, finished or not, is nobody's to accept, shows what it
// would change, and is gone once it is published.
func TestDraftIsWrittenAndPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		withVendor(t, d)
		half := agreement.Version{ID: agreement.Access, Title: policy.Name{ZH: "服务接入协议"}, Body: agreement.Body{ZH: " 半\r\n句 "}}
		must(t, d, save(half))
		list := drafts(t, d)
		if len(list) != 1 || list[0].Body.ZH != half.Body.ZH || list[0].Version.Version != "" || list[0].SavedBy != admin.ID || !list[0].SavedAt.Equal(dbtest.Start) {
			t.Fatalf("kept as %+v", list)
		}
		if diff := cmp.Diff([]string{"access 1.0", "management 1.0"}, missing(t, d)); diff != "" {
			t.Errorf("a draft is asked for: %s", diff)
		}
		if err := write(t, d, publish(half)); !errors.Is(err, fault.Invalid) {
			t.Errorf("half a draft is published: %v", err)
		}
		dbtest.Advance(d, time.Hour)
		whole := agreement.Version{ID: agreement.Access, Version: "2.0", HoldsFrom: dbtest.Start.Add(48 * time.Hour), RequiredFrom: dbtest.Start.Add(96 * time.Hour),
			Title: policy.Name{ZH: "服务接入协议", EN: "Service Access Agreement"}, Body: agreement.Body{ZH: "一\n三", EN: "one\nthree"}}
		must(t, d, save(whole))
		if list = drafts(t, d); len(list) != 1 || !list[0].SavedAt.Equal(dbtest.Start.Add(time.Hour)) || !list[0].RequiredFrom.Equal(whole.RequiredFrom) {
			t.Fatalf("one draft a document: %+v", list)
		}
		v := look(t, d, agreement.Access)
		if v.Before.Version != "1.0" || len(v.ZH) == 0 || len(v.EN) == 0 || v.Reach.Accepted != 0 {
			t.Errorf("the preview is %+v", v)
		}
		must(t, d, publish(list[0].Version))
		if list = drafts(t, d); len(list) != 0 {
			t.Errorf("published, the draft stays: %+v", list)
		}
		if err := write(t, d, publish(whole)); !errors.Is(err, fault.Invalid) {
			t.Errorf("published twice: %v", err)
		}
		// Until it holds, the version before is the one to accept.
		must(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.0"}))
		dbtest.Advance(d, 47*time.Hour)
		if diff := cmp.Diff([]string{"access 2.0", "management 1.0"}, missing(t, d)); diff != "" {
			t.Error(diff)
		}
	})
}

// What Look shows without a draft is the version in force, to begin with; a document
// of which there is neither is not found.
func TestLookWithoutADraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := look(t, d, agreement.Management)
		if v.Draft.Body != v.Before.Body || v.Draft.Title != v.Before.Title || v.Draft.Version.Version != "" || v.Before.Version != "1.0" {
			t.Errorf("it begins with %+v", v.Draft)
		}
		for _, l := range append(v.ZH, v.EN...) {
			if l.Mark != 0 && l.Mark != ' ' {
				t.Fatalf("a difference of nothing: %+v", l)
			}
		}
		err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := agreement.Look(ctx, tx, auditor, "privacy")
			return err
		})
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("of nothing: %v", err)
		}
	})
}

func TestDraftRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		as := func(by access.Actor, in agreement.Version) error {
			return write(t, d, func(ctx context.Context, tx *db.Tx) error { _, err := agreement.Save(ctx, tx, by, in); return err })
		}
		long := privacy("1")
		long.Body.EN = strings.Repeat("x", 100_001)
		tests := []struct {
			name    string
			by      access.Actor
			in      agreement.Version
			kind    fault.Kind
			pointer string
		}{
			{"a vendor", owner, privacy("1"), fault.Forbidden, ""},
			{"staff who may only look", auditor, privacy("1"), fault.Forbidden, ""},
			{"nobody", access.Actor{}, privacy("1"), fault.Unauthenticated, ""},
			{"no id", admin, agreement.Version{}, fault.Invalid, "/id"},
			{"an id that no document can have", admin, agreement.Version{ID: "A b"}, fault.Invalid, "/id"},
			{"far too long", admin, long, fault.Invalid, "/body/en"},
		}
		for _, tt := range tests {
			err := as(tt.by, tt.in)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != tt.kind || tt.pointer != "" && f.Fields[0].Pointer != tt.pointer {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		if list := drafts(t, d); len(list) != 0 {
			t.Errorf("a refusal kept %+v", list)
		}
		for name, by := range map[string]access.Actor{"a vendor": owner, "nobody": {}} {
			err := write(t, d, func(ctx context.Context, tx *db.Tx) error { _, err := agreement.Drafts(ctx, tx, by); return err })
			if !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("%s reads drafts: %v", name, err)
			}
			err = write(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := agreement.Look(ctx, tx, by, agreement.Access)
				return err
			})
			if !errors.Is(err, fault.Forbidden) && !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("%s looks at a draft: %v", name, err)
			}
		}
	})
}

// From when a version must be accepted: the policy's grace after it holds where the
// operator names no day, never before it holds.
func TestRequiredFrom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := policy.Shipped()
		from := dbtest.Start.Add(24 * time.Hour)
		in := privacy("1")
		in.HoldsFrom = from
		must(t, d, func(ctx context.Context, tx *db.Tx) error {
			doc, err := agreement.Publish(ctx, tx, admin, in)
			want := p.Today(from).AddDays(p.Amendments.GraceDays).Time(p.Location())
			if !doc.RequiredFrom.Equal(want) {
				t.Errorf("required from %s, want %s", doc.RequiredFrom, want)
			}
			return err
		})
		early := privacy("2")
		early.HoldsFrom, early.RequiredFrom = from, from.Add(-time.Second)
		var f *fault.Error
		if err := write(t, d, publish(early)); !errors.As(err, &f) || f.Fields[0].Pointer != "/required_from" {
			t.Errorf("required before it holds: %v", err)
		}
	})
}

// Who must accept: a later version is asked of every vendor that is in, those whose
// time is over first, until it accepts; a version that a later one takes back before
// its day is asked of nobody. Rule C-4.
func TestWhoMustAcceptAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		withVendor(t, d)
		again := func() (ids []string) {
			t.Helper()
			must(t, d, func(ctx context.Context, tx *db.Tx) error {
				list, err := agreement.Again(ctx, tx, owner.VendorID)
				for _, x := range list {
					id := x.ID + " " + x.Version
					if x.Overdue {
						id += " overdue"
					}
					ids = append(ids, id)
				}
				return err
			})
			return ids
		}
		if got := again(); len(got) != 0 {
			t.Errorf("first versions are asked for a second time: %v", got)
		}
		must(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "1.0"}, agreement.Ref{ID: agreement.Management, Version: "1.0"}))
		later := func(id, version string, holds, required time.Duration) agreement.Version {
			return agreement.Version{ID: id, Version: version, HoldsFrom: dbtest.Start.Add(holds), RequiredFrom: dbtest.Start.Add(required),
				Title: policy.Name{ZH: "协议", EN: "Agreement"}, Body: agreement.Body{ZH: "文" + version, EN: "text " + version}}
		}
		must(t, d, publish(later(agreement.Access, "2.0", time.Hour, 10*time.Hour)))
		must(t, d, publish(later(agreement.Management, "2.0", time.Hour, 5*time.Hour)))
		if got := again(); len(got) != 0 {
			t.Errorf("asked before they hold: %v", got)
		}
		dbtest.Advance(d, 6*time.Hour)
		if diff := cmp.Diff([]string{"management 2.0 overdue", "access 2.0"}, again()); diff != "" {
			t.Error(diff)
		}
		// Withdrawn: the text of before, under a new number, takes the place of 2.0.
		must(t, d, publish(later(agreement.Access, "2.1", 6*time.Hour, 20*time.Hour)))
		if diff := cmp.Diff([]string{"management 2.0 overdue", "access 2.1"}, again()); diff != "" {
			t.Error(diff)
		}
		if err := write(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "2.0"})); !errors.Is(err, fault.Invalid) {
			t.Errorf("a version that was withdrawn is accepted: %v", err)
		}
		must(t, d, accept(agreement.Ref{ID: agreement.Access, Version: "2.1"}, agreement.Ref{ID: agreement.Management, Version: "2.0"}))
		if got := again(); len(got) != 0 {
			t.Errorf("still asked for %v", got)
		}
	})
}

// Whom a version touches: vendors with an approved profile, by those who have
// accepted and those who have not.
func TestWhomAVersionTouches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		withVendor(t, d)
		ref := agreement.Ref{ID: agreement.Access, Version: "1.0"}
		counts := func() (r agreement.Reach, open, done []string) {
			t.Helper()
			must(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				if r, err = agreement.Reaches(ctx, tx, auditor, ref); err != nil {
					return err
				}
				for list, accepted := range map[*[]string]bool{&open: false, &done: true} {
					found, err := agreement.Vendors(ctx, tx, auditor, agreement.Search{Ref: ref, Accepted: accepted, Query: "100%_"})
					if err != nil {
						return err
					}
					for _, a := range found {
						*list = append(*list, a.VendorID+" "+a.Earlier)
					}
				}
				return nil
			})
			return r, open, done
		}
		if r, _, _ := counts(); r.Vendors != 0 {
			t.Errorf("one without a profile is touched: %+v", r)
		}
		must(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE vendor SET company = 'sealed', name = '100%_云', name_key = '100%_云' WHERE id = $1`, owner.VendorID)
			return err
		})
		if r, open, done := counts(); r != (agreement.Reach{Vendors: 1}) || len(open) != 1 || open[0] != "ven_a " || len(done) != 0 {
			t.Errorf("touched %+v, open %q, accepted %q", r, open, done)
		}
		must(t, d, accept(ref))
		if r, open, done := counts(); r != (agreement.Reach{Vendors: 1, Accepted: 1}) || len(open) != 0 || len(done) != 1 || done[0] != "ven_a 1.0" {
			t.Errorf("touched %+v, open %q, accepted %q", r, open, done)
		}
		for name, by := range map[string]access.Actor{"a vendor": owner, "nobody": {}} {
			if err := write(t, d, func(ctx context.Context, tx *db.Tx) error { _, err := agreement.Reaches(ctx, tx, by, ref); return err }); err == nil {
				t.Errorf("%s counts", name)
			}
			if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := agreement.Vendors(ctx, tx, by, agreement.Search{Ref: ref})
				return err
			}); err == nil {
				t.Errorf("%s lists", name)
			}
		}
	})
}
