package contract

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Scan is the contract signed on paper, uploaded by the vendor or, for one that
// came by post, by staff.
type Scan struct {
	ID   string `path:"id" json:"-"` // for the vendor's people "" is the offer that lies before them
	File string `json:"file"`        // id of an uploaded file
}

// Upload takes the scan of a contract signed on paper; staff then confirm it. A
// later scan takes the place of one not yet confirmed. A file that is not there, or
// not the vendor's signed contract, is fault.Invalid. Rule O-4.
func Upload(ctx context.Context, tx *db.Tx, by access.Actor, in Scan) (Contract, error) {
	c, err := forScan(ctx, tx, by, in.ID)
	if err != nil {
		return c, err
	}
	to, err := c.Status.Next(ActUpload)
	if err != nil {
		return c, err
	}
	if in.File == "" {
		return c, fault.At("/file", "contract.scan_wanted")
	}
	f, err := file.Get(ctx, tx, by, in.File)
	switch {
	case fault.Is(err, fault.NotFound) || err == nil && (f.VendorID != c.VendorID || f.Purpose != file.SignedContract):
		return c, fault.At("/file", "contract.scan_foreign")
	case err != nil:
		return c, err
	case f.SHA256 == c.FileHash:
		return c, fault.At("/file", "contract.scan_unsigned")
	}
	if err := tx.Move(ctx, `
		UPDATE contract SET status = $1, scan_file_id = $2, scan_by = $3, scan_at = $4, scan_reason = ''
		WHERE id = $5 AND status = $6`,
		string(to), f.ID, by.ID, tx.Now(), c.ID, string(c.Status)); err != nil {
		return c, err
	}
	if err := ScanUploaded.Append(ctx, tx, by, c.about(), DocumentData{File: f.ID, Hash: f.SHA256}); err != nil {
		return c, err
	}
	return Load(ctx, tx, c.ID)
}

func forScan(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Contract, error) {
	if by.Kind == access.Member {
		return ours(ctx, tx, by, id)
	}
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	return locked(ctx, tx, id)
}

// SendBack does not accept a scan.
type SendBack struct {
	ID     string `path:"id" json:"-"`
	Reason string `json:"reason"`
}

// Return sends a scan back to the vendor, who is told why and may upload another
// or sign online. Rule O-4.
func Return(ctx context.Context, tx *db.Tx, by access.Actor, in SendBack) (Contract, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	c, err := locked(ctx, tx, in.ID)
	if err != nil {
		return c, err
	}
	to, err := c.Status.Next(ActReturn)
	if err != nil {
		return c, err
	}
	if err := c.mayHandle(ctx, tx, by); err != nil {
		return c, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return c, err
	}
	if err := tx.Move(ctx, `UPDATE contract SET status = $1, scan_file_id = '', scan_reason = $2 WHERE id = $3 AND status = $4`,
		string(to), sealed(tx, "scan_reason", c.ID, reason), c.ID, string(c.Status)); err != nil {
		return c, err
	}
	if err := release(ctx, tx, c.VendorID); err != nil {
		return c, err
	}
	if err := ScanReturned.Append(ctx, tx, by, c.about(), event.None{}); err != nil {
		return c, err
	}
	return Load(ctx, tx, c.ID)
}

// Confirmation accepts a scan.
type Confirmation struct {
	ID       string       `path:"id" json:"-"`
	SignedOn calendar.Day `json:"signed_on"` // as written on the paper
}

// Confirm puts a contract in force that was signed on paper, from the day written
// on it: not before the day of the offer and not after today. Rules O-4, O-5.
func Confirm(ctx context.Context, tx *db.Tx, by access.Actor, in Confirmation) (Contract, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	c, err := locked(ctx, tx, in.ID)
	if err != nil {
		return c, err
	}
	if _, err := c.Status.Next(ActConfirm); err != nil {
		return c, err
	}
	if err := c.mayHandle(ctx, tx, by); err != nil {
		return c, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return c, err
	}
	zone := p.Location()
	offered, today := calendar.Of(c.OfferedAt, zone), calendar.Of(tx.Now(), zone)
	switch {
	case in.SignedOn.IsZero():
		return c, fault.At("/signed_on", "fault.required")
	case in.SignedOn.Before(offered):
		return c, fault.At("/signed_on", "contract.signed_too_early", offered)
	case in.SignedOn.After(today):
		return c, fault.At("/signed_on", "contract.signed_too_late")
	case until(in.SignedOn, c.Months, zone).Before(tx.Now()):
		return c, fault.At("/signed_on", "contract.signed_long_ago")
	}
	scan, err := file.Get(ctx, tx, by, c.ScanFileID)
	if err != nil {
		return c, err
	}
	return c.sign(ctx, tx, by, signing{act: ActConfirm, way: OnPaper, at: in.SignedOn.Time(zone), by: c.ScanBy, confirmed: tx.Now(), hash: scan.SHA256, file: scan.ID})
}
