package paper

import (
	"maps"
	"slices"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/pdf"
)

// AddPage adds the pages of page, a document of this package, behind those of
// original as a further revision: the bytes of original stay as they are at the
// beginning of the result, so that what was agreed to can be cut out again and
// compared. Documents that were not made by this program are fault.Invalid.
func AddPage(original, page []byte) ([]byte, error) {
	out, err := addPage(original, page)
	if err != nil {
		return nil, fault.New(fault.Invalid, "paper.not_ours").Because(err)
	}
	return out, nil
}

func addPage(original, page []byte) ([]byte, error) {
	to, err := pdf.Open(original)
	if err != nil {
		return nil, err
	}
	from, err := pdf.Open(page)
	if err != nil {
		return nil, err
	}
	tree, old, err := to.Pages()
	if err != nil {
		return nil, err
	}
	_, added, err := from.Pages()
	if err != nil {
		return nil, err
	}
	node, err := to.Dict(tree)
	if err != nil {
		return nil, err
	}
	kids, err := to.Array(node["Kids"])
	if err != nil {
		return nil, err
	}
	u := to.Update()
	c := copier{from: from, to: u, moved: map[pdf.Ref]pdf.Ref{}}
	for _, r := range added {
		d, err := from.Dict(r)
		if err != nil {
			return nil, err
		}
		sheet := pdf.Dict{}
		for _, k := range slices.Sorted(maps.Keys(d)) { // objects get the same numbers each time
			if k == "Parent" {
				continue
			}
			if sheet[k], err = c.copy(d[k]); err != nil {
				return nil, err
			}
		}
		sheet["Parent"] = tree
		kids = append(kids, u.Add(sheet))
	}
	grown := pdf.Dict{}
	for k, v := range node {
		grown[k] = v
	}
	grown["Kids"], grown["Count"] = kids, len(old)+len(added)
	u.Set(tree, grown)
	return u.Bytes(), nil
}

// copier carries objects from one document into another, each once.
type copier struct {
	from  *pdf.File
	to    *pdf.Update
	moved map[pdf.Ref]pdf.Ref
}

func (c *copier) copy(v any) (any, error) {
	switch v := v.(type) {
	case pdf.Ref:
		if r, ok := c.moved[v]; ok {
			return r, nil
		}
		r := c.to.Reserve()
		c.moved[v] = r
		old, err := c.from.Get(v)
		if err != nil {
			return nil, err
		}
		fresh, err := c.copy(old)
		if err != nil {
			return nil, err
		}
		c.to.Set(r, fresh)
		return r, nil
	case pdf.Array:
		a := make(pdf.Array, len(v))
		for i, x := range v {
			y, err := c.copy(x)
			if err != nil {
				return nil, err
			}
			a[i] = y
		}
		return a, nil
	case pdf.Dict:
		d := pdf.Dict{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			y, err := c.copy(v[k])
			if err != nil {
				return nil, err
			}
			d[k] = y
		}
		return d, nil
	case pdf.Stream:
		d, err := c.copy(v.Dict)
		if err != nil {
			return nil, err
		}
		return pdf.Stream{Dict: d.(pdf.Dict), Data: v.Data}, nil
	}
	return v, nil
}
