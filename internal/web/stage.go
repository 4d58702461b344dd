package web

import (
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// StageStatus is a vendor's stage as a tag.
func StageStatus(p text.Printer, s onboarding.Stage) ui.Status {
	tone := ui.Info
	switch s {
	case onboarding.Open:
		tone = ui.OK
	case onboarding.Closed, onboarding.OutOfTerm, onboarding.Evicted:
		tone = ui.Bad
	case onboarding.Applying, onboarding.Left:
		tone = ui.Neutral
	}
	return ui.Status{Label: p.T(s.Label()), Tone: tone}
}
