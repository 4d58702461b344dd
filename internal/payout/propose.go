package payout

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// SearchJob looks for payouts among the lines of a statement.
var SearchJob = job.Kind[Search]{Name: "payout.search"}

// Search names the lines that are looked at.
type Search struct {
	Statement string `json:"statement"`
	After     string `json:"after,omitempty"` // the last line looked at
}

// searchSize is how many lines one run of the search looks at.
const searchSize = 200

// LookThrough is the reaction to an imported statement: its lines are looked
// through for payouts and their returns.
func LookThrough(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	return Propose(ctx, tx, by, Search{Statement: e.Subject})
}

// Propose notes for which payouts the next lines of a statement may stand. It is
// the handler of SearchJob.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, in Search) error {
	if err := by.Require(access.ImportMoney); err != nil {
		return err
	}
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	all, err := expected(ctx, tx, tx.Now().AddDate(0, 0, -rules.Exit.Payouts.BounceDays))
	if err != nil || len(all) == 0 {
		return err
	}
	lines, err := payment.Unexplained(ctx, tx, in.Statement, in.After, searchSize)
	if err != nil || len(lines) == 0 {
		return err
	}
	for _, l := range lines {
		if v, ok := judge(l, all, rules.Exit.Payouts); ok {
			if err := save(ctx, tx, l, v); err != nil {
				return err
			}
		}
	}
	if len(lines) < searchSize {
		return nil
	}
	in.After = lines[len(lines)-1].ID
	return SearchJob.Later(ctx, tx, in)
}

// expected are the payouts that a line may be of: those that may be paid, and
// those paid since a time.
func expected(ctx context.Context, tx *db.Tx, since time.Time) ([]Payout, error) {
	rows, err := db.All(ctx, tx, (*stored).fields, `
		SELECT `+columns+` FROM payout
		WHERE status IN ('approved', 'filed') OR status = 'paid' AND paid_at >= $1 ORDER BY id`, since)
	return openAll(tx, rows, err)
}

func save(ctx context.Context, tx *db.Tx, l payment.Line, v verdict) error {
	if v.reasons == nil {
		v.reasons = []Reason{}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO payout_proposal (line_id, payout_id, kind, certain, reasons, proposed_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (line_id, payout_id) DO UPDATE SET certain = excluded.certain, reasons = excluded.reasons, proposed_at = excluded.proposed_at`,
		l.ID, v.payout.ID, string(v.kind), len(v.reasons) == 0, db.JSON(v.reasons), tx.Now())
	return err
}

// Proposal says that a line of a statement may be a payout's movement.
type Proposal struct {
	LineID     string
	PayoutID   string
	Kind       Kind
	Certain    bool
	Reasons    []Reason
	ProposedAt time.Time
}

const proposalColumns = `line_id, payout_id, kind, certain, reasons, proposed_at`

func (p *Proposal) fields() []any {
	return []any{&p.LineID, &p.PayoutID, &p.Kind, &p.Certain, db.JSON(&p.Reasons), db.Time(&p.ProposedAt)}
}

func proposalOf(ctx context.Context, tx *db.Tx, line, payout string) ([]Proposal, error) {
	return db.All(ctx, tx, (*Proposal).fields,
		`SELECT `+proposalColumns+` FROM payout_proposal WHERE line_id = $1 AND payout_id = $2`, line, payout)
}
