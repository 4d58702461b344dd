package reference

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The parts of an OpenAPI document that the page shows.
type (
	document struct {
		Info  struct{ Version string }
		Paths map[string]map[string]struct {
			OperationID string
			Summary     string
			Description string
			Tags        []string
			Security    []map[string][]string
			Parameters  []struct {
				Name, In, Description string
				Required              bool
				Schema                schema
			}
			RequestBody *content
			Responses   map[string]*content
		}
		Components struct{ Schemas map[string]schema }
	}
	content struct {
		Description string
		Content     map[string]struct{ Schema schema }
	}
	schema struct {
		Ref         string `json:"$ref"`
		Type        any
		Format      string
		Description string
		Enum        []any
		Items       *schema
		Properties  map[string]schema
		Additional  json.RawMessage `json:"additionalProperties"`
		Required    []string
		ReadOnly    bool
		Minimum     *float64
		Maximum     *float64
		MaxLength   *int
	}
)

// book is the document as the page shows it.
type book struct {
	Version string
	Groups  []group
	Schemas []part
}

// group is the operations of one tag.
type group struct {
	ID, Name   string
	Operations []operation
}

type operation struct {
	ID, Method, Path, Summary string
	Token                     bool // needs one
	Parameters                []field
	Body                      part
	Multipart                 bool
	Answer                    part
	Statuses                  []string // of refusals
	Status                    string   // of success
}

// part is a schema: its fields and an example.
type part struct {
	Name    string // "" for one without
	Fields  []field
	Example string // JSON
}

type field struct {
	Name, Type, Link, Note string // Link is the schema's name if the type is one
	Required               bool
}

const refPrefix = "#/components/schemas/"

// parse reads a document: groups in the order of their tags, operations by path.
func parse(data []byte) (book, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return book{}, err
	}
	byTag := make(map[string][]operation)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			o, ok := d.Paths[path][method]
			if !ok {
				continue
			}
			op := operation{ID: o.OperationID, Method: strings.ToUpper(method), Path: path, Summary: o.Summary, Token: len(o.Security) > 0}
			for _, p := range o.Parameters {
				if p.Name == "Idempotency-Key" {
					continue // said once, at the top
				}
				f := d.field(p.Name, p.Schema, p.Required)
				f.Note = strings.Trim(p.Description+"; "+f.Note, "; ")
				op.Parameters = append(op.Parameters, f)
			}
			if o.RequestBody != nil {
				op.Body, op.Multipart = d.body(o.RequestBody)
			}
			for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
				if !strings.HasPrefix(status, "2") {
					op.Statuses = append(op.Statuses, status)
					continue
				}
				op.Status = status
				op.Answer, _ = d.body(o.Responses[status])
			}
			tag := "other"
			if len(o.Tags) > 0 {
				tag = o.Tags[0]
			}
			byTag[tag] = append(byTag[tag], op)
		}
	}
	b := book{Version: d.Info.Version}
	for _, tag := range slices.SortedFunc(maps.Keys(byTag), order) {
		b.Groups = append(b.Groups, group{ID: "tag-" + strings.ReplaceAll(tag, "/", "-"), Name: tag, Operations: byTag[tag]})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		b.Schemas = append(b.Schemas, d.part(schema{Ref: refPrefix + name}))
	}
	return b, nil
}

// first are the tags that a reader needs first, in the order of the story.
var first = []string{"accounts", "sessions", "api-keys", "policy", "agreements", "files", "application", "onboarding", "contract", "deposit", "products", "catalog"}

func order(a, b string) int {
	rank := func(tag string) int {
		if i := slices.Index(first, tag); i >= 0 {
			return i
		}
		if head, _, ok := strings.Cut(tag, "/"); ok {
			if i := slices.Index(first, head); i >= 0 {
				return i
			}
			return len(first) + 1
		}
		return len(first)
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func (d document) body(c *content) (part, bool) {
	if m, ok := c.Content["multipart/form-data"]; ok {
		return d.part(m.Schema), true
	}
	for _, kind := range slices.Sorted(maps.Keys(c.Content)) {
		if strings.HasPrefix(kind, "application/json") {
			return d.part(c.Content[kind].Schema), false
		}
	}
	return part{}, false
}

// resolve follows a reference.
func (d document) resolve(s schema) (schema, string) {
	name := strings.TrimPrefix(s.Ref, refPrefix)
	if name == "" {
		return s, ""
	}
	return d.Components.Schemas[name], name
}

func (d document) part(s schema) part {
	s, name := d.resolve(s)
	p := part{Name: name}
	for _, n := range slices.SortedFunc(maps.Keys(s.Properties), func(a, b string) int {
		ra, rb := slices.Contains(s.Required, a), slices.Contains(s.Required, b)
		if ra != rb {
			if ra {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	}) {
		p.Fields = append(p.Fields, d.field(n, s.Properties[n], slices.Contains(s.Required, n)))
	}
	if example, err := json.MarshalIndent(d.example(s, "", 0), "", "  "); err == nil && len(s.Properties) > 0 {
		p.Example = string(example)
	}
	return p
}

func (d document) field(name string, s schema, required bool) field {
	f := field{Name: name, Required: required}
	f.Type, f.Link = d.typeOf(s)
	var notes []string
	if s.Description != "" {
		notes = append(notes, s.Description)
	}
	if len(s.Enum) > 0 {
		words := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			words[i], _ = e.(string)
		}
		notes = append(notes, strings.Join(words, " · "))
	}
	if s.Minimum != nil && s.Maximum != nil {
		notes = append(notes, number(*s.Minimum)+"–"+number(*s.Maximum))
	}
	if s.MaxLength != nil {
		notes = append(notes, "≤ "+strconv.Itoa(*s.MaxLength))
	}
	f.Note = strings.Join(notes, "; ")
	return f
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// typeOf is a type in words, and the schema it leads to.
func (d document) typeOf(s schema) (words, link string) {
	if s.Ref != "" {
		_, name := d.resolve(s)
		return name, name
	}
	kind := kindOf(s)
	switch {
	case kind == "array" && s.Items != nil:
		inner, link := d.typeOf(*s.Items)
		return "[]" + inner, link
	case s.Format != "":
		return kind + " (" + s.Format + ")", ""
	case kind == "object" && len(s.Properties) == 0:
		var value schema
		if json.Unmarshal(s.Additional, &value) == nil && (value.Ref != "" || value.Type != nil) {
			inner, link := d.typeOf(value)
			return "map → " + inner, link
		}
	}
	return kind, ""
}

func kindOf(s schema) string {
	switch t := s.Type.(type) {
	case string:
		return t
	case []any:
		for _, x := range t {
			if k, ok := x.(string); ok && k != "null" {
				return k
			}
		}
	}
	return "any"
}
