package story_test

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/notify/mail"
	"github.com/yunshi-market/yunshi/internal/notify/sms"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// stuck is an SMTP server and an SMS service that take a connection and then say
// nothing more: the first from the start or in the middle of the message, the second
// after the request. Once they are well they are services.
type stuck struct {
	services
	asked chan string // who waits for an answer: "mail" or "sms"
	over  chan struct{}
}

func (s *stuck) hangs() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.down }

// stuckSession reads the first bytes of the message and no more.
type stuckSession struct {
	smtpSession
	s *stuck
}

// Data reads a little and hangs.
func (x stuckSession) Data(r io.Reader) error {
	if !x.s.hangs() {
		return x.smtpSession.Data(r)
	}
	if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
		return err
	}
	x.s.asked <- "mail"
	<-x.s.over
	return io.ErrUnexpectedEOF
}

// silent hangs from the first byte on while the server is stuck.
type silent struct {
	net.Listener
	s *stuck
}

// Accept keeps connections to itself while the server is stuck.
func (l silent) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil || !l.s.hangs() {
			return c, err
		}
		l.s.asked <- "mail"
		go func() { <-l.s.over; c.Close() }()
	}
}

// startStuck starts both; each of a message's tries may take so long.
func startStuck(t *testing.T, early bool, patience time.Duration, now func() time.Time) (*stuck, func(*market.Config)) {
	t.Helper()
	s := &stuck{services: services{down: true, mails: map[string]int{}, sms: map[string]int{}}, asked: make(chan string, 1000), over: make(chan struct{})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if early {
		l = silent{l, s}
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return stuckSession{smtpSession{&s.services}, s}, nil }))
	srv.Domain = "mx.example.test"
	go srv.Serve(l)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.hangs() {
			s.asked <- "sms"
			<-s.over
			return
		}
		s.mu.Lock()
		s.sms[r.Header.Get("webhook-id")]++
		s.mu.Unlock()
	}))
	t.Cleanup(func() {
		s.release()
		srv.Close()
		web.Close()
	})
	post, err := mail.New(mail.Config{Host: "127.0.0.1", Port: port, TLS: mail.None, From: "noreply@market.example", FromName: "云市场", Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	text, err := sms.NewWebhook(sms.WebhookConfig{URL: web.URL, Secrets: []string{"whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes...."))},
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: now, Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	return s, func(c *market.Config) { c.Mail, c.SMS = post, text }
}

// release lets go of whoever waits.
func (s *stuck) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.over:
	default:
		close(s.over)
	}
}

func twoWays(t *testing.T, do func(t *testing.T, d *db.DB, early bool)) {
	for name, early := range map[string]bool{"silent from the start": true, "in the middle of the message": false} {
		t.Run(name, func(t *testing.T) { dbtest.Each(t, func(t *testing.T, d *db.DB) { do(t, d, early) }) })
	}
}

// A server that takes the connection and says nothing costs each try its time and no
// more: the message waits with the cause, and goes out once when the server is well.
func TestMailAndSMSServersThatHang(t *testing.T) {
	twoWays(t, func(t *testing.T, d *db.DB, early bool) {
		const patience = 300 * time.Millisecond
		s, config := startStuck(t, early, patience, d.Clock().Now)
		w := world.Open(t, d, config)
		v := yunshitest.Vendor(t, d)
		yunshitest.Person(t, d, yunshitest.Owner(v.ID), "王芳")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			return notify.Vendor(ctx, tx, event.Ref{ID: "evt_1", VendorID: v.ID}, notify.Notice{Template: "notify.product_rejected", Args: []any{"量子密钥"},
				Link: "/console/products", Channels: []notify.Channel{notify.Mail, notify.SMS, notify.Inbox}})
		})
		began := time.Now()
		w.Drain()
		if took := time.Since(began); took < patience || took > patience+10*time.Second {
			t.Errorf("giving up took %s", took)
		}
		asked := map[string]int{<-s.asked: 1}
		asked[<-s.asked]++
		if asked["mail"] != 1 || asked["sms"] != 1 {
			t.Errorf("asked %v", asked)
		}
		office := w.As(w.Staff("boss", access.Administrator))
		office.Get("/office/messages?lang=zh-CN").Want(200, "发送中")
		w.Read(func(ctx context.Context, tx *db.Tx) error {
			causes, err := db.All(ctx, tx, db.Value[string], `SELECT last_error FROM message WHERE state = 'queued' AND tries = 1 AND last_error <> ''`)
			if len(causes) != 2 {
				t.Errorf("the causes are %q", causes)
			}
			return err
		})
		s.set(false)
		s.release()
		for range 3 {
			w.Advance(time.Minute)
			w.Drain()
		}
		if len(s.mails) != 1 || len(s.sms) != 1 {
			t.Errorf("arrived: %v %v", s.mails, s.sms)
		}
		for _, all := range []map[string]int{s.mails, s.sms} {
			for id, n := range all {
				if n != 1 {
					t.Errorf("%q arrived %d times", id, n)
				}
			}
		}
	})
}

// While more mails and SMS wait for hanging servers than there are workers, other
// work goes on: what a person is told of their account is in the inbox at once.
func TestOtherWorkGoesOnBesideServersThatHang(t *testing.T) {
	twoWays(t, func(t *testing.T, d *db.DB, early bool) {
		s, config := startStuck(t, early, time.Minute, d.Clock().Now)
		w := world.Open(t, d, config)
		v := yunshitest.Vendor(t, d)
		owner := yunshitest.Owner(v.ID)
		yunshitest.Person(t, d, owner, "王芳")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			for i := range 40 {
				if err := notify.Vendor(ctx, tx, event.Ref{ID: "evt_" + string(rune('A'+i)), VendorID: v.ID}, notify.Notice{Template: "notify.product_rejected", Args: []any{"量子密钥"},
					Link: "/console/products", Channels: []notify.Channel{notify.Mail, notify.SMS}}); err != nil {
					return err
				}
			}
			return nil
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Runner.Run(ctx); close(ended) }()
		for waiting := map[string]bool{}; len(waiting) < 2; {
			waiting[<-s.asked] = true
		}
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			return account.ToldJob.Later(ctx, tx, account.Told{ID: "tld_1", Account: owner.ID, Vendor: v.ID, Lang: "zh-CN", Template: "notify.product_rejected", Args: []account.Word{{Text: "量子密钥"}}})
		})
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		unread := 0
		for range 1000 {
			<-tick.C
			w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				unread, err = notify.Unread(ctx, tx, owner)
				return err
			})
			if unread > 0 {
				break
			}
		}
		if unread != 1 {
			t.Errorf("%d in the inbox after 20 seconds", unread)
		}
		stop()
		s.release()
		<-ended
	})
}
