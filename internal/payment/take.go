package payment

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Open loads a line that nobody took yet and the announcement it is proposed for,
// with the proposal weighed against what is expected at this moment. It is
// fault.Conflict for a taken line, one that went out, and one that is proposed for
// nobody; fault.NotFound for none.
func Open(ctx context.Context, tx *db.Tx, lineID string) (Line, Announcement, error) {
	l, err := lineByID(ctx, tx, lineID)
	if err != nil {
		return Line{}, Announcement{}, err
	}
	if err := l.open(); err != nil {
		return Line{}, Announcement{}, err
	}
	if l.Subject == "" {
		return Line{}, Announcement{}, fault.New(fault.Conflict, "payment.no_proposal").Of("D-7")
	}
	a, err := announcementOf(ctx, tx, l.Subject)
	if err != nil {
		return Line{}, Announcement{}, err
	}
	// The proposal may be older than the announcement. That there were several candidates stays.
	fresh := weighByHand(l, a)
	for _, r := range l.Reasons {
		if r.Code == Candidates {
			fresh.state, fresh.reasons = Doubtful, append([]Reason{r}, fresh.reasons...)
		}
	}
	l.State, l.Reasons = fresh.state, fresh.reasons
	return l, a, nil
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
