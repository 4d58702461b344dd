package story_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// giveUp is a request's context whose caller is gone at the nth look at it; the
// database looks once before each statement.
type giveUp struct {
	context.Context
	left *atomic.Int64
}

// Err is context.Canceled from the nth call on.
func (g giveUp) Err() error {
	if g.left.Add(-1) < 0 {
		return context.Canceled
	}
	return g.Context.Err()
}

// cut sends a request whose caller is gone before its first statement, then before
// its second, and so on until it gets through. What was cut off has left nothing;
// the answer is that of the whole one.
func (p *pair) cut(by *person, path, kind, body string) string {
	p.t.Helper()
	// An import is many transactions: what is begun stays and is gone on with.
	inSteps := strings.HasSuffix(path, "/bank-statements")
	for n := int64(0); n < 400; n++ {
		before := p.rows(&person{}, "")
		left := new(atomic.Int64)
		left.Store(n)
		r := httptest.NewRequest(http.MethodPost, "http://market.example"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+by.token)
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r.WithContext(giveUp{r.Context(), left}))
		if w.Code < 300 {
			p.t.Logf("%s is through after %d looks", path, n)
			return w.Body.String()
		}
		if w.Code != 499 && w.Code != http.StatusServiceUnavailable {
			p.t.Fatalf("%s, cut at look %d, answers %d: %s %s", path, n, w.Code, w.Body, p.log.of(w.Header().Get("X-Request-Id")))
		}
		if inSteps {
			continue
		}
		for _, wrong := range difference(before, p.rows(&person{}, "")) {
			p.t.Fatalf("%s, cut at look %d, left %s", path, n, wrong)
		}
	}
	p.t.Fatalf("%s never gets through", path)
	return ""
}

// The main acts of the story, each cut off before each of its statements: nothing
// is half done, and the act succeeds when it is tried again. Rules O-1 to O-8, D-7.
func TestRequestCutAtEachStatement(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		p := pairOf(t, s)
		var id struct {
			ID      string
			Version int64
		}
		p.cut(&person{}, "/v1/accounts", plainJSON, `{"name": "何晓", "mail": "hexiao@vendor.example", "phone": "13911112222", "password": "correct horse 42", "lang": "zh-CN"}`)
		app := p.first("/v1/operator/applications", "status", "submitted")
		at := "/v1/operator/applications/" + app["id"].(string)
		p.cut(p.a, at+"/claim", plainJSON, "")
		body := p.verdicts(at)
		p.cut(p.a, at+"/decide", plainJSON, body)
		p.cut(p.a, "/v1/operator/bank-statements", "multipart/form-data; boundary=b", statementBody(yunshitest.StatementFile(900,
			yunshitest.Movement{Fen: 500000, Remark: "保证金", Payer: "来路不明示例有限公司", Account: "309900000000999"})))
		line := p.first("/v1/operator/bank-lines?state=certain", "", "")
		p.cut(p.b, "/v1/operator/bank-lines/"+line["id"].(string)+"/confirm", plainJSON, fmt.Sprintf(`{"vendor": %q}`, line["vendor"]))
		scan := p.first("/v1/operator/contracts?status=scanned", "", "")
		p.cut(p.a, "/v1/operator/contracts/"+scan["id"].(string)+"/confirm", plainJSON, `{"signed_on": "2026-03-03"}`)
		letter := p.first("/v1/operator/mail?status=waiting", "fit", "certain")
		p.cut(p.a, "/v1/operator/mail/"+letter["id"].(string)+"/present", plainJSON, letterVoucher(letter))
		asked := p.first("/v1/operator/payouts?status=ordered", "", "")
		p.cut(p.a, "/v1/operator/payouts/"+asked["id"].(string)+"/approve", plainJSON, "")
		p.cut(p.b, "/v1/operator/payment-files", plainJSON, fmt.Sprintf(`{"from": "main", "format": "pain.001.001.09", "day": "2026-03-06", "payouts": [%q]}`, asked["id"]))
		debit := p.first("/v1/operator/payout-matches", "", "")
		p.cut(p.b, "/v1/operator/payouts/"+debit["payout"].(map[string]any)["id"].(string)+"/match", plainJSON, fmt.Sprintf(`{"line": %q}`, debit["line"]))
		p.signs("liyan@shili.example", "19900000112")
		appealed := p.first("/v1/operator/violations?status=appealed", "", "")
		p.cut(p.b, "/v1/operator/violations/"+appealed["id"].(string)+"/judge", plainJSON, `{"outcome": "revoke", "reason": "申诉成立，撤销处理"}`)
		s.decode(p.cut(p.a, "/v1/operator/policy/proposals", plainJSON, `{"title": "调整"}`), &id)
		p.cut(s.signIn(s.owner(1)), "/v1/exit", plainJSON, `{"reason": "业务调整，不再经营", "understood": true}`)
		if err := s.Runner.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		s.verify()
	})
}

// signs has a company sign the contract that lies before it, cut off at each
// statement. The code that it was sent is read where a demo keeps its messages.
func (p *pair) signs(owner, phone string) {
	p.t.Helper()
	by := p.signIn(owner)
	p.must(by, "/v1/contract/send-code", "")
	if err := p.Runner.Drain(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	var code string
	p.read(func(ctx context.Context, tx *db.Tx) error {
		newest, err := notify.Everything(ctx, tx, 30)
		for _, m := range newest {
			if found := signingCode.FindStringSubmatch(m.Body); found != nil && code == "" && strings.HasSuffix(m.ShownAs, phone) {
				code = found[1]
			}
		}
		return err
	})
	status, body := p.at(p.left, shot{by, http.MethodGet, "/v1/contract", "", ""})
	var desk struct {
		Offer struct {
			Hash string `json:"file_hash"`
		}
	}
	if p.decode(body, &desk); status != http.StatusOK || desk.Offer.Hash == "" {
		p.t.Fatalf("no contract lies before %s: %d %s", owner, status, body)
	}
	p.cut(by, "/v1/contract/sign", plainJSON, fmt.Sprintf(`{"code": %q, "hash": %q, "consent": true}`, code, desk.Offer.Hash))
}

var signingCode = regexp.MustCompile(`验证码\D{0,3}(\d{6})\b`)
