package payment

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// heartbeat is how often a long check says that it is alive.
const heartbeat = 2 * time.Second

// survey reads the whole file and notes what is in it; no line is written.
func (r *run) survey(ctx context.Context) error {
	f, err := r.in.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := statement.Open(f, r.mapping, r.opt)
	if err != nil {
		return err
	}
	defer lines.Close()
	if c := lines.Head().Currency; c != "CNY" {
		return fault.At("/mapping", "payment.currency", c)
	}
	beaten := r.db.Clock().Now()
	for _, err := range lines.Lines() {
		if err != nil {
			return err
		}
		if r.row.Checked++; r.row.Checked%1000 != 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		now := r.db.Clock().Now()
		r.tell(now)
		if now.Sub(beaten) < heartbeat {
			continue
		}
		beaten = now
		if err := r.beat(ctx); err != nil {
			return err
		}
	}
	sum, head := lines.Summary(), lines.Head()
	return r.db.Write(ctx, func(tx *db.Tx) error {
		if err := saveSurvey(ctx, tx, r.row, head, sum); err != nil {
			return err
		}
		if r.rules.Statements.Gap == policy.GapRefuses {
			if err := refuseGap(ctx, tx, r.row); err != nil {
				return err
			}
		}
		row, err := rowByID(ctx, tx, r.row.ID)
		if err == nil {
			r.row = row
		}
		return err
	})
}

// beat says that a check goes on.
func (r *run) beat(ctx context.Context) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		return step(ctx, tx, r.row, `UPDATE bank_statement SET checked = $1, progress_at = $2 WHERE id = $3 AND status = 'checking' AND holder = $4`,
			r.row.Checked, tx.Now(), r.row.ID, r.row.holder)
	})
}

// fill writes the lines that are not in yet, batch by batch.
func (r *run) fill(ctx context.Context) error {
	f, err := r.in.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	lines, err := statement.Open(f, r.mapping, r.opt)
	if err != nil {
		return err
	}
	defer lines.Close()
	r.told = time.Time{}
	size := batchSize(r.db)
	read, batch := 0, make([]statement.Line, 0, size)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		var done int
		err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
			done, err = writeBatch(ctx, tx, r.row, batch)
			return err
		})
		if err != nil {
			return err
		}
		r.row.Done, batch = done, batch[:0]
		r.tell(r.db.Clock().Now())
		return nil
	}
	for l, err := range lines.Lines() {
		if err != nil {
			return err
		}
		if read++; read <= r.row.Done {
			continue
		}
		if batch = append(batch, l); len(batch) == size {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// writeBatch writes the next lines of a statement and what they post, if nobody
// else has gone on with the same statement; it returns how many are in.
func writeBatch(ctx context.Context, tx *db.Tx, row fileRow, batch []statement.Line) (int, error) {
	lines, keys := make([]Line, len(batch)), make([]string, len(batch))
	for i, l := range batch {
		lines[i] = Line{
			ID: tx.NewID("bln"), StatementID: row.ID, PayeeID: row.PayeeID, Row: l.No, BookedOn: l.BookedOn, BookedAt: l.BookedAt,
			Amount: l.Amount, Payer: Payer{l.PayerName, l.PayerAccount, l.PayerBank}, Remark: l.Remark, BankRef: l.BankRef, Raw: l.Raw,
			ImportedBy: row.ImportedBy, State: Debit, Reversal: l.Reversal,
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
	return done, step(ctx, tx, row, `
		UPDATE bank_statement SET done = $1, fresh = fresh + $2, progress_at = $3
		WHERE id = $4 AND status = 'importing' AND done = $5 AND holder = $6`,
		done, len(fresh), tx.Now(), row.ID, row.Done, row.holder)
}

// finish closes the statement and asks for proposals.
func finish(ctx context.Context, tx *db.Tx, by access.Actor, row fileRow) (Statement, error) {
	err := step(ctx, tx, row, `
		UPDATE bank_statement SET status = 'imported', imported_at = $1, progress_at = $1, holder = ''
		WHERE id = $2 AND status = 'importing' AND done = lines AND holder = $3`, tx.Now(), row.ID, row.holder)
	if err != nil {
		return Statement{}, err
	}
	id := row.ID
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

// faultsOf puts a fault into the words that are kept.
func faultsOf(f *fault.Error) []Fault {
	zh, en := text.Printer{Lang: text.ZH}, text.Printer{Lang: text.EN}
	out := []Fault{}
	for _, x := range f.Fields {
		out = append(out, Fault{x.Pointer, zh.Say(x.Message), en.Say(x.Message)})
	}
	if len(out) == 0 {
		out = append(out, Fault{"/file", zh.Say(f.Message), en.Say(f.Message)})
	}
	return out
}
