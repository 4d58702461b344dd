package mailbox

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Fit is how sure it is that a letter is of its vendor.
type Fit string

// The fits.
const (
	NoFit    Fit = "none"     // nobody was found
	Doubtful Fit = "doubtful" // a person looks
	Certain  Fit = "certain"  // two signs agree and none speaks against it
	ByPerson Fit = "chosen"   // by a person
)

// Label is the fit's name in the catalogue.
func (f Fit) Label() text.Key { return text.Key("mailbox.fit_" + string(f)) }

// Sign is what points at a vendor.
type Sign string

// The signs.
const (
	ByID     Sign = "id"     // the account id is of the vendor
	ByName   Sign = "name"   // the company's name is the vendor's
	BySender Sign = "sender" // the sender's mailbox is registered with the vendor
)

// Label is the sign's name in the catalogue.
func (s Sign) Label() text.Key { return text.Key("mailbox.sign_" + string(s)) }

// Doubt is why a letter is not certainly a vendor's.
type Doubt string

// The doubts.
const (
	OneSign       Doubt = "one_sign"      // only one of the three says so
	OnlySender    Doubt = "only_sender"   // and that is the sender alone, which can be forged
	Contradiction Doubt = "contradiction" // the signs point at several vendors
	UnknownID     Doubt = "unknown_id"    // the account id is nobody's
	UnknownName   Doubt = "unknown_name"  // no vendor has the company's name
	TwoNames      Doubt = "two_names"     // subject and body name different companies
	SeveralNamed  Doubt = "several_so_named"
)

// Label is the doubt's sentence in the catalogue.
func (d Doubt) Label() text.Key { return text.Key("mailbox.doubt_" + string(d)) }

// Candidate is a vendor that a letter may be of.
type Candidate struct {
	VendorID string
	Name     string
	Signs    []Sign
}

// found is the result of matching.
type found struct {
	VendorID   string
	Fit        Fit
	Doubts     []Doubt
	Candidates []Candidate
}

func (f *found) point(vendorID string, s Sign) {
	i := slices.IndexFunc(f.Candidates, func(c Candidate) bool { return c.VendorID == vendorID })
	if i < 0 {
		f.Candidates = append(f.Candidates, Candidate{VendorID: vendorID})
		i = len(f.Candidates) - 1
	}
	if !slices.Contains(f.Candidates[i].Signs, s) {
		f.Candidates[i].Signs = append(f.Candidates[i].Signs, s)
	}
}

func (f *found) doubt(d Doubt) {
	if !slices.Contains(f.Doubts, d) {
		f.Doubts = append(f.Doubts, d)
	}
}

// match finds the vendors a letter may be of: by account id, by name, by sender.
// Rule D-6.
func match(ctx context.Context, tx *db.Tx, c Content) (found, error) {
	f := found{Fit: NoFit}
	id := strings.ToLower(c.Fields.AccountID)
	if id != "" {
		v, err := vendorOfID(ctx, tx, id)
		if err != nil {
			return f, err
		}
		if v == "" {
			f.doubt(UnknownID)
		} else {
			f.point(v, ByID)
		}
	}
	for _, name := range []string{c.Company, c.Fields.Company} {
		ids, err := vendor.ByName(ctx, tx, name)
		if err != nil {
			return f, err
		}
		switch {
		case name == "":
		case len(ids) == 0:
			f.doubt(UnknownName)
		case len(ids) > 1:
			f.doubt(SeveralNamed)
		}
		for _, v := range ids {
			f.point(v, ByName)
		}
	}
	if err := f.sender(ctx, tx, c.From.Mail); err != nil {
		return f, err
	}
	if slices.Contains(c.Problems, letter.TwoCompanies) {
		f.doubt(TwoNames)
	}
	f.conclude()
	return f, nil
}

func vendorOfID(ctx context.Context, tx *db.Tx, id string) (string, error) {
	a, err := account.Load(ctx, tx, id)
	if err == nil && a.VendorID != "" {
		return a.VendorID, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	v, err := vendor.Load(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return v.ID, err
}

// sender points at the vendor whose person wrote, and at the candidates that named
// the mailbox as their contact.
func (f *found) sender(ctx context.Context, tx *db.Tx, mail string) error {
	if mail == "" {
		return nil
	}
	a, err := account.MemberByMail(ctx, tx, mail)
	switch {
	case err == nil:
		f.point(a.VendorID, BySender)
	case !fault.Is(err, fault.NotFound):
		return err
	}
	for _, c := range slices.Clone(f.Candidates) {
		v, err := vendor.Load(ctx, tx, c.VendorID)
		if err != nil {
			return err
		}
		if same(v.Company.Contact.Mail, mail) || same(v.Company.ServiceMail, mail) {
			f.point(v.ID, BySender)
		}
	}
	return nil
}

// same reports whether two mailboxes are one; outside of ASCII only what is alike is
// the same, since some letters fold to ASCII.
func same(a, b string) bool {
	return a == b || strings.EqualFold(a, b) && !strings.ContainsFunc(a+b, func(c rune) bool { return c >= utf8.RuneSelf })
}

// conclude is the rule: two signs that agree and nothing against them are certain.
func (f *found) conclude() {
	switch len(f.Candidates) {
	case 0:
		return
	case 1:
		c := f.Candidates[0]
		f.VendorID = c.VendorID
		if len(c.Signs) == 1 {
			if c.Signs[0] == BySender {
				f.doubt(OnlySender)
			} else {
				f.doubt(OneSign)
			}
		}
	default:
		f.doubt(Contradiction)
		best := slices.MaxFunc(f.Candidates, func(a, b Candidate) int { return len(a.Signs) - len(b.Signs) })
		if len(best.Signs) > 1 {
			f.VendorID = best.VendorID
		}
	}
	f.Fit = Certain
	if len(f.Doubts) > 0 {
		f.Fit = Doubtful
	}
}

// senderOf reports whether the mailbox is registered with the vendor.
func senderOf(ctx context.Context, tx *db.Tx, vendorID, mail string) (bool, error) {
	if vendorID == "" || mail == "" {
		return false, nil
	}
	f := found{Candidates: []Candidate{{VendorID: vendorID}}}
	if err := f.sender(ctx, tx, mail); err != nil {
		return false, err
	}
	return slices.Contains(f.Candidates[0].Signs, BySender), nil
}
