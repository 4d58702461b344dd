package deposit

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Step is one way to go on with a line.
type Step string

// The ways to go on with a line, a share or a debit.
const (
	StepConfirm  Step = "confirm"
	StepSendBack Step = "send_back"
	StepExclude  Step = "exclude"
	StepCorrect  Step = "correct"
	StepReverse  Step = "reverse"
)

// Label is the step's word for people.
func (s Step) Label() text.Key { return text.Key("deposit.step_" + string(s)) }

// Outlook is what a way to go on with a line would post: what each account of the
// ledger holds before and after. Rule D-12.
type Outlook struct {
	Step    Step
	Credit  payment.Line // of StepReverse: the credit that would be taken back
	Effects []ledger.Effect
}

// Outlooks are the ways to go on with a line, a share or a debit as it stands, each
// with what would be posted. Nothing is written.
func Outlooks(ctx context.Context, tx *db.Tx, by access.Actor, id string) ([]Outlook, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	l, err := payment.Find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	var all []Outlook
	add := func(o Outlook, entries []ledger.Entry) error {
		var err error
		o.Effects, err = ledger.Effects(ctx, tx, entries)
		all = append(all, o)
		return err
	}
	switch l.State {
	case payment.Taken:
		return all, undoing(ctx, tx, l, add)
	case payment.Debit:
		if err := reversing(ctx, tx, by, l, add); err != nil {
			return nil, err
		}
		return all, add(Outlook{Step: StepExclude}, ledger.OtherMovement(l.Amount))
	case payment.Shared:
		return nil, nil
	case payment.Certain, payment.Doubtful:
		f, err := load(ctx, tx, l.Subject)
		if err != nil {
			return nil, err
		}
		held := money.CNY(min(l.Amount.Fen, f.state.Missing.Fen))
		if err := add(Outlook{Step: StepConfirm}, ledger.DepositReceived(l.Subject, held, money.CNY(l.Amount.Fen-held.Fen))); err != nil {
			return nil, err
		}
	}
	if err := add(Outlook{Step: StepSendBack}, ledger.PayoutAsked(ledger.Unidentified(), "new", l.Amount)); err != nil {
		return nil, err
	}
	return all, add(Outlook{Step: StepExclude}, ledger.OtherMovement(l.Amount))
}

// undoing adds the correction of a confirmed line.
func undoing(ctx context.Context, tx *db.Tx, l payment.Line, add func(Outlook, []ledger.Entry) error) error {
	r, err := receiptByID(ctx, tx, l.TakenFor)
	if errors.Is(err, fault.NotFound) || err == nil && r.Void() {
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := voidEntries(ctx, tx, r)
	if err != nil {
		return err
	}
	return add(Outlook{Step: StepCorrect}, entries)
}

// reversing adds the credits that a debit may take back.
func reversing(ctx context.Context, tx *db.Tx, by access.Actor, l payment.Line, add func(Outlook, []ledger.Entry) error) error {
	credits, err := payment.Originals(ctx, tx, by, l.ID)
	if err != nil {
		return err
	}
	for _, c := range credits {
		r, confirmed, err := confirmedAs(ctx, tx, c)
		if fault.Is(err, fault.Conflict) {
			continue // settled otherwise
		}
		if err != nil {
			return err
		}
		var entries []ledger.Entry
		if confirmed {
			if entries, err = voidEntries(ctx, tx, r); err != nil {
				return err
			}
		}
		if err := add(Outlook{Step: StepReverse, Credit: c}, entries); err != nil {
			return err
		}
	}
	return nil
}

func voidEntries(ctx context.Context, tx *db.Tx, r Receipt) ([]ledger.Entry, error) {
	overpaid, err := ledger.Balance(ctx, tx, ledger.Overpaid(r.VendorID))
	excess, held := voided(r, overpaid)
	return ledger.DepositVoided(r.VendorID, held, excess), err
}
