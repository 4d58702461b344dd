package story_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
)

// fullStore is a file store on a disk that can be full.
type fullStore struct {
	file.Store
	full atomic.Bool
}

// Put fails as a full disk does.
func (f *fullStore) Put(ctx context.Context, name string, data []byte) error {
	if f.full.Load() {
		return fmt.Errorf("write %s: %w", name, syscall.ENOSPC)
	}
	return f.Store.Put(ctx, name, data)
}

// The disk is full, that of the files or that of the embedded database: whoever
// writes is told so in words and with 507, in the API and on a page, readers notice
// nothing, nothing is half written, and all goes on when there is room again.
func TestDiskFull(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		owner, staff := s.signIn(s.owner(0)), s.signIn("admin@yunshi.example")
		png := document(t, "图.png")
		upload := shot{owner, http.MethodPost, "/v1/files", "multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nproduct-picture\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n" + string(png.Data) + "\r\n--b--\r\n"}
		draft := shot{staff, http.MethodPost, "/v1/operator/policy/proposals", plainJSON, `{"title": "磁盘"}`}
		form := shot{staff, http.MethodPost, "/office/policy/drafts", "application/x-www-form-urlencoded", "title=" + strings.Repeat("x", 40)}

		s.store.full.Store(true)
		before := s.rows(&person{}, "")
		s.refusedAsFull(upload)
		for _, wrong := range difference(before, s.rows(&person{}, "")) {
			t.Errorf("left %s", wrong)
		}
		s.store.full.Store(false)
		if status, _, body := s.ask(upload); status >= 300 {
			t.Errorf("with room again an upload answers %d: %s", status, body)
		}

		if s.DB.Dialect() == db.SQLite {
			if _, err := s.DB.SQL().ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // as many as there are
				t.Fatal(err)
			}
			for range 2000 { // what is left on the pages there are
				if status, _, _ := s.ask(draft); status >= 400 {
					break
				}
			}
			before := s.rows(&person{}, "")
			s.refusedAsFull(draft)
			s.refusedAsFull(form)
			if status, _, _ := s.ask(shot{staff, http.MethodGet, "/office/policy", "", ""}); status != http.StatusOK {
				t.Errorf("a reader is answered %d", status)
			}
			for _, wrong := range difference(before, s.rows(&person{}, "")) {
				t.Errorf("left %s", wrong)
			}
			if _, err := s.DB.SQL().ExecContext(t.Context(), "PRAGMA max_page_count = 1000000"); err != nil {
				t.Fatal(err)
			}
			if status, _, body := s.ask(draft); status >= 300 {
				t.Errorf("with room again a draft answers %d: %s", status, body)
			}
		}
		s.verify()
	})
}

func (s *siege) refusedAsFull(a shot) {
	s.t.Helper()
	status, _, body := s.ask(a)
	if status != http.StatusInsufficientStorage || !strings.Contains(body, "存储空间已满") && !strings.Contains(body, "run out of storage") {
		s.t.Errorf("%s on a full disk answers %d: %.600s", a.path, status, body)
	}
}
