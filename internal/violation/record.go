package violation

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Paper is a violation as staff record it.
type Paper struct {
	VendorID    string         `json:"vendor"`
	Offence     string         `json:"offence"` // by its id in the policy
	ProductID   string         `json:"product"` // "" where none is concerned
	Measure     policy.Measure `json:"measure"` // "" is the offence's own
	Amount      money.Amount   `json:"amount"`  // of a deduction; zero is what the policy suggests
	Description string         `json:"description"`
	Evidence    []string       `json:"evidence"` // file ids, kept with the purpose violation
}

// Record writes down a violation with its rule and evidence and proposes what is to
// be done; nothing is done, and the vendor is not told, until another person decides.
// Rule D-11.
func Record(ctx context.Context, tx *db.Tx, by access.Actor, in Paper) (Violation, error) {
	if err := by.Require(access.RecordViolations); err != nil {
		return Violation{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Violation{}, err
	}
	var f fault.Fields
	switch err := vendor.Lock(ctx, tx, in.VendorID); {
	case in.VendorID == "":
		return Violation{}, fault.At("/vendor", "fault.required")
	case fault.Is(err, fault.NotFound):
		return Violation{}, fault.At("/vendor", "violation.vendor_unknown")
	case err != nil:
		return Violation{}, err
	}
	v := Violation{
		ID: tx.NewID("vio"), VendorID: in.VendorID, ProductID: in.ProductID, Status: Recorded, Measure: in.Measure,
		RecordedBy: by.ID, RecordedAt: tx.Now(), PromisedBy: tx.Now().Add(time.Duration(p.Violations.DecisionHours) * time.Hour),
		Proposed: money.CNY(0),
	}
	known := false
	if v.Offence, known = p.Violations.Offence(in.Offence); !known {
		f.AddRule("D-11", "/offence", "violation.offence_unknown")
	}
	if v.Measure == "" {
		v.Measure = v.Offence.Measure
	}
	v.Description = words(&f, p, "/description", in.Description, true)
	if err := v.propose(ctx, tx, &f, p, in.Amount); err != nil {
		return Violation{}, err
	}
	if err := v.concerns(ctx, tx, &f); err != nil {
		return Violation{}, err
	}
	proof, err := papers(ctx, tx, &f, p, v.VendorID, "/evidence", file.Violation, in.Evidence)
	if err != nil {
		return Violation{}, err
	}
	if len(proof) == 0 {
		f.AddRule("D-11", "/evidence", "violation.evidence_required")
	}
	if err := f.Err(); err != nil {
		return Violation{}, err
	}
	if err := insert(ctx, tx, v); err != nil {
		return Violation{}, err
	}
	if err := insertFiles(ctx, tx, v.ID, evidence, proof); err != nil {
		return Violation{}, err
	}
	return v, WasRecorded.Append(ctx, tx, by, v.about(), v.data())
}

// propose sets the amount of a deduction; the other measures have none.
func (v *Violation) propose(ctx context.Context, tx *db.Tx, f *fault.Fields, p policy.Policy, amount money.Amount) error {
	switch {
	case v.Measure != "" && !slices.Contains(policy.Measures(), v.Measure):
		f.Add("/measure", "fault.unknown_choice", string(v.Measure))
		return nil
	case v.Measure != policy.Deduction:
		if amount.Fen != 0 {
			f.AddRule("D-11", "/amount", "violation.amount_for_deduction")
		}
		v.Amount = money.CNY(0)
		return nil
	}
	if amount.Fen == 0 {
		s, err := deposit.Load(ctx, tx, v.VendorID)
		if err != nil {
			return err
		}
		amount = v.Offence.Suggested(s.Required)
	}
	switch most := money.CNY(p.Violations.MostFen); {
	case amount.Code() != money.Yuan:
		f.AddRule("D-11", "/amount", "deposit.only_cny")
	case amount.Fen <= 0:
		f.AddRule("D-11", "/amount", "deposit.amount_positive")
	case amount.Fen > most.Fen:
		f.AddRule("D-11", "/amount", "violation.amount_most", most)
	}
	v.Proposed, v.Amount = money.CNY(amount.Fen), money.CNY(amount.Fen)
	return nil
}

// concerns checks the product: the vendor's own, and named where it is to leave the shelf.
func (v *Violation) concerns(ctx context.Context, tx *db.Tx, f *fault.Fields) error {
	if v.ProductID == "" {
		if v.Measure == policy.ProductOff {
			f.Add("/product", "violation.product_required")
		}
		return nil
	}
	p, err := product.Load(ctx, tx, v.ProductID)
	if fault.Is(err, fault.NotFound) || err == nil && p.VendorID != v.VendorID {
		f.Add("/product", "violation.product_unknown")
		return nil
	}
	return err
}

// words cleans a text of a person and refuses one that is too short or too long.
func words(f *fault.Fields, p policy.Policy, pointer, s string, least bool) string {
	s = clean(s)
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		f.Add(pointer, "fault.required")
	case least && n < p.Violations.CharactersLeast:
		f.Add(pointer, "violation.too_short", p.Violations.CharactersLeast)
	case n > p.Violations.CharactersMost:
		f.Add(pointer, "fault.too_long", p.Violations.CharactersMost, n)
	}
	return s
}

// clean keeps the lines of a text and drops control characters and broken UTF-8.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// papers checks documents: each once, of the vendor, kept for the purpose, not too many.
func papers(ctx context.Context, tx *db.Tx, f *fault.Fields, p policy.Policy, vendorID, pointer string, purpose file.Purpose, ids []string) ([]string, error) {
	var out []string
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if most := p.Violations.FilesAtMost; len(out) > most {
		f.Add(pointer, "violation.files_most", most)
		return nil, nil
	}
	owned, err := file.Owned(ctx, tx, vendorID, out)
	if err != nil {
		return nil, err
	}
	for _, id := range out {
		if kept, ok := owned[id]; !ok || kept.Purpose != purpose {
			f.Add(pointer, text.Key("violation.file_unknown"))
			return nil, nil
		}
	}
	return out, nil
}
