// Package mailbox is the mail in which vendors send the vouchers of their deposits
// (rule D-6): read from the operator's mailbox, or from saved files. Every mail is
// kept once and none is dropped; it is matched to a vendor by what it says, and a
// person enters its voucher. It owns the tables mail_letter and
// mail_reading; how a mail is read is letter's, how it is fetched imap's, what becomes
// of a voucher deposit's.
package mailbox

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a letter stands.
type Status string

// The statuses of letters.
const (
	Waiting    Status = "waiting"    // for a person
	Done       Status = "done"       // its voucher was entered
	Dismissed  Status = "dismissed"  // put aside by a person, with a reason
	Ignored    Status = "ignored"    // our own copy or an automatic answer
	Unreadable Status = "unreadable" // kept, and only a person can make something of it
)

// Statuses lists the statuses in the order people read them.
func Statuses() []Status { return []Status{Waiting, Unreadable, Done, Dismissed, Ignored} }

// Label is the status's name in the catalogue.
func (s Status) Label() text.Key { return text.Key("mailbox.status_" + string(s)) }

// open reports whether a letter waits for somebody.
func (s Status) open() bool { return s == Waiting || s == Unreadable }

// Why tells why a letter was ignored.
type Why string

// The reasons to ignore a letter.
const (
	Own       Why = "own"       // a copy of what the marketplace sent
	Automatic Why = "automatic" // an automatic answer or a report of delivery
)

// Label is the reason's name in the catalogue.
func (w Why) Label() text.Key { return text.Key("mailbox.why_" + string(w)) }

// Way is how a letter came in.
type Way string

// The ways in.
const (
	ByIMAP   Way = "imap"
	ByUpload Way = "upload"
	ByFile   Way = "command"
)

// Label is the way's name in the catalogue.
func (w Way) Label() text.Key { return text.Key("mailbox.way_" + string(w)) }

// Letter is a mail that came in. What it says is its sender's word alone.
type Letter struct {
	ID          string
	Status      Status
	Why         Why // of Ignored
	Way         Way
	FileID      string // the mail as it came
	SHA256      string // of the mail
	Content     Content
	Attachments []Attachment
	Passed      bool // the receiving server found the sender's domain to be the sender's
	KeptBy      string
	KeptAt      time.Time
	VendorID    string // "" where none was found or chosen
	Fit         Fit
	Doubts      []Doubt
	Holder      string // of the staff, who looks into it; "" is nobody
	HeldAt      time.Time
	VoucherID   string // of Done
	DecidedBy   string
	DecidedAt   time.Time
	Reason      string // of Dismissed
	AnsweredBy  string
	AnsweredAt  time.Time // when the sender was asked for what is missing; zero is never
}

// Content is what a mail says.
type Content struct {
	MessageID   string           `json:"message_id,omitempty"`
	From        letter.Address   `json:"from"`
	ReplyTo     letter.Address   `json:"reply_to"`
	Date        time.Time        `json:"date,omitzero"`
	Subject     string           `json:"subject,omitempty"`
	Auth        []letter.Auth    `json:"auth,omitempty"`
	Prescribed  bool             `json:"prescribed,omitempty"`
	Company     string           `json:"company,omitempty"` // of the subject, or of the field
	Fields      letter.Fields    `json:"fields"`
	AsksOpening bool             `json:"asks_opening,omitempty"`
	AsksReceipt bool             `json:"asks_receipt,omitempty"`
	Text        string           `json:"text,omitempty"` // its first part
	Problems    []letter.Problem `json:"problems,omitempty"`
	Bulk        bool             `json:"bulk,omitempty"`    // sent by a mailing list
	Answers     bool             `json:"answers,omitempty"` // to a mail, of which it may hold parts
}

// Attachment is a file that came with a mail.
type Attachment struct {
	FileID string `json:"file"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`   // bytes
	Proper bool   `json:"proper"` // a document that can be a voucher
	SHA256 string `json:"sha256"`
}

// KeptData is what the event of a kept letter holds.
type KeptData struct {
	Way    Way    `json:"way"`
	Status Status `json:"status"`
}

// MatchedData is what the event of a chosen vendor holds.
type MatchedData struct {
	Vendor string `json:"vendor"`
	Before string `json:"before,omitempty"`
}

// EnteredData is what the event of an entered voucher holds.
type EnteredData struct {
	Voucher string `json:"voucher"`
	Passed  bool   `json:"passed"` // the sender was found out to be the sender
	Known   bool   `json:"known"`  // and is registered with the vendor
}

// Events of a letter; vendors do not see them.
var (
	Kept     = event.Kind[KeptData]{Name: "mail.kept", Internal: true}
	Matched  = event.Kind[MatchedData]{Name: "mail.matched", Internal: true}
	Claimed  = event.Kind[event.None]{Name: "mail.claimed", Internal: true}
	Released = event.Kind[event.None]{Name: "mail.released", Internal: true}
	Entered  = event.Kind[EnteredData]{Name: "mail.entered", Internal: true}
	PutAside = event.Kind[event.None]{Name: "mail.dismissed", Internal: true}
	TakenUp  = event.Kind[event.None]{Name: "mail.taken_up", Internal: true}
)

func (l Letter) about() event.About { return event.About{Subject: l.ID, VendorID: l.VendorID} }

// longest is how much of the text is kept beside the mail, in characters.
const longest = 20_000
