package payout_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// statement imports movements by the clerk and looks through them for payouts.
func statement(t testing.TB, d *db.DB, first int, movements ...yunshitest.Movement) []payment.Line {
	t.Helper()
	lines := yunshitest.Import(t, d, clerk, first, movements...)
	look(t, d, lines[0].StatementID)
	return lines
}

func look(t testing.TB, d *db.DB, statementID string) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		return payout.Propose(ctx, tx, program, payout.Search{Statement: statementID})
	})
}

// debit is what the bank writes when it has paid.
func debit(p payout.Payout) yunshitest.Movement {
	return yunshitest.Movement{Fen: -p.Amount.Fen, Remark: "退还保证金 " + p.Reference, Payer: p.To.Name, Account: p.To.Number}
}

func detail(t testing.TB, d *db.DB, id string) payout.Detail {
	t.Helper()
	var out payout.Detail
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		out, err = payout.Get(ctx, tx, chief, payout.Chosen{ID: id})
		return err
	})
	return out
}

func settle(d *db.DB, by access.Actor, in payout.Match) (p payout.Payout, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		p, err = payout.Settle(ctx, tx, by, in)
		return err
	})
	return p, err
}

func paid(t testing.TB, d *db.DB, p payout.Payout, first int) payout.Payout {
	t.Helper()
	l := statement(t, d, first, debit(p))[0]
	p, err := settle(d, chief, payout.Match{PayoutID: p.ID, LineID: l.ID})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Rules D-7 and D-12: the debit on the statement pays it, and the books stay whole.
func TestDebitPays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		l := statement(t, d, 1, debit(p))[0]
		got := detail(t, d, p.ID)
		if len(got.Suggestions) != 1 || !got.Suggestions[0].Certain || got.Suggestions[0].Kind != payout.Debited {
			t.Fatalf("proposed: %+v", got.Suggestions)
		}
		in := payout.Match{PayoutID: p.ID, LineID: l.ID}
		for name, tt := range map[string]struct {
			by   access.Actor
			kind fault.Kind
		}{
			"who imported it": {clerk, fault.Forbidden},
			"a job":           {program, fault.Forbidden},
			"an auditor":      {auditor, fault.Forbidden},
			"the vendor":      {yunshitest.Owner("ven_1"), fault.Forbidden},
		} {
			if _, err := settle(d, tt.by, in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		p, err := settle(d, chief, in)
		if err != nil || p.Status != payout.Paid || p.LineID != l.ID || p.PaidAt.IsZero() {
			t.Fatalf("%+v, %v", p, err)
		}
		if got := balance(t, d, ledger.Payout(p.ID)); !got.IsZero() {
			t.Errorf("the payout still holds %s", got)
		}
		if _, err := settle(d, chief, in); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if got := detail(t, d, p.ID); len(got.Suggestions) != 0 || len(got.Movements) != 1 {
			t.Errorf("afterwards: %+v", got)
		}
		sound(t, d)
	})
}

// Rule D-7: what is not certain needs a person's reason; what does not fit is not proposed.
func TestProposals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		for i, tt := range []struct {
			name    string
			change  func(*yunshitest.Movement)
			reasons []payout.Reason // nil is certain
			none    bool
		}{
			{"all fits", func(*yunshitest.Movement) {}, nil, false},
			{"no name and account, as some banks write", func(m *yunshitest.Movement) { m.Payer, m.Account = "", "" }, nil, false},
			{"a masked account", func(m *yunshitest.Movement) { m.Account = "1202****2345" }, nil, false},
			{"no reference", func(m *yunshitest.Movement) { m.Remark = "转账" }, []payout.Reason{payout.NoReference}, false},
			{"no reference, name alone", func(m *yunshitest.Movement) { m.Remark, m.Account = "", "" }, []payout.Reason{payout.NoReference}, false},
			{"another account", func(m *yunshitest.Movement) { m.Account = "99990000111122" }, []payout.Reason{payout.OtherAccount}, false},
			{"another name", func(m *yunshitest.Movement) { m.Payer = "别的公司" }, []payout.Reason{payout.OtherName}, false},
			{"another amount", func(m *yunshitest.Movement) { m.Fen = -1 }, []payout.Reason{payout.OtherAmount}, false},
			{"nothing fits", func(m *yunshitest.Movement) { m.Remark, m.Payer, m.Account = "手续费", "", "" }, nil, true},
			{"amount alone", func(m *yunshitest.Movement) { m.Remark, m.Payer, m.Account = "货款", "别人", "88" }, nil, true},
			{"a credit that is no return", func(m *yunshitest.Movement) { m.Fen, m.Remark = 500000, "货款" }, nil, true},
		} {
			m := debit(p)
			tt.change(&m)
			l := statement(t, d, 100*(i+1), m)[0]
			var got *payout.Suggestion
			for _, s := range detail(t, d, p.ID).Suggestions {
				if s.LineID == l.ID {
					got = &s
				}
			}
			switch {
			case tt.none:
				if got != nil {
					t.Errorf("%s: proposed: %+v", tt.name, got)
				}
			case got == nil:
				t.Errorf("%s: not proposed", tt.name)
			case got.Certain != (tt.reasons == nil) || !slices.Equal(got.Reasons, tt.reasons):
				t.Errorf("%s: %v", tt.name, got.Reasons)
			case !got.Certain:
				_, err := settle(d, chief, payout.Match{PayoutID: p.ID, LineID: l.ID})
				if !errors.Is(err, fault.Invalid) && !errors.Is(err, fault.Conflict) {
					t.Errorf("%s, without a reason: %v", tt.name, err)
				}
			}
		}
		other := statement(t, d, 5000, yunshitest.Movement{Fen: -1, Remark: p.Reference})[0]
		if _, err := settle(d, chief, payout.Match{PayoutID: p.ID, LineID: other.ID, Reason: "就是它"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("another amount with a reason: %v", err)
		}
		if _, err := settle(d, chief, payout.Match{PayoutID: p.ID, LineID: "bln_none", Reason: "x"}); !errors.Is(err, fault.Invalid) {
			t.Errorf("no such line: %v", err)
		}
		sound(t, d)
	})
}

// Rules D-10 and D-12: what the bank returns is owed again, is corrected, approved
// and paid once more.
func TestReturnedPayoutGoesOutAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		before := balance(t, d, ledger.Unidentified())
		p = paid(t, d, p, 1)
		was := p.Reference
		back := statement(t, d, 500, yunshitest.Movement{Fen: 500000, Remark: "退汇 账号户名不符 " + p.Reference, Payer: "待处理款项"})[0]
		if got := detail(t, d, p.ID).Suggestions; len(got) != 1 || !got[0].Certain || got[0].Kind != payout.Returned {
			t.Fatalf("proposed: %+v", got)
		}
		p, err := settle(d, chief, payout.Match{PayoutID: p.ID, LineID: back.ID, Reason: "账号户名不符"})
		if err != nil || p.Status != payout.SentBack || p.Bounces != 1 {
			t.Fatalf("%+v, %v", p, err)
		}
		if got := balance(t, d, ledger.Payout(p.ID)); got != yuan(5000) {
			t.Errorf("owed again: %s", got)
		}
		right := to
		right.Number = "1202026219900054321"
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			p, err = payout.Correct(ctx, tx, clerk, payout.Correction{ID: p.ID, To: right, Reason: "账号更正"})
			return err
		})
		if p.Reference == was {
			t.Error("it has the reference that the bank returned")
		}
		if p, err = approve(d, chief, p.ID); err != nil {
			t.Fatal(err)
		}
		if p = paid(t, d, p, 900); p.Status != payout.Paid {
			t.Errorf("paid again: %+v", p)
		}
		if got := balance(t, d, ledger.Unidentified()); got != before {
			t.Errorf("unexplained: %s, before %s", got, before)
		}
		sound(t, d)
	})
}

// A return without our reference is found by the bank's words, and left to a person.
func TestReturnWithoutReference(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := paid(t, d, approved(t, d, "ven_1", yuan(5000), "ext_1"), 1)
		statement(t, d, 500, yunshitest.Movement{Fen: 500000, Remark: "退票", Payer: to.Name, Account: to.Number})
		got := detail(t, d, p.ID).Suggestions
		if len(got) != 1 || got[0].Certain || !slices.Equal(got[0].Reasons, []payout.Reason{payout.NoReference}) {
			t.Fatalf("proposed: %+v", got)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return payout.Dismiss(ctx, tx, chief, payout.Match{PayoutID: p.ID, LineID: got[0].LineID})
		}); err != nil {
			t.Fatal(err)
		}
		if got := detail(t, d, p.ID).Suggestions; len(got) != 0 {
			t.Errorf("dismissed, and still there: %+v", got)
		}
	})
}

// The statement imported twice, and two people who confirm at once: paid once.
func TestDebitIsTakenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		l := statement(t, d, 1, debit(p))[0]
		look(t, d, l.StatementID)
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = settle(d, yunshitest.Staff("acc_"+string(rune('a'+i)), access.Finance), payout.Match{PayoutID: p.ID, LineID: l.ID})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.Invalid) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of them paid it", won)
		}
		sound(t, d)
	})
}
