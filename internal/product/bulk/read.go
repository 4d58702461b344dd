package bulk

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Sheets is a file that was read: its rows by what they fill in, not judged yet.
type Sheets struct {
	Name string
	Lang text.Lang
	Rows []Row
}

// Read reads a file to its end and keeps nothing. It knows sheets by the names of the
// delivery forms and columns by their titles, in either language and any order; other
// sheets are passed over. A file that is no XLSX, has no sheet or column of ours or
// more rows than the policy allows is fault.Invalid at /file.
func Read(r io.Reader, name string, p policy.Policy, l text.Lang) (Sheets, error) {
	out := Sheets{Name: clip(name), Lang: l}
	limits := sheet.Usual()
	limits.Columns = 400
	book, err := sheet.Open(r, limits)
	if err != nil {
		return out, atFile(err)
	}
	defer book.Close()
	products := 0
	for _, title := range book.Sheets() {
		form, known := formOf(title)
		if !known {
			continue
		}
		var keys []string
		for row, err := range book.Rows(title) {
			if err != nil {
				return out, atFile(err)
			}
			next := Row{No: int64(len(out.Rows) + 1), Sheet: string(form), Line: int64(row.No), Cells: row.Cells, State: RowGood}
			if keys == nil {
				if keys = keysOf(row.Cells, p.Products.PlansAtMost); !slices.Contains(keys, "name") {
					return out, fault.At("/file", "bulk.no_titles", title)
				}
				next.State = Head
			} else {
				next.Patch = patchOf(row, keys)
				if len(next.Patch) == 0 {
					continue
				}
				if products++; products > p.Imports.RowsAtMost {
					return out, fault.At("/file", "bulk.too_many_rows", p.Imports.RowsAtMost)
				}
				next.Code, next.Name = clip(next.Patch["code"]), clip(next.Patch["name"])
			}
			out.Rows = append(out.Rows, next)
		}
	}
	if products == 0 {
		return out, fault.At("/file", "bulk.no_rows")
	}
	return out, nil
}

// atFile puts a refusal of the file at its input.
func atFile(err error) error {
	if f, ok := err.(*fault.Error); ok && f.Kind == fault.Invalid {
		return &fault.Error{Kind: fault.Invalid, Message: f.Message, Cause: f.Cause, Fields: []fault.Field{{Pointer: "/file", Message: f.Message}}}
	}
	return err
}

// clip bounds what is only shown.
func clip(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120])
	}
	return s
}

func formOf(title string) (policy.Form, bool) {
	f, err := choice(strings.TrimSpace(title), []policy.Form{policy.ImageForm, policy.SaaSForm, policy.ServiceForm, policy.APIForm},
		func(f policy.Form, l text.Lang) string { return said(product.FormName(f), l) })
	return f, err == nil
}

// plain is a title without what people add to it: blanks, stars, brackets.
func plain(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "*", "", "＊", "", "\n", "", "(", "", ")", "", "（", "", "）", "").Replace(s))
}

// keysOf names the columns by their titles; "" is a column that is not ours.
func keysOf(titles []string, plans int) []string {
	known := make(map[string]string)
	for _, l := range both {
		for _, c := range columns() {
			known[plain(title(c.key, l))] = c.key
		}
		for n := 1; n <= plans; n++ {
			for _, part := range parts {
				known[plain(planTitle(part, n, l))] = part + "." + strconv.Itoa(n)
			}
		}
	}
	keys := make([]string, len(titles))
	for i, t := range titles {
		if key := known[plain(t)]; !slices.Contains(keys, key) {
			keys[i] = key
		}
	}
	return keys
}

// patchOf is what a row fills in, by column.
func patchOf(row sheet.Row, keys []string) map[string]string {
	patch := make(map[string]string)
	for i, key := range keys {
		if s := strings.TrimPrefix(row.Cell(i), "'"); key != "" && s != "" {
			patch[key] = s
		}
	}
	return patch
}

// fill writes a patch over a content; an empty cell leaves what is there. The faults
// name the columns that could not be read.
func fill(c product.Content, form policy.Form, patch map[string]string, l languages) (product.Content, []Fault) {
	var faults []Fault
	c.Form = form
	c.Tags, c.Image.Software = slices.Clone(c.Tags), slices.Clone(c.Image.Software)
	for _, col := range columnsOf(form) {
		if s, ok := patch[col.key]; ok {
			if err := col.set(&c, s, l); err != nil {
				faults = append(faults, Fault{Column: title(col.key, l.Lang), Text: tell(err, l)})
			}
		}
	}
	plans, wrong := fillPlans(patch, l)
	if len(plans) > 0 {
		c.Plans = plans
	}
	return c, append(faults, wrong...)
}

// fillPlans reads the plans of a row; if it names any, it names them all.
func fillPlans(patch map[string]string, l languages) (plans []product.Plan, faults []Fault) {
	last := 0
	for key := range patch {
		if part, n, ok := strings.Cut(key, "."); ok && slices.Contains(parts, part) {
			if i, err := strconv.Atoi(n); err == nil {
				last = max(last, i)
			}
		}
	}
	for n := 1; n <= last; n++ {
		plan := product.Plan{Original: money.CNY(0), Sale: money.CNY(0)}
		there := false
		for _, part := range parts {
			s, ok := patch[part+"."+strconv.Itoa(n)]
			if !ok {
				continue
			}
			there = true
			if err := setPlan(&plan, part, s); err != nil {
				faults = append(faults, Fault{Column: planTitle(part, n, l.Lang), Text: tell(err, l)})
			}
		}
		if there {
			plans = append(plans, plan)
		}
	}
	return plans, faults
}

// tell is a refusal in the words of the reader.
func tell(err error, l languages) string {
	f, ok := err.(*fault.Error)
	if !ok {
		return l.T("bulk.unreadable")
	}
	if len(f.Fields) > 0 {
		return l.Say(f.Fields[0].Message)
	}
	return l.Say(f.Message)
}
