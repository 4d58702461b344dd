package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Exit are the numbers of a vendor's leaving (rules X and D-10).
type Exit struct {
	ReturnWorkingDays int     `json:"return_working_days"` // the deposit is returned within, once the papers are back (D-10)
	EndWorkingDays    int     `json:"end_working_days"`    // from the wish to the end of the contract; till then it can be taken back
	GraceWorkingDays  int     `json:"grace_working_days"`  // from the end of the term to the exit, where nothing was renewed
	ReasonChars       int     `json:"reason_chars"`        // the longest reason, in characters
	FilesAtMost       int     `json:"files_at_most"`       // of an eviction's evidence
	Payouts           Payouts `json:"payouts"`
}

// Payouts are the numbers and words of money that goes out.
type Payouts struct {
	Series      string   `json:"series"`       // of payment files: FK-2026-000001
	PerFile     int      `json:"per_file"`     // payments in one file, at most
	BounceDays  int      `json:"bounce_days"`  // how long after it went out a return by the bank is looked for
	BounceWords []string `json:"bounce_words"` // in the remark of a credit: the bank returns a payment (退汇)
}

// Bounces reports whether a remark says that the bank returns a payment.
func (p Payouts) Bounces(remark string) bool {
	remark = strings.ToLower(remark)
	return slices.ContainsFunc(p.BounceWords, func(w string) bool { return strings.Contains(remark, strings.ToLower(w)) })
}

func (p Policy) validateExit(f *fault.Fields) {
	e := p.Exit
	for _, n := range []struct {
		name  string
		value int
	}{
		{"return_working_days", e.ReturnWorkingDays}, {"end_working_days", e.EndWorkingDays}, {"grace_working_days", e.GraceWorkingDays},
		{"reason_chars", e.ReasonChars}, {"files_at_most", e.FilesAtMost}, {"payouts/per_file", e.Payouts.PerFile}, {"payouts/bounce_days", e.Payouts.BounceDays},
	} {
		if n.value <= 0 {
			f.AddRule("D-10", "/exit/"+n.name, "policy.positive")
		}
	}
	if n := utf8.RuneCountInString(e.Payouts.Series); n == 0 || n > 20 {
		f.Add("/exit/payouts/series", "fault.required")
	}
	for i, w := range e.Payouts.BounceWords {
		if strings.TrimSpace(w) == "" { // it would mark every line
			f.Add(fmt.Sprintf("/exit/payouts/bounce_words/%d", i), "fault.required")
		}
	}
}
