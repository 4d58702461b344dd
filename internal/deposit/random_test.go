package deposit_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Random orders of everything that can happen: the books stay sound, what is held
// and overpaid is what was confirmed, covered categories stay covered. Rules D-3,
// D-7 and D-12.
func TestRandomOrders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			v := yunshitest.Vendor(t, d)
			w := yunshitest.Vendor(t, d)
			left := map[string][]policy.CategoryID{}
			confirmed := map[string]int64{}
			covered := map[string][]policy.CategoryID{}
			for _, id := range []string{v.ID, w.ID} {
				left[id] = rapid.Permutation([]policy.CategoryID{"api", "ops", "image"}).Draw(rt, "order")
			}
			var lines []payment.Line
			qualify := func(id string) {
				if c := left[id]; len(c) > 0 {
					yunshitest.Qualify(t, d, id, policy.Platform, c[0])
					left[id] = c[1:]
					ensure(t, d, id)
				}
			}
			acts := map[string]func(){
				"qualify": func() { qualify(rapid.SampledFrom([]string{v.ID, w.ID}).Draw(rt, "vendor")) },
				"sign": func() {
					id := rapid.SampledFrom([]string{v.ID, w.ID}).Draw(rt, "vendor")
					if s := state(t, d, id); s.Reference == "" && len(s.Approved) > 0 {
						sign(t, d, id, yunshitest.Terms{})
					}
				},
				"pay": func() {
					who := rapid.SampledFrom([]string{v.ID, w.ID}).Draw(rt, "vendor")
					payer := map[string]yunshitest.Movement{v.ID: {Payer: v.Company.Name, Account: v.Company.Account.Number}, w.ID: {Payer: w.Company.Name, Account: w.Company.Account.Number}}[who]
					payer.Fen = rapid.SampledFrom([]int64{-100, 1, 100000, 200000, 300000, 500000, 700000}).Draw(rt, "fen")
					payer.Remark = state(t, d, rapid.SampledFrom([]string{v.ID, w.ID}).Draw(rt, "reference of")).Reference
					lines = append(lines, yunshitest.Import(t, d, clerk, int(number.Add(1)), payer)...)
				},
				"confirm": func() {
					if len(lines) == 0 {
						return
					}
					l := rapid.SampledFrom(lines).Draw(rt, "line")
					id := rapid.SampledFrom([]string{v.ID, w.ID}).Draw(rt, "vendor")
					r, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: id, Reason: "随机测试核实"})
					if err == nil {
						confirmed[id] += r.Amount.Fen
					} else if !errors.Is(err, fault.Conflict) {
						rt.Fatal(err)
					}
				},
			}
			for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"qualify", "sign", "pay", "pay", "confirm", "confirm"}), 5, 25).Draw(rt, "acts") {
				acts[name]()
			}
			for _, id := range []string{v.ID, w.ID} {
				s := state(t, d, id)
				if s.Held.Fen+s.Overpaid.Fen != confirmed[id] || s.Held.Fen < 0 {
					rt.Fatalf("held %s and overpaid %s, confirmed %d fen", s.Held, s.Overpaid, confirmed[id])
				}
				for _, c := range covered[id] {
					if !s.Covers(c) {
						rt.Fatalf("%s is not covered any more", c)
					}
				}
				covered[id] = s.Covered
				if s.Known && s.Missing.Fen == 0 && s.Reference != "" && len(s.Covered) != len(s.Approved) {
					rt.Fatalf("nothing is missing, but of %v only %v are covered", s.Approved, s.Covered)
				}
			}
			sound(t, d)
		})
	})
}
