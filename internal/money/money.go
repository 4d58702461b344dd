// Package money counts money exactly, in hundredths of a currency (fen 分), and
// knows how it is rounded, split, read and written. It holds no rate and no
// account: those belong to policy and ledger.
package money

import (
	"fmt"
	"math"
	"math/bits"
	"sort"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Yuan is the currency of an Amount that names none.
const Yuan = "CNY"

// Amount is a sum of money in hundredths of its currency; the zero value is 0.00 CNY.
type Amount struct {
	Fen      int64  `json:"fen"`
	Currency string `json:"currency"` // ISO 4217; empty is CNY
}

// CNY makes an amount of renminbi from fen.
func CNY(fen int64) Amount { return Amount{Fen: fen, Currency: Yuan} }

// Code returns the ISO 4217 code of the amount's currency, CNY if it names none.
func (a Amount) Code() string {
	if a.Currency == "" {
		return Yuan
	}
	return a.Currency
}

func (a Amount) of(fen int64) Amount { return Amount{Fen: fen, Currency: a.Code()} }

// IsZero reports whether the amount is nothing, in whatever currency.
func (a Amount) IsZero() bool { return a.Fen == 0 }

// Neg returns the amount with the other sign; the one amount without (the
// smallest int64) panics, for Parse and JSON never make it.
func (a Amount) Neg() Amount {
	if a.Fen == math.MinInt64 {
		panic("money: the smallest amount has no opposite")
	}
	return a.of(-a.Fen)
}

// Add returns a + b, or Invalid when the currencies differ or the sum is too large.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Code() != b.Code() {
		return Amount{}, mismatch(a, b)
	}
	sum := a.Fen + b.Fen
	if (b.Fen > 0 && sum < a.Fen) || (b.Fen < 0 && sum > a.Fen) {
		return Amount{}, fault.New(fault.Invalid, "money.too_large")
	}
	return a.of(sum), nil
}

// Sub returns a − b, or Invalid when the currencies differ or the result is too large.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Code() != b.Code() {
		return Amount{}, mismatch(a, b)
	}
	diff := a.Fen - b.Fen
	if (b.Fen > 0 && diff > a.Fen) || (b.Fen < 0 && diff < a.Fen) {
		return Amount{}, fault.New(fault.Invalid, "money.too_large")
	}
	return a.of(diff), nil
}

// Sum adds up amounts of one currency, or is Invalid as Add is; of none it is 0.00 CNY.
func Sum(amounts ...Amount) (Amount, error) {
	if len(amounts) == 0 {
		return CNY(0), nil
	}
	total := amounts[0].of(0)
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return total, nil
}

func mismatch(a, b Amount) error {
	return fault.New(fault.Invalid, "money.currency_mismatch", a.Code(), b.Code())
}

// Cmp compares two amounts of one currency: −1, 0 or +1. It panics when the
// currencies differ, since any answer would open some gate by mistake: ask
// SameCurrency first where the currency comes from outside.
func (a Amount) Cmp(b Amount) int {
	if a.Code() != b.Code() {
		panic(fmt.Sprintf("money: comparing %s with %s", a.Code(), b.Code()))
	}
	switch {
	case a.Fen < b.Fen:
		return -1
	case a.Fen > b.Fen:
		return 1
	}
	return 0
}

// SameCurrency reports whether a and b may be added and compared.
func (a Amount) SameCurrency(b Amount) bool { return a.Code() == b.Code() }

// Max returns the larger of two amounts of one currency; it panics as Cmp does.
func Max(a, b Amount) Amount {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// Percent returns the share of the amount for a rate in basis points (10 % is
// 1000), rounded half-up to the fen; a negative amount mirrors the positive one,
// so that a reversal cancels exactly. Rule M-2. It panics when the share does not
// fit, which needs a rate over 100 %.
func (a Amount) Percent(bps int64) Amount {
	negative := (a.Fen < 0) != (bps < 0)
	hi, lo := bits.Mul64(magnitude(a.Fen), magnitude(bps))
	lo, carry := bits.Add64(lo, 5000, 0)
	hi += carry
	if hi >= 10000 {
		panic("money: a share that does not fit")
	}
	share, _ := bits.Div64(hi, lo, 10000)
	if share > math.MaxInt64 {
		panic("money: a share that does not fit")
	}
	if negative {
		return a.of(-int64(share))
	}
	return a.of(int64(share))
}

// Split divides the amount by weights without losing a fen: each part gets its
// share rounded towards zero, and the fen left over go to the largest remainders, the
// earlier part first where they tie. It is Invalid without weights, with a
// negative one, or when all are zero.
func (a Amount) Split(weights ...int64) ([]Amount, error) {
	var total uint64
	for _, w := range weights {
		if w < 0 {
			return nil, fault.New(fault.Invalid, "money.bad_weights")
		}
		total += uint64(w)
		if total > math.MaxInt64 {
			return nil, fault.New(fault.Invalid, "money.too_large")
		}
	}
	if total == 0 {
		return nil, fault.New(fault.Invalid, "money.bad_weights")
	}
	whole := magnitude(a.Fen)
	left := whole
	shares := make([]uint64, len(weights))
	remainders := make([]uint64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(whole, uint64(w))
		shares[i], remainders[i] = bits.Div64(hi, lo, total)
		left -= shares[i]
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return remainders[order[i]] > remainders[order[j]] })
	for _, i := range order[:left] {
		shares[i]++
	}
	parts := make([]Amount, len(weights))
	for i, s := range shares {
		parts[i] = a.of(int64(s))
		if a.Fen < 0 {
			parts[i] = a.of(-int64(s))
		}
	}
	return parts, nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
