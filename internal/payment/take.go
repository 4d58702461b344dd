package payment

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Open loads a line that nobody took yet, with its proposal weighed against what
// is expected at this moment. It is fault.Conflict for a taken line and for one
// that went out, fault.NotFound for none.
func Open(ctx context.Context, tx *db.Tx, lineID string) (Line, error) {
	l, err := lineByID(ctx, tx, lineID)
	if err != nil {
		return Line{}, err
	}
	if err := l.open(); err != nil {
		return Line{}, err
	}
	if l.Subject == "" {
		return l, nil
	}
	a, err := announcementOf(ctx, tx, l.Subject)
	if errors.Is(err, fault.NotFound) {
		return l, nil
	}
	if err != nil {
		return Line{}, err
	}
	// The proposal may be older than the announcement; doubt that came with it stays, except over amounts.
	fresh := weighByHand(l, a)
	for _, r := range l.Reasons {
		if r.Code == Candidates {
			fresh.state, fresh.reasons = Doubtful, append([]Reason{r}, fresh.reasons...)
		}
	}
	l.State, l.Reasons = fresh.state, fresh.reasons
	return l, nil
}

// Take counts a line as what it was paid for; by is the person who confirmed it.
// A line is taken at most once (D-7): the second is fault.Conflict.
func Take(ctx context.Context, tx *db.Tx, by access.Actor, lineID, takenFor string) error {
	n, err := tx.Exec(ctx, `
		UPDATE bank_line SET state = 'taken', taken_for = $1, taken_by = $2, taken_at = $3
		WHERE id = $4 AND state IN ('unknown', 'doubtful', 'certain') AND taken_for IS NULL`,
		takenFor, by.ID, tx.Now(), lineID)
	if err == nil && n != 1 {
		return fault.New(fault.Conflict, "payment.taken").Of("D-7")
	}
	return err
}
