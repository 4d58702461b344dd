package cn

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/text"
)

func TestParseMobile(t *testing.T) {
	for _, in := range []string{
		"13800138000", "138 0013 8000", "138-0013-8000", "138.0013.8000", "+8613800138000", "+86 138-0013-8000", "0086 13800138000",
		"8613800138000", "(+86)13800138000", "１３８００１３８０００",
	} {
		if got, err := ParseMobile(in); err != nil || got != "+8613800138000" {
			t.Errorf("ParseMobile(%q) = %s, %v", in, got, err)
		}
	}
	for in, bad := range map[string]text.Key{
		"": "fault.required", "12800138000": "cn.bad_mobile", "1380013800": "cn.bad_mobile", "138001380001": "cn.bad_mobile",
		"+85213800138000": "cn.bad_mobile", "1380013800o": "cn.bad_mobile", "0755-86013388": "cn.bad_mobile", "１３８００１３８０００x": "cn.bad_mobile",
	} {
		_, err := ParseMobile(in)
		refused(t, err, bad)
	}
	m := Mobile("+8613800138000")
	if m.National() != "13800138000" || m.Mask() != "138****8000" {
		t.Errorf("National %s, Mask %s", m.National(), m.Mask())
	}
	if got := Mobile("12").Mask(); got != "**" {
		t.Errorf("a broken number is masked as %s", got)
	}
}

func TestParsePhone(t *testing.T) {
	tests := []struct{ in, want string }{
		{"0755-86013388", "0755-86013388"},
		{"075586013388", "0755-86013388"},
		{"(0755) 8601 3388", "0755-86013388"},
		{"（0755）86013388", "0755-86013388"},
		{"+86 755 8601 3388", "0755-86013388"},
		{"86-0755-86013388", "0755-86013388"},
		{"010-62671188", "010-62671188"},
		{"02161234567", "021-61234567"},
		{"0898-6600123", "0898-6600123"},
		{"0755-86013388-123", "0755-86013388-123"},
		{"0755-86013388转123", "0755-86013388-123"},
		{"0755-86013388 转分机 8001", "0755-86013388-8001"},
		{"0755-86013388 ext. 12", "0755-86013388-12"},
		{"010-8601338-8", "010-8601338-8"},
		{"0755-8601-3388", "0755-86013388"},
		{"400-910-0100", "400-910-0100"},
		{"4009100100", "400-910-0100"},
		{"400 9100 100", "400-910-0100"},
		{"400-910-0100转1", "400-910-0100-1"},
		{"95017", "95017"},
		{"138 0013 8000", "+8613800138000"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			if got, err := ParsePhone(tt.in); err != nil || got != tt.want {
				t.Errorf("ParsePhone = %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	for _, in := range []string{"86013388", "0755-8601338899", "0755-1234567", "400-910-01", "12345", "0755", "+1 650 253 0000", "无", "0755-86013388-1234567", "+"} {
		t.Run(in, func(t *testing.T) {
			_, err := ParsePhone(in)
			refused(t, err, "cn.bad_phone")
		})
	}
	_, err := ParsePhone("　")
	refused(t, err, "fault.required")
}

func TestParseEmail(t *testing.T) {
	tests := []struct{ in, want string }{
		{"kefu@example.com", "kefu@example.com"},
		{" Zhang.San+yunshi@Mail.EXAMPLE.com.cn ", "Zhang.San+yunshi@mail.example.com.cn"},
		{"kefu＠example。com", "kefu@example.com"},
		{"a@xn--fiq228c.xn--fiqs8s", "a@xn--fiq228c.xn--fiqs8s"},
		{"o'neil@e-x.co", "o'neil@e-x.co"},
	}
	for _, tt := range tests {
		if got, err := ParseEmail(tt.in); err != nil || got != tt.want {
			t.Errorf("ParseEmail(%q) = %s, %v; want %s", tt.in, got, err, tt.want)
		}
	}
	for in, bad := range map[string]text.Key{
		"": "fault.required", "客服@example.com": "cn.email_ascii", "a@例子.中国": "cn.email_ascii",
		"example.com": "cn.bad_email", "a@": "cn.bad_email", "@b.com": "cn.bad_email", "a@localhost": "cn.bad_email",
		"Zhang San <a@b.com>": "cn.bad_email", "<a@b.com>": "cn.bad_email", "a@b.com, c@d.com": "cn.bad_email",
		`"a b"@c.com`: "cn.bad_email", "a@[127.0.0.1]": "cn.bad_email", "a..b@c.com": "cn.bad_email", "a@b..com": "cn.bad_email",
		"a@-b.com": "cn.bad_email", "a@b.com.": "cn.bad_email", "a@b.com\r\nBcc: x@y.com": "cn.bad_email", "a(x)@b.com": "cn.bad_email",
		strings.Repeat("a", 65) + "@b.com": "cn.bad_email", "a@" + strings.Repeat("b.", 130) + "com": "cn.bad_email",
	} {
		t.Run(in, func(t *testing.T) {
			_, err := ParseEmail(in)
			refused(t, err, bad)
		})
	}
}

func TestParseICP(t *testing.T) {
	tests := []struct{ in, want string }{
		{"粤B2-20090059", ""},
		{"京ICP备12345678号", "京ICP备12345678号"},
		{"京icp备12345678号－1", "京ICP备12345678号-1"},
		{" 粤 ICP 备 2021012345 号 - 12a ", "粤ICP备2021012345号-12A"},
		{"滇ICP备12345678号", "滇ICP备12345678号"},
		{"京ICP证030173号", "京ICP证030173号"},
		{"京ICP備12345678號", "京ICP备12345678号"},
		{"京ICP备12345号", ""},
		{"ICP备12345678号", ""},
		{"京ICP备12345678", ""},
		{"美ICP备12345678号", ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := ParseICP(tt.in)
			if tt.want == "" {
				refused(t, err, "cn.bad_icp")
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("ParseICP = %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	_, err := ParseICP("")
	refused(t, err, "fault.required")
}

// Rule D-5: a voucher's payer is the vendor when it bears the vendor's name.
func TestSameName(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"云杉科技（深圳）有限公司", "云杉科技(深圳)有限公司", true},
		{"云杉科技（深圳）有限公司", " 云杉科技 〔深圳〕 有限公司　", true},
		{"ＡＢＣ软件有限公司", "abc软件有限公司", true},
		{"云杉科技有限公司", "云杉科技有限责任公司", false},
		{"云杉科技有限公司", "云杉科技有限公司深圳分公司", false},
		{"云杉科技(深圳)有限公司", "云杉科技深圳有限公司", false},
		{"云杉科技有限公司", "雲杉科技有限公司", false},
		{"", "", false},
		{" ", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.a+"|"+tt.b, func(t *testing.T) {
			if got := SameName(tt.a, tt.b); got != tt.want {
				t.Errorf("SameName = %v, want %v", got, tt.want)
			}
			if got := SameName(tt.b, tt.a); got != tt.want {
				t.Errorf("SameName the other way round = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNameKeyIsSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := NameKey(s); NameKey(once) != once {
			t.Errorf("NameKey(%q) = %q, and of that %q", s, once, NameKey(once))
		}
	})
}

func TestFold(t *testing.T) {
	tests := []struct{ in, want string }{
		{"ＡＢＣ１２３（深圳）", "ABC123(深圳)"},
		{"￥５０００", "¥5000"},
		{"①㈱ﾃｽﾄ", "1(株)テスト"},
		{"\ufeff云\u200b市", "云市"},
		{"云市", "云市"},
	}
	for _, tt := range tests {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzParseMobile(f *testing.F) {
	fuzzParser(f, ParseMobile, "13800138000", "+86 138-0013-8000", "0086", "86")
}

func FuzzParsePhone(f *testing.F) {
	fuzzParser(f, ParsePhone, "0755-86013388-123", "400-910-0100转1", "010-8601338-8", "95017", "+86 755 8601 3388", "(((", "0755-0000-0000-0000")
}

func FuzzParseEmail(f *testing.F) {
	fuzzParser(f, ParseEmail, "kefu@example.com", "kefu＠example。com", "a@[::1]", "<a@b.c>", "\"a\"@b.co")
}

func FuzzParseICP(f *testing.F) {
	fuzzParser(f, ParseICP, "京ICP备12345678号-1", "粤 ICP 备 2021012345 号", "ICP")
}

func FuzzNameKey(f *testing.F) {
	for _, s := range []string{"云杉科技（深圳）有限公司", "", "［a］", "ǅ", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := NameKey(s); NameKey(once) != once {
			t.Fatalf("NameKey(%q) = %q, and of that %q", s, once, NameKey(once))
		}
	})
}
