// Package file keeps the documents of the business: licence scans, vouchers,
// contracts, pictures. A document is a blob, named by the SHA-256 of its content,
// encrypted and laid into a Store before the transaction, and a row about it
// written in the transaction; blobs without a row are swept. It owns the table
// file and decides who reads which document; what a document proves is decided by
// the packages that ask for it.
package file

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Upload is content whose blob is in the store, not yet kept by a row.
type Upload struct {
	Name   string // as its sender called it, cleaned
	Type   string // MIME type, by content
	Size   int64  // bytes
	SHA256 string // of the content, hexadecimal
	Embeds bool   // a PDF with other files inside
}

// File is a kept document.
type File struct {
	ID       string
	VendorID string // "" for the operator's own
	Purpose  Purpose
	Name     string
	Type     string
	Size     int64
	SHA256   string
	MadeBy   string // account, reaction or command
	MadeAt   time.Time
}

const columns = `id, vendor_id, purpose, name, type, size, sha256, made_by, made_at`

func (f *File) fields() []any {
	return []any{&f.ID, &f.VendorID, &f.Purpose, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.MadeBy, db.Time(&f.MadeAt)}
}

// KeptData is what the event of a kept document says about it.
type KeptData struct {
	Purpose Purpose `json:"purpose"`
	Type    string  `json:"type"`
	Size    int64   `json:"size"`
	SHA256  string  `json:"sha256"`
}

// Kept records that a document was kept.
var Kept = event.Kind[KeptData]{Name: "file.kept"}

// keptQuietly is Kept where the vendor must not know of the document yet.
var keptQuietly = event.Kind[KeptData]{Name: Kept.Name, Internal: true}

// Keep writes the row of an upload for a vendor, "" for the operator. A vendor's
// people may keep what their role works with, staff what the purpose allows them:
// fault.Forbidden, and fault.NotFound for another company. An unknown purpose is
// fault.Invalid.
func Keep(ctx context.Context, tx *db.Tx, by access.Actor, up Upload, vendorID string, purpose Purpose) (File, error) {
	if err := purpose.MayKeep(by, vendorID); err != nil {
		return File{}, err
	}
	if up.Embeds && purpose == ProductPaper {
		return File{}, fault.At("/file", "file.pdf_embeds") // buyers read it
	}
	if up.SHA256 == "" {
		return File{}, errors.New("file: an upload that was never received")
	}
	f := File{
		ID: tx.NewID("fil"), VendorID: vendorID, Purpose: purpose,
		Name: up.Name, Type: up.Type, Size: up.Size, SHA256: up.SHA256,
		MadeBy: by.ID, MadeAt: tx.Now(),
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO file (id, vendor_id, purpose, name, type, size, sha256, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		f.ID, f.VendorID, string(f.Purpose), f.Name, f.Type, f.Size, f.SHA256, f.MadeBy, f.MadeAt)
	if err != nil {
		return File{}, fmt.Errorf("file %s: %w", f.ID, err)
	}
	if purposes[purpose].piece {
		return f, nil // its owner tells of the whole
	}
	kept := Kept
	if purposes[purpose].quiet {
		kept = keptQuietly
	}
	return f, kept.Append(ctx, tx, by, event.About{Subject: f.ID, VendorID: vendorID},
		KeptData{f.Purpose, f.Type, f.Size, f.SHA256})
}

// Get reads the row of a document for one who may see it; another's document is
// fault.NotFound, as if it did not exist.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, id string) (File, error) {
	if err := by.SignedIn(); err != nil {
		return File{}, err
	}
	f, err := load(ctx, tx, id)
	if err != nil {
		return File{}, err
	}
	if err := f.Purpose.maySee(by, f.VendorID); err != nil {
		return File{}, err
	}
	return f, nil
}

// Public reads the row of a document that anybody may see, as a product's picture;
// any other is fault.NotFound.
func Public(ctx context.Context, tx *db.Tx, id string) (File, error) {
	f, err := load(ctx, tx, id)
	if err == nil && !purposes[f.Purpose].public {
		return File{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return f, err
}

func load(ctx context.Context, tx *db.Tx, id string) (File, error) {
	return db.One(ctx, tx, (*File).fields, `SELECT `+columns+` FROM file WHERE id = $1`, id)
}
