package payment

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// FindingKind is what is wrong between two statements of an account.
type FindingKind string

// The kinds of findings.
const (
	Gap     FindingKind = "gap"     // the balance does not go on: something between them is missing
	Overlap FindingKind = "overlap" // both have the same days; their lines count once
)

// Finding is where a statement does not go on from the one before it.
type Finding struct {
	Kind          FindingKind
	Before, After Part
	From, To      calendar.Day // the days that are missing, or that both have; zero where there is none between
	Difference    money.Amount // of a gap: what After opens with, less what Before led to
	Missing       string       // the numbers of the missing statements, "" where the bank gives none
}

// Message is the finding in words.
func (f Finding) Message() text.Message {
	before, after := f.Before.label(), f.After.label()
	switch {
	case f.Kind == Overlap:
		return text.M("payment.finding_overlap", before, after, f.From, f.To)
	case f.From.IsZero():
		return text.M("payment.finding_gap_at", before, f.After.From, after, f.Difference)
	case f.Missing != "":
		return text.M("payment.finding_gap_numbers", before, after, f.Missing, f.From, f.To, f.Difference)
	}
	return text.M("payment.finding_gap", before, after, f.From, f.To, f.Difference)
}

// label names a statement for people.
func (p Part) label() string {
	if p.Name == "" {
		return p.FileName
	}
	return p.FileName + " (" + p.Name + ")"
}

// Findings lists where the statements of an account do not go on from each other,
// in the order of their days. Rule D-12: no line is missing.
func Findings(ctx context.Context, tx *db.Tx, by access.Actor, payee string) ([]Finding, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	if payee == "" {
		return nil, fault.At("/payee", "fault.required")
	}
	parts, err := partsOf(ctx, tx, payee, "")
	if err != nil {
		return nil, err
	}
	return follow(parts), nil
}

// Parts lists the statements in a file.
func Parts(ctx context.Context, tx *db.Tx, by access.Actor, statementID string) ([]Part, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	return partsOf(ctx, tx, "", statementID)
}

// follow goes through the statements of an account by their days and compares what
// each opens with to what those before it led to. A file without balances only adds
// its lines.
func follow(parts []Part) []Finding {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p.From.IsZero() })
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(number(a.Sequence), number(b.Sequence)),
			cmp.Compare(a.StatementID, b.StatementID), cmp.Compare(a.No, b.No))
	})
	var out []Finding
	var last Part // the one that reaches furthest
	var known bool
	var carried int64
	for _, p := range parts {
		switch {
		case p.Opening == nil || p.Closing == nil:
			if known && p.From.After(last.To) {
				carried += p.Credit.Fen - p.Debit.Fen
			}
			continue
		case !known:
			last, known = p, true
			continue
		}
		difference := p.Opening.Fen - last.Closing.Fen - carried
		switch {
		case difference == 0:
		case !p.From.After(last.To):
			to := p.To
			if last.To.Before(to) {
				to = last.To
			}
			out = append(out, Finding{Kind: Overlap, Before: last, After: p, From: p.From, To: to})
			if p.To.Before(last.To) {
				continue
			}
		default:
			f := Finding{Kind: Gap, Before: last, After: p, Difference: money.Amount{Fen: difference, Currency: p.Credit.Currency}, Missing: between(last.Sequence, p.Sequence)}
			if from, to := last.To.AddDays(1), p.From.AddDays(-1); !to.Before(from) {
				f.From, f.To = from, to
			}
			out = append(out, f)
		}
		last, carried = p, 0
	}
	return out
}

// number is a statement's number, 0 for none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// between names the numbers that are missing between two.
func between(a, b string) string {
	from, to := number(a)+1, number(b)-1
	switch {
	case from == 1 || to < from:
		return ""
	case from == to:
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}

// refuseGap refuses a statement before which something is missing.
func refuseGap(ctx context.Context, tx *db.Tx, row fileRow) error {
	parts, err := partsOf(ctx, tx, row.PayeeID, "")
	if err != nil {
		return err
	}
	var f fault.Fields
	for _, x := range follow(parts) {
		if x.Kind == Gap && x.After.StatementID == row.ID {
			f.Put(fault.Field{Pointer: "/file", Rule: "D-7", Message: x.Message()})
		}
	}
	return f.Err()
}
