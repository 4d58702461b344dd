package product

import (
	"strings"
	"unicode"
)

// RunKind is what became of a run of words.
type RunKind string

// The kinds of runs.
const (
	Same   RunKind = "same"
	Gone   RunKind = "gone"
	Fresh  RunKind = "new"
	Folded RunKind = "folded" // unchanged and left out; Text is empty
)

// Run is some words of a text that were changed in the same way.
type Run struct {
	Kind RunKind
	Text string
}

// mostSteps bounds the search for the shortest difference: beyond so many changed
// words two texts have little in common, and one stands for the other.
const mostSteps = 1500

// Diff is the difference of two texts, by lines and inside changed lines by words;
// each Han character is a word of its own. The runs that are not Fresh together are
// the old text, those that are not Gone the new one.
func Diff(was, is string) []Run {
	var runs joined
	a, b := strings.SplitAfter(was, "\n"), strings.SplitAfter(is, "\n")
	var gone, fresh strings.Builder
	flush := func() {
		runs.words(gone.String(), fresh.String())
		gone.Reset()
		fresh.Reset()
	}
	for _, e := range edits(a, b) {
		switch e.kind {
		case Same:
			flush()
			runs.add(Same, e.token)
		case Gone:
			gone.WriteString(e.token)
		case Fresh:
			fresh.WriteString(e.token)
		}
	}
	flush()
	return runs
}

// joined is runs of which no two neighbours are of a kind.
type joined []Run

func (j *joined) add(kind RunKind, text string) {
	if text == "" {
		return
	}
	if n := len(*j); n > 0 && (*j)[n-1].Kind == kind {
		(*j)[n-1].Text += text
		return
	}
	*j = append(*j, Run{kind, text})
}

// words adds the difference of two passages. Unchanged blanks and marks between
// changed words are taken as changed: a reader sees one change, not two.
func (j *joined) words(was, is string) {
	if was == "" || is == "" {
		j.add(Gone, was)
		j.add(Fresh, is)
		return
	}
	all := edits(wordsOf(was), wordsOf(is))
	var gone, fresh strings.Builder
	flush := func() {
		j.add(Gone, gone.String())
		j.add(Fresh, fresh.String())
		gone.Reset()
		fresh.Reset()
	}
	for i, e := range all {
		switch {
		case e.kind == Gone:
			gone.WriteString(e.token)
		case e.kind == Fresh:
			fresh.WriteString(e.token)
		case i > 0 && i+1 < len(all) && isMark(e.token) && all[i-1].kind != Same && all[i+1].kind != Same:
			gone.WriteString(e.token)
			fresh.WriteString(e.token)
		default:
			flush()
			j.add(Same, e.token)
		}
	}
	flush()
}

func isMark(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\n' })
}

// wordsOf cuts a text into words: runs of letters and digits, single Han characters,
// and every other character alone.
func wordsOf(s string) []string {
	var out []string
	start := -1
	for i, r := range s {
		if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, s[start:i])
			start = -1
		}
		out = append(out, string(r))
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

// edit is one word with what became of it.
type edit struct {
	kind  RunKind
	token string
}

// edits is a shortest way from one list to the other (Myers 1986), without what both
// begin and end with.
func edits(a, b []string) []edit {
	var head, tail []edit
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, edit{Same, a[0]})
		a, b = a[1:], b[1:]
	}
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for _, t := range a[len(a)-n:] {
		tail = append(tail, edit{Same, t})
	}
	return append(append(head, middle(a[:len(a)-n], b[:len(b)-n])...), tail...)
}

func middle(a, b []string) []edit {
	most := min(len(a)+len(b), mostSteps)
	reach := make([]int, 2*most+3) // by diagonal, how far into a
	var steps [][]int
	for d := 0; d <= most; d++ {
		steps = append(steps, append([]int(nil), reach[most+1-d:most+2+d]...))
		for k := -d; k <= d; k += 2 {
			at := most + 1 + k
			x := reach[at-1] + 1
			if k == -d || k != d && reach[at-1] < reach[at+1] {
				x = reach[at+1]
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			reach[at] = x
			if x >= len(a) && x-k >= len(b) {
				return walk(a, b, steps, d)
			}
		}
	}
	out := make([]edit, 0, len(a)+len(b))
	for _, t := range a {
		out = append(out, edit{Gone, t})
	}
	for _, t := range b {
		out = append(out, edit{Fresh, t})
	}
	return out
}

// walk follows the search back from the end. steps[d] holds the reaches before step
// d, of the diagonals −d to d.
func walk(a, b []string, steps [][]int, d int) []edit {
	var back []edit
	x, y := len(a), len(b)
	for ; d > 0; d-- {
		before := func(k int) int {
			if i := k + d; i >= 0 && i < len(steps[d]) {
				return steps[d][i]
			}
			return 0
		}
		k := x - y
		from := k - 1
		if k == -d || k != d && before(k-1) < before(k+1) {
			from = k + 1
		}
		fx := before(from)
		fy := fx - from
		for x > fx && y > fy && a[x-1] == b[y-1] && (x-1 >= fx+1 || y-1 >= fy+1 || x-1 == fx && y-1 == fy) {
			if x-1 == fx && from == k-1 || y-1 == fy && from == k+1 {
				break
			}
			back = append(back, edit{Same, a[x-1]})
			x, y = x-1, y-1
		}
		if from == k-1 {
			back = append(back, edit{Gone, a[x-1]})
			x--
		} else {
			back = append(back, edit{Fresh, b[y-1]})
			y--
		}
	}
	for ; x > 0 && y > 0; x, y = x-1, y-1 {
		back = append(back, edit{Same, a[x-1]})
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}

// around is how many characters of an unchanged passage stay beside a change.
const around = 60

// Fold leaves out the middle of long unchanged passages.
func Fold(runs []Run) []Run {
	var out []Run
	for i, r := range runs {
		text := []rune(r.Text)
		if r.Kind != Same || len(text) <= 3*around {
			out = append(out, r)
			continue
		}
		if i > 0 {
			out = append(out, Run{Same, string(text[:around])})
		}
		out = append(out, Run{Kind: Folded})
		if i+1 < len(runs) {
			out = append(out, Run{Same, string(text[len(text)-around:])})
		}
	}
	return out
}
