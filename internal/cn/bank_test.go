package cn

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/text"
)

func TestParseCNAPS(t *testing.T) {
	tests := []struct {
		name, in string
		code     string
		checked  bool
		bad      text.Key
	}{
		{name: "a public code", in: "313651027012", code: "313651027012", checked: true},
		{name: "a public code", in: "313231200509", code: "313231200509", checked: true},
		{name: "a public code", in: "313522000030", code: "313522000030", checked: true},
		{name: "a head office", in: "102100099996", code: "102100099996", checked: true},
		{name: "a head office, in groups", in: "308 1000 0502-7", code: "308100005027", checked: true},
		{name: "full width", in: "３０８１００００５０２７", code: "308100005027", checked: true},
		{name: "a slip is a warning", in: "313231000409", code: "313231000409"},
		{name: "nothing", in: "", bad: "fault.required"},
		{name: "short", in: "30810000502", bad: "cn.cnaps_length"},
		{name: "long", in: "3081000050270", bad: "cn.cnaps_length"},
		{name: "letters", in: "30810000502X", bad: "cn.cnaps_digits"},
		{name: "a spreadsheet's float", in: "308100005027.0", bad: "cn.cnaps_digits"},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.in, func(t *testing.T) {
			got, err := ParseCNAPS(tt.in)
			if tt.bad != "" {
				refused(t, err, tt.bad)
				return
			}
			if want := (CNAPS{tt.code, tt.checked}); err != nil || got != want {
				t.Fatalf("ParseCNAPS = %+v, %v; want %+v", got, err, want)
			}
			m, doubtful := got.Doubt()
			if doubtful == tt.checked || doubtful && m.Key != "cn.cnaps_check" {
				t.Errorf("Doubt = %v, %v", m, doubtful)
			}
		})
	}
	if _, doubtful := (CNAPS{}).Doubt(); doubtful {
		t.Error("no number at all is doubtful")
	}
}

func TestCNAPSDoubtsEveryMistypedDigit(t *testing.T) {
	const code = "313651027012"
	for i := range code {
		for c := '0'; c <= '9'; c++ {
			wrong := code[:i] + string(c) + code[i+1:]
			if got, err := ParseCNAPS(wrong); err != nil || got.Checked != (wrong == code) {
				t.Errorf("ParseCNAPS(%s) = %+v, %v", wrong, got, err)
			}
		}
	}
}

// Corporate accounts carry no Luhn digit: every string of 8 to 32 digits stands.
func TestParseAccount(t *testing.T) {
	tests := []struct {
		name, in, want string
		bad            text.Key
	}{
		{name: "15 digits", in: "755914677010504", want: "755914677010504"},
		{name: "in groups", in: "7559 1467 7010 504", want: "755914677010504"},
		{name: "with hyphens, full width", in: "７５５－９１４６７７０１０５０４", want: "755914677010504"},
		{name: "leading zeros stay", in: "00012345", want: "00012345"},
		{name: "eight", in: "12345678", want: "12345678"},
		{name: "thirty-two", in: strings.Repeat("9", 32), want: strings.Repeat("9", 32)},
		{name: "nothing", in: " - ", bad: "fault.required"},
		{name: "seven", in: "1234567", bad: "cn.account_length"},
		{name: "thirty-three", in: strings.Repeat("9", 33), bad: "cn.account_length"},
		{name: "a spreadsheet's float", in: "7.55914677010504E+14", bad: "cn.account_digits"},
		{name: "a decimal point", in: "755914677010504.0", bad: "cn.account_digits"},
		{name: "masked", in: "7559****0504", bad: "cn.account_digits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseAccount(tt.in)
			if tt.bad != "" {
				refused(t, err, tt.bad)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("ParseAccount = %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.StringMatching(`[0-9]{8,32}`).Draw(t, "number")
		if got, err := ParseAccount(n); err != nil || got != n {
			t.Errorf("ParseAccount(%s) = %s, %v", n, got, err)
		}
	})
}

func FuzzParseCNAPS(f *testing.F) {
	parse := func(s string) (string, error) {
		c, err := ParseCNAPS(s)
		return c.Code, err
	}
	fuzzParser(f, parse, "313651027012", "313231000409", "308 1000-05027")
}

func FuzzParseAccount(f *testing.F) {
	fuzzParser(f, ParseAccount, "755914677010504", "7559-1467 7010 504", "1e9")
}
