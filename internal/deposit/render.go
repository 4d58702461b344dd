package deposit

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Render makes the handler of RenderJob: it sets the receipt as PDF, keeps it for
// the vendor and says that it is issued. The address is that of this marketplace,
// as https://market.example, for the page of verification. Run again it keeps the
// PDF that is there. Rule D-8.
func Render(d *db.DB, files *file.Files, address string) func(context.Context, RenderData) error {
	return func(ctx context.Context, in RenderData) error {
		var r Receipt
		var p policy.Policy
		var handler string
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			if r, err = receiptByID(ctx, tx, in.Receipt); err != nil {
				return err
			}
			if p, err = policy.At(ctx, tx, r.ConfirmedAt); err != nil {
				return err
			}
			names, err := account.Names(ctx, tx, []string{r.ConfirmedBy})
			handler = names[r.ConfirmedBy]
			return err
		})
		if err != nil || r.FileID != "" {
			return err
		}
		pdf, err := sheet(r, p, handler, address)
		if err != nil {
			return err
		}
		up, err := files.Produced(ctx, pdf, r.Number+".pdf", file.PDF)
		if err != nil {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error { return keepPDF(ctx, tx, r, up) })
	}
}

// RenderVoid makes the handler of VoidJob: it sets a void receipt once more, with
// the mark 作废 and the day, and keeps that PDF beside the first. Rule D-8.
func RenderVoid(d *db.DB, files *file.Files, address string) func(context.Context, RenderData) error {
	return func(ctx context.Context, in RenderData) error {
		var r Receipt
		var p policy.Policy
		var handler string
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			if r, err = receiptByID(ctx, tx, in.Receipt); err != nil {
				return err
			}
			if p, err = policy.At(ctx, tx, r.ConfirmedAt); err != nil {
				return err
			}
			names, err := account.Names(ctx, tx, []string{r.ConfirmedBy})
			handler = names[r.ConfirmedBy]
			return err
		})
		if err != nil || !r.Void() || r.VoidFileID != "" {
			return err
		}
		pdf, err := sheet(r, p, handler, address)
		if err != nil {
			return err
		}
		up, err := files.Produced(ctx, pdf, r.Number+"-void.pdf", file.PDF)
		if err != nil {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, `UPDATE deposit_receipt SET void_file_id = '' WHERE id = $1 AND void_file_id IS NULL`, r.ID)
			if err != nil || n == 0 {
				return err
			}
			kept, err := file.Keep(ctx, tx, access.SystemActor(VoidJob.Name), up, r.VendorID, file.Receipt)
			if err != nil {
				return err
			}
			return tx.Move(ctx, `UPDATE deposit_receipt SET void_file_id = $1 WHERE id = $2 AND void_file_id = ''`, kept.ID, r.ID)
		})
	}
}

func keepPDF(ctx context.Context, tx *db.Tx, r Receipt, up file.Upload) error {
	by := access.SystemActor(RenderJob.Name)
	n, err := tx.Exec(ctx, `UPDATE deposit_receipt SET file_id = '' WHERE id = $1 AND file_id IS NULL`, r.ID)
	if err != nil || n == 0 {
		return err
	}
	kept, err := file.Keep(ctx, tx, by, up, r.VendorID, file.Receipt)
	if err != nil {
		return err
	}
	if err := tx.Move(ctx, `UPDATE deposit_receipt SET file_id = $1 WHERE id = $2 AND file_id = ''`, kept.ID, r.ID); err != nil {
		return err
	}
	return Issued.Append(ctx, tx, by, event.About{Subject: r.ID, VendorID: r.VendorID}, event.None{})
}

// sheet sets a receipt; a receipt is a Chinese paper, whoever reads it.
func sheet(r Receipt, p policy.Policy, handler, address string) ([]byte, error) {
	say := text.Printer{Lang: text.ZH, Zone: p.Location()}
	title := say.T("deposit.receipt_title")
	doc := paper.New(paper.Meta{Title: title + " " + r.Number, Author: p.Operator.Company, Lang: text.ZH, Created: r.ConfirmedAt})
	if r.Void() {
		title = say.T("deposit.receipt_void_title", title)
	}
	doc.Title(title, text.Printer{Lang: text.EN}.T("deposit.receipt_title"))
	doc.Line(say.T("deposit.receipt_number", r.Number), say.T("deposit.receipt_date", r.IssuedOn))
	rows := []paper.Row{{Label: say.T("deposit.receipt_payer"), Value: r.Payer}}
	if r.Remitter != "" {
		rows = append(rows, paper.Row{Label: say.T("deposit.receipt_remitter"), Value: r.Remitter})
	}
	rows = append(rows,
		paper.Row{Label: say.T("deposit.receipt_amount"), Value: "¥" + r.Amount.String(), Strong: true},
		paper.Row{Label: say.T("deposit.receipt_capital"), Value: r.Amount.Capital(), Strong: true})
	if r.Excess.Fen > 0 {
		rows = append(rows, paper.Row{Label: say.T("deposit.receipt_parts"), Value: say.T("deposit.receipt_excess", r.Held, r.Excess)})
	}
	way := say.T("deposit.way_transfer")
	if w, ok := p.Way(r.Way); ok {
		way = w.Name.In(text.ZH)
	}
	rows = append(rows,
		paper.Row{Label: say.T("deposit.receipt_way"), Value: way},
		paper.Row{Label: say.T("deposit.receipt_paid"), Value: r.PaidOn.In(text.ZH)},
		paper.Row{Label: say.T("deposit.receipt_purpose"), Value: say.T("deposit.receipt_for", p.Marketplace.In(text.ZH))},
		paper.Row{Label: say.T("deposit.receipt_payee"), Value: r.Payee},
		paper.Row{Label: say.T("deposit.receipt_handler"), Value: handler})
	doc.KeyTable(rows...)
	if r.Void() {
		doc.Note(say.T("deposit.receipt_void_note", p.Today(r.VoidedAt).In(text.ZH)))
	} else {
		doc.Note(say.T("deposit.receipt_note"))
	}
	doc.Columns(
		paper.QR{Content: strings.TrimSuffix(address, "/") + "/verify/" + r.Code, Caption: say.T("deposit.receipt_verify", Group(r.Code))},
		paper.Signature{Role: say.T("deposit.receipt_seal"), Rows: []paper.Row{
			{Label: say.T("deposit.receipt_payee"), Value: p.Operator.Company},
			{Label: say.T("deposit.receipt_day"), Value: r.IssuedOn.In(text.ZH)},
		}, Seal: &paper.Seal{Name: p.Operator.Company, Line: p.Operator.Seal}})
	doc.Footer(r.Number, "")
	return doc.Bytes()
}

// Group writes a code of verification in groups of four, as people type it.
func Group(code string) string {
	var parts []string
	for len(code) > 4 {
		parts, code = append(parts, code[:4]), code[4:]
	}
	return strings.Join(append(parts, code), "-")
}
