package policy

// Mailbox are the rules of the mails in which vendors tell of paid deposits (D-6).
type Mailbox struct {
	// PresentItself lets a voucher be entered without a person where the letter leaves
	// nothing to judge; whether the money arrived is confirmed by people all the same.
	PresentItself bool `json:"present_itself" rule:"money"`
}
