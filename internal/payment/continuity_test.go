package payment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

func day(n int) calendar.Day { return calendar.Day{Year: 2026, Month: 1, Day: n} }

// stated is a statement with balances; fen below zero stands for none.
func stated(id, number string, from, to int, opening, closing int64) Part {
	p := Part{StatementID: id, FileName: id + ".csv", No: 1, Sequence: number, From: day(from), To: day(to), Lines: 1,
		Credit: money.CNY(max(0, closing-opening)), Debit: money.CNY(max(0, opening-closing))}
	if opening >= 0 {
		o, c := money.CNY(opening), money.CNY(closing)
		p.Opening, p.Closing = &o, &c
	}
	return p
}

// Rule D-12: what is missing between two statements, or stands in both, is found.
func TestStatementsFollowEachOther(t *testing.T) {
	type found struct {
		Kind          FindingKind
		Before, After string
		From, To      calendar.Day
		Fen           int64
		Missing       string
	}
	bare := stated("c", "", 6, 7, -1, 0)
	bare.Credit = money.CNY(50)
	tests := []struct {
		name  string
		parts []Part
		want  []found
	}{
		{"one", []Part{stated("a", "", 1, 5, 0, 100)}, nil},
		{"they follow, whatever the order they came in", []Part{stated("b", "", 8, 9, 100, 300), stated("a", "", 1, 5, 0, 100)}, nil},
		{"days are missing", []Part{stated("a", "", 1, 5, 0, 100), stated("b", "", 8, 9, 130, 300)}, []found{{Gap, "a", "b", day(6), day(7), 30, ""}}},
		{"numbers tell which", []Part{stated("a", "5", 1, 5, 0, 100), stated("b", "8", 8, 9, 130, 300)}, []found{{Gap, "a", "b", day(6), day(7), 30, "6–7"}}},
		{"a part of the next day is missing", []Part{stated("a", "", 1, 5, 0, 100), stated("b", "", 6, 9, 90, 300)}, []found{{Gap, "a", "b", calendar.Day{}, calendar.Day{}, -10, ""}}},
		{"two of one day, in the order of their numbers", []Part{stated("b", "2", 5, 5, 100, 300), stated("a", "1", 5, 5, 0, 100)}, nil},
		{"both have days", []Part{stated("a", "", 1, 5, 0, 100), stated("b", "", 4, 9, 60, 300)}, []found{{Overlap, "a", "b", day(4), day(5), 0, ""}}},
		{"one lies in the other", []Part{stated("a", "", 1, 9, 0, 100), stated("b", "", 4, 5, 60, 70), stated("c", "", 10, 11, 100, 90)}, []found{{Overlap, "a", "b", day(4), day(5), 0, ""}}},
		{"a file without balances carries its lines", []Part{stated("a", "", 1, 5, 0, 100), bare, stated("b", "", 8, 9, 150, 300)}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []found
			for _, f := range follow(test.parts) {
				got = append(got, found{f.Kind, f.Before.StatementID, f.After.StatementID, f.From, f.To, f.Difference.Fen, f.Missing})
				for _, l := range text.Langs() {
					if s := (text.Printer{Lang: l}).Say(f.Message()); len(s) < 20 || s[0] == '%' {
						t.Errorf("in words: %q", s)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
