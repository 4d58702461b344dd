package office_test

import (
	"bytes"
	"context"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/console"
	"github.com/yunshi-market/yunshi/internal/web/office"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// room is the running pages of console and office over a database.
type room struct {
	t   *testing.T
	d   *db.DB
	url string
}

func newRoom(t *testing.T, d *db.DB) *room {
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	yunshitest.Rules(t, d, yunshitest.ByPasswordAlone)
	s := server.New(d, slog.New(slog.DiscardHandler), "http://localhost")
	s.Handle("GET "+assets.Prefix, assets.Handler())
	site := &web.Site{Server: s, Files: file.New(store, dbtest.Vault())}
	site.File()
	console.Routes(site)
	office.Routes(site)
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return &room{t, d, srv.URL}
}

// reader is a person at a browser, known by a key.
type reader struct {
	*room
	key    string
	client *http.Client
}

func (w *room) person(by access.Actor, name string) *reader {
	w.t.Helper()
	yunshitest.Person(w.t, w.d, by, name)
	r := &reader{room: w, client: &http.Client{}}
	yunshitest.Write(w.t, w.d, func(tx *db.Tx) error {
		k, err := account.MakeKey(context.Background(), tx, by, account.NewKey{Name: "test", Scopes: access.Scopes()})
		r.key = k.Secret
		return err
	})
	r.client.Jar, _ = cookiejar.New(nil)
	r.client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		req.Header.Set("Authorization", "Bearer "+r.key)
		return nil
	}
	return r
}

func (r *reader) do(method, path, kind string, body io.Reader) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.key)
	req.Header.Set("Content-Type", kind)
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	page := string(data)
	if res.StatusCode >= 500 || strings.Contains(page, "%!") || strings.Contains(page, "web_apply.") || strings.Contains(page, "web_review.") || strings.Contains(page, "qualification.") {
		r.t.Fatalf("%s %s: %d\n%s", method, path, res.StatusCode, page)
	}
	return res.StatusCode, page
}

func (r *reader) get(path string) string {
	r.t.Helper()
	status, page := r.do("GET", path, "", nil)
	if status != http.StatusOK {
		r.t.Fatalf("GET %s: %d\n%s", path, status, page)
	}
	return page
}

func (r *reader) post(path string, form url.Values) (int, string) {
	r.t.Helper()
	return r.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a form with documents, each "input name" → name and content.
func (r *reader) upload(path string, form url.Values, docs ...[3]string) (int, string) {
	r.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, list := range form {
		for _, v := range list {
			if err := m.WriteField(k, v); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	for _, d := range docs {
		part, err := m.CreateFormFile(d[0], d[1])
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := io.WriteString(part, d[2]); err != nil {
			r.t.Fatal(err)
		}
	}
	m.Close()
	return r.do("POST", path, m.FormDataContentType(), &b)
}

// picture is a small scan-like PNG, another for each seed.
func picture(seed uint8) string {
	img := image.NewRGBA(image.Rect(0, 0, 480, 340))
	for y := range 340 {
		for x := range 480 {
			c := color.RGBA{250, 248, 240, 255}
			if x < 12 || y < 12 || x > 467 || y > 327 {
				c = color.RGBA{180, 40 + seed, 30, 255}
			} else if y%34 < 8 && x > 60 && x < 60+int(seed)*3+(y*7)%260 {
				c = color.RGBA{60, 64, 72, 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.String()
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// words is what a page says.
func words(page string) string {
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}

func (r *reader) says(page string, sentences ...string) {
	r.t.Helper()
	said := words(page)
	for _, s := range sentences {
		if !strings.Contains(said, s) {
			r.t.Errorf("the page does not say %q:\n%s", s, said)
		}
	}
}

// errorAt is the sentence beside an input, "" if there is none.
func errorAt(page, id string) string {
	_, after, found := strings.Cut(page, `id="`+id+`-error"`)
	if !found {
		return ""
	}
	s, _, _ := strings.Cut(after, "</span></span>")
	return strings.TrimSpace(words("<" + s))
}

func companyForm() url.Values {
	return url.Values{
		"company.name": {"深圳示例科技有限公司"}, "company.uscc": {"91440300708461136T"}, "company.type": {"有限责任公司"}, "company.legal_person": {"李明"},
		"company.established": {"2015-03-05"}, "company.capital": {"500万元"}, "company.currency": {"CNY"}, "company.long_term": {"true"},
		"company.address": {"深圳市南山区科技路 1 号"}, "company.registrar": {"深圳市市场监督管理局"}, "company.scope": {"软件开发；信息技术咨询服务"},
		"account.holder": {"深圳示例科技有限公司"}, "account.bank": {"招商银行"}, "account.branch": {"深圳分行科技园支行"}, "account.province": {"广东省"},
		"account.city": {"深圳市"}, "account.number": {"7559 0000 0010 001"}, "account.cnaps": {"308100005027"},
	}
}

func contactForm() url.Values {
	f := url.Values{
		"contact.name": {"王芳"}, "contact.phone": {"13800138000"}, "contact.mail": {"wang@example.com"}, "service.mail": {"help@example.com"},
		"service.phone": {"0755-86013388"}, "service.team": {"售后 6 人，工作日 30 分钟内响应"}, "shop.name": {"示例科技"}, "shop.site": {"www.example.com"}, "shop.intro": {"专注云上软件"},
	}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri"} {
		f.Set("service.hours."+d+".0.from", "09:00")
		f.Set("service.hours."+d+".0.to", "12:00")
		f.Set("service.hours."+d+".1.from", "13:00")
		f.Set("service.hours."+d+".1.to", "18:00")
	}
	return f
}

const docs = "/console/application/documents"

// fill takes a company from the first page to the self-check.
func (r *reader) fill() {
	r.t.Helper()
	r.post("/console/application/begin", nil)
	r.post("/console/application/company", companyForm())
	r.upload(docs, nil, [3]string{"documents.licence", "执照.png", picture(1)})
	r.post("/console/application/contact", contactForm())
	chosen := url.Values{"categories": {"ops", "api"}, "mode": {"platform"}}
	r.upload("/console/application/categories", chosen)
	evidence := url.Values{"categories": chosen["categories"], "mode": chosen["mode"]}
	var files [][3]string
	for i, c := range chosen["categories"] {
		at := "evidence." + c + "."
		evidence.Set(at+"shown", "1")
		evidence.Set(at+"trade_start", "2016-01-01")
		evidence.Set(at+"built_on", "true")
		evidence.Set(at+"built_note", "部署在云服务器上，附件存对象存储")
		files = append(files, [3]string{at + "trade_files", c + "-合同.png", picture(uint8(10 + i))}, [3]string{at + "built_files", c + "-架构.png", picture(uint8(20 + i))})
	}
	r.upload("/console/application/categories", evidence, files...)
	r.post("/console/application/agreements", url.Values{"accept": {"access@1.0", "management@1.0"}})
}

// shoot takes a picture of a page where the test runs with a browser.
var shoot = func(r *reader, name, path string) {}

// Rules O-2, E-1: drafts are kept, an error stands beside its field with what was typed.
func TestApplyInSteps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newRoom(t, d)
		wang := w.person(access.Actor{Kind: access.Member, ID: "acc_wang"}, "王芳")
		wang.says(wang.get("/console/application"), "服务商入驻", "开始申请", "镜像服务", "保证金 5,000.00 元")
		shoot(wang, "apply-begin", "/console/application")
		_, page := wang.post("/console/application/begin", nil)
		wang.says(page, "请填写企业信息", "按营业执照逐字填写")
		if got := errorAt(page, "f-company-name"); got != "" {
			t.Errorf("an untouched form blames the reader: %s", got)
		}
		wrong := companyForm()
		wrong.Set("company.uscc", "91440300708461136X")
		wrong.Del("company.registrar")
		_, page = wang.post("/console/application/company", wrong)
		if got := errorAt(page, "f-company-uscc"); !strings.Contains(got, "校验码") {
			t.Errorf("beside the code stands %q", got)
		}
		if !strings.Contains(page, `value="91440300708461136X"`) || !strings.Contains(page, `value="李明"`) {
			t.Error("what was typed is gone")
		}
		if got := errorAt(page, "f-company-registrar"); got != "此项必填" {
			t.Errorf("beside the registrar stands %q", got)
		}
		shoot(wang, "apply-company-errors", "/console/application/company?check=1")
		_, page = wang.post("/console/application/company", companyForm())
		wang.says(page, "资质文件", "已保存")

		// A wrong type under a right name: the other document is kept.
		status, page := wang.upload(docs, nil, [3]string{"documents.licence", "执照.png", picture(1)}, [3]string{"documents.team", "团队.png", "<html>not a picture</html>"})
		if status != http.StatusUnprocessableEntity || errorAt(page, "f-documents-team") == "" {
			t.Errorf("%d, beside the team's document stands %q", status, errorAt(page, "f-documents-team"))
		}
		wang.says(page, "执照.png")
		page = wang.get(docs)
		kept := regexp.MustCompile(`name="_keep.documents.licence" value="([^"]+)"`).FindStringSubmatch(page)
		if kept == nil {
			t.Fatalf("the licence was not kept:\n%s", page)
		}
		shoot(wang, "apply-documents", docs)
		// Taken away and replaced.
		_, _ = wang.upload(docs, url.Values{"_keep.documents.licence": {kept[1]}, "_gone.documents.licence": {kept[1]}}, [3]string{"documents.licence", "新执照.png", picture(2)})
		page = wang.get(docs)
		wang.says(page, "新执照.png")
		if strings.Contains(page, kept[1]) {
			t.Error("the licence that was removed is still there")
		}

		few := contactForm()
		few.Del("service.hours.fri.1.from")
		few.Del("service.hours.fri.1.to")
		_, page = wang.post("/console/application/contact", few)
		if got := errorAt(page, "f-service-hours"); !strings.Contains(got, "现有 4 天") {
			t.Errorf("beside the hours stands %q", got)
		}
		shoot(wang, "apply-contact-errors", "/console/application/contact?check=1")
		wang.fill()
		shoot(wang, "apply-company", "/console/application/company")
		shoot(wang, "apply-categories", "/console/application/categories")
		shoot(wang, "apply-agreements", "/console/application/agreements")
		page = wang.get("/console/application")
		wang.says(page, "内容齐备，可以提交", "提交审核")
		shoot(wang, "apply-check", "/console/application")
		_, page = wang.post("/console/application/submit", nil)
		wang.says(page, "已提交，请等待审核结果", "申请已提交，等待审核", "撤回申请")
		shoot(wang, "apply-waiting", "/console/application")
		if page := wang.get("/console/application/company"); strings.Contains(page, "保存并继续") {
			t.Error("an application that waits can be changed")
		}
		if status, _ := wang.post("/console/application/company", companyForm()); status != http.StatusConflict {
			t.Errorf("saved while it waits: %d", status)
		}
		_, page = wang.post("/console/application/take-back", nil)
		wang.says(page, "已撤回，可以修改后重新提交")
	})
}

func TestApplicationPagesRefuse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newRoom(t, d)
		wang := w.person(access.Actor{Kind: access.Member, ID: "acc_wang"}, "王芳")
		wang.post("/console/application/begin", nil)
		if status, _ := wang.do("GET", "/console/application/nowhere", "", nil); status != http.StatusNotFound {
			t.Errorf("a step that is none: %d", status)
		}
		if status, _ := wang.do("GET", "/office/applications", "", nil); status != http.StatusForbidden {
			t.Errorf("a vendor in the office: %d", status)
		}
		status, page := wang.post("/console/application/submit", nil)
		if status != http.StatusConflict {
			t.Errorf("nothing saved: %d", status)
		}
		wang.says(page, "还没有填写申请")
		wang.post("/console/application/company", companyForm())
		status, page = wang.post("/console/application/submit", nil)
		if status != http.StatusUnprocessableEntity {
			t.Errorf("half filled in: %d", status)
		}
		wang.says(page, "还有内容需要补充或修改")
		status, page = wang.post("/console/application/agreements", url.Values{"accept": {"access@0.1"}})
		if status != http.StatusUnprocessableEntity || errorAt(page, "f-agreements-access") == "" {
			t.Errorf("an old version: %d, %q", status, errorAt(page, "f-agreements-access"))
		}
		// Hostile words are shown as words.
		evil := companyForm()
		evil.Set("company.name", `"><script>alert(1)</script>`)
		if _, page := wang.post("/console/application/company", evil); strings.Contains(page, "<script>alert") {
			t.Error("a script came through")
		}
		if status, page := wang.post("/console/application/company", url.Values{"company.scope": {strings.Repeat("长", 5001)}}); status != http.StatusUnprocessableEntity || errorAt(page, "f-company-scope") == "" {
			t.Errorf("a text too long: %d", status)
		}
	})
}

// Rule O-3: the application beside its documents, a verdict per condition, changes
// marked, and each reason back at its field.
func TestReviewPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newRoom(t, d)
		wang := w.person(access.Actor{Kind: access.Member, ID: "acc_wang"}, "王芳")
		zhao := w.person(yunshitest.Staff("acc_zhao", access.Reviewer), "赵敏")
		zhou := w.person(yunshitest.Staff("acc_zhou", access.Reviewer), "周杰")
		sun := w.person(yunshitest.Staff("acc_sun", access.Auditor), "孙静")
		zhao.says(zhao.get("/office/applications"), "没有等待审核的申请")
		shoot(zhao, "review-queue-empty", "/office/applications")
		wang.fill()
		wang.post("/console/application/submit", nil)
		page := zhao.get("/office/applications")
		zhao.says(page, "深圳示例科技有限公司", "运维服务、API 市场", "无人领取")
		id := regexp.MustCompile(`/office/applications/(app_[a-z0-9]+)`).FindStringSubmatch(page)[1]
		at := "/office/applications/" + id
		shoot(zhao, "review-queue", "/office/applications")
		zhao.says(zhao.get(at), "领取审核", "91440300708461136T", "7559 0000 0010 001", "执照.png")
		auditor := sun.get(at)
		if strings.Contains(auditor, "13800138000") || strings.Contains(auditor, "7559 0000 0010 001") || strings.Contains(auditor, "领取审核") {
			t.Error("the auditor sees personal data whole, or may claim")
		}
		_, page = zhao.post(at+"/claim", nil)
		zhao.says(page, "已领取", "提交决定", "常用理由")
		shoot(zhao, "review", at)
		_, page = zhou.post(at+"/claim", nil)
		zhou.says(page, "这份申请正由 赵敏 审核")
		zhou.says(zhou.get(at), "赵敏 正在审核这份申请")

		// Approved with a condition not met: refused, and everything typed stays.
		form := verdictForm(page, zhao.get(at))
		form.Set("verdicts.0.result", "not_met")
		form.Set("_ready.0", "营业执照不清晰，请上传原件彩色扫描件或照片，四角完整、文字可辨")
		form.Set("verdicts.1.reason", "只是备注")
		form.Set("categories.0.decision", "approve")
		form.Set("categories.1.decision", "return")
		form.Set("items.1.field", "/contact/phone")
		form.Set("items.1.text", "号码无人接听")
		status, page := zhao.post(at+"/decide", form)
		if status != http.StatusUnprocessableEntity {
			t.Errorf("a contradiction: %d", status)
		}
		if got := errorAt(page, "f-categories-0-decision"); !strings.Contains(got, "矛盾") {
			t.Errorf("beside the decision stands %q", got)
		}
		zhao.says(page, "营业执照不清晰", "只是备注")
		if !strings.Contains(page, `value="号码无人接听"`) {
			t.Error("the item is gone")
		}
		form.Set("categories.0.decision", "return")
		_, page = zhao.post(at+"/decide", form)
		zhao.says(page, "决定已提交，服务商会收到通知", "退回补充")

		page = wang.get("/console/application")
		wang.says(page, "申请需要补充", "营业执照不清晰", "号码无人接听", "待补充")
		shoot(wang, "apply-returned", "/console/application")
		if got := errorAt(wang.get("/console/application/contact?check=1"), "f-contact-phone"); !strings.Contains(got, "号码无人接听") {
			t.Errorf("beside the phone stands %q", got)
		}
		if got := errorAt(wang.get(docs), "f-documents-licence"); !strings.Contains(got, "营业执照不清晰") {
			t.Errorf("beside the licence stands %q", got)
		}
		better := contactForm()
		better.Set("contact.phone", "13900139000")
		wang.post("/console/application/contact", better)
		wang.upload(docs, nil, [3]string{"documents.licence", "清晰执照.png", picture(3)})
		wang.says(wang.get("/console/application"), "已修改")
		_, page = wang.post("/console/application/submit", nil)
		wang.says(page, "申请已提交")

		zhou.post(at+"/claim", nil)
		page = zhou.get(at)
		zhou.says(page, "2 处与第 1 次提交不同", "13800138000", "13900139000", "此前已认可，本次不再审核")
		shoot(zhou, "review-again", at)
		zhou.post(at+"/notes", url.Values{"text": {"已电话核实"}})
		form = verdictForm(page, page)
		form.Set("categories.0.decision", "approve")
		form.Set("categories.1.decision", "approve")
		status, page = zhou.post(at+"/decide", form)
		if status != http.StatusOK {
			t.Fatalf("decided: %d\n%s", status, words(page))
		}
		zhou.says(page, "已审结", "已电话核实", "第 2 次提交")
		shoot(zhou, "review-decided", at)
		wang.says(wang.get("/console/application"), "审核已通过", "去签合同", "申请更多类目")
		shoot(wang, "apply-approved", "/console/application")
		zhao.says(zhao.get("/office/applications?show=decided"), "深圳示例科技有限公司")
	})
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// verdictForm is the decision form of a page with "met" on every condition asked.
func verdictForm(_, page string) url.Values {
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(m[1], "verdicts.") || strings.HasPrefix(m[1], "categories.") || m[1] == "version" {
			form.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	for name := range form {
		if at, ok := strings.CutSuffix(name, ".condition"); ok {
			form.Set(at+".result", "met")
		}
	}
	return form
}

// Every page in both languages, with something on it and without: no key is left
// unsaid and no input lacks its label.
func TestApplicationPagesInBothLanguages(t *testing.T) {
	w := newRoom(t, dbtest.SQLite(t))
	wang := w.person(access.Actor{Kind: access.Member, ID: "acc_wang"}, "王芳")
	li := w.person(access.Actor{Kind: access.Member, ID: "acc_li"}, "李雷")
	zhao := w.person(yunshitest.Staff("acc_zhao", access.Reviewer), "赵敏")
	li.post("/console/application/begin", nil)
	wang.fill()
	wang.post("/console/application/submit", nil)
	id := regexp.MustCompile(`app_[a-z0-9]+`).FindString(zhao.get("/office/applications"))
	zhao.post("/office/applications/"+id+"/claim", nil)
	steps := []string{"", "/company", "/documents", "/contact", "/categories", "/agreements", "/company?check=1", "/documents?check=1", "/contact?check=1", "/categories?check=1", "/agreements?check=1"}
	for _, lang := range []string{"zh-CN", "en"} {
		for _, who := range []*reader{wang, li} {
			for _, step := range steps {
				sep := "?"
				if strings.Contains(step, "?") {
					sep = "&"
				}
				page := who.get("/console/application" + step + sep + "lang=" + lang)
				whole(t, step+" "+lang, lang, page)
			}
		}
		for _, path := range []string{"", "?show=mine", "?show=free", "?show=late", "?show=decided", "/" + id} {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			whole(t, path+" "+lang, lang, zhao.get("/office/applications"+path+sep+"lang="+lang))
		}
	}
}

var (
	inputs = regexp.MustCompile(`<(?:input|select|textarea) [^>]*>`)
	idOf   = regexp.MustCompile(` id="([^"]+)"`)
	han    = regexp.MustCompile(`\p{Han}+`)
)

func whole(t *testing.T, name, lang, page string) {
	t.Helper()
	if !strings.Contains(page, `lang="`+lang+`"`) {
		t.Errorf("%s: the page is in another language", name)
	}
	if strings.Count(page, "<h1") != 1 {
		t.Errorf("%s: %d main headings", name, strings.Count(page, "<h1"))
	}
	var seen []string
	for _, in := range inputs.FindAllString(page, -1) {
		m := idOf.FindStringSubmatch(in)
		if m == nil {
			continue
		}
		if slices.Contains(seen, m[1]) {
			t.Errorf("%s: two inputs are called %s", name, m[1])
		}
		seen = append(seen, m[1])
		if !strings.Contains(page, `for="`+m[1]+`"`) && !strings.Contains(in, "aria-label") && !strings.Contains(in, `type="checkbox"`) && !strings.Contains(in, `type="radio"`) {
			t.Errorf("%s: %s has no label", name, in)
		}
	}
	if lang == "en" {
		main := words(page[strings.Index(page, "<main"):])
		for _, s := range han.FindAllString(main, -1) {
			if strings.Contains("深圳示例科技有限公司 执照 合同 架构 有限责任公司 万元 长期 中文 王芳 赵敏", s) {
				continue
			}
			if !ours(s) {
				t.Errorf("%s: Chinese on an English page: %s", name, s)
			}
		}
	}
}

// ours reports whether the words are what the company typed.
func ours(s string) bool {
	for _, form := range []url.Values{companyForm(), contactForm(), {"x": {"部署在云服务器上，附件存对象存储"}}} {
		for _, list := range form {
			for _, v := range list {
				if strings.Contains(v, s) {
					return true
				}
			}
		}
	}
	return false
}
