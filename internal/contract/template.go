package contract

import (
	"bytes"
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/text"
)

//go:embed template/*.md
var templates embed.FS

// current is the version of the shipped text; the operator's policy may name one of
// its own for new contracts. Earlier
// versions stay under template/, since their contracts refer to them.
const current = "1.0"

// choice is what a template's text depends on beside the parties' data.
type choice struct {
	Platform bool // else resale
	Deposit  bool // the deposit is not nothing
	Terms    bool // there are supplementary terms
	Both     bool // written in both languages
}

// wording is a contract's text with its blanks not yet filled in.
type wording struct {
	title, sub string
	opening    []string
	clauses    []paper.Clause
}

// wordingOf reads the text of a version in a language, as the choice makes it: the
// operator's own words that go with the contract, or a shipped version's.
func wordingOf(version string, own map[string]string, l text.Lang, c choice) (wording, error) {
	if words, ok := own[l.Tag()]; ok {
		return wordingIn(version, words, c)
	}
	name := version + "." + l.Tag() + ".md"
	data, err := templates.ReadFile("template/" + name)
	if err != nil {
		return wording{}, fmt.Errorf("contract template %s: %w", name, err)
	}
	return wordingIn(name, string(data), c)
}

// wordingIn reads a text as the choice makes it.
func wordingIn(name, words string, c choice) (wording, error) {
	t, err := template.New(name).Option("missingkey=error").Parse(words)
	if err != nil {
		return wording{}, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, c); err != nil {
		return wording{}, err
	}
	return parse(b.String())
}

var (
	numbered = regexp.MustCompile(`^\d+\. ?(.*)$`)
	dashed   = regexp.MustCompile(`^ +- ?(.*)$`)
)

// parse reads "# title", "> second title", opening paragraphs, and articles of
// "## heading" with items "1. " and below them "   - ". Numbers count by
// themselves; an item without words is left out.
func parse(src string) (wording, error) {
	var w wording
	for i, line := range strings.Split(src, "\n") {
		line = strings.TrimRight(line, " \r")
		bad := func(why string) error { return fmt.Errorf("contract template, line %d: %s", i+1, why) }
		item, sub := numbered.FindStringSubmatch(line), dashed.FindStringSubmatch(line)
		switch {
		case line == "":
		case strings.HasPrefix(line, "## "):
			w.clauses = append(w.clauses, paper.Clause{Title: line[3:]})
		case strings.HasPrefix(line, "# "):
			w.title = line[2:]
		case strings.HasPrefix(line, "> "):
			w.sub = line[2:]
		case len(w.clauses) == 0:
			w.opening = append(w.opening, line)
		case item != nil:
			if item[1] != "" {
				a := &w.clauses[len(w.clauses)-1]
				a.Items = append(a.Items, paper.Clause{Text: item[1]})
			}
		case sub != nil:
			a := &w.clauses[len(w.clauses)-1]
			if len(a.Items) == 0 {
				return w, bad("a list without an item before it")
			}
			last := &a.Items[len(a.Items)-1]
			last.Items = append(last.Items, paper.Clause{Text: sub[1]})
		default:
			return w, bad("neither a heading nor an item")
		}
	}
	if w.title == "" || len(w.clauses) == 0 {
		return w, fmt.Errorf("contract template: no title or no articles")
	}
	return w, nil
}

var blank = regexp.MustCompile(`\{[a-z_]+\}`)

// filler fills blanks such as {vendor}; one it does not know is kept as its error.
type filler struct {
	values map[string]string
	err    error
}

func (f *filler) fill(s string) string {
	return blank.ReplaceAllStringFunc(s, func(b string) string {
		v, ok := f.values[b[1:len(b)-1]]
		if !ok && f.err == nil {
			f.err = fmt.Errorf("contract template: nothing to fill %s with", b)
		}
		return v
	})
}

func (f *filler) clauses(list []paper.Clause) []paper.Clause {
	out := make([]paper.Clause, len(list))
	for i, c := range list {
		out[i] = paper.Clause{Title: f.fill(c.Title), Text: f.fill(c.Text), Items: f.clauses(c.Items)}
	}
	return out
}
