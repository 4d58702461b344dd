package amendment

import (
	"context"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// purpose is what codes for a new account are sent for; their subject is the request.
const purpose = "account-change"

// NewAccount is the account that deposits shall return to from now on.
type NewAccount struct {
	Account qualification.Account `json:"account"`
	Proof   []string              `json:"proof,omitempty"` // by file id: the bank's certificate of the account
	Note    string                `json:"note,omitempty"`
}

// AskAccount asks for another corporate account (对公账户). Its holder must be the
// company; a second person of the company checks it next or, where there is none, the
// owner with a code by SMS. What is wrong is fault.Invalid, a field each; a second
// request is fault.Conflict. Rule D-5.
func AskAccount(ctx context.Context, tx *db.Tx, by access.Actor, in NewAccount) (Request, error) {
	if err := by.OwnsVendor(by.VendorID, access.ChangeAccount); err != nil {
		return Request{}, err
	}
	v, _, err := inside(ctx, tx, by.VendorID)
	if err != nil {
		return Request{}, err
	}
	var bad fault.Fields
	now, problems, _ := qualification.CorporateAccount(in.Account, v.Company.Name)
	for _, x := range problems {
		if x.Message.Key == "qualification.holder_differs" {
			x.Mend = text.M("amendment.holder_mend", v.Company.Name)
		}
		bad.Put(x)
	}
	if len(in.Proof) == 0 {
		bad.Put(fault.Field{Pointer: "/proof", Rule: "D-5", Message: text.M("amendment.proof_wanted"), Mend: text.M("amendment.proof_wanted_mend")})
	}
	if err := owned(ctx, tx, v.ID, "/proof", in.Proof, &bad); err != nil {
		return Request{}, err
	}
	if n := utf8.RuneCountInString(in.Note); n > longestNote {
		bad.Add("/note", "fault.too_long", longestNote, n)
	}
	if err := bad.Err(); err != nil {
		return Request{}, err
	}
	if now == v.Company.Account {
		return Request{}, fault.New(fault.Conflict, "amendment.nothing_changed").Of("D-5")
	}
	if err := noneOpen(ctx, tx, v.ID, Account); err != nil {
		return Request{}, err
	}
	r := Request{ID: tx.NewID("amd"), VendorID: v.ID, VendorName: v.Name, Kind: Account, Status: Checking, Version: 1, Parts: []Part{Part(Account)},
		MadeBy: by.ID, MadeAt: tx.Now(), Paper: Paper{
			Was: qualification.Application{Account: qualification.Account(v.Company.Account)}, Now: qualification.Application{Account: qualification.Account(now)},
			Files: in.Proof, Note: strings.TrimSpace(in.Note)}}
	if r.Paper.Watchers, err = watchers(ctx, tx, v); err != nil {
		return Request{}, err
	}
	if err := r.insert(ctx, tx); err != nil {
		return Request{}, err
	}
	if err := Asked.Append(ctx, tx, by, r.about(), Data{Kind: Account, Fields: []string{"/account"}}); err != nil {
		return Request{}, err
	}
	return Load(ctx, tx, r.ID)
}

// watchers are whom a new account is told to: the contact and the owners as they are
// now, and the contacts that were replaced of late, for who wants to change the
// account unseen changes the contact first.
func watchers(ctx context.Context, tx *db.Tx, v vendor.Vendor) ([]Watcher, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	list := []Watcher{{Mail: v.Company.Contact.Mail, Phone: v.Company.Contact.Phone}}
	people, err := account.People(ctx, tx, v.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range people {
		if slices.Contains(x.Roles, access.Owner) {
			list = append(list, Watcher{Mail: x.Mail, Phone: x.Phone, Lang: x.Lang.Tag()})
		}
	}
	since := tx.Now().AddDate(0, 0, -p.Amendments.ContactMemoryDays)
	earlier, err := all(ctx, tx, `WHERE r.vendor_id = $1 AND r.kind = 'company' AND r.status = 'decided' AND r.decided_at >= $2 ORDER BY r.id DESC LIMIT 50`, v.ID, since)
	if err != nil {
		return nil, err
	}
	for _, r := range earlier {
		if was := company(p, r.Paper.Was); was.Contact != company(p, r.Paper.Now).Contact {
			list = append(list, Watcher{Mail: was.Contact.Mail, Phone: was.Contact.Phone})
		}
	}
	var out []Watcher
	mails, phones := make(map[string]bool), make(map[string]bool)
	for _, w := range list {
		if mails[strings.ToLower(w.Mail)] {
			w.Mail = ""
		}
		if phones[w.Phone] {
			w.Phone = ""
		}
		mails[strings.ToLower(w.Mail)], phones[w.Phone] = true, true
		if w.Mail != "" || w.Phone != "" {
			out = append(out, w)
		}
	}
	return out, nil
}

// others are the vendor's people beside one who may check a new account.
func others(ctx context.Context, tx *db.Tx, vendorID, maker string) ([]account.Account, error) {
	people, err := account.People(ctx, tx, vendorID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(people, func(a account.Account) bool {
		return a.ID == maker || !slices.Contains(a.Roles, access.Owner) && !slices.Contains(a.Roles, access.VendorFinance)
	}), nil
}

// AskCode sends the owner a code by SMS to check a new account with, where nobody
// else of the company can; where somebody can it is fault.Conflict.
func AskCode(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Request, error) {
	r, err := ours(ctx, tx, by, in.ID, access.ChangeAccount)
	if err != nil {
		return r, err
	}
	if _, err := r.Status.Next(ActCheck); err != nil {
		return r, err
	}
	second, err := others(ctx, tx, r.VendorID, r.MadeBy)
	if err != nil {
		return r, err
	}
	if len(second) > 0 || by.ID != r.MadeBy || !by.Has(access.Owner) {
		return r, fault.New(fault.Conflict, "amendment.no_code").Of("D-5")
	}
	return r, account.SendCode(ctx, tx, by, account.CodeAsk{Purpose: purpose, Subject: r.ID})
}

// Checking is what the second person hands in, or the owner with a code.
type Check struct {
	ID      string `path:"id" json:"-"`
	Version int64  `json:"version,omitempty"`
	Code    string `json:"code,omitempty"` // from the SMS, where nobody else can check
}

// CheckAccount passes a new account on to the operator's finance. Who asked for it
// cannot check it where the company has a second person for it (fault.Conflict);
// where it has none, the owner's code does (fault.Invalid). Rule D-5.
func CheckAccount(ctx context.Context, tx *db.Tx, by access.Actor, in Check) (Request, error) {
	r, err := ours(ctx, tx, by, in.ID, access.ChangeAccount)
	if err != nil {
		return r, err
	}
	to := r
	if to.Status, err = r.Status.Next(ActCheck); err != nil {
		return r, err
	}
	if err := (Turn{Version: in.Version}).fits(r); err != nil {
		return r, err
	}
	if by.ID == r.MadeBy {
		second, err := others(ctx, tx, r.VendorID, r.MadeBy)
		if err != nil {
			return r, err
		}
		if len(second) > 0 {
			return r, fault.New(fault.Conflict, "amendment.other_person", second[0].Name).Of("D-5")
		}
		if err := account.CheckCode(ctx, tx, by, purpose, r.ID, in.Code); err != nil {
			return r, err
		}
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return r, err
	}
	to.CheckedBy, to.CheckedAt, to.PromisedBy = by.ID, tx.Now(), promise(tx, p)
	if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	if err := Submitted.Append(ctx, tx, by, r.about(), r.data()); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

// effectJob puts an account in effect when its pause is over.
var effectJob = job.Kind[pause]{Name: "amendment.effect"}

type pause struct {
	Request string `json:"request"`
}

// cool begins the pause of an approved account, with a way to stop it that is known
// to its watchers alone.
func (r Request) cool(ctx context.Context, tx *db.Tx, by access.Actor, to Request) error {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	to.EffectAt = tx.Now().Add(time.Duration(p.Amendments.CoolingHours) * time.Hour)
	if err := r.move(ctx, tx, to); err != nil {
		return err
	}
	var raw [18]byte
	if _, err := io.ReadFull(tx.Random(), raw[:]); err != nil {
		return err
	}
	token := hex.EncodeToString(raw[:])
	if _, err := tx.Exec(ctx, `UPDATE amendment SET stop_token = $1, stop_index = $2 WHERE id = $3`,
		tx.Vault().Seal(place("stop_token", r.ID), token), stopIndex(tx, token), r.ID); err != nil {
		return err
	}
	if err := effectJob.Later(ctx, tx, pause{r.ID}, job.At(to.EffectAt)); err != nil {
		return err
	}
	return Cooling.Append(ctx, tx, by, r.about(), CoolingData{to.EffectAt})
}

func stopIndex(tx *db.Tx, token string) string { return tx.Vault().Blind("amendment.stop", token) }

// StopLink is the path on which a watcher stops a new account, for the message to
// them alone; "" where there is nothing to stop.
func StopLink(ctx context.Context, tx *db.Tx, id string) (string, error) {
	s, err := db.One(ctx, tx, db.Value[string], `SELECT stop_token FROM amendment WHERE id = $1`, id)
	if err != nil || s == "" {
		return "", err
	}
	token, err := tx.Vault().Open(place("stop_token", id), s)
	return "/account-change/" + token, err
}

// takeEffect puts an account in effect; it is the job's handler, and a stale one does
// nothing.
func takeEffect(ctx context.Context, tx *db.Tx, by access.Actor, in pause) error {
	r, err := locked(ctx, tx, in.Request)
	if err != nil || r.Status != Pausing || tx.Now().Before(r.EffectAt) {
		return err
	}
	to := r
	if to.Status, err = r.Status.Next(ActEffect); err != nil {
		return err
	}
	v, err := vendor.Load(ctx, tx, r.VendorID)
	if err != nil {
		return err
	}
	to.EndedAt = tx.Now()
	if err := r.move(ctx, tx, to); err != nil {
		return err
	}
	c := v.Company
	c.Account = vendor.BankAccount(r.Paper.Now.Account)
	return r.apply(ctx, tx, by, c, []string{"/account"})
}

// Stopping stops a new account during its pause.
type Stopping struct {
	ID     string `path:"id" json:"-"`
	Reason string `json:"reason"`
}

// Stop stops a new account during its pause: the vendor's own people, and the staff
// whom they call, with a reason. The account in force stays. In any other state it is
// fault.Conflict.
func Stop(ctx context.Context, tx *db.Tx, by access.Actor, in Stopping) (Request, error) {
	if err := by.SignedIn(); err != nil {
		return Request{}, err
	}
	if by.Kind == access.Member {
		if err := by.OwnsVendor(by.VendorID, access.ChangeAccount); err != nil {
			return Request{}, err
		}
	} else if err := by.Require(access.StopChanges); err != nil {
		return Request{}, err
	}
	r, err := Load(ctx, tx, in.ID)
	if err != nil {
		return r, err
	}
	if by.Kind == access.Member {
		if err := by.OwnsVendor(r.VendorID, access.ChangeAccount); err != nil {
			return Request{}, err
		}
	}
	reason := strings.TrimSpace(in.Reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return r, fault.At("/reason", "contract.reason_wanted")
	case n > longestNote:
		return r, fault.At("/reason", "fault.too_long", longestNote, n)
	}
	return stop(ctx, tx, by, r.ID, reason)
}

func stop(ctx context.Context, tx *db.Tx, by access.Actor, id, reason string) (Request, error) {
	r, err := locked(ctx, tx, id)
	if err != nil {
		return r, err
	}
	to := r
	if to.Status, err = r.Status.Next(ActStop); err != nil {
		return r, err
	}
	to.Paper.Stopped, to.EndedBy, to.EndedAt = reason, by.ID, tx.Now()
	if err := r.move(ctx, tx, to); err != nil {
		return r, err
	}
	if _, err := tx.Exec(ctx, `UPDATE amendment SET stop_token = '' WHERE id = $1`, r.ID); err != nil {
		return r, err
	}
	if err := Stopped.Append(ctx, tx, by, r.about(), r.data()); err != nil {
		return r, err
	}
	return Load(ctx, tx, r.ID)
}

// Link is the token of a stopping link.
type Link struct {
	Token string `path:"token" json:"-"`
}

// ByLink reads what a stopping link is about; one that nobody was sent is
// fault.NotFound. Whoever holds it need not sign in: all it can do is to leave things
// as they are.
func ByLink(ctx context.Context, tx *db.Tx, in Link) (Request, error) {
	if len(in.Token) != 36 {
		return Request{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return one(ctx, tx, `WHERE r.stop_index = $1 AND r.stop_index <> ''`, stopIndex(tx, in.Token))
}

// StopByLink stops a new account by the link that its watchers were sent.
func StopByLink(ctx context.Context, tx *db.Tx, by access.Actor, in Link) (Request, error) {
	// Whoever holds the link: it went to the company's contact and owner alone.
	r, err := ByLink(ctx, tx, in)
	if err != nil {
		return r, err
	}
	return stop(ctx, tx, by, r.ID, "")
}
