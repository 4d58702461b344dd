package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/fault"
)

func TestAddAndSub(t *testing.T) {
	const most = math.MaxInt64
	tests := []struct {
		name     string
		a, b     Amount
		sum      int64
		diff     int64
		sumErr   bool
		diffErr  bool
		currency string
	}{
		{name: "plain", a: CNY(500000), b: CNY(200000), sum: 700000, diff: 300000, currency: "CNY"},
		{name: "below zero", a: CNY(1), b: CNY(2), sum: 3, diff: -1, currency: "CNY"},
		{name: "an amount without currency is renminbi", a: Amount{Fen: 5}, b: CNY(1), sum: 6, diff: 4, currency: "CNY"},
		{name: "another currency", a: Amount{Fen: 5, Currency: "USD"}, b: Amount{Fen: 1, Currency: "USD"}, sum: 6, diff: 4, currency: "USD"},
		{name: "two currencies", a: CNY(1), b: Amount{Fen: 1, Currency: "USD"}, sumErr: true, diffErr: true},
		{name: "over the top", a: CNY(most), b: CNY(1), sumErr: true, diff: most - 1, currency: "CNY"},
		{name: "under the bottom", a: CNY(-most), b: CNY(2), sum: 2 - most, diffErr: true, currency: "CNY"},
		{name: "less than nothing from nothing", a: CNY(0), b: CNY(math.MinInt64), sum: math.MinInt64, diffErr: true, currency: "CNY"},
		{name: "minus one and the smallest", a: CNY(-1), b: CNY(math.MinInt64), sumErr: true, diff: most, currency: "CNY"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.a.Add(tt.b)
			check(t, "Add", got, err, Amount{Fen: tt.sum, Currency: tt.currency}, tt.sumErr)
			got, err = tt.a.Sub(tt.b)
			check(t, "Sub", got, err, Amount{Fen: tt.diff, Currency: tt.currency}, tt.diffErr)
		})
	}
}

func check(t *testing.T, op string, got Amount, err error, want Amount, refused bool) {
	t.Helper()
	if refused {
		if !errors.Is(err, fault.Invalid) {
			t.Errorf("%s = %v, %v; want Invalid", op, got, err)
		}
		return
	}
	if err != nil || got != want {
		t.Errorf("%s = %+v, %v; want %+v", op, got, err, want)
	}
}

func TestSum(t *testing.T) {
	got, err := Sum(CNY(1), CNY(2), CNY(-4))
	check(t, "Sum", got, err, CNY(-1), false)
	got, err = Sum()
	check(t, "Sum of none", got, err, CNY(0), false)
	got, err = Sum(CNY(1), Amount{Fen: 1, Currency: "HKD"})
	check(t, "Sum of two currencies", got, err, Amount{}, true)
	got, err = Sum(CNY(math.MaxInt64), CNY(1))
	check(t, "Sum too large", got, err, Amount{}, true)
}

func TestAddAgreesWithUnboundedNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		x, y := big.NewInt(a), big.NewInt(b)
		sum, diff := new(big.Int).Add(x, y), new(big.Int).Sub(x, y)
		if got, err := CNY(a).Add(CNY(b)); (err == nil) != sum.IsInt64() || err == nil && got.Fen != sum.Int64() {
			t.Errorf("%d + %d = %v, %v; want %v", a, b, got.Fen, err, sum)
		}
		if got, err := CNY(a).Sub(CNY(b)); (err == nil) != diff.IsInt64() || err == nil && got.Fen != diff.Int64() {
			t.Errorf("%d − %d = %v, %v; want %v", a, b, got.Fen, err, diff)
		}
	})
}

func TestCmpAndMax(t *testing.T) {
	if CNY(1).Cmp(CNY(2)) != -1 || CNY(2).Cmp(CNY(1)) != 1 || CNY(2).Cmp(Amount{Fen: 2}) != 0 {
		t.Error("Cmp does not order")
	}
	if got := Max(CNY(200000), CNY(500000)); got != CNY(500000) {
		t.Errorf("Max = %v", got)
	}
	if got := Max(CNY(500000), CNY(200000)); got != CNY(500000) {
		t.Errorf("Max = %v", got)
	}
	usd := Amount{Fen: 1, Currency: "USD"}
	if CNY(1).SameCurrency(usd) || !CNY(1).SameCurrency(Amount{}) {
		t.Error("SameCurrency is wrong")
	}
	panics(t, "Cmp of two currencies", func() { CNY(1).Cmp(usd) })
	panics(t, "Neg of the smallest", func() { CNY(math.MinInt64).Neg() })
	panics(t, "Percent that does not fit", func() { CNY(math.MaxInt64).Percent(10001) })
	panics(t, "Percent far too large", func() { CNY(math.MaxInt64).Percent(math.MaxInt64) })
	if !CNY(0).IsZero() || CNY(1).IsZero() || CNY(3).Neg() != CNY(-3) {
		t.Error("IsZero or Neg is wrong")
	}
}

func panics(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", what)
		}
	}()
	f()
}

// Rule M-2: 10 % of what was paid, in fen, half-up.
func TestPercent(t *testing.T) {
	tests := []struct {
		name     string
		fen, bps int64
		want     int64
	}{
		{name: "ten per cent", fen: 500000, bps: 1000, want: 50000},
		{name: "a half goes up", fen: 5, bps: 1000, want: 1},
		{name: "below a half goes down", fen: 4, bps: 1000, want: 0},
		{name: "99.99", fen: 9999, bps: 1000, want: 1000},
		{name: "six per mille", fen: 1234567, bps: 60, want: 7407},
		{name: "a reversal mirrors", fen: -5, bps: 1000, want: -1},
		{name: "nothing", fen: 0, bps: 1000, want: 0},
		{name: "no rate", fen: 500000, bps: 0, want: 0},
		{name: "all of the largest", fen: math.MaxInt64, bps: 10000, want: math.MaxInt64},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := CNY(tt.fen).Percent(tt.bps); got != CNY(tt.want) {
				t.Errorf("Percent(%d) of %d = %d, want %d", tt.bps, tt.fen, got.Fen, tt.want)
			}
		})
	}
}

// Rule M-2: the fee and what is left make the whole, and the fee is the exact
// share to within half a fen.
func TestFeeAndNetAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		paid := CNY(rapid.Int64Range(-1<<62, 1<<62).Draw(t, "paid"))
		bps := rapid.Int64Range(0, 10000).Draw(t, "bps")
		fee := paid.Percent(bps)
		net, err := paid.Sub(fee)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := fee.Add(net); err != nil || whole != paid {
			t.Errorf("%v + %v = %v, %v; want %v", fee, net, whole, err, paid)
		}
		exact := new(big.Int).Mul(big.NewInt(paid.Fen), big.NewInt(bps))
		off := exact.Sub(exact, new(big.Int).Mul(big.NewInt(fee.Fen), big.NewInt(10000)))
		if off.CmpAbs(big.NewInt(5000)) > 0 {
			t.Errorf("Percent(%d) of %d = %d is off by %v/10000", bps, paid.Fen, fee.Fen, off)
		}
		if fee.Neg() != paid.Neg().Percent(bps) {
			t.Errorf("the reversal of %v does not cancel its fee", paid)
		}
	})
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name    string
		fen     int64
		weights []int64
		want    []int64
	}{
		{"even", 300, []int64{1, 1, 1}, []int64{100, 100, 100}},
		{"one fen over goes to the first", 100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{"largest remainder first", 100, []int64{1, 2, 3}, []int64{17, 33, 50}},
		{"a zero weight gets nothing", 101, []int64{0, 1, 1}, []int64{0, 51, 50}},
		{"negative mirrors", -100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{"nothing", 0, []int64{3, 4}, []int64{0, 0}},
		{"no weights", 100, nil, nil},
		{"all zero", 100, []int64{0, 0}, nil},
		{"negative weight", 100, []int64{2, -1}, nil},
		{"weights too large", 100, []int64{math.MaxInt64, 1}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := CNY(tt.fen).Split(tt.weights...)
			if tt.want == nil {
				if !errors.Is(err, fault.Invalid) {
					t.Errorf("Split = %v, %v; want Invalid", got, err)
				}
				return
			}
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("Split = %v, %v; want %v", got, err, tt.want)
			}
			for i := range got {
				if got[i] != CNY(tt.want[i]) {
					t.Errorf("part %d = %v, want %d fen", i, got[i], tt.want[i])
				}
			}
		})
	}
}

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := CNY(rapid.Int64().Draw(t, "whole"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 20).Draw(t, "weights")
		weights = append(weights, 1)
		parts, err := whole.Split(weights...)
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := Sum(parts...); err != nil || sum != whole {
			t.Errorf("the parts of %v make %v, %v", whole, sum, err)
		}
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		for i, p := range parts {
			off := new(big.Int).Mul(big.NewInt(whole.Fen), big.NewInt(weights[i]))
			off.Sub(off, new(big.Int).Mul(big.NewInt(p.Fen), total))
			if off.CmpAbs(total) >= 0 {
				t.Errorf("part %d of %v by %v is a whole fen off: %v", i, whole, weights, p)
			}
		}
	})
}
