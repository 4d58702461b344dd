package takeout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
)

// pieceBytes is how much of the file is in memory at a time, and in one blob.
const pieceBytes = 4 << 20

// pieces takes the bytes of the file and lays them into the store piece by piece.
type pieces struct {
	ctx   context.Context
	d     *db.DB
	files *file.Files
	t     *Takeout
	held  []byte
	no    int64
	bytes int64
	hash  hash.Hash
}

// Write takes bytes; full pieces are laid down.
func (p *pieces) Write(b []byte) (int, error) {
	if p.hash == nil {
		p.hash = sha256.New()
		p.held = make([]byte, 0, pieceBytes)
	}
	p.hash.Write(b)
	p.bytes += int64(len(b))
	for rest := b; len(rest) > 0; {
		n := min(len(rest), pieceBytes-len(p.held))
		p.held = append(p.held, rest[:n]...)
		rest = rest[n:]
		if len(p.held) == pieceBytes {
			if err := p.lay(); err != nil {
				return 0, err
			}
		}
	}
	return len(b), nil
}

// Close lays down what is held.
func (p *pieces) Close() error {
	if len(p.held) == 0 {
		return nil
	}
	return p.lay()
}

// lay puts a piece into the store and then its row; a process killed in between
// leaves a blob that the sweep finds.
func (p *pieces) lay() error {
	up, err := p.files.Produced(p.ctx, p.held, fmt.Sprintf("%s-%04d", p.t.ID, p.no), "application/octet-stream")
	if err != nil {
		return err
	}
	p.held = p.held[:0]
	p.no++
	return p.d.Write(p.ctx, func(tx *db.Tx) error { return p.t.keepPart(p.ctx, tx, p.no, up) })
}

func (p *pieces) sum() string { return hex.EncodeToString(p.hash.Sum(nil)) }
