package contract

import (
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// document lays out the contract's PDF: the same contract gives the same bytes. A
// watermark, "" for none, says that it is not to be signed.
func (c Contract) document(p Particulars, watermark text.Key) ([]byte, error) {
	var out []byte
	for _, l := range c.Lang.texts() {
		part, err := c.part(p, l, watermark)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = part
			continue
		}
		if out, err = paper.AddPage(out, part); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// part is the document in one language.
func (c Contract) part(p Particulars, l text.Lang, watermark text.Key) ([]byte, error) {
	w, err := wordingOf(c.Template, p.Text, l, choice{
		Platform: c.Mode == policy.Platform, Deposit: !c.Deposit.IsZero(), Terms: c.Terms != "", Both: c.Lang == Both,
	})
	if err != nil {
		return nil, err
	}
	f := filler{values: c.values(p, l)}
	say := text.Printer{Lang: l, Zone: p.zone()}
	title := f.fill(w.title)
	d := paper.New(paper.Meta{Title: title + " " + c.Number, Author: p.Operator.Company, Subject: say.T("contract.pdf_subject"), Lang: l, Created: c.OfferedAt})
	d.Title(title, f.fill(w.sub))
	d.Line(say.T("contract.pdf_number", c.Number), say.T("contract.pdf_version", c.Template))
	d.KeyTable(c.operatorRows(p, say)...)
	d.KeyTable(c.vendorRows(p, say)...)
	d.KeyTable(c.gist(p, say)...)
	for _, s := range w.opening {
		d.Paragraph(f.fill(s))
	}
	d.Clauses(f.clauses(w.clauses)...)
	if f.err != nil {
		return nil, f.err
	}
	d.Heading(say.T("contract.pdf_schedule"))
	d.Table(c.schedule(p, say))
	if c.Terms != "" {
		d.Heading(say.T("contract.pdf_terms"))
		d.Paragraph(c.Terms)
	}
	d.Columns(c.signatures(p, say)...)
	d.Footer(c.Number, "")
	if watermark != "" {
		d.Watermark(say.T(watermark))
	}
	return d.Bytes()
}

func (c Contract) operatorRows(p Particulars, say text.Printer) []paper.Row {
	o := p.Operator
	return []paper.Row{
		{Label: say.T("contract.pdf_party_a"), Value: o.Company, Strong: true},
		{Label: say.T("contract.pdf_uscc"), Value: o.USCC},
		{Label: say.T("contract.pdf_address"), Value: o.Address},
		{Label: say.T("contract.pdf_reach"), Value: say.List([]string{o.Mail, o.Phone})},
	}
}

func (c Contract) vendorRows(p Particulars, say text.Printer) []paper.Row {
	v := p.Vendor
	return []paper.Row{
		{Label: say.T("contract.pdf_party_b"), Value: v.Name, Strong: true},
		{Label: say.T("contract.pdf_uscc"), Value: v.USCC},
		{Label: say.T("contract.pdf_legal"), Value: v.LegalPerson},
		{Label: say.T("contract.pdf_address"), Value: v.Address},
		{Label: say.T("contract.pdf_contact"), Value: say.List([]string{v.Contact.Name, phoneText(v.Contact.Phone), v.Contact.Mail})},
		{Label: say.T("contract.pdf_service"), Value: say.List([]string{phoneText(v.ServicePhone), v.ServiceMail})},
	}
}

// gist is what the contract says in five lines.
func (c Contract) gist(p Particulars, say text.Printer) []paper.Row {
	var names []string
	for _, s := range p.Standard {
		names = append(names, s.Name.In(say.Lang))
	}
	rate := text.Key("contract.pdf_rate_platform")
	if c.Mode == policy.Resale {
		rate = "contract.pdf_rate_resale"
	}
	deposit := say.T("contract.pdf_no_deposit")
	if !c.Deposit.IsZero() {
		deposit = say.T("contract.pdf_deposit_of", c.Deposit, c.Deposit.Capital())
	}
	return []paper.Row{
		{Label: say.T("contract.pdf_mode"), Value: say.T(ModeName(c.Mode))},
		{Label: say.T("contract.pdf_categories"), Value: say.List(names)},
		{Label: say.T("contract.pdf_fee"), Value: say.T(rate, c.Rate()), Strong: true},
		{Label: say.T("contract.pdf_deposit"), Value: deposit, Strong: true},
		{Label: say.T("contract.pdf_term"), Value: say.T("contract.pdf_term_of", c.Months)},
	}
}

// schedule is the deposit by category (D-1), and which one decides (D-2).
func (c Contract) schedule(p Particulars, say text.Printer) paper.Table {
	t := paper.Table{Columns: []paper.Column{
		{Title: say.T("contract.pdf_category"), Width: 2},
		{Title: say.T("contract.pdf_standard"), Width: 1.6, Align: paper.Right},
		{Title: say.T("contract.pdf_note"), Width: 3},
	}}
	for _, s := range p.Standard {
		note := ""
		switch {
		case c.FixedDeposit:
			note = say.T("contract.pdf_fixed")
		case s.Decides:
			note = say.T("contract.pdf_decides")
		}
		t.Rows = append(t.Rows, []string{s.Name.In(say.Lang), s.Deposit.In(say.Lang), note})
	}
	t.Total = []string{say.T("contract.pdf_due"), c.Deposit.In(say.Lang), ""}
	return t
}

func (c Contract) signatures(p Particulars, say text.Printer) []paper.Part {
	return []paper.Part{
		paper.Signature{Role: say.T("contract.pdf_sign_a"), Rows: []paper.Row{
			{Label: say.T("contract.pdf_company"), Value: p.Operator.Company},
			{Label: say.T("contract.pdf_date"), Value: say.Date(c.OfferedAt)},
		}, Seal: contractSeal(p)},
		paper.Signature{Role: say.T("contract.pdf_sign_b"), Rows: []paper.Row{
			{Label: say.T("contract.pdf_company"), Value: p.Vendor.Name},
			{Label: say.T("contract.pdf_representative")},
			{Label: say.T("contract.pdf_date")},
		}},
	}
}

// contractSeal is the operator's 合同专用章, in Chinese in either language as seals are.
func contractSeal(p Particulars) *paper.Seal {
	return &paper.Seal{Name: p.Operator.Company, Line: text.Printer{Lang: text.ZH}.T("contract.pdf_seal")}
}

// evidencePage is the page that is added behind a contract signed online: who
// signed, when, from where, and the hash of what was signed. Rule O-4.
func (c Contract) evidencePage(p Particulars, l text.Lang) ([]byte, error) {
	say := text.Printer{Lang: l, Zone: p.zone()}
	e := c.Evidence
	d := paper.New(paper.Meta{Title: say.T("contract.pdf_evidence") + " " + c.Number, Author: p.Operator.Company, Lang: l, Created: c.SignedAt})
	d.Title(say.T("contract.pdf_evidence"), say.T("contract.pdf_evidence_sub"))
	d.Line(say.T("contract.pdf_number", c.Number), say.T("contract.pdf_signed_on", c.SignedAt))
	d.KeyTable(
		paper.Row{Label: say.T("contract.pdf_ev_document"), Value: say.T("contract.pdf_ev_document_of", c.Number, c.Template)},
		paper.Row{Label: say.T("contract.pdf_ev_hash"), Value: hashText(e.Hash), Strong: true},
		paper.Row{Label: say.T("contract.pdf_party_a"), Value: p.Operator.Company},
		paper.Row{Label: say.T("contract.pdf_party_b"), Value: p.Vendor.Name},
	)
	d.KeyTable(
		paper.Row{Label: say.T("contract.pdf_ev_who"), Value: say.T("contract.pdf_ev_owner", e.Name)},
		paper.Row{Label: say.T("contract.pdf_ev_account"), Value: e.Account},
		paper.Row{Label: say.T("contract.pdf_ev_when"), Value: e.At.In(p.zone()).Format("2006-01-02 15:04:05 -07:00")},
		paper.Row{Label: say.T("contract.pdf_ev_where"), Value: addressText(e.Address, say)},
		paper.Row{Label: say.T("contract.pdf_ev_how"), Value: say.T("contract.pdf_ev_sms", e.Phone)},
		paper.Row{Label: say.T("contract.pdf_ev_consent"), Value: say.T("contract.consent", p.Vendor.Name)},
		paper.Row{Label: say.T("contract.pdf_term"), Value: say.T("contract.pdf_ev_term", c.SignedAt, c.Until)},
	)
	d.Note(say.T("contract.pdf_ev_note"))
	d.Columns(
		paper.Signature{Role: say.T("contract.pdf_sign_a"), Rows: []paper.Row{
			{Label: say.T("contract.pdf_company"), Value: p.Operator.Company},
			{Label: say.T("contract.pdf_date"), Value: say.Date(c.SignedAt)},
		}, Seal: contractSeal(p)},
		paper.Signature{Role: say.T("contract.pdf_signed_b"), Rows: []paper.Row{
			{Label: say.T("contract.pdf_company"), Value: p.Vendor.Name},
			{Label: say.T("contract.pdf_ev_who"), Value: e.Name},
			{Label: say.T("contract.pdf_date"), Value: say.Date(c.SignedAt)},
		}},
	)
	d.Footer(c.Number, e.Hash)
	return d.Bytes()
}

// hashText breaks a hash into groups that a person can compare.
func hashText(h string) string {
	var out []byte
	for i := range len(h) {
		if i > 0 && i%8 == 0 {
			out = append(out, ' ')
		}
		out = append(out, h[i])
	}
	return string(out)
}

func addressText(ip string, say text.Printer) string {
	if ip == "" {
		return say.T("contract.pdf_ev_nowhere")
	}
	return say.T("contract.pdf_ev_ip", ip)
}

// phoneText writes a mainland number as people there do.
func phoneText(phone string) string {
	const country = "+86"
	if len(phone) == len(country)+11 && phone[:len(country)] == country {
		return phone[len(country):]
	}
	return phone
}

// ModeName is a cooperation mode's name for people.
func ModeName(m policy.Mode) text.Key { return text.Key("contract.mode_" + string(m)) }
