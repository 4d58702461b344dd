// Package archive writes everything a marketplace knows into one file and puts it
// back: every row of one moment of the database, read while it runs, and every blob
// those rows name. It knows tables by the schema and none by its meaning, so that a
// backup of one database is restored into the other. What is sealed stays sealed;
// the keys are in the file only if they are asked for, behind a passphrase.
//
// The file is a tar compressed by zstd: head.json, keys.json, the tables in parts of
// JSON lines, the blobs, and last foot.json with the counts and hashes that tell a
// whole file from a cut one.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
)

// format is the number of the file's own make-up.
const format = 1

// partRows is how many rows a part holds; a restore commits part by part.
const partRows = 2000

// partBytes closes a part early.
const partBytes = 4 << 20

// The names in the file.
const (
	headName  = "head.json"
	keysName  = "keys.json"
	footName  = "foot.json"
	tablesDir = "tables/"
	blobsDir  = "blobs/"
)

// Head is what a backup says of itself at its beginning.
type Head struct {
	Format  int        `json:"format"`
	ID      string     `json:"id"` // of this backup
	Program string     `json:"program"`
	Schema  int64      `json:"schema"` // number of its last migration
	Dialect db.Dialect `json:"dialect"`
	MadeAt  time.Time  `json:"made_at"`
	Keys    string     `json:"keys"`  // fingerprint of the encryption keys that open it
	Blobs   bool       `json:"blobs"` // whether it holds the files
	Tables  []db.Table `json:"tables"`
}

// foot closes the file.
type foot struct {
	Rows  map[string]int64  `json:"rows"`  // by table
	Blobs int64             `json:"blobs"` // how many
	Parts map[string]string `json:"parts"` // SHA-256 of each part of a table, by its name in the file
}

// Progress is told as the work goes on.
type Progress struct {
	Step  string // table or "blobs"
	Done  int64
	Total int64 // 0 where it is not known
}

// Report is what was written or put back.
type Report struct {
	Head  Head
	Rows  int64
	Files int64
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
