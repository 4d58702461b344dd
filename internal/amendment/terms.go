package amendment

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// NewMode asks for another cooperation mode.
type NewMode struct {
	Mode policy.Mode `json:"mode"`
	Note string      `json:"note,omitempty"`
}

// AskMode asks for another cooperation mode. It is granted by a new contract alone:
// until that is signed the old one holds. Without a contract in term, or while a
// request or an offer is open, it is fault.Conflict. Rule M-4.
func AskMode(ctx context.Context, tx *db.Tx, by access.Actor, in NewMode) (Request, error) {
	if err := by.OwnsVendor(by.VendorID, access.SignContract); err != nil {
		return Request{}, err
	}
	_, p, err := inside(ctx, tx, by.VendorID)
	if err != nil {
		return Request{}, err
	}
	now, err := contract.InForceNow(ctx, tx, by.VendorID)
	if err != nil {
		return Request{}, err
	}
	var bad fault.Fields
	_, known := p.Modes[in.Mode]
	switch {
	case in.Mode == "":
		bad.AddRule("M-4", "/mode", "fault.required")
	case !known:
		bad.AddRule("M-4", "/mode", "fault.unknown_choice", string(in.Mode))
	case in.Mode == now.Mode:
		bad.AddRule("M-4", "/mode", "amendment.same_mode", contract.ModeName(now.Mode))
	}
	return wish(ctx, tx, by, p, &bad, Mode, Paper{Mode: in.Mode, Number: now.Number, Note: in.Note})
}

// NewTerm asks for another term of the contract.
type NewTerm struct {
	Months int    `json:"months,omitempty"` // 0 is as long as now
	Note   string `json:"note,omitempty"`
}

const mostMonths = 120

// AskRenewal asks for another term after the one that ends. Earlier than the policy
// allows, without a contract in term, or when it is renewed or asked for already, it
// is fault.Conflict.
func AskRenewal(ctx context.Context, tx *db.Tx, by access.Actor, in NewTerm) (Request, error) {
	if err := by.OwnsVendor(by.VendorID, access.SignContract); err != nil {
		return Request{}, err
	}
	_, p, err := inside(ctx, tx, by.VendorID)
	if err != nil {
		return Request{}, err
	}
	now, err := contract.Renewable(ctx, tx, by.VendorID)
	if err != nil {
		return Request{}, err
	}
	var bad fault.Fields
	if in.Months < 0 || in.Months > mostMonths {
		bad.Add("/months", "contract.bad_months", mostMonths)
	}
	if in.Months == 0 {
		in.Months = now.Months
	}
	return wish(ctx, tx, by, p, &bad, Renewal, Paper{Months: in.Months, Number: now.Number, Note: in.Note})
}

// wish keeps a request that is granted by a contract.
func wish(ctx context.Context, tx *db.Tx, by access.Actor, p policy.Policy, bad *fault.Fields, k Kind, paper Paper) (Request, error) {
	paper.Note = strings.TrimSpace(paper.Note)
	if n := utf8.RuneCountInString(paper.Note); n > longestNote {
		bad.Add("/note", "fault.too_long", longestNote, n)
	}
	if err := bad.Err(); err != nil {
		return Request{}, err
	}
	if err := noneOpen(ctx, tx, by.VendorID, k); err != nil {
		return Request{}, err
	}
	r := Request{ID: tx.NewID("amd"), VendorID: by.VendorID, Kind: k, Status: Waiting, Parts: []Part{Part(k)}, Paper: paper,
		MadeBy: by.ID, MadeAt: tx.Now(), PromisedBy: promise(tx, p)}
	if err := r.insert(ctx, tx); err != nil {
		return r, err
	}
	if err := Submitted.Append(ctx, tx, by, r.about(), Data{Kind: k}); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

// supplement puts before the staff that a contract names the company as it was called.
func supplement(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string, p policy.Policy, was, now string) error {
	c, err := contract.InForceNow(ctx, tx, vendorID)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	switch _, err := openOf(ctx, tx, vendorID, Supplement); {
	case err == nil:
		return nil
	case !fault.Is(err, fault.NotFound):
		return err
	}
	paper := Paper{Number: c.Number}
	paper.Was.Company.Name, paper.Now.Company.Name = was, now
	r := Request{ID: tx.NewID("amd"), VendorID: vendorID, Kind: Supplement, Status: Waiting, Parts: []Part{Part(Supplement)}, Paper: paper,
		MadeBy: by.ID, MadeAt: tx.Now(), PromisedBy: promise(tx, p)}
	if err := r.insert(ctx, tx); err != nil {
		return err
	}
	return Renamed.Append(ctx, tx, by, r.about(), Data{Kind: Supplement})
}

// Grant offers the contract that a request asks for.
type Grant struct {
	ID       string            `path:"id" json:"-"`
	Version  int64             `json:"version,omitempty"`
	Proposal contract.Proposal `json:"proposal"` // what is left out is as the request and the policy say
}

// GrantByContract grants a mode, a term or a contract in the company's new name by
// offering the contract; the vendor then signs it as any other. Who has not the
// request on the desk, and whatever stands in the way of an offer, is fault.Conflict.
// Rules M-4, O-4.
func GrantByContract(ctx context.Context, tx *db.Tx, by access.Actor, in Grant) (Request, error) {
	r, err := onDesk(ctx, tx, by, Turn{in.ID, in.Version})
	if err != nil {
		return r, err
	}
	offer := contract.Change
	switch r.Kind {
	case Mode:
		if in.Proposal.Mode == "" {
			in.Proposal.Mode = r.Paper.Mode
		}
	case Renewal:
		offer = contract.Renew
		if in.Proposal.Months == 0 {
			in.Proposal.Months = r.Paper.Months
		}
	case Supplement:
	default:
		return r, fault.New(fault.Conflict, "amendment.no_contract_needed")
	}
	in.Proposal.VendorID = r.VendorID
	c, err := offer(ctx, tx, by, in.Proposal)
	if err != nil {
		return r, under("/proposal", err)
	}
	to := r
	if to.Status, err = r.Status.Next(ActSettle); err != nil {
		return r, err
	}
	to.ContractID, to.Verdicts = c.ID, []Verdict{{Part: r.Parts[0], Approved: true}}
	to.DecidedBy, to.DecidedAt, to.Holder, to.HeldSince = by.ID, tx.Now(), "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	if err := Decided.Append(ctx, tx, by, r.about(), DecidedData{r.Kind, map[Part]bool{r.Parts[0]: true}}); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

// under puts the fields of a refusal below the place where the paper stands.
func under(at string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return err
	}
	moved := *f
	moved.Fields = append([]fault.Field(nil), f.Fields...)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = at + moved.Fields[i].Pointer
	}
	return &moved
}
