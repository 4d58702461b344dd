package statement

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Mapping says how one bank writes its delimited files. It is data: a caller
// stores it as JSON, one per bank, and a finance clerk may edit it.
type Mapping struct {
	Name        string   `json:"name"`                   // a short word, "cmb"
	TitleZH     string   `json:"title_zh,omitempty"`     // the bank, for people
	TitleEN     string   `json:"title_en,omitempty"`     //
	Encoding    string   `json:"encoding"`               // auto, utf-8, gb18030 or utf-16
	Delimiter   string   `json:"delimiter"`              // auto, or one of , ; | and tab
	Columns     Columns  `json:"columns"`                //
	Amounts     string   `json:"amounts"`                // signed, columns or flag
	CreditWords []string `json:"credit_words,omitempty"` // of the flag: money came in
	DebitWords  []string `json:"debit_words,omitempty"`  // of the flag: money went out
	Dates       []string `json:"dates"`                  // YYYY-MM-DD, YYYY/M/D HH:mm:ss …
	Times       []string `json:"times,omitempty"`        // HH:mm:ss, HHmmss …
	Skip        []string `json:"skip,omitempty"`         // a row beginning so is no line: page breaks
	Trailer     []string `json:"trailer,omitempty"`      // a row beginning so ends the lines
	Labels      Labels   `json:"labels,omitzero"`        // words beside values before and after the lines
	Unordered   bool     `json:"unordered,omitempty"`    // lines are not listed as booked: no check of the running balance
	Currency    string   `json:"currency"`               // ISO 4217, of every line
}

// Columns names the columns, each by the spellings its header may have. Date and
// what Amounts asks for must be in the file; the others may be missing. All
// columns of Remark are joined.
type Columns struct {
	Date         []string `json:"date"`
	Time         []string `json:"time,omitempty"`
	Amount       []string `json:"amount,omitempty"`
	Direction    []string `json:"direction,omitempty"`
	Credit       []string `json:"credit,omitempty"`
	Debit        []string `json:"debit,omitempty"`
	Balance      []string `json:"balance,omitempty"`
	PayerName    []string `json:"payer_name,omitempty"`
	PayerAccount []string `json:"payer_account,omitempty"`
	PayerBank    []string `json:"payer_bank,omitempty"`
	Remark       []string `json:"remark,omitempty"`
	BankRef      []string `json:"bank_ref,omitempty"`
	Currency     []string `json:"currency,omitempty"`
	Account      []string `json:"account,omitempty"` // the operator's own
}

// Labels are the words that stand before a value in the rows around the lines.
type Labels struct {
	Account     []string `json:"account,omitempty"`
	Currency    []string `json:"currency,omitempty"`
	Opening     []string `json:"opening,omitempty"`
	Closing     []string `json:"closing,omitempty"`
	CreditTotal []string `json:"credit_total,omitempty"`
	DebitTotal  []string `json:"debit_total,omitempty"`
	CreditCount []string `json:"credit_count,omitempty"`
	DebitCount  []string `json:"debit_count,omitempty"`
}

// The ways of Mapping.Amounts.
const (
	Signed = "signed"  // one column, money that went out is negative
	Sides  = "columns" // a credit and a debit column
	Flag   = "flag"    // one column and a word that says which way
)

// maxMapping is the longest JSON of a mapping, in bytes.
const maxMapping = 64 << 10

//go:embed mapping/*.json
var readyFiles embed.FS

// Names lists the ready mappings.
func Names() []string {
	entries, err := readyFiles.ReadDir("mapping")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	return names
}

// Ready returns a mapping that ships with Yunshi; it is NotFound for any other name.
func Ready(name string) (Mapping, error) {
	if !slices.Contains(Names(), name) {
		return Mapping{}, fault.New(fault.NotFound, "statement.mapping_unknown", name, Names())
	}
	data, err := readyFiles.ReadFile("mapping/" + name + ".json")
	if err != nil {
		return Mapping{}, err
	}
	return ParseMapping(data)
}

// ParseMapping reads a mapping from JSON. It is Invalid, with fields, when the
// JSON is none, has an unknown field, or the mapping does not Validate.
func ParseMapping(data []byte) (Mapping, error) {
	if len(data) > maxMapping {
		return Mapping{}, fault.New(fault.TooLarge, "statement.mapping_large")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var m Mapping
	if err := dec.Decode(&m); err != nil {
		return Mapping{}, fault.New(fault.Invalid, "statement.mapping_json").Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Mapping{}, fault.New(fault.Invalid, "statement.mapping_json")
	}
	return m, m.Validate()
}

// Title is the mapping's name for people; without one it is the short word.
func (m Mapping) Title() text.Named {
	if m.TitleZH == "" && m.TitleEN == "" {
		return text.Named{ZH: m.Name, EN: m.Name}
	}
	return text.Named{ZH: m.TitleZH, EN: m.TitleEN}
}

var (
	shortWord = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)
	isoCode   = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Validate is Invalid, with the fields in question, when the mapping cannot read any file.
func (m Mapping) Validate() error {
	var f fault.Fields
	if !shortWord.MatchString(m.Name) {
		f.Add("/name", "statement.mapping_name")
	}
	if !slices.Contains([]string{"auto", "utf-8", "gb18030", "utf-16"}, m.Encoding) {
		f.Add("/encoding", "fault.unknown_choice", m.Encoding)
	}
	if m.Delimiter != "auto" && (len(m.Delimiter) != 1 || !strings.Contains(delimiters, m.Delimiter)) {
		f.Add("/delimiter", "fault.unknown_choice", m.Delimiter)
	}
	if !isoCode.MatchString(m.Currency) {
		f.Add("/currency", "fault.unknown_choice", m.Currency)
	}
	for _, c := range m.required() {
		if len(c.names) == 0 {
			f.Add("/columns/"+c.key, "fault.required")
		}
	}
	for _, c := range m.roles() {
		for _, name := range c.names {
			if heading(name) == "" {
				f.Add("/columns/"+c.key, "fault.required")
				break
			}
		}
	}
	for _, words := range []role{{"skip", m.Skip}, {"trailer", m.Trailer}} {
		if slices.Contains(headings(words.names), "") { // it would match every row
			f.Add("/"+words.key, "fault.required")
		}
	}
	switch m.Amounts {
	case Signed, Sides:
	case Flag:
		if len(m.CreditWords) == 0 {
			f.Add("/credit_words", "fault.required")
		}
		if len(m.DebitWords) == 0 {
			f.Add("/debit_words", "fault.required")
		}
		for _, w := range m.CreditWords {
			if oneOf(w, m.DebitWords) {
				f.Add("/debit_words", "statement.mapping_both_words", w)
			}
		}
	default:
		f.Add("/amounts", "fault.unknown_choice", m.Amounts)
	}
	if len(m.Dates) == 0 {
		f.Add("/dates", "fault.required")
	}
	for _, d := range m.Dates {
		if _, ok := layout(d, "YMD"); !ok {
			f.Add("/dates", "statement.mapping_date", d)
		}
	}
	for _, d := range m.Times {
		if _, ok := layout(d, "Hm"); !ok {
			f.Add("/times", "statement.mapping_time", d)
		}
	}
	return f.Err()
}

// role is one column a mapping may name.
type role struct {
	key   string // as in the JSON, and in the pointers of faults
	names []string
}

// roles lists the columns of which a file has at most one; Remark is apart.
func (m Mapping) roles() []role {
	c := m.Columns
	return []role{
		{"date", c.Date}, {"time", c.Time}, {"amount", c.Amount}, {"direction", c.Direction},
		{"credit", c.Credit}, {"debit", c.Debit}, {"balance", c.Balance},
		{"payer_name", c.PayerName}, {"payer_account", c.PayerAccount}, {"payer_bank", c.PayerBank},
		{"bank_ref", c.BankRef}, {"currency", c.Currency}, {"account", c.Account},
	}
}

// required lists the columns without which no line can be read.
func (m Mapping) required() []role {
	c := m.Columns
	switch m.Amounts {
	case Sides:
		return []role{{"date", c.Date}, {"credit", c.Credit}, {"debit", c.Debit}}
	case Flag:
		return []role{{"date", c.Date}, {"amount", c.Amount}, {"direction", c.Direction}}
	}
	return []role{{"date", c.Date}, {"amount", c.Amount}}
}

// zero is nothing in the mapping's currency.
func (m Mapping) zero() money.Amount { return money.Amount{Currency: m.Currency} }
