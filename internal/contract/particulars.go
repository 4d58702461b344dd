package contract

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Particulars is what a contract's document says of the parties, the categories and
// the operator's rules, as it was when the contract was offered.
type Particulars struct {
	Market   policy.Name     `json:"market"`
	Operator policy.Operator `json:"operator"`
	Payee    policy.Payee    `json:"payee"`
	Entry    policy.Entry    `json:"entry"`
	Zone     string          `json:"zone"`
	Vendor   vendor.Company  `json:"vendor"`
	Standard []Standard      `json:"standard"` // by category
	// Text is the operator's own text of the contract by language; none is a shipped one.
	Text map[string]string `json:"text,omitempty"`
	Days Days              `json:"days,omitzero"`
}

// Days are the periods that a contract names, in working days (D-10, D-11).
type Days struct {
	TopUp  int `json:"top_up"`
	Appeal int `json:"appeal"`
	Return int `json:"return"`
}

func daysOf(p policy.Policy) Days {
	return Days{TopUp: p.Violations.TopUpDays, Appeal: p.Violations.AppealDays, Return: p.Exit.ReturnWorkingDays}
}

// days are those of the offer; one that was made before they were kept has the
// shipped ones, which held then.
func (p Particulars) days() Days {
	if p.Days == (Days{}) {
		return daysOf(policy.Shipped())
	}
	return p.Days
}

// Standard is the deposit that a category asks for by itself (D-1).
type Standard struct {
	Category policy.CategoryID `json:"category"`
	Name     policy.Name       `json:"name"`
	Deposit  money.Amount      `json:"deposit"`
	Decides  bool              `json:"decides,omitempty"` // the highest (D-2)
}

func particularsOf(p policy.Policy, v vendor.Company, categories []policy.CategoryID) Particulars {
	out := Particulars{Market: p.Marketplace, Operator: p.Operator, Entry: p.Entry, Zone: p.Zone, Vendor: v}
	_, out.Text = textOf(p)
	out.Days = daysOf(p)
	if len(p.Payees) > 0 {
		out.Payee = p.Payees[0]
	}
	_, decides := p.Deposit(categories)
	for _, c := range p.Categories {
		if slices.Contains(categories, c.ID) {
			out.Standard = append(out.Standard, Standard{Category: c.ID, Name: c.Name, Deposit: c.Deposit(), Decides: c.ID == decides})
		}
	}
	return out
}

// zone is the operator's time zone on the day of the offer.
func (p Particulars) zone() *time.Location {
	if z, err := time.LoadLocation(p.Zone); err == nil {
		return z
	}
	return time.UTC
}

// written is every word of the parties that comes into the document, to be looked
// at for characters that cannot be printed.
func (p Particulars) written() string {
	v, o := p.Vendor, p.Operator
	return strings.Join([]string{v.Name, v.LegalPerson, v.Address, v.Contact.Name, v.Contact.Mail, v.ServiceMail, v.Account.Holder, v.Account.Bank, v.Account.Branch,
		o.Company, o.Address, o.Mail, p.Payee.Name, p.Payee.Bank}, "")
}

// values are what the blanks of the text are filled with in a language.
func (c Contract) values(p Particulars, l text.Lang) map[string]string {
	return map[string]string{
		"market": p.Market.In(l), "zone": p.Zone,
		"rate": c.Rate(), "deposit": c.Deposit.In(l), "deposit_capital": c.Deposit.Capital(), "months": strconv.Itoa(c.Months),
		"trade_years": strconv.Itoa(p.Entry.TradeYears), "service_days": strconv.Itoa(p.Entry.ServiceDays), "service_hours": strconv.Itoa(p.Entry.ServiceHours),
		"hours":      hoursText(text.Printer{Lang: l}, p.Vendor.Hours),
		"payee_name": p.Payee.Name, "payee_bank": p.Payee.Bank, "payee_account": p.Payee.Account,
		"vendor_account_holder": p.Vendor.Account.Holder, "vendor_account_bank": bankText(p.Vendor.Account), "vendor_account": p.Vendor.Account.Number,
		"top_up_days": strconv.Itoa(p.days().TopUp), "appeal_days": strconv.Itoa(p.days().Appeal), "return_days": strconv.Itoa(p.days().Return),
		"operator_mail": p.Operator.Mail, "contact_mail": p.Vendor.Contact.Mail, "service_mail": p.Vendor.ServiceMail,
	}
}

// bankText names a branch with its bank, which some write into the branch's name.
func bankText(a vendor.BankAccount) string {
	if strings.HasPrefix(a.Branch, a.Bank) {
		return a.Branch
	}
	return a.Bank + a.Branch
}

// hoursText writes a weekly timetable: 周一至周五 09:00–18:00；周六 10:00–16:00.
func hoursText(p text.Printer, w calendar.Week) string {
	var parts []string
	days := calendar.Weekdays()
	for i := 0; i < len(days); i++ {
		spans := spansText(w.On(days[i]))
		if spans == "" {
			continue
		}
		first := i
		for i+1 < len(days) && spansText(w.On(days[i+1])) == spans {
			i++
		}
		name := dayName(p, days[first])
		if i > first {
			name = p.T("contract.days", name, dayName(p, days[i]))
		}
		parts = append(parts, name+" "+spans)
	}
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, p.T("contract.semicolon"))
}

func dayName(p text.Printer, d time.Weekday) string {
	return p.T(text.Key("contract.day_" + calendar.WeekdayName(d)))
}

func spansText(spans []calendar.Span) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = s.String()
	}
	return strings.Join(parts, ", ")
}
