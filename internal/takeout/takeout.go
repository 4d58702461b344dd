// Package takeout is a company's copy of everything held about it (数据下载): asked
// for by its owner, put together by a job out of every table and every document that
// holds something about the company, kept sealed for a few days and then removed. It
// reads across the nouns and changes none of them; what is another's, internal or
// secret is left out, by the table in tables.go, which a test compares with the
// schema. It owns the tables takeout and takeout_part.
package takeout

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
)

// Takeout is one copy of a company's data.
type Takeout struct {
	ID        string
	VendorID  string
	Status    Status
	AskedBy   string
	AskedAt   time.Time
	Run       string // which try is making it; "" before the first
	Tries     int    // that failed
	Done      int64  // records and files written so far; a record is written twice
	Total     int64  // of them; 0 until it is known
	Records   int64
	Files     int64
	Missing   int64 // files whose content could not be found
	Bytes     int64
	SHA256    string // of the whole file, hexadecimal
	MadeAt    time.Time
	UntilAt   time.Time // when it is removed
	Downloads int64
	EndedAt   time.Time
}

// Percent is how much of it is made, from 0 to 100.
func (t Takeout) Percent() int {
	if t.Total <= 0 {
		return 0
	}
	return int(min(100*t.Done/t.Total, 100))
}

// Name is what the file is called by who downloads it.
func (t Takeout) Name() string {
	return "yunshi-data-" + t.MadeAt.UTC().Format("20060102") + "-" + t.ID[max(0, len(t.ID)-6):] + ".zip"
}

// MIME is the type of the file.
const MIME = "application/zip"

const columns = `id, vendor_id, status, asked_by, asked_at, run, tries, done, total, records, files, missing, bytes, sha256, made_at, until_at, downloads, ended_at`

func (t *Takeout) fields() []any {
	return []any{&t.ID, &t.VendorID, &t.Status, &t.AskedBy, db.Time(&t.AskedAt), &t.Run, &t.Tries, &t.Done, &t.Total, &t.Records, &t.Files, &t.Missing,
		&t.Bytes, &t.SHA256, db.Time(&t.MadeAt), db.Time(&t.UntilAt), &t.Downloads, db.Time(&t.EndedAt)}
}

// MadeData is what the event of a takeout that is ready holds.
type MadeData struct {
	Records int64     `json:"records"`
	Files   int64     `json:"files"`
	Missing int64     `json:"missing,omitempty"`
	Bytes   int64     `json:"bytes"`
	SHA256  string    `json:"sha256"`
	Until   time.Time `json:"until"`
}

// Events of a takeout; the subject is its id.
var (
	Asked      = event.Kind[event.None]{Name: "takeout.asked"}
	Made       = event.Kind[MadeData]{Name: "takeout.made"}
	Downloaded = event.Kind[event.None]{Name: "takeout.downloaded"}
	Stopped    = event.Kind[event.None]{Name: "takeout.stopped"}
	Expired    = event.Kind[event.None]{Name: "takeout.expired"}
	GaveUp     = event.Kind[event.None]{Name: "takeout.failed"}
)

func (t Takeout) about() event.About { return event.About{Subject: t.ID, VendorID: t.VendorID} }
