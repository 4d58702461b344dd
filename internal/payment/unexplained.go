package payment

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
)

// Unexplained reads lines of a statement that nothing took yet, debits and credits,
// after a line, for another noun that looks for its own among them.
func Unexplained(ctx context.Context, tx *db.Tx, statementID, after string, limit int) ([]Line, error) {
	rows, err := db.All(ctx, tx, (*stored).fields, `
		SELECT `+lineColumns+` FROM bank_line
		WHERE statement_id = $1 AND id > $2 AND state IN ('debit', 'unknown', 'doubtful', 'certain') AND taken_for IS NULL
		ORDER BY id LIMIT $3`, statementID, after, limit)
	if err != nil {
		return nil, err
	}
	return openAll(tx, rows)
}
