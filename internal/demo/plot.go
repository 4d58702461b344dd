package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
)

// plot lays out who does what when. Days are counted back from today and all but
// the last are working days, so that people work in working hours whenever the demo
// is started.
func (s *story) plot(ctx context.Context) {
	s.then(34, "08:00", "the rules are set", s.relaxes)
	s.then(34, "08:30", "the staff is hired", s.hires)
	s.sellers(ctx)
	s.payers(ctx)
	s.signers(ctx)
	s.applicants(ctx)
	s.leaves(ctx)
	s.colleagues()
	s.bankDays()
	s.amends(ctx)
	s.penalties()
	s.rules()
	s.takesOut()
}

// minute spreads what companies do over the hour, so that no two do it at once.
func (c *company) minute(hour int) string { return fmt.Sprintf("%02d:%02d", hour, (c.number*17)%60) }

// enters takes a company up to its submitted application: registered on one day,
// submitted on the next but one.
func (s *story) enters(ctx context.Context, id string, submitted int) *company {
	c := s.company(id)
	f := s.collects(ctx, c, s.at(submitted+1, "16:00"))
	s.then(submitted+2, c.minute(9), id+" registers", s.registers(c))
	s.then(submitted+2, c.minute(10), id+" begins", s.begins(c))
	s.then(submitted+1, c.minute(14), id+" drafts", s.drafts(c))
	s.then(submitted, c.minute(11), id+" applies", s.applies(c, f))
	return c
}

// approved takes a company up to its approval on the day after it applied.
func (s *story) approved(ctx context.Context, id string, day int) *company {
	c := s.enters(ctx, id, day+1)
	s.then(day, c.minute(10), id+" is approved", s.decides(c, nil))
	return c
}

// contracted takes a company up to its contract, signed online two days after the approval.
func (s *story) contracted(ctx context.Context, id string, signed int, in contract.Proposal) *company {
	c := s.approved(ctx, id, signed+2)
	s.then(signed+1, c.minute(14), id+" is offered a contract", s.offers(c, in))
	s.then(signed, c.minute(15), id+" signs", s.signs(c))
	return c
}

// stocks has a company make its products from the day it signed on. Those for the
// shelf are approved: the first three when its deposit was confirmed, the later
// ones a day after they were made. A product under review is of these days.
func (s *story) stocks(ctx context.Context, c *company, signed, confirmed int) {
	for i, g := range c.goods {
		made, judged := max(signed-1-i/2, 1), confirmed-1
		switch {
		case g.state == goodReview || g.state == goodClaimed:
			made = 1 + i%2
		case !slices.Contains(c.Categories, g.content.Category):
			made = 4 // of a category that was added later
		case g.state == goodWaiting || g.state == goodDraft:
		case i >= 3:
			made = max(confirmed-1-2*(i-2), 2)
			judged = made - 1
		}
		minute := fmt.Sprintf("%02d:%02d", 10+i%6, (c.number*11+i*7)%60)
		s.then(made, minute, g.slug+" is made", s.makes(c, g, s.illustrates(ctx, c, g, s.at(made, minute))))
		minute = fmt.Sprintf("%02d:%02d", 13+i%5, (c.number*13+i*9)%60)
		switch g.state {
		case goodOnShelf, goodRejected, goodTakenOff:
			s.then(judged, minute, g.slug+" is judged", s.judges(g))
		case goodClaimed:
			s.lately(55*time.Minute, g.slug+" is claimed", s.judges(g))
		}
		if g.state == goodTakenOff {
			s.then(3, minute, g.slug+" is taken off", s.takesOff(g))
		}
	}
}

// sellers have products on the shelf.
func (s *story) sellers(ctx context.Context) {
	yanqing := s.contracted(ctx, "yanqing", 25, contract.Proposal{Lang: contract.Both})
	s.stocks(ctx, yanqing, 25, 20)
	s.then(1, "15:20", "yanqing adds a category", s.adds(yanqing, s.proves(ctx, yanqing, s.at(1, "14:00"), []policy.CategoryID{"api"}), "api"))
	s.stocks(ctx, s.contracted(ctx, "luting", 24, contract.Proposal{}), 24, 20)
	s.stocks(ctx, s.contracted(ctx, "suihe", 24, contract.Proposal{}), 24, 20)

	qiwu := s.contracted(ctx, "qiwu", 20, contract.Proposal{})
	s.stocks(ctx, qiwu, 20, 14)
	s.then(7, "10:12", "qiwu adds a category", s.adds(qiwu, s.proves(ctx, qiwu, s.at(7, "09:30"), []policy.CategoryID{"ops"}), "ops"))
	s.then(6, "14:05", "qiwu is approved again", s.decides(qiwu, nil))

	tangli := s.contracted(ctx, "tangli", 19, contract.Proposal{Rate: "18", Deposit: money.CNY(0), Terms: s.words["resale_terms"]})
	s.stocks(ctx, tangli, 19, 18)
	s.stocks(ctx, s.contracted(ctx, "longqin", 13, contract.Proposal{Months: 1}), 13, 8) // its term ends soon
}

// payers have signed and owe their deposit, or part of it.
func (s *story) payers(ctx context.Context) {
	for id, signed := range map[string]int{"jinxi": 12, "lingrong": 8, "jiangyu": 7, "yuan": 6, "yucen": 6} {
		s.stocks(ctx, s.contracted(ctx, id, signed, contract.Proposal{}), signed, 8)
	}
}

// signers are approved and have no contract in force yet.
func (s *story) signers(ctx context.Context) {
	shili := s.approved(ctx, "shili", 3)
	s.then(1, "10:35", "shili is offered a contract", s.offers(shili, contract.Proposal{Lang: contract.Both, Terms: s.words["offer_terms"]}))

	langu := s.approved(ctx, "langu", 6)
	s.then(5, "11:10", "langu is offered a contract", s.offers(langu, contract.Proposal{}))
	s.then(1, "14:25", "langu returns the paper", s.returnsPaper(langu))

	xiangyan := s.enters(ctx, "xiangyan", 3)
	s.then(2, "16:40", "xiangyan is claimed", s.claims(xiangyan, "note_refused"))
	s.then(1, "11:30", "xiangyan is approved in part", s.decides(xiangyan, nil, unmet{"E-6.4", "miniprogram", "no_rights", qualification.Refuse}))
}

// applicants are not approved yet.
func (s *story) applicants(ctx context.Context) {
	huiqiao := s.company("huiqiao")
	f := s.collects(ctx, huiqiao, s.at(1, "16:00"))
	s.then(2, "15:08", "huiqiao registers", s.registers(huiqiao))
	s.then(2, "15:31", "huiqiao begins", s.begins(huiqiao))
	s.then(1, "16:12", "huiqiao drafts", s.drafts(huiqiao))
	s.lately(40*time.Minute, "huiqiao applies", s.applies(huiqiao, f))

	s.enters(ctx, "minyu", 6) // nobody has taken it, and the promised time has passed

	zhongwan := s.enters(ctx, "zhongwan", 7)
	s.then(6, "15:45", "zhongwan is sent back", s.decides(zhongwan, nil, unmet{"E-4", "api", "cloud_unclear", qualification.Return}))
	mended := *zhongwan
	mended.Built = map[policy.CategoryID]string{"api": s.words["built_mended"]}
	again := s.proves(ctx, &mended, s.at(1, "10:00"), zhongwan.Categories)
	s.then(1, "13:50", "zhongwan applies again", s.mends(zhongwan, func(ctx context.Context, tx *db.Tx, a *qualification.Application) error {
		more, err := keep(ctx, tx, zhongwan.person, file.Evidence, again.built["api"])
		e := a.Evidence["api"]
		e.BuiltNote, e.BuiltFiles = mended.Built["api"], append(slices.Clone(e.BuiltFiles), more...)
		a.Evidence["api"] = e
		return err
	}))
	s.lately(25*time.Minute, "zhongwan is claimed", s.claims(zhongwan, "note_claimed"))

	yongzhao := s.enters(ctx, "yongzhao", 3)
	s.then(2, "10:20", "yongzhao is claimed", s.claims(yongzhao, "note_fresh_call"))
	s.then(2, "11:02", "yongzhao is sent back", s.decides(yongzhao,
		[]qualification.Named{{Field: "/service/mail", Text: s.words["item_mail"]}},
		unmet{"E-1", "", "licence_blurred", qualification.Return}, unmet{"E-3", "software", "trade_short", qualification.Return}))

	binche := s.company("binche")
	s.then(3, "16:05", "binche registers", s.registers(binche))
	s.then(3, "16:18", "binche begins", s.begins(binche))
	s.then(3, "16:47", "binche drafts", s.drafts(binche))
	s.then(1, "17:12", "a person registers", s.registers(s.company("luyinuo")))
}

// bankDays are the transfers, the statements and their confirmation.
func (s *story) bankDays() {
	s.bank = bankBook{balance: 120833045}
	pays := func(id string, back int, clock string, fen, voucher int64) transfer {
		return transfer{c: s.company(id), at: s.at(back, clock).Add(17 * time.Second), fen: fen, voucher: voucher}
	}
	luting := pays("luting", 22, "14:09", 500000, 500000)
	luting.bare = true
	yuan := pays("yuan", 2, "16:21", 500000, 500000)
	yuan.payer, yuan.account = "厦门屿岸"+s.words["other_remitter_suffix"], "309900000000810"
	for _, day := range []struct {
		back      int
		transfers []transfer
		others    []movement
		reasons   map[string]string // of doubtful lines; companies with "" are not confirmed
	}{
		{20, []transfer{pays("yanqing", 22, "10:26", 500000, 500000), luting, pays("suihe", 21, "15:37", 1000000, 1000000),
			pays("ruoxi", 22, "11:04", 500000, 500000), pays("hetang", 21, "09:32", 600000, 600000), pays("moyu", 21, "14:47", 500000, 500000)},
			s.business(21, 0), map[string]string{"yanqing": "", "luting": "", "suihe": "too_much", "ruoxi": "", "hetang": "too_much", "moyu": ""}},
		{14, []transfer{pays("qiwu", 16, "09:51", 200000, 200000)}, s.business(15, 1), map[string]string{"qiwu": ""}},
		{8, []transfer{pays("longqin", 10, "16:12", 500000, 500000), pays("jinxi", 9, "10:44", 300000, 300000)}, s.business(9, 2), map[string]string{"longqin": "", "jinxi": "too_little"}},
		{1, []transfer{pays("jiangyu", 2, "15:33", 500000, 500000), yuan, pays("yucen", 3, "09:18", 495000, 500000)}, s.business(2, 3), nil},
	} {
		for _, t := range day.transfers {
			told := t.at.Add(35 * time.Minute)
			if day.back == 1 && t.c.ID != "yucen" { // the next morning, which finance has still to decide on in time
				told = s.at(1, t.c.minute(9))
			}
			s.steps = append(s.steps, step{told, t.c.ID + " presents a voucher", s.presents(t)})
			if t.c.ID == "yucen" { // the first one cannot be read
				s.steps = append(s.steps, step{told.Add(95 * time.Minute), "yucen's voucher is refused", s.refuses(t.c, "voucher_blurred")})
				s.then(1, "10:03", "yucen presents another voucher", s.presents(t))
			}
		}
		imported := "09:34"
		if day.back == 1 {
			imported = "16:34"
		}
		s.then(day.back, imported, "a statement is imported", s.imports(day.transfers, day.others))
		for _, t := range day.transfers {
			if reason, ok := day.reasons[t.c.ID]; ok {
				s.then(day.back, t.c.minute(10), t.c.ID+" is confirmed", s.confirms(t.c, reason))
			}
		}
	}
}

// business is what else moves on the operator's account.
func (s *story) business(back, n int) []movement {
	at := func(clock string) time.Time { return s.at(back, clock) }
	list := []movement{
		{at: at("09:02"), fen: -1250 - int64(n)*300, kind: "手续费", summary: "企业银行业务手续费"},
		{at: at("11:20"), fen: -3280000, kind: "付款", summary: "机柜租金", name: "北辰示例数据中心有限公司", account: "308900000000901", bank: "招商银行北京示例支行"},
		{at: at("16:48"), fen: 1268000 + int64(n)*31500, kind: "转账汇款", summary: "云服务费", use: "云资源月结", name: "云岭示例商贸有限公司", account: "102900000000902", bank: "中国工商银行昆明示例支行"},
	}
	if n == 2 { // it goes back
		list = append(list, movement{at: at("14:33"), fen: 360000, kind: "转账汇款", summary: "往来款", use: "货款", name: s.words["stray_payer"], account: "308900000000904", bank: "招商银行合肥示例支行"})
	}
	if n == 3 { // nobody can tell whose these are
		list = append(list,
			movement{at: at("10:11"), fen: 500000, kind: "现金存款", summary: "现金", use: "保证金"},
			movement{at: at("15:26"), fen: 200000, kind: "转账汇款", summary: "往来款", use: "市场入驻", name: "王晓岚", account: "308900000000903", bank: "招商银行武汉示例支行"})
	}
	return list
}
