package office_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// A list that goes out as a file goes out whole: five thousand lines of a statement,
// five thousand papers to be sent.
func TestLongListsGoOutWhole(t *testing.T) {
	const many = 5000
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		_, v := joined(t, w, "wang", "13800138000", "ops")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO bank_statement (id, payee_id, sha256, file_name, mapping, status, lines, done, credits, debits, credit_fen, debit_fen, currency, imported_by, begun_at, imported_at)
				VALUES ('stm_long', 'main', 'long', '流水.csv', '', 'imported', $1, $1, $1, 0, $1, 0, 'CNY', '', $2, $2)`, many, tx.Now()); err != nil {
				return err
			}
			for i := range many {
				line, receipt, parcel := fmt.Sprintf("bln_%05d", i), fmt.Sprintf("rct_%05d", i), fmt.Sprintf("pcl_%05d", i)
				if _, err := tx.Exec(ctx, `INSERT INTO bank_line (id, statement_id, payee_id, line_key, row_no, booked_on, fen, currency, sealed, payer_account_blind, payer_name_blind, imported_by, state)
					VALUES ($1, 'stm_long', 'main', $1, $2, '2026-03-02', 1, 'CNY', $3, '', '', '', 'unmatched')`, line, i+1, tx.Vault().Seal("bank_line.sealed:"+line, `{"payer":{"name":"=付款方"}}`)); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO deposit_receipt (id, number, code, vendor_id, line_id, fen, held_fen, excess_fen, currency, paid_on, issued_on, way, sealed, confirmed_by, confirmed_at)
					VALUES ($1, $1, $1, $2, $3, 1, 1, 0, 'CNY', '2026-03-02', '2026-03-02', '', '', '', $4)`, receipt, v.ID, line, tx.Now()); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO receipt_parcel (id, receipt_id, vendor_id, status, sealed, asked_by, asked_at) VALUES ($1, $2, $3, 'asked', $4, '', $5)`,
					parcel, receipt, v.ID, tx.Vault().Seal("receipt_parcel.sealed:"+parcel, fmt.Sprintf(`{"address":"示例路 %d 号","recipient":"王芳","phone":"13800138000"}`, i)), tx.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		b := w.As(w.Staff("clerk", access.Finance))
		for name, path := range map[string]string{"lines": "/office/bank-statements/stm_long/lines", "papers": "/office/dispatch/export?as="} {
			for _, format := range []string{"csv", "xlsx"} {
				to := path + "." + format
				if strings.HasSuffix(path, "=") {
					to = path + format
				}
				p := b.Get(to)
				if p.Status != 200 {
					t.Fatalf("%s: %d", to, p.Status)
				}
				n, seen := 0, map[string]bool{}
				if format == "csv" {
					all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.Body, "\ufeff"))).ReadAll()
					if err != nil {
						t.Fatal(err)
					}
					for _, row := range all[1:] {
						n, seen[strings.Join(row, "|")] = n+1, true
					}
				} else {
					book, err := sheet.Open(bytes.NewReader([]byte(p.Body)), sheet.Usual())
					if err != nil {
						t.Fatal(err)
					}
					defer book.Close()
					for row, err := range book.Rows(book.Sheets()[0]) {
						if err != nil {
							t.Fatal(err)
						}
						if n++; n > 1 {
							seen[row.Cell(0)+row.Cell(4)] = true
						}
					}
					n--
				}
				if n != many || len(seen) != many {
					t.Errorf("%s as %s: %d rows, %d of them different", name, format, n, len(seen))
				}
			}
		}
	})
}
