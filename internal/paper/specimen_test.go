package paper_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/text"
)

// With -specimen the documents are written there, to be looked at.
var specimenDir = flag.String("specimen", "", "folder to write the specimen documents to")

var created = time.Date(2026, 11, 22, 6, 5, 0, 0, time.UTC)

const someHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func receiptZH() *paper.Document {
	d := paper.New(paper.Meta{Title: "保证金收据 BZJ-2026-000123", Author: "云市（北京）科技有限公司", Subject: "保证金收据", Lang: text.ZH, Created: created})
	d.Title("保证金收据", "SECURITY DEPOSIT RECEIPT")
	d.Line("收据编号：BZJ-2026-000123", "开具日期：2026年11月22日")
	d.KeyTable(
		paper.Row{Label: "交款单位", Value: "杭州云帆软件技术服务有限公司"},
		paper.Row{Label: "统一社会信用代码", Value: "91330106MA2XXXXX0K"},
		paper.Row{Label: "平台账号 ID", Value: "100012345678"},
		paper.Row{Label: "收款事由", Value: "云市场入驻保证金（软件服务、人工智能、小程序等类目，按其中最高者收取）"},
		paper.Row{Label: "收款方式", Value: "银行转账 · 招商银行 · 流水号 C0123456789"},
		paper.Row{Label: "到账时间", Value: "2026-11-21 14:32:08（UTC+8）"},
		paper.Row{Label: "金额（大写）", Value: "人民币伍仟元整", Strong: true},
		paper.Row{Label: "金额（小写）", Value: "￥5,000.00", Strong: true},
		paper.Row{Label: "备注", Value: "本收据仅为保证金收款凭证，不作为发票使用。合作期满且无违约，可凭本收据申请全额退还，不计利息。经办：喆堃镕翀彧。"},
	)
	d.Columns(
		paper.QR{Content: "https://market.example.cn/verify/BZJ-2026-000123?h=9f86d081884c7d65", Caption: "扫码验真 Scan to verify"},
		paper.Signature{Role: "收款单位（盖章）", Rows: []paper.Row{
			{Label: "单位", Value: "云市（北京）科技有限公司"}, {Label: "经办人", Value: "李玥"}, {Label: "复核人", Value: "王喆"}, {Label: "日期", Value: "2026年11月22日"},
		}, Seal: &paper.Seal{Name: "云市（北京）科技有限公司", Line: "财务专用章", Code: "1101080123456"}},
	)
	d.Note("本收据由系统开具并加盖电子印章，附有数字签名；任何改动都会使签名失效。扫描二维码可在本平台核对收据内容。")
	d.Footer("BZJ-2026-000123", someHash)
	return d
}

func receiptEN() *paper.Document {
	d := paper.New(paper.Meta{Title: "Security deposit receipt BZJ-2026-000123", Author: "Yunshi Technology (Beijing) Co., Ltd.", Lang: text.EN, Created: created})
	d.Title("Security Deposit Receipt", "保证金收据")
	d.Line("Receipt no. BZJ-2026-000123", "Issued on 22 Nov 2026")
	d.KeyTable(
		paper.Row{Label: "Received from", Value: "Hangzhou Yunfan Software Technology Services Co., Ltd. 杭州云帆软件技术服务有限公司"},
		paper.Row{Label: "Unified social credit code", Value: "91330106MA2XXXXX0K"},
		paper.Row{Label: "Purpose", Value: "Marketplace entry deposit: software services, artificial intelligence and mini programs, at the highest of their rates"},
		paper.Row{Label: "Way of payment", Value: "Bank transfer · China Merchants Bank · reference C0123456789"},
		paper.Row{Label: "In figures", Value: "CNY 5,000.00", Strong: true},
		paper.Row{Label: "In words", Value: "RMB five thousand yuan only (人民币伍仟元整)", Strong: true},
		paper.Row{Label: "Remark", Value: "This receipt proves that the deposit was received; it isn’t an invoice. The “deposit” is returned in full, without interest, when the co-operation has ended."},
	)
	d.Columns(
		paper.QR{Content: "https://market.example.cn/verify/BZJ-2026-000123", Caption: "Scan to verify"},
		paper.Signature{Role: "Payee (seal)", Rows: []paper.Row{
			{Label: "Company", Value: "Yunshi Technology (Beijing) Co., Ltd."}, {Label: "Handled by", Value: "Li Yue"}, {Label: "Date", Value: "22 Nov 2026"},
		}, Seal: &paper.Seal{Name: "YUNSHI TECHNOLOGY (BEIJING) CO., LTD.", Line: "FINANCE"}},
	)
	d.Watermark("SPECIMEN")
	d.Footer("BZJ-2026-000123", someHash)
	return d
}

func contractZH() *paper.Document {
	d := paper.New(paper.Meta{Title: "云市场服务商入驻合同", Lang: text.ZH, Created: created})
	d.Title("云市场服务商入驻合同", "")
	d.Line("合同编号：YSHT-2026-000045", "签订地点：北京市海淀区")
	d.KeyTable(
		paper.Row{Label: "甲方（平台方）", Value: "云市（北京）科技有限公司"},
		paper.Row{Label: "统一社会信用代码", Value: "91110108MA01ABCD1X"},
		paper.Row{Label: "乙方（服务商）", Value: "杭州云帆软件技术服务有限公司"},
		paper.Row{Label: "统一社会信用代码", Value: "91330106MA2XXXXX0K"},
		paper.Row{Label: "合作模式", Value: "平台模式（商品由乙方销售，甲方收取技术服务费）"},
		paper.Row{Label: "合同期限", Value: "自2026年12月1日起至2027年11月30日止"},
	)
	d.Paragraph("甲、乙双方依据《中华人民共和国民法典》《中华人民共和国电子商务法》及相关法律法规，本着平等、自愿、诚实信用的原则，就乙方入驻甲方运营的云市场（以下简称“云市场”）并向用户提供商品与服务的相关事宜，经协商一致，订立本合同，共同遵守。")
	d.Clauses(
		paper.Clause{Title: "定义", Items: []paper.Clause{
			{Text: "“云市场”指甲方拥有并运营的网络交易平台，供服务商展示、销售其基于甲方云产品的软件、镜像、接口与人工服务。"},
			{Text: "“商品”指乙方在云市场上架、面向用户提供的产品或服务，包括但不限于：", Items: []paper.Clause{
				{Text: "镜像类商品；"}, {Text: "软件即服务（SaaS）类商品；"}, {Text: "接口（API）类商品，以及按次、按量计费的资源包；"}, {Text: "实施、运维、咨询等人工服务。"},
			}},
			{Text: "“用户”指在云市场购买或使用商品的自然人、法人和非法人组织。"},
		}},
		paper.Clause{Title: "费用与结算", Text: "乙方同意按下表所列费率向甲方支付技术服务费，甲方有权在结算时直接扣除。"},
	)
	d.Table(paper.Table{
		Columns: []paper.Column{{Title: "类目", Width: 2}, {Title: "保证金（元）", Width: 1.4, Align: paper.Right}, {Title: "技术服务费率", Width: 1.2, Align: paper.Right}, {Title: "说明", Width: 3}},
		Rows: [][]string{
			{"基础软件", "5,000.00", "10%", "操作系统、数据库、中间件镜像"}, {"企业应用", "5,000.00", "10%", "办公协同、客户管理、财务与人力资源等 SaaS 应用"},
			{"接口服务", "10,000.00", "15%", "数据接口、识别与验证接口，按资源包计费"}, {"运维服务", "2,000.00", "8%", "迁移、部署、巡检、应急响应"}, {"小程序", "50,000.00", "12%", "须具备自主研发能力与完善的售后体系"},
		},
		Total: []string{"应缴保证金", "50,000.00", "", "多类目从高，不累计收取"},
	})
	var more []paper.Clause
	for _, c := range []struct{ title, first, second string }{
		{"保证金", "乙方应在本合同签订后十个工作日内，以对公转账方式一次性缴纳保证金。保证金不计利息，不得以预存款、货款或者其他应收款项抵扣。", "合作终止且乙方无违约行为的，甲方应在收到乙方申请及保证金收据原件后十五个工作日内，将保证金原路退还至乙方对公账户。"},
		{"商品管理", "乙方应保证其商品信息真实、准确、完整，不侵犯任何第三方的知识产权、商业秘密及其他合法权益，并对商品承担全部责任。", "甲方依据平台规则对商品进行审核。审核通过不免除乙方对商品应承担的质量、安全与售后责任。"},
		{"服务与售后", "乙方应提供不少于每周五天、每天八小时的在线客服，并在用户提出问题后两小时内作出首次响应；紧急故障的响应时间不超过三十分钟。", "因乙方原因造成用户损失的，由乙方先行赔付；乙方不予赔付的，甲方有权动用保证金向用户先行垫付，并向乙方追偿。"},
		{"数据与保密", "双方对在合作中知悉的对方商业秘密、用户个人信息与交易数据承担保密义务，未经对方书面同意，不得向任何第三方披露。", "保密义务不因本合同的变更、解除或终止而失效，自本合同终止之日起三年内继续有效；法律法规另有规定的，从其规定。"},
		{"违约责任", "乙方违反本合同或平台规则的，甲方有权视情节采取警告、商品下架、限制上新、扣除保证金、清退等措施。", "保证金被扣除后，乙方应在七个工作日内补足；逾期未补足的，甲方有权关闭其店铺，直至补足为止。"},
		{"通知与送达", "双方确认以本合同载明的联系人邮箱及客服邮箱为有效送达地址，邮件到达对方系统之时视为送达。", "任何一方变更联系方式的，应提前三个工作日书面通知对方；未及时通知的，由其自行承担不利后果。"},
		{"争议解决", "因本合同引起的或者与本合同有关的任何争议，双方应友好协商解决；协商不成的，提交北京仲裁委员会按照其仲裁规则进行仲裁。", "本合同的订立、效力、解释、履行及争议解决，均适用中华人民共和国法律。"},
		{"其他", "本合同自双方签署之日起生效，以数据电文形式订立，与纸质合同具有同等法律效力。", "本合同未尽事宜，由双方另行签订补充协议；补充协议与本合同不一致的，以补充协议为准。"},
	} {
		more = append(more, paper.Clause{Title: c.title, Items: []paper.Clause{{Text: c.first}, {Text: c.second}}})
	}
	d.Clauses(more...)
	d.Columns(
		paper.Signature{Role: "甲方（盖章）", Rows: []paper.Row{{Label: "名称", Value: "云市（北京）科技有限公司"}, {Label: "授权代表", Value: "陈立"}, {Label: "日期", Value: "2026年11月22日"}}, Seal: &paper.Seal{Name: "云市（北京）科技有限公司", Line: "合同专用章", Code: "1101080123457"}},
		paper.Signature{Role: "乙方（盖章）", Rows: []paper.Row{{Label: "名称", Value: "杭州云帆软件技术服务有限公司"}, {Label: "法定代表人或授权代表"}, {Label: "日期"}}},
	)
	d.Footer("YSHT-2026-000045", someHash)
	return d
}

func contractEN() *paper.Document {
	d := paper.New(paper.Meta{Title: "Marketplace Vendor Agreement", Lang: text.EN, Created: created})
	d.Title("Marketplace Vendor Agreement", "云市场服务商入驻合同")
	d.Line("Contract no. YSHT-2026-000045", "Beijing, Haidian District")
	d.KeyTable(
		paper.Row{Label: "Operator", Value: "Yunshi Technology (Beijing) Co., Ltd."},
		paper.Row{Label: "Vendor", Value: "Hangzhou Yunfan Software Technology Services Co., Ltd."},
		paper.Row{Label: "Mode of co-operation", Value: "Platform mode: the vendor sells, the operator takes a technical service fee"},
		paper.Row{Label: "Term", Value: "1 December 2026 to 30 November 2027"},
	)
	d.Paragraph("This agreement is made between the Operator and the Vendor. It governs the Vendor’s entry into the marketplace (the “Marketplace”) and the goods and services offered there to its users.")
	text := "The Vendor shall keep the information about its goods true, exact and complete, infringe no third party’s rights, and answer for its goods; the Operator’s review doesn’t release the Vendor from any of these duties—before or after the sale."
	var list []paper.Clause
	for _, name := range []string{"Definitions", "Fees and settlement", "Deposit", "Goods", "Service and after-sales", "Data and confidentiality", "Breach", "Notices", "Disputes", "Miscellaneous"} {
		list = append(list, paper.Clause{Title: name, Items: []paper.Clause{{Text: text}, {Title: "Exceptions", Text: "the following stay outside this article:", Items: []paper.Clause{{Text: "goods withdrawn within 24 hours of their listing;"}, {Text: "orders for which https://market.example.cn/terms/exceptions-to-the-rule-on-automatic-consent provides otherwise."}}}}})
	}
	d.Clauses(list...)
	rows := [][]string{}
	for _, c := range strings.Fields("Images Software Interfaces Operations Mini-programs Data Security Education Hardware Consulting") {
		rows = append(rows, []string{c, "5,000.00", "10%", "Annual, by the calendar"})
	}
	d.Heading("Schedule of fees")
	d.Table(paper.Table{Columns: []paper.Column{{Title: "Category", Width: 2}, {Title: "Deposit (CNY)", Align: paper.Right}, {Title: "Fee", Align: paper.Right}, {Title: "Term", Width: 2}}, Rows: rows, Total: []string{"Due", "5,000.00", "", ""}})
	d.Columns(
		paper.Signature{Role: "Operator", Rows: []paper.Row{{Label: "Name", Value: "Chen Li"}, {Label: "Date", Value: "22 Nov 2026"}}, Seal: &paper.Seal{Name: "云市（北京）科技有限公司", Line: "合同专用章"}},
		paper.Signature{Role: "Vendor", Rows: []paper.Row{{Label: "Name"}, {Label: "Date"}}},
	)
	d.Footer("YSHT-2026-000045", "")
	return d
}

// TestSpecimens renders what others will write with the blocks, in both
// languages: each is sound, says what it was given, and is the same each time.
func TestSpecimens(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func() *paper.Document
		pages int
		says  []string
	}{
		{"receipt-zh", receiptZH, 1, []string{"保证金收据", "SECURITYDEPOSITRECEIPT", "人民币伍仟元整", "￥5,000.00", "可凭本收据申请全额退还", "喆堃镕翀彧", "复核人：王喆", "第1页/共1页", someHash}},
		{"receipt-en", receiptEN, 1, []string{"it isn’t an", "Page 1 of 1", "CNY 5,000.00"}},
		{"contract-zh", contractZH, 3, []string{"第一条", "第十条", "（4）", "均适用中华人民共和国法律", "第3页/共3页", "应缴保证金"}},
		{"contract-en", contractEN, 4, []string{"Article 10", "Vendor’s entry", "Schedule of fees", "(b)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := render(t, c.make())
			if string(data) != string(render(t, c.make())) {
				t.Error("a second rendering differs")
			}
			if *specimenDir != "" {
				if err := os.WriteFile(filepath.Join(*specimenDir, c.name+".pdf"), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := len(pageText(t, data)); got != c.pages {
				t.Errorf("%d pages, want %d", got, c.pages)
			}
			soundPDF(t, data)
			own := squash(strings.Join(pageText(t, data), ""))
			for _, s := range c.says {
				if !strings.Contains(own, squash(s)) {
					t.Errorf("the text lacks %q", s)
				}
			}
			if out, ok := pdftotext(t, data); ok {
				for _, s := range c.says {
					if !strings.Contains(squash(out), squash(s)) {
						t.Errorf("pdftotext lacks %q", s)
					}
				}
			}
		})
	}
}
