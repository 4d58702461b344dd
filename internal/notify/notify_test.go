package notify_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/notify/sms"
	"github.com/yunshi-market/yunshi/internal/text"
)

var everyWay = []notify.Channel{notify.Mail, notify.SMS, notify.Inbox}

// rejected is a notice by every way, with a reason.
func rejected() notify.Notice {
	return notify.Notice{Template: "notify.product_rejected", Args: []any{"量子密钥"}, Lines: []text.Message{text.M("notify.line", "缺少截图")},
		Link: "/console/products", Channels: everyWay}
}

var happened = event.Ref{ID: "evt_1", VendorID: "ven_1"}

// One message per event, person and channel, in each reader's language, however
// often the reaction runs.
func TestToldOncePerEventAndReader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{Room: true})
		k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		k.person("mary@vendor.example", "13900139000", "en", "ven_1")
		k.person("li@other.example", "13700137000", "zh-CN", "ven_2")
		for range 3 {
			k.tell(happened, rejected())
		}
		k.drain()
		var got []string
		for _, m := range k.all() {
			got = append(got, fmt.Sprintf("%s %s %s: %s (%s)", m.Channel, m.ShownAs, m.Lang.Tag(), m.Subject, m.State))
		}
		want := []string{
			"mail w***@vendor.example zh-CN: 商品“量子密钥”未通过审核 (sent)",
			"sms 138****8000 zh-CN: 商品“量子密钥”未通过审核 (sent)",
			"inbox 王** zh-CN: 商品“量子密钥”未通过审核 (sent)",
			"mail m***@vendor.example en: “量子密钥” was not approved (sent)",
			"sms 139****9000 en: “量子密钥” was not approved (sent)",
			"inbox 王** en: “量子密钥” was not approved (sent)",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		other := happened
		other.ID = "evt_2"
		k.tell(other, rejected())
		if n := len(k.all()); n != 12 {
			t.Errorf("after another event %d messages, want 12", n)
		}
		for _, s := range []string{"wang@", "138001", "小芳", "缺少截图"} {
			if strings.Contains(k.raw("message")+k.raw("job"), s) {
				t.Errorf("%q can be read where messages rest", s)
			}
		}
	})
}

func TestMailGoesOutWithItsAttachment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &box{}
		k := open(t, d, &notify.Office{Mail: smtpServer(t, b)})
		up, err := k.o.Files.Produced(t.Context(), []byte("%PDF-1.7 contract"), "合同.pdf", "application/pdf")
		if err != nil {
			t.Fatal(err)
		}
		var f file.File
		k.write(func(ctx context.Context, tx *db.Tx) (err error) {
			f, err = file.Keep(ctx, tx, access.SystemActor("contract"), up, "ven_1", file.Contract)
			if err != nil {
				return err
			}
			n := notify.Notice{Template: "notify.contract", Args: []any{"HT-1", "北京<甲>公司"}, Link: "/console/contract", Files: []string{f.ID}}
			for range 2 {
				if err := notify.Mailboxes(ctx, tx, happened, text.ZH, []string{"wang@vendor.example", "service@vendor.example"}, n); err != nil {
					return err
				}
			}
			return nil
		})
		k.drain()
		slices.Sort(b.to) // two workers send them
		if diff := cmp.Diff([]string{"service@vendor.example", "wang@vendor.example"}, b.to); diff != "" {
			t.Errorf("recipients: %s", diff)
		}
		if got, want := b.subject(t, 0), "合作合同 HT-1 待签署（北京<甲>公司）"; got != want {
			t.Errorf("subject %q, want %q", got, want)
		}
		for _, s := range []string{"application/pdf", base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 contract"))} {
			if !strings.Contains(b.bodies[0], s) {
				t.Errorf("the mail lacks %q", s)
			}
		}
		for _, m := range k.all() {
			if m.State != notify.Sent || m.SentAt.IsZero() || m.Tries != 1 || m.Body != "" {
				t.Errorf("staff see %+v", m)
			}
		}
	})
}

func TestMailThatMayPassIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &box{refuse: &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted wang@vendor.example"}}
		k := open(t, d, &notify.Office{Mail: smtpServer(t, b)})
		k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		n := rejected()
		n.Channels = []notify.Channel{notify.Mail}
		k.tell(happened, n)
		k.drain()
		if m := k.only(); m.State != notify.Queued || m.Tries != 1 || m.LastError == "" || strings.Contains(m.LastError, "wang") {
			t.Errorf("after a try: %+v", m)
		}
		_, err := resend(k, clerk, k.only().ID)
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("sent again while it waits: %v", err)
		}
		b.set(nil)
		dbtest.Advance(d, time.Minute)
		k.drain()
		if m := k.only(); m.State != notify.Sent || m.Tries != 2 || m.LastError != "" {
			t.Errorf("after the second try: %+v", m)
		}
	})
}

// A message whose tries run out does not stand as sending for ever.
func TestMessageGivesUpWhenItsTriesRunOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &box{refuse: &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "later"}}
		k := open(t, d, &notify.Office{Mail: smtpServer(t, b)})
		k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		n := rejected()
		n.Channels = []notify.Channel{notify.Mail}
		k.tell(happened, n)
		for range 11 {
			k.drain()
			dbtest.Advance(d, 8*time.Hour)
		}
		if m := k.only(); m.State != notify.Queued || m.Tries != 11 {
			t.Fatalf("before the last try: %+v", m)
		}
		k.drain()
		m := k.only()
		if m.State != notify.Failed || m.Tries != 12 || failures(k) != 1 {
			t.Fatalf("after the last try: %+v", m)
		}
		dead := 0
		k.write(func(ctx context.Context, tx *db.Tx) error {
			events, err := event.List(ctx, tx, access.CommandActor("test"), event.Filter{Kind: "message.failed"})
			dead = len(events)
			return err
		})
		if dead != 1 {
			t.Errorf("%d events tell of it", dead)
		}
		b.set(nil)
		if m, err := resend(k, clerk, m.ID); err != nil || m.State != notify.Queued || m.Tries != 0 {
			t.Fatalf("sent again: %+v, %v", m, err)
		}
		k.drain()
		if m := k.only(); m.State != notify.Sent || m.Tries != 1 {
			t.Errorf("after sending again: %+v", m)
		}
	})
}

func failures(k *desk) (n int) {
	k.t.Helper()
	k.write(func(ctx context.Context, tx *db.Tx) (err error) { n, err = notify.FailedCount(ctx, tx); return err })
	return n
}

func resend(k *desk, by access.Actor, id string) (m notify.Message, err error) {
	err = k.d.Write(k.t.Context(), func(tx *db.Tx) (err error) {
		m, err = notify.Resend(k.t.Context(), tx, by, notify.Again{ID: id})
		return err
	})
	return m, err
}

func TestMailThatCannotArriveFailsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &box{refuse: &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user wang"}}
		k := open(t, d, &notify.Office{Mail: smtpServer(t, b)})
		k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		n := rejected()
		n.Channels = []notify.Channel{notify.Mail}
		k.tell(happened, n)
		k.drain()
		if m := k.only(); m.State != notify.Failed || m.Tries != 1 || strings.Contains(m.LastError, "wang") {
			t.Errorf("refused for good: %+v", m)
		}
		if _, err := resend(k, auditor, k.only().ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the auditor sends again: %v", err)
		}
		if _, err := resend(k, clerk, "msg_none"); !fault.Is(err, fault.NotFound) {
			t.Errorf("no message is sent again: %v", err)
		}
	})
}

func TestWithoutTransportMessagesFailAndSaySo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{})
		k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		k.tell(happened, rejected())
		k.drain()
		for _, m := range k.all() {
			failed := m.Channel != notify.Inbox
			if (m.State == notify.Failed) != failed || failed && !strings.Contains(m.LastError, "尚未配置") {
				t.Errorf("%s stands %+v", m.Channel, m)
			}
		}
	})
}

// SMS by a webhook whose receiver verifies the signature.
func TestSMSByWebhook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		key := []byte("a secret of thirty-two bytes....")
		verifier, err := standardwebhooks.NewWebhookRaw(key)
		if err != nil {
			t.Fatal(err)
		}
		type sent struct {
			Data struct {
				ID, To, Template, Lang, Text string
				Params                       map[string]string
			}
		}
		got := make(chan sent, 10)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if err := verifier.VerifyIgnoringTimestamp(body, r.Header); err != nil {
				t.Errorf("the signature does not hold: %v", err)
			}
			var s sent
			if err := json.Unmarshal(body, &s); err != nil {
				t.Error(err)
			}
			got <- s
		}))
		t.Cleanup(srv.Close)
		hook, err := sms.NewWebhook(sms.WebhookConfig{URL: srv.URL, Secrets: []string{"whsec_" + base64.StdEncoding.EncodeToString(key)},
			Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: d.Clock().Now})
		if err != nil {
			t.Fatal(err)
		}
		k := open(t, d, &notify.Office{SMS: hook})
		k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		n := rejected()
		n.Channels = []notify.Channel{notify.SMS}
		k.tell(happened, n)
		k.code(account.Code{ID: "cod_1", Channel: account.BySMS, To: "+8613800138000", Purpose: "sign", Code: "042917", Lang: "en", Minutes: 10})
		k.drain()
		all := k.all()
		want := []sent{{}, {}}
		want[0].Data.ID, want[0].Data.To, want[0].Data.Template, want[0].Data.Lang = all[0].ID, "+8613800138000", "product_rejected", "zh-CN"
		want[0].Data.Text, want[0].Data.Params = "【云市场】商品“量子密钥”未通过审核，原因请登录控制台查看。", map[string]string{"1": "量子密钥"}
		want[1].Data.ID, want[1].Data.To, want[1].Data.Template, want[1].Data.Lang = all[1].ID, "+8613800138000", "code", "en"
		want[1].Data.Text, want[1].Data.Params = "[Cloud Marketplace] Your code is 042917, valid for 10 minutes. Tell nobody.", map[string]string{"1": "042917", "2": "10"}
		first, second := <-got, <-got
		if first.Data.Template == "code" {
			first, second = second, first
		}
		if diff := cmp.Diff(want, []sent{first, second}); diff != "" {
			t.Errorf("the service got (-want +got):\n%s", diff)
		}
	})
}

// A code is readable nowhere: not before it is sent, not after, not when it fails.
func TestCodesAreErased(t *testing.T) {
	const code = "042917"
	for _, c := range []struct {
		name  string
		smtp  error
		state notify.State
		tries int
	}{
		{"sent", nil, notify.Sent, 1},
		{"refused", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no"}, notify.Failed, 1},
		{"late", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 1, 1}, Message: "no"}, notify.Failed, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				b := &box{refuse: c.smtp}
				k := open(t, d, &notify.Office{Mail: smtpServer(t, b)})
				k.code(account.Code{ID: "cod_1", Channel: account.ByMail, To: "wang@vendor.example", Purpose: "verify", Code: code, Lang: "zh-CN", Minutes: 10})
				for range 5 {
					for _, table := range []string{"job", "message", "event"} {
						if strings.Contains(k.raw(table), code) {
							t.Errorf("%s holds the code", table)
						}
					}
					k.drain()
					dbtest.Advance(d, 5*time.Minute)
				}
				if m := k.only(); m.State != c.state || m.Tries != c.tries || m.ShownAs != "w***@vendor.example" {
					t.Fatalf("the code stands %+v", m)
				}
				var rest []notify.Message
				k.write(func(ctx context.Context, tx *db.Tx) (err error) {
					rest, err = notify.Everything(ctx, tx, 10)
					return err
				})
				if rest[0].Body != "" {
					t.Errorf("left behind: %q", rest[0].Body)
				}
				if _, err := resend(k, clerk, rest[0].ID); !fault.Is(err, fault.Conflict) {
					t.Errorf("a code is sent again: %v", err)
				}
				if c.smtp == nil && !strings.Contains(b.bodies[0], code) {
					t.Errorf("the mail lacks the code: %s", b.bodies[0])
				}
			})
		})
	}
}

func TestMailRoomKeepsCodesToBeRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{Room: true})
		k.code(account.Code{ID: "cod_1", Channel: account.ByMail, To: "wang@vendor.example", Purpose: "verify", Code: "042917", Lang: "zh-CN", Minutes: 10})
		k.drain()
		k.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := notify.Everything(ctx, tx, 10)
			if err != nil || len(all) != 1 || !strings.Contains(all[0].Body, "042917") || all[0].ShownAs != "wang@vendor.example" {
				t.Errorf("the mail room has %+v, %v", all, err)
			}
			return nil
		})
	})
}

// A link that lets its reader do something, as stop a new bank account, is sealed at
// rest and kept from staff; its reader gets it whole, also one written before.
func TestLinkThatGrantsIsSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{Room: true})
		n := rejected()
		n.Link, n.Grants = "/account-change/0123456789abcdef", true
		k.write(func(ctx context.Context, tx *db.Tx) error {
			return notify.Mailboxes(ctx, tx, happened, text.ZH, []string{"old@vendor.example"}, n)
		})
		k.drain()
		k.write(func(ctx context.Context, tx *db.Tx) error {
			kept, err := db.One(ctx, tx, db.Value[string], `SELECT link FROM message`)
			if err != nil || kept == "" || strings.Contains(kept, "account-change") || strings.Contains(kept, "0123456789") {
				t.Errorf("at rest it is %q, %v", kept, err)
			}
			listed, err := notify.List(ctx, tx, auditor, notify.Filter{})
			if err != nil || len(listed) != 1 || listed[0].Link != "" {
				t.Errorf("staff read %+v, %v", listed, err)
			}
			all, err := notify.Everything(ctx, tx, 10)
			if err != nil || len(all) != 1 || all[0].Link != n.Link {
				t.Errorf("its reader has %+v, %v", all, err)
			}
			if _, err := tx.Exec(ctx, `UPDATE message SET link = $1`, n.Link); err != nil {
				return err
			}
			if all, err = notify.Everything(ctx, tx, 10); err != nil || all[0].Link != n.Link {
				t.Errorf("written before, its reader has %+v, %v", all, err)
			}
			return nil
		})
	})
}

func TestInboxIsOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{Room: true})
		wang, li := k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1"), k.person("li@other.example", "13700137000", "zh-CN", "ven_2")
		k.tell(happened, rejected())
		inbox := func(by access.Actor) (list []notify.Message, unread int, err error) {
			err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
				if list, err = notify.OwnInbox(t.Context(), tx, by, ""); err == nil {
					unread, err = notify.Unread(t.Context(), tx, by)
				}
				return err
			})
			return list, unread, err
		}
		list, unread, err := inbox(wang.Actor())
		if err != nil || len(list) != 1 || unread != 1 || list[0].Body != "商品“量子密钥”未通过审核，请按以下原因修改后重新提交：\n· 缺少截图" || list[0].Link != "/console/products" {
			t.Fatalf("the reader has %+v, %d unread, %v", list, unread, err)
		}
		for name, by := range map[string]access.Actor{"a stranger": li.Actor(), "staff": auditor, "a job": access.SystemActor("x"), "nameless": {Kind: access.System}} {
			if list, unread, err := inbox(by); err != nil || len(list) != 0 || unread != 0 {
				t.Errorf("%s reads %+v, %d, %v", name, list, unread, err)
			}
		}
		if _, _, err := inbox(access.Actor{Kind: access.Visitor}); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a visitor: %v", err)
		}
		k.write(func(ctx context.Context, tx *db.Tx) error { return notify.MarkRead(ctx, tx, li.Actor()) })
		if _, unread, _ := inbox(wang.Actor()); unread != 1 {
			t.Error("another's reading marked it as read")
		}
		k.write(func(ctx context.Context, tx *db.Tx) error { return notify.MarkRead(ctx, tx, wang.Actor()) })
		if list, unread, _ := inbox(wang.Actor()); unread != 0 || list[0].ReadAt.IsZero() {
			t.Error("not marked as read")
		}
		if _, err := resend(k, clerk, list[0].ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("an inbox message is sent again: %v", err)
		}
	})
}

// The three sentences of a notice have the same arguments; one that says less leaves out the last.
func TestASubjectMaySayLessThanTheText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{Room: true})
		k.person("wang@vendor.example", "13800138000", "en", "ven_1")
		k.tell(happened, notify.Notice{Template: "notify.deposit_confirmed", Args: []any{"¥5", "BZJ-1"}, Channels: everyWay})
		k.drain()
		k.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := notify.Everything(ctx, tx, 10)
			for _, m := range all {
				if strings.Contains(m.Subject+m.Body, "%!") || !strings.Contains(m.Body, "BZJ-1") || m.Subject != "Deposit of ¥5 received" {
					t.Errorf("%s: %q, %q", m.Channel, m.Subject, m.Body)
				}
			}
			return err
		})
	})
}

func TestListIsForStaffAndFiltered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, &notify.Office{})
		wang := k.person("wang@vendor.example", "13800138000", "zh-CN", "ven_1")
		k.person("li@other.example", "13700137000", "zh-CN", "ven_2")
		k.tell(happened, rejected())
		other := event.Ref{ID: "evt_2", VendorID: "ven_2"}
		k.tell(other, rejected())
		k.drain()
		list := func(by access.Actor, f notify.Filter) (all []notify.Message, err error) {
			err = d.Read(t.Context(), func(tx *db.Tx) (err error) { all, err = notify.List(t.Context(), tx, by, f); return err })
			return all, err
		}
		for name, by := range map[string]access.Actor{"a member": wang.Actor(), "a visitor": {Kind: access.Visitor}} {
			if _, err := list(by, notify.Filter{}); err == nil {
				t.Errorf("%s reads what was sent", name)
			}
		}
		for _, c := range []struct {
			f    notify.Filter
			want int
		}{
			{notify.Filter{}, 6},
			{notify.Filter{VendorID: "ven_1"}, 3},
			{notify.Filter{State: notify.Failed}, 4},
			{notify.Filter{Channel: notify.SMS}, 2},
			{notify.Filter{Channel: notify.SMS, VendorID: "ven_2", State: notify.Sent}, 0},
			{notify.Filter{Limit: 4}, 4},
		} {
			all, err := list(auditor, c.f)
			if err != nil || len(all) != c.want {
				t.Errorf("%+v finds %d, %v; want %d", c.f, len(all), err, c.want)
			}
			for _, m := range all {
				if m.Body != "" {
					t.Errorf("staff read the body %q", m.Body)
				}
			}
		}
		first, _ := list(auditor, notify.Filter{Limit: 4})
		rest, err := list(auditor, notify.Filter{Limit: 4, Before: first[3].ID})
		if err != nil || len(rest) != 2 || rest[0].ID >= first[3].ID {
			t.Errorf("the next page has %d, %v", len(rest), err)
		}
	})
}
