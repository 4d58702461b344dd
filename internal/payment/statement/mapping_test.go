package statement

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

func TestReadyMappings(t *testing.T) {
	if diff := cmp.Diff([]string{"cmb", "plain"}, Names()); diff != "" {
		t.Error(diff)
	}
	for _, name := range Names() {
		m := ready(t, name)
		if m.Name != name || m.Title().In(text.ZH) == "" || m.Title().In(text.EN) == "" {
			t.Errorf("%s: %+v", name, m)
		}
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseMapping(data)
		if err != nil {
			t.Errorf("%s stored and read again: %v", name, err)
		}
		if diff := cmp.Diff(m, back); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := Ready("../cmb"); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown name: %v", err)
	}
}

func TestMappingIsChecked(t *testing.T) {
	for _, tt := range []struct {
		name    string
		change  func(*Mapping)
		pointer string
	}{
		{"name", func(m *Mapping) { m.Name = "招行" }, "/name"},
		{"encoding", func(m *Mapping) { m.Encoding = "big5" }, "/encoding"},
		{"delimiter", func(m *Mapping) { m.Delimiter = ",;" }, "/delimiter"},
		{"no delimiter", func(m *Mapping) { m.Delimiter = "" }, "/delimiter"},
		{"currency", func(m *Mapping) { m.Currency = "人民币" }, "/currency"},
		{"no date column", func(m *Mapping) { m.Columns.Date = nil }, "/columns/date"},
		{"blank column", func(m *Mapping) { m.Columns.Balance = []string{" "} }, "/columns/balance"},
		{"no amount column", func(m *Mapping) { m.Columns.Amount = nil }, "/columns/amount"},
		{"amounts", func(m *Mapping) { m.Amounts = "both" }, "/amounts"},
		{"sides without columns", func(m *Mapping) { m.Amounts = Sides }, "/columns/credit"},
		{"flag without words", func(m *Mapping) { m.Amounts, m.Columns.Direction = Flag, []string{"收支"} }, "/credit_words"},
		{"words for both", func(m *Mapping) {
			m.Amounts, m.Columns.Direction = Flag, []string{"收支"}
			m.CreditWords, m.DebitWords = []string{"收"}, []string{"付", "收"}
		}, "/debit_words"},
		{"blank trailer", func(m *Mapping) { m.Trailer = []string{"合计", " "} }, "/trailer"},
		{"no dates", func(m *Mapping) { m.Dates = nil }, "/dates"},
		{"no year", func(m *Mapping) { m.Dates = []string{"MM-DD"} }, "/dates"},
		{"month twice", func(m *Mapping) { m.Dates = []string{"YYYY-MM-MM-DD"} }, "/dates"},
		{"letters in a date", func(m *Mapping) { m.Dates = []string{"YYYY-MM-DDT"} }, "/dates"},
		{"time", func(m *Mapping) { m.Times = []string{"ss"} }, "/times"},
	} {
		m := ready(t, "plain")
		tt.change(&m)
		err := m.Validate()
		if !errors.Is(err, fault.Invalid) || !slices.ContainsFunc(fields(err), func(f fault.Field) bool { return f.Pointer == tt.pointer }) {
			t.Errorf("%s: got %v, want a field %s", tt.name, err, tt.pointer)
		}
		if _, openErr := Open(strings.NewReader("x"), m, Options{}); !errors.Is(openErr, fault.Invalid) {
			t.Errorf("%s: Open took it: %v", tt.name, openErr)
		}
	}
}

func TestMappingJSONIsStrict(t *testing.T) {
	for _, tt := range []struct {
		name, json string
		kind       fault.Kind
	}{
		{"none", "", fault.Invalid},
		{"an unknown field", `{"name":"x","colums":{}}`, fault.Invalid},
		{"two values", `{}{}`, fault.Invalid},
		{"incomplete", `{"name":"x"}`, fault.Invalid},
		{"too long", strings.Repeat(" ", maxMapping+1), fault.TooLarge},
	} {
		if _, err := ParseMapping([]byte(tt.json)); !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// BenchmarkLines reads 100,000 lines in the style of the bank's export.
func BenchmarkLines(b *testing.B) {
	line := "20260105,09:00:00,,100.00,,货款,,深圳星河云科技有限公司,62220001,中国工商银行深圳南山支行\n"
	data := gb(b, cmbHead+strings.Repeat(line, 100_000))
	m := ready(b, "cmb")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := count(data, m); err != nil {
			b.Fatal(err)
		}
	}
}

// count reads a file and keeps nothing of it.
func count(data []byte, m Mapping) (int, Summary, error) {
	r, err := Open(strings.NewReader(string(data)), m, Options{})
	if err != nil {
		return 0, Summary{}, err
	}
	n := 0
	for _, err := range r.Lines() {
		if err != nil {
			return n, Summary{}, err
		}
		n++
	}
	return n, r.Summary(), nil
}
