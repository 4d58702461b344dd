package office_test

import (
	"context"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

func TestAuditSearchAndExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		auditor := w.As(w.Staff("auditor", access.Auditor))
		w.Member("wang", "13800138000")
		auditor.Get("/office/audit?lang=zh-CN&q=验证了").Want(200, "wang 验证了邮箱与手机").Lacks("添加了员工")
		auditor.Get("/office/audit?who=nobody@example.com").Want(422, "没有找到")
		auditor.Get("/office/audit?from=2026-99-01").Want(422)
		auditor.Get("/office/audit?from=2031-01-01").Want(200, "没有符合条件的记录")
		auditor.Get("/office/audit/export?as=csv&area=account").Want(200)
		auditor.Get("/office/audit?area=audit").Want(200, "导出了审计日志")
		auditor.Get("/office/audit/heads").Want(200, "还没有签名摘要")
		auditor.Get("/office/audit/heads/2026-01-01/head.txt").Want(404)
		for _, lang := range []string{"zh-CN", "en"} {
			auditor.Get("/office/reports?lang=" + lang).Want(200)
		}
		auditor.Get("/office/reports?from=2026-02-01&to=2026-01-01").Want(422)
		auditor.Get("/office/reports/export?as=xlsx").Want(200)
		auditor.Get("/office/reports/export?part=none").Want(404)
		clerk := w.As(w.Staff("clerk", access.Reviewer))
		for _, path := range []string{"/office/audit", "/office/audit/export", "/office/audit/heads", "/office/reports"} {
			clerk.Get(path).Want(403)
		}
	})
}

// The day after, the head is signed, listed and mailed to who watches.
func TestHeadIsSignedAndMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a := w.Staff("auditor", access.Auditor)
		w.Drain()
		w.Advance(25 * time.Hour)
		w.Write(func(ctx context.Context, tx *db.Tx) error { // as the hour does
			return job.Kind[struct{}]{Name: "audit.head"}.Later(ctx, tx, struct{}{})
		})
		w.Drain()
		auditor := w.As(a)
		auditor.Get("/office/audit/heads").Want(200, "证书")
		w.Drain()
		if m := w.Message(a.Mail); m.Template != "notify.audit_head" {
			t.Errorf("the auditor got %q", m.Template)
		}
	})
}
