package demo_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/verify"
)

// today is when the demos of the tests are started: Thursday 15:30 in Shanghai.
var today = time.Date(2026, 3, 5, 7, 30, 0, 0, time.UTC)

func build(t *testing.T, address string) *market.Market {
	t.Helper()
	began := time.Now()
	clock := demo.NewClock(func() time.Time { return today.Add(time.Since(began)) })
	d, err := db.Open(t.Context(), address, db.Options{Clock: clock, Vault: dbtest.Vault()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := file.New(store, dbtest.Vault())
	if err := files.Belongs(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	key, err := sign.NewKey("Yunshi Test", today.AddDate(-1, 0, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return market.Build(d, dbtest.Vault(), files, key, market.Config{BaseURL: "http://demo.example", Demo: true, Log: slog.New(slog.DiscardHandler), Version: "test"})
}

func TestFill(t *testing.T) {
	addresses := map[string]string{"sqlite": filepath.Join(t.TempDir(), "yunshi.db")}
	if dbtest.HasPostgres() {
		addresses["postgres"] = dbtest.PostgresAddress(t)
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			m := build(t, address)
			began := time.Now()
			logins, err := demo.Fill(t.Context(), m, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("filled in %v", time.Since(began))
			everybodySignsIn(t, m, logins)
			everyStageIsThere(t, m)
			nothingIsLeftOver(t, m)
			theStatementGoesOn(t, m)
			ok, err := verify.Run(t.Context(), m.DB, m.Files, []string{m.Key.Fingerprint()}, func(c verify.Check) {
				if len(c.Wrong) > 0 || c.Checked == 0 && !notTold[c.Name] {
					t.Errorf("%s: %d checked, wrong: %q", c.Name, c.Checked, c.Wrong)
				}
			})
			if err != nil || !ok {
				t.Errorf("the demo does not verify: %v", err)
			}
		})
	}
}

// notTold is what the demo tells nothing of: the first day of its log is signed when
// that day is over.
var notTold = map[string]bool{"signed daily heads stand in the chain": true}

func read(t *testing.T, m *market.Market, do func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := m.DB.Read(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// everybodySignsIn: each login works, and who has come how far is told apart.
func everybodySignsIn(t *testing.T, m *market.Market, l demo.Logins) {
	t.Helper()
	if len(l.Staff) < 7 || len(l.Vendors) < 14 {
		t.Errorf("%d of staff and %d vendors", len(l.Staff), len(l.Vendors))
	}
	finance := 0
	for _, x := range l.Staff {
		if x.Role == access.Finance {
			finance++
		}
	}
	if finance != 2 {
		t.Errorf("%d of finance, want two (D-7)", finance)
	}
	for _, x := range []demo.Login{l.Staff[0], l.Vendors[0], l.Vendors[len(l.Vendors)-1]} {
		s, err := account.SignIn(t.Context(), m.DB, access.Actor{Kind: access.Visitor, Address: "192.0.2.7"}, account.Credentials{Mail: x.Mail, Password: l.Password})
		if err != nil || s.Account.Name != x.Name {
			t.Errorf("%s signs in as %q: %v", x.Mail, s.Account.Name, err)
		}
	}
}

var auditor = access.Actor{Kind: access.Staff, ID: "acc_auditor", Roles: []access.Role{access.Auditor}}

func everyStageIsThere(t *testing.T, m *market.Market) {
	t.Helper()
	read(t, m, func(ctx context.Context, tx *db.Tx) error {
		for _, s := range []qualification.Status{qualification.Waiting, qualification.InReview, qualification.SentBack, qualification.DecidedUpon} {
			if list, err := qualification.List(ctx, tx, auditor, qualification.Filter{Status: s}); err != nil || len(list) == 0 {
				t.Errorf("no application is %s: %v", s, err)
			}
		}
		if w, err := qualification.Queue(ctx, tx, auditor); err != nil || w.Late != 1 || w.Free < 2 {
			t.Errorf("of the applications that wait %+v; one should be late: %v", w, err)
		}
		for _, s := range []contract.Status{contract.AtVendor, contract.AtOffice, contract.InForce} {
			if list, err := contract.All(ctx, tx, auditor, contract.Choice{Status: s}); err != nil || len(list) == 0 {
				t.Errorf("no contract is %s: %v", s, err)
			}
		}
		if list, err := contract.List(ctx, tx, auditor, contract.Filter{Task: contract.ToOffer}); err != nil || len(list) != 1 {
			t.Errorf("%d vendors wait for a contract: %v", len(list), err)
		}
		for _, s := range []deposit.VoucherStatus{deposit.VoucherPresented, deposit.VoucherConfirmed, deposit.VoucherRefused} {
			if list, err := deposit.Queue(ctx, tx, auditor, deposit.Filter{Status: s}); err != nil || len(list) == 0 {
				t.Errorf("no voucher is %s: %v", s, err)
			}
		}
		lines, err := payment.Counts(ctx, tx, auditor)
		if err != nil {
			return err
		}
		for _, n := range lines {
			if n.Lines == 0 && n.State != payment.Shared {
				t.Errorf("no line of a statement is %s", n.State)
			}
		}
		kinds := make(map[string]int)
		accounts, err := deposit.Accounts(ctx, tx, auditor, deposit.Filter{})
		for _, a := range accounts {
			switch {
			case a.Overpaid.Fen > 0:
				kinds["overpaid"]++
			case a.Held.Fen > 0 && a.Due.Fen > 0:
				kinds["in part"]++
			case a.Held.Fen > 0:
				kinds["paid"]++
			case a.Due.Fen == 0:
				kinds["resale"]++
			default:
				kinds["owed"]++
			}
		}
		for _, kind := range []string{"overpaid", "in part", "paid", "resale", "owed"} {
			if kinds[kind] == 0 {
				t.Errorf("no deposit is %s: %v", kind, kinds)
			}
		}
		if err != nil {
			return err
		}
		letters, err := mailbox.Counts(ctx, tx, auditor)
		if letters[mailbox.Waiting] != 3 || letters[mailbox.Done] != 1 || err != nil {
			t.Errorf("letters are %v: %v", letters, err)
		}
		for _, want := range []struct {
			search string
			passed bool
			fit    mailbox.Fit
		}{{"广州岭榕网络科技有限公司", true, mailbox.Certain}, {"南宁茗溪软件有限公司", true, mailbox.NoFit}, {"深圳穗禾互联科技有限公司", false, mailbox.Certain}} {
			list, err := mailbox.List(ctx, tx, auditor, mailbox.Filter{Status: mailbox.Waiting, Search: want.search, Limit: 2})
			if err != nil || len(list) != 1 || list[0].Passed != want.passed || list[0].Fit != want.fit {
				t.Errorf("the letter of %s: %+v, %v", want.search, list, err)
			}
		}
		left := make(map[exit.Kind]exit.Status)
		exits, err := exit.List(ctx, tx, auditor, exit.Filter{Limit: 20})
		for _, e := range exits {
			left[e.Kind+exit.Kind(":"+e.VendorName)] = e.Status
		}
		want := map[exit.Kind]exit.Status{"wish:无锡若溪软件有限公司": exit.Done, "wish:济南荷塘信息技术有限公司": exit.Leaving, "eviction:昆明墨屿科技有限公司": exit.Done}
		if diff := cmp.Diff(want, left); diff != "" || err != nil {
			t.Errorf("exits (-want +got):\n%s%v", diff, err)
		}
		for _, s := range []payout.Status{payout.Ordered, payout.Filed, payout.Paid} {
			if list, err := payout.List(ctx, tx, auditor, payout.Filter{Status: s, Limit: 20}); err != nil || len(list) == 0 {
				t.Errorf("no payout is %s: %v", s, err)
			}
		}
		for s, least := range map[product.Status]int{product.Draft: 1, product.Waiting: 4, product.InReview: 3, product.Rejected: 2, product.OnShelf: 21, product.OffShelf: 3, product.TakenOff: 1} {
			if list, err := product.List(ctx, tx, auditor, product.Filter{Status: s, Limit: 200}); err != nil || len(list) < least {
				t.Errorf("%d products are %s, want %d: %v", len(list), s, least, err)
			}
		}
		return nil
	})
}

// nothingIsLeftOver: every job is done, every message sent, and nothing happened
// after the demo was started.
func nothingIsLeftOver(t *testing.T, m *market.Market) {
	t.Helper()
	read(t, m, func(ctx context.Context, tx *db.Tx) error {
		for what, query := range map[string]string{
			"jobs that are not done":      `SELECT COUNT(*) FROM job WHERE state <> 'done' AND run_at <= $1`,
			"messages that were not sent": `SELECT COUNT(*) FROM message WHERE state <> 'sent'`,
			"events in the future":        `SELECT COUNT(*) FROM event WHERE at > $1`,
		} {
			var args []any
			if what != "messages that were not sent" {
				args = append(args, tx.Now())
			}
			n, err := db.One(ctx, tx, db.Value[int], query, args...)
			if err != nil {
				return err
			}
			if n > 0 {
				t.Errorf("%d %s", n, what)
			}
		}
		return nil
	})
}

// theStatementGoesOn: the sample statement pays for the vendor that waits, which
// one of finance imports and the other confirms; its products go to the review.
// Rules D-7, S-3.
func theStatementGoesOn(t *testing.T, m *market.Market) {
	t.Helper()
	b, err := demo.Statement(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	one := access.Actor{Kind: access.Staff, ID: "acc_one", Roles: []access.Role{access.Finance}}
	two := access.Actor{Kind: access.Staff, ID: "acc_two", Roles: []access.Role{access.Finance}}
	st, err := payment.Import(t.Context(), m.DB, one, payment.File{Payee: "main", Name: demo.StatementName,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Runner.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	var certain []payment.Line
	read(t, m, func(ctx context.Context, tx *db.Tx) (err error) {
		certain, err = payment.Lines(ctx, tx, auditor, payment.Filter{Statement: st.ID, State: payment.Certain})
		return err
	})
	if len(certain) != 1 {
		t.Fatalf("%d lines of the sample statement are certain, want the one of the vendor that waits", len(certain))
	}
	if err := m.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := deposit.Confirm(t.Context(), tx, two, deposit.Confirmation{LineID: certain[0].ID, VendorID: certain[0].Subject})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := m.Runner.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	read(t, m, func(ctx context.Context, tx *db.Tx) error {
		list, err := product.List(ctx, tx, auditor, product.Filter{VendorID: certain[0].Subject, Status: product.InReview})
		if len(list) != 2 {
			t.Errorf("%d products of the vendor went to the review, want two", len(list))
		}
		return err
	})
}

func config(dir string) market.Config {
	return market.Config{Data: dir, BaseURL: "http://demo.example", Log: slog.New(slog.DiscardHandler), Version: "test"}
}

func wall() time.Time { return today }

// A filling that was interrupted is thrown away and made anew; a filled folder is
// taken as it stands.
func TestOpenTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	ctx, stop := context.WithCancel(t.Context())
	if _, _, err := demo.Open(ctx, config(dir), wall, func(done, _ int) {
		if done == 12 {
			stop()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	steps := 0
	m, logins, err := demo.Open(t.Context(), config(dir), wall, func(done, _ int) { steps = done })
	if err != nil || steps < 100 || logins.Password == "" {
		t.Fatalf("after the interruption: %d steps, %v", steps, err)
	}
	everyStageIsThere(t, m)
	thePagesHelpAlong(t, m, logins)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m, _, err = demo.Open(t.Context(), config(dir), wall, func(int, int) { t.Error("a filled folder is filled again") })
	if err != nil {
		t.Fatal(err)
	}
	everyStageIsThere(t, m)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// thePagesHelpAlong: the door names everybody, and the mail room has the statement.
func thePagesHelpAlong(t *testing.T, m *market.Market, l demo.Logins) {
	t.Helper()
	get := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.Header.Set("Accept-Language", accept)
		w := httptest.NewRecorder()
		m.Server.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		return w
	}
	for _, lang := range []string{"zh-CN", "en"} {
		door := get("/signin", lang).Body.String()
		for _, x := range append(slices.Clone(l.Staff), l.Vendors...) {
			if !strings.Contains(door, x.Mail) {
				t.Errorf("%s: the door does not name %s", lang, x.Mail)
			}
		}
		if !strings.Contains(door, l.Password) || !strings.Contains(get("/mailroom", lang).Body.String(), "/mailroom/statement.csv") {
			t.Errorf("%s: the password or the statement is not told", lang)
		}
	}
	if got := get("/mailroom/statement.csv", "en").Header().Get("Content-Type"); got != "text/csv; charset=GB18030" {
		t.Errorf("the statement is %s", got)
	}
}

// A folder with a marketplace that is no demo is left as it is.
func TestOpenLeavesOthersAlone(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"a marketplace":           {"yunshi.db": "data"},
		"an unreadable marker":    {"demo.json": "{", "yunshi.db": "data"},
		"filled by somebody else": {"demo.json": `{"state":"filling","pid":1}`, "yunshi.db": "data"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for f, s := range files {
				if err := os.WriteFile(filepath.Join(dir, f), []byte(s), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, _, err := demo.Open(t.Context(), config(dir), wall, nil)
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%v, want a conflict", err)
			}
			if b, err := os.ReadFile(filepath.Join(dir, "yunshi.db")); err != nil || string(b) != "data" {
				t.Errorf("the database is %q now: %v", b, err)
			}
		})
	}
}
