package assets_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/web/assets"
)

func get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	assets.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestHashedNameIsKeptForEver(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "htmx.js", "logo.svg"} {
		hashed := get(t, assets.URL(name))
		if got, want := hashed.Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; hashed.StatusCode != 200 || got != want {
			t.Errorf("%s: %d, Cache-Control %q, want %q", name, hashed.StatusCode, got, want)
		}
		plain := get(t, assets.Prefix+name)
		if got := plain.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s by its plain name: Cache-Control %q, want no-cache", name, got)
		}
		again := get(t, assets.URL(name), "If-None-Match", hashed.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s asked again: %d, want 304", name, again.StatusCode)
		}
	}
}

func TestCompressedOnlyWhereTaken(t *testing.T) {
	for _, c := range []struct{ accept, want string }{
		{"", ""}, {"gzip", "gzip"}, {"br, gzip;q=0.5", "gzip"}, {"gzip;q=0", ""}, {"gzip; q=0.0, deflate", ""}, {"x-gzip", ""},
	} {
		res := get(t, assets.URL("app.css"), "Accept-Encoding", c.accept)
		if got := res.Header.Get("Content-Encoding"); got != c.want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", c.accept, got, c.want)
		}
		var body io.Reader = res.Body
		if c.want == "gzip" {
			var err error
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		css, err := io.ReadAll(body)
		if err != nil || !strings.Contains(string(css), "--brand:") || strings.Contains(string(css), "/*") {
			t.Errorf("Accept-Encoding %q: not the style sheet (%v)", c.accept, err)
		}
	}
}

func TestOthersAreNotFound(t *testing.T) {
	for _, path := range []string{"app.0000000000.css", "css/10-tokens.css", "../assets.go", "", "vendor/htmx.min.js"} {
		if res := get(t, assets.Prefix+path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%q: %d, want 404", path, res.StatusCode)
		}
	}
	w := httptest.NewRecorder()
	assets.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, assets.URL("app.css"), nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d, want 405", w.Code)
	}
}
