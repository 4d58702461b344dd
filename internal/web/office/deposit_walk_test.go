package office_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// joined is a person who owns a company approved for categories and under contract.
func joined(t *testing.T, w *world.World, name, phone string, categories ...policy.CategoryID) (account.Account, vendor.Vendor) {
	t.Helper()
	a, v := w.Member(name, phone), yunshitest.Vendor(t, w.DB)
	yunshitest.Qualify(t, w.DB, v.ID, policy.Platform, categories...)
	yunshitest.Contract(t, w.DB, v.ID, yunshitest.Terms{})
	yunshitest.Ask(t, w.DB, v.ID)
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		if err := account.Join(ctx, tx, a.ID, v.ID, access.Owner); err != nil {
			return err
		}
		a, err = account.Load(ctx, tx, a.ID)
		return err
	})
	return a, v
}

func lineID(t *testing.T, w *world.World, state payment.State) string {
	t.Helper()
	var id string
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		lines, err := payment.Lines(ctx, tx, access.SystemActor("test"), payment.Filter{State: state})
		if err == nil && len(lines) == 0 {
			t.Fatalf("no %s line", state)
		}
		if err == nil {
			id = lines[0].ID
		}
		return err
	})
	return id
}

// The deposit by pages alone: asked, voucher, statement, confirmation by a second
// person, receipt, verification. Rules D-5 to D-8.
func TestDepositByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		owner, v := joined(t, w, "zhou", "13800138001", "api", "ops")
		b := w.As(owner)
		b.Get("/console").Want(200, "按缴款通知转账 5,000.00 元", "去缴保证金")
		var state deposit.State
		w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			state, err = deposit.Load(ctx, tx, v.ID)
			return err
		})
		b.Get("/console/deposit").Want(200, "就高：按“运维服务”", state.Reference, "100000000000001", "5,000.00")
		voucher := url.Values{"way": {"online"}, "courier_address": {"北京市海淀区某路 1 号"}, "recipient": {"李雷"}, "recipient_phone": {"123"}}
		p := b.SubmitWith("/console/deposit/vouchers", voucher, map[string][]world.Document{"file": {{Name: "回单.pdf", Data: []byte("%PDF-1.7\nvoucher\n%%EOF\n")}}})
		p.Want(422, "收件人电话", "回单.pdf")
		if p.Input("recipient") != "李雷" {
			t.Error("what was typed is lost")
		}
		voucher.Set("recipient_phone", "13800138000")
		b.SubmitWith("/console/deposit/vouchers", voucher, nil).Want(200, "凭证已提交", "待确认")
		w.Drain()
		mail := w.Message("market@operator.example")
		if want := v.Name + "入驻云市场保证金缴纳通知"; mail.Subject != want || len(mail.Files) != 1 {
			t.Errorf("the prescribed mail (D-6) is “%s” with %d files, want “%s”", mail.Subject, len(mail.Files), want)
		}
		for _, want := range []string{"请开通云市场", "申请开保证金收据", "账号 ID：" + owner.ID, "公司名称：" + v.Name, "快递地址：北京市海淀区某路 1 号", "收件人：李雷", "收件人电话：+8613800138000"} {
			if !strings.Contains(mail.Body, want) {
				t.Errorf("the prescribed mail (D-6) lacks “%s”: %s", want, mail.Body)
			}
		}

		clerk, chief := w.As(w.Staff("clerk", access.Finance)), w.As(w.Staff("chief", access.Finance))
		clerk.Get("/office/deposits/vouchers").Want(200, v.Name, "网上银行")
		body := yunshitest.StatementFile(1,
			yunshitest.Movement{Fen: 500000, Remark: "保证金 " + state.Reference, Payer: v.Company.Name, Account: v.Company.Account.Number},
			yunshitest.Movement{Fen: 30000, Remark: "现金", Payer: "张三"},
			yunshitest.Movement{Fen: -1234, Remark: "手续费", Payer: "银行"})
		upload := func(text string) *world.Page {
			clerk.Get("/office/bank-statements").Want(200)
			return clerk.SubmitWith("/office/bank-statements", nil, map[string][]world.Document{"file": {{Name: "流水.csv", Data: []byte(text)}}})
		}
		upload(strings.Replace(body, "300.00", "三百", 1)).Want(200, "第 3 行", "文件没有入账")
		upload("").Want(200, "文件是空的")
		clerk.Get("/office/bank-statements")
		clerk.SubmitWith("/office/bank-statements", nil, nil).Want(422, "此项必填")
		upload(body).Want(200, "5,300.00", "导入 3 笔", "前几笔", v.Company.Name).Lacks(v.Company.Account.Number)
		clerk.Submit("/office/bank-statements/import", nil).Want(200, "已导入 3 笔流水，其中新增 3 笔", "可确认", "待识别", "支出")
		upload(body).Want(200)
		clerk.Submit("/office/bank-statements/import", nil).Want(409, "导入过")

		line := lineID(t, w, payment.Certain)
		clerk.Get("/office/bank-lines/"+line).Want(200, "由您导入")
		clerk.Post("/office/bank-lines/"+line+"/confirm", url.Values{"vendor": {v.ID}}).Want(200, "须由另一位财务人员确认")
		chief.Get("/office/bank-lines").Want(200, v.Name, "已足额；开具收据")
		chief.Submit("/office/bank-lines/"+line+"/confirm", nil).Want(200, "已确认到账，收据 BZJ-2026-000001")
		chief.Post("/office/bank-lines/"+line+"/confirm", url.Values{"vendor": {v.ID}})
		if chief.Page.Status != 409 {
			t.Errorf("confirmed twice: %d", chief.Page.Status)
		}
		w.Drain()
		b.Get("/console").Want(200, "发布您的商品")
		b.Get("/console/deposit").Want(200, "BZJ-2026-000001", "查看 PDF", "已足额")
		chief.Get("/office/deposits").Want(200, v.Name, "5,000.00")
		chief.Get("/office/deposits/"+v.ID).Want(200, "BZJ-2026-000001", "已确认")
		chief.Get("/office/bank-lines/"+line).Want(200, "chief")

		var receipt deposit.Receipt
		w.Read(func(ctx context.Context, tx *db.Tx) error {
			all, err := deposit.Receipts(ctx, tx, access.SystemActor("test"), v.ID)
			receipt = all[0]
			return err
		})
		visitor := w.Browser()
		visitor.Get("/verify").Want(200, "收据核验")
		visitor.Submit("/verify", url.Values{"code": {strings.ToLower(deposit.Group(receipt.Code))}}).Want(200, "本平台开具", "伍仟元整", "BZJ-2026-000001").Lacks(v.Company.Name)
		visitor.Get("/verify/BZJ-2026-000001").Want(404, "没有找到这张收据")
	})
}

// A doubtful line is assigned by one person, withdrawn, assigned again and confirmed
// by another with a reason. Rules D-5 and D-7.
func TestDoubtfulLineByPages(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t))
	_, v := joined(t, w, "zhou", "13800138001", "api")
	clerkAccount := w.Staff("clerk", access.Finance)
	clerk, chief := w.As(clerkAccount), w.As(w.Staff("chief", access.Finance))
	auditor := w.As(w.Staff("sun", access.Auditor))
	yunshitest.Import(t, w.DB, clerkAccount.Actor(), 1, yunshitest.Movement{Fen: 200000, Remark: "现金存款", Payer: "张三"})
	line := "/office/bank-lines/" + lineID(t, w, payment.Unknown)
	clerk.Get("/office/bank-lines?state=unknown").Want(200, "张三")
	clerk.Get(line).Want(200, "人工指定付款方")
	clerk.Submit(line, url.Values{"q": {"没有这家"}}).Want(200, "没有找到等待缴款的服务商")
	clerk.Submit(line, url.Values{"q": {"测试软件"}}).Want(200, v.Name)
	clerk.Submit(line+"/assign", nil).Want(200, "存疑", "付款户名与公司名称不一致", "D-5", "由clerk指定")
	clerk.Submit(line+"/withdraw", nil).Want(200, "匹配已撤回", "待识别")
	clerk.Submit(line+"/assign", nil).Want(200)
	auditor.Get(line).Want(200, "没有这项权限")
	auditor.Post(line+"/withdraw", url.Values{"subject": {v.ID}}).Want(200, "没有这项权限")
	chief.Get(line).Want(200)
	chief.Submit(line+"/confirm", nil).Want(422, "理由")
	chief.Submit(line+"/confirm", url.Values{"reason": {"已核实，法定代表人代付"}}).Want(200, "已确认到账")
	chief.Get(line).Want(200, "已核实，法定代表人代付")
}

func TestVoucherIsRefusedByPages(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t))
	owner, v := joined(t, w, "zhou", "13800138001", "api")
	b := w.As(owner)
	b.Get("/console/deposit").Want(200)
	b.SubmitWith("/console/deposit/vouchers", url.Values{"way": {"cash"}, "other_payer": {"true"}, "remitter": {"张三"}, "courier_address": {"北京"}, "recipient": {"李雷"}, "recipient_phone": {"13800138000"}},
		map[string][]world.Document{"file": {{Name: "回单.pdf", Data: []byte("%PDF-1.7\nvoucher\n%%EOF\n")}}}).Want(200, "凭证已提交")
	chief := w.As(w.Staff("chief", access.Finance))
	chief.Get("/office/deposits/vouchers").Want(200, "汇款方：张三", "D-5")
	var id string
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		all, err := deposit.Vouchers(ctx, tx, access.SystemActor("test"), v.ID)
		id = all[0].ID
		return err
	})
	chief.Submit("/office/deposits/vouchers/"+id+"/refuse", url.Values{"reason": {""}}).Want(200, "此项必填")
	chief.Submit("/office/deposits/vouchers/"+id+"/refuse", url.Values{"reason": {"凭证看不清金额，请重新拍照上传"}}).Want(200, "凭证已驳回")
	w.Drain()
	b.Get("/console/deposit").Want(200, "已驳回", "凭证看不清金额")
}

// How a bank's files are read can be changed on the page, from what ships.
func TestMappingByPages(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t))
	clerk := w.As(w.Staff("clerk", access.Finance))
	clerk.Get("/office/bank-statements").Want(200, "还没有导入过流水")
	const body = "记账日;发生额;户名;备注\n2026-03-02;12.50;某公司;货款\n"
	clerk.SubmitWith("/office/bank-statements", nil, map[string][]world.Document{"file": {{Name: "x.csv", Data: []byte(body)}}}).Want(200, "文件没有入账")
	fields := url.Values{"name": {"9bad"}, "amounts": {"signed"}, "columns.amount": {"发生额"}, "columns.payer_name": {"户名"}, "columns.remark": {"备注"}, "dates": {"YYYY-MM-DD"}}
	clerk.Submit("/office/bank-statements/mapping", fields).Want(422)
	if got := clerk.Page.Input("columns.amount"); got != "发生额" {
		t.Errorf("what was typed came back as %q", got)
	}
	fields.Set("name", "small")
	clerk.Submit("/office/bank-statements/mapping", fields).Want(200, "读取方式“small”已保存", "12.50", "导入 1 笔")
	clerk.Submit("/office/bank-statements/import", nil).Want(200, "已导入 1 笔流水")
}

// Who does not see money sees none of it.
func TestMoneyIsForFinance(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t))
	reviewer, auditor := w.As(w.Staff("li", access.Reviewer)), w.As(w.Staff("sun", access.Auditor))
	for _, path := range []string{"/office/bank-statements", "/office/bank-lines", "/office/deposits", "/office/deposits/vouchers"} {
		reviewer.Get(path).Want(403)
		auditor.Get(path).Want(200)
	}
	auditor.Post("/office/bank-statements", nil).Want(403)
	auditor.Get("/office/bank-lines/bln_none").Want(404)
}
