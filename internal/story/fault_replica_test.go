package story_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// pair is two processes of one marketplace and somebody of the staff at each, who
// are of every role. On SQLite, which has one process, both are at the same.
type pair struct {
	*siege
	left, right http.Handler
	a, b        *person
}

func pairOf(t *testing.T, s *siege) *pair {
	t.Helper()
	every := []access.Role{access.Reviewer, access.Contracts, access.Finance, access.ProductReviewer, access.Administrator}
	p := &pair{siege: s, left: s.handler, right: s.handler, a: s.staff("left", every...), b: s.staff("right", every...)}
	if s.DB.Dialect() == db.Postgres {
		d, err := db.Open(t.Context(), s.address, db.Options{Clock: s.DB.Clock(), Vault: dbtest.Vault(), MaxConns: 12})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		other := market.Build(d, dbtest.Vault(), s.Files, s.Key, market.Config{BaseURL: "http://market.example", Demo: true, Log: slog.New(slog.NewTextHandler(s.log, nil)), Version: "test"})
		p.right = other.Server.Handler()
	}
	return p
}

// at asks one of the two.
func (p *pair) at(h http.Handler, a shot) (int, string) {
	one := *p.siege
	one.handler = h
	status, _, body := one.ask(a)
	return status, body
}

// get reads an answer of the API on the left.
func (p *pair) get(path string, into any) {
	p.t.Helper()
	status, body := p.at(p.left, shot{p.a, http.MethodGet, path, "", ""})
	if status != http.StatusOK {
		p.t.Fatalf("GET %s answers %d: %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		p.t.Fatalf("GET %s: %v", path, err)
	}
}

// first is the first item of a list that has the value.
func (p *pair) first(path, field, value string) map[string]any {
	p.t.Helper()
	var list struct{ Items []map[string]any }
	p.get(path, &list)
	for _, i := range list.Items {
		if value == "" || fmt.Sprint(i[field]) == value {
			return i
		}
	}
	p.t.Fatalf("%s lists none with %s %q: %v", path, field, value, list.Items)
	return nil
}

// once sends one request at the same time to both: one is done, the other is told
// clearly that somebody was first. It returns who won and the answer.
func (p *pair) once(a, b *person, path, kind, body string) (*person, string) {
	p.t.Helper()
	var status [2]int
	var said [2]string
	var both sync.WaitGroup
	begin := make(chan struct{})
	for i, by := range []*person{a, b} {
		h := []http.Handler{p.left, p.right}[i]
		both.Go(func() {
			<-begin
			status[i], said[i] = p.at(h, shot{by, http.MethodPost, path, kind, body})
		})
	}
	close(begin)
	both.Wait()
	won := 0
	if status[1] < 300 {
		won = 1
	}
	lost := 1 - won
	var told struct{ Detail, Code string }
	if err := json.Unmarshal([]byte(said[lost]), &told); err != nil || status[won] >= 300 || status[lost] != http.StatusConflict || told.Detail == "" || told.Code != "conflict" {
		p.t.Errorf("POST %s twice at once: %d %.400s\nand %d %.400s", path, status[0], said[0], status[1], said[1])
	}
	return []*person{a, b}[won], said[won]
}

const plainJSON = "application/json"

// must is a request that is done.
func (p *pair) must(by *person, path, body string) string {
	p.t.Helper()
	status, said := p.at(p.left, shot{by, http.MethodPost, path, plainJSON, body})
	if status >= 300 {
		p.t.Fatalf("POST %s answers %d: %s", path, status, said)
	}
	return said
}

// verdicts is a decision on the application that finds all in order.
func (p *pair) verdicts(at string) string {
	p.t.Helper()
	var review struct {
		Version    int64
		Categories []string
		SelfCheck  struct {
			Checks []struct{ Rule, Category string }
		} `json:"self_check"`
	}
	p.get(at, &review)
	var verdicts, outcomes []string
	for _, c := range review.SelfCheck.Checks {
		if c.Rule == "E-5" {
			continue // is found by the program
		}
		verdicts = append(verdicts, fmt.Sprintf(`{"condition": %q, "category": %q, "result": "met"}`, c.Rule, c.Category))
	}
	for _, c := range review.Categories {
		outcomes = append(outcomes, fmt.Sprintf(`{"category": %q, "decision": "approve"}`, c))
	}
	return fmt.Sprintf(`{"version": %d, "verdicts": [%s], "categories": [%s]}`, review.Version, strings.Join(verdicts, ","), strings.Join(outcomes, ","))
}

// letterVoucher is the voucher that a letter tells of.
func letterVoucher(letter map[string]any) string {
	file := letter["attachments"].([]any)[0].(map[string]any)["file"]
	amount, _ := json.Marshal(letter["amount"])
	return fmt.Sprintf(`{"amount": %s, "paid_on": %q, "way": "online", "file": %q, "sender_asked": true, "asks_opening": true}`, amount, letter["paid_on"], file)
}

// Two processes on one database, and every act of a queue at both at the same
// time: exactly one is done, the other is refused as a conflict, and the books
// verify. Rules D-7, D-8, D-12, O-3.
func TestEveryActTwiceAtOnce(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		p := pairOf(t, s)
		none := ""

		// An application: taken, decided on.
		app := p.first("/v1/operator/applications", "status", "submitted")
		at := "/v1/operator/applications/" + app["id"].(string)
		winner, _ := p.once(p.a, p.b, at+"/claim", plainJSON, none)
		p.once(winner, winner, at+"/decide", plainJSON, p.verdicts(at))

		// A statement: imported.
		file := yunshitest.StatementFile(700, yunshitest.Movement{Fen: 500000, Remark: "保证金", Payer: "来路不明示例有限公司", Account: "309900000000999"})
		p.once(p.a, p.b, "/v1/operator/bank-statements", "multipart/form-data; boundary=b", statementBody(file))

		// A voucher: taken. A line: confirmed, once, with one receipt and no gap.
		voucher := p.first("/v1/operator/vouchers?status=presented", "", "")
		p.once(p.a, p.b, "/v1/operator/vouchers/"+voucher["id"].(string)+"/claim", plainJSON, none)
		line := p.first("/v1/operator/bank-lines?state=certain", "", "")
		p.once(p.a, p.b, "/v1/operator/bank-lines/"+line["id"].(string)+"/confirm", plainJSON, fmt.Sprintf(`{"vendor": %q}`, line["vendor"]))

		// A contract on paper: confirmed. A letter: taken, and its voucher entered.
		scan := p.first("/v1/operator/contracts?status=scanned", "", "")
		p.once(p.a, p.b, "/v1/operator/contracts/"+scan["id"].(string)+"/confirm", plainJSON, `{"signed_on": "2026-03-03"}`)
		letter := p.first("/v1/operator/mail?status=waiting", "fit", "certain")
		mail := "/v1/operator/mail/" + letter["id"].(string)
		holder, _ := p.once(p.a, p.b, mail+"/claim", plainJSON, none)
		p.once(holder, holder, mail+"/present", plainJSON, letterVoucher(letter))

		// A payout: approved, put into a file, its debit matched. A statement of loss: accepted.
		asked := p.first("/v1/operator/payouts?status=ordered", "", "")
		p.once(p.a, p.b, "/v1/operator/payouts/"+asked["id"].(string)+"/approve", plainJSON, none)
		p.once(p.a, p.b, "/v1/operator/payment-files", plainJSON, fmt.Sprintf(`{"from": "main", "format": "csv-utf8", "day": "2026-03-06", "payouts": [%q]}`, asked["id"]))
		debit := p.first("/v1/operator/payout-matches", "", "")
		p.once(p.a, p.b, "/v1/operator/payouts/"+debit["payout"].(map[string]any)["id"].(string)+"/match", plainJSON, fmt.Sprintf(`{"line": %q}`, debit["line"]))
		loss := p.first("/v1/operator/losses", "", "")
		p.once(p.a, p.b, "/v1/operator/losses/"+loss["id"].(string)+"/accept", plainJSON, none)

		// A product: taken for review.
		for _, id := range s.ids["product"][""] {
			var x struct{ Status string }
			p.get("/v1/operator/products/"+id, &x)
			if x.Status == "submitted" {
				p.once(p.a, p.b, "/v1/operator/products/"+id+"/claim", plainJSON, none)
				break
			}
		}

		// A violation: decided on by the second person, an appeal by the third.
		recorded := p.first("/v1/operator/violations?status=recorded", "", "")
		p.once(p.a, p.b, "/v1/operator/violations/"+recorded["id"].(string)+"/decide", plainJSON, `{"outcome": "drop", "reason": "证据不足，不予处理"}`)
		appealed := p.first("/v1/operator/violations?status=appealed", "", "")
		p.once(p.a, p.b, "/v1/operator/violations/"+appealed["id"].(string)+"/judge", plainJSON, `{"outcome": "revoke", "reason": "申诉成立，撤销处理"}`)

		// The rules: approved by a second person.
		draft := p.must(s.signIn("admin@yunshi.example"), "/v1/operator/policy/proposals", `{"title": "调整保证金"}`)
		var prp struct {
			ID      string
			Version int64
		}
		s.decode(draft, &prp)
		admin := s.signIn("admin@yunshi.example")
		way := "/v1/operator/policy/proposals/" + prp.ID
		s.decode(p.must(admin, way+"/edit", fmt.Sprintf(`{"version": %d, "section": "categories", "values": {"categories.0.deposit_fen": ["6000.00"]}}`, prp.Version)), &prp)
		s.decode(p.must(admin, way, fmt.Sprintf(`{"version": %d, "title": "调整保证金", "reason": "成本变化"}`, prp.Version)), &prp)
		s.decode(p.must(admin, way+"/send", fmt.Sprintf(`{"version": %d}`, prp.Version)), &prp)
		p.once(p.a, p.b, way+"/approve", plainJSON, fmt.Sprintf(`{"version": %d}`, prp.Version))

		// A company: asks to leave by two of its windows.
		owner := s.signIn(s.owner(1))
		p.once(owner, owner, "/v1/exit", plainJSON, `{"reason": "业务调整，不再经营", "understood": true}`)
		s.verify()
	})
}
