package office

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Every page of violations, in every state and both languages.
func TestViolationPagesRender(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	rules := policy.Shipped().Violations
	o, known := rules.Offence("offline_trading")
	if !known {
		t.Fatal("the shipped policy lacks an offence")
	}
	owed := deposit.Deducted{Amount: money.CNY(900), Taken: money.CNY(500), Open: money.CNY(500), TopUpBy: now}
	v := violation.Violation{ID: "vio_1", VendorID: "ven_1", Offence: o, Measure: policy.Deduction, Amount: money.CNY(900), Proposed: money.CNY(1000), Description: "引导线下付款",
		RecordedBy: "a", RecordedAt: now, DecidedBy: "b", DecidedAt: now, Decision: "属实", AppealBy: now, Appeal: "不服", AppealedAt: now, PromisedBy: now.Add(-time.Hour), Deducted: &owed}
	for _, lang := range text.Langs() {
		p := text.Printer{Lang: lang}
		show := func(name string, c templ.Component) {
			t.Helper()
			if err := c.Render(ui.With(context.Background(), p), io.Discard); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, s := range violation.Statuses() {
			v.Status = s
			f := violation.Folder{Violation: v, VendorName: "云帆", ProductName: "代运维", Evidence: []file.File{{ID: "fil_1", Name: "截图.png"}},
				Postings: []deposit.Posting{{Number: "KC-2026-000001", Amount: money.CNY(500)}, {Number: "TH-2026-000001", Returned: true, Amount: money.CNY(100), Excess: money.CNY(50)}}}
			for _, by := range []access.Actor{{Kind: access.Staff, ID: "a", Roles: []access.Role{access.Reviewer}}, {Kind: access.Staff, ID: "c", Roles: []access.Role{access.Finance, access.Reviewer}}} {
				show(string(s), violationPage(violationView{P: p, Now: now, F: f, By: by}))
			}
			show("list", violationsPage(violationsView{P: p, Now: now, All: true, Name: "云帆", May: true, Money: true, Waiting: 1, Oldest: now, List: []violation.Listed{{Violation: v, VendorName: "云帆"}}}))
		}
		show("empty", violationsPage(violationsView{P: p, Now: now}))
		show("no top-ups", topUpsPage(violationsView{P: p, Now: now}))
		show("top-ups", topUpsPage(violationsView{P: p, Now: now, Clocks: []deposit.Clock{{VendorName: "云帆", By: now.AddDate(0, 0, -1), YearKnown: true}, {By: now.AddDate(1, 0, 0), ClosedAt: now}}}))
		show("no vendor chosen", recordPage(recordView{P: p, Found: []vendor.Vendor{{ID: "ven_1", Name: "云帆"}, {}}}))
		show("the form", recordPage(recordView{P: p, Vendor: vendor.Vendor{ID: "ven_1", Name: "云帆"}, Rules: rules, Kept: []ui.File{{ID: "fil_1", Name: "截图.png"}}}))
	}
}
