package ui

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// Form is a form as the reader last left it: what was typed, what is wrong with
// it and what stood there at the last submission. Its Field method makes the
// fields of a page. The zero value is an empty form.
type Form struct {
	Values url.Values // by input name; what was typed, or what is stored
	Errors Errors
	Was    map[string]string // by input name: the value of the last submission, where it differs
	Fixed  bool              // nothing may be changed
}

// Field is one input of a form: everything around it and what is in it.
type Field struct {
	Name         string
	Label        string
	Hint         string
	Error        string
	Value        string
	Values       []string // what is ticked in Checks
	Was          string   // the value before, if it was changed since
	Changed      bool     // show Was
	Required     bool
	Optional     bool // says "optional" at the label
	Fixed        bool
	Max          int // characters; 0 is without a limit
	Placeholder  string
	Kind         string // of an input: text (default), email, password, url, number, search …
	Autocomplete string // as the HTML attribute: "email", "new-password", "organization"
	Prefix       string // before the input, as "https://"
	Suffix       string // after it, as "年"
	Wide         bool   // over the whole width of Fields
	Min          string // of a date or number
	Most         string // of a date or number
	Rows         int    // of a textarea; 0 is 4
	Bare         bool   // the label is for screen readers only
	Focus        bool   // the page begins here
	Fill         string // of a Select: name of the field that a choice is copied into, where scripts run
}

// Field makes the field of a name, with what was typed into it and its error.
func (f Form) Field(name, label string) Field {
	was, changed := f.Was[name]
	return Field{
		Name: name, Label: label, Value: f.Values.Get(name), Values: f.Values[name],
		Error: f.Errors.At(name), Was: was, Changed: changed, Fixed: f.Fixed,
	}
}

// Must marks the field as required.
func (f Field) Must() Field { f.Required = true; return f }

// May marks the field as optional in words.
func (f Field) May() Field { f.Optional = true; return f }

// Help adds the line below the label that says what is wanted and why.
func (f Field) Help(hint string) Field { f.Hint = hint; return f }

// UpTo limits the field to n characters and, in a textarea, counts them.
func (f Field) UpTo(n int) Field { f.Max = n; return f }

// As sets the kind of the input, as "email" or "password".
func (f Field) As(kind string) Field { f.Kind = kind; return f }

// Auto sets what a browser may fill in, as "organization".
func (f Field) Auto(autocomplete string) Field { f.Autocomplete = autocomplete; return f }

// Ask sets the placeholder: an example, never the label.
func (f Field) Ask(example string) Field { f.Placeholder = example; return f }

// Around writes something before and after the input.
func (f Field) Around(prefix, suffix string) Field { f.Prefix, f.Suffix = prefix, suffix; return f }

// Broad gives the field the whole width.
func (f Field) Broad() Field { f.Wide = true; return f }

// Or fills in a value where nothing was typed.
func (f Field) Or(value string) Field {
	if f.Value == "" {
		f.Value = value
	}
	return f
}

// Option is one choice of Select, RadioCards or Checks.
type Option struct {
	Value string
	Label string
	Note  string // a line below the label; not in Select
	Off   bool   // shown but not to be chosen; Note should say why
	Group string // heading of the options in a Select
	Tone  Tone   // of Radios: OK or Bad when chosen
}

func (f Field) id() string { return IDOf(f.Name) }

func (f Field) kind() string { return or(f.Kind, "text") }

func (f Field) ticked(value string) bool { return slices.Contains(f.Values, value) }

// describedBy lists the ids of the lines that describe the input, for aria-describedby.
func (f Field) describedBy() string {
	return classes(when(f.Hint != "", f.id()+"-hint"), when(f.Error != "", f.id()+"-error"))
}

// attrs are the attributes every input of the kit shares.
func (f Field) attrs() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Required {
		a["required"] = true
	}
	if f.Placeholder != "" {
		a["placeholder"] = f.Placeholder
	}
	if f.Autocomplete != "" {
		a["autocomplete"] = f.Autocomplete
	}
	if f.Fill != "" {
		a["data-fill"] = IDOf(f.Fill)
	}
	if f.Focus {
		a["autofocus"] = true
	}
	if f.Min != "" {
		a["min"] = f.Min
	}
	if f.Most != "" {
		a["max"] = f.Most
	}
	return a
}

// textAttrs are attrs for inputs one can type into.
func (f Field) textAttrs() templ.Attributes {
	a := f.attrs()
	if f.Fixed {
		a["readonly"] = true
	}
	if f.Max > 0 {
		a["maxlength"] = strconv.Itoa(f.Max)
	}
	return a
}

// pickAttrs are attrs for inputs one chooses in.
func (f Field) pickAttrs() templ.Attributes {
	a := f.attrs()
	if f.Fixed {
		a["disabled"] = true
	}
	return a
}

// areaAttrs are textAttrs without the hard limit: what is pasted must not be
// cut unseen, it is counted and refused with a sentence.
func (f Field) areaAttrs() templ.Attributes {
	f.Max = 0
	return f.textAttrs()
}
