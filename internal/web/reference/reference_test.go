package reference

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func committed(t *testing.T) book {
	t.Helper()
	data, err := os.ReadFile("../../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	b, err := parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func render(t *testing.T, lang text.Lang, b book) string {
	t.Helper()
	p := text.Printer{Lang: lang}
	var out bytes.Buffer
	if err := referencePage(view{P: p, Base: "https://market.example", Book: b}).Render(ui.With(context.Background(), p), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The page has every operation of the document, in both languages, and every link
// to a schema leads somewhere.
func TestPageHasTheWholeDocument(t *testing.T) {
	t.Parallel()
	b := committed(t)
	n := 0
	for lang, begin := range map[text.Lang]string{text.ZH: "快速开始", text.EN: "Begin here"} {
		page := render(t, lang, b)
		if !strings.Contains(page, begin) || strings.Contains(page, "://") && strings.Contains(strings.ReplaceAll(page, "https://market.example", ""), "src=\"http") {
			t.Errorf("%s: it does not begin with %q, or loads from elsewhere", lang.Tag(), begin)
		}
		for _, g := range b.Groups {
			for _, o := range g.Operations {
				n++
				if !strings.Contains(page, `id="op-`+o.ID+`"`) || !strings.Contains(page, o.Path) {
					t.Errorf("%s %s is not on the page", o.Method, o.Path)
				}
			}
		}
		for _, link := range strings.Split(page, `href="#`)[1:] {
			id, _, _ := strings.Cut(link, `"`)
			if !strings.Contains(page, `id="`+id+`"`) {
				t.Errorf("a link leads to #%s, which is not there", id)
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d operations in two languages", n)
	}
}

func TestGroupsFollowTheStory(t *testing.T) {
	t.Parallel()
	b := committed(t)
	var names []string
	for _, g := range b.Groups {
		names = append(names, g.Name)
	}
	if names[0] != "accounts" || !strings.HasPrefix(names[len(names)-1], "operator/") {
		t.Errorf("the order is %v", names)
	}
}

func TestOperationShowsFieldsAndExample(t *testing.T) {
	t.Parallel()
	for _, g := range committed(t).Groups {
		for _, o := range g.Operations {
			if o.ID != "register" {
				continue
			}
			var example map[string]any
			if err := json.Unmarshal([]byte(o.Body.Example), &example); err != nil {
				t.Fatalf("%v in %s", err, o.Body.Example)
			}
			if example["mail"] != "wang@example.com" || o.Status != "201" || o.Token || len(o.Parameters) != 0 || o.Answer.Name != "Account" {
				t.Errorf("register is shown as %+v", o)
			}
			return
		}
	}
	t.Error("there is no operation to register")
}

// A schema that holds itself ends, and what is no document is an error.
func TestParse(t *testing.T) {
	t.Parallel()
	b, err := parse([]byte(`{"paths": {"/v1/x": {"get": {"operationId": "x", "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}}}}}},
		"components": {"schemas": {"Tree": {"type": "object", "required": ["name"], "properties": {"name": {"type": ["string", "null"]}, "leaves": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	o := b.Groups[0].Operations[0]
	if f := o.Answer.Fields; len(f) != 2 || f[0].Name != "name" || !f[0].Required || f[1].Type != "[]Tree" || f[1].Link != "Tree" {
		t.Errorf("shown as %+v", f)
	}
	if _, err := parse([]byte(`[`)); err == nil {
		t.Error("what is no document was read")
	}
	render(t, text.ZH, book{})
	render(t, text.EN, b)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"paths": {"/x": {"post": {"requestBody": {"content": {"application/json": {"schema": {"enum": [1, "a"]}}}}}}}}`))
	f.Add([]byte(`{"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}, "B": {"type": 5, "additionalProperties": {"type": "object"}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := parse(data); err == nil {
			render(t, text.EN, b)
		}
	})
}
