package product

import (
	"slices"
	"strings"
	"unicode"
)

// clean returns the content without what nobody typed on purpose: control
// characters, broken UTF-8, spaces around, empty entries of lists. It does not
// share slices with c.
func (c Content) clean() Content {
	for _, s := range []*string{&c.Code, &c.Name, &c.Summary, &c.BuiltOn, &c.AgreementFile, &c.Document,
		(*string)(&c.Category), (*string)(&c.Form), (*string)(&c.Agreement),
		&c.Image.Version, &c.Image.OS, &c.Image.Machine, &c.Image.Report, &c.Image.Scanner,
		&c.SaaS.NotifyURL, &c.SaaS.Site, (*string)(&c.SaaS.Delivery), &c.API.Gateway} {
		*s = line(*s)
	}
	for _, s := range []*string{&c.Details, &c.AfterSales, &c.Service.Requirement, &c.API.Methods} {
		*s = lines(*s)
	}
	c.Tags, c.Pictures, c.Image.Software = list(c.Tags), list(c.Pictures), list(c.Image.Software)
	c.Plans = slices.DeleteFunc(slices.Clone(c.Plans), func(p Plan) bool {
		return p.Name == "" && p.Span == 0 && p.Original.IsZero() && p.Sale.IsZero()
	})
	for i := range c.Plans {
		c.Plans[i].Name = line(c.Plans[i].Name)
	}
	return c
}

// line is one line: controls and line ends become spaces.
func line(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// lines is a text of several lines, ended by \n.
func lines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s))
}

// list is the entries that are not empty, each once.
func list(in []string) []string {
	var out []string
	for _, s := range in {
		if s = line(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
