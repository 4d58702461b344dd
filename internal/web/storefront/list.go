package storefront

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// choice is a filter's value with how many products it leaves.
type choice struct {
	Label   string
	Href    string
	Count   int // −1 is not known
	Current bool
}

// listView is a list of products with its filters, whose state is in the address.
type listView struct {
	P          text.Printer
	Title      string
	Lead       string
	Crumbs     []ui.NavItem
	Path       string
	Words      string
	From, To   string // yuan, as typed
	Hidden     [][2]string
	Total      string
	Loose      bool
	Categories []choice // none on the page of one category
	Forms      []choice
	Prices     []choice
	Sorts      []choice
	Clear      string // "" where no filter is set
	Cards      []ui.Product
	Turn       ui.Turn
}

// address reads and writes the query of a list.
type address struct {
	path   string
	values url.Values
}

// with is the address with one value changed, from the first page on.
func (a address) with(pairs ...string) string {
	v := url.Values{}
	for k, all := range a.values {
		if k != "cursor" && k != "lang" && len(all) > 0 && all[0] != "" {
			v.Set(k, all[0])
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
			continue
		}
		v.Set(pairs[i], pairs[i+1])
	}
	if len(v) == 0 {
		return a.path
	}
	return a.path + "?" + v.Encode()
}

// query reads what a buyer looks for from the address; what cannot be read is not asked for.
func query(v url.Values) catalog.Query {
	q := catalog.Query{
		Words: trim(v.Get("q")), Category: policy.CategoryID(v.Get("category")), Form: policy.Form(v.Get("form")),
		VendorID: v.Get("vendor"), Sort: catalog.Sort(v.Get("sort")), After: v.Get("cursor"),
	}
	q.FromFen = max(0, fen(v.Get("from")))
	if to := v.Get("to"); to != "" {
		if q.ToFen = fen(to); q.ToFen == 0 {
			q.ToFen = -1
		}
		if _, err := money.Parse(to); err != nil {
			q.ToFen = 0
		}
	}
	return q
}

func trim(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 100 {
		s = string(r[:100])
	}
	return s
}

func fen(s string) int64 {
	a, err := money.Parse(s)
	if err != nil {
		return 0
	}
	return a.Fen
}

// find asks the shelf; a cursor that no longer fits begins at the first page.
func (f front) find(r *http.Request, q catalog.Query) (catalog.Page, error) {
	page, err := f.shelf.Find(r.Context(), q)
	if err != nil && q.After != "" && fault.Is(err, fault.Invalid) {
		q.After = ""
		return f.shelf.Find(r.Context(), q)
	}
	return page, err
}

// products is the list of all products and the result of a search.
func (f front) products(w http.ResponseWriter, r *http.Request) error {
	if done, err := f.asked(w, r); done || err != nil {
		return err
	}
	q := query(r.URL.Query())
	found, err := f.find(r, q)
	if err != nil {
		return err
	}
	words := f.words(r.Context())
	v := f.list(r, words, q, found)
	v.Title = words.P.T("web_storefront.all_products")
	page := f.page(w, r, "web_storefront.all_products")
	if q.Words != "" {
		v.Title = words.P.T("web_storefront.results_for", q.Words)
		page.Title, page.NoIndex = v.Title, true
	}
	page.Query = q.Words
	page.NoIndex = page.NoIndex || r.URL.RawQuery != "" && !onlyLang(r.URL.Query())
	page.Description = words.P.T("web_storefront.products_description", page.Market)
	return f.Show(w, r, http.StatusOK, page, listPage(v))
}

func onlyLang(v url.Values) bool { return len(v) == 1 && v.Has("lang") }

// category is the list of one category.
func (f front) category(w http.ResponseWriter, r *http.Request) error {
	words := f.words(r.Context())
	c, ok := words.Policy.Category(policy.CategoryID(r.PathValue("id")))
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if done, err := f.asked(w, r); done || err != nil {
		return err
	}
	q := query(r.URL.Query())
	q.Category = c.ID
	found, err := f.find(r, q)
	if err != nil {
		return err
	}
	v := f.list(r, words, q, found)
	v.Title, v.Lead, v.Categories = c.Name.In(words.P.Lang), c.About.In(words.P.Lang), nil
	v.Crumbs = []ui.NavItem{{Label: words.P.T("web_storefront.home"), Href: "/"}, {Label: v.Title}}
	page := f.page(w, r, "web_storefront.all_products")
	page.Title, page.Description, page.Query = v.Title, v.Lead, q.Words
	page.NoIndex = r.URL.RawQuery != "" && !onlyLang(r.URL.Query())
	return f.Show(w, r, http.StatusOK, page, listPage(v))
}

// steps are the bounds of the ready price ranges, in yuan.
var steps = []int64{100, 500, 2000, 10000}

// list fills in everything that does not depend on which list it is.
func (f front) list(r *http.Request, words showcase.Words, q catalog.Query, found catalog.Page) listView {
	p := words.P
	a := address{r.URL.Path, r.URL.Query()}
	v := listView{P: p, Path: r.URL.Path, Words: q.Words, From: r.URL.Query().Get("from"), To: r.URL.Query().Get("to"), Loose: found.Loose, Cards: words.Cards(found.Cards)}
	v.Total = p.T("web_storefront.total", count(found.Total, found.AtLeast))
	for _, k := range []string{"q", "category", "form", "vendor", "sort"} {
		if x := r.URL.Query().Get(k); x != "" {
			v.Hidden = append(v.Hidden, [2]string{k, x})
		}
	}
	whole := 0
	for _, n := range found.Categories {
		whole += n
	}
	v.Categories = append(v.Categories, choice{p.T("web_storefront.any"), a.with("category", ""), whole, q.Category == ""})
	for _, c := range words.Policy.Categories {
		v.Categories = append(v.Categories, choice{c.Name.In(p.Lang), a.with("category", string(c.ID)), found.Categories[c.ID], q.Category == c.ID})
	}
	whole = 0
	for _, n := range found.Forms {
		whole += n
	}
	v.Forms = append(v.Forms, choice{p.T("web_storefront.any"), a.with("form", ""), whole, q.Form == ""})
	for _, form := range []policy.Form{policy.ImageForm, policy.SaaSForm, policy.ServiceForm, policy.APIForm} {
		if n := found.Forms[form]; n > 0 || q.Form == form {
			v.Forms = append(v.Forms, choice{p.T(product.FormName(form)), a.with("form", string(form)), n, q.Form == form})
		}
	}
	v.Prices = prices(p, a, q)
	for _, s := range catalog.Sorts() {
		if s == catalog.ByFit && q.Words == "" {
			continue
		}
		now := q.Sort == s || q.Sort == "" && (s == catalog.ByFit || s == catalog.Newest && q.Words == "")
		name := string(s)
		if s == catalog.ByFit || s == catalog.Newest && q.Words == "" {
			name = "" // the order without being asked
		}
		v.Sorts = append(v.Sorts, choice{p.T(text.Key("web_storefront.sort_" + strings.ReplaceAll(string(s), "-", "_"))), a.with("sort", name), -1, now})
	}
	if q.Category != "" && r.PathValue("id") == "" || q.Form != "" || q.FromFen != 0 || q.ToFen != 0 || q.VendorID != "" {
		v.Clear = a.with("category", "", "form", "", "from", "", "to", "", "vendor", "")
	}
	if q.After != "" {
		v.Turn.First = a.with()
	}
	if found.Next != "" {
		v.Turn.Next = a.with("cursor", found.Next)
	}
	return v
}

func count(n int, more bool) string {
	s := strings.TrimSuffix(money.CNY(int64(n)*100).String(), ".00")
	if more {
		s += "+"
	}
	return s
}

func prices(p text.Printer, a address, q catalog.Query) []choice {
	all := []choice{
		{p.T("web_storefront.any"), a.with("from", "", "to", ""), -1, q.FromFen == 0 && q.ToFen == 0},
		{p.T("web_storefront.free"), a.with("from", "", "to", "0"), -1, q.ToFen == -1},
	}
	last := int64(0)
	for _, to := range steps {
		label := p.T("web_storefront.price_range", last, to)
		if last == 0 {
			label = p.T("web_storefront.price_below", to)
		}
		from := ""
		if last > 0 {
			from = strconv.FormatInt(last, 10)
		}
		all = append(all, choice{label, a.with("from", from, "to", strconv.FormatInt(to, 10)), -1, q.FromFen == last*100 && q.ToFen == to*100})
		last = to
	}
	return append(all, choice{p.T("web_storefront.price_above", last), a.with("from", strconv.FormatInt(last, 10), "to", ""), -1, q.FromFen == last*100 && q.ToFen == 0})
}
