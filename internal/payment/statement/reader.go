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

// Reader gives the lines of one statement file.
type Reader struct {
	head    Head
	from    source
	decoded *decoded
	sum     Summary
	run     running
	checked bool // whether the running balance is checked
	seed    maphash.Seed
	alike   map[uint64]int  // lines without a bank's number, by content: how many so far
	refs    map[uint64]seen // lines with one, by key
	begun   bool
	limit   int      // of lines
	returns []string // words of a reversal
}

// seen is a line that was met: where, and a mark of what it says.
type seen struct {
	row     int
	content uint64
}

// source gives lines in the file's order, whatever the format.
type source interface {
	next() (movement, []fault.Field, error)
	says() stated
	own() string // the operator's account, as far as it is known by now
}

func (t *table) says() stated { return t.stated }
func (t *table) own() string  { return t.account }

// Open begins reading delimited text and stops before the first line. It is
// Invalid, with the place and what was expected, when the file is of another
// kind, its encoding or its column names cannot be made out, or it is of another
// account or currency; TooLarge beyond MaxFile.
func Open(r io.Reader, m Mapping, o Options) (*Reader, error) {
	return open(r, m, o, MaxFile, MaxLines)
}

func open(r io.Reader, m Mapping, o Options, maxFile int64, maxLines int) (*Reader, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if o.Zone == nil {
		o.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	raw := bufio.NewReaderSize(&bounded{from: r, left: maxFile, max: maxFile}, window)
	start, err := raw.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(start) == 0 {
		return nil, fault.At("/file", "statement.empty")
	}
	if kind, is := foreign(start); is {
		return nil, fault.At("/file", "statement.not_delimited", kind)
	}
	dec, err := decode(raw, m.Encoding)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(dec, prefixSize)
	beginning, err := in.Peek(prefixSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	comma, err := m.delimiter(beginning)
	if err != nil {
		return nil, err
	}
	t := newTable(m, o.Zone, newRecords(in, comma).next)
	if err := t.open(); err != nil {
		return nil, err
	}
	if err := t.identify(code(o.Account)); err != nil {
		return nil, err
	}
	return &Reader{
		head:    Head{Account: t.account, Currency: m.Currency, Header: t.header},
		from:    t,
		decoded: dec,
		sum:     Summary{CreditTotal: m.zero(), DebitTotal: m.zero()},
		run:     newRunning(),
		checked: !m.Unordered,
		seed:    maphash.MakeSeed(),
		alike:   map[uint64]int{},
		refs:    map[uint64]seen{},
		limit:   maxLines,
		returns: o.Reversals,
	}, nil
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
	h.Account, h.Encoding = r.from.own(), r.decoded.encoding
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
		if len(bad) == 0 {
			bad = settle(&r.sum, r.from.says(), r.run, r.sum.CreditTotal)
		}
		if len(bad) > 0 {
			yield(Line{}, refusal(bad))
		}
	}
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
	side, n, fen := &r.sum.CreditTotal, &r.sum.Credits, mv.Amount.Fen
	if !mv.credit {
		side, n, fen = &r.sum.DebitTotal, &r.sum.Debits, -mv.Amount.Fen
	}
	*n++
	total, ok := plus(side.Fen, fen)
	if !ok {
		f.Add(pointer(row, ""), "statement.sums_large", row)
	}
	side.Fen = total
	if d := mv.BookedOn; r.sum.From.IsZero() || d.Before(r.sum.From) {
		r.sum.From = d
	}
	if d := mv.BookedOn; d.After(r.sum.To) {
		r.sum.To = d
	}
	return fieldsOf(&f)
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
