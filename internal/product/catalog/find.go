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

	mu      sync.Mutex // guards what follows
	index   *index
	lookups map[string]found // of the index's version
}

// New makes a Catalog on a database; it reads nothing yet.
func New(d *db.DB) *Catalog { return &Catalog{db: d} }

// mostLookups bounds how many searches are kept; each holds up to mostHits numbers.
const mostLookups = 256

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

// current returns the index of the shelf's version, read anew if that has moved.
func (c *Catalog) current(ctx context.Context, tx *db.Tx) (*index, error) {
	version, err := db.One(ctx, tx, db.Value[int64], `SELECT version FROM shelf_state WHERE one = 1`)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index == nil {
		c.index = &index{vendors: names{of: map[string]int32{}}, kinds: names{of: map[string]int32{}}}
	}
	if c.index.version >= version {
		return c.index, nil
	}
	next, err := c.index.next(ctx, tx, version)
	if err != nil {
		return nil, err
	}
	c.index, c.lookups = next, nil
	return next, nil
}

// Version returns the shelf's version; it is higher after every change.
func (c *Catalog) Version(ctx context.Context) (int64, error) {
	var v int64
	err := c.db.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = db.One(ctx, tx, db.Value[int64], `SELECT version FROM shelf_state WHERE one = 1`)
		return err
	})
	return v, err
}

// Find returns a page of the products that a buyer looks for. A cursor that was
// not made here is fault.Invalid.
func (c *Catalog) Find(ctx context.Context, q Query) (Page, error) {
	var page Page
	err := c.db.Read(ctx, func(tx *db.Tx) error {
		x, err := c.current(ctx, tx)
		if err != nil {
			return err
		}
		page, err = c.find(ctx, tx, x, q)
		return err
	})
	return page, err
}

func (c *Catalog) find(ctx context.Context, tx *db.Tx, x *index, q Query) (Page, error) {
	if q.Limit <= 0 {
		q.Limit = onPage
	}
	q.Limit = min(q.Limit, mostOnPage)
	page := Page{Version: x.version}
	f := x.filter(q)
	words := token.Query(q.Words)
	list, order := x.byNo, Newest
	if q.Words != "" {
		hits, err := c.lookUp(ctx, tx, x, words, nil)
		if err != nil {
			return Page{}, err
		}
		if facets := f.facets(q); hits.atLeast && len(facets) > 0 {
			wide := x.entries(hits)
			f.count(wide, &page, x)
			if hits, err = c.lookUp(ctx, tx, x, words, facets); err != nil {
				return Page{}, err
			}
		}
		page.AtLeast, page.Loose = hits.atLeast, hits.loose
		list, order = x.entries(hits), ByFit
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
	f.count(list, &page, x)
	nos, err := f.cut(list, order, q, &page)
	if err != nil {
		return Page{}, err
	}
	page.Cards, err = cards(ctx, tx, nos)
	return page, err
}

// lookUp is the package's lookUp, kept for as long as the shelf does not change.
func (c *Catalog) lookUp(ctx context.Context, tx *db.Tx, x *index, words, facets []string) (found, error) {
	if len(words) == 0 {
		return found{}, nil
	}
	key := match{words: words, facets: facets}.key()
	c.mu.Lock()
	hits, ok := c.lookups[key]
	ok = ok && c.index == x
	c.mu.Unlock()
	if ok {
		return hits, nil
	}
	hits, err := lookUp(ctx, tx, words, facets)
	if err != nil {
		return found{}, err
	}
	x.rank(&hits)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index == x {
		if c.lookups == nil || len(c.lookups) >= mostLookups {
			c.lookups = make(map[string]found)
		}
		c.lookups[key] = hits
	}
	return hits, nil
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
