package api

import (
	"context"
	"errors"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Contract is a contract from its offer on.
type Contract struct {
	ID             string              `json:"id"`
	VendorID       string              `json:"vendor_id"`
	VendorName     string              `json:"vendor_name,omitempty"`
	Number         string              `json:"number"`
	Status         contract.Status     `json:"status" enum:"preparing,offered,scanned,signed,withdrawn,replaced"`
	StatusText     string              `json:"status_text"`
	InTerm         bool                `json:"in_term" doc:"signed, and its term has not run out"`
	Template       string              `json:"template" doc:"version of the text"`
	Lang           contract.Lang       `json:"lang"`
	Mode           policy.Mode         `json:"mode"`
	FeeBasisPoints int64               `json:"fee_basis_points" doc:"of the actual amount of each order; 1000 is 10 %"`
	Deposit        money.Amount        `json:"deposit"`
	FixedDeposit   bool                `json:"fixed_deposit" doc:"the deposit is this contract's own (M-3), not that of the categories (D-2)"`
	Months         int                 `json:"months"`
	Categories     []policy.CategoryID `json:"categories" nullable:"false"`
	Terms          string              `json:"terms,omitempty"`
	OfferedAt      time.Time           `json:"offered_at"`
	FileID         string              `json:"file_id,omitempty" doc:"the document; absent while it is being made"`
	FileHash       string              `json:"file_hash,omitempty" doc:"SHA-256 of the document: what is signed"`
	ScanFileID     string              `json:"scan_file_id,omitempty"`
	ScanReason     string              `json:"scan_reason,omitempty" doc:"why the last scan was not accepted"`
	Way            contract.Way        `json:"way,omitempty" doc:"online or paper"`
	SignedAt       *time.Time          `json:"signed_at,omitempty"`
	Until          *time.Time          `json:"until,omitempty" doc:"the last moment of the term"`
	Signer         *Signer             `json:"signer,omitempty" doc:"of an online signature"`
	SignedFileID   string              `json:"signed_file_id,omitempty" doc:"the signed copy; absent until it is sealed"`
	EndedAt        *time.Time          `json:"ended_at,omitempty"`
	EndReason      string              `json:"end_reason,omitempty"`
}

// Signer is who signed online, how and from where.
type Signer struct {
	Name    string    `json:"name"`
	Phone   string    `json:"phone" doc:"masked; where the code was sent"`
	Address string    `json:"address" doc:"IP"`
	At      time.Time `json:"at"`
	Hash    string    `json:"hash" doc:"of what was signed"`
}

// contractAt is a contract as it stands at a moment.
type contractAt struct {
	contract.Contract
	name string
	now  time.Time
}

func viewContract(p text.Printer, c contractAt) Contract {
	v := Contract{ID: c.ID, VendorID: c.VendorID, VendorName: c.name, Number: c.Number, Status: c.Status, StatusText: p.T(c.Status.Name()), InTerm: contract.InTerm(c.Contract, c.now),
		Template: c.Template, Lang: c.Lang, Mode: c.Mode, FeeBasisPoints: c.FeeBasisPoints, Deposit: c.Deposit, FixedDeposit: c.FixedDeposit, Months: c.Months,
		Categories: c.Categories, Terms: c.Terms, OfferedAt: c.OfferedAt, FileID: c.FileID, FileHash: c.FileHash, ScanFileID: c.ScanFileID, ScanReason: c.ScanReason,
		Way: c.Way, SignedAt: when(c.SignedAt), Until: when(c.Until), SignedFileID: c.SignedFileID, EndedAt: when(c.EndedAt), EndReason: c.EndReason}
	if e := c.Evidence; c.Way == contract.Online {
		v.Signer = &Signer{Name: e.Name, Phone: e.Phone, Address: e.Address, At: e.At, Hash: e.Hash}
	}
	return v
}

// now tells an operation on a contract the moment it ran at.
func now[I any](op do[I, contract.Contract]) do[I, contractAt] {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (contractAt, error) {
		c, err := op(ctx, tx, by, in)
		return contractAt{Contract: c, now: tx.Now()}, err
	}
}

// ContractDesk is what a vendor's people see of their contracts.
type ContractDesk struct {
	Current *Contract  `json:"current,omitempty" doc:"signed; in_term says whether it still holds"`
	Offer   *Contract  `json:"offer,omitempty" doc:"waits to be signed"`
	Earlier []Contract `json:"earlier" nullable:"false"`
	Consent string     `json:"consent,omitempty" doc:"what one declares by signing"`
	Awaited *time.Time `json:"awaited,omitempty" doc:"the operator promised an offer by then"`
}

func viewDesk(p text.Printer, d contract.Desk) ContractDesk {
	one := func(c *contract.Contract) *Contract {
		if c == nil {
			return nil
		}
		v := viewContract(p, contractAt{Contract: *c, now: d.Now})
		return &v
	}
	v := ContractDesk{Current: one(d.InForce), Offer: one(d.Offer), Earlier: []Contract{}}
	for _, c := range d.Earlier {
		v.Earlier = append(v.Earlier, *one(&c))
	}
	if d.Offer != nil {
		v.Consent = p.T("contract.consent", d.Company)
	}
	if d.Waiting {
		v.Awaited = when(d.PromisedBy)
	}
	return v
}

// ContractTask is a vendor in the staff's queue.
type ContractTask struct {
	VendorID   string        `json:"vendor_id"`
	VendorName string        `json:"vendor_name"`
	Task       contract.Task `json:"task" enum:"offer,confirm"`
	Mode       policy.Mode   `json:"mode"`
	ContractID string        `json:"contract_id,omitempty" doc:"the one to confirm"`
	Number     string        `json:"number,omitempty"`
	Again      bool          `json:"again" doc:"an earlier one was withdrawn or has run out"`
	Since      *time.Time    `json:"since,omitempty"`
	PromisedBy *time.Time    `json:"promised_by,omitempty"`
	Holder     *Holder       `json:"holder,omitempty"`
}

func viewTask(_ text.Printer, i contract.Item) ContractTask {
	v := ContractTask{VendorID: i.VendorID, VendorName: i.VendorName, Task: i.Subject, Mode: i.Mode, ContractID: i.Contract, Number: i.Number,
		Again: i.Again, Since: when(i.Since), PromisedBy: when(i.PromisedBy)}
	if i.Holder != "" {
		v.Holder = &Holder{ID: i.Holder, Name: i.HolderName}
	}
	return v
}

// ContractDraft is what an offer would say if nothing else is asked for.
type ContractDraft struct {
	VendorID       string              `json:"vendor_id"`
	VendorName     string              `json:"vendor_name"`
	Mode           policy.Mode         `json:"mode,omitempty"`
	FeeBasisPoints int64               `json:"fee_basis_points"`
	Deposit        money.Amount        `json:"deposit"`
	RequiredBy     policy.CategoryID   `json:"required_by,omitempty" doc:"the category that asks for the deposit (D-2)"`
	Months         int                 `json:"months"`
	Categories     []policy.CategoryID `json:"categories" nullable:"false"`
	Blocked        string              `json:"blocked,omitempty" doc:"why no contract can be offered now"`
	Holder         *Holder             `json:"holder,omitempty"`
}

func viewDraft(p text.Printer, d contract.Draft) ContractDraft {
	v := ContractDraft{VendorID: d.VendorID, VendorName: d.Vendor.Name, Mode: d.Mode, FeeBasisPoints: d.FeeBasisPoints, Deposit: d.Deposit,
		RequiredBy: d.RequiredBy, Months: d.Months, Categories: append([]policy.CategoryID{}, d.Categories...)}
	var told *fault.Error
	if errors.As(d.Blocked, &told) {
		v.Blocked = p.Say(told.Message)
	}
	if d.Holder != "" {
		v.Holder = &Holder{ID: d.Holder, Name: d.HolderName}
	}
	return v
}

func (a *API) contractRoutes() {
	get(a, route{path: "/contract", tag: "contract", id: "get-contract", summary: "The contract in force and the offer that waits to be signed"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (contract.Desk, error) {
			return contract.Mine(ctx, tx, by)
		}, viewDesk)
	act(a, route{path: "/contract/send-code", tag: "contract", id: "send-contract-code", summary: "Send a code by SMS to the owner's phone, to sign with (O-4)"}, now(contract.AskCode), viewContract)
	post(a, route{path: "/contract/sign", tag: "contract", id: "sign-contract", summary: "Sign the offer online: its hash, the code and consent (O-4)"}, now(contract.Sign), viewContract)
	post(a, route{path: "/contract/scan", tag: "contract", id: "upload-signed-contract", summary: "Hand in the scan of a contract signed on paper (O-4)"}, now(contract.Upload), viewContract)

	const tag = "operator/contracts"
	get(a, route{path: "/operator/contracts", tag: tag, id: "list-contracts", summary: "Contracts, the latest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, f contract.Choice) (listed[contractAt], error) {
			f.Limit = upTo(f.Limit)
			list, err := contract.All(ctx, tx, by, f)
			out := listed[contractAt]{limit: f.Limit}
			for _, c := range list {
				out.all = append(out.all, contractAt{c.Contract, c.VendorName, tx.Now()})
			}
			return out, err
		}, paged(func(c contractAt) string { return c.ID }, viewContract))
	get(a, route{path: "/operator/contracts/queue", tag: tag, id: "list-contract-tasks", summary: "Vendors that wait for a contract, and scans that wait to be confirmed"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, f contract.Filter) (listed[contract.Item], error) {
			if f.Holder == "me" {
				f.Holder = by.ID
			}
			f.Limit = upTo(f.Limit)
			all, err := contract.List(ctx, tx, by, f)
			return listed[contract.Item]{all, f.Limit}, err
		}, paged(contract.Item.Cursor, viewTask))
	get(a, route{path: "/operator/contracts/queue/{id}", tag: tag, id: "get-contract-draft", summary: "What an offer to this vendor would say"}, contract.Prepare, viewDraft)
	act(a, route{path: "/operator/contracts/queue/{id}/claim", tag: tag, id: "claim-contract", summary: "Take a vendor's contract to work on"}, contract.Claim, viewTask)
	act(a, route{path: "/operator/contracts/queue/{id}/release", tag: tag, id: "release-contract", summary: "Put a vendor's contract back into the queue"}, contract.Release, viewTask)
	post(a, route{path: "/operator/contracts", tag: tag, id: "offer-contract", summary: "Offer a contract; what is left out is as policy and application say (O-4)", status: 201}, now(contract.Offer), viewContract)
	get(a, route{path: "/operator/contracts/{id}", tag: tag, id: "get-contract-by-id", summary: "One contract"},
		now(func(ctx context.Context, tx *db.Tx, by access.Actor, in contract.Turn) (contract.Contract, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return contract.Contract{}, err
			}
			return contract.Get(ctx, tx, by, in)
		}), viewContract)
	post(a, route{path: "/operator/contracts/{id}/withdraw", tag: tag, id: "withdraw-contract", summary: "Withdraw an offer before it is signed"}, now(contract.Withdraw), viewContract)
	post(a, route{path: "/operator/contracts/{id}/scan", tag: tag, id: "upload-contract-scan", summary: "Hand in a signed contract that came by post"}, now(contract.Upload), viewContract)
	post(a, route{path: "/operator/contracts/{id}/return", tag: tag, id: "return-contract-scan", summary: "Send a scan back with the reason"}, now(contract.Return), viewContract)
	post(a, route{path: "/operator/contracts/{id}/confirm", tag: tag, id: "confirm-contract", summary: "Confirm a contract signed on paper (O-4)"}, now(contract.Confirm), viewContract)
}
