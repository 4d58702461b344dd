package takeout

import (
	"strings"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// readme explains the file in Chinese and then in English.
func (a *archive) readme(p policy.Policy) string {
	rows := make(map[string]int64)
	for _, e := range a.manifest.Entries {
		if e.Rows != nil {
			name := strings.TrimSuffix(strings.TrimPrefix(e.Path, jsonDir), ".json")
			rows[name] = *e.Rows
		}
	}
	var b strings.Builder
	for i, l := range text.Langs() {
		say := text.Printer{Lang: l, Zone: p.Location()}
		line := func(s string) { b.WriteString(s + "\r\n") }
		if i > 0 {
			line("")
			line(strings.Repeat("-", 72))
			line("")
		}
		line(say.T("takeout.readme_title", p.Marketplace.In(l)))
		line("")
		line(say.T("takeout.readme_whose", a.manifest.Vendor, a.manifest.VendorID))
		line(say.T("takeout.readme_at", a.manifest.At))
		line("")
		line(say.T("takeout.readme_layout"))
		line("  data/csv/    " + say.T("takeout.readme_csv"))
		line("  data/json/   " + say.T("takeout.readme_json"))
		line("  files/       " + say.T("takeout.readme_files"))
		line("  " + manifestName + ", " + sumsName)
		line("               " + say.T("takeout.readme_sums"))
		line("")
		for _, k := range []text.Key{"takeout.readme_money", "takeout.readme_times", "takeout.readme_people", "takeout.readme_left_out", "takeout.readme_care"} {
			line("* " + say.T(k))
		}
		if n := len(a.manifest.Missing); n > 0 {
			line("* " + say.T("takeout.readme_missing", n))
		}
		line("")
		line(say.T("takeout.readme_data"))
		for _, n := range nouns {
			line("  " + n.name + strings.Repeat(" ", max(1, 24-len(n.name))) + say.T("takeout.readme_noun", say.T(text.Key("takeout.noun_"+n.name)), rows[n.name]))
		}
	}
	return b.String()
}
