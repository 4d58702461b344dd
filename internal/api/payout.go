package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Payout is money that goes out, its account masked.
type Payout struct {
	ID         string           `json:"id"`
	Reference  string           `json:"reference" doc:"stands in the payment file and in the remark"`
	VendorID   string           `json:"vendor_id,omitempty"`
	VendorName string           `json:"vendor_name,omitempty"`
	Purpose    string           `json:"purpose" doc:"deposit-return, overpayment-return or unidentified-return"`
	Status     string           `json:"status" doc:"ordered, approved, filed, paid, sent_back or cancelled"`
	Amount     money.Amount     `json:"amount"`
	To         payout.Account   `json:"to" doc:"the number masked"`
	AskedBy    string           `json:"asked_by,omitempty" doc:"staff only"`
	AskedAt    time.Time        `json:"asked_at"`
	ApprovedBy string           `json:"approved_by,omitempty" doc:"staff only"`
	ApprovedAt *time.Time       `json:"approved_at,omitempty"`
	File       string           `json:"payment_file,omitempty" doc:"id of the payment file it stands in; staff only"`
	PaidAt     *time.Time       `json:"paid_at,omitempty"`
	Returns    int              `json:"returns" doc:"how often the bank returned it"`
	Reason     string           `json:"reason,omitempty" doc:"of the last return, correction or cancellation; staff only"`
	OnRecord   *bool            `json:"on_record,omitempty" doc:"of one payout: the account is the vendor's approved corporate account"`
	Proposals  []PayoutProposal `json:"proposals,omitempty" doc:"of one payout: bank lines that may be its"`
}

// PayoutProposal is a bank line that may be a payout's.
type PayoutProposal struct {
	LineID  string       `json:"line"`
	Kind    string       `json:"kind" doc:"debited or returned"`
	Certain bool         `json:"certain"`
	Reasons []string     `json:"reasons" nullable:"false"`
	Amount  money.Amount `json:"amount"`
	Booked  calendar.Day `json:"booked_on"`
	Payout  *Payout      `json:"payout,omitempty"`
}

// PaymentFile is a file for the bank; its document is a file.
type PaymentFile struct {
	ID      string       `json:"id"`
	Number  string       `json:"number"`
	From    string       `json:"from" doc:"the operator's account, by its id in the policy"`
	Format  string       `json:"format"`
	Status  string       `json:"status" doc:"making, ready or rejected"`
	Day     calendar.Day `json:"day"`
	Payouts int          `json:"payouts"`
	Paid    int          `json:"paid"`
	Sum     money.Amount `json:"sum"`
	File    string       `json:"file,omitempty" doc:"GET /v1/files/{id}; absent while it is made"`
	SHA256  string       `json:"sha256,omitempty"`
	MadeAt  time.Time    `json:"made_at"`
	Reason  string       `json:"reason,omitempty" doc:"of a rejection"`
}

func viewPayout(_ text.Printer, p payout.Payout) Payout {
	return Payout{
		ID: p.ID, Reference: p.Reference, VendorID: p.Subject, Purpose: string(p.Purpose), Status: string(p.Status), Amount: p.Amount, To: p.To.Masked(),
		AskedBy: p.AskedBy, AskedAt: p.AskedAt, ApprovedBy: p.ApprovedBy, ApprovedAt: when(p.ApprovedAt), File: p.BatchID, PaidAt: when(p.PaidAt),
		Returns: p.Bounces, Reason: p.Reason,
	}
}

// viewOwnPayout is a payout for the vendor's people, without who of the staff did what.
func viewOwnPayout(p text.Printer, x payout.Payout) Payout {
	out := viewPayout(p, x)
	out.AskedBy, out.ApprovedBy, out.File, out.Reason = "", "", "", ""
	return out
}

func viewListedPayout(p text.Printer, l payout.Listed) Payout {
	out := viewPayout(p, l.Payout)
	out.VendorName = l.VendorName
	return out
}

func viewPayoutDetail(p text.Printer, d payout.Detail) Payout {
	out := viewListedPayout(p, d.Listed)
	out.OnRecord = &d.OnRecord
	for _, s := range d.Suggestions {
		out.Proposals = append(out.Proposals, viewSuggestion(p, s))
	}
	return out
}

func viewSuggestion(_ text.Printer, s payout.Suggestion) PayoutProposal {
	out := PayoutProposal{LineID: s.LineID, Kind: string(s.Kind), Certain: s.Certain, Reasons: []string{}, Amount: s.Line.Amount, Booked: s.Line.BookedOn}
	for _, r := range s.Reasons {
		out.Reasons = append(out.Reasons, string(r))
	}
	return out
}

func viewPayoutMatch(p text.Printer, m payout.Matched) PayoutProposal {
	out := viewSuggestion(p, m.Suggestion)
	x := viewListedPayout(p, m.Payout)
	out.Payout = &x
	return out
}

func viewPaymentFile(_ text.Printer, b payout.Batch) PaymentFile {
	return PaymentFile{
		ID: b.ID, Number: b.Number, From: b.PayeeID, Format: string(b.Format), Status: string(b.Status), Day: b.Day, Payouts: b.Payouts, Paid: b.Paid,
		Sum: b.Sum, File: b.FileID, SHA256: b.SHA256, MadeAt: b.MadeAt, Reason: b.Reason,
	}
}

type payoutQuery struct {
	Status string `query:"status"`
	Vendor string `query:"vendor"`
	File   string `query:"payment_file"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit"`
}

func (a *API) payoutRoutes() {
	const tag = "operator/payouts"
	get(a, route{path: "/payouts", tag: "payouts", id: "list-own-payouts", summary: "What the operator pays back to your company, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]payout.Payout, error) {
			if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
				return nil, err
			}
			return payout.Of(ctx, tx, by, by.VendorID)
		}, each(viewOwnPayout))
	get(a, route{path: "/operator/payouts", tag: tag, id: "list-payouts", summary: "Payouts; those that wait come oldest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q payoutQuery) (listed[payout.Listed], error) {
			limit := upTo(q.Limit)
			all, err := payout.List(ctx, tx, by, payout.Filter{Status: payout.Status(q.Status), Subject: q.Vendor, Batch: q.File, Before: q.Cursor, Limit: limit})
			return listed[payout.Listed]{all, limit}, err
		}, paged(func(l payout.Listed) string { return l.ID }, viewListedPayout))
	get(a, route{path: "/operator/payouts/{id}", tag: tag, id: "get-payout", summary: "One payout with the bank lines that may be its"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (payout.Detail, error) {
			return payout.Get(ctx, tx, by, payout.Chosen{ID: q.ID})
		}, viewPayoutDetail)
	act(a, route{path: "/operator/payouts/{id}/approve", tag: tag, id: "approve-payout", summary: "Approve what another person or a job ordered (D-7)"}, payout.Approve, viewPayout)
	post(a, route{path: "/operator/payouts/{id}/correct", tag: tag, id: "correct-payout", summary: "Give it another account; another person approves it again"}, payout.Correct, viewPayout)
	post(a, route{path: "/operator/payouts/{id}/cancel", tag: tag, id: "cancel-payout", summary: "Take it back; the money returns to where it was held"}, payout.Cancel, viewPayout)
	post(a, route{path: "/operator/payouts/{id}/refuse", tag: tag, id: "refuse-payout", summary: "Note that the bank refused this one of its file"}, payout.Refuse, viewPayout)
	post(a, route{path: "/operator/payouts/{id}/match", tag: tag, id: "match-payout", summary: "Count a bank line as its payment or its return (退汇)"}, payout.Settle, viewPayout)
	post(a, route{path: "/operator/payouts/{id}/dismiss", tag: tag, id: "dismiss-payout-match", summary: "Take a wrong proposal away"}, quiet(payout.Dismiss), done[none])
	get(a, route{path: "/operator/payout-matches", tag: tag, id: "list-payout-matches", summary: "Bank lines that wait to be counted as payouts or their returns"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]payout.Matched, error) {
			return payout.Matches(ctx, tx, by)
		}, each(viewPayoutMatch))
	get(a, route{path: "/operator/payment-files", tag: tag, id: "list-payment-files", summary: "Payment files, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q pageQuery) (listed[payout.Batch], error) {
			limit := upTo(q.Limit)
			all, err := payout.Batches(ctx, tx, by, q.Cursor, limit)
			return listed[payout.Batch]{all, limit}, err
		}, paged(func(b payout.Batch) string { return b.ID }, viewPaymentFile))
	post(a, route{path: "/operator/payment-files", tag: tag, id: "make-payment-file", summary: "Put approved payouts into a file for the bank: CSV or ISO 20022 pain.001", status: 201}, payout.MakeFile, viewPaymentFile)
	get(a, route{path: "/operator/payment-files/{id}", tag: tag, id: "get-payment-file", summary: "One payment file; its document is a file"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (payout.Batch, error) {
			return payout.GetBatch(ctx, tx, by, payout.Chosen{ID: q.ID})
		}, viewPaymentFile)
	post(a, route{path: "/operator/payment-files/{id}/reject", tag: tag, id: "reject-payment-file", summary: "Note that the bank did not take it; what was not paid goes into another"}, payout.Reject, viewPaymentFile)
}
