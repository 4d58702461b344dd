package story_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// The machine's clock is set back while the marketplace runs, by an hour and by a
// day: who was signed in still is, everybody goes on working, jobs run, numbers and
// the chain of events go on without gap or double, and so it is when the clock is
// right again.
func TestClockSetBack(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		p := pairOf(t, s)
		owner := s.signIn(s.owner(0))
		for i, by := range []time.Duration{-time.Hour, -24 * time.Hour, 25 * time.Hour} {
			s.shift.Add(int64(by))
			for _, who := range []*person{p.a, owner} {
				if status, body := p.at(p.left, shot{who, http.MethodGet, "/v1/accounts/me", "", ""}); status != http.StatusOK {
					t.Errorf("after %v %s is answered %d: %s", by, who.name, status, body)
				}
			}
			fresh := s.signIn(s.owner(1))
			if status, body := p.at(p.left, shot{fresh, http.MethodGet, "/v1/products", "", ""}); status != http.StatusOK {
				t.Errorf("after %v one who signs in is answered %d: %s", by, status, body)
			}
			file := yunshitest.StatementFile(800+i, yunshitest.Movement{Fen: 500000, Remark: "保证金", Payer: "来路不明示例有限公司", Account: "309900000000999"})
			status, body := p.at(p.left, shot{p.a, http.MethodPost, "/v1/operator/bank-statements", "multipart/form-data; boundary=b", statementBody(file)})
			if status != http.StatusCreated {
				t.Errorf("after %v the import answers %d: %s", by, status, body)
			}
			if i < 2 {
				app := p.first("/v1/operator/applications", "status", "submitted")
				p.must(p.a, "/v1/operator/applications/"+app["id"].(string)+"/claim", "")
			}
			if i == 1 {
				line := p.first("/v1/operator/bank-lines?state=certain", "", "")
				p.must(p.b, "/v1/operator/bank-lines/"+line["id"].(string)+"/confirm", fmt.Sprintf(`{"vendor": %q}`, line["vendor"]))
			}
			p.must(p.a, "/v1/operator/policy/proposals", `{"title": "校时之后"}`)
			if err := s.Runner.Drain(t.Context()); err != nil {
				t.Errorf("after %v: %v", by, err)
			}
			s.verify()
		}
	})
}

func statementBody(file string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"payee\"\r\n\r\nmain\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n" + file + "\r\n--b--\r\n"
}
