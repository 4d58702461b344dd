package market

import "github.com/yunshi-market/yunshi/internal/mailbox"

// Letters is how the operator's mailbox is read (D-6).
type Letters struct {
	Trusted string // name of the receiving server in Authentication-Results; "" trusts none
	Domain  string // of our own mails
}

// box is where mails are received.
func (m *Market) box() mailbox.Box {
	return mailbox.Box{Files: m.Files, Trusted: m.Config.Letters.Trusted, Domain: m.Config.Letters.Domain}
}
