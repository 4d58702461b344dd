package storefront_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="(pictures|document|image\.report)" value="(fil_[a-z0-9]+)"`)

// kept are the files that a form holds.
func kept(page string) url.Values {
	v := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		v.Add(m[1], m[2])
	}
	return v
}

// Rules O-5, O-7, S-1: from an empty console to the shelf, by the pages.
func TestProductGoesOnTheShelfByItsPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "image")
		w := newRooms(t, d)
		owner := w.person(yunshitest.Owner(v.ID), "王芳")
		reviewer := w.person(yunshitest.Staff("acc_reviewer", access.ProductReviewer), "李明")
		buyer := w.visitor("zh-CN")

		says(t, owner.get("/console/products"), "还没有商品", "新建商品")
		says(t, buyer.get("/"), "这里还没有商品")
		_, page := owner.post("/console/products/new", url.Values{"kind": {""}})
		says(t, page, "此项必填")
		res, page := owner.post("/console/products/new", url.Values{"kind": {"image/image"}, "name": {"LNMP 运行环境"}})
		here := strings.TrimSuffix(res.Request.URL.Path, "/edit")
		says(t, page, "草稿已建立", "镜像信息", "主机安全检测报告")

		// Incomplete and wrong content is kept, and each fault stands at its field.
		form := url.Values{"category": {"image"}, "form": {"image"}, "name": {"LNMP 运行环境"}, "tags": {"PHP，建站, LNMP"}, "agreement": {"standard"},
			"plans.0.name": {"标准版"}, "plans.0.span": {"1"}, "plans.0.unit": {"month"}, "plans.0.original": {"99"}, "plans.0.sale": {"一百"}}
		res, page = owner.upload(here+"/edit", form)
		if res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("a price that is none: %d", res.StatusCode)
		}
		says(t, page, "请填写金额")
		form.Set("plans.0.sale", "100")
		form.Set("_act", "submit")
		res, page = owner.upload(here+"/edit", form)
		if res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("submitting an incomplete product: %d", res.StatusCode)
		}
		says(t, page, "售价不能高于原价 99.00 元", "请上传至少一张商品图片", "请选择商品所依托的云产品")
		if !strings.Contains(page, `value="PHP，建站，LNMP"`) {
			t.Error("the tags are lost")
		}
		says(t, owner.get(here), "上架还差什么", "继续填写")

		// Wrong file type under a right name.
		form.Set("_act", "")
		_, page = owner.upload(here+"/edit", form, [3]string{"pictures_new", "图.png", pdf})
		says(t, page, "PNG")

		for k, x := range map[string]string{"built_on": "server", "summary": "开箱即用的 PHP 环境", "details": "# 功能\n- Nginx\n\n<script>alert(1)</script>", "after_sales": "工作日在线支持", "plans.0.sale": "88",
			"image.version": "v1.2.1", "image.os": "Debian 12", "image.software": "Nginx，MySQL 8", "image.machine": "2 核 4 GB", "image.scanner": "云镜主机安全", "image.scanned_on": d.Clock().Now().Format("2006-01-02")} {
			form.Set(k, x)
		}
		form.Set("_act", "preview")
		res, page = owner.upload(here+"/edit", form, [3]string{"pictures_new", "图.png", picture()}, [3]string{"document_new", "手册.pdf", pdf}, [3]string{"image.report_new", "报告.png", picture()})
		if res.StatusCode != http.StatusOK || !strings.HasSuffix(res.Request.URL.Path, "/preview") {
			t.Fatalf("saving a complete product: %d at %s\n%s", res.StatusCode, res.Request.URL.Path, words(page))
		}
		says(t, page, "LNMP 运行环境", "功能", "¥88.00", "Debian 12")
		if strings.Contains(page, "alert(1)") {
			t.Error("the script came through")
		}
		page = owner.get(here + "/edit")
		for k, ids := range kept(page) {
			form[k] = ids
		}
		if len(form["pictures"]) != 1 || len(form["document"]) != 1 || len(form["image.report"]) != 1 {
			t.Fatalf("files kept: %v", kept(page))
		}
		form.Set("_act", "submit")
		_, page = owner.upload(here+"/edit", form)
		says(t, page, "已提交审核", "运营方正在审核")
		says(t, buyer.get("/products"), "还没有商品")
		id := here[strings.LastIndex(here, "/")+1:]
		if res, _ := buyer.do("GET", "/products/"+id, "", nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("a buyer sees it in review: %d", res.StatusCode)
		}
		if res, _ := buyer.do("GET", "/products/"+id+"/files/"+form.Get("pictures"), "", nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("a buyer sees its picture in review: %d", res.StatusCode)
		}

		says(t, reviewer.get("/office/products"), "LNMP 运行环境", "待领取")
		office := "/office/products/" + id
		says(t, reviewer.get(office), "领取审核", "报告.png")
		_, page = reviewer.post(office+"/claim", nil)
		says(t, page, "请逐项给出结论")
		verdicts := url.Values{"outcome": {"approve"}}
		for i, c := range policy.Shipped().ChecksFor(policy.ImageForm) {
			verdicts.Set("verdicts."+strconv.Itoa(i)+".check", c.ID)
			verdicts.Set("verdicts."+strconv.Itoa(i)+".finding", "met")
		}
		verdicts.Set("verdicts.1.finding", "not_met")
		res, page = reviewer.post(office+"/review", verdicts)
		if res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("approving against a verdict: %d", res.StatusCode)
		}
		says(t, page, "请写明原因")
		verdicts.Set("outcome", "reject")
		verdicts.Set("verdicts.1.reason", "文案含“最”字")
		_, page = reviewer.post(office+"/review", verdicts)
		says(t, page, "已驳回")
		says(t, owner.get(here), "已驳回", "文案含“最”字", "无违法内容")

		_, page = owner.upload(here+"/edit", form)
		says(t, page, "已提交审核")
		reviewer.post(office+"/claim", nil)
		says(t, reviewer.get(office), "文案含“最”字")
		verdicts.Set("outcome", "approve")
		verdicts.Set("verdicts.1.finding", "met")
		verdicts.Set("verdicts.1.reason", "")
		_, page = reviewer.post(office+"/review", verdicts)
		says(t, page, "已通过并上架")

		page = buyer.get("/products/" + id)
		says(t, page, "LNMP 运行环境", "¥88.00", "省 11%", "资质已审核", "保证金已缴", "集成软件", "Nginx、MySQL 8")
		for _, want := range []string{`<script type="application/ld+json">`, `<link rel="canonical" href="https://market.example/products/` + id + `"`, "/files/" + form.Get("pictures")} {
			if !strings.Contains(page, want) {
				t.Errorf("the page has no %s", want)
			}
		}
		if res, body := buyer.do("GET", "/products/"+id+"/files/"+form.Get("pictures"), "", nil); res.StatusCode != http.StatusOK || body != picture() {
			t.Errorf("its picture: %d", res.StatusCode)
		}
		if res, _ := buyer.do("GET", "/products/"+id+"/files/"+form.Get("image.report"), "", nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("the security report is public: %d", res.StatusCode)
		}
		says(t, buyer.get("/vendors/"+v.ID), "LNMP 运行环境", v.Company.Name)

		_, page = owner.post(here+"/unshelve", nil)
		says(t, page, "已下架")
		if res, page := buyer.do("GET", "/products/"+id, "", nil); res.StatusCode != http.StatusGone {
			t.Errorf("off the shelf it answers %d: %s", res.StatusCode, words(page))
		}
		_, page = owner.post(here+"/shelve", nil)
		says(t, page, "已上架")
		_, page = reviewer.post(office+"/take-off", url.Values{"reason": {""}})
		says(t, page, "没有执行", "请写明原因")
		_, page = reviewer.post(office+"/take-off", url.Values{"reason": {"镜像含恶意软件"}})
		says(t, page, "已下架", "镜像含恶意软件")
		says(t, owner.get(here), "镜像含恶意软件")
		says(t, reviewer.get("/office/products?show=all&name=lnmp"), "LNMP 运行环境", "运营方下架")
	})
}

// What is missing before a product can be created is said on its page.
func TestConsoleSaysWhatIsMissing(t *testing.T) {
	d := dbtest.SQLite(t)
	v := yunshitest.Vendor(t, d)
	yunshitest.Qualify(t, d, v.ID, policy.Platform, "software")
	w := newRooms(t, d)
	owner := w.person(yunshitest.Owner(v.ID), "王芳")
	says(t, owner.get("/console/products"), "新建商品前还需要", "合同")
	yunshitest.Contract(t, d, v.ID, yunshitest.Terms{})
	says(t, owner.get("/console/products/new"), "SaaS 软件", "人工服务", "尚未通过资质审核")
	other := w.person(access.Actor{Kind: access.Member, ID: "acc_other", VendorID: "ven_other", Roles: []access.Role{access.Owner}}, "赵六")
	res, page := owner.post("/console/products/new", url.Values{"kind": {"software/saas"}, "name": {"客服系统"}})
	says(t, page, "软件交付", "开通通知地址")
	if res, _ := other.do("GET", res.Request.URL.Path, "", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("another company opens it: %d", res.StatusCode)
	}
	for _, kind := range []string{"software/service"} {
		_, page := owner.post("/console/products/new", url.Values{"kind": {kind}})
		says(t, page, "需求单模板")
	}
	res, _ = owner.post("/console/products/new", url.Values{"kind": {"api/api"}})
	if res.StatusCode != http.StatusConflict {
		t.Errorf("a category that is not approved: %d", res.StatusCode)
	}
}
