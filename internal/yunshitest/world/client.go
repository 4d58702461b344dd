package world

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Client calls the API.
type Client struct {
	Token string
	Lang  string // Accept-Language; "" is none

	base string
	t    testing.TB
}

// Client calls the API with a session token or API key; "" is nobody.
func (w *World) Client(token string) *Client { return &Client{Token: token, base: w.URL, t: w.t} }

// Answer is what the API answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte

	t testing.TB
}

// Get reads an address of the API.
func (c *Client) Get(path string) Answer { return c.Do(http.MethodGet, path, nil) }

// Post sends a body as JSON; nil is none. Headers are name, value, name, value.
func (c *Client) Post(path string, body any, headers ...string) Answer {
	return c.Do(http.MethodPost, path, body, headers...)
}

// Do sends a request. A body that is a string is sent as it stands.
func (c *Client) Do(method, path string, body any, headers ...string) Answer {
	c.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, c.base+path, r)
	if err != nil {
		c.t.Fatal(err)
	}
	if r != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return c.send(req)
}

// Upload sends a document to POST /v1/files.
func (c *Client) Upload(purpose, name string, data []byte) Answer {
	c.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.WriteField("purpose", purpose); err != nil {
		c.t.Fatal(err)
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		c.t.Fatal(err)
	}
	part.Write(data)
	form.Close()
	req, err := http.NewRequest(http.MethodPost, c.base+"/v1/files", &b)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return c.send(req)
}

func (c *Client) send(req *http.Request) Answer {
	c.t.Helper()
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Lang != "" {
		req.Header.Set("Accept-Language", c.Lang)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return Answer{Status: resp.StatusCode, Header: resp.Header, Body: data, t: c.t}
}

// Want ends the test if the answer has another status, and shows the answer.
func (a Answer) Want(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

// Into decodes the answer.
func (a Answer) Into(v any) Answer {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
	return a
}

// Value is the value at a path of names and numbers, as "items.0.id"; the test ends
// if there is none. Numbers are float64.
func (a Answer) Value(path string) any {
	a.t.Helper()
	var v any
	a.Into(&v)
	for name := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			v = nil
			for i, e := range x {
				if name == strconv.Itoa(i) {
					v = e
				}
			}
		default:
			v = nil
		}
		if v == nil {
			a.t.Fatalf("no %s in %s", path, a.Body)
		}
	}
	return v
}

// Text is Value for a text.
func (a Answer) Text(path string) string {
	a.t.Helper()
	s, ok := a.Value(path).(string)
	if !ok {
		a.t.Fatalf("%s is no text in %s", path, a.Body)
	}
	return s
}
