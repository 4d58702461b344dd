package statement

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// movementForm is :61:: value day, booking day, mark, the currency's last letter,
// amount, kind, references.
var movementForm = regexp.MustCompile(`^([0-9]{6})([0-9]{4})?(R?[CD]|E[CD])([A-Z])?([0-9]+[,.]?[0-9]*)([A-Z][A-Z0-9]{3})?(.*)$`)

// movement reads :61:; the line is handed over when it is known whether :86: follows.
func (m *mt940) movement(f tagged) error {
	if m.skips {
		m.left.add(OtherAccount, m.other, 1)
		return nil
	}
	p := movementForm.FindStringSubmatch(strings.TrimSpace(f.text[0]))
	if p == nil {
		return m.bad(f, text.M("statement.want_movement"), f.text[0])
	}
	valued, ok := m.day(p[1])
	if !ok {
		return m.bad(f, text.M(wantDate, []string{"YYMMDD"}), f.text[0])
	}
	booked := valued
	if p[2] != "" {
		if booked, ok = m.near(valued, p[2]); !ok {
			return m.bad(f, text.M(wantDate, []string{"MMDD"}), f.text[0])
		}
	}
	fen, ok := exactly(strings.TrimSuffix(p[5], ","), ",")
	if !ok {
		return m.bad(f, wantAmount, f.text[0])
	}
	if fen == 0 {
		m.left.add(Zero, "", 1)
		return nil
	}
	// EC and ED are expected, not booked.
	if p[3] == "EC" || p[3] == "ED" {
		m.left.add(Pending, "", 1)
		return nil
	}
	credit := p[3] == "C" || p[3] == "RD" // what takes back a debit comes in
	if !credit {
		fen = -fen
	}
	m.row++
	mine, bank, _ := strings.Cut(p[7], "//")
	mv := &movement{credit: credit, Line: Line{
		No: f.line, Account: m.account, BookedOn: booked, Amount: money.CNY(fen), Ordinal: 1,
		BankRef: reference(bank), Reversal: strings.HasPrefix(p[3], "R"), Raw: ":61:" + strings.Join(f.text, "\n"),
	}}
	var remark []string
	if reference(mine) != "" {
		remark = append(remark, clean(mine))
	}
	for _, s := range f.text[1:] { // supplementary details
		if s = clean(s); s != "" && !strings.HasPrefix(s, "/") {
			remark = append(remark, s)
		}
	}
	mv.Remark = strings.Join(remark, " ")
	m.last = mv
	return nil
}

// near is the day of a month and day that is nearest to another day: a booking in
// the first days of a year may have a value in the last of the one before.
func (m *mt940) near(valued calendar.Day, monthDay string) (calendar.Day, bool) {
	t := valued.Time(m.zone)
	var best calendar.Day
	for _, year := range []int{t.Year(), t.Year() + 1, t.Year() - 1} {
		d, err := time.ParseInLocation("20060102", time.Date(year, 1, 1, 0, 0, 0, 0, m.zone).Format("2006")+monthDay, m.zone)
		if err != nil {
			continue
		}
		if day := calendar.Of(d, m.zone); best.IsZero() || distance(day, valued) < distance(best, valued) {
			best = day
		}
	}
	return best, !best.IsZero()
}

func distance(a, b calendar.Day) int {
	n := a.DaysSince(b)
	return max(n, -n)
}

// flush hands over the line that waits.
func (m *mt940) flush() error {
	if m.last == nil {
		return nil
	}
	mv := *m.last
	m.last = nil
	return m.give(item{movement: mv})
}

// said reads :86: after a :61:; after the balances it speaks of the statement.
func (m *mt940) said(f tagged) {
	if m.last == nil || m.skips {
		return
	}
	d := information(f.text)
	mv := m.last
	mv.PayerName, mv.PayerAccount, mv.PayerBank = d.name, code(d.account), d.bank
	mv.Remark = join(d.remark, mv.Remark)
	mv.Reversal = mv.Reversal || d.returned
	mv.Raw = mv.Raw + "\n:86:" + strings.Join(f.text, "\n")
	if len(mv.Raw) > maxRaw {
		mv.Raw = strings.ToValidUTF8(mv.Raw[:maxRaw], "")
	}
}

// details is what :86: says of a movement.
type details struct {
	name, account, bank, remark string
	returned                    bool
}

// The ways of :86:, which SWIFT leaves to the banks: ?20 subfields after a number
// of three digits, /CODE/ words, labels, or free text.
var (
	subfields = regexp.MustCompile(`^[0-9]{3}([?~^>|<])[0-9]{2}`)
	bareField = regexp.MustCompile(`^([?~])[0-9]{2}`)
	codeWords = regexp.MustCompile(`/(ORDP|BENM|NAME|ACCT|IBAN|ACCW|BIC|BANK|REMI|EREF|NREF|TRTP|CNTP|RTRN|OCMT|CHGS|USTD|KREF|CSID|MARF|PREF|SVWZ)/`)
	labels86  = regexp.MustCompile(`(对方户名|付款人名称|付款人|收款人名称|收款人|户名|对方账号|付款账号|付款人账号|收款人账号|账号|对方行名|对方开户行|付款行|收款行|开户行|用途|附言|摘要|备注)[：:]`)
)

func information(lines []string) details {
	whole := strings.Join(lines, "")
	if p := subfields.FindStringSubmatch(whole); p != nil {
		return fromSubfields(whole[3:], p[1])
	}
	if p := bareField.FindStringSubmatch(whole); p != nil {
		return fromSubfields(whole, p[1])
	}
	if strings.HasPrefix(whole, "/") && codeWords.MatchString(whole) {
		return fromWords(whole)
	}
	free := flowing(lines)
	if labels86.MatchString(free) {
		return fromLabels(free)
	}
	return details{remark: clean(free)}
}

// flowing joins lines as they were before they were cut: without a blank after a
// full line, with one after a shorter.
func flowing(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 && l != "" && utf8.RuneCountInString(lines[i-1]) < 60 && !strings.HasSuffix(lines[i-1], " ") {
			before, _ := utf8.DecodeLastRuneInString(lines[i-1])
			after, _ := utf8.DecodeRuneInString(l)
			if !unicode.Is(unicode.Han, before) || !unicode.Is(unicode.Han, after) { // Chinese has no blanks
				b.WriteByte(' ')
			}
		}
		b.WriteString(l)
	}
	return b.String()
}

// fromSubfields reads ?20…?29 and ?60…?63 as the remark, ?30 as the bank, ?31 as the
// account, ?32 and ?33 as the name, ?34 as the reason of a return.
func fromSubfields(s, mark string) (d details) {
	var remark []string
	for _, part := range strings.Split(s, mark) {
		if len(part) < 2 || part[0] < '0' || part[0] > '9' || part[1] < '0' || part[1] > '9' {
			if len(remark) > 0 { // the mark stood in a text
				remark[len(remark)-1] += mark + part
			}
			continue
		}
		n, body := part[:2], part[2:]
		switch {
		case n >= "20" && n <= "29", n >= "60" && n <= "63":
			remark = append(remark, body)
		case n == "30":
			d.bank = clean(body)
		case n == "31":
			d.account = body
		case n == "32", n == "33":
			d.name += body
		case n == "34":
			d.returned = strings.Trim(body, "0 ") != ""
		case n == "00" && len(remark) == 0:
			remark = append(remark, body+" ")
		}
	}
	d.name, d.remark = clean(d.name), clean(strings.Join(remark, ""))
	return d
}

// fromWords reads /ORDP//NAME/…/REMI/….
func fromWords(s string) (d details) {
	at := codeWords.FindAllStringSubmatchIndex(s, -1)
	var remark []string
	for i := 0; i < len(at); i++ {
		word := s[at[i][2]:at[i][3]]
		from, to := at[i][1], len(s)
		if i+1 < len(at) {
			to = at[i+1][0]
		}
		body := clean(strings.Trim(s[min(from, to):to], "/"))
		switch word {
		case "NAME":
			d.name = firstOf(d.name, body)
		case "ORDP", "BENM", "CNTP": // …/CNTP/account/bank/name///
			if parts := strings.Split(body, "/"); word == "CNTP" && len(parts) >= 3 {
				d.account, d.bank, d.name = parts[0], clean(parts[1]), clean(parts[2])
			} else {
				d.name = firstOf(d.name, body)
			}
		case "ACCT", "IBAN", "ACCW":
			d.account = firstOf(d.account, strings.SplitN(body, ",", 2)[0])
		case "BIC", "BANK":
			d.bank = firstOf(d.bank, body)
		case "REMI", "USTD", "SVWZ":
			body = strings.TrimPrefix(strings.TrimPrefix(body, "USTD//"), "STRD/CUR/")
			remark = append(remark, body)
		case "EREF", "NREF":
			if reference(body) != "" {
				remark = append(remark, body)
			}
		case "RTRN":
			d.returned = true
			remark = append(remark, body)
		}
	}
	d.remark = clean(strings.Join(slices.DeleteFunc(remark, func(s string) bool { return s == "" }), " "))
	return d
}

// fromLabels reads 对方户名：… 对方账号：… 附言：…
func fromLabels(s string) (d details) {
	at := labels86.FindAllStringSubmatchIndex(s, -1)
	remark := []string{strings.Trim(clean(s[:at[0][0]]), ";；,， ")}
	for i, p := range at {
		to := len(s)
		if i+1 < len(at) {
			to = at[i+1][0]
		}
		body := strings.Trim(clean(s[p[1]:to]), ";；,， ")
		switch label := s[p[2]:p[3]]; {
		case strings.HasSuffix(label, "账号"):
			d.account = firstOf(d.account, body)
		case strings.HasSuffix(label, "行"), strings.HasSuffix(label, "行名"):
			d.bank = firstOf(d.bank, body)
		case label == "用途", label == "附言", label == "摘要", label == "备注":
			remark = append(remark, body)
		default:
			d.name = firstOf(d.name, body)
		}
	}
	d.remark = strings.Join(slices.DeleteFunc(remark, func(s string) bool { return s == "" }), " ")
	return d
}
