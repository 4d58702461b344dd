package office

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Every page of letters, in every state and both languages. Rule D-6.
func TestMailPagesRender(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	full := mailbox.Letter{ID: "eml_1", FileID: "fil_1", KeptAt: now, VendorID: "ven_1", Fit: mailbox.Doubtful, Doubts: []mailbox.Doubt{mailbox.OneSign, mailbox.TwoNames}, Way: mailbox.ByIMAP,
		Attachments: []mailbox.Attachment{{FileID: "fil_2", Name: "回单.png", Proper: true}, {FileID: "fil_3", Name: "x.zip"}},
		Content: mailbox.Content{From: letter.Address{Name: "王芳", Mail: "wang@example.com"}, ReplyTo: letter.Address{Mail: "other@example.net"}, Date: now, Subject: "云帆入驻云市场保证金缴纳通知",
			Auth: []letter.Auth{{Server: "mx", Method: "dmarc", Result: "fail", Domain: "example.com"}, {Server: "mx", Method: "spf", Result: "pass"}, {Method: "dkim", Result: "none"}},
			Text: "您好<script>alert(1)</script>\n再见", Problems: []letter.Problem{letter.NoAccountID, letter.TwoCompanies}, Fields: letter.Fields{Amount: money.CNY(500000), Way: "网上银行", Remitter: "张三"}}}
	for _, lang := range text.Langs() {
		p := text.Printer{Lang: lang}
		show := func(name string, c templ.Component) {
			t.Helper()
			if err := c.Render(ui.With(context.Background(), p), io.Discard); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, s := range mailbox.Statuses() {
			for _, fit := range []mailbox.Fit{mailbox.NoFit, mailbox.Doubtful, mailbox.Certain, mailbox.ByPerson} {
				for _, by := range []access.Actor{{Kind: access.Staff, ID: "a", Roles: []access.Role{access.Finance}}, {Kind: access.Staff, ID: "b", Roles: []access.Role{access.Auditor}}} {
					l := full
					l.Status, l.Fit, l.Holder = s, fit, "a"
					if s == mailbox.Ignored {
						l.Why = mailbox.Own
					}
					v := letterView{P: p, Now: now, By: by, Policy: policy.Shipped(), Query: "云", Found: []vendor.Vendor{{ID: "ven_2", Name: "云海"}},
						D: mailbox.Detail{Listed: mailbox.Listed{Letter: l, VendorName: "云帆"}, Candidates: []mailbox.Candidate{{VendorID: "ven_1", Name: "云帆", Signs: []mailbox.Sign{mailbox.ByID, mailbox.BySender}}}, Before: []mailbox.Listed{{Letter: full}}}}
					show(string(s), letterPage(v))
					v.Form = ui.Form{Values: map[string][]string{"missing": {}}, Errors: ui.ErrorsOf(p, fault.At("/missing", "mailbox.nothing_missing"))}
					show("refused "+string(s), letterPage(v))
					v.Form, v.D.AnsweredAt, v.D.AnsweredBy, v.D.VoucherID, v.D.DecidedBy = ui.Form{}, now, "a", "vou_1", mailbox.PresentJob.Name
					show("answered "+string(s), letterPage(v))
					v.D = mailbox.Detail{Listed: mailbox.Listed{Letter: mailbox.Letter{ID: "eml_2", Status: s, Fit: fit}}}
					v.Found = nil
					show("empty "+string(s), letterPage(v))
				}
			}
			show("list", mailPage(mailView{P: p, Now: now, Status: s, May: true, Counts: map[mailbox.Status]int{s: 3}, List: []mailbox.Listed{{Letter: full, VendorName: "云帆"}}, Names: map[string]string{"a": "李雷"}}))
		}
		show("empty list", mailPage(mailView{P: p, Now: now, All: true}))
		source := mailbox.Source{Account: "deposit@market.example (imap.example.com:993)", Folder: "INBOX"}
		for _, is := range append(mailbox.Troubles(), "") {
			for _, read := range []time.Time{{}, now.Add(-time.Minute), now.Add(-2 * time.Hour)} {
				for _, set := range []mailbox.Source{{}, source} {
					for _, owner := range []string{"", "x"} {
						r := mailbox.Reading{Source: source, ReadAt: read, Trouble: is, Letters: 1, Owner: owner}
						if is != "" {
							r.FailedAt, r.Detail = now.Add(-time.Minute), "NO such thing"
						}
						v := mailView{P: p, Now: now, Source: set, Readings: []mailbox.Reading{r}}
						show("reading "+string(is), mailPage(v))
						late := v.state().Tone == ui.Bad
						if want := r.Late(now) && (set == source || owner != ""); late != want {
							t.Errorf("%v: trouble %q, read %v, set %v: warned %v, want %v", lang, is, read, set, late, want)
						}
					}
				}
			}
		}
		show("reading soon", mailPage(mailView{P: p, Now: now, Source: source}))
		show("upload", mailUploadPage(uploadView{P: p, May: true, Lines: []mailLine{{Name: "a.eml", Letter: full, Fresh: true}, {Name: "b.eml", Letter: full}, {Name: "c.eml", Err: fault.At("/file", "file.empty")},
			{Name: "d.eml", Fresh: true, Letter: mailbox.Letter{Status: mailbox.Unreadable}}}}))
		show("upload by another", mailUploadPage(uploadView{P: p}))
	}
}
