package office_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// failing opens a marketplace with no mail server and a job that failed for good.
func failing(t *testing.T, d *db.DB) *world.World {
	t.Helper()
	w := world.Open(t, d)
	kind := job.Kind[string]{Name: "test.broken", Tries: 1}
	var reg job.Registry
	job.HandleOutside(&reg, kind, func(context.Context, string) error { return errors.New("the printer <b>burns</b>") })
	w.Write(func(ctx context.Context, tx *db.Tx) error { return kind.Later(ctx, tx, "x") })
	if err := job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 1).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// Who may see which record, and who may act on it: the auditor sees all and acts on nothing.
func TestRecordsByRole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := failing(t, d)
		admin := w.As(w.Staff("admin", access.Administrator))
		auditor := w.As(w.Staff("auditor", access.Auditor))
		clerk := w.As(w.Staff("clerk", access.Reviewer))
		for _, path := range []string{"/office/messages", "/office/audit", "/office/jobs", "/office/staff"} {
			for _, lang := range []string{"zh-CN", "en"} {
				admin.Get(path + "?lang=" + lang).Want(200)
				p := auditor.Get(path + "?lang=" + lang).Want(200)
				if strings.Contains(p.Body, `action="`+path) && strings.Contains(p.Body, `method="post" action="`+path) {
					t.Errorf("the auditor is offered a form on %s", path)
				}
			}
		}
		clerk.Get("/office/messages").Want(200)
		for _, path := range []string{"/office/audit", "/office/jobs", "/office/staff"} {
			clerk.Get(path).Want(403)
		}
		jobs := admin.Get("/office/jobs?lang=zh-CN").Want(200, "test.broken", "the printer <b>burns</b>")
		id := between(jobs.Body, `action="/office/jobs/`, `/retry"`)
		auditor.Get("/office/jobs?lang=zh-CN").Want(200, "test.broken")
		auditor.Post("/office/jobs/"+id+"/retry", nil).Want(200, "没有执行", "您的角色没有这项权限", "test.broken")
		admin.Submit("/office/jobs/"+id+"/retry", nil).Want(200, "任务已重新进入队列", "没有失败的任务")
		admin.Post("/office/jobs/"+id+"/retry", nil).Want(200, "没有执行")
	})
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestMessagesPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		clerk := w.As(w.Staff("clerk", access.Reviewer))
		clerk.Get("/office/messages").Want(200, "还没有消息")
		w.Member("wang", "13800138000")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE message SET template = 'notify.product_rejected', state = 'failed', last_error = 'mailbox <full>' WHERE channel = 'mail'`)
			return err
		})
		p := clerk.Get("/office/messages").Want(200, "w***@vendor.example", "138****8000", "mailbox <full>", "失败").Lacks("wang@vendor.example", "13800138000")
		id := between(p.Body, `action="/office/messages/`, `/resend"`)
		if p := clerk.Get("/office/messages?state=failed"); !p.Has("w***@") || p.Has("138****") {
			t.Error("the filter by state does not hold")
		}
		if p := clerk.Get("/office/messages?channel=sms"); p.Has("w***@") || !p.Has("138****") {
			t.Error("the filter by channel does not hold")
		}
		clerk.Get("/office/messages?channel=inbox&lang=en").Want(200, "No messages yet")
		w.As(w.Staff("auditor", access.Auditor)).Post("/office/messages/"+id+"/resend", nil).Want(200, "没有执行")
		clerk.Get("/office/messages?lang=zh-CN")
		clerk.Submit("/office/messages/"+id+"/resend", nil).Want(200, "消息已重新进入发送队列", "发送中")
		w.Drain()
		clerk.Get("/office/messages").Want(200).Lacks("mailbox")
	})
}

func TestEventsPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		auditor := w.As(w.Staff("auditor", access.Auditor))
		a := w.Member("wang", "13800138000")
		auditor.Get("/office/audit").Want(200, "wang 验证了邮箱与手机", "管理命令 添加了员工", a.ID)
		if p := auditor.Get("/office/audit?kind=account.verified").Want(200, "wang"); p.Has("添加了员工") {
			t.Error("the filter by kind does not hold")
		}
		if p := auditor.Get("/office/audit?subject=" + a.ID); p.Has("添加了员工") || !p.Has("wang") {
			t.Error("the filter by subject does not hold")
		}
		auditor.Get("/office/audit?subject=none&lang=en").Want(200, "Nothing matches")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM event_pending`)
			return err
		})
		for range 5 {
			for range 10 {
				w.API(a)
			}
		}
		auditor.Get("/office/audit?kind=account.signed_in&lang=zh-CN").Want(200)
		next := ""
		for _, link := range auditor.Page.Links() {
			if strings.Contains(link, "cursor=") {
				next = link
			}
		}
		if !strings.Contains(next, "kind=account.signed_in") {
			t.Fatalf("the next page is %q", next)
		}
		auditor.Get(next).Want(200, "登录")
	})
}

func TestStaffPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d, func(c *market.Config) {})
		admin := w.As(w.Staff("admin", access.Administrator))
		for lang, want := range map[string][]string{"zh-CN": {"添加员工", "姓名", "此项必填"}, "en": {"Add a member of staff", "Name", "This is required"}} {
			admin.Get("/office/staff?lang="+lang).Want(200, want[0])
			p := admin.Submit("/office/staff", url.Values{"name": {""}, "mail": {"kept@staff.example"}, "password": {"typed-secret-7"}}).Want(422, want[1], want[2]).Lacks("typed-secret-7")
			if p.Input("mail") != "kept@staff.example" {
				t.Errorf("the mailbox came back as %q", p.Input("mail"))
			}
		}
		admin.Get("/office/staff?lang=zh-CN")
		admin.Submit("/office/staff", url.Values{"name": {"周敏"}, "mail": {"zhou@staff.example"}, "password": {world.Password}, "roles": {"finance"}}).Want(200, "已添加 周敏", "财务")
		id := between(admin.Page.Body, `action="/office/staff/`, `"`)
		admin.Submit("/office/staff/"+id, url.Values{"roles": {"finance", "auditor"}, "disabled": {"true"}}).Want(200, "已保存", "已停用", "审计")
		admin.Submit("/office/staff/"+id, url.Values{"roles": {}}).Want(200, "没有执行")
		auditor := w.As(w.Staff("audit", access.Auditor))
		auditor.Get("/office/staff").Want(200, "zhou@staff.example")
		auditor.Post("/office/staff", url.Values{"name": {"x"}, "mail": {"x@staff.example"}, "password": {world.Password}, "roles": {"finance"}}).Want(403)
		auditor.Post("/office/staff/"+id, url.Values{"roles": {"administrator"}}).Want(200, "没有执行")
	})
}
