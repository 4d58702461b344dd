package storefront

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// blockSize is how many product numbers one part of the site map covers.
const blockSize = 20_000

type mapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

type urlSet struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []mapURL `xml:"url"`
}

type mapIndex struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Maps    []mapURL `xml:"sitemap"`
}

func sendXML(w http.ResponseWriter, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=600")
	_, err := b.WriteTo(w)
	return err
}

// siteMap lists the parts of the site map.
func (f front) siteMap(w http.ResponseWriter, r *http.Request) error {
	_, totals, err := f.shelf.Categories(r.Context())
	if err != nil {
		return err
	}
	index := mapIndex{Maps: []mapURL{{Loc: f.BaseURL + "/sitemaps/pages.xml"}}}
	for block := int64(0); block*blockSize < totals.LastNo; block++ {
		index.Maps = append(index.Maps, mapURL{Loc: fmt.Sprintf("%s/sitemaps/products-%d.xml", f.BaseURL, block)})
	}
	return sendXML(w, index)
}

// siteMapPart is the site map of the fixed pages and shops, or of a block of products.
func (f front) siteMapPart(w http.ResponseWriter, r *http.Request) error {
	part := r.PathValue("part")
	if part == "pages.xml" {
		return f.pagesMap(w, r)
	}
	n, ok := strings.CutPrefix(strings.TrimSuffix(part, ".xml"), "products-")
	block, err := strconv.ParseInt(n, 10, 32)
	if !ok || err != nil || block < 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	places, err := f.shelf.Places(r.Context(), block*blockSize, blockSize)
	if err != nil {
		return err
	}
	var set urlSet
	for _, p := range places {
		if p.No <= (block+1)*blockSize {
			set.URLs = append(set.URLs, mapURL{f.BaseURL + "/products/" + p.ID, p.ChangedAt.UTC().Format(time.DateOnly)})
		}
	}
	return sendXML(w, set)
}

func (f front) pagesMap(w http.ResponseWriter, r *http.Request) error {
	set := urlSet{URLs: []mapURL{{Loc: f.BaseURL + "/"}, {Loc: f.BaseURL + "/products"}}}
	for _, c := range f.Policy(r.Context()).Categories {
		set.URLs = append(set.URLs, mapURL{Loc: f.BaseURL + "/categories/" + string(c.ID)})
	}
	after := ""
	for len(set.URLs) < 40_000 {
		shops, next, err := f.shelf.Shops(r.Context(), after, 100)
		if err != nil {
			return err
		}
		for _, s := range shops {
			set.URLs = append(set.URLs, mapURL{Loc: f.BaseURL + "/vendors/" + s.VendorID})
		}
		if next == "" {
			break
		}
		after = next
	}
	return sendXML(w, set)
}

// robots keeps search engines to what is public.
func (f front) robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err := fmt.Fprintf(w, "User-agent: *\nDisallow: /console\nDisallow: /office\nDisallow: /v1/\nDisallow: /signin\nDisallow: /register\nDisallow: /products?*cursor=\n\nSitemap: %s/sitemap.xml\n", f.BaseURL)
	return err
}
