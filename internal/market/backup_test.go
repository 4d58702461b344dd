package market_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/archive"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/verify"
)

const passphrase = "demo of release 0.1.0"

// release is a backup that the release before this one's data was written into,
// without files: 20 companies of its demo.
const release = "testdata/release-0.1.0.yunshi"

// eachPlace runs a test with an empty place on either database and the keys of a backup.
func eachPlace(t *testing.T, backup []byte, test func(t *testing.T, c market.Config)) {
	t.Parallel()
	in, err := archive.Open(bytes.NewReader(backup))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	keys, err := archive.OpenKeys(in.Keys, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, config(t)) })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) {
			t.Parallel()
			c := config(t)
			c.Database, c.Keys, c.Signing = dbtest.EmptyPostgres(t), keys.Fields, keys.Signing
			test(t, c)
		})
	}
}

func released(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(release)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func restore(ctx context.Context, c market.Config, data []byte, told func(archive.Progress)) error {
	_, err := c.Restore(ctx, bytes.NewReader(data), passphrase, told)
	return err
}

func backup(t *testing.T, c market.Config, opt market.BackupOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := c.Backup(t.Context(), &b, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// whole opens a marketplace and proves it; files may be left out.
func whole(t *testing.T, c market.Config, files bool) *market.Market {
	t.Helper()
	m, err := market.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	_, err = verify.Run(t.Context(), m.DB, m.Files, []string{m.Key.Fingerprint()}, func(k verify.Check) {
		if len(k.Wrong) > 0 && (files || k.Name != "files match their hashes") {
			t.Errorf("%s: %v", k.Name, k.Wrong)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The release before this one: its database comes up to this schema, proves whole,
// and its pages show what was there.
func TestUpgradeFromTheReleaseBefore(t *testing.T) {
	data := released(t)
	eachPlace(t, data, func(t *testing.T, c market.Config) {
		if err := restore(t.Context(), c, data, nil); err != nil {
			t.Fatal(err)
		}
		m := whole(t, c, false)
		if ok, err := m.DB.Current(t.Context()); err != nil || !ok {
			t.Errorf("the schema is current: %v, %v", ok, err)
		}
		for path, want := range map[string]string{
			"/":                              "云市场",
			"/products":                      "砚青",
			"/products?q=%E9%95%9C%E5%83%8F": "镜像", // the index of words was made again
			"/sell":                          "入驻",
		} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Accept-Language", "zh-CN")
			w := httptest.NewRecorder()
			m.Server.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d, %q is not on it", path, w.Code, want)
			}
		}
		err := m.DB.Read(t.Context(), func(tx *db.Tx) error {
			staff, err := account.Staff(t.Context(), tx, access.CommandActor("test"))
			if err == nil && len(staff) == 0 {
				t.Error("no staff came along")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A backup made while others write is one moment: the chain of events is whole.
func TestBackupWhileItRuns(t *testing.T) {
	data := released(t)
	eachPlace(t, data, func(t *testing.T, c market.Config) {
		if err := restore(t.Context(), c, data, nil); err != nil {
			t.Fatal(err)
		}
		m, err := market.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for n := range 4 {
			wg.Go(func() {
				for i := 0; ctx.Err() == nil && i < 60; i++ {
					err := m.DB.Write(ctx, func(tx *db.Tx) error {
						_, err := account.AddStaff(ctx, tx, access.CommandActor("test"), staff(n, i))
						return err
					})
					if err != nil && ctx.Err() == nil {
						t.Error(err)
					}
				}
			})
		}
		b := backup(t, c, market.BackupOptions{Passphrase: passphrase, NoFiles: true})
		stop()
		wg.Wait()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		to := config(t) // the other database, or this one in another place
		if err := restore(t.Context(), to, b, nil); err != nil {
			t.Fatal(err)
		}
		whole(t, to, false)
	})
}

// A restore that was stopped is not served, goes on with the same file, and refuses another.
func TestRestoreIsStoppedAndGoesOn(t *testing.T) {
	data := released(t)
	eachPlace(t, data, func(t *testing.T, c market.Config) {
		for _, after := range []int{1, 9, 20} {
			ctx, stop := context.WithCancel(t.Context())
			n := 0
			err := restore(ctx, c, data, func(archive.Progress) {
				if n++; n == after {
					stop()
				}
			})
			stop()
			if err == nil {
				t.Fatalf("stopped after %d parts: no error", after)
			}
			if _, err := market.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), "restore") {
				t.Errorf("it is served: %v", err)
			}
		}
		other := config(t)
		if err := restore(t.Context(), other, data, nil); err != nil {
			t.Fatal(err)
		}
		second := backup(t, other, market.BackupOptions{Passphrase: passphrase, NoFiles: true})
		if err := restore(t.Context(), c, second, nil); err == nil {
			t.Error("another backup went into it")
		}
		if err := restore(t.Context(), c, data, nil); err != nil {
			t.Fatal(err)
		}
		whole(t, c, false)
		if err := restore(t.Context(), c, data, nil); err == nil {
			t.Error("a backup went into a database in use")
		}
	})
}

func TestBrokenBackupsAreRefused(t *testing.T) {
	t.Parallel()
	data := released(t)
	flipped := bytes.Clone(data)
	flipped[len(flipped)/2] ^= 1
	for name, b := range map[string][]byte{
		"nothing": nil, "a text": []byte("backup"), "cut": data[:len(data)*2/3], "without its last bytes": data[:len(data)-20], "a flipped bit": flipped,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			if err := restore(t.Context(), c, b, nil); err == nil {
				t.Fatal("it was restored")
			}
			if _, err := os.Stat(filepath.Join(c.Data, "yunshi.db")); err == nil {
				if _, err := market.Open(t.Context(), c); err == nil {
					t.Error("half a restore is served")
				}
			}
		})
	}
	c := config(t)
	if _, err := c.Restore(t.Context(), bytes.NewReader(data), "another passphrase", nil); err == nil {
		t.Error("a wrong passphrase opened the keys")
	}
	if _, err := c.Restore(t.Context(), bytes.NewReader(data), "", nil); err == nil || !strings.Contains(err.Error(), "keys") {
		t.Errorf("without keys: %v", err)
	}
	must(t, c) // makes keys of its own
	if err := restore(t.Context(), c, data, nil); err == nil || !strings.Contains(err.Error(), "keys") {
		t.Errorf("with the keys of another installation: %v", err)
	}
	if _, err := c.Backup(t.Context(), &bytes.Buffer{}, market.BackupOptions{Passphrase: "short"}); err == nil {
		t.Error("a short passphrase was taken")
	}
	if _, err := config(t).Backup(t.Context(), &bytes.Buffer{}, market.BackupOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a backup of nothing: %v", err)
	}
}

func staff(n, i int) account.NewStaff {
	return account.NewStaff{Mail: fmt.Sprintf("s%d-%d@example.com", n, i), Name: "测试", Password: fmt.Sprintf("%d-long-enough-%d", n, time.Now().Nanosecond()), Roles: []access.Role{access.Auditor}}
}
