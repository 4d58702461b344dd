package cn

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/text"
)

// Four public codes of companies.
var companies = []string{"911101085636549482", "91440300708461136T", "91330106673959654P", "914403001922038216"}

// Rule E-1: the code is checked by its check digit.
func TestParseUSCC(t *testing.T) {
	for _, code := range companies {
		if got, err := ParseUSCC(code); err != nil || string(got) != code || got.Individual() {
			t.Errorf("ParseUSCC(%s) = %s, %v", code, got, err)
		}
	}
	tests := []struct {
		name, in string
		want     string
		bad      text.Key
	}{
		{name: "lower case", in: "91440300708461136t", want: "91440300708461136T"},
		{name: "full width with spaces", in: " ９１４４０３００ ７０８４６１１３６Ｔ　", want: "91440300708461136T"},
		{name: "copied with a zero-width space", in: "\u200b91440300708461136T", want: "91440300708461136T"},
		{name: "nothing", in: " ", bad: "fault.required"},
		{name: "one short", in: "91440300708461136", bad: "cn.uscc_length"},
		{name: "one long", in: "91440300708461136TT", bad: "cn.uscc_length"},
		{name: "fifteen digits of old", in: "440301103448669", bad: "cn.uscc_length"},
		{name: "O for 0", in: "9144O300708461136T", bad: "cn.uscc_alphabet"},
		{name: "I for 1", in: "9I440300708461136T", bad: "cn.uscc_alphabet"},
		{name: "a letter in the region", in: "9144A300708461136T", bad: "cn.uscc_region"},
		{name: "a Chinese character", in: "9144030070846113六T", bad: "cn.uscc_alphabet"},
		{name: "the last mistyped", in: "91440300708461136Y", bad: "cn.uscc_check"},
		{name: "two swapped", in: "91440300704861136T", bad: "cn.uscc_check"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseUSCC(tt.in)
			if tt.bad != "" {
				refused(t, err, tt.bad)
				return
			}
			if err != nil || string(got) != tt.want {
				t.Errorf("ParseUSCC = %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestUSCCRefusalSaysWhere(t *testing.T) {
	_, err := ParseUSCC("9144O300708461136T")
	refused(t, err, "cn.uscc_alphabet")
	if got := err.Error(); !strings.HasPrefix(got, "Character 5, “O”") {
		t.Errorf("the refusal reads %q", got)
	}
}

func TestUSCCSeesEveryMistypedCharacterAndSwap(t *testing.T) {
	for _, code := range companies {
		for i := range code {
			for _, c := range usccAlphabet {
				wrong := code[:i] + string(c) + code[i+1:]
				if _, err := ParseUSCC(wrong); err == nil && wrong != code {
					t.Errorf("%s was accepted for %s", wrong, code)
				}
			}
			if i == 0 || code[i] == code[i-1] {
				continue
			}
			wrong := code[:i-1] + string(code[i]) + string(code[i-1]) + code[i+1:]
			if _, err := ParseUSCC(wrong); err == nil {
				t.Errorf("%s was accepted for %s", wrong, code)
			}
		}
	}
}

func TestUSCCHasOneCheckCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`9[123][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}`).Draw(t, "body")
		var fit []string
		for _, c := range usccAlphabet {
			if u, err := ParseUSCC(body + string(c)); err == nil {
				fit = append(fit, string(u))
				if u.Individual() != strings.HasPrefix(body, "92") {
					t.Errorf("%s: Individual is %v", u, u.Individual())
				}
			}
		}
		if len(fit) != 1 {
			t.Errorf("%s has the check characters %v", body, fit)
		}
	})
}

func FuzzParseUSCC(f *testing.F) {
	fuzzParser(f, ParseUSCC, append(companies, "9144O300708461136T", "９１４４０３００７０８４６１１３６Ｔ")...)
}
