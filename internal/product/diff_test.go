package product_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/product"
)

// show writes a difference as [-gone-]{+new+}.
func show(runs []product.Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch r.Kind {
		case product.Gone:
			b.WriteString("[-" + r.Text + "-]")
		case product.Fresh:
			b.WriteString("{+" + r.Text + "+}")
		case product.Folded:
			b.WriteString("…")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func TestDiffReadsWordByWord(t *testing.T) {
	tests := []struct{ name, was, is, want string }{
		{"the same", "云", "云", "云"},
		{"empty", "", "新", "{+新+}"},
		{"emptied", "旧", "", "[-旧-]"},
		{"one Han character", "支持一键部署", "支持两键部署", "支持[-一-]{+两+}键部署"},
		{"inserted", "支持部署", "支持一键部署", "支持{+一键+}部署"},
		{"English words stay whole", "fast backup daily", "fast backups daily", "fast [-backup-]{+backups+} daily"},
		{"neighbours are one change", "a b c", "x y c", "[-a b-]{+x y+} c"},
		{"versions", "MySQL 5.7", "MySQL 8.0", "MySQL [-5.7-]{+8.0+}"},
		{"a line more", "一\n三\n", "一\n二\n三\n", "一\n{+二\n+}三\n"},
		{"a line changed among others", "一\n二二\n三\n", "一\n二四\n三\n", "一\n二[-二-]{+四+}\n三\n"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, show(product.Diff(x.was, x.is))); diff != "" {
				t.Errorf("−want +got\n%s", diff)
			}
		})
	}
}

func TestFoldKeepsWhatStandsBesideAChange(t *testing.T) {
	long := strings.Repeat("云", 1000)
	got := product.Fold(product.Diff(long+"旧"+long, long+"新"+long))
	side := strings.Repeat("云", 60)
	if want := "…" + side + "[-旧-]{+新+}" + side + "…"; show(got) != want {
		t.Errorf("folded to %s", show(got))
	}
}

// FuzzDiff holds that both texts can be read back from their difference.
func FuzzDiff(f *testing.F) {
	f.Add("支持一键部署\n每日备份", "支持两键部署\n每周备份\n")
	f.Add("a b c d", "d c b a")
	f.Add("\n\n", "")
	f.Add(strings.Repeat("x y ", 3000), strings.Repeat("y z ", 3000))
	f.Fuzz(func(t *testing.T, was, is string) {
		var old, fresh strings.Builder
		for _, r := range product.Diff(was, is) {
			if r.Kind != product.Fresh {
				old.WriteString(r.Text)
			}
			if r.Kind != product.Gone {
				fresh.WriteString(r.Text)
			}
		}
		if old.String() != was || fresh.String() != is {
			t.Errorf("%q and %q are read back as %q and %q", was, is, old.String(), fresh.String())
		}
	})
}
