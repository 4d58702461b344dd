//go:build browser

package signin_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// A passkey is made at the door and signs in without a password: in Chromium with an
// authenticator of its own. Run it with: go test -tags browser ./internal/web/signin
func TestPasskeyInBrowser(t *testing.T) {
	w := world.Open(t, dbtest.SQLite(t), func(c *market.Config) {
		c.BaseURL = strings.Replace(c.BaseURL, "127.0.0.1", "localhost", 1) // a passkey belongs to a name
	})
	yunshitest.Rules(t, w.DB, func(*policy.Policy) {})
	w.Staff("root", access.Administrator)
	base := strings.Replace(w.URL, "127.0.0.1", "localhost", 1)

	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(stop)
	do := func(what string, steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			body, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + " " + document.body.innerText`))
			t.Fatalf("%s: %v: %s", what, err, body)
		}
	}
	do("an authenticator", func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return chromedp.Void{}, err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		return chromedp.Void{}, err
	})
	fill := func(name, value string) chromedp.Action[chromedp.Void] {
		return chromedp.SendKeys(chromedp.CSS(`input[name="`+name+`"]`), value)
	}
	do("the password", chromedp.Navigate(base+"/signin?next="+url.QueryEscape("/office/staff")), chromedp.WaitReady(chromedp.CSS("main")),
		fill("mail", "root@staff.example"), fill("password", world.Password), chromedp.Click(chromedp.CSS(`form.form button.btn-main`)),
		chromedp.WaitVisible(chromedp.CSS(`form[data-passkey="create"]`)))
	do("making a passkey", chromedp.Click(chromedp.CSS(`form[data-passkey="create"] button`)), chromedp.WaitVisible(chromedp.CSS("#recovery-codes")))
	do("the office", chromedp.Navigate(base+"/office"), chromedp.WaitReady(chromedp.CSS("body.room-office main")))
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](`fetch("/signout", {method: "POST"}).then(() => "")`, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
	do("signing in by the passkey alone", chromedp.Navigate(base+"/signin"), chromedp.WaitVisible(chromedp.CSS(`form[data-passkey="get"]`)),
		chromedp.Click(chromedp.CSS(`form[data-passkey="get"] button`)), chromedp.WaitReady(chromedp.CSS("body.room-office main")))
}
