package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// DecisionKind is what is decided about money that was received.
type DecisionKind string

// The kinds of decisions.
const (
	Apply   DecisionKind = "apply"   // an overpayment counts as deposit (D-12)
	Correct DecisionKind = "correct" // a confirmation was wrong
	Reverse DecisionKind = "reverse" // the bank took a credit back (冲正)
	Exclude DecisionKind = "exclude" // a line has nothing to do with deposits
)

// DecisionKinds lists the kinds.
func DecisionKinds() []DecisionKind { return []DecisionKind{Apply, Correct, Reverse, Exclude} }

// Label is the kind's word for people.
func (k DecisionKind) Label() text.Key { return text.Key("deposit.decision_" + string(k)) }

// DecisionStatus is where a decision stands.
type DecisionStatus string

// The statuses of a decision.
const (
	DecisionAsked     DecisionStatus = "asked"
	DecisionApproved  DecisionStatus = "approved"
	DecisionDeclined  DecisionStatus = "declined"
	DecisionWithdrawn DecisionStatus = "withdrawn" // by who asked
)

// DecisionStatuses lists the statuses in the order of the story.
func DecisionStatuses() []DecisionStatus {
	return []DecisionStatus{DecisionAsked, DecisionApproved, DecisionDeclined, DecisionWithdrawn}
}

// Label is the status's word for people.
func (s DecisionStatus) Label() text.Key { return text.Key("deposit.decision_" + string(s)) }

// Decision is a step about received money that two people take: one asks for it
// with a reason, another approves it, and only then it is posted. Rules D-7 and D-12.
type Decision struct {
	ID        string
	Kind      DecisionKind
	Status    DecisionStatus
	LineID    string // the line or share it is about; "" of Apply
	DebitID   string // of Reverse: the debit that takes the line back
	VendorID  string // "" where no vendor is concerned
	ReceiptID string // of Correct, and of Reverse where the line was confirmed
	Amount    money.Amount
	Reason    string
	AskedBy   string
	AskedAt   time.Time
	DecidedBy string
	DecidedAt time.Time
	Note      string // of who declined
}

// target is what only one decision at a time may wait for.
func (d Decision) target() string {
	switch d.Kind {
	case Apply:
		return d.VendorID
	case Correct:
		return d.ReceiptID
	}
	return d.LineID
}

func (d Decision) about() event.About { return event.About{Subject: d.ID, VendorID: d.VendorID} }

func (d Decision) data() DecisionData {
	return DecisionData{Kind: d.Kind, Fen: d.Amount.Fen, Line: d.LineID, Receipt: d.ReceiptID}
}

// DecisionData is what the events of a decision hold.
type DecisionData struct {
	Kind    DecisionKind `json:"kind"`
	Fen     int64        `json:"fen"`
	Line    string       `json:"line,omitempty"`
	Receipt string       `json:"receipt,omitempty"`
}

// Events of decisions; the subject is the decision. What a vendor is told are the
// events of what was done: Applied, Voided.
var (
	DecisionWanted  = event.Kind[DecisionData]{Name: "deposit.decision_asked", Internal: true}
	DecisionTaken   = event.Kind[DecisionData]{Name: "deposit.decision_approved", Internal: true}
	DecisionRefused = event.Kind[DecisionData]{Name: "deposit.decision_declined", Internal: true}
	DecisionDropped = event.Kind[DecisionData]{Name: "deposit.decision_withdrawn", Internal: true}
)

// Chosen names a decision.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// propose keeps a decision that another person is to approve. What waits for the
// same thing already is fault.Conflict.
func (d Decision) propose(ctx context.Context, tx *db.Tx, by access.Actor) (Decision, error) {
	d.ID, d.Status, d.AskedBy, d.AskedAt = tx.NewID("dec"), DecisionAsked, by.ID, tx.Now()
	waits, err := db.Exists(ctx, tx, `SELECT 1 FROM deposit_decision WHERE target = $1 AND status = 'asked'`, d.target())
	if err != nil {
		return Decision{}, err
	}
	if waits {
		return Decision{}, fault.New(fault.Conflict, "deposit.decision_waits").Of("D-7")
	}
	if err := insertDecision(ctx, tx, d); err != nil {
		if db.IsUnique(err) {
			err = fault.New(fault.Conflict, "deposit.decision_waits").Of("D-7")
		}
		return Decision{}, err
	}
	return d, DecisionWanted.Append(ctx, tx, by, d.about(), d.data())
}

// Approve takes a decision that another person asked for, and posts it. Who asked
// is fault.Forbidden unless policy allows one person (D-7); one that is decided
// already, and one whose facts have changed since, are fault.Conflict.
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Decision, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Decision{}, err
	}
	if by.Kind != access.Staff {
		return Decision{}, fault.New(fault.Forbidden, "deposit.only_people").Of("D-7")
	}
	d, err := waiting(ctx, tx, in.ID)
	if err != nil {
		return Decision{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Decision{}, err
	}
	if d.AskedBy == by.ID && !p.OnePersonForMoney {
		return Decision{}, fault.New(fault.Forbidden, "deposit.asked_by_you").Of("D-7")
	}
	carry := map[DecisionKind]func(context.Context, *db.Tx, access.Actor, *Decision) error{Apply: apply, Correct: correct, Reverse: reverse, Exclude: exclude}[d.Kind]
	if err := carry(ctx, tx, by, &d); err != nil {
		return Decision{}, err
	}
	return d.end(ctx, tx, by, DecisionApproved, "", DecisionTaken)
}

// Declining is the second person's no.
type Declining struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"`
}

// Decline says no to a decision that somebody asked for, with a reason; nothing is posted.
func Decline(ctx context.Context, tx *db.Tx, by access.Actor, in Declining) (Decision, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Decision{}, err
	}
	d, err := waiting(ctx, tx, in.ID)
	if err != nil {
		return Decision{}, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Decision{}, err
	}
	return d.end(ctx, tx, by, DecisionDeclined, reason, DecisionRefused)
}

// Recall takes a decision back that the actor asked for; another's is fault.Forbidden.
func Recall(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Decision, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Decision{}, err
	}
	d, err := waiting(ctx, tx, in.ID)
	if err != nil {
		return Decision{}, err
	}
	if d.AskedBy != by.ID {
		return Decision{}, fault.New(fault.Forbidden, "deposit.asked_by_another")
	}
	return d.end(ctx, tx, by, DecisionWithdrawn, "", DecisionDropped)
}

func waiting(ctx context.Context, tx *db.Tx, id string) (Decision, error) {
	d, err := decisionByID(ctx, tx, id)
	if err == nil && d.Status != DecisionAsked {
		return Decision{}, fault.New(fault.Conflict, "deposit.decision_over", d.Status.Label())
	}
	return d, err
}

func (d Decision) end(ctx context.Context, tx *db.Tx, by access.Actor, to DecisionStatus, note string, kind event.Kind[DecisionData]) (Decision, error) {
	d.Status, d.DecidedBy, d.DecidedAt, d.Note = to, by.ID, tx.Now(), note
	err := tx.Move(ctx, `
		UPDATE deposit_decision SET status = $1, decided_by = $2, decided_at = $3, note = $4, receipt_id = $5
		WHERE id = $6 AND status = 'asked'`, string(d.Status), d.DecidedBy, d.DecidedAt, d.Note, d.ReceiptID, d.ID)
	if err != nil {
		return Decision{}, err
	}
	return d, kind.Append(ctx, tx, by, d.about(), d.data())
}

const decisionColumns = `id, kind, status, line_id, other_id, vendor_id, receipt_id, fen, currency, reason, asked_by, asked_at, decided_by, decided_at, note`

func (d *Decision) fields() []any {
	return []any{&d.ID, &d.Kind, &d.Status, &d.LineID, &d.DebitID, &d.VendorID, &d.ReceiptID, &d.Amount.Fen, &d.Amount.Currency, &d.Reason,
		&d.AskedBy, db.Time(&d.AskedAt), &d.DecidedBy, db.Time(&d.DecidedAt), &d.Note}
}

func insertDecision(ctx context.Context, tx *db.Tx, d Decision) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO deposit_decision (id, kind, status, target, line_id, other_id, vendor_id, receipt_id, fen, currency, reason, asked_by, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		d.ID, string(d.Kind), string(d.Status), d.target(), d.LineID, d.DebitID, d.VendorID, d.ReceiptID, d.Amount.Fen, d.Amount.Code(), d.Reason, d.AskedBy, d.AskedAt)
	return err
}

func decisionByID(ctx context.Context, tx *db.Tx, id string) (Decision, error) {
	return db.One(ctx, tx, (*Decision).fields, `SELECT `+decisionColumns+` FROM deposit_decision WHERE id = $1`, id)
}

// DecisionFilter narrows the list of decisions; the zero value is all.
type DecisionFilter struct {
	Status DecisionStatus
	Vendor string
	Target string // a line, share or debit
	Before string // cursor: the id of the last one seen
	Limit  int    // 0 is 50, at most 200
}

// Decisions lists decisions for staff who see money: those that wait come oldest
// first, all others newest first.
func Decisions(ctx context.Context, tx *db.Tx, by access.Actor, f DecisionFilter) ([]Decision, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	order, beyond := " DESC", "<"
	if f.Status == DecisionAsked {
		order, beyond = "", ">"
	}
	q := `SELECT ` + decisionColumns + ` FROM deposit_decision WHERE 1 = 1`
	var args []any
	add := func(cond, v string) {
		if v != "" {
			args = append(args, v)
			q += " AND " + cond + db.In(len(args), 1)
		}
	}
	add("status IN ", string(f.Status))
	add("vendor_id <> '' AND vendor_id IN ", f.Vendor)
	if f.Target != "" {
		args = append(args, f.Target)
		n := db.In(len(args), 1)
		q += " AND (line_id <> '' AND line_id IN " + n + " OR other_id <> '' AND other_id IN " + n + ")"
	}
	add("id "+beyond+" ", f.Before)
	args = append(args, Filter{Limit: f.Limit}.limit())
	return db.All(ctx, tx, (*Decision).fields, q+" ORDER BY id"+order+" LIMIT "+db.In(len(args), 1), args...)
}

// GetDecision loads one decision for staff who see money.
func GetDecision(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Decision, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return Decision{}, err
	}
	return decisionByID(ctx, tx, id)
}

// DecisionsWaiting counts the decisions that wait for a second person.
func DecisionsWaiting(ctx context.Context, tx *db.Tx, by access.Actor) (int, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return 0, err
	}
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM deposit_decision WHERE status = 'asked'`)
}
