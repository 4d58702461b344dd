package product_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

// Rule X-3: a vendor asks to leave in the moment in which its products are shelved by
// itself, approved by a reviewer, and shown anew by the machine. Whoever comes first,
// at the end nothing of it is on the shelf.
func TestNothingIsShelvedBesideAnExit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		before := 0
		for round := range 5 {
			s := open(t, d, fmt.Sprintf("ven_%d", round)).trading(t, "software")
			var shown, off, held []product.Product
			for range 2 {
				shown = append(shown, s.onShelf("software", policy.SaaSForm))
				p := s.onShelf("software", policy.SaaSForm)
				off = append(off, must(s, s.owner, product.Unshelve, chosen(p.ID)))
				p = s.submitted("software", policy.SaaSForm)
				held = append(held, must(s, reviewer, product.Claim, chosen(p.ID)))
			}
			var acts []func() error
			for i := range off {
				acts = append(acts,
					func() error { _, err := act(s, s.owner, product.Shelve, chosen(off[i].ID)); return err },
					func() error {
						_, err := act(s, reviewer, product.Decide, approval(held[i].ID, policy.SaaSForm))
						return err
					})
			}
			acts = append(acts, func() error {
				return d.Write(ctx, func(tx *db.Tx) error {
					return product.ReviewWaiting(ctx, tx, access.SystemActor("deposit.confirmed"), event.Ref{VendorID: s.owner.VendorID})
				})
			})
			// The wish takes another place among the others each round.
			at := round * len(acts) / 4
			var left error
			ask := func() error {
				left = d.Write(ctx, func(tx *db.Tx) error {
					_, err := exit.Ask(ctx, tx, s.owner, exit.Paper{Reason: "业务调整", Understood: true})
					return err
				})
				return left
			}
			acts = append(acts[:at], append([]func() error{ask}, acts[at:]...)...)
			start := make(chan struct{})
			var all sync.WaitGroup
			var mu sync.Mutex
			for _, do := range acts {
				all.Go(func() {
					<-start
					err := do()
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						before++
					} else if !fault.Is(err, fault.Conflict) {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			close(start)
			all.Wait()
			if left != nil {
				t.Fatalf("round %d: it cannot leave: %v", round, left)
			}
			for _, list := range [][]product.Product{shown, off, held} {
				for _, p := range list {
					if st := s.status(p.ID); s.live(p.ID) || st == product.OnShelf || st == product.InReview {
						t.Errorf("round %d: %s of a vendor that leaves is %s, shown %v", round, p.ID, st, s.live(p.ID))
					}
				}
			}
		}
		if before <= 5 {
			t.Errorf("%d acts came first in all", before)
		}
	})
}
