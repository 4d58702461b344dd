// Package market is one running marketplace put together: database, keys, files,
// post office, job runner and every face on one server. The command line and the
// tests open the same thing; it decides nothing.
package market

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/account/sso"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/web"
)

// Config is what an operator sets; docs/configuration.md explains each.
type Config struct {
	Data     string // folder of the embedded database, keys and files
	Database string // postgres://… ; "" is SQLite in Data
	Files    string // folder of files, or s3://bucket/prefix; "" is Data/files
	S3       S3
	BaseURL  string // as browsers see the marketplace
	Keys     string // JSON of the encryption keys; "" is Data/keys.json, made at first start (SQLite only)
	Signing  string // PEM of the signing key and certificate; "" is Data/signing.pem, likewise
	Demo     bool
	// Rehearsal is what a demo's pages show of its people; nil is nothing.
	Rehearsal *web.Rehearsal
	// TrustProxy takes the client's address from X-Forwarded-For.
	TrustProxy bool
	// Provider is the operator's identity provider, for staff; nil is none.
	Provider *sso.Provider
	// NoStaffPasswords refuses the passwords of staff, who come by the provider.
	NoStaffPasswords bool
	Workers          int
	Letters          Letters
	Mail             notify.Mailer
	SMS              notify.Texter
	Log              *slog.Logger
	Version          string
	Clock            db.Clock
}

// S3 is an S3-compatible store.
type S3 struct {
	Endpoint, Region, AccessKey, SecretKey string
	Plain                                  bool // http, for a store on this machine
}

// Postgres reports whether the database is PostgreSQL.
func (c Config) Postgres() bool {
	return strings.HasPrefix(c.Database, "postgres://") || strings.HasPrefix(c.Database, "postgresql://")
}

// openVault reads the encryption keys: given, or from the data folder, where a
// first start on SQLite makes them.
func (c Config) openVault() (*vault.Vault, error) {
	text, err := c.secret(c.Keys, "keys.json", "YUNSHI_KEYS", func() (string, error) {
		k, err := vault.NewKeys(rand.Reader)
		if err != nil {
			return "", err
		}
		b, err := json.MarshalIndent(k, "", "  ")
		return string(b), err
	})
	if err != nil {
		return nil, err
	}
	var k vault.Keys
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return nil, errors.New("YUNSHI_KEYS is not the JSON that `yunshi keys` prints")
	}
	return vault.Open(k)
}

func (c Config) openSigning(now time.Time) (sign.Key, error) {
	text, err := c.secret(c.Signing, "signing.pem", "YUNSHI_SIGNING_KEY", func() (string, error) {
		return NewSigning(now)
	})
	if err != nil {
		return sign.Key{}, err
	}
	return sign.ParseKey([]byte(text))
}

// NewSigning makes a signing key with its certificate, as PEM.
func NewSigning(now time.Time) (string, error) {
	k, err := sign.NewKey("Yunshi Marketplace", now, rand.Reader)
	if err != nil {
		return "", err
	}
	pem, err := k.PEM()
	return string(pem), err
}

// secret is a given secret, or one kept in the data folder, or, on the embedded
// database alone, a new one kept there.
func (c Config) secret(given, file, env string, make func() (string, error)) (string, error) {
	if given != "" {
		return given, nil
	}
	if c.Postgres() {
		return "", fmt.Errorf("%s must be set when the database is PostgreSQL: several processes share it; `yunshi keys` makes a set", env)
	}
	path := filepath.Join(c.Data, file)
	b, err := os.ReadFile(path)
	if err == nil {
		return string(b), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if _, err := os.Stat(c.sqlite()); err == nil {
		return "", fmt.Errorf("%s is missing beside an existing database: put back the key it was made with", path)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return "", err
	}
	s, err := make()
	if err != nil {
		return "", err
	}
	return keepFirst(path, s)
}

// keepFirst writes a secret to a file that nobody else reads and returns what
// stands there: a process killed in between leaves no half of one, and of two that
// start at once both have the secret of the first.
func keepFirst(path, secret string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(secret)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	b, err := os.ReadFile(path)
	return string(b), err
}

func (c Config) sqlite() string { return filepath.Join(c.Data, "yunshi.db") }

func (c Config) address() string {
	if c.Postgres() {
		return c.Database
	}
	return c.sqlite()
}

// NewSecrets makes the two secrets of a new installation: encryption keys as JSON, signing key as PEM.
func NewSecrets() (keys, signing string, err error) {
	k, err := vault.NewKeys(rand.Reader)
	if err != nil {
		return "", "", err
	}
	b, err := json.Marshal(k)
	if err != nil {
		return "", "", err
	}
	signing, err = NewSigning(time.Now())
	return string(b), signing, err
}
