// Package clientgen writes the Go client's types and methods from the API's
// OpenAPI document. It is used by a test, which keeps client/operations.go and
// the API in step; no program imports it.
package clientgen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"slices"
	"sort"
	"strings"
	"unicode"
)

type document struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	ID          string              `json:"operationId"`
	Summary     string              `json:"summary"`
	Parameters  []parameter         `json:"parameters"`
	RequestBody *content            `json:"requestBody"`
	Responses   map[string]*content `json:"responses"`
}

type content struct {
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

type parameter struct {
	Name        string `json:"name"`
	In          string `json:"in"`
	Description string `json:"description"`
	Schema      schema `json:"schema"`
}

type schema struct {
	Ref         string            `json:"$ref"`
	Type        any               `json:"type"`
	Format      string            `json:"format"`
	Description string            `json:"description"`
	Items       *schema           `json:"items"`
	Properties  map[string]schema `json:"properties"`
	Additional  json.RawMessage   `json:"additionalProperties"`
	Required    []string          `json:"required"`
}

// Source is the text of client/operations.go for an OpenAPI document.
func Source(openapi []byte) ([]byte, error) {
	var d document
	if err := json.Unmarshal(openapi, &d); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("// Code generated from the OpenAPI document by a test of internal/api; DO NOT EDIT.\n\npackage client\n\nimport (\n\"context\"\n\"encoding/json\"\n\"net/url\"\n\"strconv\"\n\"time\"\n)\n\n")
	b.WriteString("// Any is a value that the document leaves open.\ntype Any = json.RawMessage\n\n")
	for _, name := range sorted(d.Components.Schemas) {
		writeType(&b, name, d.Components.Schemas[name])
	}
	for _, path := range sorted(d.Paths) {
		for _, method := range sorted(d.Paths[path]) {
			if o := d.Paths[path][method]; !o.ofFiles() && path != "/v1/files/{id}" { // file.go has those of files
				writeOperation(&b, path, method, o)
			}
		}
	}
	out, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%w in\n%s", err, b.Bytes())
	}
	return out, nil
}

// ofFiles reports whether an operation takes a file beside its values.
func (o operation) ofFiles() bool {
	if o.RequestBody == nil {
		return false
	}
	_, ok := o.RequestBody.Content["multipart/form-data"]
	return ok
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func writeType(b *bytes.Buffer, name string, s schema) {
	fmt.Fprintf(b, "// %s is a part of the API's documents.\n", name)
	if len(s.Properties) == 0 {
		fmt.Fprintf(b, "type %s %s\n\n", name, goType(s))
		return
	}
	fmt.Fprintf(b, "type %s struct {\n", name)
	for _, field := range sorted(s.Properties) {
		if field == "$schema" {
			continue
		}
		p := s.Properties[field]
		t := goType(p)
		omit := ",omitzero"
		if slices.Contains(s.Required, field) {
			omit = ""
		}
		fmt.Fprintf(b, "%s %s `json:%q`", exported(field), t, field+omit)
		if p.Description != "" {
			fmt.Fprintf(b, " // %s", oneLine(p.Description))
		}
		b.WriteString("\n")
	}
	b.WriteString("}\n\n")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func goType(s schema) string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	switch kind(s.Type) {
	case "string":
		if s.Format == "date-time" {
			return "time.Time"
		}
		return "string"
	case "integer":
		return "int64"
	case "number":
		return "float64"
	case "boolean":
		return "bool"
	case "array":
		if s.Items != nil {
			return "[]" + goType(*s.Items)
		}
	case "object":
		var of schema
		if len(s.Additional) > 0 && s.Additional[0] == '{' && json.Unmarshal(s.Additional, &of) == nil {
			return "map[string]" + goType(of)
		}
		return "map[string]Any"
	}
	return "Any"
}

// kind is the type of a schema, without the "null" of one that may be absent.
func kind(t any) string {
	switch v := t.(type) {
	case string:
		return v
	case []any:
		for _, x := range v {
			if s, ok := x.(string); ok && s != "null" {
				return s
			}
		}
	}
	return ""
}

var initialisms = map[string]string{"id": "ID", "url": "URL", "api": "API", "uscc": "USCC", "cnaps": "CNAPS", "sha256": "SHA256", "saas": "SaaS", "ip": "IP", "pdf": "PDF"}

func exported(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	for i, w := range words {
		if up, ok := initialisms[strings.ToLower(w)]; ok {
			words[i] = up
			continue
		}
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		words[i] = string(r)
	}
	return strings.Join(words, "")
}

func writeOperation(b *bytes.Buffer, path, method string, o operation) {
	name := exported(o.ID)
	var query []parameter
	args, route := "ctx context.Context", `"`+path+`"`
	for _, p := range o.Parameters {
		switch p.In {
		case "path":
			args += ", " + p.Name + " string"
			route = strings.Replace(route, "{"+p.Name+"}", `"+url.PathEscape(`+p.Name+`)+"`, 1)
		case "query":
			query = append(query, p)
		}
	}
	route = strings.TrimSuffix(route, `+""`)
	if len(query) > 0 {
		writeQuery(b, name, query)
		args += ", q " + name + "Query"
	}
	in := "nil"
	if o.RequestBody != nil {
		if c, ok := o.RequestBody.Content["application/json"]; ok {
			args += ", in " + goType(c.Schema)
			in = "in"
		}
	}
	out := ""
	for _, code := range sorted(o.Responses) {
		if strings.HasPrefix(code, "2") {
			if c, ok := o.Responses[code].Content["application/json"]; ok {
				out = goType(c.Schema)
			}
		}
	}
	values := "nil"
	if len(query) > 0 {
		values = "q.values()"
	}
	fmt.Fprintf(b, "// %s: %s.\n", name, strings.TrimSuffix(o.Summary, "."))
	verb := strings.ToUpper(method)
	if out == "" {
		fmt.Fprintf(b, "func (c *Client) %s(%s) error {\nreturn c.do(ctx, %q, %s, %s, %s, nil)\n}\n\n", name, args, verb, route, values, in)
		return
	}
	fmt.Fprintf(b, "func (c *Client) %s(%s) (out %s, err error) {\nerr = c.do(ctx, %q, %s, %s, %s, &out)\nreturn out, err\n}\n\n", name, args, out, verb, route, values, in)
}

func writeQuery(b *bytes.Buffer, name string, query []parameter) {
	fmt.Fprintf(b, "// %sQuery narrows %s; zero values are left out.\ntype %sQuery struct {\n", name, name, name)
	for _, p := range query {
		fmt.Fprintf(b, "%s %s", exported(p.Name), goType(p.Schema))
		if p.Description != "" {
			fmt.Fprintf(b, " // %s", oneLine(p.Description))
		}
		b.WriteString("\n")
	}
	b.WriteString("}\n\n")
	fmt.Fprintf(b, "func (q %sQuery) values() url.Values {\nv := url.Values{}\n", name)
	for _, p := range query {
		f := "q." + exported(p.Name)
		switch goType(p.Schema) {
		case "int64":
			fmt.Fprintf(b, "if %s != 0 { v.Set(%q, strconv.FormatInt(%s, 10)) }\n", f, p.Name, f)
		case "bool":
			fmt.Fprintf(b, "if %s { v.Set(%q, \"true\") }\n", f, p.Name)
		case "time.Time":
			fmt.Fprintf(b, "if !%s.IsZero() { v.Set(%q, %s.Format(time.RFC3339Nano)) }\n", f, p.Name, f)
		default:
			fmt.Fprintf(b, "if %s != \"\" { v.Set(%q, %s) }\n", f, p.Name, f)
		}
	}
	b.WriteString("return v\n}\n\n")
}
