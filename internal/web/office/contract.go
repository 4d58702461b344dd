package office

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type contracts struct{ *web.Site }

func contractRoutes(s *web.Site) {
	o := contracts{s}
	s.Staff("GET /office/contracts", o.list)
	s.Staff("POST /office/contracts/claim", o.claim)
	s.Staff("POST /office/contracts/release", o.release)
	s.Staff("GET /office/contracts/new", o.draft)
	s.Staff("POST /office/contracts/new", o.offer)
	s.Staff("GET /office/contracts/preview", o.preview)
	s.Staff("GET /office/contracts/{id}", o.show)
	s.Staff("POST /office/contracts/{id}/withdraw", o.withdraw)
	s.Staff("POST /office/contracts/{id}/scan", o.scan)
	s.Staff("POST /office/contracts/{id}/return", o.giveBack)
	s.Staff("POST /office/contracts/{id}/confirm", o.confirm)
}

const contractsHref = "/office/contracts"

func offerHref(vendorID string) string {
	return contractsHref + "/new?vendor=" + url.QueryEscape(vendorID)
}

// contractsView is the staff's queue of contracts, or all of them.
type contractsView struct {
	P      text.Printer
	Now    time.Time
	Show   string // "", "free", "mine", "late"; or "offered", "signed", "ended", "all": contracts
	Query  string
	Waits  contract.Waits
	Tasks  []contract.Item
	List   []contract.Listed
	Turn   ui.Turn
	listed bool
}

// choices are the tabs that list contracts, not what waits for the staff.
var choices = map[string]contract.Choice{
	"offered": {Status: contract.AtVendor}, "signed": {Status: contract.InForce}, "ended": {Ended: true}, "all": {},
}

// previewName is an input's name in the preview's address. The language of the
// contract has its own: "lang" in an address turns that of the pages.
func previewName(input string) string {
	if input == "lang" {
		return "contract_lang"
	}
	return input
}

func (o contracts) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := contractsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Show: q.Get("show"), Query: q.Get("q")}
	choice, listed := choices[v.Show]
	v.listed = listed
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Waits, err = contract.Queue(ctx, tx, by); err != nil {
			return err
		}
		if listed {
			choice.Query, choice.Before, choice.Limit = v.Query, q.Get("cursor"), pageSize
			v.List, err = contract.All(ctx, tx, by, choice)
			return err
		}
		f := contract.Filter{Free: v.Show == "free", Late: v.Show == "late", After: q.Get("cursor"), Limit: pageSize}
		if v.Show == "mine" {
			f.Holder = by.ID
		}
		v.Tasks, err = contract.List(ctx, tx, by, f)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	} else if n := len(v.Tasks); n > 0 {
		v.Turn = turn(r, n, v.Tasks[n-1].Cursor())
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_contract.queue"), contractsPage(v))
}

// queueAct runs an act on the queue and comes back to the page it was done on.
func (o contracts) queueAct(w http.ResponseWriter, r *http.Request, op func(context.Context, *db.Tx, access.Actor, contract.VendorTurn) (contract.Item, error), said text.Key) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	in := contract.VendorTurn{VendorID: r.PostForm.Get("vendor")}
	to := web.Safe(r.PostForm.Get("to"), offerHref(in.VendorID))
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := op(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, said)
}

func (o contracts) claim(w http.ResponseWriter, r *http.Request) error {
	return o.queueAct(w, r, contract.Claim, "web_contract.claimed")
}

func (o contracts) release(w http.ResponseWriter, r *http.Request) error {
	return o.queueAct(w, r, contract.Release, "web_contract.released")
}

// offerView is the form by which a contract is offered, beside its document.
type offerView struct {
	P     text.Printer
	Now   time.Time
	D     contract.Draft
	May   bool // the reader may offer contracts
	Mine  bool // the reader has it
	Names []string
	Form  ui.Form
}

// Preview is the address of the document that the form would make.
func (v offerView) Preview() string {
	q := url.Values{"vendor_id": {v.D.VendorID}}
	for _, k := range []string{"lang", "rate", "deposit", "months", "terms"} {
		if s := v.Form.Values.Get(k); s != "" {
			q.Set(previewName(k), s)
		}
	}
	return contractsHref + "/preview?" + q.Encode() + web.PDFView
}

func (o contracts) offerOf(r *http.Request, vendorID string) (offerView, error) {
	v := offerView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.SendContracts)
		v.D, err = contract.Prepare(ctx, tx, by, contract.VendorTurn{VendorID: vendorID})
		v.Mine = v.D.Holder != "" && v.D.Holder == by.ID
		return err
	})
	rules := o.Policy(r.Context())
	for _, id := range v.D.Categories {
		if c, ok := rules.Category(id); ok {
			v.Names = append(v.Names, c.Name.In(v.P.Lang))
		}
	}
	return v, err
}

func (o contracts) offerShow(w http.ResponseWriter, r *http.Request, status int, v offerView) error {
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_contract.offer_title", v.D.Vendor.Name), offerPage(v))
}

func (o contracts) draft(w http.ResponseWriter, r *http.Request) error {
	v, err := o.offerOf(r, r.URL.Query().Get("vendor"))
	if err != nil {
		return err
	}
	v.Form.Values = url.Values{
		"lang": {string(contract.ZH)}, "rate": {v.D.Rate()}, "deposit": {v.D.Deposit.String()}, "months": {strconv.Itoa(v.D.Months)},
	}
	return o.offerShow(w, r, http.StatusOK, v)
}

func (o contracts) offer(w http.ResponseWriter, r *http.Request) error {
	var in contract.Proposal
	err := web.Form(w, r, &in)
	var made contract.Contract
	look := r.PostForm.Get("act") == "preview"
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			if look { // the same checks, without the offer
				_, err = contract.Preview(ctx, tx, by, in)
				return err
			}
			made, err = contract.Offer(ctx, tx, by, in)
			return err
		})
	}
	if err == nil && !look {
		return o.Done(w, r, contractsHref+"/"+made.ID, "web_contract.offered_now", made.Number)
	}
	status, ok := http.StatusOK, true
	if err != nil {
		status, ok = web.Mended(err)
	}
	if !ok {
		return err
	}
	v, again := o.offerOf(r, in.VendorID)
	if again != nil {
		return again
	}
	v.Form = ui.Form{Values: r.PostForm}
	if err != nil {
		v.Form = web.Typed(r, err)
	}
	return o.offerShow(w, r, status, v)
}

// preview answers with the document that an offer would make.
func (o contracts) preview(w http.ResponseWriter, r *http.Request) error {
	r.PostForm = r.URL.Query() // the same inputs as the form's
	r.PostForm.Set("lang", r.PostForm.Get(previewName("lang")))
	var in contract.Proposal
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	var data []byte
	if err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		data, err = contract.Preview(ctx, tx, by, in)
		return err
	}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", file.PDF)
	h.Set("Content-Disposition", `inline; filename="preview.pdf"`)
	h.Set("Content-Security-Policy", "default-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'")
	_, err := w.Write(data)
	return err
}

// contractView is one contract beside its documents.
type contractView struct {
	P       text.Printer
	Now     time.Time
	C       contract.Contract
	Vendor  string
	Scan    file.File
	At      int
	May     bool // the reader handles contracts
	Holder  string
	Mine    bool
	Names   []string
	Moments []ui.Moment
	Form    ui.Form // of the confirmation
	Back    ui.Form // of the reason
	Upload  ui.Form
	MaxMB   int
	Today   string
}

// Held reports whether a colleague has the contract.
func (v contractView) Held() bool { return v.Holder != "" && !v.Mine }

func (o contracts) load(r *http.Request) (contractView, error) {
	rules := o.Policy(r.Context())
	v := contractView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), MaxMB: int(rules.UploadBytes >> 20)}
	v.At, _ = strconv.Atoi(r.URL.Query().Get("doc"))
	v.Today = v.Now.In(rules.Location()).Format("2006-01-02")
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.C, err = contract.Get(ctx, tx, by, contract.Turn{ID: r.PathValue("id")}); err != nil {
			return err
		}
		d, err := contract.Prepare(ctx, tx, by, contract.VendorTurn{VendorID: v.C.VendorID})
		if err != nil {
			return err
		}
		v.Vendor, v.Holder, v.Mine, v.May = d.Vendor.Name, d.HolderName, d.Holder != "" && d.Holder == by.ID, by.May(access.SendContracts)
		if v.Scan, err = web.Scan(ctx, tx, by, v.C); err != nil {
			return err
		}
		events, err := event.List(ctx, tx, by, event.Filter{VendorID: v.C.VendorID, Subject: v.C.ID, Limit: 100})
		if err != nil {
			return err
		}
		v.Moments, err = web.Moments(ctx, tx, by, v.P, events)
		return err
	})
	for _, id := range v.C.Categories {
		if c, ok := rules.Category(id); ok {
			v.Names = append(v.Names, c.Name.In(v.P.Lang))
		}
	}
	return v, err
}

func (o contracts) page(w http.ResponseWriter, r *http.Request, status int, v contractView) error {
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_contract.title_of", v.C.Number), contractPage(v))
}

func (o contracts) show(w http.ResponseWriter, r *http.Request) error {
	v, err := o.load(r)
	if err != nil {
		return err
	}
	return o.page(w, r, http.StatusOK, v)
}

// done ends an act on a contract: what must be mended stands beside its field, a
// contract that somebody else has changed says so above the page.
func (o contracts) done(w http.ResponseWriter, r *http.Request, err error, said text.Key, put func(v *contractView, f ui.Form)) error {
	to := contractsHref + "/" + url.PathEscape(r.PathValue("id"))
	switch status, ok := web.Mended(err); {
	case err == nil:
		return o.Done(w, r, to, said)
	case fault.Is(err, fault.Conflict):
		return o.Refused(w, r, to, err)
	case !ok:
		return err
	default:
		v, again := o.load(r)
		if again != nil {
			return again
		}
		put(&v, web.Typed(r, err))
		return o.page(w, r, status, v)
	}
}

// act decodes a paper and runs an operation with it.
func act[I any](o contracts, w http.ResponseWriter, r *http.Request, op func(context.Context, *db.Tx, access.Actor, I) (contract.Contract, error)) error {
	var in I
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	return o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := op(ctx, tx, by, in)
		return err
	})
}

func (o contracts) withdraw(w http.ResponseWriter, r *http.Request) error {
	return o.done(w, r, act(o, w, r, contract.Withdraw), "web_contract.withdrawn_now", func(v *contractView, f ui.Form) { v.Back = f })
}

func (o contracts) giveBack(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	r.PostForm.Set("reason", r.PostForm.Get("why")) // the page has another reason, of the withdrawal
	return o.done(w, r, act(o, w, r, contract.Return), "web_contract.returned_now", func(v *contractView, f ui.Form) { v.Back = f })
}

func (o contracts) confirm(w http.ResponseWriter, r *http.Request) error {
	return o.done(w, r, act(o, w, r, contract.Confirm), "web_contract.confirmed_now", func(v *contractView, f ui.Form) { v.Form = f })
}

// scan keeps a signed contract that came by post.
func (o contracts) scan(w http.ResponseWriter, r *http.Request) error {
	v, err := o.load(r)
	if err != nil {
		return err
	}
	kept, err := o.Uploads(w, r, v.C.VendorID, map[string]file.Purpose{"file": file.SignedContract})
	in := contract.Scan{ID: v.C.ID}
	if f := kept["file"]; len(f) > 0 {
		in.File = f[len(f)-1].ID
	}
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := contract.Upload(ctx, tx, by, in)
			return err
		})
	}
	return o.done(w, r, err, "web_contract.scan_received", func(v *contractView, f ui.Form) { v.Upload = f })
}
