package file

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Local is a store in a folder. No name leads out of it.
type Local struct{ root *os.Root }

// temporary begins the names of objects still being written; a killed process
// leaves one, which the sweep takes.
const temporary = "tmp-"

// OpenLocal opens the folder, which is made if it is not there.
func OpenLocal(dir string) (*Local, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Local{root}, nil
}

// Close gives the folder back.
func (l *Local) Close() error { return l.root.Close() }

// Put writes a temporary object, flushes it to the disk and renames it, so that no
// reader and no crash ever sees half of one.
func (l *Local) Put(ctx context.Context, name string, data []byte) error {
	to, err := place(name)
	if err != nil {
		return err
	}
	from, err := place(temporary + strings.ToLower(rand.Text()))
	if err != nil {
		return err
	}
	for _, dir := range []string{path.Dir(from), path.Dir(to)} {
		if err := l.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if err := l.write(from, data); err != nil {
		l.root.Remove(from)
		return err
	}
	if err := l.root.Rename(from, to); err != nil {
		l.root.Remove(from)
		return err
	}
	return errors.Join(l.flush(path.Dir(to)), l.flush("."))
}

func (l *Local) write(name string, data []byte) error {
	f, err := l.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// flush makes a rename within the folder durable.
func (l *Local) flush(dir string) error {
	f, err := l.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get reads an object; ErrMissing if there is none.
func (l *Local) Get(ctx context.Context, name string) ([]byte, error) {
	at, err := place(name)
	if err != nil {
		return nil, err
	}
	data, err := l.root.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	return data, err
}

// Stat tells about an object; ErrMissing if there is none.
func (l *Local) Stat(ctx context.Context, name string) (Blob, error) {
	at, err := place(name)
	if err != nil {
		return Blob{}, err
	}
	info, err := l.root.Stat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return Blob{}, ErrMissing
	}
	if err != nil {
		return Blob{}, err
	}
	return Blob{name, info.Size(), info.ModTime()}, nil
}

// Delete removes an object, if there is one.
func (l *Local) Delete(ctx context.Context, name string) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	if err := l.root.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Each hands over every object; foreign files in the folder are passed over.
func (l *Local) Each(ctx context.Context, do func(Blob) error) error {
	return fs.WalkDir(l.root.FS(), ".", func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		name := path.Base(at)
		if want, err := place(name); err != nil || want != at {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // renamed or removed meanwhile
		}
		if err != nil {
			return err
		}
		return do(Blob{name, info.Size(), info.ModTime()})
	})
}
