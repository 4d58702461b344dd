package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// Violation is a violation of the vendor management rules (D-11).
type Violation struct {
	ID          string             `json:"id"`
	VendorID    string             `json:"vendor_id"`
	VendorName  string             `json:"vendor_name,omitempty"`
	ProductID   string             `json:"product_id,omitempty"`
	Status      string             `json:"status" doc:"recorded, dropped, decided, appealed, final, upheld, reduced or revoked"`
	Offence     string             `json:"offence"`
	Name        string             `json:"name"`
	Rule        string             `json:"rule" doc:"the words of the rule, as they stood when the violation was recorded"`
	Measure     string             `json:"measure" doc:"warning, product_off or deduction"`
	Amount      *money.Amount      `json:"amount,omitempty" doc:"of a deduction"`
	Proposed    *money.Amount      `json:"proposed,omitempty" doc:"staff only"`
	Description string             `json:"description"`
	WaitsFor    string             `json:"waits_for" doc:"staff, finance, vendor, third or nobody"`
	RecordedAt  time.Time          `json:"recorded_at"`
	RecordedBy  string             `json:"recorded_by,omitempty" doc:"staff only, as are the other two"`
	DecidedAt   *time.Time         `json:"decided_at,omitempty"`
	DecidedBy   string             `json:"decided_by,omitempty"`
	Decision    string             `json:"decision,omitempty"`
	AppealBy    *time.Time         `json:"appeal_by,omitempty"`
	Appeal      string             `json:"appeal,omitempty"`
	AppealedAt  *time.Time         `json:"appealed_at,omitempty"`
	JudgedAt    *time.Time         `json:"judged_at,omitempty"`
	JudgedBy    string             `json:"judged_by,omitempty"`
	Judgement   string             `json:"judgement,omitempty"`
	PromisedBy  *time.Time         `json:"promised_by,omitempty" doc:"when staff decide what waits for them"`
	Taken       *money.Amount      `json:"taken,omitempty" doc:"from the deposit"`
	Returned    *money.Amount      `json:"returned,omitempty"`
	Owed        *money.Amount      `json:"owed,omitempty" doc:"decided, but more than was held"`
	TopUp       *money.Amount      `json:"top_up,omitempty" doc:"still to be topped up for it"`
	TopUpBy     *time.Time         `json:"top_up_by,omitempty"`
	Evidence    []File             `json:"evidence" nullable:"false" doc:"of one violation, not in lists"`
	AppealFiles []File             `json:"appeal_files" nullable:"false"`
	Records     []DeductionPosting `json:"records" nullable:"false" doc:"of money taken and given back"`
}

// DeductionPosting is the record of money that a deduction took or gave back.
type DeductionPosting struct {
	Number   string       `json:"number"`
	Returned bool         `json:"returned"`
	Amount   money.Amount `json:"amount"`
	Excess   money.Amount `json:"excess" doc:"of what was given back: held apart as overpaid"`
	At       time.Time    `json:"at"`
}

// Offence is a kind of violation that staff may record.
type Offence struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Rule    string       `json:"rule"`
	Grave   bool         `json:"grave"`
	Measure string       `json:"measure"`
	Fen     int64        `json:"fen,omitempty" doc:"of a deduction, by default"`
	Share   int64        `json:"share_basis_points,omitempty" doc:"of the deposit required, by default"`
	Most    money.Amount `json:"most" doc:"of one deduction"`
}

// TopUp is a vendor's top-up that runs or is overdue.
type TopUp struct {
	VendorID   string       `json:"vendor_id"`
	VendorName string       `json:"vendor_name"`
	Open       money.Amount `json:"open"`
	Due        money.Amount `json:"due" doc:"asked for in all"`
	By         time.Time    `json:"by"`
	ClosedAt   *time.Time   `json:"closed_at,omitempty" doc:"since when the shop is closed"`
	YearKnown  bool         `json:"year_known" doc:"the calendar of working days knows the year of the last day"`
}

func viewViolation(p text.Printer, v violation.Violation) Violation {
	who, _, _ := v.Waiting()
	out := Violation{
		ID: v.ID, VendorID: v.VendorID, ProductID: v.ProductID, Status: string(v.Status), Offence: v.Offence.ID, Name: v.Offence.Name.In(p.Lang), Rule: v.Offence.Rule.In(p.Lang),
		Measure: string(v.Measure), Description: v.Description, WaitsFor: string(who), RecordedAt: v.RecordedAt, RecordedBy: v.RecordedBy,
		DecidedAt: when(v.DecidedAt), DecidedBy: v.DecidedBy, Decision: v.Decision, AppealBy: when(v.AppealBy), Appeal: v.Appeal, AppealedAt: when(v.AppealedAt),
		JudgedAt: when(v.JudgedAt), JudgedBy: v.JudgedBy, Judgement: v.Judgement, PromisedBy: when(v.PromisedBy),
		Evidence: []File{}, AppealFiles: []File{}, Records: []DeductionPosting{},
	}
	if v.Measure == policy.Deduction {
		out.Amount = &v.Amount
		if v.RecordedBy != "" {
			out.Proposed = &v.Proposed
		}
	}
	if d := v.Deducted; d != nil {
		owed := d.Owed()
		out.Taken, out.Returned, out.Owed, out.TopUp = &d.Taken, &d.Returned, &owed, &d.Open
		if d.Open.Fen > 0 {
			out.TopUpBy = when(d.TopUpBy)
		}
	}
	return out
}

func viewListedViolation(p text.Printer, v violation.Listed) Violation {
	out := viewViolation(p, v.Violation)
	out.VendorName = v.VendorName
	return out
}

func viewViolationFolder(p text.Printer, f violation.Folder) Violation {
	out := viewViolation(p, f.Violation)
	out.VendorName = f.VendorName
	each := func(files []file.File) []File {
		list := []File{}
		for _, x := range files {
			list = append(list, viewFile(p, x))
		}
		return list
	}
	out.Evidence, out.AppealFiles = each(f.Evidence), each(f.AppealFiles)
	for _, x := range f.Postings {
		out.Records = append(out.Records, DeductionPosting{Number: x.Number, Returned: x.Returned, Amount: x.Amount, Excess: x.Excess, At: x.MadeAt})
	}
	return out
}

func viewTopUp(_ text.Printer, c deposit.Clock) TopUp {
	return TopUp{VendorID: c.VendorID, VendorName: c.VendorName, Open: c.Open, Due: c.Due, By: c.By, ClosedAt: when(c.ClosedAt), YearKnown: c.YearKnown}
}

// offence is a kind of violation beside the bound of the policy.
type offence struct {
	policy.Offence
	most int64
}

func viewOffence(p text.Printer, o offence) Offence {
	return Offence{ID: o.ID, Name: o.Name.In(p.Lang), Rule: o.Rule.In(p.Lang), Grave: o.Grave, Measure: string(o.Measure), Fen: o.Fen, Share: o.ShareBasisPoints, Most: money.CNY(o.most)}
}

type violationQuery struct {
	Status  string `query:"status" doc:"recorded, dropped, decided, appealed, final, upheld, reduced or revoked; absent is any"`
	Vendor  string `query:"vendor" doc:"by id"`
	Waiting bool   `query:"waiting" doc:"only what waits for staff, the longest first"`
	Cursor  string `query:"cursor"`
	Limit   int    `query:"limit" minimum:"0" maximum:"200"`
}

func (a *API) violationRoutes() {
	list := func(ctx context.Context, tx *db.Tx, by access.Actor, f violation.Filter) (listed[violation.Listed], error) {
		f.Limit = upTo(f.Limit)
		all, err := violation.List(ctx, tx, by, f)
		return listed[violation.Listed]{all, f.Limit}, err
	}
	show := paged(func(v violation.Listed) string { return v.ID }, viewListedViolation)
	one := func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (violation.Folder, error) {
		return violation.Get(ctx, tx, by, violation.Chosen{ID: q.ID})
	}
	get(a, route{path: "/violations", tag: "violations", id: "list-violations", summary: "Penalties of your company, newest first (D-11)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q pageQuery) (listed[violation.Listed], error) {
			if by.Kind == access.Staff {
				if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
					return listed[violation.Listed]{}, err
				}
			}
			return list(ctx, tx, by, violation.Filter{After: q.Cursor, Limit: q.Limit})
		}, show)
	get(a, route{path: "/violations/{id}", tag: "violations", id: "get-violation", summary: "One penalty with its rule, evidence, decision and what became of it"}, one, viewViolationFolder)
	post(a, route{path: "/violations/{id}/appeal", tag: "violations", id: "appeal-violation", summary: "Appeal, once and in time; upload files first with the purpose appeal"}, violation.Appeal, viewViolation)

	act(a, route{path: "/products/{id}/keep-off", tag: "products", id: "keep-product-off", summary: "Keep a product off that left the shelf with the closed shop: it does not return with it"}, product.KeepOff, viewProduct)

	get(a, route{path: "/operator/offences", tag: "operator/violations", id: "list-offences", summary: "The kinds of violation that can be recorded, by the policy in force"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]offence, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return nil, err
			}
			p, err := policy.Now(ctx, tx)
			var out []offence
			for _, o := range p.Violations.Offences {
				out = append(out, offence{o, p.Violations.MostFen})
			}
			return out, err
		}, each(viewOffence))
	get(a, route{path: "/operator/violations", tag: "operator/violations", id: "list-recorded-violations", summary: "Violations, newest first; what waits for staff comes longest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q violationQuery) (listed[violation.Listed], error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return listed[violation.Listed]{}, err
			}
			return list(ctx, tx, by, violation.Filter{Status: violation.Status(q.Status), VendorID: q.Vendor, Waiting: q.Waiting, After: q.Cursor, Limit: q.Limit})
		}, show)
	post(a, route{path: "/operator/violations", tag: "operator/violations", id: "record-violation", summary: "Record a violation; upload its evidence first with the purpose violation", status: 201}, violation.Record, viewViolation)
	get(a, route{path: "/operator/violations/{id}", tag: "operator/violations", id: "get-recorded-violation", summary: "One violation with its evidence, decision and records"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (violation.Folder, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return violation.Folder{}, err
			}
			return one(ctx, tx, by, q)
		}, viewViolationFolder)
	post(a, route{path: "/operator/violations/{id}/decide", tag: "operator/violations", id: "decide-violation", summary: "Confirm or drop what another person recorded; finance where money is taken"}, violation.Decide, viewViolation)
	post(a, route{path: "/operator/violations/{id}/judge", tag: "operator/violations", id: "judge-appeal", summary: "Decide on an appeal as the third person: uphold, reduce or revoke"}, violation.Judge, viewViolation)
	act(a, route{path: "/operator/violations/{id}/collect", tag: "operator/violations", id: "collect-owed", summary: "Take what is still owed of a deduction from what is held now"}, violation.Collect, viewViolation)
	get(a, route{path: "/operator/top-ups", tag: "operator/violations", id: "list-top-ups", summary: "Top-ups that run or are overdue, the first due first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]deposit.Clock, error) {
			return deposit.Clocks(ctx, tx, by)
		}, each(viewTopUp))
}
