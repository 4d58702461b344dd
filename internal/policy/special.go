package policy

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// YearMarks are the days of one year that differ from Monday to Friday.
type YearMarks struct {
	ID      string   `path:"id" json:"-"`
	Version int64    `json:"version"`
	Year    int      `json:"year"`
	Off     []string `json:"off"`   // weekdays nobody works
	On      []string `json:"on"`    // weekend days that are worked in exchange
	Paste   string   `json:"paste"` // a list as it is announced: "2027-10-01~2027-10-07 休", "2027-10-09 班"; it comes on top
}

// MarkYear writes a year of a draft's calendar. A year without any day is taken out.
// Days that cannot be read are fault.Invalid.
func MarkYear(ctx context.Context, tx *db.Tx, by access.Actor, in YearMarks) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActChange)
	if err != nil {
		return p, err
	}
	var f fault.Fields
	y := WorkYear{Year: in.Year, Off: daysOf(&f, "/off", in.Off), On: daysOf(&f, "/on", in.On)}
	off, on := pasted(&f, in.Paste)
	y.Off, y.On = append(y.Off, off...), append(y.On, on...)
	if in.Year < firstYear || in.Year > lastYear {
		f.Add("/year", "policy.calendar_year", in.Year)
	}
	if err := f.Err(); err != nil {
		return p, err
	}
	years := slices.Clone(p.Policy.Calendar)
	i := slices.IndexFunc(years, func(w WorkYear) bool { return w.Year == in.Year })
	if i >= 0 {
		// Weekend days that are listed as off change nothing; they stay as they were.
		for _, d := range years[i].Off {
			if weekend(d) && !slices.Contains(y.On, d) {
				y.Off = append(y.Off, d)
			}
		}
		years = slices.Delete(years, i, i+1)
	}
	y.Off, y.On = sorted(y.Off), sorted(y.On)
	y.Off = slices.DeleteFunc(y.Off, func(d calendar.Day) bool { return slices.Contains(y.On, d) })
	if len(y.Off)+len(y.On) > 0 {
		years = append(years, y)
	}
	slices.SortFunc(years, func(a, b WorkYear) int { return a.Year - b.Year })
	p.Policy.Calendar = years
	return p.save(ctx, tx, by)
}

// The years that a calendar may have.
const firstYear, lastYear = 2000, 2200

func weekend(d calendar.Day) bool {
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

func sorted(days []calendar.Day) []calendar.Day {
	slices.SortFunc(days, calendar.Day.Compare)
	return slices.Compact(days)
}

func daysOf(f *fault.Fields, at string, list []string) []calendar.Day {
	var out []calendar.Day
	for _, s := range list {
		d, err := calendar.Parse(s)
		if err != nil {
			f.Add(at, "policy.no_day", s)
			return nil
		}
		out = append(out, d)
	}
	return out
}

// announced is a line of a list of days: a day or two with a sign between, and
// what they are.
var announced = regexp.MustCompile(`^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:\s*(?:~|～|至|到|—|–)\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?))?[\s,，:：]*(\S*)`)

const longestHoliday = 31 // days; a longer one is a slip of the pen

// pasted reads a list of days off and days worked as people paste it.
func pasted(f *fault.Fields, s string) (off, on []calendar.Day) {
	for _, line := range strings.Split(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		m := announced.FindStringSubmatch(line)
		if m == nil {
			f.Add("/paste", "policy.no_line", line)
			return nil, nil
		}
		if m[2] == "" {
			m[2] = m[1]
		}
		from, err := dayOf(m[1])
		to, err2 := dayOf(m[2])
		if err != nil || err2 != nil || to.Before(from) || to.DaysSince(from) > longestHoliday {
			f.Add("/paste", "policy.no_line", line)
			return nil, nil
		}
		works := strings.ContainsAny(m[3], "班上") || strings.HasPrefix(strings.ToLower(m[3]), "work") || strings.EqualFold(m[3], "on")
		for d := from; !d.After(to); d = d.AddDays(1) {
			if works {
				on = append(on, d)
			} else {
				off = append(off, d)
			}
		}
	}
	return off, on
}

func dayOf(s string) (calendar.Day, error) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	for i, p := range parts {
		if len(p) == 1 {
			parts[i] = "0" + p
		}
	}
	return calendar.Parse(strings.Join(parts, "-"))
}

// Rewording changes the texts of one message.
type Rewording struct {
	ID       string          `path:"id" json:"-"`
	Version  int64           `json:"version"`
	Template string          `json:"template"` // "notify.contract"
	Texts    map[string]Name `json:"texts"`    // by key: "notify.contract_subject"; one like the shipped, or empty, is the shipped
}

// Reword writes the operator's texts of a message into a draft. One in a single
// language, or with a placeholder that the message does not know, is fault.Invalid.
func Reword(ctx context.Context, tx *db.Tx, by access.Actor, in Rewording) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActChange)
	if err != nil {
		return p, err
	}
	t, ok := TemplateOf(in.Template)
	if !ok {
		return p, fault.New(fault.NotFound, "fault.not_found")
	}
	list := slices.DeleteFunc(slices.Clone(p.Policy.Messages), func(w Wording) bool { return slices.Contains(t.Texts, text.Key(w.ID)) })
	var own []Wording
	for _, k := range t.Texts {
		n := in.Texts[string(k)]
		n = Name{ZH: tidy(n.ZH), EN: tidy(n.EN)}
		if n != (Name{}) && n != t.Shipped(k) {
			own = append(own, Wording{ID: string(k), Text: n})
		}
	}
	var f fault.Fields
	for i, w := range own {
		for _, field := range faultsOf(Policy{Messages: []Wording{w}}.messageFaults()) {
			parts := segments(field.Pointer) // messages, 0, text, language
			field.Pointer = "/texts/" + own[i].ID + "/" + parts[len(parts)-1]
			f.Put(field)
		}
	}
	if err := f.Err(); err != nil {
		return p, err
	}
	list = append(list, own...)
	slices.SortFunc(list, func(a, b Wording) int { return strings.Compare(a.ID, b.ID) })
	p.Policy.Messages = list
	return p.save(ctx, tx, by)
}

func tidy(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func (p Policy) messageFaults() error {
	var f fault.Fields
	p.validateMessages(&f)
	return f.Err()
}

// TemplateOf finds a message's template; unknown is false.
func TemplateOf(id string) (Template, bool) {
	all := Templates()
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, false
	}
	return all[i], true
}

// Own is the operator's own text of a key; false where the shipped one is used.
func (p Policy) Own(key text.Key) (Name, bool) {
	i := slices.IndexFunc(p.Messages, func(w Wording) bool { return w.ID == string(key) })
	if i < 0 {
		return Name{}, false
	}
	return p.Messages[i].Text, true
}
