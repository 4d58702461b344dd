// Package bankfile writes the payment files that banks take: the table that Chinese
// banks' portals import, and ISO 20022 pain.001 in the versions .001.03 and .001.09.
// It is pure: the same file gives the same bytes, always. Rule D-10.
package bankfile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Format is how a payment file is written.
type Format string

// The formats.
const (
	CSVGB18030 Format = "csv-gb18030"     // for portals that read what Excel in China writes
	CSVUTF8    Format = "csv-utf8"        // the same table with a byte order mark
	Pain03     Format = "pain.001.001.03" // ISO 20022, of 2009
	Pain09     Format = "pain.001.001.09" // ISO 20022, of 2019
)

// Formats lists the formats, the usual one first.
func Formats() []Format { return []Format{CSVGB18030, CSVUTF8, Pain03, Pain09} }

// Known reports whether there is such a format.
func (f Format) Known() bool {
	for _, have := range Formats() {
		if f == have {
			return true
		}
	}
	return false
}

// Extension ends the name of a file of the format.
func (f Format) Extension() string {
	if f == Pain03 || f == Pain09 {
		return ".xml"
	}
	return ".csv"
}

// MIME is the type of a file of the format.
func (f Format) MIME() string {
	if f == Pain03 || f == Pain09 {
		return "application/xml"
	}
	return "text/csv"
}

// Party is the holder of an account and the account itself.
type Party struct {
	Name   string // of the holder, at most 140 characters
	Number string // of the account, at most 34 characters
	Bank   string // its name, at most 140 characters; may be ""
	CNAPS  string // of the branch, 12 digits; may be ""
}

// Payment is one transfer of a file.
type Payment struct {
	Reference string // ours, at most 35 characters; comes back on the statement
	Amount    money.Amount
	To        Party
	Remark    string // for the payee, at most 140 characters
}

// File is everything that a payment file says.
type File struct {
	Number   string    // names the file at the bank, at most 35 characters
	Made     time.Time // written in the zone it has
	Day      calendar.Day
	From     Party
	Payments []Payment
}

// Write writes the file in a format. What no bank would take is an error that says
// which payment and why: no payment, an amount that is not CNY and positive, a text
// too long or with control characters, a reference used twice.
func Write(f File, format Format) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var err error
	switch format {
	case CSVUTF8:
		err = f.csv(&out, false)
	case CSVGB18030:
		err = f.csv(&out, true)
	case Pain03, Pain09:
		err = f.pain(&out, format)
	default:
		err = fmt.Errorf("bankfile: no format %q", string(format))
	}
	return out.Bytes(), err
}

// The longest texts of pain.001.
const (
	most35  = 35
	most34  = 34
	most140 = 140
)

func (f File) check() error {
	if len(f.Payments) == 0 {
		return errors.New("bankfile: no payments")
	}
	if err := text("number", f.Number, most35, true); err != nil {
		return err
	}
	if f.Made.IsZero() || f.Day.IsZero() {
		return errors.New("bankfile: no time or no day")
	}
	if err := f.From.check(); err != nil {
		return fmt.Errorf("bankfile: the payer: %w", err)
	}
	seen := make(map[string]bool, len(f.Payments))
	for i, p := range f.Payments {
		if err := p.check(); err != nil {
			return fmt.Errorf("bankfile: payment %d: %w", i+1, err)
		}
		if seen[p.Reference] {
			return fmt.Errorf("bankfile: payment %d: the reference %s stands there twice", i+1, p.Reference)
		}
		seen[p.Reference] = true
	}
	return nil
}

func (p Payment) check() error {
	if p.Amount.Code() != money.Yuan || p.Amount.Fen <= 0 {
		return fmt.Errorf("an amount of %d fen %s", p.Amount.Fen, p.Amount.Code())
	}
	return errors.Join(text("reference", p.Reference, most35, true), text("remark", p.Remark, most140, false), p.To.check())
}

func (p Party) check() error {
	return errors.Join(text("name", p.Name, most140, true), text("account", p.Number, most34, true),
		text("bank", p.Bank, most140, p.CNAPS == ""), text("branch number", p.CNAPS, most35, false))
}

func text(what, s string, most int, wanted bool) error {
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && wanted:
		return fmt.Errorf("no %s", what)
	case n > most:
		return fmt.Errorf("%s of %d characters, at most %d", what, n, most)
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not text", what)
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\uFFFE' || r == '\uFFFF' || r == unicode.ReplacementChar {
			return fmt.Errorf("%s holds the character %U", what, r)
		}
	}
	return nil
}

// Total is the sum of the payments in fen.
func (f File) Total() int64 {
	var sum int64
	for _, p := range f.Payments {
		sum += p.Amount.Fen
	}
	return sum
}

// decimal writes fen with two decimals: 500000 is 5000.00.
func decimal(fen int64) string {
	return strconv.FormatInt(fen/100, 10) + "." + fmt.Sprintf("%02d", fen%100)
}
