package api_test

import (
	"bytes"
	"image"
	encode "image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/client"
	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

func smallPicture() *bytes.Buffer {
	var b bytes.Buffer
	if err := encode.Encode(&b, image.NewRGBA(image.Rect(0, 0, 32, 18))); err != nil {
		panic(err)
	}
	return &b
}

// From the draft to the shelf, by our own client alone. Rules O-5, O-7, O-8, S-1, S-3.
func TestProductByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := world.Open(t, d)
		owner, v := underContract(t, w, "zhou", "13800138001", "software")
		shop := as(t, w, owner)
		staff, auditor := as(t, w, w.Staff("li", access.ProductReviewer)), as(t, w, w.Staff("sun", access.Auditor))
		buyer := client.New(w.URL, client.WithLanguage("en"))

		_, err := shop.MakeProduct(ctx, client.ProductPaper{Category: "api", Name: "Weather"})
		if p := refused(t, err, http.StatusConflict); len(p.Errors) != 1 || p.Errors[0].Pointer != "/onboarding/qualified" || p.Errors[0].Mend == "" {
			t.Errorf("a category not qualified: %+v", p)
		}
		p, err := shop.MakeProduct(ctx, client.ProductPaper{Category: "software", Name: "云客服"})
		if err != nil || p.Status != "draft" || p.Form != "saas" {
			t.Fatalf("made %+v, %v", p, err)
		}
		_, err = shop.SubmitProduct(ctx, p.ID)
		if f := refused(t, err, http.StatusUnprocessableEntity); len(f.Errors) < 6 {
			t.Errorf("submitting it incomplete: %+v", f)
		}
		folder, err := shop.GetProduct(ctx, p.ID)
		if err != nil || len(folder.Missing) < 8 || folder.Missing[0].Pointer != "/built_on" || folder.Missing[0].Rule != "E-4" || folder.Missing[len(folder.Missing)-2].Pointer != "/onboarding/deposit" {
			t.Fatalf("what is missing: %+v, %v", folder.Missing, err)
		}

		picture, err := shop.Upload(ctx, "product-picture", "封面.png", smallPicture())
		if err != nil {
			t.Fatal(err)
		}
		paper := client.ProductPaper{Category: "software", Form: "saas", Name: "云客服", Tags: []string{"客服"}, Summary: "工单与在线客服", Details: "# 功能\n<script>x</script>", AfterSales: "工作日支持",
			BuiltOn: "server", Agreement: "standard", Pictures: []string{picture.ID}, SaaS: client.ProductSaaS{Delivery: "centre"},
			Plans: []client.ProductPlan{{Name: "标准版", Unit: "month", Span: 1, Original: client.AmountShape{Fen: 9900}, Sale: client.AmountShape{Fen: 9901}}}}
		if _, err = shop.UpdateProduct(ctx, p.ID, paper); err != nil {
			t.Fatal(err)
		}
		_, err = shop.SubmitProduct(ctx, p.ID)
		if f := refused(t, err, http.StatusUnprocessableEntity); len(f.Errors) != 1 || f.Errors[0].Pointer != "/plans/0/sale" {
			t.Errorf("a sale price above the original: %+v", f)
		}
		paper.Plans[0].Sale.Fen = 8800
		if _, err = shop.UpdateProduct(ctx, p.ID, paper); err != nil {
			t.Fatal(err)
		}
		preview, err := shop.PreviewProduct(ctx, p.ID)
		if err != nil || preview.Card.Price.Fen != 8800 || strings.Contains(preview.Details, "script") {
			t.Errorf("preview %+v, %v", preview, err)
		}
		if p, err = shop.SubmitProduct(ctx, p.ID); err != nil || p.Status != "waiting" {
			t.Fatalf("without the deposit it is %q, %v", p.Status, err)
		}
		_, err = staff.ClaimProduct(ctx, p.ID)
		refused(t, err, http.StatusConflict)

		yunshitest.Pay(t, d, v, 500000)
		w.Drain()
		queue, err := staff.ListOperatorProducts(ctx, client.ListOperatorProductsQuery{Queue: true})
		if err != nil || len(queue.Items) != 1 || queue.Items[0].ID != p.ID || queue.Items[0].PromisedBy.IsZero() {
			t.Fatalf("the queue %+v, %v", queue, err)
		}
		_, err = auditor.ClaimProduct(ctx, p.ID)
		refused(t, err, http.StatusForbidden)
		_, err = shop.ClaimProduct(ctx, p.ID)
		refused(t, err, http.StatusForbidden)
		if _, err = staff.ClaimProduct(ctx, p.ID); err != nil {
			t.Fatal(err)
		}
		folder, err = staff.GetOperatorProduct(ctx, p.ID)
		if err != nil || len(folder.Checks) == 0 {
			t.Fatalf("for the review: %+v, %v", folder, err)
		}
		decision := client.ProductDecision{Outcome: "approve", Note: "看过演示"}
		for _, c := range folder.Checks {
			decision.Verdicts = append(decision.Verdicts, client.ProductVerdict{Check: c.ID, Finding: "met"})
		}
		half := decision
		half.Verdicts = half.Verdicts[1:]
		_, err = staff.ReviewProduct(ctx, p.ID, half)
		if f := refused(t, err, http.StatusUnprocessableEntity); f.Errors[0].Pointer != "/outcome" || f.Errors[0].Rule != "S-1" {
			t.Errorf("a check left out: %+v", f)
		}
		if p, err = staff.ReviewProduct(ctx, p.ID, decision); err != nil || p.Status != "on_shelf" {
			t.Fatalf("approved it is %q, %v", p.Status, err)
		}
		if folder, err = shop.GetProduct(ctx, p.ID); err != nil || len(folder.Missing) != 0 || len(folder.Reviews) != 1 || folder.Reviews[0].Note != "" {
			t.Errorf("the vendor sees %+v, %v", folder, err)
		}

		found, err := buyer.FindProducts(ctx, client.FindProductsQuery{Q: "雲客服", Category: "software"})
		if err != nil || found.Total != 1 || found.Items[0].Price.Fen != 8800 || found.Categories["software"] != 1 {
			t.Errorf("found %+v, %v", found, err)
		}
		shown, err := buyer.GetCatalogProduct(ctx, p.ID)
		if err != nil || len(shown.Plans) != 1 || len(shown.Pictures) != 1 {
			t.Errorf("shown %+v, %v", shown, err)
		}
		if s, err := buyer.GetShop(ctx, v.ID); err != nil || s.Products != 1 {
			t.Errorf("the shop %+v, %v", s, err)
		}
		if all, err := buyer.ListCategories(ctx); err != nil || len(all.Items) != 5 {
			t.Errorf("categories %+v, %v", all, err)
		}
		_, err = buyer.ListProducts(ctx, client.ListProductsQuery{})
		refused(t, err, http.StatusUnauthorized)
		_, err = buyer.FindProducts(ctx, client.FindProductsQuery{Cursor: "x"})
		refused(t, err, http.StatusUnprocessableEntity)

		if p, err = shop.UnshelveProduct(ctx, p.ID); err != nil || p.Status != "off_shelf" {
			t.Errorf("off the shelf %q, %v", p.Status, err)
		}
		_, err = buyer.GetCatalogProduct(ctx, p.ID)
		refused(t, err, http.StatusGone)
		if p, err = shop.ShelveProduct(ctx, p.ID); err != nil || p.Status != "on_shelf" {
			t.Errorf("back on the shelf %q, %v", p.Status, err)
		}
		_, err = staff.TakeOffProduct(ctx, p.ID, client.ProductRemoval{})
		refused(t, err, http.StatusUnprocessableEntity)
		if p, err = staff.TakeOffProduct(ctx, p.ID, client.ProductRemoval{Reason: "与描述不符"}); err != nil || p.Status != "taken_off" {
			t.Errorf("taken off %q, %v", p.Status, err)
		}
		_, err = shop.ShelveProduct(ctx, p.ID)
		refused(t, err, http.StatusConflict)
	})
}
