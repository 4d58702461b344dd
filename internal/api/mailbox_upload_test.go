package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// zeros is as much as another reader gives, without what the buffer held before.
type zeros struct{ io.Reader }

func (z zeros) Read(p []byte) (int, error) {
	n, err := z.Reader.Read(p)
	clear(p[:n])
	return n, err
}

// A saved mail over the limit is refused as too large, by what it says of itself, by
// what comes, and by one byte; nothing of it is kept, and another role is refused
// before its bytes are taken. Rule D-6.
func TestMailUploadIsLimited(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		clerk, reviewer := w.API(w.Staff("qian", access.Finance)).Token, w.API(w.Staff("zhao", access.Reviewer)).Token
		const head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.eml\"\r\n\r\n"
		const mail = "From: <wang@vendor.example>\r\nSubject: x\r\n\r\nx\r\n"
		// send sends a mail with so many bytes behind it and tells what was taken of them.
		send := func(token string, behind int64, told bool) (status int, code string, taken int64) {
			rest := &endless{left: behind}
			body := io.MultiReader(strings.NewReader(head+mail), zeros{rest}, strings.NewReader("\r\n--x--\r\n"))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+"/v1/operator/mail", body)
			if err != nil {
				t.Fatal(err)
			}
			if told {
				req.ContentLength = int64(len(head)+len(mail)) + behind + int64(len("\r\n--x--\r\n"))
			}
			req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Expect", "100-continue") // so that an early answer is heard
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var problem struct {
				Code string `json:"code"`
			}
			if err := json.NewDecoder(resp.Body).Decode(&problem); err != nil {
				t.Fatal(err)
			}
			return resp.StatusCode, problem.Code, rest.taken
		}
		limit := mailbox.Limit()
		for what, c := range map[string]struct {
			behind int64
			told   bool
			most   int64 // that is taken in
		}{
			"told":        {2 * limit, true, 0},
			"by one byte": {limit - int64(len(mail)) + 1, true, limit},
		} {
			if status, code, taken := send(clerk, c.behind, c.told); status != http.StatusRequestEntityTooLarge || code != "too_large" || taken > c.most {
				t.Errorf("%s: %d %s, %d bytes were taken", what, status, code, taken)
			}
		}
		if status, _, taken := send(reviewer, limit, true); status != http.StatusForbidden || taken != 0 {
			t.Errorf("a reviewer: %d, %d bytes were taken", status, taken)
		}
		if n := rows(t, d, `SELECT COUNT(*) FROM mail_letter`); n != 0 {
			t.Errorf("%d letters are kept", n)
		}
		for _, want := range []int{http.StatusCreated, http.StatusOK} {
			if status, code, _ := send(clerk, 0, true); status != want {
				t.Errorf("within the limit: %d %s, want %d", status, code, want)
			}
		}
	})
}
