package office_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/mailbox/imap"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// eml is a saved mail of the prescribed form.
func eml(from, id, company, account string) []byte {
	const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AAX+Av6nNYGEAAAAAElFTkSuQmCC"
	data, err := base64.StdEncoding.DecodeString(png)
	if err != nil {
		panic(err)
	}
	body := "入驻云市场保证金已交纳，申请“开通云市场”并同时“申请开保证金收据”\n账号 ID：" + account + "\n公司名称：" + company + "\n<script>alert(1)</script>\n"
	return []byte(strings.ReplaceAll(fmt.Sprintf(`Authentication-Results: mx.operator.example; dmarc=pass header.from=vendor.example
From: <%s>
Message-ID: <%s>
Subject: =?utf-8?B?%s?=
Content-Type: multipart/mixed; boundary=b0

--b0
Content-Type: text/plain; charset=utf-8

%s
--b0
Content-Type: image/png; name=huidan.png
Content-Disposition: attachment; filename=huidan.png
Content-Transfer-Encoding: base64

%s
--b0--
`, from, id, base64.StdEncoding.EncodeToString([]byte(company+"入驻云市场保证金缴纳通知")), body, base64.StdEncoding.EncodeToString(append(data, make([]byte, 4000)...))), "\n", "\r\n"))
}

// Letters by pages alone: uploaded, looked through, entered; wrong roles refused.
// Rule D-6.
func TestMailByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d, func(c *market.Config) { c.Letters.Trusted = "mx.operator.example" })
		owner, v := joined(t, w, "zhou", "13800138001", "api")
		clerk := w.As(w.Staff("clerk", access.Finance))
		clerk.Get("/office/mail").Want(200, "没有邮件", "上传邮件")
		clerk.Get("/office/mail/upload")
		clerk.SubmitWith("/office/mail/upload", url.Values{}, nil).Want(422)
		up := map[string][]world.Document{"file": {{Name: "a.eml", Data: eml(owner.Mail, "1@x", v.Name, owner.ID)}, {Name: "b.eml", Data: []byte{1, 2}}, {Name: "forged.eml", Data: eml("x@example.net", "2@x", v.Name, owner.ID)}}}
		clerk.Get("/office/mail/upload").Want(200, "邮件文件")
		clerk.SubmitWith("/office/mail/upload", url.Values{}, up).Want(200, "新邮件", "无法读取", v.Name)
		clerk.Get("/office/mail/upload")
		clerk.SubmitWith("/office/mail/upload", url.Values{}, up).Want(200, "已有").Lacks("新邮件")
		var list []mailbox.Listed
		w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			list, err = mailbox.List(ctx, tx, access.SystemActor("test"), mailbox.Filter{Status: mailbox.Waiting, Limit: 10})
			return err
		})
		if len(list) != 2 {
			t.Fatalf("%d letters wait, want 2", len(list))
		}
		good, forged := "/office/mail/"+list[0].ID, "/office/mail/"+list[1].ID
		clerk.Get("/office/mail?q="+url.QueryEscape(v.Name)).Want(200, "z***@vendor.example", "x***@example.net", "发件人未通过验证")
		clerk.Get("/files/" + list[0].FileID).Want(200)

		for _, role := range []access.Role{access.Reviewer, access.ProductReviewer} {
			other := w.As(w.Staff(string(role), role))
			other.Get("/office/mail").Want(403)
			other.Get(good).Want(403)
		}
		auditor := w.As(w.Staff("auditor", access.Auditor))
		auditor.Get(good).Want(200, v.Name, "发件人已通过验证").Lacks("提交凭证", "认领")
		w.As(owner).Get(good).Want(403)

		clerk.Get(good).Want(200, v.Name, "已匹配", "<script>alert(1)</script>", "缺少")
		clerk.Get(forged).Want(200, "不是该服务商登记的邮箱", "发件人未通过验证")
		paper := url.Values{"amount": {"5000"}, "paid_on": {"2026-03-02"}, "way": {"online"}, "file": {list[1].Attachments[0].FileID}, "courier_address": {"北京市海淀区某路 1 号"}, "recipient": {"李雷"}, "recipient_phone": {"13800138000"}}
		clerk.Submit(forged+"/present", paper).Want(422, "请先通过登记的联系方式向公司核实")
		clerk.Get(forged)
		clerk.Submit(forged+"/dismiss", url.Values{"reason": {""}}).Want(422)
		clerk.Get(forged)
		clerk.Submit(forged+"/dismiss", url.Values{"reason": {"公司说不是它发的"}}).Want(200, "公司说不是它发的", "重新处理")
		clerk.Get(good)
		clerk.Submit(good+"/claim", nil).Want(200, "已认领", "放回")
		paper.Set("file", list[0].Attachments[0].FileID)
		bad := url.Values{}
		for k, x := range paper {
			bad[k] = x
		}
		bad.Set("amount", "0")
		clerk.Submit(good+"/present", bad).Want(422)
		clerk.Get(good)
		clerk.Submit(good+"/present", paper).Want(200, "凭证已提交", "已录入")
		clerk.Get("/office/deposits/vouchers").Want(200, v.Name)
		w.As(owner).Get("/console/deposit").Want(200, "5,000.00", "待确认")
	})
}

// A mailbox that has not been read for more than an hour is told of, to those who see
// mail, on the first page they see.
func TestUnreadMailboxIsToldOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		settings := imap.Settings{Host: "imap.operator.example", User: "deposit@operator.example", Password: "secret-4711"}
		w := world.Open(t, d, func(c *market.Config) { c.Letters.IMAP = settings })
		clerk, reviewer := w.As(w.Staff("clerk", access.Finance)), w.As(w.Staff("reviewer", access.Reviewer))
		clerk.Get("/office/mail").Want(200, "正在首次收取")
		turn := mailbox.Turn{Source: settings.Source(), Owner: "p"}
		by := access.SystemActor("test")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := turn.Take(ctx, tx, by, time.Minute); err != nil {
				return err
			}
			return turn.Through(ctx, tx)
		})
		w.Advance(time.Minute)
		clerk.Get("/office/mail").Want(200, "上次收取于").Lacks("超过一小时")
		w.Write(func(ctx context.Context, tx *db.Tx) error { return turn.Fail(ctx, tx, mailbox.NoSignIn, "") })
		clerk.Get("/office/mail").Want(200, "收取中断", "拒绝登录", "不会丢失").Lacks("超过一小时", "secret-4711")
		clerk.Get("/office").Want(200).Lacks("没有收取")
		w.Advance(time.Hour)
		clerk.Get("/office/mail").Want(200, "已超过一小时没有收取", "拒绝登录")
		clerk.Get("/office").Want(200, "已超过一小时没有收取")
		reviewer.Get("/office").Want(200).Lacks("没有收取")
	})
}
