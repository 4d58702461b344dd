package statement

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// entry is a Ntry as it is read: what stands before its details, and the detail
// that waits to be known as the only one or as the first of several.
type entry struct {
	node
	movement        // of the whole
	waiting  *node  // the details so far, unless they became lines
	more     string // what the further details say
	details  int
	split    bool  // each detail has its amount and is a line
	sum      int64 // of the details' lines
	leftOut  bool
}

// entry reads one Ntry and hands over its line, or a line for each payment in it.
func (c *camt) entry() error {
	e := entry{}
	if c.skips {
		c.left.add(OtherAccount, c.other, 1)
		return c.in.skip()
	}
	ready := false
	err := c.in.kids(func(start xml.StartElement) error {
		if start.Name.Local != "NtryDtls" {
			n, err := c.in.element(start)
			if len(e.kids) >= maxNodes {
				return c.in.refuse("statement.xml_wide", maxNodes)
			}
			e.kids = append(e.kids, n)
			return err
		}
		if !ready {
			ready = true
			if err := c.head(&e); err != nil {
				return err
			}
		}
		if e.leftOut {
			return c.in.skip()
		}
		return c.in.kids(func(start xml.StartElement) error {
			n, err := c.in.element(start)
			if err != nil || n.name != "TxDtls" {
				return err
			}
			return c.detail(&e, n)
		})
	})
	if err == nil && !ready {
		err = c.head(&e)
	}
	if err != nil || e.leftOut {
		return err
	}
	return c.finish(&e)
}

// head reads what an entry says before its details.
func (c *camt) head(e *entry) error {
	status := e.first("Sts.Cd", "Sts.Prtry", "Sts")
	switch status {
	case "BOOK":
	case "PDNG", "FUTR", "INFO": // not booked: it comes again when it is
		c.left.add(Pending, "", 1)
		e.leftOut = true
		return nil
	default:
		return c.wrong("Sts", text.M("statement.want_status", []string{"BOOK", "PDNG", "FUTR", "INFO"}), status)
	}
	a, err := c.amount(e.node, "")
	if err != nil {
		return err
	}
	if a.Fen == 0 {
		c.left.add(Zero, "", 1)
		e.leftOut = true
		return nil
	}
	if e.credit, err = c.side(e.get("CdtDbtInd"), ""); err != nil {
		return err
	}
	if !e.credit {
		a = a.Neg()
	}
	booked := e.first("BookgDt.DtTm", "BookgDt.Dt", "ValDt.DtTm", "ValDt.Dt")
	if e.BookedOn, e.BookedAt, err = c.day(booked, "BookgDt"); err != nil {
		return err
	}
	switch s := e.get("RvslInd"); s {
	case "true", "1":
		e.Reversal = true
	case "", "false", "0":
	default:
		return c.wrong("RvslInd", text.M("statement.want_direction", []string{"true", "false"}), s)
	}
	e.Amount, e.Account, e.Ordinal = a, c.account, 1
	e.BankRef = reference(e.get("AcctSvcrRef"))
	return nil
}

// reference is a bank's number, "" where it only fills the place.
func reference(s string) string {
	c := code(s)
	switch c {
	case "NOTPROVIDED", "NONREF", "NOREF", "NONE":
		return ""
	}
	if noRef(c) {
		return ""
	}
	return c
}

// detail takes one TxDtls. Where the first two have amounts of their own each is a
// line; where neither has, they only describe the one entry.
func (c *camt) detail(e *entry, tx node) error {
	e.details++
	_, own := amountOf(tx)
	switch {
	case e.details == 1:
		e.waiting = &tx
		return nil
	case e.details == 2:
		_, first := amountOf(*e.waiting)
		if own != first {
			return c.wrong(fmt.Sprintf("NtryDtls/TxDtls[%d]", e.details), text.M("statement.want_all_amounts"), tx.get("Amt"))
		}
		e.split = own
		if e.split {
			if err := c.payment(e, *e.waiting, 1); err != nil {
				return err
			}
			e.waiting = nil
		}
	}
	if e.split {
		return c.payment(e, tx, e.details)
	}
	if own {
		return c.wrong(fmt.Sprintf("NtryDtls/TxDtls[%d]", e.details), text.M("statement.want_all_amounts"), "Amt")
	}
	// Only what they have to say is joined, as far as a line holds it.
	if rest := remarkOf(tx); len(e.more)+len(rest) < MaxField && !strings.Contains(e.more, rest) {
		e.more = strings.TrimSpace(e.more + " " + rest)
	}
	return nil
}

// amountOf returns the element whose Amt is a payment's own.
func amountOf(tx node) (node, bool) {
	if _, ok := tx.at("Amt"); ok {
		return tx, true
	}
	return tx.at("AmtDtls", "TxAmt")
}

// payment hands over one payment of a batch.
func (c *camt) payment(e *entry, tx node, n int) error {
	where := fmt.Sprintf("NtryDtls/TxDtls[%d]", n)
	mv := e.movement
	at, ok := amountOf(tx)
	if !ok {
		return c.wrong(where+"/Amt", text.M(wantAmount), "")
	}
	a, err := c.amount(at, where)
	if err != nil {
		return err
	}
	if word := tx.get("CdtDbtInd"); word != "" {
		if mv.credit, err = c.side(word, where); err != nil {
			return err
		}
	}
	if !mv.credit {
		a = a.Neg()
	}
	sum, fits := plus(e.sum, a.Fen)
	if !fits {
		return c.wrong(where+"/Amt", text.M(wantAmount), a.String())
	}
	e.sum = sum
	if a.Fen == 0 {
		c.left.add(Zero, "", 1)
		return nil
	}
	mv.Amount = a
	mv.BankRef = firstOf(reference(tx.first("Refs.AcctSvcrRef")), reference(tx.get("Refs", "TxId")))
	if mv.BankRef == "" || mv.BankRef == e.BankRef {
		mv.BankRef = ""
		if e.BankRef != "" {
			mv.BankRef = e.BankRef + "/" + strconv.Itoa(n)
		}
	}
	c.describe(&mv, tx)
	return c.line(e, mv, tx)
}

// finish hands over an entry that is one line, and checks one that was several.
func (c *camt) finish(e *entry) error {
	if e.split {
		if e.sum != e.Amount.Fen {
			sum := e.Amount
			sum.Fen = e.sum
			return fault.At("/"+c.path("NtryDtls"), "statement.details_differ", c.path("Amt"), e.Amount, sum)
		}
		return nil
	}
	mv := e.movement
	var tx node
	if e.waiting != nil {
		tx = *e.waiting
	}
	if mv.BankRef == "" {
		mv.BankRef = reference(tx.get("Refs", "AcctSvcrRef"))
	}
	if e.details <= 1 { // the details of several are nobody's in particular
		c.describe(&mv, tx)
	} else {
		mv.Remark = join(remarkOf(tx), e.more)
	}
	mv.Remark = join(mv.Remark, clean(e.get("AddtlNtryInf")))
	return c.line(e, mv, tx)
}

func (c *camt) line(e *entry, mv movement, tx node) error {
	if len(mv.Remark) > MaxField {
		return c.in.refuse("statement.xml_text", "RmtInf", MaxField>>10)
	}
	c.row++
	mv.No = c.row
	mv.Raw = raw(e.node, tx)
	return c.give(item{movement: mv})
}

// describe fills in who the other side is and what it says.
func (c *camt) describe(mv *movement, tx node) {
	side := "Dbtr"
	if !mv.credit {
		side = "Cdtr"
	}
	// What is returned still names the parties of the payment that it was.
	if other := "Cdtr"; mv.credit && code(partyAccount(tx, side)) == c.account && partyAccount(tx, other) != "" {
		side = other
	} else if !mv.credit && code(partyAccount(tx, side)) == c.account && partyAccount(tx, "Dbtr") != "" {
		side = "Dbtr"
	}
	p := "RltdPties." + side
	mv.PayerName = clean(tx.first(p+".Nm", p+".Pty.Nm", p+".Agt.FinInstnId.Nm", "RltdPties.Ultmt"+side+".Nm", "RltdPties.Ultmt"+side+".Pty.Nm"))
	mv.PayerAccount = code(partyAccount(tx, side))
	agent := "RltdAgts." + side + "Agt.FinInstnId"
	mv.PayerBank = clean(tx.first(agent+".Nm", agent+".BICFI", agent+".BIC", agent+".ClrSysMmbId.MmbId"))
	mv.Remark = remarkOf(tx)
	if _, returned := tx.at("RtrInf"); returned {
		mv.Reversal = true
	}
}

func partyAccount(tx node, side string) string {
	p := "RltdPties." + side + "Acct.Id"
	return tx.first(p+".IBAN", p+".Othr.Id")
}

// remarkOf joins what the payer and the bank say of a payment, each text once.
func remarkOf(tx node) string {
	var parts []string
	add := func(s string) {
		if s = clean(s); s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	info, _ := tx.at("RmtInf")
	for _, u := range info.all("Ustrd") {
		add(u.text)
	}
	for _, s := range info.all("Strd") {
		add(s.get("CdtrRefInf", "Ref"))
		for _, a := range s.all("AddtlRmtInf") {
			add(a.text)
		}
	}
	add(tx.get("AddtlTxInf"))
	if end := tx.get("Refs", "EndToEndId"); reference(end) != "" {
		add(end)
	}
	for _, r := range []string{tx.first("RtrInf.Rsn.Cd", "RtrInf.Rsn.Prtry"), tx.get("RtrInf", "AddtlInf")} {
		add(r)
	}
	return strings.Join(parts, " ")
}

// join puts two texts together, unless one holds the other.
func join(a, b string) string {
	switch {
	case b == "" || strings.Contains(a, b):
		return a
	case a == "":
		return b
	}
	return a + " " + b
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// maxRaw is how much of an entry is kept as the bank wrote it.
const maxRaw = 2 << 10

// raw writes the elements of an entry that have a text, as path=text.
func raw(e, tx node) string {
	var b strings.Builder
	var walk func(path string, n node)
	walk = func(path string, n node) {
		for _, k := range n.kids {
			if b.Len() > maxRaw {
				return
			}
			at := k.name
			if path != "" {
				at = path + "/" + k.name
			}
			if k.text != "" {
				b.WriteString(at + "=" + k.text + "; ")
			}
			walk(at, k)
		}
	}
	walk("", e)
	walk("TxDtls", tx)
	return strings.TrimSuffix(b.String(), "; ")
}
