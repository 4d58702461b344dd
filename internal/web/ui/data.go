package ui

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Step is one step of a way with several.
type Step struct {
	Label string
	Href  string // "" cannot be gone to yet
	State StepState
	Note  string // a line below, as "by 25 Nov"
}

// StepState is where the reader stands with a step.
type StepState string

// The states of a step. The zero value is one still to come.
const (
	Ahead StepState = ""
	Now   StepState = "now"
	Done  StepState = "done"
	Wrong StepState = "wrong" // something in it must be mended
)

// Moment is one entry of a Timeline.
type Moment struct {
	Time  time.Time
	Title string
	Body  string // "" is nothing
	Who   string
	Tone  Tone
	Href  string
	More  templ.Component // below, may be nil
}

// Figure is one number of a row of them.
type Figure struct {
	Label string
	Value string // printed
	Unit  string
	Note  string // as "longest 3 days"
	Tone  Tone   // of the note
	Href  string
}

// Fact is one line of a description list.
type Fact struct {
	Term    string
	Value   string
	Is      templ.Component // instead of Value, may be nil
	Copy    bool            // offers to copy Value
	Changed bool            // since the last submission, when it was Was
	Was     string
	Wide    bool
}

// Met is the state of a Requirement.
type Met string

// The states of a requirement.
const (
	IsMet     Met = "met"
	NotMet    Met = "missing" // the reader must do something
	WaitsYou  Met = "waiting" // waits for the reader
	InReview  Met = "review"  // waits for staff
	WithFault Met = "refused" // staff said no, with a reason
)

// Requirement is one condition: whether it is met, what it says and what mends it.
type Requirement struct {
	State  Met
	Rule   string // its id in the rules
	Text   string
	Reason string // why it is not met, by staff or computed
	Mend   string // what would mend it
	Act    Act    // leads to where it is mended
	Word   string // says the state in place of its own word; "" is that
}

func (m Met) icon() string {
	return map[Met]string{IsMet: "ok", NotMet: "circle", WaitsYou: "warn", InReview: "clock", WithFault: "bad"}[m]
}

func (m Met) tone() Tone {
	return map[Met]Tone{IsMet: OK, NotMet: Neutral, WaitsYou: Warn, InReview: Info, WithFault: Bad}[m]
}

// initials are what stands in a person's round picture: the last two characters
// of a Chinese name, the first letters of another.
func initials(name string) string {
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return "–"
	}
	if unicode.Is(unicode.Han, runes[0]) {
		return string(runes[max(0, len(runes)-2):])
	}
	var out []rune
	for _, w := range strings.Fields(name) {
		if r := []rune(w); len(out) < 2 {
			out = append(out, unicode.ToUpper(r[0]))
		}
	}
	return string(out)
}

// said is the state in words.
func (r Requirement) said(ctx context.Context) string { return or(r.Word, t(ctx, r.State.word())) }

func (m Met) word() text.Key { return text.Key("ui.met_" + string(m)) }

// unit is the currency in words: 元 in Chinese, the code elsewhere.
func unit(p text.Printer, a money.Amount) string {
	if p.Lang == text.ZH && a.Code() == money.Yuan {
		return p.T("ui.yuan")
	}
	return a.Code()
}

// reachable lets the keyboard scroll a wide block of code.
var reachable = strings.NewReplacer("<pre>", `<pre tabindex="0">`)
