package statement

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// What a cell should have been, for faults.
var (
	wantDate   = text.Key("statement.want_date")
	wantTime   = text.Key("statement.want_time")
	wantAmount = text.Key("statement.want_amount")
	wantCount  = text.Key("statement.want_count")
	wantAcct   = text.Key("statement.want_account")
)

// table reads lines from the rows of a table by a mapping, wherever the rows come from.
type table struct {
	m       Mapping
	zone    *time.Location
	dates   []form
	clocks  []form
	skip    []string // folded
	trailer []string // folded
	rows    func() (record, error)
	cols    columns
	header  int
	account string // the operator's own, once known
	stated  stated
	ended   bool // the summary rows have begun
	done    bool // the rows are read
	serials serials
}

func (t *table) says() stated  { return t.stated }
func (t *table) own() string   { return t.account }
func (t *table) notes() []Note { return nil }

func newTable(m Mapping, zone *time.Location, rows func() (record, error)) *table {
	return &table{
		m: m, zone: zone, rows: rows,
		dates:   forms(m.Dates, "YMD"),
		clocks:  forms(append(slices.Clone(m.Times), m.Dates...), "Hm"),
		skip:    headings(m.Skip),
		trailer: headings(m.Trailer),
	}
}

// open reads the rows up to the one with the column names.
func (t *table) open() error {
	for range maxPreamble {
		r, err := t.rows()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		cols, _, missing, twice := t.m.match(r)
		if len(missing) == 0 {
			if twice != "" {
				return fault.At("/header", "statement.header_twice", r.no, twice)
			}
			t.cols, t.header = cols, r.no
			return nil
		}
		if bad := t.stated.note(t.m, r); len(bad) > 0 {
			return refusal(bad)
		}
	}
	var all []string
	for _, role := range t.m.required() {
		all = append(all, role.names[0])
	}
	return fault.At("/header", "statement.no_header", maxPreamble, all)
}

// movement is a line with the side of the account it stands on: a red entry on
// the credit side has a negative amount and still counts as a credit.
type movement struct {
	Line
	credit bool
}

// next returns the next line; the fields say what is wrong with it while later
// lines can still be read, an error ends the reading, io.EOF after the last line.
func (t *table) next() (movement, []fault.Field, error) {
	for {
		r, err := t.rows()
		if errors.Is(err, io.EOF) && !t.done { // a table is one statement
			t.done = true
			return movement{}, nil, errPart
		}
		if err != nil {
			return movement{}, nil, err
		}
		first := heading(r.first())
		switch {
		case first == "", t.repeatsHeader(r), begins(first, t.skip):
			continue
		case begins(first, t.trailer):
			t.ended = true
		}
		if !t.ended {
			mv, bad := t.line(r)
			return mv, bad, nil
		}
		bad := t.stated.note(t.m, r)
		if _, wrong := t.line(r); len(wrong) == 0 { // money below the summary must not be lost in silence
			var f fault.Fields
			f.Add(pointer(r.no, ""), "statement.after_summary", r.no)
			bad = append(bad, fields(f.Err())...)
		}
		if len(bad) > 0 {
			return movement{}, bad, nil
		}
	}
}

// repeatsHeader reports whether the row is the column names again, as on a new page.
func (t *table) repeatsHeader(r record) bool {
	at, ok := t.cols.at["date"]
	return ok && at < len(r.cells) && clean(r.cells[at]) == t.cols.names[at]
}

// line reads a row as a line.
func (t *table) line(r record) (movement, []fault.Field) {
	var f fault.Fields
	if bad := t.shape(r); bad != nil {
		return movement{}, bad
	}
	cell := func(role string) string { return t.cols.cell(r, role) }
	mv := movement{Line: Line{
		No: r.no, Ordinal: 1, Raw: r.raw,
		PayerName: clean(cell("payer_name")),
		PayerBank: clean(cell("payer_bank")),
		Remark:    t.remark(r),
	}}
	t.when(r, &f, &mv.Line)
	t.howMuch(r, &f, &mv)
	mv.PayerAccount = t.number(r, &f, "payer_account")
	if ref := t.number(r, &f, "bank_ref"); !noRef(ref) {
		mv.BankRef = ref
	}
	if raw := cell("balance"); clean(raw) != "" {
		b, ok, understood := t.m.amount(raw)
		if !understood {
			t.bad(&f, r, "balance", wantAmount)
		}
		if ok && understood {
			mv.Balance = &b
		}
	}
	if raw := clean(cell("currency")); raw != "" && currency(raw) != t.m.Currency {
		f.Add(pointer(r.no, "currency"), "statement.currency", r.no, shown(raw), t.m.Currency)
	}
	t.whose(r, &f, &mv.Line)
	if f.Len() > 0 {
		return movement{}, fields(f.Err())
	}
	return mv, nil
}

// shape refuses a row with more values than there are column names, and one that
// ends before a column we read.
func (t *table) shape(r record) []fault.Field {
	var f fault.Fields
	for _, extra := range r.cells[min(len(r.cells), len(t.cols.names)):] {
		if clean(extra) != "" {
			f.Add(pointer(r.no, ""), "statement.cells", r.no, len(r.cells), len(t.cols.names))
			return fields(f.Err())
		}
	}
	for _, at := range t.cols.at {
		if at >= len(r.cells) {
			f.Add(pointer(r.no, ""), "statement.cells", r.no, len(r.cells), len(t.cols.names))
			return fields(f.Err())
		}
	}
	return nil
}

// bad notes that a cell is not what it should be.
func (t *table) bad(f *fault.Fields, r record, role string, want any) {
	f.Add(pointer(r.no, role), "statement.cell", r.no, t.cols.name(role), want, shown(t.cols.cell(r, role)))
}

func (t *table) when(r record, f *fault.Fields, l *Line) {
	at, timed, ok := moment(t.cols.cell(r, "date"), t.dates, t.zone)
	if !ok {
		at, timed, ok = t.serials.day(t.cols.cell(r, "date"), t.zone)
	}
	if !ok || at.Year() < 1980 || at.Year() > 2200 {
		t.bad(f, r, "date", text.M(wantDate, t.m.Dates))
		return
	}
	l.BookedOn = calendar.Of(at, t.zone)
	if timed {
		l.BookedAt = at
	}
	raw := t.cols.cell(r, "time")
	if clean(raw) == "" {
		return
	}
	clock, _, ok := moment(raw, t.clocks, t.zone)
	if !ok {
		clock, ok = t.serials.clock(raw, t.zone)
	}
	if !ok {
		t.bad(f, r, "time", text.M(wantTime, t.m.Times))
		return
	}
	l.BookedAt = time.Date(at.Year(), at.Month(), at.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, t.zone)
}

// howMuch reads the amount by the mapping's way; an amount that could be either
// way, or none at all, is a fault.
func (t *table) howMuch(r record, f *fault.Fields, mv *movement) {
	mv.Amount = t.m.zero()
	role := "amount"
	if t.m.Amounts == Sides {
		in, _, inRead := t.m.amount(t.cols.cell(r, "credit"))
		out, _, outRead := t.m.amount(t.cols.cell(r, "debit"))
		if !inRead {
			t.bad(f, r, "credit", wantAmount)
		}
		if !outRead {
			t.bad(f, r, "debit", wantAmount)
		}
		if !inRead || !outRead {
			return
		}
		if !in.IsZero() && !out.IsZero() {
			f.Add(pointer(r.no, "credit"), "statement.amount_twice", r.no, t.cols.name("credit"), t.cols.name("debit"))
			return
		}
		// A red entry is negative on its own side: −100 of debit is 100 that came back.
		mv.Amount, mv.credit, role = in, true, "credit"
		if !out.IsZero() {
			mv.Amount, mv.credit = out.Neg(), false
		}
	} else {
		a, _, understood := t.m.amount(t.cols.cell(r, "amount"))
		if !understood {
			t.bad(f, r, "amount", wantAmount)
			return
		}
		mv.Amount, mv.credit = a, a.Fen > 0
		if t.m.Amounts == Flag {
			word := t.cols.cell(r, "direction")
			switch {
			case oneOf(word, t.m.CreditWords):
				mv.credit = true
			case oneOf(word, t.m.DebitWords):
				mv.Amount, mv.credit = a.Neg(), false
			default:
				t.bad(f, r, "direction", text.M("statement.want_direction", append(slices.Clone(t.m.CreditWords), t.m.DebitWords...)))
				return
			}
		}
	}
	if mv.Amount.IsZero() {
		f.Add(pointer(r.no, role), "statement.amount_none", r.no)
	}
}

// number reads an account or the bank's number, which a spreadsheet may have ruined.
func (t *table) number(r record, f *fault.Fields, role string) string {
	c := code(t.cols.cell(r, role))
	if scientific.MatchString(c) {
		f.Add(pointer(r.no, role), "statement.scientific", r.no, t.cols.name(role))
	}
	return c
}

// remark joins the remark columns, each text once.
func (t *table) remark(r record) string {
	var parts []string
	for _, i := range t.cols.remark {
		if i >= len(r.cells) {
			continue
		}
		if s := clean(r.cells[i]); s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// whose checks the operator's account where the rows name it.
func (t *table) whose(r record, f *fault.Fields, l *Line) {
	if raw := code(t.cols.cell(r, "account")); raw != "" {
		switch {
		case scientific.MatchString(raw):
			f.Add(pointer(r.no, "account"), "statement.scientific", r.no, t.cols.name("account"))
		case !accountForm.MatchString(raw):
			t.bad(f, r, "account", wantAcct)
		case t.account == "":
			t.account = raw
		case !sameAccount(raw, t.account):
			f.Add(pointer(r.no, "account"), "statement.line_account", r.no, tail(raw), tail(t.account))
		}
	}
	l.Account = t.account
}
