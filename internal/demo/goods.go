package demo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

// good is a product of the demo and how far it comes.
type good struct {
	slug    string
	company string
	state   string
	reasons map[string]string // of checks not met, by id; "" is that of taking it off the shelf
	content product.Content
	id      string // while the demo is filled
}

// The states that a product of the demo comes to.
const (
	goodDraft    = "draft"
	goodWaiting  = "waiting"
	goodReview   = "review"
	goodClaimed  = "claimed"
	goodRejected = "rejected"
	goodOnShelf  = "shelf"
	goodTakenOff = "off"
)

// parseGood reads a product's file: a head of "word: value" lines, a line of three
// hyphens, the details in Markdown, and after another such line an API's methods.
func parseGood(slug, file string) (*good, error) {
	parts := strings.SplitN(file, "\n---\n", 3)
	if len(parts) < 2 {
		return nil, fmt.Errorf("it has no line of three hyphens")
	}
	g := &good{slug: slug, reasons: make(map[string]string)}
	for _, line := range strings.Split(parts[0], "\n") {
		word, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("%q is no line of the head", line)
		}
		if err := g.take(word, strings.TrimSpace(value)); err != nil {
			return nil, err
		}
	}
	g.content.Details = strings.TrimSpace(parts[1])
	if len(parts) == 3 {
		g.content.API.Methods = strings.TrimSpace(parts[2])
	}
	g.addresses()
	return g, nil
}

// addresses fills in where the vendor's systems are, as the form asks for them.
func (g *good) addresses() {
	c := &g.content
	switch c.Form {
	case policy.SaaSForm:
		c.SaaS.Site = "https://www." + g.company + ".example"
		if c.SaaS.Delivery == product.Automatic {
			c.SaaS.NotifyURL = "https://api." + g.company + ".example/yunshi/notify"
		}
	case policy.APIForm:
		c.API.Gateway = "https://api." + g.company + ".example"
	}
}

func (g *good) take(word, value string) (err error) {
	c := &g.content
	switch word {
	case "company":
		g.company = value
	case "state":
		g.state = value
	case "reason":
		for _, s := range split(value, "；") {
			check, reason, ok := strings.Cut(s, "=")
			if !ok {
				check, reason = "", value
			}
			g.reasons[check] = reason
		}
	case "category":
		c.Category = policy.CategoryID(value)
	case "form":
		c.Form = policy.Form(value)
	case "name":
		c.Name = value
	case "tags":
		c.Tags = split(value, ",")
	case "summary":
		c.Summary = value
	case "built_on":
		c.BuiltOn = value
	case "after_sales":
		c.AfterSales = value
	case "plan":
		var p product.Plan
		p, err = parsePlan(value)
		c.Plans = append(c.Plans, p)
	default:
		err = g.takeForm(word, value)
	}
	return err
}

// takeForm reads what belongs to one delivery form.
func (g *good) takeForm(word, value string) (err error) {
	c := &g.content
	f := split(value, "|")
	switch word {
	case "image":
		if len(f) != 4 {
			return fmt.Errorf("image wants version, system, machine and software")
		}
		c.Image = product.Image{Version: f[0], OS: f[1], Machine: f[2], Software: split(f[3], ",")}
	case "saas":
		c.SaaS.Delivery = product.Delivery(f[0])
		if len(f) > 1 {
			c.SaaS.Trial = true
			c.SaaS.TrialDays, err = strconv.ParseInt(strings.TrimPrefix(f[1], "trial "), 10, 64)
		}
	case "service":
		if len(f) != 3 {
			return fmt.Errorf("service wants days, before or after, and what is asked")
		}
		c.Service = product.Service{AskedFirst: f[1] == "before", Requirement: f[2], VendorDoes: true, BuyerConfirms: true}
		c.Service.Days, err = strconv.ParseInt(f[0], 10, 64)
	case "api":
		c.API.TestFirst = value == "test"
	default:
		return fmt.Errorf("%q is no word of the head", word)
	}
	return err
}

// parsePlan reads "name | 1 year | 4980.00 | 3980.00".
func parsePlan(value string) (p product.Plan, err error) {
	f := split(value, "|")
	if len(f) != 4 {
		return p, fmt.Errorf("plan %q wants four parts", value)
	}
	span, unit, _ := strings.Cut(f[1], " ")
	p.Name, p.Unit = f[0], policy.Unit(unit)
	if p.Span, err = strconv.ParseInt(span, 10, 64); err != nil {
		return p, err
	}
	if p.Original, err = money.Parse(f[2]); err != nil {
		return p, err
	}
	p.Sale, err = money.Parse(f[3])
	return p, err
}

func split(s, sep string) []string {
	list := strings.Split(s, sep)
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
