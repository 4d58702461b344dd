package payment

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
)

const statementColumns = `
	id, payee_id, sha256, file_name, mapping, status,
	lines, done, fresh, credits, debits, credit_fen, debit_fen, currency,
	first_day, last_day, imported_by, begun_at, imported_at,
	format, file_id, surveyed, checked, holder, progress_at, notes, faults`

// fileRow is a row of bank_statement; the mapping is kept whole, since staff may
// change it while an import is interrupted.
type fileRow struct {
	Statement
	mapping  string
	surveyed bool   // read to its end without a fault
	holder   string // the run that works on it, "" for none
	faults   string // sealed: they quote the file
}

func (r *fileRow) fields() []any {
	return []any{&r.ID, &r.PayeeID, &r.SHA256, &r.FileName, &r.mapping, &r.Status,
		&r.Lines, &r.Done, &r.Fresh, &r.Credits, &r.Debits, &r.Credit.Fen, &r.Debit.Fen, &r.Credit.Currency,
		&r.From, &r.To, &r.ImportedBy, db.Time(&r.BegunAt), db.Time(&r.ImportedAt),
		&r.Format, &r.FileID, &r.surveyed, &r.Checked, &r.holder, db.Time(&r.ProgressAt), db.JSON(&r.Notes), &r.faults}
}

func (r fileRow) statement(tx *db.Tx) (Statement, error) {
	s := r.Statement
	if s.Status == Refused {
		plain, err := tx.Vault().Open(faultsPlace(s.ID), r.faults)
		if err == nil {
			err = json.Unmarshal([]byte(plain), &s.Faults)
		}
		if err != nil {
			return s, err
		}
	}
	s.Held = r.holder != ""
	s.Active = s.Going(tx.Now())
	s.Debit.Currency = s.Credit.Currency
	var m struct {
		Name string `json:"name"`
	}
	if s.Format.Mapped() && json.Unmarshal([]byte(r.mapping), &m) == nil {
		s.Mapping = m.Name
	}
	return s, nil
}

func faultsPlace(id string) string { return "bank_statement.faults:" + id }

// insertStatement notes a file that is about to be read.
func insertStatement(ctx context.Context, tx *db.Tx, r fileRow) (inserted bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO bank_statement (id, payee_id, sha256, file_name, mapping, status,
			lines, credits, debits, credit_fen, debit_fen, currency,
			imported_by, begun_at, file_id, surveyed, holder, progress_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, 'CNY', $7, $8, $9, FALSE, $10, $8)
		ON CONFLICT (payee_id, sha256) DO NOTHING`,
		r.ID, r.PayeeID, r.SHA256, r.FileName, r.mapping, string(r.Status), r.ImportedBy, r.BegunAt, r.FileID, r.holder)
	return n == 1, err
}

// saveSurvey notes what is in a file that was read to its end.
func saveSurvey(ctx context.Context, tx *db.Tx, r fileRow, head statement.Head, s statement.Summary) error {
	if s.Notes == nil {
		s.Notes = []statement.Note{}
	}
	err := step(ctx, tx, r, `
		UPDATE bank_statement SET status = 'importing', surveyed = TRUE, format = $1, checked = $2, lines = $2, credits = $3, debits = $4,
			credit_fen = $5, debit_fen = $6, currency = $7, first_day = $8, last_day = $9, notes = $10, progress_at = $11
		WHERE id = $12 AND status = 'checking' AND holder = $13`,
		string(head.Format), s.Lines, s.Credits, s.Debits, s.CreditTotal.Fen, s.DebitTotal.Fen, s.CreditTotal.Code(),
		s.From, s.To, db.JSON(s.Notes), tx.Now(), r.ID, r.holder)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM bank_statement_part WHERE statement_id = $1`, r.ID); err != nil {
		return err
	}
	for parts, first := s.Parts, 1; len(parts) > 0; {
		n := min(20, len(parts))
		var rows []string
		var args []any
		for i, p := range parts[:n] {
			rows = append(rows, db.In(len(args)+1, 13))
			args = append(args, r.ID, first+i, r.PayeeID, p.Name, p.Sequence, p.From, p.To,
				p.Lines, p.CreditTotal.Fen, p.DebitTotal.Fen, fenOf(p.Opening), fenOf(p.Closing), p.CreditTotal.Code())
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO bank_statement_part (statement_id, no, payee_id, name, sequence, first_day, last_day,
				lines, credit_fen, debit_fen, opening_fen, closing_fen, currency)
			VALUES `+strings.Join(rows, ", "), args...)
		if err != nil {
			return err
		}
		parts, first = parts[n:], first+n
	}
	return nil
}

// fenOf is the amount, or NULL for none.
func fenOf(a *money.Amount) any {
	if a == nil {
		return nil
	}
	return a.Fen
}

func statementByHash(ctx context.Context, tx *db.Tx, payee, sha string) (fileRow, error) {
	return db.One(ctx, tx, (*fileRow).fields, `SELECT `+statementColumns+` FROM bank_statement WHERE payee_id = $1 AND sha256 = $2`, payee, sha)
}

func rowByID(ctx context.Context, tx *db.Tx, id string) (fileRow, error) {
	return db.One(ctx, tx, (*fileRow).fields, `SELECT `+statementColumns+` FROM bank_statement WHERE id = $1`, id)
}

func statementByID(ctx context.Context, tx *db.Tx, id string) (Statement, error) {
	r, err := rowByID(ctx, tx, id)
	if err != nil {
		return Statement{}, err
	}
	return r.statement(tx)
}

// step moves the statement on, unless somebody stopped it or works on the same
// file elsewhere: fault.Conflict.
func step(ctx context.Context, tx *db.Tx, r fileRow, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	if err != nil || n == 1 {
		return err
	}
	is, err := rowByID(ctx, tx, r.ID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if err == nil && is.Status == Stopped {
		return fault.New(fault.Conflict, "payment.import_stopped")
	}
	return fault.New(fault.Conflict, "payment.import_elsewhere")
}

// Part is one statement of a file, with its balances.
type Part struct {
	StatementID string
	FileName    string
	No          int
	Name        string
	Sequence    string
	From, To    calendar.Day
	Lines       int
	Credit      money.Amount
	Debit       money.Amount
	Opening     *money.Amount // nil where the file has none
	Closing     *money.Amount
}

type partRow struct {
	Part
	opening, closing *int64
}

const partColumns = `
	p.statement_id, s.file_name, p.no, p.name, p.sequence, p.first_day, p.last_day,
	p.lines, p.credit_fen, p.debit_fen, p.opening_fen, p.closing_fen, p.currency`

func (p *partRow) fields() []any {
	return []any{&p.StatementID, &p.FileName, &p.No, &p.Name, &p.Sequence, &p.From, &p.To,
		&p.Lines, &p.Credit.Fen, &p.Debit.Fen, &p.opening, &p.closing, &p.Credit.Currency}
}

func (p partRow) part() Part {
	out := p.Part
	out.Debit.Currency = out.Credit.Currency
	for fen, into := range map[*int64]**money.Amount{p.opening: &out.Opening, p.closing: &out.Closing} {
		if fen != nil {
			*into = &money.Amount{Fen: *fen, Currency: out.Credit.Currency}
		}
	}
	return out
}

// partsOf loads the statements of an account, or of one file, in the order of their days.
func partsOf(ctx context.Context, tx *db.Tx, payee, id string) ([]Part, error) {
	rows, err := db.All(ctx, tx, (*partRow).fields, `
		SELECT `+partColumns+` FROM bank_statement_part p JOIN bank_statement s ON s.id = p.statement_id
		WHERE ($1 = '' OR p.payee_id = $1) AND ($2 = '' OR p.statement_id = $2) ORDER BY p.statement_id, p.no`, payee, id)
	out := make([]Part, len(rows))
	for i, r := range rows {
		out[i] = r.part()
	}
	return out, err
}
