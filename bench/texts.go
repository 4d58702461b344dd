package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// line is a kind of goods: names are made of what it is, what for and in which edition.
type line struct {
	category policy.CategoryID
	form     policy.Form
	things   []string
	uses     []string
	english  string // what it is, in English
	units    []policy.Unit
	from     int64 // yuan
	to       int64
}

var software = []string{"WordPress", "Nginx", "MySQL", "PostgreSQL", "Redis", "Node.js", "Tomcat", "ASP.NET", "PHP", "GitLab", "Jenkins", "Nextcloud",
	"Docker", "Kubernetes", "RabbitMQ", "Kafka", "Elasticsearch", "MongoDB", "MinIO", "Grafana", "Python", "LNMP", "LAMP", "Java", "Go"}

var lines = []line{
	{"image", policy.ImageForm, software, []string{"运行环境镜像", "建站镜像", "数据库镜像", "开发环境镜像", "高可用镜像", "安全加固镜像", "集群镜像"}, "server image",
		[]policy.Unit{policy.Month, policy.Year}, 0, 600},
	{"ops", policy.ServiceForm, []string{"云服务器", "数据库", "网站", "对象存储", "容器集群", "企业邮箱", "ERP 系统", "混合云", "灾备中心", "机房"},
		[]string{"上云迁移服务", "代运维服务", "安全加固服务", "环境配置服务", "故障排查服务", "备份与恢复服务", "性能优化服务", "等保测评咨询", "监控告警部署"}, "operations service",
		[]policy.Unit{policy.Month, policy.Times}, 200, 30000},
	{"software", policy.SaaSForm, []string{"智慧园区", "连锁门店", "制造企业", "律师事务所", "培训机构", "物业公司", "跨境电商", "医疗诊所", "餐饮企业", "仓储物流"},
		[]string{"客户管理系统", "进销存系统", "办公协同平台", "财务管理系统", "人事考勤系统", "数据分析平台", "工单系统", "电子合同平台", "项目管理系统"}, "business application",
		[]policy.Unit{policy.Month, policy.Year}, 99, 50000},
	{"api", policy.APIForm, []string{"身份证", "营业执照", "银行卡", "车牌", "天气", "快递物流", "手机归属地", "企业工商信息", "发票", "地址"},
		[]string{"识别接口", "核验接口", "查询接口", "解析接口", "实时推送接口", "批量校验接口"}, "API",
		[]policy.Unit{policy.Times}, 1, 5000},
	{"miniprogram", policy.SaaSForm, []string{"餐饮外卖", "社区团购", "预约挂号", "景区门票", "美业门店", "同城配送", "知识付费", "房产中介", "汽车养护", "校园服务"},
		[]string{"小程序模板", "小程序定制开发", "小程序商城", "小程序会员系统", "小程序直播组件"}, "mini program",
		[]policy.Unit{policy.Year, policy.Times}, 300, 60000},
}

var (
	editions  = []string{"标准版", "企业版", "专业版", "高级版", "旗舰版", "入门版", "行业版", "定制版", "2026 版", "集团版"}
	brands    = []string{"云帆", "青禾", "星海", "远山", "北辰", "蓝桥", "拓维", "九州", "松果", "望岳", "启明", "沐风", "天枢", "知行", "海拓", "云杉"}
	trades    = []string{"科技", "数据", "网络", "软件", "信息", "智能"}
	sentences = []string{
		"开箱即用，预装常用组件并完成安全配置", "提供一对一技术支持，工作日两小时内响应", "支持一键部署与弹性扩容，按需付费", "适合中小企业快速上线业务，降低运维成本",
		"数据全程加密，满足等级保护要求", "支持私有化部署，提供完整的接口文档", "支持定时备份与一键恢复，数据更安全", "由具备多年行业经验的团队交付，过程可追踪",
	}
	englishSentences = []string{
		"Ready to start, with common components installed and hardened", "One-to-one support with an answer within two working hours",
		"Deploys in one step and scales with your load", "Encrypted at rest and in transit, with daily backups", "Delivered by a team with years of experience in the trade",
	}
	tags = []string{"运维", "安全", "备份", "迁移", "建站", "数据库", "容器", "电商", "办公", "开发", "监控", "人工智能", "大数据", "企业应用"}
)

// sellers is how many vendors the catalogue has: about 25 products each.
func sellers(products int) int { return max(1, products/25) }

func vendorID(v int) string { return fmt.Sprintf("ven_0bench%020d", v) }

func productID(i int) string { return fmt.Sprintf("prd_0bench%020d", i) }

func vendorName(v int) string {
	return brands[v%len(brands)] + trades[v/len(brands)%len(trades)] + fmt.Sprint(v/(len(brands)*len(trades))+1)
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// shopOf is the v-th vendor's shop.
func shopOf(v int) catalog.Shop {
	var hours calendar.Week
	return catalog.Shop{VendorID: vendorID(v), Name: vendorName(v), Intro: pick(rand.New(rand.NewPCG(7, uint64(v))), sentences) + "。",
		Company: fmt.Sprintf("深圳市%s科技有限公司", vendorName(v)), Phone: "0755-86013388", Mail: "service@example.com", Hours: hours}
}

// shelfOf is the i-th product, the same at every call, so that seeding can be
// stopped and goes on where it was. Every fifth is in English.
func shelfOf(i, products int) catalog.Shelf {
	r := rand.New(rand.NewPCG(42, uint64(i)))
	l := lines[[]int{0, 0, 0, 1, 1, 2, 2, 2, 3, 4}[r.IntN(10)]]
	v := r.IntN(sellers(products))
	thing, use, edition := pick(r, l.things), pick(r, l.uses), pick(r, editions)
	name := thing + " " + use + "（" + edition + "）"
	summary := pick(r, sentences) + "；" + pick(r, sentences) + "。"
	details := "<h2>商品介绍</h2>"
	for range 3 + r.IntN(6) {
		details += "<p>" + name + "：" + pick(r, sentences) + "，" + pick(r, sentences) + "。</p><ul><li>" + pick(r, sentences) + "</li><li>" + pick(r, sentences) + "</li></ul>"
	}
	if i%5 == 0 {
		name = fmt.Sprintf("%s %s v%d.%d", pick(r, software), l.english, 1+r.IntN(9), r.IntN(20))
		summary = pick(r, englishSentences) + ". " + pick(r, englishSentences) + "."
		details = "<h2>Overview</h2><p>" + strings.Join(englishSentences, ". ") + ".</p>"
	}
	unit := pick(r, l.units)
	var plans []catalog.Plan
	low := catalog.Plan{}
	for p := range 1 + r.IntN(4) {
		fen := (l.from+r.Int64N(l.to-l.from+1))*100 + []int64{0, 90, 99}[r.IntN(3)]
		was := fen
		if r.IntN(3) == 0 {
			was = fen * 5 / 4
		}
		span := int64(1)
		if unit == policy.Times && l.form == policy.APIForm {
			span = []int64{1000, 10000, 100000}[r.IntN(3)]
		}
		plan := catalog.Plan{Name: editions[p], Unit: unit, Span: span, Was: money.CNY(was), Price: money.CNY(fen)}
		if plans = append(plans, plan); p == 0 || plan.Price.Fen < low.Price.Fen {
			low = plan
		}
	}
	s := catalog.Shelf{
		Card: catalog.Card{ID: productID(i), Name: name, Summary: summary, VendorID: vendorID(v), VendorName: vendorName(v), Category: l.category, Form: l.form,
			Tags: []string{pick(r, tags), pick(r, tags)}, Price: low.Price, Was: low.Was, Unit: low.Unit, Span: low.Span, Offers: int64(len(plans)),
			ShelvedAt: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)},
		Body: catalog.Body{Details: details, AfterSales: "工作日 9:00—18:00 提供电话与工单支持，重大故障 7×24 小时响应。", BuiltOn: "server", Pictures: []string{}, Plans: plans},
	}
	switch l.form {
	case policy.ImageForm:
		s.Image = &catalog.Image{Version: fmt.Sprintf("%d.%d.%d", 1+r.IntN(9), r.IntN(9), r.IntN(9)), OS: "Ubuntu 24.04 64 位", Software: []string{thing}, Machine: "2 核 4 GB"}
	case policy.SaaSForm:
		s.SaaS = &catalog.SaaS{Automatic: true, Trial: true, TrialDays: 15, Site: "https://www.example.com/app"}
	case policy.ServiceForm:
		s.Service = &catalog.Service{Days: int64(1 + r.IntN(20)), Requirement: "请提供服务器地址、系统版本与维护窗口。", VendorDoes: true, BuyerConfirms: true}
	case policy.APIForm:
		s.API = &catalog.API{Methods: "<h3>GET /v1/query</h3><p>" + use + "，返回 JSON。</p>", TestFirst: true}
	}
	return s
}

// looked are words to look for, no two searches in a row the same: what a thing is
// and what for, in a certain edition.
func looked(n int) string {
	r := rand.New(rand.NewPCG(9, uint64(n)))
	l := pick(r, lines)
	switch r.IntN(3) {
	case 0:
		return pick(r, l.things) + " " + pick(r, tags) + " " + pick(r, brands)
	case 1:
		return pick(r, l.things) + pick(r, l.uses) + " " + pick(r, editions)
	}
	return pick(r, software) + " " + pick(r, tags) + " " + pick(r, editions)
}
