package payment

import (
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Reason is why a proposal is not certain. It holds no name and no account.
type Reason struct {
	Code ReasonCode `json:"code"`
	Due  int64      `json:"due_fen,omitempty"`  // of amounts: what was expected
	Way  string     `json:"way,omitempty"`      // of a way without a payer account
	Also int        `json:"subjects,omitempty"` // of several candidates: how many
}

// ReasonCode names a reason.
type ReasonCode string

// The reasons for doubt (D-5, D-7).
const (
	OtherPayer    ReasonCode = "other_payer"    // the name is not the company's
	OtherAccount  ReasonCode = "other_account"  // the account is not the corporate account
	MaskedAccount ReasonCode = "masked_account" // the bank hides so much that it cannot be compared
	NoAccount     ReasonCode = "no_account"     // no payer account: cash, cheque, Tenpay
	Remitter      ReasonCode = "remitter"       // the name is that of a remitter that was stated
	TooLittle     ReasonCode = "too_little"
	TooMuch       ReasonCode = "too_much"
	NothingDue    ReasonCode = "nothing_due"
	Candidates    ReasonCode = "candidates"     // more than one may have paid it
	StrangeRef    ReasonCode = "strange_ref"    // the reference in the remark is not this payer's
	ByHand        ReasonCode = "by_hand"        // nothing in the line itself points to the subject
	OtherCurrency ReasonCode = "other_currency" // cannot be compared with what is due
	OtherCity     ReasonCode = "other_city"     // paid in a way that is not for that city
	OneOfShares   ReasonCode = "share"          // a part of a line that a person split
)

// Rule is the id of the rule the reason rests on.
func (r Reason) Rule() string {
	switch r.Code {
	case OtherPayer, OtherAccount, MaskedAccount, NoAccount, Remitter:
		return "D-5"
	case TooLittle, TooMuch, NothingDue:
		return "D-12"
	case OtherCity:
		return "D-4"
	}
	return "D-7"
}

// Message is the reason in words; the policy names the ways to pay.
func (r Reason) Message(p policy.Policy) text.Message {
	key := text.Key("payment.reason_" + string(r.Code))
	switch r.Code {
	case TooLittle, TooMuch:
		return text.M(key, money.CNY(r.Due))
	case Candidates:
		return text.M(key, r.Also)
	case OtherCity:
		w, _ := p.Way(r.Way)
		return text.M(key, text.Named{ZH: w.Name.ZH, EN: w.Name.EN}, w.City)
	case NoAccount:
		if w, ok := p.Way(r.Way); ok && w.Doubtful {
			return text.M("payment.reason_no_account_way", text.Named{ZH: w.Name.ZH, EN: w.Name.EN})
		}
	}
	return text.M(key)
}

// verdict is what the comparison of a line with what is expected comes to.
type verdict struct {
	state   State
	subject string
	reasons []Reason
}

// judge finds whom a credit line is from among announcements that may fit: by the
// reference in the remark, else by the payer's account, else by the payer's name.
// Only what fits in payer, account and amount is certain. Rules D-5 and D-7.
func judge(l Line, expected []Announcement) verdict {
	expected = slices.DeleteFunc(slices.Clone(expected), func(a Announcement) bool { return slices.Contains(l.Withdrawn, a.Subject) })
	for _, by := range []func(Line, Announcement) bool{byReference, byAccount, byName} {
		found := slices.Clone(expected)
		found = slices.DeleteFunc(found, func(a Announcement) bool { return !by(l, a) })
		switch len(found) {
		case 0:
			continue
		case 1:
			return weigh(l, found[0])
		}
		// Several: what is due may tell them apart, but never with certainty.
		fits := slices.DeleteFunc(slices.Clone(found), func(a Announcement) bool { return !exact(l.Amount, a.Expected) })
		if len(fits) == 0 {
			fits = found
		}
		v := weigh(l, fits[0])
		v.state = Doubtful
		v.reasons = append([]Reason{{Code: Candidates, Also: len(found)}}, v.reasons...)
		return v
	}
	return verdict{state: Unknown}
}

func exact(a, b money.Amount) bool { return a.SameCurrency(b) && a.Cmp(b) == 0 }

func byReference(l Line, a Announcement) bool { return slices.Contains(l.References, a.Reference) }

func byAccount(l Line, a Announcement) bool {
	account := foldAccount(l.Payer.Account)
	return account != "" && account == foldAccount(a.PayerAccount)
}

func byName(l Line, a Announcement) bool {
	name := cn.NameKey(l.Payer.Name)
	return name != "" && (name == cn.NameKey(a.PayerName) || remits(name, a))
}

func remits(folded string, a Announcement) bool {
	return slices.ContainsFunc(a.Remitters, func(r string) bool { return folded == cn.NameKey(r) })
}

// weigh compares a line with the one announcement it is proposed for.
func weigh(l Line, a Announcement) verdict {
	v := verdict{state: Certain, subject: a.Subject}
	doubt := func(r Reason) { v.state, v.reasons = Doubtful, append(v.reasons, r) }
	name := cn.NameKey(l.Payer.Name)
	switch {
	case name == cn.NameKey(a.PayerName) && name != "":
	case remits(name, a):
		doubt(Reason{Code: Remitter})
	default:
		doubt(Reason{Code: OtherPayer})
	}
	switch mine, theirs := foldAccount(l.Payer.Account), foldAccount(a.PayerAccount); {
	case mine == "":
		doubt(Reason{Code: NoAccount, Way: a.Way}) // D-5: always doubtful
	case strings.Contains(mine, "*"):
		if fits, clear := unmask(mine, theirs); !fits {
			doubt(Reason{Code: OtherAccount})
		} else if !clear {
			doubt(Reason{Code: MaskedAccount})
		}
	case mine != theirs:
		doubt(Reason{Code: OtherAccount})
	}
	switch {
	case !l.Amount.SameCurrency(a.Expected):
		doubt(Reason{Code: OtherCurrency})
	case a.Expected.Fen == 0:
		doubt(Reason{Code: NothingDue})
	case l.Amount.Cmp(a.Expected) < 0:
		doubt(Reason{Code: TooLittle, Due: a.Expected.Fen})
	case l.Amount.Cmp(a.Expected) > 0:
		doubt(Reason{Code: TooMuch, Due: a.Expected.Fen})
	}
	if len(l.References) > 0 && !byReference(l, a) {
		doubt(Reason{Code: StrangeRef})
	}
	if a.Elsewhere != "" {
		doubt(Reason{Code: OtherCity, Way: a.Way})
	}
	return v
}

// visible is how many digits of a masked account must show to take it for the same.
const visible = 6

// unmask compares an account that the bank partly hides with a whole one: whether
// what shows fits, and whether enough shows.
func unmask(masked, whole string) (fits, clear bool) {
	first, last := masked[:strings.Index(masked, "*")], masked[strings.LastIndex(masked, "*")+1:]
	fits = len(first)+len(last) <= len(whole) && strings.HasPrefix(whole, first) && strings.HasSuffix(whole, last)
	return fits, len(first)+len(last) >= visible && len(last) >= 4
}
