// Code generated from the OpenAPI document by a test of internal/api; DO NOT EDIT.

package client

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// Any is a value that the document leaves open.
type Any = json.RawMessage

// Acceptance is a part of the API's documents.
type Acceptance struct {
	AccountID string    `json:"account_id,omitzero"`
	Address   string    `json:"address,omitzero"` // IP
	At        time.Time `json:"at,omitzero"`
	Document  string    `json:"document,omitzero"`
	Hash      string    `json:"hash,omitzero"`
	Version   string    `json:"version,omitzero"`
}

// Account is a part of the API's documents.
type Account struct {
	ID       string   `json:"id,omitzero"`
	Kind     string   `json:"kind,omitzero"` // member or staff
	Lang     string   `json:"lang,omitzero"`
	Mail     string   `json:"mail,omitzero"` // masked
	Name     string   `json:"name,omitzero"`
	Phone    string   `json:"phone,omitzero"` // masked
	Roles    []string `json:"roles,omitzero"`
	VendorID string   `json:"vendor_id,omitzero"`
	Verified bool     `json:"verified,omitzero"`
}

// AccountAcceptance is a part of the API's documents.
type AccountAcceptance struct {
	Token string `json:"token,omitzero"`
}

// AccountEffect is a part of the API's documents.
type AccountEffect struct {
	Account string      `json:"account,omitzero"`
	After   AmountShape `json:"after,omitzero"`
	Before  AmountShape `json:"before,omitzero"`
}

// AccountForgotten is a part of the API's documents.
type AccountForgotten struct {
	Mail string `json:"mail,omitzero"`
}

// AccountHandover is a part of the API's documents.
type AccountHandover struct {
	Code     string   `json:"code,omitzero"`
	Keeps    []string `json:"keeps,omitzero"`
	Password string   `json:"password,omitzero"`
	To       string   `json:"to,omitzero"`
}

// AccountMemberChange is a part of the API's documents.
type AccountMemberChange struct {
	Roles []string `json:"roles,omitzero"`
}

// AccountMoved is a part of the API's documents.
type AccountMoved struct {
	NewCode string `json:"new_code,omitzero"`
	OldCode string `json:"old_code,omitzero"`
}

// AccountNewInvitation is a part of the API's documents.
type AccountNewInvitation struct {
	Lang  string   `json:"lang,omitzero"`
	Mail  string   `json:"mail,omitzero"`
	Roles []string `json:"roles,omitzero"`
}

// AccountNewKey is a part of the API's documents.
type AccountNewKey struct {
	Name   string   `json:"name,omitzero"`
	Scopes []string `json:"scopes,omitzero"`
}

// AccountNewMail is a part of the API's documents.
type AccountNewMail struct {
	Mail string `json:"mail,omitzero"`
}

// AccountNewPassword is a part of the API's documents.
type AccountNewPassword struct {
	Old      string `json:"old,omitzero"`
	Password string `json:"password,omitzero"`
}

// AccountNewPhone is a part of the API's documents.
type AccountNewPhone struct {
	Phone string `json:"phone,omitzero"`
}

// AccountPreference is a part of the API's documents.
type AccountPreference struct {
	Lang string `json:"lang,omitzero"`
}

// AccountProof is a part of the API's documents.
type AccountProof struct {
	MailCode  string `json:"mail_code,omitzero"`
	PhoneCode string `json:"phone_code,omitzero"`
}

// AccountRegistration is a part of the API's documents.
type AccountRegistration struct {
	Lang     string `json:"lang,omitzero"`
	Mail     string `json:"mail,omitzero"`
	Name     string `json:"name,omitzero"`
	Password string `json:"password,omitzero"`
	Phone    string `json:"phone,omitzero"`
}

// AccountResend is a part of the API's documents.
type AccountResend struct {
	Channel string `json:"channel,omitzero"`
}

// AccountReset is a part of the API's documents.
type AccountReset struct {
	Code     string `json:"code,omitzero"`
	Mail     string `json:"mail,omitzero"`
	Password string `json:"password,omitzero"`
}

// Agreement is a part of the API's documents.
type Agreement struct {
	Accepted     bool          `json:"accepted,omitzero"` // by your company, in this version
	Body         AgreementBody `json:"body,omitzero"`     // Markdown, by language
	Hash         string        `json:"hash,omitzero"`     // SHA-256 in hex; an acceptance records it
	HoldsFrom    time.Time     `json:"holds_from,omitzero"`
	ID           string        `json:"id,omitzero"`
	RequiredFrom time.Time     `json:"required_from,omitzero"` // from when those who accepted an earlier version must have accepted it
	Title        PolicyName    `json:"title,omitzero"`
	Version      string        `json:"version,omitzero"`
}

// AgreementAcceptance is a part of the API's documents.
type AgreementAcceptance struct {
	Documents []AgreementRef `json:"documents,omitzero"`
}

// AgreementBody is a part of the API's documents.
type AgreementBody struct {
	En   string `json:"en,omitzero"`
	ZhCN string `json:"zh-CN,omitzero"`
}

// AgreementRef is a part of the API's documents.
type AgreementRef struct {
	ID      string `json:"id,omitzero"`
	Version string `json:"version,omitzero"`
}

// AgreementVersion is a part of the API's documents.
type AgreementVersion struct {
	Body         AgreementBody `json:"body,omitzero"`
	HoldsFrom    time.Time     `json:"holds_from,omitzero"`
	ID           string        `json:"id,omitzero"`
	RequiredFrom time.Time     `json:"required_from,omitzero"`
	Title        PolicyName    `json:"title,omitzero"`
	Version      string        `json:"version,omitzero"`
}

// AmendmentCheck is a part of the API's documents.
type AmendmentCheck struct {
	Code    string `json:"code,omitzero"`
	Version int64  `json:"version,omitzero"`
}

// AmendmentDecision is a part of the API's documents.
type AmendmentDecision struct {
	Parts   []AmendmentRuling `json:"parts,omitzero"`
	Version int64             `json:"version,omitzero"`
}

// AmendmentFiling is a part of the API's documents.
type AmendmentFiling struct {
	Company QualificationCompany `json:"company,omitzero"`
	Contact QualificationContact `json:"contact,omitzero"`
	Licence []string             `json:"licence,omitzero"`
	Note    string               `json:"note,omitzero"`
	Service QualificationService `json:"service,omitzero"`
	Shop    QualificationShop    `json:"shop,omitzero"`
}

// AmendmentGrant is a part of the API's documents.
type AmendmentGrant struct {
	Proposal ContractProposal `json:"proposal,omitzero"`
	Version  int64            `json:"version,omitzero"`
}

// AmendmentNewAccount is a part of the API's documents.
type AmendmentNewAccount struct {
	Account QualificationAccount `json:"account,omitzero"`
	Note    string               `json:"note,omitzero"`
	Proof   []string             `json:"proof,omitzero"`
}

// AmendmentNewMode is a part of the API's documents.
type AmendmentNewMode struct {
	Mode string `json:"mode,omitzero"`
	Note string `json:"note,omitzero"`
}

// AmendmentNewTerm is a part of the API's documents.
type AmendmentNewTerm struct {
	Months int64  `json:"months,omitzero"`
	Note   string `json:"note,omitzero"`
}

// AmendmentRuling is a part of the API's documents.
type AmendmentRuling struct {
	Decision string `json:"decision,omitzero"`
	Part     string `json:"part,omitzero"`
	Reason   string `json:"reason,omitzero"`
}

// AmendmentStopping is a part of the API's documents.
type AmendmentStopping struct {
	Reason string `json:"reason,omitzero"`
}

// AmendmentTurn is a part of the API's documents.
type AmendmentTurn struct {
	Version int64 `json:"version,omitzero"`
}

// AmountShape is a part of the API's documents.
type AmountShape struct {
	Currency string `json:"currency,omitzero"` // ISO 4217; CNY if left out
	Fen      int64  `json:"fen"`               // minor units (fen)
	Text     string `json:"text,omitzero"`     // the amount for people, in answers
}

// AppDraft is a part of the API's documents.
type AppDraft struct {
	Secret string `json:"secret,omitzero"`
	Uri    string `json:"uri,omitzero"`
}

// Application is a part of the API's documents.
type Application struct {
	Application QualificationApplication `json:"application,omitzero"` // as typed
	Categories  []Standing               `json:"categories,omitzero"`
	Changed     bool                     `json:"changed,omitzero"`     // differs from the last submission
	ID          string                   `json:"id,omitzero"`          // absent before the first save
	PromisedBy  time.Time                `json:"promised_by,omitzero"` // when the review should be done
	SavedAt     time.Time                `json:"saved_at,omitzero"`
	SelfCheck   SelfCheck                `json:"self_check,omitzero"`
	Status      string                   `json:"status,omitzero"` // draft, submitted, in_review, returned or decided
	StatusText  string                   `json:"status_text,omitzero"`
	SubmittedAt time.Time                `json:"submitted_at,omitzero"`
	ToMend      []ProblemField           `json:"to_mend,omitzero"` // what the last review asks you to mend
	VendorID    string                   `json:"vendor_id,omitzero"`
	Version     int64                    `json:"version,omitzero"` // send it back when saving or submitting, so that nothing is overwritten
}

// AskedVendor is a part of the API's documents.
type AskedVendor struct {
	At         time.Time `json:"at,omitzero"`
	Earlier    string    `json:"earlier,omitzero"` // the last version it accepted
	VendorID   string    `json:"vendor_id,omitzero"`
	VendorName string    `json:"vendor_name,omitzero"`
}

// AuditEntry is a part of the API's documents.
type AuditEntry struct {
	Actor     string         `json:"actor,omitzero"` // name of the person
	ActorID   string         `json:"actor_id,omitzero"`
	ActorKind string         `json:"actor_kind,omitzero"`
	Address   string         `json:"address,omitzero"`
	At        time.Time      `json:"at,omitzero"`
	Data      map[string]Any `json:"data,omitzero"`
	ID        string         `json:"id,omitzero"`
	Kind      string         `json:"kind,omitzero"`
	Subject   string         `json:"subject,omitzero"`
	Text      string         `json:"text,omitzero"`
	Vendor    string         `json:"vendor,omitzero"` // name of the company
	VendorID  string         `json:"vendor_id,omitzero"`
}

// BankLine is a part of the API's documents.
type BankLine struct {
	Amount       AmountShape      `json:"amount,omitzero"` // negative went out
	BankRef      string           `json:"bank_ref,omitzero"`
	BookedOn     string           `json:"booked_on,omitzero"`
	ID           string           `json:"id,omitzero"`
	ImportedBy   string           `json:"imported_by,omitzero"`
	Payee        string           `json:"payee,omitzero"`
	PayerAccount string           `json:"payer_account,omitzero"` // masked
	PayerBank    string           `json:"payer_bank,omitzero"`
	PayerName    string           `json:"payer_name,omitzero"`
	ProposedBy   string           `json:"proposed_by,omitzero"` // the person who assigned it by hand
	Reasons      []BankLineReason `json:"reasons,omitzero"`     // why it is doubtful
	Remark       string           `json:"remark,omitzero"`
	Reversal     bool             `json:"reversal,omitzero"` // the bank marks it as taking back or returning another
	Row          int64            `json:"row,omitzero"`
	Share        string           `json:"share,omitzero"`  // set where a share is shown as a line
	Shares       []BankLineShare  `json:"shares,omitzero"` // of a split line
	State        string           `json:"state,omitzero"`  // certain, doubtful, unknown, split, taken or debit
	Statement    string           `json:"statement,omitzero"`
	TakenAt      time.Time        `json:"taken_at,omitzero"`
	TakenBy      string           `json:"taken_by,omitzero"`
	TakenFor     string           `json:"taken_for,omitzero"` // the receipt
	Vendor       string           `json:"vendor,omitzero"`    // whom it is proposed for, or was taken for
}

// BankLineReason is a part of the API's documents.
type BankLineReason struct {
	Code string `json:"code,omitzero"`
	Rule string `json:"rule,omitzero"`
	Text string `json:"text,omitzero"`
}

// BankLineShare is a part of the API's documents.
type BankLineShare struct {
	Amount   AmountShape `json:"amount,omitzero"`
	ID       string      `json:"id,omitzero"` // used like a line's id
	TakenFor string      `json:"taken_for,omitzero"`
	Vendor   string      `json:"vendor,omitzero"`
}

// BankStatement is a part of the API's documents.
type BankStatement struct {
	BegunAt    time.Time   `json:"begun_at,omitzero"`
	Checked    int64       `json:"checked,omitzero"` // lines read while it is checked
	Credit     AmountShape `json:"credit,omitzero"`
	Credits    int64       `json:"credits,omitzero"`
	Debit      AmountShape `json:"debit,omitzero"`
	Debits     int64       `json:"debits,omitzero"`
	Done       int64       `json:"done,omitzero"`
	Faults     []string    `json:"faults,omitzero"` // why it was refused
	FileName   string      `json:"file_name,omitzero"`
	Format     string      `json:"format,omitzero"` // csv, xlsx, camt.053 or mt940
	Fresh      int64       `json:"fresh,omitzero"`  // lines not known from an earlier file
	From       string      `json:"from,omitzero"`
	Going      bool        `json:"going,omitzero"` // a process works on it now
	ID         string      `json:"id,omitzero"`
	ImportedAt time.Time   `json:"imported_at,omitzero"`
	ImportedBy string      `json:"imported_by,omitzero"`
	Lines      int64       `json:"lines,omitzero"`
	Mapping    string      `json:"mapping,omitzero"` // how a table was read; empty for camt.053 and mt940
	Payee      string      `json:"payee,omitzero"`   // the operator's account, by its id in the policy
	Percent    int64       `json:"percent,omitzero"` // of its lines that are in
	SHA256     string      `json:"sha256,omitzero"`
	Status     string      `json:"status,omitzero"` // checking, importing, stopped, refused or imported
	To         string      `json:"to,omitzero"`
}

// Bar is a part of the API's documents.
type Bar struct {
	BarredAt   time.Time `json:"barred_at,omitzero"`
	ID         string    `json:"id,omitzero"`
	LiftReason string    `json:"lift_reason,omitzero"`
	LiftedAt   time.Time `json:"lifted_at,omitzero"`
	Name       string    `json:"name,omitzero"`
	Reason     string    `json:"reason,omitzero"` // the exit's number
	USCC       string    `json:"uscc,omitzero"`
	VendorID   string    `json:"vendor_id,omitzero"`
}

// Begun is a part of the API's documents.
type Begun struct {
	VendorID string `json:"vendor_id,omitzero"`
}

// Blocker is a part of the API's documents.
type Blocker struct {
	Code     string    `json:"code,omitzero"`
	Detail   string    `json:"detail,omitzero"`
	Mend     string    `json:"mend,omitzero"`
	Rule     string    `json:"rule,omitzero"`
	Since    time.Time `json:"since,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	WaitsFor string    `json:"waits_for,omitzero"` // vendor or operator
}

// BulkFault is a part of the API's documents.
type BulkFault struct {
	Column string `json:"column,omitzero"`
	Note   bool   `json:"note,omitzero"`
	Text   string `json:"text,omitzero"`
}

// BulkOrder is a part of the API's documents.
type BulkOrder struct {
	SkipWrong bool `json:"skip_wrong,omitzero"`
}

// CalendarSpan is a part of the API's documents.
type CalendarSpan struct {
	From string `json:"from,omitzero"`
	To   string `json:"to,omitzero"`
}

// CalendarWeek is a part of the API's documents.
type CalendarWeek struct {
	Fri []CalendarSpan `json:"fri,omitzero"`
	Mon []CalendarSpan `json:"mon,omitzero"`
	Sat []CalendarSpan `json:"sat,omitzero"`
	Sun []CalendarSpan `json:"sun,omitzero"`
	Thu []CalendarSpan `json:"thu,omitzero"`
	Tue []CalendarSpan `json:"tue,omitzero"`
	Wed []CalendarSpan `json:"wed,omitzero"`
}

// CatalogAPI is a part of the API's documents.
type CatalogAPI struct {
	Methods   string `json:"methods,omitzero"`
	TestFirst bool   `json:"test_first,omitzero"`
}

// CatalogCard is a part of the API's documents.
type CatalogCard struct {
	Category   string      `json:"category,omitzero"`
	Form       string      `json:"form,omitzero"`
	ID         string      `json:"id,omitzero"`
	Name       string      `json:"name,omitzero"`
	Original   AmountShape `json:"original,omitzero"` // its price before reduction
	Picture    string      `json:"picture,omitzero"`  // address
	Plans      int64       `json:"plans,omitzero"`    // how many there are
	Price      AmountShape `json:"price,omitzero"`    // of the cheapest plan
	ShelvedAt  time.Time   `json:"shelved_at,omitzero"`
	Span       int64       `json:"span,omitzero"`
	Summary    string      `json:"summary,omitzero"`
	Tags       []string    `json:"tags,omitzero"`
	Unit       string      `json:"unit,omitzero"`
	VendorID   string      `json:"vendor_id,omitzero"`
	VendorName string      `json:"vendor_name,omitzero"`
}

// CatalogCategory is a part of the API's documents.
type CatalogCategory struct {
	About    string `json:"about,omitzero"`
	ID       string `json:"id,omitzero"`
	Name     string `json:"name,omitzero"`
	Products int64  `json:"products,omitzero"`
}

// CatalogImage is a part of the API's documents.
type CatalogImage struct {
	Machine   string   `json:"machine,omitzero"`
	Os        string   `json:"os,omitzero"`
	ScannedOn string   `json:"scanned_on,omitzero"`
	Software  []string `json:"software,omitzero"`
	Version   string   `json:"version,omitzero"`
}

// CatalogPage is a part of the API's documents.
type CatalogPage struct {
	AtLeast    bool             `json:"at_least,omitzero"`   // there are more: of a very common word only the newest products are ranked
	Categories map[string]int64 `json:"categories,omitzero"` // how many there are of each, the category filter apart
	Forms      map[string]int64 `json:"forms,omitzero"`      // how many there are of each, the form filter apart
	Items      []CatalogCard    `json:"items,omitzero"`
	Loose      bool             `json:"loose,omitzero"` // nothing has all the words; these have most of them
	Next       string           `json:"next,omitzero"`
	Total      int64            `json:"total,omitzero"`
}

// CatalogPlan is a part of the API's documents.
type CatalogPlan struct {
	Name     string      `json:"name,omitzero"`
	Original AmountShape `json:"original,omitzero"`
	Price    AmountShape `json:"price,omitzero"`
	Span     int64       `json:"span,omitzero"`
	Unit     string      `json:"unit,omitzero"`
}

// CatalogProduct is a part of the API's documents.
type CatalogProduct struct {
	AfterSales string         `json:"after_sales,omitzero"`
	API        CatalogAPI     `json:"api,omitzero"`
	BuiltOn    string         `json:"built_on,omitzero"`
	Card       CatalogCard    `json:"card,omitzero"`
	Details    string         `json:"details,omitzero"`  // HTML, safe to show
	Document   string         `json:"document,omitzero"` // address
	Image      CatalogImage   `json:"image,omitzero"`
	Pictures   []string       `json:"pictures,omitzero"` // addresses
	Plans      []CatalogPlan  `json:"plans,omitzero"`
	Report     CatalogReport  `json:"report,omitzero"` // of an image: its security report
	SaaS       CatalogSaaS    `json:"saas,omitzero"`
	Service    CatalogService `json:"service,omitzero"`
	Terms      string         `json:"terms,omitzero"` // address of the vendor's own service agreement
}

// CatalogReport is a part of the API's documents.
type CatalogReport struct {
	Expired   bool   `json:"expired,omitzero"` // it no longer holds, and the vendor has not handed in a new one
	ScannedOn string `json:"scanned_on,omitzero"`
	Until     string `json:"until,omitzero"` // the last day on which it holds
}

// CatalogSaaS is a part of the API's documents.
type CatalogSaaS struct {
	Automatic bool   `json:"automatic,omitzero"`
	Site      string `json:"site,omitzero"`
	Trial     bool   `json:"trial,omitzero"`
	TrialDays int64  `json:"trial_days,omitzero"`
}

// CatalogService is a part of the API's documents.
type CatalogService struct {
	AskedFirst    bool   `json:"asked_first,omitzero"`
	BuyerConfirms bool   `json:"buyer_confirms,omitzero"`
	Days          int64  `json:"days,omitzero"`
	Requirement   string `json:"requirement,omitzero"`
	VendorDoes    bool   `json:"vendor_does,omitzero"`
}

// CatalogVendor is a part of the API's documents.
type CatalogVendor struct {
	Company  string       `json:"company,omitzero"`
	Hours    CalendarWeek `json:"hours,omitzero"`
	ID       string       `json:"id,omitzero"`
	Intro    string       `json:"intro,omitzero"`
	Mail     string       `json:"mail,omitzero"` // customer service
	Name     string       `json:"name,omitzero"`
	OpenedAt time.Time    `json:"opened_at,omitzero"`
	Phone    string       `json:"phone,omitzero"` // customer service
	Products int64        `json:"products,omitzero"`
}

// CategoryAsk is a part of the API's documents.
type CategoryAsk struct {
	Category string      `json:"category,omitzero"`
	Covered  bool        `json:"covered,omitzero"`
	Deposit  AmountShape `json:"deposit,omitzero"`
	Missing  AmountShape `json:"missing,omitzero"`
	Until    string      `json:"until,omitzero"` // the last day on which it stays covered without
}

// ChangeProfile is a part of the API's documents.
type ChangeProfile struct {
	Account QualificationAccount `json:"account,omitzero"` // the number masked
	Company QualificationCompany `json:"company,omitzero"`
	Contact QualificationContact `json:"contact,omitzero"`
	Service QualificationService `json:"service,omitzero"`
	Shop    QualificationShop    `json:"shop,omitzero"`
}

// ChangeRequest is a part of the API's documents.
type ChangeRequest struct {
	Changes    []ChangedField  `json:"changes,omitzero"`     // old and new; masked for who does not decide. Empty in lists
	CheckedAt  time.Time       `json:"checked_at,omitzero"`  // an account: when the second person checked it
	Contract   string          `json:"contract,omitzero"`    // number of the contract it is about
	ContractID string          `json:"contract_id,omitzero"` // that was offered for it
	DecidedAt  time.Time       `json:"decided_at,omitzero"`
	EffectAt   time.Time       `json:"effect_at,omitzero"` // an account: when the waiting period ends
	Files      []string        `json:"files,omitzero"`
	ID         string          `json:"id,omitzero"`
	Kind       string          `json:"kind,omitzero"` // company, account, mode, renewal or supplement
	MadeAt     time.Time       `json:"made_at,omitzero"`
	Mode       string          `json:"mode,omitzero"`
	Months     int64           `json:"months,omitzero"`
	Note       string          `json:"note,omitzero"`
	Parts      []string        `json:"parts,omitzero"` // what is decided on by itself
	PromisedBy time.Time       `json:"promised_by,omitzero"`
	Status     string          `json:"status,omitzero"` // checking, submitted, in_review, cooling, decided, refused, withdrawn or stopped
	StatusText string          `json:"status_text,omitzero"`
	Stopped    string          `json:"stopped,omitzero"` // why the account was stopped
	VendorID   string          `json:"vendor_id,omitzero"`
	VendorName string          `json:"vendor_name,omitzero"`
	Verdicts   []ChangeVerdict `json:"verdicts,omitzero"`
	Version    int64           `json:"version,omitzero"` // send it back with an act, so that nothing is overwritten
}

// ChangeVerdict is a part of the API's documents.
type ChangeVerdict struct {
	Approved bool   `json:"approved,omitzero"`
	Part     string `json:"part,omitzero"`
	Reason   string `json:"reason,omitzero"`
}

// ChangedField is a part of the API's documents.
type ChangedField struct {
	Field string `json:"field,omitzero"` // JSON pointer
	Now   string `json:"now,omitzero"`
	Part  string `json:"part,omitzero"`
	Was   string `json:"was,omitzero"`
}

// Condition is a part of the API's documents.
type Condition struct {
	Accepted  bool           `json:"accepted,omitzero"` // by an earlier review; not asked again
	Category  string         `json:"category,omitzero"` // absent for a condition per company
	Field     string         `json:"field,omitzero"`    // JSON pointer into the application
	Mend      string         `json:"mend,omitzero"`
	Problems  []ProblemField `json:"problems,omitzero"`
	Reason    string         `json:"reason,omitzero"` // the reviewer's words
	Rule      string         `json:"rule,omitzero"`   // E-1 … E-6.4
	State     string         `json:"state,omitzero"`  // met, not_met, waiting_vendor or waiting_review
	StateText string         `json:"state_text,omitzero"`
	Text      string         `json:"text,omitzero"`
}

// Contract is a part of the API's documents.
type Contract struct {
	Categories     []string    `json:"categories,omitzero"`
	Deposit        AmountShape `json:"deposit,omitzero"`
	EndReason      string      `json:"end_reason,omitzero"`
	EndedAt        time.Time   `json:"ended_at,omitzero"`
	FeeBasisPoints int64       `json:"fee_basis_points,omitzero"` // of the actual amount of each order; 1000 is 10 %
	FileHash       string      `json:"file_hash,omitzero"`        // SHA-256 of the document: what is signed
	FileID         string      `json:"file_id,omitzero"`          // the document; absent while it is being made
	FixedDeposit   bool        `json:"fixed_deposit,omitzero"`    // the deposit is this contract's own (M-3), not that of the categories (D-2)
	ID             string      `json:"id,omitzero"`
	InTerm         bool        `json:"in_term,omitzero"` // signed, and its term has not run out
	Lang           string      `json:"lang,omitzero"`
	Mode           string      `json:"mode,omitzero"`
	Months         int64       `json:"months,omitzero"`
	Number         string      `json:"number,omitzero"`
	OfferedAt      time.Time   `json:"offered_at,omitzero"`
	ScanFileID     string      `json:"scan_file_id,omitzero"`
	ScanReason     string      `json:"scan_reason,omitzero"` // why the last scan was not accepted
	SignedAt       time.Time   `json:"signed_at,omitzero"`
	SignedFileID   string      `json:"signed_file_id,omitzero"` // the signed copy; absent until it is sealed
	Signer         Signer      `json:"signer,omitzero"`         // of an online signature
	Status         string      `json:"status,omitzero"`
	StatusText     string      `json:"status_text,omitzero"`
	Template       string      `json:"template,omitzero"` // version of the text
	Terms          string      `json:"terms,omitzero"`
	Until          time.Time   `json:"until,omitzero"` // the last moment of the term
	VendorID       string      `json:"vendor_id,omitzero"`
	VendorName     string      `json:"vendor_name,omitzero"`
	Way            string      `json:"way,omitzero"` // online or paper
}

// ContractConfirmation is a part of the API's documents.
type ContractConfirmation struct {
	SignedOn string `json:"signed_on,omitzero"`
}

// ContractDesk is a part of the API's documents.
type ContractDesk struct {
	Awaited time.Time  `json:"awaited,omitzero"` // the operator promised an offer by then
	Consent string     `json:"consent,omitzero"` // what one declares by signing
	Current Contract   `json:"current,omitzero"` // signed; in_term says whether it still holds
	Earlier []Contract `json:"earlier,omitzero"`
	Offer   Contract   `json:"offer,omitzero"` // waits to be signed
}

// ContractDraft is a part of the API's documents.
type ContractDraft struct {
	Blocked        string      `json:"blocked,omitzero"` // why no contract can be offered now
	Categories     []string    `json:"categories,omitzero"`
	Deposit        AmountShape `json:"deposit,omitzero"`
	FeeBasisPoints int64       `json:"fee_basis_points,omitzero"`
	Holder         Holder      `json:"holder,omitzero"`
	Mode           string      `json:"mode,omitzero"`
	Months         int64       `json:"months,omitzero"`
	RequiredBy     string      `json:"required_by,omitzero"` // the category that asks for the deposit (D-2)
	VendorID       string      `json:"vendor_id,omitzero"`
	VendorName     string      `json:"vendor_name,omitzero"`
}

// ContractProposal is a part of the API's documents.
type ContractProposal struct {
	Deposit  AmountShape `json:"deposit,omitzero"`
	Lang     string      `json:"lang,omitzero"`
	Mode     string      `json:"mode,omitzero"`
	Months   int64       `json:"months,omitzero"`
	Rate     string      `json:"rate,omitzero"`
	Terms    string      `json:"terms,omitzero"`
	VendorID string      `json:"vendor_id,omitzero"`
}

// ContractScan is a part of the API's documents.
type ContractScan struct {
	File string `json:"file,omitzero"`
}

// ContractSendBack is a part of the API's documents.
type ContractSendBack struct {
	Reason string `json:"reason,omitzero"`
}

// ContractSignature is a part of the API's documents.
type ContractSignature struct {
	Code    string `json:"code,omitzero"`
	Consent bool   `json:"consent,omitzero"`
	Hash    string `json:"hash,omitzero"`
}

// ContractTask is a part of the API's documents.
type ContractTask struct {
	Again      bool      `json:"again,omitzero"`       // an earlier one was withdrawn or has run out
	ContractID string    `json:"contract_id,omitzero"` // the one to confirm
	Holder     Holder    `json:"holder,omitzero"`
	Mode       string    `json:"mode,omitzero"`
	Number     string    `json:"number,omitzero"`
	PromisedBy time.Time `json:"promised_by,omitzero"`
	Since      time.Time `json:"since,omitzero"`
	Task       string    `json:"task,omitzero"`
	VendorID   string    `json:"vendor_id,omitzero"`
	VendorName string    `json:"vendor_name,omitzero"`
}

// ContractVoid is a part of the API's documents.
type ContractVoid struct {
	Reason string `json:"reason,omitzero"`
}

// CourierAddress is a part of the API's documents.
type CourierAddress struct {
	Address   string    `json:"address,omitzero"`
	Default   bool      `json:"default,omitzero"`
	ID        string    `json:"id,omitzero"`
	MadeAt    time.Time `json:"made_at,omitzero"`
	Phone     string    `json:"phone,omitzero"`
	Recipient string    `json:"recipient,omitzero"`
}

// DeductionPosting is a part of the API's documents.
type DeductionPosting struct {
	Amount   AmountShape `json:"amount,omitzero"`
	At       time.Time   `json:"at,omitzero"`
	Excess   AmountShape `json:"excess,omitzero"` // of what was given back: held apart as overpaid
	Number   string      `json:"number,omitzero"`
	Returned bool        `json:"returned,omitzero"`
}

// Deposit is a part of the API's documents.
type Deposit struct {
	Approved   []string      `json:"approved,omitzero"`
	Asks       []CategoryAsk `json:"asks,omitzero"` // by approved category: whether it is covered, and what is missing (D-3)
	Covered    []string      `json:"covered,omitzero"`
	Held       AmountShape   `json:"held,omitzero"`
	Known      bool          `json:"known,omitzero"` // false while it cannot be said yet what is required
	Missing    AmountShape   `json:"missing,omitzero"`
	Overpaid   AmountShape   `json:"overpaid,omitzero"`  // held apart until it is decided on (D-12)
	Payees     []Payee       `json:"payees,omitzero"`    // the operator's accounts
	Reference  string        `json:"reference,omitzero"` // to stand in the transfer's remark; absent before the contract is signed
	Required   AmountShape   `json:"required,omitzero"`
	RequiredBy string        `json:"required_by,omitzero"` // the category that asks most (D-2); absent where the contract has its own deposit (M-3)
	TopUpBy    time.Time     `json:"top_up_by,omitzero"`
	VendorID   string        `json:"vendor_id,omitzero"`
	Ways       []Way         `json:"ways,omitzero"` // ways to pay (D-4)
}

// DepositAccount is a part of the API's documents.
type DepositAccount struct {
	Due        AmountShape `json:"due,omitzero"`
	Held       AmountShape `json:"held,omitzero"`
	Overpaid   AmountShape `json:"overpaid,omitzero"`
	Reference  string      `json:"reference,omitzero"`
	VendorID   string      `json:"vendor_id,omitzero"`
	VendorName string      `json:"vendor_name,omitzero"`
}

// DepositAddressPaper is a part of the API's documents.
type DepositAddressPaper struct {
	Address   string `json:"address,omitzero"`
	Default   bool   `json:"default,omitzero"`
	Phone     string `json:"phone,omitzero"`
	Recipient string `json:"recipient,omitzero"`
}

// DepositApplication is a part of the API's documents.
type DepositApplication struct {
	Amount AmountShape `json:"amount,omitzero"`
	Reason string      `json:"reason,omitzero"`
}

// DepositConfirmation is a part of the API's documents.
type DepositConfirmation struct {
	BankFee  bool   `json:"bank_fee,omitzero"`
	Reason   string `json:"reason,omitzero"`
	Remitter string `json:"remitter,omitzero"`
	Vendor   string `json:"vendor,omitzero"`
	Voucher  string `json:"voucher,omitzero"`
}

// DepositCorrection is a part of the API's documents.
type DepositCorrection struct {
	Reason string `json:"reason,omitzero"`
}

// DepositDecision is a part of the API's documents.
type DepositDecision struct {
	Amount    AmountShape `json:"amount,omitzero"`
	AskedAt   time.Time   `json:"asked_at,omitzero"`
	AskedBy   string      `json:"asked_by,omitzero"`
	Debit     string      `json:"debit,omitzero"` // of reverse: the debit that takes the line back
	DecidedAt time.Time   `json:"decided_at,omitzero"`
	DecidedBy string      `json:"decided_by,omitzero"`
	ID        string      `json:"id,omitzero"`
	Kind      string      `json:"kind,omitzero"` // apply, correct, reverse or exclude
	Line      string      `json:"line,omitzero"`
	Note      string      `json:"note,omitzero"`
	Reason    string      `json:"reason,omitzero"`
	Receipt   string      `json:"receipt,omitzero"`
	Status    string      `json:"status,omitzero"` // asked, approved, declined or withdrawn
	Vendor    string      `json:"vendor,omitzero"`
}

// DepositDeclining is a part of the API's documents.
type DepositDeclining struct {
	Reason string `json:"reason,omitzero"`
}

// DepositDispatch is a part of the API's documents.
type DepositDispatch struct {
	Courier  string `json:"courier,omitzero"`
	Tracking string `json:"tracking,omitzero"`
}

// DepositExclusion is a part of the API's documents.
type DepositExclusion struct {
	Reason string `json:"reason,omitzero"`
}

// DepositLoss is a part of the API's documents.
type DepositLoss struct {
	File string `json:"file,omitzero"`
}

// DepositPaper is a part of the API's documents.
type DepositPaper struct {
	Amount         AmountShape `json:"amount,omitzero"`
	AsksOpening    bool        `json:"asks_opening,omitzero"`
	AsksReceipt    bool        `json:"asks_receipt,omitzero"`
	City           string      `json:"city,omitzero"`
	CourierAddress string      `json:"courier_address,omitzero"`
	File           string      `json:"file,omitzero"`
	OtherPayer     bool        `json:"other_payer,omitzero"`
	PaidOn         string      `json:"paid_on,omitzero"`
	Recipient      string      `json:"recipient,omitzero"`
	RecipientPhone string      `json:"recipient_phone,omitzero"`
	Remitter       string      `json:"remitter,omitzero"`
	Way            string      `json:"way,omitzero"`
}

// DepositPaperRequest is a part of the API's documents.
type DepositPaperRequest struct {
	Address string `json:"address,omitzero"`
}

// DepositRefusal is a part of the API's documents.
type DepositRefusal struct {
	Reason string `json:"reason,omitzero"`
}

// DepositRepayment is a part of the API's documents.
type DepositRepayment struct {
	Amount AmountShape `json:"amount,omitzero"`
	Reason string      `json:"reason,omitzero"`
}

// DepositReversal is a part of the API's documents.
type DepositReversal struct {
	Line   string `json:"line,omitzero"`
	Reason string `json:"reason,omitzero"`
}

// DepositSendingBack is a part of the API's documents.
type DepositSendingBack struct {
	Account string `json:"account,omitzero"`
	Bank    string `json:"bank,omitzero"`
	CNAPS   string `json:"cnaps,omitzero"`
	Name    string `json:"name,omitzero"`
	Reason  string `json:"reason,omitzero"`
}

// DepositUndelivered is a part of the API's documents.
type DepositUndelivered struct {
	Reason string `json:"reason,omitzero"`
}

// Entry is a part of the API's documents.
type Entry struct {
	Code     string `json:"code,omitzero"` // Of the authenticator app, or a recovery code; asked for where the account has a second factor
	Mail     string `json:"mail,omitzero"`
	Password string `json:"password,omitzero"`
}

// Event is a part of the API's documents.
type Event struct {
	ActorID   string         `json:"actor_id,omitzero"`
	ActorKind string         `json:"actor_kind,omitzero"`
	Address   string         `json:"address,omitzero"`
	At        time.Time      `json:"at,omitzero"`
	Data      map[string]Any `json:"data,omitzero"`
	ID        string         `json:"id,omitzero"`
	Kind      string         `json:"kind,omitzero"`
	Subject   string         `json:"subject,omitzero"`
	Text      string         `json:"text,omitzero"`
	VendorID  string         `json:"vendor_id,omitzero"`
}

// EventHead is a part of the API's documents.
type EventHead struct {
	Body        string `json:"body,omitzero"`        // the text that is signed
	Certificate string `json:"certificate,omitzero"` // PEM
	Count       int64  `json:"count,omitzero"`       // events since the head before
	Day         string `json:"day,omitzero"`
	Hash        string `json:"hash,omitzero"`
	Seq         int64  `json:"seq,omitzero"`       // number of the last event it covers
	Signature   string `json:"signature,omitzero"` // base64, ECDSA with SHA-256 in ASN.1
}

// Exit is a part of the API's documents.
type Exit struct {
	AskedAt     time.Time   `json:"asked_at,omitzero"`
	DueBy       time.Time   `json:"due_by,omitzero"` // by when the deposit is returned (D-10)
	EndBy       time.Time   `json:"end_by,omitzero"` // when the contract ends by itself; till then the vendor may stay
	EndedAt     time.Time   `json:"ended_at,omitzero"`
	FinishedAt  time.Time   `json:"finished_at,omitzero"`
	ID          string      `json:"id,omitzero"`
	Kind        string      `json:"kind,omitzero"` // wish, term or eviction
	Number      string      `json:"number,omitzero"`
	Overdue     bool        `json:"overdue,omitzero"`
	Reason      string      `json:"reason,omitzero"`
	Released    AmountShape `json:"released,omitzero"`
	Status      string      `json:"status,omitzero"` // proposed, asked, leaving, returning, left or withdrawn
	VendorID    string      `json:"vendor_id,omitzero"`
	VendorName  string      `json:"vendor_name,omitzero"`
	ViolationID string      `json:"violation_id,omitzero"`
}

// ExitDesk is a part of the API's documents.
type ExitDesk struct {
	Blockers    []Blocker   `json:"blockers,omitzero"` // what holds up the return of the deposit (X-2)
	Exit        Exit        `json:"exit,omitzero"`
	Held        AmountShape `json:"held,omitzero"`
	MayAsk      bool        `json:"may_ask,omitzero"`
	MayWithdraw bool        `json:"may_withdraw,omitzero"`
	Overpaid    AmountShape `json:"overpaid,omitzero"`
	Parting     string      `json:"parting,omitzero"` // leaving, left or evicted; absent for who stays
	Payouts     []Payout    `json:"payouts,omitzero"`
	VendorID    string      `json:"vendor_id,omitzero"`
}

// ExitDropping is a part of the API's documents.
type ExitDropping struct {
	Reason string `json:"reason,omitzero"`
}

// ExitEvictionPaper is a part of the API's documents.
type ExitEvictionPaper struct {
	Amount      AmountShape `json:"amount,omitzero"`
	Description string      `json:"description,omitzero"`
	Evidence    []string    `json:"evidence,omitzero"`
	Offence     string      `json:"offence,omitzero"`
	Vendor      string      `json:"vendor,omitzero"`
}

// ExitPaper is a part of the API's documents.
type ExitPaper struct {
	Reason     string `json:"reason,omitzero"`
	Understood bool   `json:"understood,omitzero"`
}

// Factor is a part of the API's documents.
type Factor struct {
	ID       string    `json:"id,omitzero"`
	Kind     string    `json:"kind,omitzero"` // totp or passkey
	LastUsed time.Time `json:"last_used,omitzero"`
	MadeAt   time.Time `json:"made_at,omitzero"`
	Name     string    `json:"name,omitzero"`
}

// FactorFirstCode is a part of the API's documents.
type FactorFirstCode struct {
	Code string `json:"code,omitzero"`
	Name string `json:"name,omitzero"`
}

// FieldChange is a part of the API's documents.
type FieldChange struct {
	Field string `json:"field,omitzero"`
	Now   string `json:"now,omitzero"`
	Was   string `json:"was,omitzero"`
}

// File is a part of the API's documents.
type File struct {
	ID      string    `json:"id,omitzero"`
	MadeAt  time.Time `json:"made_at,omitzero"`
	Name    string    `json:"name,omitzero"`
	Purpose string    `json:"purpose,omitzero"`
	SHA256  string    `json:"sha256,omitzero"`
	Size    int64     `json:"size,omitzero"` // bytes
	Type    string    `json:"type,omitzero"`
}

// Filed is a part of the API's documents.
type Filed struct {
	Applied []string      `json:"applied,omitzero"` // fields in effect already
	Request ChangeRequest `json:"request,omitzero"` // what lies before the staff; absent where nothing has to
}

// Holder is a part of the API's documents.
type Holder struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
}

// Invitation is a part of the API's documents.
type Invitation struct {
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	ID        string    `json:"id,omitzero"`
	MadeAt    time.Time `json:"made_at,omitzero"`
	Mail      string    `json:"mail,omitzero"` // masked
	Roles     []string  `json:"roles,omitzero"`
	State     string    `json:"state,omitzero"` // open, accepted or withdrawn
}

// Key is a part of the API's documents.
type Key struct {
	CreatedAt time.Time `json:"created_at,omitzero"`
	ID        string    `json:"id,omitzero"`
	LastUsed  time.Time `json:"last_used,omitzero"`
	Name      string    `json:"name,omitzero"`
	Prefix    string    `json:"prefix,omitzero"`
	RevokedAt time.Time `json:"revoked_at,omitzero"`
	Scopes    []string  `json:"scopes,omitzero"`
	Secret    string    `json:"secret,omitzero"`
}

// LineOutlook is a part of the API's documents.
type LineOutlook struct {
	Effects []AccountEffect `json:"effects,omitzero"`
	Line    string          `json:"line,omitzero"` // of reverse: the credit
	Step    string          `json:"step,omitzero"` // confirm, send_back, exclude, correct or reverse
}

// MailAttachment is a part of the API's documents.
type MailAttachment struct {
	File   string `json:"file,omitzero"` // GET /v1/files/{id}
	Name   string `json:"name,omitzero"`
	Proper bool   `json:"proper,omitzero"` // can be a voucher
	Type   string `json:"type,omitzero"`
}

// MailLetter is a part of the API's documents.
type MailLetter struct {
	AccountID        string           `json:"account_id,omitzero"`
	Amount           AmountShape      `json:"amount,omitzero"`
	AnsweredAt       time.Time        `json:"answered_at,omitzero"` // when the sender was asked for it
	AsksOpening      bool             `json:"asks_opening,omitzero"`
	AsksReceipt      bool             `json:"asks_receipt,omitzero"`
	Attachments      []MailAttachment `json:"attachments,omitzero"`
	Company          string           `json:"company,omitzero"`
	CourierAddress   string           `json:"courier_address,omitzero"` // masked likewise
	Doubts           []string         `json:"doubts,omitzero"`
	File             string           `json:"file,omitzero"` // the mail itself: GET /v1/files/{id}
	Fit              string           `json:"fit,omitzero"`  // none, doubtful, certain or chosen
	From             string           `json:"from,omitzero"` // masked in lists, and for roles that do not handle mail
	Holder           string           `json:"holder,omitzero"`
	ID               string           `json:"id,omitzero"`
	KeptAt           time.Time        `json:"kept_at,omitzero"`
	Lacks            []string         `json:"lacks,omitzero"` // what of the prescribed mail is missing; its words are what answer takes
	PaidOn           string           `json:"paid_on,omitzero"`
	Problems         []string         `json:"problems,omitzero"` // what is missing or could not be read
	Reason           string           `json:"reason,omitzero"`
	Recipient        string           `json:"recipient,omitzero"`       // masked likewise
	RecipientPhone   string           `json:"recipient_phone,omitzero"` // masked likewise
	Remitter         string           `json:"remitter,omitzero"`
	SenderRegistered bool             `json:"sender_registered,omitzero"` // of one letter: the mailbox is registered with the vendor
	SenderVerified   bool             `json:"sender_verified,omitzero"`   // the receiving server confirmed the sender's domain
	Status           string           `json:"status,omitzero"`            // waiting, unreadable, done, dismissed or ignored
	Subject          string           `json:"subject,omitzero"`
	VendorID         string           `json:"vendor_id,omitzero"`
	VendorName       string           `json:"vendor_name,omitzero"`
	Voucher          string           `json:"voucher,omitzero"`
	Way              string           `json:"way,omitzero"` // in the sender's words
}

// MailboxDismissal is a part of the API's documents.
type MailboxDismissal struct {
	Reason string `json:"reason,omitzero"`
}

// MailboxMatching is a part of the API's documents.
type MailboxMatching struct {
	Vendor string `json:"vendor,omitzero"`
}

// MailboxPresentation is a part of the API's documents.
type MailboxPresentation struct {
	Amount         AmountShape `json:"amount,omitzero"`
	AsksOpening    bool        `json:"asks_opening,omitzero"`
	AsksReceipt    bool        `json:"asks_receipt,omitzero"`
	City           string      `json:"city,omitzero"`
	CourierAddress string      `json:"courier_address,omitzero"`
	File           string      `json:"file,omitzero"`
	OtherPayer     bool        `json:"other_payer,omitzero"`
	PaidOn         string      `json:"paid_on,omitzero"`
	Recipient      string      `json:"recipient,omitzero"`
	RecipientPhone string      `json:"recipient_phone,omitzero"`
	Remitter       string      `json:"remitter,omitzero"`
	SenderAsked    bool        `json:"sender_asked,omitzero"`
	Way            string      `json:"way,omitzero"`
}

// MailboxReply is a part of the API's documents.
type MailboxReply struct {
	Missing []string `json:"missing,omitzero"`
}

// Member is a part of the API's documents.
type Member struct {
	ID           string   `json:"id,omitzero"`
	Mail         string   `json:"mail,omitzero"` // masked
	Name         string   `json:"name,omitzero"`
	Roles        []string `json:"roles,omitzero"`
	SecondFactor bool     `json:"second_factor,omitzero"` // has a second factor
}

// Message is a part of the API's documents.
type Message struct {
	Channel   string    `json:"channel,omitzero"` // mail, sms or inbox
	ID        string    `json:"id,omitzero"`
	LastError string    `json:"last_error,omitzero"`
	MadeAt    time.Time `json:"made_at,omitzero"`
	SentAt    time.Time `json:"sent_at,omitzero"`
	State     string    `json:"state,omitzero"` // queued, sent or failed
	Subject   string    `json:"subject,omitzero"`
	Template  string    `json:"template,omitzero"`
	To        string    `json:"to,omitzero"` // masked
	Tries     int64     `json:"tries,omitzero"`
	VendorID  string    `json:"vendor_id,omitzero"`
}

// NewFactor is a part of the API's documents.
type NewFactor struct {
	Factor        Factor   `json:"factor,omitzero"`
	RecoveryCodes []string `json:"recovery_codes,omitzero"`
}

// Note is a part of the API's documents.
type Note struct {
	At   time.Time `json:"at,omitzero"`
	By   string    `json:"by,omitzero"`
	Text string    `json:"text,omitzero"`
}

// Nothing is a part of the API's documents.
type Nothing struct {
	Done bool `json:"done,omitzero"`
}

// Offence is a part of the API's documents.
type Offence struct {
	Fen              int64       `json:"fen,omitzero"` // of a deduction, by default
	Grave            bool        `json:"grave,omitzero"`
	ID               string      `json:"id,omitzero"`
	Measure          string      `json:"measure,omitzero"`
	Most             AmountShape `json:"most,omitzero"` // of one deduction
	Name             string      `json:"name,omitzero"`
	Rule             string      `json:"rule,omitzero"`
	ShareBasisPoints int64       `json:"share_basis_points,omitzero"` // of the deposit required, by default
}

// Onboarding is a part of the API's documents.
type Onboarding struct {
	Acts       []OnboardingAct      `json:"acts,omitzero"`       // for the vendor as a whole
	Categories []OnboardingCategory `json:"categories,omitzero"` // those approved or applied for
	Facts      OnboardingFacts      `json:"facts,omitzero"`
	Stage      string               `json:"stage,omitzero"` // applying, in_review, contract, deposit, open, closed or expired; computed from the facts
	StageText  string               `json:"stage_text,omitzero"`
	VendorID   string               `json:"vendor_id,omitzero"`
}

// OnboardingAct is a part of the API's documents.
type OnboardingAct struct {
	Act     string           `json:"act,omitzero"`
	May     bool             `json:"may,omitzero"`
	Missing []OnboardingNeed `json:"missing,omitzero"`
}

// OnboardingCategory is a part of the API's documents.
type OnboardingCategory struct {
	Acts     []OnboardingAct `json:"acts,omitzero"`
	Approved bool            `json:"approved,omitzero"`
	Category string          `json:"category,omitzero"`
	Covered  bool            `json:"covered,omitzero"`
}

// OnboardingFacts is a part of the API's documents.
type OnboardingFacts struct {
	Approved        []string    `json:"approved,omitzero"`
	Contract        string      `json:"contract,omitzero"`
	ContractUntil   time.Time   `json:"contract_until,omitzero"`
	Covered         []string    `json:"covered,omitzero"` // categories covered by what is held (D-3)
	DepositDue      AmountShape `json:"deposit_due,omitzero"`
	DepositFor      string      `json:"deposit_for,omitzero"` // the category that asks for the highest deposit (D-2)
	DepositHeld     AmountShape `json:"deposit_held,omitzero"`
	DepositMissing  AmountShape `json:"deposit_missing,omitzero"`
	InReview        []string    `json:"in_review,omitzero"`
	SentBack        []string    `json:"sent_back,omitzero"`
	TopUpBy         time.Time   `json:"top_up_by,omitzero"`
	VouchersWaiting int64       `json:"vouchers_waiting,omitzero"`
}

// OnboardingNeed is a part of the API's documents.
type OnboardingNeed struct {
	Fact    string    `json:"fact,omitzero"`
	Field   string    `json:"field,omitzero"` // the pointer under which an error names it
	Mend    string    `json:"mend,omitzero"`  // what would mend it
	Message string    `json:"message,omitzero"`
	Rule    string    `json:"rule,omitzero"`
	Until   time.Time `json:"until,omitzero"`
	Waiting string    `json:"waiting,omitzero"` // whose turn it is: vendor, operator or nobody
}

// OrderedReturn is a part of the API's documents.
type OrderedReturn struct {
	Amount AmountShape `json:"amount,omitzero"`
	Name   string      `json:"name,omitzero"`
	Number string      `json:"number,omitzero"` // masked
	Payout string      `json:"payout,omitzero"`
	Status string      `json:"status,omitzero"`
}

// PageAcceptance is a part of the API's documents.
type PageAcceptance struct {
	Items []Acceptance `json:"items,omitzero"`
	Next  string       `json:"next,omitzero"`
}

// PageAgreement is a part of the API's documents.
type PageAgreement struct {
	Items []Agreement `json:"items,omitzero"`
	Next  string      `json:"next,omitzero"`
}

// PageAskedVendor is a part of the API's documents.
type PageAskedVendor struct {
	Items []AskedVendor `json:"items,omitzero"`
	Next  string        `json:"next,omitzero"`
}

// PageAuditEntry is a part of the API's documents.
type PageAuditEntry struct {
	Items []AuditEntry `json:"items,omitzero"`
	Next  string       `json:"next,omitzero"`
}

// PageBankLine is a part of the API's documents.
type PageBankLine struct {
	Items []BankLine `json:"items,omitzero"`
	Next  string     `json:"next,omitzero"`
}

// PageBankStatement is a part of the API's documents.
type PageBankStatement struct {
	Items []BankStatement `json:"items,omitzero"`
	Next  string          `json:"next,omitzero"`
}

// PageBar is a part of the API's documents.
type PageBar struct {
	Items []Bar  `json:"items,omitzero"`
	Next  string `json:"next,omitzero"`
}

// PageCatalogCategory is a part of the API's documents.
type PageCatalogCategory struct {
	Items []CatalogCategory `json:"items,omitzero"`
	Next  string            `json:"next,omitzero"`
}

// PageCatalogVendor is a part of the API's documents.
type PageCatalogVendor struct {
	Items []CatalogVendor `json:"items,omitzero"`
	Next  string          `json:"next,omitzero"`
}

// PageChangeRequest is a part of the API's documents.
type PageChangeRequest struct {
	Items []ChangeRequest `json:"items,omitzero"`
	Next  string          `json:"next,omitzero"`
}

// PageContract is a part of the API's documents.
type PageContract struct {
	Items []Contract `json:"items,omitzero"`
	Next  string     `json:"next,omitzero"`
}

// PageContractTask is a part of the API's documents.
type PageContractTask struct {
	Items []ContractTask `json:"items,omitzero"`
	Next  string         `json:"next,omitzero"`
}

// PageCourierAddress is a part of the API's documents.
type PageCourierAddress struct {
	Items []CourierAddress `json:"items,omitzero"`
	Next  string           `json:"next,omitzero"`
}

// PageDepositAccount is a part of the API's documents.
type PageDepositAccount struct {
	Items []DepositAccount `json:"items,omitzero"`
	Next  string           `json:"next,omitzero"`
}

// PageDepositDecision is a part of the API's documents.
type PageDepositDecision struct {
	Items []DepositDecision `json:"items,omitzero"`
	Next  string            `json:"next,omitzero"`
}

// PageEvent is a part of the API's documents.
type PageEvent struct {
	Items []Event `json:"items,omitzero"`
	Next  string  `json:"next,omitzero"`
}

// PageEventHead is a part of the API's documents.
type PageEventHead struct {
	Items []EventHead `json:"items,omitzero"`
	Next  string      `json:"next,omitzero"`
}

// PageExit is a part of the API's documents.
type PageExit struct {
	Items []Exit `json:"items,omitzero"`
	Next  string `json:"next,omitzero"`
}

// PageKey is a part of the API's documents.
type PageKey struct {
	Items []Key  `json:"items,omitzero"`
	Next  string `json:"next,omitzero"`
}

// PageLineOutlook is a part of the API's documents.
type PageLineOutlook struct {
	Items []LineOutlook `json:"items,omitzero"`
	Next  string        `json:"next,omitzero"`
}

// PageMailLetter is a part of the API's documents.
type PageMailLetter struct {
	Items []MailLetter `json:"items,omitzero"`
	Next  string       `json:"next,omitzero"`
}

// PageMapping is a part of the API's documents.
type PageMapping struct {
	Items []StatementMapping `json:"items,omitzero"`
	Next  string             `json:"next,omitzero"`
}

// PageMessage is a part of the API's documents.
type PageMessage struct {
	Items []Message `json:"items,omitzero"`
	Next  string    `json:"next,omitzero"`
}

// PageNote is a part of the API's documents.
type PageNote struct {
	Items []Note `json:"items,omitzero"`
	Next  string `json:"next,omitzero"`
}

// PageOffence is a part of the API's documents.
type PageOffence struct {
	Items []Offence `json:"items,omitzero"`
	Next  string    `json:"next,omitzero"`
}

// PagePaperBack is a part of the API's documents.
type PagePaperBack struct {
	Items []PaperBack `json:"items,omitzero"`
	Next  string      `json:"next,omitzero"`
}

// PagePaperReceipt is a part of the API's documents.
type PagePaperReceipt struct {
	Items []PaperReceipt `json:"items,omitzero"`
	Next  string         `json:"next,omitzero"`
}

// PagePaymentFile is a part of the API's documents.
type PagePaymentFile struct {
	Items []PaymentFile `json:"items,omitzero"`
	Next  string        `json:"next,omitzero"`
}

// PagePayout is a part of the API's documents.
type PagePayout struct {
	Items []Payout `json:"items,omitzero"`
	Next  string   `json:"next,omitzero"`
}

// PagePayoutProposal is a part of the API's documents.
type PagePayoutProposal struct {
	Items []PayoutProposal `json:"items,omitzero"`
	Next  string           `json:"next,omitzero"`
}

// PagePolicyProposal is a part of the API's documents.
type PagePolicyProposal struct {
	Items []PolicyProposal `json:"items,omitzero"`
	Next  string           `json:"next,omitzero"`
}

// PagePolicyVersion is a part of the API's documents.
type PagePolicyVersion struct {
	Items []PolicyVersion `json:"items,omitzero"`
	Next  string          `json:"next,omitzero"`
}

// PageProductImport is a part of the API's documents.
type PageProductImport struct {
	Items []ProductImport `json:"items,omitzero"`
	Next  string          `json:"next,omitzero"`
}

// PageProductImportRow is a part of the API's documents.
type PageProductImportRow struct {
	Items []ProductImportRow `json:"items,omitzero"`
	Next  string             `json:"next,omitzero"`
}

// PageProductLine is a part of the API's documents.
type PageProductLine struct {
	Items []ProductLine `json:"items,omitzero"`
	Next  string        `json:"next,omitzero"`
}

// PageReceipt is a part of the API's documents.
type PageReceipt struct {
	Items []Receipt `json:"items,omitzero"`
	Next  string    `json:"next,omitzero"`
}

// PageReviewLine is a part of the API's documents.
type PageReviewLine struct {
	Items []ReviewLine `json:"items,omitzero"`
	Next  string       `json:"next,omitzero"`
}

// PageRevision is a part of the API's documents.
type PageRevision struct {
	Items []Revision `json:"items,omitzero"`
	Next  string     `json:"next,omitzero"`
}

// PageSigned is a part of the API's documents.
type PageSigned struct {
	Items []Signed `json:"items,omitzero"`
	Next  string   `json:"next,omitzero"`
}

// PageStatementFinding is a part of the API's documents.
type PageStatementFinding struct {
	Items []StatementFinding `json:"items,omitzero"`
	Next  string             `json:"next,omitzero"`
}

// PageTakeout is a part of the API's documents.
type PageTakeout struct {
	Items []Takeout `json:"items,omitzero"`
	Next  string    `json:"next,omitzero"`
}

// PageTopUp is a part of the API's documents.
type PageTopUp struct {
	Items []TopUp `json:"items,omitzero"`
	Next  string  `json:"next,omitzero"`
}

// PageVendor is a part of the API's documents.
type PageVendor struct {
	Items []Vendor `json:"items,omitzero"`
	Next  string   `json:"next,omitzero"`
}

// PageViolation is a part of the API's documents.
type PageViolation struct {
	Items []Violation `json:"items,omitzero"`
	Next  string      `json:"next,omitzero"`
}

// PageVoucher is a part of the API's documents.
type PageVoucher struct {
	Items []Voucher `json:"items,omitzero"`
	Next  string    `json:"next,omitzero"`
}

// PageWaiting is a part of the API's documents.
type PageWaiting struct {
	Items []Waiting `json:"items,omitzero"`
	Next  string    `json:"next,omitzero"`
}

// PaperBack is a part of the API's documents.
type PaperBack struct {
	File     string    `json:"file,omitzero"`
	GivenAt  time.Time `json:"given_at,omitzero"`
	ID       string    `json:"id,omitzero"`
	Lost     bool      `json:"lost,omitzero"`   // by a sealed statement of loss; otherwise the paper itself came back
	Reason   string    `json:"reason,omitzero"` // of a refusal
	Receipt  string    `json:"receipt,omitzero"`
	Status   string    `json:"status,omitzero"` // given, accepted or refused
	VendorID string    `json:"vendor_id,omitzero"`
}

// PaperReceipt is a part of the API's documents.
type PaperReceipt struct {
	Address    string    `json:"address,omitzero"` // masked
	AskedAt    time.Time `json:"asked_at,omitzero"`
	Courier    string    `json:"courier,omitzero"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	ID         string    `json:"id,omitzero"`
	Number     string    `json:"number,omitzero"` // of the receipt; in the list of staff
	Phone      string    `json:"phone,omitzero"`  // masked
	Reason     string    `json:"reason,omitzero"` // why it came back
	Receipt    string    `json:"receipt,omitzero"`
	Recipient  string    `json:"recipient,omitzero"` // masked
	SentAt     time.Time `json:"sent_at,omitzero"`
	Status     string    `json:"status,omitzero"` // asked, sent, arrived, back or dropped
	Tracking   string    `json:"tracking,omitzero"`
	VendorID   string    `json:"vendor_id,omitzero"`
	VendorName string    `json:"vendor_name,omitzero"`
}

// PastSubmission is a part of the API's documents.
type PastSubmission struct {
	At         time.Time             `json:"at,omitzero"`
	Categories []string              `json:"categories,omitzero"`
	DecidedAt  time.Time             `json:"decided_at,omitzero"`
	DecidedBy  string                `json:"decided_by,omitzero"`
	Decision   QualificationDecision `json:"decision,omitzero"`
	Number     int64                 `json:"number,omitzero"`
	Outcome    string                `json:"outcome,omitzero"` // decided, returned or taken_back
}

// Payee is a part of the API's documents.
type Payee struct {
	Account string `json:"account,omitzero"`
	Bank    string `json:"bank,omitzero"`
	CNAPS   string `json:"cnaps,omitzero"`
	ID      string `json:"id,omitzero"`
	Name    string `json:"name,omitzero"`
}

// PaymentAssignment is a part of the API's documents.
type PaymentAssignment struct {
	Subject string `json:"subject,omitzero"`
}

// PaymentFile is a part of the API's documents.
type PaymentFile struct {
	Day     string      `json:"day,omitzero"`
	File    string      `json:"file,omitzero"` // GET /v1/files/{id}; absent while it is made
	Format  string      `json:"format,omitzero"`
	From    string      `json:"from,omitzero"` // the operator's account, by its id in the policy
	ID      string      `json:"id,omitzero"`
	MadeAt  time.Time   `json:"made_at,omitzero"`
	Number  string      `json:"number,omitzero"`
	Paid    int64       `json:"paid,omitzero"`
	Payouts int64       `json:"payouts,omitzero"`
	Reason  string      `json:"reason,omitzero"` // of a rejection
	SHA256  string      `json:"sha256,omitzero"`
	Status  string      `json:"status,omitzero"` // making, ready or rejected
	Sum     AmountShape `json:"sum,omitzero"`
}

// PaymentPortion is a part of the API's documents.
type PaymentPortion struct {
	Amount  AmountShape `json:"amount,omitzero"`
	Subject string      `json:"subject,omitzero"`
}

// PaymentSplitting is a part of the API's documents.
type PaymentSplitting struct {
	Shares []PaymentPortion `json:"shares,omitzero"`
}

// PaymentWithdrawal is a part of the API's documents.
type PaymentWithdrawal struct {
	Subject string `json:"subject,omitzero"`
}

// Payout is a part of the API's documents.
type Payout struct {
	Amount      AmountShape      `json:"amount,omitzero"`
	ApprovedAt  time.Time        `json:"approved_at,omitzero"`
	ApprovedBy  string           `json:"approved_by,omitzero"` // staff only
	AskedAt     time.Time        `json:"asked_at,omitzero"`
	AskedBy     string           `json:"asked_by,omitzero"` // staff only
	ID          string           `json:"id,omitzero"`
	OnRecord    bool             `json:"on_record,omitzero"` // of one payout: the account is the vendor's approved corporate account
	PaidAt      time.Time        `json:"paid_at,omitzero"`
	PaymentFile string           `json:"payment_file,omitzero"` // id of the payment file it stands in; staff only
	Proposals   []PayoutProposal `json:"proposals,omitzero"`    // of one payout: bank lines that may be its
	Purpose     string           `json:"purpose,omitzero"`      // deposit-return, overpayment-return or unidentified-return
	Reason      string           `json:"reason,omitzero"`       // of the last return, correction or cancellation; staff only
	Reference   string           `json:"reference,omitzero"`    // stands in the payment file and in the remark
	Returns     int64            `json:"returns,omitzero"`      // how often the bank returned it
	Status      string           `json:"status,omitzero"`       // ordered, approved, filed, paid, sent_back or cancelled
	To          PayoutAccount    `json:"to,omitzero"`           // the number masked
	VendorID    string           `json:"vendor_id,omitzero"`
	VendorName  string           `json:"vendor_name,omitzero"`
}

// PayoutAccount is a part of the API's documents.
type PayoutAccount struct {
	Bank   string `json:"bank,omitzero"`
	CNAPS  string `json:"cnaps,omitzero"`
	Name   string `json:"name,omitzero"`
	Number string `json:"number,omitzero"`
}

// PayoutCancellation is a part of the API's documents.
type PayoutCancellation struct {
	Reason string `json:"reason,omitzero"`
}

// PayoutCorrection is a part of the API's documents.
type PayoutCorrection struct {
	Reason string        `json:"reason,omitzero"`
	To     PayoutAccount `json:"to,omitzero"`
}

// PayoutMaking is a part of the API's documents.
type PayoutMaking struct {
	Day     string   `json:"day,omitzero"`
	Format  string   `json:"format,omitzero"`
	From    string   `json:"from,omitzero"`
	Payouts []string `json:"payouts,omitzero"`
}

// PayoutMatch is a part of the API's documents.
type PayoutMatch struct {
	Line   string `json:"line,omitzero"`
	Reason string `json:"reason,omitzero"`
}

// PayoutProposal is a part of the API's documents.
type PayoutProposal struct {
	Amount   AmountShape `json:"amount,omitzero"`
	BookedOn string      `json:"booked_on,omitzero"`
	Certain  bool        `json:"certain,omitzero"`
	Kind     string      `json:"kind,omitzero"` // debited or returned
	Line     string      `json:"line,omitzero"`
	Payout   Payout      `json:"payout,omitzero"`
	Reasons  []string    `json:"reasons,omitzero"`
}

// PayoutRejection is a part of the API's documents.
type PayoutRejection struct {
	Reason string `json:"reason,omitzero"`
}

// PlanChange is a part of the API's documents.
type PlanChange struct {
	Is      ProductPlan `json:"is,omitzero"`
	Percent int64       `json:"percent,omitzero"` // change of the sale price in hundredths of a per cent
	Was     ProductPlan `json:"was,omitzero"`
}

// Policy is a part of the API's documents.
type Policy struct {
	Amendments        PolicyAmendments       `json:"amendments,omitzero"`
	Calendar          []PolicyWorkYear       `json:"calendar,omitzero"`
	Categories        []PolicyCategory       `json:"categories,omitzero"`
	Changes           PolicyChanges          `json:"changes,omitzero"`
	Checks            []PolicyCheck          `json:"checks,omitzero"`
	Conditions        []PolicyCondition      `json:"conditions,omitzero"`
	ContractTexts     PolicyContracts        `json:"contract_texts,omitzero"`
	Deposits          PolicyDeposits         `json:"deposits,omitzero"`
	Entry             PolicyEntry            `json:"entry,omitzero"`
	Exit              PolicyExit             `json:"exit,omitzero"`
	Gates             map[string][]string    `json:"gates,omitzero"`
	Imports           PolicyImports          `json:"imports,omitzero"`
	Mailbox           PolicyMailbox          `json:"mailbox,omitzero"`
	Marketplace       PolicyName             `json:"marketplace,omitzero"`
	Messages          []PolicyWording        `json:"messages,omitzero"`
	Modes             map[string]PolicyTerms `json:"modes,omitzero"`
	OnePersonForMoney bool                   `json:"one_person_for_money,omitzero"`
	Operator          PolicyOperator         `json:"operator,omitzero"`
	Oversight         PolicyOversight        `json:"oversight,omitzero"`
	Payees            []PolicyPayee          `json:"payees,omitzero"`
	People            PolicyPeople           `json:"people,omitzero"`
	Products          PolicyProducts         `json:"products,omitzero"`
	Promise           PolicyPromise          `json:"promise,omitzero"`
	Reasons           []PolicyReason         `json:"reasons,omitzero"`
	ReceiptSeries     string                 `json:"receipt_series,omitzero"`
	Reports           PolicyReports          `json:"reports,omitzero"`
	ReviewWaiting     bool                   `json:"review_waiting,omitzero"`
	Revisions         PolicyRevisions        `json:"revisions,omitzero"`
	Statements        PolicyStatements       `json:"statements,omitzero"`
	UploadBytes       int64                  `json:"upload_bytes,omitzero"`
	Violations        PolicyViolations       `json:"violations,omitzero"`
	Ways              []PolicyWay            `json:"ways,omitzero"`
	Zone              string                 `json:"zone,omitzero"`
}

// PolicyAmendments is a part of the API's documents.
type PolicyAmendments struct {
	AcceptReminderDays  []int64  `json:"accept_reminder_days,omitzero"`
	AgreementGraceDays  int64    `json:"agreement_grace_days,omitzero"`
	AtOnce              []string `json:"at_once,omitzero"`
	ContactMemoryDays   int64    `json:"contact_memory_days,omitzero"`
	ContractOnRename    bool     `json:"contract_on_rename,omitzero"`
	CoolingHours        int64    `json:"cooling_hours,omitzero"`
	LicenceReminderDays []int64  `json:"licence_reminder_days,omitzero"`
	LicenceScan         []string `json:"licence_scan,omitzero"`
	RenewalDays         int64    `json:"renewal_days,omitzero"`
	ReviewHours         int64    `json:"review_hours,omitzero"`
	ShelveByLicence     bool     `json:"shelve_by_licence,omitzero"`
	SubmitByAgreement   bool     `json:"submit_by_agreement,omitzero"`
	TermReminderDays    []int64  `json:"term_reminder_days,omitzero"`
}

// PolicyBeginning is a part of the API's documents.
type PolicyBeginning struct {
	Restore string `json:"restore,omitzero"`
	Title   string `json:"title,omitzero"`
}

// PolicyCategory is a part of the API's documents.
type PolicyCategory struct {
	About      PolicyName `json:"about,omitzero"`
	Conditions []string   `json:"conditions,omitzero"`
	DepositFen int64      `json:"deposit_fen,omitzero"`
	Forms      []string   `json:"forms,omitzero"`
	ID         string     `json:"id,omitzero"`
	Name       PolicyName `json:"name,omitzero"`
}

// PolicyChange is a part of the API's documents.
type PolicyChange struct {
	MoneyRule bool   `json:"money_rule,omitzero"`
	New       Any    `json:"new,omitzero"`
	Old       Any    `json:"old,omitzero"`
	Pointer   string `json:"pointer,omitzero"` // with the ids of list elements, as /categories/api/deposit_fen
}

// PolicyChanges is a part of the API's documents.
type PolicyChanges struct {
	TwoPeople bool `json:"two_people,omitzero"`
}

// PolicyCheck is a part of the API's documents.
type PolicyCheck struct {
	Forms []string   `json:"forms,omitzero"`
	ID    string     `json:"id,omitzero"`
	Name  PolicyName `json:"name,omitzero"`
}

// PolicyCloudProduct is a part of the API's documents.
type PolicyCloudProduct struct {
	ID   string     `json:"id,omitzero"`
	Name PolicyName `json:"name,omitzero"`
}

// PolicyCondition is a part of the API's documents.
type PolicyCondition struct {
	Computed   bool       `json:"computed,omitzero"`
	Help       PolicyName `json:"help,omitzero"`
	ID         string     `json:"id,omitzero"`
	Name       PolicyName `json:"name,omitzero"`
	PerCompany bool       `json:"per_company,omitzero"`
	Reviewed   bool       `json:"reviewed,omitzero"`
}

// PolicyContractText is a part of the API's documents.
type PolicyContractText struct {
	Body PolicyName `json:"body,omitzero"`
	ID   string     `json:"id,omitzero"`
}

// PolicyContracts is a part of the API's documents.
type PolicyContracts struct {
	Template string               `json:"template,omitzero"`
	Versions []PolicyContractText `json:"versions,omitzero"`
}

// PolicyCourier is a part of the API's documents.
type PolicyCourier struct {
	ID    string     `json:"id,omitzero"`
	Name  PolicyName `json:"name,omitzero"`
	Track string     `json:"track,omitzero"`
}

// PolicyDeposits is a part of the API's documents.
type PolicyDeposits struct {
	AddressesAtMost   int64           `json:"addresses_at_most,omitzero"`
	BankFeeFenAtMost  int64           `json:"bank_fee_fen_at_most,omitzero"`
	Couriers          []PolicyCourier `json:"couriers,omitzero"`
	MakeUpWorkingDays int64           `json:"make_up_working_days,omitzero"`
	RaiseUntil        string          `json:"raise_until,omitzero"`
	RemindDays        []int64         `json:"remind_days,omitzero"`
	RemindHour        int64           `json:"remind_hour,omitzero"`
}

// PolicyDescription is a part of the API's documents.
type PolicyDescription struct {
	HoldsFrom string `json:"holds_from,omitzero"`
	Reason    string `json:"reason,omitzero"`
	Title     string `json:"title,omitzero"`
	Version   int64  `json:"version,omitzero"`
}

// PolicyEdits is a part of the API's documents.
type PolicyEdits struct {
	Op      string              `json:"op,omitzero"`
	Section string              `json:"section,omitzero"`
	Values  map[string][]string `json:"values,omitzero"`
	Version int64               `json:"version,omitzero"`
}

// PolicyEntry is a part of the API's documents.
type PolicyEntry struct {
	CapitalAboveFen  int64 `json:"capital_above_fen,omitzero"`
	NumberOfEvidence int64 `json:"number_of_evidence,omitzero"`
	ServiceDays      int64 `json:"service_days,omitzero"`
	ServiceHours     int64 `json:"service_hours,omitzero"`
	TradeYears       int64 `json:"trade_years,omitzero"`
}

// PolicyExit is a part of the API's documents.
type PolicyExit struct {
	EndWorkingDays    int64         `json:"end_working_days,omitzero"`
	FilesAtMost       int64         `json:"files_at_most,omitzero"`
	GraceWorkingDays  int64         `json:"grace_working_days,omitzero"`
	Payouts           PolicyPayouts `json:"payouts,omitzero"`
	ReasonChars       int64         `json:"reason_chars,omitzero"`
	ReturnWorkingDays int64         `json:"return_working_days,omitzero"`
}

// PolicyFormRules is a part of the API's documents.
type PolicyFormRules struct {
	Document bool     `json:"document,omitzero"`
	Units    []string `json:"units,omitzero"`
}

// PolicyImports is a part of the API's documents.
type PolicyImports struct {
	RowsAtMost int64 `json:"rows_at_most,omitzero"`
}

// PolicyMailbox is a part of the API's documents.
type PolicyMailbox struct {
	PresentItself bool `json:"present_itself,omitzero"`
}

// PolicyName is a part of the API's documents.
type PolicyName struct {
	En   string `json:"en,omitzero"`
	ZhCN string `json:"zh-CN,omitzero"`
}

// PolicyOffence is a part of the API's documents.
type PolicyOffence struct {
	Fen              int64      `json:"fen,omitzero"`
	Grave            bool       `json:"grave,omitzero"`
	ID               string     `json:"id,omitzero"`
	Measure          string     `json:"measure,omitzero"`
	Name             PolicyName `json:"name,omitzero"`
	Rule             PolicyName `json:"rule,omitzero"`
	ShareBasisPoints int64      `json:"share_basis_points,omitzero"`
}

// PolicyOperator is a part of the API's documents.
type PolicyOperator struct {
	Address string `json:"address,omitzero"`
	City    string `json:"city,omitzero"`
	Company string `json:"company,omitzero"`
	Mail    string `json:"mail,omitzero"`
	Phone   string `json:"phone,omitzero"`
	Seal    string `json:"seal,omitzero"`
	USCC    string `json:"uscc,omitzero"`
}

// PolicyOversight is a part of the API's documents.
type PolicyOversight struct {
	ExportRowsAtMost int64 `json:"export_rows_at_most,omitzero"`
	TakeoutDays      int64 `json:"takeout_days,omitzero"`
	TakeoutsPerDay   int64 `json:"takeouts_per_day,omitzero"`
}

// PolicyPayee is a part of the API's documents.
type PolicyPayee struct {
	Account string `json:"account,omitzero"`
	Bank    string `json:"bank,omitzero"`
	CNAPS   string `json:"cnaps,omitzero"`
	ID      string `json:"id,omitzero"`
	Mapping string `json:"mapping,omitzero"`
	Name    string `json:"name,omitzero"`
}

// PolicyPayouts is a part of the API's documents.
type PolicyPayouts struct {
	BounceDays  int64    `json:"bounce_days,omitzero"`
	BounceWords []string `json:"bounce_words,omitzero"`
	PerFile     int64    `json:"per_file,omitzero"`
	Series      string   `json:"series,omitzero"`
}

// PolicyPeople is a part of the API's documents.
type PolicyPeople struct {
	FactorMinutes             int64          `json:"factor_minutes,omitzero"`
	ForgetHours               int64          `json:"forget_hours,omitzero"`
	InvitationDays            int64          `json:"invitation_days,omitzero"`
	InvitationsOpen           int64          `json:"invitations_open,omitzero"`
	MemberSessionHours        int64          `json:"member_session_hours,omitzero"`
	MembersAtMost             int64          `json:"members_at_most,omitzero"`
	PasskeysAtMost            int64          `json:"passkeys_at_most,omitzero"`
	ProofMinutes              int64          `json:"proof_minutes,omitzero"`
	ProviderIsSecondFactor    bool           `json:"provider_is_second_factor,omitzero"`
	RecoveryCodes             int64          `json:"recovery_codes,omitzero"`
	SecondFactorForRoles      []string       `json:"second_factor_for_roles,omitzero"`
	SecondFactorForStaff      bool           `json:"second_factor_for_staff,omitzero"`
	StaffSessionHours         int64          `json:"staff_session_hours,omitzero"`
	TransferCoolingHours      int64          `json:"transfer_cooling_hours,omitzero"`
	TransferDays              int64          `json:"transfer_days,omitzero"`
	TriesFromAddress          PolicyThrottle `json:"tries_from_address,omitzero"`
	TriesOfAccount            PolicyThrottle `json:"tries_of_account,omitzero"`
	TriesOfAccountFromAddress PolicyThrottle `json:"tries_of_account_from_address,omitzero"`
	TriesOfSecondFactor       PolicyThrottle `json:"tries_of_second_factor,omitzero"`
}

// PolicyProducts is a part of the API's documents.
type PolicyProducts struct {
	AfterSalesChars int64                      `json:"after_sales_chars,omitzero"`
	BaitWords       []string                   `json:"bait_words,omitzero"`
	CloudProducts   []PolicyCloudProduct       `json:"cloud_products,omitzero"`
	DaysAtMost      int64                      `json:"days_at_most,omitzero"`
	DetailsChars    int64                      `json:"details_chars,omitzero"`
	Forms           map[string]PolicyFormRules `json:"forms,omitzero"`
	MonthsAtMost    int64                      `json:"months_at_most,omitzero"`
	NameChars       int64                      `json:"name_chars,omitzero"`
	PicturesAtMost  int64                      `json:"pictures_at_most,omitzero"`
	PlanNameChars   int64                      `json:"plan_name_chars,omitzero"`
	PlansAtMost     int64                      `json:"plans_at_most,omitzero"`
	PriceFenAtMost  int64                      `json:"price_fen_at_most,omitzero"`
	SoftwareAtMost  int64                      `json:"software_at_most,omitzero"`
	SummaryChars    int64                      `json:"summary_chars,omitzero"`
	TagChars        int64                      `json:"tag_chars,omitzero"`
	TagsAtLeast     int64                      `json:"tags_at_least,omitzero"`
	TagsAtMost      int64                      `json:"tags_at_most,omitzero"`
	TimesAtMost     int64                      `json:"times_at_most,omitzero"`
	VersionChars    int64                      `json:"version_chars,omitzero"`
}

// PolicyPromise is a part of the API's documents.
type PolicyPromise struct {
	ContractHours      int64 `json:"contract_hours,omitzero"`
	DepositHours       int64 `json:"deposit_hours,omitzero"`
	ProductReviewHours int64 `json:"product_review_hours,omitzero"`
	ReviewHours        int64 `json:"review_hours,omitzero"`
}

// PolicyProposal is a part of the API's documents.
type PolicyProposal struct {
	Changes      []PolicyChange `json:"changes,omitzero"`
	Clashes      []string       `json:"clashes,omitzero"` // places that both changed
	DecidedBy    string         `json:"decided_by,omitzero"`
	HoldsFrom    time.Time      `json:"holds_from,omitzero"` // left out: at once
	ID           string         `json:"id,omitzero"`
	MadeBy       string         `json:"made_by,omitzero"`
	Note         string         `json:"note,omitzero"`
	PolicyID     string         `json:"policy_id,omitzero"`
	Reason       string         `json:"reason,omitzero"`
	Rules        Any            `json:"rules,omitzero"`
	SecondPerson bool           `json:"second_person,omitzero"` // somebody else must approve it
	SentBy       string         `json:"sent_by,omitzero"`
	Stale        bool           `json:"stale,omitzero"`  // the rules have changed since; bring it up to date first
	Status       string         `json:"status,omitzero"` // draft, waiting, enacted or discarded
	Title        string         `json:"title,omitzero"`
	Version      int64          `json:"version,omitzero"` // to be sent back with each act: what is approved is what was read
	Wrong        []string       `json:"wrong,omitzero"`   // places that contradict others or are missing
}

// PolicyReason is a part of the API's documents.
type PolicyReason struct {
	For  string     `json:"for,omitzero"`
	ID   string     `json:"id,omitzero"`
	Text PolicyName `json:"text,omitzero"`
}

// PolicyReports is a part of the API's documents.
type PolicyReports struct {
	Expired string  `json:"expired,omitzero"`
	MaxDays int64   `json:"max_days,omitzero"`
	Remind  []int64 `json:"remind,omitzero"`
}

// PolicyRevisions is a part of the API's documents.
type PolicyRevisions struct {
	FullHours        int64    `json:"full_hours,omitzero"`
	Light            []string `json:"light,omitzero"`
	LightAtOnce      bool     `json:"light_at_once,omitzero"`
	LightHours       int64    `json:"light_hours,omitzero"`
	PriceRisePercent int64    `json:"price_rise_percent,omitzero"`
}

// PolicyRewriting is a part of the API's documents.
type PolicyRewriting struct {
	Body    string `json:"body,omitzero"`
	Version int64  `json:"version,omitzero"`
}

// PolicyStatements is a part of the API's documents.
type PolicyStatements struct {
	AtOnceBytes   int64    `json:"at_once_bytes,omitzero"`
	Gap           string   `json:"gap,omitzero"`
	ReversalWords []string `json:"reversal_words,omitzero"`
	UploadBytes   int64    `json:"upload_bytes,omitzero"`
}

// PolicyTerms is a part of the API's documents.
type PolicyTerms struct {
	FeeBasisPoints int64 `json:"fee_basis_points,omitzero"`
	Months         int64 `json:"months,omitzero"`
}

// PolicyThrottle is a part of the API's documents.
type PolicyThrottle struct {
	FirstSeconds int64 `json:"first_seconds,omitzero"`
	Free         int64 `json:"free,omitzero"`
	MostSeconds  int64 `json:"most_seconds,omitzero"`
}

// PolicyTurn is a part of the API's documents.
type PolicyTurn struct {
	Note    string `json:"note,omitzero"`
	Version int64  `json:"version,omitzero"`
}

// PolicyUpdate is a part of the API's documents.
type PolicyUpdate struct {
	Mine    []string `json:"mine,omitzero"`
	Theirs  []string `json:"theirs,omitzero"`
	Version int64    `json:"version,omitzero"`
}

// PolicyVersion is a part of the API's documents.
type PolicyVersion struct {
	ApprovedBy  string         `json:"approved_by,omitzero"`
	Changes     []PolicyChange `json:"changes,omitzero"` // against the version before
	HoldsFrom   time.Time      `json:"holds_from,omitzero"`
	ID          string         `json:"id,omitzero"`
	MadeBy      string         `json:"made_by,omitzero"`
	ProposalID  string         `json:"proposal_id,omitzero"`
	Reason      string         `json:"reason,omitzero"`
	Rules       Any            `json:"rules,omitzero"` // as yunshi policy show prints them
	Title       string         `json:"title,omitzero"`
	WithdrawnAt time.Time      `json:"withdrawn_at,omitzero"`
}

// PolicyViolations is a part of the API's documents.
type PolicyViolations struct {
	AppealDecisionHours   int64           `json:"appeal_decision_hours,omitzero"`
	AppealWorkingDays     int64           `json:"appeal_working_days,omitzero"`
	CharactersAtMost      int64           `json:"characters_at_most,omitzero"`
	CharactersLeast       int64           `json:"characters_least,omitzero"`
	DecisionHours         int64           `json:"decision_hours,omitzero"`
	DeductAfterAppeal     bool            `json:"deduct_after_appeal,omitzero"`
	DeductionFenAtMost    int64           `json:"deduction_fen_at_most,omitzero"`
	DeductionReturnSeries string          `json:"deduction_return_series,omitzero"`
	DeductionSeries       string          `json:"deduction_series,omitzero"`
	FilesAtMost           int64           `json:"files_at_most,omitzero"`
	Offences              []PolicyOffence `json:"offences,omitzero"`
	ReminderHour          int64           `json:"reminder_hour,omitzero"`
	ReminderWorkingDays   []int64         `json:"reminder_working_days,omitzero"`
	TopUpWorkingDays      int64           `json:"top_up_working_days,omitzero"`
}

// PolicyWay is a part of the API's documents.
type PolicyWay struct {
	City     string     `json:"city,omitzero"`
	Doubtful bool       `json:"doubtful,omitzero"`
	ID       string     `json:"id,omitzero"`
	Name     PolicyName `json:"name,omitzero"`
	Note     PolicyName `json:"note,omitzero"`
}

// PolicyWording is a part of the API's documents.
type PolicyWording struct {
	ID   string     `json:"id,omitzero"`
	Text PolicyName `json:"text,omitzero"`
}

// PolicyWorkYear is a part of the API's documents.
type PolicyWorkYear struct {
	Off  []string `json:"off,omitzero"`
	On   []string `json:"on,omitzero"`
	Year int64    `json:"year,omitzero"`
}

// PolicyYearMarks is a part of the API's documents.
type PolicyYearMarks struct {
	Off     []string `json:"off,omitzero"`
	On      []string `json:"on,omitzero"`
	Paste   string   `json:"paste,omitzero"`
	Version int64    `json:"version,omitzero"`
	Year    int64    `json:"year,omitzero"`
}

// Problem is a part of the API's documents.
type Problem struct {
	Code     string         `json:"code,omitzero"`   // invalid, unauthenticated, forbidden, not_found, conflict, gone, too_many, too_large, internal
	Detail   string         `json:"detail,omitzero"` // in the reader's language
	Errors   []ProblemField `json:"errors,omitzero"`
	Instance string         `json:"instance,omitzero"` // the request's id
	Rule     string         `json:"rule,omitzero"`     // the marketplace rule that refuses, as D-7
	Status   int64          `json:"status,omitzero"`
	Title    string         `json:"title,omitzero"`
	Type     string         `json:"type,omitzero"` // about:blank; code tells the class
}

// ProblemField is a part of the API's documents.
type ProblemField struct {
	Detail  string `json:"detail,omitzero"`
	Mend    string `json:"mend,omitzero"`    // what would mend it
	Pointer string `json:"pointer,omitzero"` // JSON pointer into the request body
	Rule    string `json:"rule,omitzero"`
}

// Product is a part of the API's documents.
type Product struct {
	AfterSales    string         `json:"after_sales,omitzero"`
	Agreement     string         `json:"agreement,omitzero"`
	AgreementFile string         `json:"agreement_file,omitzero"`
	API           ProductAPI     `json:"api,omitzero"`
	BuiltOn       string         `json:"built_on,omitzero"`
	Category      string         `json:"category,omitzero"`
	ChangedAt     time.Time      `json:"changed_at,omitzero"`
	Code          string         `json:"code,omitzero"`
	Details       string         `json:"details,omitzero"`
	Document      string         `json:"document,omitzero"`
	Form          string         `json:"form,omitzero"`
	ID            string         `json:"id,omitzero"`
	Image         ProductImage   `json:"image,omitzero"`
	MadeAt        time.Time      `json:"made_at,omitzero"`
	Name          string         `json:"name,omitzero"`
	OffMend       string         `json:"off_mend,omitzero"`   // what would mend it
	OffReason     string         `json:"off_reason,omitzero"` // why the operator took it off the shelf
	OffRule       string         `json:"off_rule,omitzero"`   // which rule that was for
	Pictures      []string       `json:"pictures,omitzero"`
	Plans         []ProductPlan  `json:"plans,omitzero"`
	ReportOn      string         `json:"report_on,omitzero"` // day of the security report of what was approved
	Revision      int64          `json:"revision,omitzero"`
	SaaS          ProductSaaS    `json:"saas,omitzero"`
	Service       ProductService `json:"service,omitzero"`
	ShelvedAt     time.Time      `json:"shelved_at,omitzero"`
	Status        string         `json:"status,omitzero"`      // draft, waiting (for the deposit), in_review, approved, rejected, on_shelf, off_shelf, taken_off
	StatusText    string         `json:"status_text,omitzero"` // the status in the reader's language
	SubmittedAt   time.Time      `json:"submitted_at,omitzero"`
	Summary       string         `json:"summary,omitzero"`
	Tags          []string       `json:"tags,omitzero"`
	VendorID      string         `json:"vendor_id,omitzero"`
}

// ProductAPI is a part of the API's documents.
type ProductAPI struct {
	Gateway   string `json:"gateway,omitzero"`
	Methods   string `json:"methods,omitzero"`
	TestFirst bool   `json:"test_first,omitzero"`
}

// ProductChange is a part of the API's documents.
type ProductChange struct {
	AfterSales    string         `json:"after_sales,omitzero"`
	Agreement     string         `json:"agreement,omitzero"`
	AgreementFile string         `json:"agreement_file,omitzero"`
	API           ProductAPI     `json:"api,omitzero"`
	BuiltOn       string         `json:"built_on,omitzero"`
	Category      string         `json:"category,omitzero"`
	Code          string         `json:"code,omitzero"`
	Details       string         `json:"details,omitzero"`
	Document      string         `json:"document,omitzero"`
	Form          string         `json:"form,omitzero"`
	Image         ProductImage   `json:"image,omitzero"`
	Name          string         `json:"name,omitzero"`
	Note          string         `json:"note,omitzero"`
	Pictures      []string       `json:"pictures,omitzero"`
	Plans         []ProductPlan  `json:"plans,omitzero"`
	SaaS          ProductSaaS    `json:"saas,omitzero"`
	Service       ProductService `json:"service,omitzero"`
	Summary       string         `json:"summary,omitzero"`
	Tags          []string       `json:"tags,omitzero"`
}

// ProductCheck is a part of the API's documents.
type ProductCheck struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
}

// ProductContent is a part of the API's documents.
type ProductContent struct {
	AfterSales    string         `json:"after_sales,omitzero"`
	Agreement     string         `json:"agreement,omitzero"`
	AgreementFile string         `json:"agreement_file,omitzero"`
	API           ProductAPI     `json:"api,omitzero"`
	BuiltOn       string         `json:"built_on,omitzero"`
	Category      string         `json:"category,omitzero"`
	Code          string         `json:"code,omitzero"`
	Details       string         `json:"details,omitzero"`
	Document      string         `json:"document,omitzero"`
	Form          string         `json:"form,omitzero"`
	Image         ProductImage   `json:"image,omitzero"`
	Name          string         `json:"name,omitzero"`
	Pictures      []string       `json:"pictures,omitzero"`
	Plans         []ProductPlan  `json:"plans,omitzero"`
	SaaS          ProductSaaS    `json:"saas,omitzero"`
	Service       ProductService `json:"service,omitzero"`
	Summary       string         `json:"summary,omitzero"`
	Tags          []string       `json:"tags,omitzero"`
}

// ProductDecision is a part of the API's documents.
type ProductDecision struct {
	Note     string           `json:"note,omitzero"`
	Outcome  string           `json:"outcome,omitzero"`
	Verdicts []ProductVerdict `json:"verdicts,omitzero"`
}

// ProductFolder is a part of the API's documents.
type ProductFolder struct {
	AfterSales    string          `json:"after_sales,omitzero"`
	Agreement     string          `json:"agreement,omitzero"`
	AgreementFile string          `json:"agreement_file,omitzero"`
	API           ProductAPI      `json:"api,omitzero"`
	BuiltOn       string          `json:"built_on,omitzero"`
	Category      string          `json:"category,omitzero"`
	ChangedAt     time.Time       `json:"changed_at,omitzero"`
	Checks        []ProductCheck  `json:"checks,omitzero"` // what a review looks at
	Code          string          `json:"code,omitzero"`
	Details       string          `json:"details,omitzero"`
	Document      string          `json:"document,omitzero"`
	Form          string          `json:"form,omitzero"`
	ID            string          `json:"id,omitzero"`
	Image         ProductImage    `json:"image,omitzero"`
	MadeAt        time.Time       `json:"made_at,omitzero"`
	Missing       []ProductNeed   `json:"missing,omitzero"`
	Name          string          `json:"name,omitzero"`
	OffMend       string          `json:"off_mend,omitzero"`   // what would mend it
	OffReason     string          `json:"off_reason,omitzero"` // why the operator took it off the shelf
	OffRule       string          `json:"off_rule,omitzero"`   // which rule that was for
	Pictures      []string        `json:"pictures,omitzero"`
	Plans         []ProductPlan   `json:"plans,omitzero"`
	ReportOn      string          `json:"report_on,omitzero"` // day of the security report of what was approved
	Reviews       []ProductReview `json:"reviews,omitzero"`
	Revision      int64           `json:"revision,omitzero"`
	SaaS          ProductSaaS     `json:"saas,omitzero"`
	Service       ProductService  `json:"service,omitzero"`
	ShelvedAt     time.Time       `json:"shelved_at,omitzero"`
	Status        string          `json:"status,omitzero"`      // draft, waiting (for the deposit), in_review, approved, rejected, on_shelf, off_shelf, taken_off
	StatusText    string          `json:"status_text,omitzero"` // the status in the reader's language
	SubmittedAt   time.Time       `json:"submitted_at,omitzero"`
	Summary       string          `json:"summary,omitzero"`
	Tags          []string        `json:"tags,omitzero"`
	VendorID      string          `json:"vendor_id,omitzero"`
	VendorName    string          `json:"vendor_name,omitzero"`
}

// ProductImage is a part of the API's documents.
type ProductImage struct {
	Machine   string   `json:"machine,omitzero"`
	Os        string   `json:"os,omitzero"`
	Report    string   `json:"report,omitzero"`
	ScannedOn string   `json:"scanned_on,omitzero"`
	Scanner   string   `json:"scanner,omitzero"`
	Software  []string `json:"software,omitzero"`
	Version   string   `json:"version,omitzero"`
}

// ProductImport is a part of the API's documents.
type ProductImport struct {
	Done   int64     `json:"done,omitzero"` // that were done or refused since
	Good   int64     `json:"good,omitzero"` // that can be done
	ID     string    `json:"id,omitzero"`
	MadeAt time.Time `json:"made_at,omitzero"`
	Name   string    `json:"name,omitzero"`
	Status string    `json:"status,omitzero"` // preview, running, stopped, done
	Total  int64     `json:"total,omitzero"`  // rows with products
	Wrong  int64     `json:"wrong,omitzero"`  // that cannot
}

// ProductImportRow is a part of the API's documents.
type ProductImportRow struct {
	Act       string      `json:"act,omitzero"` // make, update, revise, same
	Code      string      `json:"code,omitzero"`
	Faults    []BulkFault `json:"faults,omitzero"`
	Line      int64       `json:"line,omitzero"` // in the sheet
	Name      string      `json:"name,omitzero"`
	No        int64       `json:"no,omitzero"`
	ProductID string      `json:"product_id,omitzero"`
	Sheet     string      `json:"sheet,omitzero"` // the delivery form
	State     string      `json:"state,omitzero"` // good, wrong, done, failed
}

// ProductLine is a part of the API's documents.
type ProductLine struct {
	Category   string    `json:"category,omitzero"`
	ChangedAt  time.Time `json:"changed_at,omitzero"`
	Form       string    `json:"form,omitzero"`
	HolderID   string    `json:"holder_id,omitzero"` // the reviewer who has it; staff only
	HolderName string    `json:"holder_name,omitzero"`
	ID         string    `json:"id,omitzero"`
	Name       string    `json:"name,omitzero"`
	PromisedBy time.Time `json:"promised_by,omitzero"`
	Since      time.Time `json:"since,omitzero"` // since when it waits for a reviewer
	Status     string    `json:"status,omitzero"`
	StatusText string    `json:"status_text,omitzero"`
	VendorID   string    `json:"vendor_id,omitzero"`
	VendorName string    `json:"vendor_name,omitzero"`
}

// ProductNeed is a part of the API's documents.
type ProductNeed struct {
	Detail  string `json:"detail,omitzero"`
	Mend    string `json:"mend,omitzero"`
	Pointer string `json:"pointer,omitzero"` // of the field, or /onboarding/<need>
	Rule    string `json:"rule,omitzero"`
}

// ProductPaper is a part of the API's documents.
type ProductPaper struct {
	AfterSales    string         `json:"after_sales,omitzero"`
	Agreement     string         `json:"agreement,omitzero"`
	AgreementFile string         `json:"agreement_file,omitzero"`
	API           ProductAPI     `json:"api,omitzero"`
	BuiltOn       string         `json:"built_on,omitzero"`
	Category      string         `json:"category,omitzero"`
	Code          string         `json:"code,omitzero"`
	Details       string         `json:"details,omitzero"`
	Document      string         `json:"document,omitzero"`
	Form          string         `json:"form,omitzero"`
	Image         ProductImage   `json:"image,omitzero"`
	Name          string         `json:"name,omitzero"`
	Pictures      []string       `json:"pictures,omitzero"`
	Plans         []ProductPlan  `json:"plans,omitzero"`
	SaaS          ProductSaaS    `json:"saas,omitzero"`
	Service       ProductService `json:"service,omitzero"`
	Summary       string         `json:"summary,omitzero"`
	Tags          []string       `json:"tags,omitzero"`
}

// ProductPlan is a part of the API's documents.
type ProductPlan struct {
	Name     string      `json:"name,omitzero"`
	Original AmountShape `json:"original,omitzero"`
	Sale     AmountShape `json:"sale,omitzero"`
	Span     int64       `json:"span,omitzero"`
	Unit     string      `json:"unit,omitzero"`
}

// ProductRemoval is a part of the API's documents.
type ProductRemoval struct {
	Mend   string `json:"mend,omitzero"`
	Reason string `json:"reason,omitzero"`
	Rule   string `json:"rule,omitzero"`
}

// ProductReview is a part of the API's documents.
type ProductReview struct {
	DecidedAt time.Time        `json:"decided_at,omitzero"`
	DecidedBy string           `json:"decided_by,omitzero"` // staff only
	Note      string           `json:"note,omitzero"`       // staff only
	Outcome   string           `json:"outcome,omitzero"`
	Verdicts  []ProductVerdict `json:"verdicts,omitzero"`
}

// ProductSaaS is a part of the API's documents.
type ProductSaaS struct {
	Delivery  string `json:"delivery,omitzero"`
	NotifyURL string `json:"notify_url,omitzero"`
	Site      string `json:"site,omitzero"`
	Trial     bool   `json:"trial,omitzero"`
	TrialDays int64  `json:"trial_days,omitzero"`
}

// ProductService is a part of the API's documents.
type ProductService struct {
	AskedFirst    bool   `json:"asked_first,omitzero"`
	BuyerConfirms bool   `json:"buyer_confirms,omitzero"`
	Days          int64  `json:"days,omitzero"`
	Requirement   string `json:"requirement,omitzero"`
	VendorDoes    bool   `json:"vendor_does,omitzero"`
}

// ProductVerdict is a part of the API's documents.
type ProductVerdict struct {
	Check   string `json:"check,omitzero"`
	Finding string `json:"finding,omitzero"`
	Reason  string `json:"reason,omitzero"`
}

// Proof is a part of the API's documents.
type Proof struct {
	Code string `json:"code,omitzero"`
}

// QualificationAccount is a part of the API's documents.
type QualificationAccount struct {
	Bank     string `json:"bank,omitzero"`
	Branch   string `json:"branch,omitzero"`
	City     string `json:"city,omitzero"`
	CNAPS    string `json:"cnaps,omitzero"`
	Holder   string `json:"holder,omitzero"`
	Number   string `json:"number,omitzero"`
	Province string `json:"province,omitzero"`
}

// QualificationApplication is a part of the API's documents.
type QualificationApplication struct {
	Account    QualificationAccount             `json:"account,omitzero"`
	Categories []string                         `json:"categories,omitzero"`
	Company    QualificationCompany             `json:"company,omitzero"`
	Contact    QualificationContact             `json:"contact,omitzero"`
	Documents  QualificationDocuments           `json:"documents,omitzero"`
	Evidence   map[string]QualificationEvidence `json:"evidence,omitzero"`
	Mode       string                           `json:"mode,omitzero"`
	Service    QualificationService             `json:"service,omitzero"`
	Shop       QualificationShop                `json:"shop,omitzero"`
}

// QualificationCompany is a part of the API's documents.
type QualificationCompany struct {
	Address     string `json:"address,omitzero"`
	Capital     string `json:"capital,omitzero"`
	Currency    string `json:"currency,omitzero"`
	Established string `json:"established,omitzero"`
	LegalPerson string `json:"legal_person,omitzero"`
	LongTerm    bool   `json:"long_term,omitzero"`
	Name        string `json:"name,omitzero"`
	Registrar   string `json:"registrar,omitzero"`
	Scope       string `json:"scope,omitzero"`
	TermUntil   string `json:"term_until,omitzero"`
	Type        string `json:"type,omitzero"`
	USCC        string `json:"uscc,omitzero"`
}

// QualificationContact is a part of the API's documents.
type QualificationContact struct {
	Mail  string `json:"mail,omitzero"`
	Name  string `json:"name,omitzero"`
	Phone string `json:"phone,omitzero"`
}

// QualificationDecision is a part of the API's documents.
type QualificationDecision struct {
	Categories []QualificationOutcome `json:"categories,omitzero"`
	Items      []QualificationNamed   `json:"items,omitzero"`
	Verdicts   []QualificationVerdict `json:"verdicts,omitzero"`
	Version    int64                  `json:"version,omitzero"`
}

// QualificationDocuments is a part of the API's documents.
type QualificationDocuments struct {
	Account []string `json:"account,omitzero"`
	Licence []string `json:"licence,omitzero"`
	Team    []string `json:"team,omitzero"`
}

// QualificationEvidence is a part of the API's documents.
type QualificationEvidence struct {
	BuiltFiles []string `json:"built_files,omitzero"`
	BuiltNote  string   `json:"built_note,omitzero"`
	BuiltOn    bool     `json:"built_on,omitzero"`
	Files      []string `json:"files,omitzero"`
	Note       string   `json:"note,omitzero"`
	RdFiles    []string `json:"rd_files,omitzero"`
	Site       string   `json:"site,omitzero"`
	TradeFiles []string `json:"trade_files,omitzero"`
	TradeStart string   `json:"trade_start,omitzero"`
}

// QualificationHours is a part of the API's documents.
type QualificationHours struct {
	Fri []QualificationSpan `json:"fri,omitzero"`
	Mon []QualificationSpan `json:"mon,omitzero"`
	Sat []QualificationSpan `json:"sat,omitzero"`
	Sun []QualificationSpan `json:"sun,omitzero"`
	Thu []QualificationSpan `json:"thu,omitzero"`
	Tue []QualificationSpan `json:"tue,omitzero"`
	Wed []QualificationSpan `json:"wed,omitzero"`
}

// QualificationNamed is a part of the API's documents.
type QualificationNamed struct {
	Category string `json:"category,omitzero"`
	Field    string `json:"field,omitzero"`
	Text     string `json:"text,omitzero"`
}

// QualificationNote is a part of the API's documents.
type QualificationNote struct {
	Text string `json:"text,omitzero"`
}

// QualificationOutcome is a part of the API's documents.
type QualificationOutcome struct {
	Category string `json:"category,omitzero"`
	Decision string `json:"decision,omitzero"`
}

// QualificationSaving is a part of the API's documents.
type QualificationSaving struct {
	Application QualificationApplication `json:"application,omitzero"`
	Step        string                   `json:"step,omitzero"`
	Version     int64                    `json:"version,omitzero"`
}

// QualificationService is a part of the API's documents.
type QualificationService struct {
	Hours QualificationHours `json:"hours,omitzero"`
	Mail  string             `json:"mail,omitzero"`
	Phone string             `json:"phone,omitzero"`
	Team  string             `json:"team,omitzero"`
}

// QualificationShop is a part of the API's documents.
type QualificationShop struct {
	Intro string `json:"intro,omitzero"`
	Name  string `json:"name,omitzero"`
	Site  string `json:"site,omitzero"`
}

// QualificationSpan is a part of the API's documents.
type QualificationSpan struct {
	From string `json:"from,omitzero"`
	To   string `json:"to,omitzero"`
}

// QualificationVerdict is a part of the API's documents.
type QualificationVerdict struct {
	Category  string `json:"category,omitzero"`
	Condition string `json:"condition,omitzero"`
	Field     string `json:"field,omitzero"`
	Reason    string `json:"reason,omitzero"`
	Result    string `json:"result,omitzero"`
}

// Receipt is a part of the API's documents.
type Receipt struct {
	Amount      AmountShape `json:"amount,omitzero"`
	Code        string      `json:"code,omitzero"` // opens the public page of verification
	ConfirmedAt time.Time   `json:"confirmed_at,omitzero"`
	Excess      AmountShape `json:"excess,omitzero"`
	File        string      `json:"file,omitzero"` // the PDF; absent for a moment after the confirmation
	Held        AmountShape `json:"held,omitzero"`
	ID          string      `json:"id,omitzero"`
	IssuedOn    string      `json:"issued_on,omitzero"`
	LineID      string      `json:"line_id,omitzero"`
	Number      string      `json:"number,omitzero"`
	PaidOn      string      `json:"paid_on,omitzero"`
	Payee       string      `json:"payee,omitzero"`
	Payer       string      `json:"payer,omitzero"`
	Remitter    string      `json:"remitter,omitzero"`
	ShareID     string      `json:"share_id,omitzero"` // the share, where the line was split
	VendorID    string      `json:"vendor_id,omitzero"`
	VoidFile    string      `json:"void_file,omitzero"` // the PDF with the mark 作废
	VoidedAt    time.Time   `json:"voided_at,omitzero"` // the receipt holds no more (作废); its number is kept
	VoucherID   string      `json:"voucher_id,omitzero"`
	Way         string      `json:"way,omitzero"`
}

// ReceiptProof is a part of the API's documents.
type ReceiptProof struct {
	Amount   AmountShape `json:"amount,omitzero"`
	IssuedOn string      `json:"issued_on,omitzero"`
	Number   string      `json:"number,omitzero"`
	Payee    string      `json:"payee,omitzero"`
	Payer    string      `json:"payer,omitzero"` // masked
	Void     bool        `json:"void,omitzero"`  // the receipt holds no more (作废)
}

// RecoveryCodes is a part of the API's documents.
type RecoveryCodes struct {
	Codes []string `json:"codes,omitzero"`
}

// Renewed is a part of the API's documents.
type Renewed struct {
	ID       string `json:"id,omitzero"`
	Number   string `json:"number,omitzero"`
	Renews   string `json:"renews,omitzero"` // the contract it continues
	VendorID string `json:"vendor_id,omitzero"`
}

// Report is a part of the API's documents.
type Report struct {
	Causes    []ReportCause    `json:"causes,omitzero"` // reasons given, by condition
	Deposits  ReportDeposits   `json:"deposits,omitzero"`
	Durations []ReportDuration `json:"durations,omitzero"`
	Ending    []ReportEnding   `json:"ending,omitzero"` // this month and the eleven after it
	From      string           `json:"from,omitzero"`
	Passes    []ReportPass     `json:"passes,omitzero"`   // first submissions that passed at once
	Refusals  []ReportRefusal  `json:"refusals,omitzero"` // conditions and checks not met, the most frequent first
	To        string           `json:"to,omitzero"`
	Waiting   []ReportAge      `json:"waiting,omitzero"` // what waits now, by the promised time
}

// ReportAge is a part of the API's documents.
type ReportAge struct {
	Beyond       int64  `json:"beyond,omitzero"`
	Queue        string `json:"queue,omitzero"`
	UpToHalf     int64  `json:"up_to_half,omitzero"` // of the promised time
	UpToPromised int64  `json:"up_to_promised,omitzero"`
	UpToTwice    int64  `json:"up_to_twice,omitzero"`
}

// ReportCause is a part of the API's documents.
type ReportCause struct {
	Condition string `json:"condition,omitzero"`
	Count     int64  `json:"count,omitzero"`
	Reason    string `json:"reason,omitzero"` // id of the policy's ready text; none for a reviewer's own words, which are counted together
	Stage     string `json:"stage,omitzero"`  // application, product, voucher
	Text      string `json:"text,omitzero"`
}

// ReportDeposits is a part of the API's documents.
type ReportDeposits struct {
	Deducted  AmountShape `json:"deducted,omitzero"`
	Due       AmountShape `json:"due,omitzero"`
	Held      AmountShape `json:"held,omitzero"`
	Overpaid  AmountShape `json:"overpaid,omitzero"`
	Returning AmountShape `json:"returning,omitzero"`
}

// ReportDuration is a part of the API's documents.
type ReportDuration struct {
	Count                int64  `json:"count,omitzero"`
	MedianSeconds        int64  `json:"median_seconds,omitzero"`
	MedianWorkingSeconds int64  `json:"median_working_seconds,omitzero"` // of working days alone
	Month                string `json:"month,omitzero"`                  // 2026-03
	P90Seconds           int64  `json:"p90_seconds,omitzero"`
	P90WorkingSeconds    int64  `json:"p90_working_seconds,omitzero"`
	Step                 string `json:"step,omitzero"` // review, offer, signing, deposit, product, revision, change, violation, appeal, top_up, exit, payout
}

// ReportEnding is a part of the API's documents.
type ReportEnding struct {
	Contracts int64  `json:"contracts,omitzero"`
	Licences  int64  `json:"licences,omitzero"`
	Month     string `json:"month,omitzero"`
}

// ReportPass is a part of the API's documents.
type ReportPass struct {
	Decided int64  `json:"decided,omitzero"`
	Month   string `json:"month,omitzero"`
	Passed  int64  `json:"passed,omitzero"`
}

// ReportRefusal is a part of the API's documents.
type ReportRefusal struct {
	Condition string `json:"condition,omitzero"`
	Count     int64  `json:"count,omitzero"`
	Name      string `json:"name,omitzero"`
	Stage     string `json:"stage,omitzero"` // application, product
}

// ReviewLine is a part of the API's documents.
type ReviewLine struct {
	Category   string    `json:"category,omitzero"`
	Form       string    `json:"form,omitzero"`
	HolderID   string    `json:"holder_id,omitzero"`
	HolderName string    `json:"holder_name,omitzero"`
	Name       string    `json:"name,omitzero"`
	ProductID  string    `json:"product_id,omitzero"`
	PromisedBy time.Time `json:"promised_by,omitzero"`
	RevisionID string    `json:"revision_id,omitzero"` // absent for a product that was not approved yet
	Route      string    `json:"route,omitzero"`       // new, full or light
	Since      time.Time `json:"since,omitzero"`
	VendorID   string    `json:"vendor_id,omitzero"`
	VendorName string    `json:"vendor_name,omitzero"`
}

// ReviewView is a part of the API's documents.
type ReviewView struct {
	Address      string                   `json:"address,omitzero"` // IP
	Agreements   []Acceptance             `json:"agreements,omitzero"`
	Application  QualificationApplication `json:"application,omitzero"` // as submitted; personal and bank data are masked for those who do not review
	Categories   []string                 `json:"categories,omitzero"`
	Changes      []FieldChange            `json:"changes,omitzero"`
	ComparedWith int64                    `json:"compared_with,omitzero"` // number of the submission that changes are counted from
	Files        []File                   `json:"files,omitzero"`
	History      []PastSubmission         `json:"history,omitzero"`
	Holder       Holder                   `json:"holder,omitzero"`
	ID           string                   `json:"id,omitzero"`
	Notes        []Note                   `json:"notes,omitzero"`
	Number       int64                    `json:"number,omitzero"` // of the submission; more than 1 is a re-submission
	PromisedBy   time.Time                `json:"promised_by,omitzero"`
	SelfCheck    SelfCheck                `json:"self_check,omitzero"`
	Since        time.Time                `json:"since,omitzero"`
	Standings    []Standing               `json:"standings,omitzero"`
	Status       string                   `json:"status,omitzero"`
	SubmittedBy  string                   `json:"submitted_by,omitzero"`
	VendorID     string                   `json:"vendor_id,omitzero"`
	VendorName   string                   `json:"vendor_name,omitzero"`
	Version      int64                    `json:"version,omitzero"`
}

// Revision is a part of the API's documents.
type Revision struct {
	Content     ProductContent `json:"content,omitzero"`
	EndedAt     time.Time      `json:"ended_at,omitzero"`
	Fields      []string       `json:"fields,omitzero"` // the fields that it changes
	ID          string         `json:"id,omitzero"`
	MadeAt      time.Time      `json:"made_at,omitzero"`
	Note        string         `json:"note,omitzero"` // what was changed and why
	ProductID   string         `json:"product_id,omitzero"`
	PromisedAt  time.Time      `json:"promised_at,omitzero"`
	Reasons     []string       `json:"reasons,omitzero"`     // why it was rejected
	Route       string         `json:"route,omitzero"`       // full or light; once submitted
	Status      string         `json:"status,omitzero"`      // draft, submitted, in_review, approved, rejected, dropped
	StatusText  string         `json:"status_text,omitzero"` // the status in the reader's language
	SubmittedAt time.Time      `json:"submitted_at,omitzero"`
}

// RevisionChange is a part of the API's documents.
type RevisionChange struct {
	Field string       `json:"field,omitzero"` // JSON pointer into the content
	Light bool         `json:"light,omitzero"` // the policy counts it as light
	Plans []PlanChange `json:"plans,omitzero"`
	Words []WordRun    `json:"words,omitzero"` // of texts: what stays, goes and is new, in order
}

// RevisionFolder is a part of the API's documents.
type RevisionFolder struct {
	Changes       []RevisionChange `json:"changes,omitzero"`
	Checks        []ProductCheck   `json:"checks,omitzero"`
	Content       ProductContent   `json:"content,omitzero"`
	EndedAt       time.Time        `json:"ended_at,omitzero"`
	Fields        []string         `json:"fields,omitzero"`         // the fields that it changes
	ForeseenRoute string           `json:"foreseen_route,omitzero"` // the route it would take now
	HolderName    string           `json:"holder_name,omitzero"`    // staff only
	ID            string           `json:"id,omitzero"`
	MadeAt        time.Time        `json:"made_at,omitzero"`
	Missing       []ProductNeed    `json:"missing,omitzero"` // what it lacks before it may be submitted
	Note          string           `json:"note,omitzero"`    // what was changed and why
	ProductID     string           `json:"product_id,omitzero"`
	PromisedAt    time.Time        `json:"promised_at,omitzero"`
	Reasons       []string         `json:"reasons,omitzero"` // why it was rejected
	Reviews       []ProductReview  `json:"reviews,omitzero"`
	Route         string           `json:"route,omitzero"`       // full or light; once submitted
	Status        string           `json:"status,omitzero"`      // draft, submitted, in_review, approved, rejected, dropped
	StatusText    string           `json:"status_text,omitzero"` // the status in the reader's language
	SubmittedAt   time.Time        `json:"submitted_at,omitzero"`
	VendorName    string           `json:"vendor_name,omitzero"`
}

// Secured is a part of the API's documents.
type Secured struct {
	Factors           []Factor `json:"factors,omitzero"`
	RecoveryCodesLeft int64    `json:"recovery_codes_left,omitzero"`
	Required          bool     `json:"required,omitzero"` // the operator's rules ask a second factor of this person
}

// SelfCheck is a part of the API's documents.
type SelfCheck struct {
	Checks []Condition    `json:"checks,omitzero"`
	Hints  []ProblemField `json:"hints,omitzero"` // worth a second look; stops nothing
	Open   []ProblemField `json:"open,omitzero"`  // what else the form lacks
	Ready  bool           `json:"ready,omitzero"` // submitting would be accepted
}

// Session is a part of the API's documents.
type Session struct {
	Account   Account   `json:"account,omitzero"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	Token     string    `json:"token,omitzero"`
}

// Signed is a part of the API's documents.
type Signed struct {
	Address   string    `json:"address,omitzero"` // masked
	CreatedAt time.Time `json:"created_at,omitzero"`
	Device    string    `json:"device,omitzero"`
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	ID        string    `json:"id,omitzero"`
	SeenAt    time.Time `json:"seen_at,omitzero"`
	This      bool      `json:"this,omitzero"` // the one that asks
	Via       string    `json:"via,omitzero"`  // password, passkey, provider or link
}

// Signer is a part of the API's documents.
type Signer struct {
	Address string    `json:"address,omitzero"` // IP
	At      time.Time `json:"at,omitzero"`
	Hash    string    `json:"hash,omitzero"` // of what was signed
	Name    string    `json:"name,omitzero"`
	Phone   string    `json:"phone,omitzero"` // masked; where the code was sent
}

// Standing is a part of the API's documents.
type Standing struct {
	ApprovedAt time.Time `json:"approved_at,omitzero"`
	Category   string    `json:"category,omitzero"`
	ChangedAt  time.Time `json:"changed_at,omitzero"`
	Status     string    `json:"status,omitzero"` // applied, approved, refused, returned or withdrawn
	StatusText string    `json:"status_text,omitzero"`
}

// StatementColumns is a part of the API's documents.
type StatementColumns struct {
	Account      []string `json:"account,omitzero"`
	Amount       []string `json:"amount,omitzero"`
	Balance      []string `json:"balance,omitzero"`
	BankRef      []string `json:"bank_ref,omitzero"`
	Credit       []string `json:"credit,omitzero"`
	Currency     []string `json:"currency,omitzero"`
	Date         []string `json:"date,omitzero"`
	Debit        []string `json:"debit,omitzero"`
	Direction    []string `json:"direction,omitzero"`
	PayerAccount []string `json:"payer_account,omitzero"`
	PayerBank    []string `json:"payer_bank,omitzero"`
	PayerName    []string `json:"payer_name,omitzero"`
	Remark       []string `json:"remark,omitzero"`
	Time         []string `json:"time,omitzero"`
}

// StatementFinding is a part of the API's documents.
type StatementFinding struct {
	After      string      `json:"after,omitzero"`
	Before     string      `json:"before,omitzero"` // the statement before it
	Difference AmountShape `json:"difference,omitzero"`
	From       string      `json:"from,omitzero"`
	Kind       string      `json:"kind,omitzero"` // gap or overlap
	Text       string      `json:"text,omitzero"`
	To         string      `json:"to,omitzero"`
}

// StatementLabels is a part of the API's documents.
type StatementLabels struct {
	Account     []string `json:"account,omitzero"`
	Closing     []string `json:"closing,omitzero"`
	CreditCount []string `json:"credit_count,omitzero"`
	CreditTotal []string `json:"credit_total,omitzero"`
	Currency    []string `json:"currency,omitzero"`
	DebitCount  []string `json:"debit_count,omitzero"`
	DebitTotal  []string `json:"debit_total,omitzero"`
	Opening     []string `json:"opening,omitzero"`
}

// StatementMapping is a part of the API's documents.
type StatementMapping struct {
	Amounts     string           `json:"amounts,omitzero"`
	Columns     StatementColumns `json:"columns,omitzero"`
	CreditWords []string         `json:"credit_words,omitzero"`
	Currency    string           `json:"currency,omitzero"`
	Dates       []string         `json:"dates,omitzero"`
	DebitWords  []string         `json:"debit_words,omitzero"`
	Delimiter   string           `json:"delimiter,omitzero"`
	Encoding    string           `json:"encoding,omitzero"`
	Labels      StatementLabels  `json:"labels,omitzero"`
	Name        string           `json:"name,omitzero"`
	Skip        []string         `json:"skip,omitzero"`
	Times       []string         `json:"times,omitzero"`
	TitleEn     string           `json:"title_en,omitzero"`
	TitleZh     string           `json:"title_zh,omitzero"`
	Trailer     []string         `json:"trailer,omitzero"`
	Unordered   bool             `json:"unordered,omitzero"`
}

// Takeout is a part of the API's documents.
type Takeout struct {
	AskedAt   time.Time `json:"asked_at,omitzero"`
	Bytes     int64     `json:"bytes,omitzero"`
	Done      int64     `json:"done,omitzero"` // records and files written so far; a record is written twice
	Downloads int64     `json:"downloads,omitzero"`
	Files     int64     `json:"files,omitzero"`
	ID        string    `json:"id,omitzero"`
	MadeAt    time.Time `json:"made_at,omitzero"`
	Missing   int64     `json:"missing,omitzero"` // files whose content could not be found
	Name      string    `json:"name,omitzero"`
	Percent   int64     `json:"percent,omitzero"`
	Records   int64     `json:"records,omitzero"`
	SHA256    string    `json:"sha256,omitzero"`   // of the whole file
	Status    string    `json:"status,omitzero"`   // asked, making, ready, stopped, failed, expired
	Total     int64     `json:"total,omitzero"`    // of them; 0 until it is known
	UntilAt   time.Time `json:"until_at,omitzero"` // when it is removed
}

// Team is a part of the API's documents.
type Team struct {
	Invitations []Invitation `json:"invitations,omitzero"` // open ones; for who may invite
	Members     []Member     `json:"members,omitzero"`
	Transfer    Transfer     `json:"transfer,omitzero"` // of the ownership, while it is offered
}

// TopUp is a part of the API's documents.
type TopUp struct {
	By         time.Time   `json:"by,omitzero"`
	ClosedAt   time.Time   `json:"closed_at,omitzero"` // since when the shop is closed
	Due        AmountShape `json:"due,omitzero"`       // asked for in all
	Open       AmountShape `json:"open,omitzero"`
	VendorID   string      `json:"vendor_id,omitzero"`
	VendorName string      `json:"vendor_name,omitzero"`
	YearKnown  bool        `json:"year_known,omitzero"` // the calendar of working days knows the year of the last day
}

// Transfer is a part of the API's documents.
type Transfer struct {
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	From      string    `json:"from,omitzero"`
	ID        string    `json:"id,omitzero"`
	MadeAt    time.Time `json:"made_at,omitzero"`
	State     string    `json:"state,omitzero"` // offered, accepted, declined or withdrawn
	To        string    `json:"to,omitzero"`
}

// Turn is a part of the API's documents.
type Turn struct {
	Version int64 `json:"version,omitzero"` // as last read; left out, whatever is there
}

// Vendor is a part of the API's documents.
type Vendor struct {
	ApprovedAt time.Time     `json:"approved_at,omitzero"`
	Company    VendorCompany `json:"company,omitzero"` // as last approved
	ID         string        `json:"id,omitzero"`
	MadeAt     time.Time     `json:"made_at,omitzero"`
	Name       string        `json:"name,omitzero"`
	ShopName   string        `json:"shop_name,omitzero"`
	USCC       string        `json:"uscc,omitzero"`
}

// VendorCompany is a part of the API's documents.
type VendorCompany struct {
	Account      string       `json:"account,omitzero"` // masked
	Address      string       `json:"address,omitzero"`
	Bank         string       `json:"bank,omitzero"`
	Capital      AmountShape  `json:"capital,omitzero"`
	Contact      string       `json:"contact,omitzero"`
	ContactMail  string       `json:"contact_mail,omitzero"`  // masked
	ContactPhone string       `json:"contact_phone,omitzero"` // masked
	Established  string       `json:"established,omitzero"`
	Hours        CalendarWeek `json:"hours,omitzero"`
	ServiceMail  string       `json:"service_mail,omitzero"`
	ServicePhone string       `json:"service_phone,omitzero"`
	Site         string       `json:"site,omitzero"`
	TermUntil    string       `json:"term_until,omitzero"` // absent is long-term
	Type         string       `json:"type,omitzero"`
}

// VendorDuty is a part of the API's documents.
type VendorDuty struct {
	Code     string    `json:"code,omitzero"` // licence, term, agreement, account_check or request
	Deadline time.Time `json:"deadline,omitzero"`
	Field    string    `json:"field,omitzero"` // JSON pointer
	Mend     string    `json:"mend,omitzero"`
	Rule     string    `json:"rule,omitzero"`
	Text     string    `json:"text,omitzero"`
}

// VendorLift is a part of the API's documents.
type VendorLift struct {
	Reason string `json:"reason,omitzero"`
}

// VendorRequirements is a part of the API's documents.
type VendorRequirements struct {
	CurrentlyDue        []VendorDuty `json:"currently_due,omitzero"`
	EventuallyDue       []VendorDuty `json:"eventually_due,omitzero"`
	PastDue             []VendorDuty `json:"past_due,omitzero"`             // something is kept back until it is done
	PendingVerification []VendorDuty `json:"pending_verification,omitzero"` // with the operator
}

// Violation is a part of the API's documents.
type Violation struct {
	Amount      AmountShape        `json:"amount,omitzero"` // of a deduction
	Appeal      string             `json:"appeal,omitzero"`
	AppealBy    time.Time          `json:"appeal_by,omitzero"`
	AppealFiles []File             `json:"appeal_files,omitzero"`
	AppealedAt  time.Time          `json:"appealed_at,omitzero"`
	DecidedAt   time.Time          `json:"decided_at,omitzero"`
	DecidedBy   string             `json:"decided_by,omitzero"`
	Decision    string             `json:"decision,omitzero"`
	Description string             `json:"description,omitzero"`
	Evidence    []File             `json:"evidence,omitzero"` // of one violation, not in lists
	ID          string             `json:"id,omitzero"`
	JudgedAt    time.Time          `json:"judged_at,omitzero"`
	JudgedBy    string             `json:"judged_by,omitzero"`
	Judgement   string             `json:"judgement,omitzero"`
	Measure     string             `json:"measure,omitzero"` // warning, product_off or deduction
	Name        string             `json:"name,omitzero"`
	Offence     string             `json:"offence,omitzero"`
	Owed        AmountShape        `json:"owed,omitzero"` // decided, but more than was held
	ProductID   string             `json:"product_id,omitzero"`
	PromisedBy  time.Time          `json:"promised_by,omitzero"` // when staff decide what waits for them
	Proposed    AmountShape        `json:"proposed,omitzero"`    // staff only
	RecordedAt  time.Time          `json:"recorded_at,omitzero"`
	RecordedBy  string             `json:"recorded_by,omitzero"` // staff only, as are the other two
	Records     []DeductionPosting `json:"records,omitzero"`     // of money taken and given back
	Returned    AmountShape        `json:"returned,omitzero"`
	Rule        string             `json:"rule,omitzero"`   // the words of the rule, as they stood when the violation was recorded
	Status      string             `json:"status,omitzero"` // recorded, dropped, decided, appealed, final, upheld, reduced or revoked
	Taken       AmountShape        `json:"taken,omitzero"`  // from the deposit
	TopUp       AmountShape        `json:"top_up,omitzero"` // still to be topped up for it
	TopUpBy     time.Time          `json:"top_up_by,omitzero"`
	VendorID    string             `json:"vendor_id,omitzero"`
	VendorName  string             `json:"vendor_name,omitzero"`
	WaitsFor    string             `json:"waits_for,omitzero"` // staff, finance, vendor, third or nobody
}

// ViolationDecision is a part of the API's documents.
type ViolationDecision struct {
	Amount  AmountShape `json:"amount,omitzero"`
	Outcome string      `json:"outcome,omitzero"`
	Reason  string      `json:"reason,omitzero"`
}

// ViolationJudgement is a part of the API's documents.
type ViolationJudgement struct {
	Amount  AmountShape `json:"amount,omitzero"`
	Outcome string      `json:"outcome,omitzero"`
	Reason  string      `json:"reason,omitzero"`
}

// ViolationObjection is a part of the API's documents.
type ViolationObjection struct {
	Files []string `json:"files,omitzero"`
	Text  string   `json:"text,omitzero"`
}

// ViolationPaper is a part of the API's documents.
type ViolationPaper struct {
	Amount      AmountShape `json:"amount,omitzero"`
	Description string      `json:"description,omitzero"`
	Evidence    []string    `json:"evidence,omitzero"`
	Measure     string      `json:"measure,omitzero"`
	Offence     string      `json:"offence,omitzero"`
	Product     string      `json:"product,omitzero"`
	Vendor      string      `json:"vendor,omitzero"`
}

// Voucher is a part of the API's documents.
type Voucher struct {
	Amount         AmountShape `json:"amount,omitzero"`
	AsksOpening    bool        `json:"asks_opening,omitzero"`
	AsksReceipt    bool        `json:"asks_receipt,omitzero"`
	City           string      `json:"city,omitzero"`
	DecidedAt      time.Time   `json:"decided_at,omitzero"`
	File           string      `json:"file,omitzero"`
	Holder         string      `json:"holder,omitzero"` // the person of finance who has it
	ID             string      `json:"id,omitzero"`
	OtherPayer     bool        `json:"other_payer,omitzero"`
	PaidOn         string      `json:"paid_on,omitzero"`
	PresentedAt    time.Time   `json:"presented_at,omitzero"`
	PromisedBy     time.Time   `json:"promised_by,omitzero"`
	Reason         string      `json:"reason,omitzero"`          // of a refusal
	Received       AmountShape `json:"received,omitzero"`        // so far; it waits until all it tells of is in
	Recipient      string      `json:"recipient,omitzero"`       // masked
	RecipientPhone string      `json:"recipient_phone,omitzero"` // masked
	Remitter       string      `json:"remitter,omitzero"`
	Status         string      `json:"status,omitzero"` // presented, confirmed, refused or taken_back
	VendorID       string      `json:"vendor_id,omitzero"`
	VendorName     string      `json:"vendor_name,omitzero"`
	Way            string      `json:"way,omitzero"`
}

// Waiting is a part of the API's documents.
type Waiting struct {
	Categories []string  `json:"categories,omitzero"`
	Holder     Holder    `json:"holder,omitzero"`
	ID         string    `json:"id,omitzero"`
	Number     int64     `json:"number,omitzero"` // of the submission; more than 1 is a re-submission
	PromisedBy time.Time `json:"promised_by,omitzero"`
	Since      time.Time `json:"since,omitzero"`
	Status     string    `json:"status,omitzero"`
	VendorID   string    `json:"vendor_id,omitzero"`
	VendorName string    `json:"vendor_name,omitzero"`
	Version    int64     `json:"version,omitzero"`
}

// Way is a part of the API's documents.
type Way struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
	Note string `json:"note,omitzero"`
}

// WordRun is a part of the API's documents.
type WordRun struct {
	Kind string `json:"kind,omitzero"` // same, gone or new
	Text string `json:"text,omitzero"`
}

// Register: Register (O-1): sends a code by mail and one by SMS.
func (c *Client) Register(ctx context.Context, in AccountRegistration) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/accounts", nil, in, &out)
	return out, err
}

// GetMe: The signed-in person.
func (c *Client) GetMe(ctx context.Context) (out Account, err error) {
	err = c.do(ctx, "GET", "/v1/accounts/me", nil, nil, &out)
	return out, err
}

// UpdateMe: Choose the language of messages.
func (c *Client) UpdateMe(ctx context.Context, in AccountPreference) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/me", nil, in, &out)
	return out, err
}

// AskNewMail: Ask for another mailbox: one code each goes to the old and the new.
func (c *Client) AskNewMail(ctx context.Context, in AccountNewMail) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/me/mail", nil, in, &out)
	return out, err
}

// ConfirmNewMail: Change the mailbox with both codes.
func (c *Client) ConfirmNewMail(ctx context.Context, in AccountMoved) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/me/mail/confirm", nil, in, &out)
	return out, err
}

// AskNewPhone: Ask for another phone: one code each goes to the old and the new.
func (c *Client) AskNewPhone(ctx context.Context, in AccountNewPhone) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/me/phone", nil, in, &out)
	return out, err
}

// ConfirmNewPhone: Change the phone with both codes.
func (c *Client) ConfirmNewPhone(ctx context.Context, in AccountMoved) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/me/phone/confirm", nil, in, &out)
	return out, err
}

// SendCodeAgain: Send one of the codes again.
func (c *Client) SendCodeAgain(ctx context.Context, id string, in AccountResend) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/"+url.PathEscape(id)+"/send-code", nil, in, &out)
	return out, err
}

// VerifyAccount: Give both codes.
func (c *Client) VerifyAccount(ctx context.Context, id string, in AccountProof) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/accounts/"+url.PathEscape(id)+"/verify", nil, in, &out)
	return out, err
}

// ListAgreements: The agreements in force, each with whether you accepted it (C-4).
func (c *Client) ListAgreements(ctx context.Context) (out PageAgreement, err error) {
	err = c.do(ctx, "GET", "/v1/agreements", nil, nil, &out)
	return out, err
}

// PublishAgreement: Publish a new version (administrators).
func (c *Client) PublishAgreement(ctx context.Context, in AgreementVersion) (out Agreement, err error) {
	err = c.do(ctx, "POST", "/v1/agreements", nil, in, &out)
	return out, err
}

// AcceptAgreements: Accept agreements in their present version.
func (c *Client) AcceptAgreements(ctx context.Context, in AgreementAcceptance) (out PageAcceptance, err error) {
	err = c.do(ctx, "POST", "/v1/agreements/accept", nil, in, &out)
	return out, err
}

// ListAPIKeys: Your API keys.
func (c *Client) ListAPIKeys(ctx context.Context) (out PageKey, err error) {
	err = c.do(ctx, "GET", "/v1/api-keys", nil, nil, &out)
	return out, err
}

// MakeAPIKey: Make an API key; its secret is told once.
func (c *Client) MakeAPIKey(ctx context.Context, in AccountNewKey) (out Key, err error) {
	err = c.do(ctx, "POST", "/v1/api-keys", nil, in, &out)
	return out, err
}

// RevokeAPIKey: End an API key.
func (c *Client) RevokeAPIKey(ctx context.Context, id string) (out Key, err error) {
	err = c.do(ctx, "POST", "/v1/api-keys/"+url.PathEscape(id)+"/revoke", nil, nil, &out)
	return out, err
}

// GetApplication: Your company's application.
func (c *Client) GetApplication(ctx context.Context) (out Application, err error) {
	err = c.do(ctx, "GET", "/v1/application", nil, nil, &out)
	return out, err
}

// SaveApplication: Keep the draft as it is, one step or all.
func (c *Client) SaveApplication(ctx context.Context, in QualificationSaving) (out Application, err error) {
	err = c.do(ctx, "POST", "/v1/application", nil, in, &out)
	return out, err
}

// BeginApplication: Apply as a vendor (服务商入驻, O-2); you become the company's owner.
func (c *Client) BeginApplication(ctx context.Context) (out Begun, err error) {
	err = c.do(ctx, "POST", "/v1/application/begin", nil, nil, &out)
	return out, err
}

// SelfCheck: Each condition of each category with its state and what would mend it.
func (c *Client) SelfCheck(ctx context.Context) (out SelfCheck, err error) {
	err = c.do(ctx, "GET", "/v1/application/self-check", nil, nil, &out)
	return out, err
}

// SubmitApplication: Put the application before the reviewers.
func (c *Client) SubmitApplication(ctx context.Context, in Turn) (out Application, err error) {
	err = c.do(ctx, "POST", "/v1/application/submit", nil, in, &out)
	return out, err
}

// TakeBackApplication: Make a submitted application a draft again.
func (c *Client) TakeBackApplication(ctx context.Context, in Turn) (out Application, err error) {
	err = c.do(ctx, "POST", "/v1/application/take-back", nil, in, &out)
	return out, err
}

// ListCategories: The categories with how many products each has.
func (c *Client) ListCategories(ctx context.Context) (out PageCatalogCategory, err error) {
	err = c.do(ctx, "GET", "/v1/catalog/categories", nil, nil, &out)
	return out, err
}

// FindProductsQuery narrows FindProducts; zero values are left out.
type FindProductsQuery struct {
	Q            string
	Category     string
	Form         string
	Vendor       string
	PriceFromFen int64
	PriceToFen   int64  // 0 is no bound
	Sort         string // fit if left out
	Cursor       string
	Limit        int64
}

func (q FindProductsQuery) values() url.Values {
	v := url.Values{}
	if q.Q != "" {
		v.Set("q", q.Q)
	}
	if q.Category != "" {
		v.Set("category", q.Category)
	}
	if q.Form != "" {
		v.Set("form", q.Form)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.PriceFromFen != 0 {
		v.Set("price_from_fen", strconv.FormatInt(q.PriceFromFen, 10))
	}
	if q.PriceToFen != 0 {
		v.Set("price_to_fen", strconv.FormatInt(q.PriceToFen, 10))
	}
	if q.Sort != "" {
		v.Set("sort", q.Sort)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// FindProducts: Find products on the shelf.
func (c *Client) FindProducts(ctx context.Context, q FindProductsQuery) (out CatalogPage, err error) {
	err = c.do(ctx, "GET", "/v1/catalog/products", q.values(), nil, &out)
	return out, err
}

// GetCatalogProduct: A product on the shelf; 410 once it has left it.
func (c *Client) GetCatalogProduct(ctx context.Context, id string) (out CatalogProduct, err error) {
	err = c.do(ctx, "GET", "/v1/catalog/products/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ListShopsQuery narrows ListShops; zero values are left out.
type ListShopsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListShopsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListShops: The shops that have products on the shelf.
func (c *Client) ListShops(ctx context.Context, q ListShopsQuery) (out PageCatalogVendor, err error) {
	err = c.do(ctx, "GET", "/v1/catalog/vendors", q.values(), nil, &out)
	return out, err
}

// GetShop: A vendor's shop.
func (c *Client) GetShop(ctx context.Context, id string) (out CatalogVendor, err error) {
	err = c.do(ctx, "GET", "/v1/catalog/vendors/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ListChanges: Your company's requests for changes, newest first.
func (c *Client) ListChanges(ctx context.Context) (out PageChangeRequest, err error) {
	err = c.do(ctx, "GET", "/v1/changes", nil, nil, &out)
	return out, err
}

// ChangeAccount: Ask for another corporate account (D-5); upload the proof first with the purpose account-proof.
func (c *Client) ChangeAccount(ctx context.Context, in AmendmentNewAccount) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/account", nil, in, &out)
	return out, err
}

// ChangeCompany: Change the company's data: send all of it as it should read; what is harmless takes effect at once.
func (c *Client) ChangeCompany(ctx context.Context, in AmendmentFiling) (out Filed, err error) {
	err = c.do(ctx, "POST", "/v1/changes/company", nil, in, &out)
	return out, err
}

// ChangeMode: Ask for another cooperation mode (M-4).
func (c *Client) ChangeMode(ctx context.Context, in AmendmentNewMode) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/mode", nil, in, &out)
	return out, err
}

// GetChangeProfile: The company's data as it is, to be sent back changed.
func (c *Client) GetChangeProfile(ctx context.Context) (out ChangeProfile, err error) {
	err = c.do(ctx, "GET", "/v1/changes/profile", nil, nil, &out)
	return out, err
}

// AskRenewal: Ask for another term of the contract.
func (c *Client) AskRenewal(ctx context.Context, in AmendmentNewTerm) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/renewal", nil, in, &out)
	return out, err
}

// GetRequirements: What your company has to see to, by when, and what is kept back.
func (c *Client) GetRequirements(ctx context.Context) (out VendorRequirements, err error) {
	err = c.do(ctx, "GET", "/v1/changes/requirements", nil, nil, &out)
	return out, err
}

// GetChange: One request, old and new side by side.
func (c *Client) GetChange(ctx context.Context, id string) (out ChangeRequest, err error) {
	err = c.do(ctx, "GET", "/v1/changes/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// CheckChange: Check a new account as the second person, or with the code.
func (c *Client) CheckChange(ctx context.Context, id string, in AmendmentCheck) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/"+url.PathEscape(id)+"/check", nil, in, &out)
	return out, err
}

// SendChangeCode: Send the owner the code that checks a new account where nobody else can.
func (c *Client) SendChangeCode(ctx context.Context, id string) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/"+url.PathEscape(id)+"/code", nil, nil, &out)
	return out, err
}

// StopChange: Stop a new account during its waiting period.
func (c *Client) StopChange(ctx context.Context, id string, in AmendmentStopping) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/"+url.PathEscape(id)+"/stop", nil, in, &out)
	return out, err
}

// WithdrawChange: Take a request back before it is decided on.
func (c *Client) WithdrawChange(ctx context.Context, id string, in AmendmentTurn) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/changes/"+url.PathEscape(id)+"/withdraw", nil, in, &out)
	return out, err
}

// GetContract: The contract in force and the offer that waits to be signed.
func (c *Client) GetContract(ctx context.Context) (out ContractDesk, err error) {
	err = c.do(ctx, "GET", "/v1/contract", nil, nil, &out)
	return out, err
}

// UploadSignedContract: Hand in the scan of a contract signed on paper (O-4).
func (c *Client) UploadSignedContract(ctx context.Context, in ContractScan) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/contract/scan", nil, in, &out)
	return out, err
}

// SendContractCode: Send a code by SMS to the owner's phone, to sign with (O-4).
func (c *Client) SendContractCode(ctx context.Context) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/contract/send-code", nil, nil, &out)
	return out, err
}

// SignContract: Sign the offer online: its hash, the code and consent (O-4).
func (c *Client) SignContract(ctx context.Context, in ContractSignature) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/contract/sign", nil, in, &out)
	return out, err
}

// GetDeposit: What is due and why, the reference, the payee and what was received.
func (c *Client) GetDeposit(ctx context.Context) (out Deposit, err error) {
	err = c.do(ctx, "GET", "/v1/deposit", nil, nil, &out)
	return out, err
}

// ListCourierAddresses: Your courier addresses, the default first.
func (c *Client) ListCourierAddresses(ctx context.Context) (out PageCourierAddress, err error) {
	err = c.do(ctx, "GET", "/v1/deposit/addresses", nil, nil, &out)
	return out, err
}

// KeepCourierAddress: Add a courier address.
func (c *Client) KeepCourierAddress(ctx context.Context, in DepositAddressPaper) (out CourierAddress, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/addresses", nil, in, &out)
	return out, err
}

// ChooseCourierAddress: Make an address the default.
func (c *Client) ChooseCourierAddress(ctx context.Context, id string) (out CourierAddress, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/addresses/"+url.PathEscape(id)+"/choose", nil, nil, &out)
	return out, err
}

// RemoveCourierAddress: Remove an address.
func (c *Client) RemoveCourierAddress(ctx context.Context, id string) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/addresses/"+url.PathEscape(id)+"/remove", nil, nil, &out)
	return out, err
}

// ListPapers: Your receipts on paper and where they are (D-8).
func (c *Client) ListPapers(ctx context.Context) (out PagePaperReceipt, err error) {
	err = c.do(ctx, "GET", "/v1/deposit/papers", nil, nil, &out)
	return out, err
}

// PaperArrived: Say that a paper has arrived.
func (c *Client) PaperArrived(ctx context.Context, id string) (out PaperReceipt, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/papers/"+url.PathEscape(id)+"/arrived", nil, nil, &out)
	return out, err
}

// DropPaper: Take the wish for a paper back before it is sent.
func (c *Client) DropPaper(ctx context.Context, id string) (out PaperReceipt, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/papers/"+url.PathEscape(id)+"/drop", nil, nil, &out)
	return out, err
}

// ListReceipts: Your receipts, newest first (D-8).
func (c *Client) ListReceipts(ctx context.Context) (out PageReceipt, err error) {
	err = c.do(ctx, "GET", "/v1/deposit/receipts", nil, nil, &out)
	return out, err
}

// GetReceipt: One receipt; its PDF is a file.
func (c *Client) GetReceipt(ctx context.Context, id string) (out Receipt, err error) {
	err = c.do(ctx, "GET", "/v1/deposit/receipts/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// GiveLoss: Hand in a sealed statement that a paper receipt was lost (D-10); upload its file first with the purpose loss.
func (c *Client) GiveLoss(ctx context.Context, id string, in DepositLoss) (out PaperBack, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/receipts/"+url.PathEscape(id)+"/loss", nil, in, &out)
	return out, err
}

// AskPaper: Ask for a receipt on paper.
func (c *Client) AskPaper(ctx context.Context, id string, in DepositPaperRequest) (out PaperReceipt, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/receipts/"+url.PathEscape(id)+"/paper", nil, in, &out)
	return out, err
}

// ListVouchers: Your vouchers, newest first.
func (c *Client) ListVouchers(ctx context.Context) (out PageVoucher, err error) {
	err = c.do(ctx, "GET", "/v1/deposit/vouchers", nil, nil, &out)
	return out, err
}

// PresentVoucher: Present a voucher (D-6); upload its file first with the purpose voucher.
func (c *Client) PresentVoucher(ctx context.Context, in DepositPaper) (out Voucher, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/vouchers", nil, in, &out)
	return out, err
}

// GetVoucher: One voucher.
func (c *Client) GetVoucher(ctx context.Context, id string) (out Voucher, err error) {
	err = c.do(ctx, "GET", "/v1/deposit/vouchers/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// TakeBackVoucher: Take a voucher back that was presented by mistake.
func (c *Client) TakeBackVoucher(ctx context.Context, id string) (out Voucher, err error) {
	err = c.do(ctx, "POST", "/v1/deposit/vouchers/"+url.PathEscape(id)+"/take-back", nil, nil, &out)
	return out, err
}

// GetOwnExit: Where your company's exit stands, what blocks it and what is held.
func (c *Client) GetOwnExit(ctx context.Context) (out ExitDesk, err error) {
	err = c.do(ctx, "GET", "/v1/exit", nil, nil, &out)
	return out, err
}

// AskExit: Ask to leave (X-1): your products leave the shelf at once.
func (c *Client) AskExit(ctx context.Context, in ExitPaper) (out Exit, err error) {
	err = c.do(ctx, "POST", "/v1/exit", nil, in, &out)
	return out, err
}

// WithdrawExit: Stay after all, while the contract still holds.
func (c *Client) WithdrawExit(ctx context.Context, id string) (out Exit, err error) {
	err = c.do(ctx, "POST", "/v1/exit/"+url.PathEscape(id)+"/withdraw", nil, nil, &out)
	return out, err
}

// ListFactors: Your second factors.
func (c *Client) ListFactors(ctx context.Context) (out Secured, err error) {
	err = c.do(ctx, "GET", "/v1/factors", nil, nil, &out)
	return out, err
}

// BeginApp: Begin to set up an authenticator app.
func (c *Client) BeginApp(ctx context.Context) (out AppDraft, err error) {
	err = c.do(ctx, "POST", "/v1/factors/app", nil, nil, &out)
	return out, err
}

// ConfirmApp: Turn the app on with its first code; the first factor comes with recovery codes.
func (c *Client) ConfirmApp(ctx context.Context, in FactorFirstCode) (out NewFactor, err error) {
	err = c.do(ctx, "POST", "/v1/factors/app/confirm", nil, in, &out)
	return out, err
}

// RenewRecoveryCodes: Make new recovery codes; the old ones hold no more.
func (c *Client) RenewRecoveryCodes(ctx context.Context) (out RecoveryCodes, err error) {
	err = c.do(ctx, "POST", "/v1/factors/recovery", nil, nil, &out)
	return out, err
}

// RemoveFactor: Remove one of your second factors.
func (c *Client) RemoveFactor(ctx context.Context, id string) (out Factor, err error) {
	err = c.do(ctx, "POST", "/v1/factors/"+url.PathEscape(id)+"/remove", nil, nil, &out)
	return out, err
}

// InviteMember: Invite somebody by mail with a one-time link.
func (c *Client) InviteMember(ctx context.Context, in AccountNewInvitation) (out Invitation, err error) {
	err = c.do(ctx, "POST", "/v1/invitations", nil, in, &out)
	return out, err
}

// AcceptInvitation: Accept an invitation by the token of its link.
func (c *Client) AcceptInvitation(ctx context.Context, in AccountAcceptance) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/invitations/accept", nil, in, &out)
	return out, err
}

// SendInvitationAgain: Send an invitation again with a new link.
func (c *Client) SendInvitationAgain(ctx context.Context, id string) (out Invitation, err error) {
	err = c.do(ctx, "POST", "/v1/invitations/"+url.PathEscape(id)+"/send", nil, nil, &out)
	return out, err
}

// WithdrawInvitation: Withdraw an invitation.
func (c *Client) WithdrawInvitation(ctx context.Context, id string) (out Invitation, err error) {
	err = c.do(ctx, "POST", "/v1/invitations/"+url.PathEscape(id)+"/withdraw", nil, nil, &out)
	return out, err
}

// ListMembers: Your company's people and open invitations.
func (c *Client) ListMembers(ctx context.Context) (out Team, err error) {
	err = c.do(ctx, "GET", "/v1/members", nil, nil, &out)
	return out, err
}

// LeaveCompany: Leave the company.
func (c *Client) LeaveCompany(ctx context.Context) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/members/leave", nil, nil, &out)
	return out, err
}

// ChangeMember: Give a member other roles.
func (c *Client) ChangeMember(ctx context.Context, id string, in AccountMemberChange) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/members/"+url.PathEscape(id), nil, in, &out)
	return out, err
}

// RemoveMember: Take a member out of the company; sessions and keys end at once.
func (c *Client) RemoveMember(ctx context.Context, id string) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/members/"+url.PathEscape(id)+"/remove", nil, nil, &out)
	return out, err
}

// GetOnboarding: Stage, facts, and what is missing for each act, with rule and mend (O-8).
func (c *Client) GetOnboarding(ctx context.Context) (out Onboarding, err error) {
	err = c.do(ctx, "GET", "/v1/onboarding", nil, nil, &out)
	return out, err
}

// ListAgreementVendorsQuery narrows ListAgreementVendors; zero values are left out.
type ListAgreementVendorsQuery struct {
	Version  string
	Accepted bool // those who have, instead of those who have not
	Cursor   string
	Limit    int64
}

func (q ListAgreementVendorsQuery) values() url.Values {
	v := url.Values{}
	if q.Version != "" {
		v.Set("version", q.Version)
	}
	if q.Accepted {
		v.Set("accepted", "true")
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListAgreementVendors: Who has not accepted a version of an agreement, or who has (C-4).
func (c *Client) ListAgreementVendors(ctx context.Context, id string, q ListAgreementVendorsQuery) (out PageAskedVendor, err error) {
	err = c.do(ctx, "GET", "/v1/operator/agreements/"+url.PathEscape(id)+"/vendors", q.values(), nil, &out)
	return out, err
}

// ListApplicationsQuery narrows ListApplications; zero values are left out.
type ListApplicationsQuery struct {
	Holder  string // an account's id, or me
	Free    bool   // only those nobody has
	Late    bool   // only those past their promised time
	Decided bool   // those settled instead of those that wait
	Vendor  string
	Cursor  string
	Limit   int64
}

func (q ListApplicationsQuery) values() url.Values {
	v := url.Values{}
	if q.Holder != "" {
		v.Set("holder", q.Holder)
	}
	if q.Free {
		v.Set("free", "true")
	}
	if q.Late {
		v.Set("late", "true")
	}
	if q.Decided {
		v.Set("decided", "true")
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListApplications: Applications that wait, the longest waiting first.
func (c *Client) ListApplications(ctx context.Context, q ListApplicationsQuery) (out PageWaiting, err error) {
	err = c.do(ctx, "GET", "/v1/operator/applications", q.values(), nil, &out)
	return out, err
}

// GetApplicationReview: An application as submitted, with its conditions, changes, notes and history.
func (c *Client) GetApplicationReview(ctx context.Context, id string) (out ReviewView, err error) {
	err = c.do(ctx, "GET", "/v1/operator/applications/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ListAcceptances: Every acceptance of agreements by the company.
func (c *Client) ListAcceptances(ctx context.Context, id string) (out PageAcceptance, err error) {
	err = c.do(ctx, "GET", "/v1/operator/applications/"+url.PathEscape(id)+"/agreements", nil, nil, &out)
	return out, err
}

// ClaimApplication: Take an application for review.
func (c *Client) ClaimApplication(ctx context.Context, id string) (out Waiting, err error) {
	err = c.do(ctx, "POST", "/v1/operator/applications/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// DecideApplication: Give the verdicts and decide on every category, all at once (O-3).
func (c *Client) DecideApplication(ctx context.Context, id string, in QualificationDecision) (out ReviewView, err error) {
	err = c.do(ctx, "POST", "/v1/operator/applications/"+url.PathEscape(id)+"/decide", nil, in, &out)
	return out, err
}

// NoteApplication: Write an internal note.
func (c *Client) NoteApplication(ctx context.Context, id string, in QualificationNote) (out PageNote, err error) {
	err = c.do(ctx, "POST", "/v1/operator/applications/"+url.PathEscape(id)+"/notes", nil, in, &out)
	return out, err
}

// ReleaseApplication: Put an application back into the queue.
func (c *Client) ReleaseApplication(ctx context.Context, id string) (out Waiting, err error) {
	err = c.do(ctx, "POST", "/v1/operator/applications/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// SearchAuditLogQuery narrows SearchAuditLog; zero values are left out.
type SearchAuditLogQuery struct {
	From    string // first day, in the operator's zone
	To      string // last day
	Who     string // account id, mailbox, or name of a member of staff
	Vendor  string // id, credit code, or name of a company
	Area    string // first part of kinds, as deposit
	Kind    string
	Subject string // id of the thing
	Address string // of the network
	Q       string // words of the sentence, in either language
	Cursor  string
	Limit   int64
}

func (q SearchAuditLogQuery) values() url.Values {
	v := url.Values{}
	if q.From != "" {
		v.Set("from", q.From)
	}
	if q.To != "" {
		v.Set("to", q.To)
	}
	if q.Who != "" {
		v.Set("who", q.Who)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Area != "" {
		v.Set("area", q.Area)
	}
	if q.Kind != "" {
		v.Set("kind", q.Kind)
	}
	if q.Subject != "" {
		v.Set("subject", q.Subject)
	}
	if q.Address != "" {
		v.Set("address", q.Address)
	}
	if q.Q != "" {
		v.Set("q", q.Q)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// SearchAuditLog: Search the log, newest first.
func (c *Client) SearchAuditLog(ctx context.Context, q SearchAuditLogQuery) (out PageAuditEntry, err error) {
	err = c.do(ctx, "GET", "/v1/operator/audit", q.values(), nil, &out)
	return out, err
}

// ExportAuditLog: What a search finds as CSV; the export is put in the log.
func (c *Client) ExportAuditLog(ctx context.Context) error {
	return c.do(ctx, "GET", "/v1/operator/audit/export", nil, nil, nil)
}

// ListBankLinesQuery narrows ListBankLines; zero values are left out.
type ListBankLinesQuery struct {
	State     string // certain, doubtful, unknown, taken or debit; absent is any
	Statement string
	Vendor    string
	Cursor    string
	Limit     int64
}

func (q ListBankLinesQuery) values() url.Values {
	v := url.Values{}
	if q.State != "" {
		v.Set("state", q.State)
	}
	if q.Statement != "" {
		v.Set("statement", q.Statement)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListBankLines: Lines of statements, newest first.
func (c *Client) ListBankLines(ctx context.Context, q ListBankLinesQuery) (out PageBankLine, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-lines", q.values(), nil, &out)
	return out, err
}

// GetBankLine: One line.
func (c *Client) GetBankLine(ctx context.Context, id string) (out BankLine, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-lines/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// AssignBankLine: Propose a line for a vendor by hand; another person confirms it (D-7).
func (c *Client) AssignBankLine(ctx context.Context, id string, in PaymentAssignment) (out BankLine, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/assign", nil, in, &out)
	return out, err
}

// ConfirmBankLine: Confirm a proposed line as the vendor's deposit (D-7): posts it, covers categories, issues the receipt.
func (c *Client) ConfirmBankLine(ctx context.Context, id string, in DepositConfirmation) (out Receipt, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/confirm", nil, in, &out)
	return out, err
}

// ExcludeBankLine: Ask that a line be counted as none of the deposits' business; a second person approves.
func (c *Client) ExcludeBankLine(ctx context.Context, id string, in DepositExclusion) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/exclude", nil, in, &out)
	return out, err
}

// JoinBankLine: Undo a split while no share is taken.
func (c *Client) JoinBankLine(ctx context.Context, id string) (out BankLine, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/join", nil, nil, &out)
	return out, err
}

// GetBankLineOutlook: The ways to go on with a line, with what each would post (D-12).
func (c *Client) GetBankLineOutlook(ctx context.Context, id string) (out PageLineOutlook, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/outlook", nil, nil, &out)
	return out, err
}

// ReverseBankLine: Ask that a debit be settled as the bank's taking back of a credit (冲正); a second person approves.
func (c *Client) ReverseBankLine(ctx context.Context, id string, in DepositReversal) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/reverse", nil, in, &out)
	return out, err
}

// SendBackBankLine: Order a payout of a line to the account it came from; a second person approves the payout.
func (c *Client) SendBackBankLine(ctx context.Context, id string, in DepositSendingBack) (out OrderedReturn, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/send-back", nil, in, &out)
	return out, err
}

// SplitBankLine: Split a line that pays for several into shares, which are then decided on like lines.
func (c *Client) SplitBankLine(ctx context.Context, id string, in PaymentSplitting) (out BankLine, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/split", nil, in, &out)
	return out, err
}

// WithdrawBankLine: Take a proposal back.
func (c *Client) WithdrawBankLine(ctx context.Context, id string, in PaymentWithdrawal) (out BankLine, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-lines/"+url.PathEscape(id)+"/withdraw", nil, in, &out)
	return out, err
}

// ListBankStatementsQuery narrows ListBankStatements; zero values are left out.
type ListBankStatementsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListBankStatementsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListBankStatements: Imported statements, newest first.
func (c *Client) ListBankStatements(ctx context.Context, q ListBankStatementsQuery) (out PageBankStatement, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-statements", q.values(), nil, &out)
	return out, err
}

// ListStatementFindingsQuery narrows ListStatementFindings; zero values are left out.
type ListStatementFindingsQuery struct {
	Payee string // the operator's account, by its id in the policy
}

func (q ListStatementFindingsQuery) values() url.Values {
	v := url.Values{}
	if q.Payee != "" {
		v.Set("payee", q.Payee)
	}
	return v
}

// ListStatementFindings: Gaps and overlaps between the statements of an account.
func (c *Client) ListStatementFindings(ctx context.Context, q ListStatementFindingsQuery) (out PageStatementFinding, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-statements/findings", q.values(), nil, &out)
	return out, err
}

// ListStatementMappings: How each bank's files are read.
func (c *Client) ListStatementMappings(ctx context.Context) (out PageMapping, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-statements/mappings", nil, nil, &out)
	return out, err
}

// SaveStatementMapping: Keep how a bank's files are read, under its name.
func (c *Client) SaveStatementMapping(ctx context.Context, in StatementMapping) (out StatementMapping, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-statements/mappings", nil, in, &out)
	return out, err
}

// GetBankStatement: One imported statement.
func (c *Client) GetBankStatement(ctx context.Context, id string) (out BankStatement, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bank-statements/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ResumeBankStatement: Let a stopped or interrupted import go on.
func (c *Client) ResumeBankStatement(ctx context.Context, id string) (out BankStatement, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-statements/"+url.PathEscape(id)+"/resume", nil, nil, &out)
	return out, err
}

// StopBankStatement: Stop an import; what is in stays in, and it can go on.
func (c *Client) StopBankStatement(ctx context.Context, id string) (out BankStatement, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bank-statements/"+url.PathEscape(id)+"/stop", nil, nil, &out)
	return out, err
}

// ListBars: Companies that may not come back, and those that may again.
func (c *Client) ListBars(ctx context.Context) (out PageBar, err error) {
	err = c.do(ctx, "GET", "/v1/operator/bars", nil, nil, &out)
	return out, err
}

// LiftBar: Let a company apply again, by decision with a reason.
func (c *Client) LiftBar(ctx context.Context, id string, in VendorLift) (out Bar, err error) {
	err = c.do(ctx, "POST", "/v1/operator/bars/"+url.PathEscape(id)+"/lift", nil, in, &out)
	return out, err
}

// ListChangeRequestsQuery narrows ListChangeRequests; zero values are left out.
type ListChangeRequestsQuery struct {
	Kind   string
	Status string
	Holder string
	Free   bool
	Late   bool
	Closed bool
	Vendor string
	Q      string
	Cursor string
	Limit  int64
}

func (q ListChangeRequestsQuery) values() url.Values {
	v := url.Values{}
	if q.Kind != "" {
		v.Set("kind", q.Kind)
	}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Holder != "" {
		v.Set("holder", q.Holder)
	}
	if q.Free {
		v.Set("free", "true")
	}
	if q.Late {
		v.Set("late", "true")
	}
	if q.Closed {
		v.Set("closed", "true")
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Q != "" {
		v.Set("q", q.Q)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListChangeRequests: Requests that wait, the longest waiting first; or those settled.
func (c *Client) ListChangeRequests(ctx context.Context, q ListChangeRequestsQuery) (out PageChangeRequest, err error) {
	err = c.do(ctx, "GET", "/v1/operator/changes", q.values(), nil, &out)
	return out, err
}

// GetChangeRequest: One request; masked for who does not decide on it.
func (c *Client) GetChangeRequest(ctx context.Context, id string) (out ChangeRequest, err error) {
	err = c.do(ctx, "GET", "/v1/operator/changes/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ClaimChange: Take a request to decide on.
func (c *Client) ClaimChange(ctx context.Context, id string) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/operator/changes/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// DecideChange: Decide part by part; a refusal has a reason.
func (c *Client) DecideChange(ctx context.Context, id string, in AmendmentDecision) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/operator/changes/"+url.PathEscape(id)+"/decide", nil, in, &out)
	return out, err
}

// GrantChange: Grant a mode, a term or a new name by offering the contract (M-4).
func (c *Client) GrantChange(ctx context.Context, id string, in AmendmentGrant) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/operator/changes/"+url.PathEscape(id)+"/grant", nil, in, &out)
	return out, err
}

// ReleaseChange: Put a request back.
func (c *Client) ReleaseChange(ctx context.Context, id string) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/operator/changes/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// StopAccountChange: Stop a new account on the company's call.
func (c *Client) StopAccountChange(ctx context.Context, id string, in AmendmentStopping) (out ChangeRequest, err error) {
	err = c.do(ctx, "POST", "/v1/operator/changes/"+url.PathEscape(id)+"/stop", nil, in, &out)
	return out, err
}

// ListContractsQuery narrows ListContracts; zero values are left out.
type ListContractsQuery struct {
	Status string
	Vendor string
	Q      string
	Ended  bool // signed, and the term has run out
	Cursor string
	Limit  int64
}

func (q ListContractsQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Q != "" {
		v.Set("q", q.Q)
	}
	if q.Ended {
		v.Set("ended", "true")
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListContracts: Contracts, the latest first.
func (c *Client) ListContracts(ctx context.Context, q ListContractsQuery) (out PageContract, err error) {
	err = c.do(ctx, "GET", "/v1/operator/contracts", q.values(), nil, &out)
	return out, err
}

// OfferContract: Offer a contract; what is left out is as policy and application say (O-4).
func (c *Client) OfferContract(ctx context.Context, in ContractProposal) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts", nil, in, &out)
	return out, err
}

// ListContractTasksQuery narrows ListContractTasks; zero values are left out.
type ListContractTasksQuery struct {
	Task   string
	Holder string
	Free   bool
	Late   bool
	Vendor string
	Cursor string
	Limit  int64
}

func (q ListContractTasksQuery) values() url.Values {
	v := url.Values{}
	if q.Task != "" {
		v.Set("task", q.Task)
	}
	if q.Holder != "" {
		v.Set("holder", q.Holder)
	}
	if q.Free {
		v.Set("free", "true")
	}
	if q.Late {
		v.Set("late", "true")
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListContractTasks: Vendors that wait for a contract, and scans that wait to be confirmed.
func (c *Client) ListContractTasks(ctx context.Context, q ListContractTasksQuery) (out PageContractTask, err error) {
	err = c.do(ctx, "GET", "/v1/operator/contracts/queue", q.values(), nil, &out)
	return out, err
}

// GetContractDraft: What an offer to this vendor would say.
func (c *Client) GetContractDraft(ctx context.Context, id string) (out ContractDraft, err error) {
	err = c.do(ctx, "GET", "/v1/operator/contracts/queue/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ClaimContract: Take a vendor's contract to work on.
func (c *Client) ClaimContract(ctx context.Context, id string) (out ContractTask, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/queue/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// ReleaseContract: Put a vendor's contract back into the queue.
func (c *Client) ReleaseContract(ctx context.Context, id string) (out ContractTask, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/queue/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// OfferRenewal: Offer a renewal of the contract in term.
func (c *Client) OfferRenewal(ctx context.Context, in ContractProposal) (out Renewed, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/renew", nil, in, &out)
	return out, err
}

// GetContractByID: One contract.
func (c *Client) GetContractByID(ctx context.Context, id string) (out Contract, err error) {
	err = c.do(ctx, "GET", "/v1/operator/contracts/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ConfirmContract: Confirm a contract signed on paper (O-4).
func (c *Client) ConfirmContract(ctx context.Context, id string, in ContractConfirmation) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/"+url.PathEscape(id)+"/confirm", nil, in, &out)
	return out, err
}

// ReturnContractScan: Send a scan back with the reason.
func (c *Client) ReturnContractScan(ctx context.Context, id string, in ContractSendBack) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/"+url.PathEscape(id)+"/return", nil, in, &out)
	return out, err
}

// UploadContractScan: Hand in a signed contract that came by post.
func (c *Client) UploadContractScan(ctx context.Context, id string, in ContractScan) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/"+url.PathEscape(id)+"/scan", nil, in, &out)
	return out, err
}

// WithdrawContract: Withdraw an offer before it is signed.
func (c *Client) WithdrawContract(ctx context.Context, id string, in ContractVoid) (out Contract, err error) {
	err = c.do(ctx, "POST", "/v1/operator/contracts/"+url.PathEscape(id)+"/withdraw", nil, in, &out)
	return out, err
}

// ListDecisionsQuery narrows ListDecisions; zero values are left out.
type ListDecisionsQuery struct {
	Status string // asked, approved, declined or withdrawn; absent is any
	Vendor string
	Line   string // a line, share or debit
	Cursor string
	Limit  int64
}

func (q ListDecisionsQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Line != "" {
		v.Set("line", q.Line)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListDecisions: Decisions on received money; those that wait come oldest first.
func (c *Client) ListDecisions(ctx context.Context, q ListDecisionsQuery) (out PageDepositDecision, err error) {
	err = c.do(ctx, "GET", "/v1/operator/decisions", q.values(), nil, &out)
	return out, err
}

// GetDecision: One decision.
func (c *Client) GetDecision(ctx context.Context, id string) (out DepositDecision, err error) {
	err = c.do(ctx, "GET", "/v1/operator/decisions/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ApproveDecision: Approve and post what another person asked for (D-7).
func (c *Client) ApproveDecision(ctx context.Context, id string) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/decisions/"+url.PathEscape(id)+"/approve", nil, nil, &out)
	return out, err
}

// DeclineDecision: Decline what another person asked for, with a reason.
func (c *Client) DeclineDecision(ctx context.Context, id string, in DepositDeclining) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/decisions/"+url.PathEscape(id)+"/decline", nil, in, &out)
	return out, err
}

// RecallDecision: Take back what you asked for.
func (c *Client) RecallDecision(ctx context.Context, id string) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/decisions/"+url.PathEscape(id)+"/recall", nil, nil, &out)
	return out, err
}

// ListDepositsQuery narrows ListDeposits; zero values are left out.
type ListDepositsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListDepositsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListDeposits: Deposits that were asked for, newest first.
func (c *Client) ListDeposits(ctx context.Context, q ListDepositsQuery) (out PageDepositAccount, err error) {
	err = c.do(ctx, "GET", "/v1/operator/deposits", q.values(), nil, &out)
	return out, err
}

// GetVendorDeposit: One vendor's deposit, by the vendor's id.
func (c *Client) GetVendorDeposit(ctx context.Context, id string) (out Deposit, err error) {
	err = c.do(ctx, "GET", "/v1/operator/deposits/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ApplyOverpayment: Ask that an overpayment count as deposit (D-12); a second person approves.
func (c *Client) ApplyOverpayment(ctx context.Context, id string, in DepositApplication) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/deposits/"+url.PathEscape(id)+"/apply", nil, in, &out)
	return out, err
}

// ReturnOverpayment: Order a payout of an overpayment to the vendor's corporate account; a second person approves the payout.
func (c *Client) ReturnOverpayment(ctx context.Context, id string, in DepositRepayment) (out OrderedReturn, err error) {
	err = c.do(ctx, "POST", "/v1/operator/deposits/"+url.PathEscape(id)+"/return-overpaid", nil, in, &out)
	return out, err
}

// ListEventHeadsQuery narrows ListEventHeads; zero values are left out.
type ListEventHeadsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListEventHeadsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListEventHeads: The signed daily heads of the log's chain, newest first.
func (c *Client) ListEventHeads(ctx context.Context, q ListEventHeadsQuery) (out PageEventHead, err error) {
	err = c.do(ctx, "GET", "/v1/operator/event-heads", q.values(), nil, &out)
	return out, err
}

// ListEventsQuery narrows ListEvents; zero values are left out.
type ListEventsQuery struct {
	Vendor  string
	Subject string
	Kind    string
	Cursor  string
	Limit   int64
}

func (q ListEventsQuery) values() url.Values {
	v := url.Values{}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Subject != "" {
		v.Set("subject", q.Subject)
	}
	if q.Kind != "" {
		v.Set("kind", q.Kind)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListEvents: The append-only log, newest first.
func (c *Client) ListEvents(ctx context.Context, q ListEventsQuery) (out PageEvent, err error) {
	err = c.do(ctx, "GET", "/v1/operator/events", q.values(), nil, &out)
	return out, err
}

// OrderEviction: Propose an eviction; upload its evidence first with the purpose violation.
func (c *Client) OrderEviction(ctx context.Context, in ExitEvictionPaper) (out Exit, err error) {
	err = c.do(ctx, "POST", "/v1/operator/evictions", nil, in, &out)
	return out, err
}

// ApproveEviction: Approve what another person proposed.
func (c *Client) ApproveEviction(ctx context.Context, id string) (out Exit, err error) {
	err = c.do(ctx, "POST", "/v1/operator/evictions/"+url.PathEscape(id)+"/approve", nil, nil, &out)
	return out, err
}

// DropEviction: Take a proposal back.
func (c *Client) DropEviction(ctx context.Context, id string, in ExitDropping) (out Exit, err error) {
	err = c.do(ctx, "POST", "/v1/operator/evictions/"+url.PathEscape(id)+"/drop", nil, in, &out)
	return out, err
}

// ListExitsQuery narrows ListExits; zero values are left out.
type ListExitsQuery struct {
	Status string
	Kind   string
	Open   bool // only those under way
	Cursor string
	Limit  int64
}

func (q ListExitsQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Kind != "" {
		v.Set("kind", q.Kind)
	}
	if q.Open {
		v.Set("open", "true")
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListExits: Exits and evictions, newest first.
func (c *Client) ListExits(ctx context.Context, q ListExitsQuery) (out PageExit, err error) {
	err = c.do(ctx, "GET", "/v1/operator/exits", q.values(), nil, &out)
	return out, err
}

// GetExit: One exit with what blocks it (X-2).
func (c *Client) GetExit(ctx context.Context, id string) (out ExitDesk, err error) {
	err = c.do(ctx, "GET", "/v1/operator/exits/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// EndExitContract: End the contract before the vendor's time of thought is over.
func (c *Client) EndExitContract(ctx context.Context, id string) (out Exit, err error) {
	err = c.do(ctx, "POST", "/v1/operator/exits/"+url.PathEscape(id)+"/end", nil, nil, &out)
	return out, err
}

// ListLosses: Statements of loss that wait, oldest first.
func (c *Client) ListLosses(ctx context.Context) (out PagePaperBack, err error) {
	err = c.do(ctx, "GET", "/v1/operator/losses", nil, nil, &out)
	return out, err
}

// AcceptLoss: Accept a statement of loss.
func (c *Client) AcceptLoss(ctx context.Context, id string) (out PaperBack, err error) {
	err = c.do(ctx, "POST", "/v1/operator/losses/"+url.PathEscape(id)+"/accept", nil, nil, &out)
	return out, err
}

// RefuseLoss: Refuse a statement of loss with a reason the vendor is told.
func (c *Client) RefuseLoss(ctx context.Context, id string, in DepositDeclining) (out PaperBack, err error) {
	err = c.do(ctx, "POST", "/v1/operator/losses/"+url.PathEscape(id)+"/refuse", nil, in, &out)
	return out, err
}

// ListLettersQuery narrows ListLetters; zero values are left out.
type ListLettersQuery struct {
	Status string
	Vendor string
	Q      string
	Cursor string
	Limit  int64
}

func (q ListLettersQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Q != "" {
		v.Set("q", q.Q)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListLetters: Letters about paid deposits; those that wait come oldest first (D-6).
func (c *Client) ListLetters(ctx context.Context, q ListLettersQuery) (out PageMailLetter, err error) {
	err = c.do(ctx, "GET", "/v1/operator/mail", q.values(), nil, &out)
	return out, err
}

// GetLetter: One letter.
func (c *Client) GetLetter(ctx context.Context, id string) (out MailLetter, err error) {
	err = c.do(ctx, "GET", "/v1/operator/mail/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// AnswerLetter: Ask its sender by mail for what is missing, once.
func (c *Client) AnswerLetter(ctx context.Context, id string, in MailboxReply) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/answer", nil, in, &out)
	return out, err
}

// ClaimLetter: Take it to look into alone.
func (c *Client) ClaimLetter(ctx context.Context, id string) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// DismissLetter: Put it aside with a reason.
func (c *Client) DismissLetter(ctx context.Context, id string, in MailboxDismissal) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/dismiss", nil, in, &out)
	return out, err
}

// MatchLetter: Choose its vendor.
func (c *Client) MatchLetter(ctx context.Context, id string, in MailboxMatching) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/match", nil, in, &out)
	return out, err
}

// PresentLetter: Enter its voucher for the vendor.
func (c *Client) PresentLetter(ctx context.Context, id string, in MailboxPresentation) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/present", nil, in, &out)
	return out, err
}

// ReleaseLetter: Give it back.
func (c *Client) ReleaseLetter(ctx context.Context, id string) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// TakeUpLetter: Put an ignored or dismissed one back into the queue.
func (c *Client) TakeUpLetter(ctx context.Context, id string) (out MailLetter, err error) {
	err = c.do(ctx, "POST", "/v1/operator/mail/"+url.PathEscape(id)+"/take-up", nil, nil, &out)
	return out, err
}

// ListMessagesQuery narrows ListMessages; zero values are left out.
type ListMessagesQuery struct {
	Vendor  string
	State   string
	Channel string
	Cursor  string
	Limit   int64
}

func (q ListMessagesQuery) values() url.Values {
	v := url.Values{}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.State != "" {
		v.Set("state", q.State)
	}
	if q.Channel != "" {
		v.Set("channel", q.Channel)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListMessages: What was sent to whom, and whether it arrived.
func (c *Client) ListMessages(ctx context.Context, q ListMessagesQuery) (out PageMessage, err error) {
	err = c.do(ctx, "GET", "/v1/operator/messages", q.values(), nil, &out)
	return out, err
}

// ResendMessage: Send a message again.
func (c *Client) ResendMessage(ctx context.Context, id string) (out Message, err error) {
	err = c.do(ctx, "POST", "/v1/operator/messages/"+url.PathEscape(id)+"/resend", nil, nil, &out)
	return out, err
}

// ListOffences: The kinds of violation that can be recorded, by the policy in force.
func (c *Client) ListOffences(ctx context.Context) (out PageOffence, err error) {
	err = c.do(ctx, "GET", "/v1/operator/offences", nil, nil, &out)
	return out, err
}

// ListDispatchQuery narrows ListDispatch; zero values are left out.
type ListDispatchQuery struct {
	Status string // asked, sent, arrived, back or dropped; absent is any
	Cursor string
	Limit  int64
}

func (q ListDispatchQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListDispatch: Receipts on paper; those to be sent come oldest first.
func (c *Client) ListDispatch(ctx context.Context, q ListDispatchQuery) (out PagePaperReceipt, err error) {
	err = c.do(ctx, "GET", "/v1/operator/papers", q.values(), nil, &out)
	return out, err
}

// NotePaperArrived: Note that a paper arrived.
func (c *Client) NotePaperArrived(ctx context.Context, id string) (out PaperReceipt, err error) {
	err = c.do(ctx, "POST", "/v1/operator/papers/"+url.PathEscape(id)+"/arrived", nil, nil, &out)
	return out, err
}

// NotePaperBack: Note that a paper could not be delivered, with the reason the vendor is told.
func (c *Client) NotePaperBack(ctx context.Context, id string, in DepositUndelivered) (out PaperReceipt, err error) {
	err = c.do(ctx, "POST", "/v1/operator/papers/"+url.PathEscape(id)+"/back", nil, in, &out)
	return out, err
}

// SendPaper: Note that a paper was handed to a courier, with its tracking number.
func (c *Client) SendPaper(ctx context.Context, id string, in DepositDispatch) (out PaperReceipt, err error) {
	err = c.do(ctx, "POST", "/v1/operator/papers/"+url.PathEscape(id)+"/send", nil, in, &out)
	return out, err
}

// ListPaymentFilesQuery narrows ListPaymentFiles; zero values are left out.
type ListPaymentFilesQuery struct {
	Cursor string
	Limit  int64
}

func (q ListPaymentFilesQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListPaymentFiles: Payment files, newest first.
func (c *Client) ListPaymentFiles(ctx context.Context, q ListPaymentFilesQuery) (out PagePaymentFile, err error) {
	err = c.do(ctx, "GET", "/v1/operator/payment-files", q.values(), nil, &out)
	return out, err
}

// MakePaymentFile: Put approved payouts into a file for the bank: CSV or ISO 20022 pain.001.
func (c *Client) MakePaymentFile(ctx context.Context, in PayoutMaking) (out PaymentFile, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payment-files", nil, in, &out)
	return out, err
}

// GetPaymentFile: One payment file; its document is a file.
func (c *Client) GetPaymentFile(ctx context.Context, id string) (out PaymentFile, err error) {
	err = c.do(ctx, "GET", "/v1/operator/payment-files/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// RejectPaymentFile: Note that the bank did not take it; what was not paid goes into another.
func (c *Client) RejectPaymentFile(ctx context.Context, id string, in PayoutRejection) (out PaymentFile, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payment-files/"+url.PathEscape(id)+"/reject", nil, in, &out)
	return out, err
}

// ListPayoutMatches: Bank lines that wait to be counted as payouts or their returns.
func (c *Client) ListPayoutMatches(ctx context.Context) (out PagePayoutProposal, err error) {
	err = c.do(ctx, "GET", "/v1/operator/payout-matches", nil, nil, &out)
	return out, err
}

// ListPayoutsQuery narrows ListPayouts; zero values are left out.
type ListPayoutsQuery struct {
	Status      string
	Vendor      string
	PaymentFile string
	Cursor      string
	Limit       int64
}

func (q ListPayoutsQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.PaymentFile != "" {
		v.Set("payment_file", q.PaymentFile)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListPayouts: Payouts; those that wait come oldest first.
func (c *Client) ListPayouts(ctx context.Context, q ListPayoutsQuery) (out PagePayout, err error) {
	err = c.do(ctx, "GET", "/v1/operator/payouts", q.values(), nil, &out)
	return out, err
}

// GetPayout: One payout with the bank lines that may be its.
func (c *Client) GetPayout(ctx context.Context, id string) (out Payout, err error) {
	err = c.do(ctx, "GET", "/v1/operator/payouts/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ApprovePayout: Approve what another person or a job ordered (D-7).
func (c *Client) ApprovePayout(ctx context.Context, id string) (out Payout, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payouts/"+url.PathEscape(id)+"/approve", nil, nil, &out)
	return out, err
}

// CancelPayout: Take it back; the money returns to where it was held.
func (c *Client) CancelPayout(ctx context.Context, id string, in PayoutCancellation) (out Payout, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payouts/"+url.PathEscape(id)+"/cancel", nil, in, &out)
	return out, err
}

// CorrectPayout: Give it another account; another person approves it again.
func (c *Client) CorrectPayout(ctx context.Context, id string, in PayoutCorrection) (out Payout, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payouts/"+url.PathEscape(id)+"/correct", nil, in, &out)
	return out, err
}

// DismissPayoutMatch: Take a wrong proposal away.
func (c *Client) DismissPayoutMatch(ctx context.Context, id string, in PayoutMatch) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payouts/"+url.PathEscape(id)+"/dismiss", nil, in, &out)
	return out, err
}

// MatchPayout: Count a bank line as its payment or its return (退汇).
func (c *Client) MatchPayout(ctx context.Context, id string, in PayoutMatch) (out Payout, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payouts/"+url.PathEscape(id)+"/match", nil, in, &out)
	return out, err
}

// RefusePayout: Note that the bank refused this one of its file.
func (c *Client) RefusePayout(ctx context.Context, id string, in PayoutCancellation) (out Payout, err error) {
	err = c.do(ctx, "POST", "/v1/operator/payouts/"+url.PathEscape(id)+"/refuse", nil, in, &out)
	return out, err
}

// GetOperatorPolicyQuery narrows GetOperatorPolicy; zero values are left out.
type GetOperatorPolicyQuery struct {
	At time.Time // what held, or will hold, then; now if left out
}

func (q GetOperatorPolicyQuery) values() url.Values {
	v := url.Values{}
	if !q.At.IsZero() {
		v.Set("at", q.At.Format(time.RFC3339Nano))
	}
	return v
}

// GetOperatorPolicy: The operator's rules that hold at a time.
func (c *Client) GetOperatorPolicy(ctx context.Context, q GetOperatorPolicyQuery) (out PolicyVersion, err error) {
	err = c.do(ctx, "GET", "/v1/operator/policy", q.values(), nil, &out)
	return out, err
}

// ListPolicyProposalsQuery narrows ListPolicyProposals; zero values are left out.
type ListPolicyProposalsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListPolicyProposalsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListPolicyProposals: Changes of the rules, the latest first.
func (c *Client) ListPolicyProposals(ctx context.Context, q ListPolicyProposalsQuery) (out PagePolicyProposal, err error) {
	err = c.do(ctx, "GET", "/v1/operator/policy/proposals", q.values(), nil, &out)
	return out, err
}

// BeginPolicyProposal: Begin a draft from what holds now, or from an earlier version.
func (c *Client) BeginPolicyProposal(ctx context.Context, in PolicyBeginning) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals", nil, in, &out)
	return out, err
}

// GetPolicyProposal: One change with its differences, clashes and faults.
func (c *Client) GetPolicyProposal(ctx context.Context, id string) (out PolicyProposal, err error) {
	err = c.do(ctx, "GET", "/v1/operator/policy/proposals/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// DescribePolicyProposal: Title, reason and the time from which it holds.
func (c *Client) DescribePolicyProposal(ctx context.Context, id string, in PolicyDescription) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id), nil, in, &out)
	return out, err
}

// ApprovePolicyProposal: The second person's yes to the version that was read.
func (c *Client) ApprovePolicyProposal(ctx context.Context, id string, in PolicyTurn) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/approve", nil, in, &out)
	return out, err
}

// MarkPolicyYear: Days off and days worked of one year.
func (c *Client) MarkPolicyYear(ctx context.Context, id string, in PolicyYearMarks) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/calendar", nil, in, &out)
	return out, err
}

// DiscardPolicyProposal: Give a draft up.
func (c *Client) DiscardPolicyProposal(ctx context.Context, id string, in PolicyTurn) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/discard", nil, in, &out)
	return out, err
}

// EditPolicyProposal: Change single rules, by the names of the form's inputs.
func (c *Client) EditPolicyProposal(ctx context.Context, id string, in PolicyEdits) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/edit", nil, in, &out)
	return out, err
}

// RebasePolicyProposal: Bring a draft up to date; say whose value stands where both changed a place.
func (c *Client) RebasePolicyProposal(ctx context.Context, id string, in PolicyUpdate) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/rebase", nil, in, &out)
	return out, err
}

// ReturnPolicyProposal: Back to those who write it, with a note.
func (c *Client) ReturnPolicyProposal(ctx context.Context, id string, in PolicyTurn) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/return", nil, in, &out)
	return out, err
}

// RewritePolicyProposal: Replace all rules of a draft.
func (c *Client) RewritePolicyProposal(ctx context.Context, id string, in PolicyRewriting) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/rules", nil, in, &out)
	return out, err
}

// SendPolicyProposal: Hand a draft in; money rules then wait for a second person (D-7).
func (c *Client) SendPolicyProposal(ctx context.Context, id string, in PolicyTurn) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/send", nil, in, &out)
	return out, err
}

// TakeBackPolicyProposal: Make a draft again of a change that waits.
func (c *Client) TakeBackPolicyProposal(ctx context.Context, id string, in PolicyTurn) (out PolicyProposal, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/proposals/"+url.PathEscape(id)+"/take-back", nil, in, &out)
	return out, err
}

// ListPolicyVersionsQuery narrows ListPolicyVersions; zero values are left out.
type ListPolicyVersionsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListPolicyVersionsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListPolicyVersions: The history, the latest to hold first.
func (c *Client) ListPolicyVersions(ctx context.Context, q ListPolicyVersionsQuery) (out PagePolicyVersion, err error) {
	err = c.do(ctx, "GET", "/v1/operator/policy/versions", q.values(), nil, &out)
	return out, err
}

// GetPolicyVersion: One version with its rules and what it changed.
func (c *Client) GetPolicyVersion(ctx context.Context, id string) (out PolicyVersion, err error) {
	err = c.do(ctx, "GET", "/v1/operator/policy/versions/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// WithdrawPolicyVersion: Call off a version that does not hold yet.
func (c *Client) WithdrawPolicyVersion(ctx context.Context, id string) (out PolicyVersion, err error) {
	err = c.do(ctx, "POST", "/v1/operator/policy/versions/"+url.PathEscape(id)+"/withdraw", nil, nil, &out)
	return out, err
}

// ListOperatorProductsQuery narrows ListOperatorProducts; zero values are left out.
type ListOperatorProductsQuery struct {
	VendorID string
	Queue    bool // only those that wait for a reviewer, the longest first
}

func (q ListOperatorProductsQuery) values() url.Values {
	v := url.Values{}
	if q.VendorID != "" {
		v.Set("vendor_id", q.VendorID)
	}
	if q.Queue {
		v.Set("queue", "true")
	}
	return v
}

// ListOperatorProducts: All products, or the queue of the reviewers.
func (c *Client) ListOperatorProducts(ctx context.Context, q ListOperatorProductsQuery) (out PageProductLine, err error) {
	err = c.do(ctx, "GET", "/v1/operator/products", q.values(), nil, &out)
	return out, err
}

// GetOperatorProduct: A product with its check list and reviews.
func (c *Client) GetOperatorProduct(ctx context.Context, id string) (out ProductFolder, err error) {
	err = c.do(ctx, "GET", "/v1/operator/products/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ClaimProduct: Take a product for review.
func (c *Client) ClaimProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/operator/products/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// LiftProduct: Let a product back that was taken off.
func (c *Client) LiftProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/operator/products/"+url.PathEscape(id)+"/lift", nil, nil, &out)
	return out, err
}

// ReleaseProduct: Give it back to the queue.
func (c *Client) ReleaseProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/operator/products/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// ReviewProduct: Approve or reject, with a verdict per check (S-1).
func (c *Client) ReviewProduct(ctx context.Context, id string, in ProductDecision) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/operator/products/"+url.PathEscape(id)+"/review", nil, in, &out)
	return out, err
}

// TakeOffProduct: Take a product off the shelf, with a reason.
func (c *Client) TakeOffProduct(ctx context.Context, id string, in ProductRemoval) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/operator/products/"+url.PathEscape(id)+"/take-off", nil, in, &out)
	return out, err
}

// CorrectReceipt: Ask that a confirmation be undone and its receipt voided; a second person approves.
func (c *Client) CorrectReceipt(ctx context.Context, id string, in DepositCorrection) (out DepositDecision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/receipts/"+url.PathEscape(id)+"/correct", nil, in, &out)
	return out, err
}

// TakePaperBack: Note that a paper receipt came back from the vendor (D-10).
func (c *Client) TakePaperBack(ctx context.Context, id string) (out PaperBack, err error) {
	err = c.do(ctx, "POST", "/v1/operator/receipts/"+url.PathEscape(id)+"/returned", nil, nil, &out)
	return out, err
}

// GetReportQuery narrows GetReport; zero values are left out.
type GetReportQuery struct {
	From string // first day, in the operator's zone; without it the last twelve months
	To   string // last day
}

func (q GetReportQuery) values() url.Values {
	v := url.Values{}
	if q.From != "" {
		v.Set("from", q.From)
	}
	if q.To != "" {
		v.Set("to", q.To)
	}
	return v
}

// GetReport: Durations, passes, refusals, what waits, the deposits and what ends soon.
func (c *Client) GetReport(ctx context.Context, q GetReportQuery) (out Report, err error) {
	err = c.do(ctx, "GET", "/v1/operator/reports", q.values(), nil, &out)
	return out, err
}

// ListReviewQueueQuery narrows ListReviewQueue; zero values are left out.
type ListReviewQueueQuery struct {
	Route    string // only this route
	Category string
	Mine     bool // only what you have claimed
	Spot     bool // instead: what went live unseen and was not looked at yet
	Cursor   string
	Limit    int64
}

func (q ListReviewQueueQuery) values() url.Values {
	v := url.Values{}
	if q.Route != "" {
		v.Set("route", q.Route)
	}
	if q.Category != "" {
		v.Set("category", q.Category)
	}
	if q.Mine {
		v.Set("mine", "true")
	}
	if q.Spot {
		v.Set("spot", "true")
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListReviewQueue: Products and revisions that wait for a reviewer, by what was promised.
func (c *Client) ListReviewQueue(ctx context.Context, q ListReviewQueueQuery) (out PageReviewLine, err error) {
	err = c.do(ctx, "GET", "/v1/operator/review-queue", q.values(), nil, &out)
	return out, err
}

// GetRevision: A revision with what it changes, word by word.
func (c *Client) GetRevision(ctx context.Context, id string) (out RevisionFolder, err error) {
	err = c.do(ctx, "GET", "/v1/operator/revisions/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ClaimRevision: Take a revision for review.
func (c *Client) ClaimRevision(ctx context.Context, id string) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/revisions/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// ReleaseRevision: Give it back to the queue.
func (c *Client) ReleaseRevision(ctx context.Context, id string) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/revisions/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// ReviewRevision: Approve, and it is live at once, or reject (S-2).
func (c *Client) ReviewRevision(ctx context.Context, id string, in ProductDecision) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/revisions/"+url.PathEscape(id)+"/review", nil, in, &out)
	return out, err
}

// CheckSpot: Note that a change which went live unseen was looked at.
func (c *Client) CheckSpot(ctx context.Context, id string) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/operator/revisions/"+url.PathEscape(id)+"/spot", nil, nil, &out)
	return out, err
}

// ResetFactors: Take a member of staff's second factors away.
func (c *Client) ResetFactors(ctx context.Context, id string) (out Account, err error) {
	err = c.do(ctx, "POST", "/v1/operator/staff/"+url.PathEscape(id)+"/reset-factors", nil, nil, &out)
	return out, err
}

// ListTopUps: Top-ups that run or are overdue, the first due first.
func (c *Client) ListTopUps(ctx context.Context) (out PageTopUp, err error) {
	err = c.do(ctx, "GET", "/v1/operator/top-ups", nil, nil, &out)
	return out, err
}

// ListVendorsQuery narrows ListVendors; zero values are left out.
type ListVendorsQuery struct {
	Q        string // part of the company's name, its credit code or its id
	Approved bool
	Cursor   string
	Limit    int64
}

func (q ListVendorsQuery) values() url.Values {
	v := url.Values{}
	if q.Q != "" {
		v.Set("q", q.Q)
	}
	if q.Approved {
		v.Set("approved", "true")
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListVendors: Companies, the latest first.
func (c *Client) ListVendors(ctx context.Context, q ListVendorsQuery) (out PageVendor, err error) {
	err = c.do(ctx, "GET", "/v1/operator/vendors", q.values(), nil, &out)
	return out, err
}

// GetVendor: One company.
func (c *Client) GetVendor(ctx context.Context, id string) (out Vendor, err error) {
	err = c.do(ctx, "GET", "/v1/operator/vendors/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// GetVendorOnboarding: The same of one vendor, for staff.
func (c *Client) GetVendorOnboarding(ctx context.Context, id string) (out Onboarding, err error) {
	err = c.do(ctx, "GET", "/v1/operator/vendors/"+url.PathEscape(id)+"/onboarding", nil, nil, &out)
	return out, err
}

// ListRecordedViolationsQuery narrows ListRecordedViolations; zero values are left out.
type ListRecordedViolationsQuery struct {
	Status  string // recorded, dropped, decided, appealed, final, upheld, reduced or revoked; absent is any
	Vendor  string // by id
	Waiting bool   // only what waits for staff, the longest first
	Cursor  string
	Limit   int64
}

func (q ListRecordedViolationsQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Vendor != "" {
		v.Set("vendor", q.Vendor)
	}
	if q.Waiting {
		v.Set("waiting", "true")
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListRecordedViolations: Violations, newest first; what waits for staff comes longest first.
func (c *Client) ListRecordedViolations(ctx context.Context, q ListRecordedViolationsQuery) (out PageViolation, err error) {
	err = c.do(ctx, "GET", "/v1/operator/violations", q.values(), nil, &out)
	return out, err
}

// RecordViolation: Record a violation; upload its evidence first with the purpose violation.
func (c *Client) RecordViolation(ctx context.Context, in ViolationPaper) (out Violation, err error) {
	err = c.do(ctx, "POST", "/v1/operator/violations", nil, in, &out)
	return out, err
}

// GetRecordedViolation: One violation with its evidence, decision and records.
func (c *Client) GetRecordedViolation(ctx context.Context, id string) (out Violation, err error) {
	err = c.do(ctx, "GET", "/v1/operator/violations/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// CollectOwed: Take what is still owed of a deduction from what is held now.
func (c *Client) CollectOwed(ctx context.Context, id string) (out Violation, err error) {
	err = c.do(ctx, "POST", "/v1/operator/violations/"+url.PathEscape(id)+"/collect", nil, nil, &out)
	return out, err
}

// DecideViolation: Confirm or drop what another person recorded; finance where money is taken.
func (c *Client) DecideViolation(ctx context.Context, id string, in ViolationDecision) (out Violation, err error) {
	err = c.do(ctx, "POST", "/v1/operator/violations/"+url.PathEscape(id)+"/decide", nil, in, &out)
	return out, err
}

// JudgeAppeal: Decide on an appeal as the third person: uphold, reduce or revoke.
func (c *Client) JudgeAppeal(ctx context.Context, id string, in ViolationJudgement) (out Violation, err error) {
	err = c.do(ctx, "POST", "/v1/operator/violations/"+url.PathEscape(id)+"/judge", nil, in, &out)
	return out, err
}

// ListPresentedVouchersQuery narrows ListPresentedVouchers; zero values are left out.
type ListPresentedVouchersQuery struct {
	Status string // presented, confirmed, refused or taken_back; absent is any
	Cursor string
	Limit  int64
}

func (q ListPresentedVouchersQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListPresentedVouchers: Vouchers; those that wait come oldest first.
func (c *Client) ListPresentedVouchers(ctx context.Context, q ListPresentedVouchersQuery) (out PageVoucher, err error) {
	err = c.do(ctx, "GET", "/v1/operator/vouchers", q.values(), nil, &out)
	return out, err
}

// ClaimVoucher: Take a waiting voucher for yourself to look into.
func (c *Client) ClaimVoucher(ctx context.Context, id string) (out Voucher, err error) {
	err = c.do(ctx, "POST", "/v1/operator/vouchers/"+url.PathEscape(id)+"/claim", nil, nil, &out)
	return out, err
}

// RefuseVoucher: Refuse a voucher with a reason the vendor is told.
func (c *Client) RefuseVoucher(ctx context.Context, id string, in DepositRefusal) (out Voucher, err error) {
	err = c.do(ctx, "POST", "/v1/operator/vouchers/"+url.PathEscape(id)+"/refuse", nil, in, &out)
	return out, err
}

// ReleaseVoucher: Give a claimed voucher back to the queue.
func (c *Client) ReleaseVoucher(ctx context.Context, id string) (out Voucher, err error) {
	err = c.do(ctx, "POST", "/v1/operator/vouchers/"+url.PathEscape(id)+"/release", nil, nil, &out)
	return out, err
}

// ChangePassword: Change your own password; other sessions end.
func (c *Client) ChangePassword(ctx context.Context, in AccountNewPassword) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/password", nil, in, &out)
	return out, err
}

// ForgotPassword: Ask for a code to set a new password.
func (c *Client) ForgotPassword(ctx context.Context, in AccountForgotten) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/password/forgot", nil, in, &out)
	return out, err
}

// ResetPassword: Set a new password with the code.
func (c *Client) ResetPassword(ctx context.Context, in AccountReset) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/password/reset", nil, in, &out)
	return out, err
}

// ListOwnPayouts: What the operator pays back to your company, newest first.
func (c *Client) ListOwnPayouts(ctx context.Context) (out PagePayout, err error) {
	err = c.do(ctx, "GET", "/v1/payouts", nil, nil, &out)
	return out, err
}

// GetPolicy: The operator's rules in force: categories, conditions, deposits, fees, ways to pay.
func (c *Client) GetPolicy(ctx context.Context) (out Policy, err error) {
	err = c.do(ctx, "GET", "/v1/policy", nil, nil, &out)
	return out, err
}

// ExportProducts: All products of your company as a spreadsheet.
func (c *Client) ExportProducts(ctx context.Context) error {
	return c.do(ctx, "GET", "/v1/product-export", nil, nil, nil)
}

// ListProductImports: Your company's latest imports.
func (c *Client) ListProductImports(ctx context.Context) (out PageProductImport, err error) {
	err = c.do(ctx, "GET", "/v1/product-imports", nil, nil, &out)
	return out, err
}

// HandInProducts: Hand in a spreadsheet of products to be looked at; it does nothing yet.
func (c *Client) HandInProducts(ctx context.Context) (out ProductImport, err error) {
	err = c.do(ctx, "POST", "/v1/product-imports", nil, nil, &out)
	return out, err
}

// GetProductImport: An import and how far it is.
func (c *Client) GetProductImport(ctx context.Context, id string) (out ProductImport, err error) {
	err = c.do(ctx, "GET", "/v1/product-imports/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// BeginProductImport: Do the good rows, or go on after a stop.
func (c *Client) BeginProductImport(ctx context.Context, id string, in BulkOrder) (out ProductImport, err error) {
	err = c.do(ctx, "POST", "/v1/product-imports/"+url.PathEscape(id)+"/begin", nil, in, &out)
	return out, err
}

// GetProductImportFaults: The file that was handed in, with the faults beside its rows.
func (c *Client) GetProductImportFaults(ctx context.Context, id string) error {
	return c.do(ctx, "GET", "/v1/product-imports/"+url.PathEscape(id)+"/faults", nil, nil, nil)
}

// ListProductImportRowsQuery narrows ListProductImportRows; zero values are left out.
type ListProductImportRowsQuery struct {
	State  string
	Cursor string
	Limit  int64
}

func (q ListProductImportRowsQuery) values() url.Values {
	v := url.Values{}
	if q.State != "" {
		v.Set("state", q.State)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListProductImportRows: Its rows, with what is wrong and what mends it.
func (c *Client) ListProductImportRows(ctx context.Context, id string, q ListProductImportRowsQuery) (out PageProductImportRow, err error) {
	err = c.do(ctx, "GET", "/v1/product-imports/"+url.PathEscape(id)+"/rows", q.values(), nil, &out)
	return out, err
}

// StopProductImport: Stop after the row it is at.
func (c *Client) StopProductImport(ctx context.Context, id string) (out ProductImport, err error) {
	err = c.do(ctx, "POST", "/v1/product-imports/"+url.PathEscape(id)+"/stop", nil, nil, &out)
	return out, err
}

// GetProductTemplate: The empty spreadsheet with what may be filled in.
func (c *Client) GetProductTemplate(ctx context.Context) error {
	return c.do(ctx, "GET", "/v1/product-template", nil, nil, nil)
}

// ListProductsQuery narrows ListProducts; zero values are left out.
type ListProductsQuery struct {
	Status   string // only this status
	Category string
	Name     string // part of the name
	Cursor   string
	Limit    int64
}

func (q ListProductsQuery) values() url.Values {
	v := url.Values{}
	if q.Status != "" {
		v.Set("status", q.Status)
	}
	if q.Category != "" {
		v.Set("category", q.Category)
	}
	if q.Name != "" {
		v.Set("name", q.Name)
	}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListProducts: Your company's products.
func (c *Client) ListProducts(ctx context.Context, q ListProductsQuery) (out PageProductLine, err error) {
	err = c.do(ctx, "GET", "/v1/products", q.values(), nil, &out)
	return out, err
}

// MakeProduct: Begin a product (O-5); it may be incomplete.
func (c *Client) MakeProduct(ctx context.Context, in ProductPaper) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products", nil, in, &out)
	return out, err
}

// GetProduct: A product, what is missing before it can be sold, and its reviews.
func (c *Client) GetProduct(ctx context.Context, id string) (out ProductFolder, err error) {
	err = c.do(ctx, "GET", "/v1/products/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// KeepProductOff: Keep a product off that left the shelf with the closed shop: it does not return with it.
func (c *Client) KeepProductOff(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/keep-off", nil, nil, &out)
	return out, err
}

// PreviewProduct: A product as buyers would see it.
func (c *Client) PreviewProduct(ctx context.Context, id string) (out CatalogProduct, err error) {
	err = c.do(ctx, "GET", "/v1/products/"+url.PathEscape(id)+"/preview", nil, nil, &out)
	return out, err
}

// ReviseProduct: Change what was approved: writes the open revision, or begins one (S-2).
func (c *Client) ReviseProduct(ctx context.Context, id string, in ProductChange) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/revise", nil, in, &out)
	return out, err
}

// GetOpenRevision: The open revision, what it changes and what it lacks.
func (c *Client) GetOpenRevision(ctx context.Context, id string) (out RevisionFolder, err error) {
	err = c.do(ctx, "GET", "/v1/products/"+url.PathEscape(id)+"/revision", nil, nil, &out)
	return out, err
}

// DropRevision: End it; what is live stays.
func (c *Client) DropRevision(ctx context.Context, id string) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/revision/drop", nil, nil, &out)
	return out, err
}

// SubmitRevision: Hand the revision to the review, by the route its changes take (S-2).
func (c *Client) SubmitRevision(ctx context.Context, id string) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/revision/submit", nil, nil, &out)
	return out, err
}

// TakeRevisionBack: Make it a draft again.
func (c *Client) TakeRevisionBack(ctx context.Context, id string) (out Revision, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/revision/take-back", nil, nil, &out)
	return out, err
}

// ListRevisions: The revisions of a product, the latest first.
func (c *Client) ListRevisions(ctx context.Context, id string) (out PageRevision, err error) {
	err = c.do(ctx, "GET", "/v1/products/"+url.PathEscape(id)+"/revisions", nil, nil, &out)
	return out, err
}

// ShelveProduct: Put an approved product on the shelf (O-8).
func (c *Client) ShelveProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/shelve", nil, nil, &out)
	return out, err
}

// SubmitProduct: Hand a product to the review (S-1).
func (c *Client) SubmitProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/submit", nil, nil, &out)
	return out, err
}

// TakeBackProduct: Make it a draft again (S-1).
func (c *Client) TakeBackProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/take-back", nil, nil, &out)
	return out, err
}

// UnshelveProduct: Take a product off the shelf.
func (c *Client) UnshelveProduct(ctx context.Context, id string) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/unshelve", nil, nil, &out)
	return out, err
}

// UpdateProduct: Write the whole content of a draft; what was approved once is changed by a revision.
func (c *Client) UpdateProduct(ctx context.Context, id string, in ProductPaper) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/update", nil, in, &out)
	return out, err
}

// VerifyReceipt: What a receipt says, by the code printed on it (D-8).
func (c *Client) VerifyReceipt(ctx context.Context, id string) (out ReceiptProof, err error) {
	err = c.do(ctx, "GET", "/v1/receipts/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// ListSessions: Where you are signed in.
func (c *Client) ListSessions(ctx context.Context) (out PageSigned, err error) {
	err = c.do(ctx, "GET", "/v1/sessions", nil, nil, &out)
	return out, err
}

// SignIn: Sign in.
func (c *Client) SignIn(ctx context.Context, in Entry) (out Session, err error) {
	err = c.do(ctx, "POST", "/v1/sessions", nil, in, &out)
	return out, err
}

// SignOut: Sign out.
func (c *Client) SignOut(ctx context.Context) (out Nothing, err error) {
	err = c.do(ctx, "DELETE", "/v1/sessions/current", nil, nil, &out)
	return out, err
}

// ProveSession: Give the second factor again, for what is guarded.
func (c *Client) ProveSession(ctx context.Context, in Proof) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/sessions/current/prove", nil, in, &out)
	return out, err
}

// EndOtherSessions: End every session but this one.
func (c *Client) EndOtherSessions(ctx context.Context) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/sessions/end-others", nil, nil, &out)
	return out, err
}

// EndSession: End one of your sessions.
func (c *Client) EndSession(ctx context.Context, id string) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/sessions/"+url.PathEscape(id)+"/end", nil, nil, &out)
	return out, err
}

// ListTakeouts: Your company's latest takeouts.
func (c *Client) ListTakeouts(ctx context.Context) (out PageTakeout, err error) {
	err = c.do(ctx, "GET", "/v1/takeouts", nil, nil, &out)
	return out, err
}

// AskForTakeout: Put together everything held about your company; one at a time.
func (c *Client) AskForTakeout(ctx context.Context) (out Takeout, err error) {
	err = c.do(ctx, "POST", "/v1/takeouts", nil, nil, &out)
	return out, err
}

// GetTakeout: One of them and how far it is.
func (c *Client) GetTakeout(ctx context.Context, id string) (out Takeout, err error) {
	err = c.do(ctx, "GET", "/v1/takeouts/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// DownloadTakeout: The file, a ZIP; each download is put in the timeline.
func (c *Client) DownloadTakeout(ctx context.Context, id string) error {
	return c.do(ctx, "GET", "/v1/takeouts/"+url.PathEscape(id)+"/content", nil, nil, nil)
}

// StopTakeout: Stop making it.
func (c *Client) StopTakeout(ctx context.Context, id string) (out Takeout, err error) {
	err = c.do(ctx, "POST", "/v1/takeouts/"+url.PathEscape(id)+"/stop", nil, nil, &out)
	return out, err
}

// OfferOwnership: Offer the ownership to another member.
func (c *Client) OfferOwnership(ctx context.Context, in AccountHandover) (out Transfer, err error) {
	err = c.do(ctx, "POST", "/v1/transfers", nil, in, &out)
	return out, err
}

// SendTransferCode: Send the code that confirms a handover of ownership.
func (c *Client) SendTransferCode(ctx context.Context) (out Nothing, err error) {
	err = c.do(ctx, "POST", "/v1/transfers/code", nil, nil, &out)
	return out, err
}

// AcceptOwnership: Accept the ownership.
func (c *Client) AcceptOwnership(ctx context.Context, id string) (out Transfer, err error) {
	err = c.do(ctx, "POST", "/v1/transfers/"+url.PathEscape(id)+"/accept", nil, nil, &out)
	return out, err
}

// DeclineOwnership: Decline the ownership.
func (c *Client) DeclineOwnership(ctx context.Context, id string) (out Transfer, err error) {
	err = c.do(ctx, "POST", "/v1/transfers/"+url.PathEscape(id)+"/decline", nil, nil, &out)
	return out, err
}

// WithdrawOwnership: Take the offer of ownership back.
func (c *Client) WithdrawOwnership(ctx context.Context, id string) (out Transfer, err error) {
	err = c.do(ctx, "POST", "/v1/transfers/"+url.PathEscape(id)+"/withdraw", nil, nil, &out)
	return out, err
}

// ListViolationsQuery narrows ListViolations; zero values are left out.
type ListViolationsQuery struct {
	Cursor string
	Limit  int64
}

func (q ListViolationsQuery) values() url.Values {
	v := url.Values{}
	if q.Cursor != "" {
		v.Set("cursor", q.Cursor)
	}
	if q.Limit != 0 {
		v.Set("limit", strconv.FormatInt(q.Limit, 10))
	}
	return v
}

// ListViolations: Penalties of your company, newest first (D-11).
func (c *Client) ListViolations(ctx context.Context, q ListViolationsQuery) (out PageViolation, err error) {
	err = c.do(ctx, "GET", "/v1/violations", q.values(), nil, &out)
	return out, err
}

// GetViolation: One penalty with its rule, evidence, decision and what became of it.
func (c *Client) GetViolation(ctx context.Context, id string) (out Violation, err error) {
	err = c.do(ctx, "GET", "/v1/violations/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// AppealViolation: Appeal, once and in time; upload files first with the purpose appeal.
func (c *Client) AppealViolation(ctx context.Context, id string, in ViolationObjection) (out Violation, err error) {
	err = c.do(ctx, "POST", "/v1/violations/"+url.PathEscape(id)+"/appeal", nil, in, &out)
	return out, err
}
