package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/text"
)

var kinds = []Kind{Invalid, Unauthenticated, Forbidden, NotFound, Conflict, TooEarly, Gone, TooMany, TooLarge, Internal}

func TestKindIsFoundThroughWrapping(t *testing.T) {
	for _, k := range kinds {
		err := fmt.Errorf("order ord_1: %w", New(k, "fault.not_found"))
		for _, other := range kinds {
			if got := errors.Is(err, other); got != (k == other) {
				t.Errorf("errors.Is(%v, %s) = %v", err, other, got)
			}
		}
	}
	//lint:ignore SA1032 a kind is asked of a foreign error on purpose
	if errors.Is(io.EOF, Internal) || errors.Is(New(Invalid, "fault.invalid"), io.EOF) {
		t.Error("an error of another make has a kind")
	}
}

func TestCauseIsKeptForTheLog(t *testing.T) {
	err := New(Conflict, "fault.changed").Of("D-7").Because(io.ErrUnexpectedEOF)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, Conflict) || err.Rule != "D-7" {
		t.Errorf("%+v has lost its cause, kind or rule", err)
	}
	if got, want := err.Error(), "Somebody has just changed this; reload and try again"; got != want {
		t.Errorf("Error = %q, want %q, without the cause", got, want)
	}
}

func TestErrorIsWrittenWithItsFields(t *testing.T) {
	var f Fields
	f.Add("/company/name", "fault.required")
	f.AddRule("E-1", "/company/uscc", "fault.too_long", 18, 19)
	want := "Some entries need a change; see the marked fields" +
		"; /company/name: This is required" +
		"; /company/uscc: At most 18 characters; there are 19"
	if got := f.Err().Error(); got != want {
		t.Errorf("Error = %q, want %q", got, want)
	}
}

func TestFields(t *testing.T) {
	var none Fields
	none.Take("/a", nil)
	if err := none.Err(); err != nil || none.Len() != 0 {
		t.Errorf("nothing wrong is %v", err)
	}

	var inner Fields
	inner.AddRule("E-2", "/mon/0/to", "fault.required")
	inner.Add("/tue/0/to", "fault.required")

	var f Fields
	f.Take("/week", inner.Err())
	f.Take("/uscc", fmt.Errorf("company: %w", New(Invalid, "fault.too_long", 18, 19).Of("E-1")))
	f.Put(Field{Pointer: "/ready", Message: text.M("fault.required")})
	want := []Field{
		{Pointer: "/week/mon/0/to", Rule: "E-2", Message: text.M("fault.required")},
		{Pointer: "/week/tue/0/to", Message: text.M("fault.required")},
		{Pointer: "/uscc", Rule: "E-1", Message: text.M("fault.too_long", 18, 19)},
		{Pointer: "/ready", Message: text.M("fault.required")},
	}
	var got *Error
	if err := f.Err(); !errors.As(err, &got) || !errors.Is(err, Invalid) {
		t.Fatalf("Err = %v, want Invalid", err)
	}
	if diff := cmp.Diff(want, got.Fields); diff != "" || f.Len() != len(want) {
		t.Errorf("fields: −want +got\n%s", diff)
	}
	f.Take("/file", io.EOF)
	if err := f.Err(); !errors.Is(err, io.EOF) {
		t.Errorf("Err = %v, want what is no fault to come out as it is", err)
	}
	if inner.Len() != 2 || inner.list[0].Pointer != "/mon/0/to" {
		t.Errorf("taking fields changed where they came from: %v", inner.list)
	}
}

func TestAt(t *testing.T) {
	err := At("/amount", "fault.too_short", 2, 1)
	want := []Field{{Pointer: "/amount", Message: text.M("fault.too_short", 2, 1)}}
	if diff := cmp.Diff(want, err.Fields); diff != "" || !errors.Is(err, Invalid) {
		t.Errorf("%v: fields −want +got\n%s", err, diff)
	}
}
