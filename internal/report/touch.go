package report

import (
	"context"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Some is how many of those whom a change touches are named; the rest are counted.
const Some = 20

// Named is a vendor, a product or a paper that a change of the rules touches.
type Named struct {
	ID     string
	Vendor string // its name
	Name   string // of the product, or the category
	Was    money.Amount
	Is     money.Amount
	Held   money.Amount
}

// Deposits lists the vendors whose deposit would be another by the new rules: those
// with approved categories whose contract does not fix it (D-2, M-3).
func Deposits(ctx context.Context, tx *db.Tx, before, after policy.Policy) (all []Named, err error) {
	type row struct {
		vendor, category string
		held             *int64
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.vendor, &r.category, &r.held} }, `
		SELECT q.vendor_id, q.category, h.fen
		FROM qualification q
		LEFT JOIN ledger_balance h ON h.account = $1 || q.vendor_id
		WHERE q.status = $2 AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.vendor_id = q.vendor_id AND c.status = $3 AND (c.fixed_deposit OR c.mode <> $4))
		ORDER BY q.vendor_id`, ledger.Deposits, string(qualification.Qualified), string(contract.InForce), string(policy.Platform))
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(rows); {
		j := i
		var categories []policy.CategoryID
		for ; j < len(rows) && rows[j].vendor == rows[i].vendor; j++ {
			categories = append(categories, policy.CategoryID(rows[j].category))
		}
		n := Named{ID: rows[i].vendor, Held: money.CNY(0)}
		if rows[i].held != nil {
			n.Held = money.CNY(*rows[i].held)
		}
		n.Was, _ = before.Deposit(categories)
		n.Is, _ = after.Deposit(categories)
		if n.Was.Cmp(n.Is) != 0 {
			all = append(all, n)
		}
		i = j
	}
	return all, naming(ctx, tx, all)
}

// naming puts the vendors' names to the first of a list.
func naming(ctx context.Context, tx *db.Tx, all []Named) error {
	var ids []string
	for _, n := range all[:min(len(all), Some)] {
		ids = append(ids, n.ID)
	}
	names, err := vendor.Names(ctx, tx, ids)
	for i := range all {
		all[i].Vendor = names[all[i].ID]
	}
	return err
}

// Applicants lists the vendors that have applied for one of the categories and are
// not decided on yet.
func Applicants(ctx context.Context, tx *db.Tx, categories []policy.CategoryID) ([]Named, error) {
	return byCategory(ctx, tx, categories, string(qualification.Applied), string(qualification.Returned))
}

// Qualified lists the vendors that are approved for one of the categories.
func Qualified(ctx context.Context, tx *db.Tx, categories []policy.CategoryID) ([]Named, error) {
	return byCategory(ctx, tx, categories, string(qualification.Qualified), "")
}

func byCategory(ctx context.Context, tx *db.Tx, categories []policy.CategoryID, status, or string) ([]Named, error) {
	if len(categories) == 0 {
		return nil, nil
	}
	args := []any{status, or}
	for _, c := range categories {
		args = append(args, string(c))
	}
	all, err := db.All(ctx, tx, func(n *Named) []any { return []any{&n.ID, &n.Name} },
		`SELECT vendor_id, category FROM qualification WHERE status IN ($1, $2) AND category IN `+db.In(3, len(categories))+` ORDER BY vendor_id, category`, args...)
	if err != nil {
		return nil, err
	}
	return all, naming(ctx, tx, all)
}

// Fallen lists the products on the shelf that would not meet a need of the new
// gate, as far as the need is one that the old gate did not have.
func Fallen(ctx context.Context, tx *db.Tx, needs []policy.Fact) ([]Named, error) {
	// What each need is not met by, of a product s on the shelf.
	lacks := map[policy.Fact]string{
		policy.NeedsQualified: `NOT EXISTS (SELECT 1 FROM qualification q WHERE q.vendor_id = p.vendor_id AND q.category = p.category AND q.status = '` + string(qualification.Qualified) + `')`,
		policy.NeedsContract:  `NOT EXISTS (SELECT 1 FROM contract c WHERE c.vendor_id = p.vendor_id AND c.status = '` + string(contract.InForce) + `' AND c.until >= $2)`,
		policy.NeedsDeposit:   `NOT EXISTS (SELECT 1 FROM deposit_cover d WHERE d.vendor_id = p.vendor_id AND d.category = p.category)`,
	}
	cond := ""
	for _, f := range needs {
		if c := lacks[f]; c != "" {
			if cond != "" {
				cond += " OR "
			}
			cond += c
		}
	}
	if cond == "" {
		return nil, nil
	}
	type row struct{ id, vendor, name string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.vendor, &r.name} },
		`SELECT p.id, p.vendor_id, p.name FROM product p WHERE p.status = $1 AND p.made_at <= $2 AND (`+cond+`) ORDER BY p.id`, string(product.OnShelf), tx.Now())
	if err != nil {
		return nil, err
	}
	all := make([]Named, len(rows))
	for i, r := range rows {
		all[i] = Named{ID: r.id, Name: r.name}
	}
	var ids []string
	for _, r := range rows[:min(len(rows), Some)] {
		ids = append(ids, r.vendor)
	}
	names, err := vendor.Names(ctx, tx, ids)
	for i, r := range rows {
		all[i].Vendor = names[r.vendor]
	}
	return all, err
}

// Asked counts the vendors that were told to which account to pay and have not yet.
func Asked(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM deposit WHERE due_fen > 0`)
}

// LinesOf counts the lines of an account's statements that are still to be matched.
func LinesOf(ctx context.Context, tx *db.Tx, payee string) (int, error) {
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM bank_line WHERE payee_id = $1 AND state IN ('certain', 'doubtful', 'unknown')`, payee)
}

// Contracts counts the contracts in force in a mode, which keep their fee and term.
func Contracts(ctx context.Context, tx *db.Tx, mode policy.Mode) (int, error) {
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM contract WHERE status = $1 AND mode = $2 AND until > $3`, string(contract.InForce), string(mode), tx.Now())
}

// ToOffer lists the vendors of a mode that are approved and have no contract yet.
func ToOffer(ctx context.Context, tx *db.Tx, mode policy.Mode) ([]Named, error) {
	all, err := db.All(ctx, tx, func(n *Named) []any { return []any{&n.ID} }, `
		SELECT DISTINCT q.vendor_id FROM qualification q JOIN application a ON a.vendor_id = q.vendor_id
		WHERE q.status = $1 AND a.mode = $2 AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.vendor_id = q.vendor_id AND c.status IN ('preparing', 'offered', 'scanned', $3))
		ORDER BY q.vendor_id`, string(qualification.Qualified), string(mode), string(contract.InForce))
	if err != nil {
		return nil, err
	}
	return all, naming(ctx, tx, all)
}

// Due is a day until which a vendor was given time, counted in working days.
type Due struct {
	Named
	By time.Time
}

// TopUps lists the vendors whose top-up is still to come, with the day it was set to.
func TopUps(ctx context.Context, tx *db.Tx) ([]Due, error) {
	list, err := db.All(ctx, tx, func(d *Due) []any { return []any{&d.ID, db.Time(&d.By)} },
		`SELECT vendor_id, top_up_by FROM deposit WHERE top_up_by > $1 ORDER BY top_up_by`, tx.Now())
	if err != nil {
		return nil, err
	}
	all := make([]Named, len(list))
	for i, d := range list {
		all[i] = d.Named
	}
	if err := naming(ctx, tx, all); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Named = all[i]
	}
	return slices.Clip(list), nil
}
