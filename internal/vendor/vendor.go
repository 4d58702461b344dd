// Package vendor is the company that sells: its profile, contacts, bank account
// and shop, from the moment a person presses 服务商入驻 (rule O-2). It owns the
// table vendor. What the company is filling in belongs to qualification, which
// writes the profile here when it is approved; whether the company may trade is
// concluded by onboarding.
package vendor

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Vendor is a company on its way in or trading.
type Vendor struct {
	ID         string
	MadeBy     string // the account that pressed 服务商入驻
	MadeAt     time.Time
	Name       string // as approved, before that as submitted; "" before the first submission
	ShopName   string // what buyers read; the company's name if it chose none
	USCC       string // while submitted or approved
	ApprovedAt time.Time
	Company    Company // as last approved; zero before
}

// Company is what a business licence and the application say of a company.
type Company struct {
	Name         string        `json:"name"`
	USCC         string        `json:"uscc"`
	Type         string        `json:"type"`
	LegalPerson  string        `json:"legal_person"`
	Capital      money.Amount  `json:"capital"`
	Established  calendar.Day  `json:"established"`
	TermUntil    calendar.Day  `json:"term_until,omitzero"` // zero is long-term
	Address      string        `json:"address"`
	Scope        string        `json:"scope"`
	Registrar    string        `json:"registrar"`
	Contact      Contact       `json:"contact"`
	ServiceMail  string        `json:"service_mail"`
	ServicePhone string        `json:"service_phone"`
	Account      BankAccount   `json:"account"`
	Hours        calendar.Week `json:"hours"`
	Site         string        `json:"site,omitempty"`
	ShopName     string        `json:"shop_name,omitempty"`
	Intro        string        `json:"intro,omitempty"`
}

// Contact is the person the operator talks to.
type Contact struct {
	Name  string `json:"name"`
	Phone string `json:"phone"` // E.164
	Mail  string `json:"mail"`
}

// BankAccount is a corporate account 对公账户.
type BankAccount struct {
	Holder   string `json:"holder"`
	Bank     string `json:"bank"`
	Branch   string `json:"branch"`
	Province string `json:"province"`
	City     string `json:"city"`
	Number   string `json:"number"` // digits
	CNAPS    string `json:"cnaps,omitempty"`
}

// Shop returns the name buyers read.
func (c Company) Shop() string {
	if c.ShopName != "" {
		return c.ShopName
	}
	return c.Name
}

// Events of a vendor.
var (
	Registered = event.Kind[event.None]{Name: "vendor.registered"}
	Updated    = event.Kind[Change]{Name: "vendor.updated"}
)

// Change names the fields of the profile that became different.
type Change struct {
	Fields []string `json:"fields"`
}

const columns = `id, made_by, made_at, name, shop_name, uscc, company, updated_at`

// row is a vendor with its profile still sealed.
type row struct {
	Vendor
	sealed string
}

func (r *row) fields() []any {
	return []any{&r.ID, &r.MadeBy, db.Time(&r.MadeAt), &r.Name, &r.ShopName, db.Null(&r.USCC), &r.sealed, db.Time(&r.ApprovedAt)}
}

func place(id string) string { return "vendor.company:" + id }

func (r row) open(tx *db.Tx) (Vendor, error) {
	v := r.Vendor
	if r.sealed == "" {
		return v, nil
	}
	plain, err := tx.Vault().Open(place(v.ID), r.sealed)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(plain), &v.Company)
}

// Load reads a vendor with its profile opened; none is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Vendor, error) {
	r, err := db.One(ctx, tx, (*row).fields, `SELECT `+columns+` FROM vendor WHERE id = $1`, id)
	if err != nil {
		return Vendor{}, err
	}
	return r.open(tx)
}

// Lock lets one transaction at a time decide on, or change, the facts of a vendor
// (O-8); none is fault.NotFound. It writes the row: under REPEATABLE READ a mere
// row lock would let a later transaction go on with facts read before the lock.
func Lock(ctx context.Context, tx *db.Tx, id string) error {
	n, err := tx.Exec(ctx, `UPDATE vendor SET locks = locks + 1 WHERE id = $1`, id)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// Names reads the names of vendors by id, for lists; unknown ids are left out.
func Names(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	type pair struct{ id, name string }
	pairs, err := db.All(ctx, tx, func(p *pair) []any { return []any{&p.id, &p.name} },
		`SELECT id, name FROM vendor WHERE id IN `+db.In(1, len(ids)), args...)
	for _, p := range pairs {
		names[p.id] = p.name
	}
	return names, err
}
