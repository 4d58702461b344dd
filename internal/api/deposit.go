package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Deposit is what is asked of a vendor and what was received.
type Deposit struct {
	VendorID   string              `json:"vendor_id"`
	Known      bool                `json:"known" doc:"false while it cannot be said yet what is required"`
	Required   money.Amount        `json:"required"`
	RequiredBy policy.CategoryID   `json:"required_by,omitempty" doc:"the category that asks most (D-2); absent where the contract has its own deposit (M-3)"`
	Held       money.Amount        `json:"held"`
	Missing    money.Amount        `json:"missing"`
	Overpaid   money.Amount        `json:"overpaid" doc:"held apart until it is decided on (D-12)"`
	Approved   []policy.CategoryID `json:"approved" nullable:"false"`
	Covered    []policy.CategoryID `json:"covered" nullable:"false"`
	Asks       []CategoryAsk       `json:"asks" nullable:"false" doc:"by approved category: whether it is covered, and what is missing (D-3)"`
	TopUpBy    *time.Time          `json:"top_up_by,omitempty"`
	Reference  string              `json:"reference,omitempty" doc:"to stand in the transfer's remark; absent before the contract is signed"`
	Payees     []Payee             `json:"payees,omitempty" doc:"the operator's accounts"`
	Ways       []Way               `json:"ways,omitempty" doc:"ways to pay (D-4)"`
}

// CategoryAsk is what one approved category asks of the deposit.
type CategoryAsk struct {
	Category policy.CategoryID `json:"category"`
	Deposit  money.Amount      `json:"deposit"`
	Covered  bool              `json:"covered"`
	Missing  money.Amount      `json:"missing"`
	Until    *calendar.Day     `json:"until,omitempty" doc:"the last day on which it stays covered without"`
}

// Payee is an account of the operator.
type Payee struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Bank    string `json:"bank"`
	Account string `json:"account"`
	CNAPS   string `json:"cnaps,omitempty"`
}

// Way is a way to pay.
type Way struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
}

// Voucher is a presented voucher, the courier's data masked.
type Voucher struct {
	ID          string       `json:"id"`
	VendorID    string       `json:"vendor_id"`
	VendorName  string       `json:"vendor_name,omitempty"`
	Status      string       `json:"status" doc:"presented, confirmed, refused or taken_back"`
	Amount      money.Amount `json:"amount"`
	PaidOn      calendar.Day `json:"paid_on"`
	Way         string       `json:"way"`
	File        string       `json:"file"`
	OtherPayer  bool         `json:"other_payer"`
	Remitter    string       `json:"remitter,omitempty"`
	AsksOpening bool         `json:"asks_opening"`
	AsksReceipt bool         `json:"asks_receipt"`
	Recipient   string       `json:"recipient,omitempty" doc:"masked"`
	Phone       string       `json:"recipient_phone,omitempty" doc:"masked"`
	PresentedAt time.Time    `json:"presented_at"`
	PromisedBy  time.Time    `json:"promised_by"`
	DecidedAt   *time.Time   `json:"decided_at,omitempty"`
	Reason      string       `json:"reason,omitempty" doc:"of a refusal"`
	City        string       `json:"city,omitempty"`
	Received    money.Amount `json:"received" doc:"so far; it waits until all it tells of is in"`
	Holder      string       `json:"holder,omitempty" doc:"the person of finance who has it"`
}

// Receipt is a receipt of a deposit.
type Receipt struct {
	ID          string       `json:"id"`
	Number      string       `json:"number"`
	Code        string       `json:"code" doc:"opens the public page of verification"`
	VendorID    string       `json:"vendor_id"`
	LineID      string       `json:"line_id"`
	VoucherID   string       `json:"voucher_id,omitempty"`
	Amount      money.Amount `json:"amount"`
	Held        money.Amount `json:"held"`
	Excess      money.Amount `json:"excess"`
	PaidOn      calendar.Day `json:"paid_on"`
	IssuedOn    calendar.Day `json:"issued_on"`
	Way         string       `json:"way,omitempty"`
	Payer       string       `json:"payer"`
	Remitter    string       `json:"remitter,omitempty"`
	Payee       string       `json:"payee"`
	ConfirmedAt time.Time    `json:"confirmed_at"`
	File        string       `json:"file,omitempty" doc:"the PDF; absent for a moment after the confirmation"`
	ShareID     string       `json:"share_id,omitempty" doc:"the share, where the line was split"`
	VoidedAt    *time.Time   `json:"voided_at,omitempty" doc:"the receipt holds no more (作废); its number is kept"`
	VoidFile    string       `json:"void_file,omitempty" doc:"the PDF with the mark 作废"`
}

// ReceiptProof is what anybody who holds a receipt's code may read.
type ReceiptProof struct {
	Number   string       `json:"number"`
	IssuedOn calendar.Day `json:"issued_on"`
	Amount   money.Amount `json:"amount"`
	Payer    string       `json:"payer" doc:"masked"`
	Payee    string       `json:"payee"`
	Void     bool         `json:"void" doc:"the receipt holds no more (作废)"`
}

// DepositAccount is a vendor's deposit in the list of staff.
type DepositAccount struct {
	VendorID   string       `json:"vendor_id"`
	VendorName string       `json:"vendor_name"`
	Held       money.Amount `json:"held"`
	Due        money.Amount `json:"due"`
	Overpaid   money.Amount `json:"overpaid"`
	Reference  string       `json:"reference"`
}

// asked is a deposit with where and how to pay it.
type asked struct {
	deposit.State
	policy policy.Policy
}

func viewDeposit(_ text.Printer, s deposit.State) Deposit {
	asks := []CategoryAsk{}
	for _, x := range s.Asks {
		v := CategoryAsk{Category: x.Category, Deposit: x.Deposit, Covered: x.Covered, Missing: x.Missing}
		if !x.Until.IsZero() {
			v.Until = &x.Until
		}
		asks = append(asks, v)
	}
	return Deposit{Asks: asks, VendorID: s.VendorID, Known: s.Known, Required: s.Required, RequiredBy: s.RequiredBy, Held: s.Held, Missing: s.Missing, Overpaid: s.Overpaid,
		Approved: listOf(s.Approved), Covered: listOf(s.Covered), TopUpBy: when(s.TopUpBy), Reference: s.Reference}
}

func viewAsked(p text.Printer, a asked) Deposit {
	v := viewDeposit(p, a.State)
	for _, x := range a.policy.Payees {
		v.Payees = append(v.Payees, Payee{ID: x.ID, Name: x.Name, Bank: x.Bank, Account: x.Account, CNAPS: x.CNAPS})
	}
	for _, w := range a.policy.Ways {
		v.Ways = append(v.Ways, Way{ID: w.ID, Name: w.Name.In(p.Lang), Note: w.Note.In(p.Lang)})
	}
	return v
}

func viewVoucher(_ text.Printer, v deposit.Voucher) Voucher {
	return Voucher{ID: v.ID, VendorID: v.VendorID, Status: string(v.Status), Amount: v.Amount, PaidOn: v.PaidOn, Way: v.Way, File: v.FileID,
		OtherPayer: v.OtherPayer, Remitter: v.Remitter, AsksOpening: v.AsksOpening, AsksReceipt: v.AsksReceipt,
		Recipient: vault.Mask(v.Courier.Recipient, 1, 0), Phone: vault.MaskPhone(v.Courier.Phone),
		PresentedAt: v.PresentedAt, PromisedBy: v.PromisedBy, DecidedAt: when(v.DecidedAt), Reason: v.Reason,
		City: v.City, Received: v.Received, Holder: v.Holder}
}

func viewQueued(p text.Printer, q deposit.Queued) Voucher {
	v := viewVoucher(p, q.Voucher)
	v.VendorName = q.VendorName
	return v
}

func viewReceipt(_ text.Printer, r deposit.Receipt) Receipt {
	return Receipt{ID: r.ID, Number: r.Number, Code: r.Code, VendorID: r.VendorID, LineID: r.LineID, VoucherID: r.VoucherID, Amount: r.Amount, Held: r.Held, Excess: r.Excess,
		PaidOn: r.PaidOn, IssuedOn: r.IssuedOn, Way: r.Way, Payer: r.Payer, Remitter: r.Remitter, Payee: r.Payee, ConfirmedAt: r.ConfirmedAt, File: r.FileID,
		ShareID: r.ShareID, VoidedAt: when(r.VoidedAt), VoidFile: r.VoidFileID}
}

func viewProof(_ text.Printer, x deposit.Proof) ReceiptProof {
	return ReceiptProof{Number: x.Number, IssuedOn: x.IssuedOn, Amount: x.Amount, Payer: x.Payer, Payee: x.Payee, Void: !x.VoidOn.IsZero()}
}

func viewDepositAccount(_ text.Printer, x deposit.Account) DepositAccount {
	return DepositAccount{VendorID: x.VendorID, VendorName: x.VendorName, Held: x.Held, Due: x.Due, Overpaid: x.Overpaid, Reference: x.Reference}
}

type voucherQuery struct {
	Status string `query:"status" doc:"presented, confirmed, refused or taken_back; absent is any"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

type pageQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

func (a *API) depositRoutes() {
	get(a, route{path: "/deposit", tag: "deposit", id: "get-deposit", summary: "What is due and why, the reference, the payee and what was received"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (asked, error) {
			s, err := deposit.Get(ctx, tx, by, by.VendorID)
			if err != nil {
				return asked{}, err
			}
			p, err := policy.Now(ctx, tx)
			return asked{s, p}, err
		}, viewAsked)
	get(a, route{path: "/deposit/vouchers", tag: "deposit", id: "list-vouchers", summary: "Your vouchers, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]deposit.Voucher, error) {
			return deposit.Vouchers(ctx, tx, by, by.VendorID)
		}, each(viewVoucher))
	post(a, route{path: "/deposit/vouchers", tag: "deposit", id: "present-voucher", summary: "Present a voucher (D-6); upload its file first with the purpose voucher", status: 201}, deposit.Present, viewVoucher)
	get(a, route{path: "/deposit/vouchers/{id}", tag: "deposit", id: "get-voucher", summary: "One voucher"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (deposit.Voucher, error) {
			return deposit.GetVoucher(ctx, tx, by, q.ID)
		}, viewVoucher)
	act(a, route{path: "/deposit/vouchers/{id}/take-back", tag: "deposit", id: "take-back-voucher", summary: "Take a voucher back that was presented by mistake"}, deposit.TakeBack, viewVoucher)
	get(a, route{path: "/deposit/receipts", tag: "deposit", id: "list-receipts", summary: "Your receipts, newest first (D-8)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]deposit.Receipt, error) {
			return deposit.Receipts(ctx, tx, by, by.VendorID)
		}, each(viewReceipt))
	get(a, route{path: "/deposit/receipts/{id}", tag: "deposit", id: "get-receipt", summary: "One receipt; its PDF is a file"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (deposit.Receipt, error) {
			return deposit.GetReceipt(ctx, tx, by, q.ID)
		}, viewReceipt)
	get(a, route{path: "/receipts/{id}", tag: "receipts", id: "verify-receipt", summary: "What a receipt says, by the code printed on it (D-8)", public: true},
		func(ctx context.Context, tx *db.Tx, _ access.Actor, q byID) (deposit.Proof, error) {
			return deposit.Check(ctx, tx, q.ID)
		}, viewProof)

	get(a, route{path: "/operator/deposits", tag: "operator/deposits", id: "list-deposits", summary: "Deposits that were asked for, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q pageQuery) (listed[deposit.Account], error) {
			limit := upTo(q.Limit)
			all, err := deposit.Accounts(ctx, tx, by, deposit.Filter{Before: q.Cursor, Limit: limit})
			return listed[deposit.Account]{all, limit}, err
		}, paged(func(x deposit.Account) string { return x.VendorID }, viewDepositAccount))
	get(a, route{path: "/operator/deposits/{id}", tag: "operator/deposits", id: "get-vendor-deposit", summary: "One vendor's deposit, by the vendor's id"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (deposit.State, error) {
			if err := by.Require(access.SeeMoney); err != nil {
				return deposit.State{}, err
			}
			return deposit.Get(ctx, tx, by, q.ID)
		}, viewDeposit)
	get(a, route{path: "/operator/vouchers", tag: "operator/deposits", id: "list-presented-vouchers", summary: "Vouchers; those that wait come oldest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q voucherQuery) (listed[deposit.Queued], error) {
			limit := upTo(q.Limit)
			all, err := deposit.Queue(ctx, tx, by, deposit.Filter{Status: deposit.VoucherStatus(q.Status), Before: q.Cursor, Limit: limit})
			return listed[deposit.Queued]{all, limit}, err
		}, paged(func(x deposit.Queued) string { return x.ID }, viewQueued))
	post(a, route{path: "/operator/vouchers/{id}/refuse", tag: "operator/deposits", id: "refuse-voucher", summary: "Refuse a voucher with a reason the vendor is told"}, deposit.Refuse, viewVoucher)
}
