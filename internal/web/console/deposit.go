package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type deposits struct{ *web.Site }

func depositRoutes(s *web.Site) {
	d := deposits{s}
	s.Member("GET /console/deposit", d.show)
	s.Member("POST /console/deposit/vouchers", d.present)
	s.Member("POST /console/deposit/vouchers/{id}/take-back", d.takeBack)
	paperRoutes(s)
}

// depositView is the page of the deposit.
type depositView struct {
	P         text.Printer
	Now       time.Time
	Company   vendor.Company
	State     deposit.State
	Policy    policy.Policy
	Needs     []onboarding.Need // of the deposit's turn, while it has not come
	Vouchers  []deposit.Voucher
	Receipts  []deposit.Receipt
	May       bool // present a voucher
	Form      ui.Form
	Kept      []ui.File // the voucher's file of a form that came back
	Papers    []deposit.Parcel
	Backs     []deposit.Back
	Addresses []deposit.Address
	PaperForm ui.Form                        // of an address or statement of loss that came back
	HeldUp    map[policy.CategoryID][]string // products that wait for the deposit
}

func (d deposits) show(w http.ResponseWriter, r *http.Request) error {
	return d.page(w, r, http.StatusOK, depositView{})
}

func (d deposits) page(w http.ResponseWriter, r *http.Request, status int, v depositView) error {
	v.P, v.Now = server.Printer(r.Context()), d.DB.Clock().Now()
	err := d.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.OwnsVendor(by.VendorID, access.PayDeposit) == nil
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		in, err := onboarding.Of(ctx, tx, by, by.VendorID)
		if err != nil || by.VendorID == "" {
			v.Needs = untilDeposit(in)
			return err
		}
		v.Needs = untilDeposit(in)
		company, err := vendor.Get(ctx, tx, by, by.VendorID)
		if err != nil {
			return err
		}
		v.Company = company.Company
		if v.State, err = deposit.Get(ctx, tx, by, by.VendorID); err != nil {
			return err
		}
		if v.Vouchers, err = deposit.Vouchers(ctx, tx, by, by.VendorID); err != nil {
			return err
		}
		if v.Receipts, err = deposit.Receipts(ctx, tx, by, by.VendorID); err != nil {
			return err
		}
		if v.Papers, err = deposit.Parcels(ctx, tx, by, by.VendorID); err != nil {
			return err
		}
		if v.Backs, err = deposit.Backs(ctx, tx, by, by.VendorID); err != nil {
			return err
		}
		if v.Addresses, err = deposit.Addresses(ctx, tx, by); err != nil {
			return err
		}
		return v.heldUp(ctx, tx, by)
	})
	if err != nil {
		return err
	}
	return d.Show(w, r, status, d.New(w, r, ui.Console, "web.nav_deposit"), depositPage(v))
}

// untilDeposit are the needs that come before the deposit's turn.
func untilDeposit(s onboarding.State) []onboarding.Need {
	return slices.DeleteFunc(slices.Clone(s.Needs(policy.Shelve)), func(n onboarding.Need) bool { return n.Fact == policy.NeedsDeposit })
}

func (d deposits) present(w http.ResponseWriter, r *http.Request) error {
	by := server.Actor(r.Context())
	kept, err := d.Uploads(w, r, by.VendorID, map[string]file.Purpose{"file": file.Voucher})
	var in deposit.Paper
	if formErr := web.Form(w, r, &in); err == nil {
		err = formErr
	}
	in.File = r.PostForm.Get("kept_file")
	if len(kept["file"]) > 0 {
		in.File = kept["file"][0].ID
	}
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := deposit.Present(ctx, tx, by, in)
			return err
		})
	}
	if err == nil {
		return d.Done(w, r, "/console/deposit", "web_deposit.presented")
	}
	status, ok := web.Mended(err)
	if !ok {
		return err
	}
	v := depositView{Form: web.Typed(r, err)}
	if in.File != "" {
		readErr := d.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			f, err := file.Get(ctx, tx, by, in.File)
			if err == nil {
				v.Kept = []ui.File{fileOf(f)}
			}
			return nil // a file that is not ours is simply not shown
		})
		if readErr != nil {
			return readErr
		}
	}
	return d.page(w, r, status, v)
}

func fileOf(f file.File) ui.File {
	out := ui.File{ID: f.ID, Name: f.Name, Href: "/files/" + f.ID}
	if f.Type != file.PDF {
		out.Image = out.Href
	}
	return out
}

func (d deposits) takeBack(w http.ResponseWriter, r *http.Request) error {
	err := d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.TakeBack(ctx, tx, by, deposit.TakingBack{VoucherID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return d.Refused(w, r, "/console/deposit", err)
	}
	return d.Done(w, r, "/console/deposit", "web_deposit.taken_back")
}

// figures are what is due, held and missing.
func (v depositView) figures() []ui.Figure {
	s, unit := v.State, v.P.T("web_deposit.yuan")
	tone, note := ui.OK, v.P.T("web_deposit.nothing_missing")
	if s.Missing.Fen > 0 {
		tone, note = ui.Warn, v.P.T("web_deposit.to_pay")
	}
	out := []ui.Figure{
		{Label: v.P.T("web_deposit.required"), Value: s.Required.String(), Unit: unit, Note: v.because()},
		{Label: v.P.T("web_deposit.held"), Value: s.Held.String(), Unit: unit},
		{Label: v.P.T("web_deposit.missing"), Value: s.Missing.String(), Unit: unit, Tone: tone, Note: note},
	}
	if s.Overpaid.Fen > 0 {
		out = append(out, ui.Figure{Label: v.P.T("web_deposit.overpaid"), Value: s.Overpaid.String(), Unit: unit, Note: v.P.T("web_deposit.overpaid_note")})
	}
	return out
}

// because says where the amount comes from. Rules D-2 and M-3.
func (v depositView) because() string {
	if v.State.RequiredBy == "" {
		return v.P.T("web_deposit.by_contract")
	}
	return v.P.T("web_deposit.by_category", v.category(v.State.RequiredBy))
}

func (v depositView) category(id policy.CategoryID) string {
	if c, ok := v.Policy.Category(id); ok {
		return c.Name.In(v.P.Lang)
	}
	return string(id)
}

func (v depositView) way(id string) string {
	if w, ok := v.Policy.Way(id); ok {
		return w.Name.In(v.P.Lang)
	}
	return v.P.T("deposit.way_transfer")
}

// ways are the choices of the form; the field's own notes come from the policy.
func (v depositView) ways() []ui.Option {
	out := make([]ui.Option, len(v.Policy.Ways))
	for i, w := range v.Policy.Ways {
		out[i] = ui.Option{Value: w.ID, Label: w.Name.In(v.P.Lang), Note: w.Note.In(v.P.Lang)}
	}
	return out
}

func (v depositView) today() string { return calendar.Of(v.Now, v.Policy.Location()).String() }

func (v depositView) ownAccount() string {
	return v.P.T("web_deposit.own_account", v.Company.Account.Holder, vault.MaskAccount(v.Company.Account.Number))
}

func (v depositView) grouped() string { return reference.Group(v.State.Reference) }

func (v depositView) uploadMB() int { return int(v.Policy.UploadBytes >> 20) }

// labels put the names of the fields into the list above the form.
func (v depositView) labels() map[string]string {
	out := map[string]string{}
	for name, key := range map[string]text.Key{
		"amount": "web_deposit.amount", "paid_on": "web_deposit.paid_on", "way": "web_deposit.way", "city": "web_money.city", "file": "web_deposit.file", "remitter": "web_deposit.remitter",
		"courier_address": "web_deposit.courier_address", "recipient": "web_deposit.recipient", "recipient_phone": "web_deposit.recipient_phone",
	} {
		out[name] = v.P.T(key)
	}
	return out
}

func voucherStatus(p text.Printer, s deposit.VoucherStatus) ui.Status {
	tone := map[deposit.VoucherStatus]ui.Tone{deposit.VoucherPresented: ui.Warn, deposit.VoucherConfirmed: ui.OK, deposit.VoucherRefused: ui.Bad}[s]
	return ui.Status{Label: p.T(s.Label()), Tone: tone}
}

// needs turns needs into requirements, with where each is mended.
func requirements(p text.Printer, needs []onboarding.Need) []ui.Requirement {
	out := make([]ui.Requirement, len(needs))
	for i, n := range needs {
		r := ui.Requirement{State: ui.NotMet, Rule: n.Rule, Text: p.Say(n.Message), Mend: p.Say(n.Mend)}
		switch n.Waiting {
		case onboarding.Vendor:
			r.State, r.Act = ui.WaitsYou, ui.Act{Label: p.T(text.Key("web_home.go_" + string(n.Fact))), Href: placeOf(n.Fact), Main: i == 0}
		case onboarding.Operator:
			r.State = ui.InReview
		}
		if !n.Until.IsZero() && n.Waiting == onboarding.Operator {
			r.Mend = p.T("web_home.mend_until", r.Mend, p.Time(n.Until))
		}
		out[i] = r
	}
	return out
}

func placeOf(f policy.Fact) string {
	switch f {
	case policy.NeedsQualified:
		return "/console/application"
	case policy.NeedsContract:
		return "/console/contract"
	case policy.NeedsDeposit:
		return "/console/deposit"
	case policy.NeedsLicence:
		return "/console/changes/company"
	case onboarding.NeedsStaying:
		return "/console/exit"
	}
	return "/console/products"
}
