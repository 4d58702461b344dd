package story_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// texts are what an attacker writes where a text, a number in a text, a day or an
// id is asked for.
func texts(foreign string) []string {
	return []string{
		"", " ", "\u0000", "a\u0000b", "-1", "0", "NaN", "1e999999999", "-99999999999999999999999.99",
		strings.Repeat("9", 4000), strings.Repeat("云", 60_000), "0001-01-01", "9999-12-31", "2026-02-30", "99999999999-01-01T00:00:00Z",
		"../../../etc/passwd", "' OR 1=1 --", "<script>alert(1)</script>", "%s%n%", "\u202eabc\ufeff😀\u0301", "\xff\xfe",
		"ven_00000000000000000000000000", foreign,
	}
}

// numbers are what an attacker writes where a number is asked for.
var numbers = []string{"0", "-1", "9223372036854775807", "-9223372036854775808", "1e308", "99999999999999999999", "0.5"}

// raws are bodies that are no paper at all.
var raws = []string{"", "null", "[]", `"x"`, "0", "{", "{}", "\xff\xfe\x00", `{"\xff": 1}`, `{"id": "other"}`, `{"": null}`,
	strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 20_000), `{"version": "1"}`}

// Every operation of the API and every form of console and office, with input
// meant to harm, by those who may do most: no answer is the program's own fault,
// every page still opens afterwards, and the books still verify.
func TestHostileInputEverywhere(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		staff, owner := s.staff("all", access.Reviewer, access.Contracts, access.Finance, access.ProductReviewer, access.Administrator), s.signIn(s.owner(0))
		foreign := s.idOf("product", s.vendor(1))
		var all []shot
		for _, o := range s.operations() {
			who := []*person{owner}
			if strings.HasPrefix(o.path, "/v1/operator") || strings.HasPrefix(o.path, "/v1/office") {
				who = []*person{staff}
			} else if o.hasID() {
				who = append(who, staff)
			}
			for _, by := range who {
				vendor := ""
				if by == owner {
					vendor = s.vendor(0)
				}
				for _, q := range o.queries(foreign) {
					all = append(all, shot{by, o.method, s.fill(o.path, vendor) + q, "", ""})
				}
				for _, body := range s.bodies(o, foreign) {
					all = append(all, shot{by, o.method, s.fill(o.path, vendor), "application/json", body})
				}
			}
		}
		names := s.inputs(staff, owner)
		for _, path := range s.forms() {
			by, vendor := owner, s.vendor(0)
			if strings.HasPrefix(path, "/office") {
				by, vendor = staff, ""
			}
			at := s.fill(path, vendor)
			for _, body := range forms(names, foreign) {
				all = append(all, shot{by, http.MethodPost, at, "application/x-www-form-urlencoded", body})
			}
			for _, body := range parts(names) {
				all = append(all, shot{by, http.MethodPost, at, "multipart/form-data; boundary=b", body})
			}
		}
		answers := map[int]int{}
		s.fire(all, func(a shot, status int, h http.Header, body string) {
			answers[status]++
			if status >= 500 {
				t.Errorf("%s %s with %.120q answers %d: %s", a.method, a.path, a.body, status, s.log.of(h.Get("X-Request-Id")))
			}
		})
		t.Logf("%d requests, by status: %v", len(all), answers)
		if stopped := answers[401] + answers[403] + answers[429]; stopped > len(all)/4 || answers[422] < len(all)/10 {
			t.Errorf("%d of %d requests were stopped before anything was read of them", stopped, len(all))
		}
		s.crawl(staff, "/office", 120)
		s.crawl(owner, "/console", 80)
		s.verify()
	})
}

// Whoever has no authority changes nothing: not a visitor, not a person of another
// company with this company's ids, not the auditor, whatever is sent.
func TestNothingChangesWithoutAuthority(t *testing.T) {
	eachDemo(t, func(t *testing.T, s *siege) {
		victim := s.vendor(0)
		visitor, stranger, auditor := &person{name: "visitor"}, s.signIn(s.owner(1)), s.staff("watcher", access.Auditor)
		for _, by := range []*person{visitor, stranger, auditor} {
			vendor := victim
			before := s.rows(by, victim)
			var all []shot
			for _, o := range s.operations() {
				if o.method == http.MethodGet || o.own() || by == auditor && !strings.HasPrefix(o.path, "/v1/operator") || by == stranger && !o.hasID() {
					continue
				}
				for _, id := range s.candidates(o.path, vendor) {
					for _, body := range []string{"", "{}", s.plausible(o, s.idOf("product", victim))} {
						all = append(all, shot{by, o.method, strings.ReplaceAll(o.path, "{id}", id), "application/json", body})
					}
				}
			}
			for _, path := range s.forms() {
				if strings.HasPrefix(path, "/office") || by == stranger && strings.HasPrefix(path, "/console") && strings.Contains(path, "{") {
					for _, id := range s.candidates(path, vendor) {
						all = append(all, shot{by, http.MethodPost, place.ReplaceAllString(path, id), "application/x-www-form-urlencoded", "reason=x&note=x&version=1"})
					}
				}
			}
			s.fire(all, func(a shot, status int, h http.Header, body string) {
				if status >= 500 || by != auditor && strings.HasPrefix(a.path, "/v1/operator") && status < 400 {
					t.Errorf("%s: %s %s answers %d: %.200s", by.name, a.method, a.path, status, body)
				}
			})
			for _, wrong := range difference(before, s.rows(by, victim)) {
				t.Errorf("%s changed %s", by.name, wrong)
			}
		}
		s.verify()
	})
}

// An address that is there, asked by a method that it does not take, says which it does.
func TestWrongMethodSaysWhichIsRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		for _, c := range []struct {
			method, path string
			status       int
			allow        string
		}{
			{"DELETE", "/v1/application", 405, "GET, POST"},
			{"GET", "/v1/application/submit", 405, "POST"},
			{"PUT", "/console", 405, "GET"},
			{"POST", "/office/nowhere/at/all", 404, ""},
			{"POST", "/v1/nowhere", 404, ""},
		} {
			got := w.Client("").Do(c.method, c.path, nil)
			if got.Status != c.status || got.Header.Get("Allow") != c.allow {
				t.Errorf("%s %s answers %d, Allow %q: %s", c.method, c.path, got.Status, got.Header.Get("Allow"), got.Body)
			}
		}
	})
}

// A draft is not emptied by a null in the place of the application.
func TestNullDoesNotEmptyADraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		c := w.API(w.Member("wang", "13812345678"))
		c.Post("/v1/application/begin", nil).Want(201)
		c.Post("/v1/application", `{"application": {"company": {"name": "云岭示例科技有限公司"}}}`).Want(200)
		for _, body := range []string{`{"application": null}`, `{}`, `{"version": 1}`} {
			c.Post("/v1/application", body).Want(422)
		}
		if got := c.Get("/v1/application").Want(200).Text("application.company.name"); got != "云岭示例科技有限公司" {
			t.Errorf("the draft now says %q", got)
		}
	})
}
