// Package fault says what went wrong in terms of the person who can mend it. An
// Error carries a kind, a sentence of the catalogue and, for bad input, the
// fields it stands in; a face puts it into the reader's language and a status.
// Every other error is Internal and is never shown.
package fault

import (
	"errors"
	"strings"

	"github.com/yunshi-market/yunshi/internal/text"
)

// Kind is a class of error; it is itself an error, so that
// errors.Is(err, fault.NotFound) asks for the class.
type Kind string

// The kinds of error.
const (
	Invalid         Kind = "invalid"         // the input must change; Fields say where
	Unauthenticated Kind = "unauthenticated" // nobody is signed in
	Forbidden       Kind = "forbidden"       // this person may not
	Unproved        Kind = "unproved"        // may, but proves anew first who they are
	NotFound        Kind = "not_found"       // no such thing, or not for this reader
	Conflict        Kind = "conflict"        // the state of things does not allow it
	TooEarly        Kind = "too_early"       // allowed later
	Gone            Kind = "gone"            // allowed earlier, expired now
	TooMany         Kind = "too_many"        // asked too often
	TooLarge        Kind = "too_large"       // more bytes than allowed
	WrongMethod     Kind = "wrong_method"    // the address is there, and is asked otherwise
	NoRoom          Kind = "no_room"         // the operator's disk is full; nothing was kept
	Internal        Kind = "internal"        // ours to mend; never shown
)

// Error makes a Kind an error for errors.Is.
func (k Kind) Error() string { return string(k) }

// Field is one thing wrong with an input.
type Field struct {
	Pointer string // JSON pointer into the input: "/company/uscc"
	Message text.Message
	Rule    string       // the rule's id in rules.md, or ""
	Mend    text.Message // what would mend it, if the message alone does not say; may be empty
}

// Error is an error for a person.
type Error struct {
	Kind    Kind
	Message text.Message
	Rule    string
	Fields  []Field
	Cause   error // for the log only
}

// New makes an error of a kind with a sentence of the catalogue.
func New(k Kind, key text.Key, args ...any) *Error {
	return &Error{Kind: k, Message: text.M(key, args...)}
}

// Of adds the rule's id.
func (e *Error) Of(rule string) *Error { e.Rule = rule; return e }

// Because adds the cause, for the log only.
func (e *Error) Because(err error) *Error { e.Cause = err; return e }

// Error writes the error in English, for logs.
func (e *Error) Error() string {
	p := text.Printer{Lang: text.EN}
	var b strings.Builder
	b.WriteString(p.Say(e.Message))
	for _, f := range e.Fields {
		b.WriteString("; " + f.Pointer + ": " + p.Say(f.Message))
	}
	return b.String()
}

// Is answers errors.Is for a Kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Fields collects what is wrong with an input. The zero value is ready.
type Fields struct {
	list  []Field
	other error // not for a person: Err returns it as it is
}

// Add notes one field.
func (f *Fields) Add(pointer string, key text.Key, args ...any) {
	f.list = append(f.list, Field{Pointer: pointer, Message: text.M(key, args...)})
}

// AddRule notes one field with the rule it breaks.
func (f *Fields) AddRule(rule, pointer string, key text.Key, args ...any) {
	f.list = append(f.list, Field{Pointer: pointer, Rule: rule, Message: text.M(key, args...)})
}

// Take notes the message of err at the pointer, or err's own fields below it; nil
// is nothing, and what is no fault at all comes out of Err as it is.
func (f *Fields) Take(pointer string, err error) {
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) {
		f.other = errors.Join(f.other, err)
		return
	}
	if len(e.Fields) == 0 {
		f.list = append(f.list, Field{Pointer: pointer, Rule: e.Rule, Message: e.Message})
	}
	for _, x := range e.Fields {
		x.Pointer = pointer + x.Pointer
		f.list = append(f.list, x)
	}
}

// Put notes ready-made fields.
func (f *Fields) Put(fields ...Field) { f.list = append(f.list, fields...) }

// Len is how many fields were noted.
func (f *Fields) Len() int { return len(f.list) }

// Err returns an Invalid error with the fields, or nil if there are none.
func (f *Fields) Err() error {
	if f.other != nil {
		return f.other
	}
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: text.M("fault.invalid"), Fields: f.list}
}

// At makes an Invalid error for one field.
func At(pointer string, key text.Key, args ...any) *Error {
	var f Fields
	f.Add(pointer, key, args...)
	return &Error{Kind: Invalid, Message: text.M("fault.invalid"), Fields: f.list}
}

// Is is errors.Is for a kind: fault.Is(err, fault.NotFound).
func Is(err error, k Kind) bool { return errors.Is(err, k) }
