package storefront

import (
	"encoding/json"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
)

// ld writes linked data for search engines. json.Marshal writes <, > and & so
// that no text can end the element; a data block is not run by any browser.
func ld(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "" // maps of strings do not fail
	}
	return `<script type="application/ld+json">` + string(b) + `</script>`
}

type thing = map[string]any

func (f front) siteLd(market string) string {
	return ld(thing{"@context": "https://schema.org", "@type": "WebSite", "name": market, "url": f.BaseURL + "/",
		"potentialAction": thing{"@type": "SearchAction", "target": f.BaseURL + "/products?q={search_term_string}", "query-input": "required name=search_term_string"}})
}

func decimal(a money.Amount) string { return fmt.Sprintf("%d.%02d", a.Fen/100, a.Fen%100) }

func (f front) productLd(x catalog.Product, category string) string {
	pictures := []string{f.BaseURL + showcase.Picture(x.Card)}
	if len(x.Pictures) > 0 {
		pictures = nil
		for _, id := range x.Pictures {
			pictures = append(pictures, f.BaseURL+showcase.FilePath(x.ID, id))
		}
	}
	high := x.Price
	for _, plan := range x.Plans {
		if plan.Price.Fen > high.Fen {
			high = plan.Price
		}
	}
	address := f.BaseURL + "/products/" + x.ID
	return ld([]thing{
		{"@context": "https://schema.org", "@type": "Product", "name": x.Name, "description": x.Summary, "category": category, "image": pictures, "url": address,
			"brand": thing{"@type": "Brand", "name": x.VendorName},
			"offers": thing{"@type": "AggregateOffer", "priceCurrency": x.Price.Code(), "lowPrice": decimal(x.Price), "highPrice": decimal(high), "offerCount": len(x.Plans),
				"seller": thing{"@type": "Organization", "name": x.VendorName, "url": f.BaseURL + "/vendors/" + x.VendorID}}},
		{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []thing{
			{"@type": "ListItem", "position": 1, "name": category, "item": f.BaseURL + "/categories/" + string(x.Category)},
			{"@type": "ListItem", "position": 2, "name": x.Name, "item": address}}},
	})
}

func (f front) shopLd(s catalog.Shop) string {
	return ld(thing{"@context": "https://schema.org", "@type": "Organization", "name": s.Name, "legalName": s.Company, "description": s.Intro,
		"url": f.BaseURL + "/vendors/" + s.VendorID, "telephone": s.Phone, "email": s.Mail})
}
