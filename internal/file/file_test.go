package file_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/vault"
)

func member(vendorID string, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Member, ID: "acc_" + vendorID, VendorID: vendorID, Roles: roles}
}

func staff(roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Staff, ID: "acc_staff", Roles: roles}
}

func keep(t *testing.T, d *db.DB, fs *file.Files, by access.Actor, content, vendorID string, p file.Purpose) (f file.File, err error) {
	t.Helper()
	up, err := fs.Produced(t.Context(), []byte(content), "a.pdf", file.PDF)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		f, err = file.Keep(t.Context(), tx, by, up, vendorID, p)
		return err
	})
	return f, err
}

func mustKeep(t *testing.T, d *db.DB, fs *file.Files, by access.Actor, content, vendorID string, p file.Purpose) file.File {
	t.Helper()
	f, err := keep(t, d, fs, by, content, vendorID, p)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestKeptDocumentIsReadBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fs, owner := files(t), member("ven_a", access.Owner)
		up, err := fs.Receive(t.Context(), strings.NewReader(pdf), "执照.pdf", 0)
		if err != nil {
			t.Fatal(err)
		}
		var kept, got file.File
		err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
			kept, err = file.Keep(t.Context(), tx, owner, up, "ven_a", file.Licence)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var log []event.Ref
		err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
			if got, err = file.Get(t.Context(), tx, owner, kept.ID); err != nil {
				return err
			}
			log, err = event.List(t.Context(), tx, owner, event.Filter{VendorID: "ven_a"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got != kept || got.Name != "执照.pdf" || got.MadeBy != owner.ID || !got.MadeAt.Equal(dbtest.Start) {
			t.Errorf("Get = %+v, kept %+v", got, kept)
		}
		data, err := fs.Open(t.Context(), got)
		if err != nil || string(data) != pdf {
			t.Errorf("Open = %q, %v", data, err)
		}
		if len(log) != 1 || log[0].Kind != "file.kept" || log[0].Subject != kept.ID || strings.Contains(log[0].Data, "执照") {
			t.Errorf("the log says %+v, want one file.kept without the name", log)
		}
	})
}

func TestWhoMayKeep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fs := files(t)
		for _, c := range []struct {
			name    string
			by      access.Actor
			purpose file.Purpose
			want    error
		}{
			{"owner, licence", member("v", access.Owner), file.Licence, nil},
			{"vendor's finance, licence", member("v", access.VendorFinance), file.Licence, fault.Forbidden},
			{"vendor's finance, voucher", member("v", access.VendorFinance), file.Voucher, nil},
			{"vendor's product people, picture", member("v", access.ProductPeople), file.ProductPicture, nil},
			{"vendor's support, picture", member("v", access.Support), file.ProductPicture, fault.Forbidden},
			{"owner, a receipt of ours", member("v", access.Owner), file.Receipt, fault.Forbidden},
			{"owner, a statement", member("v", access.Owner), file.Statement, fault.Forbidden},
			{"another company's owner", member("w", access.Owner), file.Licence, fault.NotFound},
			{"nobody", access.Actor{}, file.Licence, fault.Unauthenticated},
			{"key without the scope", access.Actor{Kind: access.Member, ID: "a", VendorID: "v", Roles: []access.Role{access.Owner}, Scopes: []access.Scope{access.ScopeRead}}, file.Licence, fault.Forbidden},
			{"contracts, signed scan", staff(access.Contracts), file.SignedContract, nil},
			{"auditor, signed scan", staff(access.Auditor), file.SignedContract, fault.Forbidden},
			{"reviewer, signed scan", staff(access.Reviewer), file.SignedContract, fault.Forbidden},
			{"finance, statement", staff(access.Finance), file.Statement, nil},
			{"a job, receipt", access.SystemActor("receipt"), file.Receipt, nil},
			{"unknown purpose", staff(access.Administrator), "novel", fault.Invalid},
		} {
			if _, err := keep(t, d, fs, c.by, "x", "v", c.purpose); !errors.Is(err, c.want) {
				t.Errorf("%s: err = %v, want %v", c.name, err, c.want)
			}
		}
	})
}

func TestAnothersDocumentIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fs := files(t)
		licence := mustKeep(t, d, fs, member("v", access.Owner), "licence", "v", file.Licence)
		statement := mustKeep(t, d, fs, staff(access.Finance), "statement", "", file.Statement)
		for _, c := range []struct {
			name string
			by   access.Actor
			id   string
			want error
		}{
			{"own", member("v", access.Support), licence.ID, nil},
			{"another company's", member("w", access.Owner), licence.ID, fault.NotFound},
			{"a member without a company", member(""), licence.ID, fault.NotFound},
			{"none", member("v", access.Owner), "fil_none", fault.NotFound},
			{"a visitor", access.Actor{}, licence.ID, fault.Unauthenticated},
			{"staff", staff(access.Auditor), licence.ID, nil},
			{"staff without a role", staff(), licence.ID, fault.Forbidden},
			{"the operator's own, a member", member("v", access.Owner), statement.ID, fault.NotFound},
			{"the operator's own, a member without a company", member(""), statement.ID, fault.NotFound},
			{"a statement, finance", staff(access.Finance), statement.ID, nil},
			{"a statement, reviewer", staff(access.Reviewer), statement.ID, fault.Forbidden},
		} {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := file.Get(t.Context(), tx, c.by, c.id)
				return err
			})
			if !errors.Is(err, c.want) {
				t.Errorf("%s: err = %v, want %v", c.name, err, c.want)
			}
		}
	})
}

func TestPublicGivesPicturesOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fs, owner := files(t), member("v", access.Owner)
		for p, open := range map[file.Purpose]bool{
			file.ProductPicture: true, file.ShopLogo: true,
			file.Licence: false, file.Evidence: false, file.Voucher: false, file.SignedContract: false, file.ProductPaper: false,
		} {
			f := mustKeep(t, d, fs, owner, string(p), "v", p)
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := file.Public(t.Context(), tx, f.ID)
				return err
			})
			if open && err != nil || !open && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: err = %v, open to everybody should be %v", p, err, open)
			}
		}
	})
}

func TestKeepRefusesWhatWasNeverReceived(t *testing.T) {
	d := dbtest.SQLite(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := file.Keep(t.Context(), tx, member("v", access.Owner), file.Upload{Name: "a.pdf"}, "v", file.Licence)
		return err
	})
	if err == nil {
		t.Error("an upload without content was kept")
	}
}

// The blobs are encrypted: nothing of a document can be read from the disk.
func TestBlobsRestEncrypted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fs := file.New(local(t, dir), dbtest.Vault())
	if _, err := fs.Produced(t.Context(), []byte("统一社会信用代码 91440300MA5EXAMPLE"), "a.pdf", file.PDF); err != nil {
		t.Fatal(err)
	}
	found := 0
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		found++
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte("91440300")) {
			t.Errorf("%s can be read", path)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil || found != 1 {
		t.Errorf("%d blobs, %v; want one", found, err)
	}
}

func TestOpenAndVerifyFindDamage(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, s file.Store, hash, other string)
		want   string
	}{
		{"gone", func(t *testing.T, s file.Store, hash, _ string) {
			if err := s.Delete(t.Context(), hash); err != nil {
				t.Fatal(err)
			}
		}, "no such blob"},
		{"one bit", func(t *testing.T, s file.Store, hash, _ string) {
			data, err := s.Get(t.Context(), hash)
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)/2] ^= 1
			if err := s.Put(t.Context(), hash, data); err != nil {
				t.Fatal(err)
			}
		}, "does not open"},
		{"another document in its place", func(t *testing.T, s file.Store, hash, other string) {
			data, err := s.Get(t.Context(), other)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Put(t.Context(), hash, data); err != nil {
				t.Fatal(err)
			}
		}, "does not open"},
		{"sealed by us, other content", func(t *testing.T, s file.Store, hash, _ string) {
			if err := s.Put(t.Context(), hash, dbtest.Vault().SealBytes("blob:"+hash, []byte("licencE"))); err != nil {
				t.Fatal(err)
			}
		}, "does not match its hash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, s file.Store) {
				d, fs := dbtest.SQLite(t), file.New(s, dbtest.Vault())
				f := mustKeep(t, d, fs, member("v", access.Owner), "licence", "v", file.Licence)
				other := mustKeep(t, d, fs, member("v", access.Owner), "another", "v", file.Evidence)
				if checked, wrong := verify(t, d, fs); checked != 2 || len(wrong) != 0 {
					t.Fatalf("before: Verify = %d, %v", checked, wrong)
				}
				c.damage(t, s, f.SHA256, other.SHA256)
				if data, err := fs.Open(t.Context(), f); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("Open = %q, %v; want an error with %q", data, err, c.want)
				}
				checked, wrong := verify(t, d, fs)
				if checked != 2 || len(wrong) != 1 || !strings.Contains(wrong[0], f.ID) {
					t.Errorf("Verify = %d, %v; want one fault about %s", checked, wrong, f.ID)
				}
			})
		})
	}
}

func verify(t *testing.T, d *db.DB, fs *file.Files) (checked int64, wrong []string) {
	t.Helper()
	var seen []int64
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		checked, wrong, err = fs.Verify(t.Context(), tx, func(done, total int64) { seen = append(seen, done, total) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(seen); n > 0 && seen[n-2] != seen[n-1] {
		t.Errorf("progress ended at %d of %d", seen[n-2], seen[n-1])
	}
	return checked, wrong
}

func TestSweepTakesOldOrphansOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		s := local(t, dir)
		fs := file.New(s, dbtest.Vault())
		if err := fs.Belongs(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		kept := mustKeep(t, d, fs, member("v", access.Owner), "kept", "v", file.Licence)
		fresh, err := fs.Produced(t.Context(), []byte("fresh orphan"), "b.pdf", file.PDF)
		if err != nil {
			t.Fatal(err)
		}
		old, err := fs.Produced(t.Context(), []byte("old orphan"), "b.pdf", file.PDF)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), "tmp-leftbyacrash", []byte("half")); err != nil {
			t.Fatal(err)
		}
		for name, at := range map[string]time.Time{
			kept.SHA256: dbtest.Start.Add(-48 * time.Hour), fresh.SHA256: dbtest.Start.Add(-time.Hour),
			old.SHA256: dbtest.Start.Add(-25 * time.Hour), "tmp-leftbyacrash": dbtest.Start.Add(-25 * time.Hour),
			"yunshi-store": dbtest.Start.Add(-48 * time.Hour),
		} {
			if err := os.Chtimes(filepath.Join(dir, name[:2], name), at, at); err != nil {
				t.Fatal(err)
			}
		}
		n, err := fs.Sweep(t.Context(), d)
		if err != nil || n != 2 {
			t.Errorf("Sweep = %d, %v; want 2", n, err)
		}
		want := []string{kept.SHA256, fresh.SHA256, "yunshi-store"}
		slices.Sort(want)
		if got := names(t, s); !slices.Equal(got, want) {
			t.Errorf("left: %v, want %v", got, want)
		}
		// Received again, an old orphan is young again.
		if err := os.Chtimes(filepath.Join(dir, fresh.SHA256[:2], fresh.SHA256), dbtest.Start.Add(-48*time.Hour), dbtest.Start.Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := fs.Produced(t.Context(), []byte("fresh orphan"), "b.pdf", file.PDF); err != nil {
			t.Fatal(err)
		}
		if n, err := fs.Sweep(t.Context(), d); err != nil || n != 0 {
			t.Errorf("Sweep = %d, %v; want none", n, err)
		}
	})
}

func TestStoreBelongsToItsDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mine := local(t, t.TempDir())
		ctx := t.Context()
		for range 2 { // the first start and the second
			if err := file.New(mine, dbtest.Vault()).Belongs(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		if err := file.New(local(t, t.TempDir()), dbtest.Vault()).Belongs(ctx, d); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "lacks this installation's marker") {
			t.Errorf("an empty store: %v", err)
		}
		keys, err := vault.NewKeys(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
		if err != nil {
			t.Fatal(err)
		}
		stranger, err := vault.Open(keys)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.New(mine, stranger).Belongs(ctx, d); !errors.Is(err, fault.Conflict) {
			t.Errorf("other keys: %v, want conflict", err)
		}
		second := dbtest.SQLite(t)
		if err := file.New(mine, dbtest.Vault()).Belongs(ctx, second); !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "another installation") {
			t.Errorf("a new database on the old store: %v", err)
		}
		other := local(t, t.TempDir())
		if err := file.New(other, dbtest.Vault()).Belongs(ctx, second); err != nil {
			t.Fatal(err)
		}
		if err := file.New(mine, dbtest.Vault()).Belongs(ctx, second); !errors.Is(err, fault.Conflict) {
			t.Errorf("exchanged stores: %v, want conflict", err)
		}
	})
}

func TestManyProcessesMarkOneStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		var wg sync.WaitGroup
		for range 4 {
			fs := file.New(local(t, dir), dbtest.Vault())
			wg.Go(func() {
				if err := fs.Belongs(context.Background(), d); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

// Killed between the mark and the marker, the first start is simply begun again.
func TestFirstStartGoesOnAfterACrash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return db.SetMark(t.Context(), tx, "file.store", "making:sto_1") }); err != nil {
			t.Fatal(err)
		}
		fs := files(t)
		for range 2 {
			if err := fs.Belongs(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	})
}
