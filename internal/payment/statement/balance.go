package statement

import (
	"math"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// running follows the running balance of a file. Banks list the oldest line
// first or the newest first; both are believed until one contradicts the lines.
type running struct {
	known      bool // a balance was met
	rises      bool // the oldest line may be first
	falls      bool // the newest line may be first
	last       int64
	lastAmount int64 // of the line with that balance
	after      int64 // amounts of lines without a balance since
	total      int64
	before     [2]int64 // opening if oldest first, closing if newest first
}

func newRunning() running { return running{rises: true, falls: true} }

// add takes the next line and returns false, with the balance expected, when it
// fits neither order.
func (s *running) add(amount int64, balance *money.Amount) (want int64, ok bool) {
	s.total += amount
	if balance == nil {
		s.after += amount
		return 0, true
	}
	b := balance.Fen
	ok = true
	if !s.known {
		s.known = true
		s.before = [2]int64{b - s.total, b + s.total - amount}
	} else {
		up, down := s.last+s.after+amount, s.last-s.lastAmount-s.after
		want = up
		if !s.rises {
			want = down
		}
		s.rises, s.falls = s.rises && b == up, s.falls && b == down
		ok = s.rises || s.falls
	}
	s.last, s.lastAmount, s.after = b, amount, 0
	return want, ok
}

// ends returns opening and closing balance for each order still believed.
func (s *running) ends() [][2]int64 {
	var ends [][2]int64
	if !s.known {
		return nil
	}
	if s.rises {
		ends = append(ends, [2]int64{s.before[0], s.last + s.after})
	}
	if s.falls {
		ends = append(ends, [2]int64{s.last - s.lastAmount - s.after, s.before[1]})
	}
	return ends
}

// settle compares what a statement says with what its lines come to, and fills its
// opening and closing balance.
func settle(p *Part, s stated, r running) []fault.Field {
	var f fault.Fields
	of := func(fen int64) money.Amount { return money.Amount{Fen: fen, Currency: p.CreditTotal.Currency} }
	differs := func(pointer string, key text.Key, said, counted any) {
		if s.place != "" {
			f.Add(s.at+"/"+pointer, "statement.part_differs", s.place, key, said, counted)
			return
		}
		f.Add("/summary/"+pointer, "statement.total_differs", key, said, counted)
	}
	if s.creditTotal != nil && *s.creditTotal != p.CreditTotal {
		differs("credit_total", "statement.credit_total", *s.creditTotal, p.CreditTotal)
	}
	if s.debitTotal != nil && *s.debitTotal != p.DebitTotal && s.debitTotal.Neg() != p.DebitTotal {
		differs("debit_total", "statement.debit_total", *s.debitTotal, p.DebitTotal)
	}
	if s.creditCount != nil && *s.creditCount != p.Credits {
		differs("credit_count", "statement.credit_count", *s.creditCount, p.Credits)
	}
	if debits := p.Lines - p.Credits; s.debitCount != nil && *s.debitCount != debits {
		differs("debit_count", "statement.debit_count", *s.debitCount, debits)
	}
	if s.entries != nil && *s.entries != s.counted {
		differs("entries", "statement.entry_count", *s.entries, s.counted)
	}
	ends := r.ends()
	if len(ends) == 0 { // no running balance: only opening + lines = closing can be asked
		switch {
		case s.opening != nil:
			ends = [][2]int64{{s.opening.Fen, s.opening.Fen + r.total}}
		case s.closing != nil:
			ends = [][2]int64{{s.closing.Fen - r.total, s.closing.Fen}}
		default:
			return fieldsOf(&f)
		}
	}
	best := ends[0]
	for _, e := range ends {
		if (s.opening == nil || s.opening.Fen == e[0]) && (s.closing == nil || s.closing.Fen == e[1]) {
			best = e
		}
	}
	opening, closing := of(best[0]), of(best[1])
	if s.opening != nil && *s.opening != opening {
		differs("opening", "statement.opening", *s.opening, opening)
	}
	if s.closing != nil && *s.closing != closing {
		differs("closing", "statement.closing", *s.closing, closing)
	}
	p.Opening, p.Closing = &opening, &closing
	return fieldsOf(&f)
}

// plus adds without running over; ok is false when the sum does not fit.
func plus(a, b int64) (sum int64, ok bool) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return a, false
	}
	return a + b, true
}
