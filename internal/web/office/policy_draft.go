package office

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func draftHref(id string) string { return policyHref + "/drafts/" + id }

func (o rules) begin(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		policy.Beginning
		Section string `json:"section"`
	}
	err := web.Form(w, r, &in)
	in.Title, in.Restore, in.Section = r.PostForm.Get("title"), r.PostForm.Get("restore"), r.PostForm.Get("section")
	var p policy.Proposal
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			p, err = policy.Begin(ctx, tx, by, in.Beginning)
			return err
		})
	}
	if err != nil {
		return o.refused(w, r, policyHref, err)
	}
	if s, ok := policy.SectionOf(in.Section); ok {
		return o.Done(w, r, draftHref(p.ID)+"/sections/"+s.ID, "web_policy.begun")
	}
	return o.Done(w, r, draftHref(p.ID), "web_policy.begun")
}

// draftView is a proposal with everything that is to be decided on.
type draftView struct {
	P       text.Printer
	Now     time.Time
	R       policy.Review
	Touched []policy.Touch
	Names   map[string]string
	Form    ui.Form
	Choice  ui.Form // of the clashes
	Edit    bool    // write in it
	Manage  bool    // an administrator reads it
	Approve error   // why the reader is not its second person; nil if they may be
	Asks    bool    // the reader could be somebody's second person at all
	JSON    ui.Form
}

func (o rules) draft(w http.ResponseWriter, r *http.Request) error {
	return o.showDraft(w, r, http.StatusOK, nil)
}

func (o rules) showDraft(w http.ResponseWriter, r *http.Request, status int, change func(*draftView)) error {
	v := draftView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.R, err = policy.Look(ctx, tx, by, r.PathValue("id")); err != nil {
			return err
		}
		v.Manage = by.May(access.ManagePolicy)
		v.Edit = v.R.Status == policy.Draft && v.Manage
		v.Asks, v.Approve = by.May(access.ApprovePolicy), v.R.MayApprove(by)
		if v.R.Status == policy.Draft || v.R.Status == policy.Waiting {
			if v.Touched, err = policy.Preview(ctx, tx, by, v.R, o.Effects); err != nil {
				return err
			}
		}
		v.Names, err = account.Names(ctx, tx, append([]string{v.R.MadeBy, v.R.SentBy, v.R.DecidedBy}, v.R.Hands...))
		return err
	})
	if err != nil {
		return err
	}
	from := ""
	if !v.R.HoldsFrom.IsZero() {
		from = v.R.HoldsFrom.In(v.R.Base.Location()).Format("2006-01-02T15:04")
	}
	v.Form = ui.Form{Values: map[string][]string{"title": {v.R.Title}, "reason": {v.R.Reason}, "holds_from": {from}}, Fixed: !v.Edit}
	if change != nil {
		change(&v)
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_policy.draft_of", v.R.Title), policyDraftPage(v))
}

func (o rules) describe(w http.ResponseWriter, r *http.Request) error {
	var in policy.Description
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := policy.Describe(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return o.showDraft(w, r, status, func(v *draftView) { v.Form = web.Typed(r, err) })
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, draftHref(in.ID), "web_policy.saved")
}

// act runs one of the acts on a proposal that have a button.
func (o rules) act(do func(context.Context, *db.Tx, access.Actor, policy.Turn) (policy.Proposal, error), said text.Key) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in policy.Turn
		err := web.Form(w, r, &in)
		var p policy.Proposal
		if err == nil {
			err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
				p, err = do(ctx, tx, by, in)
				return err
			})
		}
		to := draftHref(r.PathValue("id"))
		switch {
		case err != nil:
			return o.refused(w, r, to, err)
		case p.Status == policy.Enacted:
			return o.Done(w, r, policyHref+"/versions/"+p.PolicyID, "web_policy.enacted")
		case p.Status == policy.Discarded:
			return o.Done(w, r, policyHref, said)
		}
		return o.Done(w, r, to, said)
	}
}

// rebase takes "choice/…" = mine or theirs for each clash.
func (o rules) rebase(w http.ResponseWriter, r *http.Request) error {
	var in policy.Update
	err := web.Form(w, r, &in)
	for name, v := range r.PostForm {
		pointer, ok := strings.CutPrefix(name, "choice.")
		if !ok || len(v) == 0 {
			continue
		}
		pointer = ui.PointerOf(pointer)
		switch v[0] {
		case "mine":
			in.Mine = append(in.Mine, pointer)
		case "theirs":
			in.Theirs = append(in.Theirs, pointer)
		}
	}
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := policy.Rebase(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok && fault.Is(err, fault.Invalid) {
		return o.showDraft(w, r, status, func(v *draftView) { v.Choice = web.Typed(r, err) })
	}
	if err != nil {
		return o.refused(w, r, draftHref(r.PathValue("id")), err)
	}
	return o.Done(w, r, draftHref(in.ID), "web_policy.rebased")
}

func (o rules) draftJSON(w http.ResponseWriter, r *http.Request) error {
	var p policy.Proposal
	if err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		p, err = policy.GetProposal(ctx, tx, by, r.PathValue("id"))
		return err
	}); err != nil {
		return err
	}
	return downloadPolicy(w, p.Policy, p.ID)
}

// longestPolicy bounds rules that are sent as a file.
const longestPolicy = 1 << 20

func (o rules) rewrite(w http.ResponseWriter, r *http.Request) error {
	var in policy.Rewriting
	err := web.Form(w, r, &in)
	if err == nil && r.MultipartForm != nil && len(r.MultipartForm.File["file"]) > 0 {
		in.Body, err = readUpload(r)
	}
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := policy.Rewrite(ctx, tx, by, in)
			return err
		})
	}
	if err != nil {
		return o.refused(w, r, draftHref(r.PathValue("id")), err)
	}
	return o.Done(w, r, draftHref(in.ID), "web_policy.rewritten")
}

func readUpload(r *http.Request) (string, error) {
	f, err := r.MultipartForm.File["file"][0].Open()
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(f, longestPolicy))
	if err2 := f.Close(); err == nil {
		err = err2
	}
	return strings.TrimPrefix(string(data), "\ufeff"), err
}

// contractPreview lays a contract out with the draft's text and invented parties.
func (o rules) contractPreview(w http.ResponseWriter, r *http.Request) error {
	var data []byte
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		p, err := policy.GetProposal(ctx, tx, by, r.PathValue("id"))
		if err != nil {
			return err
		}
		q := r.URL.Query()
		mode := policy.Platform
		if q.Get("mode") == string(policy.Resale) {
			mode = policy.Resale
		}
		lang := contract.ZH
		if q.Get("lang") == "en" {
			lang = contract.EN
		}
		data, err = contract.Specimen(p.Policy, q.Get("template"), mode, lang, tx.Now())
		return err
	})
	if err != nil {
		return o.refused(w, r, draftHref(r.PathValue("id"))+"/sections/contract_texts", err)
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="contract-preview.pdf"`)
	_, err = w.Write(data)
	return err
}
