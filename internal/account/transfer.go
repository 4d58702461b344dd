package account

import (
	"context"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Transfer is the ownership of a company's account on its way to another member.
type Transfer struct {
	ID        string
	VendorID  string
	From, To  string        // accounts
	Keeps     []access.Role // what the former owner is afterwards; none leaves the company's people
	State     string        // offered, accepted, declined or withdrawn
	MadeAt    time.Time
	OpenAt    time.Time // from when it can be accepted
	ExpiresAt time.Time
}

const transferColumns = `id, vendor_id, from_id, to_id, keeps, state, made_at, open_at, expires_at`

func (t *Transfer) fields() []any {
	return []any{&t.ID, &t.VendorID, &t.From, &t.To, db.JSON(&t.Keeps), &t.State, db.Time(&t.MadeAt), db.Time(&t.OpenAt), db.Time(&t.ExpiresAt)}
}

func (t Transfer) data() TransferData { return TransferData{t.ID, t.From, t.To} }

// openTransfer is the company's transfer that is offered and has not expired; none is nil.
func openTransfer(ctx context.Context, tx *db.Tx, vendorID string) (*Transfer, error) {
	all, err := db.All(ctx, tx, (*Transfer).fields, `
		SELECT `+transferColumns+` FROM account_transfer WHERE vendor_id = $1 AND state = 'offered' AND expires_at > $2`, vendorID, tx.Now())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// TransferCode asks for a code by SMS to confirm a transfer, for an owner who has no
// second factor.
func TransferCode(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := managesPeople(by); err != nil {
		return err
	}
	return SendCode(ctx, tx, by, CodeAsk{Purpose: "transfer", Subject: by.VendorID})
}

// Handover names the member who shall own the company's account.
type Handover struct {
	To       string        `json:"to"`
	Keeps    []access.Role `json:"keeps"` // the owner's own roles afterwards
	Password string        `json:"password"`
	Code     string        `json:"code"` // of the second factor, or by SMS where there is none
	sworn
}

// Swear compares the password.
func (h *Handover) Swear(ctx context.Context, d *db.DB, by access.Actor) error {
	return h.swear(ctx, d, by, "/password", h.Password)
}

// FactorCheck takes a code of a person's second factor; account/factor has it.
type FactorCheck func(ctx context.Context, tx *db.Tx, accountID, code string) error

// OfferTransfer offers the ownership to another member, who must accept. It needs the
// password (Swear) and a code: of the second factor, or by SMS where the owner has
// none. Both people and the company's contact are told.
func OfferTransfer(check FactorCheck) func(ctx context.Context, tx *db.Tx, by access.Actor, in Handover) (Transfer, error) {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in Handover) (Transfer, error) {
		if err := managesPeople(by); err != nil {
			return Transfer{}, err
		}
		people, err := lockTeam(ctx, tx, by.VendorID)
		if err != nil {
			return Transfer{}, err
		}
		me, err := memberOf(people, by.ID)
		if err != nil {
			return Transfer{}, err
		}
		if err := in.fits(me, people); err != nil {
			return Transfer{}, err
		}
		if err := secondProof(ctx, tx, by, me, in.Code, check); err != nil {
			return Transfer{}, err
		}
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return Transfer{}, err
		}
		// One that expired unanswered makes way.
		if _, err := tx.Exec(ctx, `UPDATE account_transfer SET state = 'expired', ended_at = expires_at WHERE vendor_id = $1 AND state = 'offered' AND expires_at <= $2`, by.VendorID, tx.Now()); err != nil {
			return Transfer{}, err
		}
		t := Transfer{ID: tx.NewID("trf"), VendorID: by.VendorID, From: by.ID, To: in.To, Keeps: unique(in.Keeps), State: "offered", MadeAt: tx.Now(),
			OpenAt:    tx.Now().Add(time.Duration(p.People.TransferCooling) * time.Hour),
			ExpiresAt: tx.Now().Add(time.Duration(p.People.TransferDays) * 24 * time.Hour)}
		_, err = tx.Exec(ctx, `
			INSERT INTO account_transfer (id, vendor_id, from_id, to_id, keeps, state, made_at, open_at, expires_at) VALUES ($1, $2, $3, $4, $5, 'offered', $6, $7, $8)`,
			t.ID, t.VendorID, t.From, t.To, db.JSON(t.Keeps), t.MadeAt, t.OpenAt, t.ExpiresAt)
		if db.IsUnique(err) {
			return Transfer{}, fault.New(fault.Conflict, "account.transfer_open")
		}
		if err != nil {
			return Transfer{}, err
		}
		return t, TransferOffered.Append(ctx, tx, by, event.About{Subject: t.ID, VendorID: t.VendorID}, t.data())
	}
}

// fits refuses a handover to nobody of the company, to oneself, or with another password.
func (h Handover) fits(me Account, people []Account) error {
	var f fault.Fields
	other, err := memberOf(people, h.To)
	switch {
	case err != nil || h.To == "":
		f.Add("/to", "account.transfer_to")
	case other.ID == me.ID:
		f.Add("/to", "account.transfer_self")
	}
	for _, r := range h.Keeps {
		if !slices.Contains(access.VendorRoles(), r) {
			f.Add("/keeps", "fault.unknown_choice", string(r))
		}
	}
	if !h.holds(me) {
		f.Add("/password", "account.password_wrong")
	}
	return f.Err()
}

// secondProof takes the code of the second factor, or the one sent by SMS.
func secondProof(ctx context.Context, tx *db.Tx, by access.Actor, me Account, code string, check FactorCheck) error {
	has, err := HasFactor(ctx, tx, me.ID)
	if err != nil {
		return err
	}
	if !has {
		return CheckCode(ctx, tx, by, "transfer", me.VendorID, code)
	}
	if code == "" && by.SessionID != "" && !by.Stale { // a passkey gives no code: its fresh proof counts
		return nil
	}
	return check(ctx, tx, me.ID, code)
}

// TransferChosen names a transfer.
type TransferChosen struct {
	ID string `json:"-" path:"id"`
}

// WithdrawTransfer takes an offered transfer back; the owner who offered it does so.
func WithdrawTransfer(ctx context.Context, tx *db.Tx, by access.Actor, in TransferChosen) (Transfer, error) {
	return endTransfer(ctx, tx, by, in.ID, "withdrawn", func(t Transfer) bool { return t.From == by.ID })
}

// DeclineTransfer refuses an offered ownership.
func DeclineTransfer(ctx context.Context, tx *db.Tx, by access.Actor, in TransferChosen) (Transfer, error) {
	return endTransfer(ctx, tx, by, in.ID, "declined", func(t Transfer) bool { return t.To == by.ID })
}

func endTransfer(ctx context.Context, tx *db.Tx, by access.Actor, id, state string, may func(Transfer) bool) (Transfer, error) {
	t, err := offered(ctx, tx, by, id)
	if err != nil {
		return t, err
	}
	if !may(t) {
		return t, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return closeTransfer(ctx, tx, by, t, state)
}

func closeTransfer(ctx context.Context, tx *db.Tx, by access.Actor, t Transfer, state string) (Transfer, error) {
	if err := tx.Move(ctx, `UPDATE account_transfer SET state = $1, ended_at = $2 WHERE id = $3 AND state = 'offered'`, state, tx.Now(), t.ID); err != nil {
		return t, err
	}
	t.State = state
	kind := TransferWithdrawn
	switch state {
	case "declined":
		kind = TransferDeclined
	case "accepted":
		kind = TransferAccepted
	}
	return t, kind.Append(ctx, tx, by, event.About{Subject: t.ID, VendorID: t.VendorID}, t.data())
}

// offered reads a transfer of the actor's own company that can still be answered.
func offered(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Transfer, error) {
	if err := ownPerson(by); err != nil {
		return Transfer{}, err
	}
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return Transfer{}, err
	}
	t, err := db.One(ctx, tx, (*Transfer).fields, `SELECT `+transferColumns+` FROM account_transfer WHERE id = $1 AND vendor_id = $2`, id, by.VendorID)
	if err != nil {
		return t, err
	}
	if t.State != "offered" {
		return t, fault.New(fault.Conflict, "account.transfer_over")
	}
	if !tx.Now().Before(t.ExpiresAt) {
		return t, fault.New(fault.Gone, "account.transfer_expired")
	}
	return t, nil
}

// AcceptTransfer makes the actor the owner. The former owner keeps the roles that the
// offer named, or leaves the company's people when it named none. Before its cooling
// time is over it is fault.TooEarly. Of accepting and withdrawing at once one goes through.
func AcceptTransfer(ctx context.Context, tx *db.Tx, by access.Actor, in TransferChosen) (Transfer, error) {
	t, err := offered(ctx, tx, by, in.ID)
	if err != nil {
		return t, err
	}
	if t.To != by.ID {
		return t, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := by.Proved(); err != nil {
		return t, err
	}
	if tx.Now().Before(t.OpenAt) {
		return t, fault.New(fault.TooEarly, "account.transfer_cooling", t.OpenAt)
	}
	people, err := lockTeam(ctx, tx, t.VendorID)
	if err != nil {
		return t, err
	}
	from, err := memberOf(people, t.From)
	if err != nil || !slices.Contains(from.Roles, access.Owner) {
		return t, fault.New(fault.Conflict, "account.transfer_over")
	}
	to, err := memberOf(people, t.To)
	if err != nil {
		return t, err
	}
	if err := give(ctx, tx, to.ID, t.VendorID, unique(append([]access.Role{access.Owner}, to.Roles...))); err != nil {
		return t, err
	}
	if len(t.Keeps) > 0 {
		err = give(ctx, tx, from.ID, t.VendorID, t.Keeps)
	} else if err = give(ctx, tx, from.ID, "", []access.Role{}); err == nil {
		err = endAll(ctx, tx, from.ID, true)
	}
	if err != nil {
		return t, err
	}
	return closeTransfer(ctx, tx, by, t, "accepted")
}

func give(ctx context.Context, tx *db.Tx, id, vendorID string, roles []access.Role) error {
	return tx.Move(ctx, `UPDATE account SET vendor_id = $1, roles = $2 WHERE id = $3 AND kind = 'member'`, vendorID, db.JSON(roles), id)
}

// endTransferOf takes back an open transfer in which somebody takes part who leaves,
// or who is owner no more.
func endTransferOf(ctx context.Context, tx *db.Tx, by access.Actor, vendorID, accountID string, concerned bool) error {
	t, err := openTransfer(ctx, tx, vendorID)
	if err != nil || t == nil || !concerned || t.From != accountID && t.To != accountID {
		return err
	}
	_, err = closeTransfer(ctx, tx, by, *t, "withdrawn")
	return err
}

// TransferByID reads a transfer, for what people are told of it.
func TransferByID(ctx context.Context, tx *db.Tx, id string) (Transfer, error) {
	return db.One(ctx, tx, (*Transfer).fields, `SELECT `+transferColumns+` FROM account_transfer WHERE id = $1`, id)
}
