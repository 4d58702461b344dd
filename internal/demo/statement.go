package demo

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// movement is a line of a bank's statement.
type movement struct {
	at      time.Time
	fen     int64 // negative went out
	kind    string
	summary string
	use     string
	name    string
	account string
	bank    string
	ref     string
}

// statementColumns are those of a China Merchants Bank export.
const statementColumns = "交易日,交易时间,起息日,交易类型,借方金额,贷方金额,余额,摘要,流水号,流程实例号,业务名称,用途,业务参考号," +
	"收(付)方分行名,收(付)方名称,收(付)方账号,收(付)方开户行行号,收(付)方开户行名,信息标志,冲账标志"

// statementFile writes movements as China Merchants Bank exports them, in GB18030,
// from an opening balance.
func statementFile(payee policy.Payee, opening int64, printed time.Time, list []movement) ([]byte, error) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b movement) int { return a.at.Compare(b.at) })
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	put := func(cells ...string) { w.Write(cells) } //nolint:errcheck // Flush tells
	put("招商银行企业银行账务明细清单")
	put("账号:", payee.Account+"\t", "账号名称:", payee.Name, "币种:", "人民币")
	if len(list) > 0 {
		put("查询起始日期:", list[0].at.Format("20060102"), "查询截止日期:", list[len(list)-1].at.Format("20060102"))
	}
	put("期初余额:", grouped(opening))
	put("")
	put(strings.Split(statementColumns, ",")...)
	balance := opening
	var in, out, ins, outs int64
	for _, m := range list {
		balance += m.fen
		debit, credit, mark := "", grouped(m.fen), "贷"
		if m.fen < 0 {
			debit, credit, mark = grouped(-m.fen), "", "借"
			out, outs = out-m.fen, outs+1
		} else {
			in, ins = in+m.fen, ins+1
		}
		put(m.at.Format("20060102"), m.at.Format("15:04:05"), m.at.Format("20060102"), m.kind, debit, credit, grouped(balance), m.summary, asText(m.ref),
			"", "", m.use, "", "", m.name, asText(m.account), "", m.bank, mark, "")
	}
	put("")
	put("借方笔数", fmt.Sprint(outs), "借方金额合计", grouped(out))
	put("贷方笔数", fmt.Sprint(ins), "贷方金额合计", grouped(in))
	put("期末余额", grouped(balance))
	put("打印时间:" + printed.Format(time.DateTime))
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, err
	}
	s, err := simplifiedchinese.GB18030.NewEncoder().String(b.String())
	return []byte(s), err
}

// asText keeps spreadsheets from reading digits as a number, as the bank does.
func asText(digits string) string {
	if digits == "" {
		return ""
	}
	return digits + "\t"
}

// grouped writes fen as banks do: 1,208,330.45.
func grouped(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	yuan := fmt.Sprint(fen / 100)
	for i := len(yuan) - 3; i > 0; i -= 3 {
		yuan = yuan[:i] + "," + yuan[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, yuan, fen%100)
}

// StatementName is the file name of Statement.
const StatementName = "招商银行流水-示例.csv"

// Statement is a bank statement to import by hand in the demo: a line for every
// vendor that is asked for a deposit and has presented no voucher yet, each as it
// would have paid it in full with its reference, and two lines of other business.
func Statement(ctx context.Context, m *market.Market) ([]byte, error) {
	var list []movement
	var p policy.Policy
	now := m.DB.Clock().Now()
	serial := now.Unix()
	add := func(l movement) {
		l.at, l.ref = now.Add(time.Duration(len(list)-40)*time.Minute), fmt.Sprintf("C%d%02d", serial, len(list))
		list = append(list, l)
	}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		list = nil
		add(movement{fen: -1250, kind: "手续费", summary: "企业银行业务手续费"})
		by := access.SystemActor("demo.statement")
		open, err := deposit.Accounts(ctx, tx, by, deposit.Filter{Limit: 200})
		if err != nil {
			return err
		}
		for _, a := range open {
			state, err := deposit.Load(ctx, tx, a.VendorID)
			if err != nil {
				return err
			}
			if state.Missing.IsZero() || state.Vouchers > 0 || !state.Held.IsZero() {
				continue
			}
			v, err := vendor.Load(ctx, tx, a.VendorID)
			if err != nil {
				return err
			}
			add(paid(v.Company, state.Missing, a.Reference))
		}
		add(movement{fen: -3280000, kind: "付款", summary: "机柜租金", name: "北辰示例数据中心有限公司", account: "308900000000901", bank: "招商银行北京示例支行"})
		return nil
	})
	if err != nil {
		return nil, err
	}
	zone := p.Location()
	for i := range list {
		list[i].at = list[i].at.In(zone)
	}
	return statementFile(p.Payees[0], 150000000, now.In(zone), list)
}

// paid is the line of a company that paid its deposit as it was asked to.
func paid(c vendor.Company, amount money.Amount, ref string) movement {
	return movement{fen: amount.Fen, kind: "转账汇款", summary: "保证金", use: "云市场入驻保证金 " + reference.Group(ref),
		name: c.Name, account: c.Account.Number, bank: c.Account.Bank + c.Account.Branch}
}

// WriteStatement writes Statement into a file.
func WriteStatement(ctx context.Context, m *market.Market, path string) error {
	b, err := Statement(ctx, m)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}
