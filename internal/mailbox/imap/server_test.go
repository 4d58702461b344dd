package imap

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

const (
	user     = "deposit"
	password = "Geheim-9f3c!"
	folder   = "Vouchers"
)

// post is a mailbox on a real IMAP server behind a line that tests disturb.
type post struct {
	t    testing.TB
	user *imapmemserver.User
	addr string // of the line
	to   string // of the server

	away    atomic.Bool  // the line hangs up at once
	hangs   atomic.Bool  // it takes what it is told and never answers
	noIdle  atomic.Bool  // the server seems to have no IDLE
	left    atomic.Int64 // bytes that come through before it is cut; negative is no end
	dialled atomic.Int64
	open    atomic.Int64

	mu    sync.Mutex
	conns []net.Conn // guarded by mu
}

// newPost starts the server; secret is how it encrypts, nil is not at all.
func newPost(t testing.TB, secret *tls.Config) *post {
	t.Helper()
	p := &post{t: t, user: imapmemserver.NewUser(user, password)}
	p.left.Store(-1)
	p.renew()
	mem := imapmemserver.New()
	mem.AddUser(p.user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return telling{mem.NewSession()}, nil, nil
		},
		Caps: goimap.CapSet{goimap.CapIMAP4rev1: {}}, Logger: quiet{}, InsecureAuth: true, TLSConfig: secret,
	})
	behind := p.listen()
	p.to = behind.Addr().String()
	go server.Serve(behind)
	t.Cleanup(func() { server.Close() })
	line := p.listen()
	p.addr = line.Addr().String()
	go p.serve(line)
	t.Cleanup(func() { line.Close(); p.cut() })
	return p
}

// telling is a session that tells during IDLE also of what came just before; the
// library's own forgets it.
type telling struct{ imapserver.Session }

func (s telling) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := s.Poll(w, true); err != nil {
				return err
			}
		case <-stop:
			return nil
		}
	}
}

var seenCriteria = goimap.SearchCriteria{Flag: []goimap.Flag{goimap.FlagSeen}}

type quiet struct{}

func (quiet) Printf(string, ...any) {}

func (p *post) listen() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	return l
}

// serve is the line.
func (p *post) serve(l net.Listener) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		p.dialled.Add(1)
		if p.away.Load() {
			near.Close()
			continue
		}
		p.keep(near)
		if p.hangs.Load() {
			continue
		}
		far, err := net.Dial("tcp", p.to)
		if err != nil {
			near.Close()
			continue
		}
		p.keep(far)
		p.open.Add(1)
		go func() { io.Copy(far, near); far.Close() }()
		go func() { io.Copy(line{p, near}, far); near.Close(); p.open.Add(-1) }()
	}
}

func (p *post) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = append(p.conns, c)
}

// cut ends all connections.
func (p *post) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}

// line is what the server says on its way.
type line struct {
	p *post
	net.Conn
}

func (l line) Write(b []byte) (int, error) {
	if l.p.noIdle.Load() {
		b = bytes.ReplaceAll(b, []byte(" IDLE"), []byte(" XXXX"))
	}
	if left := l.p.left.Load(); left >= 0 {
		if int64(len(b)) >= left {
			l.Conn.Write(b[:left])
			return 0, errors.New("the line is cut")
		}
		l.p.left.Add(-int64(len(b)))
	}
	return l.Conn.Write(b)
}

// renew makes the folder anew: empty, with another UIDVALIDITY.
func (p *post) renew() {
	if err := p.user.Delete(folder); err != nil && !strings.Contains(err.Error(), "No such mailbox") {
		p.t.Fatal(err)
	}
	if err := p.user.Create(folder, nil); err != nil {
		p.t.Fatal(err)
	}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// put lays a mail into the folder.
func (p *post) put(raw []byte) {
	p.t.Helper()
	if _, err := p.user.Append(folder, literal{bytes.NewReader(raw)}, &goimap.AppendOptions{}); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) settings() Settings {
	host, port, err := net.SplitHostPort(p.addr)
	if err != nil {
		p.t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		p.t.Fatal(err)
	}
	return Settings{Host: host, Port: n, User: user, Password: password, Security: Plain, Folder: folder}
}

// letter is a mail with a text of its own.
func letter(n int) []byte {
	return fmt.Appendf(nil, "From: <wang%d@example.com>\r\nMessage-ID: <%d@example.com>\r\nSubject: deposit %d\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", n, n, n, strings.Repeat("line\r\n", 200))
}

// watched is a reader whose pauses and words the test sees.
type watched struct {
	*Reader
	pauses chan time.Duration // it wants to wait so long
	end    chan struct{}      // of one wait
	log    *record
}

type record struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(b)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

func watch(t testing.TB, d *db.DB, s Settings, files *file.Files) *watched {
	w := &watched{pauses: make(chan time.Duration), end: make(chan struct{}), log: &record{}}
	w.Reader = New(s, d, mailbox.Box{Files: files, Trusted: "mx.example", Source: s.Source()}, slog.New(slog.NewTextHandler(w.log, nil)))
	w.pace.wait = func(ctx context.Context, d time.Duration) error {
		if d == w.pace.beat {
			<-ctx.Done() // the test's clock stands still, and so does the lease
			return ctx.Err()
		}
		select {
		case w.pauses <- d:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-w.end:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return w
}

// run runs it until the test, or stop, ends it.
func (w *watched) run(t testing.TB) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// pause is the next wait that begins.
func (w *watched) pause(t testing.TB) time.Duration {
	t.Helper()
	select {
	case d := <-w.pauses:
		return d
	case <-time.After(20 * time.Second):
		t.Fatalf("it does not pause; it says %s", w.log)
		return 0
	}
}

func newFiles(t testing.TB) *file.Files { return file.New(newStore(t), dbtest.Vault()) }

func newStore(t testing.TB) file.Store {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// full is a store that takes nothing while it is full.
type full struct {
	file.Store
	is *atomic.Bool
}

func (f full) Put(ctx context.Context, name string, data []byte) error {
	if f.is.Load() {
		return errors.New("no space left on device")
	}
	return f.Store.Put(ctx, name, data)
}

var staff = access.Actor{Kind: access.Staff, ID: "acc_clerk", Roles: []access.Role{access.Finance}}

// state is what the office would show.
func state(t testing.TB, d *db.DB) (r mailbox.Reading, letters []mailbox.Listed) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		all, err := mailbox.Readings(t.Context(), tx, staff)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			r = all[0]
		}
		letters, err = mailbox.List(t.Context(), tx, staff, mailbox.Filter{Limit: 100})
		return err
	})
	return r, letters
}

// until waits for what another goroutine brings about.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("in vain: %s", what)
		}
	}
}

// read waits until so many letters are kept and everything is read.
func read(t testing.TB, d *db.DB, n int) {
	t.Helper()
	until(t, fmt.Sprintf("%d letters", n), func() bool {
		r, l := state(t, d)
		return len(l) == n && !r.ReadAt.IsZero() && r.FailedAt.IsZero()
	})
}

// certificate is one that nobody signed, and who trusts it.
func certificate(t testing.TB) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	is := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, is, is, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}
}
