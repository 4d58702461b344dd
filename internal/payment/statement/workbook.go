package statement

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/sheet"
)

// maxUnpacked is what a workbook may unpack to.
const maxUnpacked = 1 << 30

// openSheet begins the sheet of a workbook that has the column names. That another
// sheet has them too refuses the file: lines would be lost in silence.
func (r *Reader) openSheet(raw *bufio.Reader, m Mapping, o Options) error {
	book, err := sheet.Open(raw, sheet.Limits{Bytes: MaxFile, Unpacked: maxUnpacked, Columns: MaxColumns})
	if err != nil {
		return placed(err)
	}
	r.close = book.Close
	var best near
	for _, name := range book.Sheets() {
		next, stop := rowsOf(book, name)
		ok, n, why := m.nearest(next)
		stop()
		switch {
		case why != nil:
			return why
		case ok && r.head.Sheet != "":
			return fault.At("/file", "statement.two_sheets", r.head.Sheet, name)
		case ok:
			r.head.Sheet = name
		case n.found > best.found:
			best = n
		}
	}
	if r.head.Sheet == "" {
		return m.noHeader(best)
	}
	next, stop := rowsOf(book, r.head.Sheet)
	r.close = func() error { stop(); return book.Close() }
	r.encoding = func() string { return "utf-8" }
	t := newTable(m, o.Zone, next)
	t.serials = serials{on: true, from1904: book.From1904()}
	return r.openTable(t, o)
}

// placed gives a fault of the whole file its place.
func placed(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && len(f.Fields) == 0 && f.Kind == fault.Invalid {
		return &fault.Error{Kind: f.Kind, Message: f.Message, Fields: []fault.Field{{Pointer: "/file", Message: f.Message}}, Cause: f}
	}
	return err
}

// rowsOf reads the rows of a sheet as records.
func rowsOf(book *sheet.Book, name string) (next func() (record, error), stop func()) {
	pull, stop := iter.Pull2(book.Rows(name))
	return func() (record, error) {
		row, err, ok := pull()
		if !ok {
			return record{}, io.EOF
		}
		if err != nil {
			return record{}, placed(err)
		}
		r := record{no: row.No, cells: make([]string, len(row.Cells)), raw: strings.Join(row.Cells, "\t")}
		if len(r.raw) > MaxRecord {
			return record{}, fault.At(pointer(r.no, ""), "statement.line_too_long", r.no, MaxRecord>>10)
		}
		for i, c := range row.Cells {
			if len(c) > MaxField {
				return record{}, fault.At(pointer(r.no, ""), "statement.cell_too_long", r.no, i+1, MaxField>>10)
			}
			r.cells[i] = decimal(c)
		}
		return r, nil
	}, stop
}

// number is one as a spreadsheet keeps it: with an exponent, or with more
// digits than it shows, because 0.3 has no end in base 2.
var number = regexp.MustCompile(`^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$`)

// precise is how many digits of a number a spreadsheet holds and shows.
const precise = 15

// decimal writes a number of a spreadsheet in the digits it shows. What is no
// number, has few enough digits, or lost digits by its size stays as it is.
func decimal(cell string) string {
	p := number.FindStringSubmatch(cell)
	if p == nil || p[3] == "" && p[4] == "" || len(cell) > 40 || p[4] != "" && len(p[2]) != 1 {
		return cell
	}
	exponent := 0
	if p[4] != "" {
		exponent, _ = strconv.Atoi(p[4])
	}
	digits := strings.TrimLeft(p[2]+p[3], "0")
	point := len(digits) - len(p[3]) + exponent // where it stands, from the left
	if digits == "" {
		return "0"
	}
	if point > precise || point < -precise { // beyond what is exact
		return cell
	}
	if p[4] == "" && len(digits) <= precise {
		return cell
	}
	if len(digits) > precise {
		n, err := strconv.ParseUint(digits[:precise], 10, 64)
		if err != nil {
			return cell
		}
		if digits[precise] >= '5' {
			n++
		}
		rounded := strconv.FormatUint(n, 10)
		point += len(rounded) - precise // 99…9 became one longer
		digits = rounded
	}
	switch {
	case point <= 0:
		digits = "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		digits += strings.Repeat("0", point-len(digits))
	default:
		digits = digits[:point] + "." + digits[point:]
	}
	if strings.Contains(digits, ".") {
		digits = strings.TrimRight(strings.TrimRight(digits, "0"), ".")
	}
	return p[1] + digits
}

// serials reads the days of a spreadsheet, which are numbers: 1 is 1 January 1900,
// the time of day is what follows the point.
type serials struct {
	on       bool
	from1904 bool // as Excel for the Mac counted
}

var isSerial = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]+)?$`)

// day reads a number as a day, with whether it has a time.
func (s serials) day(cell string, zone *time.Location) (t time.Time, timed, ok bool) {
	days, rest, ok := s.split(cell)
	// Only days of our time; before 61 the numbers count a day that never was.
	if !ok || days < 25000 || days > 110000 {
		return time.Time{}, false, false
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, zone)
	if s.from1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, zone)
	}
	y, m, d := first.AddDate(0, 0, days).Date()
	return time.Date(y, m, d, 0, 0, rest, 0, zone), rest > 0, true
}

// clock reads a number as a time of day.
func (s serials) clock(cell string, zone *time.Location) (time.Time, bool) {
	_, rest, ok := s.split(cell)
	return time.Date(2000, 1, 1, 0, 0, rest, 0, zone), ok
}

// split takes a number apart into days and seconds.
func (s serials) split(cell string) (days, seconds int, ok bool) {
	c := strings.TrimSpace(norm.NFKC.String(clean(cell)))
	if !s.on || !isSerial.MatchString(c) {
		return 0, 0, false
	}
	v, err := strconv.ParseFloat(c, 64)
	if err != nil {
		return 0, 0, false
	}
	whole := math.Floor(v)
	seconds = int(math.Round((v - whole) * 24 * 60 * 60))
	if seconds == 24*60*60 {
		return int(whole) + 1, 0, true
	}
	return int(whole), seconds, true
}
