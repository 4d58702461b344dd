// Package bulk brings products in and out by spreadsheets: a template with what may
// be filled in, all of a company's products as a file, and imports of such files. An
// import is looked at before it does anything; then its good rows become drafts and
// revisions one by one, each in a transaction of its own, and it can be stopped and
// gone on with. Rows find their product again by the vendor's own code, so the same
// file twice changes nothing twice. It owns the tables product_import and
// product_import_row; what a product is and may become is product's.
package bulk

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where an import stands.
type Status string

// The statuses of an import.
const (
	Preview Status = "preview" // read and judged; nothing is done yet
	Running Status = "running"
	Stopped Status = "stopped"
	Done    Status = "done"
)

// Name is the word of the status for people.
func (s Status) Name() text.Key { return text.Key("bulk.status_" + string(s)) }

// Import is a spreadsheet that was handed in.
type Import struct {
	ID        string
	VendorID  string
	Name      string // of the file
	Lang      text.Lang
	Status    Status
	Total     int64 // rows with products
	Good      int64 // that can be done, when they were judged
	Wrong     int64 // that cannot
	Done      int64 // that were done or failed since
	MadeBy    string
	MadeAt    time.Time
	ChangedAt time.Time
}

// State is what became of a row.
type State string

// The states of a row.
const (
	Head     State = "head" // the titles of a sheet
	RowGood  State = "good"
	RowWrong State = "wrong"
	RowDone  State = "done"
	Failed   State = "failed" // good when judged, refused when done
)

// Act is what a row does.
type Act string

// The acts of rows.
const (
	Make   Act = "make"   // a new draft
	Update Act = "update" // a draft that is there
	Revise Act = "revise" // a revision of what was approved
	Same   Act = "same"   // nothing: the product says so already
)

// Name is the word of the act for people.
func (a Act) Name() text.Key { return text.Key("bulk.act_" + string(a)) }

// Fault is one thing wrong with a row, in the words of who handed it in.
type Fault struct {
	Column string `json:"column"` // its title, "" is the whole row
	Text   string `json:"text"`
	Note   bool   `json:"note,omitempty"` // good to know; it stops nothing
}

// Row is one row of an import.
type Row struct {
	No        int64 // in the import, from 1
	Sheet     string
	Line      int64 // in the sheet, as the spreadsheet program shows it
	Code      string
	Name      string
	Cells     []string
	Patch     map[string]string // by column: what is filled in
	Faults    []Fault
	Act       Act
	State     State
	ProductID string
}

// Counts is the data of an import's events.
type Counts struct {
	Total int64 `json:"total"`
	Good  int64 `json:"good"`
	Wrong int64 `json:"wrong"`
}

// Events of imports; the subject is the import's id.
var (
	HandedIn = event.Kind[Counts]{Name: "bulk.handed_in"}
	Begun    = event.Kind[Counts]{Name: "bulk.begun"}
	Halted   = event.Kind[event.None]{Name: "bulk.stopped"}
	Finished = event.Kind[Counts]{Name: "bulk.finished"}
)

func (i Import) about() event.About { return event.About{Subject: i.ID, VendorID: i.VendorID} }

func (i Import) counts() Counts { return Counts{i.Total, i.Good, i.Wrong} }

func wrongState(s Status) error { return fault.New(fault.Conflict, "bulk.wrong_state", s.Name()) }
