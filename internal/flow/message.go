package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
)

// The channels of messages: what must reach a person goes by all three, what is
// good to know stands in the inbox, by mail too where it matters.
var (
	everyWay = []notify.Channel{notify.SMS, notify.Mail, notify.Inbox}
	quietly  = []notify.Channel{notify.Inbox}
	written  = []notify.Channel{notify.Mail, notify.Inbox}
)

func tellReceived(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	v, err := qualification.Current(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.application_received", Args: []any{v.PromisedBy}, Link: "/console/application", Channels: quietly})
}

// tellDecided tells the outcome per category and each reason. Rule O-3.
func tellDecided(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d qualification.DecidedData
	if err := e.Into(&d); err != nil {
		return err
	}
	p, err := policy.At(ctx, tx, e.At)
	if err != nil {
		return err
	}
	v, err := qualification.Current(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	var outcome, lines []text.Message
	for _, c := range p.Categories {
		if status, ok := d.Categories[c.ID]; ok {
			outcome = append(outcome, text.M("notify.outcome", c.Name, status.Name()))
		}
	}
	if v.Last != nil && v.Last.ID == d.Submission && v.Last.Decision != nil {
		for _, verdict := range v.Last.Decision.Verdicts {
			if verdict.Result == qualification.NotMet {
				c, _ := p.Condition(verdict.Condition)
				lines = append(lines, text.M("notify.reason", c.Name, verdict.Reason))
			}
		}
		for _, item := range v.Last.Decision.Items {
			lines = append(lines, text.M("notify.line", item.Text))
		}
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.application_decided", Args: []any{outcome}, Lines: lines, Link: "/console/application", Channels: everyWay})
}

// mailContract sends the contract to the contact person's and the customer-service
// mailbox. Rule O-4.
func mailContract(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	m, err := contract.Mailing(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Mailboxes(ctx, tx, e, m.Lang, m.To, notify.Notice{Template: "notify.contract", Args: []any{m.Number, m.VendorName}, Link: "/console/contract", Files: []string{m.FileID}})
}

func tellContract(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	m, err := contract.Mailing(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.contract_ready", Args: []any{m.Number}, Link: "/console/contract", Channels: []notify.Channel{notify.SMS, notify.Inbox}})
}

func tellScanReturned(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	m, err := contract.Mailing(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.scan_returned", Args: []any{m.Number, m.Reason}, Link: "/console/contract", Channels: everyWay})
}

func tellWithdrawn(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	m, err := contract.Mailing(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.contract_withdrawn", Args: []any{m.Number, m.Reason}, Link: "/console/contract", Channels: written})
}

func mailSigned(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	m, err := contract.Mailing(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	n := notify.Notice{Template: "notify.contract_signed", Args: []any{m.Number, m.Until}, Link: "/console/contract", Files: []string{m.SignedFileID}, Channels: quietly}
	if err := notify.Mailboxes(ctx, tx, e, m.Lang, m.To, n); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, n)
}

func tellAsked(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.AskedData
	if err := e.Into(&d); err != nil {
		return err
	}
	if d.DueFen == 0 {
		return nil
	}
	p, err := policy.At(ctx, tx, e.At)
	if err != nil {
		return err
	}
	template := "notify.deposit_asked"
	switch d.Why {
	case deposit.WhyReversed, deposit.WhyCorrected:
		return nil // the void receipt's message tells it
	case deposit.WhyCategory, deposit.WhyPolicy:
		template = "notify.deposit_raised"
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: []any{money.CNY(d.DueFen), because(d, p)}, Lines: askedLines(d, p), Link: "/console/deposit", Channels: everyWay})
}

func tellPresented(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	v, err := deposit.GetVoucher(ctx, tx, by, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.voucher_received", Args: []any{v.Amount, v.PromisedBy}, Link: "/console/deposit", Channels: quietly})
}

func tellRefused(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	v, err := deposit.GetVoucher(ctx, tx, by, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.voucher_refused", Args: []any{v.Amount, v.Reason}, Link: "/console/deposit", Channels: everyWay})
}

func tellConfirmed(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	r, err := deposit.GetReceipt(ctx, tx, by, e.Subject)
	if err != nil {
		return err
	}
	var d deposit.ConfirmedData
	if err := e.Into(&d); err != nil {
		return err
	}
	n := notify.Notice{Template: "notify.deposit_confirmed", Args: []any{r.Amount, r.Number}, Link: "/console/deposit", Channels: []notify.Channel{notify.SMS, notify.Inbox}}
	if d.FeeFen > 0 {
		n.Lines = append(n.Lines, text.M("notify.fee_taken", money.CNY(d.FeeFen)))
	}
	if d.ExcessFen > 0 {
		n.Lines = append(n.Lines, text.M("notify.excess_held", money.CNY(d.ExcessFen)))
	}
	if d.LeftFen > 0 { // what is missing is told too
		n.Template, n.Args, n.Channels = "notify.deposit_part", []any{r.Amount, money.CNY(d.LeftFen), r.Number}, everyWay
	}
	return notify.Vendor(ctx, tx, e, n)
}

func tellReceipt(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	r, err := deposit.GetReceipt(ctx, tx, by, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.receipt", Args: []any{r.Number, r.Amount}, Link: "/console/deposit", Files: []string{r.FileID}, Channels: []notify.Channel{notify.Mail}})
}

// aboutProduct tells a vendor something about one of its products.
func aboutProduct(ctx context.Context, tx *db.Tx, e event.Ref, template string, lines []text.Message, channels []notify.Channel) error {
	var d product.Named
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: []any{d.Name}, Lines: lines, Link: "/console/products/" + e.Subject, Channels: channels})
}

func tellPassed(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return aboutProduct(ctx, tx, e, "notify.product_approved", nil, everyWay)
}

func tellShelved(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return aboutProduct(ctx, tx, e, "notify.product_shelved", nil, quietly)
}

func tellRemoved(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	p, err := product.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return aboutProduct(ctx, tx, e, "notify.product_removed", offLines(p), everyWay)
}

// tellRejected tells each check that was not met, with its reason.
func tellRejected(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	f, err := product.Open(ctx, tx, by, product.Chosen{ID: e.Subject})
	if err != nil {
		return err
	}
	var lines []text.Message
	if len(f.Reviews) > 0 {
		for _, v := range f.Reviews[0].Verdicts {
			if v.Finding != product.NotMet {
				continue
			}
			for _, c := range f.Checks {
				if c.ID == v.Check {
					lines = append(lines, text.M("notify.reason", c.Name, v.Reason))
				}
			}
		}
	}
	return aboutProduct(ctx, tx, e, "notify.product_rejected", lines, everyWay)
}
