package exit_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var goods = yunshitest.Staff("acc_goods", access.ProductReviewer)

// shop is the products of one trading vendor.
type shop struct {
	t     *testing.T
	d     *db.DB
	owner access.Actor
}

func (s shop) act(by access.Actor, op func(tx *db.Tx, by access.Actor) (product.Product, error)) (p product.Product, err error) {
	err = s.d.Write(ctx, func(tx *db.Tx) (err error) { p, err = op(tx, by); return err })
	return p, err
}

func (s shop) must(by access.Actor, op func(tx *db.Tx, by access.Actor) (product.Product, error)) product.Product {
	s.t.Helper()
	p, err := s.act(by, op)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s shop) decide(id string) (product.Product, error) {
	in := product.Decision{ID: id, Outcome: product.Approve}
	for _, c := range policy.Shipped().ChecksFor(policy.SaaSForm) {
		in.Verdicts = append(in.Verdicts, product.Verdict{Check: c.ID, Finding: product.Met})
	}
	return s.act(goods, func(tx *db.Tx, by access.Actor) (product.Product, error) { return product.Decide(ctx, tx, by, in) })
}

// held is a product that a reviewer has on the desk.
func (s shop) held() product.Product {
	s.t.Helper()
	p := s.must(s.owner, func(tx *db.Tx, by access.Actor) (product.Product, error) {
		f, err := file.Keep(ctx, tx, by, file.Upload{Name: "x.png", Type: file.PNG, Size: 3, SHA256: "abc"}, by.VendorID, file.ProductPicture)
		if err != nil {
			return product.Product{}, err
		}
		p, err := product.Make(ctx, tx, by, product.Paper{Content: product.Content{
			Category: "software", Form: policy.SaaSForm, Name: "云客服", Tags: []string{"客服"}, Summary: "工单与在线客服", Details: "# 功能", AfterSales: "工作日在线支持",
			BuiltOn: "server", Agreement: product.Standard, Pictures: []string{f.ID}, SaaS: product.SaaS{Delivery: product.Centre},
			Plans: []product.Plan{{Name: "标准版", Unit: policy.Month, Span: 1, Original: money.CNY(9900), Sale: money.CNY(8800)}}}})
		if err != nil {
			return p, err
		}
		return product.Submit(ctx, tx, by, product.Chosen{ID: p.ID})
	})
	return s.must(goods, func(tx *db.Tx, by access.Actor) (product.Product, error) {
		return product.Claim(ctx, tx, by, product.Chosen{ID: p.ID})
	})
}

func (s shop) shown() product.Product {
	s.t.Helper()
	p, err := s.decide(s.held().ID)
	if err != nil || p.Status != product.OnShelf {
		s.t.Fatalf("it is %s: %v", p.Status, err)
	}
	return p
}

// Rule X-3: a vendor asks to leave in the moment in which its products are shelved by
// itself, approved by a reviewer, and put up by the machine. Whoever comes first, at
// the end nothing of it is on the shelf.
func TestNothingIsShelvedBesideAnExit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		done := 0
		for round := range 5 {
			s := shop{t, d, yunshitest.Owner(yunshitest.Trading(t, d, "software").ID)}
			var all []product.Product
			var acts []func() error
			for range 2 {
				shown, off, held := s.shown(), s.shown(), s.held()
				s.must(s.owner, func(tx *db.Tx, by access.Actor) (product.Product, error) {
					return product.Unshelve(ctx, tx, by, product.Chosen{ID: off.ID})
				})
				all = append(all, shown, off, held)
				acts = append(acts,
					func() error {
						_, err := s.act(s.owner, func(tx *db.Tx, by access.Actor) (product.Product, error) {
							return product.Shelve(ctx, tx, by, product.Chosen{ID: off.ID})
						})
						return err
					},
					func() error { _, err := s.decide(held.ID); return err })
			}
			acts = append(acts, func() error {
				return d.Write(ctx, func(tx *db.Tx) error {
					return product.ReviewWaiting(ctx, tx, program, event.Ref{VendorID: s.owner.VendorID})
				})
			})
			var left error
			at := round * len(acts) / 4 // the wish takes another place among the others each round
			acts = append(acts[:at:at], append([]func() error{func() error {
				_, left = ask(d, s.owner, exit.Paper{Reason: "业务调整", Understood: true})
				return left
			}}, acts[at:]...)...)
			var people sync.WaitGroup
			var mu sync.Mutex
			start := make(chan struct{})
			for _, do := range acts {
				people.Go(func() {
					<-start
					err := do()
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						done++
					} else if !errors.Is(err, fault.Conflict) {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			close(start)
			people.Wait()
			if left != nil {
				t.Fatalf("round %d: it cannot leave: %v", round, left)
			}
			shelf := catalog.New(d)
			for _, p := range all {
				var now product.Product
				yunshitest.Read(t, d, func(tx *db.Tx) (err error) { now, err = product.Load(ctx, tx, p.ID); return err })
				_, err := shelf.Product(ctx, p.ID)
				if err == nil || !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Gone) || now.Status == product.OnShelf || now.Status == product.InReview {
					t.Errorf("round %d: a product of a vendor that leaves is %s; buyers are told %v", round, now.Status, err)
				}
			}
		}
		if done <= 5 {
			t.Errorf("%d acts were done beside five wishes", done-5)
		}
	})
}
