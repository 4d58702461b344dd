// Package mail hands one message to the operator's SMTP server. It says of a
// failure whether another try can help, in words for staff that hold no password,
// no address and nothing the server said. It keeps no queue: retries are the
// job's, and carry the same Message-ID, so that a receiver can tell a second copy.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	netmail "net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// The ways of Config.TLS.
const (
	Required      = "required"      // STARTTLS or, on port 465, TLS from the start; else nothing is sent
	Opportunistic = "opportunistic" // STARTTLS where the server has it
	None          = "none"          // for a server on this machine
)

// defaultTimeout is how long one message may take, in all.
const defaultTimeout = 60 * time.Second

// userAgent stands in the header instead of the library's name.
const userAgent = "Yunshi"

// Config is how the operator's server is reached.
type Config struct {
	Host     string
	Port     int
	Username string // "" is no sign-in
	Password string
	TLS      string // Required when empty
	From     string // the sender's address
	FromName string // the sender as readers see it
	ReplyTo  string // "" is From
	Hello    string // the name said in EHLO; "" is the domain of From
	Timeout  time.Duration
	Roots    *x509.CertPool   // who may vouch for the server; nil is the system's list
	Now      func() time.Time // for the Date header; nil is the library's clock
}

// Message is one mail to one mailbox.
type Message struct {
	ID          string // ours; letters, digits, dot, hyphen and underscore
	To          string // one address
	Subject     string
	Text        string
	HTML        string // "" is a mail of text only
	Attachments []Attachment
}

// Attachment is a file that goes with a mail.
type Attachment struct {
	Name string // as the reader sees it, in any script
	Type string // a MIME type; "" is told from the name
	Data []byte
}

// Sender sends mail by one server; it may be used by many at once.
type Sender struct {
	cfg    Config
	domain string // behind the @ of a Message-ID
}

// New checks the configuration and makes a Sender, without connecting. It is
// Invalid with the fields in question.
func New(cfg Config) (*Sender, error) {
	var f fault.Fields
	if cfg.TLS == "" {
		cfg.TLS = Required
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.Host == "" {
		f.Add("/host", "fault.required")
	}
	if cfg.Port < 1 || cfg.Port > 65535 {
		f.Add("/port", "notify_transport.mail_port")
	}
	if cfg.TLS != Required && cfg.TLS != Opportunistic && cfg.TLS != None {
		f.Add("/tls", "fault.unknown_choice", cfg.TLS)
	}
	if cfg.Timeout < 0 {
		f.Add("/timeout", "notify_transport.timeout")
	}
	domain, ok := domainOf(cfg.From)
	if !ok {
		f.Add("/from", "notify_transport.mail_from")
	}
	if cfg.ReplyTo != "" {
		if _, ok := domainOf(cfg.ReplyTo); !ok {
			f.Add("/reply_to", "notify_transport.mail_from")
		}
	}
	if cfg.Hello == "" {
		cfg.Hello = domain
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return &Sender{cfg: cfg, domain: domain}, nil
}

// domainOf returns the domain of a bare address.
func domainOf(address string) (string, bool) {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != address {
		return "", false
	}
	return address[strings.LastIndexByte(address, '@')+1:], true
}

// Send hands the message to the server and returns nil once the server has taken
// it. A failure is Invalid when this message will never be taken (Permanent is
// true), and TooEarly when a later try may help: the server is away, asks to wait,
// or refuses us rather than the message, as with a wrong password.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	var line net.Conn // go-mail leaves it open when the greeting fails
	client, err := s.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := s.dial(ctx, network, address)
		line = c
		return c, err
	})
	if err != nil {
		return fault.New(fault.TooEarly, "notify_transport.mail_config")
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if line != nil {
		defer line.Close()
		stop := context.AfterFunc(ctx, func() { line.Close() })
		defer stop()
	}
	if err != nil {
		return beforeMessage(ctx, err)
	}
	sent := client.SendWithSMTPClient(conn, msg)
	if msg.IsDelivered() { // what fails after that must not send it again
		_ = client.CloseWithSMTPClient(conn)
		return nil
	}
	return ofMessage(ctx, sent)
}

// client makes go-mail's client for one message.
func (s *Sender) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	policy := map[string]gomail.TLSPolicy{
		Required: gomail.TLSMandatory, Opportunistic: gomail.TLSOpportunistic, None: gomail.NoTLS,
	}[s.cfg.TLS]
	if s.implicit() {
		policy = gomail.NoTLS // the line is encrypted already
	}
	options := []gomail.Option{
		gomail.WithPort(s.cfg.Port),
		gomail.WithTimeout(s.cfg.Timeout),
		gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(s.tls()),
		gomail.WithHELO(s.cfg.Hello),
		gomail.WithoutNoop(),
		gomail.WithDialContextFunc(dial),
	}
	if s.cfg.Username != "" {
		options = append(options,
			gomail.WithUsername(s.cfg.Username),
			gomail.WithPassword(s.cfg.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin,
				gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthCramMD5))
	}
	return gomail.NewClient(s.cfg.Host, options...)
}

// implicit reports whether the server speaks TLS from the first byte.
func (s *Sender) implicit() bool { return s.cfg.Port == 465 && s.cfg.TLS != None }

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.cfg.Host, MinVersion: tls.VersionTLS12, RootCAs: s.cfg.Roots}
}

func (s *Sender) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.implicit() {
		return (&tls.Dialer{Config: s.tls()}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// compose writes the message; what it refuses, no later try can send.
func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	if !idForm.MatchString(m.ID) || m.Text == "" && m.HTML == "" {
		return nil, fault.New(fault.Invalid, "notify_transport.mail_incomplete")
	}
	if _, ok := domainOf(m.To); !ok {
		return nil, fault.New(fault.Invalid, "notify_transport.mail_address")
	}
	msg := gomail.NewMsg()
	msg.FromMailAddress(&netmail.Address{Name: s.cfg.FromName, Address: s.cfg.From})
	msg.ToMailAddress(&netmail.Address{Address: m.To})
	if s.cfg.ReplyTo != "" {
		msg.ReplyToMailAddress(&netmail.Address{Address: s.cfg.ReplyTo})
	}
	msg.Subject(strings.Join(strings.Fields(m.Subject), " "))
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetUserAgent(userAgent)
	msg.SetGenHeader("X-Yunshi-Message", m.ID)           // by it we know our own mail when it comes in
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // so that no holiday notice answers
	if s.cfg.Now != nil {
		msg.SetDateWithValue(s.cfg.Now())
	}
	switch {
	case m.HTML == "":
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	case m.Text == "":
		msg.SetBodyString(gomail.TypeTextHTML, m.HTML)
	default:
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attachments {
		var options []gomail.FileOption
		if a.Type != "" {
			options = append(options, gomail.WithFileContentType(gomail.ContentType(a.Type)))
		}
		name := strings.Map(func(r rune) rune {
			if r < ' ' || r == '"' || r == '\\' || r == '/' || r == 0x7f {
				return '_'
			}
			return r
		}, a.Name)
		if err := msg.AttachReader(name, strings.NewReader(string(a.Data)), options...); err != nil {
			return nil, fault.New(fault.Invalid, "notify_transport.mail_attachment")
		}
	}
	return msg, nil
}

// Permanent reports whether no later try of the same message can succeed.
func Permanent(err error) bool { return errors.Is(err, fault.Invalid) }

// code writes a reply code with its enhanced one: "550 5.1.1".
func code(basic int, enhanced string) string {
	return strings.TrimSpace(strconv.Itoa(basic) + " " + enhanced)
}
