package sms

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// The example of the documentation of signature v3: DescribeInstances of CVM.
func TestPublishedTC3Signature(t *testing.T) {
	const payload = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	headers := []header{{"content-type", "application/json; charset=utf-8"}, {"host", "cvm.tencentcloudapi.com"}}
	for key, want := range map[string]string{
		"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE": "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
		"Gu5t9xGARNpq86cd98joQYCN3*******": "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c",
	} {
		signer := tc3{"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", key, "cvm"}
		got := signer.authorization(time.Unix(1551113065, 0), headers, []byte(payload))
		full := "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, " +
			"SignedHeaders=content-type;host, Signature=" + want
		if got != full {
			t.Errorf("got  %s\nwant %s", got, full)
		}
		// The test's own verifier must agree with the published signature, too.
		c := call{"POST", "/", http.Header{}, "cvm.tencentcloudapi.com", payload}
		c.header.Set("Authorization", full)
		c.header.Set("Content-Type", "application/json; charset=utf-8")
		c.header.Set("X-TC-Timestamp", "1551113065")
		if err := verifyTC3(c, "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", key, "cvm", time.Unix(1551113065, 0)); err != nil {
			t.Error(err)
		}
		c.body += " "
		if verifyTC3(c, "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", key, "cvm", time.Unix(1551113065, 0)) == nil {
			t.Error("a changed body was taken")
		}
	}
}

const (
	secretID  = "AKIDexampleexampleexample"
	secretKey = "example-secret-key"
	accepted  = `{"Response":{"SendStatusSet":[{"SerialNo":"5000:1045710669157053657849499619","PhoneNumber":"+8613812345678","Fee":1,"SessionContext":"msg_01HV7Q","Code":"Ok","Message":"send success","IsoCode":"CN"}],"RequestId":"a0aabda6"}}`
)

func tencent(t *testing.T, srv *service, change func(*TencentConfig)) *Tencent {
	t.Helper()
	cfg := TencentConfig{
		SecretID: secretID, SecretKey: secretKey, SdkAppID: "1400006666", SignName: "云市",
		Endpoint: srv.URL, Roots: srv.roots, Now: clock,
		Templates: map[string]Template{
			"sign_in_code":    {ID: "1110", Params: []string{"code", "minutes"}},
			"sign_in_code/en": {ID: "1111", Params: []string{"minutes", "code"}},
		},
	}
	if change != nil {
		change(&cfg)
	}
	s, err := NewTencent(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTencentSends(t *testing.T) {
	srv := serve(t, false, 200, accepted)
	s := tencent(t, srv, nil)
	english := code()
	english.Lang, english.To = text.EN, "+1 415-555-2671"
	for range 2 { // a retry is the same request
		if err := s.Send(t.Context(), code()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Send(t.Context(), english); err != nil {
		t.Fatal(err)
	}
	calls := srv.all()
	if len(calls) != 3 || calls[0].body != calls[1].body {
		t.Fatalf("%d calls: %+v", len(calls), calls)
	}
	for _, c := range calls {
		if err := verifyTC3(c, secretID, secretKey, "sms", instant); err != nil {
			t.Error(err)
		}
		for name, want := range map[string]string{
			"X-TC-Action": "SendSms", "X-TC-Version": "2021-01-11", "X-TC-Region": "ap-guangzhou",
		} {
			if got := c.header.Get(name); got != want {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
	for i, want := range []map[string]any{
		0: {
			"PhoneNumberSet": []any{"+8613812345678"}, "SmsSdkAppId": "1400006666", "SignName": "云市",
			"TemplateId": "1110", "TemplateParamSet": []any{"493817", "5"}, "SessionContext": "msg_01HV7Q",
		},
		2: {
			"PhoneNumberSet": []any{"+14155552671"}, "SmsSdkAppId": "1400006666", "SignName": "云市",
			"TemplateId": "1111", "TemplateParamSet": []any{"5", "493817"}, "SessionContext": "msg_01HV7Q",
		},
	} {
		if want == nil {
			continue
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(calls[i].body), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTencentAnswers(t *testing.T) {
	refusal := func(code string) string {
		return `{"Response":{"Error":{"Code":"` + code + `","Message":"phone +8613812345678 ` + secretKey + `"},"RequestId":"x"}}`
	}
	status := func(code string) string {
		return `{"Response":{"SendStatusSet":[{"PhoneNumber":"+8613812345678","Code":"` + code + `","Message":"+8613812345678"}]}}`
	}
	for _, tt := range []struct {
		name, answer string
		http         int
		key          text.Key
		permanent    bool
	}{
		{"wrong number", status("InvalidParameterValue.IncorrectPhoneNumber"), 200, "notify_transport.sms_refused", true},
		{"on the list of those who want none", status("FailedOperation.PhoneNumberInBlacklist"), 200, "notify_transport.sms_refused", true},
		{"sensitive words", status("FailedOperation.ContainSensitiveWord"), 200, "notify_transport.sms_refused", true},
		{"too long", status("InvalidParameterValue.ContentLengthLimit"), 200, "notify_transport.sms_refused", true},
		{"foreign number, home template", refusal("UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber"), 200, "notify_transport.sms_refused", true},
		{"hourly limit", status("LimitExceeded.PhoneNumberOneHourLimit"), 200, "notify_transport.sms_later", false},
		{"rate", refusal("RequestLimitExceeded"), 200, "notify_transport.sms_later", false},
		{"inside error", refusal("InternalError.Timeout"), 200, "notify_transport.sms_later", false},
		{"wrong key", refusal("AuthFailure.SignatureFailure"), 200, "notify_transport.sms_settings", false},
		{"signature not approved", status("FailedOperation.SignatureIncorrectOrUnapproved"), 200, "notify_transport.sms_settings", false},
		{"package used up", status("FailedOperation.InsufficientBalanceInSmsPackage"), 200, "notify_transport.sms_settings", false},
		{"unknown application", status("InvalidParameterValue.SdkAppIdNotExist"), 200, "notify_transport.sms_settings", false},
		{"a code with more in it", status("Failed +8613812345678"), 200, "notify_transport.sms_not_understood", false},
		{"no status", `{"Response":{"SendStatusSet":[]}}`, 200, "notify_transport.sms_not_understood", false},
		{"a proxy's page", "<html>", 502, "notify_transport.sms_not_understood", false},
		{"ok beside an error", `{"Response":{"Error":{"Code":"Ok"},"SendStatusSet":[{"Code":"Ok"}]}}`, 200, "notify_transport.sms_later", false},
		{"elsewhere", "", 307, "notify_transport.sms_not_understood", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := serve(t, false, tt.http, tt.answer, "Location", "/elsewhere")
			err := tencent(t, srv, nil).Send(t.Context(), code())
			expect(t, err, tt.key, tt.permanent)
			if n := len(srv.all()); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// expect checks kind and words of a failure, and that they tell nothing they should not.
func expect(t *testing.T, err error, key text.Key, permanent bool) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Message.Key != key || Permanent(err) != permanent {
		t.Fatalf("got %v, permanent %v; want %s, %v", err, Permanent(err), key, permanent)
	}
	for _, lang := range text.Langs() {
		if said := (text.Printer{Lang: lang}).Say(f.Message); said == string(key) || strings.Contains(said, "%!") {
			t.Errorf("said %q", said)
		}
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, secret := range []string{phone, "493817", secretID, secretKey, "127.0.0.1", "whsec_", "token"} {
			if strings.Contains(e.Error(), secret) {
				t.Errorf("%q tells %q", e, secret)
			}
		}
	}
}

func TestTencentRefusesWhatCannotBeSent(t *testing.T) {
	srv := serve(t, false, 200, accepted)
	s := tencent(t, srv, nil)
	for _, tt := range []struct {
		name      string
		change    func(*Message)
		key       text.Key
		permanent bool
	}{
		{"no number", func(m *Message) { m.To = "" }, "notify_transport.sms_number", true},
		{"a landline", func(m *Message) { m.To = "0755-26010000" }, "notify_transport.sms_number", true},
		{"no id", func(m *Message) { m.ID = "" }, "notify_transport.sms_incomplete", true},
		{"an id too long for the session", func(m *Message) { m.ID = strings.Repeat("x", 512) }, "notify_transport.sms_incomplete", true},
		{"no template named", func(m *Message) { m.Template = "" }, "notify_transport.sms_incomplete", true},
		{"a template without id", func(m *Message) { m.Template = "decision" }, "notify_transport.sms_template", false},
		{"a parameter missing", func(m *Message) { delete(m.Params, "minutes") }, "notify_transport.sms_param", true},
	} {
		m := code()
		tt.change(&m)
		expect(t, s.Send(t.Context(), m), tt.key, tt.permanent)
	}
	if n := len(srv.all()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestNobodyThere(t *testing.T) {
	srv := serve(t, false, 200, accepted)
	s := tencent(t, srv, nil)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Send(stopped, code())
	expect(t, err, "notify_transport.sms_slow", false)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the caller's stop is not seen in %v", err)
	}
	expect(t, tencent(t, srv, func(c *TencentConfig) { c.Roots = nil }).Send(t.Context(), code()), "notify_transport.sms_unreachable", false)
	srv.Close()
	expect(t, s.Send(t.Context(), code()), "notify_transport.sms_unreachable", false)
}

func TestTencentConfigIsChecked(t *testing.T) {
	_, err := NewTencent(TencentConfig{Endpoint: "http://sms.tencentcloudapi.com", Templates: map[string]Template{"a": {}}})
	if diff := cmp.Diff([]string{"/secret_id", "/secret_key", "/sdk_app_id", "/sign_name", "/now", "/templates/a", "/endpoint"}, pointers(err)); diff != "" {
		t.Error(diff)
	}
	s, err := NewTencent(TencentConfig{SecretID: "a", SecretKey: "b", SdkAppID: "c", SignName: "d", Now: clock})
	if err != nil || s.host != "sms.tencentcloudapi.com" {
		t.Errorf("the public endpoint: %v", err)
	}
}

func pointers(err error) []string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return nil
	}
	var p []string
	for _, x := range f.Fields {
		p = append(p, x.Pointer)
	}
	return p
}
