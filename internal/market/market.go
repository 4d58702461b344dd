package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/flow"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/mailbox/imap"
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
	Inbox  *imap.Reader // nil where no mailbox is read

	store io.Closer // nil where there is nothing to close
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
	if err := prepare(ctx, d, v, key, c); err != nil {
		return nil, err
	}
	store, err := c.openStore()
	if err != nil {
		return nil, err
	}
	closer, _ := store.(io.Closer) // a folder is held open, an S3 store is not
	files := file.New(store, v)
	if err := files.Belongs(ctx, d); err != nil {
		if closer != nil {
			err = errors.Join(err, closer.Close())
		}
		return nil, err
	}
	m := Build(d, v, files, key, c)
	m.store = closer
	return m, nil
}

// Build puts a marketplace together on an opened and migrated database, as Open
// does; of the configuration it heeds what Open has not opened already.
func Build(d *db.DB, v *vault.Vault, files *file.Files, key sign.Key, c Config) *Market {
	m := &Market{Config: c, DB: d, Vault: v, Files: files, Key: key}
	m.wire()
	return m
}

// The marks by which a database knows the keys it was made with.
const (
	vaultMark = "vault.fingerprint"
	signMark  = "sign.fingerprint"
)

// prepare migrates. Keys that are not those the database was made with are refused
// before anything is changed there, and afterwards pinned: of several processes that
// start an installation together, one gives it its keys.
func prepare(ctx context.Context, d *db.DB, v *vault.Vault, key sign.Key, c Config) error {
	var known [2]string // "" before the first start, when there is no table to ask
	var unfinished error
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if known[0], err = db.Mark(ctx, tx, vaultMark); err == nil {
			known[1], err = db.Mark(ctx, tx, signMark)
		}
		if err == nil {
			unfinished = half(ctx, tx)
		}
		return err
	})
	if err == nil {
		if err := errors.Join(unfinished, recognise(known, v, key)); err != nil {
			return err
		}
	}
	ran, err := d.Migrate(ctx)
	if err != nil {
		return err
	}
	if len(ran) > 0 {
		c.Log.Info("migrated", "database", string(d.Dialect()), "migrations", len(ran))
	}
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if known[0], err = db.Pin(ctx, tx, vaultMark, v.Fingerprint()); err == nil {
			known[1], err = db.Pin(ctx, tx, signMark, key.Fingerprint())
		}
		return err
	})
	if err != nil {
		return err
	}
	return recognise(known, v, key)
}

// recognise refuses keys of another installation.
func recognise(known [2]string, v *vault.Vault, key sign.Key) error {
	for i, is := range []string{v.Fingerprint(), key.Fingerprint()} {
		name := [2]string{"encryption keys", "signing key"}[i]
		env := [2]string{"YUNSHI_KEYS", "YUNSHI_SIGNING_KEY"}[i]
		if known[i] != "" && known[i] != is {
			return fmt.Errorf("the %s (fingerprint %s…) are not what this database was made with (%s…): give it its own %s", name, is[:8], known[i][:8], env)
		}
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
	m.Server.TrustProxy, m.Server.NoStaffPasswords = c.TrustProxy, c.NoStaffPasswords
	m.Inbox = m.inbox()
	m.faces()
}

// Close closes the database and the file store.
func (m *Market) Close() error {
	err := m.DB.Close()
	if m.store != nil {
		err = errors.Join(err, m.store.Close())
	}
	return err
}
