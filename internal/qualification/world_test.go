package qualification_test

import (
	"context"
	"errors"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	q "github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// world is a database with two companies' owners and the staff.
type world struct {
	t        *testing.T
	d        *db.DB
	wang, li access.Actor // owners
	rev1     access.Actor
	rev2     access.Actor
	admin    access.Actor
	auditor  access.Actor
}

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t, d: d}
	w.wang, w.li = w.company("acc_wang", "王芳"), w.company("acc_li", "李雷")
	w.rev1, w.rev2 = w.staff("acc_rev1", "赵敏", access.Reviewer), w.staff("acc_rev2", "周杰", access.Reviewer)
	w.admin, w.auditor = w.staff("acc_admin", "钱多", access.Administrator), w.staff("acc_audit", "孙静", access.Auditor)
	return w
}

func (w *world) write(do func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return w.d.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx) })
}

func (w *world) must(do func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.write(do); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) account(id, kind, name string, roles []access.Role) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) error {
		v := tx.Vault()
		_, err := tx.Exec(ctx, `
			INSERT INTO account (id, kind, mail, mail_index, phone, phone_index, name, password_hash, lang, roles, created_at, verified_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'zh-CN', $8, $9, $9)`,
			id, kind, v.Seal("account.mail:"+id, id+"@example.com"), id, v.Seal("account.phone:"+id, "+8613800138000"), id,
			v.Seal("account.name:"+id, name), db.JSON(roles), tx.Now())
		return err
	})
}

func (w *world) staff(id, name string, role access.Role) access.Actor {
	w.account(id, "staff", name, []access.Role{role})
	return access.Actor{Kind: access.Staff, ID: id, Roles: []access.Role{role}}
}

// company registers a vendor with files of its own: fil_licence, fil_trade, … for
// the first, with the owner's id before for others.
func (w *world) company(id, name string) access.Actor {
	w.t.Helper()
	w.account(id, "member", name, []access.Role{})
	by := access.Actor{Kind: access.Member, ID: id, Address: "203.0.113.7"}
	w.must(func(ctx context.Context, tx *db.Tx) error {
		v, err := vendor.Register(ctx, tx, by)
		by.VendorID, by.Roles = v.ID, []access.Role{access.Owner}
		if err != nil {
			return err
		}
		for _, f := range []string{"licence", "trade", "built", "rd", "more"} {
			fileID := "fil_" + f
			if id != "acc_wang" {
				fileID = "fil_" + id + "_" + f
			}
			if _, err := tx.Exec(ctx, `INSERT INTO file (id, vendor_id, purpose, name, type, size, sha256, made_by, made_at) VALUES ($1, $2, 'evidence', $3, 'image/png', 1, 'x', $4, $5)`,
				fileID, v.ID, f+".png", id, tx.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	return by
}

func (w *world) accept(by access.Actor) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) error {
		docs, err := agreement.Current(ctx, tx)
		if err != nil {
			return err
		}
		var refs []agreement.Ref
		for _, d := range docs {
			refs = append(refs, agreement.Ref{ID: d.ID, Version: d.Version})
		}
		_, err = agreement.Accept(ctx, tx, by, agreement.Acceptance{Documents: refs})
		return err
	})
}

func (w *world) save(by access.Actor, in q.Saving) (v q.View, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error { v, err = q.Save(ctx, tx, by, in); return err })
	return v, err
}

func (w *world) mine(by access.Actor) (v q.View) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) (err error) { v, err = q.Mine(ctx, tx, by); return err })
	return v
}

func (w *world) submit(by access.Actor) (v q.View, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error { v, err = q.Submit(ctx, tx, by, q.Turn{}); return err })
	return v, err
}

func (w *world) takeBack(by access.Actor) error {
	return w.write(func(ctx context.Context, tx *db.Tx) error { _, err := q.TakeBack(ctx, tx, by, q.Turn{}); return err })
}

// submitted saves and submits an application and returns its id.
func (w *world) submitted(by access.Actor, paper q.Application) string {
	w.t.Helper()
	w.accept(by)
	if _, err := w.save(by, q.Saving{Application: paper}); err != nil {
		w.t.Fatal(err)
	}
	v, err := w.submit(by)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.ID
}

func (w *world) claim(by access.Actor, id string) error {
	return w.write(func(ctx context.Context, tx *db.Tx) error { _, err := q.Claim(ctx, tx, by, q.Turn{ID: id}); return err })
}

func (w *world) get(by access.Actor, id string) (r q.Review) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) (err error) { r, err = q.Get(ctx, tx, by, id); return err })
	return r
}

func (w *world) decide(by access.Actor, in q.Decision) (r q.Review, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error { r, err = q.Decide(ctx, tx, by, in); return err })
	return r, err
}

// verdicts are "met" on every condition that asks for one, but for those named.
func verdicts(r q.Review, not map[string]string) []q.Verdict {
	var all []q.Verdict
	for _, c := range r.Check.Checks {
		if c.State != q.WaitingReview {
			continue
		}
		v := q.Verdict{Condition: c.Condition, Category: c.Category, Result: q.Met}
		if reason, ok := not[string(c.Condition)+" "+string(c.Category)]; ok {
			v.Result, v.Reason = q.NotMet, reason
		}
		all = append(all, v)
	}
	return all
}

func decision(r q.Review, not map[string]string, outcomes map[policy.CategoryID]q.CategoryAct) q.Decision {
	d := q.Decision{ID: r.Item.ID, Version: r.Item.Version, Verdicts: verdicts(r, not)}
	for _, c := range r.Submission.Categories {
		d.Categories = append(d.Categories, q.Outcome{Category: c, Decision: outcomes[c]})
	}
	return d
}

// approved takes a company through the whole story.
func (w *world) approved(by access.Actor, categories ...policy.CategoryID) string {
	w.t.Helper()
	id := w.submitted(by, q.Whole(categories...))
	if err := w.claim(w.rev1, id); err != nil {
		w.t.Fatal(err)
	}
	outcomes := make(map[policy.CategoryID]q.CategoryAct)
	for _, c := range categories {
		outcomes[c] = q.Approve
	}
	if _, err := w.decide(w.rev1, decision(w.get(w.rev1, id), nil, outcomes)); err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) statuses(by access.Actor) map[policy.CategoryID]q.CategoryStatus {
	got := make(map[policy.CategoryID]q.CategoryStatus)
	for _, s := range w.mine(by).Standings {
		got[s.Category] = s.Status
	}
	return got
}

// fields are the pointers an error names, with the kind.
func fields(t *testing.T, err error, kind fault.Kind) []string {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("%v, want %s", err, kind)
	}
	var at []string
	for _, x := range f.Fields {
		at = append(at, x.Pointer+" "+x.Rule)
	}
	return at
}
