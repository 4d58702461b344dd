package payment

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
)

// Order is a statement that a job imports from its kept file.
type Order struct {
	Statement string `json:"statement"`
}

// ImportJob is the job of Work.
var ImportJob = job.Kind[Order]{Name: "payment.import"}

// ImportStopped records that a person stopped an import.
var ImportStopped = event.Kind[event.None]{Name: "statement.stopped", Internal: true}

// ImportResumed records that a person let an import go on.
var ImportResumed = event.Kind[event.None]{Name: "statement.resumed", Internal: true}

const (
	packed       = "application/gzip"
	packedEnding = ".gz"
)

// Keep lays a statement's file into the store for staff who import; a large one is
// packed, so that neither keeping nor reading it takes much memory.
func Keep(ctx context.Context, d *db.DB, files *file.Files, by access.Actor, r io.Reader, name string, size int64) (file.File, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return file.File{}, err
	}
	var b bytes.Buffer
	kind := "application/octet-stream"
	if size > 1<<20 {
		kind, name = packed, name+packedEnding
		z := gzip.NewWriter(&b)
		if _, err := io.Copy(z, r); err != nil {
			return file.File{}, err
		}
		if err := z.Close(); err != nil {
			return file.File{}, err
		}
	} else if _, err := io.Copy(&b, r); err != nil {
		return file.File{}, err
	}
	up, err := files.Produced(ctx, b.Bytes(), name, kind)
	if err != nil {
		return file.File{}, err
	}
	var kept file.File
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		kept, err = file.Keep(ctx, tx, by, up, "", file.Statement)
		return err
	})
	return kept, err
}

// Kept is a kept file as an import reads it; another document is fault.NotFound.
func Kept(ctx context.Context, d *db.DB, files *file.Files, by access.Actor, id, payee, mapping string) (File, file.File, error) {
	var kept file.File
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if err := by.Require(access.ImportMoney); err != nil {
			return err
		}
		if kept, err = file.Get(ctx, tx, by, id); err == nil && kept.Purpose != file.Statement {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		return err
	})
	if err != nil {
		return File{}, kept, err
	}
	data, err := files.Open(ctx, kept)
	if err != nil {
		return File{}, kept, err
	}
	in := File{Payee: payee, Mapping: mapping, Name: strings.TrimSuffix(kept.Name, packedEnding), FileID: kept.ID, Size: int64(len(data)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	if kept.Type == packed {
		in.Size = int64(binary.LittleEndian.Uint32(data[len(data)-4:])) // as gzip notes at its end
		in.Open = func() (io.ReadCloser, error) { return gzip.NewReader(bytes.NewReader(data)) }
	}
	return in, kept, nil
}

// Later notes a kept file as a statement that a job imports: what it is, and whether
// it can be read, its page shows. The faults are those of Import that show before
// the file is read.
func Later(ctx context.Context, d *db.DB, by access.Actor, in File) (Statement, error) {
	r, err := newRun(ctx, d, by, in)
	if err != nil {
		return Statement{}, err
	}
	if in.FileID == "" {
		return Statement{}, errors.New("payment: a job reads kept files only")
	}
	if err := r.begin(ctx, by.ID); err != nil {
		return Statement{}, err
	}
	var out Statement
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		// The job takes it.
		if _, err = tx.Exec(ctx, `UPDATE bank_statement SET holder = '' WHERE id = $1 AND holder = $2`, r.row.ID, r.row.holder); err != nil {
			return err
		}
		if err = ImportJob.Later(ctx, tx, Order{r.row.ID}); err != nil {
			return err
		}
		out, err = statementByID(ctx, tx, r.row.ID)
		return err
	})
	return out, err
}

// stint is how long one job works on a statement before another goes on.
const stint = 4 * time.Minute

// Work is the handler of ImportJob: it imports a kept file, and goes on with what
// is in already. What a person must see stays with the statement; only what may
// pass by itself is an error.
func Work(d *db.DB, files *file.Files) func(ctx context.Context, in Order) error {
	return func(ctx context.Context, in Order) error {
		by := access.SystemActor(ImportJob.Name)
		var row fileRow
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			row, err = rowByID(ctx, tx, in.Statement)
			return err
		})
		if errors.Is(err, fault.NotFound) || err == nil && row.Status != Checking && row.Status != Importing {
			return nil // stopped, done or forgotten meanwhile
		}
		if err != nil {
			return err
		}
		file, _, err := Kept(ctx, d, files, by, row.FileID, row.PayeeID, "")
		if err != nil {
			return err
		}
		work, stop := context.WithTimeout(ctx, stint)
		defer stop()
		err = goOn(work, d, by, row, file)
		var f *fault.Error
		switch {
		case err == nil:
			return nil
		case ctx.Err() == nil && work.Err() != nil: // enough for one job
			return d.Write(ctx, func(tx *db.Tx) error { return ImportJob.Later(ctx, tx, in) })
		case errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.TooLarge):
			return nil // its page says what is wrong
		case errors.Is(err, fault.Conflict):
			return settled(ctx, d, in, err)
		}
		return err
	}
}

// goOn imports a statement that was noted before, in the name of who handed it in.
func goOn(ctx context.Context, d *db.DB, by access.Actor, row fileRow, in File) error {
	in.Name = row.FileName
	r, err := newRun(ctx, d, by, in)
	if err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		was, err := rowByID(ctx, tx, row.ID)
		if err != nil {
			return err
		}
		r.row = was
		r.row.holder = tx.NewID("run")
		return r.take(ctx, tx, was)
	})
	if err != nil {
		return err
	}
	_, err = r.work(ctx)
	return err
}

// settled tells a conflict that is no business of the job from one that may pass:
// somebody stopped the statement, or another process has it and may yet fail.
func settled(ctx context.Context, d *db.DB, in Order, err error) error {
	var row fileRow
	if failed := d.Read(ctx, func(tx *db.Tx) (e error) { row, e = rowByID(ctx, tx, in.Statement); return e }); failed != nil {
		return failed
	}
	if row.Status == Stopped || row.Status == Imported || row.Status == Refused {
		return nil
	}
	return err
}

// Stop stops an import; what is in stays in, and it can go on. One that is not under
// way is fault.Conflict.
func Stop(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Statement, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Statement{}, err
	}
	s, err := statementByID(ctx, tx, id)
	if err != nil {
		return Statement{}, err
	}
	if s.Status != Checking && s.Status != Importing {
		return Statement{}, fault.New(fault.Conflict, "payment.not_under_way", s.Status.Label())
	}
	if err := tx.Move(ctx, `UPDATE bank_statement SET status = 'stopped', holder = '' WHERE id = $1 AND status = $2`, id, string(s.Status)); err != nil {
		return Statement{}, err
	}
	if err := ImportStopped.Append(ctx, tx, by, event.About{Subject: id}, event.None{}); err != nil {
		return Statement{}, err
	}
	return statementByID(ctx, tx, id)
}

// Resume lets a stopped or interrupted import go on by a job. One that is going on,
// or is over, and one whose file was not kept are fault.Conflict: the latter goes on
// when the file is imported again.
func Resume(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Statement, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Statement{}, err
	}
	row, err := rowByID(ctx, tx, id)
	if err != nil {
		return Statement{}, err
	}
	row.Held = row.holder != ""
	switch {
	case row.Status == Imported, row.Status == Refused, row.Going(tx.Now()):
		return Statement{}, fault.New(fault.Conflict, "payment.not_interrupted", row.Status.Label())
	case row.FileID == "":
		return Statement{}, fault.New(fault.Conflict, "payment.import_again")
	}
	status := Checking
	if row.surveyed {
		status = Importing
	}
	err = tx.Move(ctx, `UPDATE bank_statement SET status = $1, holder = '', progress_at = $2 WHERE id = $3 AND status = $4 AND holder = $5`,
		string(status), tx.Now(), id, string(row.Status), row.holder)
	if err != nil {
		return Statement{}, err
	}
	if err := ImportJob.Later(ctx, tx, Order{id}); err != nil {
		return Statement{}, err
	}
	if err := ImportResumed.Append(ctx, tx, by, event.About{Subject: id}, event.None{}); err != nil {
		return Statement{}, err
	}
	return statementByID(ctx, tx, id)
}
