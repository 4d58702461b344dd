package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/archive"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// BackupOptions are what the caller says of a backup.
type BackupOptions struct {
	Passphrase string // takes the keys along behind it; without one they are to be kept elsewhere
	NoFiles    bool   // the file store is kept safe by other means
	Told       func(archive.Progress)
}

// Backup writes everything this marketplace knows to w while it runs: another
// process may serve it. Nothing is migrated.
func (c Config) Backup(ctx context.Context, w io.Writer, in BackupOptions) (archive.Report, error) {
	if !c.Postgres() {
		if _, err := os.Stat(c.sqlite()); err != nil {
			return archive.Report{}, fmt.Errorf("there is no marketplace in %s: %w", c.Data, err)
		}
	}
	v, err := c.openVault()
	if err != nil {
		return archive.Report{}, err
	}
	opt := archive.Options{Program: c.Version, KeyPrint: v.Fingerprint(), Told: in.Told, NoBlobs: in.NoFiles}
	if in.Passphrase != "" {
		if opt.Keys, err = c.sealedKeys(in.Passphrase); err != nil {
			return archive.Report{}, err
		}
	}
	d, store, end, err := c.raw(ctx, v)
	if err != nil {
		return archive.Report{}, err
	}
	err = d.Read(ctx, func(tx *db.Tx) error { return half(ctx, tx) })
	var r archive.Report
	if err == nil {
		r, err = archive.Backup(ctx, d, store, w, opt)
	}
	return r, errors.Join(err, end())
}

// raw opens database and store as they are.
func (c Config) raw(ctx context.Context, v *vault.Vault) (*db.DB, file.Store, func() error, error) {
	d, err := db.Open(ctx, c.address(), db.Options{Vault: v, Clock: c.Clock})
	if err != nil {
		return nil, nil, nil, err
	}
	store, err := c.openStore()
	if err != nil {
		return nil, nil, nil, errors.Join(err, d.Close())
	}
	return d, store, func() error {
		err := d.Close()
		if closer, ok := store.(io.Closer); ok {
			err = errors.Join(err, closer.Close())
		}
		return err
	}, nil
}

func (c Config) sealedKeys(passphrase string) ([]byte, error) {
	never := func() (string, error) { return "", errors.New("there are no keys to take along") }
	fields, err := c.secret(c.Keys, "keys.json", "YUNSHI_KEYS", never)
	if err != nil {
		return nil, err
	}
	signing, err := c.secret(c.Signing, "signing.pem", "YUNSHI_SIGNING_KEY", never)
	if err != nil {
		return nil, err
	}
	return archive.SealKeys(archive.Keys{Fields: fields, Signing: signing}, passphrase)
}

// errKeys says which keys a backup needs.
var errKeys = errors.New("the backup needs the keys it was made with")

// Restore puts a backup into an empty place, brings its schema up to this program's
// and makes anew what is derived. Keys come from the backup where a passphrase opens
// them, otherwise from the data folder or the environment.
func (c Config) Restore(ctx context.Context, r io.Reader, passphrase string, told func(archive.Progress)) (archive.Report, error) {
	in, err := archive.Open(r)
	if err != nil {
		return archive.Report{}, err
	}
	defer in.Close()
	if err := c.takeKeys(in, passphrase); err != nil {
		return archive.Report{}, err
	}
	v, err := c.vaultAtHand()
	if err != nil {
		return archive.Report{}, fmt.Errorf("%w (fingerprint %s…): %w", errKeys, clip(in.Head.Keys), err)
	}
	if v.Fingerprint() != in.Head.Keys {
		return archive.Report{}, fmt.Errorf("%w (fingerprint %s…), not those given (%s…)", errKeys, clip(in.Head.Keys), clip(v.Fingerprint()))
	}
	d, store, end, err := c.raw(ctx, v)
	if err != nil {
		return archive.Report{}, err
	}
	report, err := in.Restore(ctx, d, store, told)
	if err == nil {
		_, err = d.Migrate(ctx)
	}
	if err == nil {
		err = file.New(store, v).Adopt(ctx, d)
	}
	if err == nil {
		err = product.Reshelve(ctx, d)
	}
	if err == nil {
		err = archive.Finish(ctx, d)
	}
	return report, errors.Join(err, end())
}

func clip(print string) string { return print[:min(8, len(print))] }

// vaultAtHand opens the given keys or those of the data folder, and makes none.
func (c Config) vaultAtHand() (*vault.Vault, error) {
	k, err := c.KeySet()
	if err != nil {
		return nil, err
	}
	return vault.Open(k)
}

// takeKeys lays the keys of a backup into a data folder that has none.
func (c Config) takeKeys(in *archive.Read, passphrase string) error {
	if in.Keys == nil || passphrase == "" || c.Postgres() || c.Keys != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(c.Data, "keys.json")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	k, err := archive.OpenKeys(in.Keys, passphrase)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	for name, text := range map[string]string{"keys.json": k.Fields, "signing.pem": k.Signing} {
		if _, err := keepFirst(filepath.Join(c.Data, name), text); err != nil {
			return err
		}
	}
	return nil
}

// half refuses a database whose restore was stopped.
func half(ctx context.Context, tx *db.Tx) error {
	mark, err := db.Mark(ctx, tx, archive.Mark)
	if err == nil && mark != "" {
		err = errors.New("a restore into this database was stopped before its end: run `yunshi restore` with the same file again")
	}
	return err
}
