package sms

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// The API that Tencent.Send speaks.
const (
	tencentEndpoint = "https://sms.tencentcloudapi.com"
	tencentRegion   = "ap-guangzhou"
	tencentAction   = "SendSms"
	tencentVersion  = "2021-01-11"
	tencentType     = "application/json; charset=utf-8"
)

// TencentConfig is the operator's account at Tencent Cloud SMS.
type TencentConfig struct {
	SecretID  string
	SecretKey string
	SdkAppID  string
	SignName  string              // 短信签名, as approved
	Region    string              // "" is ap-guangzhou
	Endpoint  string              // "" is the public one
	Templates map[string]Template // by our name, or by name/en for readers of English
	Roots     *x509.CertPool      // who may vouch for the endpoint; nil is the system's list
	Now       func() time.Time
}

// Template is an approved template and which of our parameters fill {1}, {2} …
type Template struct {
	ID     string
	Params []string
}

// Tencent sends by Tencent Cloud SMS; it may be used by many at once.
type Tencent struct {
	cfg    TencentConfig
	host   string
	client *http.Client
}

// NewTencent checks the configuration and makes a Tencent, without connecting. It
// is Invalid with the fields in question.
func NewTencent(cfg TencentConfig) (*Tencent, error) {
	var f fault.Fields
	for _, x := range []struct{ pointer, value string }{
		{"/secret_id", cfg.SecretID}, {"/secret_key", cfg.SecretKey},
		{"/sdk_app_id", cfg.SdkAppID}, {"/sign_name", cfg.SignName},
	} {
		if x.value == "" {
			f.Add(x.pointer, "fault.required")
		}
	}
	if cfg.Now == nil {
		f.Add("/now", "fault.required")
	}
	for name, t := range cfg.Templates {
		if t.ID == "" {
			f.Add("/templates/"+name, "fault.required")
		}
	}
	if cfg.Region == "" {
		cfg.Region = tencentRegion
	}
	if cfg.Endpoint == "" {
		cfg.Endpoint = tencentEndpoint
	}
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		f.Add("/endpoint", "notify_transport.url")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = tlsConfig(cfg.Roots)
	return &Tencent{cfg, u.Host, &http.Client{Transport: t, Timeout: timeout, CheckRedirect: stay}}, nil
}

// request is the body of SendSms.
type request struct {
	PhoneNumberSet   []string
	SmsSdkAppId      string
	SignName         string
	TemplateId       string
	TemplateParamSet []string
	SessionContext   string // our id, which comes back in the reports of delivery
}

// answer is the part of SendSms's answer that decides.
type answer struct {
	Response struct {
		Error         *struct{ Code string }
		SendStatusSet []struct{ Code string }
	}
}

// Send asks for the message to be sent and returns nil once it was accepted. A
// failure is Invalid when this message will never be accepted (Permanent is true),
// and TooEarly when a later try may help: the service is away, limits the rate, or
// refuses our settings rather than the message. The API has no key against
// doubles: after an answer that was lost, a retry may send a second copy, with the
// same session context.
func (s *Tencent) Send(ctx context.Context, m Message) error {
	to, err := m.check()
	if err != nil {
		return err
	}
	body, err := s.request(m, to)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+s.host+"/", bytes.NewReader(body))
	if err != nil {
		return fault.New(fault.TooEarly, "notify_transport.sms_unreachable")
	}
	at := s.cfg.Now()
	signer := tc3{s.cfg.SecretID, s.cfg.SecretKey, "sms"}
	r.Header.Set("Authorization", signer.authorization(at, []header{
		{"content-type", tencentType}, {"host", s.host}, {"x-tc-action", strings.ToLower(tencentAction)},
	}, body))
	r.Header.Set("Content-Type", tencentType)
	r.Header.Set("X-TC-Action", tencentAction)
	r.Header.Set("X-TC-Version", tencentVersion)
	r.Header.Set("X-TC-Region", s.cfg.Region)
	r.Header.Set("X-TC-Timestamp", strconv.FormatInt(at.Unix(), 10))
	status, said, err := post(s.client, r)
	if err != nil {
		return err
	}
	return judge(status, said)
}

// request writes the body, with the parameters in the template's order.
func (s *Tencent) request(m Message, to string) ([]byte, error) {
	t, ok := s.cfg.Templates[m.Template+"/"+m.Lang.Tag()]
	if !ok {
		t, ok = s.cfg.Templates[m.Template]
	}
	if !ok { // the operator adds it, and the retry goes out
		return nil, fault.New(fault.TooEarly, "notify_transport.sms_template", m.Template)
	}
	params := make([]string, len(t.Params))
	for i, name := range t.Params {
		if params[i], ok = m.Params[name]; !ok {
			return nil, fault.New(fault.Invalid, "notify_transport.sms_param", m.Template, name)
		}
	}
	return json.Marshal(request{
		PhoneNumberSet: []string{to}, SmsSdkAppId: s.cfg.SdkAppID, SignName: s.cfg.SignName,
		TemplateId: t.ID, TemplateParamSet: params, SessionContext: m.ID,
	})
}

// judge reads the answer.
func judge(status int, said []byte) error {
	var a answer
	if err := json.Unmarshal(said, &a); err != nil || a.Response.Error == nil && len(a.Response.SendStatusSet) != 1 {
		return fault.New(fault.TooEarly, "notify_transport.sms_not_understood", status)
	}
	code := ""
	if a.Response.Error != nil {
		code = a.Response.Error.Code
	} else {
		code = a.Response.SendStatusSet[0].Code
	}
	if code == "Ok" && a.Response.Error == nil {
		return nil
	}
	if !codeForm.MatchString(code) {
		return fault.New(fault.TooEarly, "notify_transport.sms_not_understood", status)
	}
	switch {
	case begins(code, settingsCodes):
		return fault.New(fault.TooEarly, "notify_transport.sms_settings", code)
	case begins(code, finalCodes):
		return fault.New(fault.Invalid, "notify_transport.sms_refused", code)
	}
	return fault.New(fault.TooEarly, "notify_transport.sms_later", code)
}

var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.]{0,99}$`)

// settingsCodes are answers to our settings: the message is sent once they are mended.
var settingsCodes = []string{
	"AuthFailure", "UnauthorizedOperation", "IpInBlacklist", "IpNotInWhitelist",
	"InvalidAction", "NoSuchProduct", "NoSuchVersion", "ActionOffline", "UnsupportedRegion", "UnsupportedProtocol",
	"FailedOperation.SignatureIncorrectOrUnapproved",
	"FailedOperation.TemplateIncorrectOrUnapproved",
	"FailedOperation.TemplateUnapprovedOrNotExist",
	"FailedOperation.InsufficientBalanceInSmsPackage",
	"InvalidParameterValue.SdkAppIdNotExist",
}

// finalCodes are answers to the message itself; all others may pass.
var finalCodes = []string{
	"InvalidParameter", "MissingParameter", "UnknownParameter", "UnsupportedOperation",
	"FailedOperation.ContainSensitiveWord",
	"FailedOperation.PhoneNumberInBlacklist",
	"FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
}

// begins reports whether a code is one of the list, or a kind of it.
func begins(code string, list []string) bool {
	for _, l := range list {
		if strings.HasPrefix(code, l) {
			return true
		}
	}
	return false
}
