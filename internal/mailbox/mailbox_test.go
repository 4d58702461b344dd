package mailbox_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var (
	ctx      = context.Background()
	program  = access.SystemActor("mailbox")
	clerk    = yunshitest.Staff("acc_clerk", access.Finance)
	jurist   = yunshitest.Staff("acc_jurist", access.Contracts)
	reviewer = yunshitest.Staff("acc_reviewer", access.Reviewer)
	auditor  = yunshitest.Staff("acc_auditor", access.Auditor)
)

var day, _ = calendar.Parse("2026-03-02")

// server is the receiving server whose word on the sender counts.
const server = "mx.operator.example"

func box(t testing.TB) mailbox.Box {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return mailbox.Box{Files: file.New(store, dbtest.Vault()), Trusted: server, Domain: "market.example"}
}

// mail is a mail to be written.
type mail struct {
	from, id, subject, body string
	headers                 []string
	name                    string // of the attachment
	data                    []byte // of the attachment; nil is none
}

const proven = "Authentication-Results: " + server + "; dmarc=pass header.from=example.com"

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82")

// picture is a picture of a voucher, too large for a signature's logo.
var picture = append(slices.Clone(png), make([]byte, 4000)...)

// prescribed is a mail of the prescribed form by the vendor's person, with the
// voucher's amount and day beside what is prescribed.
func prescribed(v vendor.Vendor) mail {
	return mail{
		from: "wang@example.com", id: "one@example.com", subject: v.Company.Name + "入驻云市场保证金缴纳通知", headers: []string{proven},
		body: "入驻云市场保证金已交纳，申请“开通云市场”并同时“申请开保证金收据”\n账号 ID：" + v.ID + "\n公司名称：" + v.Company.Name +
			"\n快递地址：北京市海淀区中关村大街 1 号\n收件人：王芳\n收件人电话：13800138000\n汇款金额：5000 元\n汇款日期：2026-03-02\n",
		name: "voucher.png", data: picture,
	}
}

func (m mail) write() []byte {
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	for _, h := range m.headers {
		line("%s", h)
	}
	line("From: <%s>", m.from)
	line("Date: Mon, 23 Nov 2026 09:30:00 +0800")
	if m.id != "" {
		line("Message-ID: <%s>", m.id)
	}
	line("Subject: =?utf-8?B?%s?=", base64.StdEncoding.EncodeToString([]byte(m.subject)))
	line("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n")
	line("--b0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", strings.ReplaceAll(m.body, "\n", "\r\n"))
	if m.data != nil {
		line("--b0\r\nContent-Type: image/png; name=%s\r\nContent-Disposition: attachment; filename=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s",
			m.name, m.name, base64.StdEncoding.EncodeToString(m.data))
	}
	line("--b0--")
	return b.Bytes()
}

func keep(t testing.TB, d *db.DB, b mailbox.Box, raw []byte) (mailbox.Letter, bool) {
	t.Helper()
	l, fresh, err := b.Read(ctx, d, program, mailbox.ByUpload, "mail.eml", raw)
	if err != nil {
		t.Fatal(err)
	}
	return l, fresh
}

// do runs an operation in its own transaction.
func do[I, O any](d *db.DB, by access.Actor, op func(context.Context, *db.Tx, access.Actor, I) (O, error), in I) (out O, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		out, err = op(ctx, tx, by, in)
		return err
	})
	return out, err
}

func list(t testing.TB, d *db.DB, f mailbox.Filter) []mailbox.Listed {
	t.Helper()
	var out []mailbox.Listed
	f.Limit = 100
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		out, err = mailbox.List(ctx, tx, auditor, f)
		return err
	})
	return out
}

// asked is a vendor that is to pay a deposit.
func asked(t testing.TB, d *db.DB) vendor.Vendor {
	t.Helper()
	v := yunshitest.Vendor(t, d)
	yunshitest.Qualify(t, d, v.ID, policy.Platform, "api")
	yunshitest.Contract(t, d, v.ID, yunshitest.Terms{})
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		return deposit.EnsureRequest(ctx, tx, program, event.Ref{VendorID: v.ID})
	})
	return v
}

// Read again, in another order, by another way or as a redirected copy, a mail is
// one letter. Rule D-6.
func TestAMailIsKeptOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		m := prescribed(v)
		first, fresh := keep(t, d, b, m.write())
		if !fresh || first.Status != mailbox.Waiting || first.VendorID != v.ID || first.Fit != mailbox.Certain || !first.Passed {
			t.Errorf("first: fresh %v, %s, vendor %s, %s %v, passed %v", fresh, first.Status, first.VendorID, first.Fit, first.Doubts, first.Passed)
		}
		copied := m
		copied.headers = append([]string{"Received: by relay.example"}, m.headers...)
		for what, raw := range map[string][]byte{"the same bytes": m.write(), "a redirected copy": copied.write()} {
			if again, fresh := keep(t, d, b, raw); fresh || again.ID != first.ID {
				t.Errorf("%s: fresh %v, %s where %s stands", what, fresh, again.ID, first.ID)
			}
		}
		other := m
		other.from = "thief@example.net"
		if l, fresh := keep(t, d, b, other.write()); !fresh || l.ID == first.ID {
			t.Error("a mail of another sender under a stolen Message-ID is taken for the known one")
		}
		more := m
		more.data = append(slices.Clone(picture), 1)
		if l, fresh := keep(t, d, b, more.write()); !fresh || l.ID == first.ID {
			t.Error("a mail with another voucher under the same Message-ID is taken for the known one")
		}
		nameless := m
		nameless.id = ""
		if _, fresh := keep(t, d, b, nameless.write()); !fresh {
			t.Error("a mail without a Message-ID was dropped")
		}
		if n := len(list(t, d, mailbox.Filter{})); n != 4 {
			t.Errorf("%d letters, want 4", n)
		}
	})
}

// Two processes that read the same mail at once make one row.
func TestTwoReadersAtOnceMakeOneLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		raw := prescribed(v).write()
		var wait sync.WaitGroup
		var mu sync.Mutex
		ids, made := make(map[string]bool), 0
		for range 6 {
			wait.Go(func() {
				l, fresh, err := b.Read(ctx, d, program, mailbox.ByFile, "mail.eml", raw)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if ids[l.ID] = true; fresh {
					made++
				}
			})
		}
		wait.Wait()
		if len(ids) != 1 || made != 1 || len(list(t, d, mailbox.Filter{})) != 1 {
			t.Errorf("%d ids, %d made, %d rows; want one of each", len(ids), made, len(list(t, d, mailbox.Filter{})))
		}
		var kept int64
		yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
			kept, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM file`)
			return err
		})
		if kept != 2 {
			t.Errorf("%d files are kept, want the mail and its attachment", kept)
		}
	})
}

// Lists hold nothing personal, and who only looks on sees it masked on the letter too.
func TestPersonalDataIsMasked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		l, _ := keep(t, d, b, prescribed(v).write())
		all := []mailbox.Letter{list(t, d, mailbox.Filter{})[0].Letter}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			whole, err := mailbox.Get(ctx, tx, clerk, mailbox.Chosen{ID: l.ID})
			if err != nil {
				return err
			}
			if !whole.Whole || whole.Content.Fields.Phone != "13800138000" || whole.Content.From.Mail != "wang@example.com" {
				t.Errorf("who handles mail sees %+v", whole.Content)
			}
			seen, err := mailbox.Get(ctx, tx, auditor, mailbox.Chosen{ID: l.ID})
			all = append(all, seen.Letter)
			if !seen.Known {
				t.Error("a masked sender is not known any more")
			}
			return err
		})
		for i, x := range all {
			said := fmt.Sprintf("%+v", x.Content)
			for _, personal := range []string{"wang@", "13800138000", "王芳", "中关村大街"} {
				if strings.Contains(said, personal) {
					t.Errorf("%d: %s is shown in %s", i, personal, said)
				}
			}
		}
	})
}

// What cannot be read, our own copies and automatic answers are letters too.
func TestNothingIsDropped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		with := func(change func(m *mail)) []byte {
			m := prescribed(v)
			m.id = ""
			change(&m)
			return m.write()
		}
		parts := "From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
			strings.Repeat("--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n", 10_000) + "--b--\r\n"
		for _, c := range []struct {
			name    string
			raw     []byte
			status  mailbox.Status
			why     mailbox.Why
			problem letter.Problem
		}{
			{"no mail", []byte("\x00\x01\x02"), mailbox.Unreadable, "", letter.Damaged},
			{"encrypted", []byte("From: a@example.com\r\nSubject: x\r\nContent-Type: application/pkcs7-mime\r\n\r\nAAAA"), mailbox.Unreadable, "", letter.Encrypted},
			{"10,000 parts", []byte(parts), mailbox.Waiting, "", letter.TooManyParts},
			{"ours by its header", with(func(m *mail) { m.headers = []string{"X-Yunshi-Message: msg_1"} }), mailbox.Ignored, mailbox.Own, ""},
			{"ours by its id", with(func(m *mail) { m.id = "msg_01jd8k2x3y4z5a6b7c8d9e0f1g@market.example" }), mailbox.Ignored, mailbox.Own, ""},
			{"staff of our domain", with(func(m *mail) { m.id = "CAF4321@market.example" }), mailbox.Waiting, "", ""},
			{"automatic", with(func(m *mail) { m.headers = []string{"Auto-Submitted: auto-replied"} }), mailbox.Ignored, mailbox.Automatic, ""},
		} {
			l, fresh := keep(t, d, b, c.raw)
			if !fresh || l.Status != c.status || l.Why != c.why || c.problem != "" && !slices.Contains(l.Content.Problems, c.problem) {
				t.Errorf("%s: fresh %v, %s %s %v; want %s %s %s", c.name, fresh, l.Status, l.Why, l.Content.Problems, c.status, c.why, c.problem)
			}
			f := file.File{ID: l.FileID, SHA256: l.SHA256, Size: int64(len(c.raw))}
			if data, err := b.Files.Open(ctx, f); err != nil || !bytes.Equal(data, c.raw) {
				t.Errorf("%s: the mail is not kept as it came: %v", c.name, err)
			}
		}
		if _, _, err := b.Read(ctx, d, program, mailbox.ByFile, "x", nil); !errors.Is(err, fault.Invalid) {
			t.Errorf("an empty file: %v", err)
		}
		if _, _, err := b.Read(ctx, d, program, mailbox.ByFile, "x", make([]byte, letter.Usual().Bytes+1)); !errors.Is(err, fault.TooLarge) {
			t.Errorf("a file beyond the limit: %v", err)
		}
		ignored := list(t, d, mailbox.Filter{Status: mailbox.Ignored})
		l, err := do(d, jurist, mailbox.TakeUp, mailbox.Chosen{ID: ignored[0].ID})
		if err != nil || l.Status != mailbox.Waiting {
			t.Errorf("taken up: %s, %v", l.Status, err)
		}
	})
}

// Who is meant is concluded from id, name and sender. Rule D-6.
func TestMatching(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v, other := box(t), yunshitest.Vendor(t, d), yunshitest.Vendor(t, d)
		person := yunshitest.Person(t, d, yunshitest.Owner(v.ID), "王芳")
		personsMail := person.ID + "@example.com"
		for i, c := range []struct {
			name          string
			id, co, from  string
			want          string
			fit           mailbox.Fit
			doubts        []mailbox.Doubt
			known, passed bool
		}{
			{"all agree", person.ID, v.Company.Name, "wang@example.com", v.ID, mailbox.Certain, nil, true, true},
			{"the vendor's own id, a stranger", v.ID, v.Company.Name, "stranger@example.com", v.ID, mailbox.Certain, nil, false, true},
			{"in capitals", strings.ToUpper(v.ID), v.Company.Name, "wang@example.com", v.ID, mailbox.Certain, nil, true, true},
			{"brackets typed otherwise", v.ID, strings.NewReplacer("（", "(", "）", ")").Replace(v.Company.Name), "wang@example.com", v.ID, mailbox.Certain, nil, true, true},
			{"name and sender", "", v.Company.Name, personsMail, v.ID, mailbox.Certain, nil, true, true},
			{"only the id", v.ID, "", "x@example.net", v.ID, mailbox.Doubtful, []mailbox.Doubt{mailbox.OneSign}, false, false},
			{"only the name", "", v.Company.Name, "x@example.net", v.ID, mailbox.Doubtful, []mailbox.Doubt{mailbox.OneSign}, false, false},
			{"only the sender", "", "", personsMail, v.ID, mailbox.Doubtful, []mailbox.Doubt{mailbox.OnlySender}, true, true},
			{"id against name", other.ID, v.Company.Name, "x@example.net", "", mailbox.Doubtful, []mailbox.Doubt{mailbox.Contradiction}, false, false},
			{"id against name and sender", other.ID, v.Company.Name, personsMail, v.ID, mailbox.Doubtful, []mailbox.Doubt{mailbox.Contradiction}, true, true},
			{"an id of nobody", "acc_nobody", v.Company.Name, personsMail, v.ID, mailbox.Doubtful, []mailbox.Doubt{mailbox.UnknownID}, true, true},
			{"nobody at all", "acc_nobody", "没有这家公司", "x@example.net", "", mailbox.NoFit, []mailbox.Doubt{mailbox.UnknownID, mailbox.UnknownName}, false, false},
		} {
			m := mail{from: c.from, id: fmt.Sprint(i, "@example.com"), subject: "notice", body: "您好\n", headers: []string{proven}}
			if c.id != "" {
				m.body += "账号 ID：" + c.id + "\n"
			}
			if c.co != "" {
				m.body += "公司名称：" + c.co + "\n"
			}
			if strings.HasSuffix(c.from, ".net") {
				m.headers = []string{"Authentication-Results: " + server + "; dmarc=fail header.from=example.net"}
			}
			l, _ := keep(t, d, b, m.write())
			if l.VendorID != c.want || l.Fit != c.fit || l.Passed != c.passed || cmp.Diff(c.doubts, l.Doubts) != "" {
				t.Errorf("%s: vendor %q %s %v passed %v; want %q %s %v passed %v", c.name, l.VendorID, l.Fit, l.Doubts, l.Passed, c.want, c.fit, c.doubts, c.passed)
			}
			var detail mailbox.Detail
			yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
				detail, err = mailbox.Get(ctx, tx, auditor, mailbox.Chosen{ID: l.ID})
				return err
			})
			if detail.Known != c.known || c.want != "" && detail.VendorName != v.Company.Name {
				t.Errorf("%s: known %v, vendor %q; want known %v", c.name, detail.Known, detail.VendorName, c.known)
			}
		}
	})
}

// A sender is believed only by the word of the receiving server, and only its own:
// what the mail brought with it is the sender's.
func TestForgedSender(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), asked(t, d)
		for i, c := range []struct {
			name    string
			headers []string
			passed  bool
		}{
			{"proven", []string{proven}, true},
			{"nothing said", nil, false},
			{"another server's word", []string{"Authentication-Results: mx.evil.example; dmarc=pass header.from=example.com"}, false},
			{"a made-up line below the server's own", []string{"Authentication-Results: " + server + "; dmarc=fail header.from=example.com", proven}, false},
			{"DKIM of another domain", []string{"Authentication-Results: " + server + "; dkim=pass header.d=evil.example"}, false},
		} {
			m := prescribed(v)
			m.id, m.headers = fmt.Sprint(i, "@example.com"), c.headers
			if l, _ := keep(t, d, b, m.write()); l.Passed != c.passed || l.Status != mailbox.Waiting {
				t.Errorf("%s: passed %v, %s", c.name, l.Passed, l.Status)
			}
		}
		forged := prescribed(v)
		forged.id, forged.headers = "forged@example.com", nil
		l, _ := keep(t, d, b, forged.write())
		paper := mailbox.Presentation{ID: l.ID, Amount: money.CNY(500000), PaidOn: day, Way: "online", File: l.Attachments[0].FileID}
		if _, err := do(d, clerk, mailbox.Present, paper); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "/sender_asked") {
			t.Errorf("a voucher of a forged sender: %v", err)
		}
	})
}

// A person enters the voucher of a letter; the vendor has it as if it had presented
// it. Another role, another time and bad input are refused. Rule D-6.
func TestPresent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), asked(t, d)
		m := prescribed(v)
		l, _ := keep(t, d, b, m.write())
		paper := mailbox.Presentation{ID: l.ID, Amount: money.CNY(500000), PaidOn: day, Way: "online", File: l.Attachments[0].FileID,
			AsksOpening: true, AsksReceipt: true, Address: l.Content.Fields.Address, Recipient: "王芳", Phone: "13800138000"}
		for what, by := range map[string]access.Actor{"a reviewer": reviewer, "an auditor": auditor, "the vendor": yunshitest.Owner(v.ID)} {
			if _, err := do(d, by, mailbox.Present, paper); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s enters a voucher: %v", what, err)
			}
		}
		for what, change := range map[string]func(p *mailbox.Presentation){
			"/file":    func(p *mailbox.Presentation) { p.File = "fil_other" },
			"/amount":  func(p *mailbox.Presentation) { p.Amount = money.CNY(0) },
			"/paid_on": func(p *mailbox.Presentation) { p.PaidOn = calendar.Day{} },
			"/way":     func(p *mailbox.Presentation) { p.Way = "" },
		} {
			bad := paper
			change(&bad)
			if _, err := do(d, clerk, mailbox.Present, bad); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), what) {
				t.Errorf("a voucher with a bad %s: %v", what, err)
			}
		}
		if _, err := do(d, jurist, mailbox.Claim, mailbox.Chosen{ID: l.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := do(d, clerk, mailbox.Present, paper); !errors.Is(err, fault.Conflict) {
			t.Errorf("a letter that a colleague looks into: %v", err)
		}
		done, err := do(d, jurist, mailbox.Present, paper)
		if err != nil || done.Status != mailbox.Done || done.VoucherID == "" || done.DecidedBy != jurist.ID {
			t.Fatalf("%+v, %v", done, err)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			x, err := deposit.GetVoucher(ctx, tx, clerk, done.VoucherID)
			if err != nil {
				return err
			}
			if x.VendorID != v.ID || x.PresentedBy != jurist.ID || x.Amount != paper.Amount || x.Status != deposit.VoucherPresented || x.Courier.Recipient != "王芳" {
				t.Errorf("voucher %+v", x)
			}
			f, err := file.Get(ctx, tx, yunshitest.Owner(v.ID), x.FileID)
			if err != nil || f.Purpose != file.Voucher || f.VendorID != v.ID {
				t.Errorf("the voucher's document as the vendor sees it: %+v, %v", f, err)
			}
			if _, err := file.Get(ctx, tx, yunshitest.Owner(v.ID), l.FileID); !errors.Is(err, fault.NotFound) {
				t.Errorf("the vendor reads the operator's mail: %v", err)
			}
			if _, err := file.Get(ctx, tx, reviewer, l.FileID); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a reviewer reads the mail: %v", err)
			}
			if _, err := file.Get(ctx, tx, auditor, l.FileID); err != nil {
				t.Errorf("the auditor reads the mail: %v", err)
			}
			return nil
		})
		for what, op := range map[string]func(context.Context, *db.Tx, access.Actor, mailbox.Chosen) (mailbox.Letter, error){"claim": mailbox.Claim, "take up": mailbox.TakeUp} {
			if _, err := do(d, jurist, op, mailbox.Chosen{ID: l.ID}); !errors.Is(err, fault.Conflict) {
				t.Errorf("%s of a letter that is done: %v", what, err)
			}
		}
		if _, err := do(d, jurist, mailbox.Present, paper); !errors.Is(err, fault.Conflict) {
			t.Errorf("entered twice: %v", err)
		}
	})
}

// Two people press the button at once: one voucher.
func TestPresentedTwiceAtOnceIsOneVoucher(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), asked(t, d)
		l, _ := keep(t, d, b, prescribed(v).write())
		paper := mailbox.Presentation{ID: l.ID, Amount: money.CNY(500000), PaidOn: day, Way: "online", File: l.Attachments[0].FileID}
		errs := make([]error, 2)
		var wait sync.WaitGroup
		for i, by := range []access.Actor{clerk, jurist} {
			wait.Go(func() { _, errs[i] = do(d, by, mailbox.Present, paper) })
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), fault.Conflict) {
			t.Errorf("%v and %v; want one to win and the other to be a conflict", errs[0], errs[1])
		}
	})
}

// A doubtful letter leads to nothing before a person says whose it is.
func TestMatchFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v, other := box(t), asked(t, d), asked(t, d)
		m := prescribed(v)
		m.body = strings.ReplaceAll(m.body, v.ID, other.ID)
		l, _ := keep(t, d, b, m.write())
		paper := mailbox.Presentation{ID: l.ID, Amount: money.CNY(500000), PaidOn: day, Way: "online", File: l.Attachments[0].FileID, Asked: true}
		if _, err := do(d, clerk, mailbox.Present, paper); !errors.Is(err, fault.Conflict) {
			t.Errorf("entered before it is clear whose it is: %v", err)
		}
		for _, id := range []string{"", "ven_nobody"} {
			if _, err := do(d, clerk, mailbox.Match, mailbox.Matching{ID: l.ID, VendorID: id}); !errors.Is(err, fault.Invalid) {
				t.Errorf("matched to %q: %v", id, err)
			}
		}
		if _, err := do(d, reviewer, mailbox.Match, mailbox.Matching{ID: l.ID, VendorID: v.ID}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("matched by a reviewer: %v", err)
		}
		if l, err := do(d, clerk, mailbox.Match, mailbox.Matching{ID: l.ID, VendorID: v.ID}); err != nil || l.Fit != mailbox.ByPerson || l.VendorID != v.ID {
			t.Fatalf("%+v, %v", l, err)
		}
		if _, err := do(d, clerk, mailbox.Present, paper); err != nil {
			t.Error(err)
		}
	})
}

func TestDismissAndSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b, v := box(t), yunshitest.Vendor(t, d)
		l, _ := keep(t, d, b, prescribed(v).write())
		for i := range 3 {
			keep(t, d, b, mail{from: "else@example.com", id: fmt.Sprint(i, "@else"), subject: "别的", body: "您好"}.write())
		}
		for search, want := range map[string]int{"测试软件": 1, strings.ToUpper("wang@example.com"): 1, "else@example.com": 3, l.ID: 1, "%": 0, "": 4} {
			if n := len(list(t, d, mailbox.Filter{Search: search})); n != want {
				t.Errorf("search %q finds %d, want %d", search, n, want)
			}
		}
		waiting := list(t, d, mailbox.Filter{Status: mailbox.Waiting})
		if waiting[0].ID != l.ID || waiting[0].VendorName != v.Company.Name {
			t.Errorf("the queue begins with %s of %q", waiting[0].ID, waiting[0].VendorName)
		}
		if _, err := do(d, clerk, mailbox.Dismiss, mailbox.Dismissal{ID: l.ID, Reason: " "}); !errors.Is(err, fault.Invalid) {
			t.Errorf("put aside without a reason: %v", err)
		}
		if l, err := do(d, clerk, mailbox.Dismiss, mailbox.Dismissal{ID: l.ID, Reason: "重复的通知"}); err != nil || l.Status != mailbox.Dismissed || l.Reason != "重复的通知" {
			t.Errorf("%+v, %v", l, err)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			n, err := mailbox.Counts(ctx, tx, auditor)
			if diff := cmp.Diff(map[mailbox.Status]int{mailbox.Waiting: 3, mailbox.Dismissed: 1}, n); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			for what, err := range map[string]error{
				"list":  func() error { _, err := mailbox.List(ctx, tx, reviewer, mailbox.Filter{}); return err }(),
				"get":   func() error { _, err := mailbox.Get(ctx, tx, reviewer, mailbox.Chosen{ID: l.ID}); return err }(),
				"count": func() error { _, err := mailbox.Counts(ctx, tx, yunshitest.Owner(v.ID)); return err }(),
			} {
				if !errors.Is(err, fault.Forbidden) {
					t.Errorf("%s without the right: %v", what, err)
				}
			}
			return err
		})
	})
}
