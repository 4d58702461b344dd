package amendment

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Filter narrows the staff's list; the zero value is all that wait, the longest
// waiting first.
type Filter struct {
	Kind   Kind   `query:"kind"`
	Status Status `query:"status"` // "" is those that wait or are in review
	Holder string `query:"holder"` // an account's id
	Free   bool   `query:"free"`
	Late   bool   `query:"late"`
	Closed bool   `query:"closed"` // those settled, the latest first, instead
	Vendor string `query:"vendor"`
	Query  string `query:"q"` // part of a company's name
	After  string `query:"cursor"`
	Limit  int    `query:"limit"` // 0 is 50, at most 200
}

// List reads the staff's queue of requests, without their papers' account numbers
// and people for whom they are not meant.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Request, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	q, past, order := `WHERE r.status IN ('submitted', 'in_review')`, ">", ""
	switch {
	case f.Status != "":
		q = `WHERE r.status IN ` + arg(string(f.Status))
	case f.Closed:
		q, past, order = `WHERE r.status IN ('decided', 'refused', 'withdrawn', 'stopped') AND r.promised_by IS NOT NULL`, "<", " DESC"
	}
	if f.Kind != "" {
		q += ` AND r.kind IN ` + arg(string(f.Kind))
	}
	if f.Holder != "" {
		q += ` AND r.holder IN ` + arg(f.Holder)
	}
	if f.Free {
		q += ` AND r.holder = ''`
	}
	if f.Late {
		q += ` AND r.promised_by < ` + arg(tx.Now())
	}
	if f.Vendor != "" {
		q += ` AND r.vendor_id IN ` + arg(f.Vendor)
	}
	if s := cn.NameKey(f.Query); s != "" {
		q += ` AND v.name_key LIKE ` + arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)+"%") + ` ESCAPE '\'`
	}
	if f.After != "" {
		q += ` AND r.id ` + past + ` ` + arg(f.After)
	}
	list, err := all(ctx, tx, q+` ORDER BY r.id`+order+` LIMIT `+arg(f.Limit), args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if !by.May(list[i].Kind.permission()) {
			list[i] = list[i].masked()
		}
	}
	return list, named(ctx, tx, list)
}

func named(ctx context.Context, tx *db.Tx, list []Request) error {
	var ids []string
	for _, r := range list {
		if r.Holder != "" {
			ids = append(ids, r.Holder)
		}
	}
	names, err := account.Names(ctx, tx, ids)
	for i := range list {
		list[i].HolderName = names[list[i].Holder]
	}
	return err
}

// masked is the request for staff who look and do not decide on it.
func (r Request) masked() Request {
	r.Paper.Was, r.Paper.Now = r.Paper.Was.Masked(), r.Paper.Now.Masked()
	r.Paper.Watchers = nil
	return r
}

// Waits is how many requests wait, how many of them nobody has or are late, and since
// when the longest waits.
type Waits struct {
	Count, Free, Late int64
	Oldest            time.Time
	ByKind            map[Kind]int64
}

// Queue counts what waits, for the dashboard and the tabs.
func Queue(ctx context.Context, tx *db.Tx, by access.Actor) (Waits, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Waits{}, err
	}
	w, err := db.One(ctx, tx, func(w *Waits) []any { return []any{&w.Count, &w.Free, &w.Late, db.Time(&w.Oldest)} }, `
		SELECT COUNT(*), COUNT(*) FILTER (WHERE holder = ''), COUNT(*) FILTER (WHERE promised_by < $1), MIN(made_at)
		FROM amendment WHERE status IN ('submitted', 'in_review')`, tx.Now())
	if err != nil {
		return w, err
	}
	type row struct {
		kind Kind
		n    int64
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.kind, &r.n} },
		`SELECT kind, COUNT(*) FROM amendment WHERE status IN ('submitted', 'in_review') GROUP BY kind`)
	w.ByKind = make(map[Kind]int64)
	for _, r := range rows {
		w.ByKind[r.kind] = r.n
	}
	return w, err
}

// WaitingCount tells how many requests wait for staff, at most db.Most.
func WaitingCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], db.Capped(`FROM amendment WHERE status IN ('submitted', 'in_review')`))
}

// Review is a request as its readers see it.
type Review struct {
	Request Request
	Changes []Change // of data and of an account
	Hints   []fault.Field
	Files   map[string]file.File
	People  map[string]string // names of everybody in it, by account id
	Whole   bool              // personal and bank data are shown as they are
	Checker string            // of an account that is to be checked: who else of the company can; "" is the owner with a code
	Policy  policy.Policy
}

// Get reads a request for the vendor's own people or for staff; to others it is
// fault.NotFound. Those of the staff who do not decide on it see personal and bank
// data masked.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Review, error) {
	if err := by.SignedIn(); err != nil {
		return Review{}, err
	}
	r, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Review{}, err
	}
	if err := by.Sees(r.VendorID); err != nil {
		return Review{}, err
	}
	v := Review{Request: r, Whole: by.Kind != access.Staff || by.May(r.Kind.permission())}
	if by.Kind == access.Member { // who in the operator's office has it is not theirs to know
		v.Whole = by.OwnsVendor(r.VendorID, r.Kind.act()) == nil
	}
	if v.Policy, err = policy.Now(ctx, tx); err != nil {
		return v, err
	}
	v.Changes = r.changes(v.Policy, v.Whole)
	if r.Kind == Account {
		_, _, v.Hints = qualification.CorporateAccount(r.Paper.Now.Account, r.Paper.Now.Account.Holder)
		if r.Status == Checking {
			second, err := others(ctx, tx, r.VendorID, r.MadeBy)
			if err != nil {
				return v, err
			}
			if len(second) > 0 {
				v.Checker = second[0].Name
			}
		}
	}
	if !v.Whole {
		v.Request = r.masked()
	}
	if v.Files, err = file.Owned(ctx, tx, r.VendorID, r.Paper.Files); err != nil {
		return v, err
	}
	one := []Request{v.Request}
	if err := named(ctx, tx, one); err != nil {
		return v, err
	}
	v.Request = one[0]
	v.People, err = account.Names(ctx, tx, slices.DeleteFunc([]string{r.MadeBy, r.CheckedBy, r.DecidedBy, r.EndedBy}, func(s string) bool { return s == "" }))
	return v, err
}

// changes lists the fields that a request changes, masked for who does not decide.
func (r Request) changes(p policy.Policy, whole bool) []Change {
	was, now := r.Paper.Was, r.Paper.Now
	var list []Change
	switch r.Kind {
	case Company:
		list = changes(company(p, was), company(p, now))
	case Account:
		for _, c := range qualification.Changes(qualification.Application{Account: was.Account}, qualification.Application{Account: now.Account}) {
			list = append(list, Change{Field: c.Field, Part: Part(Account), Was: c.Was, Now: c.Now})
		}
	case Supplement:
		list = []Change{{"/company/name", Part(Supplement), was.Company.Name, now.Company.Name}}
	}
	if whole {
		return list
	}
	for i, c := range list {
		if qualification.Personal(c.Field) {
			list[i].Was, list[i].Now = mask(c.Field, c.Was), mask(c.Field, c.Now)
		}
	}
	return list
}

func mask(pointer, s string) string {
	switch pointer {
	case "/account/number":
		return vault.MaskAccount(s)
	case "/contact/phone":
		return vault.MaskPhone(s)
	case "/contact/mail":
		return vault.MaskMail(s)
	}
	return vault.Mask(s, 1, 0)
}

// Mine lists the requests of the actor's company, the latest first, at most 100.
func Mine(ctx context.Context, tx *db.Tx, by access.Actor) ([]Request, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return nil, err
	}
	list, err := all(ctx, tx, `WHERE r.vendor_id = $1 ORDER BY r.id DESC LIMIT 100`, by.VendorID)
	for i := range list {
		if by.OwnsVendor(by.VendorID, list[i].Kind.act()) != nil {
			list[i] = list[i].masked()
		}
	}
	return list, err
}
