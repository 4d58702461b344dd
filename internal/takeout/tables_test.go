package takeout

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/text"
)

// TestEveryTableAndColumnIsDecidedOn fails when the schema gains a table or a column
// of which nobody has said whether a company takes it out. "A vendor can download
// everything held about it."
func TestEveryTableAndColumnIsDecidedOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var tables []db.Table
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { tables, err = db.Tables(context.Background(), tx); return err }); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range undecided(tables, nouns, exempt) {
			t.Error(wrong)
		}
	})
}

// undecided compares the schema with the list of what is taken out.
func undecided(tables []db.Table, nouns []noun, exempt map[string]string) (wrong []string) {
	there := map[string]bool{}
	for _, table := range tables {
		there[table.Name] = true
		i := slices.IndexFunc(nouns, func(n noun) bool { return n.table == table.Name })
		reason, left := exempt[table.Name]
		switch {
		case i < 0 && !left:
			wrong = append(wrong, table.Name+": is neither taken out nor exempt")
			continue
		case i < 0 && reason == "":
			wrong = append(wrong, table.Name+": is exempt for no reason")
			continue
		case i < 0:
			continue
		case left:
			wrong = append(wrong, table.Name+": is both taken out and exempt")
		}
		n := nouns[i]
		got := map[string]bool{}
		for _, c := range n.list() {
			got[c.name] = true
			if !slices.Contains([]string{"", "json", "sealed", "person", "address"}, c.kind) {
				wrong = append(wrong, n.table+"."+c.name+": the kind "+c.kind+" is none")
			}
			if n.withheld[c.name] != "" {
				wrong = append(wrong, n.table+"."+c.name+": is both taken out and withheld")
			}
		}
		for _, c := range table.Columns {
			if !got[c.Name] && n.withheld[c.Name] == "" {
				wrong = append(wrong, n.table+"."+c.Name+": is neither taken out nor withheld for a reason")
			}
			delete(got, c.Name)
		}
		for c := range got {
			wrong = append(wrong, n.table+"."+c+": there is no such column")
		}
		for c := range n.withheld {
			if !slices.ContainsFunc(table.Columns, func(x db.Column) bool { return x.Name == c }) {
				wrong = append(wrong, n.table+"."+c+": is withheld and is not there")
			}
		}
	}
	for name := range exempt {
		if !there[name] {
			wrong = append(wrong, name+": is exempt and is not there")
		}
	}
	for _, n := range nouns {
		if !there[n.table] {
			wrong = append(wrong, n.table+": is taken out and is not there")
		}
	}
	return wrong
}

// The comparison itself must see what it is for.
func TestTheComparisonSees(t *testing.T) {
	tables := []db.Table{
		{Name: "gadget", Columns: []db.Column{{Name: "id"}, {Name: "vendor_id"}, {Name: "novel"}}},
		{Name: "widget", Columns: []db.Column{{Name: "vendor_id"}}},
		{Name: "quiet"},
	}
	list := []noun{{name: "gadgets", table: "gadget", columns: "id gone", withheld: map[string]string{"vendor_id": self}}}
	got := undecided(tables, list, map[string]string{"quiet": ""})
	for _, want := range []string{"gadget.novel", "gadget.gone", "widget:", "quiet: is exempt for no reason"} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("%s is not seen in %q", want, got)
		}
	}
}

func TestEveryNounHasItsNameAndIsOnesOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range nouns {
		if seen[n.name] || seen[n.table] {
			t.Errorf("%s stands twice", n.name)
		}
		seen[n.name], seen[n.table] = true, true
		if !text.Known(text.Key("takeout.noun_" + n.name)) {
			t.Errorf("%s has no name for people", n.name)
		}
		if !strings.Contains(n.where, "$1") {
			t.Errorf("%s does not ask whose it is", n.name)
		}
	}
}

func TestStatusesMoveByTheTable(t *testing.T) {
	all := []Status{Waiting, Making, Ready, Halted, Failed, Removed}
	may := map[string]Status{
		"asked begin": Making, "asked stop": Halted,
		"making begin": Making, "making finish": Ready, "making stop": Halted, "making fail": Failed,
		"failed begin": Making, "ready expire": Removed,
	}
	for _, s := range all {
		if !text.Known(s.Name()) {
			t.Errorf("%s has no word", s)
		}
		for _, a := range []act{actBegin, actFinish, actStop, actFail, actExpire} {
			to, err := s.next(a)
			if want := may[string(s)+" "+string(a)]; to != want || (err == nil) != (want != "") {
				t.Errorf("%s %s is %q, %v; want %q", s, a, to, err, want)
			}
		}
	}
}
