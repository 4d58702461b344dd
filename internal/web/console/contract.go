package console

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type contracts struct{ *web.Site }

func contractRoutes(s *web.Site) {
	c := contracts{s}
	s.Member("GET /console/contract", c.show)
	s.Member("POST /console/contract/code", c.code)
	s.Member("POST /console/contract/sign", c.sign)
	s.Member("POST /console/contract/scan", c.scan)
}

const contractHref = "/console/contract"

// contractView is a vendor's contract as its page shows it.
type contractView struct {
	P     text.Printer
	Desk  contract.Desk
	Scan  file.File // of the contract shown
	At    int       // which document is in view
	Sent  bool      // a code was sent just now
	Sign  ui.Form
	Paper ui.Form
	MaxMB int
}

// shown is the contract the page is about: the offer, else the one in force.
func (v contractView) shown() *contract.Contract {
	if v.Desk.Offer != nil {
		return v.Desk.Offer
	}
	return v.Desk.InForce
}

// ended reports whether the last contract has run out and nothing took its place.
func (v contractView) ended() bool {
	return v.Desk.InForce != nil && !contract.InTerm(*v.Desk.InForce, v.Desk.Now)
}

// soon reports whether the contract in force ends within a month.
func (v contractView) soon() bool {
	return v.Desk.InForce != nil && !v.ended() && v.Desk.Now.After(v.Desk.InForce.Until.AddDate(0, -1, 0))
}

func (c contracts) view(r *http.Request) (contractView, error) {
	v := contractView{P: server.Printer(r.Context()), MaxMB: int(c.Policy(r.Context()).UploadBytes >> 20), Sent: r.URL.Query().Has("sent")}
	v.At, _ = strconv.Atoi(r.URL.Query().Get("doc"))
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if by.VendorID == "" { // nobody has begun an application yet
			v.Desk.Now = tx.Now()
			return nil
		}
		if v.Desk, err = contract.Mine(ctx, tx, by); err != nil || v.shown() == nil {
			return err
		}
		v.Scan, err = web.Scan(ctx, tx, by, *v.shown())
		return err
	})
	return v, err
}

func (c contracts) page(w http.ResponseWriter, r *http.Request, status int, v contractView) error {
	return c.Show(w, r, status, c.New(w, r, ui.Console, "web_contract.title"), contractPage(v))
}

func (c contracts) show(w http.ResponseWriter, r *http.Request) error {
	v, err := c.view(r)
	if err != nil {
		return err
	}
	return c.page(w, r, http.StatusOK, v)
}

// code sends a code and comes back to the form.
func (c contracts) code(w http.ResponseWriter, r *http.Request) error {
	err := web.Parse(w, r)
	var phone string
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := contract.AskCode(ctx, tx, by, contract.Turn{})
			return err
		})
	}
	if err == nil {
		phone = vault.MaskPhone(server.Account(r.Context()).Phone)
		return c.Done(w, r, contractHref+"?sent=1#sign", "web_contract.code_sent", phone)
	}
	if fault.Is(err, fault.Conflict) {
		return c.Refused(w, r, contractHref, err)
	}
	return c.mend(w, r, err, func(v *contractView) { v.Sign = web.Typed(r, err) })
}

func (c contracts) sign(w http.ResponseWriter, r *http.Request) error {
	var in contract.Signature
	err := web.Form(w, r, &in)
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := contract.Sign(ctx, tx, by, in)
			return err
		})
	}
	switch {
	case err == nil:
		return c.Done(w, r, contractHref, "web_contract.signed_now")
	case fault.Is(err, fault.Conflict):
		return c.Refused(w, r, contractHref, err)
	}
	return c.mend(w, r, err, func(v *contractView) { v.Sign = web.Typed(r, err) })
}

func (c contracts) scan(w http.ResponseWriter, r *http.Request) error {
	by := server.Actor(r.Context())
	kept, err := c.Uploads(w, r, by.VendorID, map[string]file.Purpose{"file": file.SignedContract})
	in := contract.Scan{}
	if f := kept["file"]; len(f) > 0 {
		in.File = f[len(f)-1].ID
	}
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := contract.Upload(ctx, tx, by, in)
			return err
		})
	}
	switch {
	case err == nil:
		return c.Done(w, r, contractHref, "web_contract.scan_received")
	case fault.Is(err, fault.Conflict):
		return c.Refused(w, r, contractHref, err)
	}
	return c.mend(w, r, err, func(v *contractView) { v.Paper = web.Typed(r, err) })
}

// mend shows the page again with what must be mended beside its fields.
func (c contracts) mend(w http.ResponseWriter, r *http.Request, err error, put func(v *contractView)) error {
	status, ok := web.Mended(err)
	if !ok {
		return err
	}
	v, again := c.view(r)
	if again != nil {
		return again
	}
	put(&v)
	return c.page(w, r, status, v)
}

// wait is how many seconds until another code may be asked for.
func (v contractView) wait() int {
	if v.Sent {
		return int(time.Minute / time.Second)
	}
	return 0
}
