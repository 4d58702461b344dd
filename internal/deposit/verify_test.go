package deposit_test

import (
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Whoever changes the books behind the program's back is found out. Rules D-7, D-8
// and D-12.
func TestVerifyFindsWhatWasChanged(t *testing.T) {
	tests := []struct{ name, statement, finds string }{
		{"an amount of the bank", `UPDATE bank_line SET fen = fen + 1`, "bank account main"},
		{"a line that was taken", `UPDATE bank_line SET taken_for = NULL, state = 'unknown'`, "is not explained by the line"},
		{"a line taken without a receipt", `DELETE FROM deposit_receipt`, "there is no receipt"},
		{"another vendor's line", `UPDATE bank_line SET subject = 'ven_other'`, "is not explained by the line"},
		{"an entry of the ledger", `UPDATE ledger_entry SET fen = fen - 1 WHERE account LIKE 'deposit-held:%'`, "its receipts say"},
		{"what a receipt says is held", `UPDATE deposit_receipt SET held_fen = held_fen - 1, excess_fen = excess_fen + 1`, "its receipts say"},
		{"the number of receipts", `UPDATE counter SET last = last + 1 WHERE series LIKE 'BZJ-%'`, "have gaps"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				v := asked(t, d, "api")
				mustConfirm(t, d, paid(t, d, v, 200000), "")
				sound(t, d)
				var found []string
				yunshitest.Write(t, d, func(tx *db.Tx) error {
					if _, err := tx.Exec(ctx, tt.statement); err != nil {
						return err
					}
					_, lines, err := payment.Verify(ctx, tx)
					if err != nil {
						return err
					}
					_, deposits, err := deposit.Verify(ctx, tx)
					found = append(lines, deposits...)
					return err
				})
				if !strings.Contains(strings.Join(found, "\n"), tt.finds) {
					t.Errorf("found %q, want %q", found, tt.finds)
				}
			})
		})
	}
}
