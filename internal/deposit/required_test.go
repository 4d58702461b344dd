package deposit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

type categories = []policy.CategoryID

var (
	signed = contract.Contract{Mode: policy.Platform, Status: contract.InForce}
	resale = contract.Contract{Mode: policy.Resale, Status: contract.InForce, FixedDeposit: true, Deposit: money.CNY(800000)}
)

// Rules D-1, D-2 and M-3.
func TestRequired(t *testing.T) {
	p := policy.Shipped()
	free := resale
	free.Deposit = money.CNY(0)
	tests := []struct {
		name  string
		terms terms
		fen   int64
		by    policy.CategoryID
		known bool
	}{
		{"nothing approved", terms{mode: policy.Platform}, 0, "", false},
		{"one (D-1)", terms{approved: categories{"ops"}, mode: policy.Platform}, 500000, "ops", true},
		{"api (D-1)", terms{approved: categories{"api"}, mode: policy.Platform}, 200000, "api", true},
		{"api and ops: the highest, not the sum (D-2)", terms{approved: categories{"api", "ops"}, mode: policy.Platform}, 500000, "ops", true},
		{"all of them (D-2)", terms{approved: categories{"api", "ops", "image", "software", "miniprogram"}, mode: policy.Platform}, 500000, "image", true},
		{"resale: the contract's own (M-3)", terms{approved: categories{"api"}, mode: policy.Resale, contract: resale}, 800000, "", true},
		{"resale with deposit 0 (M-3)", terms{approved: categories{"ops"}, mode: policy.Resale, contract: free}, 0, "", true},
		{"resale before the contract (M-3)", terms{approved: categories{"ops"}, mode: policy.Resale}, 0, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			amount, by, known := tt.terms.required(p)
			if amount.Fen != tt.fen || by != tt.by || known != tt.known {
				t.Errorf("%d fen by %q, known %v; want %d by %q, %v", amount.Fen, by, known, tt.fen, tt.by, tt.known)
			}
		})
	}
}

// Rule D-3: covered is what was approved when enough was held, and stays so.
func TestNewlyCovered(t *testing.T) {
	p := policy.Shipped()
	free := resale
	free.Deposit = money.CNY(0)
	tests := []struct {
		name    string
		terms   terms
		held    int64
		covered categories
		want    categories
	}{
		{"nothing held", terms{approved: categories{"api"}, mode: policy.Platform, contract: signed}, 0, nil, nil},
		{"a fen short", terms{approved: categories{"api"}, mode: policy.Platform, contract: signed}, 199999, nil, nil},
		{"exactly", terms{approved: categories{"api"}, mode: policy.Platform, contract: signed}, 200000, nil, categories{"api"}},
		{"enough for one, not for the highest", terms{approved: categories{"api", "ops"}, mode: policy.Platform, contract: signed}, 200000, nil, nil},
		{"a later one that raises leaves the earlier alone", terms{approved: categories{"api", "ops"}, mode: policy.Platform, contract: signed}, 200000, categories{"api"}, nil},
		{"topped up", terms{approved: categories{"api", "ops"}, mode: policy.Platform, contract: signed}, 500000, categories{"api"}, categories{"ops"}},
		{"a later one that raises nothing", terms{approved: categories{"ops", "api"}, mode: policy.Platform, contract: signed}, 500000, categories{"ops"}, categories{"api"}},
		{"before the contract", terms{approved: categories{"ops"}, mode: policy.Platform}, 500000, nil, nil},
		{"resale with deposit 0 (M-3)", terms{approved: categories{"ops"}, mode: policy.Resale, contract: free}, 0, nil, categories{"ops"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.terms.newlyCovered(p, money.CNY(tt.held), tt.covered)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every status × act of a voucher: what is not in the table is refused.
func TestVoucherStatuses(t *testing.T) {
	want := map[VoucherStatus]map[VoucherAct]VoucherStatus{
		VoucherPresented: {ConfirmVoucher: VoucherConfirmed, RefuseVoucher: VoucherRefused, TakeBackVoucher: VoucherTakenBack},
	}
	for _, s := range VoucherStatuses() {
		for _, a := range VoucherActs() {
			to, err := s.Next(a)
			if to != want[s][a] || (err == nil) != (want[s][a] != "") {
				t.Errorf("%s + %s = %q, %v", s, a, to, err)
			}
		}
	}
}

// The code of verification is read as people copy it. Rule D-8.
func TestReadCode(t *testing.T) {
	const code = "0123456789ABCDEFGHJK"
	for _, s := range []string{code, Group(code), "oi23 4567-89ab cdef-ghjk", " " + Group(code) + " "} {
		if got := ReadCode(s); got != code {
			t.Errorf("%q is read as %s", s, got)
		}
	}
}
