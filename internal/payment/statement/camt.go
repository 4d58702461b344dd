package statement

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// camtSpace is the namespace of the versions that are read.
var camtSpace = regexp.MustCompile(`^urn:iso:std:iso:20022:tech:xsd:(camt\.053\.001\.0[2-8])$`)

// camt reads bank-to-customer statements of ISO 20022, camt.053.001.02 to .08: by
// the names of the elements, whatever their prefix. An entry that holds the
// payments of a batch is one line for each of them.
type camt struct {
	in      *scanner
	zone    *time.Location
	account string // the operator's own, once known
	stated  stated
	left    notebook
	yield   func(item) bool
	version string

	statements int // met so far
	ours       int // of them, of the account
	entries    int // of the statement
	row        int // lines of the file
	skips      bool
	other      string // the end of the account whose statement is skipped
	begun      bool   // the statement's account was compared
}

// item is what a source of the standards hands over, one at a time.
type item struct {
	movement
	bad []fault.Field
	err error
}

// pulled is a source that pushes its items.
type pulled struct {
	pull func() (item, bool)
	said func() stated
	who  func() string
	left func() []Note
}

func (p pulled) next() (movement, []fault.Field, error) {
	i, ok := p.pull()
	if !ok {
		return movement{}, nil, io.EOF
	}
	return i.movement, i.bad, i.err
}

func (p pulled) says() stated  { return p.said() }
func (p pulled) own() string   { return p.who() }
func (p pulled) notes() []Note { return p.left() }

// errStopped ends a source whose reader wants no more.
var errStopped = errors.New("the reader wants no more")

// openCamt begins a camt.053 file.
func (r *Reader) openCamt(raw *bufio.Reader, o Options) error {
	dec, err := decode(raw, "auto")
	if err != nil {
		return err
	}
	c := &camt{in: newScanner(dec), zone: o.Zone, account: code(o.Account)}
	if err := c.document(); err != nil {
		return err
	}
	pull, stop := iter.Pull(c.items)
	r.close = func() error { stop(); return nil }
	r.encoding = func() string { return dec.encoding }
	r.head = Head{Account: c.account, Currency: "CNY", Version: c.version}
	r.from = pulled{pull, func() stated { return c.stated }, func() string { return c.account }, func() []Note { return c.left }}
	return nil
}

// document reads up to the document, through whatever envelope it came in.
func (c *camt) document() error {
	for {
		t, err := c.in.token()
		if errors.Is(err, io.EOF) {
			return fault.At("/file", "statement.camt_none")
		}
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "Document" {
			continue
		}
		p := camtSpace.FindStringSubmatch(start.Name.Space)
		if p == nil {
			return fault.At("/file", "statement.camt_version", shown(start.Name.Space))
		}
		c.version = p[1]
		return nil
	}
}

// items reads the whole file.
func (c *camt) items(yield func(item) bool) {
	c.yield = yield
	err := c.in.kids(func(start xml.StartElement) error {
		if start.Name.Local != "BkToCstmrStmt" {
			return fault.At("/file", "statement.camt_other", shown(start.Name.Local))
		}
		return c.in.kids(func(start xml.StartElement) error {
			if start.Name.Local != "Stmt" {
				return c.in.skip()
			}
			return c.statement()
		})
	})
	for err == nil { // what an envelope holds after the document
		var t xml.Token
		if t, err = c.in.token(); err == nil {
			if start, ok := t.(xml.StartElement); ok && start.Name.Local == "Document" {
				err = fault.At("/file", "statement.camt_two")
			}
		}
	}
	switch {
	case errors.Is(err, errStopped):
		return
	case !errors.Is(err, io.EOF):
	case c.statements == 0:
		err = fault.At("/file", "statement.camt_none")
	case c.ours == 0:
		err = fault.At("/summary/account", "statement.other_account", c.left[0].Tail, tail(c.account))
	default:
		return
	}
	yield(item{err: err})
}

func (c *camt) give(i item) error {
	if !c.yield(i) {
		return errStopped
	}
	return nil
}

// path names the place of an element of the current entry, or of the statement.
func (c *camt) path(rest string) string {
	p := fmt.Sprintf("Stmt[%d]", c.statements)
	if c.entries > 0 && rest != "" && rest[0] != '.' {
		p += fmt.Sprintf("/Ntry[%d]", c.entries)
	}
	rest = strings.TrimLeft(rest, "./")
	if rest == "" {
		return p
	}
	return p + "/" + rest
}

// wrong is a fault of a value: what was expected at the path, and what stands there.
func (c *camt) wrong(rest string, want text.Message, found string) error {
	p := c.path(rest)
	return fault.At("/"+p, "statement.xml_value", p, want, shown(found))
}

// statement reads one Stmt.
func (c *camt) statement() error {
	c.statements++
	c.entries, c.skips, c.begun = 0, false, false
	c.stated = stated{}
	c.stated.place = c.path("")
	c.stated.at = "/" + c.stated.place
	var account node
	err := c.in.kids(func(start xml.StartElement) error {
		if start.Name.Local == "Ntry" {
			if err := c.begin(account); err != nil {
				return err
			}
			c.entries++
			return c.entry()
		}
		n, err := c.in.element(start)
		if err != nil {
			return err
		}
		switch n.name {
		case "Id":
			c.stated.name = n.text
		case "ElctrncSeqNb":
			c.stated.sequence = n.text
		case "LglSeqNb":
			if c.stated.sequence == "" {
				c.stated.sequence = n.text
			}
		case "FrToDt":
			return c.period(n)
		case "Acct":
			account = n
		case "Bal":
			return c.balance(n)
		case "TxsSummry":
			return c.summary(n)
		}
		return nil
	})
	if err == nil {
		err = c.begin(account)
	}
	if err != nil || c.skips {
		return err
	}
	c.stated.counted = c.entries
	c.ours++
	return c.give(item{err: errPart})
}

// begin compares the statement's account; one of another account is left out.
func (c *camt) begin(account node) error {
	if c.begun {
		return nil
	}
	c.begun = true
	own := code(account.first("Id.IBAN", "Id.Othr.Id"))
	switch {
	case own == "":
		return c.wrong(".Acct/Id", text.M(wantAcct), "")
	case c.account == "":
		c.account = own
	case !sameAccount(own, c.account):
		c.skips, c.other = true, tail(own)
		c.left.add(OtherAccount, c.other, 0)
		return nil
	}
	if ccy := account.get("Ccy"); ccy != "" && ccy != "CNY" {
		return fault.At("/"+c.path(".Acct/Ccy"), "statement.file_currency", shown(ccy), "CNY")
	}
	return nil
}

func (c *camt) period(n node) (err error) {
	if s := n.first("FrDtTm", "FrDt"); s != "" {
		if c.stated.from, _, err = c.day(s, ".FrToDt"); err != nil {
			return err
		}
	}
	if s := n.first("ToDtTm", "ToDt"); s != "" {
		to, at, err := c.day(s, ".FrToDt")
		if err != nil {
			return err
		}
		if !at.IsZero() && at.In(c.zone).Format("150405") == "000000" && to.After(c.stated.from) {
			to = to.AddDays(-1) // to the end of the day before
		}
		c.stated.to = to
	}
	return nil
}

// balance notes an opening or a closing balance; the others say nothing of the lines.
func (c *camt) balance(n node) error {
	kind := n.first("Tp.CdOrPrtry.Cd", "Tp.CdOrPrtry.Prtry")
	switch kind {
	case "OPBD", "PRCD", "CLBD", "ITBD":
	default:
		return nil
	}
	where := ".Bal[" + kind + "]"
	a, err := c.amount(n, where)
	if err != nil {
		return err
	}
	credit, err := c.side(n.get("CdtDbtInd"), where)
	if err != nil {
		return err
	}
	if !credit {
		a = a.Neg()
	}
	s := &c.stated
	switch {
	case kind == "OPBD" && s.opening != nil && s.kind == "OPBD", kind == "CLBD" && s.closing != nil && s.last == "CLBD":
		return fault.At("/"+c.path(where), "statement.balance_twice", c.path(""), kind)
	case kind == "OPBD", kind == "PRCD" && s.kind != "OPBD", kind == "ITBD" && s.opening == nil:
		s.opening, s.kind = &a, kind
	case kind == "CLBD", kind == "ITBD" && s.last != "CLBD":
		s.closing, s.last = &a, kind
	}
	return nil
}

// summary notes how many entries there are said to be.
func (c *camt) summary(n node) error {
	s := n.get("TtlNtries", "NbOfNtries")
	if s == "" {
		return nil
	}
	count, err := strconv.Atoi(s)
	if err != nil || count < 0 {
		return c.wrong(".TxsSummry/TtlNtries/NbOfNtries", text.M(wantCount), s)
	}
	c.stated.entries = &count
	return nil
}

var isDecimal = regexp.MustCompile(`^\+?([0-9]{1,15})(?:\.([0-9]{1,8}))?$`)

// exactly reads a decimal number as fen, and only if it is one to the fen.
func exactly(s, point string) (fen int64, ok bool) {
	p := isDecimal.FindStringSubmatch(strings.Replace(s, point, ".", 1))
	if p == nil {
		return 0, false
	}
	part := (p[2] + "00")[:2]
	if strings.Trim(p[2][min(2, len(p[2])):], "0") != "" {
		return 0, false
	}
	fen, err := strconv.ParseInt(p[1]+part, 10, 64)
	return fen, err == nil
}

// amount reads the Amt below an element; it is positive.
func (c *camt) amount(n node, where string) (money.Amount, error) {
	a, _ := n.at("Amt")
	if a.ccy != "" && a.ccy != "CNY" {
		return money.Amount{}, fault.At("/"+c.path(where+"/Amt"), "statement.xml_currency", c.path(where+"/Amt"), shown(a.ccy), "CNY")
	}
	fen, ok := exactly(a.text, ".")
	if !ok {
		return money.Amount{}, c.wrong(where+"/Amt", text.M(wantAmount), a.text)
	}
	return money.CNY(fen), nil
}

// side reports whether it is the credit side.
func (c *camt) side(word, where string) (credit bool, err error) {
	switch word {
	case "CRDT":
		return true, nil
	case "DBIT":
		return false, nil
	}
	return false, c.wrong(where+"/CdtDbtInd", text.M("statement.want_direction", []string{"CRDT", "DBIT"}), word)
}

// day reads a date or a moment; at is zero without a time of day.
func (c *camt) day(s, where string) (d calendar.Day, at time.Time, err error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02", "2006-01-02Z07:00"} {
		t, failed := time.ParseInLocation(layout, s, c.zone)
		if failed != nil || t.Year() < 1980 || t.Year() > 2200 {
			continue
		}
		if strings.Contains(layout, "T") {
			return calendar.Of(t, c.zone), t, nil
		}
		return calendar.Of(t, t.Location()), time.Time{}, nil
	}
	return d, at, c.wrong(where, text.M(wantDate, []string{"2026-01-05"}), s)
}
