package catalog

import (
	"context"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

const cardColumns = `no, product_id, vendor_id, vendor_name, category, form, name, summary, tags, picture,
	price_fen, was_fen, currency, unit, span, plans, shelved_at, changed_at`

func (c *Card) fields() []any {
	return []any{&c.no, &c.ID, &c.VendorID, &c.VendorName, &c.Category, &c.Form, &c.Name, &c.Summary, db.JSON(&c.Tags), &c.Picture,
		&c.Price.Fen, &c.Was.Fen, &c.Price.Currency, &c.Unit, &c.Span, &c.Offers, db.Time(&c.ShelvedAt), db.Time(&c.ChangedAt)}
}

// cards reads products by number, in the order of the numbers.
func cards(ctx context.Context, tx *db.Tx, nos []int64) ([]Card, error) {
	if len(nos) == 0 {
		return nil, nil
	}
	args := make([]any, len(nos))
	place := make(map[int64]int, len(nos))
	for i, no := range nos {
		args[i], place[no] = no, i
	}
	all, err := db.All(ctx, tx, (*Card).fields, `SELECT `+cardColumns+` FROM shelf WHERE no IN `+db.In(1, len(args)), args...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Was.Currency = all[i].Price.Currency
	}
	slices.SortFunc(all, func(a, b Card) int { return place[a.no] - place[b.no] })
	return all, nil
}

// onShelf is a product with whether it is on the shelf now.
type onShelf struct {
	Product
	live   bool
	closed bool
}

func (s *onShelf) fields() []any {
	return append(s.Card.fields(), &s.live, db.JSON(&s.Body), &s.closed)
}

// Product returns a product's page: fault.NotFound if it never was on the shelf,
// fault.Gone if it was and is not now.
func (c *Catalog) Product(ctx context.Context, id string) (Product, error) {
	p, err := db.Peek(ctx, c.db, (*onShelf).fields, `
		SELECT s.`+cardColumnsOf+`, s.live, p.body, COALESCE(h.closed, FALSE)
		FROM shelf s JOIN shelf_page p ON p.no = s.no LEFT JOIN shop h ON h.vendor_id = s.vendor_id
		WHERE s.product_id = $1`, id)
	if err != nil {
		return Product{}, err
	}
	if !p.live && p.closed {
		return Product{}, fault.New(fault.Gone, "catalog.shop_closed")
	}
	if !p.live {
		return Product{}, fault.New(fault.Gone, "catalog.gone")
	}
	p.Was.Currency = p.Price.Currency
	return p.Product, nil
}

const cardColumnsOf = `no, s.product_id, s.vendor_id, s.vendor_name, s.category, s.form, s.name, s.summary, s.tags, s.picture,
	s.price_fen, s.was_fen, s.currency, s.unit, s.span, s.plans, s.shelved_at, s.changed_at`

// Shows reports whether a file is a picture, document or terms of a product that
// is on the shelf: those files are public.
func (c *Catalog) Shows(ctx context.Context, productID, fileID string) (bool, error) {
	p, err := c.Product(ctx, productID)
	if err != nil {
		return false, err
	}
	return fileID != "" && (slices.Contains(p.Pictures, fileID) || p.Document == fileID || p.Terms == fileID), nil
}

// Row is the newest products of one category.
type Row struct {
	Category policy.CategoryID
	Total    int
	Cards    []Card
}

// Home returns the newest products of each of the categories, n each, and how
// many products and vendors there are.
func (c *Catalog) Home(ctx context.Context, categories []policy.CategoryID, n int) ([]Row, Totals, error) {
	var all []Row
	var totals Totals
	err := c.read(ctx, func(r reading) error {
		all, totals = nil, r.x.sum
		var nos []int64
		number := r.x.newest(categories, n)
		var page Page
		c.countAll(r.x, r.x.filter(Query{}), &page)
		for _, id := range categories {
			nos = append(nos, number[id]...)
			all = append(all, Row{Category: id, Total: page.Categories[id]})
		}
		found, err := c.cards(ctx, r, nos)
		for i := range all {
			for _, card := range found {
				if card.Category == all[i].Category {
					all[i].Cards = append(all[i].Cards, card)
				}
			}
		}
		return err
	})
	return all, totals, err
}

// Totals are the sizes of the shelf.
type Totals struct {
	Products, Vendors int
	LastNo            int64 // the highest number of a product
	Version           int64
}

func (x *index) totals() Totals {
	t := Totals{Products: len(x.byNo), Vendors: x.sellers(), Version: x.version}
	if t.Products > 0 {
		t.LastNo = x.byNo[t.Products-1].no
	}
	return t
}

// Categories returns how many products each category has; those without any are absent.
func (c *Catalog) Categories(ctx context.Context) (map[policy.CategoryID]int, Totals, error) {
	var page Page
	var totals Totals
	err := c.read(ctx, func(r reading) error {
		c.countAll(r.x, r.x.filter(Query{}), &page)
		totals = r.x.sum
		return nil
	})
	return page.Categories, totals, err
}

func (x *index) newest(categories []policy.CategoryID, n int) map[policy.CategoryID][]int64 {
	out := make(map[policy.CategoryID][]int64, len(categories))
	short := 0
	wanted := make(map[int16]policy.CategoryID, len(categories))
	for _, id := range categories {
		if k := x.kind(string(id)); k >= 0 {
			wanted[k] = id
			short++
		}
	}
	for i := len(x.byNo) - 1; i >= 0 && short > 0; i-- {
		id, ok := wanted[x.byNo[i].category]
		if !ok || len(out[id]) == n {
			continue
		}
		out[id] = append(out[id], x.byNo[i].no)
		if len(out[id]) == n {
			short--
		}
	}
	return out
}

// perVendor counts the products of each vendor.
func (x *index) perVendor() []int {
	n := make([]int, len(x.vendors.list))
	for i := range x.byNo {
		n[x.byNo[i].vendor]++
	}
	return n
}

func (x *index) sellers() int {
	n := 0
	for _, products := range x.sold {
		if products > 0 {
			n++
		}
	}
	return n
}

// Place is a product's address with when it last changed, for the site map.
type Place struct {
	ID        string
	ChangedAt time.Time
	No        int64
}

// Places lists products on the shelf in the order of their numbers, after one of
// them, at most limit: for the site map.
func (c *Catalog) Places(ctx context.Context, after int64, limit int) ([]Place, error) {
	var all []Place
	err := c.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, func(p *Place) []any { return []any{&p.No, &p.ID, db.Time(&p.ChangedAt)} },
			`SELECT no, product_id, changed_at FROM shelf WHERE live AND no > $1 ORDER BY no LIMIT $2`, after, limit)
		return err
	})
	return all, err
}
