package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Shown is the input that lists the names of what a form shows with boxes to tick:
// a box that is not ticked sends nothing.
const Shown = "_shown"

// apply writes the values of a form's inputs into a policy, those of the section
// alone. What cannot be read is fault.Invalid at its pointer.
func apply(p *Policy, s Section, values map[string][]string) error {
	var f fault.Fields
	v := reflect.ValueOf(p).Elem()
	for _, m := range members(v) {
		if s.owns(m.name) {
			(&filler{values: values, faults: &f}).fill(m.value, m.name, m.name)
		}
	}
	return f.Err()
}

type filler struct {
	values map[string][]string
	faults *fault.Fields
}

func pointerOf(name string) string { return "/" + strings.ReplaceAll(name, ".", "/") }

func (f *filler) one(name string) (string, bool) {
	v, ok := f.values[name]
	if !ok || len(v) == 0 {
		return "", false
	}
	return strings.TrimSpace(strings.ReplaceAll(v[len(v)-1], "\r\n", "\n")), true
}

func (f *filler) bad(name, key string, args ...any) {
	f.faults.Add(pointerOf(name), text.Key(key), args...)
}

func (f *filler) fill(v reflect.Value, name, key string) {
	switch kindOf(v.Type(), key) {
	case KindGroup:
		for _, m := range members(v) {
			f.fill(m.value, name+"."+m.name, key+"."+m.name)
		}
	case KindNames:
		n := v.Addr().Interface().(*Name)
		if s, ok := f.one(name + ".zh-CN"); ok {
			n.ZH = s
		}
		if s, ok := f.one(name + ".en"); ok {
			n.EN = s
		}
	case KindList:
		for i := range v.Len() {
			for _, m := range members(v.Index(i)) {
				f.fill(m.value, name+"."+index(i)+"."+m.name, key+"."+m.name)
			}
		}
	case KindTable:
		f.table(v, name, key)
	case KindFlag:
		if slices.Contains(f.values[Shown], name) {
			s, _ := f.one(name)
			v.SetBool(s == "true")
		}
	case KindChoices:
		if slices.Contains(f.values[Shown], name) {
			list := reflect.MakeSlice(v.Type(), 0, len(f.values[name]))
			for _, s := range f.values[name] {
				list = reflect.Append(list, reflect.ValueOf(s).Convert(v.Type().Elem()))
			}
			v.Set(list)
		}
	default:
		if s, ok := f.one(name); ok {
			f.scalar(v, name, key, s)
		}
	}
}

// table fills the entries of a map whose inputs are there.
func (f *filler) table(v reflect.Value, name, key string) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	seen := make(map[string]bool)
	for _, k := range v.MapKeys() {
		seen[k.String()] = true
	}
	for _, o := range choices(Policy{}, v.Type().Key(), key) {
		seen[o.Value] = true
	}
	for k := range seen {
		at := name + "." + k
		if !slices.ContainsFunc(append(keysOf(f.values), f.values[Shown]...), func(n string) bool { return n == at || strings.HasPrefix(n, at+".") }) {
			continue
		}
		mk := reflect.ValueOf(k).Convert(v.Type().Key())
		e := reflect.New(v.Type().Elem()).Elem()
		if is := v.MapIndex(mk); is.IsValid() {
			e.Set(is)
		}
		f.fill(e, at, key)
		v.SetMapIndex(mk, e)
	}
}

func keysOf(m map[string][]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

func (f *filler) scalar(v reflect.Value, name, key, s string) {
	switch kind := kindOf(v.Type(), key); kind {
	case KindText, KindChoice:
		if v.Type() == dayType {
			var d calendar.Day
			if s != "" {
				var err error
				if d, err = calendar.Parse(s); err != nil {
					f.bad(name, "policy.no_day", s)
					return
				}
			}
			v.Set(reflect.ValueOf(d))
			return
		}
		v.SetString(s)
	case KindMoney:
		a, err := money.Parse(s)
		if err != nil || a.Code() != money.Yuan {
			f.bad(name, "policy.no_money", s)
			return
		}
		v.SetInt(a.Fen)
	case KindRate:
		n, ok := basisPoints(s)
		if !ok {
			f.bad(name, "policy.no_rate", s)
			return
		}
		v.SetInt(n)
	case KindNumber:
		n, err := strconv.ParseInt(strings.NewReplacer(",", "", "，", "", " ", "").Replace(s), 10, 64)
		if err != nil || v.OverflowInt(n) {
			f.bad(name, "policy.no_number", s)
			return
		}
		v.SetInt(n)
	case KindWords:
		f.words(v, name, s)
	case KindRaw:
		fresh := reflect.New(v.Type())
		if err := json.Unmarshal([]byte(s), fresh.Interface()); err != nil {
			f.bad(name, "policy.no_json")
			return
		}
		v.Set(fresh.Elem())
	}
}

// words reads a list, one a line; numbers and days may stand in one line too.
func (f *filler) words(v reflect.Value, name, s string) {
	e := v.Type().Elem()
	split := func(r rune) bool { return r == '\n' }
	if e == dayType || e.Kind() == reflect.Int {
		split = func(r rune) bool { return strings.ContainsRune("\n,，、;； \t", r) }
	}
	list := reflect.MakeSlice(v.Type(), 0, 8)
	for _, w := range strings.FieldsFunc(s, split) {
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		x := reflect.New(e).Elem()
		switch {
		case e == dayType:
			d, err := calendar.Parse(w)
			if err != nil {
				f.bad(name, "policy.no_day", w)
				return
			}
			x.Set(reflect.ValueOf(d))
		case e.Kind() == reflect.Int:
			n, err := strconv.Atoi(w)
			if err != nil {
				f.bad(name, "policy.no_number", w)
				return
			}
			x.SetInt(int64(n))
		default:
			x.SetString(w)
		}
		list = reflect.Append(list, x)
	}
	v.Set(list)
}

// basisPoints reads a percentage with at most two decimals.
func basisPoints(s string) (int64, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "%"), "％"))
	whole, part, dotted := strings.Cut(s, ".")
	if dotted && (part == "" || len(part) > 2) || whole == "" || len(whole) > 5 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 32)
	return int64(n), err == nil
}

// written is a value as its form shows it.
func written(v reflect.Value, kind FieldKind) string {
	switch kind {
	case KindMoney:
		n := v.Int()
		sign := ""
		if n < 0 {
			sign, n = "-", -n
		}
		return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
	case KindRate:
		s := fmt.Sprintf("%d.%02d", v.Int()/100, v.Int()%100)
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	case KindWords:
		var lines []string
		for i := range v.Len() {
			lines = append(lines, fmt.Sprint(v.Index(i).Interface()))
		}
		return strings.Join(lines, "\n")
	case KindRaw:
		b, err := json.MarshalIndent(v.Interface(), "", "  ")
		if err != nil {
			return ""
		}
		return string(b)
	}
	return fmt.Sprint(v.Interface())
}

// operate adds, takes out or moves an element of a list of the section: "add:ways",
// "remove:ways.2", "up:ways.2", "down:ways.2". What is not there is fault.NotFound.
func operate(p *Policy, s Section, op string) error {
	verb, at, _ := strings.Cut(op, ":")
	parts := strings.Split(at, ".")
	gone := fault.New(fault.NotFound, "fault.not_found")
	n := -1
	if verb != "add" {
		var err error
		if n, err = strconv.Atoi(parts[len(parts)-1]); err != nil {
			return gone
		}
		parts = parts[:len(parts)-1]
	}
	if !s.owns(parts[0]) {
		return gone
	}
	v := reflect.ValueOf(p).Elem()
	for _, seg := range parts {
		switch v.Kind() {
		case reflect.Struct:
			m, ok := member(v, seg)
			if !ok {
				return gone
			}
			v = m.value
		case reflect.Slice:
			i, err := strconv.Atoi(seg)
			if err != nil || i < 0 || i >= v.Len() {
				return gone
			}
			v = v.Index(i)
		default:
			return gone
		}
	}
	if v.Kind() != reflect.Slice || verb != "add" && (n < 0 || n >= v.Len()) {
		return gone
	}
	// A copy: the policy may share its lists with others.
	list := reflect.MakeSlice(v.Type(), 0, v.Len()+1)
	list = reflect.AppendSlice(list, v)
	swap := func(i, j int) {
		if j >= 0 && j < list.Len() {
			x := reflect.ValueOf(list.Index(i).Interface())
			list.Index(i).Set(list.Index(j))
			list.Index(j).Set(x)
		}
	}
	switch verb {
	case "add":
		list = reflect.Append(list, reflect.Zero(v.Type().Elem()))
	case "remove":
		list = reflect.AppendSlice(list.Slice(0, n), v.Slice(n+1, v.Len()))
	case "up":
		swap(n, n-1)
	case "down":
		swap(n, n+1)
	default:
		return gone
	}
	v.Set(list)
	return nil
}
