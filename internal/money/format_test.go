package money

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

func TestWriting(t *testing.T) {
	tests := []struct {
		a             Amount
		plain, zh, en string
		capital       string
	}{
		{CNY(500000), "5,000.00", "5,000.00 元", "CNY 5,000.00", "人民币伍仟元整"},
		{CNY(200000), "2,000.00", "2,000.00 元", "CNY 2,000.00", "人民币贰仟元整"},
		{CNY(0), "0.00", "0.00 元", "CNY 0.00", "人民币零元整"},
		{Amount{}, "0.00", "0.00 元", "CNY 0.00", "人民币零元整"},
		{CNY(5), "0.05", "0.05 元", "CNY 0.05", "人民币伍分"},
		{CNY(-99950), "-999.50", "-999.50 元", "CNY -999.50", "人民币负玖佰玖拾玖元伍角"},
		{CNY(123456789012), "1,234,567,890.12", "1,234,567,890.12 元", "CNY 1,234,567,890.12", "人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元零壹角贰分"},
		{CNY(math.MinInt64), "-92,233,720,368,547,758.08", "-92,233,720,368,547,758.08 元", "CNY -92,233,720,368,547,758.08", "人民币负玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分"},
		{Amount{Fen: 10000, Currency: "USD"}, "100.00", "USD 100.00", "USD 100.00", "USD 100.00"},
	}
	for _, tt := range tests {
		t.Run(tt.en, func(t *testing.T) {
			for _, x := range [][2]string{
				{tt.a.String(), tt.plain}, {tt.a.In(text.ZH), tt.zh}, {tt.a.In(text.EN), tt.en}, {tt.a.Capital(), tt.capital},
			} {
				if x[0] != x[1] {
					t.Errorf("got %q, want %q", x[0], x[1])
				}
			}
		})
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		in   string
		fen  int64
		want text.Key // the fault's sentence, if refused
	}{
		{in: "5000", fen: 500000},
		{in: "5,000.00", fen: 500000},
		{in: "５０００．００元", fen: 500000},
		{in: "¥5,000", fen: 500000},
		{in: "￥５，０００", fen: 500000},
		{in: "CNY 5,000.00", fen: 500000},
		{in: "rmb 5000", fen: 500000},
		{in: "人民币5,000.00元", fen: 500000},
		{in: "人民币 ¥5,000.00", fen: 500000},
		{in: "  12.5 ", fen: 1250},
		{in: ".05", fen: 5},
		{in: "-12.50", fen: -1250},
		{in: "¥-12.50", fen: -1250},
		{in: "-¥12.50", fen: -1250},
		{in: "−0.01", fen: -1},
		{in: "+1", fen: 100},
		{in: "0", fen: 0},
		{in: "007", fen: 700},
		{in: "1,234,567,890.12", fen: 123456789012},
		{in: "92233720368547758.07", fen: math.MaxInt64},
		{in: "", want: "fault.required"},
		{in: "  　", want: "fault.required"},
		{in: "92233720368547758.08", want: "money.too_large"},
		{in: "999999999999999999999", want: "money.too_large"},
		{in: "5.001", want: "money.too_many_decimals"},
		{in: "5.000", want: "money.too_many_decimals"},
		{in: "5,00", want: "money.not_an_amount"},
		{in: "50,00.00", want: "money.not_an_amount"},
		{in: ",500", want: "money.not_an_amount"},
		{in: "5000,000", want: "money.not_an_amount"},
		{in: "5.", want: "money.not_an_amount"},
		{in: ".", want: "money.not_an_amount"},
		{in: "元", want: "money.not_an_amount"},
		{in: "--5", want: "money.not_an_amount"},
		{in: "-¥-5", want: "money.not_an_amount"},
		{in: "1e3", want: "money.not_an_amount"},
		{in: "0x10", want: "money.not_an_amount"},
		{in: "5 000", want: "money.not_an_amount"},
		{in: "USD 5", want: "money.not_an_amount"},
		{in: "٥", want: "money.not_an_amount"},
		{in: "5万", want: "money.not_an_amount"},
		{in: "五千", want: "money.not_an_amount"},
		{in: strings.Repeat("1", 300), want: "money.not_an_amount"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got, err := Parse(tt.in)
			if tt.want == "" {
				if err != nil || got != CNY(tt.fen) {
					t.Errorf("Parse = %+v, %v; want %d fen", got, err, tt.fen)
				}
				return
			}
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Message.Key != tt.want {
				t.Errorf("Parse = %+v, %v; want %s", got, err, tt.want)
			}
			if !text.Known(tt.want) {
				t.Errorf("%s is not in the catalogue", tt.want)
			}
		})
	}
}

func TestWhatIsWrittenCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := CNY(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "fen"))
		for _, s := range []string{a.String(), a.In(text.ZH), a.In(text.EN)} {
			if got, err := Parse(s); err != nil || got != a {
				t.Errorf("Parse(%q) = %+v, %v; want %+v", s, got, err, a)
			}
		}
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back Amount
		if err := json.Unmarshal(data, &back); err != nil || back != a {
			t.Errorf("%s came back as %+v, %v", data, back, err)
		}
	})
}

func TestJSON(t *testing.T) {
	data, err := json.Marshal(map[string]Amount{"deposit": CNY(500000)})
	if want := `{"deposit":{"fen":500000,"currency":"CNY","text":"5,000.00"}}`; err != nil || string(data) != want {
		t.Errorf("Marshal = %s, %v; want %s", data, err, want)
	}
	tests := []struct {
		in   string
		want Amount
		bad  text.Key
	}{
		{in: `{"fen":500000}`, want: CNY(500000)},
		{in: `{"fen":-5,"currency":"USD"}`, want: Amount{Fen: -5, Currency: "USD"}},
		{in: `{"fen":5,"currency":"CNY","text":"9.99"}`, want: CNY(5)},
		{in: `{}`, bad: "money.bad_json"},
		{in: `null`, bad: "money.bad_json"},
		{in: `5000`, bad: "money.bad_json"},
		{in: `"5000"`, bad: "money.bad_json"},
		{in: `{"fen":5.5}`, bad: "money.bad_json"},
		{in: `{"fen":"5"}`, bad: "money.bad_json"},
		{in: `{"fen":9223372036854775808}`, bad: "money.bad_json"},
		{in: `{"fen":-9223372036854775808}`, bad: "money.too_large"},
		{in: `{"fen":5,"currency":"cny"}`, bad: "money.bad_currency"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			var got Amount
			err := json.Unmarshal([]byte(tt.in), &got)
			if tt.bad == "" {
				if err != nil || got != tt.want {
					t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
				}
				return
			}
			var f *fault.Error
			if !errors.As(err, &f) || f.Message.Key != tt.bad || got != (Amount{}) {
				t.Errorf("got %+v, %v; want %s", got, err, tt.bad)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"5,000.00", "５０００．００元", "¥5,000", "CNY -1", "", ".", "1e9", "-¥12.50", "92233720368547758.07"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("Parse(%q): %v is not Invalid", s, err)
			}
			return
		}
		if again, err := Parse(a.String()); err != nil || again != a {
			t.Fatalf("Parse(%q) = %v, which is read back as %v, %v", s, a, again, err)
		}
	})
}
