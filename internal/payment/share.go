package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Share is a part of a line that pays for several, of one subject or of many. Once
// a line is split, its shares are decided on in its place.
type Share struct {
	ID       string
	LineID   string
	Amount   money.Amount
	Subject  string // whom it is for; "" while nobody is known
	SplitBy  string
	SplitAt  time.Time
	TakenFor string
	TakenBy  string
	TakenAt  time.Time
}

// Splitting divides a line.
type Splitting struct {
	LineID string    `json:"-" path:"id"`
	Shares []Portion `json:"shares"`
}

// Portion is one share as a person states it.
type Portion struct {
	Subject string       `json:"subject"` // as a vendor's id; "" for a part nobody is known for
	Amount  money.Amount `json:"amount"`
}

// mostShares is how many parts a line is split into at most.
const mostShares = 50

// Split divides an open credit line into shares that together are its amount; each
// is then decided on like a line, and taken once (D-7). Shares that do not add up,
// or for somebody nothing is expected from, are fault.Invalid; a line that is taken,
// split already or went out is fault.Conflict. Who splits does not confirm.
func Split(ctx context.Context, tx *db.Tx, by access.Actor, in Splitting) (Line, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Line{}, err
	}
	l, err := lineByID(ctx, tx, in.LineID)
	if err != nil {
		return Line{}, err
	}
	if err := l.open(); err != nil {
		return Line{}, err
	}
	if err := in.check(ctx, tx, l); err != nil {
		return Line{}, err
	}
	err = tx.Move(ctx, `
		UPDATE bank_line SET state = 'split', subject = '', reasons = '[]', proposed_by = $1, proposed_at = $2
		WHERE id = $3 AND state = $4 AND subject = $5 AND taken_for IS NULL`, by.ID, tx.Now(), l.ID, string(l.State), l.Subject)
	if err != nil {
		return Line{}, err
	}
	var rows []string
	var args []any
	for _, p := range in.Shares {
		rows = append(rows, db.In(len(args)+1, 7))
		args = append(args, tx.NewID("shr"), l.ID, p.Amount.Fen, p.Amount.Code(), p.Subject, by.ID, tx.Now())
	}
	_, err = tx.Exec(ctx, `INSERT INTO bank_line_share (id, line_id, fen, currency, subject, split_by, split_at) VALUES `+strings.Join(rows, ", "), args...)
	if err != nil {
		return Line{}, err
	}
	if err := LineSplit.Append(ctx, tx, by, event.About{Subject: l.ID}, SplitData{Shares: len(in.Shares)}); err != nil {
		return Line{}, err
	}
	return whole(ctx, tx, l.ID)
}

// check is the rule of the shares: at least two, each positive, together the line.
func (in Splitting) check(ctx context.Context, tx *db.Tx, l Line) error {
	var f fault.Fields
	if n := len(in.Shares); n < 2 || n > mostShares {
		f.AddRule("D-7", "/shares", "payment.shares_number", mostShares)
		return f.Err()
	}
	sum := money.Amount{Currency: l.Amount.Code()}
	for i, p := range in.Shares {
		at := fmt.Sprintf("/shares/%d", i)
		switch {
		case !p.Amount.SameCurrency(l.Amount):
			f.AddRule("D-7", at+"/amount", "payment.share_currency", l.Amount.Code())
			continue
		case p.Amount.Fen <= 0 || p.Amount.Fen > l.Amount.Fen:
			f.AddRule("D-7", at+"/amount", "payment.share_amount", l.Amount)
			continue
		}
		sum.Fen += p.Amount.Fen
		if p.Subject == "" {
			continue
		}
		_, err := announcementOf(ctx, tx, p.Subject)
		if errors.Is(err, fault.NotFound) {
			f.AddRule("D-7", at+"/subject", "payment.nothing_expected")
		} else if err != nil {
			return err
		}
	}
	if f.Err() == nil && sum.Fen != l.Amount.Fen {
		f.AddRule("D-7", "/shares", "payment.shares_sum", sum, l.Amount)
	}
	return f.Err()
}

// Joining undoes a split.
type Joining struct {
	LineID string `json:"-" path:"id"`
}

// Join puts a split line together again while none of its shares is taken; it is
// then proposed anew for whom it fits. A taken share is fault.Conflict.
func Join(ctx context.Context, tx *db.Tx, by access.Actor, in Joining) (Line, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Line{}, err
	}
	l, err := whole(ctx, tx, in.LineID)
	if err != nil {
		return Line{}, err
	}
	if l.State != Shared {
		return Line{}, fault.New(fault.Conflict, "payment.not_split")
	}
	n, err := tx.Exec(ctx, `DELETE FROM bank_line_share WHERE line_id = $1 AND taken_for IS NULL`, l.ID)
	if err != nil {
		return Line{}, err
	}
	if n != int64(len(l.Shares)) {
		return Line{}, fault.New(fault.Conflict, "payment.share_taken").Of("D-7")
	}
	if err := tx.Move(ctx, `UPDATE bank_line SET state = 'unknown', proposed_by = '' WHERE id = $1 AND state = 'split'`, l.ID); err != nil {
		return Line{}, err
	}
	if err := LineJoined.Append(ctx, tx, by, event.About{Subject: l.ID}, event.None{}); err != nil {
		return Line{}, err
	}
	return proposedAnew(ctx, tx, l.ID)
}

// proposedAnew looks for whom a line is from and returns it with what was found.
func proposedAnew(ctx context.Context, tx *db.Tx, id string) (Line, error) {
	l, err := lineByID(ctx, tx, id)
	if err != nil {
		return Line{}, err
	}
	if err := propose(ctx, tx, []Line{l}); err != nil {
		return Line{}, err
	}
	return whole(ctx, tx, id)
}

const shareColumns = `id, line_id, fen, currency, subject, split_by, split_at, taken_for, taken_by, taken_at`

func (s *Share) fields() []any {
	return []any{&s.ID, &s.LineID, &s.Amount.Fen, &s.Amount.Currency, &s.Subject, &s.SplitBy, db.Time(&s.SplitAt), db.Null(&s.TakenFor), &s.TakenBy, db.Time(&s.TakenAt)}
}

// isShare tells the id of a share from that of a line.
func isShare(id string) bool { return strings.HasPrefix(id, "shr_") }

func shareByID(ctx context.Context, tx *db.Tx, id string) (Share, error) {
	return db.One(ctx, tx, (*Share).fields, `SELECT `+shareColumns+` FROM bank_line_share WHERE id = $1`, id)
}

func sharesOf(ctx context.Context, tx *db.Tx, lineID string) ([]Share, error) {
	return db.All(ctx, tx, (*Share).fields, `SELECT `+shareColumns+` FROM bank_line_share WHERE line_id = $1 ORDER BY id`, lineID)
}

// whole loads a line with its shares.
func whole(ctx context.Context, tx *db.Tx, id string) (Line, error) {
	l, err := lineByID(ctx, tx, id)
	if err != nil || l.State != Shared && l.TakenFor != byShares {
		return l, err
	}
	l.Shares, err = sharesOf(ctx, tx, id)
	return l, err
}

// part is a share seen as a line: what the bank says of the line, with the share's
// own amount, subject and state.
func (l Line) part(s Share) Line {
	l.ShareID, l.Amount, l.Subject, l.Shares = s.ID, s.Amount, s.Subject, nil
	l.TakenFor, l.TakenBy, l.TakenAt, l.ProposedBy, l.ProposedAt = s.TakenFor, s.TakenBy, s.TakenAt, s.SplitBy, s.SplitAt
	switch {
	case s.TakenFor != "":
		l.State = Taken
	case s.Subject == "":
		l.State = Unknown
	default:
		l.State, l.Reasons = Doubtful, []Reason{{Code: OneOfShares}}
	}
	return l
}
