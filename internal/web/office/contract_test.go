package office_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// signatory registers the owner of a company that is approved for categories.
func signatory(t testing.TB, w *world.World, name, phone, company string, mode policy.Mode, categories ...policy.CategoryID) account.Account {
	t.Helper()
	a := w.Member(name, phone)
	day := []calendar.Span{{From: 9 * 60, To: 18 * 60}}
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		v, err := vendor.Register(ctx, tx, a.Actor())
		if err != nil {
			return err
		}
		c := vendor.Company{Name: company, LegalPerson: "陈立", Contact: vendor.Contact{Name: "王芳", Phone: phone, Mail: name + "@contact.example"},
			ServiceMail: name + "@service.example", ServicePhone: "0571-88886666", Address: "浙江省杭州市西湖区文三路 478 号",
			Account: vendor.BankAccount{Holder: company, Bank: "招商银行", Branch: "杭州分行文三支行", Number: "571900123410801"},
			Hours:   calendar.Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day}}
		if err := vendor.Update(ctx, tx, access.SystemActor("test"), v.ID, c); err != nil {
			return err
		}
		a, err = account.Load(ctx, tx, a.ID)
		return err
	})
	yunshitest.Qualify(t, w.DB, a.VendorID, mode, categories...)
	return a
}

// Rules O-4, M-3, M-4: staff take a vendor from the queue, see the document that the
// form makes, mend what is wrong, send it, withdraw it, and send another; the vendor
// signs it on its page with a code by SMS.
func TestContractByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		lin := w.As(w.Staff("lin", access.Contracts))
		auditor := w.As(w.Staff("sun", access.Auditor))
		zhou := signatory(t, w, "zhou", "13800138001", "杭州云帆软件技术服务有限公司", policy.Resale, "software", "ops")
		owner := w.As(zhou)
		owner.Get("/console/contract").Want(200, "合同正在准备", "2026年3月4日")
		lin.Get("/office/contracts").Want(200, "杭州云帆软件技术服务有限公司", "代销模式", "待发合同", "无人领取")
		page := lin.Get("/office/contracts/new?vendor="+zhou.VendorID).Want(200, "领取", "运维服务、软件服务")
		if page.Input("rate") != "20%" || page.Input("deposit") != "5,000.00" || page.Input("months") != "12" {
			t.Errorf("the form begins with %s, %s, %s", page.Input("rate"), page.Input("deposit"), page.Input("months"))
		}
		lin.Submit("/office/contracts/claim", nil).Want(200, "已领取", "放回待办")
		lin.Submit("/office/contracts/new", url.Values{"rate": {"七成"}, "months": {"0x"}}).Want(422, "百分数")
		page = lin.Submit("/office/contracts/new", url.Values{"rate": {"8.5"}, "deposit": {"0"}, "months": {"24"}, "terms": {"首年免收推广费。"}, "act": {"preview"}}).Want(200, "更新预览")
		if page.Input("rate") != "8.5" || page.Input("deposit") != "0" {
			t.Error("the preview forgets what was typed")
		}
		if p := lin.Get("/office/contracts/preview?vendor_id=" + zhou.VendorID + "&rate=8.5&deposit=0&months=24").Want(200); !strings.HasPrefix(p.Header.Get("Content-Type"), "application/pdf") {
			t.Errorf("the preview is %s", p.Header.Get("Content-Type"))
		}
		auditor.Get("/office/contracts/new?vendor=" + zhou.VendorID).Want(200).Lacks("发出合同 更新预览")
		lin.Get("/office/contracts/new?vendor=" + zhou.VendorID)
		lin.Submit("/office/contracts/new", url.Values{"rate": {"8.5"}, "deposit": {"0"}, "months": {"24"}, "terms": {"首年免收推广费。"}}).Want(200, "YSHT-2026-000001", "已发出", "生成中")
		owner.Get("/console/contract").Want(200, "合同文件生成中")
		w.Drain()
		for _, box := range []string{"contact.example", "service.example"} { // both mailboxes
			if m := w.Message(box); len(m.Files) != 1 {
				t.Errorf("the mail to %s has %d documents", box, len(m.Files))
			}
		}
		list := lin.Get("/office/contracts?show=offered").Want(200, "YSHT-2026-000001", "8.5%", "待签署")
		detail := ""
		for _, l := range list.Links() {
			if strings.HasPrefix(l, "/office/contracts/ctr_") {
				detail = l
			}
		}
		lin.Get(detail).Want(200, "等待服务商签署", "首年免收推广费。", "本合同不收取", "撤回合同")
		lin.Submit(detail+"/withdraw", nil).Want(422, "请写明原因")
		lin.Submit(detail+"/withdraw", url.Values{"reason": {"客服邮箱有误"}}).Want(200, "已撤回", "客服邮箱有误", "另发新合同")
		owner.Get("/console/contract").Want(200, "合同正在准备")

		lin.Get("/office/contracts/new?vendor=" + zhou.VendorID)
		lin.Submit("/office/contracts/new", url.Values{"rate": {"8.5"}}).Want(200, "YSHT-2026-000002")
		w.Drain()
		owner.Get("/console/contract").Want(200, "在线签署", "纸质签署", "138****8001", "8.5%", "客服邮箱有误", "确认有权代表“杭州云帆软件技术服务有限公司”")
		owner.Submit("/console/contract/sign", url.Values{"code": {"123456"}, "consent": {"true"}}).Want(422, "没有有效的验证码")
		owner.Get("/console/contract")
		owner.Post("/console/contract/code", nil).Want(200, "验证码已发送至 138****8001")
		w.Drain()
		owner.Submit("/console/contract/sign", url.Values{"code": {w.Code("8001")}}).Want(422, "请阅读合同并勾选同意")
		owner.Submit("/console/contract/sign", url.Values{"code": {w.Code("8001")}, "consent": {"true"}}).Want(200, "合同已签署", "签署件生成中")
		w.Drain()
		done := owner.Get("/console/contract").Want(200, "已签署", "下载签署件", "2026年3月2日 至 2027年3月2日", "缴纳保证金", "YSHT-2026-000001").Lacks("短信验证码 *")
		for _, l := range done.Links() {
			if strings.HasPrefix(l, "/files/") {
				owner.Get(l).Want(200)
			}
		}
		owner.Get("/console/contract?lang=en").Want(200, "Signed online", "Download the signed copy", "2 Mar 2026 to 2 Mar 2027")
		lin.Get("/office/contracts?show=signed").Want(200, "杭州云帆软件技术服务有限公司", "2027年3月2日")
		lin.Get("/office/contracts").Want(200, "没有待处理的合同")
	})
}

// A queue longer than a page goes on with the next.
func TestContractQueueByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		lin := w.As(w.Staff("lin", access.Contracts))
		for range 51 {
			yunshitest.Qualify(t, d, yunshitest.Vendor(t, d).ID, policy.Platform, "image")
		}
		offers := func(p *world.Page) (n int, next string) {
			for _, l := range p.Links() {
				switch {
				case strings.HasPrefix(l, "/office/contracts/new?vendor="):
					n++
				case strings.Contains(l, "cursor=") && !strings.Contains(l, "lang="):
					next = l
				}
			}
			return n, next
		}
		n, next := offers(lin.Get("/office/contracts").Want(200))
		if n != 50 || next == "" {
			t.Fatalf("the first page has %d vendors and goes on at %q", n, next)
		}
		if n, next := offers(lin.Get(next).Want(200)); n != 1 || next != "" {
			t.Errorf("the second page has %d vendors and goes on at %q", n, next)
		}
		lin.Get("/office/contracts?cursor=nonsense").Want(422)
	})
}

// Rule O-4: signed on paper, sent back once, uploaded again and confirmed, by pages.
func TestPaperContractByPages(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t))
	lin := w.As(w.Staff("lin", access.Contracts))
	xu := w.As(w.Staff("xu", access.Contracts))
	zhou := signatory(t, w, "zhou", "13800138001", "杭州云帆软件技术服务有限公司", policy.Platform, "image")
	owner := w.As(zhou)
	lin.Get("/office/contracts/new?vendor="+zhou.VendorID).Want(200, "平台模式统一费率")
	lin.Submit("/office/contracts/new", url.Values{"lang": {"both"}}).Want(200)
	w.Drain()
	owner.Get("/console/contract")
	owner.SubmitWith("/console/contract/scan", nil, nil).Want(422, "请上传签字盖章后的合同扫描件")
	owner.Get("/console/contract")
	bad := map[string][]world.Document{"file": {{Name: "合同.pdf", Data: []byte("not a pdf at all")}}}
	owner.SubmitWith("/console/contract/scan", nil, bad).Want(422)
	owner.Get("/console/contract")
	good := map[string][]world.Document{"file": {{Name: "合同.pdf", Data: []byte("%PDF-1.7\nsigned by hand\n%%EOF\n")}}}
	owner.SubmitWith("/console/contract/scan", nil, good).Want(200, "扫描件已提交", "等待运营方确认")
	page := lin.Get("/office/contracts").Want(200, "待确认纸质件", "YSHT-2026-000001")
	detail := ""
	for _, l := range page.Links() {
		if strings.HasPrefix(l, "/office/contracts/ctr_") {
			detail = l
		}
	}
	lin.Get(detail).Want(200, "确认纸质合同", "签署件扫描件")
	lin.Submit("/office/contracts/claim", nil).Want(200, "已领取")
	xu.Get(detail).Want(200, "lin 处理")
	xu.Submit(detail+"/confirm", url.Values{"signed_on": {"2026-03-02"}}).Want(200, "没有执行")
	lin.Submit(detail+"/return", url.Values{"why": {""}}).Want(422, "请写明原因")
	lin.Submit(detail+"/return", url.Values{"why": {"缺最后一页"}}).Want(200, "扫描件已退回")
	owner.Get("/console/contract").Want(200, "扫描件未被接受", "缺最后一页")
	lin.Get(detail).Want(200, "代为上传")
	lin.SubmitWith(detail+"/scan", nil, good).Want(200, "扫描件已提交")
	lin.Submit(detail+"/confirm", url.Values{"signed_on": {"2026-03-09"}}).Want(422, "不能晚于今天")
	lin.Submit(detail+"/confirm", url.Values{"signed_on": {"2026-03-02"}}).Want(200, "合同已确认生效", "纸质签署")
	owner.Get("/console/contract").Want(200, "纸质签署", "下载签署件")
	w.As(w.Staff("zhao", access.Reviewer)).Get(detail).Want(200).Lacks("撤回合同", "领取")
}
