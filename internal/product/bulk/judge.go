package bulk

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

// judge is what rows are held against.
type judge struct {
	languages
	approved []policy.CategoryID
	byID     map[string]product.Desk
	byCode   map[string]product.Desk
	seen     map[string]int64 // code or id to the line that had it first
}

func newJudge(l languages, approved []policy.CategoryID, desks []product.Desk) judge {
	j := judge{languages: l, approved: approved, byID: make(map[string]product.Desk), byCode: make(map[string]product.Desk), seen: make(map[string]int64)}
	for _, d := range desks {
		j.byID[d.ID] = d
		if d.Product.Content.Code != "" {
			j.byCode[d.Product.Content.Code] = d
		}
	}
	return j
}

// find is the product that a row is about: by its own id, else by the vendor's code.
func (j judge) find(r Row) (product.Desk, bool) {
	if id := r.Patch[columnID]; id != "" {
		d, ok := j.byID[id]
		return d, ok
	}
	d, ok := j.byCode[r.Patch["code"]]
	return d, ok
}

// row judges a row: what it would do and what is wrong with it.
func (j judge) row(r *Row) (product.Content, product.Desk) {
	r.Faults, r.State, r.Act = nil, RowGood, Make
	wrong := func(key, text string) { r.Faults = append(r.Faults, Fault{Column: j.title(key), Text: text}) }
	d, there := j.find(*r)
	switch {
	case r.Patch[columnID] != "" && !there:
		wrong(columnID, j.T("bulk.no_such_id"))
	case r.Patch[columnID] == "" && r.Patch["code"] == "":
		wrong("code", j.T("bulk.code_required"))
	}
	mark := r.Patch[columnID]
	if there {
		mark = d.ID
	} else if mark == "" {
		mark = "code:" + r.Patch["code"]
	}
	if first, twice := j.seen[mark]; twice && r.Patch["code"] != "" {
		wrong("code", j.T("bulk.twice", first))
	} else {
		j.seen[mark] = r.Line
	}
	var was product.Content
	if there {
		was, r.ProductID, r.Code, r.Name = d.Working(), d.ID, d.Working().Code, d.Working().Name
	}
	is, faults := fill(was, policy.Form(r.Sheet), r.Patch, j.languages)
	r.Faults = append(r.Faults, faults...)
	r.Code, r.Name = clip(is.Code), clip(is.Name)
	j.acts(r, d, there, was, is)
	j.lacks(r, is, faults)
	if slices.ContainsFunc(r.Faults, func(f Fault) bool { return !f.Note }) {
		r.State = RowWrong
	}
	return is, d
}

// acts decides what a row does with the product that is there.
func (j judge) acts(r *Row, d product.Desk, there bool, was, is product.Content) {
	if !there {
		if _, known := j.policy.Category(is.Category); known && !slices.Contains(j.approved, is.Category) {
			r.Faults = append(r.Faults, Fault{Column: j.title("category"), Text: j.T("bulk.not_qualified", categoryName(is.Category, j.policy, j.Lang))})
		}
		return
	}
	if was.Form != "" && was.Form != is.Form {
		r.Faults = append(r.Faults, Fault{Text: j.T("bulk.other_form", product.FormName(was.Form))})
	}
	switch d.Writes() {
	case product.ActEdit:
		r.Act = Update
	case product.ActRevise:
		r.Act = Revise
		if was.Category != is.Category {
			r.Faults = append(r.Faults, Fault{Column: j.title("category"), Text: j.T("revision.fixed_category")})
		}
	default:
		r.Faults = append(r.Faults, Fault{Text: j.T("bulk.in_review")})
	}
	if equal(was, is) {
		r.Act = Same
	}
}

// equal compares contents as they are kept.
func equal(a, b product.Content) bool {
	for _, c := range []*product.Content{&a, &b} {
		for _, list := range []*[]string{&c.Tags, &c.Pictures, &c.Image.Software} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if len(c.Plans) == 0 {
			c.Plans = nil
		}
	}
	return reflect.DeepEqual(a, b)
}

// lacks names what the content lacks: in a column of the sheet it is a fault, outside
// it a note, as pictures that no sheet holds. A column that could not be read is named
// once.
func (j judge) lacks(r *Row, c product.Content, read []Fault) {
	if c.Agreement == "" {
		c.Agreement = product.Standard
	}
	for _, f := range c.Lacking(j.policy) {
		col := j.columnOf(f, c.Form)
		if slices.ContainsFunc(read, func(x Fault) bool { return x.Column == col }) {
			continue
		}
		r.Faults = append(r.Faults, Fault{Column: col, Text: j.Say(f.Message), Note: col == ""})
	}
}

func (j judge) title(key string) string { return title(key, j.Lang) }

// columnOf is the title of the column that holds a field, "" for none.
func (j judge) columnOf(f fault.Field, form policy.Form) string {
	if f.Pointer == "/plans" {
		return planTitle("plan_name", 1, j.Lang)
	}
	if rest, ok := strings.CutPrefix(f.Pointer, "/plans/"); ok {
		n, part, _ := strings.Cut(rest, "/")
		i, err := strconv.Atoi(n)
		if err != nil || !slices.Contains(parts, "plan_"+part) {
			return planTitle("plan_name", 1, j.Lang)
		}
		return planTitle("plan_"+part, i+1, j.Lang)
	}
	for _, c := range columnsOf(form) {
		if c.pointer != "" && (f.Pointer == c.pointer || strings.HasPrefix(f.Pointer, c.pointer+"/")) {
			return j.title(c.key)
		}
	}
	return ""
}
