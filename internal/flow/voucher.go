package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// mailVoucher sends a presented voucher to the operator's mailbox in the prescribed
// form: subject, the sentence that asks for opening and receipt, the fields, and
// the voucher attached. It is a Chinese paper, whoever presents. Rule D-6.
func mailVoucher(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	var data deposit.VoucherData
	if err := e.Into(&data); err != nil || data.Letter != "" {
		return err // the operator has the vendor's own mail
	}
	v, err := deposit.GetVoucher(ctx, tx, by, e.Subject)
	if err != nil {
		return err
	}
	company, err := vendor.Load(ctx, tx, v.VendorID)
	if err != nil {
		return err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil || p.Operator.Mail == "" {
		return err
	}
	var lines []text.Message
	add := func(key text.Key, value any) { lines = append(lines, text.Message{Key: key, Args: []any{value}}) }
	if v.AsksOpening {
		lines = append(lines, text.M("notify.voucher_asks_opening", p.Marketplace))
	}
	if v.AsksReceipt {
		lines = append(lines, text.M("notify.voucher_asks_receipt"))
	}
	if v.Remitter != "" {
		add("notify.voucher_remitter", v.Remitter)
	}
	add("notify.voucher_account", v.PresentedBy)
	add("notify.voucher_company", company.Company.Name)
	add("notify.voucher_amount", v.Amount)
	add("notify.voucher_paid_on", v.PaidOn)
	if way, ok := p.Way(v.Way); ok {
		add("notify.voucher_way", way.Name)
	}
	if v.Courier.Address != "" {
		add("notify.voucher_address", v.Courier.Address)
		add("notify.voucher_recipient", v.Courier.Recipient)
		add("notify.voucher_phone", v.Courier.Phone)
	}
	return notify.Mailboxes(ctx, tx, e, text.ZH, []string{p.Operator.Mail}, notify.Notice{
		Template: "notify.voucher_notice", Args: []any{company.Company.Name, p.Marketplace}, Lines: lines, Link: "/office/deposits/vouchers", Files: []string{v.FileID},
	})
}
