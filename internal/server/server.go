// Package server is what every request passes through, whichever face answers
// it: request id, log line, language, who acts, protection from other sites,
// security headers, and the one table that turns an error's kind into a status.
// It holds no rule and knows no page and no endpoint.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzhttp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// SessionCookie holds a browser's session; over https its name begins with __Host-,
// so that no other host of the domain can set it.
const SessionCookie = "yunshi_session"

// Server routes requests to the faces that register with it.
type Server struct {
	DB      *db.DB
	Log     *slog.Logger
	BaseURL string // as browsers see it, without a slash at the end
	// TrustProxy takes the client's address from X-Forwarded-For.
	TrustProxy bool
	// NoStaffPasswords refuses the passwords of staff: they come by the identity provider.
	NoStaffPasswords bool

	mux      *http.ServeMux
	patterns []string
	metrics  *metrics
	policies atomic.Pointer[seen]
	inUse    struct {
		sync.Mutex
		at map[string]time.Time // by session, when its use was last noted; guarded by the mutex
	}
}

// seen is the policy as last read, so that no request reads it for its time zone alone.
type seen struct {
	policy policy.Policy
	at     time.Time
}

// New makes a server without routes.
func New(d *db.DB, log *slog.Logger, baseURL string) *Server {
	s := &Server{DB: d, Log: log, BaseURL: strings.TrimSuffix(baseURL, "/"), mux: http.NewServeMux(), metrics: newMetrics(d)}
	s.inUse.at = make(map[string]time.Time)
	return s
}

// Handle registers a handler under a pattern of http.ServeMux.
func (s *Server) Handle(pattern string, h http.Handler) {
	s.patterns = append(s.patterns, pattern)
	s.mux.Handle(pattern, h)
}

// Patterns are those given to Handle so far, which the API's operations are not among.
func (s *Server) Patterns() []string { return s.patterns }

// methods are those that an address may be asked by.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// Missing is the error of an address that no pattern with a method answers:
// fault.NotFound with the given sentence, or fault.WrongMethod, with the header
// Allow, where another method would be answered.
func (s *Server) Missing(w http.ResponseWriter, r *http.Request, key text.Key, args ...any) error {
	var allowed []string
	for _, m := range methods {
		as := *r
		as.Method = m
		if _, pattern := s.mux.Handler(&as); strings.HasPrefix(pattern, m+" ") {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		return fault.New(fault.NotFound, key, args...)
	}
	list := strings.Join(allowed, ", ")
	w.Header().Set("Allow", list)
	return fault.New(fault.WrongMethod, "fault.wrong_method", r.Method, list)
}

// Mux is where humago registers the API's operations.
func (s *Server) Mux() *http.ServeMux { return s.mux }

// Policy is the policy in force, at most ten seconds old: for zones and names on
// pages. Operations read theirs in their own transaction.
func (s *Server) Policy(ctx context.Context) policy.Policy {
	now := s.DB.Clock().Now()
	if p := s.policies.Load(); p != nil && now.Sub(p.at).Abs() < 10*time.Second {
		return p.policy
	}
	p := policy.Shipped()
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = policy.Now(ctx, tx)
		return err
	})
	if err != nil {
		s.Log.ErrorContext(ctx, "policy", "error", err)
		return policy.Shipped()
	}
	s.policies.Store(&seen{p, now})
	return p
}

// Handler is the whole: all routes behind all middleware.
func (s *Server) Handler() http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	if err := sameOrigin.AddTrustedOrigin(s.BaseURL); err != nil {
		s.Log.Warn("the marketplace's address is not an origin", "error", err)
	}
	guarded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A key or token in the header is not sent by a browser on its own, so no
		// other site can make use of it; cookies are.
		if bearer(r) == "" && sameOrigin.Check(r) != nil {
			s.plainly(w, r, http.StatusForbidden, "server.cross_origin")
			return
		}
		if !legible(r.URL) {
			s.plainly(w, r, http.StatusBadRequest, "server.bad_address")
			return
		}
		s.mux.ServeHTTP(w, r)
	})
	compressed, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(1), gzhttp.ContentTypes([]string{
		"text/html", "application/json", "application/problem+json", "application/xml", "text/plain", "text/csv"}))
	if err != nil {
		panic(err) // the options are constants
	}
	known := s.identify(compressed(guarded))
	probes := s.probes()
	return s.observe(headers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, probe := probes.Handler(r); probe != "" {
			probes.ServeHTTP(w, r) // asks neither who nor in which language
			return
		}
		known.ServeHTTP(w, r)
	})))
}

// legible reports whether an address is text that both databases can hold: UTF-8
// without a zero byte.
func legible(u *url.URL) bool {
	for _, s := range []string{u.Path, u.RawQuery} {
		if plain, err := url.QueryUnescape(s); err == nil {
			s += plain
		}
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return false
		}
	}
	return true
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// info is what identify found out about a request.
type info struct {
	id      string
	actor   access.Actor
	account account.Account
	printer text.Printer
	token   string
	deny    error // a token was given and is not valid
	url     *url.URL
}

type infoKey struct{}

func of(ctx context.Context) *info {
	if i, ok := ctx.Value(infoKey{}).(*info); ok {
		return i
	}
	return &info{}
}

// Actor is who makes the request.
func Actor(ctx context.Context) access.Actor { return of(ctx).actor }

// Account is the signed-in person; the zero value is nobody.
func Account(ctx context.Context) account.Account { return of(ctx).account }

// Printer speaks the reader's language in the operator's zone.
func Printer(ctx context.Context) text.Printer { return of(ctx).printer }

// Token is the session token or API key of the request, "" without one.
func Token(ctx context.Context) string { return of(ctx).token }

// Address is what the request asked for; it is not to be changed.
func Address(ctx context.Context) *url.URL {
	if u := of(ctx).url; u != nil {
		return u
	}
	return &url.URL{Path: "/"}
}

// RequestID names the request in the log.
func RequestID(ctx context.Context) string { return of(ctx).id }

// Denied is the error of a token that was given and is not valid; pages treat
// such a reader as nobody, the API answers with it.
func Denied(ctx context.Context) error { return of(ctx).deny }
