package deposit

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// RenderJob is the job that makes a receipt's PDF.
var RenderJob = job.Kind[RenderData]{Name: "receipt.render"}

// VoidJob is the job that makes the PDF of a void receipt, with the mark 作废.
var VoidJob = job.Kind[RenderData]{Name: "receipt.render_void"}

// RenderData names a receipt.
type RenderData struct {
	Receipt string `json:"receipt"`
}

// issue gives a receipt its number, without gaps within a year (D-8), and asks for the PDF.
func (f facts) issue(ctx context.Context, tx *db.Tx, by access.Actor, r *Receipt, data ConfirmedData) error {
	series := fmt.Sprintf("%s-%04d", f.policy.ReceiptSeries, r.IssuedOn.Year)
	n, err := db.Number(ctx, tx, series)
	if err != nil {
		return err
	}
	r.Number = fmt.Sprintf("%s-%06d", series, n)
	data.Number = r.Number
	if err := insertReceipt(ctx, tx, *r); err != nil {
		return err
	}
	if err := RenderJob.Later(ctx, tx, RenderData{r.ID}, job.Once(r.ID)); err != nil {
		return err
	}
	if err := paperAsked(ctx, tx, by, *r); err != nil {
		return err
	}
	return Confirmed.Append(ctx, tx, by, event.About{Subject: r.ID, VendorID: r.VendorID}, data)
}

// newCode makes the code of the page of verification: 100 bits in twenty
// characters that are not mistaken for one another.
func newCode(random io.Reader) (string, error) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	raw := make([]byte, 20)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", err
	}
	for i, b := range raw {
		raw[i] = alphabet[b&31]
	}
	return string(raw), nil
}

// ReadCode reads a code of verification as people type it.
func ReadCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return -1
		case r == 'O':
			return '0'
		case r == 'I' || r == 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(s)))
}

// Proof is what anybody who holds a receipt's code may read of it.
type Proof struct {
	Number   string
	IssuedOn calendar.Day
	Amount   money.Amount
	Payer    string // masked
	Payee    string
	VoidOn   calendar.Day // zero while the receipt holds
}

// Check finds a receipt by the code printed on it; any other code is fault.NotFound.
// It asks for nobody's permission: who holds the paper holds the code. Rule D-8.
func Check(ctx context.Context, tx *db.Tx, code string) (Proof, error) {
	row, err := db.One(ctx, tx, (*storedReceipt).fields, `SELECT `+receiptColumns+` FROM deposit_receipt WHERE code = $1`, ReadCode(code))
	if err != nil {
		return Proof{}, err
	}
	r, err := row.open(tx)
	if err != nil {
		return Proof{}, err
	}
	var void calendar.Day
	if r.Void() {
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return Proof{}, err
		}
		void = p.Today(r.VoidedAt)
	}
	return Proof{VoidOn: void, Number: r.Number, IssuedOn: r.IssuedOn, Amount: r.Amount, Payer: vault.Mask(r.Payer, 2, 4), Payee: r.Payee}, nil
}
