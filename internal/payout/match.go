package payout

import (
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Kind is what a line of a statement is to a payout.
type Kind string

// The kinds of movement.
const (
	Debited  Kind = "debited"  // the money went out
	Returned Kind = "returned" // the bank sent it back (退汇)
)

// Label is the kind's word for people.
func (k Kind) Label() text.Key { return text.Key("payout.kind_" + string(k)) }

// Reason is why a proposal is not certain.
type Reason string

// The reasons for doubt (D-7).
const (
	NoReference  Reason = "no_reference"  // account, name and amount fit, but the reference is not there
	OtherAccount Reason = "other_account" // the account is not the payee's
	OtherName    Reason = "other_name"    // the name is not the payee's
	OtherAmount  Reason = "other_amount"
	Candidates   Reason = "candidates" // more than one may be it
	NotPaid      Reason = "not_paid"   // a return of what is not known to have gone out
	ByHand       Reason = "by_hand"    // nothing in the line points to the payout
)

// Label is the reason in words.
func (r Reason) Label() text.Key { return text.Key("payout.reason_" + string(r)) }

// verdict is what the comparison of a line with the payouts comes to.
type verdict struct {
	payout  Payout
	kind    Kind
	reasons []Reason
}

// judge finds the payout that a line may be of: by the reference in its remark,
// else by the account, else by the name, each with the amount; a credit only where
// the reference or the bank's words say that it is a return. Rules D-7 and D-10.
func judge(l payment.Line, all []Payout, words policy.Payouts) (verdict, bool) {
	kind, fen := Debited, -l.Amount.Fen
	if l.Amount.Fen > 0 {
		kind, fen = Returned, l.Amount.Fen
	}
	refs := reference.Find(l.Remark + " " + l.BankRef)
	for _, p := range all {
		if p.may(kind) && slices.Contains(refs, p.Reference) {
			return weigh(l, p, kind, fen), true
		}
	}
	if kind == Returned && !words.Bounces(l.Remark) {
		return verdict{}, false
	}
	for _, fits := range []func(payment.Line, Payout) bool{sameAccount, sameName} {
		var found []Payout
		for _, p := range all {
			if p.may(kind) && p.Amount.Fen == fen && fits(l, p) {
				found = append(found, p)
			}
		}
		if len(found) == 0 {
			continue
		}
		v := weigh(l, found[0], kind, fen)
		v.reasons = append([]Reason{NoReference}, v.reasons...)
		if len(found) > 1 {
			v.reasons = append([]Reason{Candidates}, v.reasons...)
		}
		return v, true
	}
	return verdict{}, false
}

// may reports whether a line of the kind can be the payout's next movement, at
// least when what stands before it on the same statement is matched.
func (p Payout) may(k Kind) bool {
	if k == Debited {
		return p.Status.Can(ActPay)
	}
	return p.Status == Paid || p.Status == Filed || p.Status == Approved
}

// weigh compares a line with the payout it is proposed for.
func weigh(l payment.Line, p Payout, kind Kind, fen int64) verdict {
	v := verdict{payout: p, kind: kind}
	if fen != p.Amount.Fen || l.Amount.Code() != p.Amount.Code() {
		v.reasons = append(v.reasons, OtherAmount)
	}
	if l.Payer.Account != "" && !sameAccount(l, p) && kind == Debited {
		v.reasons = append(v.reasons, OtherAccount)
	}
	if l.Payer.Name != "" && !sameName(l, p) && kind == Debited {
		v.reasons = append(v.reasons, OtherName)
	}
	if kind == Returned && p.Status != Paid {
		v.reasons = append(v.reasons, NotPaid)
	}
	return v
}

func sameName(l payment.Line, p Payout) bool { return cn.SameName(l.Payer.Name, p.To.Name) }

// sameAccount compares the other side's account, of which the bank may hide the middle.
func sameAccount(l payment.Line, p Payout) bool {
	shown := strings.Map(func(r rune) rune {
		if r == '*' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, l.Payer.Account)
	first, rest, masked := strings.Cut(shown, "*")
	if !masked {
		return shown != "" && shown == p.To.Number
	}
	last := rest[strings.LastIndex(rest, "*")+1:]
	return len(last) >= 4 && strings.HasPrefix(p.To.Number, first) && strings.HasSuffix(p.To.Number, last)
}
