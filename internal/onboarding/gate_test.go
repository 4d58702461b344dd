package onboarding

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// fact is one value that a column of the matrix takes.
type fact struct {
	name string
	set  func(f *Facts, on *Target)
}

// The columns of the matrix: the category asked for is ops.
var (
	qualified = []fact{
		{"no", func(*Facts, *Target) {}},
		{"in review", func(f *Facts, _ *Target) { f.InReview = []policy.CategoryID{"ops"} }},
		{"sent back", func(f *Facts, _ *Target) { f.SentBack = []policy.CategoryID{"ops"} }},
		{"another", func(f *Facts, _ *Target) { f.Approved = []policy.CategoryID{"api"} }},
		{"yes", func(f *Facts, _ *Target) { f.Approved = []policy.CategoryID{"ops"} }},
	}
	contracts = []fact{
		{"none", func(*Facts, *Target) {}},
		{"preparing", func(f *Facts, _ *Target) { f.Contract = contract.Preparing }},
		{"offered", func(f *Facts, _ *Target) { f.Contract = contract.AtVendor }},
		{"scanned", func(f *Facts, _ *Target) { f.Contract = contract.AtOffice }},
		{"signed", func(f *Facts, _ *Target) { f.Contract, f.ContractUntil, f.DepositAsked = contract.InForce, now, true }},
		{"expired", func(f *Facts, _ *Target) {
			f.Contract, f.ContractUntil, f.DepositAsked = contract.InForce, now.Add(-time.Microsecond), true
		}},
	}
	deposits = []fact{
		{"none", func(*Facts, *Target) {}},
		{"voucher", func(f *Facts, _ *Target) { f.Vouchers = 1 }},
		{"covered", func(f *Facts, _ *Target) { f.Covered, f.DepositHeld = []policy.CategoryID{"ops"}, money.CNY(500000) }},
		{"another", func(f *Facts, _ *Target) { f.Covered, f.DepositHeld = []policy.CategoryID{"api"}, money.CNY(200000) }},
		{"top-up", func(f *Facts, _ *Target) {
			f.Covered, f.DepositHeld, f.TopUpBy = []policy.CategoryID{"ops"}, money.CNY(400000), now
		}},
		{"overdue", func(f *Facts, _ *Target) {
			f.Covered, f.DepositHeld, f.TopUpBy = []policy.CategoryID{"ops"}, money.CNY(400000), now.Add(-time.Microsecond)
		}},
	}
	products = []fact{
		{"draft", func(_ *Facts, on *Target) { on.Product = &Product{} }},
		{"in review", func(_ *Facts, on *Target) { on.Product = &Product{InReview: true} }},
		{"approved", func(_ *Facts, on *Target) { on.Product = &Product{Approved: true} }},
	}
)

func established(facts ...fact) (Facts, Target) {
	f := Facts{DepositKnown: true, DepositDue: money.CNY(500000), DepositFor: "ops"}
	on := Target{Category: "ops"}
	for _, x := range facts {
		x.set(&f, &on)
	}
	return f, on
}

func named(t *testing.T, column []fact, name string) fact {
	t.Helper()
	for _, f := range column {
		if f.name == name {
			return f
		}
	}
	t.Fatalf("no fact %q", name)
	return fact{}
}

// brief writes the answer of a gate: may, or what is missing and whose turn it is.
func brief(needs []Need) string {
	if len(needs) == 0 {
		return "MAY"
	}
	var parts []string
	for _, n := range needs {
		parts = append(parts, fmt.Sprintf("%s<%s", n.Fact, n.Waiting))
	}
	return strings.Join(parts, " ")
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; if that is meant, run the test with -update\n%s", path, diff)
	}
}

// The full matrix of facts × act under the shipped policy. Rules O-5 to O-8.
func TestGates(t *testing.T) {
	p := policy.Shipped()
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %-10s %-8s %-10s| %-10s| %-38s| %-46s| %s\n", "qualified", "contract", "deposit", "product", "stage", policy.CreateProduct, policy.ReviewProduct, policy.Shelve)
	for _, q := range qualified {
		for _, c := range contracts {
			for _, d := range deposits {
				for _, pr := range products {
					f, on := established(q, c, d, pr)
					answer := func(a policy.Act) string { return brief(f.Missing(a, on, p, now)) }
					fmt.Fprintf(&b, "%-10s %-10s %-8s %-10s| %-10s| %-38s| %-46s| %s\n", q.name, c.name, d.name, pr.name, f.Stage(now),
						answer(policy.CreateProduct), answer(policy.ReviewProduct), answer(policy.Shelve))
				}
			}
		}
	}
	golden(t, "testdata/gates.golden", b.String())
}

// The table of rule O-8, row by row.
func TestTableOfO8(t *testing.T) {
	p := policy.Shipped()
	tests := []struct {
		qualified, contract, deposit, product string
		create, shelve                        bool
	}{
		{"no", "none", "none", "draft", false, false},
		{"no", "signed", "covered", "approved", false, false}, // O-8: independent facts
		{"yes", "none", "none", "draft", false, false},
		{"yes", "offered", "none", "draft", false, false},
		{"yes", "signed", "none", "draft", true, false}, // O-5
		{"yes", "signed", "voucher", "approved", true, false},
		{"yes", "signed", "covered", "draft", true, false},
		{"yes", "signed", "covered", "in review", true, false}, // O-7: later products take the ordinary review
		{"yes", "signed", "covered", "approved", true, true},
		{"yes", "signed", "top-up", "approved", true, true}, // D-3
		{"yes", "signed", "overdue", "approved", true, false},
		{"another", "signed", "covered", "approved", false, false}, // its own category
		{"yes", "signed", "another", "approved", true, false},
		{"yes", "expired", "covered", "approved", false, false},
	}
	for _, tt := range tests {
		f, on := established(named(t, qualified, tt.qualified), named(t, contracts, tt.contract), named(t, deposits, tt.deposit), named(t, products, tt.product))
		create, shelve := len(f.Missing(policy.CreateProduct, on, p, now)) == 0, len(f.Missing(policy.Shelve, on, p, now)) == 0
		if create != tt.create || shelve != tt.shelve {
			t.Errorf("qualified %s, contract %s, deposit %s, product %s: create %v, shelve %v", tt.qualified, tt.contract, tt.deposit, tt.product, create, shelve)
		}
	}
}

// The gates are a row of configuration: another policy, another answer.
func TestPolicyNamesTheNeeds(t *testing.T) {
	p := policy.Shipped()
	f, on := established(named(t, qualified, "yes"), named(t, contracts, "signed"), named(t, deposits, "none"), named(t, products, "approved"))
	p.Gates = map[policy.Act][]policy.Fact{policy.Shelve: {policy.NeedsQualified, policy.NeedsContract, policy.NeedsApproved}}
	if needs := f.Missing(policy.Shelve, on, p, now); len(needs) != 0 {
		t.Errorf("without the need of a deposit: %s", brief(needs))
	}
	p.Gates[policy.Shelve] = append(p.Gates[policy.Shelve], "insurance")
	if needs := f.Missing(policy.Shelve, on, p, now); brief(needs) != "insurance<operator" {
		t.Errorf("with a need nobody knows: %s", brief(needs))
	}
	if needs := (Facts{}).Missing("sing", Target{}, p, now); needs != nil {
		t.Errorf("an act that is not gated: %s", brief(needs))
	}
}

// Every need names its rule, its field, what would mend it and whose turn it is, in
// both languages; the refusal carries them all. Rule O-8.
func TestNeedsSayWhatWouldMendThem(t *testing.T) {
	p := policy.Shipped()
	for _, q := range qualified {
		for _, c := range contracts {
			for _, d := range deposits {
				f, on := established(q, c, d, products[0])
				for _, on := range []Target{on, {}} {
					for _, a := range Acts() {
						needs := f.Missing(a, on, p, now)
						for _, n := range needs {
							if n.Rule == "" || n.Field != "/onboarding/"+string(n.Fact) || n.Waiting == "" || !text.Known(n.Message.Key) || !text.Known(n.Mend.Key) || !text.Known(n.Waiting.Label()) {
								t.Errorf("%s: a need without its words: %+v", a, n)
							}
							for _, l := range text.Langs() {
								if s := (text.Printer{Lang: l}).Say(n.Message) + (text.Printer{Lang: l}).Say(n.Mend); strings.Contains(s, "%!") {
									t.Errorf("%s: %s", a, s)
								}
							}
						}
						if err := refusal(a, needs); (err == nil) != (len(needs) == 0) {
							t.Errorf("%s: %d needs, %v", a, len(needs), err)
						}
					}
				}
			}
		}
	}
}

// Stages are computed from the facts. Rule O-8.
func TestStages(t *testing.T) {
	tests := []struct{ qualified, contract, deposit, want string }{
		{"no", "none", "none", "applying"},
		{"sent back", "none", "none", "applying"},
		{"in review", "none", "none", "in_review"},
		{"yes", "none", "none", "contract"},
		{"yes", "offered", "none", "contract"},
		{"yes", "scanned", "none", "contract"},
		{"yes", "signed", "none", "deposit"},
		{"yes", "signed", "voucher", "deposit"},
		{"yes", "signed", "covered", "open"},
		{"another", "signed", "another", "open"},
		{"yes", "signed", "top-up", "open"},
		{"yes", "signed", "overdue", "closed"},
		{"yes", "expired", "covered", "expired"},
		{"yes", "offered", "covered", "expired"},
	}
	for _, tt := range tests {
		f, _ := established(named(t, qualified, tt.qualified), named(t, contracts, tt.contract), named(t, deposits, tt.deposit))
		if got := f.Stage(now); string(got) != tt.want || !text.Known(got.Label()) {
			t.Errorf("qualified %s, contract %s, deposit %s: %s, want %s", tt.qualified, tt.contract, tt.deposit, got, tt.want)
		}
	}
}

// docs/onboarding.md is written from the gates, so that a change of the business
// shows as a difference that anybody can read.
func TestDocument(t *testing.T) {
	p := policy.Shipped()
	var b strings.Builder
	b.WriteString(`# What stands before each act 各项操作的前提

Written from the gates of ` + "`internal/onboarding`" + ` under the shipped policy by its test; run it with ` + "`-update`" + ` after a change.
The same function answers the vendor's checklist, the API's error details and the gate itself (rule O-8).

`)
	b.WriteString("| act | needs |\n|---|---|\n")
	for _, a := range Acts() {
		var needs []string
		for _, n := range p.Gates[a] {
			needs = append(needs, "`"+string(n)+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", a, strings.Join(needs, ", "))
	}
	b.WriteString("\n## When a product may be created, reviewed and shelved\n\nThe product's category is operations (运维服务); its deposit is 5,000.00 CNY.\n\n")
	b.WriteString("| qualified | contract | deposit | product | create | review | on the shelf |\n|---|---|---|---|---|---|---|\n")
	for _, row := range [][4]string{
		{"no", "none", "none", "draft"}, {"yes", "none", "none", "draft"}, {"yes", "signed", "none", "draft"}, {"yes", "signed", "voucher", "approved"},
		{"yes", "signed", "covered", "draft"}, {"yes", "signed", "covered", "approved"}, {"yes", "signed", "another", "approved"},
		{"yes", "signed", "top-up", "approved"}, {"yes", "signed", "overdue", "approved"}, {"yes", "expired", "covered", "approved"}, {"another", "signed", "covered", "approved"},
	} {
		f, on := established(named(t, qualified, row[0]), named(t, contracts, row[1]), named(t, deposits, row[2]), named(t, products, row[3]))
		fmt.Fprintf(&b, "| %s | %s | %s | %s |", row[0], row[1], row[2], row[3])
		for _, a := range Acts() {
			word := "yes"
			if len(f.Missing(a, on, p, now)) > 0 {
				word = "no"
			}
			b.WriteString(" " + word + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## What is said, and what would mend it\n\n| need | rule | waits for | 说明 | what is missing | 如何解决 | what would mend it |\n|---|---|---|---|---|---|---|\n")
	seen := map[string]bool{}
	say := func(l text.Lang, m text.Message) string {
		return strings.ReplaceAll(text.Printer{Lang: l, Zone: p.Location()}.Say(m), "|", "\\|")
	}
	for _, fact := range p.Gates[policy.Shelve] {
		for _, q := range qualified {
			for _, c := range contracts {
				for _, d := range deposits {
					for _, pr := range products {
						f, on := established(q, c, d, pr)
						for _, n := range f.Missing(policy.Shelve, on, p, now) {
							if n.Fact != fact {
								continue
							}
							line := fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s | %s |\n", n.Fact, n.Rule, n.Waiting,
								say(text.ZH, n.Message), say(text.EN, n.Message), say(text.ZH, n.Mend), say(text.EN, n.Mend))
							if !seen[line] {
								seen[line] = true
								b.WriteString(line)
							}
						}
					}
				}
			}
		}
	}
	golden(t, "../../docs/onboarding.md", b.String())
}
