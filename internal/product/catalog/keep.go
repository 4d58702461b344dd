package catalog

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Bounds of what is kept in memory beside the index.
const (
	mostLookups = 256  // searches, each with up to mostHits products
	mostCards   = 4096 // products as lists show them
	mostTallies = 512  // counts of a filter over the whole shelf
)

// kept is what was read of the shelf at the index's version. Cards that a newer
// index did not touch stay.
type kept struct {
	lookups map[string]found
	cards   map[int64]Card
	tallies map[filter]tally
}

// tally is how many products of the whole shelf pass a filter.
type tally struct {
	total      int
	categories map[policy.CategoryID]int
	forms      map[policy.Form]int
}

// reading is one look at the shelf: at an index alone while everything asked for
// is kept, in a transaction otherwise.
type reading struct {
	x     *index
	tx    *db.Tx // nil without a transaction
	exact bool   // the transaction is of the index's version, so that what it reads may be kept
}

// errCold says that something is not kept and has to be read in a transaction.
var errCold = errors.New("not kept")

// read does something with the shelf as it is now. One short look at its version
// comes first; most readings need no more. do may be called twice.
func (c *Catalog) read(ctx context.Context, do func(r reading) error) error {
	version, err := c.Version(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	x := c.index
	c.mu.Unlock()
	if x != nil && x.version >= version {
		if err := do(reading{x: x}); !errors.Is(err, errCold) {
			return err
		}
	}
	return c.db.Read(ctx, func(tx *db.Tx) error {
		r, err := c.current(ctx, tx)
		if err != nil {
			return err
		}
		return do(r)
	})
}

// current returns the index of the shelf's version, read anew if that has moved.
func (c *Catalog) current(ctx context.Context, tx *db.Tx) (reading, error) {
	version, err := db.One(ctx, tx, db.Value[int64], selectVersion)
	if err != nil {
		return reading{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index == nil {
		c.index = &index{vendors: names{of: map[string]int32{}}, kinds: names{of: map[string]int32{}}}
	}
	if c.index.version >= version {
		return reading{c.index, tx, c.index.version == version}, nil
	}
	next, touched, err := c.index.next(ctx, tx, version)
	if err != nil {
		return reading{}, err
	}
	for no := range touched {
		delete(c.kept.cards, no)
	}
	c.index, c.kept.lookups, c.kept.tallies = next, nil, nil
	return reading{next, tx, true}, nil
}

// keep runs do, which notes something in what is kept, if it holds for the index of now.
func (c *Catalog) keep(r reading, do func(k *kept)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index == r.x && r.exact {
		do(&c.kept)
	}
}

// cards returns products by number, in the order of the numbers.
func (c *Catalog) cards(ctx context.Context, r reading, nos []int64) ([]Card, error) {
	out := make([]Card, 0, len(nos))
	var open []int64
	c.mu.Lock()
	for _, no := range nos {
		if card, ok := c.kept.cards[no]; ok && c.index == r.x {
			out = append(out, card)
		} else {
			open = append(open, no)
		}
	}
	c.mu.Unlock()
	if len(open) == 0 {
		return out, nil
	}
	if r.tx == nil {
		return nil, errCold
	}
	fresh, err := cards(ctx, r.tx, open)
	if err != nil {
		return nil, err
	}
	c.keep(r, func(k *kept) {
		if k.cards == nil || len(k.cards)+len(fresh) > mostCards {
			k.cards = make(map[int64]Card)
		}
		for _, card := range fresh {
			k.cards[card.no] = card
		}
	})
	place := make(map[int64]int, len(nos))
	for i, no := range nos {
		place[no] = i
	}
	out = append(out, fresh...)
	slices.SortFunc(out, func(a, b Card) int { return place[a.no] - place[b.no] })
	return out, nil
}

// lookUp is the package's lookUp, kept for as long as the shelf does not change.
func (c *Catalog) lookUp(ctx context.Context, r reading, words, facets []string) (found, error) {
	if len(words) == 0 {
		return found{}, nil
	}
	key := match{words: words, facets: facets}.key()
	c.mu.Lock()
	hits, ok := c.kept.lookups[key]
	ok = ok && c.index == r.x
	c.mu.Unlock()
	switch {
	case ok:
		return hits, nil
	case r.tx == nil:
		return found{}, errCold
	}
	hits, err := lookUp(ctx, r.tx, words, facets)
	if err != nil {
		return found{}, err
	}
	r.x.rank(&hits)
	hits.entries = r.x.entries(hits)
	c.keep(r, func(k *kept) {
		if k.lookups == nil || len(k.lookups) >= mostLookups {
			k.lookups = make(map[string]found)
		}
		k.lookups[key] = hits
	})
	return hits, nil
}

// countAll fills in the page's numbers over the whole shelf.
func (c *Catalog) countAll(x *index, f filter, page *Page) {
	c.mu.Lock()
	t, ok := c.kept.tallies[f]
	ok = ok && c.index == x
	c.mu.Unlock()
	if !ok {
		var p Page
		f.count(x.byNo, &p, x)
		t = tally{p.Total, p.Categories, p.Forms}
		c.keep(reading{x: x, exact: true}, func(k *kept) {
			if k.tallies == nil || len(k.tallies) >= mostTallies {
				k.tallies = make(map[filter]tally)
			}
			k.tallies[f] = t
		})
	}
	page.Total, page.Categories, page.Forms = t.total, maps.Clone(t.categories), maps.Clone(t.forms)
}
