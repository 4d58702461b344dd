package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"regexp"
	"sync"
	"time"

	"github.com/yunshi-market/yunshi/internal/notify/mail"
	"github.com/yunshi-market/yunshi/internal/notify/sms"
)

// caller speaks to the API as one person.
type caller struct {
	conn  *conn
	token string
	from  string // address, as a proxy tells it: registrations are counted by it
	count int
	key   int
}

func (c *caller) headers(more ...string) []string {
	h := append([]string{"X-Forwarded-For: " + c.from, "Accept-Language: zh-CN"}, more...)
	if c.token != "" {
		h = append(h, "Authorization: Bearer "+c.token)
	}
	return h
}

func (c *caller) send(req []byte, what string, out any) error {
	c.count++
	status, body, err := c.conn.do(req)
	if err != nil {
		return err
	}
	if status/100 != 2 {
		return fmt.Errorf("%s: status %d: %.2000s", what, status, body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(body, out)
}

func (c *caller) get(path string, out any) error {
	return c.send(get(path, c.headers()...), path, out)
}

// post sends a body, or none, with an idempotency key of its own.
func (c *caller) post(path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	c.key++
	return c.send(request("POST", path, body, c.headers("Content-Type: application/json", fmt.Sprintf("Idempotency-Key: %p-%d", c, c.key))...), path, out)
}

// upload keeps a file and returns its id.
func (c *caller) upload(purpose, name string, data []byte) (string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("purpose", purpose); err != nil {
		return "", err
	}
	f, err := w.CreateFormFile("file", name)
	if err != nil {
		return "", err
	}
	f.Write(data)
	if err := w.Close(); err != nil {
		return "", err
	}
	var kept struct{ ID string }
	err = c.send(request("POST", "/v1/files", b.Bytes(), c.headers("Content-Type: "+w.FormDataContentType())...), "/v1/files", &kept)
	return kept.ID, err
}

type credentials struct {
	Mail     string `json:"mail"`
	Password string `json:"password"`
}

type signedIn struct{ Token string }

type document struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// codes are the one-time codes on their way, by mailbox or phone.
type codes struct {
	mu   sync.Mutex // guards wait
	wait map[string]chan string
}

func newCodes() *codes { return &codes{wait: make(map[string]chan string)} }

func (c *codes) to(who string) chan string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wait[who] == nil {
		c.wait[who] = make(chan string, 4)
	}
	return c.wait[who]
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

func (c *codes) caught(who, text string) {
	if code := sixDigits.FindString(text); code != "" {
		select {
		case c.to(who) <- code:
		default: // nobody reads it
		}
	}
}

// read waits for a code and forgets who it was for.
func (c *codes) read(ctx context.Context, who string) (string, error) {
	defer func() { c.mu.Lock(); defer c.mu.Unlock(); delete(c.wait, who) }()
	select {
	case code := <-c.to(who):
		return code, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(20 * time.Second):
		return "", fmt.Errorf("no code for %s came within 20 s", who)
	}
}

type mailer struct{ codes *codes }

// Send takes a mail as a mail server would.
func (m mailer) Send(_ context.Context, msg mail.Message) error {
	m.codes.caught(msg.To, msg.Text)
	return nil
}

type texter struct{ codes *codes }

// Send takes a text message as an SMS service would.
func (t texter) Send(_ context.Context, msg sms.Message) error {
	t.codes.caught(msg.To, msg.Text)
	return nil
}
