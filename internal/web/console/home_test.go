package console

import (
	"testing"

	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// What is missing leads to a place with a name, whatever fact it is.
func TestEachFactHasItsWords(t *testing.T) {
	for _, fact := range append(policy.Facts(), policy.NeedsLicence, onboarding.NeedsStaying) {
		if k := text.Key("web_home.go_" + string(fact)); !text.Known(k) {
			t.Errorf("%s is not in the catalogue", k)
		}
		if k := text.Key("web_home.then_" + string(fact)); fact != onboarding.NeedsStaying && !text.Known(k) {
			t.Errorf("%s is not in the catalogue", k)
		}
	}
}

// A vendor that leaves is led to where that stands, and to nothing that it cannot do.
func TestHomeOfWhoLeaves(t *testing.T) {
	for stage, needs := range map[onboarding.Stage]onboarding.Need{
		onboarding.Leaving: {Fact: onboarding.NeedsStaying, Message: text.M("onboarding.is_leaving"), Mend: text.M("onboarding.mend_is_leaving")},
		onboarding.Left:    {Fact: onboarding.NeedsStaying, Message: text.M("onboarding.has_left"), Mend: text.M("onboarding.mend_has_left")},
		onboarding.Evicted: {Fact: onboarding.NeedsStaying, Message: text.M("onboarding.was_evicted"), Mend: text.M("onboarding.mend_was_evicted")},
	} {
		for _, lang := range text.Langs() {
			v := homeView{P: text.Printer{Lang: lang}, Policy: policy.Shipped(), State: onboarding.State{VendorID: "ven_1", Stage: stage,
				Acts: []onboarding.ActState{{Act: policy.Shelve, Needs: []onboarding.Need{needs}}}}}
			next := v.next()
			if next.Act.Href != "/console/exit" || next.Title != v.P.Say(needs.Message) || next.Why != v.P.Say(needs.Mend) {
				t.Errorf("%s: %+v", stage, next)
			}
		}
	}
}
