package payment

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// byShares is what a line is taken for when each of its shares is.
const byShares = "shares"

// Find loads a line or a share by its id, whatever its state; a share comes as its
// line with its own amount. None is fault.NotFound.
func Find(ctx context.Context, tx *db.Tx, id string) (Line, error) {
	if !isShare(id) {
		return whole(ctx, tx, id)
	}
	s, err := shareByID(ctx, tx, id)
	if err != nil {
		return Line{}, err
	}
	l, err := lineByID(ctx, tx, s.LineID)
	return l.part(s), err
}

// Untaken is Find for what is still open to a decision: a credit that nobody took,
// or one of its shares. Others are fault.Conflict.
func Untaken(ctx context.Context, tx *db.Tx, id string) (Line, error) {
	l, err := Find(ctx, tx, id)
	if err != nil {
		return Line{}, err
	}
	return l, l.open()
}

// Open loads a line or share that nobody took yet and the announcement it is proposed
// for, with the proposal weighed against what is expected at this moment. It is
// fault.Conflict for a taken line, one that went out, one that was split, and one
// that is proposed for nobody; fault.NotFound for none.
func Open(ctx context.Context, tx *db.Tx, id string) (Line, Announcement, error) {
	l, err := Untaken(ctx, tx, id)
	if err != nil {
		return Line{}, Announcement{}, err
	}
	if l.Subject == "" {
		return Line{}, Announcement{}, fault.New(fault.Conflict, "payment.no_proposal").Of("D-7")
	}
	a, err := announcementOf(ctx, tx, l.Subject)
	if err != nil {
		return Line{}, Announcement{}, err
	}
	// The proposal may be older than the announcement. That there were several
	// candidates, and that a person made shares of it, stays.
	fresh := weighByHand(l, a)
	for _, r := range l.Reasons {
		if r.Code == Candidates || r.Code == OneOfShares {
			fresh.state, fresh.reasons = Doubtful, append([]Reason{r}, fresh.reasons...)
		}
	}
	l.State, l.Reasons = fresh.state, fresh.reasons
	return l, a, nil
}

// PayerAccount is the payer's account as far as the bank states it whole; "" where
// it does not, or masks it.
func (l Line) PayerAccount() string {
	if strings.Contains(l.Payer.Account, "*") {
		return ""
	}
	return strings.Join(strings.Fields(l.Payer.Account), "")
}

// Take counts a line or a share as what it was paid for; by is the person who
// confirmed it. Each is taken at most once (D-7): the second is fault.Conflict.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, id, takenFor string) error {
	if isShare(id) {
		return takeShare(ctx, tx, by, id, takenFor)
	}
	n, err := tx.Exec(ctx, `
		UPDATE bank_line SET state = 'taken', taken_for = $1, taken_by = $2, taken_at = $3
		WHERE id = $4 AND state IN ('unknown', 'doubtful', 'certain') AND taken_for IS NULL`,
		takenFor, by.ID, tx.Now(), id)
	if err == nil && n != 1 {
		return fault.New(fault.Conflict, "payment.taken").Of("D-7")
	}
	return err
}

// takeShare takes a share, and its line with the last of them. The line's row is
// changed first, so that two who take the last two shares wait for each other.
func takeShare(ctx context.Context, tx *db.Tx, by access.Actor, id, takenFor string) error {
	n, err := tx.Exec(ctx, `
		UPDATE bank_line SET taken_by = $1, taken_at = $2
		WHERE id = (SELECT line_id FROM bank_line_share WHERE id = $3) AND state = 'split'`, by.ID, tx.Now(), id)
	if err == nil && n == 1 {
		n, err = tx.Exec(ctx, `UPDATE bank_line_share SET taken_for = $1, taken_by = $2, taken_at = $3 WHERE id = $4 AND taken_for IS NULL`,
			takenFor, by.ID, tx.Now(), id)
	}
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.New(fault.Conflict, "payment.taken").Of("D-7")
	}
	_, err = tx.Exec(ctx, `
		UPDATE bank_line SET state = 'taken', taken_for = $1
		WHERE id = (SELECT line_id FROM bank_line_share WHERE id = $2)
		AND NOT EXISTS (SELECT 1 FROM bank_line_share s WHERE s.line_id = bank_line.id AND s.taken_for IS NULL)`, byShares, id)
	return err
}

// TakeDebit counts money that went out as what it was sent for, once: the second
// is fault.Conflict, as is a credit.
func TakeDebit(ctx context.Context, tx *db.Tx, by access.Actor, lineID, takenFor string) error {
	n, err := tx.Exec(ctx, `
		UPDATE bank_line SET state = 'taken', taken_for = $1, taken_by = $2, taken_at = $3
		WHERE id = $4 AND state = 'debit' AND taken_for IS NULL`, takenFor, by.ID, tx.Now(), lineID)
	if err == nil && n != 1 {
		return fault.New(fault.Conflict, "payment.debit_taken").Of("D-7")
	}
	return err
}

// Untake opens a line or share again that was taken for something which does not
// hold any more. It is not proposed for the same subject once more; a line is
// proposed anew. One that is not taken for that is fault.Conflict.
func Untake(ctx context.Context, tx *db.Tx, id, takenFor string) error {
	if isShare(id) {
		err := tx.Move(ctx, `
			UPDATE bank_line SET state = 'split', taken_for = NULL, taken_by = '', taken_at = NULL
			WHERE id = (SELECT line_id FROM bank_line_share WHERE id = $1 AND taken_for = $2)`, id, takenFor)
		if err != nil {
			return err
		}
		return tx.Move(ctx, `UPDATE bank_line_share SET taken_for = NULL, taken_by = '', taken_at = NULL, subject = '' WHERE id = $1 AND taken_for = $2`, id, takenFor)
	}
	l, err := lineByID(ctx, tx, id)
	if err != nil {
		return err
	}
	state := Unknown
	if l.Amount.Fen < 0 {
		state = Debit
	}
	if l.Withdrawn == nil {
		l.Withdrawn = []string{}
	}
	if l.Subject != "" {
		l.Withdrawn = append(l.Withdrawn, l.Subject)
	}
	err = tx.Move(ctx, `
		UPDATE bank_line SET state = $1, subject = '', reasons = '[]', proposed_by = '', withdrawn = $2, taken_for = NULL, taken_by = '', taken_at = NULL
		WHERE id = $3 AND state = 'taken' AND taken_for = $4`, string(state), db.JSON(l.Withdrawn), id, takenFor)
	if err != nil || state == Debit {
		return err
	}
	_, err = proposedAnew(ctx, tx, id)
	return err
}
