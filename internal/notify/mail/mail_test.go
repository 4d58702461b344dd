package mail

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

const (
	mailbox  = "zhang.san@xinghe.example"
	password = "p@ss 词"
)

// to makes a Sender for the server.
func to(t *testing.T, srv *server, change func(*Config)) *Sender {
	t.Helper()
	cfg := Config{
		Host: srv.host, Port: srv.port, Roots: srv.roots, TLS: Required,
		From: "noreply@yunshi.example", FromName: "云市",
		Now: func() time.Time { return time.Date(2026, 1, 5, 9, 30, 0, 0, time.FixedZone("", 8*3600)) },
	}
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var contract = Message{
	ID: "msg_01HV7Q", To: mailbox,
	Subject: "深圳星河云科技有限公司入驻云市：合同已生成，请在 15 日内签署",
	Text:    "您好：\r\n合同见附件。",
	HTML:    "<p>您好：</p><p>合同见附件。</p>",
	Attachments: []Attachment{
		{Name: "云市服务商入驻合同（平台模式）.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 合同")},
		{Name: "说明.txt", Data: []byte("请签署")},
	},
}

// part is a leaf of a MIME tree.
type part struct{ Type, Name, Content string }

// parts walks a MIME tree.
func parts(t *testing.T, header interface{ Get(string) string }, body io.Reader) (kinds []string, leaves []part) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	kinds = append(kinds, kind)
	if !strings.HasPrefix(kind, "multipart/") {
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		if _, p, err := mime.ParseMediaType(header.Get("Content-Disposition")); err == nil {
			if name, err = new(mime.WordDecoder).DecodeHeader(p["filename"]); err != nil {
				t.Fatal(err)
			}
		}
		return kinds, []part{{kind, name, decode(t, header.Get("Content-Transfer-Encoding"), string(data))}}
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return kinds, leaves
		}
		if err != nil {
			t.Fatal(err)
		}
		k, l := parts(t, p.Header, p)
		kinds, leaves = append(kinds, k...), append(leaves, l...)
	}
}

func TestSendsTextPagesAndFiles(t *testing.T) {
	srv := start(t, &server{mustLogin: true}, true)
	s := to(t, srv, func(c *Config) {
		c.Username, c.Password, c.ReplyTo = "云市-noreply", password, "support@yunshi.example"
	})
	if err := s.Send(t.Context(), contract); err != nil {
		t.Fatal(err)
	}
	got := srv.only(t)
	if got.from != "noreply@yunshi.example" || got.to != mailbox || !got.tls || got.user != "云市-noreply" {
		t.Errorf("envelope: from %s to %s, TLS %v, signed in as %s", got.from, got.to, got.tls, got.user)
	}
	m, err := netmail.ReadMessage(strings.NewReader(got.data))
	if err != nil {
		t.Fatal(err)
	}
	words := new(mime.WordDecoder)
	subject, err := words.DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != contract.Subject {
		t.Errorf("subject: %q, %v", subject, err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != "云市" || from[0].Address != "noreply@yunshi.example" {
		t.Errorf("from: %v, %v", from, err)
	}
	for header, want := range map[string]string{
		"Message-Id":     "<msg_01HV7Q@yunshi.example>",
		"User-Agent":     "Yunshi",
		"X-Mailer":       "Yunshi",
		"Auto-Submitted": "auto-generated",
		"Date":           "Mon, 05 Jan 2026 09:30:00 +0800",
		"To":             "<" + mailbox + ">",
		"Reply-To":       "<support@yunshi.example>",
	} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	kinds, leaves := parts(t, m.Header, m.Body)
	if diff := cmp.Diff([]string{"multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf", "text/plain"}, kinds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]part{
		{"text/plain", "", contract.Text},
		{"text/html", "", contract.HTML},
		{"application/pdf", "云市服务商入驻合同（平台模式）.pdf", "%PDF-1.7 合同"},
		{"text/plain", "说明.txt", "请签署"},
	}, leaves); diff != "" {
		t.Error(diff)
	}
}

func TestARetryCarriesTheSameMessageID(t *testing.T) {
	srv := start(t, &server{}, true)
	s := to(t, srv, nil)
	for range 2 {
		if err := s.Send(t.Context(), Message{ID: "msg_1", To: mailbox, Subject: "a\r\nBcc: x@y.example", Text: "b"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, got := range srv.got {
		m, err := netmail.ReadMessage(strings.NewReader(got.data))
		if err != nil {
			t.Fatal(err)
		}
		if id := m.Header.Get("Message-Id"); id != "<msg_1@yunshi.example>" {
			t.Errorf("Message-ID %s", id)
		}
		if m.Header.Get("Bcc") != "" || m.Header.Get("Subject") != "a Bcc: x@y.example" {
			t.Errorf("the subject made headers: %v", m.Header)
		}
	}
	if len(srv.got) != 2 {
		t.Errorf("%d messages", len(srv.got))
	}
}

func TestFailures(t *testing.T) {
	answer := func(code int, enhanced ...int) error {
		e := smtp.EnhancedCode{enhanced[0], enhanced[1], enhanced[2]}
		return &smtp.SMTPError{Code: code, EnhancedCode: e, Message: "<" + mailbox + ">: no, " + password}
	}
	login := func(c *Config) { c.Username, c.Password = "云市-noreply", password }
	wrong := func(c *Config) { c.Username, c.Password = "云市-noreply", "wrong-"+password }
	for _, tt := range []struct {
		name      string
		srv       *server
		tls       bool
		change    func(*Config)
		key       text.Key
		says      string
		permanent bool
	}{
		{"no such mailbox", &server{onRcpt: answer(550, 5, 1, 1)}, true, nil, "notify_transport.mail_no_mailbox", "550 5.1.1", true},
		{"grey list", &server{onRcpt: answer(451, 4, 7, 1)}, true, nil, "notify_transport.mail_later", "451 4.7.1", false},
		{"sender refused", &server{onMail: answer(553, 5, 7, 1)}, true, nil, "notify_transport.mail_refused", "553 5.7.1", true},
		{"server busy", &server{onMail: answer(421, 4, 3, 2)}, true, nil, "notify_transport.mail_later", "421 4.3.2", false},
		{"content refused", &server{onData: answer(554, 5, 6, 0)}, true, nil, "notify_transport.mail_refused", "554 5.6.0", true},
		{"disk full", &server{onData: answer(452, 4, 3, 1)}, true, nil, "notify_transport.mail_later", "452 4.3.1", false},
		{"wrong password", &server{}, true, wrong, "notify_transport.mail_sign_in", "", false},
		{"must sign in", &server{mustLogin: true}, true, nil, "notify_transport.mail_sign_in", "", false},
		{"no STARTTLS where required", &server{}, false, login, "notify_transport.mail_tls", "", false},
		{"unknown certificate", &server{}, true, func(c *Config) { c.Roots = nil }, "notify_transport.mail_tls", "", false},
		{"unknown certificate, opportunistic", &server{}, true, func(c *Config) { c.TLS, c.Roots = Opportunistic, nil }, "notify_transport.mail_tls", "", false},
		{"nobody there", &server{}, true, func(c *Config) { c.Port = 1 }, "notify_transport.mail_unreachable", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := start(t, tt.srv, tt.tls)
			err := to(t, srv, tt.change).Send(t.Context(), contract)
			var f *fault.Error
			if !errors.As(err, &f) || f.Message.Key != tt.key || Permanent(err) != tt.permanent {
				t.Fatalf("got %v, permanent %v; want %s", err, Permanent(err), tt.key)
			}
			for _, lang := range text.Langs() {
				said := text.Printer{Lang: lang}.Say(f.Message)
				if !strings.Contains(said, tt.says) || strings.Contains(said, "%!") || said == string(tt.key) {
					t.Errorf("said %q", said)
				}
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				for _, secret := range []string{mailbox, "xinghe", password, "noreply", contract.Subject} {
					if strings.Contains(e.Error(), secret) {
						t.Errorf("%q tells %q", e, secret)
					}
				}
			}
			if n := len(srv.got); n != 0 {
				t.Errorf("the server took %d messages", n)
			}
		})
	}
}

func TestTLSWays(t *testing.T) {
	for _, tt := range []struct {
		name, tls string
		offered   bool
		encrypted bool
	}{
		{"required", Required, true, true},
		{"required by default", "", true, true},
		{"opportunistic, offered", Opportunistic, true, true},
		{"opportunistic, not offered", Opportunistic, false, false},
		{"none", None, true, false},
	} {
		srv := start(t, &server{}, tt.offered)
		if err := to(t, srv, func(c *Config) { c.TLS = tt.tls }).Send(t.Context(), contract); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := srv.only(t).tls; got != tt.encrypted {
			t.Errorf("%s: encrypted %v", tt.name, got)
		}
	}
}

func TestStopsWhenTheCallerDoes(t *testing.T) {
	srv := start(t, &server{hangs: true}, true)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := to(t, srv, nil).Send(ctx, contract)
	if !errors.Is(err, context.DeadlineExceeded) || Permanent(err) {
		t.Errorf("got %v, permanent %v", err, Permanent(err))
	}
}

func TestRefusesWhatCannotBeSent(t *testing.T) {
	srv := start(t, &server{}, true)
	s := to(t, srv, nil)
	for _, tt := range []struct {
		name   string
		change func(*Message)
	}{
		{"no id", func(m *Message) { m.ID = "" }},
		{"an id that breaks the header", func(m *Message) { m.ID = "a>\r\nBcc: x" }},
		{"no text", func(m *Message) { m.Text, m.HTML = "", "" }},
		{"no address", func(m *Message) { m.To = "" }},
		{"two addresses", func(m *Message) { m.To = mailbox + ", b@x.example" }},
		{"a name with it", func(m *Message) { m.To = "张三 <" + mailbox + ">" }},
		{"a command in it", func(m *Message) { m.To = mailbox + ">\r\nRCPT TO:<b@x.example" }},
	} {
		m := contract
		tt.change(&m)
		if err := s.Send(t.Context(), m); !Permanent(err) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if len(srv.got) != 0 {
		t.Errorf("the server took %d messages", len(srv.got))
	}
}

func TestConfigIsChecked(t *testing.T) {
	_, err := New(Config{TLS: "ssl", Port: 70000, From: "云市 <a@b.example>", ReplyTo: "x", Timeout: -1})
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	var got []string
	for _, x := range f.Fields {
		got = append(got, x.Pointer)
	}
	if diff := cmp.Diff([]string{"/host", "/port", "/tls", "/timeout", "/from", "/reply_to"}, got); diff != "" {
		t.Error(diff)
	}
}
