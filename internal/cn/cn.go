// Package cn reads and writes the data formats of Chinese business life: the
// unified social credit code of a company, bank branch codes and account
// numbers, phones, ICP filings, company names and amounts in capitals. It is
// pure: it knows the formats, not whether such a company or account exists.
//
// Every refusal is a fault of kind Invalid whose sentence says what would mend it.
package cn
