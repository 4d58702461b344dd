package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/yunshi-market/yunshi/internal/text"
)

// shapes are the sentences for what the library finds wrong with a request's
// shape, by how its message begins. What is not here, as a decoder's own words,
// may repeat what was sent and is told as unreadable.
var shapes = []struct {
	begins string
	key    text.Key
	limit  bool // what follows is a limit or the choices of the document
}{
	{validation.MsgUnexpectedProperty, "api.unknown_field", false},
	{validation.MsgExpectedRFC3339DateTime, "api.want_time", false},
	{validation.MsgExpectedBoolean, "api.want_boolean", false},
	{validation.MsgExpectedInteger, "api.want_integer", false},
	{before(validation.MsgExpectedMinimumNumber), "api.at_least", true},
	{before(validation.MsgExpectedMaximumNumber), "api.at_most", true},
	{validation.MsgExpectedNumber, "api.want_number", false},
	{before(validation.MsgExpectedMaxLength), "api.text_at_most", true},
	{before(validation.MsgExpectedMinLength), "api.text_at_least", true},
	{before(validation.MsgExpectedMaxItems), "api.list_at_most", true},
	{before(validation.MsgExpectedMinItems), "api.list_at_least", true},
	{validation.MsgExpectedArray, "api.want_list", false},
	{validation.MsgExpectedObject, "api.want_object", false},
	{before(validation.MsgExpectedOneOf), "api.want_choice", true},
	{validation.MsgExpectedString, "api.want_text", false},
	{"invalid integer", "api.want_integer", false},
	{"invalid boolean", "api.want_boolean", false},
}

// before is a message up to its first argument.
func before(message string) string {
	s, _, _ := strings.Cut(message, "%")
	return s
}

// shapeFault says what is wrong with one place of a request: where, and a sentence
// that repeats nothing of what was sent.
func shapeFault(d *huma.ErrorDetail) (string, text.Message) {
	at := pointer(d.Location)
	if name, ok := strings.CutPrefix(d.Message, before(validation.MsgExpectedRequiredProperty)); ok {
		name, _, _ = strings.Cut(name, " ")
		return at + "/" + name, text.M("fault.required")
	}
	if strings.HasPrefix(d.Message, "required ") {
		return at, text.M("fault.required")
	}
	for _, s := range shapes {
		rest, ok := strings.CutPrefix(d.Message, s.begins)
		switch {
		case !ok:
		case s.limit:
			return at, text.M(s.key, strings.Trim(rest, `"`))
		default:
			return at, text.M(s.key)
		}
	}
	return at, text.M("api.unreadable")
}
