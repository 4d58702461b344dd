package yunshitest

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/sign"
)

// Person makes the account of an actor, so that it has a name, a mailbox and the
// phone +86 138 0013 8000.
func Person(t testing.TB, d *db.DB, by access.Actor, name string) access.Actor {
	t.Helper()
	Write(t, d, func(tx *db.Tx) error {
		v := tx.Vault()
		_, err := tx.Exec(context.Background(), `
			INSERT INTO account (id, kind, mail, mail_index, phone, phone_index, name, password_hash, lang, vendor_id, roles, created_at, verified_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', 'zh-CN', $8, $9, $10, $10)`,
			by.ID, string(by.Kind), v.Seal("account.mail:"+by.ID, by.ID+"@example.com"), v.Blind("account.mail", by.ID+"@example.com"),
			v.Seal("account.phone:"+by.ID, "+8613800138000"), by.ID, v.Seal("account.name:"+by.ID, name), by.VendorID, db.JSON(by.Roles), tx.Now())
		return err
	})
	return by
}

// Office runs jobs as the program does, with files and a signing key of its own. It
// keeps the codes that were sent instead of sending them.
type Office struct {
	DB     *db.DB
	Files  *file.Files
	Key    sign.Key
	Runner *job.Runner

	mu    sync.Mutex
	codes map[string]string
}

// NewOffice makes an office with the jobs that the functions register.
func NewOffice(t testing.TB, d *db.DB, register ...func(reg *job.Registry, d *db.DB, files *file.Files, key sign.Key)) *Office {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key, err := sign.NewKey("示例云计算有限责任公司", dbtest.Start, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := &Office{DB: d, Files: file.New(store, dbtest.Vault()), Key: key, codes: make(map[string]string)}
	var reg job.Registry
	job.Handle(&reg, account.CodeJob, func(_ context.Context, _ *db.Tx, _ access.Actor, c account.Code) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.codes[c.Account] = c.Code
		return nil
	})
	for _, r := range register {
		r(&reg, d, o.Files, key)
	}
	o.Runner = job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 2)
	return o
}

// Drain runs every job that is due.
func (o *Office) Drain(t testing.TB) {
	t.Helper()
	if err := o.Runner.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// Code is the last code sent to an account, once the jobs have run.
func (o *Office) Code(t testing.TB, accountID string) string {
	t.Helper()
	o.Drain(t)
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.codes[accountID]
}

// Keep lays a document into the store and keeps it for a vendor.
func (o *Office) Keep(t testing.TB, by access.Actor, vendorID string, purpose file.Purpose, name, mime string, data []byte) file.File {
	t.Helper()
	up, err := o.Files.Produced(context.Background(), data, name, mime)
	if err != nil {
		t.Fatal(err)
	}
	var f file.File
	Write(t, o.DB, func(tx *db.Tx) (err error) {
		f, err = file.Keep(context.Background(), tx, by, up, vendorID, purpose)
		return err
	})
	return f
}
