package policy

import "slices"

// Unit is what a plan is sold by: a span of time, or a package of uses.
type Unit string

// The units of plans.
const (
	Hour  Unit = "hour"
	Day   Unit = "day"
	Month Unit = "month"
	Year  Unit = "year"
	Times Unit = "times" // a package of calls, tickets or other uses
)

// CloudProduct is a product of the operator that others build on (E-4).
type CloudProduct struct {
	ID   string `json:"id"`
	Name Name   `json:"name"`
}

// FormRules say how products of one delivery form are sold.
type FormRules struct {
	Units    []Unit `json:"units"`    // what its plans may be sold by
	Document bool   `json:"document"` // a document for the buyer must be attached
}

// Products are the numbers and words that a product's content must keep to (domain-cn.md §2.3).
type Products struct {
	NameChars       int                `json:"name_chars"`
	BaitWords       []string           `json:"bait_words"` // not allowed in names
	TagsAtLeast     int                `json:"tags_at_least"`
	TagsAtMost      int                `json:"tags_at_most"`
	TagChars        int                `json:"tag_chars"`
	SummaryChars    int                `json:"summary_chars"`
	DetailsChars    int                `json:"details_chars"`
	AfterSalesChars int                `json:"after_sales_chars"`
	PicturesAtMost  int                `json:"pictures_at_most"`
	PlansAtMost     int                `json:"plans_at_most"`
	PlanNameChars   int                `json:"plan_name_chars"`
	PriceFenAtMost  int64              `json:"price_fen_at_most"`
	TimesAtMost     int                `json:"times_at_most"`
	MonthsAtMost    int                `json:"months_at_most"` // the longest span of a plan
	VersionChars    int                `json:"version_chars"`
	SoftwareAtMost  int                `json:"software_at_most"` // pieces of software named by an image
	DaysAtMost      int                `json:"days_at_most"`     // delivery of a service
	CloudProducts   []CloudProduct     `json:"cloud_products"`
	Forms           map[Form]FormRules `json:"forms"`
}

// CloudProduct finds one of the operator's products; unknown is false.
func (p Products) CloudProduct(id string) (CloudProduct, bool) {
	i := slices.IndexFunc(p.CloudProducts, func(c CloudProduct) bool { return c.ID == id })
	if i < 0 {
		return CloudProduct{}, false
	}
	return p.CloudProducts[i], true
}
