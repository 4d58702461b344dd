package contract

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// purpose is what codes for signing are sent for; their subject is the contract.
const purpose = "sign"

// Turn names the contract an act is meant for; for the vendor's own people "" is
// the offer that lies before them.
type Turn struct {
	ID string `path:"id" json:"-"`
}

// ours reads the contract that one of the vendor's people acts on, after locking
// the vendor's facts. Another company's is fault.NotFound.
func ours(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Contract, error) {
	if by.Kind != access.Member {
		if err := by.SignedIn(); err != nil {
			return Contract{}, err
		}
		return Contract{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := by.OwnsVendor(by.VendorID, access.SignContract); err != nil {
		return Contract{}, err
	}
	if id == "" {
		c, err := offerBefore(ctx, tx, by.VendorID)
		if err != nil {
			return c, err
		}
		id = c.ID
	}
	c, err := Load(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if err := by.OwnsVendor(c.VendorID, access.SignContract); err != nil {
		return Contract{}, err
	}
	return locked(ctx, tx, id)
}

// AskCode sends the owner a code by SMS to sign the offer with. One that cannot be
// signed online now is fault.Conflict; asked again within a minute it is
// fault.TooMany. Rule O-4.
func AskCode(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Contract, error) {
	c, err := ours(ctx, tx, by, in.ID)
	if err != nil {
		return c, err
	}
	if _, err := c.Status.Next(ActSign); err != nil {
		return c, err
	}
	return c, account.SendCode(ctx, tx, by, account.CodeAsk{Purpose: purpose, Subject: c.ID})
}

// Signature is what the owner hands over to sign online.
type Signature struct {
	ID      string `path:"id" json:"-"` // "" is the offer that lies before the vendor
	Hash    string `json:"hash"`        // SHA-256 of the document, as it was shown
	Code    string `json:"code"`        // from the SMS
	Consent bool   `json:"consent"`
}

// Sign signs an offer online for its vendor; from now on it is in force. The hash
// must be that of the document, the code the one that AskCode sent: fault.Invalid.
// One that is signed already, was withdrawn, or lies with staff as a scan is
// fault.Conflict. The evidence page and the digital signature follow by a job.
// Rules O-4, O-5.
func Sign(ctx context.Context, tx *db.Tx, by access.Actor, in Signature) (Contract, error) {
	c, err := ours(ctx, tx, by, in.ID)
	if err != nil {
		return c, err
	}
	if _, err := c.Status.Next(ActSign); err != nil {
		return c, err
	}
	var bad fault.Fields
	if !in.Consent {
		bad.AddRule("O-4", "/consent", "contract.consent_wanted")
	}
	if !strings.EqualFold(strings.ReplaceAll(in.Hash, " ", ""), c.FileHash) {
		bad.AddRule("O-4", "/hash", "contract.other_document")
	}
	if bad.Len() > 0 {
		return c, bad.Err()
	}
	if err := account.CheckCode(ctx, tx, by, purpose, c.ID, in.Code); err != nil {
		return c, err
	}
	who, err := account.Load(ctx, tx, by.ID)
	if err != nil {
		return c, err
	}
	e := Evidence{Name: who.Name, Phone: vault.MaskPhone(who.Phone), Channel: string(account.BySMS), Account: who.ID, Address: by.Address, At: tx.Now(), Hash: c.FileHash}
	c, err = c.sign(ctx, tx, by, signing{act: ActSign, way: Online, at: tx.Now(), evidence: e, hash: c.FileHash})
	if err != nil {
		return c, err
	}
	return c, sealJob.Later(ctx, tx, work{c.ID})
}

// signing is how a contract comes into force.
type signing struct {
	act       Act
	way       Way
	at        time.Time
	by        string // "" is the actor
	confirmed time.Time
	evidence  Evidence
	hash      string
	file      string // the signed document, if there is one already
}

// sign puts the contract in force, in place of an earlier one. Rules O-5, M-4.
func (c Contract) sign(ctx context.Context, tx *db.Tx, by access.Actor, s signing) (Contract, error) {
	to, err := c.Status.Next(s.act)
	if err != nil {
		return c, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return c, err
	}
	begins, end, err := c.term(ctx, tx, s.at, p)
	if err != nil {
		return c, err
	}
	if err := c.replace(ctx, tx, by, begins); err != nil {
		return c, err
	}
	evidence := ""
	if s.way == Online {
		plain, err := json.Marshal(s.evidence)
		if err != nil {
			return c, err
		}
		evidence = sealed(tx, "evidence", c.ID, string(plain))
	}
	if s.by == "" {
		s.by = by.ID
	}
	if err := tx.Move(ctx, `
		UPDATE contract SET
			status = $1,
			way = $2,
			signed_at = $3,
			signed_by = $4,
			confirmed_at = $5,
			until = $6,
			evidence = $7,
			signed_file_id = $8,
			begins_at = $9
		WHERE id = $10 AND status = $11`,
		string(to), string(s.way), s.at, s.by, s.confirmed, end, evidence, s.file, begins, c.ID, string(c.Status)); err != nil {
		return c, err
	}
	if err := errors.Join(release(ctx, tx, c.VendorID), wait(ctx, tx, c.VendorID)); err != nil {
		return c, err
	}
	if err := Signed.Append(ctx, tx, by, c.about(), SignedData{Number: c.Number, Way: s.way, Hash: s.hash, Until: end}); err != nil {
		return c, err
	}
	return Load(ctx, tx, c.ID)
}
