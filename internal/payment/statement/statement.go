// Package statement reads the statement files of banks: which lines of money came
// in and went out, when, from whom, with which remark. It is pure: it knows files
// and the ways banks write them, no database and no vendor. A file is taken whole
// or not at all: the first thing that cannot be understood, or sums that do not
// agree, refuse it with the place, since a line read wrongly is worse than a file
// not read.
//
// A Reader streams, whatever the format: CSV and other delimited text, and XLSX, by
// a Mapping; camt.053 and MT940 by their standards. It holds no more of the file
// than a line and one small mark per line, and of an XLSX the packed bytes.
package statement

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
)

// The limits of a file; beyond any of them it is refused.
const (
	MaxFile    = 200 << 20 // bytes of a file
	MaxXML     = 1 << 30   // bytes of an XML file, which says each word twice
	MaxLines   = 1_000_000 // lines of a file
	MaxField   = 4 << 10   // bytes of one cell
	MaxRecord  = 64 << 10  // bytes of one line
	MaxColumns = 256       // cells of one line
	MaxParts   = 2_000     // statements in one file
)

// Line is one movement on the operator's account, as the bank states it.
type Line struct {
	No           int           // the row of the file, counted from 1
	Account      string        // the operator's own account, "" when nobody said
	BookedOn     calendar.Day  // the day the bank booked it
	BookedAt     time.Time     // with the time of day; zero when the file has none
	Amount       money.Amount  // credit positive, debit negative, never zero
	PayerName    string        // the other side's name
	PayerAccount string        // the other side's account; banks may mask it with *
	PayerBank    string        // the other side's bank
	Remark       string        // all remark columns, in the file's order
	BankRef      string        // the bank's own number of the movement, "" when it has none
	Balance      *money.Amount // the balance after it, nil when the file has none
	Ordinal      int           // 1, or more for the second and further of lines alike in everything
	Reversal     bool          // the bank marks it as taking back or returning another movement
	Raw          string        // the row as it stands in the file
}

// Credit reports whether money came in.
func (l Line) Credit() bool { return l.Amount.Fen > 0 }

// Key names the movement: the same line of another export of the same account has
// the same key, so that what is taken once by key never counts twice (rule D-7).
// With a bank's number it is the account, number, day and amount; without, it is
// the account, day, amount, payer's account, remark, balance and the ordinal
// among lines alike in all that.
func (l Line) Key() string {
	parts := []string{"1", l.Account, l.BookedOn.String(), strconv.FormatInt(l.Amount.Fen, 10), l.Amount.Code()}
	if l.BankRef != "" {
		parts = append(parts, "ref", strings.ToUpper(l.BankRef))
	} else {
		balance := ""
		if l.Balance != nil {
			balance = strconv.FormatInt(l.Balance.Fen, 10)
		}
		parts = append(parts, "line", l.PayerAccount, strings.Join(strings.Fields(l.Remark), " "),
			balance, strconv.Itoa(max(1, l.Ordinal)))
	}
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.AppendUvarint(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// Head is what a file says before its lines.
type Head struct {
	Account  string // the operator's account; "" when neither the file nor the caller says
	Currency string // ISO 4217
	Encoding string // "utf-8", "gb18030", "utf-16"; "ascii" while nothing else was met
	Header   int    // the row the column names stand in
	Format   Format
	Version  string // of the format, "camt.053.001.08"
	Sheet    string // of a workbook: the one that is read
}

// Format is a kind of file.
type Format string

// The kinds of files that are read.
const (
	CSV   Format = "csv" // and other delimited text
	XLSX  Format = "xlsx"
	Camt  Format = "camt.053"
	MT940 Format = "mt940"
)

// Mapped reports whether the bank chooses the columns, so that a Mapping must say
// which is which.
func (f Format) Mapped() bool { return f == CSV || f == XLSX }

// Part is one statement of a file: a file of the bank's table is one, the
// messages of the standards may be several.
type Part struct {
	Name        string        // the bank's id of it, "" for none
	Sequence    string        // the bank's number of it, "" for none
	From, To    calendar.Day  // as stated, else the first and last day of its lines; zero without both
	Lines       int           //
	CreditTotal money.Amount  // the credit side, red entries subtracted
	DebitTotal  money.Amount  // the debit side, red entries subtracted
	Opening     *money.Amount // the balance before the lines, when the file says or implies it
	Closing     *money.Amount // the balance after the lines, likewise
	Credits     int           // lines of the credit side
}

// NoteCode names what was left out of a file, for good reason.
type NoteCode string

// What is left out.
const (
	Pending      NoteCode = "pending"       // entries not booked yet: they come again when they are
	OtherAccount NoteCode = "other_account" // entries of another account that the file holds too
	Zero         NoteCode = "zero"          // entries of no amount
)

// Note is what was left out, and how often.
type Note struct {
	Code  NoteCode `json:"code"`
	Count int      `json:"count"`
	Tail  string   `json:"tail,omitempty"` // the end of the other account's number
}

// notebook counts what is left out.
type notebook []Note

func (n *notebook) add(code NoteCode, tail string, count int) {
	for i, x := range *n {
		if x.Code == code && x.Tail == tail {
			(*n)[i].Count += count
			return
		}
	}
	if len(*n) < 50 { // of as many accounts
		*n = append(*n, Note{code, count, tail})
	}
}

// Summary is what the lines of a file come to.
type Summary struct {
	Lines       int
	Credits     int           // lines of the credit side
	Debits      int           // lines of the debit side
	CreditTotal money.Amount  // the credit side, red entries subtracted
	DebitTotal  money.Amount  // the debit side, red entries subtracted
	From, To    calendar.Day  // the first and the last day met; zero without lines
	Opening     *money.Amount // the balance before the lines, when the file says or implies it
	Closing     *money.Amount // the balance after the lines, likewise
	Parts       []Part        // the statements in the file, in its order
	Notes       []Note        // what was left out
}
