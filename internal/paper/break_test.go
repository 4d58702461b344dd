package paper

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func broken(c *typeCase, s string, ems float64, latin bool) []string {
	var all []string
	for _, l := range c.lines(s, 10, ems*10, 0, latin) {
		all = append(all, l.text)
	}
	return all
}

func TestLinesKeepTheRulesOfComposition(t *testing.T) {
	c := newCase(builtin())
	for _, x := range []struct {
		name  string
		in    string
		ems   float64
		latin bool
		want  []string
	}{
		{"no closing mark begins a line", "甲方应当支付费用（含税）。", 10, false, []string{"甲方应当支付费用（含", "税）。"}},
		{"a closing mark hangs over", "甲方应当于十日内支付，否则违约", 9.6, false, []string{"甲方应当于十日内支", "付，否则违约"}},
		{"its ink stays inside", "甲方应当于十日内付，否则违约", 9.5, false, []string{"甲方应当于十日内付，", "否则违约"}},
		{"no opening mark ends a line", "依据中华民《合同》", 6, false, []string{"依据中华民", "《合同》"}},
		{"a word stays whole", "使用 OpenStack 云平台", 5, false, []string{"使用 ", "OpenStack ", "云平台"}},
		{"a number stays whole", "保证金5,000.00元整", 5.5, false, []string{"保证金", "5,000.00元", "整"}},
		{"a sign of currency stays with its number", "保证金额合计￥500", 7, false, []string{"保证金额合计", "￥500"}},
		{"a dash of two stays whole", "平台——云市", 3, false, []string{"平", "台——", "云市"}},
		{"a word longer than the line is torn", "9f86d081884c7d65", 4, false, []string{"9f86d08", "1884c7d", "65"}},
		{"a line end of the text ends a line", "甲\n\n乙\r\n丙", 9, false, []string{"甲", "", "乙", "丙"}},
		{"an apostrophe is part of its word", "the vendor’s goods", 4.5, true, []string{"the ", "vendor’s ", "goods"}},
		{"a document number stays whole", "编号为 BZJ-2026-000123", 9, false, []string{"编号为 ", "BZJ-2026-000123"}},
		{"a compound may end at its hyphen", "the co-operation", 3.2, true, []string{"the co-", "operat", "ion"}},
		{"nothing is a line", "", 9, false, []string{""}},
	} {
		if d := cmp.Diff(x.want, broken(c, x.in, x.ems, x.latin)); d != "" {
			t.Errorf("%s: -want +got\n%s", x.name, d)
		}
	}
}

// words draws text of every kind a document holds.
func words() *rapid.Generator[string] {
	pools := []string{
		"甲乙双方保证金合同云市场服务商杭州北京喆堃镕翀彧一二三", "，。、；：！？）》」』”’％", "（《「『“‘￥",
		"abcdefghijklmnopqrstuvwxyzABCXYZ", "0123456789", " ", "-/.,:;'\"()[]%$—…·～", "ÄÖÜéñçß", "①②㎡℃※★☐☑",
	}
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 60).Draw(t, "runs") {
			pool := []rune(rapid.SampledFrom(pools).Draw(t, "pool"))
			for range rapid.IntRange(1, 6).Draw(t, "length") {
				b.WriteRune(rapid.SampledFrom(pool).Draw(t, "rune"))
			}
		}
		return b.String()
	})
}

func TestLinesLoseNothing(t *testing.T) {
	c := newCase(builtin())
	rapid.Check(t, func(t *rapid.T) {
		s, ems, latin := words().Draw(t, "text"), rapid.Float64Range(2, 44).Draw(t, "ems"), rapid.Bool().Draw(t, "latin")
		lines := c.lines(s, 10, ems*10, 0, latin)
		joined := ""
		for i, l := range lines {
			joined += l.text
			rs := []rune(l.text)
			if l.text == "" && s != "" {
				t.Fatalf("line %d is empty", i)
			}
			ink := l.width(10)
			if n := len(rs); n > 0 && isCloser(rs[n-1]) {
				last := l.marks[n-1].glyph
				ink -= float64(last.adv-last.xMax) / 100
			}
			if ink > ems*10+0.02 && len(strings.TrimRight(l.text, " ")) > len(string(rs[0])) {
				t.Fatalf("line %q is %.2f wide, of %.2f", l.text, ink, ems*10)
			}
		}
		if joined != s {
			t.Fatalf("got  %q\nwant %q", joined, s)
		}
	})
}

func FuzzLines(f *testing.F) {
	f.Add("本收据仅为保证金收款凭证，不作为发票使用。", 9.5, false)
	f.Add("the “Marketplace” isn’t 云市", 4.0, true)
	f.Add("\u00a0\u3000 \x00\xff䶮", 1.0, false)
	c := newCase(builtin())
	f.Fuzz(func(t *testing.T, s string, ems float64, latin bool) {
		if ems < 0.1 || ems > 1000 {
			return
		}
		got := strings.Join(broken(c, s, ems, latin), "")
		if want := strings.ReplaceAll(string([]rune(clean(s))), "\n", ""); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestHanCountsArticles(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九", 100: "100"} {
		if got := han(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
