package product

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

var zero time.Time

// Paper is a content as it is handed in; it may be incomplete.
type Paper struct {
	ID string `json:"-" path:"id"` // "" makes a new product
	Content
}

// Chosen names a product.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// Make begins a product of the actor's company as a draft, kept even if it is
// incomplete. The company must be qualified and its contract signed: fault.Conflict
// with what is missing. A file of another company is an Invalid field. Rule O-5.
func Make(ctx context.Context, tx *db.Tx, by access.Actor, in Paper) (Product, error) {
	if err := by.OwnsVendor(by.VendorID, access.EditProducts); err != nil {
		return Product{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Product{}, err
	}
	p := Product{ID: tx.NewID("prd"), VendorID: by.VendorID, Status: Draft, ReportTold: notTold, Content: in.Content.clean().withDefaults(pol), Revision: 1, MadeAt: tx.Now(), ChangedAt: tx.Now()}
	if err := may(ctx, tx, p, policy.CreateProduct); err != nil {
		return Product{}, err
	}
	if err := ownFiles(ctx, tx, by, p); err != nil {
		return Product{}, err
	}
	if err := freeCode(ctx, tx, p.VendorID, p.ID, p.Content.Code); err != nil {
		return Product{}, err
	}
	if err := insert(ctx, tx, p); err != nil {
		return Product{}, err
	}
	return p, Drafted.Append(ctx, tx, by, p.about(), p.named())
}

// withDefaults fills in what follows from the category. Rule S-4.
func (c Content) withDefaults(p policy.Policy) Content {
	if category, ok := p.Category(c.Category); ok && c.Form == "" && len(category.Forms) > 0 {
		c.Form = category.Forms[0]
	}
	if c.Agreement == "" {
		c.Agreement = Standard
	}
	return c
}

// freeCode refuses a code that another product of the company has.
func freeCode(ctx context.Context, tx *db.Tx, vendorID, id, code string) error {
	if code == "" {
		return nil
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM product WHERE vendor_id = $1 AND code = $2 AND id <> $3`, vendorID, code, id)
	if err == nil && taken {
		return fault.At("/code", "product.code_taken", code)
	}
	return err
}

// Update writes a draft's content, however incomplete. A product that was
// rejected becomes a draft by it; one that is in review is fault.Conflict, and one
// that was approved once too: it is changed by Revise.
func Update(ctx context.Context, tx *db.Tx, by access.Actor, in Paper) (Product, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Product{}, err
	}
	if !p.Status.May(ActEdit) {
		_, err := p.Status.Next(ActEdit)
		return Product{}, err
	}
	changed := p
	changed.Content = in.Content.clean().withDefaults(pol)
	if changed.Content.Category != p.Content.Category {
		if err := may(ctx, tx, changed, policy.CreateProduct); err != nil {
			return Product{}, err
		}
	}
	if err := ownFiles(ctx, tx, by, changed); err != nil {
		return Product{}, err
	}
	if err := freeCode(ctx, tx, p.VendorID, p.ID, changed.Content.Code); err != nil {
		return Product{}, err
	}
	err = p.move(ctx, tx, ActEdit, func(p *Product) {
		p.Content = changed.Content
		p.Revision++
	})
	return p, err
}

// own reads a product for one of its vendor's people who may edit it.
func own(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Product, error) {
	if err := by.SignedIn(); err != nil {
		return Product{}, err
	}
	p, err := Load(ctx, tx, id)
	if err != nil {
		return Product{}, err
	}
	return p, by.OwnsVendor(p.VendorID, access.EditProducts)
}

// named is a file that a content names.
type namedFile struct {
	pointer, id string
	purpose     file.Purpose
	types       []string
}

func (c Content) files() []namedFile {
	papers := []string{file.PDF}
	all := []namedFile{
		{"/agreement_file", c.AgreementFile, file.ProductPaper, papers},
		{"/document", c.Document, file.ProductPaper, papers},
		{"/image/report", c.Image.Report, file.ProductPaper, []string{file.PDF, file.PNG, file.JPEG}},
	}
	for i, id := range c.Pictures {
		all = append(all, namedFile{fmt.Sprintf("/pictures/%d", i), id, file.ProductPicture, []string{file.PNG, file.JPEG}})
	}
	return slices.DeleteFunc(all, func(f namedFile) bool { return f.id == "" })
}

// ownFiles refuses files that are not the vendor's, or not for what they are used.
func ownFiles(ctx context.Context, tx *db.Tx, by access.Actor, p Product) error {
	var wrong fault.Fields
	for _, f := range p.Content.files() {
		got, err := file.Get(ctx, tx, by, f.id)
		switch {
		case errors.Is(err, fault.NotFound) || err == nil && got.VendorID != p.VendorID:
			wrong.Add(f.pointer, "product.no_such_file")
		case err != nil:
			return err
		case got.Purpose != f.purpose || !slices.Contains(f.types, got.Type):
			wrong.Add(f.pointer, "product.wrong_file")
		}
	}
	return wrong.Err()
}

// Submit hands a product to the review: every field must be in order, each that
// is not is an Invalid field. While the deposit does not cover the product's
// category it waits for that and is not reviewed. Rules S-1, O-5.
func Submit(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Product{}, err
	}
	if _, err := p.Status.Next(ActSubmit); err != nil {
		return Product{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Product{}, err
	}
	if err := may(ctx, tx, p, policy.CreateProduct); err != nil {
		return Product{}, err
	}
	if err := onboarding.Accepts(ctx, tx, p.VendorID); err != nil {
		return Product{}, err
	}
	if _, err := openRevision(ctx, tx, p.ID); !fault.Is(err, fault.NotFound) {
		if err != nil {
			return Product{}, err
		}
		return Product{}, fault.New(fault.Conflict, "product.submit_the_revision").Of("S-2")
	}
	var wrong fault.Fields
	wrong.Put(p.Content.Lacking(pol)...)
	wrong.Put(p.Content.outdated(pol, tx.Now())...)
	if err := wrong.Err(); err != nil {
		return Product{}, err
	}
	if err := ownFiles(ctx, tx, by, p); err != nil {
		return Product{}, err
	}
	act := ActSubmit
	if !pol.ReviewWaiting {
		waits, err := missing(may(ctx, tx, p, policy.ReviewProduct))
		if err != nil {
			return Product{}, err
		}
		if waits {
			act = ActWait
		}
	}
	err = p.move(ctx, tx, act, func(p *Product) {
		p.SubmittedAt, p.OffReason, p.OffRule, p.OffMend = tx.Now(), "", "", ""
		if act == ActSubmit {
			p.queue(pol, tx.Now())
		}
	})
	if err != nil {
		return Product{}, err
	}
	return p, Submitted.Append(ctx, tx, by, p.about(), SubmittedData{p.named(), act == ActWait})
}

// queue lets a product wait for a reviewer from now on.
func (p *Product) queue(pol policy.Policy, now time.Time) {
	p.QueuedAt, p.PromisedAt = now, promise(pol, now)
}

// TakeBack makes a draft of a product that waits or is in review. Rule S-1.
func TakeBack(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Product{}, err
	}
	if err := p.move(ctx, tx, ActTakeBack, nil); err != nil {
		return Product{}, err
	}
	return p, TakenBack.Append(ctx, tx, by, p.about(), p.named())
}
