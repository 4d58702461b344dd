package catalog

import (
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// filter is a Query in the index's numbers; −1 is anything.
type filter struct {
	category, form int16
	vendor         int32
	from, to       int64
	none           bool // something is asked for that nothing has
}

func (x *index) filter(q Query) filter {
	f := filter{category: -1, form: -1, vendor: -1, from: q.FromFen, to: q.ToFen}
	if q.Category != "" {
		f.category = x.kind(string(q.Category))
		f.none = f.none || f.category < 0
	}
	if q.Form != "" {
		f.form = x.kind(string(q.Form))
		f.none = f.none || f.form < 0
	}
	if q.VendorID != "" {
		f.vendor = x.vendor(q.VendorID)
		f.none = f.none || f.vendor < 0
	}
	return f
}

// facets are the filters that the word index knows.
func (f filter) facets(q Query) []string {
	var out []string
	if q.Category != "" {
		out = append(out, facet("c", string(q.Category)))
	}
	if q.Form != "" {
		out = append(out, facet("f", string(q.Form)))
	}
	if q.VendorID != "" {
		out = append(out, facet("v", q.VendorID))
	}
	return out
}

// most passes over category and form, which have counts of their own.
func (f filter) most(e *entry) bool {
	return e.price >= f.from && (f.to == 0 || e.price <= max(f.to, 0)) && (f.vendor < 0 || e.vendor == f.vendor) && !f.none
}

func (f filter) passes(e *entry) bool {
	return f.most(e) && (f.category < 0 || e.category == f.category) && (f.form < 0 || e.form == f.form)
}

// count fills in the page's numbers; counts that are there already stay.
func (f filter) count(list []entry, page *Page, x *index) {
	categories, forms := make([]int, len(x.kinds.list)), make([]int, len(x.kinds.list))
	page.Total = 0
	for i := range list {
		e := &list[i]
		if !f.most(e) {
			continue
		}
		ofCategory, ofForm := f.category < 0 || e.category == f.category, f.form < 0 || e.form == f.form
		if ofForm {
			categories[e.category]++
		}
		if ofCategory {
			forms[e.form]++
		}
		if ofForm && ofCategory {
			page.Total++
		}
	}
	if page.Categories == nil {
		page.Categories, page.Forms = counts{categories}.categories(x), counts{forms}.forms(x)
	}
}

// cut takes one page from the list and sets its cursor.
func (f filter) cut(list []entry, order Sort, q Query, page *Page) ([]int64, error) {
	at := place{order: order}
	if q.After != "" {
		var err error
		if at, err = parsePlace(q.After, order); err != nil {
			return nil, err
		}
	}
	falling := order == Newest || order == PriceDown
	var nos []int64
	var last entry
	for i, step := at.start(list, falling); i >= 0 && i < len(list); i += step {
		e := &list[i]
		if !f.passes(e) {
			continue
		}
		if len(nos) == q.Limit {
			page.Next = place{order: order, price: last.price, no: last.no, index: int64(i)}.String()
			break
		}
		nos, last = append(nos, e.no), *e
	}
	return nos, nil
}

// place is where a page begins: after a product in lists that have an order of
// their own, at a position in the order of fit.
type place struct {
	order            Sort
	price, no, index int64
}

// String writes the cursor.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %d %d", p.order, p.price, p.no, p.index))
}

func parsePlace(s string, order Sort) (place, error) {
	var p place
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%s %d %d %d", &p.order, &p.price, &p.no, &p.index)
	}
	if err != nil || p.order != order || p.index < 0 {
		return place{}, fault.At("/after", "catalog.bad_cursor")
	}
	return p, nil
}

// start returns the first position and the step from there.
func (p place) start(list []entry, falling bool) (int, int) {
	if p.order == ByFit {
		return int(p.index), 1
	}
	if p.no == 0 {
		if falling {
			return len(list) - 1, -1
		}
		return 0, 1
	}
	compare := compareNo
	if p.order == PriceUp || p.order == PriceDown {
		compare = comparePrice
	}
	i, there := slices.BinarySearchFunc(list, entry{no: p.no, price: p.price}, compare)
	if falling {
		return i - 1, -1
	}
	if there {
		i++
	}
	return i, 1
}
