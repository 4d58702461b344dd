package bankfile_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout/bankfile"
)

// node is an element of a message.
type node struct {
	name     string
	attr     map[string]string
	text     string
	children []*node
}

// child is what the schema says of a child: its name, how often it must and may
// stand there, and its own content.
type child struct {
	name      string
	least     int
	most      int // 0 is without end
	of        []child
	value     *regexp.Regexp // of a leaf
	longest   int            // of a leaf, in characters
	attribute string
}

var (
	anyText  = regexp.MustCompile(`(?s)^.+$`)
	number   = regexp.MustCompile(`^[0-9]{1,15}$`)
	decimal  = regexp.MustCompile(`^[0-9]{1,16}\.[0-9]{2}$`)
	date     = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	dateTime = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$`)
	boolean  = regexp.MustCompile(`^(true|false)$`)
)

func leaf(name string, least, longest int, value *regexp.Regexp) child {
	return child{name: name, least: least, most: 1, value: value, longest: longest}
}

func group(name string, least, most int, of ...child) child {
	return child{name: name, least: least, most: most, of: of}
}

// schema is the part of pain.001 that concerns us, copied by hand from the message
// definition: order, cardinality and lengths.
func schema(format bankfile.Format) child {
	bic, lei := leaf("BIC", 0, 11, anyText), []child{}
	execution := leaf("ReqdExctnDt", 1, 10, date)
	if format == bankfile.Pain09 {
		bic.name = "BICFI"
		lei = []child{leaf("LEI", 0, 20, anyText)}
		execution = group("ReqdExctnDt", 1, 1, leaf("Dt", 1, 10, date))
	}
	institution := append([]child{bic, group("ClrSysMmbId", 0, 1, group("ClrSysId", 0, 1, leaf("Cd", 1, 5, anyText)), leaf("MmbId", 1, 35, anyText))}, lei...)
	institution = append(institution, leaf("Nm", 0, 140, anyText))
	agent := func(name string, least int) child {
		return group(name, least, 1, group("FinInstnId", 1, 1, institution...))
	}
	account := func(name string, least int) child {
		return group(name, least, 1, group("Id", 1, 1, group("Othr", 1, 1, leaf("Id", 1, 34, anyText))), leaf("Ccy", 0, 3, regexp.MustCompile(`^[A-Z]{3}$`)))
	}
	party := func(name string, least int) child { return group(name, least, 1, leaf("Nm", 0, 140, anyText)) }
	amount := leaf("InstdAmt", 1, 19, decimal)
	amount.attribute = "Ccy"
	return group("Document", 1, 1, group("CstmrCdtTrfInitn", 1, 1,
		group("GrpHdr", 1, 1, leaf("MsgId", 1, 35, anyText), leaf("CreDtTm", 1, 30, dateTime), leaf("NbOfTxs", 1, 15, number), leaf("CtrlSum", 0, 19, decimal), party("InitgPty", 1)),
		group("PmtInf", 1, 0, leaf("PmtInfId", 1, 35, anyText), leaf("PmtMtd", 1, 3, regexp.MustCompile(`^(CHK|TRF|TRA)$`)), leaf("BtchBookg", 0, 5, boolean),
			leaf("NbOfTxs", 0, 15, number), leaf("CtrlSum", 0, 19, decimal), execution, party("Dbtr", 1), account("DbtrAcct", 1), agent("DbtrAgt", 1),
			leaf("ChrgBr", 0, 4, regexp.MustCompile(`^(DEBT|CRED|SHAR|SLEV)$`)),
			group("CdtTrfTxInf", 1, 0, group("PmtId", 1, 1, leaf("InstrId", 0, 35, anyText), leaf("EndToEndId", 1, 35, anyText)),
				group("Amt", 1, 1, amount), agent("CdtrAgt", 0), party("Cdtr", 0), account("CdtrAcct", 0), group("RmtInf", 0, 1, leaf("Ustrd", 0, 140, anyText))))))
}

// against compares a message with the schema and names the first difference.
func (c child) against(n *node, path string) error {
	path += "/" + n.name
	if c.value != nil {
		switch {
		case len(n.children) > 0:
			return fmt.Errorf("%s has children", path)
		case !c.value.MatchString(n.text) || utf8.RuneCountInString(n.text) > c.longest:
			return fmt.Errorf("%s: %q", path, n.text)
		case c.attribute != "" && len(n.attr[c.attribute]) != 3:
			return fmt.Errorf("%s has no %s", path, c.attribute)
		}
		return nil
	}
	if strings.TrimSpace(n.text) != "" {
		return fmt.Errorf("%s has text: %q", path, n.text)
	}
	rest := n.children
	for _, want := range c.of {
		found := 0
		for len(rest) > 0 && rest[0].name == want.name && (want.most == 0 || found < want.most) {
			if err := want.against(rest[0], path); err != nil {
				return err
			}
			rest, found = rest[1:], found+1
		}
		if found < want.least {
			return fmt.Errorf("%s: %d of %s, at least %d", path, found, want.name, want.least)
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("%s: %s stands where it may not", path, rest[0].name)
	}
	return nil
}

func parse(data []byte, space string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(string(data)))
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch x := tok.(type) {
		case xml.StartElement:
			if x.Name.Space != space {
				return nil, fmt.Errorf("%s is in the namespace %q", x.Name.Local, x.Name.Space)
			}
			n := &node{name: x.Name.Local, attr: make(map[string]string)}
			for _, a := range x.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(x)
		}
	}
	if len(root.children) != 1 {
		return nil, fmt.Errorf("%d roots", len(root.children))
	}
	return root.children[0], nil
}

// Rule D-10: a bank that reads the standard takes the file.
func TestPainKeepsToTheSchema(t *testing.T) {
	for _, format := range []bankfile.Format{bankfile.Pain03, bankfile.Pain09} {
		data, err := bankfile.Write(specimen(), format)
		if err != nil {
			t.Fatal(err)
		}
		n, err := parse(data, "urn:iso:std:iso:20022:tech:xsd:"+string(format))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema(format).against(n, ""); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		other := bankfile.Pain03
		if format == bankfile.Pain03 {
			other = bankfile.Pain09
		}
		if err := schema(other).against(n, ""); err == nil {
			t.Errorf("%s keeps to the schema of %s too: the check sees nothing", format, other)
		}
	}
}

// Whatever people and companies are called, a file that is written can be read.
func FuzzPain(f *testing.F) {
	f.Add("杭州云帆信息技术有限公司", "1202026219900012345", "退还保证金", int64(500000))
	f.Add(`<a>&"'`, "0", "]]>", int64(1))
	f.Add("㐂\u2028", "１２", "", int64(1<<62))
	f.Fuzz(func(t *testing.T, name, account, remark string, fen int64) {
		in := specimen()
		p := &in.Payments[0]
		p.To.Name, p.To.Number, p.Remark, p.Amount = name, account, remark, money.CNY(fen)
		in.Payments = in.Payments[:1]
		data, err := bankfile.Write(in, bankfile.Pain09)
		if err != nil {
			return
		}
		n, err := parse(data, "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09")
		if err != nil {
			t.Fatal(err)
		}
		payment := n.children[0].children[1].children
		last := payment[len(payment)-1]
		if got := last.children[3].children[0].text; got != name {
			t.Errorf("name %q, want %q", got, name)
		}
		whole, fraction, _ := strings.Cut(last.children[1].children[0].text, ".")
		sum, err := strconv.ParseInt(whole+fraction, 10, 64)
		if err != nil || sum != fen {
			t.Errorf("amount %s.%s, want %d fen", whole, fraction, fen)
		}
	})
}
