package deposit_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// fleeting is a context whose caller gives up at the nth look at it; the database
// looks once before each statement.
type fleeting struct {
	context.Context
	left *atomic.Int64
}

func (f fleeting) Err() error {
	if f.left.Add(-1) < 0 {
		return context.Canceled
	}
	return f.Context.Err()
}

// whole checks that a confirmation is there altogether or not at all.
func whole(t *testing.T, d *db.DB, v vendor.Vendor, l payment.Line) (there bool) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		receipts, err := deposit.Receipts(ctx, tx, auditor, v.ID)
		if err != nil {
			return err
		}
		now, err := payment.Get(ctx, tx, auditor, l.ID)
		if err != nil {
			return err
		}
		s, err := deposit.Load(ctx, tx, v.ID)
		there = len(receipts) == 1
		if there != (now.State == payment.Taken) || there != (s.Held == yuan(2000)) || there != s.Covers("api") || !there && s.Held.Fen != 0 {
			t.Errorf("half a confirmation: %d receipts, line %s, held %s, covered %v", len(receipts), now.State, s.Held, s.Covered)
		}
		return err
	})
	sound(t, d)
	return there
}

// A confirmation whose caller is gone before any of its statements leaves nothing,
// and succeeds once when it is tried again. Rules D-7 and D-8.
func TestConfirmGivenUpAtEachStatement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		l := paid(t, d, v, 200000)
		in := deposit.Confirmation{LineID: l.ID, VendorID: v.ID}
		for n := int64(0); ; n++ {
			if n > 100 {
				t.Fatal("it never gets through")
			}
			left := new(atomic.Int64)
			left.Store(n)
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := deposit.Confirm(fleeting{ctx, left}, tx, chief, in)
				return err
			})
			if err == nil {
				t.Logf("through after %d looks", n)
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if whole(t, d, v, l) {
				t.Fatalf("given up at look %d it is there", n)
			}
		}
		if !whole(t, d, v, l) {
			t.Error("it is not there")
		}
		if _, err := confirm(d, chief, in); !errors.Is(err, fault.Conflict) {
			t.Errorf("once more: %v", err)
		}
	})
}

// wire is a road to the database that is cut while something passes over it.
type wire struct {
	net.Listener
	to    string
	mu    sync.Mutex
	count int // packets from the client so far
	cut   func(packet []byte, n int) (pass, cut bool)
	conns map[net.Conn]bool
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to, conns: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	t.Cleanup(func() { l.Close(); w.drop() })
	return w
}

// when sets at which packet the road is cut; nil is never.
func (w *wire) when(cut func(packet []byte, n int) (pass, cut bool)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut, w.count = cut, 0
}

func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.conns {
		c.Close()
	}
	clear(w.conns)
}

func (w *wire) carry(client net.Conn) {
	server, err := net.Dial("tcp", w.to)
	if err != nil {
		client.Close()
		return
	}
	w.mu.Lock()
	w.conns[client], w.conns[server] = true, true
	w.mu.Unlock()
	go func() {
		defer client.Close()
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil {
				return
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	defer server.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		w.mu.Lock()
		w.count++
		pass, cut := true, false
		if w.cut != nil {
			pass, cut = w.cut(buf[:n], w.count)
		}
		w.mu.Unlock()
		if cut {
			client.Close() // no answer comes back
		}
		if pass {
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
		}
		if cut {
			// The server reads what was passed to the end before it learns of the cut.
			server.(*net.TCPConn).CloseWrite()
			for {
				if _, err := server.Read(buf); err != nil {
					return
				}
			}
		}
	}
}

// The connection to PostgreSQL is cut before each packet of a confirmation, and
// around its COMMIT: afterwards everything is there or nothing, and a retry leaves
// it there once.
func TestConnectionCutDuringConfirm(t *testing.T) {
	t.Parallel()
	if !dbtest.HasPostgres() {
		return // SQLite has no connection to cut; see TestConfirmGivenUpAtEachStatement
	}
	address := dbtest.PostgresAddress(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, u.Host)
	u.Host = w.Addr().String()
	direct, through := dbtest.Connect(t, address), dbtest.Connect(t, u.String())

	commit := func(packet []byte) bool { return bytes.Contains(bytes.ToLower(packet), []byte("commit")) }
	cuts := map[string]func(packet []byte, n int) (pass, cut bool){
		"before COMMIT arrives":           func(p []byte, _ int) (bool, bool) { return !commit(p), commit(p) },
		"after COMMIT, before its answer": func(p []byte, _ int) (bool, bool) { return true, commit(p) },
	}
	for n := range 8 {
		at := 1 + 3*n
		cuts["packet "+string(rune('a'+n))] = func(_ []byte, count int) (bool, bool) { return count != at, count == at }
	}
	for name, cut := range cuts {
		v := asked(t, direct, "api")
		l := paid(t, direct, v, 200000)
		in := deposit.Confirmation{LineID: l.ID, VendorID: v.ID}
		w.when(cut)
		_, first := confirm(through, chief, in)
		w.when(nil)
		w.drop()
		there := whole(t, direct, v, l)
		if first == nil && !there {
			t.Errorf("%s: it was reported as done and is not there", name)
		}
		_, err := confirm(through, chief, in)
		if there && !errors.Is(err, fault.Conflict) || !there && err != nil {
			t.Errorf("%s: cut with %v, there %v; the retry: %v", name, first, there, err)
		}
		if !whole(t, direct, v, l) {
			t.Errorf("%s: not there after the retry", name)
		}
	}
}
