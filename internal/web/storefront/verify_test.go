package storefront

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// The page of verification: nothing asked, a receipt found, none found. Rule D-8.
func TestVerifyPageRenders(t *testing.T) {
	proof := deposit.Proof{Number: "BZJ-2026-000001", IssuedOn: calendar.Date(2026, 3, 2), Amount: money.CNY(500000), Payer: "测试****有限公司", Payee: "示例云计算有限责任公司"}
	for _, l := range text.Langs() {
		p := text.Printer{Lang: l}
		for _, tt := range []struct {
			name  string
			view  verifyView
			shows []string
			lacks string
		}{
			{"asked", verifyView{P: p}, []string{p.T("web_verify.check")}, "BZJ"},
			{"found", verifyView{P: p, Code: "ABC", Found: true, Proof: proof}, []string{"BZJ-2026-000001", "伍仟元整", p.T("web_verify.genuine")}, `value="ABC"`},
			{"not found", verifyView{P: p, Code: `"><script>`}, []string{p.T("web_verify.unknown"), "&lt;script&gt;"}, "><script>"},
		} {
			var b bytes.Buffer
			if err := verifyPage(tt.view).Render(ui.With(context.Background(), p), &b); err != nil {
				t.Fatal(err)
			}
			s := b.String()
			for _, want := range tt.shows {
				if !strings.Contains(s, want) {
					t.Errorf("%s, %s: no %q", l.Tag(), tt.name, want)
				}
			}
			if strings.Contains(s, tt.lacks) || strings.Contains(s, "web_verify.") {
				t.Errorf("%s, %s: %s", l.Tag(), tt.name, s)
			}
		}
	}
}
