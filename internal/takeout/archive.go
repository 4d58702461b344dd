package takeout

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// The names in the file.
const (
	readmeName   = "README.txt"
	manifestName = "manifest.json"
	sumsName     = "SHA256SUMS"
	jsonDir      = "data/json/"
	csvDir       = "data/csv/"
	filesDir     = "files/"
)

// Manifest tells what is in the file, so that its reader can prove it whole.
type Manifest struct {
	ID          string    `json:"id"`
	Marketplace string    `json:"marketplace"`
	VendorID    string    `json:"vendor_id"`
	Vendor      string    `json:"vendor"`
	At          time.Time `json:"at"` // the moment whose state it is
	Entries     []Entry   `json:"entries"`
	Missing     []string  `json:"missing,omitempty"` // documents whose content could not be found, by id
}

// Entry is one file in the file; the manifest itself is none.
type Entry struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Rows   *int64 `json:"rows,omitempty"` // of data
	File   string `json:"file,omitempty"` // id of a document
}

// archive writes the file.
type archive struct {
	zip      *zip.Writer
	at       time.Time
	manifest Manifest
}

// entry writes one file in the file, compressed unless it is so already.
func (a *archive) entry(name string, packed bool, write func(w io.Writer) error) (*Entry, error) {
	h := zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.at}
	if packed {
		h.Method = zip.Store
	}
	w, err := a.zip.CreateHeader(&h)
	if err != nil {
		return nil, err
	}
	m := meter{to: w, hash: sha256.New()}
	if err := write(&m); err != nil {
		return nil, err
	}
	a.manifest.Entries = append(a.manifest.Entries, Entry{Path: name, Bytes: m.n, SHA256: hex.EncodeToString(m.hash.Sum(nil))})
	return &a.manifest.Entries[len(a.manifest.Entries)-1], nil
}

// meter counts and hashes what is written.
type meter struct {
	to   io.Writer
	hash hash.Hash
	n    int64
}

func (m *meter) Write(b []byte) (int, error) {
	n, err := m.to.Write(b)
	m.n += int64(n)
	m.hash.Write(b[:n])
	return n, err
}

// write writes the whole file of one moment: the rows are those of one reading
// transaction. The marketplace may go on meanwhile.
func (w worker) write(ctx context.Context, t *Takeout, to io.Writer) error {
	return w.d.Read(ctx, func(tx *db.Tx) error {
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		v, err := vendor.Load(ctx, tx, t.VendorID)
		if err != nil {
			return err
		}
		r, err := newReader(ctx, tx, t.VendorID, p.Location())
		if err != nil {
			return err
		}
		t.Records, t.Files, t.Missing, t.Done, t.Total = 0, 0, 0, 0, 0
		for _, n := range nouns {
			rows, err := r.count(ctx, n)
			if err != nil {
				return err
			}
			t.Records += rows
			t.Total += 2 * rows // as JSON and as CSV
			if n.name == filesNoun {
				t.Total += rows // and the documents themselves
			}
		}
		r.seen = w.step(ctx, t)
		a := &archive{zip: zip.NewWriter(to), at: tx.Now(), manifest: Manifest{ID: t.ID, Marketplace: p.Marketplace.ZH, VendorID: v.ID, Vendor: v.Name, At: tx.Now()}}
		if err := a.data(ctx, r); err != nil {
			return err
		}
		if err := w.originals(ctx, a, r, t); err != nil {
			return err
		}
		if err := a.close(p); err != nil {
			return err
		}
		t.Done = t.Total
		return nil
	})
}

// filesNoun is the noun whose rows are the documents.
const filesNoun = "files"

// step counts what is done and writes it down now and then, so that who looks sees
// it move and a run that is over ends.
func (w worker) step(ctx context.Context, t *Takeout) func() error {
	written := int64(0)
	return func() error {
		t.Done++
		if t.Done-written < max(t.Total/20, 200) {
			return nil
		}
		written = t.Done
		return w.d.Write(ctx, func(tx *db.Tx) error { return t.progress(ctx, tx) })
	}
}

// data writes every noun as JSON and as CSV.
func (a *archive) data(ctx context.Context, r *reader) error {
	for _, n := range nouns {
		var rows int64
		e, err := a.entry(jsonDir+n.name+".json", false, func(w io.Writer) (err error) { rows, err = r.writeJSON(ctx, n, w); return err })
		if err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
		e.Rows = &rows
		if e, err = a.entry(csvDir+n.name+".csv", false, func(w io.Writer) error { return r.writeCSV(ctx, n, w) }); err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
		e.Rows = &rows
	}
	return nil
}

// originals writes the company's documents as they were handed in or made. One that
// the store has lost is named in the manifest and stops nothing: the rest is the
// company's all the same.
func (w worker) originals(ctx context.Context, a *archive, r *reader, t *Takeout) error {
	return db.Each(ctx, r.tx, func(f *file.File) []any { return []any{&f.ID, &f.Purpose, &f.Name, &f.Type, &f.Size, &f.SHA256} }, func(f file.File) error {
		if err := r.seen(); err != nil {
			return err
		}
		data, err := w.files.Open(ctx, f)
		if errors.Is(err, file.ErrMissing) {
			t.Missing++
			a.manifest.Missing = append(a.manifest.Missing, f.ID)
			return nil
		}
		if err != nil {
			return err
		}
		e, err := a.entry(pathOf(f), true, func(w io.Writer) error { _, err := w.Write(data); return err })
		if err != nil {
			return err
		}
		e.File = f.ID
		t.Files++
		return nil
	}, `SELECT id, purpose, name, type, size, sha256 FROM file WHERE `+ownFiles+` ORDER BY id`, r.vendor)
}

// pathOf is where a document stands in the file: below its purpose, its id before
// its name, so that no two are one.
func pathOf(f file.File) string {
	name := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		name = "file"
	}
	return filesDir + string(f.Purpose) + "/" + f.ID + "-" + name
}

// close writes what explains the file, and its end.
func (a *archive) close(p policy.Policy) error {
	if _, err := a.entry(readmeName, false, func(w io.Writer) error { _, err := io.WriteString(w, a.readme(p)); return err }); err != nil {
		return err
	}
	if _, err := a.entry(sumsName, false, func(w io.Writer) error {
		for _, e := range a.manifest.Entries {
			if _, err := fmt.Fprintf(w, "%s  %s\n", e.SHA256, e.Path); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	body, err := json.MarshalIndent(a.manifest, "", " ")
	if err != nil {
		return err
	}
	h := zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: a.at}
	w, err := a.zip.CreateHeader(&h)
	if err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	return a.zip.Close()
}
