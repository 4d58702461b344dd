package product

import (
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// shopOf is a vendor as buyers see it.
func shopOf(v vendor.Vendor) catalog.Shop {
	return catalog.Shop{
		VendorID: v.ID, Name: v.Company.Shop(), Intro: v.Company.Intro, Company: v.Company.Name,
		Phone: v.Company.ServicePhone, Mail: v.Company.ServiceMail, Hours: v.Company.Hours,
	}
}

// page is a product as buyers see it, and as a preview shows it.
func (p Product) page(v vendor.Vendor) catalog.Shelf {
	c := p.Content
	s := catalog.Shelf{
		Card: catalog.Card{
			ID: p.ID, Name: c.Name, Summary: c.Summary, VendorID: p.VendorID, VendorName: v.Company.Shop(),
			Category: c.Category, Form: c.Form, Tags: c.Tags, Offers: int64(len(c.Plans)),
			ShelvedAt: p.ShelvedAt, ChangedAt: p.ChangedAt,
		},
		Body: catalog.Body{
			Details: HTML(c.Details), AfterSales: c.AfterSales, BuiltOn: c.BuiltOn, Document: c.Document, Pictures: c.Pictures,
		},
	}
	if c.Agreement == Own {
		s.Terms = c.AgreementFile
	}
	if len(c.Pictures) > 0 {
		s.Picture = c.Pictures[0]
	}
	for i, plan := range c.Plans {
		offer := catalog.Plan{Name: plan.Name, Unit: plan.Unit, Span: plan.Span, Was: plan.Original, Price: plan.Sale}
		s.Plans = append(s.Plans, offer)
		if i == 0 || offer.Price.Fen < s.Price.Fen {
			s.Price, s.Was, s.Unit, s.Span = offer.Price, offer.Was, offer.Unit, offer.Span
		}
	}
	switch c.Form {
	case policy.ImageForm:
		s.Image = &catalog.Image{Version: c.Image.Version, OS: c.Image.OS, Software: c.Image.Software, Machine: c.Image.Machine, ScannedOn: c.Image.ScannedOn}
	case policy.SaaSForm:
		s.SaaS = &catalog.SaaS{Automatic: c.SaaS.Delivery == Automatic, Trial: c.SaaS.Trial, TrialDays: c.SaaS.TrialDays, Site: c.SaaS.Site}
	case policy.ServiceForm:
		s.Service = &catalog.Service{Days: c.Service.Days, Requirement: c.Service.Requirement, AskedFirst: c.Service.AskedFirst,
			VendorDoes: c.Service.VendorDoes, BuyerConfirms: c.Service.BuyerConfirms}
	case policy.APIForm:
		s.API = &catalog.API{Methods: HTML(c.API.Methods), TestFirst: c.API.TestFirst}
	}
	return s
}
