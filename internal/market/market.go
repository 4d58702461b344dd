package market

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/flow"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Market is a running marketplace.
type Market struct {
	Config Config
	DB     *db.DB
	Vault  *vault.Vault
	Files  *file.Files
	Runner *job.Runner
	Server *server.Server
	Key    sign.Key
}

// Open opens everything, migrates, and refuses keys or a file store that belong
// to another installation. It does not yet run jobs or listen.
func Open(ctx context.Context, c Config) (*Market, error) {
	m := &Market{Config: c}
	var err error
	if m.Vault, err = c.openVault(); err != nil {
		return nil, err
	}
	if m.DB, err = db.Open(ctx, c.address(), db.Options{Vault: m.Vault, Clock: c.Clock}); err != nil {
		return nil, err
	}
	if m.Key, err = c.openSigning(m.DB.Clock().Now()); err == nil {
		err = m.prepare(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, m.DB.Close())
	}
	m.wire()
	return m, nil
}

func (m *Market) prepare(ctx context.Context) error {
	ran, err := m.DB.Migrate(ctx)
	if err != nil {
		return err
	}
	if len(ran) > 0 {
		m.Config.Log.Info("migrated", "database", string(m.DB.Dialect()), "migrations", len(ran))
	}
	var pinned string
	err = m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		pinned, err = db.Pin(ctx, tx, "vault.fingerprint", m.Vault.Fingerprint())
		return err
	})
	if err != nil {
		return err
	}
	if pinned != m.Vault.Fingerprint() {
		return fmt.Errorf("the encryption keys (fingerprint %s…) are not those this database was made with (%s…): give it its own YUNSHI_KEYS", m.Vault.Fingerprint()[:8], pinned[:8])
	}
	store, err := m.Config.openStore()
	if err != nil {
		return err
	}
	m.Files = file.New(store, m.Vault)
	return m.Files.Belongs(ctx, m.DB)
}

func (c Config) openStore() (file.Store, error) {
	at := c.Files
	if at == "" {
		at = filepath.Join(c.Data, "files")
	}
	rest, isS3 := strings.CutPrefix(at, "s3://")
	if !isS3 {
		return file.OpenLocal(at)
	}
	bucket, prefix, _ := strings.Cut(rest, "/")
	return file.OpenS3(file.S3Options{Endpoint: c.S3.Endpoint, Region: c.S3.Region, Bucket: bucket, Prefix: prefix,
		AccessKey: c.S3.AccessKey, SecretKey: c.S3.SecretKey, Plain: c.S3.Plain})
}

// wire puts jobs and faces together.
func (m *Market) wire() {
	c := m.Config
	var reg job.Registry
	office := &notify.Office{DB: m.DB, Files: m.Files, BaseURL: c.BaseURL, Mail: c.Mail, SMS: c.SMS, Room: c.Demo && c.Mail == nil}
	flow.Jobs(&reg, flow.Needs{DB: m.DB, Files: m.Files, Office: office, Key: m.Key, BaseURL: c.BaseURL})
	pump := event.NewPump(m.DB, &reg, flow.Reactions())
	workers := c.Workers
	if workers == 0 {
		workers = 4
	}
	m.Runner = job.NewRunner(m.DB, &reg, c.Log, workers, pump.Run)
	m.Server = server.New(m.DB, c.Log, c.BaseURL)
	m.Server.TrustProxy = c.TrustProxy
	m.faces()
}

// Close closes the database and the file store.
func (m *Market) Close() error { return m.DB.Close() }
