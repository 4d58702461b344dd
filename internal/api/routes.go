package api

import (
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
)

// Parts are what operations' faces need beside the database.
type Parts struct {
	Files   *file.Files
	Catalog *catalog.Catalog // nil makes one
	Version string
	Letters mailbox.Box // where mails that are handed in are received
}

// speakProblems makes huma's errors ours: two variables of the library, the same
// for every server of the process.
var speakProblems = sync.OnceFunc(func() {
	huma.NewErrorWithContext = shapeProblem
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return shapeProblem(nil, status, msg, errs...)
	}
})

// Register puts every operation of the API on the server and returns it for its document.
func Register(s *server.Server, parts Parts) *API {
	speakProblems()
	a := &API{s: s, huma: newHuma(s.Mux(), s.BaseURL, parts.Version), Parts: parts}
	a.accountRoutes()
	a.memberRoutes()
	a.securityRoutes()
	a.fileRoutes()
	a.officeRoutes()
	a.agreementRoutes()
	a.applicationRoutes()
	a.reviewRoutes()
	a.vendorRoutes()
	a.contractRoutes()
	a.amendmentRoutes()
	a.productRoutes()
	a.catalogRoutes()
	a.onboardingRoutes()
	a.depositRoutes()
	a.decisionRoutes()
	a.paperRoutes()
	a.violationRoutes()
	a.bankRoutes()
	a.payoutRoutes()
	a.mailboxRoutes()
	a.exitRoutes()
	a.takeoutRoutes()
	a.policyRoutes()
	a.auditRoutes()
	a.reportRoutes()
	a.notFound()
	return a
}

// Document is the OpenAPI 3.1 document as JSON.
func (a *API) Document() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// Operations lists the document's operations, for the readable page.
func (a *API) Operations() *huma.OpenAPI { return a.huma.OpenAPI() }
