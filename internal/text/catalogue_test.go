package text

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	keyForm = regexp.MustCompile(`^[a-z_]+\.[a-z0-9_.]+(?:#one)?$`)
	verb    = regexp.MustCompile(`%(?:\[([0-9]+)\])?[-+# 0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)
	// Chinese is written with the marks of Chinese, English with its own.
	latinMark = regexp.MustCompile(`\p{Han}[,;:!?]|[,;!?]\p{Han}`)
	wideMark  = regexp.MustCompile(`[，；：！？（）、。]`)
)

func TestCatalogueIsWhole(t *testing.T) {
	names, err := fs.Glob(files, "catalogue/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("the catalogue's files: %v, %v", names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		area := strings.TrimSuffix(path.Base(name), ".json")
		var part map[Key][]string
		if err := json.Unmarshal(data, &part); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for k := range part {
			if n := strings.Count(string(data), `"`+string(k)+`"`); n != 1 {
				t.Errorf("%s: %s stands there %d times", name, k, n)
			}
		}
		for k, said := range part {
			// The sentence of an event stands with the area it happens in.
			if !keyForm.MatchString(string(k)) || !strings.HasPrefix(string(k), area+".") && !strings.HasPrefix(string(k), "event.") {
				t.Errorf("%s: the key %s should be %s.snake_case", name, k, area)
			}
			if len(said) != 2 || said[ZH] == "" || said[EN] == "" {
				t.Errorf("%s: %s should have a Chinese and an English sentence, has %q", name, k, said)
				continue
			}
			checkSentence(t, k, said[ZH], said[EN])
		}
	}
}

func checkSentence(t *testing.T, k Key, zh, en string) {
	t.Helper()
	if a, b := verbs(zh), verbs(en); a != b {
		t.Errorf("%s: the Chinese takes %s, the English %s", k, a, b)
	}
	if m := latinMark.FindString(zh); m != "" {
		t.Errorf("%s: a Latin mark in Chinese, at “%s”", k, m)
	}
	if m := wideMark.FindString(en); m != "" {
		t.Errorf("%s: a Chinese mark in English, “%s”", k, m)
	}
	base, one := strings.CutSuffix(string(k), "#one")
	if !one {
		return
	}
	said, found := catalogue[Key(base)]
	if !found {
		t.Errorf("%s has no base %s", k, base)
	}
	if a, b := verbs(said[EN]), verbs(en); a != b {
		t.Errorf("%s takes %s, its base %s", k, b, a)
	}
}

// verbs lists the arguments a sentence takes, each with its verb, by position.
func verbs(s string) string {
	taken := make(map[int]string)
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[2] == "%" {
			continue
		}
		at := next
		if n, err := strconv.Atoi(m[1]); err == nil {
			at = n
		}
		taken[at] = m[2]
		next = at + 1
	}
	var list []string
	for at, v := range taken {
		list = append(list, fmt.Sprintf("%02d%s", at, v))
	}
	sort.Strings(list)
	return "[" + strings.Join(list, " ") + "]"
}

func TestVerbs(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "[]"},
		{"10 %%", "[]"},
		{"%s 的 %d", "[01s 02d]"},
		{"%[2]d of %[1]s", "[01s 02d]"},
		{"%.2f%%", "[01f]"},
	}
	for _, tt := range tests {
		if got := verbs(tt.in); got != tt.want {
			t.Errorf("verbs(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestKeysAndLoad(t *testing.T) {
	keys := Keys()
	if len(keys) != len(catalogue) || !slices.IsSorted(keys) {
		t.Errorf("Keys lists %d of %d keys, or not in order", len(keys), len(catalogue))
	}
	defer func() {
		if recover() == nil {
			t.Error("a key that stands in two files was taken")
		}
	}()
	load(fstest.MapFS{
		"catalogue/a.json": {Data: []byte(`{"a.b": ["一", "one"]}`)},
		"catalogue/c.json": {Data: []byte(`{"a.b": ["二", "two"]}`)},
	})
}
