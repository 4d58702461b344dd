package web

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"

	"github.com/gorilla/schema"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// formBytes bounds a form without files; files go through Files.
const formBytes = 1 << 20

var decoder = func() *schema.Decoder {
	d := schema.NewDecoder()
	d.SetAliasTag("json")
	d.IgnoreUnknownKeys(true)
	d.ZeroEmpty(true)
	d.RegisterConverter(money.Amount{}, func(s string) reflect.Value {
		if strings.TrimSpace(s) == "" {
			return reflect.ValueOf(money.Amount{})
		}
		a, err := money.Parse(s)
		if err != nil {
			return reflect.Value{}
		}
		return reflect.ValueOf(a)
	})
	return d
}()

// inputName is what the names of our inputs are like. The decoder is given no
// other: it fails on some, as a place in a list below zero.
var inputName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.([a-z][a-z0-9_]*|[0-9]{1,3}))*$`)

// Form decodes a request's form into an operation's paper: the input "company.uscc"
// into the field whose JSON pointer is /company/uscc. What cannot be read is an
// Invalid error with those fields. The request's id goes into the field tagged path.
func Form(w http.ResponseWriter, r *http.Request, in any) error {
	if err := Parse(w, r); err != nil {
		return err
	}
	values := make(url.Values, len(r.PostForm))
	for k, v := range r.PostForm {
		if inputName.MatchString(k) {
			values[k] = v
		}
	}
	err := decoder.Decode(in, values)
	setPath(r, in)
	return formFault(err)
}

// Parse reads the form's values within bounds; Form does so itself.
func Parse(w http.ResponseWriter, r *http.Request) error {
	if r.PostForm != nil {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, formBytes)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(formBytes)
	} else {
		err = r.ParseForm()
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.New(fault.TooLarge, "fault.body_too_large", "1 MB")
	}
	if err != nil {
		return fault.New(fault.Invalid, "web.form_unreadable").Because(err)
	}
	legible(r.PostForm)
	return nil
}

// legible takes out of what was typed what no database holds: broken UTF-8 and zero bytes.
func legible(values url.Values) {
	for _, all := range values {
		for i, v := range all {
			all[i] = strings.ReplaceAll(strings.ToValidUTF8(v, ""), "\x00", "")
		}
	}
}

func setPath(r *http.Request, in any) {
	v := reflect.ValueOf(in).Elem()
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("path"); name != "" && r.PathValue(name) != "" {
			v.Field(i).SetString(r.PathValue(name))
		}
	}
}

func formFault(err error) error {
	if err == nil {
		return nil
	}
	var f fault.Fields
	var many schema.MultiError
	if !errors.As(err, &many) {
		return fault.New(fault.Invalid, "web.form_unreadable").Because(err)
	}
	for name, one := range many {
		var conv schema.ConversionError
		pointer := ui.PointerOf(name)
		if errors.As(one, &conv) && conv.Type == reflect.TypeFor[money.Amount]() {
			f.Add(pointer, "web.not_money")
			continue
		}
		var told *fault.Error
		if errors.As(one, &told) {
			f.Take(pointer, told)
			continue
		}
		f.Add(pointer, "web.not_readable")
	}
	return f.Err()
}

// Typed is the form as the reader left it, with what err says beside its fields.
func Typed(r *http.Request, err error) ui.Form {
	return ui.Form{Values: r.PostForm, Errors: ui.ErrorsOf(server.Printer(r.Context()), err)}
}
