package office

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Every page of the rules is drawn full, empty and with errors, in both languages.
func TestPolicyPages(t *testing.T) {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	before, after := policy.Shipped(), policy.Shipped()
	after.Categories = append([]policy.Category{}, after.Categories...)
	after.Categories[3].DepositFen = 300000
	changes, err := policy.Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"acc_1": "赵一鸣"}
	version := policy.Version{ID: "pol_1", Title: "调整", Reason: "例会决定", HoldsFrom: at.Add(time.Hour), MadeBy: "acc_1", MadeAt: at}
	proposal := policy.Proposal{ID: "prp_1", Status: policy.Waiting, Title: "上调", Reason: "原因", Version: 3, Hands: []string{"acc_1"}, MadeBy: "acc_1", SentBy: "acc_1", SentAt: at, Policy: after}
	review := policy.Review{Proposal: proposal, Base: before, Changes: changes, Money: true, Second: true}
	draft := review
	draft.Status, draft.Stale, draft.Note = policy.Draft, true, "请补充原因"
	draft.Clashes = []policy.Clash{{Pointer: "/categories/api/deposit_fen", Base: nil, Theirs: nil, Mine: nil}}
	draft.Wrong = []fault.Field{{Pointer: "/categories/0/name/en", Message: text.M("fault.required")}}
	for _, l := range text.Langs() {
		p := text.Printer{Lang: l}
		draw := func(name string, c templ.Component, want ...string) {
			t.Helper()
			var b bytes.Buffer
			if err := c.Render(ui.With(t.Context(), p), &b); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, w := range want {
				if !strings.Contains(b.String(), w) {
					t.Errorf("%s in %s does not have %q", name, l.Tag(), w)
				}
			}
		}
		home := policyHome{P: p, Now: at, Policy: before, Holds: policy.Page{Version: policy.Version{ID: "shipped"}}, May: true, Years: []int{2027}}
		draw("empty home", policyPage(home), "2027")
		home.Holds, home.Open, home.Coming, home.Names = policy.Page{Version: version}, []policy.Proposal{proposal}, []policy.Version{version}, names
		draw("home", policyPage(home), "赵一鸣", "/office/agreements", "/office/policy/drafts/prp_1")
		draw("history", policyHistoryPage(historyView{P: p, Now: at, List: []policy.Version{version}, Names: names, On: "x", Wrong: "!"}), "/office/policy/versions/pol_1")
		draw("no history", policyHistoryPage(historyView{P: p, Now: at}))
		draw("proposals", policyProposalsPage(proposalsView{P: p, Now: at, List: []policy.Proposal{proposal}}), "prp_1")
		draw("version", policyVersionPage(versionView{P: p, Now: at, Page: policy.Page{Version: version, Policy: after, Before: before, Changes: changes}, Names: names, May: true}), "/withdraw")
		draw("waiting", policyDraftPage(draftView{P: p, Now: at, R: review, Names: names, Manage: true, Asks: true}), "/approve", "3,000.00")
		draw("own", policyDraftPage(draftView{P: p, Now: at, R: review, Names: names, Asks: true, Approve: fault.New(fault.Forbidden, "policy.own_proposal")}))
		touched := []policy.Touch{{Title: text.M("policy_touch.deposit_up"), Count: 30, Grave: true, Things: []policy.Thing{{Name: "甲公司", Href: "/office/deposits/ven_1"}}}}
		draw("draft", policyDraftPage(draftView{P: p, Now: at, R: draft, Names: names, Edit: true, Manage: true, Touched: touched}), "甲公司", "choice.categories.api.deposit_fen", "/rebase", "请补充原因")
		for _, s := range policy.Sections() {
			v := sectionView{P: p, Now: at, Section: s, Policy: before, Fields: policy.FieldsOf(before, s), May: true, Year: 2026}
			draw("read "+s.ID, sectionPage(v), sectionName(p, s))
			e := editView{P: p, Now: at, R: draft, Section: s, Fields: policy.FieldsOf(after, s), Year: 2026}
			draw("edit "+s.ID, policyEditPage(e))
			e.Form.Errors = e.wrong()
			draw("edit with errors "+s.ID, policyEditPage(e))
		}
		for _, x := range policy.Templates() {
			v := messageView{Template: x, Policy: before, editView: editView{P: p, R: draft}}
			draw("message "+x.ID, policyMessagePage(v))
			draw("reword "+x.ID, policyMessageEdit(v), "texts."+x.ID+"_subject.en")
		}
	}
}
