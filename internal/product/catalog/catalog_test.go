package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// goods makes a product with what tests look at.
func goods(id, name string, change ...func(*catalog.Shelf)) catalog.Shelf {
	s := catalog.Shelf{Card: catalog.Card{
		ID: id, Name: name, Summary: "用于测试的商品", VendorID: "ven_1", VendorName: "云帆科技", Category: "image", Form: policy.ImageForm,
		Tags: []string{"运行环境"}, Price: money.CNY(9900), Was: money.CNY(12900), Unit: policy.Month, Span: 1, Offers: 1,
	}, Body: catalog.Body{Details: "<p>说明</p>", Plans: []catalog.Plan{{Name: "标准版", Unit: policy.Month, Span: 1, Was: money.CNY(12900), Price: money.CNY(9900)}}}}
	for _, c := range change {
		c(&s)
	}
	return s
}

func in(category policy.CategoryID, form policy.Form) func(*catalog.Shelf) {
	return func(s *catalog.Shelf) { s.Category, s.Form = category, form }
}

func of(vendor, name string) func(*catalog.Shelf) {
	return func(s *catalog.Shelf) { s.VendorID, s.VendorName = vendor, name }
}

func at(fen int64) func(*catalog.Shelf) {
	return func(s *catalog.Shelf) { s.Price, s.Was = money.CNY(fen), money.CNY(fen) }
}

func load(t testing.TB, d *db.DB, all ...catalog.Shelf) {
	t.Helper()
	if err := d.Write(context.Background(), func(tx *db.Tx) error { return catalog.Load(context.Background(), tx, all) }); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, d *db.DB, id string) {
	t.Helper()
	if err := d.Write(context.Background(), func(tx *db.Tx) error { return catalog.Remove(context.Background(), tx, id) }); err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, c *catalog.Catalog, q catalog.Query) catalog.Page {
	t.Helper()
	p, err := c.Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ids(cards []catalog.Card) string {
	var all []string
	for _, c := range cards {
		all = append(all, c.ID)
	}
	return strings.Join(all, " ")
}

func TestSearchFindsTheSameOnBothDatabases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		load(t, d,
			goods("a", "LNMP 运行环境镜像"),
			goods("b", "WordPress 建站镜像", func(s *catalog.Shelf) { s.Tags = []string{"建站", "PHP"} }),
			goods("c", "云服务器代运维", in("ops", policy.ServiceForm), func(s *catalog.Shelf) { s.Summary = "镜像制作、迁移与巡检" }),
			goods("d", "C++ 编译环境", func(s *catalog.Shelf) { s.Summary = "含 .NET 与 Node.js" }),
			goods("e", "镜像", of("ven_2", "長城數據")),
		)
		c := catalog.New(d)
		tests := []struct {
			name, words, want string
			loose             bool
		}{
			{"two characters, the shorter name first, then by summary", "镜像", "e a b c", false},
			{"traditional for simplified", "鏡像", "e a b c", false},
			{"Latin without case", "wordpress", "b", false},
			{"signs", "c++", "d", false},
			{"a dot less", "nodejs", "d", false},
			{"two words in different fields", "建站 php", "b", false},
			{"a tag, the name first", "运行环境", "a e d c", false},
			{"a vendor", "长城数据", "e", false},
			{"half of the words", "wordpress 论坛", "b", true},
			{"nothing", "区块链", "", true},
			{"no word at all", "！！！", "", false},
			{"operators are words", `"镜像" OR * NEAR(`, "", true},
		}
		for _, tt := range tests {
			got := find(t, c, catalog.Query{Words: tt.words})
			if ids(got.Cards) != tt.want {
				t.Errorf("%s: %q finds %q, want %q", tt.name, tt.words, ids(got.Cards), tt.want)
			}
			if got.Loose != tt.loose {
				t.Errorf("%s: %q loose = %v", tt.name, tt.words, got.Loose)
			}
		}
	})
}

func TestFiltersOrdersAndPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := market(500)
		load(t, d, all...)
		for i := 0; i < len(all); i += 7 {
			remove(t, d, all[i].ID)
		}
		c := catalog.New(d)
		queries := []catalog.Query{
			{},
			{Category: "ops"},
			{Category: "software", Form: policy.SaaSForm},
			{Form: policy.ServiceForm, Sort: catalog.PriceUp},
			{VendorID: "ven_3", Sort: catalog.PriceDown},
			{FromFen: 20000, ToFen: 50000, Sort: catalog.PriceUp},
			{ToFen: -1},
			{Words: "数据库", Sort: catalog.PriceDown},
			{Words: "数据库", Sort: catalog.Newest, Category: "image"},
			{Category: "no-such"},
		}
		for _, q := range queries {
			want := expected(all, q)
			q.Limit = 7
			var got []string
			for {
				p := find(t, c, q)
				if p.Total != len(want) {
					t.Errorf("%+v: total %d, want %d", q, p.Total, len(want))
				}
				for _, card := range p.Cards {
					got = append(got, card.ID)
				}
				if p.Next == "" {
					break
				}
				q.After = p.Next
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%+v: −want +got\n%s", q, diff)
			}
		}
	})
}

// expected is what a query finds, by the plainest means.
func expected(all []catalog.Shelf, q catalog.Query) []string {
	type ranked struct {
		catalog.Shelf
		no int
	}
	var hits []ranked
	for i, s := range all {
		switch {
		case i%7 == 0,
			q.Category != "" && s.Category != q.Category,
			q.Form != "" && s.Form != q.Form,
			q.VendorID != "" && s.VendorID != q.VendorID,
			s.Price.Fen < q.FromFen, q.ToFen > 0 && s.Price.Fen > q.ToFen, q.ToFen < 0 && s.Price.Fen > 0,
			q.Words != "" && !strings.Contains(s.Name, q.Words):
			continue
		}
		hits = append(hits, ranked{s, i})
	}
	slices.SortFunc(hits, func(a, b ranked) int {
		switch {
		case q.Sort == catalog.PriceUp && a.Price != b.Price:
			return a.Price.Cmp(b.Price)
		case q.Sort == catalog.PriceDown && a.Price != b.Price:
			return b.Price.Cmp(a.Price)
		case q.Sort == catalog.PriceUp:
			return a.no - b.no
		}
		return b.no - a.no
	})
	var out []string
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return out
}

// market makes n products of every category, the same at each call.
func market(n int) []catalog.Shelf {
	kinds := []struct {
		category policy.CategoryID
		form     policy.Form
	}{{"image", policy.ImageForm}, {"ops", policy.ServiceForm}, {"software", policy.SaaSForm}, {"software", policy.ServiceForm}, {"api", policy.APIForm}, {"miniprogram", policy.SaaSForm}}
	things := []string{"数据库", "网站", "商城", "安全", "监控", "容器", "财务", "客服", "营销", "备份", "日志", "直播"}
	ways := []string{"镜像", "托管", "加固", "迁移", "模板", "接口", "助手", "平台", "套件", "工具"}
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]catalog.Shelf, n)
	for i := range all {
		k := kinds[r.IntN(len(kinds))]
		v := r.IntN(max(5, n/100))
		all[i] = goods(fmt.Sprintf("prd_%06d", i), things[r.IntN(len(things))]+ways[r.IntN(len(ways))]+fmt.Sprintf(" %d 型", r.IntN(1000)),
			in(k.category, k.form), of(fmt.Sprintf("ven_%d", v), fmt.Sprintf("商家 %d 号店", v)), at(int64(r.IntN(1000))*100))
	}
	return all
}

func TestChangesAreSeenByEveryProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, other := catalog.New(d), catalog.New(d)
		load(t, d, goods("a", "甲镜像"), goods("b", "乙镜像"))
		if got := ids(find(t, one, catalog.Query{Words: "镜像"}).Cards); got != "b a" {
			t.Fatalf("found %q", got)
		}
		find(t, other, catalog.Query{})
		remove(t, d, "b")
		load(t, d, goods("a", "甲环境", at(100)))
		for _, c := range []*catalog.Catalog{one, other} {
			if got := find(t, c, catalog.Query{Words: "镜像"}); len(got.Cards) != 0 {
				t.Errorf("still found %q", ids(got.Cards))
			}
			got := find(t, c, catalog.Query{Sort: catalog.PriceUp})
			if ids(got.Cards) != "a" || got.Cards[0].Name != "甲环境" || got.Cards[0].Price != money.CNY(100) {
				t.Errorf("list is %+v", got.Cards)
			}
		}
		if _, err := one.Product(context.Background(), "b"); !errors.Is(err, fault.Gone) {
			t.Errorf("a product off the shelf: %v", err)
		}
		if _, err := one.Product(context.Background(), "x"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a product that never was: %v", err)
		}
		load(t, d, goods("b", "乙镜像"))
		p, err := one.Product(context.Background(), "b")
		if err != nil || p.Details != "<p>说明</p>" || len(p.Plans) != 1 || p.Offers != 1 {
			t.Errorf("back on the shelf: %+v, %v", p, err)
		}
		if got := ids(find(t, one, catalog.Query{Words: "镜像"}).Cards); got != "b" {
			t.Errorf("back on the shelf it is not found: %q", got)
		}
	})
}

func TestCommonWordLooksAtTheNewestOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := make([]catalog.Shelf, 1100)
		for i := range all {
			all[i] = goods(fmt.Sprintf("prd_%04d", i), fmt.Sprintf("镜像 %d", i))
		}
		all[3].Category, all[3].Form = "ops", policy.ServiceForm
		load(t, d, all...)
		c := catalog.New(d)
		p := find(t, c, catalog.Query{Words: "镜像"})
		if !p.AtLeast || p.Total != 1000 {
			t.Errorf("total %d, at least %v", p.Total, p.AtLeast)
		}
		// A filter is applied before the bound, so the oldest is found by it.
		p = find(t, c, catalog.Query{Words: "镜像", Category: "ops"})
		if p.AtLeast || ids(p.Cards) != "prd_0003" {
			t.Errorf("found %q, at least %v", ids(p.Cards), p.AtLeast)
		}
	})
}

func TestHomeCountsAndShops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		load(t, d, goods("a", "甲"), goods("b", "乙"), goods("c", "丙", in("ops", policy.ServiceForm), of("ven_2", "旧店名")))
		c := catalog.New(d)
		rows, totals, err := c.Home(ctx, []policy.CategoryID{"image", "ops", "api"}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if totals.Products != 3 || totals.Vendors != 2 || rows[0].Total != 2 || ids(rows[0].Cards) != "b" || ids(rows[1].Cards) != "c" || rows[2].Total != 0 {
			t.Errorf("home is %+v of %+v", rows, totals)
		}
		n, _, err := c.Categories(ctx)
		if diff := cmp.Diff(map[policy.CategoryID]int{"image": 2, "ops": 1}, n); diff != "" || err != nil {
			t.Errorf("categories, %v: %s", err, diff)
		}
		if _, err := c.Shop(ctx, "ven_2"); !errors.Is(err, fault.NotFound) {
			t.Errorf("a shop that is not there: %v", err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			return catalog.PutShop(ctx, tx, catalog.Shop{VendorID: "ven_2", Name: "新店名", Intro: "十年运维"})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := find(t, c, catalog.Query{Words: "新店名"}); ids(got.Cards) != "c" || got.Cards[0].VendorName != "新店名" {
			t.Errorf("by the shop's new name: %+v", got.Cards)
		}
		shops, next, err := c.Shops(ctx, "", 10)
		if err != nil || next != "" || len(shops) != 1 || shops[0].Products != 1 || shops[0].Name != "新店名" {
			t.Errorf("shops are %+v, %q, %v", shops, next, err)
		}
		places, err := c.Places(ctx, 1, 10)
		if err != nil || len(places) != 2 || places[0].ID != "b" {
			t.Errorf("places are %+v, %v", places, err)
		}
	})
}

func TestCursorThatIsNoneIsRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	load(t, d, goods("a", "甲"))
	for _, after := range []string{"x", "bm9uZQ", "bmV3ZXN0IDEgMiAtMw", "!!"} {
		if _, err := catalog.New(d).Find(context.Background(), catalog.Query{After: after}); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", after, err)
		}
	}
}

// FuzzFind holds that no words and no cursor break a search.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"镜像", `"' OR 1=1 --`, "a AND b*", "c++ {name}: x", "\x00\xff", strings.Repeat("云", 500)} {
		f.Add(s, "")
		f.Add("镜像", s)
	}
	d := dbtest.SQLite(f)
	load(f, d, market(50)...)
	c := catalog.New(d)
	f.Fuzz(func(t *testing.T, words, after string) {
		if _, err := c.Find(context.Background(), catalog.Query{Words: words, After: after}); err != nil && !errors.Is(err, fault.Invalid) {
			t.Fatalf("%q after %q: %v", words, after, err)
		}
	})
}
