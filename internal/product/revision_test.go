package product_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// shown is what buyers see of a product.
func (s *stand) shown(id string) catalog.Product {
	s.t.Helper()
	p, err := catalog.New(s.d).Product(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// revised hands in a change of a product.
func (s *stand) revised(p product.Product, change func(*product.Content)) product.Revision {
	s.t.Helper()
	c := p.Content
	c.Plans, c.Tags, c.Pictures = slices.Clone(c.Plans), slices.Clone(c.Tags), slices.Clone(c.Pictures)
	change(&c)
	must(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: c, Note: "按客户反馈调整"})
	return must(s, s.owner, product.SubmitRevision, chosen(p.ID))
}

// Rule S-2: the live one keeps selling until the change is approved, then the change
// takes its place.
func TestLiveKeepsSellingUntilTheChangeIsApproved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		r := s.revised(p, func(c *product.Content) {
			c.Name, c.Summary = "LNMP 运行环境 Pro", "开箱即用的 PHP 8.4 环境"
		})
		if r.Status != product.RevisionSubmitted || r.Route != product.FullRoute || cmp.Diff([]string{"name", "summary"}, r.Fields) != "" {
			t.Fatalf("submitted: %+v", r)
		}
		if got := s.shown(p.ID); got.Name != "LNMP 运行环境" {
			t.Errorf("while it waits buyers see %q", got.Name)
		}
		if _, err := act(s, s.owner, product.Update, product.Paper{ID: p.ID, Content: p.Content}); !errors.Is(err, fault.Conflict) {
			t.Errorf("editing what is live: %v", err)
		}
		if _, err := act(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: p.Content}); !errors.Is(err, fault.Conflict) {
			t.Errorf("editing what waits: %v", err)
		}
		r = must(s, reviewer, product.ClaimRevision, chosen(r.ID))
		if _, err := act(s, colleague, product.ClaimRevision, chosen(r.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("claimed by a second: %v", err)
		}
		if _, err := act(s, colleague, product.DecideRevision, approval(r.ID, policy.ImageForm)); !errors.Is(err, fault.Conflict) {
			t.Errorf("decided by who has it not: %v", err)
		}
		if _, err := act(s, reviewer, product.DecideRevision, product.Decision{ID: r.ID, Outcome: product.Approve}); !errors.Is(err, fault.Invalid) {
			t.Errorf("approved without verdicts: %v", err)
		}
		r = must(s, reviewer, product.DecideRevision, approval(r.ID, policy.ImageForm))
		if r.Status != product.RevisionApproved || r.Open {
			t.Errorf("approved: %+v", r)
		}
		if got := s.shown(p.ID); got.Name != "LNMP 运行环境 Pro" || got.Summary != "开箱即用的 PHP 8.4 环境" {
			t.Errorf("afterwards buyers see %q, %q", got.Name, got.Summary)
		}
		if got := s.status(p.ID); got != product.OnShelf {
			t.Errorf("it is %s", got)
		}
	})
}

// Rule S-2: a rejection leaves what is live, tells why, and the change goes on.
func TestRejectedChangeLeavesTheLiveOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		r := s.revised(p, func(c *product.Content) { c.Details = "# 功能\n全网最好" })
		must(s, reviewer, product.ClaimRevision, chosen(r.ID))
		in := product.Decision{ID: r.ID, Outcome: product.Reject, Verdicts: []product.Verdict{{Check: "lawful", Finding: product.NotMet, Reason: "文案含“最”字"}}}
		r = must(s, reviewer, product.DecideRevision, in)
		if r.Status != product.RevisionRejected || !r.Open || !strings.Contains(s.shown(p.ID).Details, "Nginx") {
			t.Fatalf("rejected: %+v", r)
		}
		var past []product.PastRevision
		s.write(func(tx *db.Tx) (err error) {
			past, err = product.History(context.Background(), tx, s.owner, chosen(p.ID))
			return err
		})
		if len(past) != 1 || cmp.Diff([]string{"文案含“最”字"}, past[0].Reasons) != "" || past[0].EndedBy != "" {
			t.Errorf("the vendor's history is %+v", past)
		}
		c := r.Content
		c.Details = "# 功能\n稳定可靠"
		must(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: c})
		if r = must(s, s.owner, product.SubmitRevision, chosen(p.ID)); r.Status != product.RevisionSubmitted {
			t.Errorf("submitted again: %s", r.Status)
		}
		must(s, s.owner, product.TakeRevisionBack, chosen(p.ID))
		if r = must(s, s.owner, product.DropRevision, chosen(p.ID)); r.Open || s.status(p.ID) != product.OnShelf {
			t.Errorf("dropped: %+v", r)
		}
	})
}

func TestRevisionChangesSomethingAndNotItsKind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image", "software")
		p := s.onShelf("image", policy.ImageForm)
		other := p.Content
		other.Category, other.Form = "software", policy.SaaSForm
		if _, err := act(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: other}); strings.Join(pointers(err), " ") != "/category /form" {
			t.Errorf("another kind: %v", err)
		}
		must(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: p.Content})
		if _, err := act(s, s.owner, product.SubmitRevision, chosen(p.ID)); strings.Join(pointers(err), " ") != "/note" {
			t.Errorf("nothing changed: %v", err)
		}
		empty := p.Content
		empty.Summary = ""
		must(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: empty})
		if _, err := act(s, s.owner, product.SubmitRevision, chosen(p.ID)); strings.Join(pointers(err), " ") != "/summary" {
			t.Errorf("incomplete: %v", err)
		}
	})
}

// Rule S-2: what touches light fields alone is promised sooner; a price that rises
// by more than the policy lets pass is not light.
func TestRouteFollowsWhatIsTouched(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		var picture string
		s.write(func(tx *db.Tx) error { picture = s.keep(tx, file.ProductPicture, file.JPEG); return nil })
		tests := []struct {
			name   string
			change func(*product.Content)
			want   product.Route
		}{
			{"a lower price", func(c *product.Content) { c.Plans[1].Sale = money.CNY(5000) }, product.LightRoute},
			{"a price up by 12 %", func(c *product.Content) { c.Plans[1].Sale = money.CNY(9900) }, product.LightRoute},
			{"a price up by more", func(c *product.Content) { c.Plans[1].Original, c.Plans[1].Sale = money.CNY(20000), money.CNY(20000) }, product.FullRoute},
			{"free no more", func(c *product.Content) { c.Plans[0].Original = money.CNY(40000) }, product.FullRoute},
			{"pictures and tags", func(c *product.Content) { c.Pictures, c.Tags = []string{picture}, []string{"PHP"} }, product.LightRoute},
			{"another plan", func(c *product.Content) { c.Plans = c.Plans[:1] }, product.FullRoute},
			{"a picture and a word", func(c *product.Content) { c.Pictures, c.AfterSales = []string{picture}, "全天在线" }, product.FullRoute},
			{"the report renewed", func(c *product.Content) { c.Image.Scanner = "另一家" }, product.LightRoute},
		}
		for _, x := range tests {
			r := s.revised(p, x.change)
			if r.Route != x.want {
				t.Errorf("%s goes by %s", x.name, r.Route)
			}
			hours := policy.Shipped().Revisions.FullHours
			if x.want == product.LightRoute {
				hours = policy.Shipped().Revisions.LightHours
			}
			if got := r.PromisedAt.Sub(r.SubmittedAt); got != time.Duration(hours)*time.Hour {
				t.Errorf("%s is promised in %s", x.name, got)
			}
			must(s, s.owner, product.TakeRevisionBack, chosen(p.ID))
			must(s, s.owner, product.DropRevision, chosen(p.ID))
		}
	})
}

// Rules O-7, S-2: the queue has new products and changes together, in the order of
// what was promised, and can be narrowed to a route.
func TestQueueIsOrderedByThePromise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		fresh := s.submitted("image", policy.ImageForm)
		light := s.revised(p, func(c *product.Content) { c.Tags = []string{"建站"} })
		read := func(f product.QueueFilter) (lines []product.QueueLine) {
			s.write(func(tx *db.Tx) (err error) {
				lines, err = product.Waits(context.Background(), tx, auditor, f)
				return err
			})
			return lines
		}
		all := read(product.QueueFilter{})
		if len(all) != 2 || all[0].RevisionID != light.ID || all[1].ProductID != fresh.ID || all[1].Route != product.NewRoute || all[0].VendorName == "" {
			t.Fatalf("the queue is %+v", all)
		}
		if next := read(product.QueueFilter{After: all[0].Cursor()}); len(next) != 1 || next[0].ProductID != fresh.ID {
			t.Errorf("after the first comes %+v", next)
		}
		if got := read(product.QueueFilter{Route: product.LightRoute, Category: "image"}); len(got) != 1 || got[0].RevisionID != light.ID {
			t.Errorf("of the fast route: %+v", got)
		}
		must(s, reviewer, product.ClaimRevision, chosen(light.ID))
		mine := func(by access.Actor) (lines []product.QueueLine) {
			s.write(func(tx *db.Tx) (err error) {
				lines, err = product.Waits(context.Background(), tx, by, product.QueueFilter{Mine: true})
				return err
			})
			return lines
		}
		if len(mine(reviewer)) != 1 || len(mine(colleague)) != 0 {
			t.Error("what a reviewer has is not what was claimed")
		}
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			_, err := product.Waits(context.Background(), tx, auditor, product.QueueFilter{After: "nonsense"})
			return err
		})
		if !errors.Is(err, fault.Invalid) {
			t.Errorf("a cursor of nobody: %v", err)
		}
	})
}

// Who is of another company sees and changes nothing of a revision; roles hold.
func TestRevisionIsItsVendorsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		stranger := open(t, d, "ven_b").trading(t, "image").owner
		p := s.onShelf("image", policy.ImageForm)
		r := s.revised(p, func(c *product.Content) { c.Summary = "新的简介" })
		support := access.Actor{Kind: access.Member, ID: "acc_s", VendorID: "ven_a", Roles: []access.Role{access.Support}}
		look := func(by access.Actor, id string) error {
			return d.Read(context.Background(), func(tx *db.Tx) error {
				_, err := product.OpenRevision(context.Background(), tx, by, chosen(id))
				return err
			})
		}
		for _, x := range []struct {
			name string
			err  error
			want fault.Kind
		}{
			{"a stranger looks", look(stranger, r.ID), fault.NotFound},
			{"nobody looks", look(access.Actor{}, r.ID), fault.Unauthenticated},
			{"support looks", look(support, r.ID), ""},
			{"an auditor looks", look(auditor, r.ID), ""},
			{"a stranger takes back", second(act(s, stranger, product.TakeRevisionBack, chosen(p.ID))), fault.NotFound},
			{"support takes back", second(act(s, support, product.TakeRevisionBack, chosen(p.ID))), fault.Forbidden},
			{"an auditor claims", second(act(s, auditor, product.ClaimRevision, chosen(r.ID))), fault.Forbidden},
			{"the vendor claims", second(act(s, s.owner, product.ClaimRevision, chosen(r.ID))), fault.Forbidden},
			{"a stranger revises", second(act(s, stranger, product.Revise, product.Change{ID: p.ID, Content: p.Content})), fault.NotFound},
		} {
			if x.want == "" && x.err != nil || x.want != "" && !errors.Is(x.err, x.want) {
				t.Errorf("%s: %v", x.name, x.err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Rule S-2: of approving and taking back at once, of two reviewers at once, and of an
// edit while the change goes live, one comes first and the others are told.
func TestRevisionRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		both := func(do ...func() error) (won int) {
			t.Helper()
			errs := make([]error, len(do))
			var wg sync.WaitGroup
			for i := range do {
				wg.Add(1)
				go func() { defer wg.Done(); errs[i] = do[i]() }()
			}
			wg.Wait()
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case !errors.Is(err, fault.Conflict):
					t.Errorf("a loser is told %v", err)
				}
			}
			return won
		}
		for i := range 4 {
			name := "环境 " + strings.Repeat("甲", i+1)
			r := s.revised(p, func(c *product.Content) { c.Name = name })
			if won := both(
				func() error { return second(act(s, reviewer, product.ClaimRevision, chosen(r.ID))) },
				func() error { return second(act(s, colleague, product.ClaimRevision, chosen(r.ID))) },
			); won != 1 {
				t.Fatalf("%d of two reviewers claimed it", won)
			}
			holder := reviewer
			if second(act(s, colleague, product.ReleaseRevision, chosen(r.ID))) == nil {
				must(s, reviewer, product.ClaimRevision, chosen(r.ID))
			}
			if won := both(
				func() error { return second(act(s, holder, product.DecideRevision, approval(r.ID, policy.ImageForm))) },
				func() error { return second(act(s, s.owner, product.TakeRevisionBack, chosen(p.ID))) },
				func() error {
					return second(act(s, s.owner, product.Unshelve, chosen(p.ID)))
				},
			); won != 2 {
				t.Fatalf("%d of approving, taking back and leaving the shelf came through", won)
			}
			must(s, s.owner, product.Shelve, chosen(p.ID))
			shown := s.shown(p.ID).Name
			d.Read(context.Background(), func(tx *db.Tx) (err error) { p, err = product.Load(context.Background(), tx, p.ID); return err })
			if shown != p.Content.Name {
				t.Fatalf("buyers see %q, the desk has %q", shown, p.Content.Name)
			}
			if p.Content.Name != name { // it was taken back
				must(s, s.owner, product.DropRevision, chosen(p.ID))
			}
		}
	})
}
