package api_test

import (
	"bytes"
	"flag"
	"log/slog"
	"os"
	"testing"

	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/api/clientgen"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/server"
)

var updateClient = flag.Bool("update-client", false, "write client/operations.go anew")

// TestClientIsOfThisAPI holds the Go client against the routes: an operation or a
// field that changes shows as a difference here.
func TestClientIsOfThisAPI(t *testing.T) {
	s := server.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler), "http://localhost")
	doc, err := api.Register(s, api.Parts{Version: "test"}).Document()
	if err != nil {
		t.Fatal(err)
	}
	want, err := clientgen.Source(doc)
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../client/operations.go"
	if *updateClient {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("client/operations.go is not of this API: go test ./internal/api -run ClientIsOfThisAPI -update-client")
	}
}
