package cn

import (
	"errors"
	"testing"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// refused fails the test unless err is Invalid with the sentence of the key, and
// the sentence is whole in both languages.
func refused(t *testing.T, err error, want text.Key) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		t.Fatalf("got %v, want Invalid", err)
	}
	if want != "" && f.Message.Key != want {
		t.Errorf("refused with %s (%v), want %s", f.Message.Key, err, want)
	}
	for _, l := range text.Langs() {
		if said := (text.Printer{Lang: l}).Say(f.Message); said == string(f.Message.Key) {
			t.Errorf("%s is not in the catalogue", f.Message.Key)
		}
	}
}

// fuzzParser checks of a parser that it refuses only with Invalid, and that what
// it accepts it accepts again as it wrote it.
func fuzzParser[T ~string](f *testing.F, parse func(string) (T, error), seeds ...string) {
	for _, s := range append(seeds, "", " ", "\x00", "０", "\ufeff", "\xff") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := parse(s)
		if err != nil {
			refused(t, err, "")
			return
		}
		if again, err := parse(string(v)); err != nil || again != v {
			t.Fatalf("%q is read as %q, and that as %q, %v", s, v, again, err)
		}
	})
}
