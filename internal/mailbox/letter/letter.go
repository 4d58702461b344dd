// Package letter reads one mail of the prescribed form (rule D-6) in the variations
// that real mail has: any charset and encoding, HTML only, full-width colons, reply
// and forward prefixes, fields in another order, attachments within Outlook's TNEF.
// It is pure: what it finds is said, what it cannot read is said too, and nothing is
// decided. A mail is hostile until it is read to its end: parts, depth, sizes and
// fields are limited.
package letter

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Limits is how much of a mail is read.
type Limits struct {
	Bytes      int64 // of the whole mail
	Parts      int   // of any kind, those within others included
	Depth      int   // of parts within parts
	Attachment int64 // of one attachment
	Text       int   // of the text that is searched for fields
}

// Usual are limits for mail from people.
func Usual() Limits {
	return Limits{Bytes: 40 << 20, Parts: 100, Depth: 10, Attachment: 20 << 20, Text: 200 << 10}
}

// Letter is what a mail says.
type Letter struct {
	MessageID string // without angle brackets; "" if the mail has none
	From      Address
	ReplyTo   Address
	Date      time.Time // as the sender says; zero if it does not
	Subject   string    // decoded, as it was written
	Auth      []Auth    // what the receiving server found out about the sender
	Ours      bool      // sent by a marketplace itself, as a copy for its staff
	Auto      bool      // an automatic answer or a report of a mail that could not be delivered
	Bulk      bool      // sent by a mailing list, to many
	Answers   bool      // it answers a mail, and may hold what that mail said

	Prescribed  bool   // the subject has the prescribed form
	Company     string // the company's full name: of the subject, or of the field where the subject has none
	Marketplace string // as the subject names it

	Fields      Fields
	AsksOpening bool // 开通云市场
	AsksReceipt bool // 申请开保证金收据
	Text        string
	Attachments []Attachment
	Problems    []Problem // what is missing or could not be read, for a person
}

// Fields are the fields of the body.
type Fields struct {
	AccountID string
	Company   string
	Remitter  string // 汇款方账户名称
	Address   string
	Recipient string
	Phone     string
	Amount    money.Amount // not prescribed, read if somebody writes it; zero otherwise
	PaidOn    calendar.Day // likewise
	Way       string       // likewise, in the writer's words
}

// Address is a mailbox with the name it goes by.
type Address struct {
	Name string
	Mail string // lower-case
}

// Auth is one result of the receiving server about the sender.
type Auth struct {
	Server string // who found it out
	Method string // spf, dkim, dmarc
	Result string // pass, fail, none …
	Domain string
}

// Attachment is a file of the mail.
type Attachment struct {
	Name string
	Type string // as the mail says; not to be believed
	Data []byte
}

// Problem is something about a mail that a person should know.
type Problem string

// The problems.
const (
	TooLarge        Problem = "too_large"        // only a part was read
	TooManyParts    Problem = "too_many_parts"   // likewise
	TooDeep         Problem = "too_deep"         // likewise
	Damaged         Problem = "damaged"          // a part could not be read
	UnknownCharset  Problem = "unknown_charset"  // text in a charset nobody knows
	Encrypted       Problem = "encrypted"        // S/MIME or PGP
	NoSubject       Problem = "subject_not_so"   // not of the prescribed form
	NoAccountID     Problem = "no_account_id"    // required
	NoCompany       Problem = "no_company"       // required
	NoAttachment    Problem = "no_attachment"    // the voucher is missing
	TwoCompanies    Problem = "two_companies"    // subject and field differ
	NoOpening       Problem = "no_asks_opening"  // the sentence is missing
	NoReceipt       Problem = "no_asks_receipt"  // likewise
	LargeAttachment Problem = "large_attachment" // one was left out
	NoSender        Problem = "no_sender"        // From is missing or unreadable
	NotHanded       Problem = "not_handed"       // the mailbox's server keeps it to itself
	UnclearSender   Problem = "unclear_sender"   // From names several, or one in a way that programs read differently
)

// Partly reports whether the problem is that only a part of the mail could be read.
func (p Problem) Partly() bool {
	switch p {
	case TooLarge, TooManyParts, TooDeep, Damaged, UnknownCharset, Encrypted, LargeAttachment, NotHanded:
		return true
	}
	return false
}
