package text

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// families are the beginnings of keys that code puts together in a way the test
// cannot see; "area.word_" + x in Go or templ code it sees by itself.
var families = []string{}

// notKeys are words of the code that look like a key of an area and are none.
var notKeys = map[string]bool{
	"file.store":  true, // the mark of the file store in the database
	"event.chain": true, // the lock on the events' chain
}

// sealed are the functions whose words name a field or a secret, not a sentence.
var sealed = map[string]bool{"Blind": true, "Seal": true, "Open": true}

// keyAt says of a call's function which argument is the key; the ones after it are
// the sentence's own.
var keyAt = map[string]int{"fault.New": 1, "fault.At": 1, "text.M": 0, "Add": 1, "AddRule": 2, "T": 0}

var (
	used     = regexp.MustCompile(`^([a-z_]+)\.[a-z0-9_.#]+$`)
	begun    = regexp.MustCompile(`^([a-z_]+)\.(?:[a-z0-9_.]*[_.])?$`)
	fileName = regexp.MustCompile(`\.(?:json|css|js|svg|png|ico|sql|go|pdf|txt|html|templ|csv)$`)
	quoted   = regexp.MustCompile("\"([a-z_]+\\.[a-z0-9_.#]+)\"(\\s*\\+)?")
)

// uses is what the code says of the catalogue.
type uses struct {
	areas    map[string]bool
	keys     map[Key]string // with one place where it stands
	families map[string]string
	kinds    map[Key]bool // names of events and jobs, which code may also mention
	miscalls []string     // places where a sentence gets another number of arguments than it takes
}

func TestKeysOfTheCodeAndTheCatalogueAgree(t *testing.T) {
	u := uses{areas: map[string]bool{}, keys: map[Key]string{}, families: map[string]string{}, kinds: map[Key]bool{}}
	for k := range catalogue {
		area, _, _ := strings.Cut(string(k), ".")
		u.areas[area] = true
	}
	for _, root := range []string{"../../internal", "../../cmd"} {
		u.walk(t, root)
	}
	for k, at := range u.keys {
		if set := within(string(k) + "_"); !Known(k) && len(set) > 0 { // a template: its subject, its text
			u.families[string(k)+"_"] = at
			continue
		}
		if !Known(k) && !u.kinds[k] {
			t.Errorf("%s: the key %s is not in the catalogue", at, k)
		}
	}
	for _, f := range families {
		u.families[f] = "families in this test"
	}
	for f, at := range u.families {
		if len(within(f)) == 0 {
			t.Errorf("%s: the catalogue has no key that begins with %s", at, f)
		}
		for _, k := range within(f) {
			u.keys[k] = at
		}
	}
	for k := range catalogue {
		base, _ := strings.CutSuffix(string(k), "#one")
		if _, found := u.keys[Key(base)]; !found {
			t.Errorf("the key %s is used nowhere", k)
		}
	}
	sort.Strings(u.miscalls)
	for _, m := range u.miscalls {
		t.Error(m)
	}
}

// What the test above sees and what it passes over, on a file of its own.
func TestUsesOfTheCode(t *testing.T) {
	const src = `package x
import "time.days"
type a struct { B string ` + "`json:\"time.tag\"`" + ` }
// "time.comment"
var k = event.Kind[None]{Name: "time.told"}
var j = job.Kind[None]{Name: "time.done"}
var other = "elsewhere.word"
var file = "time.json"
var blind = v.Blind("time.blind", "x")
var seal = v.Seal("time.seal:"+id, "x")
func f() {
	text.M("time.days")
	p.T("time.days", 1, 2)
	fault.New(fault.Invalid, "time.just_now")
	fs.AddRule("E-2", "/mon", "time.in", x)
	p.T("time.ago", args...)
	text.Key("time.unit_" + unit)
	g("time.missing")
}`
	u := uses{areas: map[string]bool{"time": true}, keys: map[Key]string{}, families: map[string]string{}, kinds: map[Key]bool{}}
	if err := u.goFile("x.go", src); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range u.keys {
		keys = append(keys, string(k))
	}
	sort.Strings(keys)
	if got, want := strings.Join(keys, " "), "event.time.told time.ago time.days time.in time.just_now time.missing"; got != want {
		t.Errorf("saw the keys %s, want %s", got, want)
	}
	if !u.kinds["time.told"] || !u.kinds["time.done"] || len(u.kinds) != 2 {
		t.Errorf("saw the kinds %v, want time.told and time.done", u.kinds)
	}
	if len(u.families) != 1 || u.families["time.unit_"] == "" {
		t.Errorf("saw the families %v, want time.unit_", u.families)
	}
	want := []string{"x.go:12:2: time.days takes 1 arguments, gets 0", "x.go:13:2: time.days takes 1 arguments, gets 2"}
	if diff := cmp.Diff(want, u.miscalls); diff != "" {
		t.Errorf("calls with other arguments: −want +got\n%s", diff)
	}
}

func within(family string) []Key {
	var list []Key
	for k := range catalogue {
		if strings.HasPrefix(string(k), family) {
			list = append(list, k)
		}
	}
	return list
}

func (u *uses) walk(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch {
		case strings.HasSuffix(name, "_test.go"):
		case strings.HasSuffix(name, ".go"):
			return u.goFile(name, nil)
		case strings.HasSuffix(name, ".templ"):
			return u.templFile(name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// templFile looks at the quoted words of a template; how they are called is seen
// in the Go code made of it.
func (u *uses) templFile(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			u.word(m[1], m[2] != "", name+":"+strconv.Itoa(i+1))
		}
	}
	return nil
}

// goFile looks at the strings of a Go file, or of src if that is not nil.
func (u *uses) goFile(name string, src any) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	joined := make(map[ast.Expr]bool) // stands before a +
	other := make(map[ast.Node]bool)  // is no sentence
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false
		case *ast.BinaryExpr:
			joined[n.X] = n.Op == token.ADD
		case *ast.CompositeLit:
			u.kind(n, file.Name.Name, other, set)
		case *ast.CallExpr:
			if sealed[lastName(n.Fun)] {
				markAll(n.Args, other)
			}
			u.call(n, set)
		case *ast.BasicLit:
			if s, ok := stringOf(n); ok && !other[n] {
				u.word(s, joined[n], set.Position(n.Pos()).String())
			}
		}
		return true
	})
	return nil
}

// word notes a word of the code: a key, or the beginning of keys.
func (u *uses) word(s string, joined bool, at string) {
	form := used
	if joined {
		form = begun
	}
	m := form.FindStringSubmatch(s)
	if m == nil || !u.areas[m[1]] || notKeys[s] || fileName.MatchString(s) {
		return
	}
	if joined {
		u.families[s] = at
		return
	}
	u.keys[Key(s)] = at
}

// call notes a call that gives a sentence too many or too few arguments.
func (u *uses) call(c *ast.CallExpr, set *token.FileSet) {
	at, found := keyAt[qualified(c.Fun)]
	if !found {
		at, found = keyAt[lastName(c.Fun)]
	}
	if !found || c.Ellipsis.IsValid() || len(c.Args) <= at {
		return
	}
	lit, ok := c.Args[at].(*ast.BasicLit)
	if !ok {
		return
	}
	s, _ := stringOf(lit)
	said, known := catalogue[Key(s)]
	if !known {
		return
	}
	want := len(strings.Fields(strings.Trim(verbs(said[EN]), "[]")))
	if got := len(c.Args) - at - 1; got != want {
		u.miscalls = append(u.miscalls, set.Position(c.Pos()).String()+": "+s+" takes "+
			strconv.Itoa(want)+" arguments, gets "+strconv.Itoa(got))
	}
}

// kind passes over the name of an event's or a job's kind, which is written like a
// key, and notes the sentence that an event is shown by: "event." and its name.
func (u *uses) kind(c *ast.CompositeLit, pkg string, other map[ast.Node]bool, set *token.FileSet) {
	kind := c.Type
	if x, ok := kind.(*ast.IndexExpr); ok {
		kind = x.X
	}
	if lastName(kind) != "Kind" {
		return
	}
	for _, e := range c.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		markAll([]ast.Expr{kv.Value}, other)
		lit, ok := kv.Value.(*ast.BasicLit)
		if ok {
			name, _ := stringOf(lit)
			u.kinds[Key(name)] = true
		}
		if ok && (pkg == "event" || qualified(kind) == "event.Kind") {
			name, _ := stringOf(lit)
			u.keys[Key("event."+name)] = set.Position(lit.Pos()).String()
		}
	}
}

func markAll(list []ast.Expr, other map[ast.Node]bool) {
	for _, e := range list {
		ast.Inspect(e, func(n ast.Node) bool {
			other[n] = true
			return true
		})
	}
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func qualified(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		return lastName(s.X) + "." + s.Sel.Name
	}
	return ""
}

func stringOf(n *ast.BasicLit) (string, bool) {
	if n.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(n.Value)
	return s, err == nil
}
