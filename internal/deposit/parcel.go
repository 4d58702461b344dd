package deposit

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// ParcelStatus is where a receipt on paper is.
type ParcelStatus string

// The statuses of a parcel.
const (
	ParcelAsked   ParcelStatus = "asked"   // waits to be printed and sent
	ParcelSent    ParcelStatus = "sent"    // with a courier
	ParcelArrived ParcelStatus = "arrived" // the vendor has the paper
	ParcelBack    ParcelStatus = "back"    // could not be delivered
	ParcelDropped ParcelStatus = "dropped" // not wanted any more
)

// ParcelStatuses lists the statuses in the order of the story.
func ParcelStatuses() []ParcelStatus {
	return []ParcelStatus{ParcelAsked, ParcelSent, ParcelArrived, ParcelBack, ParcelDropped}
}

// Label is the status's word for people.
func (s ParcelStatus) Label() text.Key { return text.Key("deposit.parcel_" + string(s)) }

var parcelMoves = map[ParcelStatus][]ParcelStatus{
	ParcelAsked: {ParcelSent, ParcelDropped},
	ParcelSent:  {ParcelArrived, ParcelBack},
}

// to refuses a step that is not in the table: fault.Conflict.
func (s ParcelStatus) to(next ParcelStatus) error {
	for _, ok := range parcelMoves[s] {
		if ok == next {
			return nil
		}
	}
	return fault.New(fault.Conflict, "deposit.parcel_wrong_state", s.Label())
}

// Parcel is a receipt on paper on its way to the vendor (D-8).
type Parcel struct {
	ID        string
	ReceiptID string
	VendorID  string
	Status    ParcelStatus
	To        Courier
	AskedBy   string
	AskedAt   time.Time
	Courier   string // the company, by its id in the policy
	Tracking  string
	SentBy    string
	SentAt    time.Time
	EndedBy   string // arrived, back or dropped
	EndedAt   time.Time
	Reason    string // why it came back
}

func (p Parcel) about() event.About { return event.About{Subject: p.ID, VendorID: p.VendorID} }

func (p Parcel) data() ParcelData {
	return ParcelData{Receipt: p.ReceiptID, Courier: p.Courier, Tracking: p.Tracking, Reason: p.Reason}
}

// ParcelData is what the events of a parcel hold.
type ParcelData struct {
	Receipt  string `json:"receipt"`
	Courier  string `json:"courier,omitempty"`
	Tracking string `json:"tracking,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// Events of a parcel; the subject is the parcel.
var (
	PaperAsked   = event.Kind[ParcelData]{Name: "receipt.paper_asked"}
	PaperSent    = event.Kind[ParcelData]{Name: "receipt.paper_sent"}
	PaperArrived = event.Kind[ParcelData]{Name: "receipt.paper_arrived"}
	PaperBack    = event.Kind[ParcelData]{Name: "receipt.paper_undelivered"}
	PaperDropped = event.Kind[ParcelData]{Name: "receipt.paper_dropped"}
)

// PaperRequest asks for a receipt on paper.
type PaperRequest struct {
	ReceiptID string `json:"-" path:"id"`
	Address   string `json:"address"` // of the vendor's book; "" is its default
}

// AskPaper asks for a receipt to be sent on paper. A void receipt, and one that is
// asked for, under way or arrived already, are fault.Conflict. Rule D-8.
func AskPaper(ctx context.Context, tx *db.Tx, by access.Actor, in PaperRequest) (Parcel, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Parcel{}, err
	}
	r, err := receiptByID(ctx, tx, in.ReceiptID)
	if err != nil {
		return Parcel{}, err
	}
	if r.VendorID != by.VendorID {
		return Parcel{}, fault.New(fault.NotFound, "fault.not_found")
	}
	if r.Void() {
		return Parcel{}, fault.New(fault.Conflict, "deposit.void_already", r.Number).Of("D-8")
	}
	if err := vendor.Lock(ctx, tx, by.VendorID); err != nil {
		return Parcel{}, err
	}
	book, err := addressesOf(ctx, tx, by.VendorID)
	if err != nil {
		return Parcel{}, err
	}
	for _, a := range book {
		if a.ID == in.Address || in.Address == "" && a.Default {
			return wantPaper(ctx, tx, by, r, a.Courier)
		}
	}
	if in.Address == "" {
		return Parcel{}, fault.At("/address", "deposit.no_address").Of("D-8")
	}
	return Parcel{}, fault.At("/address", "deposit.address_unknown").Of("D-8")
}

// paperAsked asks for the paper where the voucher did. Rules D-6 and D-8.
func paperAsked(ctx context.Context, tx *db.Tx, by access.Actor, r Receipt) error {
	if r.Courier.Address == "" {
		return nil
	}
	_, err := wantPaper(ctx, tx, by, r, r.Courier)
	return err
}

func wantPaper(ctx context.Context, tx *db.Tx, by access.Actor, r Receipt, to Courier) (Parcel, error) {
	p := Parcel{ID: tx.NewID("pcl"), ReceiptID: r.ID, VendorID: r.VendorID, Status: ParcelAsked, To: to, AskedBy: by.ID, AskedAt: tx.Now()}
	sealed, err := seal(tx, parcelPlace(p.ID), p.To)
	if err != nil {
		return Parcel{}, err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO receipt_parcel (id, receipt_id, vendor_id, status, sealed, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, p.ID, p.ReceiptID, p.VendorID, string(p.Status), sealed, p.AskedBy, p.AskedAt)
	if err != nil {
		return Parcel{}, err
	}
	if n == 0 {
		return Parcel{}, fault.New(fault.Conflict, "deposit.paper_asked_before", r.Number).Of("D-8")
	}
	return p, PaperAsked.Append(ctx, tx, by, p.about(), p.data())
}

// DropPaper takes the wish for a paper back before it is sent.
func DropPaper(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Parcel, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Parcel{}, err
	}
	p, err := parcelByID(ctx, tx, in.ID)
	if err != nil {
		return Parcel{}, err
	}
	if p.VendorID != by.VendorID {
		return Parcel{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return p.end(ctx, tx, by, ParcelDropped, "", PaperDropped)
}

// Dispatch says that a paper was handed to a courier.
type Dispatch struct {
	ID       string `json:"-" path:"id"`
	Courier  string `json:"courier"` // by its id in the policy
	Tracking string `json:"tracking"`
}

var trackingForm = regexp.MustCompile(`^[0-9A-Z-]{6,40}$`)

// Send notes that a paper was handed to a courier, with its tracking number; the
// vendor is told. A void receipt is not sent: fault.Conflict. Rule D-8.
func Send(ctx context.Context, tx *db.Tx, by access.Actor, in Dispatch) (Parcel, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Parcel{}, err
	}
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return Parcel{}, err
	}
	var f fault.Fields
	if in.Courier == "" {
		f.AddRule("D-8", "/courier", "fault.required")
	} else if _, ok := rules.Courier(in.Courier); !ok {
		f.AddRule("D-8", "/courier", "fault.unknown_choice", in.Courier)
	}
	in.Tracking = strings.ToUpper(strings.Join(strings.Fields(in.Tracking), ""))
	switch {
	case in.Tracking == "":
		f.AddRule("D-8", "/tracking", "fault.required")
	case !trackingForm.MatchString(in.Tracking):
		f.AddRule("D-8", "/tracking", "deposit.tracking_form")
	}
	if err := f.Err(); err != nil {
		return Parcel{}, err
	}
	p, err := parcelByID(ctx, tx, in.ID)
	if err != nil {
		return Parcel{}, err
	}
	r, err := receiptByID(ctx, tx, p.ReceiptID)
	if err != nil {
		return Parcel{}, err
	}
	if r.Void() {
		return Parcel{}, fault.New(fault.Conflict, "deposit.void_already", r.Number).Of("D-8")
	}
	if err := p.Status.to(ParcelSent); err != nil {
		return Parcel{}, err
	}
	p.Status, p.Courier, p.Tracking, p.SentBy, p.SentAt = ParcelSent, in.Courier, in.Tracking, by.ID, tx.Now()
	err = tx.Move(ctx, `UPDATE receipt_parcel SET status = 'sent', courier = $1, tracking = $2, sent_by = $3, sent_at = $4 WHERE id = $5 AND status = 'asked'`,
		p.Courier, p.Tracking, p.SentBy, p.SentAt, p.ID)
	if err != nil {
		return Parcel{}, err
	}
	return p, PaperSent.Append(ctx, tx, by, p.about(), p.data())
}

// Arrived notes that a paper reached the vendor, by word of the vendor or of staff.
func Arrived(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Parcel, error) {
	if err := by.SignedIn(); err != nil {
		return Parcel{}, err
	}
	p, err := parcelByID(ctx, tx, in.ID)
	if err != nil {
		return Parcel{}, err
	}
	if by.Kind == access.Staff {
		err = by.Require(access.ImportMoney)
	} else {
		err = by.OwnsVendor(p.VendorID, access.PayDeposit)
	}
	if err != nil {
		return Parcel{}, err
	}
	return p.end(ctx, tx, by, ParcelArrived, "", PaperArrived)
}

// Undelivered says that a courier brought a parcel back.
type Undelivered struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"` // the vendor is told
}

// CameBack notes that a paper could not be delivered and is with the operator again;
// the vendor is told why and may ask anew, to another address.
func CameBack(ctx context.Context, tx *db.Tx, by access.Actor, in Undelivered) (Parcel, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Parcel{}, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Parcel{}, err
	}
	p, err := parcelByID(ctx, tx, in.ID)
	if err != nil {
		return Parcel{}, err
	}
	return p.end(ctx, tx, by, ParcelBack, reason, PaperBack)
}

func (p Parcel) end(ctx context.Context, tx *db.Tx, by access.Actor, to ParcelStatus, reason string, kind event.Kind[ParcelData]) (Parcel, error) {
	old := p.Status
	if err := old.to(to); err != nil {
		return Parcel{}, err
	}
	p.Status, p.Reason, p.EndedBy, p.EndedAt = to, reason, by.ID, tx.Now()
	err := tx.Move(ctx, `UPDATE receipt_parcel SET status = $1, reason = $2, ended_by = $3, ended_at = $4 WHERE id = $5 AND status = $6`,
		string(p.Status), p.Reason, p.EndedBy, p.EndedAt, p.ID, string(old))
	if err != nil {
		return Parcel{}, err
	}
	return p, kind.Append(ctx, tx, by, p.about(), p.data())
}

type storedParcel struct {
	Parcel
	sealed string
}

const parcelColumns = `id, receipt_id, vendor_id, status, sealed, asked_by, asked_at, courier, tracking, sent_by, sent_at, ended_by, ended_at, reason`

func (p *storedParcel) fields() []any {
	return []any{&p.ID, &p.ReceiptID, &p.VendorID, &p.Status, &p.sealed, &p.AskedBy, db.Time(&p.AskedAt), &p.Courier, &p.Tracking,
		&p.SentBy, db.Time(&p.SentAt), &p.EndedBy, db.Time(&p.EndedAt), &p.Reason}
}

func parcelPlace(id string) string { return "receipt_parcel.sealed:" + id }

func openParcels(tx *db.Tx, rows []storedParcel, err error) ([]Parcel, error) {
	out := make([]Parcel, len(rows))
	for i, r := range rows {
		out[i] = r.Parcel
		if e := unseal(tx, parcelPlace(r.ID), r.sealed, &out[i].To); err == nil {
			err = e
		}
	}
	return out, err
}

func parcelByID(ctx context.Context, tx *db.Tx, id string) (Parcel, error) {
	r, err := db.One(ctx, tx, (*storedParcel).fields, `SELECT `+parcelColumns+` FROM receipt_parcel WHERE id = $1`, id)
	if err != nil {
		return Parcel{}, err
	}
	all, err := openParcels(tx, []storedParcel{r}, nil)
	return all[0], err
}

// Parcels lists a vendor's papers, newest first.
func Parcels(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Parcel, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, (*storedParcel).fields, `SELECT `+parcelColumns+` FROM receipt_parcel WHERE vendor_id = $1 ORDER BY id DESC LIMIT 200`, vendorID)
	return openParcels(tx, rows, err)
}

// Posted is a parcel on the list of those who send them.
type Posted struct {
	Parcel
	VendorName string
	Number     string // of the receipt
	Amount     money.Amount
	IssuedOn   calendar.Day
	FileID     string
	Void       bool
}

// DispatchFilter narrows the list of papers.
type DispatchFilter struct {
	Status ParcelStatus // "" is any
	Before string       // cursor: the id of the last one seen
	Limit  int          // 0 is 50, at most 200
}

// DispatchList lists papers for staff: those that wait come oldest first, all others
// newest first. The addresses are masked but for those who send papers.
func DispatchList(ctx context.Context, tx *db.Tx, by access.Actor, f DispatchFilter) ([]Posted, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	order, beyond := " DESC", "<"
	if f.Status == ParcelAsked {
		order, beyond = "", ">"
	}
	rows, err := db.All(ctx, tx, (*storedParcel).fields, `
		SELECT `+parcelColumns+` FROM receipt_parcel
		WHERE ($1 = '' OR status = $1) AND ($2 = '' OR id `+beyond+` $2) ORDER BY id`+order+` LIMIT $3`,
		string(f.Status), f.Before, Filter{Limit: f.Limit}.limit())
	parcels, err := openParcels(tx, rows, err)
	if err != nil || len(parcels) == 0 {
		return nil, err
	}
	var vendors []string
	ids := make([]any, len(parcels))
	for i, p := range parcels {
		vendors, ids[i] = append(vendors, p.VendorID), p.ReceiptID
	}
	names, err := vendor.Names(ctx, tx, vendors)
	if err != nil {
		return nil, err
	}
	stored, err := db.All(ctx, tx, (*storedReceipt).fields, `SELECT `+receiptColumns+` FROM deposit_receipt WHERE id IN `+db.In(1, len(ids)), ids...)
	if err != nil {
		return nil, err
	}
	receipts := make(map[string]Receipt, len(stored))
	for _, r := range stored {
		receipts[r.ID] = r.Receipt
	}
	out := make([]Posted, len(parcels))
	for i, p := range parcels {
		if !by.May(access.ImportMoney) {
			p.To = p.To.Masked()
		}
		r := receipts[p.ReceiptID]
		out[i] = Posted{p, names[p.VendorID], r.Number, r.Amount, r.IssuedOn, r.FileID, r.Void()}
	}
	return out, nil
}

// PapersWaiting counts the papers that are to be sent.
func PapersWaiting(ctx context.Context, tx *db.Tx, by access.Actor) (int, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return 0, err
	}
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM receipt_parcel WHERE status = 'asked'`)
}
