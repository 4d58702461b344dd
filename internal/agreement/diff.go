package agreement

import "strings"

// Mark of a line of a comparison.
const (
	Same    = ' '
	Added   = '+'
	Removed = '-'
	Skipped = '…' // lines that are the same and far from any difference
)

// Line is one line of a comparison of two texts.
type Line struct {
	Mark rune
	Text string
}

const (
	around   = 2    // lines around a difference
	mostDiff = 1500 // lines of either text that are compared line by line
)

// Diff compares two texts line by line: what was taken out, what came in, and two
// lines around. Equal texts give none.
func Diff(was, now string) []Line {
	a, b := lines(was), lines(now)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if head == len(a) && head == len(b) {
		return nil
	}
	all := make([]Line, 0, len(a)+len(b))
	for _, s := range a[:head] {
		all = append(all, Line{Same, s})
	}
	all = append(all, differing(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, s := range a[len(a)-tail:] {
		all = append(all, Line{Same, s})
	}
	return near(all)
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// differing is the longest common run of lines, and around it what differs.
func differing(a, b []string) []Line {
	var out []Line
	if len(a) > mostDiff || len(b) > mostDiff {
		for _, s := range a {
			out = append(out, Line{Removed, s})
		}
		for _, s := range b {
			out = append(out, Line{Added, s})
		}
		return out
	}
	long := make([][]int32, len(a)+1) // length of the longest common subsequence of a[i:] and b[j:]
	for i := range long {
		long[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Line{Same, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && long[i+1][j] >= long[i][j+1]:
			out = append(out, Line{Removed, a[i]})
			i++
		default:
			out = append(out, Line{Added, b[j]})
			j++
		}
	}
	return out
}

// near leaves out what is the same and far from any difference.
func near(all []Line) []Line {
	keep := make([]bool, len(all))
	for i, l := range all {
		if l.Mark == Same {
			continue
		}
		for k := max(0, i-around); k <= min(len(all)-1, i+around); k++ {
			keep[k] = true
		}
	}
	var out []Line
	for i, l := range all {
		switch {
		case keep[i]:
			out = append(out, l)
		case len(out) == 0 || out[len(out)-1].Mark != Skipped:
			out = append(out, Line{Mark: Skipped})
		}
	}
	return out
}
