// Package payment is the money that came to the operator's bank accounts: the
// statements that staff import, their lines, and what is expected from whom. It
// compares the two and proposes which line is which payment; another package
// takes a line, once, as what it was paid for. It owns the tables
// statement_mapping, bank_statement, bank_statement_part, bank_line,
// bank_line_reference, bank_line_share, announcement and announcement_payer. It knows no vendor: an announcement has a subject, whose
// meaning is its announcer's.
package payment

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/text"
)

// State is where a line of a statement stands.
type State string

// The states of a line.
const (
	Unknown  State = "unknown"  // a credit nobody is known for
	Doubtful State = "doubtful" // proposed, with reasons for a person to decide on
	Certain  State = "certain"  // proposed, and payer, account and amount fit
	Shared   State = "split"    // pays for several; its shares are decided on
	Taken    State = "taken"    // counted as what it was paid for
	Debit    State = "debit"    // money that went out; nobody takes it
)

// States lists the states in the order in which people work through them.
func States() []State { return []State{Certain, Doubtful, Unknown, Shared, Taken, Debit} }

// Label is the state's word for people.
func (s State) Label() text.Key { return text.Key("payment.state_" + string(s)) }

// Payer is the other side of a movement, as the bank states it.
type Payer struct {
	Name    string `json:"name"`
	Account string `json:"account"`
	Bank    string `json:"bank"`
}

// Line is one movement on an account of the operator.
type Line struct {
	ID          string
	StatementID string
	PayeeID     string // the operator's account, by its id in the policy
	Row         int    // in the file, counted from 1
	BookedOn    calendar.Day
	BookedAt    time.Time    // zero when the bank does not say
	Amount      money.Amount // credit positive, debit negative
	Payer       Payer
	Remark      string
	BankRef     string
	Raw         string // the row as the bank wrote it
	Reversal    bool   // the bank marks it as one that takes back or returns another (冲正, 退汇)
	References  []string
	ImportedBy  string // account of the person who imported it
	State       State
	Subject     string   // whom it is proposed for, or was taken for
	Reasons     []Reason // why it is doubtful
	ProposedBy  string   // the person who assigned it by hand; "" where the program proposed
	ProposedAt  time.Time
	Withdrawn   []string // subjects it is not proposed for again
	TakenFor    string   // the paper that took it
	TakenBy     string   // the person who confirmed it
	TakenAt     time.Time
	ShareID     string  // set where a share is looked at as a line: Amount and Subject are the share's
	Shares      []Share // of a split line
}

// Target is the id under which the line, or the share, is decided on.
func (l Line) Target() string {
	if l.ShareID != "" {
		return l.ShareID
	}
	return l.ID
}

// Status is where the import of a statement stands.
type Status string

// The statuses of a statement.
const (
	Checking  Status = "checking"  // is read to its end; nothing of it counts yet
	Importing Status = "importing" // its lines are written; interrupted, importing the file again goes on
	Stopped   Status = "stopped"   // by a person; it can go on
	Refused   Status = "refused"   // cannot be read; nothing of it counts
	Imported  Status = "imported"
)

// Label is the status's word for people.
func (s Status) Label() text.Key { return text.Key("payment.status_" + string(s)) }

// Statement is one imported file.
type Statement struct {
	ID         string
	PayeeID    string
	SHA256     string
	FileName   string
	Format     statement.Format
	Mapping    string // its name, "" for a format that needs none
	Status     Status
	FileID     string // the kept file that a job reads, "" for none
	Checked    int    // lines read while it is checked
	Lines      int    // of the file; zero before it is checked
	Done       int    // of them written so far
	Fresh      int    // of them not known from an earlier file
	Credits    int
	Debits     int
	Credit     money.Amount // sum of the credit side
	Debit      money.Amount // sum of the debit side
	From, To   calendar.Day
	ImportedBy string
	BegunAt    time.Time
	ImportedAt time.Time
	ProgressAt time.Time        // when it last moved on
	Held       bool             // a run says that it works on it
	Active     bool             // Going, when it was loaded
	Notes      []statement.Note // what was left out of it
	Faults     []Fault          // why it was refused
}

// Fault is what is wrong with a file, as it was told when it was refused.
type Fault struct {
	Pointer string `json:"pointer"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

// In is the fault in a language.
func (f Fault) In(l text.Lang) string {
	if l == text.EN {
		return f.EN
	}
	return f.ZH
}

// lease is how long a run may be silent before another takes its statement over.
const lease = 45 * time.Second

// Going reports whether some run works on the statement now.
func (s Statement) Going(now time.Time) bool {
	return s.Held && (s.Status == Checking || s.Status == Importing) && now.Sub(s.ProgressAt) < lease
}

// Percent is how much of the statement is in, from 0 to 100.
func (s Statement) Percent() int {
	switch {
	case s.Status == Imported:
		return 100
	case s.Lines == 0:
		return 0
	}
	return int(int64(s.Done) * 100 / int64(s.Lines))
}

// Announcement is a payment that is expected.
type Announcement struct {
	Subject      string       // whom it is for, as a vendor's id; one announcement each
	Reference    string       // to stand in the transfer's remark
	PayerName    string       // the company's full name
	PayerAccount string       // its corporate account
	Remitters    []string     // other payers that were stated (D-5)
	Way          string       // the way that was stated, by its id in the policy; may be ""
	Elsewhere    string       // the city that was stated, or "?", where that way is not for it (D-4)
	Expected     money.Amount // zero when nothing is due
}

// StatementImported records that a statement is in.
var StatementImported = event.Kind[ImportedData]{Name: "statement.imported", Internal: true}

// ImportedData is what the event of an imported statement holds.
type ImportedData struct {
	Payee     string `json:"payee"`
	Lines     int    `json:"lines"`
	Fresh     int    `json:"fresh"`
	CreditFen int64  `json:"credit_fen"`
	DebitFen  int64  `json:"debit_fen"`
	SHA256    string `json:"sha256"`
}

// Assigned records that a person proposed a line for somebody.
var Assigned = event.Kind[event.None]{Name: "bank_line.assigned", Internal: true}

// Withdrawn records that a person took a proposal back.
var Withdrawn = event.Kind[event.None]{Name: "bank_line.withdrawn", Internal: true}

// LineSplit records that a person made shares of a line.
var LineSplit = event.Kind[SplitData]{Name: "bank_line.split", Internal: true}

// SplitData is what the event of a split line holds.
type SplitData struct {
	Shares int `json:"shares"`
}

// LineJoined records that a person undid a split.
var LineJoined = event.Kind[event.None]{Name: "bank_line.joined", Internal: true}

// MappingSaved records that staff changed how a bank's files are read.
var MappingSaved = event.Kind[event.None]{Name: "statement.mapping_saved", Internal: true}

// Search is the work of finding out whom lines are from.
type Search struct {
	Statement string `json:"statement,omitempty"` // the lines of a statement …
	Subject   string `json:"subject,omitempty"`   // … or those that may be a subject's
	After     string `json:"after,omitempty"`     // the last line looked at
}

// SearchJob is the job of Propose: after an import, and after an announcement.
var SearchJob = job.Kind[Search]{Name: "payment.propose"}

// foldAccount keeps letters, digits and the masks of an account number.
func foldAccount(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9', 'A' <= r && r <= 'Z', r == '*':
			return r
		}
		return -1
	}, strings.ToUpper(norm.NFKC.String(s)))
}
