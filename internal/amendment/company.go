package amendment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Paper of a change of data is the whole form, as it should read afterwards.
type Filing struct {
	Company qualification.Company `json:"company"`
	Contact qualification.Contact `json:"contact"`
	Service qualification.Service `json:"service"`
	Shop    qualification.Shop    `json:"shop"`
	Licence []string              `json:"licence,omitempty"` // a new scan, by file id
	Note    string                `json:"note,omitempty"`
}

// Filed is what became of a filing: what is in effect already, and what waits.
type Filed struct {
	Applied []Change // in effect at once
	Request *Request // that lies before the staff; nil where nothing has to
}

const (
	mostFiles   = 5
	longestNote = 500 // runes
)

// File asks for a change of the company's data. What the policy calls harmless takes
// effect at once, the rest when the staff have decided; until then the old data
// holds. Everything that is wrong is told at once (fault.Invalid, a field each). A
// company that is not approved yet, whose application lies before the reviewers, or
// that has asked already, is fault.Conflict. The credit code never changes. Rules
// E-1, E-2, O-2.
func File(ctx context.Context, tx *db.Tx, by access.Actor, in Filing) (Filed, error) {
	if err := by.OwnsVendor(by.VendorID, access.ChangeData); err != nil {
		return Filed{}, err
	}
	v, p, err := inside(ctx, tx, by.VendorID)
	if err != nil {
		return Filed{}, err
	}
	if busy, err := qualification.InOffice(ctx, tx, v.ID); err != nil || busy {
		if err == nil {
			err = fault.New(fault.Conflict, "amendment.application_waits").Of("O-2")
		}
		return Filed{}, err
	}
	now, list, err := in.read(ctx, tx, v, p)
	if err != nil {
		return Filed{}, err
	}
	var out Filed
	var ask []Change
	for _, c := range list {
		if p.Amendments.Immediate(c.Field) {
			out.Applied = append(out.Applied, c)
		} else {
			ask = append(ask, c)
		}
	}
	if len(ask) > 0 {
		if err := noneOpen(ctx, tx, v.ID, Company); err != nil {
			return Filed{}, err
		}
	}
	paper := Paper{Was: part(Form(v.Company)), Now: part(Form(now)), Files: in.Licence, Note: strings.TrimSpace(in.Note)}
	if len(out.Applied) > 0 {
		if err := atOnce(ctx, tx, by, v, now, out.Applied, paper); err != nil {
			return Filed{}, err
		}
	}
	if len(ask) == 0 {
		return out, nil
	}
	r := Request{ID: tx.NewID("amd"), VendorID: v.ID, VendorName: v.Name, Kind: Company, Status: Waiting, Version: 1, Parts: partsOf(ask), Paper: paper,
		MadeBy: by.ID, MadeAt: tx.Now(), PromisedBy: promise(tx, p)}
	r.Paper.Now = part(Form(put(v.Company, now, pointersOf(ask)))) // what took effect at once is not asked again
	if err := r.insert(ctx, tx); err != nil {
		return Filed{}, err
	}
	out.Request = &r
	return out, Submitted.Append(ctx, tx, by, r.about(), Data{Kind: Company, Fields: pointersOf(ask)})
}

// inside locks a vendor's facts and reads its profile, which must be approved.
func inside(ctx context.Context, tx *db.Tx, vendorID string) (vendor.Vendor, policy.Policy, error) {
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return vendor.Vendor{}, policy.Policy{}, err
	}
	v, err := vendor.Load(ctx, tx, vendorID)
	if err != nil {
		return v, policy.Policy{}, err
	}
	if v.ApprovedAt.IsZero() {
		return v, policy.Policy{}, fault.New(fault.Conflict, "amendment.not_in").Of("O-2")
	}
	p, err := policy.Now(ctx, tx)
	return v, p, err
}

func promise(tx *db.Tx, p policy.Policy) time.Time {
	return tx.Now().Add(time.Duration(p.Amendments.ReviewHours) * time.Hour)
}

// part is what a change of data is about: neither account nor categories.
func part(a qualification.Application) qualification.Application {
	return qualification.Application{Company: a.Company, Contact: a.Contact, Service: a.Service, Shop: a.Shop}
}

// read is the profile that the filing asks for, and in what it differs. A field that
// was not touched is not held against the company, however old its value is.
func (in Filing) read(ctx context.Context, tx *db.Tx, v vendor.Vendor, p policy.Policy) (vendor.Company, []Change, error) {
	var bad fault.Fields
	before := Form(v.Company)
	in.Company.USCC = strings.TrimSpace(in.Company.USCC)
	if code, err := cn.ParseUSCC(in.Company.USCC); in.Company.USCC != "" && (err != nil || string(code) != v.Company.USCC) {
		bad.Put(fault.Field{Pointer: "/company/uscc", Rule: "E-1", Message: text.M("amendment.uscc_fixed", v.Company.USCC), Mend: text.M("amendment.uscc_fixed_mend")})
	}
	in.Company.USCC = before.Company.USCC
	in.Service.Team = ""
	typed := part(before)
	typed.Company, typed.Contact, typed.Service, typed.Shop = in.Company, in.Contact, in.Service, in.Shop
	if typed.Company.LongTerm {
		typed.Company.TermUntil = ""
	}
	touched := make(map[string]bool)
	for _, c := range qualification.Changes(part(before), typed) {
		touched[fieldOf(c.Field)] = true
		if n := utf8.RuneCountInString(c.Now); n > 5000 {
			bad.Add(c.Field, "fault.too_long", 5000, n)
		}
	}
	typed.Account = before.Account
	now, problems := qualification.Profile(p, p.Today(tx.Now()), typed)
	for _, x := range problems {
		if f := fieldOf(x.Pointer); f != "" && touched[f] {
			bad.Put(x)
		}
	}
	now.Account, now.USCC = v.Company.Account, v.Company.USCC
	var list []Change
	for _, c := range changes(v.Company, now) {
		if touched[c.Field] {
			list = append(list, c)
		}
	}
	now = put(v.Company, now, pointersOf(list))
	if n := utf8.RuneCountInString(in.Note); n > longestNote {
		bad.Add("/note", "fault.too_long", longestNote, n)
	}
	if err := in.scans(ctx, tx, v.ID, p, list, &bad); err != nil {
		return now, nil, err
	}
	if err := bad.Err(); err != nil {
		return now, nil, err
	}
	if len(list) == 0 {
		return now, nil, fault.New(fault.Conflict, "amendment.nothing_changed")
	}
	return now, list, nil
}

// scans wants a new scan of the licence where the policy asks for one, and the
// vendor's own files alone. Rule E-1.
func (in Filing) scans(ctx context.Context, tx *db.Tx, vendorID string, p policy.Policy, list []Change, bad *fault.Fields) error {
	wanted := slices.IndexFunc(list, func(c Change) bool { return p.Amendments.WantsScan(c.Field) })
	if wanted >= 0 && len(in.Licence) == 0 {
		bad.Put(fault.Field{Pointer: "/licence", Rule: "E-1", Message: text.M("amendment.scan_wanted"), Mend: text.M("amendment.scan_wanted_mend")})
	}
	return owned(ctx, tx, vendorID, "/licence", in.Licence, bad)
}

// owned wants files of the vendor's own, not too many.
func owned(ctx context.Context, tx *db.Tx, vendorID, pointer string, ids []string, bad *fault.Fields) error {
	if len(ids) > mostFiles {
		bad.Add(pointer, "qualification.too_many_files", mostFiles, len(ids))
		return nil
	}
	have, err := file.Owned(ctx, tx, vendorID, ids)
	for i, id := range ids {
		if _, ok := have[id]; !ok {
			bad.Add(fmt.Sprintf("%s/%d", pointer, i), "qualification.file_gone")
		}
	}
	return err
}

// atOnce puts harmless fields in force and keeps a request of it that is settled, so
// that what was there before can be told.
func atOnce(ctx context.Context, tx *db.Tx, by access.Actor, v vendor.Vendor, now vendor.Company, list []Change, paper Paper) error {
	pointers := pointersOf(list)
	changed := put(v.Company, now, pointers)
	paper.Now, paper.Files, paper.Note = part(Form(changed)), nil, ""
	r := Request{ID: tx.NewID("amd"), VendorID: v.ID, Kind: Company, Status: Done, Parts: partsOf(list), Paper: paper, MadeBy: by.ID, MadeAt: tx.Now(), DecidedAt: tx.Now()}
	if err := r.insert(ctx, tx); err != nil {
		return err
	}
	return r.apply(ctx, tx, by, changed, pointers)
}

// apply writes a changed profile and the vendor's draft with it, so that a later
// application does not bring the old data back, and says so.
func (r Request) apply(ctx context.Context, tx *db.Tx, by access.Actor, c vendor.Company, pointers []string) error {
	system := access.SystemActor("amendment")
	if err := vendor.Update(ctx, tx, system, r.VendorID, c); err != nil {
		return err
	}
	form := Form(c)
	if err := qualification.Adopt(ctx, tx, system, r.VendorID, func(a *qualification.Application) {
		team := a.Service.Team
		a.Company, a.Account, a.Contact, a.Service, a.Shop = form.Company, form.Account, form.Contact, form.Service, form.Shop
		a.Service.Team = team
		if len(r.Paper.Files) > 0 && r.Kind == Company {
			a.Documents.Licence = r.Paper.Files
		}
	}); err != nil {
		return err
	}
	if err := Applied.Append(ctx, tx, by, r.about(), Data{Kind: r.Kind, Fields: pointers}); err != nil {
		return err
	}
	if !slices.Contains(pointers, "/company/term_until") {
		return nil
	}
	return LicenceNew.Append(ctx, tx, by, r.about(), Ending{On: licenceEnd(c.TermUntil)})
}

func licenceEnd(d calendar.Day) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.Time(time.UTC)
}

// Withdraw takes a request back before it is decided on; the staff may be deciding in
// the same moment, and one of the two is then fault.Conflict.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Request, error) {
	r, err := ours(ctx, tx, by, in.ID, access.Look)
	if err != nil {
		return r, err
	}
	if err := by.OwnsVendor(r.VendorID, r.Kind.act()); err != nil {
		return Request{}, err
	}
	if r.Kind == Supplement {
		return r, fault.New(fault.Forbidden, "fault.forbidden")
	}
	to := r
	if to.Status, err = r.Status.Next(ActWithdraw); err != nil {
		return r, err
	}
	if err := in.fits(r); err != nil {
		return r, err
	}
	to.EndedBy, to.EndedAt, to.Holder, to.HeldSince = by.ID, tx.Now(), "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	if err := Withdrawn.Append(ctx, tx, by, r.about(), r.data()); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

// act is what lets one of the vendor's people ask for a change of the kind.
func (k Kind) act() access.Act {
	switch k {
	case Account:
		return access.ChangeAccount
	case Mode, Renewal:
		return access.SignContract
	}
	return access.ChangeData
}
