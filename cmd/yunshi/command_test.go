package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/market"
)

// TestMain makes this test the program itself where a test runs it as one.
func TestMain(m *testing.M) {
	if os.Getenv("YUNSHI_TEST_IS_PROGRAM") != "" {
		os.Unsetenv("YUNSHI_TEST_IS_PROGRAM")
		main()
		return
	}
	os.Exit(m.Run())
}

// program runs the program and gives what it said and its exit code.
func program(t *testing.T, env []string, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append([]string{"YUNSHI_TEST_IS_PROGRAM=1", "LANG=C", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	c.Stdin = strings.NewReader(stdin)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), said.String(), c.ProcessState.ExitCode()
}

func TestAdminLooksAfterStaff(t *testing.T) {
	t.Parallel()
	places := map[string][]string{"sqlite": {"YUNSHI_DATA=" + filepath.Join(t.TempDir(), "data")}}
	if dbtest.HasPostgres() {
		keys, signing, err := market.NewSecrets()
		if err != nil {
			t.Fatal(err)
		}
		places["postgres"] = []string{"YUNSHI_DATABASE=" + dbtest.EmptyPostgres(t), "YUNSHI_FILES=" + t.TempDir(), "YUNSHI_KEYS=" + keys, "YUNSHI_SIGNING_KEY=" + signing}
	}
	for name, env := range places {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct {
				name, stdin string
				args        []string
				code        int
				want        []string
			}{
				{"no password", "", []string{"add", "--email", "a@b.example", "--role", "administrator"}, 1, []string{"no password on standard input"}},
				{"weak password", "123456\n", []string{"add", "--email", "a@b.example", "--role", "administrator"}, 1, []string{"password: At least 10 characters"}},
				{"unknown role", "correct horse 42\n", []string{"add", "--email", "a@b.example", "--role", "king"}, 1, []string{"roles: “king” is not one of the choices"}},
				{"no mail", "correct horse 42\n", []string{"add", "--email", "ab", "--role", "auditor"}, 1, []string{"mail: "}},
				{"no role", "correct horse 42\n", []string{"add", "--email", "a@b.example"}, 80, []string{"--role"}},
				{"first", "correct horse 42\n", []string{"add", "--email", "Boss@B.example", "--name", "陈管理", "--role", "administrator"}, 0, []string{"Boss@b.example", "active", "[administrator]"}},
				{"twice", "correct horse 42\n", []string{"add", "--email", "boss@b.example", "--role", "auditor"}, 1, []string{"mail: This mailbox is registered already"}},
				{"two roles", "correct horse 42\r\n", []string{"add", "--email", "fin@b.example", "--role", "finance,auditor"}, 0, []string{"[finance auditor]"}},
				{"list", "", []string{"list"}, 0, []string{"陈管理", "fin@b.example"}},
				{"other roles", "", []string{"roles", "--email", "FIN@b.example", "--role", "reviewer"}, 0, []string{"[reviewer]"}},
				{"close", "", []string{"disable", "--email", "fin@b.example"}, 0, []string{"closed"}},
				{"open", "", []string{"enable", "--email", "fin@b.example"}, 0, []string{"active", "[reviewer]"}},
				{"close the last administrator", "", []string{"disable", "--email", "boss@b.example"}, 1, []string{"At least one active administrator must remain"}},
				{"close nobody", "", []string{"disable", "--email", "no@b.example"}, 1, []string{"there is no staff account no@b.example"}},
			} {
				out, said, code := program(t, env, c.stdin, append([]string{"admin"}, c.args...)...)
				if code != c.code {
					t.Errorf("%s: exit code %d, want %d: %s%s", c.name, code, c.code, out, said)
				}
				for _, want := range c.want {
					if !strings.Contains(out+said, want) {
						t.Errorf("%s: does not say %q: %s%s", c.name, want, out, said)
					}
				}
				if strings.Contains(out+said, "correct horse") {
					t.Errorf("%s: shows the password", c.name)
				}
			}
		})
	}
}

func TestSmallCommands(t *testing.T) {
	t.Parallel()
	env := []string{"YUNSHI_DATA=" + filepath.Join(t.TempDir(), "data")}
	if out, _, code := program(t, nil, "", "version"); code != 0 || !strings.HasPrefix(out, "yunshi 0.") {
		t.Errorf("version: %d %s", code, out)
	}
	out, _, code := program(t, nil, "", "keys")
	if code != 0 || !strings.Contains(out, "YUNSHI_KEYS='{") || !strings.Contains(out, "YUNSHI_SIGNING_KEY='-----BEGIN") {
		t.Errorf("keys: %d", code)
	}
	if out, said, code := program(t, env, "", "migrate"); code != 0 || !strings.Contains(out, "current") {
		t.Errorf("migrate: %d %s%s", code, out, said)
	}
	if out, said, code := program(t, env, "", "verify"); code != 0 || !strings.Contains(out, "ledger balanced") {
		t.Errorf("verify: %d %s%s", code, out, said)
	}
	if _, said, code := program(t, append(env, "YUNSHI_KEYS_FILE=/nowhere/keys"), "", "migrate"); code != 1 || !strings.Contains(said, "YUNSHI_KEYS_FILE") {
		t.Errorf("a secret's file that is not there: %d %s", code, said)
	}
	if _, said, code := program(t, []string{"YUNSHI_DATABASE=postgres://127.0.0.1:1/x"}, "", "migrate"); code != 1 || !strings.Contains(said, "YUNSHI_KEYS must be set") {
		t.Errorf("PostgreSQL without keys: %d %s", code, said)
	}
}

// Told to stop, the program finishes the request it has begun, gives jobs back to
// the queue and closes the database.
func TestShutdownFinishesWhatHasBegun(t *testing.T) {
	t.Parallel()
	m, err := market.Open(t.Context(), market.Config{Data: t.TempDir(), BaseURL: "http://x", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	began, release := make(chan bool), make(chan bool)
	m.Server.Handle("GET /slow", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-release
		io.WriteString(w, "finished")
	}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan bool), make(chan error, 1)
	go func() { ended <- serve(ctx, m, addr, func() { close(ready) }) }()
	<-ready
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + addr + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answer <- string(b)
	}()
	<-began
	stop()
	for { // until it takes no new requests
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		conn.Close()
	}
	select {
	case err := <-ended:
		t.Fatalf("it ended in the middle of a request: %v", err)
	default:
	}
	close(release)
	if got := <-answer; got != "finished" {
		t.Errorf("the request was answered %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if err := m.DB.Write(t.Context(), func(*db.Tx) error { return nil }); err == nil {
		t.Error("the database is still open")
	}
	m, err = market.Open(t.Context(), m.Config)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	err = m.DB.Read(t.Context(), func(tx *db.Tx) error {
		counts, err := job.Counts(t.Context(), tx)
		if counts[job.Running] != 0 {
			t.Errorf("%d jobs are still said to run", counts[job.Running])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
