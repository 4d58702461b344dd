package statement

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// mt940 reads SWIFT customer statement messages, one after the other, in their
// envelope of blocks or bare. A message with an interim balance goes on in the next.
type mt940 struct {
	in      *bufio.Reader
	zone    *time.Location
	account string
	stated  stated
	left    notebook
	yield   func(item) bool

	line  int    // of the file, that was read last
	held  string // a line that was read ahead
	holds bool

	messages int
	ours     int
	row      int
	skips    bool
	other    string
	interim  bool      // the last message ended with an interim balance
	last     *movement // waits for what :86: says
	open     bool      // a message was begun and not ended
}

// tagged is one field of a message.
type tagged struct {
	tag  string // "61"
	text []string
	line int
}

// openMT940 begins MT940 messages.
func (r *Reader) openMT940(raw *bufio.Reader, o Options) error {
	dec, err := decode(raw, "auto")
	if err != nil {
		return err
	}
	m := &mt940{in: bufio.NewReaderSize(dec, window), zone: o.Zone, account: code(o.Account)}
	pull, stop := iter.Pull(m.items)
	r.close = func() error { stop(); return nil }
	r.encoding = func() string { return dec.encoding }
	r.head = Head{Account: m.account, Currency: "CNY", Version: "MT940"}
	r.from = pulled{pull, func() stated { return m.stated }, func() string { return m.account }, func() []Note { return m.left }}
	return nil
}

// items reads the whole file.
func (m *mt940) items(yield func(item) bool) {
	m.yield = yield
	var err error
	for err == nil {
		var f tagged
		if f, err = m.field(); err == nil {
			err = m.take(f)
		}
	}
	if errors.Is(err, io.EOF) {
		err = m.end()
	}
	switch {
	case errors.Is(err, errStopped):
		return
	case err != nil:
	case m.messages == 0:
		err = fault.At("/file", "statement.mt940_none")
	case m.ours == 0:
		err = fault.At("/summary/account", "statement.other_account", m.other, tail(m.account))
	default:
		return
	}
	yield(item{err: err})
}

func (m *mt940) give(i item) error {
	if !m.yield(i) {
		return errStopped
	}
	return nil
}

// next reads a line of the file, without its end.
func (m *mt940) next() (string, error) {
	if m.holds {
		m.holds = false
		return m.held, nil
	}
	var b strings.Builder
	m.line++
	for {
		r, _, err := m.in.ReadRune()
		switch {
		case errors.Is(err, io.EOF) && b.Len() > 0:
			return b.String(), nil
		case err != nil:
			return "", err
		case r == '\n':
			return strings.TrimRight(b.String(), "\r"), nil
		case r == utf8.RuneError:
			return "", fault.At(pointer(m.line, ""), "statement.unreadable", m.line)
		case r == 0 || r == 1 || r == 2 || r == 3: // of the transport
			continue
		}
		b.WriteRune(r)
		if b.Len() > MaxField {
			return "", fault.At(pointer(m.line, ""), "statement.line_too_long", m.line, MaxField>>10)
		}
	}
}

var (
	fieldTag = regexp.MustCompile(`^:([0-9]{2}[A-Z]?):`)
	envelope = regexp.MustCompile(`^\{[1-3]:`)
)

// field reads the next field with its further lines; "-" is the end of a message.
func (m *mt940) field() (tagged, error) {
	for {
		s, err := m.next()
		if err != nil {
			return tagged{}, err
		}
		at := m.line
		if envelope.MatchString(strings.TrimSpace(s)) { // {1:…}{2:…}{4: before the text
			i := strings.Index(s, "{4:")
			if i < 0 {
				continue
			}
			if s = s[i+3:]; s == "" {
				continue
			}
		}
		s = strings.TrimPrefix(s, "{4:")
		if ends(s) {
			return tagged{tag: "-", line: at}, nil
		}
		p := fieldTag.FindString(s)
		if p == "" {
			if strings.TrimSpace(s) == "" || !m.open { // what stands before the first field
				continue
			}
			return tagged{}, fault.At(pointer(at, ""), "statement.mt940_line", at, shown(s))
		}
		f := tagged{tag: p[1 : len(p)-1], text: []string{s[len(p):]}, line: at}
		size := len(s)
		for {
			more, err := m.next()
			if errors.Is(err, io.EOF) {
				return f, nil
			}
			if err != nil {
				return f, err
			}
			if ends(more) || fieldTag.MatchString(more) || envelope.MatchString(more) {
				m.held, m.holds = more, true
				return f, nil
			}
			f.text = append(f.text, more)
			if size += len(more); size > MaxRecord || len(f.text) > 200 {
				return f, fault.At(pointer(at, ""), "statement.line_too_long", at, MaxRecord>>10)
			}
		}
	}
}

// ends reports whether a line ends a message: "-", "-}" and what may follow it.
func ends(s string) bool {
	s = strings.TrimSpace(s)
	return s == "-" || strings.HasPrefix(s, "-}")
}

// take works on one field.
func (m *mt940) take(f tagged) error {
	body := strings.TrimSpace(strings.Join(f.text, "\n"))
	if f.tag != "20" && f.tag != "-" && !m.open {
		if m.messages == 0 {
			return nil // what stands before the first message
		}
		return fault.At(pointer(f.line, f.tag), "statement.mt940_order", f.line, ":"+f.tag+":", ":20:")
	}
	if f.tag != "86" {
		if err := m.flush(); err != nil {
			return err
		}
	}
	switch f.tag {
	case "20":
		if err := m.end(); err != nil {
			return err
		}
		m.begin(body, f.line)
	case "25", "25P":
		return m.whose(f, body)
	case "28C", "28":
		m.numbered(body)
	case "60F", "60M":
		return m.opening(f, body)
	case "61":
		return m.movement(f)
	case "86":
		m.said(f)
	case "62F", "62M":
		return m.closing(f, body)
	case "-":
		return m.end()
	}
	return nil // :21:, :64:, :65: and others say nothing of the lines
}

// begin starts a message.
func (m *mt940) begin(name string, line int) {
	m.messages++
	m.open, m.skips = true, false
	if m.interim { // a page of the same statement
		return
	}
	m.stated = stated{name: name, place: ":20:" + name, at: pointer(line, "")}
}

// bad is a fault of a field.
func (m *mt940) bad(f tagged, want any, found string) error {
	return fault.At(pointer(f.line, f.tag), "statement.cell", f.line, ":"+f.tag+":", want, shown(found))
}

var accountEnd = regexp.MustCompile(`[A-Z]{3}$`)

// whose compares the account, which may stand behind the bank's code and before a currency.
func (m *mt940) whose(f tagged, body string) error {
	body = strings.SplitN(body, "\n", 2)[0]
	forms := []string{code(body)}
	if i := strings.LastIndexByte(body, '/'); i >= 0 {
		forms = append([]string{code(body[i+1:])}, forms...)
	}
	if a := forms[0]; accountEnd.MatchString(a) && len(a) > 8 {
		forms = append([]string{a[:len(a)-3]}, forms...)
	}
	if forms[0] == "" {
		return m.bad(f, wantAcct, body)
	}
	if m.account == "" {
		m.account = forms[0]
		return nil
	}
	for _, a := range forms {
		if sameAccount(a, m.account) {
			return nil
		}
	}
	m.skips, m.other = true, tail(forms[0])
	m.left.add(OtherAccount, m.other, 0)
	return nil
}

// numbered notes the statement's number, without that of its page.
func (m *mt940) numbered(body string) {
	if m.stated.sequence == "" {
		m.stated.sequence, _, _ = strings.Cut(body, "/")
	}
}

var balanceForm = regexp.MustCompile(`^([CD])([0-9]{6})([A-Z]{3})([0-9]+[,.]?[0-9]*)$`)

func (m *mt940) balance(f tagged, body string) (money.Amount, calendar.Day, error) {
	p := balanceForm.FindStringSubmatch(body)
	if p == nil {
		return money.Amount{}, calendar.Day{}, m.bad(f, text.M("statement.want_balance"), body)
	}
	day, ok := m.day(p[2])
	fen, exact := exactly(strings.TrimSuffix(p[4], ","), ",")
	switch {
	case !ok:
		return money.Amount{}, day, m.bad(f, text.M(wantDate, []string{"YYMMDD"}), body)
	case !exact:
		return money.Amount{}, day, m.bad(f, wantAmount, body)
	case p[3] != "CNY" && !m.skips:
		return money.Amount{}, day, fault.At(pointer(f.line, f.tag), "statement.file_currency", p[3], "CNY")
	}
	if p[1] == "D" {
		fen = -fen
	}
	return money.CNY(fen), day, nil
}

func (m *mt940) opening(f tagged, body string) error {
	if m.skips {
		return nil
	}
	a, _, err := m.balance(f, body)
	if err != nil {
		return err
	}
	if m.interim && f.tag == "60M" {
		m.interim = false
		if m.stated.closing == nil || *m.stated.closing != a {
			return fault.At(pointer(f.line, f.tag), "statement.mt940_page", f.line, a, orZero(m.stated.closing))
		}
		m.stated.closing = nil
		return nil
	}
	if m.interim { // the statement before it ended with a page that is missing
		return fault.At(pointer(f.line, f.tag), "statement.mt940_page", f.line, a, orZero(m.stated.closing))
	}
	if m.stated.opening != nil {
		return fault.At(pointer(f.line, f.tag), "statement.balance_twice", m.stated.place, f.tag)
	}
	m.stated.opening = &a
	return nil
}

func orZero(a *money.Amount) money.Amount {
	if a == nil {
		return money.CNY(0)
	}
	return *a
}

func (m *mt940) closing(f tagged, body string) error {
	if m.skips {
		return nil
	}
	a, day, err := m.balance(f, body)
	if err != nil {
		return err
	}
	if m.stated.closing != nil {
		return fault.At(pointer(f.line, f.tag), "statement.balance_twice", m.stated.place, f.tag)
	}
	m.stated.closing, m.stated.to = &a, day
	m.interim = f.tag == "62M"
	return nil
}

// end closes a message; one without both balances was cut off.
func (m *mt940) end() error {
	if err := m.flush(); err != nil || !m.open {
		return err
	}
	m.open = false
	if m.skips {
		return nil
	}
	m.ours++
	if m.stated.opening == nil || m.stated.closing == nil {
		return fault.At("/"+strings.TrimPrefix(m.stated.at, "/"), "statement.mt940_cut", m.stated.place)
	}
	if m.interim {
		return nil
	}
	return m.give(item{err: errPart})
}

// day reads YYMMDD.
func (m *mt940) day(s string) (calendar.Day, bool) {
	t, err := time.ParseInLocation("060102", s, m.zone) // 69 to 99 are of the last century
	if err != nil || t.Year() < 1980 {
		return calendar.Day{}, false
	}
	return calendar.Of(t, m.zone), true
}
