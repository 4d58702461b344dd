// Package storefront is the buyers' room: the entrance, categories, search, the
// page of a product and a vendor's shop. Its pages are read from the shelf alone,
// work without scripts, and may be kept by a visitor until the shelf changes.
package storefront

import "github.com/yunshi-market/yunshi/internal/web"

// Routes registers every page of the storefront.
func Routes(s *web.Site) {
	shelfRoutes(s)
	verifyRoutes(s)
}
