package catalog

import (
	"context"
	"slices"
	"sync"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/token"
)

// Catalog reads the shelf. One is enough for a process; all its methods may be
// called at once.
type Catalog struct {
	db *db.DB

	mu    sync.Mutex // guards what follows
	index *index
	kept  kept
}

// New makes a Catalog on a database; it reads nothing yet.
func New(d *db.DB) *Catalog { return &Catalog{db: d} }

// Sort is an order of products.
type Sort string

// The orders. Without words, ByFit is Newest.
const (
	ByFit     Sort = "fit"
	Newest    Sort = "newest"
	PriceUp   Sort = "price"
	PriceDown Sort = "price-down"
)

// Sizes of a page.
const (
	onPage     = 24
	mostOnPage = 100
)

// Sorts lists the orders as people read them.
func Sorts() []Sort { return []Sort{ByFit, Newest, PriceUp, PriceDown} }

// Query is what a buyer looks for; the zero value is everything, newest first.
type Query struct {
	Words    string
	Category policy.CategoryID
	Form     policy.Form
	VendorID string
	FromFen  int64 // price at least, fen
	ToFen    int64 // price at most, fen; 0 is no bound, −1 is free of charge only
	Sort     Sort
	After    string // Page.Next of the page before
	Limit    int    // 0 is 24, at most 100
}

// Page is a part of what was found.
type Page struct {
	Cards      []Card
	Next       string // cursor of the next page, "" at the end
	Total      int
	AtLeast    bool                      // there are more: only the newest of a very common word were looked at
	Loose      bool                      // nothing has all the words; these have most of them
	Categories map[policy.CategoryID]int // how many there are of each, the category filter apart
	Forms      map[policy.Form]int       // the same, the form filter apart
	Version    int64                     // of the shelf
}

const selectVersion = `SELECT version FROM shelf_state WHERE one = 1`

// Version returns the shelf's version; it is higher after every change.
func (c *Catalog) Version(ctx context.Context) (int64, error) {
	return db.Peek(ctx, c.db, db.Value[int64], selectVersion)
}

// Find returns a page of the products that a buyer looks for. A cursor that was
// not made here is fault.Invalid.
func (c *Catalog) Find(ctx context.Context, q Query) (Page, error) {
	var page Page
	err := c.read(ctx, func(r reading) (err error) {
		page, err = c.find(ctx, r, q)
		return err
	})
	return page, err
}

func (c *Catalog) find(ctx context.Context, r reading, q Query) (Page, error) {
	if q.Limit <= 0 {
		q.Limit = onPage
	}
	q.Limit = min(q.Limit, mostOnPage)
	x := r.x
	page := Page{Version: x.version}
	f := x.filter(q)
	words := token.Query(q.Words)
	list, order := x.byNo, Newest
	if q.Words != "" {
		hits, err := c.lookUp(ctx, r, words, nil)
		if err != nil {
			return Page{}, err
		}
		if facets := f.facets(q); hits.atLeast && len(facets) > 0 {
			f.count(hits.entries, &page, x)
			if hits, err = c.lookUp(ctx, r, words, facets); err != nil {
				return Page{}, err
			}
		}
		page.AtLeast, page.Loose = hits.atLeast, hits.loose
		list, order = hits.entries, ByFit
		if q.Sort != "" && q.Sort != ByFit {
			list, order = slices.Clone(list), q.Sort
			slices.SortFunc(list, compareNo)
			if q.Sort != Newest {
				slices.SortFunc(list, comparePrice)
			}
		}
	} else if q.Sort == PriceUp || q.Sort == PriceDown {
		list, order = x.byPrice, q.Sort
	}
	if q.Words == "" {
		c.countAll(x, f, &page)
	} else {
		f.count(list, &page, x)
	}
	nos, err := f.cut(list, order, q, &page)
	if err != nil {
		return Page{}, err
	}
	page.Cards, err = c.cards(ctx, r, nos)
	return page, err
}

// rank puts products whose name has little beside the words first, then newer ones.
func (x *index) rank(f *found) {
	named := f.nos[:f.inName]
	length := make(map[int64]int16, len(named))
	for _, no := range named {
		e, _ := x.at(no)
		length[no] = e.name
	}
	slices.SortStableFunc(named, func(a, b int64) int { return int(length[a]) - int(length[b]) })
}

// entries are the hits that are on the shelf.
func (x *index) entries(f found) []entry {
	out := make([]entry, 0, len(f.nos))
	for _, no := range f.nos {
		if e, ok := x.at(no); ok {
			out = append(out, e)
		}
	}
	return out
}
