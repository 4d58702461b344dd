package office

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// outlookRoutes are the ways to go on with a line that does not simply fit.
func outlookRoutes(s *web.Site) {
	o := bankLines{s}
	s.Staff("POST /office/bank-lines/{id}/split", o.split)
	s.Staff("POST /office/bank-lines/{id}/join", o.join)
	s.Staff("POST /office/bank-lines/{id}/send-back", o.sendBack)
	s.Staff("POST /office/bank-lines/{id}/exclude", o.exclude)
	s.Staff("POST /office/bank-lines/{id}/reverse", o.reverse)
	s.Staff("POST /office/bank-lines/{id}/correct/{receipt}", o.correct)
}

// decide runs an act of the line's page; what can be mended is shown on it.
func (o bankLines) decide(w http.ResponseWriter, r *http.Request, in any, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := web.Form(w, r, in)
	if err == nil {
		err = o.Write(r, do)
	}
	if status, ok := web.Mended(err); ok {
		return o.showOne(w, r, status, web.Typed(r, err))
	}
	to := linesHome + "/" + url.PathEscape(r.PathValue("id"))
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, said)
}

func (o bankLines) split(w http.ResponseWriter, r *http.Request) error {
	var in payment.Splitting
	return o.decide(w, r, &in, "web_money.was_split", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		kept := in
		kept.Shares = nil
		for _, p := range in.Shares { // rows that were left empty
			if p.Subject != "" || p.Amount.Fen != 0 {
				kept.Shares = append(kept.Shares, p)
			}
		}
		_, err := payment.Split(ctx, tx, by, kept)
		return err
	})
}

func (o bankLines) join(w http.ResponseWriter, r *http.Request) error {
	var in payment.Joining
	return o.act(w, r, &in, "web_money.was_joined", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := payment.Join(ctx, tx, by, in)
		return err
	})
}

func (o bankLines) sendBack(w http.ResponseWriter, r *http.Request) error {
	var in deposit.SendingBack
	return o.decide(w, r, &in, "web_money.was_sent_back", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.SendBack(ctx, tx, by, in)
		return err
	})
}

func (o bankLines) exclude(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Exclusion
	return o.decide(w, r, &in, "web_money.was_asked", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.AskExclude(ctx, tx, by, in)
		return err
	})
}

func (o bankLines) reverse(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Reversal
	return o.decide(w, r, &in, "web_money.was_asked", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.AskReverse(ctx, tx, by, in)
		return err
	})
}

func (o bankLines) correct(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Reason string `json:"reason"`
	}
	return o.decide(w, r, &in, "web_money.was_asked", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.AskCorrect(ctx, tx, by, deposit.Correction{ReceiptID: r.PathValue("receipt"), Reason: in.Reason})
		return err
	})
}

// accountLabel is an account of the ledger in words.
func (v linesView) accountLabel(name string) string {
	prefix, id, found := strings.Cut(name, ":")
	switch {
	case prefix+":" == ledger.Banks && found:
		return v.P.T("web_money.account_bank", accountName(v.Policy, id))
	case prefix+":" == ledger.Deposits && found:
		return v.P.T("web_money.account_held", v.vendorName(id))
	case prefix+":" == ledger.Overpayments && found:
		return v.P.T("web_money.account_overpaid", v.vendorName(id))
	case prefix+":" == ledger.Payouts && found:
		return v.P.T("web_money.account_payout")
	}
	switch name {
	case ledger.Unidentifieds:
		return v.P.T("web_money.account_unidentified")
	case ledger.Others:
		return v.P.T("web_money.account_other")
	case ledger.Deductions:
		return v.P.T("web_money.account_deducted")
	}
	return name
}

// splitRows is how many shares the form has room for.
const splitRows = 4

func shareName(i int, field string) string { return "shares." + strconv.Itoa(i) + "." + field }

// subjects are the vendors that a share may be for.
func (v linesView) subjects() []ui.Option {
	var out []ui.Option
	for _, a := range v.Found {
		out = append(out, ui.Option{Value: a.VendorID, Label: v.P.T("web_money.subject", a.VendorName, a.Due)})
	}
	return out
}

// waits is the decision on the line that a second person has to take, if there is one.
func (v linesView) waits() (deposit.Decision, bool) {
	for _, d := range v.Decisions {
		if d.Status == deposit.DecisionAsked {
			return d, true
		}
	}
	return deposit.Decision{}, false
}

// lineLabels name the fields of the line's forms above them.
func (v linesView) lineLabels() map[string]string {
	out := map[string]string{}
	for name, key := range map[string]text.Key{
		"reason": "web_bank.reason", "remitter": "web_money.remitter", "bank_fee": "web_money.bank_fee", "voucher": "web_money.voucher",
		"name": "web_bank.payer", "account": "web_bank.payer_account", "bank": "web_bank.payer_bank", "cnaps": "web_money.cnaps", "shares": "web_money.shares", "line": "web_money.original",
	} {
		out[name] = v.P.T(key)
	}
	for i := range splitRows {
		out[shareName(i, "amount")], out[shareName(i, "subject")] = v.P.T("web_money.share_no", i+1), v.P.T("web_money.share_no", i+1)
	}
	return out
}

func decisionTone(s deposit.DecisionStatus) ui.Tone {
	return map[deposit.DecisionStatus]ui.Tone{deposit.DecisionAsked: ui.Warn, deposit.DecisionApproved: ui.OK, deposit.DecisionDeclined: ui.Bad}[s]
}

// aboutStep says in words what a way does.
func aboutStep(s deposit.Step) text.Key { return text.Key("web_money.about_" + string(s)) }

// vouchers are the vouchers that the line may belong to.
func (v linesView) vouchers() []ui.Option {
	var out []ui.Option
	for _, x := range v.Presented {
		out = append(out, ui.Option{Value: x.ID, Label: v.P.T("web_money.voucher_of", x.Amount, x.PaidOn, x.Left())})
	}
	return out
}
