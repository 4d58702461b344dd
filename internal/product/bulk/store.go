package bulk

import (
	"context"
	"fmt"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/text"
)

const columnsOfImport = `id, vendor_id, name, lang, status, total, good, wrong, done, made_by, made_at, changed_at`

func (i *Import) fields() []any {
	return []any{&i.ID, &i.VendorID, &i.Name, (*langField)(&i.Lang), &i.Status, &i.Total, &i.Good, &i.Wrong, &i.Done, &i.MadeBy, db.Time(&i.MadeAt), db.Time(&i.ChangedAt)}
}

// langField reads a language from its tag.
type langField text.Lang

// Scan reads the tag.
func (l *langField) Scan(src any) error {
	*l = langField(text.Match(fmt.Sprintf("%s", src)))
	return nil
}

const columnsOfRow = `no, sheet, line, code, name, cells, content, faults, act, state, product_id`

func (r *Row) fields() []any {
	return []any{&r.No, &r.Sheet, &r.Line, &r.Code, &r.Name, db.JSON(&r.Cells), db.JSON(&r.Patch), db.JSON(&r.Faults), &r.Act, &r.State, &r.ProductID}
}

func load(ctx context.Context, tx *db.Tx, id string) (Import, error) {
	return db.One(ctx, tx, (*Import).fields, `SELECT `+columnsOfImport+` FROM product_import WHERE id = $1`, id)
}

func rows(ctx context.Context, tx *db.Tx, f RowFilter) ([]Row, error) {
	if f.State == "" {
		return db.All(ctx, tx, (*Row).fields, `SELECT `+columnsOfRow+` FROM product_import_row WHERE import_id = $1 AND no > $2 AND state <> $3 ORDER BY no LIMIT $4`,
			f.ID, f.After, string(Head), f.Limit)
	}
	return db.All(ctx, tx, (*Row).fields, `SELECT `+columnsOfRow+` FROM product_import_row WHERE import_id = $1 AND no > $2 AND state = $3 ORDER BY no LIMIT $4`,
		f.ID, f.After, string(f.State), f.Limit)
}

// atOnce is how many rows one statement writes.
const atOnce = 20

func (i Import) insert(ctx context.Context, tx *db.Tx, all []Row) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO product_import (id, vendor_id, file_id, name, lang, status, fault, total, good, wrong, done, made_by, made_at, changed_at)
		VALUES ($1, $2, '', $3, $4, $5, '', $6, $7, $8, 0, $9, $10, $10)`,
		i.ID, i.VendorID, i.Name, i.Lang.Tag(), string(i.Status), i.Total, i.Good, i.Wrong, i.MadeBy, i.MadeAt)
	for len(all) > 0 && err == nil {
		part := all[:min(atOnce, len(all))]
		all = all[len(part):]
		var values []string
		var args []any
		for _, r := range part {
			values = append(values, db.In(len(args)+1, 12))
			args = append(args, i.ID, r.No, r.Sheet, r.Line, r.Code, r.Name, db.JSON(r.Cells), db.JSON(r.Patch), db.JSON(r.Faults), string(r.Act), string(r.State), r.ProductID)
		}
		_, err = tx.Exec(ctx, `INSERT INTO product_import_row (import_id, `+columnsOfRow+`) VALUES `+strings.Join(values, ", "), args...)
	}
	return err
}

// move puts an import into a status; if it is no longer in the one that was read, it
// is fault.Conflict.
func (i *Import) move(ctx context.Context, tx *db.Tx, to Status) error {
	err := tx.Move(ctx, `UPDATE product_import SET status = $1, changed_at = $2 WHERE id = $3 AND status = $4`, string(to), tx.Now(), i.ID, string(i.Status))
	i.Status, i.ChangedAt = to, tx.Now()
	return err
}

// ended notes what became of a good row and counts it.
func (i Import) ended(ctx context.Context, tx *db.Tx, r Row) error {
	err := tx.Move(ctx, `
		UPDATE product_import_row SET state = $1, faults = $2, act = $3, product_id = $4, code = $5, name = $6
		WHERE import_id = $7 AND no = $8 AND state = $9`,
		string(r.State), db.JSON(r.Faults), string(r.Act), r.ProductID, r.Code, r.Name, i.ID, r.No, string(RowGood))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE product_import SET done = done + 1, changed_at = $1 WHERE id = $2`, tx.Now(), i.ID)
	return err
}
