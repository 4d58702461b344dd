package ui_test

import (
	"net/url"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

var sheets = []sheet{
	{"office", officeSheet},
	{"review", reviewSheet},
	{"dashboard", dashboardSheet},
	{"console", consoleSheet},
	{"form", formSheet},
	{"parts", partsSheet},
	{"shop", shopSheet},
	{"product", productSheet},
	{"signin", signinSheet},
}

func officeNav(p text.Printer) []ui.NavItem {
	work, rest := both(p, "待办", "Work"), both(p, "查询", "Look up")
	return []ui.NavItem{
		{Label: both(p, "总览", "Overview"), Href: "#", Icon: "chart"},
		{Label: both(p, "入驻审核", "Applications"), Href: "#", Icon: "inbox", Count: 12, Current: true, Group: work},
		{Label: both(p, "合同签署", "Contracts"), Href: "#", Icon: "contract", Count: 3, Group: work},
		{Label: both(p, "保证金到账", "Deposits"), Href: "#", Icon: "deposit", Count: 5, Group: work},
		{Label: both(p, "商品审核", "Products"), Href: "#", Icon: "box", Group: work},
		{Label: both(p, "服务商", "Vendors"), Href: "#", Icon: "company", Group: rest},
		{Label: both(p, "银行流水", "Bank statements"), Href: "#", Icon: "bank", Group: rest},
		{Label: both(p, "消息", "Messages"), Href: "#", Icon: "mail", Group: rest},
	}
}

func officeSheet(p text.Printer) (ui.Page, templ.Component) {
	page := ui.Page{
		Room: ui.Office, Title: both(p, "入驻审核", "Applications"), Nav: officeNav(p),
		Actor: ui.Actor{Name: both(p, "陈思远", "Siyuan Chen"), Role: both(p, "资质审核员", "Reviewer")},
		Flash: []ui.Flash{{Tone: ui.OK, Text: both(p, "已通过杭州云软件有限公司的 2 个类目，合同已发往两个邮箱", "Approved 2 categories of Hangzhou Yunruan; the contract went to both mailboxes"), Act: ui.Act{Label: both(p, "查看合同", "See the contract"), Href: "#"}}},
	}
	tb := ui.Table{
		Caption: both(p, "等待审核的入驻申请", "Applications waiting for review"), Keys: true,
		Columns: []ui.Column{
			{Label: both(p, "服务商", "Vendor")}, {Label: both(p, "类目", "Categories")}, {Label: both(p, "状态", "State")},
			{Label: both(p, "保证金", "Deposit"), Align: ui.End}, {Label: both(p, "等了多久", "Waiting"), Sort: "#", Sorted: "descending"}, {Label: both(p, "办理人", "Who has it")},
		},
	}
	for i, n := range []struct{ zh, en string }{
		{"杭州云软件有限公司", "Hangzhou Yunruan Software Co., Ltd."}, {"北京数安科技有限公司", "Beijing Shu'an Technology"},
		{"内蒙古呼伦贝尔大草原智慧农牧业信息技术服务与数字化转型咨询（集团）股份有限公司", "Inner Mongolia Hulunbuir Grassland Smart Agriculture & Animal Husbandry Information Technology Services (Group) Co., Ltd."},
		{"上海运维通网络科技有限公司", "Shanghai OpsPass Network"}, {"深圳智联信息技术有限公司", "Shenzhen Zhilian IT"},
	} {
		st := []ui.Status{{both(p, "待审核", "Waiting"), ui.Warn}, {both(p, "审核中", "In review"), ui.Info}, {both(p, "已退回", "Sent back"), ui.Bad}, {both(p, "已通过", "Approved"), ui.OK}, {both(p, "草稿", "Draft"), ui.Neutral}}[i%5]
		tb.Rows = append(tb.Rows, ui.Row{Href: "#", Cells: []templ.Component{
			ui.S(both(p, n.zh, n.en)), ui.S(both(p, "镜像服务、API 市场", "Image, API")), ui.StatusTag(st),
			ui.S("5,000.00"), ui.Two(both(p, "3 天", "3 days"), both(p, "承诺 11月25日前", "promised by 25 Nov")), ui.S(both(p, "陈思远", "Siyuan Chen")),
		}})
	}
	body := stack(
		ui.PageHead(ui.Head{Title: page.Title, Lead: both(p, "按等待时间排列，最久的在前。", "Longest waiting first."), Acts: []ui.Act{{Label: both(p, "导出", "Export"), Href: "#", Icon: "download"}, {Label: both(p, "领取下一份", "Claim the next"), Href: "#", Main: true}}}),
		in(ui.CardFlush(""),
			in(ui.Filters(ui.Filter{Action: "#", Clear: "#"}), ui.FilterSearch("q", both(p, "公司名称或信用代码", "Company or USCC"), ""), ui.FilterSelect("state", both(p, "状态", "State"), "", both(p, "全部", "All"), []ui.Option{{Value: "w", Label: both(p, "待审核", "Waiting")}}), ui.FilterDate("from", both(p, "提交日期从", "Submitted from"), "")),
			ui.List(tb), ui.Pager(ui.Turn{First: "#", Next: "#", Note: both(p, "第 21–25 条，共约 1,300 条", "21–25 of about 1,300")})),
		in(ui.CardFlush(both(p, "空列表", "Empty list")), ui.List(ui.Table{Blank: ui.Blank{Title: both(p, "没有待审核的申请", "Nothing waits for review"), Body: both(p, "服务商提交后会出现在这里，最久的排在最前。", "Applications appear here when vendors submit them."), Act: ui.Act{Label: both(p, "看已办的", "See what was done"), Href: "#"}}})),
	)
	return page, body
}

func formSheet(p text.Printer) (ui.Page, templ.Component) {
	page := ui.Page{
		Room: ui.Console, Title: both(p, "公司资料", "Company"), Company: both(p, "杭州云软件有限公司", "Hangzhou Yunruan Software Co., Ltd."),
		Stage: ui.Status{Label: both(p, "待补充资料", "Sent back"), Tone: ui.Warn},
		Nav:   []ui.NavItem{{Label: both(p, "首页", "Home"), Href: "#", Icon: "home"}, {Label: both(p, "入驻申请", "Application"), Href: "#", Icon: "edit", Current: true}, {Label: both(p, "合同", "Contract"), Href: "#", Icon: "contract"}, {Label: both(p, "保证金", "Deposit"), Href: "#", Icon: "deposit"}, {Label: both(p, "商品", "Products"), Href: "#", Icon: "box"}},
		Actor: ui.Actor{Name: both(p, "沈一鸣", "Yiming Shen"), Role: "shen@yunruan.example"},
	}
	var bad fault.Fields
	bad.AddRule("E-1", "/company/uscc", "fault.invalid")
	bad.Add("/mode", "fault.invalid")
	bad.Add("/hours/tue/0", "fault.invalid")
	f := ui.Form{
		Values: url.Values{"company.name": {both(p, "杭州云软件有限公司", "Hangzhou Yunruan")}, "company.uscc": {"91330106MA2B0K4X2Q"}, "categories": {"image"}, "hours.mon.0.from": {"09:00"}, "hours.mon.0.to": {"12:00"}, "hours.mon.1.from": {"13:00"}, "hours.mon.1.to": {"18:30"}, "hours.tue.0.from": {"09:00"}, "hours.tue.0.to": {"09:00"}, "intro": {both(p, "我们做数据库镜像。", "We build database images.")}},
		Errors: ui.ErrorsOf(p, bad.Err()), Was: map[string]string{"company.name": both(p, "杭州云软件科技有限公司", "Hangzhou Yunruan Technology")},
	}
	cats := []ui.Option{{Value: "image", Label: both(p, "镜像服务", "Image"), Note: both(p, "预装好软件的云主机镜像", "Machine images with software installed")}, {Value: "ops", Label: both(p, "运维服务", "Operations"), Note: both(p, "由人交付的运维、迁移与咨询", "Operations, migration and advice by people")}, {Value: "software", Label: both(p, "软件服务", "Software"), Note: both(p, "开通即用的软件", "Software ready to use")}}
	body := stack(
		ui.PageHead(ui.Head{Crumbs: []ui.NavItem{{Label: both(p, "入驻申请", "Application"), Href: "#"}, {Label: page.Title}}, Title: page.Title}),
		ui.Steps(both(p, "申请步骤", "Steps of the application"), []ui.Step{{Label: both(p, "协议", "Agreements"), Href: "#", State: ui.Done}, {Label: page.Title, State: ui.Now}, {Label: both(p, "类目与材料", "Categories"), Href: "#", State: ui.Wrong}, {Label: both(p, "自查", "Self-check"), Note: both(p, "约 2 分钟", "about 2 min")}, {Label: both(p, "提交", "Submit")}}),
		in(ui.Card(""), form(
			ui.Summary(f.Errors),
			in(ui.Section(both(p, "营业执照", "Business licence"), both(p, "照营业执照填写。", "As on the licence.")),
				in(ui.Fields(),
					ui.Text(f.Field("company.name", both(p, "公司全称", "Full company name")).Must().Auto("organization")),
					ui.Text(f.Field("company.uscc", both(p, "统一社会信用代码", "Unified social credit code")).Must().Help(both(p, "18 位，在执照正面", "18 characters, on the front")).UpTo(18)),
					ui.Date(f.Field("company.founded", both(p, "成立日期", "Founded")).Must()),
					ui.Money(f.Field("company.capital", both(p, "注册资本", "Registered capital")).Or("1,000,000.00")),
					ui.Tel(f.Field("contact.phone", both(p, "联系人手机", "Contact's phone")).Ask("138 0013 8000")),
					ui.Text(f.Field("site", both(p, "官网", "Web site")).May().As("url").Around("https://", "")),
					ui.Select(f.Field("trade", both(p, "所属行业", "Trade")), both(p, "请选择", "Choose"), []ui.Option{{Value: "a", Label: both(p, "软件和信息技术", "Software and IT")}}),
					ui.Textarea(f.Field("intro", both(p, "公司简介", "About the company")).UpTo(500).Broad()),
				)),
			in(ui.Section(both(p, "类目与合作模式", "Categories and mode"), ""),
				ui.CheckCards(f.Field("categories", both(p, "申请的类目", "Categories")).Must(), cats),
				ui.RadioCards(f.Field("mode", both(p, "合作模式", "Mode")).Must(), cats[:2]),
				ui.Check(f.Field("accept", both(p, "已阅读并接受《云市服务商入驻协议》", "I have read and accept the access agreement")).Must()),
			),
			in(ui.Section(both(p, "材料与服务时间", "Evidence and service hours"), ""),
				ui.FileDrop(f.Field("licence", both(p, "营业执照扫描件", "Licence scan")).Must(), ui.Drop{Accept: "application/pdf,image/jpeg,image/png", MaxMB: 10, Keep: "licence.keep", Remove: "licence.remove", Files: []ui.File{
					{ID: "a", Name: both(p, "营业执照副本-2026.pdf", "licence-2026.pdf"), Href: "#", Note: "1.2 MB", State: ui.Status{Label: both(p, "已通过", "Accepted"), Tone: ui.OK}},
					{ID: "b", Name: "office.png", Href: "#", Image: "/assets/logo.svg", Note: "240 KB", Gone: true},
				}}),
				ui.FileDrop(f.Field("evidence", both(p, "行业经验证明", "Evidence of experience")).May(), ui.Drop{Accept: "application/pdf", MaxMB: 20, Multiple: true}),
				ui.Week(f.Field("hours", both(p, "每周在线客服时间", "Weekly service hours")).Must().Help(both(p, "至少五天、每天至少 8 小时", "At least five days of at least 8 hours")), f),
				ui.Checks(f.Field("channels", both(p, "客服渠道", "Service channels")), []ui.Option{{Value: "phone", Label: both(p, "电话", "Phone")}, {Value: "mail", Label: both(p, "邮件", "E-mail")}, {Value: "fax", Label: both(p, "传真", "Fax"), Note: both(p, "已不再受理", "No longer taken"), Off: true}}),
				ui.Text(ui.Form{Fixed: true, Values: url.Values{"account": {"V-10023"}}}.Field("account", both(p, "账号 ID", "Account id"))),
			),
			in(ui.FormEnd(), ui.Submit(both(p, "保存并继续", "Save and continue")), ui.SubmitAs(both(p, "存为草稿", "Save draft"), "act", "draft")),
		)),
	)
	return page, body
}

func signinSheet(p text.Printer) (ui.Page, templ.Component) {
	var f ui.Form
	return ui.Page{Room: ui.Plain, Title: both(p, "登录", "Sign in")}, in(ui.Card(""), form(
		ui.PageHead(ui.Head{Title: both(p, "登录云市", "Sign in to Yunshi"), Lead: both(p, "服务商与运营人员从这里进入。", "For vendors and staff.")}),
		ui.Text(f.Field("email", both(p, "邮箱", "E-mail")).Must().As("email").Auto("username")),
		ui.Text(f.Field("password", both(p, "密码", "Password")).Must().As("password").Auto("current-password")),
		ui.Code(f.Field("code", both(p, "短信验证码", "SMS code")).Help(both(p, "已发往 138****8000", "Sent to 138****8000")), "/code", 56),
		ui.Submit(both(p, "登录", "Sign in")),
	))
}
