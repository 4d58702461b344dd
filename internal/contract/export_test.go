package contract

import (
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

func companyForTest() vendor.Company {
	day := []calendar.Span{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 18 * 60}}
	return vendor.Company{
		Name: "杭州云帆软件技术服务有限公司", Contact: vendor.Contact{Mail: "wang@yunfan.example"}, ServiceMail: "service@yunfan.example",
		Account: vendor.BankAccount{Holder: "杭州云帆软件技术服务有限公司", Bank: "招商银行", Branch: "招商银行杭州文三支行", Number: "571900123410801"},
		Hours:   calendar.Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day, Sat: []calendar.Span{{From: 10 * 60, To: 16 * 60}}},
	}
}
