package access

// Permission is something staff may do.
type Permission string

// The permissions of staff.
const (
	SeeOffice          Permission = "see-office"          // dashboard, queues
	SeeVendors         Permission = "see-vendors"         // a vendor's data, files, timeline
	SeeMoney           Permission = "see-money"           // statements, lines, deposits
	SeeEvents          Permission = "see-events"          // the whole event log
	SeeReports         Permission = "see-reports"         // durations, refusals, money in sum
	SeeMessages        Permission = "see-messages"        // what was sent to whom
	SeeStaff           Permission = "see-staff"           // who is of the staff, with which roles
	ReviewApplications Permission = "review-applications" // claim and decide applications
	SendContracts      Permission = "send-contracts"      // offer contracts, confirm paper ones
	ImportMoney        Permission = "import-money"        // import statements, propose matches
	ConfirmMoney       Permission = "confirm-money"       // confirm a matched line
	PayOut             Permission = "pay-out"             // order and approve payouts, make payment files
	EndContracts       Permission = "end-contracts"       // end a contract that its vendor wishes to end
	Evict              Permission = "evict"               // order and approve an eviction, lift a bar
	ReviewProducts     Permission = "review-products"     // claim, decide, take off the shelf
	RecordViolations   Permission = "record-violations"   // record a violation, decide on another's without money
	DeductDeposits     Permission = "deduct-deposits"     // decide on a deduction, D-11
	JudgeAppeals       Permission = "judge-appeals"       // decide on an appeal against a penalty
	ResendMessages     Permission = "resend-messages"     // send a message again
	RetryJobs          Permission = "retry-jobs"          // put a dead job back
	ManageStaff        Permission = "manage-staff"        // add staff, give roles
	ManagePolicy       Permission = "manage-policy"       // change the operator's rules
	StopChanges        Permission = "stop-changes"        // stop a new account of a vendor during its pause
	SeePolicy          Permission = "see-policy"          // the operator's rules, their drafts and history
	ApprovePolicy      Permission = "approve-policy"      // be the second person at a change of the rules
	SeeMail            Permission = "see-mail"            // the prescribed mail that came in, D-6
	HandleMail         Permission = "handle-mail"         // match it to vendors, enter its vouchers, put it aside
)

// staffMay is the whole table: who may what. The auditor reads all and changes nothing.
var staffMay = map[Permission][]Role{
	SeeOffice:          {Reviewer, Contracts, Finance, ProductReviewer, Administrator, Auditor},
	SeeVendors:         {Reviewer, Contracts, Finance, ProductReviewer, Administrator, Auditor},
	SeeMoney:           {Finance, Administrator, Auditor},
	SeeEvents:          {Administrator, Auditor},
	SeeReports:         {Finance, Administrator, Auditor},
	SeeMessages:        {Reviewer, Contracts, Finance, ProductReviewer, Administrator, Auditor},
	SeeStaff:           {Administrator, Auditor},
	ReviewApplications: {Reviewer},
	SendContracts:      {Contracts},
	ImportMoney:        {Finance},
	ConfirmMoney:       {Finance},
	PayOut:             {Finance},
	EndContracts:       {Contracts},
	Evict:              {Contracts, Administrator},
	ReviewProducts:     {ProductReviewer},
	RecordViolations:   {Reviewer, Contracts, Finance, ProductReviewer},
	DeductDeposits:     {Finance},
	JudgeAppeals:       {Finance, Administrator},
	ResendMessages:     {Reviewer, Contracts, Finance, ProductReviewer, Administrator},
	RetryJobs:          {Administrator},
	ManageStaff:        {Administrator},
	ManagePolicy:       {Administrator},
	StopChanges:        {Reviewer, Contracts, Finance, ProductReviewer, Administrator},
	SeePolicy:          {Finance, Administrator, Auditor},
	ApprovePolicy:      {Finance, Administrator},
	SeeMail:            {Contracts, Finance, Administrator, Auditor},
	HandleMail:         {Contracts, Finance},
}

// guarded is what asks for the second factor again when its last proof is old: money,
// and who may touch it.
var guarded = map[Permission]bool{ConfirmMoney: true, PayOut: true, DeductDeposits: true, ManageStaff: true}

// guardedActs is the same for a vendor's people.
var guardedActs = map[Act]bool{ManageKeys: true}

// Permissions lists every permission with the roles that hold it.
func Permissions() map[Permission][]Role { return staffMay }

// Act is something a vendor's people do for their company.
type Act string

// The acts of a vendor's people.
const (
	Look          Act = "look"           // see the company's own data
	Apply         Act = "apply"          // fill in and submit the application, accept agreements
	SignContract  Act = "sign-contract"  // sign for the company
	PayDeposit    Act = "pay-deposit"    // present vouchers
	EditProducts  Act = "edit-products"  // draft, submit, shelve
	ManageKeys    Act = "manage-keys"    // API keys
	ManagePeople  Act = "manage-people"  // invite members, give roles, remove
	Appeal        Act = "appeal"         // against a penalty
	Leave         Act = "leave"          // end the cooperation
	ChangeData    Act = "change-data"    // ask for a change of the company's data
	ChangeAccount Act = "change-account" // ask for another corporate account, check a colleague's request
	TakeOut       Act = "take-out"       // download everything held about the company
)

var vendorMay = map[Act][]Role{
	Look:          {Owner, VendorFinance, ProductPeople, Support},
	Apply:         {Owner},
	SignContract:  {Owner},
	PayDeposit:    {Owner, VendorFinance},
	EditProducts:  {Owner, ProductPeople},
	ManageKeys:    {Owner},
	ManagePeople:  {Owner},
	Appeal:        {Owner},
	Leave:         {Owner},
	ChangeData:    {Owner},
	ChangeAccount: {Owner, VendorFinance},
	TakeOut:       {Owner},
}

// Scope narrows an API key to a part of what its person may.
type Scope string

// The scopes of API keys.
const (
	ScopeRead     Scope = "read"     // look at everything the person sees
	ScopeApply    Scope = "apply"    // application and agreements
	ScopeContract Scope = "contract" // sign
	ScopeDeposit  Scope = "deposit"  // vouchers; for staff, statements and confirmation
	ScopeProducts Scope = "products" // products; for staff, their review
	ScopeOffice   Scope = "office"   // the other acts of staff
	ScopeAccount  Scope = "account"  // the account itself and its keys
)

// Scopes lists the scopes in the order people read them.
func Scopes() []Scope {
	return []Scope{ScopeRead, ScopeApply, ScopeContract, ScopeDeposit, ScopeProducts, ScopeOffice, ScopeAccount}
}

func (p Permission) scope() Scope {
	switch p {
	case SeeOffice, SeeVendors, SeeMoney, SeeEvents, SeeReports, SeeMessages, SeeStaff, SeePolicy, SeeMail:
		return ScopeRead
	case ImportMoney, ConfirmMoney, PayOut, DeductDeposits, HandleMail:
		return ScopeDeposit
	case ReviewProducts:
		return ScopeProducts
	}
	return ScopeOffice
}

func (a Act) scope() Scope {
	switch a {
	case Look:
		return ScopeRead
	case Apply, ChangeData:
		return ScopeApply
	case SignContract, Leave:
		return ScopeContract
	case PayDeposit, Appeal:
		return ScopeDeposit
	case EditProducts:
		return ScopeProducts
	}
	return ScopeAccount
}
