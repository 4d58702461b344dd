package flow

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

const changesHref = "/console/changes"

// aboutChange tells a vendor's people something about one of its requests.
func aboutChange(ctx context.Context, tx *db.Tx, e event.Ref, template string, args []any, lines []text.Message, channels []notify.Channel) error {
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: args, Lines: lines, Link: changesHref + "/" + e.Subject, Channels: channels})
}

func tellChangeReceived(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	r, err := amendment.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return aboutChange(ctx, tx, e, "notify.change_received", []any{text.M(r.Kind.Name()), r.PromisedBy}, nil, quietly)
}

// tellCheck asks the second person of the company to check a new account. Rule D-5.
func tellCheck(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return aboutChange(ctx, tx, e, "notify.change_check", nil, nil, written)
}

// tellChangeDecided tells the outcome per part and each reason.
func tellChangeDecided(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	r, err := amendment.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	var lines []text.Message
	for _, v := range r.Verdicts {
		outcome := text.Key("amendment.part_approved")
		if !v.Approved {
			outcome = "amendment.part_refused"
		}
		lines = append(lines, text.M("notify.outcome", text.M(v.Part.Label()), text.M(outcome)))
		if v.Reason != "" {
			lines = append(lines, text.M("notify.line", v.Reason))
		}
	}
	return aboutChange(ctx, tx, e, "notify.change_decided", []any{text.M(r.Kind.Name())}, lines, everyWay)
}

// tellChanged tells which data changed: the company's people, and where the contact is
// among it, the contact as it was before.
func tellChanged(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d amendment.Data
	if err := e.Into(&d); err != nil {
		return err
	}
	var lines []text.Message
	for _, f := range d.Fields {
		lines = append(lines, text.M("notify.line", text.M(amendment.FieldLabel(f))))
	}
	if slices.Contains(d.Fields, "/company/name") {
		lines = append(lines, text.M("notify.change_name_next"))
	}
	if err := aboutChange(ctx, tx, e, "notify.change_applied", nil, lines, written); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.Fields, func(f string) bool { return f == "/contact/phone" || f == "/contact/mail" || f == "/contact/name" }) {
		return nil
	}
	r, err := amendment.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	was := r.Paper.Was.Contact
	n := notify.Notice{Template: "notify.change_contact", Args: []any{r.VendorName}, Link: changesHref}
	if was.Mail != "" {
		if err := notify.Mailboxes(ctx, tx, e, text.ZH, []string{was.Mail}, n); err != nil {
			return err
		}
	}
	if was.Phone == "" {
		return nil
	}
	return notify.Phones(ctx, tx, e, text.ZH, []string{mobile(was.Phone)}, n)
}

// mobile is a number as messages are sent to it.
func mobile(s string) string {
	if len(s) > 0 && s[0] != '+' {
		return "+86" + s
	}
	return s
}

// tellCooling warns the contact and the owner as they were of a new account, with a
// way to stop it. Rule D-5.
func tellCooling(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	r, err := amendment.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	link, err := amendment.StopLink(ctx, tx, r.ID)
	if err != nil || link == "" {
		return err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	number := r.Paper.Now.Account.Number
	n := notify.Notice{Template: "notify.change_cooling", Args: []any{r.VendorName, tail(number), r.EffectAt, p.Operator.Phone}, Link: link, Grants: true}
	if err := warn(ctx, tx, e, r, n); err != nil {
		return err
	}
	return aboutChange(ctx, tx, e, "notify.change_pause", []any{tail(number), r.EffectAt}, nil, quietly)
}

// tail are the last four digits of an account, which do not give it away.
func tail(number string) string {
	if len(number) > 4 {
		return number[len(number)-4:]
	}
	return number
}

// warn sends a notice to everybody who watches over the account.
func warn(ctx context.Context, tx *db.Tx, e event.Ref, r amendment.Request, n notify.Notice) error {
	for _, w := range r.Paper.Watchers {
		lang := text.ZH
		if w.Lang != "" {
			lang = text.Match(w.Lang)
		}
		if w.Mail != "" {
			if err := notify.Mailboxes(ctx, tx, e, lang, []string{w.Mail}, n); err != nil {
				return err
			}
		}
		if w.Phone == "" {
			continue
		}
		if err := notify.Phones(ctx, tx, e, lang, []string{w.Phone}, n); err != nil {
			return err
		}
	}
	return nil
}

func tellStopped(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	r, err := amendment.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	var lines []text.Message
	if r.Paper.Stopped != "" {
		lines = append(lines, text.M("notify.line", r.Paper.Stopped))
	}
	return aboutChange(ctx, tx, e, "notify.change_stopped", []any{tail(r.Paper.Now.Account.Number)}, lines, everyWay)
}

// tellEnding reminds a vendor of what runs out; by SMS too when the last days are near.
func tellEnding(template, link string) func(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return func(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
		var d amendment.Ending
		if err := e.Into(&d); err != nil {
			return err
		}
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		args := []any{p.Today(d.On), d.Days}
		if d.Number != "" {
			args = []any{d.Number, p.Today(d.On), d.Days}
		}
		if d.Document != "" {
			doc, err := agreement.Get(ctx, tx, agreement.Ref{ID: d.Document, Version: d.Version})
			if err != nil {
				return err
			}
			args = []any{doc.Title, d.Version, p.Today(d.On)}
		}
		channels := written
		if d.Days <= 7 {
			channels = everyWay
		}
		return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: args, Link: link, Channels: channels})
	}
}
