package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Explained is a difference as a person reads it.
type Explained struct {
	Pointer string
	Path    []string // where it is, as "Categories", "APIs", "Deposit"
	Old     []string // what stood there, a line each; none if nothing
	New     []string
	Added   bool // a whole element came
	Removed bool
	Moved   bool // only the order of a list changed
	Money   bool
}

// Label is the name of a rule by its key, and its JSON name where the catalogue has none.
func Label(say text.Printer, key string) string {
	if k := LabelKey(key); text.Known(k) {
		return say.T(k)
	}
	return key[strings.LastIndexByte(key, '.')+1:]
}

// LabelKey is the catalogue's key of a rule's name.
func LabelKey(key string) text.Key { return text.Key("policy_field." + key) }

// Help is the sentence below a rule's name, "" where there is none.
func Help(say text.Printer, key string) string {
	if k := text.Key("policy_help." + key); text.Known(k) {
		return say.T(k)
	}
	return ""
}

// Explain puts a difference between two policies into words.
func Explain(say text.Printer, before, after Policy, d Difference) Explained {
	out := Explained{Pointer: d.Pointer, Money: MoneyRule(d.Pointer)}
	at := place{say: say, after: after}
	olds, news := reflect.ValueOf(before), reflect.ValueOf(after)
	t := reflect.TypeFor[Policy]()
	for i, seg := range segments(d.Pointer) {
		if seg == orderOf {
			out.Moved = true
			continue
		}
		switch t.Kind() {
		case reflect.Struct:
			if t == nameType {
				out.Path = append(out.Path, say.T(text.Key("policy.language_"+strings.ToLower(seg[:2]))))
				t = reflect.TypeFor[string]()
				continue
			}
			m, ok := member(reflect.Zero(t), seg)
			if !ok {
				out.Path = append(out.Path, seg)
				continue
			}
			if i > 0 {
				at.key += "."
			}
			at.key += seg
			out.Path = append(out.Path, Label(say, at.key))
			t, olds, news = m.value.Type(), step(olds, seg), step(news, seg)
		case reflect.Slice:
			olds, news = element(olds, seg), element(news, seg)
			title := seg
			if e := firstValid(news, olds); e.IsValid() && e.Kind() == reflect.Struct {
				title = say.T("policy.name", titleOf(e))
			}
			out.Path = append(out.Path, title)
			t = t.Elem()
			out.Added, out.Removed = d.Old == nil, d.New == nil
		case reflect.Map:
			out.Path = append(out.Path, say.T("policy.name", optionLabel(after, t.Key(), at.key, seg)))
			olds, news = entryOf(olds, seg), entryOf(news, seg)
			t = t.Elem()
		}
	}
	out.Added, out.Removed = out.Added && d.Old == nil, out.Removed && d.New == nil
	if out.Moved {
		out.Old, out.New = at.order(t, d.Old, before), at.order(t, d.New, after)
		return out
	}
	out.Old, out.New = at.compare(t, d.Old, d.New)
	return out
}

func segments(pointer string) []string {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, s := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
	}
	return parts
}

func step(v reflect.Value, name string) reflect.Value {
	if !v.IsValid() {
		return v
	}
	m, _ := member(v, name)
	return m.value
}

func element(v reflect.Value, key string) reflect.Value {
	if v.IsValid() {
		for i := range v.Len() {
			for _, m := range members(v.Index(i)) {
				if (m.name == "id" || m.name == "year" || m.name == "code") && fmt.Sprint(m.value.Interface()) == key {
					return v.Index(i)
				}
			}
		}
	}
	return reflect.Value{}
}

func entryOf(v reflect.Value, key string) reflect.Value {
	if !v.IsValid() {
		return v
	}
	return v.MapIndex(reflect.ValueOf(key).Convert(v.Type().Key()))
}

func firstValid(list ...reflect.Value) reflect.Value {
	for _, v := range list {
		if v.IsValid() {
			return v
		}
	}
	return reflect.Value{}
}

func optionLabel(p Policy, t reflect.Type, key, value string) text.Value {
	for _, o := range choices(p, t, key) {
		if o.Value == value {
			return o.Label
		}
	}
	return text.Named{ZH: value, EN: value}
}

// place is where in the policy a value stands while it is put into words.
type place struct {
	say   text.Printer
	after Policy
	key   string
}

// order names the elements of a list in their order.
func (p place) order(t reflect.Type, v any, of Policy) []string {
	list, _ := v.([]any)
	var names []string
	all := reflect.ValueOf(of)
	for _, seg := range strings.Split(p.key, ".") {
		all = step(all, seg)
	}
	for _, k := range list {
		title := fmt.Sprint(k)
		if all.IsValid() && all.Kind() == reflect.Slice {
			if e := element(all, title); e.IsValid() {
				title = p.say.T("policy.name", titleOf(e))
			}
		}
		names = append(names, title)
	}
	return []string{strings.Join(names, " → ")}
}

// compare writes both sides; of two long lists only what is not in both.
func (p place) compare(t reflect.Type, a, b any) (was, is []string) {
	al, aok := a.([]any)
	bl, bok := b.([]any)
	if t.Kind() == reflect.Slice && aok && bok && len(al)+len(bl) > 12 {
		less := func(x, y []any) []any {
			return slices.DeleteFunc(slices.Clone(x), func(v any) bool {
				return slices.ContainsFunc(y, func(w any) bool { return same(v, w) })
			})
		}
		al, bl = less(al, bl), less(bl, al)
		return p.marked("policy.taken_out", al, t), p.marked("policy.put_in", bl, t)
	}
	return p.lines(t, p.key, a), p.lines(t, p.key, b)
}

func (p place) marked(key text.Key, list []any, t reflect.Type) []string {
	if len(list) == 0 {
		return nil
	}
	return []string{p.say.T(key, strings.Join(p.lines(t, p.key, list), ""))}
}

// lines writes a JSON value of a type, a line for each field of a group.
func (p place) lines(t reflect.Type, key string, v any) []string {
	switch x := v.(type) {
	case nil:
		return nil
	case map[string]any:
		if t == nameType {
			return []string{strings.TrimSpace(fmt.Sprint(x["zh-CN"]) + " / " + fmt.Sprint(x["en"]))}
		}
		var out []string
		switch t.Kind() {
		case reflect.Struct:
			for _, m := range members(reflect.Zero(t)) {
				if l := p.lines(m.value.Type(), key+"."+m.name, x[m.name]); len(l) > 0 && strings.Join(l, "") != "" {
					out = append(out, p.say.T("policy.line", Label(p.say, key+"."+m.name), strings.Join(l, "; ")))
				}
			}
		case reflect.Map:
			for _, k := range both(x, nil) {
				out = append(out, p.say.T("policy.line", optionLabel(p.after, t.Key(), key, k), strings.Join(p.lines(t.Elem(), key, x[k]), "; ")))
			}
		}
		return out
	case []any:
		var parts []string
		for _, e := range x {
			if m, ok := e.(map[string]any); ok && t.Kind() == reflect.Slice && t.Elem() != nameType {
				if k, ok := keyOf(m); ok {
					parts = append(parts, k)
					continue
				}
			}
			if t.Kind() == reflect.Slice {
				parts = append(parts, strings.Join(p.lines(t.Elem(), key, e), "; "))
			}
		}
		if len(parts) == 0 {
			return []string{p.say.T("policy.none")}
		}
		return []string{p.say.List(parts)}
	case bool:
		if x {
			return []string{p.say.T("policy.yes")}
		}
		return []string{p.say.T("policy.no")}
	case json.Number:
		n, err := strconv.ParseInt(x.String(), 10, 64)
		if err != nil {
			return []string{x.String()}
		}
		return []string{Number(p.say, kindOf(t, key), unitOf(key), n)}
	case string:
		if hasChoices(t, key) {
			return []string{p.say.T("policy.name", optionLabel(p.after, t, key, x))}
		}
		if x == "" {
			return []string{p.say.T("policy.nothing")}
		}
		return strings.Split(x, "\n")
	}
	return []string{fmt.Sprint(v)}
}

// Number writes a rule's number for people: an amount, a rate, or with what it counts.
func Number(say text.Printer, kind FieldKind, unit string, n int64) string {
	switch {
	case kind == KindMoney:
		return money.CNY(n).In(say.Lang)
	case kind == KindRate:
		return written(reflect.ValueOf(n), KindRate) + " %"
	case unit == "bytes":
		return say.T("policy.megabytes", strconv.FormatFloat(float64(n)/(1<<20), 'f', -1, 64))
	case unit != "":
		return say.T("policy.unit_of", strconv.FormatInt(n, 10), text.Key("policy.unit_"+unit))
	}
	return strconv.FormatInt(n, 10)
}
