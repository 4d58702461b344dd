package world

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

type form struct {
	method    string
	multipart bool
	values    url.Values
}

func (b *Browser) form(action string, values url.Values) form {
	b.t.Helper()
	if b.Page == nil {
		b.t.Fatal("no page is open")
	}
	var found *html.Node
	for n := range b.Page.root.Descendants() {
		if n.Data == "form" && attr(n, "action") == action && (found == nil || has(n, values)) {
			found = n
		}
	}
	if found == nil {
		b.t.Fatalf("%s has no form to %s", b.Page.Path, action)
	}
	f := form{method: strings.ToLower(attr(found, "method")), multipart: attr(found, "enctype") == "multipart/form-data", values: inputs(found)}
	names := named(found)
	for name, v := range values {
		if !names[name] {
			b.t.Fatalf("the form to %s on %s has no input %s", action, b.Page.Path, name)
		}
		f.values[name] = v
	}
	return f
}

// has reports whether every value has its input in the form.
func has(form *html.Node, values url.Values) bool {
	names := named(form)
	for name := range values {
		if !names[name] {
			return false
		}
	}
	return true
}

func named(form *html.Node) map[string]bool {
	names := make(map[string]bool)
	for n := range form.Descendants() {
		if name := attr(n, "name"); name != "" {
			names[name] = true
		}
	}
	return names
}

// inputs is what a browser would send of a form as it stands, without its buttons.
func inputs(form *html.Node) url.Values {
	v := make(url.Values)
	for n := range form.Descendants() {
		name := attr(n, "name")
		if name == "" || flag(n, "disabled") {
			continue
		}
		switch n.Data {
		case "input":
			switch attr(n, "type") {
			case "checkbox", "radio":
				if flag(n, "checked") {
					v.Add(name, value(n))
				}
			case "submit", "button", "file", "image":
			default:
				v.Add(name, attr(n, "value"))
			}
		case "textarea":
			v.Add(name, strings.TrimPrefix(textOf(n, false), "\n"))
		case "select":
			if s, ok := chosen(n); ok {
				v.Add(name, s)
			}
		}
	}
	return v
}

func chosen(list *html.Node) (string, bool) {
	first, any := "", false
	for n := range list.Descendants() {
		if n.Data != "option" {
			continue
		}
		s := attr(n, "value")
		if flag(n, "selected") {
			return s, true
		}
		if !any {
			first, any = s, true
		}
	}
	return first, any
}

func value(box *html.Node) string {
	if !flag(box, "value") {
		return "on"
	}
	return attr(box, "value")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func flag(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
