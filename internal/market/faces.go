package market

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/flow"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/console"
	"github.com/yunshi-market/yunshi/internal/web/mailroom"
	"github.com/yunshi-market/yunshi/internal/web/office"
	"github.com/yunshi-market/yunshi/internal/web/reference"
	"github.com/yunshi-market/yunshi/internal/web/signin"
	"github.com/yunshi-market/yunshi/internal/web/storefront"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// faces registers every page and every endpoint.
func (m *Market) faces() {
	m.Server.Handle("GET "+assets.Prefix, assets.Handler())
	shelf := catalog.New(m.DB)
	face := api.Register(m.Server, api.Parts{Files: m.Files, Letters: m.box(), Version: m.Config.Version, Catalog: shelf})
	site := &web.Site{Server: m.Server, Keys: m.keys(), Provider: m.Config.Provider, Files: m.Files, Letters: m.box(), Demo: m.Config.Demo, Rehearsal: m.Config.Rehearsal, Version: m.Config.Version, Catalog: shelf, Counts: report.Waiting, Company: companyHead, Due: companyDue, Effects: flow.Effects()}
	site.File()
	site.NotFound()
	storefront.Routes(site)
	signin.Routes(site)
	console.Routes(site)
	office.Routes(site)
	reference.Routes(site, face.Document)
	if m.Config.Demo {
		mailroom.Routes(site)
	}
}

// keys takes passkeys where the marketplace's address is a name.
func (m *Market) keys() *factor.Keys {
	k, err := factor.NewKeys(m.Config.BaseURL, policy.Shipped().Marketplace.EN)
	if err != nil {
		m.Config.Log.Warn("there are no passkeys at this address", "address", m.Config.BaseURL, "error", err)
	}
	return k
}

// companyHead is the name and the stage above a vendor's console.
func companyHead(ctx context.Context, tx *db.Tx, by access.Actor) (name string, stage ui.Status, err error) {
	if by.VendorID == "" {
		return "", ui.Status{}, nil
	}
	v, err := vendor.Get(ctx, tx, by, by.VendorID)
	if err != nil {
		return "", ui.Status{}, err
	}
	f, err := onboarding.Load(ctx, tx, by.VendorID)
	if err != nil {
		return "", ui.Status{}, err
	}
	return v.Name, web.StageStatus(server.Printer(ctx), f.Stage(tx.Now())), nil
}

// companyDue is the most urgent thing that a company has to see to.
func companyDue(ctx context.Context, tx *db.Tx, by access.Actor) (said, href string, late bool, err error) {
	if by.VendorID == "" {
		return "", "", false, nil
	}
	list, err := amendment.Due(ctx, tx, by, by.VendorID)
	if err != nil || len(list) == 0 || list[0].When != amendment.PastDue && list[0].When != amendment.CurrentlyDue {
		return "", "", false, err
	}
	p := server.Printer(ctx)
	said = p.Say(list[0].Message)
	if list[0].Mend.Key != "" {
		said = p.T("web_change.duty", said, p.Say(list[0].Mend))
	}
	return said, list[0].Link, list[0].When == amendment.PastDue, nil
}
