package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// RevisionFolder is a revision with all that its pages show.
type RevisionFolder struct {
	Revision
	Product    Product
	VendorName string
	HolderName string            // "" for the vendor's people
	People     map[string]string // names by account id: who made and submitted it; for staff also who ended it
	Changes    []FieldChange
	Lacking    []fault.Field // what the content lacks before it may be submitted
	Foreseen   Route         // the route it would take now
	Page       catalog.Product
	Shop       catalog.Shop
	Reviews    []Review // of this revision, the latest first
	Checks     []policy.Check
}

// OpenRevision reads a revision by its id for its vendor's people or for staff; to
// others it is fault.NotFound. Staff see no draft of a vendor's: it is not theirs to
// judge yet.
func OpenRevision(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (RevisionFolder, error) {
	if err := by.SignedIn(); err != nil {
		return RevisionFolder{}, err
	}
	r, err := loadRevision(ctx, tx, in.ID)
	if err != nil {
		return RevisionFolder{}, err
	}
	return r.folder(ctx, tx, by)
}

// OpenRevisionOf is OpenRevision for the one that is open of a product.
func OpenRevisionOf(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (RevisionFolder, error) {
	if err := by.SignedIn(); err != nil {
		return RevisionFolder{}, err
	}
	r, err := openRevision(ctx, tx, in.ID)
	if err != nil {
		return RevisionFolder{}, err
	}
	return r.folder(ctx, tx, by)
}

func (r Revision) folder(ctx context.Context, tx *db.Tx, by access.Actor) (RevisionFolder, error) {
	if err := by.Sees(r.VendorID); err != nil {
		return RevisionFolder{}, err
	}
	if by.Kind == access.Staff && r.SubmittedAt.IsZero() {
		return RevisionFolder{}, fault.New(fault.NotFound, "fault.not_found")
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return RevisionFolder{}, err
	}
	f := RevisionFolder{Revision: r, Changes: Changes(pol, r.Was, r.Content), Checks: pol.ChecksFor(r.Content.Form)}
	f.Lacking = append(r.Content.Lacking(pol), r.Content.outdated(pol, tx.Now())...)
	f.Foreseen, _ = routeOf(pol, r.Was, r.Content)
	if f.Product, err = Load(ctx, tx, r.ProductID); err != nil {
		return RevisionFolder{}, err
	}
	if f.Product.Status == TakenOff {
		f.Foreseen = FullRoute
	}
	v, err := vendor.Load(ctx, tx, r.VendorID)
	if err != nil {
		return RevisionFolder{}, err
	}
	changed := f.Product
	changed.Content = r.Content
	f.VendorName, f.Page, f.Shop = v.Name, changed.page(v), shopOf(v)
	all, err := reviews(ctx, tx, by, r.ProductID)
	if err != nil {
		return RevisionFolder{}, err
	}
	for _, x := range all {
		if x.Of == r.ID {
			f.Reviews = append(f.Reviews, x)
		}
	}
	if f.People, err = r.people(ctx, tx, by); err != nil {
		return RevisionFolder{}, err
	}
	f.HolderName = f.People[r.Holder]
	if by.Kind != access.Staff {
		f.Holder, f.HolderName = "", ""
	}
	return f, nil
}

// people are the names of who had to do with revisions. Who of the staff reviewed
// is not for the vendor's people.
func (r Revision) people(ctx context.Context, tx *db.Tx, by access.Actor) (map[string]string, error) {
	return namesOf(ctx, tx, by, []Revision{r})
}

func namesOf(ctx context.Context, tx *db.Tx, by access.Actor, all []Revision) (map[string]string, error) {
	var ids []string
	for _, r := range all {
		ids = append(ids, r.MadeBy, r.SubmittedBy)
		if by.Kind == access.Staff {
			ids = append(ids, r.Holder, r.EndedBy)
		}
	}
	return account.Names(ctx, tx, list(ids))
}

// PastRevision is a revision in a product's history.
type PastRevision struct {
	Revision
	MadeByName  string
	EndedByName string   // staff only
	Reasons     []string // why it was rejected
}

// History reads the revisions of a product, the latest first, with who, when and why;
// at most 50. Who may see them is as for Get; staff see those that were submitted.
func History(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) ([]PastRevision, error) {
	p, err := Get(ctx, tx, by, in)
	if err != nil {
		return nil, err
	}
	where := ""
	if by.Kind == access.Staff {
		where = ` AND submitted_at IS NOT NULL`
	}
	all, err := db.All(ctx, tx, (*Revision).fields, `SELECT `+revisionColumns+` FROM product_revision WHERE product_id = $1`+where+` ORDER BY id DESC LIMIT 50`, p.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := namesOf(ctx, tx, by, all)
	if err != nil {
		return nil, err
	}
	decided, err := reviews(ctx, tx, by, p.ID)
	if err != nil {
		return nil, err
	}
	out := make([]PastRevision, len(all))
	for i, r := range all {
		out[i] = PastRevision{Revision: r, MadeByName: names[r.MadeBy]}
		if by.Kind == access.Staff {
			out[i].EndedByName = names[r.EndedBy]
		} else {
			out[i].Holder, out[i].EndedBy = "", ""
		}
		for _, x := range decided {
			if x.Of != r.ID || x.Outcome != Reject {
				continue
			}
			for _, v := range x.Verdicts {
				if v.Finding == NotMet {
					out[i].Reasons = append(out[i].Reasons, v.Reason)
				}
			}
		}
	}
	return out, nil
}
