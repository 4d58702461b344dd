package deposit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rule D-8: the receipt is made once, kept for the vendor, and anybody who holds
// its code may check it.
func TestReceiptIsMadeAndVerified(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		r := mustConfirm(t, d, paid(t, d, v, 230000), "多付部分另存")
		store := files(t)
		for range 2 { // a job may run twice
			if err := deposit.Render(d, store, "https://market.example/")(ctx, deposit.RenderData{Receipt: r.ID}); err != nil {
				t.Fatal(err)
			}
		}
		var kept file.File
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			got, err := deposit.GetReceipt(ctx, tx, yunshitest.Owner(v.ID), r.ID)
			if err != nil {
				return err
			}
			if kept, err = file.Get(ctx, tx, yunshitest.Owner(v.ID), got.FileID); err != nil {
				return err
			}
			issued, err := event.List(ctx, tx, program, event.Filter{Kind: deposit.Issued.Name})
			if len(issued) != 1 || issued[0].VendorID != v.ID {
				t.Errorf("%d times issued", len(issued))
			}
			return err
		})
		if kept.Name != "BZJ-2026-000001.pdf" || kept.Purpose != file.Receipt {
			t.Errorf("kept as %+v", kept)
		}
		pdf, err := store.Open(ctx, kept)
		if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
			t.Fatalf("%d bytes, %v", len(pdf), err)
		}
		if dir := os.Getenv("YUNSHI_TEST_LOOK"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "receipt.pdf"), pdf, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			proof, err := deposit.Check(ctx, tx, strings.ToLower(deposit.Group(r.Code)))
			if err != nil {
				return err
			}
			if proof.Number != r.Number || proof.Amount.Fen != 230000 || strings.Contains(proof.Payer, "软件") || !strings.Contains(proof.Payer, "*") {
				t.Errorf("proof %+v", proof)
			}
			for _, code := range []string{"", r.Number, r.ID, strings.Repeat("0", 20)} {
				if _, err := deposit.Check(ctx, tx, code); !errors.Is(err, fault.NotFound) {
					t.Errorf("%q: %v", code, err)
				}
			}
			return nil
		})
	})
}
