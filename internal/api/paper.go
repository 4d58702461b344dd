package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/text"
)

// CourierAddress is an address of the vendor's own book.
type CourierAddress struct {
	ID        string    `json:"id"`
	Address   string    `json:"address"`
	Recipient string    `json:"recipient"`
	Phone     string    `json:"phone"`
	Default   bool      `json:"default"`
	MadeAt    time.Time `json:"made_at"`
}

// PaperReceipt is a receipt on paper on its way, the address masked.
type PaperReceipt struct {
	ID         string     `json:"id"`
	Receipt    string     `json:"receipt"`
	Number     string     `json:"number,omitempty" doc:"of the receipt; in the list of staff"`
	VendorID   string     `json:"vendor_id"`
	VendorName string     `json:"vendor_name,omitempty"`
	Status     string     `json:"status" doc:"asked, sent, arrived, back or dropped"`
	Address    string     `json:"address" doc:"masked"`
	Recipient  string     `json:"recipient" doc:"masked"`
	Phone      string     `json:"phone" doc:"masked"`
	Courier    string     `json:"courier,omitempty"`
	Tracking   string     `json:"tracking,omitempty"`
	AskedAt    time.Time  `json:"asked_at"`
	SentAt     *time.Time `json:"sent_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Reason     string     `json:"reason,omitempty" doc:"why it came back"`
}

// PaperBack is a paper that came back, or a statement of its loss.
type PaperBack struct {
	ID       string    `json:"id"`
	Receipt  string    `json:"receipt"`
	VendorID string    `json:"vendor_id"`
	Lost     bool      `json:"lost" doc:"by a sealed statement of loss; otherwise the paper itself came back"`
	Status   string    `json:"status" doc:"given, accepted or refused"`
	File     string    `json:"file,omitempty"`
	GivenAt  time.Time `json:"given_at"`
	Reason   string    `json:"reason,omitempty" doc:"of a refusal"`
}

func viewAddress(_ text.Printer, x deposit.Address) CourierAddress {
	return CourierAddress{ID: x.ID, Address: x.Address, Recipient: x.Recipient, Phone: x.Phone, Default: x.Default, MadeAt: x.MadeAt}
}

func viewParcel(_ text.Printer, x deposit.Parcel) PaperReceipt {
	to := x.To.Masked()
	return PaperReceipt{ID: x.ID, Receipt: x.ReceiptID, VendorID: x.VendorID, Status: string(x.Status), Address: to.Address, Recipient: to.Recipient, Phone: to.Phone,
		Courier: x.Courier, Tracking: x.Tracking, AskedAt: x.AskedAt, SentAt: when(x.SentAt), EndedAt: when(x.EndedAt), Reason: x.Reason}
}

func viewPosted(p text.Printer, x deposit.Posted) PaperReceipt {
	v := viewParcel(p, x.Parcel)
	v.Number, v.VendorName = x.Number, x.VendorName
	return v
}

func viewBack(_ text.Printer, b deposit.Back) PaperBack {
	return PaperBack{ID: b.ID, Receipt: b.ReceiptID, VendorID: b.VendorID, Lost: b.Lost, Status: string(b.Status), File: b.FileID, GivenAt: b.GivenAt, Reason: b.Reason}
}

type paperQuery struct {
	Status string `query:"status" doc:"asked, sent, arrived, back or dropped; absent is any"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

// paperRoutes are receipts on paper (D-8) and what becomes of them (D-10).
func (a *API) paperRoutes() {
	const staff = "operator/papers"
	get(a, route{path: "/deposit/addresses", tag: "deposit", id: "list-courier-addresses", summary: "Your courier addresses, the default first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]deposit.Address, error) {
			return deposit.Addresses(ctx, tx, by)
		}, each(viewAddress))
	post(a, route{path: "/deposit/addresses", tag: "deposit", id: "keep-courier-address", summary: "Add a courier address", status: 201}, deposit.KeepAddress, viewAddress)
	act(a, route{path: "/deposit/addresses/{id}/choose", tag: "deposit", id: "choose-courier-address", summary: "Make an address the default"}, deposit.ChooseAddress, viewAddress)
	act(a, route{path: "/deposit/addresses/{id}/remove", tag: "deposit", id: "remove-courier-address", summary: "Remove an address"}, quiet(deposit.RemoveAddress), done[none])
	get(a, route{path: "/deposit/papers", tag: "deposit", id: "list-papers", summary: "Your receipts on paper and where they are (D-8)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]deposit.Parcel, error) {
			return deposit.Parcels(ctx, tx, by, by.VendorID)
		}, each(viewParcel))
	post(a, route{path: "/deposit/receipts/{id}/paper", tag: "deposit", id: "ask-paper", summary: "Ask for a receipt on paper", status: 201}, deposit.AskPaper, viewParcel)
	post(a, route{path: "/deposit/receipts/{id}/loss", tag: "deposit", id: "give-loss", summary: "Hand in a sealed statement that a paper receipt was lost (D-10); upload its file first with the purpose loss", status: 201}, deposit.GiveLoss, viewBack)
	act(a, route{path: "/deposit/papers/{id}/drop", tag: "deposit", id: "drop-paper", summary: "Take the wish for a paper back before it is sent"}, deposit.DropPaper, viewParcel)
	act(a, route{path: "/deposit/papers/{id}/arrived", tag: "deposit", id: "paper-arrived", summary: "Say that a paper has arrived"}, deposit.Arrived, viewParcel)

	get(a, route{path: "/operator/papers", tag: staff, id: "list-dispatch", summary: "Receipts on paper; those to be sent come oldest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q paperQuery) (listed[deposit.Posted], error) {
			limit := upTo(q.Limit)
			all, err := deposit.DispatchList(ctx, tx, by, deposit.DispatchFilter{Status: deposit.ParcelStatus(q.Status), Before: q.Cursor, Limit: limit})
			return listed[deposit.Posted]{all, limit}, err
		}, paged(func(x deposit.Posted) string { return x.ID }, viewPosted))
	post(a, route{path: "/operator/papers/{id}/send", tag: staff, id: "send-paper", summary: "Note that a paper was handed to a courier, with its tracking number"}, deposit.Send, viewParcel)
	act(a, route{path: "/operator/papers/{id}/arrived", tag: staff, id: "note-paper-arrived", summary: "Note that a paper arrived"}, deposit.Arrived, viewParcel)
	post(a, route{path: "/operator/papers/{id}/back", tag: staff, id: "note-paper-back", summary: "Note that a paper could not be delivered, with the reason the vendor is told"}, deposit.CameBack, viewParcel)
	act(a, route{path: "/operator/receipts/{id}/returned", tag: staff, id: "take-paper-back", summary: "Note that a paper receipt came back from the vendor (D-10)"}, deposit.TakePaper, viewBack)
	get(a, route{path: "/operator/losses", tag: staff, id: "list-losses", summary: "Statements of loss that wait, oldest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]deposit.Back, error) {
			return deposit.Losses(ctx, tx, by)
		}, each(viewBack))
	act(a, route{path: "/operator/losses/{id}/accept", tag: staff, id: "accept-loss", summary: "Accept a statement of loss"}, deposit.AcceptLoss, viewBack)
	post(a, route{path: "/operator/losses/{id}/refuse", tag: staff, id: "refuse-loss", summary: "Refuse a statement of loss with a reason the vendor is told"}, deposit.RefuseLoss, viewBack)
}
