package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// MailLetter is a mail that tells of a paid deposit (D-6). What it says is its
// sender's word alone.
type MailLetter struct {
	ID          string           `json:"id"`
	Status      string           `json:"status" doc:"waiting, unreadable, done, dismissed or ignored"`
	From        string           `json:"from" doc:"masked in lists, and for roles that do not handle mail"`
	Verified    bool             `json:"sender_verified" doc:"the receiving server confirmed the sender's domain"`
	Registered  *bool            `json:"sender_registered,omitempty" doc:"of one letter: the mailbox is registered with the vendor"`
	Subject     string           `json:"subject"`
	Company     string           `json:"company"`
	AccountID   string           `json:"account_id"`
	Remitter    string           `json:"remitter,omitempty"`
	Amount      *money.Amount    `json:"amount,omitempty"`
	PaidOn      *calendar.Day    `json:"paid_on,omitempty"`
	Way         string           `json:"way,omitempty" doc:"in the sender's words"`
	Address     string           `json:"courier_address,omitempty" doc:"masked likewise"`
	Recipient   string           `json:"recipient,omitempty" doc:"masked likewise"`
	Phone       string           `json:"recipient_phone,omitempty" doc:"masked likewise"`
	AsksOpening bool             `json:"asks_opening"`
	AsksReceipt bool             `json:"asks_receipt"`
	Problems    []string         `json:"problems" nullable:"false" doc:"what is missing or could not be read"`
	Attachments []MailAttachment `json:"attachments" nullable:"false"`
	VendorID    string           `json:"vendor_id,omitempty"`
	VendorName  string           `json:"vendor_name,omitempty"`
	Fit         string           `json:"fit" doc:"none, doubtful, certain or chosen"`
	Doubts      []string         `json:"doubts" nullable:"false"`
	Holder      string           `json:"holder,omitempty"`
	Voucher     string           `json:"voucher,omitempty"`
	Reason      string           `json:"reason,omitempty"`
	Lacks       []mailbox.Lack   `json:"lacks" nullable:"false" doc:"what of the prescribed mail is missing; its words are what answer takes"`
	AnsweredAt  *time.Time       `json:"answered_at,omitempty" doc:"when the sender was asked for it"`
	File        string           `json:"file" doc:"the mail itself: GET /v1/files/{id}"`
	KeptAt      time.Time        `json:"kept_at"`
}

// MailAttachment is a file of a mail.
type MailAttachment struct {
	File   string `json:"file" doc:"GET /v1/files/{id}"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Proper bool   `json:"proper" doc:"can be a voucher"`
}

func viewLetter(_ text.Printer, l mailbox.Letter) MailLetter {
	c := l.Content
	out := MailLetter{ID: l.ID, Status: string(l.Status), From: c.From.Mail, Verified: l.Passed, Subject: c.Subject, Company: c.Company, AccountID: c.Fields.AccountID, Remitter: c.Fields.Remitter,
		Way: c.Fields.Way, Address: c.Fields.Address, Recipient: c.Fields.Recipient, Phone: c.Fields.Phone,
		AsksOpening: c.AsksOpening, AsksReceipt: c.AsksReceipt, Problems: []string{}, Attachments: []MailAttachment{}, VendorID: l.VendorID, Fit: string(l.Fit), Doubts: []string{},
		Holder: l.Holder, Voucher: l.VoucherID, Reason: l.Reason, File: l.FileID, KeptAt: l.KeptAt}
	if c.Fields.Amount.Fen > 0 {
		out.Amount = &c.Fields.Amount
	}
	if !c.Fields.PaidOn.IsZero() {
		out.PaidOn = &c.Fields.PaidOn
	}
	if out.Lacks = l.Lacks(); out.Lacks == nil {
		out.Lacks = []mailbox.Lack{}
	}
	if !l.AnsweredAt.IsZero() {
		out.AnsweredAt = &l.AnsweredAt
	}
	for _, p := range c.Problems {
		out.Problems = append(out.Problems, string(p))
	}
	for _, d := range l.Doubts {
		out.Doubts = append(out.Doubts, string(d))
	}
	for _, a := range l.Attachments {
		out.Attachments = append(out.Attachments, MailAttachment{a.FileID, a.Name, a.Type, a.Proper})
	}
	return out
}

func viewListedLetter(p text.Printer, l mailbox.Listed) MailLetter {
	out := viewLetter(p, l.Letter)
	out.VendorName = l.VendorName
	return out
}

func viewLetterDetail(p text.Printer, d mailbox.Detail) MailLetter {
	out := viewListedLetter(p, d.Listed)
	out.Registered = &d.Known
	return out
}

type letterQuery struct {
	Status string `query:"status"`
	Vendor string `query:"vendor"`
	Search string `query:"q"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit"`
}

func (a *API) mailboxRoutes() {
	const tag = "operator/mail"
	a.letterUploadRoute(tag)
	get(a, route{path: "/operator/mail", tag: tag, id: "list-letters", summary: "Letters about paid deposits; those that wait come oldest first (D-6)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q letterQuery) (listed[mailbox.Listed], error) {
			limit := upTo(q.Limit)
			all, err := mailbox.List(ctx, tx, by, mailbox.Filter{Status: mailbox.Status(q.Status), Vendor: q.Vendor, Search: q.Search, After: q.Cursor, Limit: limit})
			return listed[mailbox.Listed]{all, limit}, err
		}, paged(func(l mailbox.Listed) string { return l.ID }, viewListedLetter))
	get(a, route{path: "/operator/mail/{id}", tag: tag, id: "get-letter", summary: "One letter"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (mailbox.Detail, error) {
			return mailbox.Get(ctx, tx, by, mailbox.Chosen{ID: q.ID})
		}, viewLetterDetail)
	act(a, route{path: "/operator/mail/{id}/claim", tag: tag, id: "claim-letter", summary: "Take it to look into alone"}, mailbox.Claim, viewLetter)
	act(a, route{path: "/operator/mail/{id}/release", tag: tag, id: "release-letter", summary: "Give it back"}, mailbox.Release, viewLetter)
	act(a, route{path: "/operator/mail/{id}/take-up", tag: tag, id: "take-up-letter", summary: "Put an ignored or dismissed one back into the queue"}, mailbox.TakeUp, viewLetter)
	post(a, route{path: "/operator/mail/{id}/match", tag: tag, id: "match-letter", summary: "Choose its vendor"}, mailbox.Match, viewLetter)
	post(a, route{path: "/operator/mail/{id}/present", tag: tag, id: "present-letter", summary: "Enter its voucher for the vendor"}, mailbox.Present, viewLetter)
	post(a, route{path: "/operator/mail/{id}/answer", tag: tag, id: "answer-letter", summary: "Ask its sender by mail for what is missing, once"}, mailbox.Answer, viewLetter)
	post(a, route{path: "/operator/mail/{id}/dismiss", tag: tag, id: "dismiss-letter", summary: "Put it aside with a reason"}, mailbox.Dismiss, viewLetter)
}
