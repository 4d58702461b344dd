package world

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Browser walks the pages with cookies, without JavaScript. Page is where it stands.
type Browser struct {
	Page *Page

	client *http.Client
	base   string
	lang   string
	t      testing.TB
}

// Browser is a fresh browser that prefers Chinese.
func (w *World) Browser() *Browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &Browser{client: &http.Client{Jar: jar}, base: w.URL, lang: "zh-CN", t: w.t}
}

// Speak makes the browser prefer a language.
func (b *Browser) Speak(lang string) *Browser { b.lang = lang; return b }

// Cookie is a cookie's value, "" without it.
func (b *Browser) Cookie(name string) string {
	u, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Get opens a page and follows redirects.
func (b *Browser) Get(path string) *Page {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, "")
}

// Post sends a form, whether or not the page has it.
func (b *Browser) Post(path string, values url.Values) *Page {
	b.t.Helper()
	return b.send(http.MethodPost, path, strings.NewReader(values.Encode()), "application/x-www-form-urlencoded")
}

// Document is a file that a person picks in a form.
type Document struct {
	Name string
	Data []byte
}

// Submit fills in the form of the page whose action is the given one, leaves the
// other inputs as they stand, and sends it. The test ends if there is no such form
// or no such input. A value for a button's name is that button's.
func (b *Browser) Submit(action string, values url.Values) *Page {
	b.t.Helper()
	f := b.form(action, values)
	if f.method == "get" {
		return b.send(http.MethodGet, action+"?"+f.values.Encode(), nil, "")
	}
	if f.multipart {
		return b.SubmitWith(action, values, nil)
	}
	return b.Post(action, f.values)
}

// SubmitWith is Submit with files.
func (b *Browser) SubmitWith(action string, values url.Values, files map[string][]Document) *Page {
	b.t.Helper()
	f := b.form(action, values)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		for _, v := range f.values[name] {
			if err := w.WriteField(name, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, d := range files[name] {
			part, err := w.CreateFormFile(name, d.Name)
			if err != nil {
				b.t.Fatal(err)
			}
			part.Write(d.Data)
		}
	}
	w.Close()
	return b.send(http.MethodPost, action, &body, w.FormDataContentType())
}

func (b *Browser) send(method, path string, body io.Reader, kind string) *Page {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", b.lang)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if b.Page != nil {
		req.Header.Set("Referer", b.base+b.Page.Path)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", b.base)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Page = Parse(b.t, string(data))
	b.Page.Status, b.Page.Path, b.Page.Header = resp.StatusCode, resp.Request.URL.RequestURI(), resp.Header
	return b.Page
}
