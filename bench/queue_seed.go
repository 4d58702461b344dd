package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/market"
)

// seedQueues fills a marketplace with the demo, by operations, and then with copies
// of its rows until so many applications wait; the other queues are as long. It is
// done once: the company that is written last tells.
func seedQueues(ctx context.Context, b *bench, s store, what string) error {
	if err := s.make(ctx, what); err != nil {
		return err
	}
	c, err := s.config(what)
	if err != nil {
		return err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return fmt.Errorf("%w (queues of another version? remove %s)", err, s.folder(what))
	}
	var there int
	err = m.DB.SQL().QueryRowContext(ctx, "SELECT COUNT(*) FROM mark WHERE name = 'bench.queues'").Scan(&there)
	if err != nil || there > 0 {
		return errors.Join(err, m.Close())
	}
	if err := errors.Join(m.Close(), s.remove(ctx, what), s.make(ctx, what)); err != nil {
		return err
	}
	c.Demo, c.Clock = true, demo.NewClock(time.Now)
	if m, err = market.Open(ctx, c); err != nil {
		return err
	}
	b.progress.say("  the demo, by operations")
	if _, err = demo.Fill(ctx, m, nil); err == nil {
		_, _, err = mailbox.Box{Files: m.Files}.Read(ctx, m.DB, access.SystemActor("mailbox"), mailbox.ByFile, "letter.eml", []byte(anyLetter))
	}
	if err == nil {
		err = fillQueues(ctx, cloner{m, b}, b.queue)
	}
	if err == nil {
		err = m.DB.Write(ctx, func(tx *db.Tx) error { return db.SetMark(ctx, tx, "bench.queues", "done") })
	}
	if err == nil { // autovacuum and the daily job do it in earnest
		_, err = m.DB.SQL().ExecContext(ctx, map[bool]string{true: "VACUUM ANALYZE", false: "PRAGMA optimize"}[s.postgres])
	}
	return errors.Join(err, m.Close())
}

// anyLetter is a voucher mailed by somebody who is not known.
const anyLetter = "From: wang@example.com\r\nTo: deposit@example.net\r\nMessage-ID: <1@example.com>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0800\r\n" +
	"Subject: Deposit voucher\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n公司名称：深圳云帆科技有限公司\r\n付款金额：5000.00\r\n付款日期：2026-03-02\r\n"

// Stages of the companies that are written, by their number: the first so many wait
// for their review, half as many more are approved, a tenth have theirs back, and a
// tenth have a draft.
type stages struct{ waiting, approved, back, drafts int }

func stagesOf(n int) stages { return stages{n, n / 2, n / 10, n / 10} }

func (s stages) all() int { return s.waiting + s.approved + s.back + s.drafts }

// of is what stage a company is in, and which of it.
func (s stages) of(i int) (stage string, n int) {
	for _, x := range []struct {
		name string
		n    int
	}{{"waiting", s.waiting}, {"approved", s.approved}, {"back", s.back}, {"draft", s.drafts}} {
		if i < x.n {
			return x.name, i
		}
		i -= x.n
	}
	panic("a company beyond the last")
}

func numbered(prefix string, i int) string { return fmt.Sprintf("%s_0bench%020d", prefix, i) }

// categories are those that products of the queue are of.
var categories = []string{"image", "ops", "software"}

// desks are how many colleagues have something on theirs.
const desks = 40

func fillQueues(ctx context.Context, c cloner, n int) error {
	st := stagesOf(n)
	now := time.Now().UTC().Truncate(time.Microsecond)
	// The promise is 48 hours: of those that wait most are in time.
	since := func(k, of int) time.Time {
		return now.Add(-time.Duration(float64(60*time.Hour) * float64(of-k) / float64(of)))
	}
	holder := func(k int) string {
		if k%12 == 0 {
			return fmt.Sprintf("acc_desk_%02d", k/12%desks)
		}
		return ""
	}
	waiting, err := c.model(ctx, "application", "status = 'submitted'")
	if err != nil {
		return err
	}
	like := "vendor_id = '" + waiting.text("vendor_id") + "'"
	models := map[string]model{"application": waiting}
	for table, where := range map[string]string{"vendor": "id = '" + waiting.text("vendor_id") + "'", "account": like, "submission": like + " AND outcome = ''", "qualification": like} {
		if models[table], err = c.model(ctx, table, where); err != nil {
			return err
		}
	}
	company, err := c.again(ctx, models["vendor"], "company", "id")
	if err != nil {
		return err
	}
	draft, err := c.again(ctx, waiting, "draft", "id")
	if err != nil {
		return err
	}
	paper, err := c.again(ctx, models["submission"], "paper", "id")
	if err != nil {
		return err
	}
	for _, step := range []struct {
		table  string
		n      int
		change func(tx *db.Tx, i int) fields
	}{
		{"vendor", st.all(), func(tx *db.Tx, i int) fields {
			id, name := numbered("ven", i), companyName(int64(i))
			return fields{"id": id, "made_by": numbered("acc", i), "name": name, "name_key": cn.NameKey(name), "shop_name": fmt.Sprintf("云帆%d", i), "uscc": creditCode(int64(i)), "company": company(tx, id)}
		}},
		{"account", st.all(), func(tx *db.Tx, i int) fields {
			return fields{"id": numbered("acc", i), "vendor_id": numbered("ven", i), "mail_index": fmt.Sprintf("bench-%d", i), "phone_index": fmt.Sprintf("bench-%d", i)}
		}},
		{"application", st.all(), func(tx *db.Tx, i int) fields {
			stage, k := st.of(i)
			id := numbered("app", i)
			f := fields{"id": id, "vendor_id": numbered("ven", i), "draft": draft(tx, id), "submission_id": numbered("sub", i)}
			switch stage {
			case "waiting":
				at := since(k, st.waiting)
				f["submitted_at"], f["promised_by"] = at, at.Add(48*time.Hour)
				if h := holder(k); h != "" {
					f["status"], f["holder"], f["held_since"] = "in_review", h, at.Add(time.Hour)
				}
			case "approved":
				at := now.AddDate(0, 0, -30).Add(time.Duration(k) * time.Second)
				f["status"], f["submitted_at"], f["mode"] = "decided", at, "platform"
				switch { // two fifths wait for a contract, a tenth have sent a scan, the others are in term
				case k%10 < 4:
					f["contract_since"] = since(k, st.approved)
				case k%10 > 4:
					f["contract_since"] = at.AddDate(1, 0, 0)
				}
			case "back":
				f["status"], f["submitted_at"] = "returned", now.AddDate(0, 0, -20).Add(time.Duration(k)*time.Second)
			default:
				f["status"], f["submission_id"], f["submitted_at"], f["promised_by"] = "draft", "", nil, nil
			}
			return f
		}},
		{"submission", st.all() - st.drafts, func(tx *db.Tx, i int) fields {
			id := numbered("sub", i)
			f := fields{"id": id, "application_id": numbered("app", i), "vendor_id": numbered("ven", i), "paper": paper(tx, id)}
			if stage, _ := st.of(i); stage != "waiting" {
				f["outcome"], f["decided_by"], f["decided_at"] = map[string]string{"approved": "decided", "back": "returned"}[stage], "acc_desk_00", now.AddDate(0, 0, -19)
			}
			return f
		}},
		{"qualification", st.all() - st.drafts, func(tx *db.Tx, i int) fields {
			f := fields{"vendor_id": numbered("ven", i), "submission_id": numbered("sub", i)}
			if stage, _ := st.of(i); stage == "approved" {
				f["status"], f["approved_at"] = "approved", now.AddDate(0, 0, -19)
			}
			return f
		}},
	} {
		if err := c.write(ctx, models[step.table], step.n, step.change); err != nil {
			return err
		}
	}
	return fillOthers(ctx, c, st, now, holder)
}

// fillOthers writes contracts, products, changes of products, letters and lines.
func fillOthers(ctx context.Context, c cloner, st stages, now time.Time, holder func(int) string) error {
	wanted := []struct{ name, table, where string }{
		{"contract", "contract", "status = 'signed'"}, {"product", "product", "status = 'in_review'"}, {"live", "product", "status = 'on_shelf'"},
		{"change", "product_revision", "1 = 1"}, {"letter", "mail_letter", "status = 'waiting'"}, {"line", "bank_line", "state = 'doubtful'"}, {"claim", "contract", "status = 'signed'"},
	}
	models := make(map[string]model)
	for _, w := range wanted {
		var err error
		if models[w.name], err = c.model(ctx, w.table, w.where); err != nil {
			return err
		}
	}
	letter, err := c.again(ctx, models["letter"], "sealed", "id")
	if err != nil {
		return err
	}
	line, err := c.again(ctx, models["line"], "sealed", "id")
	if err != nil {
		return err
	}
	approved := func(k int) string { return numbered("ven", st.waiting+k%st.approved) }
	states := []string{"certain", "doubtful", "unknown", "taken", "taken", "taken", "taken", "taken", "taken", "taken"}
	steps := []struct {
		model  string
		n      int
		change func(tx *db.Tx, i int) fields
	}{
		{"contract", st.approved * 6 / 10, func(tx *db.Tx, i int) fields {
			k := i/6*10 + 4 + i%6 // those that do not wait for an offer
			f := fields{"id": numbered("ctr", i), "vendor_id": approved(k), "number": fmt.Sprintf("YSHT-2019-%06d", i), "until": now.AddDate(1, 0, -30).Add(time.Duration(k) * time.Second),
				"evidence": "", "terms": "", "way": "paper"}
			if k%10 == 4 {
				f["status"], f["scan_at"], f["until"], f["signed_at"], f["signed_by"], f["way"] = "scanned", now.Add(-time.Duration(i)*time.Second), nil, nil, "", "paper"
			}
			return f
		}},
		{"product", st.waiting, func(tx *db.Tx, i int) fields {
			at := now.Add(-time.Duration(i) * time.Second)
			return fields{"id": numbered("prd", i), "vendor_id": approved(i), "code": "", "name": fmt.Sprintf("云帆 %d 号镜像", i), "category": categories[i%len(categories)], "queued_at": at, "promised_at": at.Add(48 * time.Hour), "holder": holder(i)}
		}},
		{"live", st.waiting / 2, func(tx *db.Tx, i int) fields {
			i += st.waiting
			return fields{"id": numbered("prd", i), "vendor_id": approved(i), "code": "", "name": fmt.Sprintf("云帆 %d 号镜像", i), "category": categories[i%len(categories)]}
		}},
		{"change", st.waiting / 5, func(tx *db.Tx, i int) fields {
			at := now.Add(-time.Duration(i) * 5 * time.Second)
			return fields{"id": numbered("rev", i), "product_id": numbered("prd", st.waiting+i), "vendor_id": approved(st.waiting + i), "status": "submitted", "is_open": true, "route": "light",
				"submitted_at": at, "promised_at": at.Add(24 * time.Hour), "holder": "", "held_at": nil, "spot": ""}
		}},
		{"letter", st.waiting * 3 / 2, func(tx *db.Tx, i int) fields {
			id := numbered("ltr", i)
			f := fields{"id": id, "sha256": fmt.Sprintf("bench-%d", i), "message_index": nil, "sealed": letter(tx, id), "company_key": cn.NameKey(companyName(int64(i)))}
			if i >= st.waiting {
				f["status"] = "done"
			}
			return f
		}},
		{"line", st.waiting, func(tx *db.Tx, i int) fields {
			id := numbered("bln", i)
			f := fields{"id": id, "line_key": fmt.Sprintf("bench-%d", i), "sealed": line(tx, id), "state": states[i%10], "subject": "", "reasons": "[]"}
			if i%10 < 2 {
				f["subject"] = approved(i)
			}
			return f
		}},
	}
	for _, s := range steps {
		if err := c.write(ctx, models[s.model], s.n, s.change); err != nil {
			return err
		}
	}
	return nil
}

// entered lets a session in that waits for a second factor, which would cost each
// sign-in the same.
func entered(ctx context.Context, tx *db.Tx, s account.Session) error {
	_, err := tx.Exec(ctx, `UPDATE account_session SET stage = '', proved_at = $1, expires_at = $2 WHERE id = $3`, tx.Now(), tx.Now().Add(12*time.Hour), s.ID)
	return err
}

// auditor signs a member of the staff in who may see every queue, and returns the
// header line that says so.
func auditor(ctx context.Context, s store, what string) (string, error) {
	c, err := s.config(what)
	if err != nil {
		return "", err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return "", err
	}
	in := account.NewStaff{Mail: fmt.Sprintf("desk-%d@example.com", time.Now().UnixNano()), Name: "赵敏", Roles: []access.Role{access.Auditor}, Password: reviewerPassword}
	var token string
	if err = in.Prepare(ctx); err == nil {
		err = m.DB.Write(ctx, func(tx *db.Tx) error {
			a, err := account.AddStaff(ctx, tx, access.CommandActor("bench"), in)
			if err != nil {
				return err
			}
			ses, err := account.Begin(ctx, tx, a.Actor(), a, "bench")
			token = ses.Token
			return errors.Join(err, entered(ctx, tx, ses))
		})
	}
	return "Cookie: yunshi_session=" + token, errors.Join(err, m.Close())
}
