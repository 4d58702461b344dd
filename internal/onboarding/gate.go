package onboarding

import (
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Missing lists what is missing for an act, in the order in which the policy names
// its needs; none means "may". An act the policy does not name needs nothing. The
// need of an approved product is asked only where the target is one. Rule O-8.
func (f Facts) Missing(a policy.Act, on Target, p policy.Policy, now time.Time) []Need {
	var needs []Need
	if n, gone := f.parting(); gone { // whatever else the policy asks
		return []Need{n}
	}
	for _, fact := range p.Gates[a] {
		var n Need
		var missing bool
		switch fact {
		case policy.NeedsQualified:
			n, missing = f.qualified(on, p)
		case policy.NeedsContract:
			n, missing = f.contract(p, now)
		case policy.NeedsDeposit:
			n, missing = f.deposit(on, p, now)
		case policy.NeedsApproved:
			n, missing = approved(on)
		default:
			// A need that this program does not know is never met.
			n, missing = Need{Rule: "O-8", Message: text.M("onboarding.unknown_need"), Mend: text.M("onboarding.mend_unknown_need"), Waiting: Operator}, true
		}
		if missing {
			n.Fact, n.Field = fact, "/onboarding/"+string(fact)
			needs = append(needs, n)
		}
	}
	if n, missing := f.licence(p, now); a == policy.Shelve && missing {
		n.Fact, n.Field = policy.NeedsLicence, "/onboarding/"+string(policy.NeedsLicence)
		needs = append(needs, n)
	}
	return needs
}

// parting: who leaves does nothing more. Rules.
func (f Facts) parting() (Need, bool) {
	n := Need{Fact: NeedsStaying, Field: "/onboarding/" + string(NeedsStaying), Rule: "X-3", Waiting: Vendor}
	switch f.Parting {
	case vendor.Leaving:
		n.Message, n.Mend = text.M("onboarding.is_leaving"), text.M("onboarding.mend_is_leaving")
	case vendor.Left:
		n.Message, n.Mend = text.M("onboarding.has_left"), text.M("onboarding.mend_has_left")
	case vendor.Evicted:
		n.Rule, n.Waiting = "X-1", Nobody
		n.Message, n.Mend = text.M("onboarding.was_evicted"), text.M("onboarding.mend_was_evicted")
	default:
		return n, false
	}
	return n, true
}

// NeedsStaying is a need of every act, which no policy leaves out: the vendor is
// not on its way out.
const NeedsStaying policy.Fact = "staying"

// qualified: the product's own category, or any where none is named. Rules O-3 and O-8.
func (f Facts) qualified(on Target, p policy.Policy) (Need, bool) {
	n := Need{Rule: "O-8", Waiting: Vendor}
	if on.Category == "" {
		if len(f.Approved) > 0 {
			return n, false
		}
		n.Message = text.M("onboarding.no_category")
	} else {
		if slices.Contains(f.Approved, on.Category) {
			return n, false
		}
		n.Message = text.M("onboarding.category_not_approved", nameOf(on.Category, p))
	}
	is := func(list []policy.CategoryID) bool {
		return on.Category == "" && len(list) > 0 || slices.Contains(list, on.Category)
	}
	switch {
	case is(f.InReview):
		n.Waiting, n.Until, n.Mend = Operator, f.ReviewBy, text.M("onboarding.mend_in_review")
	case is(f.SentBack):
		n.Mend = text.M("onboarding.mend_sent_back")
	default:
		n.Mend = text.M("onboarding.mend_apply")
	}
	return n, true
}

// contract: signed and in term. Rules O-4 and O-5.
func (f Facts) contract(p policy.Policy, now time.Time) (Need, bool) {
	n := Need{Rule: "O-5", Message: text.M("onboarding.no_contract"), Waiting: Operator}
	switch f.Contract {
	case contract.InForce:
		if f.InTerm(now) {
			return n, false
		}
		n.Message, n.Mend = text.M("onboarding.contract_ended", f.ContractUntil), text.M("onboarding.mend_contract_ended")
	case contract.AtVendor:
		n.Waiting, n.Mend = Vendor, text.M("onboarding.mend_sign")
	case contract.AtOffice:
		n.Mend = text.M("onboarding.mend_scan")
	case contract.Preparing:
		n.Mend = text.M("onboarding.mend_preparing")
	default:
		if len(f.Approved) == 0 {
			n.Waiting, n.Mend = Nobody, text.M("onboarding.mend_contract_later")
			break
		}
		n.Until, n.Mend = f.ContractBy, text.M("onboarding.mend_offer")
	}
	return n, true
}

// deposit: it covers the category, or any where none is named; a deduction uncovers
// none until its top-up time has passed. Rules D-3, O-6 and O-7.
func (f Facts) deposit(on Target, p policy.Policy, now time.Time) (Need, bool) {
	n := Need{Rule: "D-3", Waiting: Vendor}
	covered := len(f.Covered) > 0
	if on.Category != "" {
		covered = slices.Contains(f.Covered, on.Category)
	}
	switch {
	case covered && f.overdue(now):
		n.Until = f.TopUpBy
		n.Message, n.Mend = text.M("onboarding.top_up_overdue", f.TopUpBy, f.MissingDeposit()), text.M("onboarding.mend_top_up")
		return n, true
	case covered:
		return n, false
	case on.Category != "":
		n.Message = text.M("onboarding.not_covered", nameOf(on.Category, p))
	default:
		n.Message = text.M("onboarding.no_deposit")
	}
	switch {
	case f.Vouchers > 0:
		n.Waiting, n.Until, n.Mend = Operator, f.VoucherBy, text.M("onboarding.mend_voucher_waits")
	case !f.InTerm(now):
		n.Waiting, n.Mend = Nobody, text.M("onboarding.mend_deposit_later")
	case !f.DepositAsked, f.MissingDeposit().IsZero():
		n.Waiting, n.Mend = Operator, text.M("onboarding.mend_being_asked")
	case f.DepositFor == "":
		n.Mend = text.M("onboarding.mend_pay_contract", f.MissingDeposit())
	default:
		n.Mend = text.M("onboarding.mend_pay", f.MissingDeposit(), nameOf(f.DepositFor, p))
	}
	return n, true
}

// approved: the product's own review. Rules S-1 and O-7.
func approved(on Target) (Need, bool) {
	n := Need{Rule: "S-1", Message: text.M("onboarding.product_not_approved"), Waiting: Vendor, Mend: text.M("onboarding.mend_submit_product")}
	if on.Product == nil || on.Product.Approved {
		return n, false
	}
	if on.Product.InReview {
		n.Waiting, n.Mend = Operator, text.M("onboarding.mend_product_in_review")
	}
	return n, true
}

func nameOf(id policy.CategoryID, p policy.Policy) text.Named {
	c, ok := p.Category(id)
	if !ok {
		return text.Named{ZH: string(id), EN: string(id)}
	}
	return text.Named{ZH: c.Name.ZH, EN: c.Name.EN}
}
