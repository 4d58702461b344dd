package mailbox

import (
	"context"
	"fmt"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Filter chooses letters for a list.
type Filter struct {
	Status Status // "" is all
	Vendor string // "" is any
	Search string // a company's name or its part, a sender's whole mailbox, an id
	After  string // id of the last one read before
	Limit  int
}

// Listed is a letter with its vendor's name.
type Listed struct {
	Letter
	VendorName string
}

// oldestFirst reports whether a list is a queue.
func (f Filter) oldestFirst() bool { return f.Status.open() }

// Masked is the letter without what is personal in it: people are told apart, and not
// told.
func (l Letter) Masked() Letter {
	c := &l.Content
	c.From = letter.Address{Name: vault.Mask(c.From.Name, 1, 0), Mail: vault.MaskMail(c.From.Mail)}
	c.ReplyTo = letter.Address{Name: vault.Mask(c.ReplyTo.Name, 1, 0), Mail: vault.MaskMail(c.ReplyTo.Mail)}
	c.Fields.Recipient, c.Fields.Phone, c.Fields.Address = vault.Mask(c.Fields.Recipient, 1, 0), vault.MaskPhone(c.Fields.Phone), vault.Mask(c.Fields.Address, 6, 0)
	c.Text = ""
	return l
}

// List lists letters for staff that see mail, without what is personal in them: those
// that wait oldest first, others newest first.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Listed, error) {
	if err := by.Require(access.SeeMail); err != nil {
		return nil, err
	}
	var args []any
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	q := `SELECT ` + columns + ` FROM mail_letter WHERE 1 = 1`
	if f.Status != "" {
		q += ` AND status = ` + arg(string(f.Status))
	}
	if f.Vendor != "" {
		q += ` AND vendor_id = ` + arg(f.Vendor)
	}
	if s := strings.TrimSpace(f.Search); s != "" {
		q += ` AND id IN (SELECT id FROM mail_letter WHERE id = ` + arg(s) + ` UNION SELECT id FROM mail_letter WHERE from_index <> '' AND from_index = ` + arg(senderIndex(tx, s))
		if key := cn.NameKey(s); key != "" {
			q += ` UNION SELECT id FROM mail_letter WHERE company_key LIKE ` + arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(key)+"%") + ` ESCAPE '\'`
		}
		q += `)`
	}
	order, than := ` ORDER BY id DESC`, ` < `
	if f.oldestFirst() {
		order, than = ` ORDER BY id`, ` > `
	}
	if f.After != "" {
		q += ` AND id` + than + arg(f.After)
	}
	rows, err := db.All(ctx, tx, (*row).fields, q+order+` LIMIT `+arg(max(1, f.Limit)), args...)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(rows))
	var ids []string
	for i, r := range rows {
		if out[i].Letter, err = r.open(tx); err != nil {
			return nil, err
		}
		out[i].Letter = out[i].Masked()
		ids = append(ids, r.VendorID)
	}
	if len(ids) == 0 {
		return out, nil
	}
	names, err := vendor.Names(ctx, tx, ids)
	for i := range out {
		out[i].VendorName = names[out[i].VendorID]
	}
	return out, err
}

// Counts tells how many letters are of each status, at most db.Most.
func Counts(ctx context.Context, tx *db.Tx, by access.Actor) (map[Status]int, error) {
	if err := by.Require(access.SeeMail); err != nil {
		return nil, err
	}
	return db.CappedEach(ctx, tx, `FROM mail_letter WHERE status =`, Statuses())
}

// WaitingCount tells how many letters wait for somebody, at most db.Most.
func WaitingCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], db.Capped(`FROM mail_letter WHERE status IN ('waiting', 'unreadable')`))
}

// Chosen names a letter.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// Detail is a letter with what is known about its sender and whom it may be of.
type Detail struct {
	Listed
	Known      bool // the sender is registered with the vendor
	Candidates []Candidate
	Before     []Listed   // other letters of the same vendor, newest first, at most five
	Left       text.Named // why it was not entered by itself; empty where that was not tried
	Whole      bool       // with what is personal in it
}

// Unsure reports whether the sender may be another than it says: what it asks for
// then needs a question asked back.
func (d Detail) Unsure() bool { return !d.Passed || !d.Known }

// Get reads a letter for staff that see mail; what is personal in it is for those who
// handle it.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Detail, error) {
	if err := by.Require(access.SeeMail); err != nil {
		return Detail{}, err
	}
	l, err := byID(ctx, tx, in.ID)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Listed: Listed{Letter: l}, Whole: by.May(access.HandleMail)}
	if !d.Whole {
		d.Letter = l.Masked()
	}
	if d.Left, err = whyLeft(ctx, tx, l.ID); err != nil {
		return d, err
	}
	m, err := match(ctx, tx, l.Content)
	if err != nil {
		return d, err
	}
	d.Candidates = m.Candidates
	ids := []string{l.VendorID}
	for _, c := range m.Candidates {
		ids = append(ids, c.VendorID)
	}
	names, err := vendor.Names(ctx, tx, ids)
	if err != nil {
		return d, err
	}
	d.VendorName = names[l.VendorID]
	for i := range d.Candidates {
		d.Candidates[i].Name = names[d.Candidates[i].VendorID]
	}
	if d.Known, err = senderOf(ctx, tx, l.VendorID, l.Content.From.Mail); err != nil || l.VendorID == "" {
		return d, err
	}
	others, err := List(ctx, tx, by, Filter{Vendor: l.VendorID, Limit: 6})
	for _, o := range others {
		if o.ID != l.ID && len(d.Before) < 5 {
			d.Before = append(d.Before, o)
		}
	}
	return d, err
}

// ProblemLabel is the sentence of the catalogue that names a problem of a mail.
func ProblemLabel(p letter.Problem) text.Key { return text.Key("mailbox.problem_" + string(p)) }
