package text

import (
	"testing"
	"time"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		name   string
		wishes []string
		want   Lang
	}{
		{"nothing said", nil, ZH},
		{"empty", []string{"", ""}, ZH},
		{"Chinese", []string{"zh-CN"}, ZH},
		{"a browser in English", []string{"en-US,en;q=0.9"}, EN},
		{"a browser in Chinese", []string{"zh-CN,zh;q=0.9,en;q=0.8"}, ZH},
		{"traditional Chinese reads simplified", []string{"zh-TW"}, ZH},
		{"British", []string{"en-GB"}, EN},
		{"a language we do not speak", []string{"fr"}, ZH},
		{"French, else English", []string{"fr, en;q=0.5"}, EN},
		{"the chosen one before the browser's", []string{"en", "zh-CN"}, EN},
		{"none chosen, the browser's", []string{"", "en"}, EN},
		{"rubbish", []string{"\x00;;q=z"}, ZH},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Match(tt.wishes...); got != tt.want {
				t.Errorf("Match(%q) = %s, want %s", tt.wishes, got.Tag(), tt.want.Tag())
			}
		})
	}
	if len(Langs()) != len(tags) || ZH.Tag() != "zh-CN" || EN.Tag() != "en" {
		t.Errorf("languages %v with tags %v", Langs(), tags)
	}
}

type amount struct{}

func (amount) In(l Lang) string { return [...]string{"5,000.00 元", "CNY 5,000.00"}[l] }

func TestArgumentsAreSaidInTheLanguage(t *testing.T) {
	at := time.Date(2026, 11, 22, 16, 30, 0, 0, time.UTC)
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	tests := []struct {
		name   string
		arg    any
		zh, en string
	}{
		{"a word", "x", "x前", "x ago"},
		{"a key", Key("time.just_now"), "刚刚前", "just now ago"},
		{"a message", M("time.days", 3), "3 天前", "3 days ago"},
		{"a message of one", M("time.days", 1), "1 天前", "1 day ago"},
		{"messages", []Message{M("time.days", 2), M("time.hours", 1)}, "2 天、1 小时前", "2 days, 1 hour ago"},
		{"words", []string{"甲", "乙"}, "甲、乙前", "甲, 乙 ago"},
		{"a name", Named{ZH: "镜像服务", EN: "Images"}, "镜像服务前", "Images ago"},
		{"a name in Chinese only", Named{ZH: "镜像服务"}, "镜像服务前", "镜像服务 ago"},
		{"a name in English only", Named{EN: "Images"}, "Images前", "Images ago"},
		{"money", amount{}, "5,000.00 元前", "CNY 5,000.00 ago"},
		{"a day in the reader's zone", at, "2026年11月23日前", "23 Nov 2026 ago"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (Printer{ZH, shanghai}).T("time.ago", tt.arg); got != tt.zh {
				t.Errorf("in Chinese %q, want %q", got, tt.zh)
			}
			if got := (Printer{EN, shanghai}).T("time.ago", tt.arg); got != tt.en {
				t.Errorf("in English %q, want %q", got, tt.en)
			}
		})
	}
}

func TestPluralAndUnknownKeys(t *testing.T) {
	en := Printer{Lang: EN}
	for n, want := range map[any]string{0: "0 days", 1: "1 day", int64(1): "1 day", 2: "2 days", 11: "11 days"} {
		if got := en.T("time.days", n); got != want {
			t.Errorf("T(time.days, %v) = %q, want %q", n, got, want)
		}
	}
	if got := en.T("no.such_key", 1); got != "no.such_key" || Known("no.such_key") {
		t.Errorf("an unknown key is said as %q", got)
	}
	if got := en.Say(M("time.just_now")); got != "just now" || !Known("time.just_now") {
		t.Errorf("a message without arguments is said as %q", got)
	}
}

func TestDateAndTime(t *testing.T) {
	at := time.Date(2026, 1, 2, 22, 5, 0, 0, time.UTC)
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	tests := []struct {
		name       string
		p          Printer
		at         time.Time
		date, time string
	}{
		{"Chinese", Printer{ZH, shanghai}, at, "2026年1月3日", "2026年1月3日 06:05"},
		{"English", Printer{EN, shanghai}, at, "3 Jan 2026", "3 Jan 2026, 06:05"},
		{"without a zone it is UTC", Printer{Lang: ZH}, at, "2026年1月2日", "2026年1月2日 22:05"},
		{"never", Printer{EN, shanghai}, time.Time{}, "–", "–"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.Date(tt.at); got != tt.date {
				t.Errorf("Date = %q, want %q", got, tt.date)
			}
			if got := tt.p.Time(tt.at); got != tt.time {
				t.Errorf("Time = %q, want %q", got, tt.time)
			}
		})
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		before time.Duration
		zh, en string
	}{
		{0, "刚刚", "just now"},
		{59 * time.Second, "刚刚", "just now"},
		{-30 * time.Second, "刚刚", "just now"},
		{time.Minute, "1 分钟前", "1 minute ago"},
		{59 * time.Minute, "59 分钟前", "59 minutes ago"},
		{time.Hour, "1 小时前", "1 hour ago"},
		{47 * time.Hour, "47 小时前", "47 hours ago"},
		{48 * time.Hour, "2 天前", "2 days ago"},
		{-3 * 24 * time.Hour, "3 天后", "in 3 days"},
		{-90 * time.Minute, "1 小时后", "in 1 hour"},
	}
	for _, tt := range tests {
		t.Run(tt.en, func(t *testing.T) {
			if got := (Printer{Lang: ZH}).Ago(now.Add(-tt.before), now); got != tt.zh {
				t.Errorf("in Chinese %q, want %q", got, tt.zh)
			}
			if got := (Printer{Lang: EN}).Ago(now.Add(-tt.before), now); got != tt.en {
				t.Errorf("in English %q, want %q", got, tt.en)
			}
		})
	}
	if got := (Printer{}).Ago(time.Time{}, now); got != "–" {
		t.Errorf("never is %q", got)
	}
}
