package showcase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Difference is what a revision changes, to be read field by field.
type Difference struct {
	P       text.Printer
	Changes []product.FieldChange
	Files   map[string]file.File // by id: those named before and after
}

// FileIDs are the files that changes name.
func FileIDs(changes []product.FieldChange) []string {
	var ids []string
	for _, c := range changes {
		if c.Kind != product.OfFile && c.Kind != product.OfPictures {
			continue
		}
		for _, v := range append(slices.Clone(c.Was), c.Is...) {
			ids = append(ids, fmt.Sprint(v))
		}
	}
	return ids
}

// FieldName is the label of a field of a product: "/image/os" is web_product.image_os.
func FieldName(pointer string) text.Key {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	parts = slices.DeleteFunc(parts, func(s string) bool { _, err := strconv.Atoi(s); return err == nil })
	if len(parts) > 1 && parts[0] == "plans" {
		parts = parts[:1]
	}
	key := text.Key("web_product." + strings.ReplaceAll(strings.TrimSuffix(strings.Join(parts, "_"), "_new"), ".", "_"))
	if !text.Known(key) {
		return "web_product.content"
	}
	return key
}

// value prints one value of a choice.
func (d Difference) value(v any) string {
	switch v := v.(type) {
	case text.Key:
		return d.P.T(v)
	case policy.Name:
		return v.In(d.P.Lang)
	}
	return fmt.Sprint(v)
}

// values prints the values of one side; none is a dash.
func (d Difference) values(list []any) string {
	var words []string
	for _, v := range list {
		if s := d.value(v); s != "" {
			words = append(words, s)
		}
	}
	if len(words) == 0 {
		return "–"
	}
	return d.P.List(words)
}

// percent writes a change in hundredths of a per cent: +12.5 %, −20 %.
func percent(c product.PlanChange) string {
	if !c.Told {
		return ""
	}
	sign, n := "+", c.Percent
	if n < 0 {
		sign, n = "−", -n
	}
	s := strconv.FormatInt(n/100, 10)
	if tenth := n % 100 / 10; tenth > 0 {
		s += "." + strconv.FormatInt(tenth, 10)
	}
	return sign + s + " %"
}

// plans is the table of plans before and after.
func (d Difference) plans(c product.FieldChange) ui.Table {
	p := d.P
	t := ui.Table{Caption: p.T("web_product.plans"), Columns: []ui.Column{
		{Label: p.T("web_product.plan_name")}, {Label: p.T("web_product.plan_original"), Align: ui.End},
		{Label: p.T("web_product.plan_sale"), Align: ui.End}, {Label: p.T("web_revision.difference"), Tight: true}}}
	for _, x := range c.Plans {
		t.Rows = append(t.Rows, d.plan(x))
	}
	return t
}

func (d Difference) plan(x product.PlanChange) ui.Row {
	p := d.P
	name := func(pl *product.Plan) string { return pl.Name + " · " + Length(p, pl.Unit, pl.Span) }
	switch {
	case x.Was == nil:
		return ui.Row{Tone: ui.OK, Cells: cells(ui.S(name(x.Is)), ui.Amount(x.Is.Original), ui.Amount(x.Is.Sale), ui.Tag(ui.OK, p.T("web_revision.added")))}
	case x.Is == nil:
		return ui.Row{Tone: ui.Bad, Cells: cells(ui.S(name(x.Was)), ui.Amount(x.Was.Original), ui.Amount(x.Was.Sale), ui.Tag(ui.Bad, p.T("web_revision.removed")))}
	}
	said := ui.S(p.T("web_revision.unchanged"))
	if x.Changed() {
		said = ui.Tag(ui.Warn, p.T("web_revision.changed"))
	}
	if s := percent(x); s != "" {
		tone := ui.Info
		if x.Percent > 0 {
			tone = ui.Warn
		}
		said = ui.Tag(tone, s)
	}
	label := name(x.Is)
	if was := name(x.Was); was != label {
		return ui.Row{Cells: cells(d.turn(was, label), d.turn(x.Was.Original.String(), x.Is.Original.String()), d.turn(x.Was.Sale.String(), x.Is.Sale.String()), said)}
	}
	return ui.Row{Cells: cells(ui.S(label), d.turn(x.Was.Original.String(), x.Is.Original.String()), d.turn(x.Was.Sale.String(), x.Is.Sale.String()), said)}
}

// picture is one picture of either side.
type picture struct {
	id     string
	before bool // it was there
	after  bool // it is there now
	first  bool // and is on the card
}

// pictures lists the new pictures in their order, then those that are gone.
func pictures(c product.FieldChange) []picture {
	var all []picture
	for i, v := range c.Is {
		all = append(all, picture{id: fmt.Sprint(v), after: true, before: slices.Contains(c.Was, v), first: i == 0})
	}
	for _, v := range c.Was {
		if !slices.Contains(c.Is, v) {
			all = append(all, picture{id: fmt.Sprint(v), before: true})
		}
	}
	return all
}

func (d Difference) fileName(v any) string {
	if f, ok := d.Files[fmt.Sprint(v)]; ok {
		return f.Name
	}
	return fmt.Sprint(v)
}
