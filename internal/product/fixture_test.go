package product_test

import (
	"context"
	"errors"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

var (
	reviewer  = access.Actor{Kind: access.Staff, ID: "acc_reviewer", Roles: []access.Role{access.ProductReviewer}}
	colleague = access.Actor{Kind: access.Staff, ID: "acc_colleague", Roles: []access.Role{access.ProductReviewer}}
	auditor   = access.Actor{Kind: access.Staff, ID: "acc_auditor", Roles: []access.Role{access.Auditor}}
)

// stand is a vendor with what its products need.
type stand struct {
	t       testing.TB
	d       *db.DB
	owner   access.Actor
	company string
	picture string
	today   calendar.Day
	paper   string
}

func (s *stand) write(do func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.d.Write(context.Background(), do); err != nil {
		s.t.Fatal(err)
	}
}

// open makes a vendor in the database with the files of its products.
func open(t testing.TB, d *db.DB, id string) *stand {
	t.Helper()
	s := &stand{t: t, d: d, company: "杭州云帆科技有限公司" + id, owner: access.Actor{Kind: access.Member, ID: "acc_" + id, VendorID: id, Roles: []access.Role{access.Owner}}}
	ctx := context.Background()
	s.today = policy.Shipped().Today(d.Clock().Now())
	s.write(func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO vendor (id, made_by, made_at) VALUES ($1, $2, $3)`, id, s.owner.ID, tx.Now()); err != nil {
			return err
		}
		err := vendor.Update(ctx, tx, access.Actor{Kind: access.Staff, ID: "acc_r", Roles: []access.Role{access.Reviewer}}, id,
			vendor.Company{Name: "杭州云帆科技有限公司" + id, ShopName: "云帆科技", Intro: "专注云上运行环境", ServicePhone: "400-800-1234", ServiceMail: "help@yunfan.example"})
		if err != nil {
			return err
		}
		s.picture = s.keep(tx, file.ProductPicture, file.PNG)
		s.paper = s.keep(tx, file.ProductPaper, file.PDF)
		return nil
	})
	return s
}

func (s *stand) keep(tx *db.Tx, purpose file.Purpose, kind string) string {
	s.t.Helper()
	f, err := file.Keep(context.Background(), tx, s.owner, file.Upload{Name: "x", Type: kind, Size: 3, SHA256: "abc"}, s.owner.VendorID, purpose)
	if err != nil {
		s.t.Fatal(err)
	}
	return f.ID
}

// content is complete, of one form.
func (s *stand) content(category policy.CategoryID, form policy.Form) product.Content {
	c := product.Content{
		Category: category, Form: form, Name: "LNMP 运行环境", Tags: []string{"PHP", "建站"}, Summary: "开箱即用的 PHP 环境",
		Details: "# 功能\n- Nginx\n- MySQL", AfterSales: "工作日 9:00–18:00 在线支持", BuiltOn: "server", Agreement: product.Standard,
		Document: s.paper, Pictures: []string{s.picture},
		Plans: []product.Plan{
			{Name: "旗舰版", Unit: policy.Times, Span: 100, Original: money.CNY(20000), Sale: money.CNY(18000)},
			{Name: "标准版", Unit: policy.Times, Span: 10, Original: money.CNY(9900), Sale: money.CNY(8800)},
		},
	}
	switch form {
	case policy.ImageForm:
		c.Image = product.Image{Version: "v1.2.1", OS: "Debian 12", Software: []string{"Nginx", "MySQL 8"}, Machine: "2 核 4 GB", Report: s.paper, Scanner: "云镜主机安全", ScannedOn: s.today}
	case policy.SaaSForm:
		c.SaaS = product.SaaS{Delivery: product.Automatic, NotifyURL: "https://saas.example.com/notify", Trial: true, TrialDays: 7}
	case policy.ServiceForm:
		c.Service = product.Service{Days: 5, Requirement: "请写明服务器数量与系统版本", VendorDoes: true, BuyerConfirms: true}
	case policy.APIForm:
		c.API = product.API{Gateway: "https://api.example.com/v1", Methods: "GET /weather", TestFirst: true}
	}
	return c
}

// act runs an operation in its own transaction.
func act[I, O any](s *stand, by access.Actor, op func(context.Context, *db.Tx, access.Actor, I) (O, error), in I) (O, error) {
	var p O
	err := s.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		p, err = op(context.Background(), tx, by, in)
		return err
	})
	return p, err
}

// must is act that must succeed.
func must[I, O any](s *stand, by access.Actor, op func(context.Context, *db.Tx, access.Actor, I) (O, error), in I) O {
	s.t.Helper()
	p, err := act(s, by, op, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// chosen names a product by its id.
func chosen(id string) product.Chosen { return product.Chosen{ID: id} }

// approval says that every check of a form is met.
func approval(id string, form policy.Form) product.Decision {
	d := product.Decision{ID: id, Outcome: product.Approve}
	for _, c := range policy.Shipped().ChecksFor(form) {
		d.Verdicts = append(d.Verdicts, product.Verdict{Check: c.ID, Finding: product.Met})
	}
	return d
}

// submitted makes a complete product and submits it.
func (s *stand) submitted(category policy.CategoryID, form policy.Form) product.Product {
	s.t.Helper()
	p := must(s, s.owner, product.Make, product.Paper{Content: s.content(category, form)})
	return must(s, s.owner, product.Submit, chosen(p.ID))
}

// onShelf brings a product through the review.
func (s *stand) onShelf(category policy.CategoryID, form policy.Form) product.Product {
	s.t.Helper()
	p := s.submitted(category, form)
	must(s, reviewer, product.Claim, chosen(p.ID))
	return must(s, reviewer, product.Decide, approval(p.ID, form))
}

// confirmed lets happen what a confirmed deposit makes happen.
func (s *stand) confirmed() {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		return product.ReviewWaiting(context.Background(), tx, access.SystemActor("deposit.confirmed"), event.Ref{VendorID: s.owner.VendorID})
	})
}

func (s *stand) status(id string) product.Status {
	s.t.Helper()
	var p product.Product
	err := s.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		p, err = product.Load(context.Background(), tx, id)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.Status
}

// live reports whether buyers see the product.
func (s *stand) live(id string) bool {
	s.t.Helper()
	_, err := catalog.New(s.d).Product(context.Background(), id)
	if err != nil && !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Gone) {
		s.t.Fatal(err)
	}
	return err == nil
}

// pointers are the fields of an error.
func pointers(err error) []string {
	var f *fault.Error
	var out []string
	if errors.As(err, &f) {
		for _, x := range f.Fields {
			out = append(out, x.Pointer)
		}
	}
	return out
}
