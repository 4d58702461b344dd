package sms

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// WebhookConfig is a service of the operator's choice that sends what it is told.
type WebhookConfig struct {
	URL     string
	Secrets []string       // whsec_…; all sign, so that one can follow another without a gap
	Allow   []netip.Prefix // private ranges the address may be in; only there may it be http
	Roots   *x509.CertPool // who may vouch for the service; nil is the system's list
	Now     func() time.Time
	Timeout time.Duration // of one message; 0 is ten seconds
}

// Webhook sends by a webhook after the Standard Webhooks specification 1.0.0; it
// may be used by many at once.
type Webhook struct {
	url     string
	signers []*standardwebhooks.Webhook
	client  *http.Client
	now     func() time.Time
}

// NewWebhook checks the configuration and makes a Webhook, without connecting. It
// is Invalid with the fields in question.
func NewWebhook(cfg WebhookConfig) (*Webhook, error) {
	var f fault.Fields
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || len(cfg.Allow) == 0) {
		f.Add("/url", "notify_transport.url")
	}
	if cfg.Now == nil {
		f.Add("/now", "fault.required")
	}
	if len(cfg.Secrets) == 0 {
		f.Add("/secrets", "fault.required")
	}
	w := &Webhook{url: cfg.URL, now: cfg.Now}
	for i, s := range cfg.Secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "whsec_"))
		if err != nil || !strings.HasPrefix(s, "whsec_") || len(key) < 24 || len(key) > 64 {
			f.Add("/secrets/"+strconv.Itoa(i), "notify_transport.secret")
			continue
		}
		signer, err := standardwebhooks.NewWebhookRaw(key)
		if err != nil {
			f.Add("/secrets/"+strconv.Itoa(i), "notify_transport.secret")
			continue
		}
		w.signers = append(w.signers, signer)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	w.client = guard{allowed: cfg.Allow, only: u.Scheme == "http"}.client(cfg.Roots)
	if cfg.Timeout > 0 {
		w.client.Timeout = cfg.Timeout
	}
	return w, nil
}

// envelope is the body of a webhook.
type envelope struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      payload   `json:"data"`
}

type payload struct {
	ID       string            `json:"id"`
	To       string            `json:"to"`
	Template string            `json:"template"`
	Lang     string            `json:"lang"`
	Params   map[string]string `json:"params"`
	Text     string            `json:"text"`
}

// Send posts the message and returns nil once the service answered 2xx. A failure
// is Invalid when this message will never be accepted (Permanent is true), and
// TooEarly when a later try may help. webhook-id is the message's id at every try,
// by which the service knows a message it has.
func (w *Webhook) Send(ctx context.Context, m Message) error {
	to, err := m.check()
	if err != nil {
		return err
	}
	now := w.now()
	written := m.At
	if written.IsZero() {
		written = now
	}
	params := m.Params
	if params == nil {
		params = map[string]string{}
	}
	body, err := json.Marshal(envelope{"sms.send", written.UTC(), payload{m.ID, to, m.Template, m.Lang.Tag(), params, m.Text}})
	if err != nil {
		return fault.New(fault.Invalid, "notify_transport.sms_incomplete")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return fault.New(fault.TooEarly, "notify_transport.sms_unreachable")
	}
	var signatures []string
	for _, s := range w.signers {
		signature, err := s.Sign(m.ID, now, body)
		if err != nil {
			return fault.New(fault.TooEarly, "notify_transport.secret")
		}
		signatures = append(signatures, signature)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Yunshi")
	r.Header.Set(standardwebhooks.HeaderWebhookID, m.ID)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	status, _, err := post(w.client, r)
	if err != nil {
		return err
	}
	return judgeStatus(status)
}

// judgeStatus reads the status: what is about us, the place or the rate may pass,
// what is about the message may not.
func judgeStatus(status int) error {
	said := "HTTP " + strconv.Itoa(status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return fault.New(fault.TooEarly, "notify_transport.sms_later", said)
	case status < 400, status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusNotFound, status == http.StatusProxyAuthRequired:
		return fault.New(fault.TooEarly, "notify_transport.sms_settings", said)
	}
	return fault.New(fault.Invalid, "notify_transport.sms_refused", said)
}
