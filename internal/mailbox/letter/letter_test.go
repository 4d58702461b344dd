package letter

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
)

const company = "北京清源数据科技有限公司"

const body = `您好：

入驻云市场保证金已交纳，申请“开通云市场”并同时“申请开保证金收据”
汇款方账户名称：张三
账号 ID：acc_01J8ZX
公司名称：北京清源数据科技有限公司
快递地址：北京市海淀区中关村大街 1 号 B 座 1203
收件人：王芳
收件人电话：13800138000
`

var want = Fields{AccountID: "acc_01J8ZX", Company: company, Remitter: "张三", Address: "北京市海淀区中关村大街 1 号 B 座 1203", Recipient: "王芳", Phone: "13800138000"}

// sample is a mail to be written.
type sample struct {
	subject, from, text, html string
	charset                   string // utf-8 unless said
	encoding                  string // 8bit unless said
	headers                   []string
	files                     []Attachment
}

func (s sample) write(t testing.TB) []byte {
	t.Helper()
	if s.charset == "" {
		s.charset = "utf-8"
	}
	if s.from == "" {
		s.from = `"Wang Fang" <wang@qingyuan.example>`
	}
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("From: %s", s.from)
	line("To: market@operator.example")
	line("Date: Mon, 23 Nov 2026 09:30:00 +0800")
	line("Message-ID: <abc@qingyuan.example>")
	line("Subject: %s", s.word(t, s.subject))
	for _, h := range s.headers {
		line("%s", h)
	}
	line("MIME-Version: 1.0")
	line(`Content-Type: multipart/mixed; boundary="b0"`)
	line("")
	for kind, text := range map[string]string{"plain": s.text, "html": s.html} {
		if text == "" {
			continue
		}
		line("--b0")
		line("Content-Type: text/%s; charset=%s", kind, s.charset)
		line("Content-Transfer-Encoding: %s", s.or8bit())
		line("")
		line("%s", s.encode(t, s.bytes(t, strings.ReplaceAll(text, "\n", "\r\n"))))
	}
	for _, f := range s.files {
		line("--b0")
		line("Content-Type: %s; name=\"%s\"", f.Type, s.word(t, f.Name))
		line("Content-Disposition: attachment; filename=\"%s\"", s.word(t, f.Name))
		line("Content-Transfer-Encoding: base64")
		line("")
		line("%s", base64.StdEncoding.EncodeToString(f.Data))
	}
	line("--b0--")
	return b.Bytes()
}

func (s sample) bytes(t testing.TB, text string) []byte {
	t.Helper()
	if s.charset == "utf-8" {
		return []byte(text)
	}
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s sample) word(t testing.TB, text string) string {
	t.Helper()
	if s.encoding == "raw" {
		return string(s.bytes(t, text))
	}
	if s.charset == "utf-8" {
		return mime.QEncoding.Encode("utf-8", text)
	}
	return "=?" + s.charset + "?B?" + base64.StdEncoding.EncodeToString(s.bytes(t, text)) + "?="
}

func (s sample) or8bit() string {
	if s.encoding == "" || s.encoding == "raw" {
		return "8bit"
	}
	return s.encoding
}

func (s sample) encode(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	switch s.encoding {
	case "base64":
		return []byte(base64.StdEncoding.EncodeToString(data))
	case "quoted-printable":
		w := quotedprintable.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	return data
}

var voucher = []Attachment{{Name: "汇款凭证.pdf", Type: "application/pdf", Data: []byte("%PDF-1.4 voucher")}}

const subject = company + "入驻云市场保证金缴纳通知"

func read(t testing.TB, data []byte) Letter {
	t.Helper()
	l, err := Read(bytes.NewReader(data), Usual())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Rule D-6: the prescribed mail, as it really comes.
func TestVariations(t *testing.T) {
	t.Parallel()
	table := "<html><head><style>p{}</style></head><body><p>入驻云市场保证金已交纳，申请“开通云市场”并同时“申请开保证金收据”</p><table>" +
		"<tr><td><b>公司名称</b></td><td>" + company + "</td></tr><tr><td>账号&nbsp;ID</td><td>acc_01J8ZX</td></tr><tr><td>汇款方账户名称</td><td>张三</td></tr>" +
		"<tr><td>快递地址</td><td>北京市海淀区中关村大街 1 号 B 座 1203</td></tr><tr><td>收件人</td><td>王芳</td></tr><tr><td>收件人电话</td><td>13800138000</td></tr></table></body></html>"
	reordered := `申请开通云市场，并请开具收据。
1、收件人电话： 13800138000
2、收件人： 王芳
3）公司名称 : 北京清源数据科技有限公司
【快递地址】北京市海淀区中关村大街 1 号 B 座 1203
4. 帐号ID：acc_01J8ZX（主账号）
汇款人户名：张三`
	reordered = strings.Replace(reordered, "【快递地址】", "【快递地址】：", 1)
	quoted := "王总，见下。\n\n发自我的手机\n\n> " + strings.ReplaceAll(body, "\n", "\n> ")
	spread := strings.ReplaceAll(body, "：", "：\n")
	for name, s := range map[string]sample{
		"utf-8":                {subject: subject, text: body},
		"quoted-printable":     {subject: subject, text: body, encoding: "quoted-printable"},
		"base64":               {subject: subject, text: body, encoding: "base64"},
		"gb18030":              {subject: subject, text: body, charset: "gb18030"},
		"gbk, base64":          {subject: subject, text: body, charset: "GBK", encoding: "base64"},
		"gb2312, qp":           {subject: subject, text: body, charset: "gb2312", encoding: "quoted-printable"},
		"raw gb18030 header":   {subject: subject, text: body, charset: "gb18030", encoding: "raw"},
		"a wrong charset":      {subject: subject, text: body, charset: "us-ascii"},
		"html only":            {subject: subject, html: table},
		"html in gbk":          {subject: subject, html: table, charset: "gbk", encoding: "quoted-printable"},
		"html lines":           {subject: subject, html: "<div>" + strings.ReplaceAll(body, "\n", "</div><div>") + "</div>"},
		"html breaks":          {subject: subject, html: strings.ReplaceAll(body, "\n", "<br/>")},
		"answered":             {subject: "回复：Re: " + subject, text: quoted},
		"forwarded":            {subject: "Fwd: 转发: [外部邮件] " + subject, text: "---------- 转发的邮件 ----------\n发件人：王芳\n\n" + body},
		"another order":        {subject: subject, text: reordered},
		"values on next lines": {subject: subject, text: spread},
		"half-width colons":    {subject: subject, text: strings.ReplaceAll(body, "：", ": ")},
		"full-width id":        {subject: subject, text: strings.ReplaceAll(body, "acc_01J8ZX", "ａｃｃ＿０１Ｊ８ＺＸ")},
		"spaces in subject":    {subject: company + " 入驻 云市场 保证金缴纳通知", text: body},
		"brackets in subject":  {subject: "【" + company + "】入驻【云市场】保证金缴纳通知", text: body},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.files = voucher
			data := s.write(t)
			if s.charset == "us-ascii" { // says so, and is not
				data = bytes.ReplaceAll(sample{subject: subject, text: body, files: voucher}.write(t), []byte("charset=utf-8"), []byte("charset=us-ascii"))
			}
			l := read(t, data)
			if diff := cmp.Diff(want, l.Fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s\nof\n%s", diff, l.Text)
			}
			if !l.Prescribed || l.Company != company || l.Marketplace != "云市场" || !l.AsksOpening || !l.AsksReceipt {
				t.Errorf("subject %q: %v %q %q, opening %v, receipt %v", l.Subject, l.Prescribed, l.Company, l.Marketplace, l.AsksOpening, l.AsksReceipt)
			}
			if len(l.Attachments) != 1 || l.Attachments[0].Name != "汇款凭证.pdf" || string(l.Attachments[0].Data) != "%PDF-1.4 voucher" {
				t.Errorf("attachments %q", l.Attachments)
			}
			if len(l.Problems) > 0 {
				t.Errorf("problems %v", l.Problems)
			}
			if l.From.Mail != "wang@qingyuan.example" || l.MessageID != "abc@qingyuan.example" || !l.Date.Equal(time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)) {
				t.Errorf("head %+v %s %s", l.From, l.MessageID, l.Date)
			}
		})
	}
}

// The form itself, sent back without anything filled in, says nothing.
func TestTheEmptyFormSaysNothing(t *testing.T) {
	t.Parallel()
	l := read(t, sample{subject: "XXXX公司", text: "（若非通过对公账户付款，请务必注明：汇款方账户名称）：\n账号 ID：\n公司名称：\n快递地址：\n收件人：\n收件人电话：\n"}.write(t))
	if diff := cmp.Diff(Fields{}, l.Fields); diff != "" {
		t.Error(diff)
	}
	for _, p := range []Problem{NoSubject, NoAccountID, NoCompany, NoAttachment, NoOpening, NoReceipt} {
		if !slices.Contains(l.Problems, p) {
			t.Errorf("%s is not named among %v", p, l.Problems)
		}
	}
}

func TestWhatIsNotPrescribedIsReadToo(t *testing.T) {
	t.Parallel()
	l := read(t, sample{subject: "另一家有限公司入驻云市场保证金缴纳通知", text: body + "汇款金额：人民币5,000.00元\n汇款日期：2026年11月3日\n汇款方式：网上银行\n", files: voucher}.write(t))
	if l.Fields.Amount != money.CNY(500000) || l.Fields.PaidOn != calendar.Date(2026, 11, 3) || l.Fields.Way != "网上银行" {
		t.Errorf("%+v", l.Fields)
	}
	if !slices.Contains(l.Problems, TwoCompanies) {
		t.Errorf("subject and field differ, and problems are %v", l.Problems)
	}
}

// A forged sender does not pass, whatever the mail says of itself.
func TestAuthentication(t *testing.T) {
	t.Parallel()
	const server = "mx.operator.example"
	for name, tt := range map[string]struct {
		headers []string
		pass    bool
	}{
		"nothing":                             {nil, false},
		"dmarc of ours":                       {[]string{"Authentication-Results: mx.operator.example; spf=pass smtp.mailfrom=qingyuan.example; dmarc=pass header.from=qingyuan.example"}, true},
		"dkim of the domain":                  {[]string{"Authentication-Results: mx.operator.example; dkim=pass header.d=qingyuan.example"}, true},
		"dkim of another":                     {[]string{"Authentication-Results: mx.operator.example; dkim=pass header.d=spammer.example"}, false},
		"dkim of the whole ending":            {[]string{"Authentication-Results: mx.operator.example; dkim=pass header.d=example"}, false},
		"failed":                              {[]string{"Authentication-Results: mx.operator.example; spf=fail smtp.mailfrom=qingyuan.example; dmarc=fail header.from=qingyuan.example"}, false},
		"said by somebody else":               {[]string{"Authentication-Results: mail.spammer.example; dmarc=pass header.from=qingyuan.example"}, false},
		"unreadable":                          {[]string{"Authentication-Results: ;;;=pass"}, false},
		"gateway's own address of the signer": {[]string{"Authentication-Results: mx.operator.example; dkim=pass header.i=@qingyuan.example header.s=s1 header.b=ab/c=="}, true},
		"with comments and versions":          {[]string{"Authentication-Results: (by us) mx.operator.example 1; spf/1 = pass (ok (really)) smtp.mailfrom=\"a b\"@qingyuan.example"}, true},
		"of the very server, folded":          {[]string{"Authentication-Results: mx.operator.example;\r\n\tdmarc=pass (p=none\r\n dis=none) header.from=qingyuan.example"}, true},
		"none":                                {[]string{"Authentication-Results: mx.operator.example; none"}, false},
		"a result within a comment":           {[]string{"Authentication-Results: mx.operator.example; spf=none (no record for a; dmarc=pass header.from=qingyuan.example ) smtp.mailfrom=evil.example"}, false},
		"a result within quotes":              {[]string{`Authentication-Results: mx.operator.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=qingyuan.example; x=y"@evil.example`}, false},
		"a domain within quotes":              {[]string{`Authentication-Results: mx.operator.example; spf=pass smtp.mailfrom="a@qingyuan.example b"@evil.example`}, false},
		"a quote that does not end":           {[]string{`Authentication-Results: mx.operator.example; dmarc=pass header.from=qingyuan.example; spf=pass smtp.mailfrom="a`}, false},
		"a forged one below an unreadable":    {[]string{`Authentication-Results: mx.operator.example; spf=none smtp.mailfrom="a`, "Authentication-Results: mx.operator.example; dmarc=pass header.from=qingyuan.example"}, false},
		"a property twice":                    {[]string{"Authentication-Results: mx.operator.example; dkim=pass header.d=evil.example header.d=qingyuan.example"}, false},
		"dkim where dmarc fails":              {[]string{"Authentication-Results: mx.operator.example; dkim=pass header.d=qingyuan.example; dmarc=fail header.from=qingyuan.example"}, false},
		"the seal of a forwarder":             {[]string{"ARC-Authentication-Results: i=1; mx.operator.example; dmarc=pass header.from=qingyuan.example", "Authentication-Results: mx.operator.example; arc=pass header.from=qingyuan.example"}, false},
		"a name that only begins like ours":   {[]string{"Authentication-Results: mx.operator.example.evil.example; dmarc=pass header.from=qingyuan.example"}, false},
		"a look-alike":                        {[]string{"Authentication-Results: mx.operator.example; dmarc=pass header.from=evil-qingyuan.example"}, false},
		"a second sender":                     {[]string{"From: <boss@evil.example>", "Authentication-Results: mx.operator.example; dmarc=pass"}, false},
		"forged beside the real one":          {[]string{"Authentication-Results: mx.operator.example; dmarc=fail header.from=qingyuan.example", "Authentication-Results: mx.operator.evil.example; dmarc=pass"}, false},
	} {
		l := read(t, sample{subject: subject, text: body, headers: tt.headers}.write(t))
		if got := l.Passed(server); got != tt.pass {
			t.Errorf("%s: passed %v, results %+v", name, got, l.Auth)
		}
		if l.Passed("") {
			t.Errorf("%s: passed though no server is trusted", name)
		}
	}
}

// Who the sender is must be plain: a name that looks like a mailbox is a name, and
// where programs may read different senders none is proven.
func TestSender(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]struct {
		mail    string
		unclear bool
	}{
		`"wang@qingyuan.example" <x@evil.example>`:               {"x@evil.example", false},
		`<Wang@QingYuan.example>`:                                {"wang@qingyuan.example", false},
		`wang@qingyuan.example, x@evil.example`:                  {"wang@qingyuan.example", true},
		`wang@qingyuan.example <x@evil.example`:                  {"wang@qingyuan.example", true},
		"\xcd\xf5\xb7\xbc <wang@qingyuan.example>":               {"wang@qingyuan.example", false},
		"wang@qingyuan.example\u202e":                            {"wang@qingyuan.example", true},
		"=?utf-8?B?d2FuZ0BxaW5neXVhbi5leGFtcGxl?= <x@e.example>": {"x@e.example", false},
	} {
		l, err := Read(strings.NewReader("From: "+field+"\r\nSubject: x\r\n\r\nx\r\n"), Usual())
		if err != nil || l.From.Mail != want.mail || l.has(UnclearSender) != want.unclear {
			t.Errorf("%q: %q, unclear %v, %v", field, l.From.Mail, l.has(UnclearSender), err)
		}
	}
	if got := lower("\u212aANG@x.example"); got != "\u212aang@x.example" {
		t.Errorf("another letter became ASCII: %q", got)
	}
}

func TestWhatIsAnAnswer(t *testing.T) {
	t.Parallel()
	for head, want := range map[string][3]bool{ // auto, bulk, answers
		"Subject: x":                                   {},
		"Subject: x\r\nAuto-Submitted: no; a=b":        {},
		"Subject: x\r\nAuto-Submitted: auto-generated": {true, false, false},
		"Subject: x\r\nReturn-Path: <>":                {true, false, false},
		"Subject: x\r\nPrecedence: Bulk":               {false, true, false},
		"Subject: x\r\nList-Id: <l.example>":           {false, true, false},
		"Subject: RE: x":                               {false, false, true},
		"Subject: 【外部邮件】转发：回复[2]：x":                    {false, false, true},
		"Subject: 转发：x":                                {},
		"Subject: regarding: x":                        {},
		"Subject: x\r\nIn-Reply-To: <1@a.example>":     {false, false, true},
	} {
		l, err := Read(strings.NewReader(head+"\r\n\r\nx\r\n"), Usual())
		if got := [3]bool{l.Auto, l.Bulk, l.Answers}; err != nil || got != want {
			t.Errorf("%q: %v, want %v, %v", head, got, want, err)
		}
	}
}

// Whatever a field holds, reading it ends, and quotes and comments make no result.
func FuzzAuthField(f *testing.F) {
	f.Add(`mx.example; spf=pass (a) smtp.mailfrom=a@b.example; dkim=pass header.d="x"`)
	f.Add(`mx.example 1; none`)
	f.Add(`(`)
	f.Add(`a;b"\`)
	f.Fuzz(func(t *testing.T, s string) {
		_, out, ok := authField(s)
		if !ok && out != nil || len(out) > 20 {
			t.Errorf("%q: %v, %v", s, out, ok)
		}
		quoted := `mx.example; spf=none smtp.mailfrom="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"@evil.example`
		if _, out, ok := authField(quoted); !ok || len(out) != 1 || out[0].Result != "none" {
			t.Errorf("%q: %v, %v", quoted, out, ok)
		}
	})
}

func TestOurOwnAndAutomaticMailIsTold(t *testing.T) {
	t.Parallel()
	if l := read(t, sample{subject: subject, text: body, headers: []string{"X-Yunshi-Message: msg_1"}}.write(t)); !l.Ours {
		t.Error("our own mail is not told")
	}
	if l := read(t, sample{subject: "自动回复：" + subject, text: body, headers: []string{"Auto-Submitted: auto-replied"}}.write(t)); !l.Auto {
		t.Error("an automatic answer is not told")
	}
}

// attribute writes one of a TNEF.
func attribute(level byte, id uint32, data []byte) []byte {
	b := []byte{level}
	b = append(b, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
	n := len(data)
	b = append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	b = append(b, data...)
	return append(b, 0, 0)
}

func property(kind, id uint16, value []byte) []byte {
	n := len(value)
	b := []byte{byte(kind), byte(kind >> 8), byte(id), byte(id >> 8), 1, 0, 0, 0, byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}
	b = append(b, value...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func utf16of(s string) []byte {
	var b []byte
	for _, c := range s + "\x00" {
		b = append(b, byte(c), byte(c>>8))
	}
	return b
}

func winmail() []byte {
	b := []byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}
	fixed := []byte{3, 0, 0x17, 0, 1, 0, 0, 0}
	props := append([]byte{2, 0, 0, 0}, append(fixed, property(0x1f, propBody, utf16of(body))...)...)
	b = append(b, attribute(1, attProps, props)...)
	b = append(b, attribute(2, attRender, make([]byte, 14))...)
	b = append(b, attribute(2, attTitle, []byte("VOUCHER~1.PDF\x00"))...)
	b = append(b, attribute(2, attData, []byte("%PDF-1.4 voucher"))...)
	return append(b, attribute(2, attAttachProps, append([]byte{1, 0, 0, 0}, property(0x1f, propLongName, utf16of("汇款凭证.pdf"))...))...)
}

// Outlook's own wrapping, with the body and the voucher in it.
func TestTNEF(t *testing.T) {
	t.Parallel()
	l := read(t, sample{subject: subject, files: []Attachment{{Name: "winmail.dat", Type: "application/ms-tnef", Data: winmail()}}}.write(t))
	if diff := cmp.Diff(want, l.Fields); diff != "" {
		t.Error(diff)
	}
	if len(l.Attachments) != 1 || l.Attachments[0].Name != "汇款凭证.pdf" || string(l.Attachments[0].Data) != "%PDF-1.4 voucher" {
		t.Errorf("attachments %q", l.Attachments)
	}
	if len(l.Problems) > 0 {
		t.Errorf("problems %v", l.Problems)
	}
}

// Hostile mail: read as far as the limits go, and named.
func TestLimits(t *testing.T) {
	t.Parallel()
	many := sample{subject: subject, text: body}
	for range 10000 {
		many.files = append(many.files, Attachment{Name: "a.pdf", Type: "application/pdf", Data: []byte("x")})
	}
	deep := "Subject: x\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"
	for i := range 200 {
		deep += fmt.Sprintf("--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	for name, tt := range map[string]struct {
		data []byte
		want Problem
	}{
		"10,000 parts":       {many.write(t), TooManyParts},
		"200 parts deep":     {[]byte(deep), TooDeep},
		"a large mail":       {append(sample{subject: subject, text: body}.write(t), make([]byte, 41<<20)...), TooLarge},
		"a large attachment": {sample{subject: subject, text: body, files: []Attachment{{Name: "v.pdf", Type: "application/pdf", Data: make([]byte, 21<<20)}}}.write(t), LargeAttachment},
		"a torn TNEF":        {sample{subject: subject, text: body, files: []Attachment{{Name: "winmail.dat", Type: "application/ms-tnef", Data: winmail()[:100]}}}.write(t), Damaged},
		"encrypted":          {[]byte("From: a@b.example\r\nContent-Type: application/pkcs7-mime\r\n\r\nx"), Encrypted},
		"no sender":          {[]byte("Subject: x\r\n\r\nx"), NoSender},
	} {
		l := read(t, tt.data)
		if !slices.Contains(l.Problems, tt.want) {
			t.Errorf("%s: problems %v, want %s", name, l.Problems, tt.want)
		}
		if len(l.Attachments) > Usual().Parts {
			t.Errorf("%s: %d attachments", name, len(l.Attachments))
		}
	}
	for _, data := range []string{"", "\x00\x01\x02", "no mail at all"} {
		if l, err := Read(strings.NewReader(data), Usual()); !errors.Is(err, ErrNoMail) {
			t.Errorf("%q: %+v, %v", data, l, err)
		}
	}
}

// Whatever comes is read or refused, never a crash, and what is read can be kept.
func FuzzRead(f *testing.F) {
	f.Add(sample{subject: subject, text: body, files: voucher}.write(f))
	f.Add(sample{subject: subject, html: "<table><tr><td>公司名称<td>x"}.write(f))
	f.Add(sample{subject: subject, files: []Attachment{{Name: "winmail.dat", Type: "application/ms-tnef", Data: winmail()}}}.write(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Read(bytes.NewReader(data), Limits{Bytes: 1 << 20, Parts: 20, Depth: 4, Attachment: 1 << 18, Text: 1 << 14})
		if err != nil {
			return
		}
		for _, s := range []string{l.Subject, l.Text, l.Company, l.Fields.AccountID, l.Fields.Company, l.Fields.Remitter, l.Fields.Address, l.From.Name} {
			if strings.ContainsRune(s, 0) || strings.ToValidUTF8(s, "") != s {
				t.Errorf("%q cannot be kept", s)
			}
		}
	})
}

func FuzzTNEF(f *testing.F) {
	f.Add(winmail())
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &reader{limits: Limits{Parts: 20}, out: &Letter{}}
		r.tnef(data)
	})
}
