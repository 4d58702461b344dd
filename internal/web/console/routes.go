// Package console is a vendor's room: what is next and what is missing at the
// top, then the application, the contract, the deposit, the products and every
// record about the company.
package console

import "github.com/yunshi-market/yunshi/internal/web"

// Routes registers every page of the console.
func Routes(s *web.Site) {
	homeRoutes(s)
	depositRoutes(s)
	companyRoutes(s)
	memberRoutes(s)
	applicationRoutes(s)
	contractRoutes(s)
	productRoutes(s)
	changeRoutes(s)
	violationRoutes(s)
	exitRoutes(s)
	dataRoutes(s)
}
