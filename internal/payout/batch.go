package payout

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout/bankfile"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// BatchStatus is where a payment file stands.
type BatchStatus string

// The statuses of a payment file. That all of it was paid is told by its payouts.
const (
	Preparing BatchStatus = "making" // its document is being made
	Ready     BatchStatus = "ready"  // to be taken to the bank
	Rejected  BatchStatus = "rejected"
)

// Label is the status's word for people.
func (s BatchStatus) Label() text.Key { return text.Key("payout.batch_" + string(s)) }

// Batch is a payment file: made once, and kept.
type Batch struct {
	ID      string
	Number  string // FK-2026-000001
	PayeeID string // the operator's account it is paid from, by its id in the policy
	Format  bankfile.Format
	Status  BatchStatus
	Day     calendar.Day // on which the bank is to pay
	Payouts int
	Sum     money.Amount
	MadeBy  string
	MadeAt  time.Time
	FileID  string // "" until it is made
	SHA256  string
	Reason  string // of a rejection
	EndedBy string
	EndedAt time.Time
	Paid    int // of its payouts, how many were paid
}

const batchColumns = `
	b.id, b.number, b.payee_id, b.format, b.status, b.day, b.payouts, b.fen, b.currency,
	b.made_by, b.made_at, b.file_id, b.sha256, b.reason, b.ended_by, b.ended_at,
	(SELECT COUNT(*) FROM payout p WHERE p.batch_id = b.id AND p.batch_id <> '' AND p.status = 'paid')`

func (b *Batch) fields() []any {
	return []any{&b.ID, &b.Number, &b.PayeeID, &b.Format, &b.Status, &b.Day, &b.Payouts, &b.Sum.Fen, &b.Sum.Currency,
		&b.MadeBy, db.Time(&b.MadeAt), &b.FileID, &b.SHA256, &b.Reason, &b.EndedBy, db.Time(&b.EndedAt), &b.Paid}
}

func batchByID(ctx context.Context, tx *db.Tx, id string) (Batch, error) {
	return db.One(ctx, tx, (*Batch).fields, `SELECT `+batchColumns+` FROM payout_batch b WHERE b.id = $1`, id)
}

// item is what a payment file says of a payout.
type item struct {
	Remark string  `json:"remark"`
	Fen    int64   `json:"fen"`
	To     Account `json:"to"`
}

func itemPlace(batch, payout string) string {
	return "payout_batch_item.sealed:" + batch + ":" + payout
}

// Making says what goes into a payment file.
type Making struct {
	From    string          `json:"from"`   // the operator's account, by its id in the policy
	Format  bankfile.Format `json:"format"` // how the bank wants it
	Day     calendar.Day    `json:"day"`    // on which the bank is to pay; zero is today
	Payouts []string        `json:"payouts"`
}

// MakeFile puts approved payouts into a payment file, whose document a job makes. A
// payout stands in one live file at most: one that is not approved, or that somebody
// else takes at the same moment, is fault.Conflict. Rule D-10.
func MakeFile(ctx context.Context, tx *db.Tx, by access.Actor, in Making) (Batch, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Batch{}, err
	}
	if by.Kind != access.Staff {
		return Batch{}, fault.New(fault.Forbidden, "payout.only_people").Of("D-7")
	}
	if err := tx.InTurn(ctx, db.Numbers); err != nil {
		return Batch{}, err
	}
	if err := tx.Alone(ctx, "counter"); err != nil {
		return Batch{}, err
	}
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return Batch{}, err
	}
	if in, err = in.check(rules, tx.Now()); err != nil {
		return Batch{}, err
	}
	b := Batch{
		ID: tx.NewID("pbt"), PayeeID: in.From, Format: in.Format, Status: Preparing, Day: in.Day,
		Payouts: len(in.Payouts), Sum: money.CNY(0), MadeBy: by.ID, MadeAt: tx.Now(),
	}
	var list []Payout
	for _, id := range in.Payouts {
		p, err := Load(ctx, tx, id)
		if err != nil {
			return Batch{}, err
		}
		if b.Sum, err = b.Sum.Add(p.Amount); err != nil {
			return Batch{}, err
		}
		if err := p.move(ctx, tx, ActFile, func(p *Payout) { p.BatchID = b.ID }); err != nil {
			return Batch{}, err
		}
		list = append(list, p)
	}
	series := fmt.Sprintf("%s-%04d", rules.Exit.Payouts.Series, rules.Today(tx.Now()).Year)
	n, err := db.Number(ctx, tx, series)
	if err != nil {
		return Batch{}, err
	}
	b.Number = fmt.Sprintf("%s-%06d", series, n)
	if err := b.insert(ctx, tx, list); err != nil {
		return Batch{}, err
	}
	for _, p := range list {
		if err := Sent.Append(ctx, tx, by, p.about(), p.data()); err != nil {
			return Batch{}, err
		}
	}
	return b, RenderJob.Later(ctx, tx, Rendering{b.ID}, job.Once(b.ID))
}

func (in Making) check(rules policy.Policy, now time.Time) (Making, error) {
	var f fault.Fields
	if _, ok := rules.Payee(in.From); !ok {
		f.Add("/from", "fault.unknown_choice", in.From)
	}
	if !in.Format.Known() {
		f.Add("/format", "fault.unknown_choice", string(in.Format))
	}
	switch today := rules.Today(now); {
	case in.Day.IsZero():
		in.Day = today
	case in.Day.Before(today):
		f.Add("/day", "payout.day_past", today)
	}
	slices.Sort(in.Payouts)
	in.Payouts = slices.Compact(in.Payouts)
	switch most := rules.Exit.Payouts.PerFile; {
	case len(in.Payouts) == 0:
		f.Add("/payouts", "payout.none_chosen")
	case len(in.Payouts) > most:
		f.Add("/payouts", "payout.too_many_chosen", most)
	}
	return in, f.Err()
}

func (b Batch) insert(ctx context.Context, tx *db.Tx, list []Payout) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO payout_batch (id, number, payee_id, format, status, day, payouts, fen, currency, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		b.ID, b.Number, b.PayeeID, string(b.Format), string(b.Status), b.Day, b.Payouts, b.Sum.Fen, b.Sum.Code(), b.MadeBy, b.MadeAt)
	if err != nil {
		return err
	}
	say := text.Printer{Lang: text.ZH} // what a bank in China passes on
	for i, p := range list {
		remark := p.Remark
		if remark == "" {
			remark = say.T(p.Purpose.Label())
		}
		plain, err := json.Marshal(item{Remark: remark + " " + p.Reference, Fen: p.Amount.Fen, To: p.To})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO payout_batch_item (batch_id, payout_id, position, reference, sealed) VALUES ($1, $2, $3, $4, $5)`,
			b.ID, p.ID, i, p.Reference, tx.Vault().Seal(itemPlace(b.ID, p.ID), string(plain)))
		if err != nil {
			return err
		}
	}
	return nil
}

// Rejection says that the bank did not take a payment file.
type Rejection struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"`
}

// Reject notes that the bank did not take a payment file: what of it was not paid
// is approved again and goes into another file. One of which nothing is left, or
// that was rejected before, is fault.Conflict.
func Reject(ctx context.Context, tx *db.Tx, by access.Actor, in Rejection) (Batch, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Batch{}, err
	}
	b, err := batchByID(ctx, tx, in.ID)
	if err != nil {
		return Batch{}, err
	}
	var f fault.Fields
	reason := reasonIn(in.Reason, &f)
	if err := f.Err(); err != nil {
		return Batch{}, err
	}
	list, err := inBatch(ctx, tx, b.ID)
	if err != nil {
		return Batch{}, err
	}
	freed := 0
	for _, p := range list {
		if p.Status != Filed {
			continue
		}
		if err := p.move(ctx, tx, ActUnfile, func(p *Payout) { p.BatchID = "" }); err != nil {
			return Batch{}, err
		}
		freed++
	}
	if b.Status == Rejected || freed == 0 {
		return Batch{}, fault.New(fault.Conflict, "payout.nothing_to_reject").Of("D-10")
	}
	if err := tx.Move(ctx, `UPDATE payout_batch SET status = 'rejected', reason = $1, ended_by = $2, ended_at = $3 WHERE id = $4 AND status = $5`,
		reason, by.ID, tx.Now(), b.ID, string(b.Status)); err != nil {
		return Batch{}, err
	}
	if err := FileRejected.Append(ctx, tx, by, event.About{Subject: b.ID}, b.data()); err != nil {
		return Batch{}, err
	}
	return batchByID(ctx, tx, b.ID)
}

func (b Batch) data() FileData {
	return FileData{Number: b.Number, Payouts: b.Payouts, Fen: b.Sum.Fen, SHA256: b.SHA256}
}

func inBatch(ctx context.Context, tx *db.Tx, id string) ([]Payout, error) {
	rows, err := db.All(ctx, tx, (*stored).fields, `SELECT `+columns+` FROM payout WHERE batch_id = $1 AND batch_id <> '' ORDER BY id`, id)
	return openAll(tx, rows, err)
}

// Refuse notes that the bank refused one payment of a file, as for an account that
// does not exist: its account is corrected, or it is cancelled.
func Refuse(ctx context.Context, tx *db.Tx, by access.Actor, in Cancellation) (Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Payout{}, err
	}
	p, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Payout{}, err
	}
	if _, err := p.Status.Next(ActRefuse); err != nil {
		return Payout{}, err
	}
	var f fault.Fields
	reason := reasonIn(in.Reason, &f)
	if err := f.Err(); err != nil {
		return Payout{}, err
	}
	if err := p.move(ctx, tx, ActRefuse, func(p *Payout) { p.Reason, p.BatchID = reason, "" }); err != nil {
		return Payout{}, err
	}
	return p, Bounced.Append(ctx, tx, by, p.about(), p.data())
}
