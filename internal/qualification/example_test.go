package qualification

import "github.com/yunshi-market/yunshi/internal/policy"

// Whole is an application that meets every condition a program can tell, for the
// categories given, as a company would type it on 2 March 2026. Its files are
// fil_licence, fil_trade, fil_built, fil_rd.
func Whole(categories ...policy.CategoryID) Application {
	day := []Span{{"09:00", "12:00"}, {"13:00", "18:00"}}
	a := Application{
		Company: Company{
			Name: "深圳示例科技有限公司", USCC: "91440300708461136T", Type: "有限责任公司", LegalPerson: "李明", Capital: "500万元",
			Established: "2015-03-05", LongTerm: true, Address: "深圳市南山区科技路 1 号", Scope: "软件开发；信息技术咨询服务", Registrar: "深圳市市场监督管理局",
		},
		Account: Account{Holder: "深圳示例科技有限公司", Bank: "招商银行", Branch: "深圳分行科技园支行", Province: "广东省", City: "深圳市",
			Number: "7559 0000 0010 001", CNAPS: "308100005027"},
		Documents:  Documents{Licence: []string{"fil_licence"}},
		Contact:    Contact{Name: "王芳", Phone: "13800138000", Mail: "wang@example.com"},
		Service:    Service{Mail: "help@example.com", Phone: "0755-86013388", Hours: Hours{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day}},
		Shop:       Shop{Name: "示例科技", Site: "www.example.com", Intro: "专注云上软件"},
		Categories: categories,
		Mode:       policy.Platform,
		Evidence:   map[policy.CategoryID]Evidence{},
	}
	for _, c := range categories {
		a.Evidence[c] = Evidence{TradeStart: "2016-01-01", TradeFiles: []string{"fil_trade"}, BuiltOn: true, BuiltNote: "基于云服务器与对象存储部署交付",
			BuiltFiles: []string{"fil_built"}, Site: "https://www.example.com/app", RDFiles: []string{"fil_rd"}}
	}
	return a
}
