package account_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Five wrong tries are free, then each waits longer, at most a quarter of an hour;
// right ones count for nothing, and what is tried while one waits does not either.
func TestWrongTriesMakeTheNextWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		for range 12 {
			p.session("wang@example.com", password)
		}
		for range 5 {
			_, err := p.signIn("WANG@example.com", "wrong horse 42")
			refused(t, err, fault.Unauthenticated, "", "account.wrong_credentials")
		}
		for _, wait := range []time.Duration{30, 60, 120, 240, 480, 900, 900} {
			for range 3 {
				_, err := p.signIn("wang@example.com", password)
				refused(t, err, fault.TooMany, "", "account.slow_down")
			}
			p.later(wait*time.Second - time.Second)
			_, err := p.signIn("wang@example.com", password)
			refused(t, err, fault.TooMany, "", "account.slow_down")
			p.later(time.Second)
			_, err = p.signIn("wang@example.com", "wrong horse 42")
			refused(t, err, fault.Unauthenticated, "", "account.wrong_credentials")
		}
		p.later(15 * time.Minute)
		p.session("wang@example.com", password)
		p.session("wang@example.com", password)
	})
}

// Somebody who fails on purpose for another, from many addresses, does not keep that
// person out of the network from which they come every day.
func TestNobodyKeepsAnotherOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		p.session("wang@example.com", password)
		var last error
		for i := range 25 {
			_, last = p.signInFrom(fmt.Sprintf("198.51.%d.9", i), "wang@example.com", "wrong horse 42")
		}
		refused(t, last, fault.TooMany, "", "account.slow_down")
		_, err := p.signInFrom("203.0.113.9", "wang@example.com", password)
		refused(t, err, fault.TooMany, "", "account.slow_down")
		if _, err := p.signInFrom("192.0.2.200", "wang@example.com", password); err != nil {
			t.Errorf("her own network is kept out: %v", err)
		}
	})
}

// One address that tries many accounts is slowed down whatever it tries.
func TestOneAddressTryingManyAccountsWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rules(t, d, func(x *policy.People) { x.TriesOfAddress = policy.Throttle{Free: 3, FirstSeconds: 30, MostSeconds: 60} })
		p := strictDoor(t, d)
		p.registered("wang@example.com", "13800138000")
		for i := range 3 {
			_, err := p.signIn(fmt.Sprintf("nobody%d@example.com", i), "wrong horse 42")
			refused(t, err, fault.Unauthenticated, "", "account.wrong_credentials")
		}
		_, err := p.signIn("wang@example.com", password)
		refused(t, err, fault.TooMany, "", "account.slow_down")
		if _, err := p.signInFrom("203.0.113.9", "wang@example.com", password); err != nil {
			t.Errorf("another address waits too: %v", err)
		}
	})
}

// Two processes count together, and tries made at once are all counted.
func TestTriesAreCountedAcrossProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		second := d
		if dbtest.HasPostgres() && d.Dialect() == db.Postgres {
			second = dbtest.Again(t, d)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		wrong := 0
		for i := range 12 {
			wg.Go(func() {
				at := d
				if i%2 == 1 {
					at = second
				}
				_, err := account.SignIn(t.Context(), at, visitor, account.Credentials{Mail: "wang@example.com", Password: "wrong horse 42"})
				mu.Lock()
				defer mu.Unlock()
				if fault.Is(err, fault.Unauthenticated) {
					wrong++
				} else if !fault.Is(err, fault.TooMany) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wrong != 5 {
			t.Errorf("%d tries at once were looked at, want the five free ones", wrong)
		}
		_, err := account.SignIn(t.Context(), second, visitor, account.Credentials{Mail: "wang@example.com", Password: password})
		refused(t, err, fault.TooMany, "", "account.slow_down")
	})
}

// A sign-in from a device or network that is not known is told, the first of all is not.
func TestSignInFromElsewhereIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		p.session(a.Mail, password)
		p.session(a.Mail, password)
		if got := p.newest("notify.new_sign_in"); got.Account != "" {
			t.Errorf("the first device is told as new: %+v", got)
		}
		if _, err := p.signInFrom("203.0.113.9", a.Mail, password); err != nil {
			t.Fatal(err)
		}
		got := p.newest("notify.new_sign_in")
		if got.Account != a.ID || len(got.Args) != 3 || got.Args[1].Text != "Chrome · Windows" || got.Args[2].Text != "203.0.113.*" {
			t.Errorf("told %+v", got)
		}
		p.told = nil
		if _, err := p.signInFrom("203.0.200.1", a.Mail, password); err != nil {
			t.Fatal(err)
		}
		if got := p.newest("notify.new_sign_in"); got.Account != "" {
			t.Errorf("the same network is told again: %+v", got)
		}
		_, err := account.SignIn(t.Context(), d, visitor, account.Credentials{Mail: a.Mail, Password: password, Agent: "curl/8"})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.newest("notify.new_sign_in"); got.Args[1].Text != "curl" {
			t.Errorf("another device is told as %+v", got)
		}
	})
}

func TestDeviceInPlainWords(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		windows: "Chrome · Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":    "Safari · iPhone",
		"Mozilla/5.0 (Linux; Android 15; M) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50":            "微信 WeChat · Android",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0":                "Edge · macOS",
		"Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 Safari/537.36 ArkWeb/4.1 Mobile HuaweiBrowser/5.0": "华为浏览器 Huawei Browser · HarmonyOS",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                     "Firefox · Linux",
		"curl/8.9.1": "curl", "": "", "\x00": "",
	} {
		if got := account.Device(agent); got != want {
			t.Errorf("%s is %q, want %q", agent, got, want)
		}
	}
	for address, want := range map[string]string{
		"203.0.113.9": "203.0.113.*", "10.0.10.10": "10.0.10.*", "::ffff:203.0.113.9": "203.0.113.*", "2001:db8:1:2::9": "2001:db8:1:*", "": "", "x": "",
	} {
		if got := account.MaskAddress(address); got != want {
			t.Errorf("%s is shown as %q, want %q", address, got, want)
		}
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		one := p.session(a.Mail, password)
		p.later(time.Minute)
		two := p.session(a.Mail, password)
		p.later(time.Minute)
		three := p.session(a.Mail, password)
		stranger := p.who(p.sessionOf("li@example.com", "13900139000").Token)
		me := p.who(three.Token)
		read := func(ctx ctxt, tx *db.Tx, by actor, _ string) ([]account.Signed, error) {
			return account.Sessions(ctx, tx, by)
		}
		list := must(p, me, "", read)
		if len(list) != 3 || !list[0].This || list[1].This || list[0].Address != "192.0.2.*" || account.Device(list[0].Agent) != "Chrome · Windows" {
			t.Fatalf("listed %+v", list)
		}
		_, err := try(p, stranger, account.Ended{ID: list[1].ID}, only(account.EndSession))
		refused(t, err, fault.NotFound, "", "")
		must(p, me, account.Ended{ID: list[1].ID}, only(account.EndSession))
		if p.who(two.Token).ID != "" || p.who(one.Token).ID == "" {
			t.Error("ended the wrong session")
		}
		must(p, me, "", only(func(ctx ctxt, tx *db.Tx, by actor, _ string) error { return account.EndOthers(ctx, tx, by) }))
		if p.who(one.Token).ID != "" || p.who(three.Token).ID == "" || stranger.ID == "" {
			t.Error("ending the others ended the wrong ones")
		}
		k := must(p, me, account.NewKey{Name: "all", Scopes: access.Scopes()}, account.MakeKey)
		_, err = try(p, p.who(k.Secret), account.Ended{ID: list[0].ID}, only(account.EndSession))
		refused(t, err, fault.Forbidden, "", "")
	})
}
