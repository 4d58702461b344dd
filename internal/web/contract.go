package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// ContractStatus is a contract's status in words; a signed one whose term has run
// out says so.
func ContractStatus(p text.Printer, c contract.Contract, now time.Time) ui.Status {
	s := ui.Status{Label: p.T(c.Status.Name())}
	switch c.Status {
	case contract.Preparing, contract.AtOffice:
		s.Tone = ui.Info
	case contract.AtVendor:
		s.Tone = ui.Warn
	case contract.InForce:
		s.Tone = ui.OK
		if !contract.InTerm(c, now) {
			return ui.Status{Label: p.T("web_contract.ended"), Tone: ui.Bad}
		}
	}
	return s
}

// ContractFigures is what a contract says at a glance: mode, fee, deposit, term.
func ContractFigures(p text.Printer, c contract.Contract) []ui.Figure {
	fee := p.T("web_contract.fee_note")
	deposit := p.T("web_contract.deposit_highest")
	switch {
	case c.Deposit.IsZero():
		deposit = p.T("web_contract.deposit_none")
	case c.FixedDeposit:
		deposit = p.T("web_contract.deposit_fixed")
	}
	term := p.T("web_contract.term_from_signing")
	if !c.SignedAt.IsZero() {
		term = p.T("web_contract.term_days", c.SignedAt, c.Until)
	}
	mode := ui.Figure{Label: p.T("web_contract.mode"), Value: p.T(contract.ModeName(c.Mode)), Note: p.T("web_contract.mode_platform")}
	if c.Mode == policy.Resale {
		mode.Note = p.T("web_contract.mode_resale")
	}
	return []ui.Figure{
		mode,
		{Label: p.T("web_contract.fee"), Value: c.Rate(), Note: fee},
		{Label: p.T("web_contract.deposit"), Value: c.Deposit.In(p.Lang), Note: deposit},
		{Label: p.T("web_contract.term"), Value: strconv.Itoa(c.Months), Unit: p.T("web_contract.months"), Note: term},
	}
}

// PDFView asks a browser's reader to show a PDF by its width, without a column of pictures.
const PDFView = "#navpanes=0&view=FitH"

// ContractDocuments are the documents of a contract to be looked at: the signed copy
// or the scan first, then the document as offered. Pick is the page's address, up to
// the number of the document.
func ContractDocuments(p text.Printer, c contract.Contract, scan file.File, pick string) []ui.Document {
	var docs []ui.Document
	add := func(label text.Key, id, name, note string, image bool) {
		href := "/files/" + id
		if !image {
			href += PDFView
		}
		docs = append(docs, ui.Document{Label: p.T(label), Href: href, Pick: pick + strconv.Itoa(len(docs)), Name: name, Note: note, Image: image})
	}
	if c.SignedFileID != "" && c.Way == contract.Online {
		add("web_contract.doc_signed", c.SignedFileID, c.Number+"-signed.pdf", p.T("web_contract.doc_signed_note"), false)
	}
	if scan.ID != "" {
		add("web_contract.doc_scan", scan.ID, scan.Name, p.T("web_contract.doc_scan_note", p.Time(scan.MadeAt)), scan.Type != file.PDF)
	}
	if c.FileID != "" {
		add("web_contract.doc_original", c.FileID, c.Number+".pdf", p.T("web_contract.doc_original_note", c.Template), false)
	}
	return docs
}

// Scan reads the file of a contract's scan; a contract without one has the zero file.
func Scan(ctx context.Context, tx *db.Tx, by access.Actor, c contract.Contract) (file.File, error) {
	if c.ScanFileID == "" {
		return file.File{}, nil
	}
	return file.Get(ctx, tx, by, c.ScanFileID)
}

// Groups breaks a hash into groups of eight that a person can compare.
func Groups(hash string) string {
	var b strings.Builder
	for i, r := range hash {
		if i > 0 && i%8 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// SignatureFacts tell how a contract was signed: by whom, when, from where.
func SignatureFacts(p text.Printer, c contract.Contract) []ui.Fact {
	facts := []ui.Fact{
		{Term: p.T("web_contract.way"), Value: p.T(c.Way.Name())},
		{Term: p.T("web_contract.term"), Value: p.T("web_contract.term_days", c.SignedAt, c.Until)},
	}
	if c.Way != contract.Online {
		return append(facts, ui.Fact{Term: p.T("web_contract.confirmed"), Value: p.Time(c.ConfirmedAt)})
	}
	e := c.Evidence
	return append(facts,
		ui.Fact{Term: p.T("web_contract.signer"), Value: e.Name},
		ui.Fact{Term: p.T("web_contract.signed_at"), Value: p.Time(e.At)},
		ui.Fact{Term: p.T("web_contract.signed_from"), Value: e.Address},
		ui.Fact{Term: p.T("web_contract.verified_by"), Value: p.T("web_contract.by_sms", e.Phone)},
		ui.Fact{Term: p.T("web_contract.hash"), Value: e.Hash, Copy: true, Wide: true},
	)
}
