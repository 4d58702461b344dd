package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Validate refuses a policy that contradicts itself: fault.Invalid with each field.
func (p Policy) Validate() error {
	var f fault.Fields
	if _, err := time.LoadLocation(p.Zone); p.Zone == "" || err != nil {
		f.Add("/zone", "policy.zone", p.Zone)
	}
	named(&f, "/marketplace", p.Marketplace)
	if p.Operator.Company == "" {
		f.Add("/operator/company", "fault.required")
	}
	_, err := cn.ParseUSCC(p.Operator.USCC)
	f.Take("/operator/uscc", err)
	p.validateCategories(&f)
	p.validateMoney(&f)
	p.validateCalendar(&f)
	p.validateMessages(&f)
	p.validateContracts(&f)
	p.validatePeople(&f)
	p.validateDeposits(&f)
	p.validateRevisions(&f)
	p.validateStatements(&f)
	p.validateExit(&f)
	validateOversight(p.Oversight, &f)
	p.validateViolations(&f)
	validateAmendments(p.Amendments, &f)
	for act, facts := range p.Gates {
		if !slices.Contains([]Act{CreateProduct, ReviewProduct, Shelve}, act) {
			f.Add("/gates", "fault.unknown_choice", string(act))
		}
		for _, x := range facts {
			if !slices.Contains([]Fact{NeedsQualified, NeedsContract, NeedsDeposit, NeedsApproved}, x) {
				f.Add("/gates/"+string(act), "fault.unknown_choice", string(x))
			}
		}
	}
	for i, c := range p.Checks {
		at := fmt.Sprintf("/checks/%d", i)
		if c.ID == "" {
			f.Add(at+"/id", "fault.required")
		}
		named(&f, at+"/name", c.Name)
	}
	for name, hours := range map[string]int{"review_hours": p.Promise.Review, "contract_hours": p.Promise.Contract, "deposit_hours": p.Promise.Deposit, "product_review_hours": p.Promise.ProductReview} {
		if hours <= 0 {
			f.Add("/promise/"+name, "policy.positive")
		}
	}
	return f.Err()
}

func named(f *fault.Fields, at string, n Name) {
	if n.ZH == "" {
		f.Add(at+"/zh-CN", "fault.required")
	}
	if n.EN == "" {
		f.Add(at+"/en", "fault.required")
	}
}

func (p Policy) validateCategories(f *fault.Fields) {
	if len(p.Categories) == 0 {
		f.Add("/categories", "fault.required")
	}
	seen := make(map[CategoryID]bool)
	for i, c := range p.Categories {
		at := fmt.Sprintf("/categories/%d", i)
		switch {
		case c.ID == "":
			f.Add(at+"/id", "fault.required")
		case seen[c.ID]:
			f.Add(at+"/id", "policy.twice", string(c.ID))
		}
		seen[c.ID] = true
		named(f, at+"/name", c.Name)
		if c.DepositFen < 0 {
			f.AddRule("D-1", at+"/deposit_fen", "policy.not_negative")
		}
		for _, id := range c.Conditions {
			if _, ok := p.Condition(id); !ok {
				f.Add(at+"/conditions", "fault.unknown_choice", string(id))
			}
		}
		if len(c.Forms) == 0 {
			f.AddRule("S-4", at+"/forms", "fault.required")
		}
		for _, form := range c.Forms {
			if !slices.Contains([]Form{ImageForm, SaaSForm, ServiceForm, APIForm}, form) {
				f.AddRule("S-4", at+"/forms", "fault.unknown_choice", string(form))
			}
		}
	}
}

// validateMoney checks what money depends on: modes, payees, ways and the receipts' series.
func (p Policy) validateMoney(f *fault.Fields) {
	for _, mode := range []Mode{Platform, Resale} {
		terms, ok := p.Modes[mode]
		at := "/modes/" + string(mode)
		switch {
		case !ok:
			f.AddRule("M-1", at, "fault.required")
		case terms.FeeBasisPoints < 0 || terms.FeeBasisPoints > 10000:
			f.AddRule("M-1", at+"/fee_basis_points", "policy.basis_points")
		case terms.Months <= 0:
			f.Add(at+"/months", "policy.positive")
		}
	}
	if len(p.Payees) == 0 {
		f.AddRule("D-4", "/payees", "fault.required")
	}
	for i, x := range p.Payees {
		at := fmt.Sprintf("/payees/%d", i)
		if x.ID == "" {
			f.Add(at+"/id", "fault.required")
		}
		if x.Name == "" {
			f.Add(at+"/name", "fault.required")
		}
		_, err := cn.ParseAccount(x.Account)
		f.Take(at+"/account", err)
	}
	if len(p.Ways) == 0 {
		f.AddRule("D-4", "/ways", "fault.required")
	}
	if p.ReceiptSeries == "" {
		f.AddRule("D-8", "/receipt_series", "fault.required")
	}
	if p.UploadBytes <= 0 {
		f.Add("/upload_bytes", "policy.positive")
	}
}
