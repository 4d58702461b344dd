package file_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/file"
)

// eachStore runs a test on both kinds of store.
func eachStore(t *testing.T, test func(t *testing.T, s file.Store)) {
	t.Parallel()
	t.Run("local", func(t *testing.T) {
		t.Parallel()
		test(t, local(t, t.TempDir()))
	})
	t.Run("s3", func(t *testing.T) {
		t.Parallel()
		store, _ := s3(t)
		test(t, store)
	})
}

func local(t *testing.T, dir string) *file.Local {
	t.Helper()
	s, err := file.OpenLocal(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func names(t *testing.T, s file.Store) (list []string) {
	t.Helper()
	if err := s.Each(t.Context(), func(b file.Blob) error { list = append(list, b.Name); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func TestStoreKeepsWhatWasPut(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		ctx := t.Context()
		big := bytes.Repeat([]byte("云"), 6<<20) // more than one part of S3's usual size
		for name, data := range map[string][]byte{"abc": []byte("one"), "ab-2": {}, "xyz": big} {
			if err := s.Put(ctx, name, data); err != nil {
				t.Fatal(err)
			}
			got, err := s.Get(ctx, name)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("Get(%s) = %d bytes, %v; want %d", name, len(got), err, len(data))
			}
			b, err := s.Stat(ctx, name)
			if err != nil || b.Size != int64(len(data)) || b.Name != name || b.At.IsZero() {
				t.Errorf("Stat(%s) = %+v, %v", name, b, err)
			}
		}
		if err := s.Put(ctx, "abc", []byte("two")); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(ctx, "abc"); err != nil || string(got) != "two" {
			t.Errorf("after a second Put: %q, %v", got, err)
		}
		if got, want := names(t, s), []string{"ab-2", "abc", "xyz"}; !slices.Equal(got, want) {
			t.Errorf("Each gave %v, want %v", got, want)
		}
	})
}

func TestStoreTellsWhatIsMissing(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		ctx := t.Context()
		if err := s.Put(ctx, "gone", []byte("x")); err != nil {
			t.Fatal(err)
		}
		for range 2 { // deleting what is not there is no error
			if err := s.Delete(ctx, "gone"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Get(ctx, "gone"); !errors.Is(err, file.ErrMissing) {
			t.Errorf("Get: %v, want ErrMissing", err)
		}
		if _, err := s.Stat(ctx, "gone"); !errors.Is(err, file.ErrMissing) {
			t.Errorf("Stat: %v, want ErrMissing", err)
		}
	})
}

func TestStoreRefusesNamesThatAreNone(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		for _, name := range []string{"", "ab", "../../etc/passwd", "a/b/c", "ABC", "a b c", "..%2f", "云市云"} {
			if err := s.Put(t.Context(), name, []byte("x")); err == nil {
				t.Errorf("Put(%q) was taken", name)
			}
			if _, err := s.Get(t.Context(), name); err == nil || errors.Is(err, file.ErrMissing) {
				t.Errorf("Get(%q) = %v", name, err)
			}
		}
	})
}

func TestEachStopsAtAnError(t *testing.T) {
	eachStore(t, func(t *testing.T, s file.Store) {
		for _, name := range []string{"aaa", "bbb", "ccc"} {
			if err := s.Put(t.Context(), name, []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		stop, n := errors.New("stop"), 0
		err := s.Each(t.Context(), func(file.Blob) error { n++; return stop })
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("Each = %v after %d objects, want the error after one", err, n)
		}
	})
}

func TestLocalNeverShowsHalfABlob(t *testing.T) {
	t.Parallel()
	s := local(t, t.TempDir())
	a, b := bytes.Repeat([]byte("a"), 100_000), bytes.Repeat([]byte("b"), 100_000)
	if err := s.Put(t.Context(), "same", a); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for _, data := range [][]byte{a, b} {
		writers.Go(func() {
			for range 20 {
				if err := s.Put(t.Context(), "same", data); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 50 {
		got, err := s.Get(t.Context(), "same")
		if err != nil || !bytes.Equal(got, a) && !bytes.Equal(got, b) {
			t.Fatalf("read %d bytes, %v: neither the one nor the other", len(got), err)
		}
	}
	writers.Wait()
	if got := names(t, s); !slices.Equal(got, []string{"same"}) {
		t.Errorf("left behind: %v", got)
	}
}

func TestLocalFollowsNoLinkOutOfItsFolder(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := local(t, dir)
	if err := os.Symlink(outside, filepath.Join(dir, "se")); err != nil {
		t.Fatal(err)
	}
	if data, err := s.Get(t.Context(), "secret"); err == nil {
		t.Errorf("read %q from outside the folder", data)
	}
	if err := s.Put(t.Context(), "secret", []byte("x")); err == nil {
		t.Error("wrote outside the folder")
	}
}
