package violation

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Open lists what of a vendor is not finished: what waits for a decision, what may
// still be appealed against, and deductions of which something is owed. It blocks
// the return of the deposit. For other nouns, which check who asks. Rule X-2.
func Open(ctx context.Context, tx *db.Tx, vendorID string) ([]Violation, error) {
	all, err := db.All(ctx, tx, (*Violation).fields, `
		SELECT `+columns+` FROM violation WHERE vendor_id = $1 AND status NOT IN ('dropped', 'revoked') ORDER BY id`, vendorID)
	if err != nil {
		return nil, err
	}
	if err := withDeductions(ctx, tx, all); err != nil {
		return nil, err
	}
	var open []Violation
	for _, v := range all {
		if v.Status.Open() || v.Owed().Fen > 0 {
			open = append(open, v)
		}
	}
	return open, nil
}

// Chosen names a violation.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// get reads a violation for who may see it: staff all, a vendor's people their own
// once it is decided; any other is fault.NotFound.
func get(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Violation, error) {
	if err := by.SignedIn(); err != nil {
		return Violation{}, err
	}
	v, err := Load(ctx, tx, id)
	if err != nil {
		return Violation{}, err
	}
	if err := by.Sees(v.VendorID); err != nil {
		return Violation{}, err
	}
	if by.Kind == access.Member {
		if v.Status == Recorded || v.Status == Dropped {
			return Violation{}, fault.New(fault.NotFound, "fault.not_found")
		}
		v.forVendor()
	}
	return v, nil
}

// forVendor leaves out which of the staff did what.
func (v *Violation) forVendor() {
	v.RecordedBy, v.DecidedBy, v.JudgedBy = "", "", ""
	if v.Deducted != nil {
		d := *v.Deducted
		d.MadeBy = ""
		v.Deducted = &d
	}
}

// Folder is a violation with all that its page shows.
type Folder struct {
	Violation
	VendorName  string
	ProductName string // "" without a product
	Evidence    []file.File
	AppealFiles []file.File
	Postings    []deposit.Posting // the records of money taken and given back
	Deposit     deposit.State
	Names       map[string]string // of staff, by account id; none for the vendor's people
}

// Get reads a violation with its files and records, for staff and, once it is
// decided, for the vendor's people; any other is fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Folder, error) {
	v, err := get(ctx, tx, by, in.ID)
	if err != nil {
		return Folder{}, err
	}
	f := Folder{Violation: v}
	if f.Evidence, err = files(ctx, tx, v, evidence); err != nil {
		return Folder{}, err
	}
	if f.AppealFiles, err = files(ctx, tx, v, appealed); err != nil {
		return Folder{}, err
	}
	if f.Postings, err = deposit.Postings(ctx, tx, v.ID); err != nil {
		return Folder{}, err
	}
	if f.Deposit, err = deposit.Load(ctx, tx, v.VendorID); err != nil {
		return Folder{}, err
	}
	company, err := vendor.Load(ctx, tx, v.VendorID)
	if err != nil {
		return Folder{}, err
	}
	f.VendorName = company.Name
	if v.ProductID != "" {
		p, err := product.Load(ctx, tx, v.ProductID)
		if err != nil {
			return Folder{}, err
		}
		f.ProductName = p.Content.Name
	}
	if by.Kind == access.Member {
		for i := range f.Postings {
			f.Postings[i].MadeBy = ""
		}
		return f, nil
	}
	people := []string{v.RecordedBy}
	for _, id := range []string{v.DecidedBy, v.AppealedBy, v.JudgedBy} {
		if id != "" {
			people = append(people, id)
		}
	}
	f.Names, err = account.Names(ctx, tx, people)
	return f, err
}

// files reads the documents of one part, in their order.
func files(ctx context.Context, tx *db.Tx, v Violation, part string) ([]file.File, error) {
	ids, err := filesOf(ctx, tx, v.ID, part)
	if err != nil {
		return nil, err
	}
	owned, err := file.Owned(ctx, tx, v.VendorID, ids)
	var out []file.File
	for _, id := range ids {
		if f, ok := owned[id]; ok {
			out = append(out, f)
		}
	}
	return out, err
}

// Filter narrows a list; the zero value is all that the reader sees, newest first.
type Filter struct {
	Status   Status
	Waiting  bool   // only what waits for staff, the longest first
	VendorID string // staff only; a vendor's people see their own
	After    string // cursor: the id of the last one seen
	Limit    int    // 0 is 50, at most 200
}

// Listed is a violation in a list.
type Listed struct {
	Violation
	VendorName string
}

// List reads violations: staff all, a vendor's people their own once decided.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Listed, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	if by.Kind == access.Member {
		if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
			return nil, err
		}
		f.VendorID, f.Waiting = by.VendorID, false
	} else if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q, args := f.query(by.Kind == access.Member)
	all, err := db.All(ctx, tx, (*Violation).fields, q, args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	if err := withDeductions(ctx, tx, all); err != nil {
		return nil, err
	}
	var vendors []string
	for _, v := range all {
		vendors = append(vendors, v.VendorID)
	}
	names, err := vendor.Names(ctx, tx, vendors)
	out := make([]Listed, len(all))
	for i, v := range all {
		if by.Kind == access.Member {
			v.forVendor()
		}
		out[i] = Listed{v, names[v.VendorID]}
	}
	return out, err
}

func (f Filter) query(told bool) (string, []any) {
	q := `SELECT ` + columns + ` FROM violation WHERE 1 = 1`
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	if told {
		q += ` AND status NOT IN ('recorded', 'dropped')`
	}
	if f.Status != "" {
		q += ` AND status IN ` + arg(string(f.Status))
	}
	if f.VendorID != "" {
		q += ` AND vendor_id IN ` + arg(f.VendorID)
	}
	order, beyond := ` ORDER BY id DESC`, ` AND id < `
	if f.Waiting {
		q += ` AND status IN ('recorded', 'appealed')`
		order, beyond = ` ORDER BY id`, ` AND id > `
	}
	if f.After != "" {
		q += beyond + arg(f.After)
	}
	return q + order + ` LIMIT ` + arg(f.Limit), args
}

// WaitingCount tells how many violations and appeals wait for staff, at most db.Most.
func WaitingCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], db.Capped(`FROM violation WHERE status IN ('recorded', 'appealed')`))
}

// Waits tells how many violations and appeals wait for staff, and since when the
// longest does, for the dashboard.
func Waits(ctx context.Context, tx *db.Tx, by access.Actor) (n int64, since time.Time, err error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return 0, time.Time{}, err
	}
	type size struct {
		n     int64
		since time.Time
	}
	s, err := db.One(ctx, tx, func(s *size) []any { return []any{&s.n, db.Time(&s.since)} }, `
		SELECT COUNT(*), MIN(COALESCE(appealed_at, recorded_at)) FROM violation WHERE status IN ('recorded', 'appealed')`)
	return s.n, s.since, err
}
