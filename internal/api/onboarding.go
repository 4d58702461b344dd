package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Onboarding is where a vendor stands on its way in and what is missing for each act.
type Onboarding struct {
	VendorID   string               `json:"vendor_id,omitempty"`
	Stage      string               `json:"stage" doc:"applying, in_review, contract, deposit, open, closed or expired; computed from the facts"`
	StageText  string               `json:"stage_text"`
	Facts      OnboardingFacts      `json:"facts"`
	Acts       []OnboardingAct      `json:"acts" nullable:"false" doc:"for the vendor as a whole"`
	Categories []OnboardingCategory `json:"categories" nullable:"false" doc:"those approved or applied for"`
}

// OnboardingFacts are the independent facts (O-8).
type OnboardingFacts struct {
	Approved       []policy.CategoryID `json:"approved" nullable:"false"`
	InReview       []policy.CategoryID `json:"in_review" nullable:"false"`
	SentBack       []policy.CategoryID `json:"sent_back" nullable:"false"`
	Contract       string              `json:"contract,omitempty"`
	ContractUntil  *time.Time          `json:"contract_until,omitempty"`
	DepositDue     money.Amount        `json:"deposit_due"`
	DepositFor     policy.CategoryID   `json:"deposit_for,omitempty" doc:"the category that asks for the highest deposit (D-2)"`
	DepositHeld    money.Amount        `json:"deposit_held"`
	DepositMissing money.Amount        `json:"deposit_missing"`
	Covered        []policy.CategoryID `json:"covered" nullable:"false" doc:"categories covered by what is held (D-3)"`
	TopUpBy        *time.Time          `json:"top_up_by,omitempty"`
	Vouchers       int                 `json:"vouchers_waiting"`
}

// OnboardingAct is whether an act may be done, and what is missing if not.
type OnboardingAct struct {
	Act     policy.Act       `json:"act"`
	May     bool             `json:"may"`
	Missing []OnboardingNeed `json:"missing" nullable:"false"`
}

// OnboardingNeed is one thing missing.
type OnboardingNeed struct {
	Fact    policy.Fact `json:"fact"`
	Rule    string      `json:"rule"`
	Field   string      `json:"field" doc:"the pointer under which an error names it"`
	Message string      `json:"message"`
	Mend    string      `json:"mend" doc:"what would mend it"`
	Waiting string      `json:"waiting" doc:"whose turn it is: vendor, operator or nobody"`
	Until   *time.Time  `json:"until,omitempty"`
}

// OnboardingCategory is where the vendor stands with one category.
type OnboardingCategory struct {
	Category policy.CategoryID `json:"category"`
	Approved bool              `json:"approved"`
	Covered  bool              `json:"covered"`
	Acts     []OnboardingAct   `json:"acts" nullable:"false"`
}

func viewOnboarding(p text.Printer, s onboarding.State) Onboarding {
	f := s.Facts
	v := Onboarding{VendorID: s.VendorID, Stage: string(s.Stage), StageText: p.T(s.Stage.Label()), Acts: viewActs(p, s.Acts), Categories: []OnboardingCategory{},
		Facts: OnboardingFacts{Approved: listOf(f.Approved), InReview: listOf(f.InReview), SentBack: listOf(f.SentBack), Contract: string(f.Contract), ContractUntil: when(f.ContractUntil),
			DepositDue: f.DepositDue, DepositFor: f.DepositFor, DepositHeld: f.DepositHeld, DepositMissing: f.MissingDeposit(),
			Covered: listOf(f.Covered), TopUpBy: when(f.TopUpBy), Vouchers: f.Vouchers}}
	for _, c := range s.Categories {
		v.Categories = append(v.Categories, OnboardingCategory{Category: c.Category, Approved: c.Approved, Covered: c.Covered, Acts: viewActs(p, c.Acts)})
	}
	return v
}

func viewActs(p text.Printer, acts []onboarding.ActState) []OnboardingAct {
	out := []OnboardingAct{}
	for _, a := range acts {
		v := OnboardingAct{Act: a.Act, May: len(a.Needs) == 0, Missing: []OnboardingNeed{}}
		for _, n := range a.Needs {
			v.Missing = append(v.Missing, OnboardingNeed{Fact: n.Fact, Rule: n.Rule, Field: n.Field, Message: p.Say(n.Message), Mend: p.Say(n.Mend),
				Waiting: string(n.Waiting), Until: when(n.Until)})
		}
		out = append(out, v)
	}
	return out
}

// listOf makes an absent list an empty one.
func listOf[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func (a *API) onboardingRoutes() {
	get(a, route{path: "/onboarding", tag: "onboarding", id: "get-onboarding", summary: "Stage, facts, and what is missing for each act, with rule and mend (O-8)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (onboarding.State, error) {
			return onboarding.Of(ctx, tx, by, by.VendorID)
		}, viewOnboarding)
	get(a, route{path: "/operator/vendors/{id}/onboarding", tag: "operator/vendors", id: "get-vendor-onboarding", summary: "The same of one vendor, for staff"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (onboarding.State, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return onboarding.State{}, err
			}
			return onboarding.Of(ctx, tx, by, q.ID)
		}, viewOnboarding)
}
