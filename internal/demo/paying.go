package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
)

// bankBook is the operator's account as the bank keeps it.
type bankBook struct {
	balance int64 // fen, after the last imported movement
	serial  int
	owed    []movement // by payment files; the next statement shows them
}

// transfer is what a company pays, and how it tells of it.
type transfer struct {
	c       *company
	at      time.Time
	fen     int64
	bare    bool   // without the reference in the remark
	payer   string // "" is the company itself
	account string
	voucher int64 // of how much a voucher is presented; 0 is none
}

func (t transfer) name() string {
	if t.payer != "" {
		return t.payer
	}
	return t.c.Name
}

func (t transfer) from() string {
	if t.account != "" {
		return t.account
	}
	return t.c.AccountNumber()
}

// owes is how the company's deposit stands, with its reference.
func (s *story) owes(ctx context.Context, c *company) (state deposit.State, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		state, err = deposit.Load(ctx, tx, c.person.VendorID)
		return err
	})
	return state, err
}

// presents hands in a voucher of the transfer. Rule D-6.
func (s *story) presents(t transfer) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		state, err := s.owes(ctx, t.c)
		if err != nil {
			return err
		}
		s.bank.serial++
		b, err := sheet("voucher", t.at, map[string]any{
			"Code": fmt.Sprintf("HD%s%04d", t.at.Format("20060102"), 1200+s.bank.serial*7), "Day": on(t.at, s.zone), "Payer": t.name(), "Account": t.from(),
			"Bank": t.c.fullBank(), "Payee": s.policy.Payees[0],
			"Amount": grouped(t.voucher), "Capital": cn.Capital(t.voucher), "Remark": s.words["deposit_remark"] + " " + state.Reference,
		})
		if err != nil {
			return err
		}
		up, err := s.receive(ctx, "电子回单.pdf", b)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			f, err := file.Keep(ctx, tx, t.c.person, up, t.c.person.VendorID, file.Voucher)
			if err != nil {
				return err
			}
			in := deposit.Paper{Amount: money.CNY(t.voucher), PaidOn: calendar.Of(t.at, s.zone), Way: "online", File: f.ID,
				AsksOpening: true, AsksReceipt: true, Address: t.c.Address, Recipient: t.c.Owner, Phone: t.c.phone()}
			if t.payer != "" {
				in.OtherPayer, in.Remitter = true, t.payer
			}
			_, err = deposit.Present(ctx, tx, t.c.person, in)
			return err
		})
	}
}

// refuses says no to the company's voucher, with a reason.
func (s *story) refuses(c *company, reason string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			list, err := deposit.Vouchers(ctx, tx, s.confirmer(), c.person.VendorID)
			if err != nil {
				return err
			}
			_, err = deposit.Refuse(ctx, tx, s.confirmer(), deposit.Refusal{VoucherID: list[0].ID, Reason: s.words[reason]})
			return err
		})
	}
}

// imports brings in a statement of transfers and of other movements. Rule D-7.
func (s *story) imports(transfers []transfer, others []movement) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		list := append(slices.Clone(others), s.bank.owed...)
		s.bank.owed = nil
		for _, t := range transfers {
			state, err := s.owes(ctx, t.c)
			if err != nil {
				return err
			}
			m := movement{at: t.at, fen: t.fen, kind: "转账汇款", summary: "保证金", use: s.words["deposit_remark"], name: t.name(), account: t.from(), bank: t.c.fullBank()}
			if !t.bare {
				m.use += " " + state.Reference
			}
			list = append(list, m)
		}
		last := list[0].at
		for i := range list {
			s.bank.serial++
			list[i].at = list[i].at.In(s.zone)
			list[i].ref = fmt.Sprintf("C%s%05d", list[i].at.Format("010206"), 10000+s.bank.serial*13)
			if list[i].at.After(last) {
				last = list[i].at
			}
		}
		printed := s.clock.Now().In(s.zone)
		b, err := statementFile(s.policy.Payees[0], s.bank.balance, printed, list)
		if err != nil {
			return err
		}
		for _, m := range list {
			s.bank.balance += m.fen
		}
		_, err = payment.Import(ctx, s.DB, s.by(access.Finance), payment.File{Payee: s.policy.Payees[0].ID, Name: "招商银行流水-" + last.Format("0102") + ".csv",
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
		return err
	}
}

// confirms counts the line that is proposed for the company as received; a doubtful
// one with a reason. Rules D-5, D-7.
func (s *story) confirms(c *company, reason string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			lines, err := payment.Lines(ctx, tx, s.confirmer(), payment.Filter{Subject: c.person.VendorID})
			if err != nil {
				return err
			}
			for _, l := range lines {
				if l.State != payment.Certain && l.State != payment.Doubtful {
					continue
				}
				_, err := deposit.Confirm(ctx, tx, s.confirmer(), deposit.Confirmation{LineID: l.ID, VendorID: c.person.VendorID, Reason: s.words[reason]})
				return err
			}
			return fault.New(fault.NotFound, "fault.not_found")
		})
	}
}
