package console_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// member is somebody who began to apply, and their company.
func member(w *world.World, name, phone string) (account.Account, vendor.Vendor) {
	a := w.Member(name, phone)
	var v vendor.Vendor
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		v, err = vendor.Register(ctx, tx, a.Actor())
		return err
	})
	return a, v
}

// A key's secret is shown once, on the page after it was made.
func TestKeysPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a, _ := member(w, "wang", "13800138000")
		other, _ := member(w, "li", "13900139000")
		for lang, want := range map[string][]string{
			"zh-CN": {"还没有密钥", "此项必填", "请至少选择一项权限", "密钥已创建", "密钥已停用", "已停用"},
			"en":    {"No keys yet", "This is required", "Choose at least one scope", "The key is made", "The key is revoked", "Revoked"},
		} {
			b := w.As(a)
			b.Get("/console/keys?lang="+lang).Want(200, want[0])
			b.Submit("/console/keys", url.Values{"name": {""}}).Want(422, want[1], want[2])
			p := b.Submit("/console/keys", url.Values{"name": {"ERP <b>"}, "scopes": {"read", "products"}}).Want(201, want[3], "ERP <b>", "ymk_")
			if p.Header.Get("Cache-Control") != "no-store" {
				t.Error("the page with a secret may be kept")
			}
			secret := p.Text()[strings.Index(p.Text(), "ymk_"):]
			secret = secret[:strings.IndexByte(secret, ' ')]
			w.Client(secret).Get("/v1/accounts/me").Want(200)
			b.Get("/console/keys").Want(200, "ERP <b>").Lacks(secret)
			var id string
			for part := range strings.SplitSeq(b.Page.Body, `action="/console/keys/`) {
				if strings.HasPrefix(part, "key_") {
					id, _, _ = strings.Cut(part, "/")
				}
			}
			stranger := w.As(other)
			stranger.Get("/console/keys").Lacks(id)
			if stranger.Post("/console/keys/"+id+"/revoke", nil); strings.Contains(stranger.Page.Text(), "已停用") {
				t.Error("a stranger revoked the key")
			}
			w.Client(secret).Get("/v1/accounts/me").Want(200)
			b.Submit("/console/keys/"+id+"/revoke", nil).Want(200, want[4], want[5])
			w.Client(secret).Get("/v1/accounts/me").Want(401)
			w.Write(func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM account_key`)
				return err
			})
		}
	})
}

func TestInboxPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a, v := member(w, "wang", "13800138000")
		other, _ := member(w, "li", "13900139000")
		b := w.As(a)
		b.Get("/console/inbox").Want(200, "还没有站内信")
		b.Get("/console/inbox?lang=en").Want(200, "Nothing here yet")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			for i := range 51 {
				e := event.Ref{ID: "evt_" + string(rune('A'+i)), VendorID: v.ID}
				n := notify.Notice{Template: "notify.product_rejected", Args: []any{"量子<密钥>"}, Lines: []text.Message{text.M("notify.line", "缺少截图")}, Link: "/console/products", Channels: []notify.Channel{notify.Inbox}}
				if err := notify.Vendor(ctx, tx, e, n); err != nil {
					return err
				}
			}
			return nil
		})
		first := b.Get("/console/inbox?lang=zh-CN").Want(200, "商品“量子<密钥>”未通过审核", "缺少截图", "未读", "前往查看")
		if strings.Contains(b.Get("/console/inbox").Text(), "未读") {
			t.Error("what was seen is still new")
		}
		older := ""
		for _, link := range first.Links() {
			if strings.HasPrefix(link, "/console/inbox?cursor=") {
				older = link
			}
		}
		if p := b.Get(older).Want(200, "缺少截图"); strings.Count(p.Text(), "缺少截图") != 1 {
			t.Errorf("the second page has %d", strings.Count(p.Text(), "缺少截图"))
		}
		w.As(other).Get("/console/inbox").Want(200, "还没有站内信")
	})
}

func TestTimelinePage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		newcomer := w.As(w.Member("sun", "13700137000"))
		newcomer.Get("/console/timeline").Want(200, "还没有记录", "入驻申请")
		newcomer.Get("/console/timeline?lang=en").Want(200, "No records yet")
		a, _ := member(w, "wang", "13800138000")
		member(w, "li", "13900139000")
		b := w.As(a)
		p := b.Get("/console/timeline").Want(200, "wang 开始办理服务商入驻")
		if p.Has("li 开始") || p.Has("登录 ") && strings.Contains(p.Text(), "wang 登录") {
			t.Error("it tells of another company, or of what is internal")
		}
		b.Get("/console/timeline?lang=en").Want(200, "wang began to apply")
	})
}
