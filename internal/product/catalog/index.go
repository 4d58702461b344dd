package catalog

import (
	"cmp"
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// entry is what filters and orders need of one product.
type entry struct {
	no       int64
	price    int64 // fen
	vendor   int32 // index into names
	category int16
	form     int16
	name     int16 // how long the name is, in characters
}

// index is the shelf at one version. It is never changed: a newer one takes its place.
type index struct {
	version int64
	byNo    []entry // rising
	byPrice []entry // rising by price, then by number
	vendors names
	kinds   names // categories and forms
	sum     Totals
	sold    []int // how many products each vendor has, by its number
}

// names gives short numbers to strings. Only the writer of a new index adds to
// it; indexes that were handed out keep their own length.
type names struct {
	list []string
	of   map[string]int32
}

func (n *names) number(s string) int32 {
	if i, ok := n.of[s]; ok {
		return i
	}
	n.of[s] = int32(len(n.list))
	n.list = append(n.list, s)
	return n.of[s]
}

func (n names) clone() names {
	of := make(map[string]int32, len(n.of)+1)
	for s, i := range n.of {
		of[s] = i
	}
	return names{slices.Clone(n.list), of}
}

func comparePrice(a, b entry) int {
	if c := cmp.Compare(a.price, b.price); c != 0 {
		return c
	}
	return cmp.Compare(a.no, b.no)
}

func compareNo(a, b entry) int { return cmp.Compare(a.no, b.no) }

// changed is a row of the shelf as the index reads it.
type changed struct {
	entry
	live                   bool
	vendor, category, form string
	nameLength             int64
}

func (c *changed) fields() []any {
	return []any{&c.no, &c.price, &c.vendor, &c.category, &c.form, &c.nameLength, &c.live}
}

// next reads what changed after the index's version and returns the index of the
// given version, and the numbers of the products that changed.
func (x *index) next(ctx context.Context, tx *db.Tx, version int64) (*index, map[int64]bool, error) {
	q := `SELECT no, price_fen, vendor_id, category, form, LENGTH(name), live FROM shelf WHERE version > $1`
	y := &index{version: version, vendors: x.vendors.clone(), kinds: x.kinds.clone()}
	touched := make(map[int64]bool)
	var put []entry
	err := db.Each(ctx, tx, (*changed).fields, func(c changed) error {
		touched[c.no] = true
		if c.live {
			e := c.entry
			e.vendor = y.vendors.number(c.vendor)
			e.category, e.form = int16(y.kinds.number(c.category)), int16(y.kinds.number(c.form))
			e.name = int16(min(c.nameLength, 1000))
			put = append(put, e)
		}
		return nil
	}, q, x.version)
	if err != nil {
		return nil, nil, err
	}
	y.byNo = merge(x.byNo, put, touched, compareNo)
	y.byPrice = merge(x.byPrice, put, touched, comparePrice)
	y.sold = y.perVendor()
	y.sum = y.totals()
	return y, touched, nil
}

// merge copies the old entries without the touched ones and puts the new ones in their places.
func merge(old, put []entry, touched map[int64]bool, compare func(a, b entry) int) []entry {
	put = slices.Clone(put)
	slices.SortFunc(put, compare)
	out := make([]entry, 0, len(old)+len(put))
	for _, e := range old {
		if len(touched) > 0 && touched[e.no] {
			continue
		}
		for len(put) > 0 && compare(put[0], e) < 0 {
			out = append(out, put[0])
			put = put[1:]
		}
		out = append(out, e)
	}
	return append(out, put...)
}

// at finds a product by its number.
func (x *index) at(no int64) (entry, bool) {
	i, ok := slices.BinarySearchFunc(x.byNo, no, func(e entry, no int64) int { return cmp.Compare(e.no, no) })
	if !ok {
		return entry{}, false
	}
	return x.byNo[i], true
}

// kind is the number of a category or form, −1 if nothing on the shelf has it.
func (x *index) kind(s string) int16 {
	if i, ok := x.kinds.of[s]; ok {
		return int16(i)
	}
	return -1
}

func (x *index) vendor(id string) int32 {
	if i, ok := x.vendors.of[id]; ok {
		return i
	}
	return -1
}

// counts are how many products there are of each category and form.
type counts struct{ kinds []int }

func (c counts) categories(x *index) map[policy.CategoryID]int {
	out := make(map[policy.CategoryID]int)
	for i, n := range c.kinds {
		if n > 0 {
			out[policy.CategoryID(x.kinds.list[i])] = n
		}
	}
	return out
}

func (c counts) forms(x *index) map[policy.Form]int {
	out := make(map[policy.Form]int)
	for i, n := range c.kinds {
		if n > 0 {
			out[policy.Form(x.kinds.list[i])] = n
		}
	}
	return out
}
