package policy

import (
	"fmt"
	"slices"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Amendments are the rules of changes after signing: what takes effect at once, what
// asks for papers, how long an account cools, and when people are reminded.
type Amendments struct {
	AtOnce            []string `json:"at_once"`               // fields by JSON pointer that need no review
	LicenceScan       []string `json:"licence_scan"`          // fields that need a new scan of the licence
	ContractOnRename  bool     `json:"contract_on_rename"`    // a new name asks the staff for a contract that bears it
	ShelveByLicence   bool     `json:"shelve_by_licence"`     // nothing goes on the shelf anew after the licence ended
	SubmitByAgreement bool     `json:"submit_by_agreement"`   // nothing is submitted after the grace of a new agreement
	ReviewHours       int      `json:"review_hours"`          // promised, in calendar hours
	CoolingHours      int      `json:"cooling_hours"`         // between the approval of an account and its effect
	ContactMemoryDays int      `json:"contact_memory_days"`   // how long a replaced contact is still warned of a new account
	LicenceReminders  []int    `json:"licence_reminder_days"` // before the licence ends
	TermReminders     []int    `json:"term_reminder_days"`    // before the contract ends
	RenewalDays       int      `json:"renewal_days"`          // how long before its end a contract may be renewed
	GraceDays         int      `json:"agreement_grace_days"`  // to accept a new version, where its publication says nothing
	AcceptReminders   []int    `json:"accept_reminder_days"`  // before the acceptance is required
}

// Immediate reports whether a field takes effect without review.
func (a Amendments) Immediate(pointer string) bool { return slices.Contains(a.AtOnce, pointer) }

// WantsScan reports whether a change of the field asks for a new scan of the licence.
func (a Amendments) WantsScan(pointer string) bool { return slices.Contains(a.LicenceScan, pointer) }

// Changeable are the fields of a company's profile that a change may name, in the
// order in which people read them. The credit code is none: another code is another
// company. The account has its own way.
func Changeable() []string {
	return []string{
		"/company/name", "/company/type", "/company/legal_person", "/company/capital", "/company/established", "/company/term_until",
		"/company/address", "/company/scope", "/company/registrar",
		"/contact/name", "/contact/phone", "/contact/mail", "/service/mail", "/service/phone", "/service/hours",
		"/shop/name", "/shop/site", "/shop/intro",
	}
}

// licenceFields stand on the business licence: never without a person's look.
func licenceField(pointer string) bool { return len(pointer) > 9 && pointer[:9] == "/company/" }

func validateAmendments(a Amendments, f *fault.Fields) {
	for name, list := range map[string][]string{"at_once": a.AtOnce, "licence_scan": a.LicenceScan} {
		for i, pointer := range list {
			at := fmt.Sprintf("/amendments/%s/%d", name, i)
			switch {
			case !slices.Contains(Changeable(), pointer):
				f.Add(at, "fault.unknown_choice", pointer)
			case name == "at_once" && licenceField(pointer):
				f.AddRule("E-1", at, "policy.licence_needs_review", pointer)
			}
		}
	}
	for name, n := range map[string]int{"review_hours": a.ReviewHours, "cooling_hours": a.CoolingHours, "renewal_days": a.RenewalDays} {
		if n <= 0 {
			f.Add("/amendments/"+name, "policy.positive")
		}
	}
	for name, n := range map[string]int{"agreement_grace_days": a.GraceDays, "contact_memory_days": a.ContactMemoryDays} {
		if n < 0 {
			f.Add("/amendments/"+name, "policy.not_negative")
		}
	}
	for name, list := range map[string][]int{"licence_reminder_days": a.LicenceReminders, "term_reminder_days": a.TermReminders, "accept_reminder_days": a.AcceptReminders} {
		for i, days := range list {
			if days <= 0 {
				f.Add(fmt.Sprintf("/amendments/%s/%d", name, i), "policy.positive")
			}
		}
	}
}
