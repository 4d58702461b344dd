package story_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/yunshi-market/yunshi/internal/access"
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

// services are an SMTP server and an SMS service that can be down: the first then
// hangs up on whoever connects, the second answers 503.
type services struct {
	mu    sync.Mutex
	down  bool
	tries int
	mails map[string]int // by Message-ID
	sms   map[string]int // by webhook-id
}

func (s *services) set(down bool) { s.mu.Lock(); s.down = down; s.mu.Unlock() }

// refuses counts a try.
func (s *services) refuses() bool { s.mu.Lock(); defer s.mu.Unlock(); s.tries++; return s.down }

type smtpSession struct{ s *services }

// Mail accepts a sender.
func (x smtpSession) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt accepts a reader.
func (x smtpSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Reset does nothing.
func (smtpSession) Reset() {}

// Logout does nothing.
func (smtpSession) Logout() error { return nil }

// Data counts a mail by its id.
func (x smtpSession) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.mails[m.Header.Get("Message-ID")]++
	return nil
}

func (s *services) start(t *testing.T, c *market.Config, now func() time.Time) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		if s.refuses() {
			return nil, &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "not now"}
		}
		return smtpSession{s}, nil
	}))
	srv.Domain = "mx.example.test"
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	post, err := mail.New(mail.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: mail.None, From: "noreply@market.example", FromName: "云市场", Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.refuses() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		s.mu.Lock()
		s.sms[r.Header.Get("webhook-id")]++
		s.mu.Unlock()
	}))
	t.Cleanup(web.Close)
	text, err := sms.NewWebhook(sms.WebhookConfig{URL: web.URL, Secrets: []string{"whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes...."))},
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	c.Mail, c.SMS = post, text
}

// Mail and SMS are down for an hour: what is to be told waits with growing pauses
// and staff see it waiting and why, nothing else is held up, and when both are back
// each message goes out once.
func TestMailAndSMSDownForAnHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &services{down: true, mails: map[string]int{}, sms: map[string]int{}}
		w := world.Open(t, d, func(c *market.Config) { s.start(t, c, d.Clock().Now) })
		v := yunshitest.Vendor(t, d)
		yunshitest.Person(t, d, yunshitest.Owner(v.ID), "王芳")
		const told = 8
		for i := range told {
			w.Write(func(ctx context.Context, tx *db.Tx) error {
				return notify.Vendor(ctx, tx, event.Ref{ID: fmt.Sprintf("evt_%d", i), VendorID: v.ID}, notify.Notice{Template: "notify.product_rejected", Args: []any{"量子密钥"},
					Link: "/console/products", Channels: []notify.Channel{notify.Mail, notify.SMS, notify.Inbox}})
			})
		}
		w.Drain()
		first := s.tries
		if first < 2*told {
			t.Errorf("%d tries at once, want at least one of each of %d messages", first, 2*told)
		}
		var perQuarter []int
		for range 4 {
			before := s.tries
			for range 15 {
				w.Advance(time.Minute)
				w.Drain()
			}
			perQuarter = append(perQuarter, s.tries-before)
		}
		if perQuarter[0] == 0 || perQuarter[3] >= perQuarter[0] {
			t.Errorf("tries per quarter of an hour %v: the pauses do not grow", perQuarter)
		}
		if len(s.mails)+len(s.sms) != 0 {
			t.Errorf("sent %v %v while down", s.mails, s.sms)
		}
		office := w.As(w.Staff("boss", access.Administrator))
		office.Get("/office/messages?lang=zh-CN").Want(200, "量子密钥", "发送中")
		// Nothing else waits for them: what is told in the inbox is there, and so is other work.
		w.Read(func(ctx context.Context, tx *db.Tx) error {
			late, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM job WHERE state = 'available' AND run_at <= $1`, tx.Now())
			if err != nil || late != 0 {
				t.Errorf("%d jobs are held up: %v", late, err)
			}
			return err
		})
		s.set(false)
		for range 24 {
			w.Advance(time.Hour)
			w.Drain()
		}
		if len(s.mails) != told || len(s.sms) != told {
			t.Errorf("%d mails and %d SMS arrived, want %d each", len(s.mails), len(s.sms), told)
		}
		for _, all := range []map[string]int{s.mails, s.sms} {
			for id, n := range all {
				if n != 1 || id == "" {
					t.Errorf("%q arrived %d times", id, n)
				}
			}
		}
		w.Read(func(ctx context.Context, tx *db.Tx) error {
			n, err := notify.FailedCount(ctx, tx)
			if n != 0 {
				t.Errorf("%d messages failed for good", n)
			}
			return err
		})
	})
}
