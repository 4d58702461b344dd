package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/yunshi-market/yunshi/internal/market"
)

// read reads a command line as main does.
func read(t *testing.T, args ...string) (commands, error) {
	t.Helper()
	var c commands
	k, err := kong.New(&c, append(options(), kong.Exit(func(int) { t.Error("it ended the program") }))...)
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Parse(args)
	return c, err
}

// model lists every flag and variable that any command takes.
func model(t *testing.T) (flags, envs []string) {
	t.Helper()
	k, err := kong.New(&commands{}, options()...)
	if err != nil {
		t.Fatal(err)
	}
	var collect func(n *kong.Node)
	collect = func(n *kong.Node) {
		for _, f := range n.Flags {
			flags = append(flags, "--"+f.Name)
			envs = append(envs, f.Envs...)
		}
		for _, child := range n.Children {
			collect(child)
		}
	}
	collect(k.Model.Node)
	slices.Sort(flags)
	slices.Sort(envs)
	return slices.Compact(flags), slices.Compact(envs)
}

// secrets lists the variables that the code reads beside the flags.
func secrets(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`secretEnv\("(YUNSHI_[A-Z0-9_]+)"\)`).FindAllStringSubmatch(string(data), -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// docs/configuration.md names every flag and variable, and none that is not there.
func TestConfigurationIsDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	flags, envs := model(t)
	known := append(append(flags, envs...), secrets(t)...)
	named := regexp.MustCompile("`(--[a-z0-9-]+|YUNSHI_[A-Z0-9_]+)`").FindAllStringSubmatch(string(data), -1)
	var documented []string
	for _, m := range named {
		documented = append(documented, m[1])
	}
	for _, want := range known {
		if want != "--help" && !slices.Contains(documented, want) {
			t.Errorf("%s is not in docs/configuration.md", want)
		}
	}
	for _, name := range documented {
		if !slices.Contains(known, name) {
			t.Errorf("docs/configuration.md names %s, which nothing reads", name)
		}
	}
}

func TestFlagBeforeEnvironmentBeforeFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "yunshi.json")
	body := `{"addr": "file:1", "data": "file", "url": "https://file.example", "workers": 7, "trust-proxy": true, "sms-templates": {"code": "1:1+2"}, "sms-webhook-allow": ["10.0.0.0/8", "192.168.0.0/16"]}`
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("YUNSHI_ADDR", "env:1")
	t.Setenv("YUNSHI_DATA", "env")
	for _, how := range []string{"flag", "environment"} {
		t.Run(how, func(t *testing.T) {
			args := []string{"serve", "--addr", "flag:1"}
			if how == "flag" {
				args = append(args, "--config", file)
			} else {
				t.Setenv("YUNSHI_CONFIG", file)
			}
			c, err := read(t, args...)
			if err != nil {
				t.Fatal(err)
			}
			s := c.Serve
			if s.Addr != "flag:1" || s.Data != "env" || s.URL != "https://file.example" || s.Workers != 7 || !s.TrustProxy {
				t.Errorf("got %+v", s)
			}
			if s.SMSTemplates["code"] != "1:1+2" || !slices.Equal(s.SMSWebhookAllow, []string{"10.0.0.0/8", "192.168.0.0/16"}) {
				t.Errorf("got templates %v and ranges %v", s.SMSTemplates, s.SMSWebhookAllow)
			}
		})
	}
}

func TestConfigurationFileRefusesASlip(t *testing.T) {
	file := filepath.Join(t.TempDir(), "yunshi.json")
	for _, body := range []string{`{"adr": "x"}`, `{`, `[]`} {
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(t, "serve", "--config", file); err == nil {
			t.Errorf("%s was taken", body)
		}
	}
}

func TestSecretFromItsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("YUNSHI_SMTP_PASSWORD_FILE", file)
	if got, want := secretEnv("YUNSHI_SMTP_PASSWORD"), "from the file"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	t.Setenv("YUNSHI_SMTP_PASSWORD", "given")
	if got, want := secretEnv("YUNSHI_SMTP_PASSWORD"), "given"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What the files of deploy/ set is something the program reads.
func TestDeploymentsSetWhatIsRead(t *testing.T) {
	t.Parallel()
	flags, envs := model(t)
	known := append(envs, secrets(t)...)
	files, err := filepath.Glob("../../deploy/*")
	if err != nil || len(files) < 5 {
		t.Fatalf("deploy/: %v, %v", files, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`YUNSHI_[A-Z0-9_]+[A-Z0-9]`).FindAllString(string(data), -1) {
			if !slices.Contains(known, strings.TrimSuffix(name, "_FILE")) {
				t.Errorf("%s sets %s, which nothing reads", path, name)
			}
		}
		for _, flag := range regexp.MustCompile(`yunshi (?:config check|serve|backup|verify|admin add|keys) (--[a-z-]+)`).FindAllStringSubmatch(string(data), -1) {
			if !slices.Contains(flags, flag[1]) {
				t.Errorf("%s gives %s, which no command takes", path, flag[1])
			}
		}
	}
}

// A mailbox without its password would never be read: it is refused at the start.
func TestMailboxNeedsItsPassword(t *testing.T) {
	for name, c := range map[string]struct {
		in       inbox
		password string
		ok       bool
	}{
		"none":        {inbox{}, "", true},
		"whole":       {inbox{IMAPHost: "imap.example.com", IMAPUser: "deposit"}, "x", true},
		"since a day": {inbox{IMAPHost: "imap.example.com", IMAPUser: "deposit", IMAPSince: "2026-11-23"}, "x", true},
		"no day":      {inbox{IMAPHost: "imap.example.com", IMAPUser: "deposit", IMAPSince: "23.11.2026"}, "x", false},
		"no password": {inbox{IMAPHost: "imap.example.com", IMAPUser: "deposit"}, "", false},
		"no user":     {inbox{IMAPHost: "imap.example.com"}, "x", false},
	} {
		t.Setenv("YUNSHI_IMAP_PASSWORD", c.password)
		var cfg market.Config
		err := c.in.collect(&cfg, "云市场 <market@Example.com>")
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if c.ok && cfg.Letters.IMAP.Since.IsZero() != (c.in.IMAPSince == "") {
			t.Errorf("%s: since %s", name, cfg.Letters.IMAP.Since)
		}
		if cfg.Letters.Domain != "Example.com" || c.ok && cfg.Letters.IMAP.Host != c.in.IMAPHost {
			t.Errorf("%s: %+v", name, cfg.Letters)
		}
	}
}
