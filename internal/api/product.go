package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Product is a product as it stands on the vendor's desk.
type Product struct {
	ID          string         `json:"id"`
	VendorID    string         `json:"vendor_id"`
	Status      product.Status `json:"status" doc:"draft, waiting (for the deposit), in_review, approved, rejected, on_shelf, off_shelf, taken_off"`
	StatusText  string         `json:"status_text" doc:"the status in the reader's language"`
	Revision    int64          `json:"revision"`
	OffReason   string         `json:"off_reason,omitempty" doc:"why the operator took it off the shelf"`
	OffRule     string         `json:"off_rule,omitempty" doc:"which rule that was for"`
	OffMend     string         `json:"off_mend,omitempty" doc:"what would mend it"`
	ReportOn    calendar.Day   `json:"report_on,omitzero" doc:"day of the security report of what was approved"`
	MadeAt      time.Time      `json:"made_at"`
	ChangedAt   time.Time      `json:"changed_at"`
	SubmittedAt *time.Time     `json:"submitted_at,omitempty"`
	ShelvedAt   *time.Time     `json:"shelved_at,omitempty"`
	product.Content
}

func viewProduct(p text.Printer, x product.Product) Product {
	return Product{ID: x.ID, VendorID: x.VendorID, Status: x.Status, StatusText: p.T(x.Status.Name()), Revision: x.Revision, OffReason: x.OffReason, OffRule: x.OffRule, OffMend: x.OffMend, ReportOn: x.ReportOn,
		MadeAt: x.MadeAt, ChangedAt: x.ChangedAt, SubmittedAt: when(x.SubmittedAt), ShelvedAt: when(x.ShelvedAt), Content: x.Content}
}

// ProductLine is a product in a list.
type ProductLine struct {
	ID         string            `json:"id"`
	VendorID   string            `json:"vendor_id"`
	VendorName string            `json:"vendor_name"`
	Name       string            `json:"name"`
	Category   policy.CategoryID `json:"category"`
	Form       policy.Form       `json:"form"`
	Status     product.Status    `json:"status"`
	StatusText string            `json:"status_text"`
	ChangedAt  time.Time         `json:"changed_at"`
	Since      *time.Time        `json:"since,omitempty" doc:"since when it waits for a reviewer"`
	PromisedBy *time.Time        `json:"promised_by,omitempty"`
	HolderID   string            `json:"holder_id,omitempty" doc:"the reviewer who has it; staff only"`
	HolderName string            `json:"holder_name,omitempty"`
}

// listedProducts is a part of a list with its cursor.
type listedProducts struct {
	by    access.Actor
	lines []product.Listed
	next  string
}

func viewProducts(p text.Printer, l listedProducts) Page[ProductLine] {
	out := Page[ProductLine]{Items: make([]ProductLine, len(l.lines)), Next: l.next}
	for i, x := range l.lines {
		line := ProductLine{ID: x.ID, VendorID: x.VendorID, VendorName: x.VendorName, Name: x.Content.Name, Category: x.Content.Category, Form: x.Content.Form,
			Status: x.Status, StatusText: p.T(x.Status.Name()), ChangedAt: x.ChangedAt, Since: when(x.QueuedAt), PromisedBy: when(x.PromisedBy)}
		if l.by.Kind == access.Staff {
			line.HolderID, line.HolderName = x.Holder, x.HolderName
		}
		out.Items[i] = line
	}
	return out
}

// ProductReview is a decision of the operator's staff.
type ProductReview struct {
	Outcome   product.Outcome   `json:"outcome"`
	Verdicts  []product.Verdict `json:"verdicts" nullable:"false"`
	Note      string            `json:"note,omitempty" doc:"staff only"`
	DecidedBy string            `json:"decided_by,omitempty" doc:"staff only"`
	DecidedAt time.Time         `json:"decided_at"`
}

// ProductNeed is something that is missing before a product can be sold.
type ProductNeed struct {
	Pointer string `json:"pointer" doc:"of the field, or /onboarding/<need>"`
	Detail  string `json:"detail"`
	Rule    string `json:"rule,omitempty"`
	Mend    string `json:"mend,omitempty"`
}

// ProductFolder is a product with what is missing before it can be sold and its reviews.
type ProductFolder struct {
	Product
	VendorName string          `json:"vendor_name"`
	Missing    []ProductNeed   `json:"missing" nullable:"false"`
	Reviews    []ProductReview `json:"reviews" nullable:"false"`
	Checks     []ProductCheck  `json:"checks" nullable:"false" doc:"what a review looks at"`
}

// ProductCheck is one point of a product's review.
type ProductCheck struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func viewFolder(p text.Printer, f product.Folder) ProductFolder {
	out := ProductFolder{Product: viewProduct(p, f.Product), VendorName: f.VendorName, Missing: []ProductNeed{}, Reviews: []ProductReview{}, Checks: []ProductCheck{}}
	for _, list := range [][]fault.Field{f.Lacking, f.Gates} {
		for _, x := range list {
			need := ProductNeed{Pointer: x.Pointer, Detail: p.Say(x.Message), Rule: x.Rule}
			if x.Mend.Key != "" {
				need.Mend = p.Say(x.Mend)
			}
			out.Missing = append(out.Missing, need)
		}
	}
	for _, r := range f.Reviews {
		out.Reviews = append(out.Reviews, ProductReview{Outcome: r.Outcome, Verdicts: r.Verdicts, Note: r.Note, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt})
	}
	for _, c := range f.Checks {
		out.Checks = append(out.Checks, ProductCheck{c.ID, c.Name.In(p.Lang)})
	}
	return out
}

// viewPreview shows a product as buyers would see it.
func viewPreview(p text.Printer, f product.Folder) CatalogProduct {
	return viewCatalogProduct(p, f.Page)
}

type productQuery struct {
	Status   string `query:"status" doc:"only this status"`
	Category string `query:"category"`
	Name     string `query:"name" doc:"part of the name"`
	Cursor   string `query:"cursor"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (q productQuery) filter() product.Filter {
	return product.Filter{Status: product.Status(q.Status), Category: policy.CategoryID(q.Category), Name: q.Name, After: q.Cursor, Limit: q.Limit}
}

type officeProductQuery struct {
	productQuery
	VendorID string `query:"vendor_id"`
	Queue    bool   `query:"queue" doc:"only those that wait for a reviewer, the longest first"`
}

func listProducts(ctx context.Context, tx *db.Tx, by access.Actor, f product.Filter) (listedProducts, error) {
	lines, err := product.List(ctx, tx, by, f)
	out := listedProducts{by: by, lines: lines}
	if len(lines) > 0 && len(lines) == f.Limit {
		out.next = lines[len(lines)-1].ID
	}
	return out, err
}

func (a *API) productRoutes() {
	a.revisionRoutes()
	a.importRoutes()
	const tag, office = "products", "operator"
	get(a, route{path: "/products", tag: tag, id: "list-products", summary: "Your company's products"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q productQuery) (listedProducts, error) {
			if by.Kind == access.Staff {
				return listedProducts{}, fault.New(fault.Forbidden, "fault.forbidden")
			}
			return listProducts(ctx, tx, by, q.filter())
		}, viewProducts)
	post(a, route{path: "/products", tag: tag, id: "make-product", summary: "Begin a product (O-5); it may be incomplete", status: 201}, product.Make, viewProduct)
	get(a, route{path: "/products/{id}", tag: tag, id: "get-product", summary: "A product, what is missing before it can be sold, and its reviews"}, product.Open, viewFolder)
	post(a, route{path: "/products/{id}/update", tag: tag, id: "update-product", summary: "Write the whole content of a draft; what was approved once is changed by a revision"}, product.Update, viewProduct)
	get(a, route{path: "/products/{id}/preview", tag: tag, id: "preview-product", summary: "A product as buyers would see it"}, product.Open, viewPreview)
	act(a, route{path: "/products/{id}/submit", tag: tag, id: "submit-product", summary: "Hand a product to the review (S-1)"}, product.Submit, viewProduct)
	act(a, route{path: "/products/{id}/take-back", tag: tag, id: "take-back-product", summary: "Make it a draft again (S-1)"}, product.TakeBack, viewProduct)
	act(a, route{path: "/products/{id}/shelve", tag: tag, id: "shelve-product", summary: "Put an approved product on the shelf (O-8)"}, product.Shelve, viewProduct)
	act(a, route{path: "/products/{id}/unshelve", tag: tag, id: "unshelve-product", summary: "Take a product off the shelf"}, product.Unshelve, viewProduct)

	get(a, route{path: "/operator/products", tag: office, id: "list-operator-products", summary: "All products, or the queue of the reviewers"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q officeProductQuery) (listedProducts, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return listedProducts{}, err
			}
			f := q.filter()
			f.VendorID, f.Queue = q.VendorID, q.Queue
			return listProducts(ctx, tx, by, f)
		}, viewProducts)
	get(a, route{path: "/operator/products/{id}", tag: office, id: "get-operator-product", summary: "A product with its check list and reviews"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, in product.Chosen) (product.Folder, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return product.Folder{}, err
			}
			return product.Open(ctx, tx, by, in)
		}, viewFolder)
	act(a, route{path: "/operator/products/{id}/claim", tag: office, id: "claim-product", summary: "Take a product for review"}, product.Claim, viewProduct)
	act(a, route{path: "/operator/products/{id}/release", tag: office, id: "release-product", summary: "Give it back to the queue"}, product.Release, viewProduct)
	post(a, route{path: "/operator/products/{id}/review", tag: office, id: "review-product", summary: "Approve or reject, with a verdict per check (S-1)"}, product.Decide, viewProduct)
	act(a, route{path: "/operator/products/{id}/lift", tag: office, id: "lift-product", summary: "Let a product back that was taken off"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, in product.Chosen) (product.Product, error) {
			return product.Lift(ctx, tx, by, product.Lifting(in))
		}, viewProduct)
	post(a, route{path: "/operator/products/{id}/take-off", tag: office, id: "take-off-product", summary: "Take a product off the shelf, with a reason"}, product.ForceOff, viewProduct)
}
