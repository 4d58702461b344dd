package file

import (
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Purpose is what a document is for; it decides who may keep and see it.
type Purpose string

// The purposes of documents.
const (
	Licence        Purpose = "licence"         // 营业执照 scan
	Evidence       Purpose = "evidence"        // of an entry condition
	Contract       Purpose = "contract"        // the contract's PDF, ours
	SignedContract Purpose = "signed-contract" // the signed scan, or the PDF with its evidence page
	AccountProof   Purpose = "account-proof"   // the bank's certificate of a corporate account
	Voucher        Purpose = "voucher"         // proof of a transfer
	Receipt        Purpose = "receipt"         // 收据, ours
	Loss           Purpose = "loss"            // 遗失声明, a sealed statement that a receipt was lost
	Statement      Purpose = "statement"       // a bank statement, of the operator alone
	PaymentFile    Purpose = "payment-file"    // ours, for the bank
	ProductPicture Purpose = "product-picture" // public
	ProductPaper   Purpose = "product-paper"   // evidence and manuals of a product
	ShopLogo       Purpose = "shop-logo"       // public
	Violation      Purpose = "violation"       // proof of a violation, of staff
	Appeal         Purpose = "appeal"          // what an appeal rests on
	Seal           Purpose = "seal"            // the operator's 印章, for documents we make
	Mail           Purpose = "mail"            // a mail that came in, or its attachment, before it is a vendor's
	Takeout        Purpose = "takeout"         // a piece of what a company takes out; read by takeout alone
)

// rule is who may do what with the documents of one purpose.
type rule struct {
	act    access.Act          // what lets a vendor's person keep one; "" is never
	keep   []access.Permission // any of which lets staff keep one
	see    access.Permission   // what lets staff see one; "" is access.SeeVendors
	public bool                // anybody may see it, by Public
	quiet  bool                // the vendor's timeline does not tell that it was kept
	piece  bool                // of something whose owner keeps, sends and removes it: nobody gets it by its id
}

var purposes = map[Purpose]rule{
	Licence:        {act: access.Apply, keep: []access.Permission{access.ReviewApplications}},
	Evidence:       {act: access.Apply, keep: []access.Permission{access.ReviewApplications}},
	Contract:       {keep: []access.Permission{access.SendContracts}},
	SignedContract: {act: access.SignContract, keep: []access.Permission{access.SendContracts}},
	AccountProof:   {act: access.ChangeAccount, keep: []access.Permission{access.ConfirmMoney}},
	Voucher:        {act: access.PayDeposit, keep: []access.Permission{access.ImportMoney, access.HandleMail}},
	Loss:           {act: access.PayDeposit},
	Receipt:        {keep: []access.Permission{access.ConfirmMoney}},
	Statement:      {keep: []access.Permission{access.ImportMoney}, see: access.SeeMoney},
	PaymentFile:    {keep: []access.Permission{access.PayOut}, see: access.SeeMoney},
	ProductPicture: {act: access.EditProducts, keep: []access.Permission{access.ReviewProducts}, public: true},
	ProductPaper:   {act: access.EditProducts, keep: []access.Permission{access.ReviewProducts}},
	ShopLogo:       {act: access.EditProducts, keep: []access.Permission{access.ReviewProducts}, public: true},
	Violation:      {keep: []access.Permission{access.RecordViolations}, quiet: true},
	Appeal:         {act: access.Appeal},
	Seal:           {keep: []access.Permission{access.ManagePolicy}},
	Mail:           {keep: []access.Permission{access.HandleMail}, see: access.SeeMail},
	Takeout:        {piece: true},
}

// MayKeep refuses whoever may not keep a document of the purpose for the vendor.
func (p Purpose) MayKeep(by access.Actor, vendorID string) error {
	if err := by.SignedIn(); err != nil {
		return err
	}
	r, known := purposes[p]
	if !known {
		return fault.At("/purpose", "fault.unknown_choice", string(p))
	}
	switch {
	case by.Kind == access.Staff:
		if !slices.ContainsFunc(r.keep, by.May) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		return nil
	case by.Kind == access.Member && r.act == "":
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	return by.OwnsVendor(vendorID, r.act)
}

// maySee refuses whoever may not see a vendor's document of the purpose.
func (p Purpose) maySee(by access.Actor, vendorID string) error {
	r := purposes[p]
	if r.piece {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if by.Kind == access.Staff && r.see != "" {
		return by.Require(r.see)
	}
	return by.Sees(vendorID)
}
