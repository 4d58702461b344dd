package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type plan struct {
	Name  string       `json:"name"`
	Price money.Amount `json:"price"`
}

type paper struct {
	ID      string `json:"-" path:"id"`
	Hidden  string `json:"-"`
	Company struct {
		USCC string `json:"uscc"`
	} `json:"company"`
	Founded calendar.Day `json:"founded"`
	Deposit money.Amount `json:"deposit"`
	Roles   []string     `json:"roles"`
	Plans   []plan       `json:"plans"`
	Agreed  bool         `json:"agreed"`
	Count   int          `json:"count"`
}

func TestFormIsReadIntoThePaper(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	var got paper
	var failed error
	s.Page("POST /papers/{id}", func(w http.ResponseWriter, r *http.Request) error {
		got = paper{}
		failed = web.Form(w, r, &got)
		return failed
	})
	form := url.Values{"company.uscc": {"91110108MA01\x00\xffQ7"}, "founded": {"2020-02-29"}, "deposit": {"50,000.50"}, "roles": {"a", "b"},
		"plans.0.name": {"基础版"}, "plans.0.price": {"99"}, "plans.1.name": {"专业版"}, "plans.1.price": {""}, "agreed": {"true"},
		"count": {"3"}, "_act": {"draft"}, "unknown": {"x"}, "Hidden": {"x"}, "ID": {"other"}, "id": {"other"}}
	post(s, "/papers/pap_1", form.Encode())
	if failed != nil {
		t.Fatal(failed)
	}
	want := paper{ID: "pap_1", Founded: mustDay(t, "2020-02-29"), Deposit: money.CNY(5000050), Roles: []string{"a", "b"},
		Plans: []plan{{"基础版", money.CNY(9900)}, {"专业版", money.Amount{}}}, Agreed: true, Count: 3}
	want.Company.USCC = "91110108MA01Q7"
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b money.Amount) bool { return a == b }), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

func mustDay(t *testing.T, s string) calendar.Day {
	t.Helper()
	var d calendar.Day
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

// What cannot be read is told at its input, and what was typed stays there.
func TestWrongValuesStandBesideTheirInputs(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	var typed ui.Form
	s.Page("POST /papers", func(w http.ResponseWriter, r *http.Request) error {
		var in paper
		err := web.Form(w, r, &in)
		typed = web.Typed(r, err)
		status, ok := web.Mended(err)
		if !ok || status != 422 {
			t.Errorf("the form's error is %v with %d", err, status)
		}
		return nil
	})
	form := url.Values{"deposit": {"fünf"}, "founded": {"2021-02-29"}, "plans.0.price": {"1.234"}, "count": {"many"}, "company.uscc": {"kept"}}
	post(s, "/papers", form.Encode())
	for name, want := range form {
		if got := typed.Values.Get(name); got != want[0] {
			t.Errorf("%s came back as %q, want %q", name, got, want[0])
		}
	}
	for _, name := range []string{"deposit", "founded", "plans.0.price", "count"} {
		if typed.Errors.At(name) == "" {
			t.Errorf("nothing stands at %s: %+v", name, typed.Errors)
		}
	}
	if typed.Errors.At("company.uscc") != "" {
		t.Error("a good value is told to be wrong")
	}
}

func TestHugeFormIsRefused(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	s.Page("POST /papers", func(w http.ResponseWriter, r *http.Request) error {
		var in paper
		return web.Form(w, r, &in)
	})
	if w := post(s, "/papers", "company.uscc="+strings.Repeat("x", 2<<20)); w.Code != 413 || !strings.Contains(w.Body.String(), "1 MB") {
		t.Errorf("a form of 2 MB: %d", w.Code)
	}
	if w := post(s, "/papers", "company.uscc=%zz"); w.Code != 422 {
		t.Errorf("a broken form: %d", w.Code)
	}
}

func FuzzForm(f *testing.F) {
	for _, s := range []string{"company.uscc=1", "plans.0.name=a&plans.0.price=1,00", "plans.99999.name=x", "plans.-1.name=x", "founded=0000-00-00", "roles=&roles=", "company=x", "plans=x", ".=x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var in paper
		err := web.Form(httptest.NewRecorder(), r, &in)
		if _, ok := web.Mended(err); err != nil && !ok {
			t.Errorf("%q is no error for the form's page: %v", body, err)
		}
		if _, err := json.Marshal(in); err != nil && !strings.Contains(err.Error(), "Day") {
			t.Errorf("%q was read into what cannot be written: %v", body, err)
		}
	})
}
