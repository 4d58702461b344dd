package bulk

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Task names the import whose rows are to be done.
type Task struct {
	ImportID string `json:"import_id"`
}

// Work does the rows of an import.
var Work = job.Kind[Task]{Name: "product.import", Tries: 6}

// errOver says that there is nothing more to do.
var errOver = errors.New("bulk: no row is left")

// Do returns the work of Work: each good row in a transaction of its own, until none
// is left or somebody stops it. It may be cut off anywhere and run again, and by two
// at once: a row is done and noted as done together.
func Do(d *db.DB) func(ctx context.Context, in Task) error {
	return func(ctx context.Context, in Task) error {
		for {
			var at Row
			var refused *fault.Error
			err := d.Write(ctx, func(tx *db.Tx) (err error) { at, err = next(ctx, tx, in.ImportID); return err })
			if errors.As(err, &refused) && at.No > 0 && refused.Kind != fault.Internal {
				err = d.Write(ctx, func(tx *db.Tx) error { return fail(ctx, tx, in.ImportID, at, refused) })
			}
			switch {
			case errors.Is(err, errOver):
				return nil
			case err != nil:
				return err
			}
		}
	}
}

// next does the next row. The row is returned with a refusal, so that it can be noted.
func next(ctx context.Context, tx *db.Tx, id string) (Row, error) {
	i, err := load(ctx, tx, id)
	if err != nil {
		return Row{}, err
	}
	if err := vendor.Lock(ctx, tx, i.VendorID); err != nil {
		return Row{}, err
	}
	if i, err = load(ctx, tx, id); err != nil { // as it is now that nobody else works on it
		return Row{}, err
	}
	if i.Status != Running {
		return Row{}, errOver
	}
	all, err := rows(ctx, tx, RowFilter{ID: id, State: RowGood, Limit: 1})
	if err != nil {
		return Row{}, err
	}
	by := i.actor()
	if len(all) == 0 {
		if err := i.move(ctx, tx, Done); err != nil {
			return Row{}, err
		}
		return Row{}, Finished.Append(ctx, tx, by, i.about(), i.counts())
	}
	r := all[0]
	return r, i.do(ctx, tx, by, &r)
}

// actor is who handed the import in, for what it does: its orders were checked when
// they were given.
func (i Import) actor() access.Actor {
	return access.Actor{Kind: access.Member, ID: i.MadeBy, VendorID: i.VendorID, Roles: []access.Role{access.ProductPeople}}
}

// do writes what a row says and notes that it is done.
func (i Import) do(ctx context.Context, tx *db.Tx, by access.Actor, r *Row) error {
	j, err := judgeOf(ctx, tx, by, i.Lang, r.Patch[columnID], r.Patch["code"])
	if err != nil {
		return err
	}
	content, desk := j.row(r)
	if r.State == RowWrong { // since it was looked at
		r.State = Failed
		return i.ended(ctx, tx, *r)
	}
	r.State = RowDone
	switch r.Act {
	case Make:
		p, err := product.Make(ctx, tx, by, product.Paper{Content: content})
		if err != nil {
			return err
		}
		r.ProductID = p.ID
	case Update:
		if _, err := product.Update(ctx, tx, by, product.Paper{ID: desk.ID, Content: content}); err != nil {
			return err
		}
	case Revise:
		note := ""
		if desk.Change != nil {
			note = desk.Change.Note
		}
		if _, err := product.Revise(ctx, tx, by, product.Change{ID: desk.ID, Note: note, Content: content}); err != nil {
			return err
		}
	}
	return i.ended(ctx, tx, *r)
}

// fail notes that a row was refused, and why.
func fail(ctx context.Context, tx *db.Tx, id string, r Row, why *fault.Error) error {
	i, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	j, err := judgeOf(ctx, tx, i.actor(), i.Lang, r.Patch[columnID], r.Patch["code"])
	if err != nil {
		return err
	}
	r.State = Failed
	r.Faults = []Fault{{Text: j.Say(why.Message)}}
	for _, f := range why.Fields {
		r.Faults = append(r.Faults, Fault{Column: j.columnOf(f, policy.Form(r.Sheet)), Text: j.Say(f.Message)})
	}
	return i.ended(ctx, tx, r)
}
