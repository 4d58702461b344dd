package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/yunshi-market/yunshi/internal/market"
)

// A request, its transactions and a caller's trace arrive at the collector, without
// what was sent in it.
func TestTracesReachTheCollector(t *testing.T) {
	var mu sync.Mutex
	var got bytes.Buffer
	var header string
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			in = z
		}
		mu.Lock()
		defer mu.Unlock()
		header = r.Header.Get("X-Token")
		if _, err := io.Copy(&got, in); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
	}))
	defer collector.Close()
	t.Setenv("YUNSHI_OTLP_HEADERS", "X-Token=t0ken")
	stop, err := tracing{OTLPEndpoint: collector.URL, OTLPSample: 1}.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer otel.SetTracerProvider(noop.NewTracerProvider())
	m, err := market.Open(t.Context(), market.Config{Data: filepath.Join(t.TempDir(), "data"), BaseURL: "http://x", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	r := httptest.NewRequest(http.MethodGet, "/products?q=secretword", nil)
	r.Header.Set("traceparent", "00-"+id+"-00f067aa0ba902b7-01")
	w := httptest.NewRecorder()
	m.Server.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d", w.Code)
	}
	stop()
	mu.Lock()
	defer mu.Unlock()
	raw, err := hex.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"the route": []byte("GET /products"), "a transaction": []byte("db.read"), "the caller's trace": raw} {
		if !bytes.Contains(got.Bytes(), want) {
			t.Errorf("%s did not arrive", name)
		}
	}
	if bytes.Contains(got.Bytes(), []byte("secretword")) {
		t.Error("a trace holds what the reader searched for")
	}
	if header != "t0ken" {
		t.Errorf("the collector's header: %q", header)
	}
}

func TestTracingRefusesWrongSettings(t *testing.T) {
	for name, tt := range map[string]tracing{
		"no address": {OTLPEndpoint: "collector:4318", OTLPSample: 1}, "no share": {OTLPEndpoint: "http://localhost:4318", OTLPSample: 2},
	} {
		if _, err := tt.start(t.Context()); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
