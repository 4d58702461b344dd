package demo

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/money"
)

// receiver is the operator's receiving server, whose word on senders counts.
const receiver = "mx.market.example"

// notice is a mail about a paid deposit, as a vendor's program writes it. Rule D-6.
type notice struct {
	ID      string `json:"id"`
	Company string `json:"company"` // "" is one that nobody knows, with a name of its own
	From    string `json:"from"`
	Name    string `json:"name"`
	Owner   string `json:"owner"`
	Back    int    `json:"back"` // days, at Clock
	Clock   string `json:"clock"`
	Ago     string `json:"ago"`     // or so long before the end
	Verdict string `json:"verdict"` // of the receiving server
	Charset string `json:"charset"`
	Fen     int64  `json:"fen"`     // of the voucher
	Entered string `json:"entered"` // when staff entered its voucher; "" is that it waits
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// writes lets companies tell of deposits by mail: one letter is entered, one waits and
// is whole, one is of nobody, and one comes from a forged sender.
func (s *story) writes() error {
	raw, err := data.ReadFile("data/letters.json")
	if err != nil {
		return err
	}
	var list []notice
	if err := json.Unmarshal(raw, &list); err != nil {
		return fmt.Errorf("demo: letters: %w", err)
	}
	for _, n := range list {
		at := s.now
		if n.Ago != "" {
			ago, err := time.ParseDuration(n.Ago)
			if err != nil {
				return err
			}
			at = at.Add(-ago)
		} else {
			at = s.at(n.Back, n.Clock)
		}
		var id string
		s.steps = append(s.steps, step{at, "a letter comes: " + n.ID, s.comes(n, at, &id)})
		if n.Entered != "" {
			s.then(n.Back, n.Entered, "a letter is entered: "+n.ID, s.entersLetter(&id))
		}
	}
	return nil
}

// comes receives the mail as the reader of the mailbox does.
func (s *story) comes(n notice, at time.Time, id *string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		raw, err := s.mail(n, at)
		if err != nil {
			return err
		}
		box := mailbox.Box{Files: s.Files, Trusted: receiver}
		in, err := box.Take(ctx, n.ID+".eml", raw, false)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			l, _, err := mailbox.Keep(ctx, tx, access.SystemActor("mailbox"), in)
			*id = l.ID
			return err
		})
	}
}

// entersLetter enters the letter's voucher as it says.
func (s *story) entersLetter(id *string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			l, err := mailbox.Get(ctx, tx, s.by(access.Finance), mailbox.Chosen{ID: *id})
			if err != nil {
				return err
			}
			c := l.Content
			_, err = mailbox.Present(ctx, tx, s.by(access.Finance), mailbox.Presentation{
				ID: l.ID, Amount: c.Fields.Amount, PaidOn: c.Fields.PaidOn, Way: l.SaidWay(s.policy), File: l.Attachments[0].FileID,
				AsksOpening: c.AsksOpening, AsksReceipt: c.AsksReceipt, Address: c.Fields.Address, Recipient: c.Fields.Recipient, Phone: c.Fields.Phone,
			})
			return err
		})
	}
}

// mail writes the mail with its voucher.
func (s *story) mail(n notice, at time.Time) ([]byte, error) {
	c := &company{Name: n.Name, Owner: n.Owner, Mail: n.From}
	account := "309900000000999"
	if n.Company != "" {
		c = s.company(n.Company)
		account = c.AccountNumber()
	}
	day := on(at, s.zone)
	voucher, err := sheet("voucher", at, map[string]any{
		"Code": "HD" + at.In(s.zone).Format("20060102") + "0" + fmt.Sprint(900+len(n.ID)), "Day": day, "Payer": c.Name, "Account": account, "Bank": c.fullBank(),
		"Payee": s.policy.Payees[0], "Amount": grouped(n.Fen), "Capital": cn.Capital(n.Fen), "Remark": s.words["deposit_remark"],
	})
	if err != nil {
		return nil, err
	}
	fill := map[string]any{"Company": c, "Account": c.person.VendorID, "Phone": c.phone(), "Day": calendar.Of(at, s.zone).String(), "Amount": money.CNY(n.Fen)}
	var words [2]string
	for i, t := range []string{n.Subject, n.Body} {
		var b strings.Builder
		tmpl, err := template.New(n.ID).Parse(t)
		if err == nil {
			err = tmpl.Execute(&b, fill)
		}
		if err != nil {
			return nil, err
		}
		words[i] = b.String()
		if n.Charset == "gb18030" {
			if words[i], err = simplifiedchinese.GB18030.NewEncoder().String(words[i]); err != nil {
				return nil, err
			}
		}
	}
	_, domain, _ := strings.Cut(c.Mail, "@")
	base := func(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("Authentication-Results: %s; spf=%s smtp.mailfrom=%s; dmarc=%s header.from=%s", receiver, n.Verdict, domain, n.Verdict, domain)
	line("From: <%s>", c.Mail)
	line("To: <%s>", s.policy.Operator.Mail)
	line("Date: %s", at.In(s.zone).Format(time.RFC1123Z))
	line("Message-ID: <%s.%d@%s>", n.ID, at.Unix(), domain)
	line("Subject: =?%s?B?%s?=", n.Charset, base([]byte(words[0])))
	line("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=letter\r\n")
	line("--letter\r\nContent-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s", n.Charset, base([]byte(words[1])))
	line("--letter\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"=?utf-8?B?%s?=\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s", base([]byte("电子回单.pdf")), base(voucher))
	line("--letter--")
	return b.Bytes(), nil
}
