package story_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// browser is what a person acts with: one that runs no scripts, or a real one.
type browser interface {
	Speak(lang string)
	Cookie(name string) string
	Get(path string)
	// Post sends a form that the page need not have.
	Post(path string, values url.Values)
	// Submit fills in the page's form with the action and sends it.
	Submit(action string, values url.Values, files map[string][]world.Document)
	// Press clicks the button that sends its form to another address than the form's.
	Press(action string)
	Now() shown
}

// shown is a page as a reader and the source have it.
type shown struct {
	Status           int
	Path, Body, Text string
}

// plain is the browser without scripts.
type plain struct {
	t testing.TB
	b *world.Browser
}

func openPlain(t testing.TB, w *world.World) browser { return plain{t, w.Browser()} }

func (p plain) Speak(lang string)                   { p.b.Speak(lang) }
func (p plain) Cookie(name string) string           { return p.b.Cookie(name) }
func (p plain) Get(path string)                     { p.b.Get(path) }
func (p plain) Post(path string, values url.Values) { p.b.Post(path, values) }

func (p plain) Submit(action string, values url.Values, files map[string][]world.Document) {
	if len(files) > 0 {
		p.b.SubmitWith(action, values, files)
		return
	}
	p.b.Submit(action, values)
}

func (p plain) Press(action string) {
	if !strings.Contains(p.Now().Body, `formaction="`+action+`"`) {
		p.t.Fatalf("%s has no button for %s", p.Now().Path, action)
	}
	p.b.Post(action, nil)
}

func (p plain) Now() shown {
	if p.b.Page == nil {
		return shown{}
	}
	return shown{Status: p.b.Page.Status, Path: p.b.Page.Path, Body: p.b.Page.Body, Text: p.b.Page.Text()}
}
