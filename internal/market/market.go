package market

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/api"
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
	v, err := c.openVault()
	if err != nil {
		return nil, err
	}
	// Before the database: beside an existing one a missing key is not made anew.
	key, err := c.openSigning(time.Now())
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, c.address(), db.Options{Vault: v, Clock: c.Clock})
	if err != nil {
		return nil, err
	}
	m, err := open(ctx, d, v, key, c)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return m, nil
}

func open(ctx context.Context, d *db.DB, v *vault.Vault, key sign.Key, c Config) (*Market, error) {
	if err := prepare(ctx, d, v, c); err != nil {
		return nil, err
	}
	store, err := c.openStore()
	if err != nil {
		return nil, err
	}
	files := file.New(store, v)
	if err := files.Belongs(ctx, d); err != nil {
		return nil, err
	}
	return Build(d, v, files, key, c), nil
}

// Build puts a marketplace together on an opened and migrated database, as Open
// does; of the configuration it heeds what Open has not opened already.
func Build(d *db.DB, v *vault.Vault, files *file.Files, key sign.Key, c Config) *Market {
	m := &Market{Config: c, DB: d, Vault: v, Files: files, Key: key}
	m.wire()
	return m
}

// prepare migrates and refuses keys that are not those the database was made with.
func prepare(ctx context.Context, d *db.DB, v *vault.Vault, c Config) error {
	ran, err := d.Migrate(ctx)
	if err != nil {
		return err
	}
	if len(ran) > 0 {
		c.Log.Info("migrated", "database", string(d.Dialect()), "migrations", len(ran))
	}
	var pinned string
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		pinned, err = db.Pin(ctx, tx, "vault.fingerprint", v.Fingerprint())
		return err
	})
	if err != nil {
		return err
	}
	if pinned != v.Fingerprint() {
		return fmt.Errorf("the encryption keys (fingerprint %s…) are not those this database was made with (%s…): give it its own YUNSHI_KEYS", v.Fingerprint()[:8], pinned[:8])
	}
	return nil
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
	flow.Jobs(&reg, flow.Needs{DB: m.DB, Files: m.Files, Office: office, Key: m.Key, BaseURL: c.BaseURL, Sweep: api.Sweep})
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
