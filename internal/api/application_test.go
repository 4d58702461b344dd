package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

const scan = "%PDF-1.7\nscan\n%%EOF\n"

// paper is an application for ops and api with files that the company uploaded.
func paper(licence, evidence string) map[string]any {
	day := []map[string]string{{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "18:00"}}
	proof := map[string]any{"trade_start": "2016-01-01", "trade_files": []string{evidence}, "built_on": true, "built_note": "部署在云服务器上，附件存对象存储", "built_files": []string{evidence}}
	return map[string]any{
		"company": map[string]any{"name": "深圳示例科技有限公司", "uscc": "91440300708461136T", "type": "有限责任公司", "legal_person": "李明", "capital": "500万元",
			"established": "2015-03-05", "long_term": true, "address": "深圳市南山区科技路 1 号", "scope": "软件开发；咨询", "registrar": "深圳市市场监督管理局"},
		"account":    map[string]any{"holder": "深圳示例科技有限公司", "bank": "招商银行", "branch": "深圳分行", "province": "广东省", "city": "深圳市", "number": "755900000010001"},
		"documents":  map[string]any{"licence": []string{licence}},
		"contact":    map[string]any{"name": "王芳", "phone": "13800138000", "mail": "wang@example.com"},
		"service":    map[string]any{"mail": "help@example.com", "phone": "0755-86013388", "hours": map[string]any{"mon": day, "tue": day, "wed": day, "thu": day, "fri": day}},
		"shop":       map[string]any{"name": "示例科技"},
		"categories": []string{"ops", "api"}, "mode": "platform",
		"evidence": map[string]any{"ops": proof, "api": proof},
	}
}

func pointers(a world.Answer) []string {
	var at []string
	list, _ := a.Value("errors").([]any)
	for i := range list {
		at = append(at, a.Text(fmt.Sprintf("errors.%d.pointer", i))+" "+a.Text(fmt.Sprintf("errors.%d.rule", i)))
	}
	return at
}

// Rules O-2, O-3, C-3, C-4, E: from the first step to the decision, by the API alone.
func TestApplyAndReviewByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		owner := w.API(w.Member("wang", "13800138000"))
		other := w.API(w.Member("wu", "13800138002"))
		zhao, zhou := w.API(w.Staff("zhao", access.Reviewer)), w.API(w.Staff("zhou", access.Reviewer))
		auditor := w.API(w.Staff("sun", access.Auditor))

		owner.Get("/v1/application").Want(http.StatusNotFound)
		vendorID := owner.Post("/v1/application/begin", nil).Want(201).Text("vendor_id")
		if again := owner.Post("/v1/application/begin", nil).Want(201).Text("vendor_id"); again != vendorID {
			t.Errorf("begun twice: %s and %s", vendorID, again)
		}
		zhao.Post("/v1/application/begin", nil).Want(http.StatusForbidden)
		other.Post("/v1/application/begin", nil).Want(201)
		foreign := other.Upload("licence", "执照.pdf", []byte(scan)).Want(201).Text("id")

		// Agreements (C-4): readable without signing in, accepted by version.
		if a := w.Client("").Get("/v1/agreements").Want(200); len(a.Text("items.0.body.en")) < 1000 || a.Value("items.0.accepted") != false {
			t.Errorf("agreements: %.200s", a.Body)
		}
		a := owner.Post("/v1/agreements/accept", map[string]any{"documents": []map[string]string{{"id": "access", "version": "0.9"}}}).Want(422)
		if diff := pointers(a); !slices.Equal(diff, []string{"/documents/0/version C-4"}) {
			t.Errorf("an old version: %v", diff)
		}

		// Kept as typed; submitting tells all at once.
		typed := paper(foreign, foreign)
		typed["company"].(map[string]any)["uscc"] = "91440300708461136X"
		a = owner.Post("/v1/application", map[string]any{"application": typed}).Want(200)
		if a.Text("application.company.uscc") != "91440300708461136X" || a.Text("status") != "draft" || a.Value("self_check.ready") != false {
			t.Errorf("kept: %.300s", a.Body)
		}
		a = owner.Post("/v1/application/submit", map[string]any{}).Want(422)
		for _, want := range []string{"/company/uscc E-1", "/documents/licence/0 E-1", "/agreements/access E-5", "/evidence/ops/trade_files/0 E-3"} {
			if !slices.Contains(pointers(a), want) {
				t.Errorf("not told: %s in %v", want, pointers(a))
			}
		}
		owner.Post("/v1/application", map[string]any{"application": map[string]any{"company": map[string]any{"nickname": "x"}}}).Want(422)
		owner.Post("/v1/application", map[string]any{"version": 99, "application": typed}).Want(http.StatusConflict)

		owner.Post("/v1/agreements/accept", map[string]any{"documents": []map[string]string{{"id": "access", "version": "1.0"}, {"id": "management", "version": "1.0"}}}).Want(200)
		licence := owner.Upload("licence", "执照.pdf", []byte(scan)).Want(201).Text("id")
		proof := owner.Upload("evidence", "合同.pdf", []byte(scan)).Want(201).Text("id")
		owner.Post("/v1/application", map[string]any{"application": paper(licence, proof)}).Want(200)
		if a := owner.Get("/v1/application/self-check").Want(200); a.Value("ready") != true || a.Text("checks.0.rule") != "E-1" || a.Text("checks.0.state") != "waiting_review" {
			t.Errorf("self-check: %s", a.Body)
		}
		id := owner.Post("/v1/application/submit", map[string]any{}, "Idempotency-Key", "s1").Want(200).Text("id")
		owner.Post("/v1/application/submit", map[string]any{}, "Idempotency-Key", "s1").Want(200) // the same answer
		owner.Post("/v1/application/submit", map[string]any{}).Want(http.StatusConflict)
		at := "/v1/operator/applications"
		owner.Get(at).Want(http.StatusForbidden)
		if a := auditor.Get(at + "?free=true").Want(200); a.Text("items.0.id") != id || a.Text("items.0.vendor_name") != "深圳示例科技有限公司" {
			t.Errorf("queue: %s", a.Body)
		}
		at += "/" + id
		auditor.Post(at+"/claim", nil).Want(http.StatusForbidden)
		zhao.Post(at+"/claim", nil).Want(200)
		zhou.Post(at+"/claim", nil).Want(http.StatusConflict)
		if a := zhou.Get("/v1/operator/applications?holder=me").Want(200); len(a.Value("items").([]any)) != 0 {
			t.Errorf("mine: %s", a.Body)
		}
		a = auditor.Get(at).Want(200)
		for _, secret := range []string{"13800138000", "755900000010001", "wang@example.com", `"legal_person":"李明"`} {
			if strings.Contains(string(a.Body), secret) {
				t.Errorf("an auditor reads %s", secret)
			}
		}
		a = zhao.Get(at).Want(200)
		if a.Text("application.account.number") != "755900000010001" || a.Text("agreements.0.hash") == "" || len(a.Value("files").([]any)) != 2 {
			t.Errorf("the review: %.400s", a.Body)
		}
		zhao.Post(at+"/notes", map[string]any{"text": "已电话核实"}).Want(200)
		verdicts := []map[string]any{{"condition": "E-1", "result": "met"}, {"condition": "E-2", "result": "met"}}
		for _, c := range []string{"ops", "api"} {
			for _, e := range []string{"E-3", "E-4"} {
				verdicts = append(verdicts, map[string]any{"condition": e, "category": c, "result": "met"})
			}
		}
		decision := map[string]any{"version": a.Value("version"), "verdicts": verdicts,
			"categories": []map[string]any{{"category": "ops", "decision": "approve"}, {"category": "api", "decision": "refuse"}}}
		a = zhao.Post(at+"/decide", decision).Want(422)
		if got := pointers(a); !slices.Equal(got, []string{"/categories/1/decision C-3"}) {
			t.Errorf("refused though all is met: %v", got)
		}
		verdicts[4]["result"], verdicts[4]["reason"] = "not_met", "请补充接口服务的合同"
		zhou.Post(at+"/decide", decision).Want(http.StatusConflict)
		zhao.Post(at+"/decide", decision).Want(200)
		zhao.Post(at+"/decide", decision).Want(http.StatusConflict)

		a = owner.Get("/v1/application").Want(200)
		if a.Text("status") != "decided" || a.Text("categories.0.status") != "refused" || a.Text("categories.1.status") != "approved" ||
			a.Text("to_mend.0.pointer") != "/evidence/api/trade_start" || a.Text("to_mend.0.detail") != "请补充接口服务的合同" {
			t.Errorf("the result: %.600s", a.Body)
		}
		a = auditor.Get("/v1/operator/vendors?q=示例科技").Want(200)
		if a.Text("items.0.id") != vendorID || a.Text("items.0.company.contact_phone") != "138****8000" || strings.Contains(string(a.Body), "755900000010001") {
			t.Errorf("vendors: %s", a.Body)
		}
		auditor.Get("/v1/operator/vendors/" + vendorID).Want(200)
		other.Get("/v1/operator/vendors/" + vendorID).Want(http.StatusForbidden)
	})
}

func TestTakeBackByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		owner := w.API(w.Member("wang", "13800138000"))
		owner.Post("/v1/application/take-back", map[string]any{}).Want(http.StatusNotFound)
		owner.Post("/v1/application/begin", nil).Want(201)
		owner.Post("/v1/application/take-back", map[string]any{}).Want(http.StatusConflict)
		owner.Post("/v1/agreements/accept", map[string]any{"documents": []map[string]string{{"id": "access", "version": "1.0"}, {"id": "management", "version": "1.0"}}}).Want(200)
		licence := owner.Upload("licence", "执照.pdf", []byte(scan)).Want(201).Text("id")
		owner.Post("/v1/application", map[string]any{"application": paper(licence, licence)}).Want(200)
		v := owner.Post("/v1/application/submit", map[string]any{}).Want(200).Value("version")
		owner.Post("/v1/application/take-back", map[string]any{"version": 1}).Want(http.StatusConflict)
		if a := owner.Post("/v1/application/take-back", map[string]any{"version": v}).Want(200); a.Text("status") != "draft" {
			t.Errorf("taken back: %.200s", a.Body)
		}
		zhao := w.API(w.Staff("zhao", access.Reviewer))
		if a := zhao.Get("/v1/operator/applications").Want(200); len(a.Value("items").([]any)) != 0 {
			t.Errorf("the queue keeps it: %s", a.Body)
		}
		admin := w.API(w.Staff("qian", access.Administrator))
		next := map[string]any{"id": "access", "version": "2.0", "title": map[string]string{"zh-CN": "服务接入协议", "en": "Access"}, "body": map[string]string{"zh-CN": "新", "en": "new"}}
		zhao.Post("/v1/agreements", next).Want(http.StatusForbidden)
		admin.Post("/v1/agreements", next).Want(201)
		a := owner.Post("/v1/application/submit", map[string]any{}).Want(422)
		if got := pointers(a); !slices.Equal(got, []string{"/agreements/access E-5"}) {
			t.Errorf("a new version is not asked for: %v", got)
		}
	})
}
