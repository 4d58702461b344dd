package payout

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Filter narrows the list of payouts; the zero value is all, newest first.
type Filter struct {
	Status  Status
	Subject string
	Batch   string
	Before  string // cursor: the id of the last one seen
	Limit   int    // 0 is 50, at most 200
}

// Listed is a payout with its vendor's name, its account masked.
type Listed struct {
	Payout
	VendorName string
}

// List lists payouts for staff who see money: those that wait come oldest first,
// all others newest first.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Listed, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	order, beyond := " DESC", "<"
	if f.Status != "" && f.Status.Open() {
		order, beyond = "", ">"
	}
	rows, err := db.All(ctx, tx, (*stored).fields, `
		SELECT `+columns+` FROM payout
		WHERE ($1 = '' OR status = $1) AND ($2 = '' OR subject = $2) AND ($3 = '' OR batch_id = $3 OR id IN (SELECT payout_id FROM payout_batch_item WHERE batch_id = $3))
		AND ($4 = '' OR id `+beyond+` $4) ORDER BY id`+order+` LIMIT $5`,
		string(f.Status), f.Subject, f.Batch, f.Before, f.Limit)
	list, err := openAll(tx, rows, err)
	if err != nil {
		return nil, err
	}
	return named(ctx, tx, list)
}

func named(ctx context.Context, tx *db.Tx, list []Payout) ([]Listed, error) {
	var ids []string
	for _, p := range list {
		if p.Subject != "" {
			ids = append(ids, p.Subject)
		}
	}
	names, err := vendor.Names(ctx, tx, ids)
	out := make([]Listed, len(list))
	for i, p := range list {
		p.To = p.To.Masked()
		out[i] = Listed{p, names[p.Subject]}
	}
	return out, err
}

// Count is how many payouts stand in a status, and how much they are.
type Count struct {
	Status Status
	Number int
	Sum    money.Amount
	Oldest time.Time // when the first of them was asked for
}

// Counts counts the payouts by status, in the order of Statuses.
func Counts(ctx context.Context, tx *db.Tx, by access.Actor) ([]Count, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, func(c *Count) []any { return []any{&c.Status, &c.Number, &c.Sum.Fen, db.Time(&c.Oldest)} },
		`SELECT status, COUNT(*), CAST(SUM(fen) AS BIGINT), MIN(asked_at) FROM payout GROUP BY status`)
	if err != nil {
		return nil, err
	}
	found := make(map[Status]Count)
	for _, r := range rows {
		r.Sum.Currency = money.Yuan
		found[r.Status] = r
	}
	var out []Count
	for _, s := range Statuses() {
		c := found[s]
		c.Status, c.Sum.Currency = s, money.Yuan
		out = append(out, c)
	}
	return out, nil
}

// WaitingCount tells how many payouts wait to be approved and how many lines of
// statements to be matched, each at most db.Most.
func WaitingCount(ctx context.Context, tx *db.Tx) (int, error) {
	n, err := db.One(ctx, tx, db.Value[int], db.Capped(`FROM payout WHERE status = 'ordered'`))
	if err != nil {
		return 0, err
	}
	lines, err := db.One(ctx, tx, db.Value[int], db.Capped(`FROM payout_proposal`))
	return n + lines, err
}

// Movement is a line of a statement that was counted as a payout's.
type Movement struct {
	LineID  string
	Kind    Kind
	Reason  string
	TakenBy string
	TakenAt time.Time
}

// Suggestion is a proposal with its line, the account masked.
type Suggestion struct {
	Proposal
	Line payment.Line
}

// Detail is everything about one payout.
type Detail struct {
	Listed
	OnRecord    bool // the account is the vendor's approved corporate account (D-10)
	Movements   []Movement
	Suggestions []Suggestion
	Files       []Batch // that it stands or stood in, newest first
}

// Get loads one payout for staff who see money.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Detail, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return Detail{}, err
	}
	p, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Detail{}, err
	}
	var d Detail
	if p.Subject != "" {
		v, err := vendor.Load(ctx, tx, p.Subject)
		if err == nil {
			d.OnRecord = v.Company.Account.Number == p.To.Number
		}
	}
	list, err := named(ctx, tx, []Payout{p})
	if err != nil {
		return d, err
	}
	d.Listed = list[0]
	d.Movements, err = db.All(ctx, tx, func(m *Movement) []any { return []any{&m.LineID, &m.Kind, &m.Reason, &m.TakenBy, db.Time(&m.TakenAt)} },
		`SELECT line_id, kind, reason, taken_by, taken_at FROM payout_movement WHERE payout_id = $1 ORDER BY taken_at, line_id`, p.ID)
	if err != nil {
		return d, err
	}
	if d.Suggestions, err = suggestions(ctx, tx, `WHERE payout_id = $1 ORDER BY proposed_at, line_id LIMIT 50`, p.ID); err != nil {
		return d, err
	}
	d.Files, err = db.All(ctx, tx, (*Batch).fields, `
		SELECT `+batchColumns+` FROM payout_batch b JOIN payout_batch_item i ON i.batch_id = b.id WHERE i.payout_id = $1 ORDER BY b.id DESC`, p.ID)
	return d, err
}

func suggestions(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Suggestion, error) {
	rows, err := db.All(ctx, tx, (*Proposal).fields, `SELECT `+proposalColumns+` FROM payout_proposal `+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]Suggestion, len(rows))
	for i, r := range rows {
		l, err := payment.Find(ctx, tx, r.LineID)
		if err != nil {
			return nil, err
		}
		out[i] = Suggestion{r, l.Masked()}
	}
	return out, nil
}

// Matched is a suggestion with its payout.
type Matched struct {
	Suggestion
	Payout Listed
}

// Matches lists the lines that wait to be matched, for staff who see money.
func Matches(ctx context.Context, tx *db.Tx, by access.Actor) ([]Matched, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	found, err := suggestions(ctx, tx, `ORDER BY proposed_at, line_id LIMIT 100`)
	if err != nil {
		return nil, err
	}
	var list []Payout
	for _, s := range found {
		p, err := Load(ctx, tx, s.PayoutID)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	withNames, err := named(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	out := make([]Matched, len(found))
	for i := range found {
		out[i] = Matched{found[i], withNames[i]}
	}
	return out, nil
}

// Batches lists the payment files, newest first.
func Batches(ctx context.Context, tx *db.Tx, by access.Actor, before string, n int) ([]Batch, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	if n <= 0 || n > 200 {
		n = 50
	}
	return db.All(ctx, tx, (*Batch).fields, `SELECT `+batchColumns+` FROM payout_batch b WHERE ($1 = '' OR b.id < $1) ORDER BY b.id DESC LIMIT $2`, before, n)
}

// GetBatch loads one payment file.
func GetBatch(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Batch, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return Batch{}, err
	}
	return batchByID(ctx, tx, in.ID)
}
