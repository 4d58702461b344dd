package bulk

import (
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Forms lists the delivery forms that a company may sell by, in the policy's order.
func Forms(p policy.Policy, approved []policy.CategoryID) []policy.Form {
	var out []policy.Form
	for _, c := range p.Categories {
		for _, f := range c.Forms {
			if slices.Contains(approved, c.ID) && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// heads are the titles of a form's sheet, with room for so many plans.
func heads(form policy.Form, plans int, l text.Lang) []sheet.Column {
	var out []sheet.Column
	for _, c := range columnsOf(form) {
		out = append(out, sheet.Column{Title: title(c.key, l), Width: c.width})
	}
	for n := 1; n <= plans; n++ {
		for _, part := range parts {
			out = append(out, sheet.Column{Title: planTitle(part, n, l), Width: 14})
		}
	}
	return out
}

// WriteTemplate writes an empty sheet for each form and one that explains every
// column with what may stand in it.
func WriteTemplate(w io.Writer, p policy.Policy, forms []policy.Form, l text.Lang) error {
	var tables []sheet.Table
	for _, f := range forms {
		tables = append(tables, sheet.Table{Name: said(product.FormName(f), l), Columns: heads(f, usualPlans, l), Rows: sheet.Each([]product.Desk(nil), nil)})
	}
	return sheet.Write(w, append(tables, explained(p, forms, l))...)
}

// explained is the sheet that says what each column takes.
func explained(p policy.Policy, forms []policy.Form, l text.Lang) sheet.Table {
	var lines [][]sheet.Cell
	var done []string
	add := func(key, name string, must bool, form string) {
		needed := said("bulk.no", l)
		if must {
			needed = said("bulk.yes", l)
		}
		lines = append(lines, []sheet.Cell{name, form, needed, said(text.Key("bulk.help_"+key), l), strings.Join(allowed(key, p, forms, l), "、")})
	}
	for _, f := range forms {
		for _, c := range columnsOf(f) {
			if slices.Contains(done, c.key) {
				continue
			}
			done = append(done, c.key)
			form := said("bulk.every_form", l)
			if len(c.forms) > 0 {
				form = said(product.FormName(f), l)
			}
			add(c.key, title(c.key, l), c.must, form)
		}
	}
	for _, part := range parts {
		add(part, planTitle(part, 1, l), true, said("bulk.every_form", l))
	}
	return sheet.Table{Name: said("bulk.explanation", l), Columns: []sheet.Column{
		{Title: said("bulk.column", l), Width: 20}, {Title: said("bulk.form", l), Width: 14}, {Title: said("bulk.needed", l), Width: 8},
		{Title: said("bulk.meaning", l), Width: 60}, {Title: said("bulk.allowed", l), Width: 60}},
		Rows: sheet.Each(lines, func(cells []sheet.Cell) []sheet.Cell { return cells })}
}

// allowed are the values that a column takes, where they are counted.
func allowed(key string, p policy.Policy, forms []policy.Form, l text.Lang) []string {
	var out []string
	add := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	switch key {
	case "category":
		for _, c := range p.Categories {
			if slices.ContainsFunc(c.Forms, func(f policy.Form) bool { return slices.Contains(forms, f) }) {
				add(c.Name.In(l))
			}
		}
	case "built_on":
		for _, c := range p.Products.CloudProducts {
			add(c.Name.In(l))
		}
	case "saas_delivery":
		add(deliveryName(product.Automatic, l))
		add(deliveryName(product.Centre, l))
	case "saas_trial", "service_asked_first", "service_vendor_does", "service_buyer_confirms", "api_test_first":
		add(said("bulk.yes", l))
		add(said("bulk.no", l))
	case "plan_unit":
		for _, f := range forms {
			for _, u := range p.Products.Forms[f].Units {
				add(said(product.UnitName(u), l))
			}
		}
	}
	return out
}

// WriteProducts writes products as an import reads them, one sheet for each form.
func WriteProducts(w io.Writer, p policy.Policy, desks []product.Desk, forms []policy.Form, l text.Lang) error {
	var tables []sheet.Table
	for _, f := range []policy.Form{policy.ImageForm, policy.SaaSForm, policy.ServiceForm, policy.APIForm} {
		of := slices.DeleteFunc(slices.Clone(desks), func(d product.Desk) bool { return d.Working().Form != f })
		if len(of) == 0 && !slices.Contains(forms, f) {
			continue
		}
		plans := usualPlans
		for _, d := range of {
			plans = max(plans, len(d.Working().Plans))
		}
		tables = append(tables, sheet.Table{Name: said(product.FormName(f), l), Columns: heads(f, plans, l),
			Rows: sheet.Each(of, func(d product.Desk) []sheet.Cell { return cells(d, f, languages{text.Printer{Lang: l}, p}) })})
	}
	return sheet.Write(w, append(tables, explained(p, forms, l))...)
}

func cells(d product.Desk, f policy.Form, l languages) []sheet.Cell {
	var out []sheet.Cell
	c := d.Working()
	for _, col := range columnsOf(f) {
		if col.key == columnID {
			out = append(out, d.ID)
			continue
		}
		out = append(out, col.get(c, l))
	}
	for _, plan := range c.Plans {
		for _, part := range parts {
			out = append(out, getPlan(plan, part, l.Lang))
		}
	}
	return out
}

// WriteFaults writes the rows of an import as they were handed in, with two columns
// more at the end: what became of each and what is wrong with it.
func WriteFaults(w io.Writer, i Import, all []Row) error {
	l := i.Lang
	var tables []sheet.Table
	for _, r := range all {
		if r.State != Head {
			continue
		}
		var of []Row
		for _, x := range all {
			if x.Sheet == r.Sheet && x.State != Head {
				of = append(of, x)
			}
		}
		var head []sheet.Column
		for _, t := range r.Cells {
			head = append(head, sheet.Column{Title: t})
		}
		head = append(head, sheet.Column{Title: said("bulk.outcome", l), Width: 12}, sheet.Column{Title: said("bulk.faults", l), Width: 80})
		width := len(r.Cells)
		tables = append(tables, sheet.Table{Name: said(product.FormName(policy.Form(r.Sheet)), l), Columns: head, Rows: withFaults(of, width, l)})
	}
	return sheet.Write(w, tables...)
}

func withFaults(of []Row, width int, l text.Lang) iter.Seq2[[]sheet.Cell, error] {
	return sheet.Each(of, func(r Row) []sheet.Cell {
		out := make([]sheet.Cell, width, width+2)
		for n := range out {
			if n < len(r.Cells) {
				out[n] = r.Cells[n]
			}
		}
		return append(out, said(text.Key("bulk.state_"+string(r.State)), l), words(r.Faults))
	})
}
