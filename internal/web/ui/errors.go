package ui

import (
	"errors"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// FieldError is one thing wrong with one field, in the reader's language.
type FieldError struct {
	Name    string // of the input: "company.uscc"
	Label   string // the field's label, put before the message in Summary; "" is none
	Message string
	Rule    string // id in the rules, or ""
	Mend    string // what would mend it, or ""
}

// Errors is what is wrong with a form. The zero value is a form without fault.
type Errors struct {
	Message string // the sentence above the list
	Fields  []FieldError
}

// ErrorsOf puts an error into the reader's language. An error that is not a
// *fault.Error is told as fault.Internal is; nil is the zero value.
func ErrorsOf(p text.Printer, err error) Errors {
	if err == nil {
		return Errors{}
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return Errors{Message: p.T("fault.internal")}
	}
	e := Errors{Message: p.Say(f.Message)}
	for _, x := range f.Fields {
		m := FieldError{Name: NameOf(x.Pointer), Message: p.Say(x.Message), Rule: x.Rule}
		if x.Mend.Key != "" {
			m.Mend = p.Say(x.Mend)
		}
		e.Fields = append(e.Fields, m)
	}
	return e
}

// Named gives the fields their labels by input name, so that the list above the
// form reads without the form.
func (e Errors) Named(labels map[string]string) Errors {
	e.Fields = slices.Clone(e.Fields)
	for i, f := range e.Fields {
		e.Fields[i].Label = labels[f.Name]
	}
	return e
}

// Any reports whether there is anything to tell.
func (e Errors) Any() bool { return e.Message != "" || len(e.Fields) > 0 }

// At returns the message for an input, "" if it has none. An error below it
// counts too when no input shows it: "week" shows "week.2.from".
func (e Errors) At(name string) string {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.said()
		}
	}
	for _, f := range e.Fields {
		if strings.HasPrefix(f.Name, name+".") {
			return f.said()
		}
	}
	return ""
}

func (f FieldError) said() string {
	if f.Mend == "" {
		return f.Message
	}
	return f.Message + " " + f.Mend
}

var pointerUnescape = strings.NewReplacer("~1", "/", "~0", "~")
var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// NameOf turns the JSON pointer of a field into its input's name: "/company/uscc" is "company.uscc".
func NameOf(pointer string) string {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, s := range parts {
		parts[i] = pointerUnescape.Replace(s)
	}
	return strings.Join(parts, ".")
}

// PointerOf turns an input's name into the JSON pointer of its field.
func PointerOf(name string) string {
	if name == "" {
		return ""
	}
	parts := strings.Split(name, ".")
	for i, s := range parts {
		parts[i] = pointerEscape.Replace(s)
	}
	return "/" + strings.Join(parts, "/")
}

// IDOf is the id of the input with the name: "f-company-uscc".
func IDOf(name string) string {
	return "f-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(name)
}
