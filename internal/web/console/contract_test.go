package console

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Every state of the contract's page renders in both languages, says what counts,
// and offers only what can be done. Rules O-4, O-5.
func TestContractPage(t *testing.T) {
	at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	hash := strings.Repeat("9f86d081", 8)
	base := contract.Contract{ID: "ctr_1", Number: "YSHT-2026-000001", Status: contract.AtVendor, Template: "1.0", Lang: contract.ZH, Mode: policy.Platform,
		FeeBasisPoints: 1250, Deposit: money.CNY(500000), Months: 12, OfferedAt: at, FileID: "fil_1", FileHash: hash}
	with := func(change func(c *contract.Contract)) *contract.Contract {
		c := base
		change(&c)
		return &c
	}
	signed := with(func(c *contract.Contract) {
		c.Status, c.Way, c.SignedAt, c.Until = contract.InForce, contract.Online, at, at.AddDate(1, 0, 0)
		c.Evidence = contract.Evidence{Name: "周远", Phone: "138****8000", Channel: "sms", Account: "acc_1", Address: "203.0.113.7", At: at, Hash: hash}
	})
	sealed := *signed
	sealed.SignedFileID = "fil_2"
	wrong := (&fault.Error{Kind: fault.Invalid, Message: text.M("fault.invalid"), Fields: []fault.Field{
		{Pointer: "/code", Message: text.M("account.code_wrong", 4)}, {Pointer: "/consent", Rule: "O-4", Message: text.M("contract.consent_wanted")},
		{Pointer: "/hash", Rule: "O-4", Message: text.M("contract.other_document")},
	}})
	noFile := fault.At("/file", "contract.scan_wanted")
	for _, tt := range []struct {
		name       string
		view       contractView
		has, lacks []string
	}{
		{"nothing yet", contractView{}, []string{"/console/application"}, []string{"/console/contract/sign", "figure"}},
		{"promised", contractView{Desk: contract.Desk{Waiting: true, PromisedBy: at}}, []string{"empty"}, []string{"/console/application"}},
		{"being made", contractView{Desk: contract.Desk{Signer: true, Offer: with(func(c *contract.Contract) { c.Status, c.FileID, c.FileHash = contract.Preparing, "", "" })}},
			[]string{"YSHT-2026-000001", "12.5%"}, []string{"/console/contract/sign"}},
		{"to be signed", contractView{Sent: true, Desk: contract.Desk{Signer: true, Phone: "138****8000", Company: "甲公司", Offer: &base}},
			[]string{`action="/console/contract/sign"`, `value="` + hash + `"`, "138****8000", "9f86d081 9f86d081", "/files/fil_1", "甲公司", `data-wait="60"`}, []string{"/files/fil_2"}},
		{"to be signed by another", contractView{Desk: contract.Desk{Offer: &base}}, []string{"/files/fil_1"}, []string{"/console/contract/sign", "/console/contract/scan"}},
		{"wrong code", contractView{Desk: contract.Desk{Signer: true, Offer: &base}, Sign: ui.Form{Values: url.Values{"code": {"123456"}}, Errors: ui.ErrorsOf(text.Printer{}, wrong)}},
			[]string{`data-summary`, `value="123456"`, `aria-invalid="true"`, "O-4"}, nil},
		{"scan sent back", contractView{Desk: contract.Desk{Signer: true, Offer: with(func(c *contract.Contract) { c.ScanReason = "缺最后一页" })}, Paper: ui.Form{Errors: ui.ErrorsOf(text.Printer{}, noFile)}, MaxMB: 20},
			[]string{"缺最后一页", "/console/contract/scan", "data-summary"}, nil},
		{"scan at the office", contractView{Desk: contract.Desk{Signer: true, Offer: with(func(c *contract.Contract) { c.Status, c.ScanAt, c.ScanFileID = contract.AtOffice, at, "fil_3" })}, Scan: file.File{ID: "fil_3", Name: "扫描.jpg", Type: file.JPEG}},
			[]string{"扫描.jpg", "viewer-pic", "/console/contract/scan"}, []string{"/console/contract/sign"}},
		{"signed", contractView{Desk: contract.Desk{Now: at, InForce: signed}}, []string{"周远", "203.0.113.7", "/console/products", "/console/deposit"}, []string{"/files/fil_2", "/console/contract/sign"}},
		{"sealed", contractView{Desk: contract.Desk{Now: at, InForce: &sealed}}, []string{"/files/fil_2?download=1", "YSHT-2026-000001-signed.pdf"}, nil},
		{"soon over", contractView{Desk: contract.Desk{Now: at.AddDate(0, 11, 20), InForce: &sealed}}, []string{"notice", "/console/products"}, nil},
		{"over", contractView{Desk: contract.Desk{Now: at.AddDate(2, 0, 0), InForce: &sealed, Waiting: true, PromisedBy: at}}, []string{"notice-warn"}, []string{"/console/products"}},
		{"renewal", contractView{Desk: contract.Desk{Now: at, Signer: true, InForce: &sealed, Offer: with(func(c *contract.Contract) { c.Number, c.Mode = "YSHT-2026-000002", policy.Resale })}},
			[]string{"YSHT-2026-000002", "YSHT-2026-000001", "/console/contract/sign"}, nil},
		{"on paper, after a withdrawn one", contractView{Desk: contract.Desk{Now: at, InForce: with(func(c *contract.Contract) {
			c.Status, c.Way, c.SignedAt, c.Until, c.ConfirmedAt, c.SignedFileID, c.ScanFileID = contract.InForce, contract.OnPaper, at, at.AddDate(1, 0, 0), at, "fil_3", "fil_3"
		}), Earlier: []contract.Contract{*with(func(c *contract.Contract) { c.Status, c.EndReason = contract.TakenBack, "地址有误" })}}, Scan: file.File{ID: "fil_3", Name: "scan.pdf", Type: file.PDF}},
			[]string{"地址有误", "scan.pdf", "/files/fil_3"}, []string{"203.0.113.7"}},
	} {
		for _, l := range text.Langs() {
			v := tt.view
			v.P = text.Printer{Lang: l}
			var b bytes.Buffer
			if err := contractPage(v).Render(ui.With(t.Context(), v.P), &b); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			if n := strings.Count(b.String(), "<h1"); n != 1 {
				t.Errorf("%s in %s has %d headings", tt.name, l.Tag(), n)
			}
			for _, s := range tt.has {
				if !strings.Contains(b.String(), s) {
					t.Errorf("%s in %s lacks %q", tt.name, l.Tag(), s)
				}
			}
			for _, s := range tt.lacks {
				if strings.Contains(b.String(), s) {
					t.Errorf("%s in %s has %q", tt.name, l.Tag(), s)
				}
			}
		}
	}
}
