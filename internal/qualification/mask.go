package qualification

import (
	"slices"

	"github.com/yunshi-market/yunshi/internal/vault"
)

// personal are the fields that only those who review an application see whole.
var personal = []string{"/company/legal_person", "/account/number", "/contact/name", "/contact/phone", "/contact/mail"}

// Personal reports whether a field holds personal or bank data.
func Personal(pointer string) bool { return slices.Contains(personal, pointer) }

// Masked is the paper for staff who look and do not review.
func (a Application) Masked() Application {
	a.Company.LegalPerson = vault.Mask(a.Company.LegalPerson, 1, 0)
	a.Account.Number = vault.MaskAccount(a.Account.Number)
	a.Contact.Name = vault.Mask(a.Contact.Name, 1, 0)
	a.Contact.Phone = vault.MaskPhone(a.Contact.Phone)
	a.Contact.Mail = vault.MaskMail(a.Contact.Mail)
	return a
}
