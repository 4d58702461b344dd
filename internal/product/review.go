package product

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Finding is how a check ended.
type Finding string

// The findings.
const (
	Met    Finding = "met"
	NotMet Finding = "not_met"
)

// Verdict is the finding of one check of the policy's list.
type Verdict struct {
	Check   string  `json:"check"`
	Finding Finding `json:"finding"`
	Reason  string  `json:"reason"` // for the vendor; required where not met
}

// Outcome is how a review ended.
type Outcome string

// The outcomes.
const (
	Approve Outcome = "approve"
	Reject  Outcome = "reject"
)

// Decision is a reviewer's decision on a product, with a verdict per check.
type Decision struct {
	ID       string    `json:"-" path:"id"`
	Outcome  Outcome   `json:"outcome"`
	Verdicts []Verdict `json:"verdicts"`
	Note     string    `json:"note"` // for staff only
}

// Review is a decision that was made.
type Review struct {
	ID        string
	Revision  int64
	Of        string // the revision it was about, "" for the product itself
	Outcome   Outcome
	Verdicts  []Verdict
	Note      string // "" for the vendor's people
	DecidedBy string // account id, "" for the vendor's people
	DecidedAt time.Time
}

// mostReason bounds a reason and a note, in characters.
const mostReason = 500

// forReview reads a product for a reviewer, with its vendor locked.
func forReview(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Product, error) {
	if err := by.Require(access.ReviewProducts); err != nil {
		return Product{}, err
	}
	p, err := Load(ctx, tx, id)
	if err != nil {
		return Product{}, err
	}
	return p, vendor.Lock(ctx, tx, p.VendorID)
}

// Claim takes a product in review for the reviewer alone; if another has it, it
// is fault.Conflict. A product that waits for the deposit is not reviewed. Rule S-1.
func Claim(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := forReview(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if _, err := p.Status.Next(ActClaim); err != nil {
		return Product{}, err
	}
	if p.Holder == by.ID {
		return p, nil
	}
	if p.Holder != "" {
		return Product{}, fault.New(fault.Conflict, "product.held")
	}
	if err := p.move(ctx, tx, ActClaim, func(p *Product) { p.Holder, p.HeldAt = by.ID, tx.Now() }); err != nil {
		return Product{}, err
	}
	return p, Claimed.Append(ctx, tx, by, p.about(), event.None{})
}

// Release gives a claimed product back to the queue; only who has it may.
func Release(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := forReview(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := p.heldBy(by); err != nil {
		return Product{}, err
	}
	if err := p.move(ctx, tx, ActRelease, func(p *Product) { p.Holder, p.HeldAt = "", zero }); err != nil {
		return Product{}, err
	}
	return p, Released.Append(ctx, tx, by, p.about(), event.None{})
}

func (p Product) heldBy(by access.Actor) error {
	if _, err := p.Status.Next(ActRelease); err != nil {
		return err
	}
	switch p.Holder {
	case by.ID:
		return nil
	case "":
		return fault.New(fault.Conflict, "product.not_claimed")
	}
	return fault.New(fault.Conflict, "product.held")
}

// Decide ends a review that the actor holds. To approve, every check of the form
// must be met; to reject, at least one must not, with a reason for the vendor. An
// approved product goes on the shelf by itself if the gates are met, otherwise as
// soon as they are. Rules O-7, S-1, S-3.
func Decide(ctx context.Context, tx *db.Tx, by access.Actor, in Decision) (Product, error) {
	p, err := forReview(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := p.heldBy(by); err != nil {
		return Product{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Product{}, err
	}
	in = in.clean()
	if err := in.wrong(pol.ChecksFor(p.Content.Form), true); err != nil {
		return Product{}, err
	}
	if err := in.record(ctx, tx, by, p, ""); err != nil {
		return Product{}, err
	}
	if in.Outcome == Reject {
		if err := p.move(ctx, tx, ActReject, nil); err != nil {
			return Product{}, err
		}
		return p, Refused.Append(ctx, tx, by, p.about(), RejectedData{p.named(), in.notMet()})
	}
	if err := p.move(ctx, tx, ActApprove, (*Product).newReport); err != nil {
		return Product{}, err
	}
	if err := Passed.Append(ctx, tx, by, p.about(), p.named()); err != nil {
		return Product{}, err
	}
	return p, p.shelveIfMet(ctx, tx, by)
}

// record writes a decision down, of a revision if one is named.
func (d Decision) record(ctx context.Context, tx *db.Tx, by access.Actor, p Product, revisionID string) error {
	verdicts, err := db.JSON(d.Verdicts).Value()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO product_review (id, product_id, revision, revision_id, decision, verdicts, note, decided_by, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.NewID("rev"), p.ID, p.Revision, revisionID, string(d.Outcome), verdicts, d.Note, by.ID, tx.Now())
	return err
}

func (d Decision) clean() Decision {
	d.Verdicts = slices.Clone(d.Verdicts)
	for i := range d.Verdicts {
		d.Verdicts[i].Reason = lines(d.Verdicts[i].Reason)
		d.Verdicts[i].Check = line(d.Verdicts[i].Check)
	}
	d.Verdicts = slices.DeleteFunc(d.Verdicts, func(v Verdict) bool { return v.Finding == "" && v.Reason == "" })
	d.Note = lines(d.Note)
	return d
}

func (d Decision) notMet() []string {
	var ids []string
	for _, v := range d.Verdicts {
		if v.Finding == NotMet {
			ids = append(ids, v.Check)
		}
	}
	return ids
}

// wrong is what is wrong with a decision, given the checks that the product needs;
// each of them must be met to approve, if all is asked for.
func (d Decision) wrong(checks []policy.Check, all bool) error {
	var f fault.Fields
	found := make(map[string]Finding)
	for i, v := range d.Verdicts {
		at := fmt.Sprintf("/verdicts/%d", i)
		known := slices.ContainsFunc(checks, func(c policy.Check) bool { return c.ID == v.Check })
		_, twice := found[v.Check]
		switch {
		case !known:
			f.Add(at+"/check", "fault.unknown_choice", v.Check)
		case twice:
			f.Add(at+"/check", "product.check_twice")
		case v.Finding != Met && v.Finding != NotMet:
			f.Add(at+"/finding", "fault.required")
		case v.Finding == NotMet && v.Reason == "":
			f.Add(at+"/reason", "product.reason_required")
		}
		if n := utf8.RuneCountInString(v.Reason); n > mostReason {
			f.Add(at+"/reason", "fault.too_long", mostReason, n)
		}
		found[v.Check] = v.Finding
	}
	if n := utf8.RuneCountInString(d.Note); n > mostReason {
		f.Add("/note", "fault.too_long", mostReason, n)
	}
	switch d.Outcome {
	case Approve:
		for _, c := range checks {
			if found[c.ID] != Met && (all || found[c.ID] == NotMet) {
				f.AddRule("S-1", "/outcome", "product.check_not_met", c.Name)
			}
		}
	case Reject:
		if len(d.notMet()) == 0 {
			f.AddRule("S-1", "/outcome", "product.reject_needs_reason")
		}
	case "":
		f.Add("/outcome", "fault.required")
	default:
		f.Add("/outcome", "fault.unknown_choice", string(d.Outcome))
	}
	return f.Err()
}
