package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// With -specimen the documents are written there, to be looked at.
var specimenDir = flag.String("specimen", "", "folder to write the specimen documents to")

// Every shape of the document is laid out, with the longest names a company may have.
func TestSpecimens(t *testing.T) {
	at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	plain := Contract{ID: "ctr_x", Number: "YSHT-2026-000045", Template: current, Lang: ZH, Mode: policy.Platform, FeeBasisPoints: 1000, Deposit: money.CNY(500000), Months: 12, OfferedAt: at}
	resale := plain
	resale.Mode, resale.FeeBasisPoints, resale.FixedDeposit, resale.Months = policy.Resale, 1250, true, 24
	resale.Terms = "首年销售目标为人民币一百万元，达成的，次年代销费用按 10% 收取。\n甲方每季度为乙方提供一次首页推荐位，具体档期由双方另行确认。"
	free := resale
	free.Deposit, free.Lang = money.CNY(0), Both
	english := plain
	english.Lang = EN
	ordinary := companyForTest()
	ordinary.USCC, ordinary.LegalPerson, ordinary.Address, ordinary.ServicePhone = "91330106MA2CFHX28G", "陈立", "浙江省杭州市西湖区文三路 478 号华星时代广场 A 座 1201 室", "0571-88886666"
	ordinary.Contact.Name, ordinary.Contact.Phone = "王芳", "+8613800138000"
	long := ordinary
	long.Name = strings.Repeat("内蒙古自治区呼和浩特市云计算与大数据技术", 4) + "股份有限公司"
	long.Contact.Mail = "procurement-and-partner-management.department@a-very-long-subdomain.company.example"
	long.Address = strings.Repeat("内蒙古自治区呼和浩特市赛罕区", 8)
	for name, tt := range map[string]struct {
		c Contract
		p Particulars
	}{
		"platform-zh": {plain, particularsOf(policy.Shipped(), ordinary, []policy.CategoryID{"image", "api"})},
		"platform-en": {english, particularsOf(policy.Shipped(), ordinary, []policy.CategoryID{"image", "api"})},
		"resale-zh":   {resale, particularsOf(policy.Shipped(), ordinary, []policy.CategoryID{"software"})},
		"free-both":   {free, particularsOf(policy.Shipped(), ordinary, []policy.CategoryID{"software", "ops", "miniprogram"})},
		"long-zh":     {plain, particularsOf(policy.Shipped(), long, []policy.CategoryID{"image", "ops", "software", "api", "miniprogram"})},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := tt.c.document(tt.p, "")
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(data)
			c := tt.c
			c.Way, c.SignedAt, c.Until = Online, at, until(calendar.Of(at, tt.p.zone()), c.Months, tt.p.zone())
			c.Evidence = Evidence{Name: "周远", Phone: "138****8000", Channel: "sms", Account: "acc_06f3k9m2q8x1v7w5z4t0r6y2n1", Address: "203.0.113.7", At: at, Hash: hex.EncodeToString(sum[:])}
			signed := data
			for _, l := range c.Lang.texts() {
				page, err := c.evidencePage(tt.p, l)
				if err != nil {
					t.Fatal(err)
				}
				if signed, err = paper.AddPage(signed, page); err != nil {
					t.Fatal(err)
				}
			}
			if len(signed) <= len(data) {
				t.Error("the page of evidence adds nothing")
			}
			if *specimenDir != "" {
				if err := os.WriteFile(filepath.Join(*specimenDir, name+".pdf"), signed, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
