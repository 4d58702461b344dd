package ui_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

var noon = time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)

func moments(p text.Printer) []ui.Moment {
	return []ui.Moment{
		{Time: noon, Title: both(p, "运营退回申请，要求补充 1 项", "Sent back: 1 item to mend"), Body: both(p, "镜像服务：行业经验证明看不清日期，请重新上传。", "Image: the date on the evidence cannot be read; please upload it again."), Who: both(p, "陈思远", "Siyuan Chen"), Tone: ui.Bad, Href: "#"},
		{Time: noon.Add(-26 * time.Hour), Title: both(p, "提交入驻申请", "Application submitted"), Who: both(p, "沈一鸣", "Yiming Shen"), Tone: ui.Info},
		{Time: noon.Add(-72 * time.Hour), Title: both(p, "注册账号", "Account registered"), Who: both(p, "沈一鸣", "Yiming Shen"), Tone: ui.OK},
	}
}

func requirements(p text.Printer) []ui.Requirement {
	return []ui.Requirement{
		{State: ui.IsMet, Rule: "E-1", Text: both(p, "企业资质合法有效", "Proper company qualification")},
		{State: ui.WithFault, Rule: "E-3", Text: both(p, "本行业服务经验满两年", "Two years of experience in the trade"), Reason: both(p, "证明文件看不清日期", "The date on the evidence cannot be read"), Mend: both(p, "上传清晰的合同首页或发票", "Upload a clear contract cover or invoice"), Act: ui.Act{Label: both(p, "去修改", "Mend it"), Href: "#", Main: true}},
		{State: ui.NotMet, Rule: "E-2", Text: both(p, "每周至少五天、每天至少八小时在线客服", "At least 5 days × 8 hours of service"), Reason: both(p, "目前只有 4 天满 8 小时", "Only 4 days have 8 hours"), Act: ui.Act{Label: both(p, "改服务时间", "Change the hours"), Href: "#"}},
		{State: ui.InReview, Rule: "E-4", Text: both(p, "全部服务基于本云产品", "All services are built on this cloud")},
		{State: ui.WaitsYou, Rule: "D-1", Text: both(p, "缴纳保证金", "Pay the deposit"), Act: ui.Act{Label: both(p, "去缴纳", "Pay"), Href: "#"}},
	}
}

func consoleSheet(p text.Printer) (ui.Page, templ.Component) {
	page, _ := formSheet(p)
	page.Title = both(p, "首页", "Home")
	page.Company = both(p, "内蒙古呼伦贝尔大草原智慧农牧业信息技术服务与数字化转型咨询（集团）股份有限公司", "Inner Mongolia Hulunbuir Grassland Smart Agriculture & Animal Husbandry Information Technology Services (Group) Co., Ltd.")
	page.Stage = ui.Status{Label: both(p, "待缴保证金", "Deposit due"), Tone: ui.Warn}
	page.Banner = both(p, "演示数据：关闭程序即消失", "Demo data: gone when the program stops")
	body := stack(
		ui.PageHead(ui.Head{Title: both(p, "您好，沈一鸣", "Hello, Yiming")}),
		ui.Next(ui.NextStep{Title: both(p, "缴纳保证金 5,000.00 元", "Pay the deposit of 5,000.00 CNY"), Why: both(p, "保证金到账后，您待审的 2 个商品会进入上架审核。", "Once it has arrived, your 2 waiting products go into review."), Then: both(p, "财务在到账后一个工作日内确认", "Finance confirms within one working day of arrival"), Until: both(p, "12月6日前", "by 6 Dec"), Act: ui.Act{Label: both(p, "查看汇款信息", "How to transfer"), Href: "#"}}),
		in(ui.Card(""), ui.Steps(both(p, "入驻进度", "Progress"), []ui.Step{{Label: both(p, "提交资料", "Apply"), State: ui.Done, Href: "#"}, {Label: both(p, "资质审核", "Review"), State: ui.Done, Href: "#"}, {Label: both(p, "签约", "Contract"), State: ui.Done, Href: "#"}, {Label: both(p, "保证金", "Deposit"), State: ui.Now}, {Label: both(p, "上架", "Shelf")}})),
		div("split",
			in(ui.Card(both(p, "上架前还差什么", "What is missing before you can sell")), ui.Requirements(requirements(p))),
			stack(
				in(ui.Card(both(p, "汇款信息", "Transfer"), ui.Act{Label: both(p, "打印", "Print"), Href: "#", Quiet: true}), ui.Facts([]ui.Fact{
					{Term: both(p, "金额", "Amount"), Is: ui.BigAmount(money.CNY(500000)), Wide: true},
					{Term: both(p, "汇款附言", "Remark"), Is: div("copy-big", ui.Copy("YS7K3M9P2Q4")), Wide: true},
					{Term: both(p, "收款账户", "Payee"), Value: both(p, "示例云市运营有限公司", "Example Yunshi Operator Ltd."), Wide: true},
					{Term: both(p, "账号", "Account"), Value: "1109 2233 4455 6677", Copy: true, Wide: true},
				})),
				in(ui.Card(both(p, "动态", "What happened")), ui.Timeline(moments(p))),
			)),
	)
	return page, body
}

func reviewSheet(p text.Printer) (ui.Page, templ.Component) {
	page, _ := officeSheet(p)
	page.Title, page.Flash = both(p, "杭州云软件有限公司", "Hangzhou Yunruan Software"), nil
	f := ui.Form{}
	verdict := func(name, rule, label, preset string) templ.Component {
		return in(ui.Section(label, ""), stack(
			ui.Radios(f.Field(name, both(p, "结论", "Verdict")+" "+rule).Or(preset), []ui.Option{{Value: "met", Label: both(p, "符合", "Met"), Tone: ui.OK}, {Value: "not", Label: both(p, "不符合", "Not met"), Tone: ui.Bad}, {Value: "ask", Label: both(p, "待补充", "Ask")}}),
			ui.Text(f.Field(name+".reason", both(p, "理由", "Reason")).Help(both(p, "服务商会看到", "The vendor sees this"))),
		))
	}
	docs := []ui.Document{
		{Label: both(p, "营业执照", "Licence"), Name: "logo.svg", Href: "/assets/logo.svg", Pick: "#", Image: true, Note: both(p, "1.2 MB · 沈一鸣上传于 11月20日", "1.2 MB · uploaded by Yiming Shen on 20 Nov")},
		{Label: both(p, "经验证明", "Evidence"), Href: "#", Pick: "#"}, {Label: both(p, "承诺书", "Declaration"), Href: "#", Pick: "#"},
	}
	body := stack(
		ui.PageHead(ui.Head{Crumbs: []ui.NavItem{{Label: both(p, "入驻审核", "Applications"), Href: "#"}, {Label: page.Title}}, Title: page.Title, Status: ui.Status{Label: both(p, "审核中", "In review"), Tone: ui.Info}}),
		ui.Tabs(both(p, "申请的部分", "Parts"), []ui.NavItem{{Label: both(p, "审核", "Review"), Href: "#", Current: true}, {Label: both(p, "公司资料", "Company"), Href: "#"}, {Label: both(p, "内部备注", "Notes"), Href: "#", Count: 2}, {Label: both(p, "历史", "History"), Href: "#"}}),
		in(ui.Beside(docs, 0),
			in(ui.Card(both(p, "与执照核对", "Compare with the licence")), ui.Facts([]ui.Fact{
				{Term: both(p, "公司全称", "Company"), Value: page.Title, Changed: true, Was: both(p, "杭州云软件科技有限公司", "Hangzhou Yunruan Technology")},
				{Term: both(p, "统一社会信用代码", "USCC"), Value: "91330106MA2B0K4X2Q", Copy: true},
				{Term: both(p, "注册资本", "Capital"), Is: ui.Amount(money.CNY(100000000))}, {Term: both(p, "官网", "Site")},
			})),
			in(ui.Card(both(p, "镜像服务", "Image")), form(verdict("e3", "E-3", both(p, "行业经验满两年", "Two years' experience"), "met"), verdict("e4", "E-4", both(p, "基于本云产品", "Built on this cloud"), "not"))),
			div("row",
				in(ui.Confirm(ui.Confirmation{ID: "c-ok", Label: both(p, "通过", "Approve"), Main: true, Title: both(p, "通过这份申请？", "Approve this application?"), Effect: both(p, "将通过镜像服务 1 个类目，合同发往两个邮箱，服务商收到短信。", "Approves 1 category; the contract goes to both mailboxes and the vendor gets an SMS."), Action: "#", Do: both(p, "通过并发送合同", "Approve and send the contract")})),
				in(ui.Confirm(ui.Confirmation{ID: "c-bad", Label: both(p, "退回", "Send back"), Bad: true, Title: both(p, "退回给服务商？", "Send back?"), Effect: both(p, "服务商会看到每一项理由。", "The vendor sees each reason."), Action: "#", Do: both(p, "退回", "Send back")}), ui.Textarea(f.Field("note", both(p, "说明", "Note")).UpTo(200))),
				ui.Confirm(ui.Confirmation{ID: "c-off", Label: both(p, "拒绝", "Refuse"), Off: true, OffNote: both(p, "先给出结论", "Give the verdicts first")}),
			)),
	)
	return page, body
}

func dashboardSheet(p text.Printer) (ui.Page, templ.Component) {
	page, _ := officeSheet(p)
	page.Title, page.Flash = both(p, "总览", "Overview"), nil
	var days []string
	var a, b []float64
	for i := range 14 {
		days = append(days, p.Date(noon.AddDate(0, 0, i-13)))
		a, b = append(a, float64((i*7)%11+4+i)), append(b, float64((i*5)%7+2))
	}
	queue := []ui.Bar{{Label: both(p, "入驻审核", "Applications"), Value: 12, Note: both(p, "最久 3 天", "longest 3 days"), Href: "#", Tone: ui.Warn}, {Label: both(p, "保证金到账", "Deposits"), Value: 5, Href: "#"}, {Label: both(p, "商品审核", "Products"), Value: 0, Href: "#"}}
	way := []ui.Bar{{Label: both(p, "注册", "Registered"), Value: 420}, {Label: both(p, "提交申请", "Applied"), Value: 260}, {Label: both(p, "通过", "Approved"), Value: 181}, {Label: both(p, "签约", "Signed"), Value: 160}, {Label: both(p, "上架", "On the shelf"), Value: 117}}
	body := stack(
		ui.PageHead(ui.Head{Title: page.Title, Lead: both(p, "截至今天 12:00", "As of 12:00 today")}),
		ui.Figures([]ui.Figure{
			{Label: both(p, "待审核", "Waiting"), Value: "12", Note: both(p, "1 份已超过承诺时间", "1 is past its promise"), Tone: ui.Bad, Href: "#"},
			{Label: both(p, "待确认保证金", "Deposits to confirm"), Value: "5", Note: both(p, "平均 0.6 天", "0.6 days on average"), Href: "#"},
			{Label: both(p, "在管保证金", "Deposit held"), Value: "1,283,400.00", Unit: both(p, "元", "CNY")},
			{Label: both(p, "在架商品", "Products on the shelf"), Value: "1,117", Note: both(p, "本周 +38", "+38 this week"), Tone: ui.OK},
		}),
		div("cols", in(ui.Card(both(p, "各队列", "Queues")), ui.Bars(queue)), in(ui.Card(both(p, "入驻漏斗（90 天）", "Onboarding, 90 days")), ui.Funnel(way))),
		in(ui.Card(both(p, "每天的申请与通过", "Applications by day")), ui.Lines(ui.Plot{Title: both(p, "每天的申请", "Applications by day"), Labels: days, Series: []ui.Series{{Name: both(p, "申请", "Applied"), Values: a}, {Name: both(p, "通过", "Approved"), Values: b}}})),
		div("cols", in(ui.Card(both(p, "一条线", "One line")), ui.Lines(ui.Plot{Title: "1", Labels: days, Series: []ui.Series{{Name: both(p, "申请", "Applied"), Values: a}}})), in(ui.Card(both(p, "没有数据", "Nothing yet")), ui.Lines(ui.Plot{}))),
	)
	return page, body
}

func partsSheet(p text.Printer) (ui.Page, templ.Component) {
	page, _ := officeSheet(p)
	page.Title, page.Flash, page.Company = both(p, "全部部件", "All parts"), nil, ""
	var tags, notices, acts []templ.Component
	for _, tone := range []ui.Tone{ui.Neutral, ui.OK, ui.Info, ui.Warn, ui.Bad} {
		tags = append(tags, ui.Tag(tone, both(p, "状态 ", "state ")+string(tone)))
		notices = append(notices, in(ui.Notice(tone, both(p, "汇款已到账，等财务确认", "The transfer has arrived and waits for finance")), templ.Raw("<p>"+both(p, "一个工作日内有结果。", "Expect an answer within one working day.")+"</p>")))
	}
	tags = append(tags, ui.Mark(both(p, "镜像服务", "Image")), ui.Changed(), ui.Difference("4,000.00", "5,000.00"))
	label := both(p, "保存", "Save")
	for _, a := range []ui.Act{{Main: true}, {}, {Quiet: true}, {Bad: true}, {Bad: true, Main: true}, {Off: true}, {Icon: "plus", Main: true}, {Open: "drawer"}} {
		a.Label, a.Href = label, "#"
		acts = append(acts, ui.Link(a))
	}
	var drawn strings.Builder
	for _, n := range ui.Icons() {
		fmt.Fprintf(&drawn, `<span class="tool" title="%s">`, n)
		if err := ui.Icon(n).Render(context.Background(), &drawn); err != nil {
			panic(err)
		}
		drawn.WriteString("</span>")
	}
	wide := ui.Table{Caption: both(p, "宽表", "Wide table"), Wide: true, Columns: []ui.Column{{Label: both(p, "日期", "Date"), Tight: true}, {Label: both(p, "对方户名", "Payer")}, {Label: both(p, "附言", "Remark")}, {Label: both(p, "金额", "Amount"), Align: ui.End}, {Label: both(p, "操作", "Acts"), Unseen: true, Tight: true}}, Foot: []templ.Component{ui.S(both(p, "合计", "Total")), ui.S(""), ui.S(""), ui.Amount(money.CNY(1000000)), ui.S("")}}
	for _, tone := range []ui.Tone{ui.OK, ui.Warn, ui.Bad, ui.Neutral} {
		wide.Rows = append(wide.Rows, ui.Row{Tone: tone, Cells: []templ.Component{ui.When(noon, time.Time{}), ui.Two(page.Market+both(p, "杭州云软件有限公司", "Hangzhou Yunruan Software"), "6222 **** 8888"), ui.S("YS7K3M9P2Q4"), ui.Amount(money.CNY(250000)), ui.Link(ui.Act{Label: both(p, "匹配", "Match"), Href: "#"})}})
	}
	body := stack(
		ui.PageHead(ui.Head{Title: page.Title}),
		in(ui.Card(both(p, "按钮", "Buttons")), div("row", acts...)),
		in(ui.Card(both(p, "标记", "Marks")), div("row", tags...)),
		in(ui.Card(both(p, "提示", "Notices")), stack(notices...)),
		in(ui.Card(both(p, "图标", "Icons")), templ.Raw(`<div class="row">`+drawn.String()+`</div>`)),
		in(ui.CardFlush(both(p, "宽表", "Wide table")), ui.List(wide)),
		div("cols",
			in(ui.Card(both(p, "零件", "Small parts")), stack(ui.Person(both(p, "陈思远", "Siyuan Chen"), both(p, "资质审核员", "Reviewer")), ui.Copy("91330106MA2B0K4X2Q"), ui.Progress(both(p, "已填", "Filled in"), 7, 12), ui.Amount(money.CNY(123456789)), ui.When(noon.Add(-50*time.Hour), noon), in(ui.Disclose(both(p, "为什么要填这个", "Why do we ask"), true), ui.S(both(p, "用于核对汇款人。", "To match the payer."))))),
			in(ui.Card(both(p, "选项", "Choices")), form(
				ui.Select(ui.Form{}.Field("sel", both(p, "分组选择", "Grouped")), "", []ui.Option{{Value: "1", Label: "A", Group: "I"}, {Value: "2", Label: "B", Group: "I"}, {Value: "3", Label: "C", Group: "II"}}),
				ui.Select(ui.Form{Fixed: true}.Field("sel2", both(p, "不可改", "Fixed")), "", []ui.Option{{Value: "1", Label: "A"}}),
				ui.RadioCards(ui.Form{Fixed: true}.Field("rad", both(p, "不可改", "Fixed")).Help(both(p, "签约后不能改", "Fixed by the contract")), []ui.Option{{Value: "1", Label: both(p, "普通模式", "Platform")}, {Value: "2", Label: both(p, "代销模式", "Resale")}}),
				ui.Text(ui.Form{}.Field("n", both(p, "期限", "Term")).Around("", both(p, "年", "years"))),
			)),
		),
		ui.Next(ui.NextStep{Waits: true, Title: both(p, "运营正在审核您的申请", "Your application is being reviewed"), Why: both(p, "结果会发到您的手机和邮箱。", "We will tell you by SMS and mail."), Until: both(p, "11月25日前", "by 25 Nov")}),
		in(ui.Drawer("drawer", both(p, "流水详情", "Bank line")), ui.Facts([]ui.Fact{{Term: both(p, "附言", "Remark"), Value: "YS7K3M9P2Q4"}})),
	)
	return page, body
}
