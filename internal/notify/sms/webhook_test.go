package sms

import (
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/text"
)

var (
	newSecret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("the new secret of 32 bytes......"))
	oldSecret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("the old secret of 32 bytes......"))
	loopback  = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
)

func hook(t *testing.T, srv *service, change func(*WebhookConfig)) *Webhook {
	t.Helper()
	cfg := WebhookConfig{URL: srv.URL + "/sms?token=hush", Secrets: []string{newSecret}, Allow: loopback, Roots: srv.roots, Now: clock}
	if change != nil {
		change(&cfg)
	}
	w, err := NewWebhook(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The example of the Standard Webhooks specification's own libraries.
func TestPublishedWebhookSignature(t *testing.T) {
	h := http.Header{}
	h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	h.Set("webhook-timestamp", "1614265330")
	h.Set("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	if err := verifyWebhook(h, `{"test": 2432232314}`, secret, time.Unix(1614265330, 0)); err != nil {
		t.Error(err)
	}
	if verifyWebhook(h, `{"test": 2432232315}`, secret, time.Unix(1614265330, 0)) == nil {
		t.Error("a changed body was taken")
	}
}

func TestWebhookSends(t *testing.T) {
	for _, plain := range []bool{false, true} {
		srv := serve(t, plain, 202, "")
		w := hook(t, srv, func(c *WebhookConfig) { c.Secrets = []string{newSecret, oldSecret} })
		m := code()
		m.At = time.Date(2026, 1, 6, 7, 58, 0, 0, time.FixedZone("", 8*3600))
		for range 2 {
			if err := w.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		calls := srv.all()
		want := `{"type":"sms.send","timestamp":"2026-01-05T23:58:00Z","data":{"id":"msg_01HV7Q","to":"+8613812345678",` +
			`"template":"sign_in_code","lang":"zh-CN","params":{"code":"493817","minutes":"5"},"text":"【云市】验证码 493817，5 分钟内有效。"}}`
		for _, c := range calls {
			for _, secret := range []string{newSecret, oldSecret} {
				if err := verifyWebhook(c.header, c.body, secret, instant); err != nil {
					t.Error(err)
				}
			}
			if diff := cmp.Diff(want, c.body); diff != "" {
				t.Error(diff)
			}
			if c.method != "POST" || c.path != "/sms" || c.header.Get("Content-Type") != "application/json" ||
				c.header.Get("webhook-id") != "msg_01HV7Q" || c.header.Get("User-Agent") != "Yunshi" {
				t.Errorf("%s %s %v", c.method, c.path, c.header)
			}
		}
		if len(calls) != 2 {
			t.Errorf("%d requests", len(calls))
		}
	}
}

func TestWebhookWithoutTimeOrParams(t *testing.T) {
	srv := serve(t, false, 200, "")
	if err := hook(t, srv, nil).Send(t.Context(), Message{ID: "m", To: phone, Template: "a", Lang: text.EN}); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"sms.send","timestamp":"2026-01-05T23:59:30Z","data":{"id":"m","to":"+8613812345678","template":"a","lang":"en","params":{},"text":""}}`
	if diff := cmp.Diff(want, srv.all()[0].body); diff != "" {
		t.Error(diff)
	}
}

func TestWebhookAnswers(t *testing.T) {
	for _, tt := range []struct {
		status    int
		key       text.Key
		permanent bool
	}{
		{400, "notify_transport.sms_refused", true},
		{410, "notify_transport.sms_refused", true},
		{422, "notify_transport.sms_refused", true},
		{301, "notify_transport.sms_settings", false},
		{307, "notify_transport.sms_settings", false},
		{401, "notify_transport.sms_settings", false},
		{403, "notify_transport.sms_settings", false},
		{404, "notify_transport.sms_settings", false},
		{408, "notify_transport.sms_later", false},
		{429, "notify_transport.sms_later", false},
		{500, "notify_transport.sms_later", false},
		{503, "notify_transport.sms_later", false},
	} {
		srv := serve(t, false, tt.status, "phone "+phone, "Location", "/elsewhere")
		err := hook(t, srv, nil).Send(t.Context(), code())
		expect(t, err, tt.key, tt.permanent)
		if n := len(srv.all()); n != 1 { // a redirect is not followed
			t.Errorf("%d: %d requests", tt.status, n)
		}
	}
}

func TestWebhookStaysOutOfTheInside(t *testing.T) {
	srv := serve(t, false, 200, "")
	port := srv.URL[strings.LastIndexByte(srv.URL, ':'):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		w := hook(t, srv, func(c *WebhookConfig) { c.URL, c.Allow = "https://"+host+port, nil })
		err := w.Send(t.Context(), code())
		expect(t, err, "notify_transport.address_denied", false)
	}
	w := hook(t, srv, func(c *WebhookConfig) { c.Allow = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
	expect(t, w.Send(t.Context(), code()), "notify_transport.address_denied", false)
	if n := len(srv.all()); n != 0 {
		t.Errorf("%d requests came through", n)
	}
}

func TestGuard(t *testing.T) {
	ten := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	for _, tt := range []struct {
		addr                 string
		open, allowed, plain bool
	}{
		{"93.184.216.34", true, true, false},
		{"2606:2800:220:1::1", true, true, false},
		{"10.1.2.3", false, true, true},
		{"::ffff:10.1.2.3", false, true, true},
		{"fd00:1::5", false, true, true},
		{"10.2.2.3", false, false, false},
		{"172.16.0.1", false, false, false},
		{"172.32.0.1", true, true, false},
		{"192.168.1.1", false, false, false},
		{"169.254.169.254", false, false, false},
		{"100.100.100.200", false, false, false}, // the metadata address of a Chinese cloud
		{"127.1.2.3", false, false, false},
		{"0.0.0.0", false, false, false},
		{"0.1.2.3", false, false, false},
		{"224.0.0.1", false, false, false},
		{"255.255.255.255", false, false, false},
		{"198.18.0.1", false, false, false},
		{"::1", false, false, false},
		{"::", false, false, false},
		{"fe80::1%eth0", false, false, false},
		{"fc00::1", false, false, false},
		{"ff02::1", false, false, false},
		{"::ffff:127.0.0.1", false, false, false},
		{"64:ff9b::7f00:1", false, false, false},
		{"2002:7f00:1::", false, false, false},
	} {
		a := netip.MustParseAddr(tt.addr)
		if got := (guard{}).permits(a); got != tt.open {
			t.Errorf("%s, nothing allowed: %v", tt.addr, got)
		}
		if got := (guard{allowed: ten}).permits(a); got != tt.allowed {
			t.Errorf("%s, 10.1/16 allowed: %v", tt.addr, got)
		}
		if got := (guard{allowed: ten, only: true}).permits(a); got != tt.plain {
			t.Errorf("%s, only 10.1/16 allowed: %v", tt.addr, got)
		}
	}
}

func TestWebhookConfigIsChecked(t *testing.T) {
	short := "whsec_" + base64.StdEncoding.EncodeToString([]byte("short"))
	for _, tt := range []struct {
		name string
		cfg  WebhookConfig
		want []string
	}{
		{"empty", WebhookConfig{}, []string{"/url", "/now", "/secrets"}},
		{"http to the outside", WebhookConfig{URL: "http://x.example", Secrets: []string{newSecret}, Now: clock}, []string{"/url"}},
		{"a password in the address", WebhookConfig{URL: "https://a:b@x.example", Secrets: []string{newSecret}, Now: clock}, []string{"/url"}},
		{"another scheme", WebhookConfig{URL: "file:///etc/passwd", Secrets: []string{newSecret}, Allow: loopback, Now: clock}, []string{"/url"}},
		{"secrets", WebhookConfig{URL: "https://x.example", Secrets: []string{short, newSecret, newSecret[6:], "whsec_*"}, Now: clock}, []string{"/secrets/0", "/secrets/2", "/secrets/3"}},
	} {
		_, err := NewWebhook(tt.cfg)
		if diff := cmp.Diff(tt.want, pointers(err)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
