package deposit

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Voucher is a vendor's proof that it paid (汇款凭证, rule D-6).
type Voucher struct {
	ID          string
	VendorID    string
	Status      VoucherStatus
	Amount      money.Amount
	PaidOn      calendar.Day
	Way         string // by its id in the policy
	FileID      string
	OtherPayer  bool   // not paid from the vendor's corporate account (D-5)
	Remitter    string // who paid then
	AsksOpening bool   // 开通云市场
	AsksReceipt bool   // 申请开保证金收据
	Courier     Courier
	PresentedBy string
	PresentedAt time.Time
	PromisedBy  time.Time
	DecidedBy   string
	DecidedAt   time.Time
	Reason      string // of a refusal
	City        string // where it was paid, for ways that are for one city only (D-4)
	Received    money.Amount
	Holder      string // the person of finance who looks into it; "" is nobody
	HeldAt      time.Time
}

// Left is what the voucher tells of and was not received yet, never negative.
func (v Voucher) Left() money.Amount { return missing(v.Amount, v.Received) }

// Paper is a voucher as the vendor hands it in.
type Paper struct {
	Amount      money.Amount `json:"amount"`
	PaidOn      calendar.Day `json:"paid_on"`
	Way         string       `json:"way"`
	City        string       `json:"city"` // where it was paid; for ways of one city, doubtful without (D-4)
	File        string       `json:"file"` // of the voucher, kept before
	OtherPayer  bool         `json:"other_payer"`
	Remitter    string       `json:"remitter"`     // account name; required with other_payer
	AsksOpening bool         `json:"asks_opening"` // 开通云市场
	AsksReceipt bool         `json:"asks_receipt"` // 申请开保证金收据
	Address     string       `json:"courier_address"`
	Recipient   string       `json:"recipient"`
	Phone       string       `json:"recipient_phone"`
}

// Present hands a voucher in. It is fault.Conflict before the application is
// approved and the contract signed (O-6), naming what is missing, and for a
// document that was presented before; what is wrong with the paper is
// fault.Invalid with each field.
func Present(ctx context.Context, tx *db.Tx, by access.Actor, in Paper) (Voucher, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Voucher{}, err
	}
	return present(ctx, tx, by, Entry{VendorID: by.VendorID, Paper: in})
}

// Entry is a voucher that staff enter for a vendor that sent it by mail.
type Entry struct {
	VendorID string
	Letter   string // id of the mail
	Paper    Paper
}

// PresentFor enters a voucher for the vendor whose mail brought it (D-6). It is kept
// who entered it and from which mail; otherwise it is as Present.
func PresentFor(ctx context.Context, tx *db.Tx, by access.Actor, in Entry) (Voucher, error) {
	if err := by.Require(access.HandleMail); err != nil {
		return Voucher{}, err
	}
	return present(ctx, tx, by, in)
}

func present(ctx context.Context, tx *db.Tx, by access.Actor, in Entry) (Voucher, error) {
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return Voucher{}, err
	}
	f, err := load(ctx, tx, in.VendorID)
	if err != nil {
		return Voucher{}, err
	}
	if err := f.terms.ready(); err != nil {
		return Voucher{}, err
	}
	if f.row.reference == "" {
		return Voucher{}, fault.New(fault.TooEarly, "deposit.being_asked")
	}
	v, err := in.Paper.check(f.policy, calendar.Of(tx.Now(), f.policy.Location()))
	if err != nil {
		return Voucher{}, err
	}
	if err := checkFile(ctx, tx, by, in.VendorID, v.FileID); err != nil {
		return Voucher{}, err
	}
	v.ID, v.VendorID, v.Status = tx.NewID("vou"), in.VendorID, VoucherPresented
	v.PresentedBy, v.PresentedAt = by.ID, tx.Now()
	v.PromisedBy = tx.Now().Add(time.Duration(f.policy.Promise.Deposit) * time.Hour)
	if err := insertVoucher(ctx, tx, v); err != nil {
		return Voucher{}, err
	}
	if err := announce(ctx, tx, f); err != nil {
		return Voucher{}, err
	}
	data := v.data()
	data.Letter = in.Letter
	return v, Presented.Append(ctx, tx, by, v.about(), data)
}

func (v Voucher) about() event.About { return event.About{Subject: v.ID, VendorID: v.VendorID} }

func (v Voucher) data() VoucherData { return VoucherData{Fen: v.Amount.Fen, Way: v.Way} }

// ready refuses what comes before its turn: fault.Conflict naming what is missing.
// Rule O-6.
func (t terms) ready() error {
	var need []fault.Field
	if len(t.approved) == 0 {
		need = append(need, fault.Field{Pointer: "/onboarding/qualified", Rule: "O-3",
			Message: text.M("deposit.needs_approval"), Mend: text.M("deposit.mend_approval")})
	}
	if !t.signed() {
		need = append(need, fault.Field{Pointer: "/onboarding/contract", Rule: "O-6",
			Message: text.M("deposit.needs_contract"), Mend: text.M("deposit.mend_contract")})
	}
	if need == nil {
		return nil
	}
	return &fault.Error{Kind: fault.Conflict, Message: text.M("deposit.too_early"), Rule: "O-6", Fields: need}
}

// check is the rule of the paper's own fields. Rules D-4, D-5 and D-6.
func (in Paper) check(p policy.Policy, today calendar.Day) (Voucher, error) {
	v := Voucher{
		Amount: in.Amount, PaidOn: in.PaidOn, Way: in.Way, FileID: in.File, OtherPayer: in.OtherPayer,
		AsksOpening: in.AsksOpening, AsksReceipt: in.AsksReceipt,
	}
	var f fault.Fields
	switch {
	case in.Amount.Code() != money.Yuan:
		f.AddRule("D-6", "/amount", "deposit.only_cny")
	case in.Amount.Fen <= 0:
		f.AddRule("D-6", "/amount", "deposit.amount_positive")
	}
	switch {
	case in.PaidOn.IsZero():
		f.AddRule("D-6", "/paid_on", "fault.required")
	case in.PaidOn.After(today):
		f.AddRule("D-6", "/paid_on", "deposit.paid_later", today)
	}
	if in.Way == "" {
		f.AddRule("D-4", "/way", "fault.required")
	} else if _, ok := p.Way(in.Way); !ok {
		f.AddRule("D-4", "/way", "fault.unknown_choice", in.Way)
	}
	if w, ok := p.Way(in.Way); ok && w.City != "" && strings.TrimSpace(in.City) != "" {
		v.City = words(&f, "D-4", "/city", "deposit.city_required", in.City, 50)
	}
	if in.File == "" {
		f.AddRule("D-6", "/file", "deposit.file_required")
	}
	if in.OtherPayer {
		v.Remitter = words(&f, "D-5", "/remitter", "deposit.remitter_required", in.Remitter, 100)
	}
	if in.AsksReceipt {
		v.Courier = courier(&f, "D-6", [3]string{"/courier_address", "/recipient", "/recipient_phone"}, "deposit.courier_required", Courier{in.Address, in.Recipient, in.Phone})
	}
	return v, f.Err()
}

// words reads a line of text that must be there, fit, and be printable on the receipt.
func words(f *fault.Fields, rule, pointer string, missing text.Key, s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		f.AddRule(rule, pointer, missing)
	case n > most:
		f.AddRule(rule, pointer, "fault.too_long", most, n)
	default:
		if lost := paper.Missing(s); len(lost) > 0 {
			f.AddRule(rule, pointer, "deposit.not_printable", string(lost))
		}
	}
	return s
}

// checkFile refuses a document that is not this vendor's voucher, and one that was presented before.
func checkFile(ctx context.Context, tx *db.Tx, by access.Actor, vendorID, id string) error {
	kept, err := file.Get(ctx, tx, by, id)
	if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
		return err
	}
	if err != nil || kept.VendorID != vendorID || kept.Purpose != file.Voucher {
		return fault.At("/file", "deposit.file_unknown")
	}
	again, err := db.Exists(ctx, tx, `SELECT 1 FROM deposit_voucher WHERE file_id = $1 AND status IN ('presented', 'confirmed')`, id)
	if err == nil && again {
		return fault.New(fault.Conflict, "deposit.presented_before").Of("D-6")
	}
	return err
}

// Refusal is finance's no to a voucher.
type Refusal struct {
	VoucherID string `json:"-" path:"id"`
	Reason    string `json:"reason"` // for the vendor to act on
}

// Refuse says no to a voucher, with a reason that the vendor is told. A voucher
// that is no longer presented is fault.Conflict.
func Refuse(ctx context.Context, tx *db.Tx, by access.Actor, in Refusal) (Voucher, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Voucher{}, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Voucher{}, err
	}
	return decide(ctx, tx, by, in.VoucherID, RefuseVoucher, reason)
}

// TakingBack names a voucher that the vendor takes back.
type TakingBack struct {
	VoucherID string `json:"-" path:"id"`
}

// TakeBack withdraws a voucher that was presented by mistake.
func TakeBack(ctx context.Context, tx *db.Tx, by access.Actor, in TakingBack) (Voucher, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Voucher{}, err
	}
	v, err := voucherByID(ctx, tx, in.VoucherID)
	if err != nil {
		return Voucher{}, err
	}
	if v.VendorID != by.VendorID {
		return Voucher{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return decide(ctx, tx, by, in.VoucherID, TakeBackVoucher, "")
}

func decide(ctx context.Context, tx *db.Tx, by access.Actor, id string, act VoucherAct, reason string) (Voucher, error) {
	v, err := voucherByID(ctx, tx, id)
	if err != nil {
		return Voucher{}, err
	}
	if err := vendor.Lock(ctx, tx, v.VendorID); err != nil {
		return Voucher{}, err
	}
	if act == RefuseVoucher && v.Holder != "" && v.Holder != by.ID {
		return Voucher{}, fault.New(fault.Conflict, "deposit.voucher_held")
	}
	if act != ConfirmVoucher && v.Received.Fen > 0 {
		return Voucher{}, fault.New(fault.Conflict, "deposit.voucher_in_part", v.Received).Of("D-6")
	}
	old := v.Status
	if v.Status, err = old.Next(act); err != nil {
		return Voucher{}, err
	}
	v.DecidedBy, v.DecidedAt, v.Reason = by.ID, tx.Now(), reason
	if err := moveVoucher(ctx, tx, old, v); err != nil {
		return Voucher{}, err
	}
	f, err := load(ctx, tx, v.VendorID)
	if err != nil {
		return Voucher{}, err
	}
	if err := announce(ctx, tx, f); err != nil {
		return Voucher{}, err
	}
	kind := Refused
	if act == TakeBackVoucher {
		kind = TakenBack
	}
	return v, kind.Append(ctx, tx, by, v.about(), v.data())
}

// reasonOf reads a reason that a person gives for a decision.
func reasonOf(s string) (string, error) {
	const least, most = 4, 500
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return "", fault.At("/reason", "fault.required")
	case n < least:
		return "", fault.At("/reason", "fault.too_short", least, n)
	case n > most:
		return "", fault.At("/reason", "fault.too_long", most, n)
	}
	return s, nil
}
