package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Gap is what happens when a statement does not begin with the balance the one
// before it ended with.
type Gap string

// The ways with a gap between statements.
const (
	GapWarns   Gap = "warn"   // it comes in, and its page says what is missing
	GapRefuses Gap = "refuse" // it does not come in before what is missing
)

// Statements are the rules of bank statements (D-7). A sum that is wrong within a
// file refuses it always.
type Statements struct {
	Gap           Gap      `json:"gap"`
	ReversalWords []string `json:"reversal_words"` // in a remark: the line takes back or returns another
	UploadBytes   int64    `json:"upload_bytes"`   // of a file that is handed in
	AtOnceBytes   int64    `json:"at_once_bytes"`  // a larger one is read by a job, whose progress is shown
}

func (p Policy) validateStatements(f *fault.Fields) {
	s := p.Statements
	if !slices.Contains([]Gap{GapWarns, GapRefuses}, s.Gap) {
		f.AddRule("D-7", "/statements/gap", "fault.unknown_choice", string(s.Gap))
	}
	for i, w := range s.ReversalWords {
		if strings.TrimSpace(w) == "" { // it would mark every line
			f.Add(fmt.Sprintf("/statements/reversal_words/%d", i), "fault.required")
		}
	}
	if s.UploadBytes <= 0 {
		f.Add("/statements/upload_bytes", "policy.positive")
	}
	if s.AtOnceBytes <= 0 {
		f.Add("/statements/at_once_bytes", "policy.positive")
	}
}
