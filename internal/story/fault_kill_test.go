package story_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/verify"
)

// victim is the environment variable that makes this program a marketplace, for a
// test that kills it.
const victim = "YUNSHI_STORY_VICTIM"

// lair is where a victim lives.
type lair struct{ Data, Database, Keys, Signing, Addr string }

func (l lair) config() market.Config {
	return market.Config{Data: l.Data, Database: l.Database, Keys: l.Keys, Signing: l.Signing, BaseURL: "http://" + l.Addr, Demo: true, TrustProxy: true, Log: slog.New(slog.DiscardHandler), Version: "test"}
}

func TestMain(m *testing.M) {
	if s := os.Getenv(victim); s != "" {
		if err := live(s); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// live serves until it is killed.
func live(s string) error {
	var l lair
	if err := json.Unmarshal([]byte(s), &l); err != nil {
		return err
	}
	m, err := market.Open(context.Background(), l.config())
	if err != nil {
		return err
	}
	go m.Runner.Run(context.Background())
	return http.ListenAndServe(l.Addr, m.Server.Handler())
}

// The process is killed under load, three times: it starts again by itself, whoever
// was told of an account has it, and everything verifies.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	homes := map[string]func(t *testing.T) string{"sqlite": func(*testing.T) string { return "" }}
	if dbtest.HasPostgres() {
		homes["postgres"] = func(t *testing.T) string { return dbtest.PostgresAddress(t) }
	}
	for name, database := range homes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys, err := vault.NewKeys(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := json.Marshal(keys)
			if err != nil {
				t.Fatal(err)
			}
			pem, err := market.NewSigning(time.Now())
			if err != nil {
				t.Fatal(err)
			}
			l := lair{Data: t.TempDir(), Database: database(t), Keys: string(plain), Signing: pem, Addr: free(t)}
			var told []string
			for round := range 3 {
				told = append(told, l.haunt(t, round)...)
			}
			m, err := market.Open(t.Context(), l.config())
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			if err := m.Runner.Drain(t.Context()); err != nil {
				t.Error(err)
			}
			err = m.DB.Read(t.Context(), func(tx *db.Tx) error {
				for _, id := range told {
					if _, err := account.Load(t.Context(), tx, id); err != nil {
						t.Errorf("account %s was promised: %v", id, err)
					}
				}
				return nil
			})
			ok, wrong := verify.Run(t.Context(), m.DB, m.Files, []string{m.Key.Fingerprint()}, func(c verify.Check) {
				for _, w := range c.Wrong {
					t.Errorf("%s: %s", c.Name, w)
				}
			})
			if err != nil || wrong != nil || !ok {
				t.Errorf("verify: %v %v %v", err, wrong, ok)
			}
			t.Logf("%d accounts outlived three deaths", len(told))
		})
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// haunt starts the victim, registers people by four at once, and kills it when the
// sixth was told that it is done. It returns the accounts that were told of.
func (l lair) haunt(t *testing.T, round int) []string {
	t.Helper()
	how, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), victim+"="+string(how))
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() { gone <- child.Wait() }()
	l.ready(t, gone)
	var mu sync.Mutex
	var told []string
	var people sync.WaitGroup
	var number atomic.Int64
	for range 4 {
		people.Go(func() {
			for {
				n := number.Add(1)
				body := fmt.Sprintf(`{"name": "何晓", "mail": "p%d-%d@vendor.example", "phone": "139%d%07d", "password": "correct horse 42", "lang": "zh-CN"}`, round, n, round, n)
				r, err := http.NewRequest(http.MethodPost, "http://"+l.Addr+"/v1/accounts", strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", round, n%250))
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					return // killed
				}
				var made struct{ ID string }
				data, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil {
					return
				}
				if err := json.Unmarshal(data, &made); err != nil || resp.StatusCode >= 300 || made.ID == "" {
					t.Errorf("registering answers %d: %s", resp.StatusCode, data)
					return
				}
				mu.Lock()
				told = append(told, made.ID)
				if len(told) == 6 {
					if err := child.Process.Kill(); err != nil {
						t.Error(err)
					}
				}
				mu.Unlock()
			}
		})
	}
	people.Wait()
	child.Process.Kill() // where the sixth was never reached
	<-gone
	return told
}

// ready waits until the victim answers.
func (l lair) ready(t *testing.T, gone chan error) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 3000 {
		select {
		case err := <-gone:
			t.Fatalf("it did not start: %v", err)
		case <-tick.C:
		}
		resp, err := http.Get("http://" + l.Addr + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatal("it is not ready after a minute")
}
