package product_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// Rules S-1, S-4, O-7: each form from the draft to the shelf and off it.
func TestEachFormGoesOnTheShelf(t *testing.T) {
	forms := []struct {
		category policy.CategoryID
		form     policy.Form
	}{{"image", policy.ImageForm}, {"software", policy.SaaSForm}, {"software", policy.ServiceForm}, {"ops", policy.ServiceForm}, {"api", policy.APIForm}, {"miniprogram", policy.SaaSForm}}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image", "software", "ops", "api", "miniprogram")
		for _, f := range forms {
			p := s.onShelf(f.category, f.form)
			if p.Status != product.OnShelf || p.Holder != "" || !p.QueuedAt.IsZero() {
				t.Fatalf("%s: %+v", f.form, p)
			}
			shown, err := catalog.New(d).Product(context.Background(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if shown.Price != money.CNY(8800) || shown.Was != money.CNY(9900) || shown.Span != 10 || shown.Offers != 2 || shown.VendorName != "云帆科技" ||
				shown.Details != "<h3>功能</h3>\n<ul>\n<li>Nginx</li>\n<li>MySQL</li>\n</ul>\n" || shown.Picture != s.picture {
				t.Errorf("%s is shown as %+v", f.form, shown)
			}
			if got := []bool{shown.Image != nil, shown.SaaS != nil, shown.Service != nil, shown.API != nil}; got[slices.Index([]policy.Form{policy.ImageForm, policy.SaaSForm, policy.ServiceForm, policy.APIForm}, f.form)] != true {
				t.Errorf("%s shows %v", f.form, got)
			}
			if p = must(s, s.owner, product.Unshelve, chosen(p.ID)); p.Status != product.OffShelf || s.live(p.ID) {
				t.Errorf("%s after unshelve: %s", f.form, p.Status)
			}
			if p = must(s, s.owner, product.Shelve, chosen(p.ID)); p.Status != product.OnShelf || !s.live(p.ID) {
				t.Errorf("%s after shelve: %s", f.form, p.Status)
			}
		}
		shop, err := catalog.New(d).Shop(context.Background(), "ven_a")
		if err != nil || shop.Products != len(forms) || shop.Phone != "400-800-1234" {
			t.Errorf("the shop is %+v, %v", shop, err)
		}
	})
}

// Rules O-5, S-1, S-3, O-7: without a deposit a product waits, is not reviewed,
// and is queued when the deposit is confirmed.
func TestProductWaitsForTheDeposit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").qualified(t, "image", "api").signed(t)
		p := s.submitted("image", policy.ImageForm)
		if p.Status != product.Waiting || !p.QueuedAt.IsZero() {
			t.Fatalf("it is %s, queued %s", p.Status, p.QueuedAt)
		}
		if _, err := act(s, reviewer, product.Claim, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("claiming a waiting product: %v", err)
		}
		if _, err := act(s, s.owner, product.Shelve, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("shelving a waiting product: %v", err)
		}
		s.confirmed() // of another, earlier deposit: still not covered
		if got := s.status(p.ID); got != product.Waiting {
			t.Errorf("without cover it became %s", got)
		}
		s.covered(t)
		s.confirmed()
		if got := s.status(p.ID); got != product.InReview {
			t.Fatalf("after the deposit it is %s", got)
		}
		s.confirmed() // a reaction runs at least once
		must(s, reviewer, product.Claim, chosen(p.ID))
		if p = must(s, reviewer, product.Decide, approval(p.ID, policy.ImageForm)); p.Status != product.OnShelf || !s.live(p.ID) {
			t.Errorf("approved, it is %s", p.Status)
		}
		if later := s.submitted("api", policy.APIForm); later.Status != product.InReview {
			t.Errorf("a later product is %s", later.Status) // Rule O-7
		}
	})
}

// Rules O-5, O-8, C-3: who is not qualified, or has not signed, creates nothing.
func TestMakeNeedsQualificationAndContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a")
		paper := product.Paper{Content: s.content("image", policy.ImageForm)}
		if _, err := act(s, s.owner, product.Make, paper); !errors.Is(err, fault.Conflict) {
			t.Errorf("before qualification: %v", err)
		}
		s.qualified(t, "image")
		if _, err := act(s, s.owner, product.Make, paper); !errors.Is(err, fault.Conflict) {
			t.Errorf("before the contract: %v", err)
		}
		s.signed(t)
		p := must(s, s.owner, product.Make, paper)
		if _, err := act(s, s.owner, product.Make, product.Paper{Content: s.content("ops", policy.ServiceForm)}); !errors.Is(err, fault.Conflict) {
			t.Errorf("of a category that is not qualified: %v", err)
		}
		if _, err := act(s, s.owner, product.Update, product.Paper{ID: p.ID, Content: s.content("ops", policy.ServiceForm)}); !errors.Is(err, fault.Conflict) {
			t.Errorf("moved to a category that is not qualified: %v", err)
		}
	})
}

func TestDraftIsKeptIncomplete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image", "software")
		p := must(s, s.owner, product.Make, product.Paper{Content: product.Content{Category: "software", Name: " 客服\x00系统\n ", Tags: []string{"", "客服", "客服"}}})
		if p.Content.Name != "客服 系统" || p.Content.Form != policy.SaaSForm || len(p.Content.Tags) != 1 {
			t.Errorf("it is kept as %+v", p.Content) // Rule S-4: the category's first form
		}
		_, err := act(s, s.owner, product.Submit, chosen(p.ID))
		want := []string{"/built_on", "/summary", "/details", "/after_sales", "/pictures", "/plans", "/saas/delivery"}
		if diff := cmp.Diff(want, pointers(err)); diff != "" || !errors.Is(err, fault.Invalid) {
			t.Errorf("submitting it, −want +got:\n%s", diff)
		}
		p = must(s, s.owner, product.Update, product.Paper{ID: p.ID, Content: s.content("software", policy.SaaSForm)})
		if p = must(s, s.owner, product.Submit, chosen(p.ID)); p.Status != product.InReview {
			t.Errorf("complete, it is %s", p.Status)
		}
		if _, err := act(s, s.owner, product.Update, product.Paper{ID: p.ID, Content: p.Content}); !errors.Is(err, fault.Conflict) {
			t.Errorf("editing in review: %v", err)
		}
		big := product.Content{Category: "image", Details: strings.Repeat("云", 200_000)}
		if _, err := act(s, s.owner, product.Make, product.Paper{Content: big}); !errors.Is(err, fault.TooLarge) {
			t.Errorf("600 KB of details: %v", err)
		}
	})
}

func TestSubmitNamesEachWrongField(t *testing.T) {
	pol := policy.Shipped()
	s := &stand{picture: "fil_1", paper: "fil_2", today: calendar.Date(2026, 11, 1)}
	tests := []struct {
		name   string
		form   policy.Form
		change func(*product.Content)
		want   string
	}{
		{"complete image", policy.ImageForm, func(*product.Content) {}, ""},
		{"complete saas", policy.SaaSForm, func(*product.Content) {}, ""},
		{"complete service", policy.ServiceForm, func(*product.Content) {}, ""},
		{"complete api", policy.APIForm, func(*product.Content) {}, ""},
		{"no category", policy.ImageForm, func(c *product.Content) { c.Category = "" }, "/category"},
		{"unknown category, C-2", policy.ImageForm, func(c *product.Content) { c.Category = "books" }, "/category"},
		{"form of another category, S-4", policy.ImageForm, func(c *product.Content) { c.Category = "ops" }, "/form"},
		{"name of 30 characters", policy.APIForm, func(c *product.Content) { c.Name = strings.Repeat("云", 30) }, ""},
		{"name of 31 characters", policy.APIForm, func(c *product.Content) { c.Name = strings.Repeat("云", 31) }, "/name"},
		{"name that baits", policy.APIForm, func(c *product.Content) { c.Name = "天气接口免费使用" }, "/name"},
		{"six tags", policy.APIForm, func(c *product.Content) { c.Tags = []string{"1", "2", "3", "4", "5", "6"} }, "/tags"},
		{"a long tag", policy.APIForm, func(c *product.Content) { c.Tags = []string{"好", strings.Repeat("长", 13)} }, "/tags/1"},
		{"summary of 141", policy.APIForm, func(c *product.Content) { c.Summary = strings.Repeat("简", 141) }, "/summary"},
		{"builds on nothing, E-4", policy.APIForm, func(c *product.Content) { c.BuiltOn = "" }, "/built_on"},
		{"builds on another's, E-4", policy.APIForm, func(c *product.Content) { c.BuiltOn = "other" }, "/built_on"},
		{"own agreement without file", policy.APIForm, func(c *product.Content) { c.Agreement = product.Own }, "/agreement_file"},
		{"an image without document", policy.ImageForm, func(c *product.Content) { c.Document = "" }, "/document"},
		{"an API without document", policy.APIForm, func(c *product.Content) { c.Document = "" }, ""},
		{"no picture", policy.APIForm, func(c *product.Content) { c.Pictures = nil }, "/pictures"},
		{"no plan", policy.APIForm, func(c *product.Content) { c.Plans = nil }, "/plans"},
		{"51 plans", policy.APIForm, func(c *product.Content) { c.Plans = slices.Repeat(c.Plans[:1], 51) }, "/plans"},
		{"the same plan twice", policy.APIForm, func(c *product.Content) { c.Plans = slices.Repeat(c.Plans[:1], 2) }, "/plans/1/name"},
		{"sale above original", policy.APIForm, func(c *product.Content) { c.Plans[1].Sale = money.CNY(9901) }, "/plans/1/sale"},
		{"sale as original", policy.APIForm, func(c *product.Content) { c.Plans[1].Sale = money.CNY(9900) }, ""},
		{"free of charge", policy.APIForm, func(c *product.Content) { c.Plans[1].Sale, c.Plans[1].Original = money.CNY(0), money.CNY(0) }, ""},
		{"below zero", policy.APIForm, func(c *product.Content) { c.Plans[0].Sale = money.CNY(-1) }, "/plans/0/sale"},
		{"dollars", policy.APIForm, func(c *product.Content) { c.Plans[0].Sale.Currency = "USD" }, "/plans/0/sale"},
		{"an API by the month", policy.APIForm, func(c *product.Content) { c.Plans[0].Unit = policy.Month }, "/plans/0/unit"},
		{"a package of none", policy.APIForm, func(c *product.Content) { c.Plans[0].Span = 0 }, "/plans/0/span"},
		{"ten years", policy.SaaSForm, func(c *product.Content) { c.Plans[0].Unit, c.Plans[0].Span = policy.Year, 10 }, ""},
		{"eleven years", policy.SaaSForm, func(c *product.Content) { c.Plans[0].Unit, c.Plans[0].Span = policy.Year, 11 }, "/plans/0/span"},
		{"a span that overflows", policy.SaaSForm, func(c *product.Content) { c.Plans[0].Unit, c.Plans[0].Span = policy.Year, 1<<62 }, "/plans/0/span"},
		{"image without report", policy.ImageForm, func(c *product.Content) { c.Image.Report = "" }, "/image/report"},
		{"image without software", policy.ImageForm, func(c *product.Content) { c.Image.Software = nil }, "/image/software"},
		{"image version of 21", policy.ImageForm, func(c *product.Content) { c.Image.Version = strings.Repeat("1", 21) }, "/image/version"},
		{"saas without notify URL", policy.SaaSForm, func(c *product.Content) { c.SaaS.NotifyURL = "" }, "/saas/notify_url"},
		{"saas by people needs none", policy.SaaSForm, func(c *product.Content) { c.SaaS.Delivery, c.SaaS.NotifyURL = product.Centre, "" }, ""},
		{"notify URL without TLS", policy.SaaSForm, func(c *product.Content) { c.SaaS.NotifyURL = "http://a.example/" }, "/saas/notify_url"},
		{"notify URL with a password", policy.SaaSForm, func(c *product.Content) { c.SaaS.NotifyURL = "https://u:p@a.example/" }, "/saas/notify_url"},
		{"a trial of no days", policy.SaaSForm, func(c *product.Content) { c.SaaS.TrialDays = 0 }, "/saas/trial_days"},
		{"service without days", policy.ServiceForm, func(c *product.Content) { c.Service.Days = 0 }, "/service/days"},
		{"service without requirement", policy.ServiceForm, func(c *product.Content) { c.Service.Requirement = "" }, "/service/requirement"},
		{"API without gateway", policy.APIForm, func(c *product.Content) { c.API.Gateway = "" }, "/api/gateway"},
		{"API without methods", policy.APIForm, func(c *product.Content) { c.API.Methods = "" }, "/api/methods"},
	}
	category := map[policy.Form]policy.CategoryID{policy.ImageForm: "image", policy.SaaSForm: "software", policy.ServiceForm: "ops", policy.APIForm: "api"}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := s.content(category[tt.form], tt.form)
			tt.change(&c)
			var got []string
			for _, f := range c.Lacking(pol) {
				if !slices.Contains(got, f.Pointer) {
					got = append(got, f.Pointer)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("lacks %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFilesMustBeTheVendorsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, other := open(t, d, "ven_a").trading(t, "image"), open(t, d, "ven_b")
		licence := ""
		s.write(func(tx *db.Tx) error { licence = s.keep(tx, file.Licence, file.PDF); return nil })
		c := s.content("image", policy.ImageForm)
		c.Pictures = []string{s.picture, other.picture, s.paper, "fil_none"}
		c.Document, c.Image.Report = other.paper, licence
		_, err := act(s, s.owner, product.Make, product.Paper{Content: c})
		want := []string{"/document", "/image/report", "/pictures/1", "/pictures/2", "/pictures/3"}
		if diff := cmp.Diff(want, pointers(err)); diff != "" {
			t.Errorf("%v: −want +got\n%s", err, diff)
		}
	})
}

func TestOthersSeeAndTouchNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		other := open(t, d, "ven_b")
		p := s.onShelf("image", policy.ImageForm)
		support := s.owner
		support.Roles = []access.Role{access.Support}
		acts := map[string]func(by access.Actor) error{
			"update":    func(by access.Actor) error { _, err := act(s, by, product.Update, product.Paper{ID: p.ID}); return err },
			"submit":    func(by access.Actor) error { _, err := act(s, by, product.Submit, chosen(p.ID)); return err },
			"take back": func(by access.Actor) error { _, err := act(s, by, product.TakeBack, chosen(p.ID)); return err },
			"unshelve":  func(by access.Actor) error { _, err := act(s, by, product.Unshelve, chosen(p.ID)); return err },
			"shelve":    func(by access.Actor) error { _, err := act(s, by, product.Shelve, chosen(p.ID)); return err },
		}
		for name, do := range acts {
			for _, tt := range []struct {
				by   access.Actor
				want fault.Kind
			}{{other.owner, fault.NotFound}, {access.Actor{}, fault.Unauthenticated}, {support, fault.Forbidden}, {reviewer, fault.NotFound}} {
				if err := do(tt.by); !errors.Is(err, tt.want) {
					t.Errorf("%s by %s: %v, want %s", name, tt.by.ID, err, tt.want)
				}
			}
		}
		for name, op := range map[string]func(context.Context, *db.Tx, access.Actor, product.Chosen) (product.Product, error){"claim": product.Claim, "release": product.Release} {
			for _, by := range []access.Actor{s.owner, auditor} {
				if _, err := act(s, by, op, chosen(p.ID)); !errors.Is(err, fault.Forbidden) {
					t.Errorf("%s by %s: %v", name, by.ID, err)
				}
			}
		}
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			if _, err := product.Get(context.Background(), tx, other.owner, chosen(p.ID)); !errors.Is(err, fault.NotFound) {
				t.Errorf("another company reads it: %v", err)
			}
			if all, err := product.List(context.Background(), tx, other.owner, product.Filter{VendorID: "ven_a"}); err != nil || len(all) != 0 {
				t.Errorf("another company lists %d, %v", len(all), err)
			}
			if all, err := product.List(context.Background(), tx, support, product.Filter{}); err != nil || len(all) != 1 || all[0].VendorName == "" {
				t.Errorf("its own people list %d, %v", len(all), err)
			}
			if all, err := product.List(context.Background(), tx, auditor, product.Filter{Name: "lnmp 运行"}); err != nil || len(all) != 1 {
				t.Errorf("staff list %d, %v", len(all), err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Rule S-1: a rejection gives a verdict and a reason per check.
func TestReviewGivesAVerdictPerCheck(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.submitted("image", policy.ImageForm)
		if _, err := act(s, reviewer, product.Decide, approval(p.ID, policy.ImageForm)); !errors.Is(err, fault.Conflict) {
			t.Errorf("deciding without a claim: %v", err)
		}
		must(s, reviewer, product.Claim, chosen(p.ID))
		if _, err := act(s, colleague, product.Claim, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("claiming what another has: %v", err)
		}
		if _, err := act(s, colleague, product.Decide, approval(p.ID, policy.ImageForm)); !errors.Is(err, fault.Conflict) {
			t.Errorf("deciding what another has: %v", err)
		}
		refused := []struct {
			name   string
			change func(*product.Decision)
			want   string
		}{
			{"no outcome", func(d *product.Decision) { d.Outcome = "" }, "/outcome"},
			{"a check left out", func(d *product.Decision) { d.Verdicts = d.Verdicts[1:] }, "/outcome"},
			{"approved against a verdict", func(d *product.Decision) { d.Verdicts[2].Finding, d.Verdicts[2].Reason = product.NotMet, "有外链" }, "/outcome"},
			{"rejected for nothing", func(d *product.Decision) { d.Outcome = product.Reject }, "/outcome"},
			{"not met without reason", func(d *product.Decision) { d.Outcome, d.Verdicts[0].Finding = product.Reject, product.NotMet }, "/verdicts/0/reason"},
			{"a check of another form", func(d *product.Decision) { d.Verdicts[0].Check = "api-doc" }, "/verdicts/0/check /outcome"},
			{"a check twice", func(d *product.Decision) { d.Verdicts[1].Check = d.Verdicts[0].Check }, "/verdicts/1/check /outcome"},
			{"a long reason", func(d *product.Decision) { d.Verdicts[0].Reason = strings.Repeat("长", 501) }, "/verdicts/0/reason"},
		}
		for _, tt := range refused {
			in := approval(p.ID, policy.ImageForm)
			tt.change(&in)
			_, err := act(s, reviewer, product.Decide, in)
			if got := strings.Join(pointers(err), " "); got != tt.want || !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v at %q, want %q", tt.name, err, got, tt.want)
			}
		}
		in := product.Decision{ID: p.ID, Outcome: product.Reject, Note: "第二次", Verdicts: []product.Verdict{{Check: "as-described", Finding: product.Met}, {Check: "lawful", Finding: product.NotMet, Reason: "文案含“最”字"}}}
		if p = must(s, reviewer, product.Decide, in); p.Status != product.Rejected || p.Holder != "" {
			t.Errorf("rejected, it is %+v", p)
		}
		var folder, office product.Folder
		err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
			if folder, err = product.Open(context.Background(), tx, s.owner, chosen(p.ID)); err == nil {
				office, err = product.Open(context.Background(), tx, auditor, chosen(p.ID))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(folder.Reviews) != 1 || len(folder.Reviews[0].Verdicts) != 2 || folder.Reviews[0].Note != "" || folder.Reviews[0].DecidedBy != "" {
			t.Errorf("the vendor sees %+v", folder.Reviews)
		}
		if office.Reviews[0].Note != "第二次" || office.Reviews[0].DecidedBy != reviewer.ID {
			t.Errorf("staff see %+v", office.Reviews)
		}
		must(s, s.owner, product.Update, product.Paper{ID: p.ID, Content: p.Content})
		if p = must(s, s.owner, product.Submit, chosen(p.ID)); p.Status != product.InReview || p.Holder != "" {
			t.Errorf("again submitted, it is %s", p.Status)
		}
		must(s, colleague, product.Claim, chosen(p.ID))
		must(s, colleague, product.Release, chosen(p.ID))
		if p = must(s, s.owner, product.TakeBack, chosen(p.ID)); p.Status != product.Draft || !p.QueuedAt.IsZero() {
			t.Errorf("taken back, it is %+v", p)
		}
	})
}

// Rule S-1: what the operator takes off does not come back without a review.
func TestTakeOffNeedsAReasonAndAReview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		if _, err := act(s, reviewer, product.ForceOff, product.Removal{ID: p.ID, Reason: " "}); strings.Join(pointers(err), "") != "/reason" {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := act(s, s.owner, product.ForceOff, product.Removal{ID: p.ID, Reason: "x"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("by the vendor: %v", err)
		}
		p = must(s, reviewer, product.ForceOff, product.Removal{ID: p.ID, Reason: "镜像含恶意软件"})
		if p.Status != product.TakenOff || s.live(p.ID) || p.OffReason != "镜像含恶意软件" {
			t.Errorf("taken off: %+v", p)
		}
		if _, err := act(s, s.owner, product.Shelve, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("put back by the vendor: %v", err)
		}
		if p = must(s, s.owner, product.Submit, chosen(p.ID)); p.Status != product.InReview || p.OffReason != "" {
			t.Errorf("submitted again: %+v", p)
		}
	})
}

// Rule O-8: approval while a gate is not met leaves the product approved; it goes
// on the shelf when the gate is met.
func TestApprovedWaitsForItsGates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").qualified(t, "image").signed(t)
		s.write(func(tx *db.Tx) error {
			pol := policy.Shipped()
			pol.ReviewWaiting = true
			return policy.Set(context.Background(), tx, access.CommandActor("test"), pol, tx.Now())
		})
		p := s.onShelf("image", policy.ImageForm)
		if p.Status != product.Approved || s.live(p.ID) {
			t.Fatalf("without the deposit it is %s", p.Status)
		}
		if _, err := act(s, s.owner, product.Shelve, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("shelving without the deposit: %v", err)
		}
		s.covered(t)
		s.confirmed()
		if got := s.status(p.ID); got != product.OnShelf || !s.live(p.ID) {
			t.Errorf("after the deposit it is %s", got)
		}
	})
}

// Two at once: of every pair of acts exactly one wins, and shelf and status agree.
func TestActsAtOnceLeaveShelfAndStatusInAgreement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		must(s, s.owner, product.Unshelve, chosen(p.ID))
		for range 5 {
			results := make([]error, 6)
			var wg sync.WaitGroup
			for i := range results {
				wg.Add(1)
				go func() {
					defer wg.Done()
					if i%2 == 0 {
						_, results[i] = act(s, s.owner, product.Shelve, chosen(p.ID))
						return
					}
					_, results[i] = act(s, s.owner, product.Unshelve, chosen(p.ID))
				}()
			}
			wg.Wait()
			for _, err := range results {
				if err != nil && !errors.Is(err, fault.Conflict) {
					t.Fatal(err)
				}
			}
			if got := s.status(p.ID); (got == product.OnShelf) != s.live(p.ID) {
				t.Fatalf("status %s, on the shelf %v", got, s.live(p.ID))
			}
		}
		must2 := func(err error) {
			if err != nil && !errors.Is(err, fault.Conflict) {
				t.Fatal(err)
			}
		}
		q := s.submitted("image", policy.ImageForm)
		var wg sync.WaitGroup
		claims := make([]error, 2)
		for i, by := range []access.Actor{reviewer, colleague} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, claims[i] = act(s, by, product.Claim, chosen(q.ID))
			}()
		}
		wg.Wait()
		must2(claims[0])
		must2(claims[1])
		if (claims[0] == nil) == (claims[1] == nil) {
			t.Errorf("two claims at once: %v, %v", claims[0], claims[1])
		}
	})
}

func TestQueueIsInTheOrderOfWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		first := s.submitted("image", policy.ImageForm)
		dbtest.Advance(d, 3600e9)
		second := s.submitted("image", policy.ImageForm)
		must(s, s.owner, product.TakeBack, chosen(first.ID))
		dbtest.Advance(d, 3600e9)
		must(s, s.owner, product.Submit, chosen(first.ID))
		must(s, reviewer, product.Claim, chosen(second.ID))
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			var got []string
			f := product.Filter{Queue: true, Limit: 1}
			for {
				all, err := product.List(context.Background(), tx, reviewer, f)
				if err != nil {
					return err
				}
				if len(all) == 0 {
					break
				}
				if want := all[0].QueuedAt.Add(72 * 3600e9); all[0].PromisedBy != want {
					t.Errorf("promised by %s, want %s", all[0].PromisedBy, want)
				}
				got, f.After = append(got, all[0].ID), all[0].ID
			}
			if diff := cmp.Diff([]string{second.ID, first.ID}, got); diff != "" {
				t.Errorf("−want +got\n%s", diff)
			}
			n, since, err := product.Queue(context.Background(), tx, auditor)
			if err != nil || n != 2 || !since.Equal(dbtest.Start.Add(3600e9)) {
				t.Errorf("the queue holds %d since %s, %v", n, since, err)
			}
			counts, err := product.Counts(context.Background(), tx, s.owner)
			if err != nil || counts[product.InReview] != 2 {
				t.Errorf("counts are %v, %v", counts, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRejectsUnknownIDs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		if _, err := act(s, s.owner, product.Submit, chosen("prd_none")); !errors.Is(err, fault.NotFound) {
			t.Errorf("submit: %v", err)
		}
		if _, err := act(s, reviewer, product.Claim, chosen("prd_none")); !errors.Is(err, fault.NotFound) {
			t.Errorf("claim: %v", err)
		}
	})
}
