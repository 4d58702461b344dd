package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82")

type upload struct {
	input, name string
	data        []byte
}

func multi(t *testing.T, values url.Values, files ...upload) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, all := range values {
		for _, v := range all {
			m.WriteField(name, v)
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile(f.input, f.name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(f.data)
	}
	m.Close()
	return &b, m.FormDataContentType()
}

func TestUploads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		cookie := session(t, d, access.Reviewer)
		var kept map[string][]file.File
		var form ui.Form
		var failed error
		s.Staff("POST /papers", func(w http.ResponseWriter, r *http.Request) error {
			kept, failed = s.Uploads(w, r, "ven_1", map[string]file.Purpose{"licence": file.Licence, "proofs.0.files": file.Evidence})
			form = web.Typed(r, failed)
			return nil
		})
		try := func(values url.Values, files ...upload) {
			body, kind := multi(t, values, files...)
			r := httptest.NewRequest("POST", "http://market.example/papers", body)
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Cookie", cookie)
			if w := send(s, r); w.Code != 200 {
				t.Fatalf("answered %d", w.Code)
			}
		}
		typed := url.Values{"company": {"云\x00深"}, "list": {"a", "b"}}
		try(typed, upload{"licence", "执照.png", png}, upload{"proofs.0.files", "1.png", png}, upload{"proofs.0.files", "2.png", append(slices.Clone(png), 0)}, upload{"other", "x.png", png}, upload{"empty", "", nil})
		if failed != nil || len(kept["licence"]) != 1 || len(kept["proofs.0.files"]) != 2 || len(kept) != 2 {
			t.Fatalf("kept %v, %v", kept, failed)
		}
		if f := kept["licence"][0]; f.VendorID != "ven_1" || f.Purpose != file.Licence || f.Name != "执照.png" {
			t.Errorf("kept as %+v", f)
		}
		if got := form.Values; got.Get("company") != "云深" || len(got["list"]) != 2 || got.Has("licence") {
			t.Errorf("the values are %v", got)
		}
		// A wrong type under a right name stands at its own input; the other file is kept.
		try(typed, upload{"licence", "执照.png", []byte("<html><script>")}, upload{"proofs.0.files", "1.png", png})
		if form.Errors.At("licence") == "" || len(form.Errors.Fields) != 1 || len(kept["proofs.0.files"]) != 1 || form.Values.Get("company") != "云深" {
			t.Errorf("told %+v, kept %v", form.Errors, kept)
		}
		try(typed, upload{"proofs.0.files", "1.pdf", png})
		if form.Errors.At("proofs.0.files") == "" {
			t.Errorf("told %+v", form.Errors)
		}
		// Too large stands there too, and what was typed before stays.
		try(typed, upload{"licence", "执照.png", append(slices.Clone(png), make([]byte, 21<<20)...)}, upload{"proofs.0.files", "1.png", png})
		if at := form.Errors.At("licence"); !strings.Contains(at, "MB") || form.Values.Get("company") != "云深" {
			t.Errorf("told %+v", form.Errors)
		}
		try(url.Values{"company": {strings.Repeat("x", 2<<20)}})
		if !fault.Is(failed, fault.TooLarge) {
			t.Errorf("a value of 2 MB: %v", failed)
		}
		// A form that breaks off is no shorter form.
		body, kind := multi(t, typed, upload{"licence", "执照.png", png})
		r := httptest.NewRequest("POST", "http://market.example/papers", bytes.NewReader(body.Bytes()[:body.Len()-30]))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Cookie", cookie)
		send(s, r)
		if !fault.Is(failed, fault.Invalid) {
			t.Errorf("a form that broke off: %v", failed)
		}
	})
}
