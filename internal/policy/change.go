package policy

// Changes says how the operator's rules themselves are changed.
type Changes struct {
	// TwoPeople asks for a second person at every change; those of money rules need
	// one always.
	TwoPeople bool `json:"two_people" rule:"money"`
}
