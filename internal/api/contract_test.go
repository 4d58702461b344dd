package api_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// approvedOwner registers a person whose company is approved for categories.
func approvedOwner(t *testing.T, w *world.World, name, phone string, mode policy.Mode, categories ...policy.CategoryID) account.Account {
	t.Helper()
	a := w.Member(name, phone)
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		v, err := vendor.Register(ctx, tx, a.Actor())
		if err != nil {
			return err
		}
		c := vendor.Company{Name: name + "软件有限公司", LegalPerson: "陈立", Contact: vendor.Contact{Name: "王芳", Phone: phone, Mail: name + "@contact.example"},
			ServiceMail: name + "@service.example", ServicePhone: "0571-88886666", Address: "杭州市", Account: vendor.BankAccount{Holder: name + "软件有限公司", Bank: "招商银行", Number: "571900123410801"}}
		if err := vendor.Update(ctx, tx, access.SystemActor("test"), v.ID, c); err != nil {
			return err
		}
		a, err = account.Load(ctx, tx, a.ID)
		return err
	})
	yunshitest.Qualify(t, w.DB, a.VendorID, mode, categories...)
	return a
}

// Rules O-4, M-3: a contract from its offer to its signature, by the API alone.
func TestContractByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		lin := w.API(w.Staff("lin", access.Contracts))
		auditor := w.API(w.Staff("sun", access.Auditor))
		zhou := approvedOwner(t, w, "zhou", "13800138001", policy.Resale, "software")
		other := approvedOwner(t, w, "wu", "13800138002", policy.Platform, "image")
		owner := w.API(zhou)

		if a := lin.Get("/v1/operator/contracts/queue").Want(200); len(a.Value("items").([]any)) != 2 {
			t.Errorf("queue: %s", a.Body)
		}
		first := lin.Get("/v1/operator/contracts/queue?limit=1").Want(200)
		second := lin.Get("/v1/operator/contracts/queue?limit=1&cursor=" + url.QueryEscape(first.Text("next"))).Want(200)
		if first.Text("items.0.vendor_id") != zhou.VendorID || second.Text("items.0.vendor_id") != other.VendorID {
			t.Errorf("by pages: %s, %s", first.Body, second.Body)
		}
		lin.Get("/v1/operator/contracts/queue?cursor=nonsense").Want(422)
		lin.Get("/v1/operator/contracts/queue/" + zhou.VendorID).Want(200)
		lin.Post("/v1/operator/contracts/queue/"+zhou.VendorID+"/claim", nil).Want(200)
		auditor.Post("/v1/operator/contracts", map[string]any{"vendor_id": zhou.VendorID}).Want(http.StatusForbidden)
		a := lin.Post("/v1/operator/contracts", map[string]any{"vendor_id": zhou.VendorID, "rate": "7,5"}).Want(422)
		if a.Text("errors.0.pointer") != "/rate" {
			t.Errorf("wrong rate: %s", a.Body)
		}
		a = lin.Post("/v1/operator/contracts", map[string]any{"vendor_id": zhou.VendorID, "rate": "7.5", "deposit": map[string]any{"fen": 0}, "months": 6}).Want(201)
		if a.Text("status") != "preparing" || a.Value("fee_basis_points") != 750.0 || a.Value("deposit.fen") != 0.0 || a.Value("fixed_deposit") != true {
			t.Errorf("offer: %s", a.Body)
		}
		id := a.Text("id")
		w.Drain()
		a = owner.Get("/v1/contract").Want(200)
		if a.Text("offer.id") != id || a.Text("offer.status") != "offered" || !strings.Contains(a.Text("consent"), "zhou软件有限公司") {
			t.Errorf("the vendor's desk: %s", a.Body)
		}
		hash := a.Text("offer.file_hash")
		owner.Get("/v1/files/" + a.Text("offer.file_id")).Want(200)
		w.API(other).Get("/v1/files/" + a.Text("offer.file_id")).Want(404)
		owner.Post("/v1/contract/send-code", nil).Want(200)
		owner.Post("/v1/contract/send-code", nil).Want(429)
		w.Drain()
		a = owner.Post("/v1/contract/sign", map[string]any{"hash": hash, "code": "1", "consent": false}).Want(422)
		if a.Text("errors.0.rule") != "O-4" {
			t.Errorf("without consent: %s", a.Body)
		}
		sign := map[string]any{"hash": hash, "code": w.Code(zhou.Phone[len(zhou.Phone)-4:]), "consent": true}
		a = owner.Post("/v1/contract/sign", sign, "Idempotency-Key", "k1").Want(200)
		if a.Text("status") != "signed" || a.Value("in_term") != true || a.Text("signer.hash") != hash {
			t.Errorf("signed: %s", a.Body)
		}
		if b := owner.Post("/v1/contract/sign", sign, "Idempotency-Key", "k1").Want(200); b.Text("id") != id {
			t.Errorf("again with the same key: %s", b.Body)
		}
		owner.Post("/v1/contract/sign", sign).Want(409)
		w.Drain()
		a = auditor.Get("/v1/operator/contracts/" + id).Want(200)
		owner.Get("/v1/files/" + a.Text("signed_file_id")).Want(200)
		owner.Get("/v1/operator/contracts/" + id).Want(403)
		lin.Post("/v1/operator/contracts/"+id+"/withdraw", map[string]any{"reason": "太晚"}).Want(409)
		if a := lin.Get("/v1/operator/contracts?status=signed").Want(200); len(a.Value("items").([]any)) != 1 || a.Text("items.0.vendor_name") != "zhou软件有限公司" {
			t.Errorf("list: %s", a.Body)
		}
	})
}

// Rule O-4: signed on paper, by the API alone.
func TestPaperContractByAPI(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t))
	lin := w.API(w.Staff("lin", access.Contracts))
	zhou := approvedOwner(t, w, "zhou", "13800138001", policy.Platform, "image")
	owner := w.API(zhou)
	id := lin.Post("/v1/operator/contracts", map[string]any{"vendor_id": zhou.VendorID, "lang": "both"}).Want(201).Text("id")
	w.Drain()
	scan := owner.Upload("signed-contract", "合同.pdf", []byte("%PDF-1.7\nsigned by hand\n%%EOF\n")).Want(201).Text("id")
	owner.Post("/v1/contract/scan", map[string]any{"file": scan}).Want(200)
	lin.Post("/v1/operator/contracts/"+id+"/return", map[string]any{"reason": "缺少公章"}).Want(200)
	if a := owner.Get("/v1/contract").Want(200); a.Text("offer.scan_reason") != "缺少公章" {
		t.Errorf("sent back: %s", a.Body)
	}
	lin.Post("/v1/operator/contracts/"+id+"/scan", map[string]any{"file": scan}).Want(200)
	lin.Post("/v1/operator/contracts/"+id+"/confirm", map[string]any{"signed_on": "2026-03-03"}).Want(422)
	a := lin.Post("/v1/operator/contracts/"+id+"/confirm", map[string]any{"signed_on": "2026-03-02"}).Want(200)
	if a.Text("status") != "signed" || a.Text("way") != "paper" || a.Text("signed_file_id") != scan {
		t.Errorf("confirmed: %s", a.Body)
	}
}
