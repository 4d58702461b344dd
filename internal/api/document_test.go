package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

type described struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string
		Summary     string
		Tags        []string
		Security    []map[string][]string
		Parameters  []struct{ Name, In string }
		Responses   map[string]any
	}
}

func document(t *testing.T) []byte {
	t.Helper()
	s := server.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler), "http://localhost:8080")
	doc, err := api.Register(s, api.Parts{Version: "0.1.0"}).Document()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", " "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

// docs/openapi.json is the document as it is served, so that a change of the API
// shows as a difference.
func TestDocumentIsCommitted(t *testing.T) {
	const path = "../../docs/openapi.json"
	want := document(t)
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(got), "\n"), strings.Split(string(want), "\n")); diff != "" {
		t.Errorf("docs/openapi.json is not of this API: go test ./internal/api -run DocumentIsCommitted -update\n%.3000s", diff)
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	var d described
	if err := json.Unmarshal(document(t), &d); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.OpenAPI, "3.1") {
		t.Errorf("the document is of OpenAPI %s, want 3.1", d.OpenAPI)
	}
	ids := make(map[string]bool)
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for path, methods := range d.Paths {
		for method, o := range methods {
			name := strings.ToUpper(method) + " " + path
			if !strings.HasPrefix(path, "/v1/") {
				t.Errorf("%s is not below /v1", name)
			}
			if !kebab.MatchString(o.OperationID) || ids[o.OperationID] {
				t.Errorf("%s has the id %q, which is none or another's", name, o.OperationID)
			}
			ids[o.OperationID] = true
			if o.Summary == "" || len(o.Tags) != 1 || len(o.Responses) < 2 {
				t.Errorf("%s has the summary %q, the tags %v and %d answers", name, o.Summary, o.Tags, len(o.Responses))
			}
			switch {
			case method != "post", path == "/v1/product-imports", // what is handed in there does nothing until it is begun
				path == "/v1/operator/mail": // the same mail is kept once
				continue
			}
			if !slices.ContainsFunc(o.Parameters, func(p struct{ Name, In string }) bool { return p.Name == "Idempotency-Key" && p.In == "header" }) {
				t.Errorf("%s does not take an Idempotency-Key", name)
			}
		}
	}
	if len(ids) < 40 {
		t.Errorf("only %d operations are described", len(ids))
	}
}

// What the document says needs a token refuses whoever has none, and tells a
// problem; the rest does not ask for one.
func TestEveryOperationAsksWhoAsItSays(t *testing.T) {
	t.Parallel()
	w := world.Open(t, dbtest.SQLite(t))
	a := w.Client("").Get("/openapi.json").Want(200)
	var d described
	a.Into(&d)
	for path, methods := range d.Paths {
		for method, o := range methods {
			var body any
			if method == "post" {
				body = "{}"
			}
			got := w.Client("").Do(strings.ToUpper(method), strings.NewReplacer("{id}", "x_none", "{number}", "x").Replace(path), body)
			wants := len(o.Security) > 0
			if asked := got.Status == 401; asked != wants && path != "/v1/sessions" {
				// A public page of a thing that is not there is 404, a body that lacks everything 422.
				t.Errorf("%s %s: %d for nobody, though its document says it needs a token: %v", method, path, got.Status, wants)
			}
			if got.Status >= 500 {
				t.Errorf("%s %s: %d %s", method, path, got.Status, got.Body)
			}
		}
	}
}
