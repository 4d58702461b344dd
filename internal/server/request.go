package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// LangCookie keeps the language that a reader chose.
const LangCookie = "yunshi_lang"

// observe gives the request its id, logs it once, counts it, and turns a panic
// into an answer. The log holds the route, never the address with its values.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		i := &info{id: strings.ToLower(rand.Text()[:12]), url: r.URL}
		ctx, span := beginSpan(context.WithValue(r.Context(), infoKey{}, i), r)
		r = r.WithContext(ctx)
		w.Header().Set("X-Request-Id", i.id)
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				s.Log.Error("panic", "request", i.id, "route", r.Pattern, "panic", v, "stack", string(debug.Stack()))
				if rec.status == 0 {
					s.plainly(rec, r, http.StatusInternalServerError, "fault.internal")
				}
			}
			endSpan(span, r, i.id, rec.code())
			took := time.Since(begun)
			s.metrics.count(r.Method, route(r), rec.code(), took)
			level := slog.LevelInfo
			if rec.code() >= 500 {
				level = slog.LevelError
			}
			s.Log.Log(ctx, level, "request", "request", i.id, "method", r.Method, "route", route(r), "status", rec.code(),
				"ms", took.Milliseconds(), "actor", i.actor.ID, "bytes", rec.bytes)
		}()
		next.ServeHTTP(rec, r)
	})
}

func route(r *http.Request) string {
	if r.Pattern == "" {
		return "none"
	}
	return r.Pattern
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// WriteHeader remembers the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// identify finds who acts and in which language they read.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		i := of(ctx)
		i.actor = access.Actor{Kind: access.Visitor, Address: s.address(r)}
		i.printer.Lang = text.Match(r.Header.Get("Accept-Language"))
		i.token = s.token(r)
		var own string
		if i.token != "" && !strings.HasPrefix(r.URL.Path, "/assets/") {
			err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
				a, actor, err := account.ByToken(ctx, tx, i.token)
				if err == nil {
					actor.Address = i.actor.Address
					i.account, i.actor, own = a, actor, a.Lang.Tag()
				}
				return err
			})
			switch {
			case fault.Is(err, fault.Unauthenticated):
				i.deny = err
			case err != nil:
				s.Log.Error("identify", "request", i.id, "error", err)
				s.plainly(w, r, http.StatusServiceUnavailable, "fault.busy")
				return
			case i.actor.KeyID != "":
				s.noteKey(ctx, i.actor.KeyID)
			case i.actor.SessionID != "":
				i.actor.Stale = i.actor.ProvedAt.Before(account.FreshSince(s.Policy(ctx).People, s.DB.Clock().Now()))
				s.noteSession(ctx, i.actor.SessionID)
			}
		}
		i.printer = text.Printer{Lang: language(w, r, own), Zone: s.Policy(ctx).Location()}
		next.ServeHTTP(w, r)
	})
}

// noteKey records that a key was used; it must not fail the request.
func (s *Server) noteKey(ctx context.Context, id string) {
	var stale bool
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { stale, err = account.UseIsStale(ctx, tx, id); return err })
	if err == nil && stale {
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return account.Used(ctx, tx, id) })
	}
	if err != nil {
		s.Log.Warn("api key use", "key", id, "error", err)
	}
}

// seenPause is how often this process notes that a session is in use.
const seenPause = 5 * time.Minute

// noteSession records that a session is in use; it must not fail the request.
func (s *Server) noteSession(ctx context.Context, id string) {
	now := s.DB.Clock().Now()
	s.inUse.Lock()
	last, ok := s.inUse.at[id]
	due := !ok || now.Sub(last).Abs() >= seenPause
	if due {
		if len(s.inUse.at) > 10_000 {
			clear(s.inUse.at)
		}
		s.inUse.at[id] = now
	}
	s.inUse.Unlock()
	if !due {
		return
	}
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return account.Seen(ctx, tx, id) }); err != nil {
		s.Log.Warn("session use", "session", id, "error", err)
	}
}

// bearer is the token in the header. Another scheme is a proxy's before us and
// nothing to us.
func bearer(r *http.Request) string {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(rest)
}

func (s *Server) token(r *http.Request) string {
	if t := bearer(r); t != "" {
		return t
	}
	if c, err := r.Cookie(s.cookieName()); err == nil {
		return c.Value
	}
	return ""
}

// PendingCookie holds the token of a session that waits for a second factor.
const PendingCookie = "yunshi_pending"

// SetPending gives the browser a session that waits for a second factor.
func (s *Server) SetPending(w http.ResponseWriter, ses account.Session) {
	left := int(ses.ExpiresAt.Sub(s.DB.Clock().Now()) / time.Second)
	c := s.sessionCookie(ses.Token, max(left, 1))
	c.Name, c.SameSite = s.cookiePrefix()+PendingCookie, http.SameSiteStrictMode
	http.SetCookie(w, c)
}

// Pending is the token of the session that waits, "" without one.
func (s *Server) Pending(r *http.Request) string {
	c, err := r.Cookie(s.cookiePrefix() + PendingCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// ClearPending takes it away.
func (s *Server) ClearPending(w http.ResponseWriter) {
	c := s.sessionCookie("", -1)
	c.Name = s.cookiePrefix() + PendingCookie
	http.SetCookie(w, c)
}

func (s *Server) secure() bool { return strings.HasPrefix(s.BaseURL, "https:") }

func (s *Server) cookieName() string { return s.cookiePrefix() + SessionCookie }

func (s *Server) cookiePrefix() string {
	if s.secure() {
		return "__Host-"
	}
	return ""
}

// language is the one asked for in the address (kept for later), else the
// cookie's, the account's, the browser's.
func language(w http.ResponseWriter, r *http.Request, own string) text.Lang {
	if q := r.URL.Query().Get("lang"); q != "" {
		l := text.Match(q)
		http.SetCookie(w, &http.Cookie{Name: LangCookie, Value: l.Tag(), Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true})
		return l
	}
	var cookie string
	if c, err := r.Cookie(LangCookie); err == nil {
		cookie = c.Value
	}
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		return text.Match(r.Header.Get("Accept-Language"), own)
	}
	return text.Match(cookie, own, r.Header.Get("Accept-Language"))
}

func (s *Server) address(r *http.Request) string {
	if s.TrustProxy {
		if f := r.Header.Get("X-Forwarded-For"); f != "" {
			parts := strings.Split(f, ",")
			if ip := net.ParseIP(strings.TrimSpace(parts[len(parts)-1])); ip != nil {
				return ip.String()
			}
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// SetSession gives the browser its session. Its end is told as a span, since the
// reader's clock may be wrong.
func (s *Server) SetSession(w http.ResponseWriter, ses account.Session) {
	left := int(ses.ExpiresAt.Sub(s.DB.Clock().Now()) / time.Second)
	http.SetCookie(w, s.sessionCookie(ses.Token, max(left, 1)))
}

// ClearSession takes it away.
func (s *Server) ClearSession(w http.ResponseWriter) { http.SetCookie(w, s.sessionCookie("", -1)) }

func (s *Server) sessionCookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: s.secure(), SameSite: http.SameSiteLaxMode}
}
