package amendment

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

const columns = `r.id, r.vendor_id, v.name, r.kind, r.status, r.version, r.parts, r.paper, r.made_by, r.made_at, r.checked_by, r.checked_at, r.promised_by,
	r.holder, r.held_since, r.decided_by, r.decided_at, r.decision, r.effect_at, r.ended_by, r.ended_at, r.contract_id`

const tables = ` FROM amendment r JOIN vendor v ON v.id = r.vendor_id `

// row is a request with its paper still sealed.
type row struct {
	Request
	paper, decision string
}

func (r *row) fields() []any {
	return []any{&r.ID, &r.VendorID, &r.VendorName, &r.Kind, &r.Status, &r.Version, db.JSON(&r.Parts), &r.paper, &r.MadeBy, db.Time(&r.MadeAt),
		&r.CheckedBy, db.Time(&r.CheckedAt), db.Time(&r.PromisedBy), &r.Holder, db.Time(&r.HeldSince), &r.DecidedBy, db.Time(&r.DecidedAt), &r.decision,
		db.Time(&r.EffectAt), &r.EndedBy, db.Time(&r.EndedAt), &r.ContractID}
}

func place(column, id string) string { return "amendment." + column + ":" + id }

func (r row) open(tx *db.Tx) (Request, error) {
	out := r.Request
	for column, part := range map[string]struct {
		sealed string
		into   any
	}{"paper": {r.paper, &out.Paper}, "decision": {r.decision, &out.Verdicts}} {
		if part.sealed == "" {
			continue
		}
		plain, err := tx.Vault().Open(place(column, r.ID), part.sealed)
		if err != nil {
			return out, err
		}
		if err := json.Unmarshal([]byte(plain), part.into); err != nil {
			return out, err
		}
	}
	return out, nil
}

// sealed is a part of a request as its column holds it.
func sealed(tx *db.Tx, column, id string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return tx.Vault().Seal(place(column, id), string(plain)), nil
}

func one(ctx context.Context, tx *db.Tx, where string, args ...any) (Request, error) {
	r, err := db.One(ctx, tx, (*row).fields, `SELECT `+columns+tables+where, args...)
	if err != nil {
		return Request{}, err
	}
	return r.open(tx)
}

func all(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Request, error) {
	rows, err := db.All(ctx, tx, (*row).fields, `SELECT `+columns+tables+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]Request, len(rows))
	for i, r := range rows {
		if out[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Load reads a request; none is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Request, error) {
	return one(ctx, tx, `WHERE r.id = $1`, id)
}

// openOf is the open request of a kind of a vendor; fault.NotFound if there is none.
func openOf(ctx context.Context, tx *db.Tx, vendorID string, k Kind) (Request, error) {
	return one(ctx, tx, `WHERE r.vendor_id = $1 AND r.kind = $2 AND r.status IN ('checking', 'submitted', 'in_review', 'cooling')`, vendorID, string(k))
}

// noneOpen refuses a second request of a kind while one is open.
func noneOpen(ctx context.Context, tx *db.Tx, vendorID string, k Kind) error {
	r, err := openOf(ctx, tx, vendorID, k)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "amendment.open_exists", k.Name(), r.Status.Name())
}

// insert writes a new request; what it leaves out is made here.
func (r Request) insert(ctx context.Context, tx *db.Tx) error {
	paper, err := sealed(tx, "paper", r.ID, r.Paper)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO amendment (id, vendor_id, kind, status, version, parts, paper, made_by, made_at, promised_by, decided_at)
		VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10)`,
		r.ID, r.VendorID, string(r.Kind), string(r.Status), db.JSON(r.Parts), paper, r.MadeBy, r.MadeAt, r.PromisedBy, r.DecidedAt)
	if db.IsUnique(err) { // asked twice at once
		return fault.New(fault.Conflict, "fault.changed")
	}
	return err
}

// move puts the request's new state in place of the one that was read; a state that
// somebody else changed is fault.Conflict.
func (r Request) move(ctx context.Context, tx *db.Tx, to Request) error {
	paper, err := sealed(tx, "paper", r.ID, to.Paper)
	if err != nil {
		return err
	}
	decision := ""
	if len(to.Verdicts) > 0 {
		if decision, err = sealed(tx, "decision", r.ID, to.Verdicts); err != nil {
			return err
		}
	}
	return tx.Move(ctx, `
		UPDATE amendment SET
			status = $1,
			version = version + 1,
			paper = $2,
			checked_by = $3,
			checked_at = $4,
			promised_by = $5,
			holder = $6,
			held_since = $7,
			decided_by = $8,
			decided_at = $9,
			decision = $10,
			effect_at = $11,
			ended_by = $12,
			ended_at = $13,
			contract_id = $14
		WHERE id = $15 AND status = $16 AND version = $17`,
		string(to.Status), paper, to.CheckedBy, to.CheckedAt, to.PromisedBy, to.Holder, to.HeldSince, to.DecidedBy, to.DecidedAt, decision,
		to.EffectAt, to.EndedBy, to.EndedAt, to.ContractID, r.ID, string(r.Status), r.Version)
}

// about says whom the request's events are about.
func (r Request) about() event.About { return event.About{Subject: r.ID, VendorID: r.VendorID} }

// data is what the request's events say.
func (r Request) data() Data {
	d := Data{Kind: r.Kind}
	for _, p := range r.Parts {
		d.Fields = append(d.Fields, string(p))
	}
	return d
}

// Turn says which state of a request an act is meant for.
type Turn struct {
	ID      string `path:"id" json:"-"`
	Version int64  `json:"version,omitempty"` // as last read; 0 is whatever is there
}

func (t Turn) fits(r Request) error {
	if t.Version != 0 && t.Version != r.Version {
		return fault.New(fault.Conflict, "fault.changed")
	}
	return nil
}

// locked reads a request after its vendor's facts are locked (O-8).
func locked(ctx context.Context, tx *db.Tx, id string) (Request, error) {
	r, err := Load(ctx, tx, id)
	if err != nil {
		return r, err
	}
	if err := vendor.Lock(ctx, tx, r.VendorID); err != nil {
		return r, err
	}
	return Load(ctx, tx, id)
}

// ours is locked for one of the vendor's own people who may do the act; another
// company's request is fault.NotFound.
func ours(ctx context.Context, tx *db.Tx, by access.Actor, id string, act access.Act) (Request, error) {
	if err := by.OwnsVendor(by.VendorID, act); err != nil {
		return Request{}, err
	}
	r, err := Load(ctx, tx, id)
	if err != nil {
		return r, err
	}
	if err := by.OwnsVendor(r.VendorID, act); err != nil {
		return Request{}, err
	}
	return locked(ctx, tx, id)
}

// once notes that a vendor was told something and reports whether it is the first time.
func once(ctx context.Context, tx *db.Tx, vendorID, what string, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO amendment_told (vendor_id, what, at) VALUES ($1, $2, $3) ON CONFLICT (vendor_id, what) DO NOTHING`, vendorID, what, at)
	return n > 0, err
}
