package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
)

// Options are what the caller says of a backup.
type Options struct {
	Program  string // its version
	KeyPrint string // fingerprint of the encryption keys
	Keys     []byte // sealed keys to take along; nil is none
	NoBlobs  bool   // leave the files out: their store is kept safe by other means
	Told     func(Progress)
}

// Backup writes everything of one moment to w. The marketplace may go on meanwhile:
// the rows are those of one read transaction, the blobs those that its rows name.
func Backup(ctx context.Context, d *db.DB, store file.Store, w io.Writer, opt Options) (Report, error) {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return Report{}, err
	}
	out := &writer{tar: tar.NewWriter(z), told: opt.Told, foot: foot{Rows: map[string]int64{}, Parts: map[string]string{}}}
	schema, err := d.Version(ctx)
	if err == nil && schema == 0 {
		err = errors.New("there is no marketplace in this database: nothing to back up")
	}
	if err != nil {
		return Report{}, errors.Join(err, z.Close())
	}
	r := Report{Head: Head{Format: format, Program: opt.Program, Schema: schema, Dialect: d.Dialect(), Keys: opt.KeyPrint, Blobs: !opt.NoBlobs}}
	err = d.Read(ctx, func(tx *db.Tx) error {
		out.at = tx.Now()
		r.Head.ID, r.Head.MadeAt = tx.NewID("bak"), tx.Now()
		var err error
		if r.Head.Tables, err = db.Tables(ctx, tx); err != nil {
			return err
		}
		if err := out.json(headName, r.Head); err != nil {
			return err
		}
		if opt.Keys != nil {
			if err := out.entry(keysName, opt.Keys); err != nil {
				return err
			}
		}
		for _, t := range r.Head.Tables {
			if err := out.table(ctx, tx, t); err != nil {
				return err
			}
		}
		if opt.NoBlobs {
			return nil
		}
		return out.blobs(ctx, tx, store)
	})
	if err == nil {
		err = out.json(footName, out.foot)
	}
	if err == nil {
		err = out.tar.Close()
	}
	for _, n := range out.foot.Rows {
		r.Rows += n
	}
	r.Files = out.foot.Blobs
	return r, errors.Join(err, z.Close())
}

type writer struct {
	tar  *tar.Writer
	at   time.Time
	told func(Progress)
	foot foot
}

func (w *writer) tell(p Progress) {
	if w.told != nil {
		w.told(p)
	}
}

func (w *writer) entry(name string, data []byte) error {
	h := tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600, ModTime: w.at, Typeflag: tar.TypeReg, Format: tar.FormatPAX}
	if err := w.tar.WriteHeader(&h); err != nil {
		return err
	}
	_, err := w.tar.Write(data)
	return err
}

func (w *writer) json(name string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return w.entry(name, data)
}

// table writes a table's rows, a JSON array per line, in parts.
func (w *writer) table(ctx context.Context, tx *db.Tx, t db.Table) error {
	total, err := db.CountRows(ctx, tx, t)
	if err != nil {
		return err
	}
	var part bytes.Buffer
	lines, parts, done := 0, 0, int64(0)
	flush := func() error {
		if lines == 0 {
			return nil
		}
		name := fmt.Sprintf("%s%s/%06d.jsonl", tablesDir, t.Name, parts)
		w.foot.Parts[name] = hashOf(part.Bytes())
		err := w.entry(name, part.Bytes())
		done += int64(lines)
		w.tell(Progress{t.Name, done, total})
		part.Reset()
		lines, parts = 0, parts+1
		return err
	}
	enc := json.NewEncoder(&part)
	enc.SetEscapeHTML(false)
	err = db.EachRow(ctx, tx, t, func(row []any) error {
		if err := enc.Encode(row); err != nil {
			return err
		}
		if lines++; lines < partRows && part.Len() < partBytes {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	w.foot.Rows[t.Name] = done
	return err
}

// blobs writes what the rows of the table file name, each once, sealed as it rests.
func (w *writer) blobs(ctx context.Context, tx *db.Tx, store file.Store) error {
	total, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(DISTINCT sha256) FROM file`)
	if err != nil {
		return err
	}
	err = db.Each(ctx, tx, db.Value[string], func(hash string) error {
		data, err := store.Get(ctx, hash)
		if err != nil {
			return fmt.Errorf("blob %s: %w", hash, err)
		}
		if err := w.entry(blobsDir+hash, data); err != nil {
			return err
		}
		w.foot.Blobs++
		w.tell(Progress{"blobs", w.foot.Blobs, total})
		return ctx.Err()
	}, `SELECT DISTINCT sha256 FROM file ORDER BY sha256`)
	return err
}
