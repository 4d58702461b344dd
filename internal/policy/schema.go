package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/text"
)

// FieldKind is how a rule is written in a form.
type FieldKind string

// The kinds of fields.
const (
	KindGroup   FieldKind = "group"   // several fields under one heading
	KindList    FieldKind = "list"    // items that can be added, taken out and moved
	KindTable   FieldKind = "table"   // one item for each of a fixed set of keys
	KindNames   FieldKind = "names"   // in both languages
	KindText    FieldKind = "text"    // a line
	KindNumber  FieldKind = "number"  // whole
	KindMoney   FieldKind = "money"   // yuan in the form, fen in the policy
	KindRate    FieldKind = "rate"    // percent in the form, basis points in the policy
	KindFlag    FieldKind = "flag"    // yes or no
	KindChoice  FieldKind = "choice"  // one of several
	KindChoices FieldKind = "choices" // any of several
	KindWords   FieldKind = "words"   // one a line
	KindRaw     FieldKind = "raw"     // JSON
)

// Field is one rule, or a group of them, as a form shows it.
type Field struct {
	Name    string // of the input: "categories.0.deposit_fen"
	Key     string // of the label: "categories.deposit_fen"
	Kind    FieldKind
	Unit    string // hours, days, months, years, bytes, characters, or ""
	Value   string
	Values  []string // of choices
	Names   Name     // of names
	Long    bool     // a text of several lines
	Money   bool     // a money rule: a change needs two people
	Options []Option
	Fields  []Field // of a group
	Items   []Item  // of a list or table
}

// Item is one element of a list, or one entry of a table.
type Item struct {
	Name   string // "categories.0"
	Title  text.Value
	Fields []Field
}

// Option is one choice of a field.
type Option struct {
	Value string
	Label text.Value
}

// Section is a part of the policy that is read and changed on one page.
type Section struct {
	ID    string
	Group string   // categories, money, work, texts or market
	Has   []string // the policy's own fields in it
}

// sections are those whose place among the others is known; a field of the policy
// that none of them has is a section of its own.
var sections = []Section{
	{"categories", "entry", []string{"categories"}},
	{"conditions", "entry", []string{"conditions", "entry"}},
	{"gates", "entry", []string{"gates"}},
	{"amounts", "money", nil},
	{"modes", "money", []string{"modes"}},
	{"deposits", "money", []string{"deposits"}},
	{"payees", "money", []string{"payees", "ways"}},
	{"money", "money", []string{"one_person_for_money", "receipt_series"}},
	{"statements", "money", []string{"statements"}},
	{"mailbox", "money", []string{"mailbox"}},
	{"promise", "work", []string{"promise"}},
	{"calendar", "work", []string{"calendar"}},
	{"checks", "work", []string{"checks", "review_waiting"}},
	{"reasons", "work", []string{"reasons"}},
	{"messages", "texts", []string{"messages"}},
	{"contract_texts", "texts", []string{"contract_texts"}},
	{"violations", "work", []string{"violations"}},
	{"amendments", "work", []string{"amendments"}},
	{"exit", "work", []string{"exit"}},
	{"revisions", "work", []string{"revisions"}},
	{"reports", "work", []string{"reports"}},
	{"oversight", "work", []string{"oversight"}},
	{"products", "market", []string{"products"}},
	{"imports", "market", []string{"imports"}},
	{"people", "market", []string{"people"}},
	{"general", "market", []string{"marketplace", "zone", "upload_bytes"}},
	{"operator", "market", []string{"operator"}},
	{"changes", "market", []string{"changes"}},
}

// Groups lists the groups of sections in the order people read them.
func Groups() []string { return []string{"entry", "money", "work", "texts", "market", "more"} }

// Sections lists all sections by group. The deposits are a second way to the
// categories: what they ask for, side by side.
func Sections() []Section {
	names := fieldNames()
	out := slices.DeleteFunc(slices.Clone(sections), func(s Section) bool { return len(s.Has) > 0 && !slices.Contains(names, s.Has[0]) })
	for _, name := range names {
		if !slices.ContainsFunc(out, func(s Section) bool { return slices.Contains(s.Has, name) }) {
			out = append(out, Section{name, "more", []string{name}})
		}
	}
	return out
}

// SectionOf finds a section; unknown is false.
func SectionOf(id string) (Section, bool) {
	all := Sections()
	i := slices.IndexFunc(all, func(s Section) bool { return s.ID == id })
	if i < 0 {
		return Section{}, false
	}
	return all[i], true
}

// owns reports whether the section has the policy's own field.
func (s Section) owns(name string) bool {
	return slices.Contains(s.Has, name) || s.ID == "amounts" && name == "categories"
}

// SectionAt is the section in which a place of the policy is changed.
func SectionAt(pointer string) Section {
	top, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	all := Sections()
	i := slices.IndexFunc(all, func(s Section) bool { return slices.Contains(s.Has, top) })
	if i < 0 {
		return all[0]
	}
	return all[i]
}

// FieldsOf are the fields of a section with the values of a policy.
func FieldsOf(p Policy, s Section) []Field {
	v := reflect.ValueOf(&p).Elem()
	var out []Field
	for _, name := range s.Has {
		if f, ok := member(v, name); ok {
			out = append(out, fieldOf(p, f.value, name, name, f.money))
		}
	}
	return out
}

// part is a field of a struct by its JSON name.
type part struct {
	name  string
	value reflect.Value
	money bool
}

func members(v reflect.Value) []part {
	var out []part
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		out = append(out, part{name, v.Field(i), f.Tag.Get("rule") == "money" || tells(name, "fen") || strings.HasSuffix(name, "basis_points")})
	}
	return out
}

func member(v reflect.Value, name string) (part, bool) {
	for _, m := range members(v) {
		if m.name == name {
			return m, true
		}
	}
	return part{}, false
}

// tells reports whether a JSON name has a word in it.
func tells(name, word string) bool { return slices.Contains(strings.Split(name, "_"), word) }

var (
	nameType = reflect.TypeFor[Name]()
	dayType  = reflect.TypeFor[calendar.Day]()
)

// kindOf is how a rule of a type and a name is written.
func kindOf(t reflect.Type, key string) FieldKind {
	name := key[strings.LastIndexByte(key, '.')+1:]
	switch {
	case t == nameType:
		return KindNames
	case t == dayType:
		return KindText
	case hasChoices(t, key) && t.Kind() == reflect.String:
		return KindChoice
	}
	switch t.Kind() {
	case reflect.Struct:
		return KindGroup
	case reflect.Bool:
		return KindFlag
	case reflect.String:
		return KindText
	case reflect.Int, reflect.Int64:
		switch {
		case tells(name, "fen"):
			return KindMoney
		case strings.HasSuffix(name, "basis_points"):
			return KindRate
		}
		return KindNumber
	case reflect.Slice:
		e := t.Elem()
		switch {
		case e.Kind() == reflect.Struct && e != dayType:
			return KindList
		case e == dayType, e.Kind() == reflect.Int:
			return KindWords
		case e.Kind() == reflect.String && hasChoices(e, key):
			return KindChoices
		case e.Kind() == reflect.String:
			return KindWords
		}
	case reflect.Map:
		if e := t.Elem(); t.Key().Kind() == reflect.String && kindOf(e, key) != KindRaw {
			return KindTable
		}
	}
	return KindRaw
}

// unitOf is what a number counts, by its name.
func unitOf(key string) string {
	name := key[strings.LastIndexByte(key, '.')+1:]
	for _, u := range []string{"hours", "minutes", "days", "months", "years", "bytes"} {
		if tells(name, u) {
			return u
		}
	}
	if tells(name, "chars") || tells(name, "characters") {
		return "characters"
	}
	return ""
}

func fieldOf(p Policy, v reflect.Value, name, key string, money bool) Field {
	f := Field{Name: name, Key: key, Kind: kindOf(v.Type(), key), Unit: unitOf(key), Money: money}
	switch f.Kind {
	case KindGroup:
		for _, m := range members(v) {
			f.Fields = append(f.Fields, fieldOf(p, m.value, name+"."+m.name, key+"."+m.name, money || m.money))
		}
	case KindList:
		for i := range v.Len() {
			e := v.Index(i)
			at := name + "." + index(i)
			item := Item{Name: at, Title: titleOf(e)}
			for _, m := range members(e) {
				item.Fields = append(item.Fields, fieldOf(p, m.value, at+"."+m.name, key+"."+m.name, money || m.money))
			}
			f.Items = append(f.Items, item)
		}
	case KindTable:
		f.Items = tableOf(p, v, name, key, money)
	case KindNames:
		f.Names = v.Interface().(Name)
		f.Long = long(key, f.Names.ZH, f.Names.EN)
	case KindChoice, KindText, KindNumber, KindMoney, KindRate, KindWords, KindRaw:
		f.Value = written(v, f.Kind)
		f.Long = f.Kind == KindText && long(key, f.Value)
	case KindFlag:
		f.Value = fmt.Sprint(v.Bool())
	case KindChoices:
		for i := range v.Len() {
			f.Values = append(f.Values, v.Index(i).String())
		}
	}
	if f.Kind == KindChoice || f.Kind == KindChoices {
		t := v.Type()
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		f.Options = choices(p, t, key)
	}
	return f
}

func tableOf(p Policy, v reflect.Value, name, key string, money bool) []Item {
	keys := choices(p, v.Type().Key(), key)
	known := make(map[string]bool)
	for _, k := range keys {
		known[k.Value] = true
	}
	var others []string
	for _, k := range v.MapKeys() {
		if !known[k.String()] {
			others = append(others, k.String())
		}
	}
	slices.Sort(others)
	for _, k := range others {
		keys = append(keys, Option{k, text.Named{ZH: k, EN: k}})
	}
	var out []Item
	for _, k := range keys {
		e := v.MapIndex(reflect.ValueOf(k.Value).Convert(v.Type().Key()))
		if !e.IsValid() {
			e = reflect.Zero(v.Type().Elem())
		}
		item := Item{Name: name + "." + k.Value, Title: k.Label}
		if e.Kind() == reflect.Struct && e.Type() != nameType {
			for _, m := range members(e) {
				item.Fields = append(item.Fields, fieldOf(p, m.value, item.Name+"."+m.name, key+"."+m.name, money || m.money))
			}
		} else {
			item.Fields = []Field{fieldOf(p, e, item.Name, key, money)}
		}
		out = append(out, item)
	}
	return out
}

// long reports whether a text wants several lines.
func long(key string, texts ...string) bool {
	name := key[strings.LastIndexByte(key, '.')+1:]
	if slices.Contains([]string{"about", "help", "text", "rule", "body", "note"}, name) {
		return true
	}
	return slices.ContainsFunc(texts, func(s string) bool { return len([]rune(s)) > 60 || strings.Contains(s, "\n") })
}

// titleOf is what an element of a list is called: its name, its text, or its id.
func titleOf(e reflect.Value) text.Value {
	var id string
	for _, m := range members(e) {
		switch {
		case m.value.Type() == nameType && (m.name == "name" || m.name == "text") && m.value.Interface().(Name) != Name{}:
			n := m.value.Interface().(Name)
			return text.Named{ZH: n.ZH, EN: n.EN}
		case m.name == "name" && m.value.Kind() == reflect.String && m.value.String() != "":
			return text.Named{ZH: m.value.String()}
		case m.name == "id" || m.name == "year" || m.name == "code":
			id = fmt.Sprint(m.value.Interface())
		}
	}
	return text.Named{ZH: id, EN: id}
}

// MoneyRule reports whether the place of a difference is a money rule, whose change
// needs a second person: those tagged in the type, every amount and every rate.
func MoneyRule(pointer string) bool {
	t := reflect.TypeFor[Policy]()
	for _, seg := range segments(pointer) {
		if seg == orderOf {
			return false
		}
		switch t.Kind() {
		case reflect.Struct:
			m, ok := member(reflect.Zero(t), seg)
			if !ok {
				return false
			}
			if m.money {
				return true
			}
			t = m.value.Type()
		case reflect.Slice, reflect.Map:
			t = t.Elem()
		}
	}
	return hasMoney(t)
}

// hasMoney reports whether a whole element that comes or goes has an amount in it.
func hasMoney(t reflect.Type) bool {
	switch {
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		return hasMoney(t.Elem())
	case t.Kind() == reflect.Struct:
		return slices.ContainsFunc(members(reflect.Zero(t)), func(m part) bool { return m.money || hasMoney(m.value.Type()) })
	}
	return false
}
