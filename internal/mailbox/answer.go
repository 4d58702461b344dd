package mailbox

import (
	"context"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Lack is something that the prescribed mail has to hold and a letter does not.
type Lack string

// The lacks, in the order a mail is written.
const (
	LacksReadable  Lack = "readable" // it is damaged or encrypted
	LacksSubject   Lack = "subject"
	LacksOpening   Lack = "opening"
	LacksReceipt   Lack = "receipt"
	LacksAccount   Lack = "account"
	LacksCompany   Lack = "company"
	LacksRemitter  Lack = "remitter" // only a person knows that it was not paid from the company's account
	LacksAddress   Lack = "address"
	LacksRecipient Lack = "recipient"
	LacksPhone     Lack = "phone"
	LacksVoucher   Lack = "voucher"
)

// AllLacks lists what can be asked for.
func AllLacks() []Lack {
	return []Lack{LacksReadable, LacksSubject, LacksOpening, LacksReceipt, LacksAccount, LacksCompany, LacksRemitter, LacksAddress, LacksRecipient, LacksPhone, LacksVoucher}
}

// Label is the lack's words in the catalogue.
func (l Lack) Label() text.Key { return text.Key("mailbox.lack_" + string(l)) }

// Lacks is what a letter does not hold of the prescribed mail. Rule D-6.
func (l Letter) Lacks() (out []Lack) {
	c := l.Content
	has := func(p ...letter.Problem) bool {
		return slices.ContainsFunc(p, func(p letter.Problem) bool { return slices.Contains(c.Problems, p) })
	}
	proper := slices.ContainsFunc(l.Attachments, func(a Attachment) bool { return a.Proper })
	for _, x := range []struct {
		lack Lack
		is   bool
	}{
		{LacksReadable, l.Status == Unreadable || has(letter.Encrypted, letter.UnknownCharset)},
		{LacksSubject, !c.Prescribed || has(letter.TwoCompanies)},
		{LacksOpening, !c.AsksOpening}, {LacksReceipt, !c.AsksReceipt},
		{LacksAccount, c.Fields.AccountID == ""}, {LacksCompany, c.Fields.Company == "" || has(letter.TwoCompanies)},
		{LacksAddress, c.Fields.Address == ""}, {LacksRecipient, c.Fields.Recipient == ""}, {LacksPhone, c.Fields.Phone == ""},
		{LacksVoucher, !proper},
	} {
		if x.is {
			out = append(out, x.lack)
		}
	}
	return out
}

// machines are the names before the @ behind which nobody reads.
var machines = []string{"mailer-daemon", "postmaster", "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "bounce", "bounces", "system"}

// Answerable is nil for a letter whose sender can be asked for what is missing; a
// machine is never answered. Otherwise it is why not.
func (l Letter) Answerable() error {
	a, err := netmail.ParseAddress(l.Content.From.Mail)
	if err != nil || a.Address != l.Content.From.Mail {
		return fault.New(fault.Conflict, "mailbox.answer_nobody")
	}
	name, _, _ := strings.Cut(a.Address, "@")
	if l.Why != "" || slices.Contains(machines, strings.ToLower(name)) {
		return fault.New(fault.Conflict, "mailbox.answer_machine")
	}
	if l.Content.Bulk {
		return fault.New(fault.Conflict, "mailbox.answer_list")
	}
	if !l.AnsweredAt.IsZero() {
		return fault.New(fault.Conflict, "mailbox.answered")
	}
	return nil
}

// Reply asks a letter's sender for what is missing.
type Reply struct {
	ID      string `json:"-" path:"id"`
	Missing []Lack `json:"missing"`
}

// AnsweredData is what the event of an answered letter holds.
type AnsweredData struct {
	Missing []Lack `json:"missing"`
}

// Answered is that a person asked a letter's sender for what is missing; the mail
// follows from it.
var Answered = event.Kind[AnsweredData]{Name: "mail.answered", Internal: true}

// Answer asks the sender by mail for what is missing, once for a letter. The letter
// waits on: what it says is not changed by a later mail.
func Answer(ctx context.Context, tx *db.Tx, by access.Actor, in Reply) (Letter, error) {
	l, err := forActing(ctx, tx, by, in.ID)
	if err != nil {
		return Letter{}, err
	}
	if err := l.Answerable(); err != nil {
		return Letter{}, err
	}
	if len(in.Missing) == 0 {
		return Letter{}, fault.At("/missing", "mailbox.nothing_missing")
	}
	for _, x := range in.Missing {
		if !slices.Contains(AllLacks(), x) {
			return Letter{}, fault.At("/missing", "fault.unknown_choice", string(x))
		}
	}
	missing := slices.DeleteFunc(AllLacks(), func(x Lack) bool { return !slices.Contains(in.Missing, x) })
	l.AnsweredBy, l.AnsweredAt = by.ID, tx.Now()
	if err := tx.Move(ctx, `UPDATE mail_letter SET answered_by = $1, answered_at = $2 WHERE id = $3 AND answered_at IS NULL AND status = $4`, l.AnsweredBy, l.AnsweredAt, l.ID, string(l.Status)); err != nil {
		return Letter{}, err
	}
	return l, Answered.Append(ctx, tx, by, l.about(), AnsweredData{missing})
}

// Answering is where the answer to a letter goes, and in which language.
type Answering struct {
	To     string
	Lang   text.Lang
	KeptAt time.Time
}

// ToAnswer reads whom to answer: the sender, in the language of its account, else of
// the first person of its company, else in Chinese, as the prescribed mail is.
func ToAnswer(ctx context.Context, tx *db.Tx, id string) (Answering, error) {
	l, err := byID(ctx, tx, id)
	if err != nil {
		return Answering{}, err
	}
	out := Answering{To: l.Content.From.Mail, Lang: text.ZH, KeptAt: l.KeptAt}
	a, err := account.MemberByMail(ctx, tx, out.To)
	if err == nil {
		out.Lang = a.Lang
		return out, nil
	}
	if !fault.Is(err, fault.NotFound) || l.VendorID == "" {
		return out, ignoreMissing(err)
	}
	people, err := account.People(ctx, tx, l.VendorID)
	if len(people) > 0 {
		out.Lang = people[0].Lang
	}
	return out, err
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
