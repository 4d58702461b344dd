package amendment

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fmt"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Claim gives a request to the actor to decide on. One that a colleague has, or that
// does not wait, is fault.Conflict; one's own stays one's own.
func Claim(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Request, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Request{}, err
	}
	r, err := Load(ctx, tx, in.ID)
	if err != nil {
		return r, err
	}
	if err := by.Require(r.Kind.permission()); err != nil {
		return Request{}, err
	}
	if r.Status == InReview && r.Holder == by.ID {
		return r, nil
	}
	if r.Status == InReview {
		return r, heldBy(ctx, tx, r.Holder)
	}
	to := r
	if to.Status, err = r.Status.Next(ActClaim); err != nil {
		return r, err
	}
	if err := in.fits(r); err != nil {
		return r, err
	}
	to.Holder, to.HeldSince = by.ID, tx.Now()
	if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	if err := Claimed.Append(ctx, tx, by, r.about(), event.None{}); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

// Release puts a request back into the queue. Its holder may, and who manages the
// staff, so that it does not stay with somebody who is away.
func Release(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Request, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Request{}, err
	}
	r, err := Load(ctx, tx, in.ID)
	if err != nil {
		return r, err
	}
	if err := by.Require(r.Kind.permission()); err != nil && !by.May(access.ManageStaff) {
		return Request{}, err
	}
	to := r
	if to.Status, err = r.Status.Next(ActRelease); err != nil {
		return r, err
	}
	if r.Holder != by.ID && !by.May(access.ManageStaff) {
		return r, heldBy(ctx, tx, r.Holder)
	}
	to.Holder, to.HeldSince = "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	if err := Released.Append(ctx, tx, by, r.about(), event.None{}); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

func heldBy(ctx context.Context, tx *db.Tx, holder string) error {
	names, err := account.Names(ctx, tx, []string{holder})
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "amendment.held_by", names[holder])
}

// onDesk reads a request that the actor has on the desk and may decide on.
func onDesk(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Request, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Request{}, err
	}
	r, err := locked(ctx, tx, in.ID)
	if err != nil {
		return r, err
	}
	if err := by.Require(r.Kind.permission()); err != nil {
		return Request{}, err
	}
	if _, err := r.Status.Next(ActSettle); err != nil {
		return r, err
	}
	if r.Holder != by.ID {
		return r, heldBy(ctx, tx, r.Holder)
	}
	return r, in.fits(r)
}

// Decision is what the staff hand in, all parts at once.
type Decision struct {
	ID      string   `path:"id" json:"-"`
	Version int64    `json:"version,omitempty"`
	Parts   []Ruling `json:"parts"`
}

// Ruling is the decision on one part.
type Ruling struct {
	Part     Part   `json:"part"`
	Decision string `json:"decision"` // approve or refuse
	Reason   string `json:"reason,omitempty"`
}

// The decisions on a part.
const (
	Approve = "approve"
	Refuse  = "refuse"
)

// Decide settles a request part by part: what is approved takes effect, what is
// refused leaves the old data in force and says why. An account that is approved
// pauses first. A mode or a term can be refused here and is granted by its contract
// alone. A part without a decision, or a refusal without a reason, is fault.Invalid;
// a request that somebody else has, that was withdrawn, or whose company's data has
// changed meanwhile, is fault.Conflict. Rules E-1, D-5, M-4.
func Decide(ctx context.Context, tx *db.Tx, by access.Actor, in Decision) (Request, error) {
	r, err := onDesk(ctx, tx, by, Turn{in.ID, in.Version})
	if err != nil {
		return r, err
	}
	verdicts, err := in.read(r)
	if err != nil {
		return r, err
	}
	approved := slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.Approved })
	act := ActRefuse
	switch {
	case approved && r.Kind == Account:
		act = ActCool
	case approved && r.Kind == Company:
		act = ActSettle
	case approved:
		return r, fault.New(fault.Conflict, "amendment.by_contract").Of("M-4")
	}
	to := r
	if to.Status, err = r.Status.Next(act); err != nil {
		return r, err
	}
	to.Verdicts, to.DecidedBy, to.DecidedAt, to.Holder, to.HeldSince = verdicts, by.ID, tx.Now(), "", time.Time{}
	if act == ActCool {
		if err := r.still(ctx, tx); err != nil {
			return r, err
		}
		if err := r.cool(ctx, tx, by, to); err != nil {
			return r, err
		}
	} else if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	d := DecidedData{r.Kind, make(map[Part]bool)}
	for _, v := range verdicts {
		d.Parts[v.Part] = v.Approved
	}
	if err := Decided.Append(ctx, tx, by, r.about(), d); err != nil {
		return r, err
	}
	if act == ActSettle {
		if err := r.settle(ctx, tx, by, verdicts); err != nil {
			return r, err
		}
	}
	return Load(ctx, tx, r.ID)
}

// read takes one verdict per part, in the request's order.
func (d Decision) read(r Request) ([]Verdict, error) {
	var bad fault.Fields
	var out []Verdict
	for _, p := range r.Parts {
		i := slices.IndexFunc(d.Parts, func(x Ruling) bool { return x.Part == p })
		if i < 0 {
			bad.Add("/parts", "amendment.part_undecided", text.M(p.Label()))
			continue
		}
		at := fmt.Sprintf("/parts/%d", i)
		x := d.Parts[i]
		v := Verdict{Part: p, Approved: x.Decision == Approve, Reason: strings.TrimSpace(x.Reason)}
		switch {
		case x.Decision == "":
			bad.Add(at+"/decision", "amendment.part_undecided", text.M(p.Label()))
		case x.Decision != Approve && x.Decision != Refuse:
			bad.Add(at+"/decision", "fault.unknown_choice", x.Decision)
		case !v.Approved && v.Reason == "":
			bad.Add(at+"/reason", "contract.reason_wanted")
		case utf8.RuneCountInString(v.Reason) > longestNote:
			bad.Add(at+"/reason", "fault.too_long", longestNote, utf8.RuneCountInString(v.Reason))
		}
		out = append(out, v)
	}
	for i, x := range d.Parts {
		if !slices.Contains(r.Parts, x.Part) {
			bad.Add(fmt.Sprintf("/parts/%d/part", i), "fault.unknown_choice", string(x.Part))
		}
	}
	return out, bad.Err()
}

// still refuses to approve an account whose holder is no longer what the company is called.
func (r Request) still(ctx context.Context, tx *db.Tx) error {
	v, err := vendor.Load(ctx, tx, r.VendorID)
	if err != nil {
		return err
	}
	_, problems, _ := qualification.CorporateAccount(r.Paper.Now.Account, v.Company.Name)
	if len(problems) > 0 {
		return fault.New(fault.Conflict, "amendment.holder_now_differs", v.Company.Name).Of("D-5")
	}
	return nil
}

// settle puts the approved parts in force, upon the profile as it is now.
func (r Request) settle(ctx context.Context, tx *db.Tx, by access.Actor, verdicts []Verdict) error {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	if busy, err := qualification.InOffice(ctx, tx, r.VendorID); err != nil || busy {
		if err == nil {
			err = fault.New(fault.Conflict, "amendment.application_first").Of("O-3")
		}
		return err
	}
	v, err := vendor.Load(ctx, tx, r.VendorID)
	if err != nil {
		return err
	}
	was, now := company(p, r.Paper.Was), company(p, r.Paper.Now)
	var pointers []string
	for _, c := range changes(was, now) {
		approved := slices.ContainsFunc(verdicts, func(x Verdict) bool { return x.Part == c.Part && x.Approved })
		if !approved {
			continue
		}
		pointers = append(pointers, c.Field)
	}
	for _, f := range fields {
		if slices.Contains(pointers, f.pointer) && f.text(v.Company) != f.text(was) {
			return fault.New(fault.Conflict, "amendment.profile_changed", text.M(FieldLabel(f.pointer)))
		}
	}
	changed := put(v.Company, now, pointers)
	if err := r.apply(ctx, tx, by, changed, pointers); err != nil {
		return err
	}
	if !slices.Contains(pointers, "/company/name") || !p.Amendments.ContractOnRename {
		return nil
	}
	return supplement(ctx, tx, by, r.VendorID, p, v.Company.Name, changed.Name)
}

// FieldLabel is the name of a field for people.
func FieldLabel(pointer string) text.Key {
	return text.Key("amendment.field" + strings.ReplaceAll(pointer, "/", "_"))
}
