package statement

import (
	"bufio"
	"errors"
	"hash/maphash"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// maxBroken is how many faults of a file are told at once.
const maxBroken = 20

// Options is what the caller knows besides the file.
type Options struct {
	Account   string         // the operator's account the file must be of; "" takes the file's word
	Zone      *time.Location // of the bank's times; nil is UTC+8
	Reversals []string       // words in a remark that mark a reversal or a return: 冲正, 退汇
}

// Reader gives the lines of one statement file. Close it.
type Reader struct {
	head     Head
	from     source
	encoding func() string
	close    func() error
	sum      Summary
	part     Part // the statement that is being read
	run      running
	checked  bool // whether the running balance is checked
	seed     maphash.Seed
	alike    map[uint64]int  // lines without a bank's number, by content: how many so far
	refs     map[uint64]seen // lines with one, by key
	begun    bool
	limit    int      // of lines
	returns  []string // words of a reversal
}

// seen is a line that was met: where, and a mark of what it says.
type seen struct {
	row     int
	content uint64
}

// source gives lines in the file's order, whatever the format.
type source interface {
	// next returns the next line, errPart where a statement of the file ended, and
	// io.EOF after the last of them.
	next() (movement, []fault.Field, error)
	says() stated // of the statement that ended
	own() string  // the operator's account, as far as it is known by now
	notes() []Note
}

var errPart = errors.New("a statement of the file ended")

// Open begins reading a statement and stops before the first line; the mapping
// counts for tables only. It is Invalid, with the place and what was expected, when
// the file is of another kind, its encoding or its column names cannot be made out,
// or it is of another account or currency; TooLarge beyond MaxFile.
func Open(r io.Reader, m Mapping, o Options) (*Reader, error) {
	return open(r, m, o, MaxFile, MaxLines)
}

func open(r io.Reader, m Mapping, o Options, maxFile int64, maxLines int) (*Reader, error) {
	if o.Zone == nil {
		o.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	limit := &bounded{from: r, left: maxFile, max: maxFile}
	raw := bufio.NewReaderSize(limit, window)
	start, err := raw.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(start) == 0 {
		return nil, fault.At("/file", "statement.empty")
	}
	kind, err := sniff(start)
	if err != nil {
		return nil, err
	}
	if kind.Mapped() {
		if m.Name == "" {
			return nil, fault.At("/mapping", "fault.required")
		}
		if err := m.Validate(); err != nil {
			return nil, err
		}
	} else {
		m = Mapping{Currency: "CNY"}
	}
	reader := &Reader{
		sum:     Summary{CreditTotal: m.zero(), DebitTotal: m.zero()},
		run:     newRunning(),
		checked: !m.Unordered && kind.Mapped(),
		seed:    maphash.MakeSeed(),
		alike:   map[uint64]int{},
		refs:    map[uint64]seen{},
		limit:   maxLines,
		returns: o.Reversals,
		close:   func() error { return nil },
	}
	reader.part = reader.newPart()
	switch kind {
	case XLSX:
		err = reader.openSheet(raw, m, o)
	case Camt:
		if maxFile == MaxFile {
			limit.left, limit.max = limit.left+MaxXML-MaxFile, MaxXML
		}
		err = reader.openCamt(raw, o)
	case MT940:
		err = reader.openMT940(raw, o)
	default:
		err = reader.openText(raw, m, o)
	}
	if err != nil {
		return nil, errors.Join(err, reader.close())
	}
	reader.head.Format = kind
	return reader, nil
}

// openText begins delimited text.
func (r *Reader) openText(raw *bufio.Reader, m Mapping, o Options) error {
	dec, err := decode(raw, m.Encoding)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(dec, prefixSize)
	beginning, err := in.Peek(prefixSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	comma, err := m.delimiter(beginning)
	if err != nil {
		return err
	}
	r.encoding = func() string { return dec.encoding }
	return r.openTable(newTable(m, o.Zone, newRecords(in, comma).next), o)
}

// openTable reads up to the column names.
func (r *Reader) openTable(t *table, o Options) error {
	if err := t.open(); err != nil {
		return err
	}
	if err := t.identify(code(o.Account)); err != nil {
		return err
	}
	r.from = t
	r.head.Account, r.head.Currency, r.head.Header = t.account, t.m.Currency, t.header
	return nil
}

// Close frees what the file took; the reader is of no use afterwards.
func (r *Reader) Close() error { return r.close() }

func (r *Reader) newPart() Part {
	zero := r.sum.CreditTotal
	zero.Fen = 0
	return Part{CreditTotal: zero, DebitTotal: zero}
}

// identify compares account and currency of the rows before the lines with what is expected.
func (t *table) identify(wanted string) error {
	if c := t.stated.currency; c != "" && c != t.m.Currency {
		return fault.At("/summary/currency", "statement.file_currency", c, t.m.Currency)
	}
	if a := t.stated.account; a != "" && wanted != "" && !sameAccount(a, wanted) {
		return fault.At("/summary/account", "statement.other_account", tail(a), tail(wanted))
	}
	t.account = wanted
	if wanted == "" {
		t.account = t.stated.account
	}
	return nil
}

// Head returns what the file says before its lines; the account may become known
// only with the first line, the encoding with the first character that is not ASCII.
func (r *Reader) Head() Head {
	h := r.head
	h.Account, h.Encoding = r.from.own(), r.encoding()
	return h
}

// Summary returns what the lines came to, once Lines ended without an error.
func (r *Reader) Summary() Summary { return r.sum }

// Lines gives the lines in the file's order, and may be ranged over once. The
// first error is the last: it is Invalid with up to 20 fields, each with its place
// (/lines/17/amount) and what was expected, and nothing of the file may be kept,
// not even the lines given before it.
func (r *Reader) Lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		if r.begun {
			yield(Line{}, errors.New("statement: the lines were read already"))
			return
		}
		r.begun = true
		var bad []fault.Field
		for len(bad) < maxBroken {
			mv, wrong, err := r.from.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if errors.Is(err, errPart) {
				if len(bad) == 0 {
					bad = r.endPart()
				}
				continue
			}
			if err != nil {
				if f := fields(err); len(f) > 0 && errors.Is(err, fault.Invalid) {
					bad = append(bad, f...) // rows cannot be told apart from here on
					break
				}
				yield(Line{}, err)
				return
			}
			if len(wrong) == 0 && len(bad) == 0 {
				wrong = r.take(&mv)
				if len(wrong) == 0 {
					if !yield(mv.Line, nil) {
						return
					}
					continue
				}
			}
			bad = append(bad, wrong...)
		}
		if len(bad) > 0 {
			yield(Line{}, refusal(bad))
			return
		}
		r.sum.Notes = r.from.notes()
	}
}

// endPart compares a statement's balances with its lines and begins the next.
func (r *Reader) endPart() []fault.Field {
	s := r.from.says()
	p := r.part
	p.Name, p.Sequence = clipped(s.name), clipped(s.sequence)
	switch {
	case !s.from.IsZero() && !s.to.IsZero():
		p.From, p.To = s.from, s.to
	case p.Lines == 0:
		p.From, p.To = s.to, s.to // of the balance
	}
	bad := settle(&p, s, r.run)
	r.sum.Parts = append(r.sum.Parts, p)
	if len(r.sum.Parts) == 1 {
		r.sum.Opening = p.Opening
	}
	r.sum.Closing = p.Closing
	r.part, r.run = r.newPart(), newRunning()
	if len(r.sum.Parts) > MaxParts {
		bad = append(bad, fields(fault.At("/file", "statement.too_many_parts", MaxParts))...)
	}
	return bad
}

// clipped keeps a bank's id of a statement to what is shown of it.
func clipped(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80])
	}
	return s
}

// take counts a line in and checks it against those before it.
func (r *Reader) take(mv *movement) []fault.Field {
	var f fault.Fields
	row := mv.No
	mv.Reversal = mv.Reversal || mv.credit != mv.Credit() || // a red entry, on the other side than its sign
		slices.ContainsFunc(r.returns, func(w string) bool { return strings.Contains(mv.Remark, w) })
	if r.sum.Lines == r.limit {
		f.Add(pointer(row, ""), "statement.too_many_lines", r.limit)
		return fieldsOf(&f)
	}
	r.sum.Lines++
	if mv.BankRef == "" {
		mv.Ordinal = 1
		k := maphash.String(r.seed, mv.Key())
		r.alike[k]++
		mv.Ordinal = r.alike[k]
	} else if first, again := r.again(mv); again {
		f.Add(pointer(row, "bank_ref"), "statement.ref_twice", row, first)
	}
	if want, ok := r.run.add(mv.Amount.Fen, mv.Balance); !ok && r.checked {
		expected := mv.Amount
		expected.Fen = want
		f.Add(pointer(row, "balance"), "statement.balance", row, expected, *mv.Balance)
	}
	side, ofPart, n, fen := &r.sum.CreditTotal, &r.part.CreditTotal, &r.sum.Credits, mv.Amount.Fen
	if !mv.credit {
		side, ofPart, n, fen = &r.sum.DebitTotal, &r.part.DebitTotal, &r.sum.Debits, -mv.Amount.Fen
	}
	*n++
	r.part.Lines++
	if mv.credit {
		r.part.Credits++
	}
	total, ok := plus(side.Fen, fen)
	if !ok {
		f.Add(pointer(row, ""), "statement.sums_large", row)
	}
	side.Fen = total
	ofPart.Fen, _ = plus(ofPart.Fen, fen) // within the file's total
	r.part.From, r.part.To = earlier(r.part.From, mv.BookedOn), later(r.part.To, mv.BookedOn)
	r.sum.From, r.sum.To = earlier(r.sum.From, mv.BookedOn), later(r.sum.To, mv.BookedOn)
	return fieldsOf(&f)
}

// earlier is the first of two days, of which the first may be none yet.
func earlier(a, b calendar.Day) calendar.Day {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b calendar.Day) calendar.Day {
	if b.After(a) {
		return b
	}
	return a
}

// again reports whether another line with the same bank's number, day and amount
// but other contents was met, and where: then the number is none of a single
// movement, and taking it for one would lose money.
func (r *Reader) again(mv *movement) (row int, again bool) {
	k := maphash.String(r.seed, mv.Key())
	var h maphash.Hash
	h.SetSeed(r.seed)
	balance := ""
	if mv.Balance != nil {
		balance = strconv.FormatInt(mv.Balance.Fen, 10)
	}
	for _, s := range []string{mv.PayerName, mv.PayerAccount, mv.Remark, balance} {
		h.WriteString(s)
		h.WriteByte(0)
	}
	was, met := r.refs[k]
	if !met {
		r.refs[k] = seen{mv.No, h.Sum64()}
		return 0, false
	}
	return was.row, was.content != h.Sum64()
}

// refusal says that the file was not taken, and why.
func refusal(bad []fault.Field) error {
	key := text.Key("statement.refused")
	if len(bad) >= maxBroken {
		bad, key = bad[:maxBroken], "statement.refused_many"
	}
	return &fault.Error{Kind: fault.Invalid, Message: text.M(key, len(bad)), Rule: "D-7", Fields: bad}
}

// fields returns the fields of a fault.
func fields(err error) []fault.Field {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

func fieldsOf(f *fault.Fields) []fault.Field { return fields(f.Err()) }
