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
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// File is a bank's statement file, as staff hand it in.
type File struct {
	Payee    string                        `json:"payee"`   // the operator's account, by its id in the policy
	Mapping  string                        `json:"mapping"` // how to read a table, by name; "" is what the policy names for the account
	Name     string                        `json:"-"`       // the file's name, for people
	FileID   string                        `json:"-"`       // the kept file, "" for none
	Size     int64                         `json:"-"`       // of the contents in bytes, 0 if nobody counted
	Open     func() (io.ReadCloser, error) `json:"-"`       // the contents from the start; called several times
	Progress func(Statement)               `json:"-"`       // told now and then how far it is; may be nil
}

// batchSize is how many lines one transaction writes. On SQLite the writes of others
// wait for it; on PostgreSQL they do not, and each statement is a way to the server.
func batchSize(d *db.DB) int {
	if d.Dialect() == db.Postgres {
		return db.MostRows
	}
	return 200
}

// Import takes a statement file. The file is read once to the end before anything
// is written, so that one with a broken line, or whose balances do not agree, is
// refused whole, with the place. Then its lines are written in batches, each with
// its postings in one transaction; if that is interrupted, importing the same file
// again goes on where it stopped. A line that another file brought already counts no
// second time (D-7). It is fault.Conflict for a file that is in already, with where
// and when it came; for one that somebody else is importing; and where somebody
// stopped it. Every line posts bank ↔ unidentified (D-12).
func Import(ctx context.Context, d *db.DB, by access.Actor, in File) (Statement, error) {
	r, err := newRun(ctx, d, by, in)
	if err != nil {
		return Statement{}, err
	}
	if err := r.begin(ctx, by.ID); err != nil {
		return Statement{}, err
	}
	return r.work(ctx)
}

// run is one attempt at a file.
type run struct {
	db      *db.DB
	by      access.Actor
	in      File
	rules   policy.Policy
	mapping statement.Mapping
	opt     statement.Options
	row     fileRow
	told    time.Time // when Progress was told last
}

// newRun checks who imports and how the file is to be read.
func newRun(ctx context.Context, d *db.DB, by access.Actor, in File) (*run, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return nil, err
	}
	r := &run{db: d, by: by, in: in}
	return r, d.Read(ctx, func(tx *db.Tx) error { return r.reading(ctx, tx) })
}

// reading finds the account and the way to read the file.
func (r *run) reading(ctx context.Context, tx *db.Tx) (err error) {
	if r.rules, err = policy.Now(ctx, tx); err != nil {
		return err
	}
	payee, ok := r.rules.Payee(r.in.Payee)
	if !ok {
		return fault.At("/payee", "fault.unknown_choice", r.in.Payee)
	}
	if r.in.Mapping == "" {
		r.in.Mapping = payee.Mapping
	}
	if r.in.Mapping != "" { // the standards' formats need none
		if r.mapping, err = mappingNamed(ctx, tx, r.in.Mapping); err != nil {
			return err
		}
	}
	r.opt = options(r.rules, payee)
	return nil
}

func options(p policy.Policy, payee policy.Payee) statement.Options {
	return statement.Options{Account: payee.Account, Zone: p.Location(), Reversals: p.Statements.ReversalWords}
}

// hash names the contents.
func hash(in File) (string, error) {
	f, err := in.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err == nil && n == 0 {
		err = fault.At("/file", "statement.empty")
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}

// begin notes the statement, or finds the one that was interrupted, and takes it;
// holder is who waits for a job to take it, "" for a run of now.
func (r *run) begin(ctx context.Context, person string) error {
	sum, err := hash(r.in)
	if err != nil {
		return err
	}
	body, err := json.Marshal(r.mapping)
	if err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		r.row = fileRow{mapping: string(body), holder: tx.NewID("run"), Statement: Statement{
			ID: tx.NewID("stm"), PayeeID: r.in.Payee, SHA256: sum, FileName: clip(r.in.Name, 200), FileID: r.in.FileID,
			Status: Checking, ImportedBy: person, BegunAt: tx.Now(),
		}}
		inserted, err := insertStatement(ctx, tx, r.row)
		if err != nil || inserted {
			return err
		}
		was, err := statementByHash(ctx, tx, r.in.Payee, sum)
		if err != nil {
			return err
		}
		return r.take(ctx, tx, was)
	})
}

// take goes on with a statement that nobody works on.
func (r *run) take(ctx context.Context, tx *db.Tx, was fileRow) error {
	if was.Status == Imported {
		return fault.New(fault.Conflict, "payment.file_twice", was.FileName, was.ImportedAt, was.ID).Of("D-7")
	}
	was.Held = was.holder != ""
	if was.Going(tx.Now()) {
		return fault.New(fault.Conflict, "payment.import_elsewhere").Of("D-7")
	}
	mine := r.row
	r.row = was
	r.row.holder, r.row.Status = mine.holder, Importing
	if !was.surveyed { // nothing of it counts yet: how it is read may have changed
		r.row.Status, r.row.mapping, r.row.FileName, r.row.ImportedBy = Checking, mine.mapping, mine.FileName, mine.ImportedBy
		r.row.Checked, r.row.faults = 0, "[]"
	}
	if mine.FileID != "" {
		r.row.FileID = mine.FileID
	}
	return tx.Move(ctx, `
		UPDATE bank_statement SET holder = $1, status = $2, mapping = $3, file_name = $4, imported_by = $5, checked = $6, faults = $7, file_id = $8, progress_at = $9
		WHERE id = $10 AND status = $11 AND holder = $12 AND done = $13`,
		r.row.holder, string(r.row.Status), r.row.mapping, r.row.FileName, r.row.ImportedBy, r.row.Checked, r.row.faults, r.row.FileID, tx.Now(),
		was.ID, string(was.Status), was.holder, was.Done)
}

// work reads the file to its end, unless that was done, and writes its lines. What
// ends it early leaves the statement to whoever comes next.
func (r *run) work(ctx context.Context) (Statement, error) {
	err := json.Unmarshal([]byte(r.row.mapping), &r.mapping)
	if err == nil && !r.row.surveyed {
		err = r.survey(ctx)
	}
	if err == nil {
		err = r.fill(ctx)
	}
	var out Statement
	if err == nil {
		err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
			out, err = finish(ctx, tx, r.by, r.row)
			return err
		})
	}
	if err == nil {
		return out, nil
	}
	after := context.WithoutCancel(ctx) // a process that is asked to stop says so
	return Statement{}, errors.Join(err, r.leave(after, err))
}

// leave gives the statement back. One whose file cannot be read is forgotten, or
// kept with its faults where a job read it and nobody saw them yet.
func (r *run) leave(ctx context.Context, why error) error {
	var f *fault.Error
	refused := errors.As(why, &f) && (f.Kind == fault.Invalid || f.Kind == fault.TooLarge) && !r.row.surveyed
	return r.db.Write(ctx, func(tx *db.Tx) error {
		switch {
		case !refused:
			_, err := tx.Exec(ctx, `UPDATE bank_statement SET holder = '' WHERE id = $1 AND holder = $2`, r.row.ID, r.row.holder)
			return err
		case r.row.FileID == "":
			_, err := tx.Exec(ctx, `DELETE FROM bank_statement WHERE id = $1 AND holder = $2 AND status = 'checking'`, r.row.ID, r.row.holder)
			return err
		}
		told, err := json.Marshal(faultsOf(f))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE bank_statement SET status = 'refused', holder = '', faults = $1, progress_at = $2 WHERE id = $3 AND holder = $4 AND status = 'checking'`,
			tx.Vault().Seal(faultsPlace(r.row.ID), string(told)), tx.Now(), r.row.ID, r.row.holder)
		return err
	})
}

// tell passes on how far it is, not more often than people can read.
func (r *run) tell(now time.Time) {
	if r.in.Progress != nil && (now.Sub(r.told) >= time.Second/2 || r.row.Done == r.row.Lines && r.row.Lines > 0) {
		r.told = now
		r.in.Progress(r.row.Statement)
	}
}
