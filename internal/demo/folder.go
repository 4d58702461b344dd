package demo

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/web"
)

// marker tells what a folder's demo has come to.
type marker struct {
	State string `json:"state"`
	PID   int    `json:"pid"` // of who fills it
}

const (
	markerName = "demo.json"
	filling    = "filling"
	filled     = "filled"
)

// Open opens the demo marketplace in c.Data with the wall's clock. A new folder is
// filled, with progress told; one that holds a filled demo is taken as it stands;
// one whose filling was interrupted is emptied and filled anew. A folder that holds
// a marketplace which is no demo, or which somebody else is filling, is
// fault.Conflict and stays untouched.
func Open(ctx context.Context, c market.Config, wall func() time.Time, progress func(done, of int)) (*market.Market, Logins, error) {
	logins, err := Everybody()
	if err != nil {
		return nil, logins, err
	}
	ready, err := prepare(c.Data)
	if err != nil {
		return nil, logins, err
	}
	clock := NewClock(wall)
	c.Demo, c.Clock = true, clock
	c.Rehearsal = logins.rehearsal()
	if !ready {
		if err := newKey(c.Data, wall()); err != nil {
			return nil, logins, err
		}
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return nil, logins, err
	}
	m.Server.Handle("GET "+statementPath, giveStatement(m))
	if !ready {
		if err := fill(ctx, m, progress); err != nil {
			return nil, logins, errors.Join(err, m.Close())
		}
	}
	return m, logins, os.WriteFile(filepath.Join(c.Data, "README.txt"), []byte(readme), 0o600)
}

const readme = "Yunshi demo data: invented companies, invented money. Delete the folder to begin anew.\n云市演示数据：公司与款项均为虚构，删除本文件夹即可重新生成。\n"

// prepare makes the folder ready to be opened and says whether it is filled.
func prepare(dir string) (ready bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	var m marker
	b, err := os.ReadFile(filepath.Join(dir, markerName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Join(dir, "yunshi.db")); err == nil {
			return false, fault.New(fault.Conflict, "demo.folder_foreign", dir)
		}
	case err != nil:
		return false, err
	default:
		if err := json.Unmarshal(b, &m); err != nil {
			return false, fault.New(fault.Conflict, "demo.folder_foreign", dir).Because(err)
		}
	}
	if m.State == filled {
		return true, nil
	}
	if m.State == filling {
		if m.PID != os.Getpid() && lives(m.PID) {
			return false, fault.New(fault.Conflict, "demo.folder_busy", dir, m.PID)
		}
		for _, name := range []string{"yunshi.db", "yunshi.db-wal", "yunshi.db-shm", "yunshi.db-migrate", "files", "keys.json", "signing.pem"} {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				return false, err
			}
		}
	}
	return false, mark(dir, filling)
}

func mark(dir, state string) error {
	b, err := json.Marshal(marker{state, os.Getpid()})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, markerName), append(b, '\n'), 0o600)
}

// newKey makes the key that signs contracts, valid since before the story begins.
func newKey(dir string, now time.Time) error {
	pem, err := market.NewSigning(now.AddDate(0, -3, 0))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "signing.pem"), []byte(pem), 0o600)
}

// fill fills a new folder. What is interrupted is thrown away, so the disk is not
// waited for until the end.
func fill(ctx context.Context, m *market.Market, progress func(done, of int)) error {
	if err := pragma(ctx, m, "synchronous = OFF"); err != nil {
		return err
	}
	if _, err := Fill(ctx, m, progress); err != nil {
		return err
	}
	for _, p := range []string{"synchronous = FULL", "wal_checkpoint(TRUNCATE)"} {
		if err := pragma(ctx, m, p); err != nil {
			return err
		}
	}
	return mark(m.Config.Data, filled)
}

// pragma sets something of the one connection that writes to an embedded database.
func pragma(ctx context.Context, m *market.Market, what string) error {
	_, err := m.DB.SQL().ExecContext(ctx, "PRAGMA "+what)
	return err
}

// rehearsal is what the pages of a demo show of its people.
func (l Logins) rehearsal() *web.Rehearsal {
	r := &web.Rehearsal{Password: l.Password, Statement: statementPath}
	for _, x := range l.Staff {
		r.Staff = append(r.Staff, web.Player{Mail: x.Mail, Name: x.Name, Part: web.RoleKey(x.Role)})
	}
	for _, x := range l.Vendors {
		r.Vendors = append(r.Vendors, web.Player{Mail: x.Mail, Name: x.Name, Company: x.Company, Part: x.Stage})
	}
	return r
}
