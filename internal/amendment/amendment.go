// Package amendment is what changes after signing (变更): the company's data, the
// account that money goes back to, the cooperation mode and the term of the
// contract. Whoever asks fills in a request; what the policy calls harmless takes
// effect at once, the rest when a person of the staff has decided on it, and until
// then the old data holds. It also keeps the clock of what runs out: licences,
// terms, the grace of a new agreement. The package owns the tables amendment and
// amendment_told; the profile itself is vendor's, the contract contract's.
package amendment

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Kind is what a request is about.
type Kind string

// The kinds of requests.
const (
	Company    Kind = "company"    // data of the company
	Account    Kind = "account"    // the corporate account
	Mode       Kind = "mode"       // the cooperation mode, by a new contract (M-4)
	Renewal    Kind = "renewal"    // another term
	Supplement Kind = "supplement" // the contract names the company as it was called before
)

// Kinds lists the kinds in the order people read them.
func Kinds() []Kind { return []Kind{Company, Account, Mode, Renewal, Supplement} }

// Name is the kind's word for people.
func (k Kind) Name() text.Key { return text.Key("amendment.kind_" + string(k)) }

// permission is what lets staff decide on a request of the kind.
func (k Kind) permission() access.Permission {
	switch k {
	case Company:
		return access.ReviewApplications
	case Account:
		return access.ConfirmMoney
	}
	return access.SendContracts
}

// Part is a group of fields that is decided on by itself.
type Part string

// The parts of a request. One about something else than data has one part of the
// kind's own name.
const (
	PartName    Part = "name"
	PartLicence Part = "licence"
	PartContact Part = "contact"
	PartService Part = "service"
	PartShop    Part = "shop"
)

// Label is the part's word for people.
func (p Part) Label() text.Key { return text.Key("amendment.part_" + string(p)) }

// Request is something that a vendor asks to be changed.
type Request struct {
	ID         string
	VendorID   string
	VendorName string
	Kind       Kind
	Status     Status
	Version    int64
	Parts      []Part
	Paper      Paper
	MadeBy     string
	MadeAt     time.Time
	CheckedBy  string // of an account: the second person, or the maker with a code
	CheckedAt  time.Time
	PromisedBy time.Time
	Holder     string // of the staff, who has it on the desk
	HolderName string
	HeldSince  time.Time
	DecidedBy  string
	DecidedAt  time.Time
	Verdicts   []Verdict
	EffectAt   time.Time // of an account: when the pause ends
	EndedBy    string    // who withdrew or stopped it
	EndedAt    time.Time
	ContractID string // that was offered for it
}

// Late reports whether the promised time has passed.
func (r Request) Late(now time.Time) bool {
	return r.Status.Waits() && !r.PromisedBy.IsZero() && now.After(r.PromisedBy)
}

// Paper is what a request says. It stands sealed.
type Paper struct {
	Was      qualification.Application `json:"was"` // the parts of a profile alone
	Now      qualification.Application `json:"now"`
	Files    []string                  `json:"files,omitempty"`
	Note     string                    `json:"note,omitempty"` // the vendor's words
	Mode     policy.Mode               `json:"mode,omitempty"`
	Months   int                       `json:"months,omitempty"`
	Number   string                    `json:"number,omitempty"` // of the contract it is about
	Watchers []Watcher                 `json:"watchers,omitempty"`
	Stopped  string                    `json:"stopped,omitempty"` // why a new account was stopped
}

// Watcher is somebody who is told of a new account and may stop it: the contact and
// the owner as they were before.
type Watcher struct {
	Mail  string `json:"mail,omitempty"`
	Phone string `json:"phone,omitempty"`
	Lang  string `json:"lang,omitempty"`
}

// Verdict is the decision on one part.
type Verdict struct {
	Part     Part   `json:"part"`
	Approved bool   `json:"approved"`
	Reason   string `json:"reason,omitempty"` // for the vendor; required where it is not approved
}

// Events of a request; the subject is its id, of the reminders the vendor's.
var (
	Asked      = event.Kind[Data]{Name: "amendment.asked"}     // an account; a second person is to check it
	Submitted  = event.Kind[Data]{Name: "amendment.submitted"} // it lies before the staff
	Withdrawn  = event.Kind[Data]{Name: "amendment.withdrawn"}
	Claimed    = event.Kind[event.None]{Name: "amendment.claimed", Internal: true}
	Released   = event.Kind[event.None]{Name: "amendment.released", Internal: true}
	Decided    = event.Kind[DecidedData]{Name: "amendment.decided"}
	Applied    = event.Kind[Data]{Name: "amendment.applied"} // the profile is changed
	Cooling    = event.Kind[CoolingData]{Name: "amendment.cooling"}
	Stopped    = event.Kind[Data]{Name: "amendment.stopped"}
	Renamed    = event.Kind[Data]{Name: "amendment.renamed"}
	LicenceEnd = event.Kind[Ending]{Name: "amendment.licence_ends"}
	LicenceOut = event.Kind[Ending]{Name: "amendment.licence_ended"}
	LicenceNew = event.Kind[Ending]{Name: "amendment.licence_renewed"}
	TermEnd    = event.Kind[Ending]{Name: "amendment.term_ends"}
	AcceptBy   = event.Kind[Ending]{Name: "amendment.accept_by"}
)

// Data names what a request is about and the fields that change, never values.
type Data struct {
	Kind   Kind     `json:"kind"`
	Fields []string `json:"fields,omitempty"`
}

// DecidedData tells the outcome per part.
type DecidedData struct {
	Kind  Kind          `json:"kind"`
	Parts map[Part]bool `json:"parts"`
}

// CoolingData tells when a new account takes effect.
type CoolingData struct {
	EffectAt time.Time `json:"effect_at"`
}

// Ending tells what runs out and when.
type Ending struct {
	On       time.Time `json:"on"` // the last day, or the moment of a duty
	Days     int       `json:"days"`
	Number   string    `json:"number,omitempty"`   // of a contract
	Document string    `json:"document,omitempty"` // of an agreement
	Version  string    `json:"version,omitempty"`
}
