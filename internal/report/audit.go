package report

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// AuditFilter is what somebody looks for in the log, as they type it.
type AuditFilter struct {
	From    calendar.Day `query:"from"`    // in the operator's zone; none is no bound
	To      calendar.Day `query:"to"`      // that day included
	Who     string       `query:"who"`     // a person's id, mailbox, or the name of a member of staff; or "system", "command"
	Vendor  string       `query:"vendor"`  // id, credit code, or a part of the name that one company has
	Area    string       `query:"area"`    // the first part of kinds: "deposit"
	Kind    string       `query:"kind"`    // "deposit.confirmed"
	Subject string       `query:"subject"` // the id of the thing
	Address string       `query:"address"` // of the network, whole
	Text    string       `query:"q"`       // words of the sentence, in either language
	Cursor  string       `query:"cursor"`
	Limit   int          `query:"limit"` // 0 is 50, at most 200
}

// Empty reports whether nothing is looked for.
func (f AuditFilter) Empty() bool {
	f.Cursor, f.Limit = "", 0
	return f == AuditFilter{}
}

// Areas lists the areas of the log's kinds in order.
func Areas() []string {
	var out []string
	for _, k := range kinds() {
		area, _, _ := strings.Cut(k, ".")
		if !slices.Contains(out, area) {
			out = append(out, area)
		}
	}
	return out
}

// kinds lists every kind that has a sentence.
func kinds() []string {
	var out []string
	for _, k := range text.Keys() {
		if name, ok := strings.CutPrefix(string(k), "event."); ok && !strings.Contains(name, "#") {
			out = append(out, name)
		}
	}
	return out
}

// said reports whether the words stand in a kind's sentence in one of the languages,
// or in its name.
func said(kind, words string) bool {
	words = strings.ToLower(words)
	if strings.Contains(kind, words) {
		return true
	}
	return slices.ContainsFunc(text.Langs(), func(l text.Lang) bool {
		return strings.Contains(strings.ToLower(text.Printer{Lang: l}.T(text.Key("event."+kind))), words)
	})
}

// search puts what was typed into conditions. What names nobody is a fault at its
// field, so that an empty answer always means that nothing happened.
func (f AuditFilter) search(ctx context.Context, tx *db.Tx, by access.Actor) (event.Search, error) {
	s := event.Search{Subject: strings.TrimSpace(f.Subject), Address: strings.TrimSpace(f.Address), Before: f.Cursor, Limit: f.Limit}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return s, err
	}
	var wrong fault.Fields
	if !f.From.IsZero() {
		s.From = f.From.Time(p.Location())
	}
	if !f.To.IsZero() {
		s.To = f.To.AddDays(1).Time(p.Location())
		if f.To.Before(f.From) {
			wrong.Add("/to", "report.to_before_from")
		}
	}
	if s.ActorID, err = person(ctx, tx, by, strings.TrimSpace(f.Who)); fault.Is(err, fault.NotFound) {
		wrong.Add("/who", "report.no_person", f.Who)
	} else if err != nil {
		return s, err
	}
	if err := f.company(ctx, tx, by, &s, &wrong); err != nil {
		return s, err
	}
	words := strings.TrimSpace(f.Text)
	if f.Area != "" || f.Kind != "" || words != "" {
		s.Kinds = []string{}
		for _, k := range kinds() {
			if (f.Area == "" || strings.HasPrefix(k, f.Area+".")) && (f.Kind == "" || k == f.Kind) && (words == "" || said(k, words)) {
				s.Kinds = append(s.Kinds, k)
			}
		}
	}
	return s, wrong.Err()
}

func (f AuditFilter) company(ctx context.Context, tx *db.Tx, by access.Actor, s *event.Search, wrong *fault.Fields) error {
	words := strings.TrimSpace(f.Vendor)
	if words == "" {
		return nil
	}
	found, err := vendor.List(ctx, tx, by, vendor.Filter{Query: words, Limit: 2})
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		wrong.Add("/vendor", "report.no_vendor", words)
	case len(found) > 1:
		wrong.Add("/vendor", "report.many_vendors", words)
	default:
		s.VendorID = found[0].ID
	}
	return nil
}

// person finds whom somebody means; the log's own actors have names as ids.
func person(ctx context.Context, tx *db.Tx, by access.Actor, who string) (string, error) {
	if who == "" {
		return "", nil
	}
	if strings.HasPrefix(who, "acc_") {
		a, err := account.Load(ctx, tx, who)
		return a.ID, err
	}
	if strings.Contains(who, "@") {
		return account.IDByMail(ctx, tx, by, who)
	}
	staff, err := account.Staff(ctx, tx, by)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(staff, func(a account.Account) bool { return a.Name == who })
	if i < 0 {
		return "", fault.New(fault.NotFound, "fault.not_found")
	}
	return staff[i].ID, nil
}

// Entry is an event with the names of who did it and whom it concerns.
type Entry struct {
	event.Ref
	Actor  string // name; "" for the program itself and who is gone
	Vendor string
}

// Audit searches the log, the newest first.
func Audit(ctx context.Context, tx *db.Tx, by access.Actor, f AuditFilter) ([]Entry, error) {
	if err := by.Require(access.SeeEvents); err != nil {
		return nil, err
	}
	s, err := f.search(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	if s.Limit <= 0 || s.Limit > 200 {
		s.Limit = 50
	}
	return entries(ctx, tx, by, s)
}

func entries(ctx context.Context, tx *db.Tx, by access.Actor, s event.Search) ([]Entry, error) {
	list, err := event.Find(ctx, tx, by, s)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var people, companies []string
	for _, e := range list {
		if strings.HasPrefix(e.ActorID, "acc_") && !slices.Contains(people, e.ActorID) {
			people = append(people, e.ActorID)
		}
		if e.VendorID != "" && !slices.Contains(companies, e.VendorID) {
			companies = append(companies, e.VendorID)
		}
	}
	who, err := account.Names(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	of, err := vendor.Names(ctx, tx, companies)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(list))
	for i, e := range list {
		out[i] = Entry{Ref: e, Actor: who[e.ActorID], Vendor: of[e.VendorID]}
	}
	return out, nil
}

// exportPart is how many rows of an export are read in one transaction.
const exportPart = 1000

// AuditExport records the export and hands over the entries that were found, the
// newest first and at most as many as the policy says. The rows are read part by
// part, each in a transaction of its own, so that a slow reader holds none up.
func AuditExport(ctx context.Context, d *db.DB, by access.Actor, f AuditFilter, asked, format string) (rows iter.Seq2[Entry, error], most int, err error) {
	var s event.Search
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if err := by.Require(access.SeeEvents); err != nil {
			return err
		}
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		most = p.Oversight.ExportRows
		if s, err = f.search(ctx, tx, by); err != nil {
			return err
		}
		if s.To.IsZero() || s.To.After(tx.Now()) {
			s.To = tx.Now().Add(time.Millisecond) // what happens meanwhile is not in it
		}
		return event.NoteExport(ctx, tx, by, event.ExportedData{Search: asked, Format: format})
	})
	if err != nil {
		return nil, 0, err
	}
	return func(yield func(Entry, error) bool) {
		s.Before = ""
		for n := 0; n < most; {
			s.Limit = min(exportPart, most-n)
			var part []Entry
			err := d.Read(ctx, func(tx *db.Tx) (err error) {
				part, err = entries(ctx, tx, by, s)
				return err
			})
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range part {
				if !yield(e, nil) {
					return
				}
			}
			if len(part) < s.Limit {
				return
			}
			n += len(part)
			s.Before = part[len(part)-1].ID
		}
	}, most, nil
}
