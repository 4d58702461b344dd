package mailbox_test

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// What a mail lacks of the prescribed form is named. Rule D-6.
func TestLacks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		for name, c := range map[string]struct {
			change func(m *mail)
			want   []mailbox.Lack
		}{
			"nothing":     {func(*mail) {}, nil},
			"no voucher":  {func(m *mail) { m.data = nil }, []mailbox.Lack{mailbox.LacksVoucher}},
			"no document": {func(m *mail) { m.data = []byte("MZ a program") }, []mailbox.Lack{mailbox.LacksVoucher}},
			"no address":  {func(m *mail) { m.body = strings.ReplaceAll(m.body, "快递地址", "某处") }, []mailbox.Lack{mailbox.LacksAddress}},
			"no sentence": {func(m *mail) {
				m.body = strings.NewReplacer("开通云市场", "", "申请开保证金收据", "").Replace(m.body)
			}, []mailbox.Lack{mailbox.LacksOpening, mailbox.LacksReceipt}},
			"two names":    {func(m *mail) { m.subject = "另一家公司入驻云市场保证金缴纳通知" }, []mailbox.Lack{mailbox.LacksSubject, mailbox.LacksCompany}},
			"only a hello": {func(m *mail) { m.subject, m.body, m.data = "hello", "hello\n", nil }, mailbox.AllLacks()[1:]},
		} {
			m := prescribed(v)
			m.id = ""
			c.change(&m)
			l, _ := keep(t, d, b, m.write())
			want := c.want
			if name == "only a hello" { // that it was paid by another, a person has to know
				want = nil
				for _, x := range c.want {
					if x != mailbox.LacksRemitter {
						want = append(want, x)
					}
				}
			}
			if diff := cmp.Diff(want, l.Lacks()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// A person asks the sender for what is missing, once; a machine is never answered.
// Rule D-6.
func TestAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		m := prescribed(v)
		m.data = nil
		l, _ := keep(t, d, b, m.write())
		ask := mailbox.Reply{ID: l.ID, Missing: []mailbox.Lack{mailbox.LacksVoucher, mailbox.LacksPhone, mailbox.LacksVoucher}}
		for what, by := range map[string]access.Actor{"a reviewer": reviewer, "an auditor": auditor, "the vendor": yunshitest.Owner(v.ID)} {
			if _, err := do(d, by, mailbox.Answer, ask); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s answers: %v", what, err)
			}
		}
		for what, missing := range map[string][]mailbox.Lack{"nothing": nil, "something unknown": {"money"}} {
			if _, err := do(d, clerk, mailbox.Answer, mailbox.Reply{ID: l.ID, Missing: missing}); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s is missing: %v", what, err)
			}
		}
		errs := make([]error, 2)
		var wait sync.WaitGroup
		for i, by := range []access.Actor{clerk, jurist} {
			wait.Go(func() { _, errs[i] = do(d, by, mailbox.Answer, ask) })
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), fault.Conflict) {
			t.Errorf("asked twice at once: %v and %v", errs[0], errs[1])
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			detail, err := mailbox.Get(ctx, tx, auditor, mailbox.Chosen{ID: l.ID})
			if err != nil || detail.AnsweredAt.IsZero() || detail.AnsweredBy == "" || detail.Status != mailbox.Waiting {
				t.Errorf("the letter %+v, %v", detail.Letter, err)
			}
			all, err := event.List(ctx, tx, auditor, event.Filter{Subject: l.ID, Limit: 10})
			if err != nil {
				return err
			}
			var answered int
			for _, e := range all {
				if e.Kind != mailbox.Answered.Name {
					continue
				}
				answered++
				var data mailbox.AnsweredData
				if err := e.Into(&data); err != nil || cmp.Diff([]mailbox.Lack{mailbox.LacksPhone, mailbox.LacksVoucher}, data.Missing) != "" {
					t.Errorf("the event holds %v, %v", data, err)
				}
			}
			if answered != 1 {
				t.Errorf("%d answers are recorded", answered)
			}
			to, err := mailbox.ToAnswer(ctx, tx, l.ID)
			if to.To != "wang@example.com" || to.Lang != text.ZH {
				t.Errorf("the answer goes to %+v", to)
			}
			return err
		})

		for what, change := range map[string]func(m *mail){
			"an automatic answer": func(m *mail) { m.headers = []string{"Auto-Submitted: auto-replied"} },
			"a copy of ours":      func(m *mail) { m.headers = []string{"X-Yunshi-Message: msg_1"} },
			"a mailing list":      func(m *mail) { m.headers = []string{"Precedence: list"} },
			"a mail daemon":       func(m *mail) { m.from = "MAILER-DAEMON@example.com" },
			"nobody":              func(m *mail) { m.from = "" },
		} {
			m := prescribed(v)
			m.id = ""
			change(&m)
			l, _ := keep(t, d, b, m.write())
			if l.Status == mailbox.Ignored {
				var err error
				if l, err = do(d, clerk, mailbox.TakeUp, mailbox.Chosen{ID: l.ID}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := do(d, clerk, mailbox.Answer, mailbox.Reply{ID: l.ID, Missing: []mailbox.Lack{mailbox.LacksVoucher}}); !errors.Is(err, fault.Conflict) {
				t.Errorf("%s is answered: %v", what, err)
			}
		}
	})
}

// By itself only a letter is entered that leaves nothing to judge, and only where the
// policy says so. Rule D-6.
func TestPresentItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := box(t)
		var reg job.Registry
		job.HandleOutside(&reg, mailbox.PresentJob, mailbox.PresentItself(d))
		var said text.Named
		runner := job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 1)
		present := func(l mailbox.Letter) mailbox.Letter {
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				return mailbox.QueuePresenting(ctx, tx, program, event.Ref{Subject: l.ID})
			})
			if err := runner.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				detail, err := mailbox.Get(ctx, tx, auditor, mailbox.Chosen{ID: l.ID})
				l, said = detail.Letter, detail.Left
				return err
			})
			return l
		}
		arrive := func(raw []byte) mailbox.Letter {
			in, err := b.Take(ctx, "1.eml", raw, false)
			if err != nil {
				t.Fatal(err)
			}
			var l mailbox.Letter
			yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
				l, _, err = mailbox.Keep(ctx, tx, program, in)
				return err
			})
			return present(l)
		}
		whole := func(change func(m *mail)) []byte {
			m := prescribed(asked(t, d))
			m.id = ""
			m.body += "汇款方式：网上银行\n"
			if change != nil {
				change(&m)
			}
			return m.write()
		}
		if l := arrive(whole(nil)); l.Status != mailbox.Waiting {
			t.Errorf("where the policy does not say so a letter is %s", l.Status)
		}
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Mailbox.PresentItself = true })
		dbtest.Advance(d, time.Minute)
		l := arrive(whole(nil))
		if l.Status != mailbox.Done || l.VoucherID == "" || l.DecidedBy != mailbox.PresentJob.Name {
			t.Errorf("a whole letter is %s, %s by %q", l.Status, l.VoucherID, l.DecidedBy)
		}
		for what, change := range map[string]func(m *mail){
			"not proven":      func(m *mail) { m.headers = nil },
			"not registered":  func(m *mail) { m.from = "stranger@example.com" },
			"no amount":       func(m *mail) { m.body = strings.ReplaceAll(m.body, "汇款金额", "某") },
			"no day":          func(m *mail) { m.body = strings.ReplaceAll(m.body, "汇款日期", "某") },
			"no way":          func(m *mail) { m.body = strings.ReplaceAll(m.body, "汇款方式", "某") },
			"no document":     func(m *mail) { m.data = nil },
			"another payer":   func(m *mail) { m.body += "汇款方账户名称：张三\n" },
			"an answer":       func(m *mail) { m.subject = "回复：" + m.subject },
			"answers another": func(m *mail) { m.headers = append(m.headers, "In-Reply-To: <1@example.com>") },
			"to many":         func(m *mail) { m.headers = append(m.headers, "List-Id: <all.example.com>") },
			"two senders":     func(m *mail) { m.headers = append(m.headers, "From: <wang@example.com>") },
			"damaged":         func(m *mail) { m.body += "--b0\r\nContent-Type: text/plain; charset=klingon\r\n\r\nx" },
			"another subject": func(m *mail) { m.subject = "保证金" },
			"doubtful":        func(m *mail) { m.body = strings.ReplaceAll(m.body, "账号 ID：ven_", "账号 ID：ven_x") },
			"in the future":   func(m *mail) { m.body = strings.ReplaceAll(m.body, "2026-03-02", "2026-12-02") },
		} {
			if l := arrive(whole(change)); l.Status != mailbox.Waiting || l.VoucherID != "" {
				t.Errorf("%s: the letter is %s", what, l.Status)
			}
			if left := what == "in the future"; left != (said.ZH != "") || left != (said.EN != "") {
				t.Errorf("%s: its page tells %+v", what, said)
			}
		}
		byHand, _ := keep(t, d, b, whole(nil))
		if l := present(byHand); l.Status != mailbox.Waiting {
			t.Errorf("a letter handed in as a file, which anybody can write, is %s", l.Status)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			left, err := event.List(ctx, tx, auditor, event.Filter{Limit: 100})
			n := 0
			for _, e := range left {
				if e.Kind == mailbox.Left.Name {
					n++
				}
			}
			if n != 1 { // what the deposit itself refuses: the day that is still to come
				t.Errorf("%d letters are left to a person with a reason, want 1", n)
			}
			return err
		})
	})
}
