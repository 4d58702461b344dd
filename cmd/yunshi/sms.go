package main

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/notify/sms"
)

// texter makes the SMS transport that is configured; none is nil.
func (p post) texter() (notify.Texter, error) {
	switch {
	case p.SMSTencentID != "":
		templates := make(map[string]sms.Template)
		for name, spec := range p.SMSTemplates {
			id, params, _ := strings.Cut(spec, ":")
			t := sms.Template{ID: id}
			if params != "" {
				t.Params = strings.Split(params, "+")
			}
			templates[name] = t
		}
		return sms.NewTencent(sms.TencentConfig{SecretID: p.SMSTencentID, SecretKey: secretEnv("YUNSHI_SMS_TENCENT_KEY"), SdkAppID: p.SMSTencentApp,
			SignName: p.SMSTencentSign, Region: p.SMSTencentRegion, Templates: templates, Now: time.Now})
	case p.SMSWebhook != "":
		var allow []netip.Prefix
		for _, s := range p.SMSWebhookAllow {
			prefix, err := netip.ParsePrefix(s)
			if err != nil {
				return nil, fmt.Errorf("--sms-webhook-allow: %q is no address range such as 10.0.0.0/8", s)
			}
			allow = append(allow, prefix)
		}
		return sms.NewWebhook(sms.WebhookConfig{URL: p.SMSWebhook, Secrets: strings.Fields(secretEnv("YUNSHI_SMS_WEBHOOK_SECRET")), Allow: allow, Now: time.Now})
	}
	return nil, nil
}
