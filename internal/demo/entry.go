package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
)

// folder is the documents of one application.
type folder struct {
	licence, team upload
	trade, built  map[policy.CategoryID]upload
	rights        upload
}

// collects has the documents of a company's first application made, dated by the
// day of the story.
func (s *story) collects(ctx context.Context, c *company, made time.Time) folder {
	f := s.proves(ctx, c, made, c.Categories)
	day := on(made, s.zone)
	f.licence = s.printed(ctx, "营业执照.jpg", func() ([]byte, error) { return licence(c) })
	hours := map[string]string{"office": "周一至周五 9:00–18:00", "long": "每日 9:00–21:00"}[c.Hours]
	f.team = s.printed(ctx, "技术与售后团队说明.pdf", func() ([]byte, error) {
		return sheet("team", made, map[string]any{"Company": c, "Day": day, "Hours": hours})
	})
	return f
}

// proves has the evidence for categories made.
func (s *story) proves(ctx context.Context, c *company, made time.Time, categories []policy.CategoryID) folder {
	day := on(made, s.zone)
	f := folder{trade: make(map[policy.CategoryID]upload), built: make(map[policy.CategoryID]upload)}
	for i, id := range categories {
		category, _ := s.policy.Category(id)
		note := c.Built[id]
		old := fmt.Sprintf("%d-%02d-%02d", made.Year()-4-(c.number+i)%3, 1+(c.number*5+i)%12, 3+(c.number*3)%24)
		f.trade[id] = s.printed(ctx, "服务合同-"+category.Name.ZH+".pdf", func() ([]byte, error) {
			return sheet("trade", made, map[string]any{"Company": c, "Category": category.Name.ZH, "Day": old, "Code": fmt.Sprintf("HT%s%03d", old[:4], c.number*7+i),
				"Client": s.words[fmt.Sprintf("client_%d", 1+c.number%3)], "Amount": fmt.Sprintf("%d,000.00", 68+c.number*7)})
		})
		f.built[id] = s.printed(ctx, "云产品使用说明-"+category.Name.ZH+".pdf", func() ([]byte, error) {
			return sheet("built", made, map[string]any{"Company": c, "Category": category.Name.ZH, "Day": day, "Note": note})
		})
	}
	if slices.Contains(categories, "miniprogram") {
		registered := on(made.AddDate(-3, -2, 0), s.zone)
		f.rights = s.printed(ctx, "软件著作权登记证书.pdf", func() ([]byte, error) {
			return sheet("rights", made, map[string]any{"Company": c, "Day": registered, "Code": fmt.Sprintf("YZ%07d", 2000100+c.number)})
		})
	}
	return f
}

// keep keeps the documents and names them in the paper.
func (f folder) keep(ctx context.Context, tx *db.Tx, c *company, a *qualification.Application, categories []policy.CategoryID) (err error) {
	if a.Documents.Licence == nil {
		if a.Documents.Licence, err = keep(ctx, tx, c.person, file.Licence, f.licence); err != nil {
			return err
		}
		if a.Documents.Team, err = keep(ctx, tx, c.person, file.Evidence, f.team); err != nil {
			return err
		}
	}
	a.Evidence = maps.Clone(a.Evidence)
	for _, id := range categories {
		e := qualification.Evidence{TradeStart: c.TradeStart, BuiltOn: true, BuiltNote: c.Built[id], Note: c.Note[id]}
		if e.TradeFiles, err = keep(ctx, tx, c.person, file.Evidence, f.trade[id]); err != nil {
			return err
		}
		if e.BuiltFiles, err = keep(ctx, tx, c.person, file.Evidence, f.built[id]); err != nil {
			return err
		}
		if id == "miniprogram" {
			e.Site = c.Site
			if e.RDFiles, err = keep(ctx, tx, c.person, file.Evidence, f.rights); err != nil {
				return err
			}
		}
		a.Evidence[id] = e
	}
	return nil
}

// paper is the application as the company fills it in, without documents.
func (c *company) paper() qualification.Application {
	work := []qualification.Span{{From: "09:00", To: "12:00"}, {From: "13:00", To: "18:00"}}
	hours := qualification.Hours{Mon: work, Tue: work, Wed: work, Thu: work, Fri: work}
	if c.Hours == "long" {
		day, end := []qualification.Span{{From: "09:00", To: "21:00"}}, []qualification.Span{{From: "09:00", To: "18:00"}}
		hours = qualification.Hours{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day, Sat: end, Sun: end}
	}
	return qualification.Application{
		Company: qualification.Company{Name: c.Name, USCC: c.USCC(), Type: c.Type, LegalPerson: c.LegalPerson, Capital: c.Capital,
			Established: c.Established, LongTerm: true, Address: c.Address, Scope: c.Scope, Registrar: c.Registrar},
		Account: qualification.Account{Holder: c.Name, Bank: c.Bank, Branch: c.Branch, Province: c.Province, City: c.City, Number: c.AccountNumber(), CNAPS: c.cnaps()},
		Contact: qualification.Contact{Name: c.Owner, Phone: c.phone(), Mail: c.Mail},
		Service: qualification.Service{Mail: c.ServiceMail, Phone: c.ServicePhone, Hours: hours, Team: c.Team},
		Shop:    qualification.Shop{Name: c.Shop, Site: c.Site, Intro: c.Intro},
		Mode:    c.Mode, Categories: c.Categories, Evidence: map[policy.CategoryID]qualification.Evidence{},
	}
}

// drafts fills in the first steps of the form and leaves the rest for later.
func (s *story) drafts(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			if _, err := qualification.Save(ctx, tx, c.person, qualification.Saving{Step: qualification.StepCompany, Application: c.paper()}); err != nil {
				return err
			}
			some := c.paper()
			some.Service.Hours.Fri, some.Service.Team, some.Shop.Intro = nil, "", "" // half filled in
			_, err := qualification.Save(ctx, tx, c.person, qualification.Saving{Step: qualification.StepContact, Application: some})
			return err
		})
	}
}

// applies fills in what is left, accepts the agreements and submits. Rules O-2, C-4.
func (s *story) applies(c *company, f folder) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			a := c.paper()
			if err := f.keep(ctx, tx, c, &a, c.Categories); err != nil {
				return err
			}
			if err := accept(ctx, tx, c.person); err != nil {
				return err
			}
			if _, err := qualification.Save(ctx, tx, c.person, qualification.Saving{Application: a}); err != nil {
				return err
			}
			return s.submit(ctx, tx, c)
		})
	}
}

func accept(ctx context.Context, tx *db.Tx, by access.Actor) error {
	docs, err := agreement.Current(ctx, tx)
	if err != nil {
		return err
	}
	var in agreement.Acceptance
	for _, d := range docs {
		in.Documents = append(in.Documents, agreement.Ref{ID: d.ID, Version: d.Version})
	}
	_, err = agreement.Accept(ctx, tx, by, in)
	return err
}

func (s *story) submit(ctx context.Context, tx *db.Tx, c *company) error {
	v, err := qualification.Submit(ctx, tx, c.person, qualification.Turn{})
	c.application = v.ID
	return err
}

// adds applies for one more category while the company trades. Rule C-3.
func (s *story) adds(c *company, f folder, id policy.CategoryID) func(ctx context.Context) error {
	return s.mends(c, func(ctx context.Context, tx *db.Tx, a *qualification.Application) error {
		a.Categories = append(slices.Clone(a.Categories), id)
		return f.keep(ctx, tx, c, a, []policy.CategoryID{id})
	})
}

// mends changes the application and submits it again.
func (s *story) mends(c *company, change func(ctx context.Context, tx *db.Tx, a *qualification.Application) error) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			v, err := qualification.Mine(ctx, tx, c.person)
			if err != nil {
				return err
			}
			if err := change(ctx, tx, &v.Paper); err != nil {
				return err
			}
			if _, err := qualification.Save(ctx, tx, c.person, qualification.Saving{Application: v.Paper}); err != nil {
				return err
			}
			return s.submit(ctx, tx, c)
		})
	}
}

// claims gives the application to the reviewer, who may leave a note.
func (s *story) claims(c *company, note string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			by := s.by(access.Reviewer)
			if _, err := qualification.Claim(ctx, tx, by, qualification.Turn{ID: c.application}); err != nil || note == "" {
				return err
			}
			_, err := qualification.AddNote(ctx, tx, by, qualification.Note{ID: c.application, Text: s.words[note]})
			return err
		})
	}
}

// unmet is a verdict that a condition is not met, with the word of its reason.
type unmet struct {
	condition policy.ConditionID
	category  policy.CategoryID
	reason    string // in words.json
	outcome   qualification.CategoryAct
}

// decides settles the application: every condition met but those named, every
// category approved but theirs. Rule O-3.
func (s *story) decides(c *company, items []qualification.Named, not ...unmet) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		by := s.by(access.Reviewer)
		return s.write(ctx, func(tx *db.Tx) error {
			if _, err := qualification.Claim(ctx, tx, by, qualification.Turn{ID: c.application}); err != nil {
				return err
			}
			r, err := qualification.Get(ctx, tx, by, c.application)
			if err != nil {
				return err
			}
			_, err = qualification.Decide(ctx, tx, by, s.decision(r, items, not))
			return err
		})
	}
}

func (s *story) decision(r qualification.Review, items []qualification.Named, not []unmet) qualification.Decision {
	d := qualification.Decision{ID: r.Item.ID, Version: r.Item.Version, Items: items}
	for _, k := range r.Check.Checks {
		if k.State != qualification.WaitingReview {
			continue
		}
		v := qualification.Verdict{Condition: k.Condition, Category: k.Category, Result: qualification.Met}
		for _, u := range not {
			if u.condition == k.Condition && u.category == k.Category {
				v.Result, v.Reason = qualification.NotMet, s.words[u.reason]
			}
		}
		d.Verdicts = append(d.Verdicts, v)
	}
	for _, id := range r.Submission.Categories {
		o := qualification.Outcome{Category: id, Decision: qualification.Approve}
		for _, u := range not {
			if u.category == id || u.category == "" {
				o.Decision = u.outcome
			}
		}
		d.Categories = append(d.Categories, o)
	}
	return d
}
