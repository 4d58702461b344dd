package console_test

import (
	"archive/zip"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// The owner asks on the page, is told, downloads; colleagues and strangers get nothing.
func TestDataPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a, v := member(w, "wang", "13800138000")
		other, _ := member(w, "li", "13900139000")
		nobody := w.Member("zhao", "13700137000")
		colleague := w.Member("qian", "13600136000")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			return account.Join(ctx, tx, colleague.ID, v.ID, access.Support)
		})
		w.As(nobody).Get("/console/data").Want(200, "还没有公司资料")
		w.As(colleague).Get("/console/data").Want(200, "只有公司负责人可以下载公司数据").Lacks("生成数据文件")
		w.As(colleague).Post("/console/data", nil).Want(403)
		b := w.As(a)
		b.Get("/console/data?lang=en").Want(200, "Your data", "None yet", "kept for 7 days")
		b.Get("/console/data?lang=zh-CN").Want(200, "数据下载", "还没有生成过", "文件保留 7 天", "每天最多生成 3 份")
		b.Submit("/console/data", nil).Want(200, "正在生成", "等待开始", "排队中")
		if b.Page.Header.Get("Refresh") != "3" {
			t.Error("the page does not reload itself while it is made")
		}
		b.Post("/console/data", nil).Want(200, "已有一份数据正在生成")
		stop := button(b.Page.Body, "/console/data/", "/stop")
		b.Submit(stop, nil).Want(200, "已取消")
		b.Submit("/console/data", nil)
		w.Drain()
		b.Get("/console/data").Want(200, "可下载", "条记录")
		if b.Page.Header.Get("Refresh") != "" {
			t.Error("the page goes on to reload itself")
		}
		var href string
		for _, l := range b.Page.Links() {
			if strings.HasSuffix(l, "/download") {
				href = l
			}
		}
		p := b.Get(href)
		if p.Status != http.StatusOK || p.Header.Get("Content-Type") != "application/zip" || p.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s is %d %s", href, p.Status, p.Header.Get("Content-Type"))
		}
		z, err := zip.NewReader(strings.NewReader(p.Body), int64(len(p.Body)))
		if err != nil || len(z.File) < 80 {
			t.Fatalf("no file with the data came: %v", err)
		}
		for name, stranger := range map[string]account.Account{"another owner": other, "who has no company": nobody} {
			if p := w.As(stranger).Get(href); p.Status != http.StatusNotFound {
				t.Errorf("%s gets %d", name, p.Status)
			}
		}
		if p := w.As(colleague).Get(href); p.Status != http.StatusForbidden {
			t.Errorf("a colleague gets %d", p.Status)
		}
		boss := w.Staff("boss", access.Administrator)
		if p := w.As(boss).Get(href); p.Status != http.StatusForbidden {
			t.Errorf("an administrator gets %d", p.Status)
		}
		if m := w.Message(a.Mail); !strings.Contains(m.Subject, "已可下载") || strings.Contains(m.Body, "tko_") || strings.Contains(m.Link, "tko_") {
			t.Errorf("the owner is told %q, %q", m.Subject, m.Link)
		}
		b.Get("/console/timeline").Want(200, "申请下载企业数据", "生成了企业数据文件", "下载了企业数据")
		w.Advance(2 * time.Hour) // the proof is old: the password is asked for again
		if b.Get(href); !strings.HasPrefix(b.Page.Path, "/security/prove") {
			t.Errorf("with an old proof one is led to %s", b.Page.Path)
		}
		if b.Post("/console/data", nil); !strings.HasPrefix(b.Page.Path, "/security/prove") {
			t.Errorf("with an old proof one asks and is led to %s", b.Page.Path)
		}
	})
}

// button is the action of a form between two parts.
func button(body, from, to string) string {
	for part := range strings.SplitSeq(body, `action="`) {
		if at, _, ok := strings.Cut(part, `"`); ok && strings.HasPrefix(at, from) && strings.HasSuffix(at, to) {
			return at
		}
	}
	return ""
}

// A company that left or was evicted may still take its data out. Rule X-1.
func TestWhoLeftTakesTheDataOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, parting := range []vendor.Parting{vendor.Leaving, vendor.Left, vendor.Evicted} {
			t.Run(string(parting), func(t *testing.T) {
				w := world.Open(t, dbtestOf(t, d))
				a, v := member(w, "wang", "13800138000")
				w.Write(func(ctx context.Context, tx *db.Tx) error { return vendor.Part(ctx, tx, v.ID, vendor.Stays, parting) })
				b := w.As(a) // signs in
				b.Get("/console/data").Want(200, "生成数据文件")
				b.Submit("/console/data", nil).Want(200, "正在生成")
				w.Drain()
				b.Get("/console/data").Want(200, "可下载")
			})
		}
	})
}

// dbtestOf is an empty database of the same kind.
func dbtestOf(t *testing.T, d *db.DB) *db.DB {
	if d.Dialect() == db.Postgres {
		return dbtest.Postgres(t)
	}
	return dbtest.SQLite(t)
}
