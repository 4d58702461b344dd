package story_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
)

var retryForm = regexp.MustCompile(`action="(/office/jobs/job_[0-9a-z]+/retry)"`)

// A receipt cannot be written, try after try, since the disk of the files is full:
// the job is given up and stands on the office's page with its kind, its last error
// and its tries; an administrator alone retries it, which is recorded, and then the
// receipt is there.
func TestJobThatFailsForEver(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		p := pairOf(t, s)
		admin, reviewer, auditor := s.signIn("admin@yunshi.example"), s.signIn("reviewer@yunshi.example"), s.signIn("auditor@yunshi.example")
		page := func(by *person) string {
			status, body := p.at(p.left, shot{by, http.MethodGet, "/office/jobs", "", ""})
			if status != http.StatusOK {
				t.Fatalf("/office/jobs answers %d", status)
			}
			return body
		}
		s.store.full.Store(true)
		line := p.first("/v1/operator/bank-lines?state=certain", "", "")
		p.must(p.b, "/v1/operator/bank-lines/"+line["id"].(string)+"/confirm", fmt.Sprintf(`{"vendor": %q}`, line["vendor"]))
		for range 60 {
			if err := s.Runner.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.shift.Add(int64(4 * time.Hour))
		}
		for _, who := range []*person{admin, auditor} {
			s.renew(who)
		}
		s.renew(reviewer)
		shown := page(auditor)
		if !strings.Contains(shown, "no space left on device") || !strings.Contains(shown, "12") {
			t.Errorf("the job is not explained: %.3000s", shown)
		}
		forms := retryForm.FindAllStringSubmatch(page(admin), -1)
		if len(forms) == 0 {
			t.Fatal("an administrator can retry nothing")
		}
		s.store.full.Store(false)
		for _, f := range forms {
			for _, who := range []*person{reviewer, auditor} {
				s.ask(shot{who, http.MethodPost, f[1], "application/x-www-form-urlencoded", ""})
			}
		}
		if !strings.Contains(page(admin), forms[0][1]) {
			t.Error("somebody without authority retried a job")
		}
		for _, f := range forms {
			s.ask(shot{admin, http.MethodPost, f[1], "application/x-www-form-urlencoded", ""})
		}
		if err := s.Runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := retryForm.FindString(page(admin)); left != "" {
			t.Errorf("%s is still to be retried", left)
		}
		s.read(func(ctx context.Context, tx *db.Tx) error {
			list, err := event.List(ctx, tx, access.CommandActor("test"), event.Filter{Kind: "job.retried", Limit: 50})
			if len(list) != len(forms) {
				t.Errorf("%d events tell of %d retries", len(list), len(forms))
			}
			return err
		})
		s.verify()
	})
}
