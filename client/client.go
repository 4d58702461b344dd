// Package client is the Go client of a Yunshi marketplace's API. Its types and
// one method per operation, in operations.go, are written from the API's
// OpenAPI document; this file is what they stand on.
//
//	c := client.New("https://market.example.com", client.WithToken(key))
//	me, err := c.GetMe(ctx)
//
// A request that fails with a refusal of the marketplace returns a *Problem.
// Every POST carries an Idempotency-Key, so that a request repeated after a lost
// answer takes effect once.
package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client talks to one marketplace on behalf of one person or program.
type Client struct {
	base  string
	token string
	lang  string
	http  *http.Client
	tries int
}

// Option changes a new Client.
type Option func(*Client)

// WithToken authenticates with a session token or an API key (ymk_…).
func WithToken(token string) Option { return func(c *Client) { c.token = token } }

// WithLanguage asks for messages in a language: "zh-CN" (the default) or "en".
func WithLanguage(tag string) Option { return func(c *Client) { c.lang = tag } }

// WithHTTP uses another http.Client; the default one gives up after 60 seconds.
func WithHTTP(h *http.Client) Option { return func(c *Client) { c.http = h } }

// New makes a Client for the marketplace at an address such as https://market.example.com.
func New(base string, options ...Option) *Client {
	c := &Client{base: strings.TrimSuffix(base, "/"), http: &http.Client{Timeout: 60 * time.Second}, tries: 3}
	for _, o := range options {
		o(c)
	}
	return c
}

// As returns a Client like c with another token, as after SignIn.
func (c *Client) As(token string) *Client {
	d := *c
	d.token = token
	return &d
}

// Error makes Problem an error; it says what to mend.
func (p *Problem) Error() string {
	s := fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
	for _, e := range p.Errors {
		s += "; " + e.Pointer + ": " + e.Detail
	}
	return s
}

// Field finds what a Problem says of one field, by its JSON pointer; "" is nothing.
func (p *Problem) Field(pointer string) string {
	for _, e := range p.Errors {
		if e.Pointer == pointer {
			return e.Detail
		}
	}
	return ""
}

// AsProblem returns the marketplace's refusal, if err is one.
func AsProblem(err error) (*Problem, bool) {
	var p *Problem
	return p, errors.As(err, &p)
}

type keyed struct{}

// WithKey makes requests of the context carry this Idempotency-Key instead of a
// fresh one, for a program that repeats after it was restarted.
func WithKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyed{}, key)
}

// do sends one request and decodes the answer into out. A GET or a POST that got
// no answer is sent again: a POST has its key.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	key, _ := ctx.Value(keyed{}).(string)
	if key == "" {
		key = rand.Text()
	}
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var err error
	for try := range c.tries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(try*try) * 200 * time.Millisecond):
			}
		}
		var again bool
		again, err = c.once(ctx, method, address, key, body, in != nil, out)
		if !again {
			return err
		}
	}
	return err
}

func (c *Client) once(ctx context.Context, method, address, key string, body []byte, hasBody bool, out any) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	if hasBody {
		req.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := c.send(req)
	if err != nil {
		return ctx.Err() == nil, err
	}
	defer resp.Body.Close()
	if err := problemOf(resp); err != nil {
		return resp.StatusCode >= 502 && resp.StatusCode <= 504, err
	}
	if out == nil || resp.StatusCode == http.StatusNoContent {
		return false, nil
	}
	return false, json.NewDecoder(resp.Body).Decode(out)
}

func (c *Client) send(req *http.Request) (*http.Response, error) {
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.lang != "" {
		req.Header.Set("Accept-Language", c.lang)
	}
	req.Header.Set("Accept", "application/json, application/problem+json")
	return c.http.Do(req)
}

func problemOf(resp *http.Response) error {
	if resp.StatusCode < 300 {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	var p Problem
	if json.Unmarshal(data, &p) != nil || p.Status == 0 {
		return fmt.Errorf("the marketplace answered %s", resp.Status)
	}
	return &p
}
