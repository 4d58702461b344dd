package mailbox

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// PresentJob enters a letter's voucher without a person, where the policy lets it.
var PresentJob = job.Kind[Named]{Name: "mailbox.present"}

// Named is the letter that a job is about.
type Named struct {
	Letter string `json:"letter"`
}

// LeftData is what the event of a letter holds whose voucher could not be entered
// without a person.
type LeftData struct {
	Why  string     `json:"why"`           // the refusal's key in the catalogue
	Said text.Named `json:"said,omitzero"` // the refusal in words
}

// Left is that a letter was to be entered by itself and is left to a person.
var Left = event.Kind[LeftData]{Name: "mail.left", Internal: true}

// QueuePresenting has a fresh letter entered by itself where the policy says so.
func QueuePresenting(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	p, err := policy.Now(ctx, tx)
	if err != nil || !p.Mailbox.PresentItself {
		return err
	}
	l, err := byID(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	if _, ok := l.clear(p); !ok {
		return nil
	}
	return PresentJob.Later(ctx, tx, Named{l.ID})
}

// PresentItself enters the voucher of a letter that leaves nothing to judge: of a
// vendor certainly, from a mailbox that is registered with it and was found out to
// be the sender's, paid by itself, with amount, day, way and exactly one document.
// Everything else waits for a person. Rule D-6.
func PresentItself(d *db.DB) func(ctx context.Context, in Named) error {
	return func(ctx context.Context, in Named) error {
		by := access.SystemActor(PresentJob.Name)
		about := event.About{Subject: in.Letter}
		err := d.Write(ctx, func(tx *db.Tx) error {
			p, err := policy.Now(ctx, tx)
			if err != nil || !p.Mailbox.PresentItself {
				return err
			}
			l, err := byID(ctx, tx, in.Letter)
			if err != nil {
				return err
			}
			about = l.about()
			known, err := senderOf(ctx, tx, l.VendorID, l.Content.From.Mail)
			if err != nil || !known {
				return err
			}
			paper, ok := l.clear(p)
			if !ok {
				return nil
			}
			_, err = Present(ctx, tx, by, paper)
			return err
		})
		var refused *fault.Error
		if !errors.As(err, &refused) {
			return err
		}
		m := refused.Message
		if len(refused.Fields) > 0 {
			m = refused.Fields[0].Message
		}
		left := LeftData{string(m.Key), text.Named{ZH: text.Printer{Lang: text.ZH}.Say(m), EN: text.Printer{Lang: text.EN}.Say(m)}}
		return d.Write(ctx, func(tx *db.Tx) error { return Left.Append(ctx, tx, by, about, left) })
	}
}

// whyLeft is why a letter that was to be entered by itself was left to a person; empty
// where it was not.
func whyLeft(ctx context.Context, tx *db.Tx, id string) (text.Named, error) {
	all, err := event.List(ctx, tx, access.SystemActor(PresentJob.Name), event.Filter{Subject: id, Kind: Left.Name, Limit: 1})
	if err != nil || len(all) == 0 {
		return text.Named{}, err
	}
	var d LeftData
	err = all[0].Into(&d)
	return d.Said, err
}

// clear is the letter's voucher where the letter says all of it and nothing speaks
// against it. Whether the sender is the vendor's is asked apart.
func (l Letter) clear(p policy.Policy) (Presentation, bool) {
	c := l.Content
	way, named := wayOf(p, c.Fields.Way)
	var files []string
	for _, a := range l.Attachments {
		if a.Proper {
			files = append(files, a.FileID)
		}
	}
	// What was handed in as a file may have been written by anybody, an answer may quote
	// another mail's fields, and of what could not be read nobody knows what it says.
	plain := l.Way == ByIMAP && !c.Answers && !c.Bulk && !slices.ContainsFunc(c.Problems, letter.Problem.Partly)
	own := c.Fields.Remitter == "" || cn.NameKey(c.Fields.Remitter) == cn.NameKey(c.Company)
	if l.Status != Waiting || l.Holder != "" || l.Fit != Certain || !l.Passed || !plain || !c.Prescribed || !own || !named ||
		len(files) != 1 || c.Fields.Amount.Fen <= 0 || c.Fields.PaidOn.IsZero() {
		return Presentation{}, false
	}
	return Presentation{
		ID: l.ID, Amount: c.Fields.Amount, PaidOn: c.Fields.PaidOn, Way: way, File: files[0], AsksOpening: c.AsksOpening, AsksReceipt: c.AsksReceipt,
		Address: c.Fields.Address, Recipient: c.Fields.Recipient, Phone: c.Fields.Phone,
	}, true
}

// wayOf is the way to pay that the mail's words name, if they name exactly one.
func wayOf(p policy.Policy, said string) (id string, ok bool) {
	for _, w := range p.Ways {
		if said != "" && (w.Name.ZH != "" && strings.Contains(said, w.Name.ZH) || strings.EqualFold(said, w.Name.EN)) {
			if ok {
				return "", false
			}
			id, ok = w.ID, true
		}
	}
	return id, ok
}

// SaidWay is the way to pay that the letter names; "" where it names none or several.
func (l Letter) SaidWay(p policy.Policy) string {
	id, _ := wayOf(p, l.Content.Fields.Way)
	return id
}
