package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Bar is one bar of Bars or one stage of a Funnel.
type Bar struct {
	Label string
	Value float64
	Print string // the number in words, "" is the plain number
	Note  string // as "longest 3 days"
	Href  string
	Tone  Tone
}

// Series is one line of a Plot; its values stand at the Plot's labels.
type Series struct {
	Name   string
	Values []float64
}

// Plot is what Lines draws.
type Plot struct {
	Title  string               // what is counted, for the table and screen readers
	Labels []string             // under the values, oldest first
	Series []Series             // at most three
	Print  func(float64) string // nil is the plain number
}

func (b Bar) said() string {
	if b.Print != "" {
		return b.Print
	}
	return plain(b.Value)
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func most(bars []Bar) float64 {
	m := 0.0
	for _, b := range bars {
		m = math.Max(m, b.Value)
	}
	return m
}

// share is a part of the whole in percent for an SVG width; a value that is not
// nothing is always seen.
func share(v, of float64) string {
	if v <= 0 || of <= 0 {
		return "0"
	}
	return strconv.FormatFloat(math.Max(v/of*100, .8), 'f', 2, 64)
}

// kept is how many of the stage before reached this one, as "62%".
func kept(bars []Bar, i int) string {
	if i == 0 || bars[i-1].Value <= 0 {
		return ""
	}
	return strconv.FormatFloat(math.Round(bars[i].Value/bars[i-1].Value*100), 'f', 0, 64) + "%"
}

// middle is the x of a bar of the width that stands in the middle of 100.
func middle(v, of float64) string {
	w, _ := strconv.ParseFloat(share(v, of), 64)
	return strconv.FormatFloat((100-w)/2, 'f', 2, 64)
}

func (p Plot) print(v float64) string {
	if p.Print != nil {
		return p.Print(v)
	}
	return plain(v)
}

// top is the highest line of the grid: a round number whose half is round too.
func (p Plot) top() float64 {
	m := 0.0
	for _, s := range p.Series {
		for _, v := range s.Values {
			m = math.Max(m, v)
		}
	}
	if m <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(m)))
	for _, f := range []float64{1, 2, 3, 4, 6, 8, 10} {
		if m <= f*unit {
			return f * unit
		}
	}
	return 10 * unit
}

// points are the corners of a line on a ground of 100 × 100.
func (p Plot) points(s Series) string {
	top, step := p.top(), 0.0
	if len(s.Values) > 1 {
		step = 100 / float64(len(s.Values)-1)
	}
	var b strings.Builder
	for i, v := range s.Values {
		fmt.Fprintf(&b, "%.2f,%.2f ", step*float64(i), 100-v/top*100)
	}
	return strings.TrimSpace(b.String())
}

func (p Plot) last(s Series) string {
	if len(s.Values) == 0 {
		return "–"
	}
	return p.print(s.Values[len(s.Values)-1])
}

func (p Plot) empty() bool {
	for _, s := range p.Series {
		if len(s.Values) > 0 {
			return false
		}
	}
	return true
}

func (p Plot) at(s Series, i int) string {
	if i >= len(s.Values) {
		return "–"
	}
	return p.print(s.Values[i])
}
