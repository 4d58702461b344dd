package office

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Every state of the staff's pages renders in both languages and offers only what
// can be done. Rules O-4, M-1, M-3, M-4.
func TestContractPages(t *testing.T) {
	at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	base := contract.Contract{ID: "ctr_1", VendorID: "ven_1", Number: "YSHT-2026-000001", Status: contract.AtVendor, Template: "1.0", Lang: contract.Both, Mode: policy.Platform,
		FeeBasisPoints: 1000, Deposit: money.CNY(500000), Months: 12, OfferedAt: at, FileID: "fil_1", FileHash: strings.Repeat("9f86d081", 8), Terms: "首年免收推广费。"}
	with := func(change func(c *contract.Contract)) contract.Contract {
		c := base
		change(&c)
		return c
	}
	item := contract.Item{VendorID: "ven_1", VendorName: "甲公司", Subject: contract.ToOffer, Mode: policy.Platform, Since: at, PromisedBy: at.Add(48 * time.Hour)}
	late := item
	late.Subject, late.Contract, late.Number, late.Holder, late.HolderName, late.PromisedBy = contract.ToConfirm, "ctr_1", base.Number, "acc_1", "林静", at.Add(-time.Hour)
	late.Again = true
	draft := contract.Draft{VendorID: "ven_1", Vendor: vendor.Company{Name: "甲公司", Contact: vendor.Contact{Mail: "a@x.example"}, ServiceMail: "b@x.example"}, Mode: policy.Platform, FeeBasisPoints: 1000, Deposit: money.CNY(500000), Months: 12}
	resaleDraft := draft
	resaleDraft.Mode, resaleDraft.Holder, resaleDraft.HolderName = policy.Resale, "acc_2", "徐磊"
	blockedDraft := draft
	blockedDraft.Blocked, blockedDraft.Earlier = fault.New(fault.Conflict, "contract.open_exists", base.Number), []contract.Contract{base}
	wrong := ui.Form{Values: url.Values{"rate": {"七成"}, "terms": {"甲"}}, Errors: ui.ErrorsOf(text.Printer{}, fault.At("/rate", "contract.bad_rate"))}
	for _, tt := range []struct {
		name       string
		page       func(p text.Printer) templ.Component
		has, lacks []string
	}{
		{"empty queue", func(p text.Printer) templ.Component { return contractsPage(contractsView{P: p, Now: at}) }, []string{"empty"}, []string{"<tbody"}},
		{"queue", func(p text.Printer) templ.Component {
			return contractsPage(contractsView{P: p, Now: at, Waits: contract.Waits{Count: 2, Free: 1, Late: 1}, Tasks: []contract.Item{late, item}})
		}, []string{"/office/contracts/ctr_1", "/office/contracts/new?vendor=ven_1", "甲公司", "林静", "data-keys"}, nil},
		{"no contracts", func(p text.Printer) templ.Component {
			return contractsPage(contractsView{P: p, Now: at, Show: "all", listed: true})
		}, []string{"empty", `name="q"`}, nil},
		{"contracts", func(p text.Printer) templ.Component {
			return contractsPage(contractsView{P: p, Now: at, Show: "all", listed: true, List: []contract.Listed{{Contract: base, VendorName: "甲公司"}}, Turn: ui.Turn{Next: "/office/contracts?cursor=x"}})
		}, []string{"YSHT-2026-000001", "10%", "5,000.00", "cursor=x"}, nil},
		{"offer in platform mode", func(p text.Printer) templ.Component {
			return offerPage(offerView{P: p, Now: at, D: draft, May: true, Form: ui.Form{Values: url.Values{"rate": {"10%"}, "deposit": {"5,000.00"}, "months": {"12"}}}})
		}, []string{"readonly", `value="10%"`, "/office/contracts/preview?", "a@x.example", "b@x.example", "/office/contracts/claim", `value="preview"`}, nil},
		{"offer in resale mode, a colleague has it", func(p text.Printer) templ.Component {
			return offerPage(offerView{P: p, Now: at, D: resaleDraft, May: true})
		}, []string{"徐磊"}, []string{"readonly", "/office/contracts/claim", "/office/contracts/release"}},
		{"offer with faults", func(p text.Printer) templ.Component {
			return offerPage(offerView{P: p, Now: at, D: draft, May: true, Form: wrong})
		},
			[]string{"data-summary", `aria-invalid="true"`, "七成"}, nil},
		{"offer read by an auditor", func(p text.Printer) templ.Component { return offerPage(offerView{P: p, Now: at, D: draft}) },
			[]string{"/office/contracts/preview?"}, []string{`type="submit"`, "/office/contracts/claim"}},
		{"offer while another waits", func(p text.Printer) templ.Component {
			return offerPage(offerView{P: p, Now: at, D: blockedDraft, May: true})
		},
			[]string{"/office/contracts/ctr_1", "YSHT-2026-000001"}, []string{`name="rate"`}},
		{"being made", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, May: true, C: with(func(c *contract.Contract) { c.Status, c.FileID = contract.Preparing, "" })})
		}, []string{"/withdraw"}, []string{"/confirm", "/scan"}},
		{"with the vendor", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, May: true, C: with(func(c *contract.Contract) { c.ScanReason = "缺最后一页" })})
		}, []string{"/withdraw", "/scan", "缺最后一页", "首年免收推广费。"}, []string{"/confirm"}},
		{"scan to confirm", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, May: true, Mine: true, Holder: "林静", Today: "2026-03-02", C: with(func(c *contract.Contract) { c.Status, c.ScanFileID, c.ScanAt = contract.AtOffice, "fil_3", at }),
				Scan: file.File{ID: "fil_3", Name: "扫描.png", Type: file.PNG}, Form: ui.Form{Values: url.Values{"signed_on": {"2026-03-09"}}, Errors: ui.ErrorsOf(p, fault.At("/signed_on", "contract.signed_too_late"))}})
		}, []string{"/confirm", "/return", "扫描.png", "data-summary", `max="2026-03-02"`, "/office/contracts/release"}, nil},
		{"scan read by an auditor", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, Holder: "林静", C: with(func(c *contract.Contract) { c.Status = contract.AtOffice })})
		}, []string{"林静"}, []string{"/confirm", "/return", "/withdraw"}},
		{"signed", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, May: true, Moments: []ui.Moment{{Time: at, Title: "x"}}, C: with(func(c *contract.Contract) {
				c.Status, c.Way, c.SignedAt, c.Until, c.SignedFileID = contract.InForce, contract.Online, at, at.AddDate(1, 0, 0), "fil_2"
				c.Evidence = contract.Evidence{Name: "周远", Address: "203.0.113.7", At: at, Hash: c.FileHash}
			})})
		}, []string{"周远", "203.0.113.7", "/files/fil_2", "/office/contracts/new?vendor=ven_1"}, []string{"/withdraw"}},
		{"withdrawn", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, May: true, C: with(func(c *contract.Contract) { c.Status, c.EndedAt, c.EndReason = contract.TakenBack, at, "地址有误" })})
		}, []string{"地址有误", "/office/contracts/new?vendor=ven_1"}, []string{"/office/contracts/ctr_1/withdraw"}},
		{"replaced", func(p text.Printer) templ.Component {
			return contractPage(contractView{P: p, Now: at, C: with(func(c *contract.Contract) {
				c.Status, c.Way, c.EndedAt, c.SignedAt, c.Until = contract.Superseded, contract.OnPaper, at, at, at
			})})
		}, []string{"notice"}, []string{"/office/contracts/new"}},
	} {
		for _, l := range text.Langs() {
			p := text.Printer{Lang: l}
			var b bytes.Buffer
			if err := tt.page(p).Render(ui.With(t.Context(), p), &b); err != nil {
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
