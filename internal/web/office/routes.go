// Package office is the operator's room: the work queues of the staff, what they
// decide on, and the records behind it.
package office

import "github.com/yunshi-market/yunshi/internal/web"

// Routes registers every page of the office.
func Routes(s *web.Site) {
	dashboardRoutes(s)
	vendorRoutes(s)
	applicationRoutes(s)
	contractRoutes(s)
	statementRoutes(s)
	bankLineRoutes(s)
	depositRoutes(s)
	mailRoutes(s)
	dispatchRoutes(s)
	recordRoutes(s)
	auditRoutes(s)
	reportRoutes(s)
	staffRoutes(s)
	productRoutes(s)
	changeRoutes(s)
	agreementRoutes(s)
	violationRoutes(s)
	payoutRoutes(s)
	exitRoutes(s)
	policyRoutes(s)
}
