package cn

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// The vectors are those of the rules for filling in cheques (《支付结算办法》附一).
func TestCapital(t *testing.T) {
	tests := []struct {
		fen  int64
		want string
	}{
		{140950, "壹仟肆佰零玖元伍角"},
		{600714, "陆仟零柒元壹角肆分"},
		{168032, "壹仟陆佰捌拾元零叁角贰分"},
		{10700053, "壹拾万柒仟元零伍角叁分"},
		{1640902, "壹万陆仟肆佰零玖元零贰分"},
		{32504, "叁佰贰拾伍元零肆分"},
		{500000, "伍仟元整"},
		{200000, "贰仟元整"},
		{10001000, "壹拾万零壹拾元整"},
		{100000001, "壹佰万元零壹分"},
		{5, "伍分"},
		{50, "伍角"},
		{0, "零元整"},
		{100, "壹元整"},
		{1000, "壹拾元整"},
		{1000700000, "壹仟万柒仟元整"},
		{10000700000, "壹亿零柒仟元整"},
		{100000000000, "壹拾亿元整"},
		{101000000000, "壹拾亿壹仟万元整"},
		{100000000000000, "壹万亿元整"},
		{-500000, "负伍仟元整"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			if got := Capital(tt.fen); got != tt.want {
				t.Errorf("Capital(%d) = %s, want %s", tt.fen, got, tt.want)
			}
			if got, err := ParseCapital(tt.want); err != nil || got != tt.fen {
				t.Errorf("ParseCapital(%s) = %d, %v; want %d", tt.want, got, err, tt.fen)
			}
		})
	}
}

func TestParseCapitalTakesEverySpellingTheRuleAllows(t *testing.T) {
	tests := []struct {
		in  string
		fen int64
	}{
		{"人民币伍仟元整", 500000},
		{" 人民币伍仟圆正 ", 500000},
		{"壹仟陆佰捌拾元叁角贰分", 168032},
		{"壹拾万零柒仟元伍角叁分", 10700053},
		{"壹拾万零柒仟元零伍角叁分", 10700053},
		{"壹拾万柒仟元伍角叁分", 10700053},
		{"壹仟肆佰零玖元伍角整", 140950},
		{"壹拾亿零壹仟万元整", 101000000000},
		{"伍角正", 50},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			if got, err := ParseCapital(tt.in); err != nil || got != tt.fen {
				t.Errorf("got %d, %v; want %d", got, err, tt.fen)
			}
		})
	}
}

func TestParseCapitalRefuses(t *testing.T) {
	for _, in := range []string{
		"", "人民币", "元", "整", "零", "伍仟", "伍仟元", "伍仟整", "5000元整", "五千元整", "仟元整", "拾元整",
		"壹佰零元整", "壹仟肆佰玖元伍角", "壹仟零肆佰元整", "伍分整", "伍元零角", "伍元零伍分整", "伍元伍分",
		"壹拾万零壹拾零元整", "壹佰万元壹分", "零伍角", "负零元整", "伍仟元整整", "壹亿柒仟元整", "壹壹元整",
		"壹拾壹角", "伍角伍角", "伍分伍角", "伍元伍元整", "壹万万亿亿亿亿元整", strings.Repeat("壹万", 60) + "元整",
	} {
		t.Run(in, func(t *testing.T) {
			if got, err := ParseCapital(in); !errors.Is(err, fault.Invalid) {
				t.Errorf("got %d, %v; want Invalid", got, err)
			}
		})
	}
}

func TestCapitalCanBeReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.OneOf(
			rapid.Int64Range(0, 1_000_000_00),
			rapid.Int64Range(-math.MaxInt64, math.MaxInt64),
		).Draw(t, "fen")
		short, full := "", ""
		for _, m := range spell(fen) {
			full += m.word
			if !m.optional {
				short += m.word
			}
		}
		for _, s := range []string{Capital(fen), short, full, "人民币" + Capital(fen)} {
			if got, err := ParseCapital(s); err != nil || got != fen {
				t.Errorf("%s of %d is read as %d, %v", s, fen, got, err)
			}
			if strings.Contains(s, "零零") || strings.HasSuffix(s, "分整") {
				t.Errorf("%s is not well formed", s)
			}
		}
	})
}

func TestCapitalDay(t *testing.T) {
	tests := []struct {
		month, day int
		want       string
	}{
		{1, 15, "零壹月壹拾伍日"},
		{10, 20, "零壹拾月零贰拾日"},
		{2, 1, "零贰月零壹日"},
		{3, 9, "叁月零玖日"},
		{9, 10, "玖月零壹拾日"},
		{11, 11, "壹拾壹月壹拾壹日"},
		{12, 30, "壹拾贰月零叁拾日"},
		{12, 31, "壹拾贰月叁拾壹日"},
		{5, 28, "伍月贰拾捌日"},
	}
	for _, tt := range tests {
		if got := CapitalDay(tt.month, tt.day); got != tt.want {
			t.Errorf("CapitalDay(%d, %d) = %s, want %s", tt.month, tt.day, got, tt.want)
		}
	}
	if got, want := CapitalDate(2026, 10, 20), "贰零贰陆年零壹拾月零贰拾日"; got != want {
		t.Errorf("CapitalDate = %s, want %s", got, want)
	}
}

func FuzzParseCapital(f *testing.F) {
	for _, s := range []string{"人民币伍仟元整", "壹仟陆佰捌拾元零叁角贰分", "伍分", "负壹万亿元整", "零元整", "元", "拾"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, err := ParseCapital(s)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v is not Invalid", s, err)
			}
			return
		}
		if again, err := ParseCapital(Capital(fen)); err != nil || again != fen {
			t.Fatalf("%q is %d, whose capitals are read as %d, %v", s, fen, again, err)
		}
	})
}
