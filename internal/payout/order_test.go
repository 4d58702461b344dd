package payout_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rules D-10 and D-12: the money is the payout's from the order on, and its cause is paid once.
func TestAskMovesTheMoneyOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := asked(t, d, "ven_1", yuan(5000), "ext_1")
		if p.Status != payout.Ordered || p.Reference == "" || p.To != to {
			t.Errorf("asked: %+v", p)
		}
		if got := balance(t, d, ledger.DepositHeld("ven_1")); !got.IsZero() {
			t.Errorf("still held: %s", got)
		}
		if got := balance(t, d, ledger.Payout(p.ID)); got != yuan(5000) {
			t.Errorf("the payout holds %s", got)
		}
		held(t, d, "ven_1", yuan(5000))
		if _, err := ask(d, clerk, order("ven_1", yuan(5000), "ext_1")); !errors.Is(err, fault.Conflict) {
			t.Errorf("the same cause again: %v", err)
		}
		if _, err := ask(d, clerk, order("ven_1", yuan(5001), "ext_2")); !errors.Is(err, fault.Conflict) {
			t.Errorf("more than is held: %v", err)
		}
		sound(t, d)
	})
}

func TestAskRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		held(t, d, "ven_1", yuan(5000))
		for name, tt := range map[string]struct {
			by     access.Actor
			change func(*payout.Order)
			kind   fault.Kind
		}{
			"a visitor":          {access.Actor{}, nil, fault.Unauthenticated},
			"the vendor":         {yunshitest.Owner("ven_1"), nil, fault.Forbidden},
			"an auditor":         {auditor, nil, fault.Forbidden},
			"a reviewer":         {yunshitest.Staff("r", access.Reviewer), nil, fault.Forbidden},
			"nothing":            {clerk, func(o *payout.Order) { o.Amount = yuan(0) }, fault.Invalid},
			"less than nothing":  {clerk, func(o *payout.Order) { o.Amount = yuan(-1) }, fault.Invalid},
			"another currency":   {clerk, func(o *payout.Order) { o.Amount.Currency = "USD" }, fault.Invalid},
			"no name":            {clerk, func(o *payout.Order) { o.To.Name = " " }, fault.Invalid},
			"no number":          {clerk, func(o *payout.Order) { o.To.Number = "" }, fault.Invalid},
			"letters in number":  {clerk, func(o *payout.Order) { o.To.Number = "6222O2021" }, fault.Invalid},
			"a short branch":     {clerk, func(o *payout.Order) { o.To.CNAPS = "1021000" }, fault.Invalid},
			"nothing causes it":  {clerk, func(o *payout.Order) { o.Paper = "" }, fault.Conflict},
			"outside the chart":  {program, func(o *payout.Order) { o.From = ledger.Named("elsewhere") }, fault.Internal},
			"a remark too long":  {clerk, func(o *payout.Order) { o.Remark = longText(61) }, fault.Invalid},
			"a name of 141":      {clerk, func(o *payout.Order) { o.To.Name = longText(141) }, fault.Invalid},
			"a job may order it": {program, nil, ""},
		} {
			in := order("ven_1", yuan(10), "ext_"+name)
			if tt.change != nil {
				tt.change(&in)
			}
			_, err := ask(d, tt.by, in)
			switch {
			case tt.kind == "" && err == nil:
			case tt.kind == fault.Internal && err != nil && !fault.Is(err, fault.Invalid):
			case tt.kind == "" || !errors.Is(err, tt.kind):
				t.Errorf("%s: %v, want %q", name, err, tt.kind)
			}
		}
		sound(t, d)
	})
}

func longText(n int) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = '长'
	}
	return string(out)
}

// Rule D-7: who ordered it does not approve it.
func TestApproveTakesASecondPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := asked(t, d, "ven_1", yuan(5000), "ext_1")
		for name, tt := range map[string]struct {
			by   access.Actor
			kind fault.Kind
		}{
			"who ordered it": {clerk, fault.Forbidden},
			"an auditor":     {auditor, fault.Forbidden},
			"a job":          {program, fault.Forbidden},
			"the vendor":     {yunshitest.Owner("ven_1"), fault.Forbidden},
			"a visitor":      {access.Actor{}, fault.Unauthenticated},
		} {
			if _, err := approve(d, tt.by, p.ID); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := approve(d, chief, p.ID)
		if err != nil || got.Status != payout.Approved || got.ApprovedBy != chief.ID {
			t.Errorf("approved: %+v, %v", got, err)
		}
		if _, err := approve(d, chief, p.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
	})
}

// Two people approve at once: one does.
func TestApproveAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := asked(t, d, "ven_1", yuan(5000), "ext_1")
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = approve(d, yunshitest.Staff("acc_"+string(rune('a'+i)), access.Finance), p.ID)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of them approved it", won)
		}
	})
}

// Rule D-12: a cancelled payout gives the money back, and the cause may be asked for anew.
func TestCancelGivesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		cancel := func(reason string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := payout.Cancel(ctx, tx, clerk, payout.Cancellation{ID: p.ID, Reason: reason})
				return err
			})
		}
		if err := cancel(" "); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := cancel("账户有误"); err != nil {
			t.Fatal(err)
		}
		if err := cancel("again"); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if got := balance(t, d, ledger.DepositHeld("ven_1")); got != yuan(5000) {
			t.Errorf("held again: %s", got)
		}
		if _, err := ask(d, clerk, order("ven_1", yuan(5000), "ext_1")); err != nil {
			t.Errorf("anew: %v", err)
		}
		sound(t, d)
	})
}

// A correction asks for a second person again.
func TestCorrectNeedsApprovalAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		other := to
		other.Number = "33001616781059000003"
		yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
			p, err = payout.Correct(ctx, tx, chief, payout.Correction{ID: p.ID, To: other, Reason: "开户行合并"})
			return err
		})
		if p.Status != payout.Ordered || p.ApprovedBy != "" || p.To.Number != other.Number {
			t.Errorf("corrected: %+v", p)
		}
		if _, err := approve(d, chief, p.ID); !errors.Is(err, fault.Forbidden) {
			t.Errorf("approved by who corrected it: %v", err)
		}
		if _, err := approve(d, clerk, p.ID); err != nil {
			t.Error(err)
		}
	})
}

// The account is nobody's to read in the database.
func TestAccountIsSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := asked(t, d, "ven_1", yuan(5000), "ext_1")
		var row string
		if err := d.SQL().QueryRow(`SELECT sealed FROM payout WHERE id = '` + p.ID + `'`).Scan(&row); err != nil {
			t.Fatal(err)
		}
		for _, plain := range []string{to.Number, to.Name} {
			if len(row) == 0 || strings.Contains(row, plain) {
				t.Errorf("%q stands open in %q", plain, row)
			}
		}
		if m := p.To.Masked(); m.Number == to.Number || m.Number == "" {
			t.Errorf("masked: %q", m.Number)
		}
	})
}
