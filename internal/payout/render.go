package payout

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout/bankfile"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// RenderJob is the job that makes a payment file's document.
var RenderJob = job.Kind[Rendering]{Name: "payout.render"}

// Rendering names a payment file.
type Rendering struct {
	Batch string `json:"batch"`
}

// Render makes the handler of RenderJob: it writes the document, keeps it and notes
// its hash. Run again it keeps the document that is there. Rule D-10.
func Render(d *db.DB, files *file.Files) func(context.Context, Rendering) error {
	return func(ctx context.Context, in Rendering) error {
		var b Batch
		var paper bankfile.File
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			if b, err = batchByID(ctx, tx, in.Batch); err != nil || b.Status != Preparing {
				return err
			}
			paper, err = b.paper(ctx, tx)
			return err
		})
		if err != nil || b.Status != Preparing {
			return err
		}
		data, err := bankfile.Write(paper, b.Format)
		if err != nil {
			return job.Permanent(err)
		}
		up, err := files.Produced(ctx, data, b.Number+b.Format.Extension(), b.Format.MIME())
		if err != nil {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error { return b.keep(ctx, tx, up) })
	}
}

// keep notes the document, unless the file was rejected or made meanwhile.
func (b Batch) keep(ctx context.Context, tx *db.Tx, up file.Upload) error {
	now, err := batchByID(ctx, tx, b.ID)
	if err != nil || now.Status != Preparing {
		return err
	}
	by := access.SystemActor(RenderJob.Name)
	kept, err := file.Keep(ctx, tx, by, up, "", file.PaymentFile)
	if err != nil {
		return err
	}
	if err := tx.Move(ctx, `UPDATE payout_batch SET status = 'ready', file_id = $1, sha256 = $2 WHERE id = $3 AND status = 'making'`,
		kept.ID, kept.SHA256, b.ID); err != nil {
		return err
	}
	b.SHA256 = kept.SHA256
	return FileMade.Append(ctx, tx, by, event.About{Subject: b.ID}, b.data())
}

// paper is what the payment file says, as it was when it was ordered.
func (b Batch) paper(ctx context.Context, tx *db.Tx) (bankfile.File, error) {
	rules, err := policy.At(ctx, tx, b.MadeAt)
	if err != nil {
		return bankfile.File{}, err
	}
	from, ok := rules.Payee(b.PayeeID)
	if !ok {
		return bankfile.File{}, job.Permanent(fmt.Errorf("payment file %s: the account %s is not in the policy", b.ID, b.PayeeID))
	}
	out := bankfile.File{
		Number: b.Number, Made: b.MadeAt.In(rules.Location()), Day: b.Day,
		From: bankfile.Party{Name: from.Name, Number: from.Account, Bank: from.Bank, CNAPS: from.CNAPS},
	}
	type row struct{ payout, reference, sealed string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.payout, &r.reference, &r.sealed} },
		`SELECT payout_id, reference, sealed FROM payout_batch_item WHERE batch_id = $1 ORDER BY position`, b.ID)
	if err != nil {
		return out, err
	}
	for _, r := range rows {
		plain, err := tx.Vault().Open(itemPlace(b.ID, r.payout), r.sealed)
		if err != nil {
			return out, err
		}
		var x item
		if err := json.Unmarshal([]byte(plain), &x); err != nil {
			return out, err
		}
		out.Payments = append(out.Payments, bankfile.Payment{
			Reference: r.reference, Amount: money.CNY(x.Fen), Remark: x.Remark,
			To: bankfile.Party{Name: x.To.Name, Number: x.To.Number, Bank: x.To.Bank, CNAPS: x.To.CNAPS},
		})
	}
	return out, nil
}
