package ui_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func TestErrorsOf(t *testing.T) {
	en := text.Printer{Lang: text.EN}
	var fields fault.Fields
	fields.AddRule("E-1", "/company/uscc", "fault.not_found")
	fields.Add("/files/0/a~1b", "fault.unauthenticated")
	fields.Put(fault.Field{Pointer: "/x", Message: text.M("fault.unauthenticated"), Mend: text.M("fault.not_found")})
	missing, signIn := en.T("fault.not_found"), en.T("fault.unauthenticated")
	for _, c := range []struct {
		name string
		err  error
		want ui.Errors
	}{
		{"none", nil, ui.Errors{}},
		{"not ours is never shown", errors.New("pq: secret"), ui.Errors{Message: en.T("fault.internal")}},
		{"internal is never shown", fault.New(fault.Internal, "fault.not_found"), ui.Errors{Message: en.T("fault.internal")}},
		{"a sentence", fault.New(fault.Conflict, "fault.not_found"), ui.Errors{Message: missing}},
		{"fields", fields.Err(), ui.Errors{Message: en.T("fault.invalid"), Fields: []ui.FieldError{
			{Name: "company.uscc", Message: missing, Rule: "E-1"},
			{Name: "files.0.a/b", Message: signIn},
			{Name: "x", Message: signIn, Mend: missing},
		}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, ui.ErrorsOf(en, c.err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorsAt(t *testing.T) {
	e := ui.Errors{Fields: []ui.FieldError{
		{Name: "hours.tue.0", Message: "ends before it begins"},
		{Name: "hours", Message: "too few", Mend: "add a day"},
		{Name: "company.uscc", Message: "wrong digit"},
	}}
	for name, want := range map[string]string{
		"hours": "too few add a day", "hours.tue": "ends before it begins", "company": "wrong digit",
		"company.uscc": "wrong digit", "company.us": "", "hour": "", "": "",
	} {
		if got := e.At(name); got != want {
			t.Errorf("At(%q) = %q, want %q", name, got, want)
		}
	}
	if named := e.Named(map[string]string{"company.uscc": "USCC"}); named.Fields[2].Label != "USCC" || e.Fields[2].Label != "" {
		t.Errorf("Named must label a copy: %+v, %+v", named.Fields[2], e.Fields[2])
	}
}

func FuzzPointer(f *testing.F) {
	for _, s := range []string{"company.uscc", "files.0.kind", "a/b", "a~b", "~1", "", "."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got := ui.NameOf(ui.PointerOf(name)); got != name {
			t.Errorf("NameOf(PointerOf(%q)) = %q", name, got)
		}
	})
}
