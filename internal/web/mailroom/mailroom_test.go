package mailroom_test

import (
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// The room shows what the demo would have sent, to whom and with its code; there is
// none outside a demo.
func TestMailRoom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		b := w.Browser()
		b.Get("/mailroom").Want(200, "还没有邮件或短信")
		b.Get("/mailroom?lang=en").Want(200, "No mail or SMS yet")
		w.Member("wang", "13800138000")
		b.Get("/mailroom?lang=zh-CN").Want(200, "wang@vendor.example", "+8613800138000", w.Code("wang@vendor.example"), w.Code("13800138000"))
	})
}

func TestNoMailRoomOutsideADemo(t *testing.T) {
	t.Parallel()
	w := world.Open(t, dbtest.SQLite(t), func(c *market.Config) { c.Demo = false })
	w.Browser().Get("/mailroom").Want(404)
	w.Browser().Get("/signin").Want(200).Lacks("mailroom")
}
