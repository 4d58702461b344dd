package contract

import (
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// rateText writes basis points as people do: 1000 is 10%, 1250 is 12.5%.
func rateText(bps int64) string {
	s := strconv.FormatInt(bps/100, 10)
	if bps%100 != 0 {
		s += "." + strings.TrimRight(string([]byte{byte('0' + bps/10%10), byte('0' + bps%10)}), "0")
	}
	return s + "%"
}

// ParseRate reads a percentage as "10", "12.5%" or "１２．５％" and returns basis points,
// 1250. More than two decimals, and what is not from 0 to 100, are fault.Invalid.
func ParseRate(s string) (int64, error) {
	bad := fault.New(fault.Invalid, "contract.bad_rate")
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(cn.Fold(s)), "%"))
	whole, part, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 3 || len(part) > 2 || strings.Trim(whole+part, "0123456789") != "" || strings.HasSuffix(s, ".") {
		return 0, bad
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil || n > 10_000 {
		return 0, bad
	}
	return n, nil
}
