package office

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// rules are the pages of the operator's own rules.
type rules struct{ *web.Site }

const policyHref = "/office/policy"

func policyRoutes(s *web.Site) {
	o := rules{s}
	s.Staff("GET /office/policy", o.overview)
	s.Staff("GET /office/policy/sections/{section}", o.section)
	s.Staff("GET /office/policy/sections/messages/{template}", o.message)
	s.Staff("GET /office/policy/history", o.history)
	s.Staff("GET /office/policy/proposals", o.proposals)
	s.Staff("GET /office/policy/versions/{id}", o.version)
	s.Staff("GET /office/policy/versions/{id}/json", o.versionJSON)
	s.Staff("POST /office/policy/versions/{id}/withdraw", o.withdraw)
	s.Staff("POST /office/policy/drafts", o.begin)
	s.Staff("GET /office/policy/drafts/{id}", o.draft)
	s.Staff("POST /office/policy/drafts/{id}", o.describe)
	s.Staff("GET /office/policy/drafts/{id}/json", o.draftJSON)
	s.Staff("POST /office/policy/drafts/{id}/json", o.rewrite)
	s.Staff("POST /office/policy/drafts/{id}/send", o.act(policy.Send, "web_policy.sent"))
	s.Staff("POST /office/policy/drafts/{id}/approve", o.act(policy.Approve, "web_policy.approved"))
	s.Staff("POST /office/policy/drafts/{id}/return", o.act(policy.Return, "web_policy.returned"))
	s.Staff("POST /office/policy/drafts/{id}/take-back", o.act(policy.TakeBack, "web_policy.taken_back"))
	s.Staff("POST /office/policy/drafts/{id}/discard", o.act(policy.Discard, "web_policy.discarded"))
	s.Staff("POST /office/policy/drafts/{id}/rebase", o.rebase)
	s.Staff("GET /office/policy/drafts/{id}/sections/{section}", o.edit)
	s.Staff("POST /office/policy/drafts/{id}/sections/{section}", o.save)
	s.Staff("POST /office/policy/drafts/{id}/calendar", o.markYear)
	s.Staff("GET /office/policy/drafts/{id}/messages/{template}", o.editMessage)
	s.Staff("POST /office/policy/drafts/{id}/messages/{template}", o.reword)
	s.Staff("GET /office/policy/drafts/{id}/contract.pdf", o.contractPreview)
}

// policyHome is the first page: what holds, what comes, what is being written.
type policyHome struct {
	P      text.Printer
	Now    time.Time
	Policy policy.Policy
	Holds  policy.Page
	Coming []policy.Version
	Open   []policy.Proposal
	Names  map[string]string
	May    bool // begin a draft
	Years  []int
}

func (o rules) overview(w http.ResponseWriter, r *http.Request) error {
	v := policyHome{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ManagePolicy)
		if v.Coming, err = policy.Coming(ctx, tx, by); err != nil {
			return err
		}
		if v.Open, err = policy.Proposals(ctx, tx, by, policy.ProposalFilter{Open: true}); err != nil {
			return err
		}
		if v.Holds, err = policy.On(ctx, tx, by, tx.Now()); err != nil {
			return err
		}
		v.Policy = v.Holds.Policy
		ids := []string{v.Holds.MadeBy, v.Holds.ApprovedBy}
		for _, p := range v.Open {
			ids = append(ids, p.MadeBy, p.SentBy)
		}
		for _, c := range v.Coming {
			ids = append(ids, c.MadeBy, c.ApprovedBy)
		}
		v.Names, err = account.Names(ctx, tx, ids)
		return err
	})
	if err != nil {
		return err
	}
	v.Years = missingYears(v.Policy, v.Now)
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_policy"), policyPage(v))
}

// noticeMonth is the month of the year from which on the next year's calendar
// should be there: the state announces it in November.
const noticeMonth = time.November

// missingYears are this year and, late in it, the next, where the calendar does not know them.
func missingYears(p policy.Policy, now time.Time) []int {
	today := p.Today(now)
	years := []int{today.Year}
	if today.Month >= noticeMonth {
		years = append(years, today.Year+1)
	}
	var out []int
	for _, y := range years {
		if !p.KnowsYear(y) {
			out = append(out, y)
		}
	}
	return out
}

// sectionView is one section as it stands, read only.
type sectionView struct {
	P       text.Printer
	Now     time.Time
	Section policy.Section
	Policy  policy.Policy
	Fields  []policy.Field
	May     bool
	Year    int
}

func (o rules) section(w http.ResponseWriter, r *http.Request) error {
	s, ok := policy.SectionOf(r.PathValue("section"))
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	v := sectionView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Section: s}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		page, err := policy.On(ctx, tx, by, tx.Now())
		v.Policy, v.May = page.Policy, by.May(access.ManagePolicy)
		return err
	})
	if err != nil {
		return err
	}
	v.Fields = policy.FieldsOf(v.Policy, s)
	v.Year = yearAsked(r, v.Policy, v.Now)
	page := o.New(w, r, ui.Office, sectionKey(s))
	return o.Show(w, r, http.StatusOK, page, sectionPage(v))
}

func yearAsked(r *http.Request, p policy.Policy, now time.Time) int {
	y := p.Today(now).Year
	if d, err := calendar.Parse(r.URL.Query().Get("year") + "-01-01"); err == nil {
		y = d.Year
	}
	return y
}

// sectionKey is the name of a section; one without a name of its own has that of
// its first rule.
func sectionKey(s policy.Section) text.Key {
	if k := text.Key("web_policy.section_" + s.ID); text.Known(k) {
		return k
	}
	return "web_policy.section_other"
}

func sectionName(p text.Printer, s policy.Section) string {
	if k := sectionKey(s); k != "web_policy.section_other" {
		return p.T(k)
	}
	return policy.Label(p, s.ID)
}

func sectionNote(p text.Printer, s policy.Section) string {
	if k := text.Key("web_policy.about_" + s.ID); text.Known(k) {
		return p.T(k)
	}
	return ""
}

// historyView is the history, or what held on a day.
type historyView struct {
	P      text.Printer
	Now    time.Time
	List   []policy.Version
	Names  map[string]string
	Turn   ui.Turn
	On     string
	Held   *policy.Page
	Wrong  string
	HeldAs policy.Policy
}

func (o rules) history(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := historyView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), On: q.Get("on")}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.List, err = policy.History(ctx, tx, by, policy.HistoryFilter{Before: q.Get("cursor"), Limit: pageSize}); err != nil {
			return err
		}
		now, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		if v.On != "" {
			d, err := calendar.Parse(v.On)
			if err != nil {
				v.Wrong = v.P.T("policy.no_day", v.On)
			} else {
				// As it stood when that day ended.
				held, err := policy.On(ctx, tx, by, d.AddDays(1).Time(now.Location()).Add(-time.Microsecond))
				if err != nil {
					return err
				}
				v.Held = &held
			}
		}
		var ids []string
		for _, x := range v.List {
			ids = append(ids, x.MadeBy, x.ApprovedBy, x.WithdrawnBy)
		}
		v.Names, err = account.Names(ctx, tx, ids)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_policy.history"), policyHistoryPage(v))
}

// proposalsView lists every proposal there was.
type proposalsView struct {
	P     text.Printer
	Now   time.Time
	List  []policy.Proposal
	Names map[string]string
	Turn  ui.Turn
}

func (o rules) proposals(w http.ResponseWriter, r *http.Request) error {
	v := proposalsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.List, err = policy.Proposals(ctx, tx, by, policy.ProposalFilter{Before: r.URL.Query().Get("cursor"), Limit: pageSize}); err != nil {
			return err
		}
		var ids []string
		for _, x := range v.List {
			ids = append(ids, x.MadeBy, x.SentBy, x.DecidedBy)
		}
		v.Names, err = account.Names(ctx, tx, ids)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_policy.proposals"), policyProposalsPage(v))
}

// versionView is one version of the history.
type versionView struct {
	P     text.Printer
	Now   time.Time
	Page  policy.Page
	Names map[string]string
	May   bool
}

func (o rules) version(w http.ResponseWriter, r *http.Request) error {
	v := versionView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ManagePolicy)
		if v.Page, err = policy.Open(ctx, tx, by, r.PathValue("id")); err != nil {
			return err
		}
		v.Names, err = account.Names(ctx, tx, []string{v.Page.MadeBy, v.Page.ApprovedBy, v.Page.WithdrawnBy})
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_policy.version"), policyVersionPage(v))
}

func (o rules) versionJSON(w http.ResponseWriter, r *http.Request) error {
	var p policy.Page
	if err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		p, err = policy.Open(ctx, tx, by, r.PathValue("id"))
		return err
	}); err != nil {
		return err
	}
	return downloadPolicy(w, p.Policy, r.PathValue("id"))
}

// downloadPolicy answers with the rules as `yunshi policy show` prints them.
func downloadPolicy(w http.ResponseWriter, p policy.Policy, id string) error {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="policy-`+strings.Map(plainRune, id)+`.json"`)
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(p)
}

func plainRune(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '_' {
		return r
	}
	return -1
}

func (o rules) withdraw(w http.ResponseWriter, r *http.Request) error {
	in := policy.Withdrawal{ID: r.PathValue("id")}
	to := policyHref + "/versions/" + in.ID
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := policy.Withdraw(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return o.refused(w, r, to, err)
	}
	return o.Done(w, r, to, "web_policy.withdrawn")
}

// refused tells on the page why an act was not done; who may not do it at all, or
// asks for what is not there, gets the page that says so.
func (o rules) refused(w http.ResponseWriter, r *http.Request, to string, err error) error {
	if errors.Is(err, fault.NotFound) {
		return err
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	if f.Kind == fault.Forbidden && f.Message.Key == "fault.forbidden" {
		return err
	}
	return o.Refused(w, r, to, err)
}

// whenHolds is from when something holds, in words.
func whenHolds(p text.Printer, t time.Time) string {
	if t.IsZero() {
		return p.T("web_policy.at_once")
	}
	return p.Time(t)
}

func whoMade(p text.Printer, names map[string]string, id string) string {
	if n := names[id]; n != "" {
		return n
	}
	if id == "" {
		return p.T("web_policy.nobody")
	}
	return p.T("web_policy.command_line")
}
