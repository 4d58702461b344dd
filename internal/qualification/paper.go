package qualification

import (
	"fmt"
	"maps"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Application is the paper a company fills in (O-2). All of it is kept as typed,
// wrong or unfinished; only Submit asks that it be right. Documents are ids of files.
type Application struct {
	Company    Company                        `json:"company"`
	Account    Account                        `json:"account"`
	Documents  Documents                      `json:"documents"`
	Contact    Contact                        `json:"contact"`
	Service    Service                        `json:"service"`
	Shop       Shop                           `json:"shop"`
	Categories []policy.CategoryID            `json:"categories"`
	Mode       policy.Mode                    `json:"mode"`
	Evidence   map[policy.CategoryID]Evidence `json:"evidence"`
}

// Company is what the business licence says.
type Company struct {
	Name        string `json:"name"`
	USCC        string `json:"uscc"`
	Type        string `json:"type"`
	LegalPerson string `json:"legal_person"`
	Capital     string `json:"capital"`     // "5000000", "500万元", "伍佰万元整"
	Currency    string `json:"currency"`    // ISO 4217; "" is CNY
	Established string `json:"established"` // 2006-01-02
	LongTerm    bool   `json:"long_term"`   // 营业期限：长期
	TermUntil   string `json:"term_until"`  // 2006-01-02, unless LongTerm
	Address     string `json:"address"`
	Scope       string `json:"scope"`
	Registrar   string `json:"registrar"`
}

// Account is the corporate account that the deposit will come from (D-5).
type Account struct {
	Holder   string `json:"holder"`
	Bank     string `json:"bank"`
	Branch   string `json:"branch"`
	Province string `json:"province"`
	City     string `json:"city"`
	Number   string `json:"number"`
	CNAPS    string `json:"cnaps"`
}

// Documents are the company's files.
type Documents struct {
	Licence []string `json:"licence"` // E-1
	Account []string `json:"account"` // proof of the corporate account; optional
	Team    []string `json:"team"`    // E-2; optional
}

// Contact is the person the operator talks to.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Mail  string `json:"mail"`
}

// Service is how customers reach the company.
type Service struct {
	Mail  string `json:"mail"`
	Phone string `json:"phone"`
	Hours Hours  `json:"hours"` // E-2
	Team  string `json:"team"`  // the technical and after-sales team in words; optional
}

// Hours is the weekly timetable as typed.
type Hours struct {
	Mon []Span `json:"mon"`
	Tue []Span `json:"tue"`
	Wed []Span `json:"wed"`
	Thu []Span `json:"thu"`
	Fri []Span `json:"fri"`
	Sat []Span `json:"sat"`
	Sun []Span `json:"sun"`
}

// Span is a stretch of a day as typed, "09:00" to "18:00"; one left empty does not count.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Shop is what buyers read of the company.
type Shop struct {
	Name  string `json:"name"`
	Site  string `json:"site"`
	Intro string `json:"intro"`
}

// Evidence is what supports the conditions of one category.
type Evidence struct {
	TradeStart string   `json:"trade_start"` // E-3, 2006-01-02
	TradeFiles []string `json:"trade_files"` // E-3
	BuiltOn    bool     `json:"built_on"`    // E-4: all services are built on the operator's cloud
	BuiltNote  string   `json:"built_note"`  // E-4: which products, how
	BuiltFiles []string `json:"built_files"` // E-4
	Site       string   `json:"site"`        // E-6.2
	RDFiles    []string `json:"rd_files"`    // E-6.4
	Note       string   `json:"note"`        // anything else, for E-6.3 and the operator's own conditions
	Files      []string `json:"files"`
}

// Step is a part of the form that is saved by itself.
type Step string

// The steps of the form. The last holds nothing of the paper: agreements are
// accepted by agreement.Accept.
const (
	StepCompany    Step = "company"
	StepDocuments  Step = "documents"
	StepContact    Step = "contact"
	StepCategories Step = "categories"
	StepAgreements Step = "agreements"
)

// Steps lists the steps in the order of the form.
func Steps() []Step {
	return []Step{StepCompany, StepDocuments, StepContact, StepCategories, StepAgreements}
}

// take copies the step's part of another paper; "" copies all.
func (a Application) take(step Step, from Application) (Application, error) {
	switch step {
	case "":
		return from, nil
	case StepCompany:
		a.Company, a.Account = from.Company, from.Account
	case StepDocuments:
		a.Documents = from.Documents
	case StepContact:
		a.Contact, a.Service, a.Shop = from.Contact, from.Service, from.Shop
	case StepCategories:
		a.Categories, a.Mode = from.Categories, from.Mode
		// What was typed for a category that is not ticked now comes back with it.
		kept := maps.Clone(a.Evidence)
		if kept == nil {
			kept = make(map[policy.CategoryID]Evidence)
		}
		maps.Copy(kept, from.Evidence)
		a.Evidence = kept
	case StepAgreements:
	default:
		return a, fault.At("/step", "fault.unknown_choice", string(step))
	}
	return a, nil
}

// StepOf tells on which step of the form a field stands.
func StepOf(pointer string) Step {
	switch head(pointer) {
	case "documents":
		return StepDocuments
	case "contact", "service", "shop":
		return StepContact
	case "categories", "mode", "evidence":
		return StepCategories
	case "agreements":
		return StepAgreements
	}
	return StepCompany
}

// What a draft may hold at most, so that a stored one is never larger than a form.
const (
	mostLeaves = 600
	mostRunes  = 5000
	mostKinds  = 50 // categories with evidence
)

// bounded refuses a paper that no form could have made.
func (a Application) bounded() error {
	leaves := flatten(a)
	var bad fault.Fields
	if len(leaves) > mostLeaves || len(a.Evidence) > mostKinds || len(a.Categories) > mostKinds {
		bad.Add("", "qualification.too_much")
	}
	for _, l := range leaves {
		if n := utf8.RuneCountInString(l.value); n > mostRunes {
			bad.Add(l.pointer, "fault.too_long", mostRunes, n)
		}
	}
	return bad.Err()
}

// files lists every file the paper names, with the field it stands in.
func (a Application) files() map[string][]string {
	named := map[string][]string{
		"/documents/licence": a.Documents.Licence,
		"/documents/account": a.Documents.Account,
		"/documents/team":    a.Documents.Team,
	}
	for _, c := range a.Categories {
		e := a.Evidence[c]
		for name, ids := range map[string][]string{"trade_files": e.TradeFiles, "built_files": e.BuiltFiles, "rd_files": e.RDFiles, "files": e.Files} {
			named[fmt.Sprintf("/evidence/%s/%s", escape(string(c)), name)] = ids
		}
	}
	return named
}

// fileIDs lists every file the paper names, once each.
func (a Application) fileIDs() []string {
	seen := make(map[string]bool)
	var ids []string
	for _, list := range a.files() {
		for _, id := range list {
			if id != "" && !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}
