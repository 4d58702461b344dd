package bankfile

import (
	"encoding/xml"
	"io"
	"strconv"
	"time"
)

// The elements of pain.001 that we write, in the schema's order. Both versions have
// them; they differ in the namespace and in how the day is written.
type document struct {
	XMLName    xml.Name   `xml:"Document"`
	Namespace  string     `xml:"xmlns,attr"`
	Initiation initiation `xml:"CstmrCdtTrfInitn"`
}

type initiation struct {
	Header  header      `xml:"GrpHdr"`
	Payment instruction `xml:"PmtInf"`
}

type header struct {
	MessageID string `xml:"MsgId"`
	Made      string `xml:"CreDtTm"`
	Count     string `xml:"NbOfTxs"`
	Sum       string `xml:"CtrlSum"`
	Initiator holder `xml:"InitgPty"`
}

type holder struct {
	Name string `xml:"Nm"`
}

type instruction struct {
	ID        string     `xml:"PmtInfId"`
	Method    string     `xml:"PmtMtd"`
	Batch     bool       `xml:"BtchBookg"`
	Count     string     `xml:"NbOfTxs"`
	Sum       string     `xml:"CtrlSum"`
	Day       day        `xml:"ReqdExctnDt"`
	Debtor    holder     `xml:"Dbtr"`
	Account   account    `xml:"DbtrAcct"`
	Agent     agent      `xml:"DbtrAgt"`
	Charges   string     `xml:"ChrgBr"`
	Transfers []transfer `xml:"CdtTrfTxInf"`
}

// day is a date by itself in version 03 and in an element of its own in 09.
type day struct {
	Text string `xml:",chardata"`
	Date string `xml:"Dt,omitempty"`
}

type account struct {
	ID       other  `xml:"Id>Othr"`
	Currency string `xml:"Ccy,omitempty"`
}

type other struct {
	ID string `xml:"Id"`
}

type agent struct {
	Bank bank `xml:"FinInstnId"`
}

type bank struct {
	Member *member `xml:"ClrSysMmbId"`
	Name   string  `xml:"Nm,omitempty"`
}

type member struct {
	System string `xml:"ClrSysId>Cd"`
	ID     string `xml:"MmbId"`
}

type transfer struct {
	InstructionID string  `xml:"PmtId>InstrId"`
	EndToEndID    string  `xml:"PmtId>EndToEndId"`
	Amount        amount  `xml:"Amt>InstdAmt"`
	Agent         agent   `xml:"CdtrAgt"`
	Creditor      holder  `xml:"Cdtr"`
	Account       account `xml:"CdtrAcct"`
	Remark        string  `xml:"RmtInf>Ustrd,omitempty"`
}

type amount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

// cnaps is the code of China's clearing system among ISO 20022's external codes.
const cnaps = "CNAPS"

func (p Party) agent() agent {
	a := agent{bank{Name: p.Bank}}
	if p.CNAPS != "" {
		a.Bank.Member = &member{cnaps, p.CNAPS}
	}
	return a
}

func (p Party) account(currency string) account {
	return account{ID: other{p.Number}, Currency: currency}
}

// pain writes the message: one instruction, each transfer booked by itself, so that
// the statement names each reference; charges are the payer's, since what is
// returned is returned in full (D-10).
func (f File) pain(w io.Writer, format Format) error {
	count, sum := strconv.Itoa(len(f.Payments)), decimal(f.Total())
	on := day{Text: f.Day.String()}
	if format == Pain09 {
		on = day{Date: f.Day.String()}
	}
	m := document{Namespace: "urn:iso:std:iso:20022:tech:xsd:" + string(format), Initiation: initiation{
		Header: header{f.Number, f.Made.Format(time.RFC3339), count, sum, holder{f.From.Name}},
		Payment: instruction{
			ID: f.Number, Method: "TRF", Count: count, Sum: sum, Day: on,
			Debtor: holder{f.From.Name}, Account: f.From.account("CNY"), Agent: f.From.agent(), Charges: "DEBT",
		},
	}}
	for _, p := range f.Payments {
		m.Initiation.Payment.Transfers = append(m.Initiation.Payment.Transfers, transfer{
			InstructionID: p.Reference, EndToEndID: p.Reference, Amount: amount{p.Amount.Code(), decimal(p.Amount.Fen)},
			Agent: p.To.agent(), Creditor: holder{p.To.Name}, Account: p.To.account(""), Remark: p.Remark,
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(m); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
