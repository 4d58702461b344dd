package market

import (
	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/console"
	"github.com/yunshi-market/yunshi/internal/web/mailroom"
	"github.com/yunshi-market/yunshi/internal/web/office"
	"github.com/yunshi-market/yunshi/internal/web/signin"
)

// faces registers every page and every endpoint.
func (m *Market) faces() {
	m.Server.Handle("GET "+assets.Prefix, assets.Handler())
	api.Register(m.Server, api.Parts{Files: m.Files, Version: m.Config.Version})
	site := &web.Site{Server: m.Server, Files: m.Files, Demo: m.Config.Demo, Version: m.Config.Version}
	site.File()
	signin.Routes(site)
	console.Routes(site)
	office.Routes(site)
	if m.Config.Demo {
		mailroom.Routes(site)
	}
}
