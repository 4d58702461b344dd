package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const flashCookie = "yunshi_flash"

// longestRefusal is how many runes of a refusal, as of a form with many faults, go into a
// cookie.
const longestRefusal = 700

// flash travels in a cookie from an act to the page after it: a key of the
// catalogue and its arguments as text, never markup.
type flash struct {
	Tone ui.Tone  `json:"t"`
	Key  text.Key `json:"k"`
	Args []string `json:"a,omitempty"`
}

// Done leads to another page after an act and says there what was done.
func (s *Site) Done(w http.ResponseWriter, r *http.Request, to string, said text.Key, args ...string) error {
	return s.said(w, r, to, flash{ui.OK, said, args})
}

// Partly leads to another page after an act and says there what was done and what
// is still open: not in the colour of success.
func (s *Site) Partly(w http.ResponseWriter, r *http.Request, to string, said text.Key, args ...string) error {
	return s.said(w, r, to, flash{ui.Warn, said, args})
}

// Refused leads to another page and says there why an act was not done.
func (s *Site) Refused(w http.ResponseWriter, r *http.Request, to string, err error) error {
	if fault.Is(err, fault.Unproved) {
		toProof(w, r, to)
		return nil
	}
	f := s.Fault(r.Context(), err)
	p := server.Printer(r.Context())
	msg := p.Say(f.Message)
	for _, x := range f.Fields {
		msg += " " + p.Say(x.Message)
	}
	if said := []rune(msg); len(said) > longestRefusal {
		msg = string(said[:longestRefusal]) + "…"
	}
	return s.said(w, r, to, flash{ui.Bad, "web.refused", []string{msg}})
}

func (s *Site) said(w http.ResponseWriter, r *http.Request, to string, f flash) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if len(b) < 3000 {
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *Site) takeFlash(w http.ResponseWriter, r *http.Request) []ui.Flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var f flash
	if json.Unmarshal(b, &f) != nil || !text.Known(f.Key) {
		return nil
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
	}
	return []ui.Flash{{Tone: f.Tone, Text: server.Printer(r.Context()).T(f.Key, args...)}}
}
