package mailbox

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// forActing reads a letter that waits, for one who handles mail; one that another
// person looks into is fault.Conflict, as is one that waits no more.
func forActing(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Letter, error) {
	if err := by.Require(access.HandleMail); err != nil {
		return Letter{}, err
	}
	l, err := byID(ctx, tx, id)
	if err != nil {
		return Letter{}, err
	}
	if !l.Status.open() {
		return Letter{}, fault.New(fault.Conflict, "mailbox.over", l.Status.Label())
	}
	if l.Holder != "" && l.Holder != by.ID {
		return Letter{}, fault.New(fault.Conflict, "mailbox.held")
	}
	return l, nil
}

// Claim takes a letter for the person alone to look into.
func Claim(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Letter, error) {
	l, err := forActing(ctx, tx, by, in.ID)
	if err != nil || l.Holder == by.ID {
		return l, err
	}
	was := l
	l.Holder, l.HeldAt = by.ID, tx.Now()
	if err := move(ctx, tx, was, l); err != nil {
		return Letter{}, err
	}
	return l, Claimed.Append(ctx, tx, by, l.about(), event.None{})
}

// Release gives a claimed letter back; only who has it may.
func Release(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Letter, error) {
	l, err := forActing(ctx, tx, by, in.ID)
	if err != nil {
		return Letter{}, err
	}
	if l.Holder == "" {
		return Letter{}, fault.New(fault.Conflict, "mailbox.not_held")
	}
	was := l
	l.Holder, l.HeldAt = "", time.Time{}
	if err := move(ctx, tx, was, l); err != nil {
		return Letter{}, err
	}
	return l, Released.Append(ctx, tx, by, l.about(), event.None{})
}

// Matching is a person's choice of the vendor that a letter is of.
type Matching struct {
	ID       string `json:"-" path:"id"`
	VendorID string `json:"vendor"`
}

// Match chooses the vendor of a letter.
func Match(ctx context.Context, tx *db.Tx, by access.Actor, in Matching) (Letter, error) {
	l, err := forActing(ctx, tx, by, in.ID)
	if err != nil {
		return Letter{}, err
	}
	id := strings.TrimSpace(in.VendorID)
	if id == "" {
		return Letter{}, fault.At("/vendor", "fault.required")
	}
	if _, err := vendor.Load(ctx, tx, id); err != nil {
		if fault.Is(err, fault.NotFound) {
			return Letter{}, fault.At("/vendor", "mailbox.vendor_unknown")
		}
		return Letter{}, err
	}
	was := l
	l.VendorID, l.Fit = id, ByPerson
	if err := move(ctx, tx, was, l); err != nil {
		return Letter{}, err
	}
	return l, Matched.Append(ctx, tx, by, l.about(), MatchedData{Vendor: id, Before: was.VendorID})
}

// Presentation is a letter's voucher as a person enters it.
type Presentation struct {
	ID          string       `json:"-" path:"id"`
	Amount      money.Amount `json:"amount"`
	PaidOn      calendar.Day `json:"paid_on"`
	Way         string       `json:"way"`
	City        string       `json:"city"`
	File        string       `json:"file"` // of the attachment that is the voucher
	OtherPayer  bool         `json:"other_payer"`
	Remitter    string       `json:"remitter"` // required with other_payer
	AsksOpening bool         `json:"asks_opening"`
	AsksReceipt bool         `json:"asks_receipt"`
	Address     string       `json:"courier_address"`
	Recipient   string       `json:"recipient"`
	Phone       string       `json:"recipient_phone"`
	Asked       bool         `json:"sender_asked"` // the company was asked and says that the mail is its own
}

// Present enters the voucher of a letter for its vendor. The vendor must be certain
// or chosen by a person; where the sender is not proven or not the vendor's, who
// enters it says that the company was asked. What deposit.Present refuses is refused
// here too. Rule D-6.
func Present(ctx context.Context, tx *db.Tx, by access.Actor, in Presentation) (Letter, error) {
	l, err := forActing(ctx, tx, by, in.ID)
	if err != nil {
		return Letter{}, err
	}
	if l.Fit != Certain && l.Fit != ByPerson {
		return Letter{}, fault.New(fault.Conflict, "mailbox.match_first")
	}
	known, err := senderOf(ctx, tx, l.VendorID, l.Content.From.Mail)
	if err != nil {
		return Letter{}, err
	}
	if (!known || !l.Passed) && !in.Asked {
		return Letter{}, fault.At("/sender_asked", "mailbox.ask_sender")
	}
	paper := deposit.Paper{
		Amount: in.Amount, PaidOn: in.PaidOn, Way: in.Way, City: in.City, OtherPayer: in.OtherPayer, Remitter: in.Remitter,
		AsksOpening: in.AsksOpening, AsksReceipt: in.AsksReceipt, Address: in.Address, Recipient: in.Recipient, Phone: in.Phone,
	}
	if paper.File, err = l.voucherFile(ctx, tx, by, in.File); err != nil {
		return Letter{}, err
	}
	v, err := deposit.PresentFor(ctx, tx, by, deposit.Entry{VendorID: l.VendorID, Letter: l.ID, Paper: paper})
	if err != nil {
		return Letter{}, err
	}
	was := l
	l.Status, l.VoucherID, l.DecidedBy, l.DecidedAt, l.Holder, l.HeldAt = Done, v.ID, by.ID, tx.Now(), "", time.Time{}
	if err := move(ctx, tx, was, l); err != nil {
		return Letter{}, err
	}
	return l, Entered.Append(ctx, tx, by, l.about(), EnteredData{Voucher: v.ID, Passed: l.Passed, Known: known})
}

// voucherFile keeps an attachment as the vendor's own document; "" leaves it to
// deposit to say that one is missing.
func (l Letter) voucherFile(ctx context.Context, tx *db.Tx, by access.Actor, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	for _, a := range l.Attachments {
		if a.FileID != id {
			continue
		}
		if !a.Proper {
			return "", fault.At("/file", "mailbox.not_proper")
		}
		f, err := file.Keep(ctx, tx, by, file.Upload{Name: a.Name, Type: a.Type, Size: a.Size, SHA256: a.SHA256}, l.VendorID, file.Voucher)
		return f.ID, err
	}
	return "", fault.At("/file", "mailbox.not_attached")
}

// Dismissal puts a letter aside.
type Dismissal struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"`
}

// Dismiss puts a letter aside with a reason; it stays where it can be found and
// taken up again.
func Dismiss(ctx context.Context, tx *db.Tx, by access.Actor, in Dismissal) (Letter, error) {
	l, err := forActing(ctx, tx, by, in.ID)
	if err != nil {
		return Letter{}, err
	}
	reason := strings.TrimSpace(in.Reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return Letter{}, fault.At("/reason", "fault.required")
	case n > 500:
		return Letter{}, fault.At("/reason", "fault.too_long", 500, n)
	}
	was := l
	l.Status, l.Reason, l.DecidedBy, l.DecidedAt, l.Holder, l.HeldAt = Dismissed, reason, by.ID, tx.Now(), "", time.Time{}
	if err := move(ctx, tx, was, l); err != nil {
		return Letter{}, err
	}
	return l, PutAside.Append(ctx, tx, by, l.about(), event.None{})
}

// TakeUp puts a letter that was ignored or put aside back into the queue.
func TakeUp(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Letter, error) {
	if err := by.Require(access.HandleMail); err != nil {
		return Letter{}, err
	}
	l, err := byID(ctx, tx, in.ID)
	if err != nil {
		return Letter{}, err
	}
	if l.Status != Ignored && l.Status != Dismissed {
		return Letter{}, fault.New(fault.Conflict, "mailbox.over", l.Status.Label())
	}
	was := l
	l.Status, l.Reason, l.DecidedBy, l.DecidedAt = Waiting, "", "", time.Time{}
	if err := move(ctx, tx, was, l); err != nil {
		return Letter{}, err
	}
	return l, TakenUp.Append(ctx, tx, by, l.about(), event.None{})
}
