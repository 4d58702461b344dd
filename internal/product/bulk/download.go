package bulk

import (
	"bytes"
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// MIME is the type of the files.
const MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Template is the empty file for the actor's company: a sheet for each delivery form
// of its categories, all forms where it has none yet.
func Template(ctx context.Context, tx *db.Tx, by access.Actor, l text.Lang) ([]byte, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return nil, err
	}
	p, forms, err := formsOf(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = WriteTemplate(&b, p, forms, l)
	return b.Bytes(), err
}

// Export is all products of the actor's company, as an import reads them.
func Export(ctx context.Context, tx *db.Tx, by access.Actor, l text.Lang) ([]byte, error) {
	desks, err := product.Desks(ctx, tx, by, "", "")
	if err != nil {
		return nil, err
	}
	p, forms, err := formsOf(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = WriteProducts(&b, p, desks, forms, l)
	return b.Bytes(), err
}

func formsOf(ctx context.Context, tx *db.Tx, by access.Actor) (policy.Policy, []policy.Form, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return p, nil, err
	}
	state, err := onboarding.Of(ctx, tx, by, by.VendorID)
	forms := Forms(p, state.Facts.Approved)
	if len(forms) == 0 {
		var all []policy.CategoryID
		for _, c := range p.Categories {
			all = append(all, c.ID)
		}
		forms = Forms(p, all)
	}
	return p, forms, err
}

// Faults is the file of an import with what is wrong beside each row. Who may have it
// is as for Get.
func Faults(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) ([]byte, error) {
	i, err := Get(ctx, tx, by, in)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, (*Row).fields, `SELECT `+columnsOfRow+` FROM product_import_row WHERE import_id = $1 ORDER BY no`, i.ID)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = WriteFaults(&b, i, all)
	return b.Bytes(), err
}
