package story_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/client"
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

// The process is killed under load, three times, amid registrations, signatures,
// vouchers, submissions, uploads and imports: it starts again by itself, whoever was
// told that something is done has it, whole, and everything verifies.
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
			const rounds = 3
			c := prepare(t, l, rounds)
			var told []promise
			for round := range rounds {
				told = append(told, l.haunt(t, c.deeds(round))...)
			}
			m, err := market.Open(t.Context(), l.config())
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			// What the dead had begun is theirs until their leases are over: a minute passes.
			err = m.DB.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE job SET run_at = $1, lease_until = $1 WHERE state = 'running'`, tx.Now())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Runner.Drain(t.Context()); err != nil {
				t.Error(err)
			}
			again := &http.Server{Addr: l.Addr, Handler: m.Server.Handler()}
			go again.ListenAndServe()
			defer again.Close()
			l.ready(t, nil)
			kinds := map[string]int{}
			for _, p := range told {
				kinds[p.kind]++
				if err := c.kept(t.Context(), m, p); err != nil {
					t.Errorf("%s %s was promised: %v", p.kind, p.id, err)
				}
			}
			for _, kind := range []string{"account", "file", "statement", "product", "voucher", "contract"} {
				if kinds[kind] == 0 {
					t.Errorf("of the kind %s nothing was promised", kind)
				}
			}
			ok, wrong := verify.Run(t.Context(), m.DB, m.Files, []string{m.Key.Fingerprint()}, func(c verify.Check) {
				for _, w := range c.Wrong {
					t.Errorf("%s: %s", c.Name, w)
				}
			})
			if wrong != nil || !ok {
				t.Errorf("verify: %v %v", wrong, ok)
			}
			t.Logf("%v outlived three deaths", kinds)
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

// promised is how many answers a victim lives to give at least.
const promised = 12

// haunt starts the victim, does deeds by four at once, and kills it when twelve, an
// account among them, were told that they are done. It returns what was told.
func (l lair) haunt(t *testing.T, next func(n int64) deed) []promise {
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
	var told []promise
	var slow, killed bool // an account, whose password takes time, is among them; it is over
	var people sync.WaitGroup
	var number atomic.Int64
	for range 4 {
		people.Go(func() {
			for {
				n := number.Add(1)
				x := next(n)
				id, err := x.do(t.Context(), n)
				if problem, answered := client.AsProblem(err); answered {
					t.Errorf("%s %d: %v", x.kind, n, problem)
				}
				if err != nil {
					return // killed
				}
				mu.Lock()
				told = append(told, promise{x.kind, id})
				slow = slow || x.kind == "account"
				if len(told) >= promised && slow && !killed {
					killed = true
					if err := child.Process.Kill(); err != nil {
						t.Error(err)
					}
				}
				mu.Unlock()
			}
		})
	}
	people.Wait()
	child.Process.Kill() // where that many were never reached
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
