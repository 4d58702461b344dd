package policy

import (
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// People are the rules of signing in and of a company's members.
type People struct {
	// StaffFactor asks a second factor of everybody of the staff, RolesFactor of
	// those of a vendor's people who hold one of the roles.
	StaffFactor bool          `json:"second_factor_for_staff"`
	RolesFactor []access.Role `json:"second_factor_for_roles"`
	// ProviderFactor counts a sign-in with the identity provider as a second factor.
	ProviderFactor   bool     `json:"provider_is_second_factor"`
	ProofMinutes     int      `json:"proof_minutes"` // how long a proof is fresh for what is guarded
	MemberHours      int      `json:"member_session_hours"`
	StaffHours       int      `json:"staff_session_hours"`
	FactorMinutes    int      `json:"factor_minutes"` // between password and second factor
	RecoveryCodes    int      `json:"recovery_codes"`
	PasskeysAtMost   int      `json:"passkeys_at_most"`
	InvitationDays   int      `json:"invitation_days"`
	InvitationsOpen  int      `json:"invitations_open"` // of a company, at once
	MembersAtMost    int      `json:"members_at_most"`
	TransferDays     int      `json:"transfer_days"`          // within which the other must accept
	TransferCooling  int      `json:"transfer_cooling_hours"` // before which the other cannot
	ForgetHours      int      `json:"forget_hours"`           // after which failed tries are forgotten
	TriesFromAddress Throttle `json:"tries_of_account_from_address"`
	TriesOfAccount   Throttle `json:"tries_of_account"`
	TriesOfAddress   Throttle `json:"tries_from_address"`
	TriesOfFactor    Throttle `json:"tries_of_second_factor"`
}

// Throttle slows down who fails: so many tries are free, then each waits, the first
// FirstSeconds, each next twice as long, never longer than MostSeconds.
type Throttle struct {
	Free         int `json:"free"`
	FirstSeconds int `json:"first_seconds"`
	MostSeconds  int `json:"most_seconds"`
}

// Wait is how many seconds the next try waits after so many failed ones.
func (t Throttle) Wait(failures int64) int {
	over := failures - int64(t.Free)
	if over < 0 {
		return 0
	}
	if over > 20 { // beyond any most; the shift stays small
		return t.MostSeconds
	}
	return min(t.FirstSeconds<<over, t.MostSeconds)
}

// MustHaveFactor reports whether somebody may not go without a second factor.
func (p People) MustHaveFactor(k access.Kind, roles []access.Role) bool {
	switch k {
	case access.Staff:
		return p.StaffFactor
	case access.Member:
		return slices.ContainsFunc(roles, func(r access.Role) bool { return slices.Contains(p.RolesFactor, r) })
	}
	return false
}

func (p Policy) validatePeople(f *fault.Fields) {
	x := p.People
	for i, r := range x.RolesFactor {
		if !slices.Contains(access.VendorRoles(), r) {
			f.Add("/people/second_factor_for_roles", "fault.unknown_choice", string(x.RolesFactor[i]))
		}
	}
	for name, n := range map[string]int{
		"proof_minutes": x.ProofMinutes, "member_session_hours": x.MemberHours, "staff_session_hours": x.StaffHours, "factor_minutes": x.FactorMinutes,
		"recovery_codes": x.RecoveryCodes, "passkeys_at_most": x.PasskeysAtMost, "invitation_days": x.InvitationDays, "invitations_open": x.InvitationsOpen,
		"members_at_most": x.MembersAtMost, "transfer_days": x.TransferDays, "forget_hours": x.ForgetHours,
	} {
		if n <= 0 {
			f.Add("/people/"+name, "policy.positive")
		}
	}
	if x.TransferCooling < 0 {
		f.Add("/people/transfer_cooling_hours", "policy.not_negative")
	}
	for name, t := range map[string]Throttle{
		"tries_of_account_from_address": x.TriesFromAddress, "tries_of_account": x.TriesOfAccount,
		"tries_from_address": x.TriesOfAddress, "tries_of_second_factor": x.TriesOfFactor,
	} {
		for field, n := range map[string]int{"free": t.Free, "first_seconds": t.FirstSeconds, "most_seconds": t.MostSeconds} {
			if n <= 0 {
				f.Add("/people/"+name+"/"+field, "policy.positive")
			}
		}
	}
}
