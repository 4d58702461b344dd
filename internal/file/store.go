package file

import (
	"context"
	"errors"
	"time"
)

// Blob is what a store knows of one of its objects.
type Blob struct {
	Name string
	Size int64 // bytes, as stored
	At   time.Time
}

// Store keeps bytes under names of small letters, digits and hyphens.
type Store interface {
	// Put writes the bytes, over earlier ones; when it returns they are durable.
	Put(ctx context.Context, name string, data []byte) error
	// Get reads them; ErrMissing if there are none.
	Get(ctx context.Context, name string) ([]byte, error)
	// Stat tells about them; ErrMissing if there are none.
	Stat(ctx context.Context, name string) (Blob, error)
	// Delete removes them, if there are any.
	Delete(ctx context.Context, name string) error
	// Each hands over every object, in no order.
	Each(ctx context.Context, do func(Blob) error) error
}

// ErrMissing says that a store has no object of the name.
var ErrMissing = errors.New("no such blob in the file store")

// place is where an object stands: in one of many folders, since a folder of a
// million files is slow to list.
func place(name string) (string, error) {
	if len(name) < 3 || len(name) > 80 {
		return "", errors.New("file: a blob's name has 3 to 80 characters")
	}
	for _, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return "", errors.New("file: a blob's name has small letters, digits and hyphens only")
		}
	}
	return name[:2] + "/" + name, nil
}
