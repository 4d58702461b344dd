package console

import (
	"context"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// paperRoutes are the vendor's receipts on paper and its address book (D-8).
func paperRoutes(s *web.Site) {
	d := deposits{s}
	s.Member("POST /console/deposit/addresses", d.keepAddress)
	s.Member("POST /console/deposit/addresses/{id}/choose", d.chooseAddress)
	s.Member("POST /console/deposit/addresses/{id}/remove", d.removeAddress)
	s.Member("POST /console/deposit/receipts/{id}/paper", d.askPaper)
	s.Member("POST /console/deposit/receipts/{id}/loss", d.giveLoss)
	s.Member("POST /console/deposit/papers/{id}/drop", d.dropPaper)
	s.Member("POST /console/deposit/papers/{id}/arrived", d.arrived)
}

// act runs one act of the deposit's page; what can be mended is shown on it.
func (d deposits) act(w http.ResponseWriter, r *http.Request, in any, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := web.Form(w, r, in)
	if err == nil {
		err = d.Write(r, do)
	}
	if status, ok := web.Mended(err); ok {
		return d.page(w, r, status, depositView{PaperForm: web.Typed(r, err)})
	}
	if err != nil {
		return d.Refused(w, r, "/console/deposit", err)
	}
	return d.Done(w, r, "/console/deposit", said)
}

func (d deposits) keepAddress(w http.ResponseWriter, r *http.Request) error {
	var in deposit.AddressPaper
	return d.act(w, r, &in, "web_money.address_kept", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.KeepAddress(ctx, tx, by, in)
		return err
	})
}

func (d deposits) chooseAddress(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return d.act(w, r, &in, "web_money.address_kept", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.ChooseAddress(ctx, tx, by, in)
		return err
	})
}

func (d deposits) removeAddress(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return d.act(w, r, &in, "web_money.address_removed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return deposit.RemoveAddress(ctx, tx, by, in)
	})
}

func (d deposits) askPaper(w http.ResponseWriter, r *http.Request) error {
	var in deposit.PaperRequest
	return d.act(w, r, &in, "web_money.paper_asked", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.AskPaper(ctx, tx, by, in)
		return err
	})
}

func (d deposits) dropPaper(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return d.act(w, r, &in, "web_money.paper_dropped", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.DropPaper(ctx, tx, by, in)
		return err
	})
}

func (d deposits) arrived(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return d.act(w, r, &in, "web_money.paper_has_arrived", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.Arrived(ctx, tx, by, in)
		return err
	})
}

func (d deposits) giveLoss(w http.ResponseWriter, r *http.Request) error {
	by := server.Actor(r.Context())
	kept, err := d.Uploads(w, r, by.VendorID, map[string]file.Purpose{"file": file.Loss})
	in := deposit.Loss{ReceiptID: r.PathValue("id")}
	if len(kept["file"]) > 0 {
		in.File = kept["file"][0].ID
	}
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := deposit.GiveLoss(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return d.page(w, r, status, depositView{PaperForm: web.Typed(r, err)})
	}
	if err != nil {
		return d.Refused(w, r, "/console/deposit", err)
	}
	return d.Done(w, r, "/console/deposit", "web_money.loss_given")
}

// paperOf is the newest paper of a receipt.
func (v depositView) paperOf(receiptID string) (deposit.Parcel, bool) {
	for _, p := range v.Papers {
		if p.ReceiptID == receiptID {
			return p, true
		}
	}
	return deposit.Parcel{}, false
}

// backOf is the newest word on a receipt's paper that is no longer out.
func (v depositView) backOf(receiptID string) (deposit.Back, bool) {
	for _, b := range v.Backs {
		if b.ReceiptID == receiptID {
			return b, true
		}
	}
	return deposit.Back{}, false
}

// places are the addresses to choose from.
func (v depositView) places() []ui.Option {
	var out []ui.Option
	for _, a := range v.Addresses {
		out = append(out, ui.Option{Value: a.ID, Label: a.Courier.Address + " " + a.Recipient})
	}
	return out
}

// whyAsked says why so much is missing; "" where nothing is.
func (v depositView) whyAsked() string {
	switch {
	case v.State.Missing.Fen == 0 || v.State.Why == "":
		return ""
	case !v.State.ClosedAt.IsZero():
		return v.P.T("web_money.why_closed", v.State.TopUp)
	case v.State.TopUp.Fen > 0:
		return v.P.T("web_money.why_top_up", v.State.TopUp, v.State.TopUpBy)
	}
	return v.P.T(text.Key("web_money.why_" + string(v.State.Why)))
}

// askNote is what a category asks for beyond what is held, and what that holds up.
func (v depositView) askNote(a deposit.Ask) string {
	switch {
	case a.Missing.Fen == 0:
		return ""
	case a.Covered:
		return v.P.T("web_money.asks_until", a.Until, a.Missing)
	}
	return v.P.T("web_money.asks_more", a.Missing)
}

// ask is what one category asks of the deposit.
func (v depositView) ask(id policy.CategoryID) deposit.Ask {
	for _, a := range v.State.Asks {
		if a.Category == id {
			return a
		}
	}
	return deposit.Ask{Category: id}
}

// heldUp names the products that wait for the deposit of their category. Rule D-3.
func (v *depositView) heldUp(ctx context.Context, tx *db.Tx, by access.Actor) error {
	all, err := product.List(ctx, tx, by, product.Filter{Status: product.Waiting, Limit: 200})
	if err != nil {
		return err
	}
	v.HeldUp = make(map[policy.CategoryID][]string)
	for _, p := range all {
		v.HeldUp[p.Content.Category] = append(v.HeldUp[p.Content.Category], p.Content.Name)
	}
	return nil
}
