package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// proposed is a line of the bank statement that waits to be confirmed.
type proposed struct {
	line, vendor string
}

func (p *proposed) fields() []any { return []any{&p.line, &p.vendor} }

// due is the deposit of every vendor here. Rule D-1.
const due = 500000

// seedDeposits makes vendors that have signed, asks each for its deposit, and
// imports one statement with a transfer of each, which the program proposes.
func seedDeposits(ctx context.Context, b *bench, d *db.DB, n int) ([]proposed, error) {
	const step = 100
	for made := 0; made < n; made += step {
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for i := made; i < min(made+step, n); i++ {
				if err := signedVendor(ctx, tx, int64(i)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
		b.progress.at("vendors", min(made+step, n), n)
	}
	if err := importTransfers(ctx, d); err != nil {
		return nil, err
	}
	var lines []proposed
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		lines, err = db.All(ctx, tx, (*proposed).fields, `SELECT id, subject FROM bank_line WHERE state = 'certain' ORDER BY id`)
		return err
	})
	if err == nil && len(lines) != n {
		err = fmt.Errorf("%d of %d transfers are proposed as certain", len(lines), n)
	}
	if d.Dialect() == db.Postgres && err == nil {
		_, err = d.SQL().ExecContext(ctx, "ANALYZE")
	}
	return lines, err
}

// signedVendor makes a vendor approved for two categories with a contract in
// force, by the rows that review and signing leave, and asks for its deposit.
func signedVendor(ctx context.Context, tx *db.Tx, n int64) error {
	id, by := tx.NewID("ven"), access.SystemActor("bench")
	sub := tx.NewID("sub")
	exec := func(q string, args ...any) error { _, err := tx.Exec(ctx, q, args...); return err }
	if err := exec(`INSERT INTO vendor (id, made_by, made_at) VALUES ($1, $2, $3)`, id, "acc_owner_"+id, tx.Now()); err != nil {
		return err
	}
	c := vendor.Company{Name: companyName(n), USCC: creditCode(n), Type: "有限责任公司", LegalPerson: "李明", Capital: money.CNY(500000000),
		Contact: vendor.Contact{Name: "王芳", Phone: "+8613800138000", Mail: "wang@example.com"}, ServiceMail: "help@example.com",
		Account: vendor.BankAccount{Holder: companyName(n), Bank: "招商银行", Branch: "深圳分行科技园支行", Province: "广东省", City: "深圳市",
			Number: accountNumber(n), CNAPS: "308100005027"}}
	if err := vendor.Update(ctx, tx, by, id, c); err != nil {
		return err
	}
	if err := exec(`
		INSERT INTO application (id, vendor_id, status, version, draft, saved_at, saved_by, mode) VALUES ($1, $2, 'decided', 1, '', $3, '', 'platform')`,
		"app_"+id, id, tx.Now()); err != nil {
		return err
	}
	if err := exec(`
		INSERT INTO submission (id, application_id, vendor_id, number, paper, mode, categories, agreements, submitted_by, submitted_at, address)
		VALUES ($1, $2, $3, 1, '', 'platform', '[]', '[]', '', $4, '')`, sub, "app_"+id, id, tx.Now()); err != nil {
		return err
	}
	if err := exec(`
		INSERT INTO qualification (vendor_id, category, status, submission_id, changed_at, approved_at)
		VALUES ($1, 'image', 'approved', $2, $3, $3), ($1, 'ops', 'approved', $2, $3, $3)`, id, sub, tx.Now()); err != nil {
		return err
	}
	if err := exec(`
		INSERT INTO contract (id, vendor_id, number, status, template, lang, mode, fee_basis_points, deposit_fen, currency, fixed_deposit, months,
			categories, terms, particulars, offered_by, offered_at, signed_at, until)
		VALUES ($1, $2, $1, 'signed', '1.0', 'zh-CN', 'platform', 1000, 0, 'CNY', FALSE, 12, '[]', '', '', '', $3, $3, $4)`,
		tx.NewID("con"), id, tx.Now(), tx.Now().AddDate(1, 0, 0)); err != nil {
		return err
	}
	return deposit.EnsureRequest(ctx, tx, by, event.Ref{VendorID: id})
}

func accountNumber(n int64) string { return fmt.Sprintf("7559%012d", n) }

// importTransfers imports a statement with a transfer for every announcement and
// lets the program propose whose each is.
func importTransfers(ctx context.Context, d *db.DB) error {
	type expected struct{ name, account, reference string }
	var all []expected
	err := d.Read(ctx, func(tx *db.Tx) error {
		type row struct{ id, reference string }
		rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.reference} }, `SELECT vendor_id, reference FROM deposit ORDER BY vendor_id`)
		for _, r := range rows {
			v, err := vendor.Load(ctx, tx, r.id)
			if err != nil {
				return err
			}
			all = append(all, expected{v.Company.Name, v.Company.Account.Number, r.reference})
		}
		return err
	})
	if err != nil {
		return err
	}
	var file strings.Builder
	file.WriteString("交易日,交易时间,借方金额,贷方金额,摘要,收(付)方名称,收(付)方账号,流水号\n")
	day := time.Now().Format("20060102")
	for i, e := range all {
		fmt.Fprintf(&file, "%s,09:%02d:%02d,,%q,保证金 %s,%s,%s,B%09d\n", day, i/60%60, i%60, money.CNY(due).String(), e.reference, e.name, e.account, i)
	}
	s, err := payment.Import(ctx, d, clerk, payment.File{Payee: "main", Name: "流水.csv",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file.String())), nil }})
	if err != nil {
		return err
	}
	for after := ""; ; {
		var ids []string
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			ids, err = db.All(ctx, tx, db.Value[string], `SELECT id FROM bank_line WHERE statement_id = $1 AND id > $2 ORDER BY id LIMIT 200`, s.ID, after)
			if err != nil || len(ids) == 0 {
				return err
			}
			return payment.Propose(ctx, tx, access.SystemActor("bench"), payment.Search{Statement: s.ID, After: after})
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
	}
}
