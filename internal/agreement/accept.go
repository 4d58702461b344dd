package agreement

import (
	"context"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Acceptance is what a vendor hands over: the versions it has read and accepts.
type Acceptance struct {
	Documents []Ref `json:"documents"`
}

// Signed is one recorded acceptance.
type Signed struct {
	ID        string
	Document  string
	Version   string
	Hash      string
	AccountID string
	At        time.Time
	Address   string // IP
}

func (s *Signed) fields() []any {
	return []any{&s.ID, &s.Document, &s.Version, &s.Hash, &s.AccountID, db.Time(&s.At), &s.Address}
}

// Accept records that the actor's company accepts the documents, each with version,
// hash, person, time and address. Only the version in force can be accepted: another
// is an Invalid field. What is accepted already stays as it was. Rule C-4.
func Accept(ctx context.Context, tx *db.Tx, by access.Actor, in Acceptance) ([]Signed, error) {
	if err := by.OwnsVendor(by.VendorID, access.Apply); err != nil {
		return nil, err
	}
	current, err := Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	var bad fault.Fields
	var accepted []Document
	for i, ref := range in.Documents {
		at := fmt.Sprintf("/documents/%d", i)
		switch k := indexOf(current, ref.ID); {
		case k < 0:
			bad.AddRule("C-4", at+"/id", "fault.unknown_choice", ref.ID)
		case current[k].Version != ref.Version:
			bad.AddRule("C-4", at+"/version", "agreement.not_current", current[k].Title, ref.Version, current[k].Version)
		default:
			accepted = append(accepted, current[k])
		}
	}
	if len(in.Documents) == 0 {
		bad.AddRule("C-4", "/documents", "agreement.nothing_accepted")
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	for _, d := range accepted {
		if err := accept(ctx, tx, by, d); err != nil {
			return nil, err
		}
	}
	return By(ctx, tx, by.VendorID)
}

func accept(ctx context.Context, tx *db.Tx, by access.Actor, d Document) error {
	n, err := tx.Exec(ctx, `
		INSERT INTO agreement_acceptance (id, vendor_id, agreement_id, version, hash, account_id, accepted_at, address)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (vendor_id, agreement_id, version, hash) DO NOTHING`,
		tx.NewID("acp"), by.VendorID, d.ID, d.Version, d.Hash, by.ID, tx.Now(), by.Address)
	if err != nil || n == 0 {
		return err
	}
	return Agreed.Append(ctx, tx, by, event.About{Subject: by.VendorID, VendorID: by.VendorID}, d.mark())
}

// By lists every acceptance of a vendor, oldest first.
func By(ctx context.Context, tx *db.Tx, vendorID string) ([]Signed, error) {
	return db.All(ctx, tx, (*Signed).fields, `
		SELECT id, agreement_id, version, hash, account_id, accepted_at, address
		FROM agreement_acceptance WHERE vendor_id = $1 ORDER BY accepted_at, id`, vendorID)
}

// Accepted lists which of the documents in force a vendor has not yet accepted in
// their present version; an empty list means that all are, which is rule E-5.
func Accepted(ctx context.Context, tx *db.Tx, vendorID string) ([]Document, error) {
	current, err := Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	signed, err := By(ctx, tx, vendorID)
	if err != nil {
		return nil, err
	}
	var missing []Document
	for _, d := range current {
		if !covers(signed, d) {
			missing = append(missing, d)
		}
	}
	return missing, nil
}

func covers(signed []Signed, d Document) bool {
	for _, s := range signed {
		if s.Document == d.ID && s.Version == d.Version && s.Hash == d.Hash {
			return true
		}
	}
	return false
}
