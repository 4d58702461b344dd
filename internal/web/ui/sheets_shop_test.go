package ui_test

import (
	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func shopPage(p text.Printer) ui.Page {
	page := ui.Page{Room: ui.Storefront, Description: both(p, "云上的软件与服务", "Software and services for the cloud")}
	for i, n := range []string{both(p, "全部", "All"), both(p, "镜像服务", "Images"), both(p, "运维服务", "Operations"), both(p, "软件服务", "Software"), both(p, "API 市场", "APIs"), both(p, "小程序", "Mini programs")} {
		page.Nav = append(page.Nav, ui.NavItem{Label: n, Href: "#", Current: i == 0})
	}
	buy, sell := both(p, "选购", "Buy"), both(p, "入驻", "Sell")
	page.Foot = []ui.NavItem{{Label: both(p, "全部商品", "All products"), Href: "#", Group: buy}, {Label: both(p, "服务商", "Vendors"), Href: "#", Group: buy}, {Label: both(p, "入驻条件", "Conditions"), Href: "#", Group: sell}, {Label: both(p, "保证金规则", "Deposit"), Href: "#", Group: sell}, {Label: both(p, "接口文档", "API"), Href: "#", Group: sell}}
	return page
}

func goods(p text.Printer) []ui.Product {
	v := both(p, "杭州云软件有限公司", "Hangzhou Yunruan Software")
	return []ui.Product{
		{Href: "#", Title: both(p, "MySQL 8.0 企业增强镜像", "MySQL 8.0 enterprise image"), Summary: both(p, "开箱即用的高可用 MySQL，含自动备份、慢查询分析与监控面板，支持一键主从。", "Highly available MySQL with backups, slow-query analysis and dashboards, ready in minutes."), Vendor: v, Category: both(p, "镜像服务", "Images"), Icon: "server", Price: money.CNY(29900), From: true, Unit: both(p, "/ 月", "/ month")},
		{Href: "#", Title: both(p, "等保 2.0 三级整改与测评陪跑", "MLPS 2.0 level 3 remediation"), Summary: both(p, "从差距评估到测评通过，安全工程师全程驻场。", "From gap assessment to certification with engineers on site."), Vendor: both(p, "北京数安科技有限公司", "Beijing Shu'an Technology"), Category: both(p, "运维服务", "Operations"), Icon: "tools", Price: money.CNY(6800000), Unit: both(p, "/ 次", "/ project")},
		{Href: "#", Title: both(p, "票据识别 API", "Invoice recognition API"), Vendor: both(p, "内蒙古呼伦贝尔大草原智慧农牧业信息技术服务与数字化转型咨询（集团）股份有限公司", "Inner Mongolia Hulunbuir Grassland Smart Agriculture Information Technology (Group) Co., Ltd."), Category: "API", Icon: "api", Free: true},
		{Href: "#", Title: both(p, "进销存 SaaS 专业版（含多仓、条码、批次与效期管理，支持电商平台订单自动同步）", "Inventory SaaS Professional with multi-warehouse, barcodes, batches and expiry dates, and automatic order sync"), Summary: both(p, "给中小企业的进销存。", "Inventory for small companies."), Vendor: v, Category: both(p, "软件服务", "Software"), Icon: "app", Picture: "/assets/logo.svg", Price: money.CNY(128000), From: true, Unit: both(p, "/ 年", "/ year")},
	}
}

func shopSheet(p text.Printer) (ui.Page, templ.Component) {
	page := shopPage(p)
	body := templ.Join(
		in(ui.Welcome(both(p, "为云上业务挑选可信的软件与服务", "Software and services your cloud can trust"), both(p, "每一家服务商都经过资质审核，签约并缴纳保证金。", "Every vendor is vetted, under contract and has paid a deposit.")),
			ui.Link(ui.Act{Label: both(p, "浏览全部商品", "Browse all products"), Href: "#", Main: true}), ui.Link(ui.Act{Label: both(p, "我要入驻", "Sell here"), Href: "#"})),
		ui.Heading(both(p, "按类目选购", "By category"), ui.Act{}),
		ui.Tiles([]ui.Tile{{Href: "#", Label: both(p, "镜像服务", "Images"), Note: both(p, "预装好软件的云主机", "Machines with software installed"), Icon: "server", Count: both(p, "128 个商品", "128 products")}, {Href: "#", Label: both(p, "运维服务", "Operations"), Note: both(p, "迁移、运维、安全", "Migration, operations, security"), Icon: "tools"}, {Href: "#", Label: both(p, "软件服务", "Software"), Note: both(p, "开通即用", "Ready to use"), Icon: "app"}, {Href: "#", Label: both(p, "API 市场", "APIs"), Note: both(p, "按次调用的数据与能力", "Data and skills by the call"), Icon: "api"}, {Href: "#", Label: both(p, "小程序", "Mini programs"), Note: both(p, "行业小程序与模板", "By trade"), Icon: "phone"}}),
		ui.Heading(both(p, "新上架", "New on the shelf"), ui.Act{Label: both(p, "查看全部", "See all"), Href: "#"}),
		ui.Shelf(goods(p)),
	)
	return page, body
}

func productSheet(p text.Printer) (ui.Page, templ.Component) {
	page := shopPage(p)
	x := goods(p)[0]
	page.Title, page.Actor = x.Title, ui.Actor{Name: both(p, "沈一鸣", "Yiming Shen"), Role: "shen@yunruan.example", Links: []ui.NavItem{{Label: both(p, "控制台", "Console"), Href: "#", Icon: "shop"}}}
	prose := both(p, "<h2>为什么选它</h2><p>针对云盘与本地盘分别调优，默认开启 <code>binlog</code> 与每日备份。</p><ul><li>一键主从</li><li>慢查询分析</li></ul><blockquote>升级不停机。</blockquote><pre><code>yum install -y mysql-enterprise-tools --enablerepo=yunruan --setopt=install_weak_deps=False</code></pre><table><tr><th>规格</th><th>内存</th></tr><tr><td>标准</td><td>8 GB</td></tr></table>",
		"<h2>Why this one</h2><p>Tuned for cloud and local disks; <code>binlog</code> and daily backups are on.</p><ul><li>Replication in one click</li><li>Slow-query analysis</li></ul><blockquote>Upgrades without downtime.</blockquote><pre><code>yum install -y mysql-enterprise-tools --enablerepo=yunruan --setopt=install_weak_deps=False</code></pre><table><tr><th>Plan</th><th>Memory</th></tr><tr><td>Standard</td><td>8 GB</td></tr></table>")
	body := stack(
		ui.PageHead(ui.Head{Crumbs: []ui.NavItem{{Label: both(p, "全部商品", "All products"), Href: "#"}, {Label: x.Category, Href: "#"}, {Label: x.Title}}, Title: x.Title, Lead: x.Summary}),
		div("split",
			stack(ui.Gallery("pic", []ui.Picture{{Src: "/assets/logo.svg", Alt: both(p, "监控面板", "Dashboard")}, {Src: "/assets/logo.svg", Alt: both(p, "备份", "Backups")}}), ui.Prose(prose)),
			stack(in(ui.Card(""), stack(ui.Price(x), ui.Facts([]ui.Fact{{Term: both(p, "交付方式", "Delivery"), Value: both(p, "镜像", "Image")}, {Term: both(p, "操作系统", "System"), Value: "Debian 12"}}), ui.Link(ui.Act{Label: both(p, "联系服务商", "Contact the vendor"), Href: "#", Main: true}))),
				ui.VendorCard(ui.Standing{Name: x.Vendor, Href: "#", Since: both(p, "2026年3月入驻", "here since March 2026"), Marks: []string{both(p, "资质已审核", "Vetted"), both(p, "保证金已缴", "Deposit paid")}, Note: both(p, "客服：周一至周五 9:00–18:00", "Service: Mon–Fri 9:00–18:00")}))),
	)
	return page, body
}
