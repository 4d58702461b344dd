package bulk

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Chosen names an import.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// Order lets an import begin, or go on after it was stopped.
type Order struct {
	ID        string `json:"-" path:"id"`
	SkipWrong bool   `json:"skip_wrong"` // do the good rows without the wrong ones
}

// HandIn judges every row of a file that was read and keeps it as an import to be
// looked at; it does nothing to a product. The company must be able to create
// products: fault.Conflict with what is missing. Rule O-5.
func HandIn(ctx context.Context, tx *db.Tx, by access.Actor, in Sheets) (Import, error) {
	if err := by.OwnsVendor(by.VendorID, access.EditProducts); err != nil {
		return Import{}, err
	}
	if err := onboarding.Require(ctx, tx, by.VendorID, policy.CreateProduct, onboarding.Target{}); err != nil {
		return Import{}, err
	}
	j, err := judgeOf(ctx, tx, by, in.Lang, "", "")
	if err != nil {
		return Import{}, err
	}
	i := Import{ID: tx.NewID("imp"), VendorID: by.VendorID, Name: in.Name, Lang: in.Lang, Status: Preview, MadeBy: by.ID, MadeAt: tx.Now(), ChangedAt: tx.Now()}
	rows := make([]Row, len(in.Rows))
	for n, r := range in.Rows {
		if r.State != Head {
			j.row(&r)
			i.Total++
			if r.State == RowWrong {
				i.Wrong++
			} else {
				i.Good++
			}
		}
		rows[n] = r
	}
	if err := i.insert(ctx, tx, rows); err != nil {
		return Import{}, err
	}
	return i, HandedIn.Append(ctx, tx, by, i.about(), i.counts())
}

// judgeOf makes a judge with all products of the company, or the one named.
func judgeOf(ctx context.Context, tx *db.Tx, by access.Actor, l text.Lang, id, code string) (judge, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return judge{}, err
	}
	state, err := onboarding.Of(ctx, tx, by, by.VendorID)
	if err != nil {
		return judge{}, err
	}
	desks, err := product.Desks(ctx, tx, by, id, code)
	return newJudge(languages{text.Printer{Lang: l, Zone: p.Location()}, p}, state.Facts.Approved, desks), err
}

// own reads an import for one of its vendor's people who may edit products.
func own(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Import, error) {
	if err := by.SignedIn(); err != nil {
		return Import{}, err
	}
	i, err := load(ctx, tx, id)
	if err != nil {
		return Import{}, err
	}
	return i, by.OwnsVendor(i.VendorID, access.EditProducts)
}

// Begin lets the job do the good rows of an import, one by one. Wrong rows are
// fault.Conflict unless the order leaves them out. A stopped import goes on where it
// stopped.
func Begin(ctx context.Context, tx *db.Tx, by access.Actor, in Order) (Import, error) {
	i, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Import{}, err
	}
	switch {
	case i.Status != Preview && i.Status != Stopped:
		return Import{}, wrongState(i.Status)
	case i.Good == 0:
		return Import{}, fault.New(fault.Conflict, "bulk.nothing_good")
	case i.Wrong > 0 && !in.SkipWrong && i.Status == Preview:
		return Import{}, &fault.Error{Kind: fault.Conflict, Message: text.M("bulk.wrong_rows", i.Wrong),
			Fields: []fault.Field{{Pointer: "/skip_wrong", Message: text.M("bulk.wrong_rows", i.Wrong)}}}
	}
	if err := i.move(ctx, tx, Running); err != nil {
		return Import{}, err
	}
	if err := Work.Later(ctx, tx, Task{i.ID}); err != nil {
		return Import{}, err
	}
	return i, Begun.Append(ctx, tx, by, i.about(), i.counts())
}

// Stop halts a running import after the row it is at; what is done stays done.
func Stop(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Import, error) {
	i, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Import{}, err
	}
	if i.Status != Running {
		return Import{}, wrongState(i.Status)
	}
	if err := i.move(ctx, tx, Stopped); err != nil {
		return Import{}, err
	}
	return i, Halted.Append(ctx, tx, by, i.about(), event.None{})
}

// Get reads an import for the people of its company; to others it is fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Import, error) {
	if err := by.SignedIn(); err != nil {
		return Import{}, err
	}
	i, err := load(ctx, tx, in.ID)
	if err != nil {
		return Import{}, err
	}
	return i, by.Sees(i.VendorID)
}

// RowFilter narrows the rows of an import.
type RowFilter struct {
	ID    string
	State State // "" is all but the titles
	After int64 // Row.No of the last one seen
	Limit int   // 0 is 50, at most 200
}

// Rows reads the rows of an import in their order. Who may see them is as for Get.
func Rows(ctx context.Context, tx *db.Tx, by access.Actor, f RowFilter) ([]Row, error) {
	if _, err := Get(ctx, tx, by, Chosen{f.ID}); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	return rows(ctx, tx, f)
}

// List reads the latest imports of the actor's company.
func List(ctx context.Context, tx *db.Tx, by access.Actor) ([]Import, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Import).fields, `SELECT `+columnsOfImport+` FROM product_import WHERE vendor_id = $1 ORDER BY id DESC LIMIT 20`, by.VendorID)
}

// words joins faults into one cell.
func words(faults []Fault) string {
	var out []string
	for _, f := range faults {
		s := f.Text
		if f.Column != "" {
			s = f.Column + "：" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, "；")
}
