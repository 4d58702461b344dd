package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// PapersBack lists the receipts that a vendor still holds on paper: the paper was
// sent, has not come back to the operator, and no sealed statement of its loss was
// accepted. None is what the return of the deposit waits for. Rules D-8 and D-10.
func PapersBack(ctx context.Context, tx *db.Tx, vendorID string) ([]Receipt, error) {
	rows, err := db.All(ctx, tx, (*storedReceipt).fields, `
		SELECT `+receiptColumns+` FROM deposit_receipt
		WHERE vendor_id = $1
		AND id IN (SELECT receipt_id FROM receipt_parcel WHERE vendor_id = $1 AND status IN ('sent', 'arrived'))
		AND id NOT IN (SELECT receipt_id FROM receipt_back WHERE vendor_id = $1 AND status = 'accepted')
		ORDER BY id`, vendorID)
	return openReceipts(tx, rows, err)
}

// BackStatus is where the word on a paper that is no longer out stands.
type BackStatus string

// The statuses.
const (
	BackGiven    BackStatus = "given"    // a statement of loss waits for the operator
	BackAccepted BackStatus = "accepted" // so the paper is not out any more
	BackRefused  BackStatus = "refused"  // with a reason
)

// Label is the status's word for people.
func (s BackStatus) Label() text.Key { return text.Key("deposit.back_" + string(s)) }

// Back is a paper that came back to the operator, or a sealed statement of its loss
// (遗失声明). Rule D-10.
type Back struct {
	ID        string
	ReceiptID string
	VendorID  string
	Lost      bool // by a statement of loss; otherwise the paper itself came back
	Status    BackStatus
	FileID    string
	GivenBy   string
	GivenAt   time.Time
	DecidedBy string
	DecidedAt time.Time
	Reason    string // of a refusal
}

// BackData is what the events of a paper that is back hold.
type BackData struct {
	Receipt string `json:"receipt"`
	Number  string `json:"number"`
	Reason  string `json:"reason,omitempty"`
}

// Events of papers that are back or lost; the subject is the receipt.
var (
	PaperReturned = event.Kind[BackData]{Name: "receipt.paper_returned"}
	LossGiven     = event.Kind[BackData]{Name: "receipt.loss_given"}
	LossAccepted  = event.Kind[BackData]{Name: "receipt.loss_accepted"}
	LossRefused   = event.Kind[BackData]{Name: "receipt.loss_refused"}
)

// Loss is a vendor's sealed statement that it lost a receipt.
type Loss struct {
	ReceiptID string `json:"-" path:"id"`
	File      string `json:"file"` // the statement with the company's seal, kept before
}

// GiveLoss hands in a sealed statement of loss; staff accept it. A receipt that is
// not out on paper, or has a statement already, is fault.Conflict. Rule D-10.
func GiveLoss(ctx context.Context, tx *db.Tx, by access.Actor, in Loss) (Back, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Back{}, err
	}
	r, err := out(ctx, tx, in.ReceiptID, by.VendorID)
	if err != nil {
		return Back{}, err
	}
	if in.File == "" {
		return Back{}, fault.At("/file", "deposit.loss_required").Of("D-10")
	}
	kept, err := file.Get(ctx, tx, by, in.File)
	if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
		return Back{}, err
	}
	if err != nil || kept.VendorID != by.VendorID || kept.Purpose != file.Loss {
		return Back{}, fault.At("/file", "deposit.file_unknown").Of("D-10")
	}
	b := Back{ReceiptID: r.ID, VendorID: r.VendorID, Lost: true, Status: BackGiven, FileID: in.File}
	return b.keep(ctx, tx, by, r, LossGiven)
}

// TakePaper notes that a receipt on paper came back to the operator. Rule D-10.
func TakePaper(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Back, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Back{}, err
	}
	r, err := out(ctx, tx, in.ID, "")
	if err != nil {
		return Back{}, err
	}
	b := Back{ReceiptID: r.ID, VendorID: r.VendorID, Status: BackAccepted, DecidedBy: by.ID, DecidedAt: tx.Now()}
	// The paper itself is more than a statement that waits.
	if _, err := tx.Exec(ctx, `UPDATE receipt_back SET status = 'refused', decided_by = $1, decided_at = $2 WHERE receipt_id = $3 AND status = 'given'`, by.ID, tx.Now(), r.ID); err != nil {
		return Back{}, err
	}
	return b.keep(ctx, tx, by, r, PaperReturned)
}

// out loads a receipt whose paper the vendor still holds, with the vendor locked;
// another vendor's is fault.NotFound, one that is not out fault.Conflict.
func out(ctx context.Context, tx *db.Tx, id, vendorID string) (Receipt, error) {
	r, err := receiptByID(ctx, tx, id)
	if err != nil {
		return Receipt{}, err
	}
	if vendorID != "" && r.VendorID != vendorID {
		return Receipt{}, fault.New(fault.NotFound, "fault.not_found")
	}
	if err := vendor.Lock(ctx, tx, r.VendorID); err != nil {
		return Receipt{}, err
	}
	all, err := PapersBack(ctx, tx, r.VendorID)
	for _, x := range all {
		if x.ID == id {
			return r, err
		}
	}
	if err == nil {
		err = fault.New(fault.Conflict, "deposit.no_paper_out", r.Number).Of("D-10")
	}
	return Receipt{}, err
}

func (b Back) keep(ctx context.Context, tx *db.Tx, by access.Actor, r Receipt, kind event.Kind[BackData]) (Back, error) {
	b.ID, b.GivenBy, b.GivenAt = tx.NewID("bck"), by.ID, tx.Now()
	how := "returned"
	if b.Lost {
		how = "lost"
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO receipt_back (id, receipt_id, vendor_id, how, status, file_id, given_by, given_at, decided_by, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		b.ID, b.ReceiptID, b.VendorID, how, string(b.Status), b.FileID, b.GivenBy, b.GivenAt, b.DecidedBy, b.DecidedAt)
	if err != nil {
		return Back{}, err
	}
	if n == 0 {
		return Back{}, fault.New(fault.Conflict, "deposit.loss_given_before", r.Number).Of("D-10")
	}
	return b, kind.Append(ctx, tx, by, event.About{Subject: r.ID, VendorID: r.VendorID}, BackData{Receipt: r.ID, Number: r.Number})
}

// AcceptLoss accepts a sealed statement of loss: the receipt is not out any more. Rule D-10.
func AcceptLoss(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Back, error) {
	return judge(ctx, tx, by, in.ID, BackAccepted, "", LossAccepted)
}

// RefuseLoss refuses a statement of loss with a reason that the vendor is told.
func RefuseLoss(ctx context.Context, tx *db.Tx, by access.Actor, in Declining) (Back, error) {
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Back{}, err
	}
	return judge(ctx, tx, by, in.ID, BackRefused, reason, LossRefused)
}

func judge(ctx context.Context, tx *db.Tx, by access.Actor, id string, to BackStatus, reason string, kind event.Kind[BackData]) (Back, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Back{}, err
	}
	b, err := db.One(ctx, tx, (*Back).fields, `SELECT `+backColumns+` FROM receipt_back WHERE id = $1`, id)
	if err != nil {
		return Back{}, err
	}
	b.Status, b.DecidedBy, b.DecidedAt, b.Reason = to, by.ID, tx.Now(), reason
	err = tx.Move(ctx, `UPDATE receipt_back SET status = $1, decided_by = $2, decided_at = $3, reason = $4 WHERE id = $5 AND status = 'given'`,
		string(b.Status), b.DecidedBy, b.DecidedAt, b.Reason, b.ID)
	if err != nil {
		return Back{}, err
	}
	r, err := receiptByID(ctx, tx, b.ReceiptID)
	if err != nil {
		return Back{}, err
	}
	return b, kind.Append(ctx, tx, by, event.About{Subject: r.ID, VendorID: r.VendorID}, BackData{Receipt: r.ID, Number: r.Number, Reason: reason})
}

const backColumns = `id, receipt_id, vendor_id, CASE WHEN how = 'lost' THEN 1 ELSE 0 END, status, file_id, given_by, given_at, decided_by, decided_at, reason`

func (b *Back) fields() []any {
	return []any{&b.ID, &b.ReceiptID, &b.VendorID, &b.Lost, &b.Status, &b.FileID, &b.GivenBy, db.Time(&b.GivenAt), &b.DecidedBy, db.Time(&b.DecidedAt), &b.Reason}
}

// Backs lists a vendor's papers that are back or stated as lost, newest first.
func Backs(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Back, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Back).fields, `SELECT `+backColumns+` FROM receipt_back WHERE vendor_id = $1 ORDER BY id DESC LIMIT 200`, vendorID)
}

// Losses lists the statements of loss that wait for staff, oldest first.
func Losses(ctx context.Context, tx *db.Tx, by access.Actor) ([]Back, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Back).fields, `SELECT `+backColumns+` FROM receipt_back WHERE status = 'given' ORDER BY id LIMIT 200`)
}
