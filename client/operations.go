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

// AccountCredentials is a part of the API's documents.
type AccountCredentials struct {
	Mail     string `json:"mail,omitzero"`
	Password string `json:"password,omitzero"`
}

// AccountForgotten is a part of the API's documents.
type AccountForgotten struct {
	Mail string `json:"mail,omitzero"`
}

// AccountNewKey is a part of the API's documents.
type AccountNewKey struct {
	Name   string   `json:"name,omitzero"`
	Scopes []string `json:"scopes,omitzero"`
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
	Accepted  bool          `json:"accepted,omitzero"` // by your company, in this version
	Body      AgreementBody `json:"body,omitzero"`     // Markdown, by language
	Hash      string        `json:"hash,omitzero"`     // SHA-256 in hex; an acceptance records it
	HoldsFrom time.Time     `json:"holds_from,omitzero"`
	ID        string        `json:"id,omitzero"`
	Title     PolicyName    `json:"title,omitzero"`
	Version   string        `json:"version,omitzero"`
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
	Body      AgreementBody `json:"body,omitzero"`
	HoldsFrom time.Time     `json:"holds_from,omitzero"`
	ID        string        `json:"id,omitzero"`
	Title     PolicyName    `json:"title,omitzero"`
	Version   string        `json:"version,omitzero"`
}

// AmountShape is a part of the API's documents.
type AmountShape struct {
	Currency string `json:"currency,omitzero"` // ISO 4217; CNY if left out
	Fen      int64  `json:"fen"`               // minor units (fen)
	Text     string `json:"text,omitzero"`     // the amount for people, in answers
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
	Row          int64            `json:"row,omitzero"`
	State        string           `json:"state,omitzero"` // certain, doubtful, unknown, taken or debit
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

// BankStatement is a part of the API's documents.
type BankStatement struct {
	BegunAt    time.Time   `json:"begun_at,omitzero"`
	Credit     AmountShape `json:"credit,omitzero"`
	Credits    int64       `json:"credits,omitzero"`
	Debit      AmountShape `json:"debit,omitzero"`
	Debits     int64       `json:"debits,omitzero"`
	Done       int64       `json:"done,omitzero"`
	FileName   string      `json:"file_name,omitzero"`
	Fresh      int64       `json:"fresh,omitzero"` // lines not known from an earlier file
	From       string      `json:"from,omitzero"`
	ID         string      `json:"id,omitzero"`
	ImportedAt time.Time   `json:"imported_at,omitzero"`
	ImportedBy string      `json:"imported_by,omitzero"`
	Lines      int64       `json:"lines,omitzero"`
	Mapping    string      `json:"mapping,omitzero"`
	Payee      string      `json:"payee,omitzero"` // the operator's account, by its id in the policy
	SHA256     string      `json:"sha256,omitzero"`
	Status     string      `json:"status,omitzero"` // imported, or importing while it goes on or was interrupted: import the file again to go on
	To         string      `json:"to,omitzero"`
}

// Begun is a part of the API's documents.
type Begun struct {
	VendorID string `json:"vendor_id,omitzero"`
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
	Machine  string   `json:"machine,omitzero"`
	Os       string   `json:"os,omitzero"`
	Software []string `json:"software,omitzero"`
	Version  string   `json:"version,omitzero"`
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
	SaaS       CatalogSaaS    `json:"saas,omitzero"`
	Service    CatalogService `json:"service,omitzero"`
	Terms      string         `json:"terms,omitzero"` // address of the vendor's own service agreement
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

// Deposit is a part of the API's documents.
type Deposit struct {
	Approved   []string    `json:"approved,omitzero"`
	Covered    []string    `json:"covered,omitzero"`
	Held       AmountShape `json:"held,omitzero"`
	Known      bool        `json:"known,omitzero"` // false while it cannot be said yet what is required
	Missing    AmountShape `json:"missing,omitzero"`
	Overpaid   AmountShape `json:"overpaid,omitzero"`  // held apart until it is decided on (D-12)
	Payees     []Payee     `json:"payees,omitzero"`    // the operator's accounts
	Reference  string      `json:"reference,omitzero"` // to stand in the transfer's remark; absent before the contract is signed
	Required   AmountShape `json:"required,omitzero"`
	RequiredBy string      `json:"required_by,omitzero"` // the category that asks most (D-2); absent where the contract has its own deposit (M-3)
	TopUpBy    time.Time   `json:"top_up_by,omitzero"`
	VendorID   string      `json:"vendor_id,omitzero"`
	Ways       []Way       `json:"ways,omitzero"` // ways to pay (D-4)
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

// DepositConfirmation is a part of the API's documents.
type DepositConfirmation struct {
	Reason  string `json:"reason,omitzero"`
	Vendor  string `json:"vendor,omitzero"`
	Voucher string `json:"voucher,omitzero"`
}

// DepositPaper is a part of the API's documents.
type DepositPaper struct {
	Amount         AmountShape `json:"amount,omitzero"`
	AsksOpening    bool        `json:"asks_opening,omitzero"`
	AsksReceipt    bool        `json:"asks_receipt,omitzero"`
	CourierAddress string      `json:"courier_address,omitzero"`
	File           string      `json:"file,omitzero"`
	OtherPayer     bool        `json:"other_payer,omitzero"`
	PaidOn         string      `json:"paid_on,omitzero"`
	Recipient      string      `json:"recipient,omitzero"`
	RecipientPhone string      `json:"recipient_phone,omitzero"`
	Remitter       string      `json:"remitter,omitzero"`
	Way            string      `json:"way,omitzero"`
}

// DepositRefusal is a part of the API's documents.
type DepositRefusal struct {
	Reason string `json:"reason,omitzero"`
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

// Holder is a part of the API's documents.
type Holder struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
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

// PageDepositAccount is a part of the API's documents.
type PageDepositAccount struct {
	Items []DepositAccount `json:"items,omitzero"`
	Next  string           `json:"next,omitzero"`
}

// PageEvent is a part of the API's documents.
type PageEvent struct {
	Items []Event `json:"items,omitzero"`
	Next  string  `json:"next,omitzero"`
}

// PageKey is a part of the API's documents.
type PageKey struct {
	Items []Key  `json:"items,omitzero"`
	Next  string `json:"next,omitzero"`
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

// PageVendor is a part of the API's documents.
type PageVendor struct {
	Items []Vendor `json:"items,omitzero"`
	Next  string   `json:"next,omitzero"`
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

// PaymentWithdrawal is a part of the API's documents.
type PaymentWithdrawal struct {
	Subject string `json:"subject,omitzero"`
}

// Policy is a part of the API's documents.
type Policy struct {
	Categories        []PolicyCategory       `json:"categories,omitzero"`
	Checks            []PolicyCheck          `json:"checks,omitzero"`
	Conditions        []PolicyCondition      `json:"conditions,omitzero"`
	Entry             PolicyEntry            `json:"entry,omitzero"`
	Gates             map[string][]string    `json:"gates,omitzero"`
	Marketplace       PolicyName             `json:"marketplace,omitzero"`
	Modes             map[string]PolicyTerms `json:"modes,omitzero"`
	OnePersonForMoney bool                   `json:"one_person_for_money,omitzero"`
	Operator          PolicyOperator         `json:"operator,omitzero"`
	Payees            []PolicyPayee          `json:"payees,omitzero"`
	Products          PolicyProducts         `json:"products,omitzero"`
	Promise           PolicyPromise          `json:"promise,omitzero"`
	Reasons           []PolicyReason         `json:"reasons,omitzero"`
	ReceiptSeries     string                 `json:"receipt_series,omitzero"`
	ReviewWaiting     bool                   `json:"review_waiting,omitzero"`
	UploadBytes       int64                  `json:"upload_bytes,omitzero"`
	Ways              []PolicyWay            `json:"ways,omitzero"`
	Zone              string                 `json:"zone,omitzero"`
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

// PolicyEntry is a part of the API's documents.
type PolicyEntry struct {
	CapitalAboveFen  int64 `json:"capital_above_fen,omitzero"`
	NumberOfEvidence int64 `json:"number_of_evidence,omitzero"`
	ServiceDays      int64 `json:"service_days,omitzero"`
	ServiceHours     int64 `json:"service_hours,omitzero"`
	TradeYears       int64 `json:"trade_years,omitzero"`
}

// PolicyFormRules is a part of the API's documents.
type PolicyFormRules struct {
	Document bool     `json:"document,omitzero"`
	Units    []string `json:"units,omitzero"`
}

// PolicyName is a part of the API's documents.
type PolicyName struct {
	En   string `json:"en,omitzero"`
	ZhCN string `json:"zh-CN,omitzero"`
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

// PolicyPayee is a part of the API's documents.
type PolicyPayee struct {
	Account string `json:"account,omitzero"`
	Bank    string `json:"bank,omitzero"`
	CNAPS   string `json:"cnaps,omitzero"`
	ID      string `json:"id,omitzero"`
	Mapping string `json:"mapping,omitzero"`
	Name    string `json:"name,omitzero"`
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

// PolicyReason is a part of the API's documents.
type PolicyReason struct {
	For  string     `json:"for,omitzero"`
	ID   string     `json:"id,omitzero"`
	Text PolicyName `json:"text,omitzero"`
}

// PolicyTerms is a part of the API's documents.
type PolicyTerms struct {
	FeeBasisPoints int64 `json:"fee_basis_points,omitzero"`
	Months         int64 `json:"months,omitzero"`
}

// PolicyWay is a part of the API's documents.
type PolicyWay struct {
	Doubtful bool       `json:"doubtful,omitzero"`
	ID       string     `json:"id,omitzero"`
	Name     PolicyName `json:"name,omitzero"`
	Note     PolicyName `json:"note,omitzero"`
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
	Details       string         `json:"details,omitzero"`
	Document      string         `json:"document,omitzero"`
	Form          string         `json:"form,omitzero"`
	ID            string         `json:"id,omitzero"`
	Image         ProductImage   `json:"image,omitzero"`
	MadeAt        time.Time      `json:"made_at,omitzero"`
	Name          string         `json:"name,omitzero"`
	OffReason     string         `json:"off_reason,omitzero"` // why the operator took it off the shelf
	Pictures      []string       `json:"pictures,omitzero"`
	Plans         []ProductPlan  `json:"plans,omitzero"`
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

// ProductCheck is a part of the API's documents.
type ProductCheck struct {
	ID   string `json:"id,omitzero"`
	Name string `json:"name,omitzero"`
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
	Details       string          `json:"details,omitzero"`
	Document      string          `json:"document,omitzero"`
	Form          string          `json:"form,omitzero"`
	ID            string          `json:"id,omitzero"`
	Image         ProductImage    `json:"image,omitzero"`
	MadeAt        time.Time       `json:"made_at,omitzero"`
	Missing       []ProductNeed   `json:"missing,omitzero"`
	Name          string          `json:"name,omitzero"`
	OffReason     string          `json:"off_reason,omitzero"` // why the operator took it off the shelf
	Pictures      []string        `json:"pictures,omitzero"`
	Plans         []ProductPlan   `json:"plans,omitzero"`
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
	Machine  string   `json:"machine,omitzero"`
	Os       string   `json:"os,omitzero"`
	Report   string   `json:"report,omitzero"`
	Software []string `json:"software,omitzero"`
	Version  string   `json:"version,omitzero"`
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
	Reason string `json:"reason,omitzero"`
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
	VendorID    string      `json:"vendor_id,omitzero"`
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

// Voucher is a part of the API's documents.
type Voucher struct {
	Amount         AmountShape `json:"amount,omitzero"`
	AsksOpening    bool        `json:"asks_opening,omitzero"`
	AsksReceipt    bool        `json:"asks_receipt,omitzero"`
	DecidedAt      time.Time   `json:"decided_at,omitzero"`
	File           string      `json:"file,omitzero"`
	ID             string      `json:"id,omitzero"`
	OtherPayer     bool        `json:"other_payer,omitzero"`
	PaidOn         string      `json:"paid_on,omitzero"`
	PresentedAt    time.Time   `json:"presented_at,omitzero"`
	PromisedBy     time.Time   `json:"promised_by,omitzero"`
	Reason         string      `json:"reason,omitzero"`          // of a refusal
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

// GetOnboarding: Stage, facts, and what is missing for each act, with rule and mend (O-8).
func (c *Client) GetOnboarding(ctx context.Context) (out Onboarding, err error) {
	err = c.do(ctx, "GET", "/v1/onboarding", nil, nil, &out)
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

// RefuseVoucher: Refuse a voucher with a reason the vendor is told.
func (c *Client) RefuseVoucher(ctx context.Context, id string, in DepositRefusal) (out Voucher, err error) {
	err = c.do(ctx, "POST", "/v1/operator/vouchers/"+url.PathEscape(id)+"/refuse", nil, in, &out)
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

// GetPolicy: The operator's rules in force: categories, conditions, deposits, fees, ways to pay.
func (c *Client) GetPolicy(ctx context.Context) (out Policy, err error) {
	err = c.do(ctx, "GET", "/v1/policy", nil, nil, &out)
	return out, err
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

// PreviewProduct: A product as buyers would see it.
func (c *Client) PreviewProduct(ctx context.Context, id string) (out CatalogProduct, err error) {
	err = c.do(ctx, "GET", "/v1/products/"+url.PathEscape(id)+"/preview", nil, nil, &out)
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

// UpdateProduct: Write a product's whole content; it becomes a draft.
func (c *Client) UpdateProduct(ctx context.Context, id string, in ProductPaper) (out Product, err error) {
	err = c.do(ctx, "POST", "/v1/products/"+url.PathEscape(id)+"/update", nil, in, &out)
	return out, err
}

// VerifyReceipt: What a receipt says, by the code printed on it (D-8).
func (c *Client) VerifyReceipt(ctx context.Context, id string) (out ReceiptProof, err error) {
	err = c.do(ctx, "GET", "/v1/receipts/"+url.PathEscape(id), nil, nil, &out)
	return out, err
}

// SignIn: Sign in.
func (c *Client) SignIn(ctx context.Context, in AccountCredentials) (out Session, err error) {
	err = c.do(ctx, "POST", "/v1/sessions", nil, in, &out)
	return out, err
}

// SignOut: Sign out.
func (c *Client) SignOut(ctx context.Context) (out Nothing, err error) {
	err = c.do(ctx, "DELETE", "/v1/sessions/current", nil, nil, &out)
	return out, err
}
