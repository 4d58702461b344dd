package payment

import (
	"context"
	"iter"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Filter narrows a list of lines; the zero value is all, newest first.
type Filter struct {
	State     State
	Statement string
	Subject   string
	Before    string // cursor: the id of the last line seen
	Limit     int    // 0 is 50, at most 200
}

// Lines lists lines of statements for staff who see money, newest first, with the
// payers' accounts masked.
func Lines(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Line, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	q := `SELECT ` + lineColumns + ` FROM bank_line WHERE 1 = 1`
	var args []any
	add := func(cond, v string) {
		if v != "" {
			args = append(args, v)
			q += " AND " + cond + db.In(len(args), 1)
		}
	}
	add("state IN ", string(f.State))
	add("statement_id IN ", f.Statement)
	add("subject <> '' AND subject IN ", f.Subject) // the index leaves out lines of nobody
	add("id < ", f.Before)
	args = append(args, limit(f.Limit))
	rows, err := db.All(ctx, tx, (*stored).fields, q+" ORDER BY id DESC LIMIT "+db.In(len(args), 1), args...)
	if err != nil {
		return nil, err
	}
	lines, err := openAll(tx, rows)
	for i := range lines {
		lines[i] = lines[i].Masked()
	}
	return lines, err
}

// Masked hides what a list does not need: the payer's account but for its end, and
// the row as the bank wrote it.
func (l Line) Masked() Line {
	l.Payer.Account, l.Raw = vault.MaskAccount(l.Payer.Account), ""
	return l
}

func limit(n int) int {
	if n <= 0 || n > 200 {
		return 50
	}
	return n
}

// Get loads one line with its shares, or one share as a line, for staff who see
// money; the payer's account is masked.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Line, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return Line{}, err
	}
	l, err := Find(ctx, tx, id)
	return l.Masked(), err
}

// Count is how many lines stand in a state.
type Count struct {
	State State
	Lines int
}

// Counts counts the lines by state, at most db.Most of each, in the order of States.
func Counts(ctx context.Context, tx *db.Tx, by access.Actor) ([]Count, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	found, err := db.CappedEach(ctx, tx, `FROM bank_line WHERE state =`, States())
	var out []Count
	for _, s := range States() {
		out = append(out, Count{s, found[s]})
	}
	return out, err
}

// inOrder puts counts into the order of States, zeros too.
func inOrder(rows []Count) []Count {
	found := make(map[State]int)
	for _, r := range rows {
		found[r.State] = r.Lines
	}
	var out []Count
	for _, s := range States() {
		out = append(out, Count{s, found[s]})
	}
	return out
}

// EachOf gives the lines of a statement in its order, as Lines does.
func EachOf(ctx context.Context, tx *db.Tx, by access.Actor, statementID string) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		if err := by.Require(access.SeeMoney); err != nil {
			yield(Line{}, err)
			return
		}
		for after := ""; ; {
			rows, err := db.All(ctx, tx, (*stored).fields, `SELECT `+lineColumns+` FROM bank_line WHERE statement_id = $1 AND id > $2 ORDER BY id LIMIT 500`, statementID, after)
			if err != nil {
				yield(Line{}, err)
				return
			}
			for _, r := range rows {
				l, err := r.open(tx)
				if !yield(l.Masked(), err) || err != nil {
					return
				}
			}
			if len(rows) < 500 {
				return
			}
			after = rows[len(rows)-1].ID
		}
	}
}

// CountsOf counts the lines of one statement by state, in the order of States.
func CountsOf(ctx context.Context, tx *db.Tx, by access.Actor, statementID string) ([]Count, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, func(c *Count) []any { return []any{&c.State, &c.Lines} },
		`SELECT state, COUNT(*) FROM bank_line WHERE statement_id = $1 GROUP BY state`, statementID)
	return inOrder(rows), err
}

// Statements lists the imported files, newest first.
func Statements(ctx context.Context, tx *db.Tx, by access.Actor, before string, n int) ([]Statement, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, (*fileRow).fields, `
		SELECT `+statementColumns+` FROM bank_statement WHERE ($1 = '' OR id < $1) ORDER BY id DESC LIMIT $2`, before, limit(n))
	if err != nil {
		return nil, err
	}
	out := make([]Statement, len(rows))
	for i, r := range rows {
		if out[i], err = r.statement(tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// GetStatement loads one imported file.
func GetStatement(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Statement, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return Statement{}, err
	}
	return statementByID(ctx, tx, id)
}
