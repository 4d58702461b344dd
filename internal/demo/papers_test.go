package demo

import (
	"bytes"
	"context"
	"flag"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/paper"
)

// With -papers the documents are written there, to be looked at.
var papers = flag.String("papers", "", "folder to write the documents to")

func TestEveryPaperOfTheCastIsPrinted(t *testing.T) {
	all, err := readCast()
	if err != nil {
		t.Fatal(err)
	}
	made := time.Date(2026, 3, 5, 7, 30, 0, 0, time.UTC)
	c := all.company("luting")
	g := c.goods[0]
	for name, fill := range map[string]map[string]any{
		"team":   {"Company": c, "Day": "2026-03-05", "Hours": "每日 9:00–21:00"},
		"trade":  {"Company": c, "Day": "2020-05-06", "Category": "镜像服务", "Code": "HT2020014", "Client": all.words["client_1"], "Amount": "82,000.00"},
		"built":  {"Company": c, "Day": "2026-03-05", "Category": "镜像服务", "Note": c.Built["image"]},
		"rights": {"Company": c, "Day": "2023-01-05", "Code": "YZ2000102"},
		"voucher": {"Company": c, "Day": "2026-03-05", "Code": "HD202603051207", "Payer": c.Name, "Account": c.AccountNumber(), "Bank": c.fullBank(),
			"Payee": map[string]string{"Name": "示例云计算有限责任公司", "Account": "100000000000001", "Bank": "招商银行股份有限公司北京示例支行"}, "Amount": grouped(500000), "Capital": cn.Capital(500000), "Remark": "云市场入驻保证金 YS7K3M9Q2XP"},
		"signed": {"Company": c, "Day": "2026-03-05", "Number": "YSHT-2026-000045", "Operator": "示例云计算有限责任公司"},
		"report": {"Company": c, "Day": "2026-03-05", "Product": g.content, "Code": "AQ-0123"},
		"manual": {"Company": c, "Day": "2026-03-05", "Product": g.content, "Body": plain(g.content.Details)},
	} {
		b, err := sheet(name, made, fill)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if *papers != "" {
			if err := os.WriteFile(filepath.Join(*papers, name+".pdf"), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestLicenceOfEveryCompany(t *testing.T) {
	all, err := readCast()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all.companies {
		b, err := licence(c)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		if _, err := jpeg.DecodeConfig(bytes.NewReader(b)); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if lacks := paper.Missing(c.Name + c.Type + c.LegalPerson + c.Scope + c.Address); len(lacks) > 0 {
			t.Errorf("%s: the font lacks %q", c.ID, lacks)
		}
		if *papers != "" {
			if err := os.WriteFile(filepath.Join(*papers, c.ID+"-licence.jpg"), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Rule E-1, D-5: what the companies say of themselves is valid in form and theirs alone.
func TestCompaniesAreValidInForm(t *testing.T) {
	all, err := readCast()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]string)
	once := func(what, id string) {
		t.Helper()
		if other, twice := seen[what]; twice {
			t.Errorf("%s of %s is that of %s", what, id, other)
		}
		seen[what] = id
	}
	for _, c := range all.companies {
		once(c.Mail, c.ID)
		once(c.phone(), c.ID)
		if _, err := cn.ParseMobile(c.phone()); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if c.Name == "" {
			continue
		}
		once(c.Name, c.ID)
		once(c.USCC(), c.ID)
		once(c.AccountNumber(), c.ID)
		if u, err := cn.ParseUSCC(c.USCC()); err != nil || string(u) != c.USCC() {
			t.Errorf("%s: %s: %v", c.ID, c.USCC(), err)
		}
		if b, err := cn.ParseCNAPS(c.cnaps()); err != nil || !b.Checked {
			t.Errorf("%s: %s: %v", c.ID, c.cnaps(), err)
		}
		if _, err := cn.ParseAccount(c.AccountNumber()); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if _, err := cn.ParsePhone(c.ServicePhone); err != nil {
			t.Errorf("%s: %s: %v", c.ID, c.ServicePhone, err)
		}
	}
}

func TestParseGoodRefuses(t *testing.T) {
	for _, c := range []struct{ name, file string }{
		{"no head", "text"},
		{"no word", "company: a\nnonsense\n---\n"},
		{"unknown word", "colour: red\n---\n"},
		{"plan with three parts", "plan: a | 1 year | 2.00\n---\n"},
		{"plan with no span", "plan: a | year | 2.00 | 1.00\n---\n"},
		{"plan with no price", "plan: a | 1 year | much | 1.00\n---\n"},
		{"image with three parts", "image: 1 | Debian | 2 cores\n---\n"},
		{"service with no days", "service: soon | after | what\n---\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if g, err := parseGood("x", c.file); err == nil {
				t.Errorf("got %+v, want an error", g)
			}
		})
	}
}

// A step that fails ends the story, and the clock is the wall's again.
func TestClockAndSteps(t *testing.T) {
	clock := NewClock(func() time.Time { return time.Date(2026, 3, 5, 7, 30, 0, 0, time.UTC) })
	clock.set(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC))
	if got := clock.Now(); !got.Equal(time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)) {
		t.Errorf("set: %v", got)
	}
	clock.release()
	if got := clock.Now(); got.Month() != time.March {
		t.Errorf("released: %v", got)
	}
	s := &story{clock: clock, zone: time.UTC, steps: []step{{at: clock.Now(), what: "nothing", do: func(context.Context) error { return context.Canceled }}}}
	if err := s.run(t.Context(), func(int, int) {}); err == nil {
		t.Error("a step that fails was passed over")
	}
}

// A product's file is either refused or read into plans with prices and spans.
func FuzzParseGood(f *testing.F) {
	f.Add("company: a\nform: saas\nplan: b | 1 year | 2.00 | 1.00\nsaas: automatic | trial 7\n---\ntext\n---\nmore")
	f.Add("image: 1 | Debian | 2 cores | nginx, PHP\nreason: lawful=no；x=y\n---\n")
	f.Add("service: 3 | before | what\napi: test\n---\n")
	f.Fuzz(func(t *testing.T, file string) {
		g, err := parseGood("x", file)
		if err != nil {
			return
		}
		for _, p := range g.content.Plans {
			if p.Sale.Code() != "CNY" || p.Original.Code() != "CNY" {
				t.Errorf("plan %+v", p)
			}
		}
	})
}
