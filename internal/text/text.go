// Package text is the catalogue of every sentence Yunshi says to a person, in
// Chinese and in English, and the printer that puts a key and its arguments into
// a reader's language. It owns the files under catalogue/, one per area, with
// both languages side by side. It knows nothing of the business.
package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Key names a sentence of the catalogue, as "deposit.wrong_amount".
type Key string

// Lang is a language Yunshi speaks, by its index in the catalogue.
type Lang int

// The languages of the catalogue.
const (
	ZH Lang = iota // zh-CN, the default
	EN             // en
)

var tags = [...]string{"zh-CN", "en"}

// Tag returns the BCP 47 tag of the language, for <html lang> and the API.
func (l Lang) Tag() string { return tags[l] }

// Langs lists every language of the catalogue.
func Langs() []Lang { return []Lang{ZH, EN} }

// matcher's order is that of the constants: Match's index is a Lang.
var matcher = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

// Match picks the language for the given wishes (a tag or an Accept-Language
// header), the first that is understood; without any it is Chinese.
func Match(wishes ...string) Lang {
	for _, w := range wishes {
		if w == "" {
			continue
		}
		if _, i := language.MatchStrings(matcher, w); i >= 0 && i < len(tags) {
			return Lang(i)
		}
	}
	return ZH
}

//go:embed catalogue/*.json
var files embed.FS

var catalogue = load(files)

func load(fsys fs.FS) map[Key][2]string {
	names, err := fs.Glob(fsys, "catalogue/*.json")
	if err != nil {
		panic(err)
	}
	all := make(map[Key][2]string)
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			panic(err)
		}
		var part map[Key][2]string
		if err := json.Unmarshal(data, &part); err != nil {
			panic(fmt.Sprintf("%s: %v", path.Base(name), err))
		}
		for k, v := range part {
			if _, twice := all[k]; twice {
				panic(fmt.Sprintf("%s: key %s stands in two files", name, k))
			}
			all[k] = v
		}
	}
	return all
}

// Known reports whether the catalogue holds the key.
func Known(k Key) bool { _, ok := catalogue[k]; return ok }

// Keys lists the catalogue's keys in order.
func Keys() []Key {
	keys := make([]Key, 0, len(catalogue))
	for k := range catalogue {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// Verbs is how many arguments the sentence of a key takes; 0 for an unknown key.
func Verbs(k Key) int {
	s := catalogue[k][ZH]
	return strings.Count(s, "%") - 2*strings.Count(s, "%%")
}

// Message is a sentence not yet put into a language.
type Message struct {
	Key  Key
	Args []any
}

// M makes a Message.
func M(k Key, args ...any) Message { return Message{Key: k, Args: args} }

// Named is what carries its own names in both languages, as a category does.
type Named struct{ ZH, EN string }

// In returns the name in the language; a missing one falls back to the other.
func (n Named) In(l Lang) string {
	if l == EN && n.EN != "" || n.ZH == "" {
		return n.EN
	}
	return n.ZH
}

// Value is an argument that writes itself in a language, as an amount of money does.
type Value interface{ In(l Lang) string }

// Printer puts messages into one language, with times in one zone.
type Printer struct {
	Lang Lang
	Zone *time.Location // nil is UTC
}

// Say is T of a Message.
func (p Printer) Say(m Message) string { return p.T(m.Key, m.Args...) }

// T returns the sentence of a key. Arguments that are keys, messages, values,
// names or times are put into the language first. If the first argument is the
// number 1 and the catalogue has "key#one", that sentence is used. An unknown key comes back
// as itself, which the catalogue's test makes impossible for keys in the code.
func (p Printer) T(k Key, args ...any) string {
	if len(args) > 0 && fmt.Sprint(args[0]) == "1" {
		if _, ok := catalogue[k+"#one"]; ok {
			k += "#one"
		}
	}
	s, ok := catalogue[k]
	if !ok {
		return string(k)
	}
	if len(args) == 0 {
		return s[p.Lang]
	}
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = p.arg(a)
	}
	return fmt.Sprintf(s[p.Lang], said...)
}

func (p Printer) arg(a any) any {
	switch v := a.(type) {
	case Key:
		return p.T(v)
	case Message:
		return p.Say(v)
	case []Message:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = p.Say(m)
		}
		return p.List(parts)
	case []string:
		return p.List(v)
	case Value:
		return v.In(p.Lang)
	case time.Time:
		return p.Date(v)
	}
	return a
}

// List joins words as the language does: 甲、乙 or "a, b".
func (p Printer) List(words []string) string {
	if p.Lang == ZH {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

func (p Printer) in(t time.Time) time.Time {
	if p.Zone == nil {
		return t.UTC()
	}
	return t.In(p.Zone)
}

// Date writes the day: 2026年11月22日, 22 Nov 2026. The zero time is "–".
func (p Printer) Date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	if p.Lang == ZH {
		return p.in(t).Format("2006年1月2日")
	}
	return p.in(t).Format("2 Jan 2006")
}

// Time writes the day and the minute: 2026年11月22日 14:05, 22 Nov 2026, 14:05.
func (p Printer) Time(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	if p.Lang == ZH {
		return p.in(t).Format("2006年1月2日 15:04")
	}
	return p.in(t).Format("2 Jan 2006, 15:04")
}

// Ago writes how long before now t was, in its largest unit: 3 天前, 3 days ago;
// a later t is written as "in 3 days", 3 天后.
func (p Printer) Ago(t, now time.Time) string {
	if t.IsZero() {
		return "–"
	}
	past, d := true, now.Sub(t)
	if d < 0 {
		past, d = false, -d
	}
	key := Key("time.in")
	if past {
		key = "time.ago"
	}
	if d < time.Minute {
		return p.T("time.just_now")
	}
	return p.T(key, p.Span(d))
}

// Span writes a duration in its largest unit: 3 天, 3 days.
func (p Printer) Span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return p.T("time.days", int(d/(24*time.Hour)))
	case d >= time.Hour:
		return p.T("time.hours", int(d/time.Hour))
	default:
		return p.T("time.minutes", max(1, int(d/time.Minute)))
	}
}
