package market

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Grade is how bad a finding is.
type Grade string

// The grades of findings.
const (
	Fine Grade = "ok"
	Warn Grade = "warn" // it runs, and something will be missed
	Bad  Grade = "bad"  // it does not run, or loses something
)

// Finding is one point of a check of the configuration.
type Finding struct {
	Grade Grade
	Point text.Key // what was looked at
	Words text.Message
	Err   error // what the system said, where that helps
}

// checker gathers findings.
type checker struct {
	c     Config
	found []Finding
}

func (k *checker) add(g Grade, point, key text.Key, args ...any) {
	k.found = append(k.found, Finding{Grade: g, Point: point, Words: text.Message{Key: key, Args: args}})
}

func (k *checker) fail(point, key text.Key, err error, args ...any) {
	k.found = append(k.found, Finding{Grade: Bad, Point: point, Words: text.Message{Key: key, Args: args}, Err: err})
}

// Check looks at everything a start needs, and at what an operator would miss later,
// and changes nothing but a probe in the file store. addr is where it would listen;
// "" is not looked at.
func (c Config) Check(ctx context.Context, addr string) []Finding {
	k := &checker{c: c}
	k.folder()
	k.address(addr)
	v, key := k.keys()
	if v != nil {
		k.database(ctx, v, key)
	}
	k.post(ctx)
	k.letters(ctx)
	return k.found
}

// folder looks at the data folder.
func (k *checker) folder() {
	const point = "check.folder"
	if k.c.Postgres() && k.c.Files != "" {
		return
	}
	info, err := os.Stat(k.c.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k.add(Warn, point, "check.folder_new", k.c.Data)
		return
	case err != nil:
		k.fail(point, "check.folder_unreadable", err, k.c.Data)
		return
	case !info.IsDir():
		k.add(Bad, point, "check.folder_no_folder", k.c.Data)
		return
	}
	probe, err := os.CreateTemp(k.c.Data, ".check-*")
	if err != nil {
		k.fail(point, "check.folder_unwritable", err, k.c.Data)
		return
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		k.fail(point, "check.folder_unwritable", err, k.c.Data)
		return
	}
	if info.Mode().Perm()&0o077 != 0 {
		k.add(Warn, point, "check.folder_open", k.c.Data, fmt.Sprintf("%04o", info.Mode().Perm()))
	}
	if free, ok := freeBytes(k.c.Data); ok && free < 1<<30 {
		k.add(Warn, point, "check.folder_full", k.c.Data, free>>20)
		return
	}
	k.add(Fine, point, "check.folder_fine", k.c.Data)
}

// address looks at where it listens and how browsers see it.
func (k *checker) address(addr string) {
	const point = "check.address"
	u, err := url.Parse(k.c.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/":
		k.add(Bad, point, "check.address_bad", k.c.BaseURL)
	case u.Scheme == "http" && u.Hostname() != "localhost" && net.ParseIP(u.Hostname()) == nil:
		k.add(Warn, point, "check.address_plain", k.c.BaseURL)
	case u.Hostname() == "localhost" || net.ParseIP(u.Hostname()) != nil:
		k.add(Warn, point, "check.address_local", k.c.BaseURL)
	default:
		k.add(Fine, point, "check.address_fine", k.c.BaseURL)
	}
	if addr == "" {
		return
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		k.found = append(k.found, Finding{Warn, point, text.Message{Key: "check.address_taken", Args: []any{addr}}, err})
		return
	}
	l.Close()
}

// keys looks at the secrets; without them the database is not looked at.
func (k *checker) keys() (*vault.Vault, sign.Key) {
	const point = "check.keys"
	var v *vault.Vault
	set, err := k.c.KeySet()
	if err == nil {
		v, err = vault.Open(set)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && !k.c.Postgres() && !exists(k.c.sqlite()):
		k.add(Fine, point, "check.keys_new")
		return nil, sign.Key{}
	case errors.Is(err, fs.ErrNotExist):
		k.add(Bad, point, "check.keys_missing")
		return nil, sign.Key{}
	case err != nil:
		k.fail(point, "check.keys_bad", err)
		return nil, sign.Key{}
	}
	never := func() (string, error) { return "", fs.ErrNotExist }
	pem, err := k.c.secret(k.c.Signing, "signing.pem", "YUNSHI_SIGNING_KEY", never)
	var key sign.Key
	if err == nil {
		key, err = sign.ParseKey([]byte(pem))
	}
	if err != nil {
		k.fail(point, "check.signing_bad", err)
		return v, key
	}
	if until := key.Until(); time.Until(until) < 60*24*time.Hour {
		k.add(Warn, point, "check.signing_ends", until)
	}
	for _, name := range []string{"keys.json", "signing.pem"} {
		if info, err := os.Stat(filepath.Join(k.c.Data, name)); err == nil && info.Mode().Perm()&0o077 != 0 {
			k.add(Warn, point, "check.keys_open", filepath.Join(k.c.Data, name))
		}
	}
	k.add(Fine, point, "check.keys_fine", clip(v.Fingerprint()))
	return v, key
}

// database looks at the database as it stands, and at what is in it.
func (k *checker) database(ctx context.Context, v *vault.Vault, key sign.Key) {
	const point = "check.database"
	if !k.c.Postgres() && !exists(k.c.sqlite()) {
		k.add(Fine, point, "check.database_new")
		return
	}
	d, store, end, err := k.c.raw(ctx, v)
	if err != nil {
		k.fail(point, "check.database_closed", err)
		return
	}
	defer end()
	version, err := d.Version(ctx)
	if err != nil {
		k.fail(point, "check.database_closed", err)
		return
	}
	newest, err := d.Newest()
	switch {
	case err != nil:
		k.fail(point, "check.database_closed", err)
		return
	case version == 0:
		k.add(Fine, point, "check.database_new")
		return
	case version > newest:
		k.add(Bad, point, "check.database_newer", version, newest)
		return
	case version < newest:
		k.add(Warn, point, "check.database_older", version, newest)
	default:
		k.add(Fine, point, "check.database_fine", string(d.Dialect()), version)
	}
	k.contents(ctx, d, v, key, version == newest)
	k.store(ctx, d, file.New(store, v), store)
}

func (k *checker) contents(ctx context.Context, d *db.DB, v *vault.Vault, key sign.Key, current bool) {
	err := d.Read(ctx, func(tx *db.Tx) error {
		if err := half(ctx, tx); err != nil {
			k.fail("check.database", "check.database_half", err)
			return nil
		}
		var known [2]string
		var err error
		if known[0], err = db.Mark(ctx, tx, vaultMark); err == nil {
			known[1], err = db.Mark(ctx, tx, signMark)
		}
		if err != nil {
			return err
		}
		if err := recognise(known, v, key); err != nil {
			k.fail("check.keys", "check.keys_foreign", err)
		}
		if !current {
			return nil // the tables may not be this program's
		}
		if err := k.people(ctx, tx); err != nil {
			return err
		}
		return k.rules(ctx, tx)
	})
	if err != nil {
		k.fail("check.database", "check.database_closed", err)
	}
}

// people looks for those without whom work stands still.
func (k *checker) people(ctx context.Context, tx *db.Tx) error {
	staff, err := account.Staff(ctx, tx, access.CommandActor("check"))
	if err != nil {
		return err
	}
	count := make(map[access.Role]int)
	for _, a := range staff {
		if !a.DisabledAt.IsZero() {
			continue
		}
		for _, r := range a.Roles {
			count[r]++
		}
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	switch {
	case count[access.Administrator] == 0:
		k.add(Warn, "check.people", "check.people_nobody")
	case count[access.Finance] < 2 && !p.OnePersonForMoney:
		k.add(Warn, "check.people", "check.people_money", count[access.Finance])
	default:
		k.add(Fine, "check.people", "check.people_fine", len(staff))
	}
	return nil
}

// rules looks for shipped examples that are still in force.
func (k *checker) rules(ctx context.Context, tx *db.Tx) error {
	const point = "check.rules"
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		k.fail(point, "check.rules_bad", err)
		return nil
	}
	shipped, fine := policy.Shipped(), true
	if p.Operator == shipped.Operator && !k.c.Demo {
		k.add(Warn, point, "check.rules_operator", p.Operator.Company)
		fine = false
	}
	for _, x := range p.Payees {
		if len(shipped.Payees) > 0 && x.Account == shipped.Payees[0].Account && !k.c.Demo {
			k.add(Warn, point, "check.rules_payee", x.ID)
			fine = false
		}
	}
	today := p.Today(tx.Now())
	if year := today.AddDays(60).Year; !p.KnowsYear(year) {
		k.add(Warn, point, "check.rules_calendar", year)
		fine = false
	}
	if fine {
		k.add(Fine, point, "check.rules_fine")
	}
	return nil
}

// store looks at the file store with a probe that it takes away again.
func (k *checker) store(ctx context.Context, d *db.DB, files *file.Files, store file.Store) {
	const point = "check.files"
	const probe = "check-probe"
	if err := files.Belongs(ctx, d); err != nil {
		k.fail(point, "check.files_foreign", err)
		return
	}
	err := store.Put(ctx, probe, []byte("yunshi"))
	if err == nil {
		_, err = store.Get(ctx, probe)
	}
	if err == nil {
		err = store.Delete(ctx, probe)
	}
	if err != nil {
		k.fail(point, "check.files_bad", err)
		return
	}
	k.add(Fine, point, "check.files_fine")
}

// reacher is a transport that can be tried without sending anything.
type reacher interface {
	Reach(ctx context.Context) error
}

// post looks at how messages leave.
func (k *checker) post(ctx context.Context) {
	const point = "check.post"
	switch m := k.c.Mail.(type) {
	case nil:
		k.add(Warn, point, "check.mail_none")
	case reacher:
		ctx, stop := context.WithTimeout(ctx, 15*time.Second)
		defer stop()
		if err := m.Reach(ctx); err != nil {
			k.fail(point, "check.mail_bad", err)
		} else {
			k.add(Fine, point, "check.mail_fine")
		}
	}
	if k.c.SMS == nil {
		k.add(Warn, point, "check.sms_none")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
