package payment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// File is a bank's statement file, as staff hand it in.
type File struct {
	Payee   string                        `json:"payee"`   // the operator's account, by its id in the policy
	Mapping string                        `json:"mapping"` // how to read it, by name; "" is what the policy names for the account
	Name    string                        `json:"-"`       // the file's name, for people
	Open    func() (io.ReadCloser, error) `json:"-"`       // the contents from the start; called twice
}

// batchSize is how many lines one transaction writes.
const batchSize = 200

// Import takes a statement file. The file is read once to the end before anything
// is written, so that one with a broken line is refused whole, with the place. Then
// its lines are written in batches, each with its postings in one transaction; if
// that is interrupted, importing the same file again goes on where it stopped. A
// line that another file brought already counts no second time (D-7); a file that
// is in already is fault.Conflict, with where and when it came. Every line posts
// bank ↔ unidentified (D-12).
func Import(ctx context.Context, d *db.DB, by access.Actor, in File) (Statement, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Statement{}, err
	}
	var payee policy.Payee
	var m statement.Mapping
	var zone *time.Location
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		payee, m, zone, err = reading(ctx, tx, in)
		return err
	})
	if err != nil {
		return Statement{}, err
	}
	opt := statement.Options{Account: payee.Account, Zone: zone}
	row, err := survey(in, m, opt)
	if err != nil {
		return Statement{}, err
	}
	row.PayeeID, row.ImportedBy = payee.ID, by.ID
	if row, err = begin(ctx, d, row); err != nil {
		return Statement{}, err
	}
	if err := json.Unmarshal([]byte(row.mapping), &m); err != nil {
		return Statement{}, err
	}
	return fill(ctx, d, by, in, row, m, opt)
}

// reading finds the account and the way to read the file.
func reading(ctx context.Context, tx *db.Tx, in File) (payee policy.Payee, m statement.Mapping, zone *time.Location, err error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return payee, m, nil, err
	}
	payee, ok := p.Payee(in.Payee)
	if !ok {
		return payee, m, nil, fault.At("/payee", "fault.unknown_choice", in.Payee)
	}
	if in.Mapping == "" {
		in.Mapping = payee.Mapping
	}
	m, err = mappingNamed(ctx, tx, in.Mapping)
	return payee, m, p.Location(), err
}

// survey reads the whole file and says what is in it; nothing is written.
func survey(in File, m statement.Mapping, opt statement.Options) (fileRow, error) {
	f, err := in.Open()
	if err != nil {
		return fileRow{}, err
	}
	defer f.Close()
	sum := sha256.New()
	lines, err := statement.Open(io.TeeReader(f, sum), m, opt)
	if err != nil {
		return fileRow{}, err
	}
	if m.Currency != "CNY" {
		return fileRow{}, fault.At("/mapping", "payment.currency", m.Currency)
	}
	for _, err := range lines.Lines() {
		if err != nil {
			return fileRow{}, err
		}
	}
	// What the reader did not need, such as blank space at the end, is of the file too.
	if _, err := io.Copy(sum, f); err != nil {
		return fileRow{}, err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fileRow{}, err
	}
	s := lines.Summary()
	return fileRow{mapping: string(body), Statement: Statement{
		SHA256: hex.EncodeToString(sum.Sum(nil)), FileName: clip(in.Name, 200), Mapping: m.Name, Status: Importing,
		Lines: s.Lines, Credits: s.Credits, Debits: s.Debits, Credit: s.CreditTotal, Debit: s.DebitTotal, From: s.From, To: s.To,
	}}, nil
}

// begin notes the statement, or finds the one that was interrupted.
func begin(ctx context.Context, d *db.DB, row fileRow) (fileRow, error) {
	var out fileRow
	err := d.Write(ctx, func(tx *db.Tx) error {
		out = row
		out.ID, out.BegunAt = tx.NewID("stm"), tx.Now()
		inserted, err := insertStatement(ctx, tx, out)
		if err != nil || inserted {
			return err
		}
		out, err = statementByHash(ctx, tx, row.PayeeID, row.SHA256)
		if err != nil {
			return err
		}
		if out.Status == Imported {
			return fault.New(fault.Conflict, "payment.file_twice", out.FileName, out.ImportedAt, out.ID).Of("D-7")
		}
		return nil
	})
	return out, err
}

// fill writes the lines that are not in yet, batch by batch.
func fill(ctx context.Context, d *db.DB, by access.Actor, in File, row fileRow, m statement.Mapping, opt statement.Options) (Statement, error) {
	f, err := in.Open()
	if err != nil {
		return Statement{}, err
	}
	defer f.Close()
	lines, err := statement.Open(f, m, opt)
	if err != nil {
		return Statement{}, err
	}
	read, batch := 0, make([]statement.Line, 0, batchSize)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		var done int
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			done, err = writeBatch(ctx, tx, by, row, batch)
			return err
		})
		row.Done, batch = done, batch[:0]
		return err
	}
	for l, err := range lines.Lines() {
		if err != nil {
			return Statement{}, err
		}
		if read++; read <= row.Done {
			continue
		}
		if batch = append(batch, l); len(batch) == batchSize {
			if err := flush(); err != nil {
				return Statement{}, err
			}
		}
	}
	if err := flush(); err != nil {
		return Statement{}, err
	}
	var out Statement
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = finish(ctx, tx, by, row.ID)
		return err
	})
	return out, err
}

// writeBatch writes the next lines of a statement and what they post, if nobody
// else has gone on with the same statement; it returns how many are in.
func writeBatch(ctx context.Context, tx *db.Tx, by access.Actor, row fileRow, batch []statement.Line) (int, error) {
	lines, keys := make([]Line, len(batch)), make([]string, len(batch))
	for i, l := range batch {
		lines[i] = Line{
			ID: tx.NewID("bln"), StatementID: row.ID, PayeeID: row.PayeeID, Row: l.No, BookedOn: l.BookedOn, BookedAt: l.BookedAt,
			Amount: l.Amount, Payer: Payer{l.PayerName, l.PayerAccount, l.PayerBank}, Remark: l.Remark, BankRef: l.BankRef, Raw: l.Raw,
			ImportedBy: by.ID, State: Debit, Reversal: l.Reversal,
		}
		if l.Credit() {
			lines[i].State, lines[i].References = Unknown, reference.Find(l.Remark)
		}
		keys[i] = l.Key()
	}
	fresh, err := insertLines(ctx, tx, lines, keys)
	if err != nil {
		return 0, err
	}
	if err := insertReferences(ctx, tx, lines, fresh); err != nil {
		return 0, err
	}
	// A debit line is negative and posts the other way, so that bank in the ledger is the sum of all lines.
	var postings []ledger.Posting
	for _, l := range lines {
		if fresh[l.ID] {
			postings = append(postings, ledger.Posting{OnceKey: "bank_line:" + l.ID, Entries: ledger.BankReceived(l.PayeeID, l.Amount)})
		}
	}
	if err := ledger.PostAll(ctx, tx, "bank.line", postings); err != nil {
		return 0, err
	}
	done := row.Done + len(batch)
	return done, step(ctx, tx, `UPDATE bank_statement SET done = $1, fresh = fresh + $2 WHERE id = $3 AND status = 'importing' AND done = $4`,
		done, len(fresh), row.ID, row.Done)
}

// step moves the statement on, unless somebody else imports the same file: fault.Conflict.
func step(ctx context.Context, tx *db.Tx, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	if err == nil && n != 1 {
		return fault.New(fault.Conflict, "payment.import_elsewhere")
	}
	return err
}

// finish closes the statement and asks for proposals.
func finish(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Statement, error) {
	if err := step(ctx, tx, `UPDATE bank_statement SET status = 'imported', imported_at = $1 WHERE id = $2 AND status = 'importing' AND done = lines`, tx.Now(), id); err != nil {
		return Statement{}, err
	}
	s, err := statementByID(ctx, tx, id)
	if err != nil {
		return s, err
	}
	// The lines of a small file are proposed at once, those of a large one by jobs.
	search := func() error { return SearchJob.Later(ctx, tx, Search{Statement: id}) }
	if s.Lines < searchSize {
		search = func() error { return Propose(ctx, tx, by, Search{Statement: id}) }
	}
	if err := search(); err != nil {
		return s, err
	}
	return s, StatementImported.Append(ctx, tx, by, event.About{Subject: id},
		ImportedData{Payee: s.PayeeID, Lines: s.Lines, Fresh: s.Fresh, CreditFen: s.Credit.Fen, DebitFen: s.Debit.Fen, SHA256: s.SHA256})
}

// Look is what Preview finds in a file.
type Look struct {
	Head    statement.Head
	First   []statement.Line
	Summary statement.Summary // of the whole file; zero where it cannot be read to its end
}

// Preview reads a file to its end with a mapping that may not be saved yet, and
// writes nothing. With an error it still returns the first lines, as far as they
// could be read.
func Preview(ctx context.Context, d *db.DB, by access.Actor, in File, m statement.Mapping, limit int) (Look, error) {
	var look Look
	if err := by.Require(access.ImportMoney); err != nil {
		return look, err
	}
	var opt statement.Options
	err := d.Read(ctx, func(tx *db.Tx) error {
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		payee, ok := p.Payee(in.Payee)
		if !ok {
			return fault.At("/payee", "fault.unknown_choice", in.Payee)
		}
		opt = statement.Options{Account: payee.Account, Zone: p.Location()}
		return nil
	})
	if err != nil {
		return look, err
	}
	f, err := in.Open()
	if err != nil {
		return look, err
	}
	defer f.Close()
	lines, err := statement.Open(f, m, opt)
	if err != nil {
		return look, err
	}
	for l, err := range lines.Lines() {
		if err != nil {
			look.Head = lines.Head()
			return look, err
		}
		if len(look.First) < limit {
			look.First = append(look.First, l)
		}
	}
	look.Head, look.Summary = lines.Head(), lines.Summary()
	return look, nil
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes])
	}
	return s
}

func isKind(err error, k fault.Kind) bool { return errors.Is(err, k) }
