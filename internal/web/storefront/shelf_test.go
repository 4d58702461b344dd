package storefront_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// fill puts n products of every form on the shelf, with one shop.
func fill(t *testing.T, d *db.DB, n int) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		span := []calendar.Span{{From: 540, To: 1080}}
		err := catalog.PutShop(context.Background(), tx, catalog.Shop{VendorID: "ven_1", Name: "云帆科技", Company: "杭州云帆科技有限公司", Intro: "十年运维", Phone: "400-800-1234", Mail: "a@example.com",
			Hours: calendar.Week{Mon: span, Tue: span, Wed: span, Thu: span, Fri: span}})
		if err != nil {
			return err
		}
		return catalog.Load(context.Background(), tx, shelf(n))
	})
}

func shelf(n int) []catalog.Shelf {
	kinds := []catalog.Shelf{
		{Card: catalog.Card{Category: "image", Form: policy.ImageForm, Unit: policy.Month, Span: 1}, Body: catalog.Body{Image: &catalog.Image{Version: "v1", OS: "Debian", Software: []string{"Nginx"}, Machine: "2 核"}}},
		{Card: catalog.Card{Category: "software", Form: policy.SaaSForm, Unit: policy.Year, Span: 2}, Body: catalog.Body{SaaS: &catalog.SaaS{Automatic: true, Trial: true, TrialDays: 1}}},
		{Card: catalog.Card{Category: "ops", Form: policy.ServiceForm, Unit: policy.Times, Span: 1}, Body: catalog.Body{Service: &catalog.Service{Days: 3, Requirement: "系统版本", VendorDoes: true}}},
		{Card: catalog.Card{Category: "api", Form: policy.APIForm, Unit: policy.Times, Span: 1000}, Body: catalog.Body{API: &catalog.API{Methods: "<p>GET /v1</p>", TestFirst: true}}},
		{Card: catalog.Card{Category: "nobody-knows", Form: policy.SaaSForm, Unit: policy.Day, Span: 7}, Body: catalog.Body{SaaS: &catalog.SaaS{}}},
	}
	all := make([]catalog.Shelf, n)
	for i := range all {
		s := kinds[i%len(kinds)]
		s.ID, s.Name, s.Summary = fmt.Sprintf("prd_%d", i), fmt.Sprintf("商品 %d </script><b>", i), "用于<测试>的商品"
		s.VendorID, s.VendorName, s.Tags = "ven_1", "云帆科技", []string{"测试&标签"}
		s.Price, s.Was, s.Offers = money.CNY(int64(i)*1000), money.CNY(int64(i)*1250), 2
		s.BuiltOn, s.Details, s.AfterSales = "server", "<p>说明</p>", "在线支持"
		s.Plans = []catalog.Plan{{Name: "标准版", Unit: s.Unit, Span: s.Span, Price: s.Price, Was: s.Was}, {Name: "专业版", Unit: policy.Month, Span: 12, Price: money.CNY(9_999_900), Was: money.CNY(9_999_900)}}
		all[i] = s
	}
	return all
}

func TestEveryPageOfTheShopInBothLanguages(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newRooms(t, d)
	paths := []string{"/", "/products", "/products?q=没有", "/products?category=api&form=api&from=1&to=2&sort=price", "/categories/image", "/products?from=x&to=-5&sort=wrong&cursor=bad"}
	for _, lang := range []string{"zh-CN", "en"} {
		reader := w.visitor(lang)
		for _, p := range paths {
			reader.get(p)
		}
	}
	fill(t, d, 130)
	for _, lang := range []string{"zh-CN", "en"} {
		reader := w.visitor(lang)
		paths := append([]string{"/vendors/ven_1", "/products?q=商品+标签", "/products?q=商品+不存在"}, paths...)
		for i := range 5 {
			paths = append(paths, fmt.Sprintf("/products/prd_%d", i))
		}
		for _, p := range paths {
			page := reader.get(p)
			if strings.Contains(page, "</script><b>") || strings.Contains(page, "用于<测试>") {
				t.Errorf("%s: a vendor's text is not escaped", p)
			}
			if n := strings.Count(page, "<h1"); n != 1 {
				t.Errorf("%s has %d headings of the first level", p, n)
			}
		}
	}
}

func TestListKeepsItsFiltersInTheAddress(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 130)
	zh := newRooms(t, d).visitor("zh-CN")
	page := zh.get("/products?category=image&from=100&sort=price-down")
	says(t, page, "共 24 件商品", "清除筛选")
	if !strings.Contains(page, "/products?category=ops&amp;from=100&amp;sort=price-down") {
		t.Error("another category does not keep the other filters")
	}
	page = zh.get("/products")
	says(t, page, "共 130 件商品", "下一页")
	next := page[strings.Index(page, "/products?cursor="):]
	page = zh.get(next[:strings.Index(next, `"`)])
	says(t, page, "回到首页")
	page = zh.get("/products?to=0")
	says(t, page, "共 1 件商品")
	says(t, zh.get("/products?q=商品+标签"), "搜索结果", "相关度")
	silent(t, zh.get("/products"), "相关度")
}

func TestVisitorsKeepPagesUntilTheShelfChanges(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 3)
	w := newRooms(t, d)
	zh := w.visitor("zh-CN")
	for _, path := range []string{"/", "/products", "/products/prd_1", "/vendors/ven_1", "/categories/image"} {
		res, _ := zh.do("GET", path, "", nil)
		tag := res.Header.Get("ETag")
		if tag == "" {
			t.Fatalf("%s has no ETag", path)
		}
		zh.header.Set("If-None-Match", tag)
		if res, _ := zh.do("GET", path, "", nil); res.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", path, res.StatusCode)
		}
		en := w.visitor("en")
		en.header.Set("If-None-Match", tag)
		if res, _ := en.do("GET", path, "", nil); res.StatusCode != http.StatusOK {
			t.Errorf("%s in the other language: %d", path, res.StatusCode)
		}
		fill(t, d, 3)
		if res, _ := zh.do("GET", path, "", nil); res.StatusCode != http.StatusOK {
			t.Errorf("%s after a change: %d", path, res.StatusCode)
		}
		zh.header.Del("If-None-Match")
	}
}

func TestSearchEnginesFindTheirWay(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d, 3)
	zh := newRooms(t, d).visitor("zh-CN")
	for path, want := range map[string]string{
		"/robots.txt": "Sitemap: https://market.example/sitemap.xml", "/sitemap.xml": "https://market.example/sitemaps/products-0.xml",
		"/sitemaps/products-0.xml": "https://market.example/products/prd_2", "/sitemaps/pages.xml": "https://market.example/vendors/ven_1",
	} {
		if _, body := zh.do("GET", path, "", nil); !strings.Contains(body, want) {
			t.Errorf("%s does not name %s:\n%s", path, want, body)
		}
	}
	for _, path := range []string{"/sitemaps/products-x.xml", "/sitemaps/products--1.xml", "/covers/image-9.svg", "/covers/x-1.svg", "/covers/image", "/categories/none", "/vendors/none", "/products/none"} {
		if res, _ := zh.do("GET", path, "", nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	for _, name := range []string{"image-0", "ops-7", "other-3"} {
		if res, body := zh.do("GET", "/covers/"+name+".svg", "", nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "<svg") {
			t.Errorf("cover %s: %d", name, res.StatusCode)
		}
	}
	page := zh.get("/products/prd_1")
	_, after, _ := strings.Cut(page, `<script type="application/ld+json">`)
	data, _, found := strings.Cut(after, "</script>")
	var ld []map[string]any
	if err := json.Unmarshal([]byte(data), &ld); err != nil || !found || len(ld) != 2 || ld[0]["name"] != "商品 1 </script><b>" {
		t.Errorf("linked data: %v, %v", ld, err)
	}
	if !strings.Contains(zh.get("/products?q=商品"), `content="noindex"`) {
		t.Error("a search is offered to search engines")
	}
	if strings.Contains(page, `content="noindex"`) {
		t.Error("a product is kept from search engines")
	}
}

// The page of an image whose security report no longer holds says so from the day
// after its end on; that of another form, or of a report that holds, does not.
func TestExpiredSecurityReportIsShown(t *testing.T) {
	d := dbtest.SQLite(t)
	rules := policy.Shipped()
	today := rules.Today(d.Clock().Now())
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		all := shelf(3)
		for i, days := range []int{rules.Reports.MaxDays + 1, rules.Reports.MaxDays} {
			x := all[0]
			x.ID, x.Image = fmt.Sprintf("prd_scan_%d", i), &catalog.Image{Version: "v1", OS: "Debian", ScannedOn: today.AddDays(-days)}
			all = append(all, x)
		}
		return catalog.Load(context.Background(), tx, all)
	})
	w := newRooms(t, d)
	zh, en := w.visitor("zh-CN"), w.visitor("en")
	until := today.AddDays(-1)
	says(t, zh.get("/products/prd_scan_0"), "安全检测报告已过期", "有效期至 "+until.In(text.ZH), "安全检测日期")
	says(t, en.get("/products/prd_scan_0"), "Its security report has expired", "held until "+until.In(text.EN), "Security scan")
	for _, id := range []string{"prd_scan_1", "prd_0", "prd_1"} {
		silent(t, zh.get("/products/"+id), "安全检测报告已过期")
	}
}
