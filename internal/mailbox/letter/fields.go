package letter

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/money"
)

// longest bounds a field, so that a body without line breaks is no field.
const longest = 200

var mailbox = regexp.MustCompile(`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}`)

// prefixes are what programs put before a subject when answering and forwarding,
// and what gateways add.
var prefixes = regexp.MustCompile(`^(?i:\s*(?:(?:re|fw|fwd|aw|答复|回复|回覆|转发|轉寄|转寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]|[\[【(（](?:外部邮件|外部|external|ext|spam\??|可疑邮件)[\]】)）]))+\s*`)

// answering is how the subject of an answer begins, after what gateways add.
var answering = regexp.MustCompile(`^(?i:\s*[\[【(（](?:外部邮件|外部|external|ext)[\]】)）])*\s*(?i:(?:fw|fwd|转发|轉寄|转寄)\s*[:：]\s*)*(?i:re|aw|答复|回复|回覆)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]`)

// prescribed is the form of the subject; its spaces are taken out before.
var prescribed = regexp.MustCompile(`^[【\[《“"]*(.{2,100}?)[】\]》”"]*入驻[【\[《“"]*(.{0,40}?)[】\]》”"]*保证金缴纳通知[。.!！]*$`)

// spaces within Chinese text come from line folding and mean nothing.
var spaces = regexp.MustCompile(`\s+`)

// subjectOf reads the prescribed subject.
func subjectOf(s string) (company, marketplace string, ok bool) {
	s = prefixes.ReplaceAllString(spaces.ReplaceAllString(s, " "), "")
	m := prescribed.FindStringSubmatch(strings.ReplaceAll(fold(s), " ", ""))
	if m == nil {
		// A foreign company's name keeps its spaces.
		if m = prescribed.FindStringSubmatch(fold(s)); m == nil {
			return "", "", false
		}
	}
	return strings.TrimSpace(m[1]), strings.TrimSpace(m[2]), true
}

// fold writes full-width letters, digits and signs as the usual ones, except those
// that belong to Chinese names: brackets stay as they are written.
func fold(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '（' || c == '）' || c == '，' || c == '。' {
			return c
		}
		if f := width.LookupRune(c).Folded(); f != 0 && width.LookupRune(c).Kind() == width.EastAsianFullwidth {
			return f
		}
		return c
	}, s)
}

// labels are the names of the fields, with the variants people write.
var labels = []struct {
	field   string
	pattern string
}{
	{"remitter", `汇款方(?:的)?(?:账户|帐户|账号|帐号)?(?:名称|户名|名)|汇款(?:人|账户|帐户)(?:名称|姓名|户名|名)?|付款(?:方|人)(?:账户|帐户)?(?:名称|户名|名)?|Remitter(?:'s account name)?`},
	{"account_id", `(?:云市场|平台|入驻)?(?:账号|帐号|账户|帐户)\s*(?:ID|Id|id|编号)|Account\s*ID`},
	{"company", `(?:公司|企业|服务商|单位)(?:的)?(?:名称|全称|全名|名)|Company(?:\s*name)?`},
	{"address", `(?:快递|邮寄|收件|收货|寄送|收据邮寄)(?:的)?地址|(?:Courier|Mailing)\s*address`},
	{"phone", `(?:收件人|收货人|收件|联系)(?:人)?(?:的)?(?:联系)?(?:电话|手机|手机号|手机号码|号码)|联系方式|(?:Recipient's\s*)?phone`},
	{"recipient", `(?:快递)?(?:收件人|收货人|收信人)(?:姓名)?|Recipient`},
	{"amount", `(?:汇款|缴纳|付款|保证金|打款|转账)?金额|Amount`},
	{"paid_on", `(?:汇款|缴纳|付款|打款|转账)(?:日期|时间)|Date\s*of\s*payment`},
	{"way", `(?:汇款|缴纳|付款|支付|转账)(?:方式|途径)|Way\s*of\s*payment`},
}

type labelled struct {
	field string
	line  *regexp.Regexp
}

var fieldLines = func() []labelled {
	out := make([]labelled, len(labels))
	for i, l := range labels {
		// A number or a mark before, brackets around, a colon of any kind, a dash or a tab after.
		out[i] = labelled{l.field, regexp.MustCompile(`^(?i)[\s>|*·•\-－—]*(?:[(（]?\d{1,2}[.、)）:：]\s*)?[【\[*“"]*\s*(?:` + l.pattern + `)\s*(?:[(（][^)）]{0,40}[)）])?\s*[】\]*”"]*\s*(?:[:：=＝]|\t|——|--|\s-\s|为[:：]?)\s*(.*)$`)}
	}
	return out
}()

// bareLabel is a line that holds a label and nothing else: the value is on the next.
var bareLabels = func() []labelled {
	out := make([]labelled, len(labels))
	for i, l := range labels {
		out[i] = labelled{l.field, regexp.MustCompile(`^(?i)[\s>|*·•\-－—]*(?:[(（]?\d{1,2}[.、)）:：]\s*)?[【\[*“"]*\s*(?:` + l.pattern + `)\s*[】\]*”"]*\s*[:：]?\s*$`)}
	}
	return out
}()

// foundFields is what a text says, by field.
type foundFields struct {
	found map[string]string
}

// fieldsOf looks for the fields line by line; the first value of a field holds,
// since what is quoted stands below.
func fieldsOf(text string) foundFields {
	f := foundFields{make(map[string]string)}
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	for i := 0; i < len(lines) && i < 4000; i++ {
		line := strings.TrimSpace(fold(lines[i]))
		if line == "" || utf8.RuneCountInString(line) > longest+60 {
			continue
		}
		field, value, bare := match(line)
		if field == "" || f.found[field] != "" {
			continue
		}
		if value == "" && (bare || strings.HasSuffix(line, ":")) {
			value = next(lines[i+1:])
		}
		if value = strings.Trim(value, " \t>|*【】[]“”\""); value != "" && utf8.RuneCountInString(value) <= longest {
			f.found[field] = value
		}
	}
	return f
}

// match tells which field a line is.
func match(line string) (field, value string, bare bool) {
	for _, l := range fieldLines {
		if m := l.line.FindStringSubmatch(line); m != nil {
			return l.field, strings.TrimSpace(m[1]), false
		}
	}
	for _, l := range bareLabels {
		if l.line.MatchString(line) {
			return l.field, "", true
		}
	}
	return "", "", false
}

// next is the first line with something in it, unless that is another field.
func next(lines []string) string {
	for i, line := range lines {
		line = strings.TrimSpace(strings.TrimLeft(fold(line), "> \t"))
		if line == "" && i < 3 {
			continue
		}
		if field, _, _ := match(line); field != "" {
			return ""
		}
		return line
	}
	return ""
}

// judge fills in what the text says and names what is missing. Rule D-6.
func (l *Letter) judge() {
	company, marketplace, ok := subjectOf(l.Subject)
	l.Prescribed, l.Company, l.Marketplace = ok, company, marketplace
	f := fieldsOf(l.Text).found
	l.Fields = Fields{AccountID: accountID(f["account_id"]), Company: f["company"], Remitter: f["remitter"],
		Address: f["address"], Recipient: f["recipient"], Phone: f["phone"], Way: f["way"]}
	if a, err := money.Parse(strings.Trim(strings.NewReplacer("人民币", "", "RMB", "", "CNY", "", "¥", "", "￥", "", ",", "", "，", "", "元整", "", "元", "").Replace(f["amount"]), " ")); err == nil && a.Fen > 0 {
		l.Fields.Amount = a
	}
	if d, err := calendar.Parse(dayOf(f["paid_on"])); err == nil {
		l.Fields.PaidOn = d
	}
	flat := spaces.ReplaceAllString(l.Text+l.Subject, "")
	l.AsksOpening = opening.MatchString(flat)
	l.AsksReceipt = receipt.MatchString(flat)
	if l.Company == "" {
		l.Company = l.Fields.Company
	}
	for _, x := range []struct {
		is bool
		p  Problem
	}{
		{!ok, NoSubject}, {l.From.Mail == "", NoSender}, {l.Fields.AccountID == "", NoAccountID},
		{l.Fields.Company == "", NoCompany}, {len(l.Attachments) == 0, NoAttachment},
		{ok && l.Fields.Company != "" && !cn.SameName(company, l.Fields.Company), TwoCompanies},
		{!l.AsksOpening, NoOpening}, {!l.AsksReceipt, NoReceipt},
	} {
		if x.is {
			l.add(x.p)
		}
	}
}

var (
	opening = regexp.MustCompile(`(?:开通|打开|启用)[^。；;]{0,12}(?:云市场|市场|权限)|open[^.]{0,20}marketplace`)
	receipt = regexp.MustCompile(`(?:申请|请|要求|需要|麻烦)[^。；;]{0,12}(?:开|开具|出具)[^。；;]{0,8}收据|issue[^.]{0,20}receipt`)
	idText  = regexp.MustCompile(`[A-Za-z0-9_-]{3,64}`)
	dayText = regexp.MustCompile(`(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})`)
)

// accountID takes the id out of what stands in its field.
func accountID(s string) string { return idText.FindString(s) }

func dayOf(s string) string {
	m := dayText.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	pad := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	return m[1] + "-" + pad(m[2]) + "-" + pad(m[3])
}

// validText reports whether bytes are UTF-8 that a person may have written.
func validText(s string) bool { return utf8.ValidString(s) }
