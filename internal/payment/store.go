package payment

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
)

// secret is what of a line is sealed.
type secret struct {
	Payer      Payer    `json:"payer"`
	Remark     string   `json:"remark"`
	BankRef    string   `json:"bank_ref"`
	Raw        string   `json:"raw"`
	References []string `json:"references,omitempty"`
}

func linePlace(id string) string { return "bank_line.sealed:" + id }

func seal(tx *db.Tx, l Line) (string, error) {
	plain, err := json.Marshal(secret{l.Payer, l.Remark, l.BankRef, l.Raw, l.References})
	if err != nil {
		return "", err
	}
	return tx.Vault().Seal(linePlace(l.ID), string(plain)), nil
}

// stored is a row of bank_line.
type stored struct {
	Line
	sealed string
}

const lineColumns = `
	id, statement_id, payee_id, row_no, booked_on,
	booked_at, fen, currency, sealed, imported_by,
	state, subject, reasons, proposed_by, proposed_at,
	withdrawn, taken_for, taken_by, taken_at, reversal`

func (s *stored) fields() []any {
	return []any{&s.ID, &s.StatementID, &s.PayeeID, &s.Row, &s.BookedOn,
		db.Time(&s.BookedAt), &s.Amount.Fen, &s.Amount.Currency, &s.sealed, &s.ImportedBy,
		&s.State, &s.Subject, db.JSON(&s.Reasons), &s.ProposedBy, db.Time(&s.ProposedAt),
		db.JSON(&s.Withdrawn), db.Null(&s.TakenFor), &s.TakenBy, db.Time(&s.TakenAt), &s.Reversal}
}

func (s stored) open(tx *db.Tx) (Line, error) {
	plain, err := tx.Vault().Open(linePlace(s.ID), s.sealed)
	if err != nil {
		return Line{}, err
	}
	var x secret
	if err := json.Unmarshal([]byte(plain), &x); err != nil {
		return Line{}, err
	}
	l := s.Line
	l.Payer, l.Remark, l.BankRef, l.Raw, l.References = x.Payer, x.Remark, x.BankRef, x.Raw, x.References
	return l, nil
}

func openAll(tx *db.Tx, rows []stored) ([]Line, error) {
	lines := make([]Line, len(rows))
	for i, r := range rows {
		var err error
		if lines[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

func lineByID(ctx context.Context, tx *db.Tx, id string) (Line, error) {
	row, err := db.One(ctx, tx, (*stored).fields, `SELECT `+lineColumns+` FROM bank_line WHERE id = $1`, id)
	if err != nil {
		return Line{}, err
	}
	return row.open(tx)
}

// blinds are the index values by which a line's payer is found.
func blinds(tx *db.Tx, account, name string) (byAccount, byName string) {
	account, name = foldAccount(account), cn.NameKey(name)
	if strings.Contains(account, "*") {
		account = ""
	}
	return tx.Vault().Blind("payer.account", account), tx.Vault().Blind("payer.name", name)
}

// insertLines writes lines and returns the ids of those that were not there before.
func insertLines(ctx context.Context, tx *db.Tx, lines []Line, keys []string) (map[string]bool, error) {
	fresh := make(map[string]bool, len(lines))
	for len(lines) > 0 {
		n := tx.RowsAtOnce(len(lines))
		ids, err := insertSome(ctx, tx, lines[:n], keys[:n])
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			fresh[id] = true
		}
		lines, keys = lines[n:], keys[n:]
	}
	return fresh, nil
}

func insertSome(ctx context.Context, tx *db.Tx, lines []Line, keys []string) ([]string, error) {
	const width = 17
	rows := make([]string, len(lines))
	args := make([]any, 0, width*len(lines))
	for i, l := range lines {
		sealed, err := seal(tx, l)
		if err != nil {
			return nil, err
		}
		account, name := blinds(tx, l.Payer.Account, l.Payer.Name)
		rows[i] = db.In(len(args)+1, width)
		args = append(args, l.ID, l.StatementID, l.PayeeID, tx.Vault().Blind("bank_line.key", keys[i]), l.Row, l.BookedOn,
			l.BookedAt, l.Amount.Fen, l.Amount.Code(), sealed, account, name, l.ImportedBy, string(l.State), "[]", "[]", l.Reversal)
	}
	return db.All(ctx, tx, db.Value[string], `
		INSERT INTO bank_line (id, statement_id, payee_id, line_key, row_no, booked_on,
			booked_at, fen, currency, sealed, payer_account_blind, payer_name_blind, imported_by, state, reasons, withdrawn, reversal)
		VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (payee_id, line_key) DO NOTHING RETURNING id`, args...)
}

func insertReferences(ctx context.Context, tx *db.Tx, lines []Line, fresh map[string]bool) error {
	var pairs []any // reference, line
	for _, l := range lines {
		if !fresh[l.ID] || l.State == Debit {
			continue
		}
		for _, ref := range l.References {
			pairs = append(pairs, ref, l.ID)
		}
	}
	for len(pairs) > 0 {
		n := tx.RowsAtOnce(len(pairs) / 2)
		rows := make([]string, n)
		for i := range rows {
			rows[i] = db.In(2*i+1, 2)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO bank_line_reference (reference, line_id) VALUES `+strings.Join(rows, ", "), pairs[:2*n]...); err != nil {
			return err
		}
		pairs = pairs[2*n:]
	}
	return nil
}

// secretPayer is what of an announcement is sealed.
type secretPayer struct {
	Name      string   `json:"name"`
	Account   string   `json:"account"`
	Remitters []string `json:"remitters,omitempty"`
	Elsewhere string   `json:"elsewhere,omitempty"`
}

type announced struct {
	Announcement
	sealed, mark string
	changedAt    time.Time
}

const announcementColumns = `subject, reference, sealed, expected_fen, currency, way, mark, changed_at`

func (a *announced) fields() []any {
	return []any{&a.Subject, &a.Reference, &a.sealed, &a.Expected.Fen, &a.Expected.Currency, &a.Way, &a.mark, db.Time(&a.changedAt)}
}

func announcementPlace(subject string) string { return "announcement.sealed:" + subject }

func (a announced) open(tx *db.Tx) (Announcement, error) {
	plain, err := tx.Vault().Open(announcementPlace(a.Subject), a.sealed)
	if err != nil {
		return Announcement{}, err
	}
	var p secretPayer
	if err := json.Unmarshal([]byte(plain), &p); err != nil {
		return Announcement{}, err
	}
	out := a.Announcement
	out.PayerName, out.PayerAccount, out.Remitters, out.Elsewhere = p.Name, p.Account, p.Remitters, p.Elsewhere
	return out, nil
}

func announcementOf(ctx context.Context, tx *db.Tx, subject string) (Announcement, error) {
	a, err := db.One(ctx, tx, (*announced).fields, `SELECT `+announcementColumns+` FROM announcement WHERE subject = $1`, subject)
	if err != nil {
		return Announcement{}, err
	}
	return a.open(tx)
}

// expectedFrom finds the announcements that any of the lines may be of.
func expectedFrom(ctx context.Context, tx *db.Tx, lines []Line) ([]Announcement, error) {
	var references, payers []any
	seen := make(map[string]bool)
	add := func(list *[]any, v string) {
		if v != "" && !seen[v] {
			seen[v] = true
			*list = append(*list, v)
		}
	}
	for _, l := range lines {
		for _, r := range l.References {
			add(&references, r)
		}
		account, name := blinds(tx, l.Payer.Account, l.Payer.Name)
		add(&payers, account)
		add(&payers, name)
	}
	rows, err := db.All(ctx, tx, (*announced).fields, `
		SELECT `+announcementColumns+` FROM announcement
		WHERE reference IN `+db.In(1, len(references))+`
		OR subject IN (SELECT subject FROM announcement_payer WHERE blind IN `+db.In(1+len(references), len(payers))+`)
		ORDER BY subject`, append(references, payers...)...)
	if err != nil {
		return nil, err
	}
	out := make([]Announcement, len(rows))
	for i, r := range rows {
		if out[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}
