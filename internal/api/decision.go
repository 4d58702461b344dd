package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/text"
)

// DepositDecision is a step about received money that two people take.
type DepositDecision struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind" doc:"apply, correct, reverse or exclude"`
	Status    string       `json:"status" doc:"asked, approved, declined or withdrawn"`
	Line      string       `json:"line,omitempty"`
	Debit     string       `json:"debit,omitempty" doc:"of reverse: the debit that takes the line back"`
	Vendor    string       `json:"vendor,omitempty"`
	Receipt   string       `json:"receipt,omitempty"`
	Amount    money.Amount `json:"amount"`
	Reason    string       `json:"reason"`
	AskedBy   string       `json:"asked_by"`
	AskedAt   time.Time    `json:"asked_at"`
	DecidedBy string       `json:"decided_by,omitempty"`
	DecidedAt *time.Time   `json:"decided_at,omitempty"`
	Note      string       `json:"note,omitempty"`
}

// OrderedReturn is a payout that was ordered to send money back.
type OrderedReturn struct {
	Payout string       `json:"payout"`
	Status string       `json:"status"`
	Amount money.Amount `json:"amount"`
	Name   string       `json:"name"`
	Number string       `json:"number" doc:"masked"`
}

// LineOutlook is a way to go on with a line and what it would post.
type LineOutlook struct {
	Step    string          `json:"step" doc:"confirm, send_back, exclude, correct or reverse"`
	Line    string          `json:"line,omitempty" doc:"of reverse: the credit"`
	Effects []AccountEffect `json:"effects" nullable:"false"`
}

// AccountEffect is what a posting does to an account of the ledger.
type AccountEffect struct {
	Account string       `json:"account"`
	Before  money.Amount `json:"before"`
	After   money.Amount `json:"after"`
}

func viewDecision(_ text.Printer, d deposit.Decision) DepositDecision {
	return DepositDecision{ID: d.ID, Kind: string(d.Kind), Status: string(d.Status), Line: d.LineID, Debit: d.DebitID, Vendor: d.VendorID, Receipt: d.ReceiptID,
		Amount: d.Amount, Reason: d.Reason, AskedBy: d.AskedBy, AskedAt: d.AskedAt, DecidedBy: d.DecidedBy, DecidedAt: when(d.DecidedAt), Note: d.Note}
}

func viewOrdered(_ text.Printer, p payout.Payout) OrderedReturn {
	to := p.To.Masked()
	return OrderedReturn{Payout: p.ID, Status: string(p.Status), Amount: p.Amount, Name: to.Name, Number: to.Number}
}

func viewOutlook(_ text.Printer, o deposit.Outlook) LineOutlook {
	v := LineOutlook{Step: string(o.Step), Line: o.Credit.ID, Effects: []AccountEffect{}}
	for _, e := range o.Effects {
		v.Effects = append(v.Effects, AccountEffect{Account: e.Account, Before: e.Before, After: e.After})
	}
	return v
}

type decisionQuery struct {
	Status string `query:"status" doc:"asked, approved, declined or withdrawn; absent is any"`
	Vendor string `query:"vendor"`
	Line   string `query:"line" doc:"a line, share or debit"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

// decisionRoutes are the ways to go on with money that does not simply fit.
func (a *API) decisionRoutes() {
	const lines, decisions, deposits = "operator/bank-lines", "operator/decisions", "operator/deposits"
	post(a, route{path: "/operator/bank-lines/{id}/split", tag: lines, id: "split-bank-line", summary: "Split a line that pays for several into shares, which are then decided on like lines"}, onLine(payment.Split), viewLine)
	act(a, route{path: "/operator/bank-lines/{id}/join", tag: lines, id: "join-bank-line", summary: "Undo a split while no share is taken"}, onLine(payment.Join), viewLine)
	get(a, route{path: "/operator/bank-lines/{id}/outlook", tag: lines, id: "get-bank-line-outlook", summary: "The ways to go on with a line, with what each would post (D-12)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) ([]deposit.Outlook, error) {
			return deposit.Outlooks(ctx, tx, by, q.ID)
		}, each(viewOutlook))
	post(a, route{path: "/operator/bank-lines/{id}/send-back", tag: lines, id: "send-back-bank-line", summary: "Order a payout of a line to the account it came from; a second person approves the payout", status: 201}, deposit.SendBack, viewOrdered)
	post(a, route{path: "/operator/bank-lines/{id}/exclude", tag: lines, id: "exclude-bank-line", summary: "Ask that a line be counted as none of the deposits' business; a second person approves", status: 201}, deposit.AskExclude, viewDecision)
	post(a, route{path: "/operator/bank-lines/{id}/reverse", tag: lines, id: "reverse-bank-line", summary: "Ask that a debit be settled as the bank's taking back of a credit (冲正); a second person approves", status: 201}, deposit.AskReverse, viewDecision)

	post(a, route{path: "/operator/deposits/{id}/apply", tag: deposits, id: "apply-overpayment", summary: "Ask that an overpayment count as deposit (D-12); a second person approves", status: 201}, deposit.AskApply, viewDecision)
	post(a, route{path: "/operator/deposits/{id}/return-overpaid", tag: deposits, id: "return-overpayment", summary: "Order a payout of an overpayment to the vendor's corporate account; a second person approves the payout", status: 201}, deposit.ReturnOverpaid, viewOrdered)
	post(a, route{path: "/operator/receipts/{id}/correct", tag: deposits, id: "correct-receipt", summary: "Ask that a confirmation be undone and its receipt voided; a second person approves", status: 201}, deposit.AskCorrect, viewDecision)

	get(a, route{path: "/operator/decisions", tag: decisions, id: "list-decisions", summary: "Decisions on received money; those that wait come oldest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q decisionQuery) (listed[deposit.Decision], error) {
			limit := upTo(q.Limit)
			all, err := deposit.Decisions(ctx, tx, by, deposit.DecisionFilter{Status: deposit.DecisionStatus(q.Status), Vendor: q.Vendor, Target: q.Line, Before: q.Cursor, Limit: limit})
			return listed[deposit.Decision]{all, limit}, err
		}, paged(func(d deposit.Decision) string { return d.ID }, viewDecision))
	get(a, route{path: "/operator/decisions/{id}", tag: decisions, id: "get-decision", summary: "One decision"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (deposit.Decision, error) {
			return deposit.GetDecision(ctx, tx, by, q.ID)
		}, viewDecision)
	act(a, route{path: "/operator/decisions/{id}/approve", tag: decisions, id: "approve-decision", summary: "Approve and post what another person asked for (D-7)"}, deposit.Approve, viewDecision)
	post(a, route{path: "/operator/decisions/{id}/decline", tag: decisions, id: "decline-decision", summary: "Decline what another person asked for, with a reason"}, deposit.Decline, viewDecision)
	act(a, route{path: "/operator/decisions/{id}/recall", tag: decisions, id: "recall-decision", summary: "Take back what you asked for"}, deposit.Recall, viewDecision)

	act(a, route{path: "/operator/vouchers/{id}/claim", tag: deposits, id: "claim-voucher", summary: "Take a waiting voucher for yourself to look into"}, deposit.ClaimVoucher, viewVoucher)
	act(a, route{path: "/operator/vouchers/{id}/release", tag: deposits, id: "release-voucher", summary: "Give a claimed voucher back to the queue"}, deposit.ReleaseVoucher, viewVoucher)
}
