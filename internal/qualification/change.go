package qualification

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
	"strings"
)

// Change is a field that differs between two submissions. A list of files or
// categories is one field.
type Change struct {
	Field    string // JSON pointer
	Was, Now string // as typed; lists are joined by commas, a ticked box is "true"
}

// Changes lists the fields in which a paper differs from an earlier one, in order.
func Changes(was, now Application) []Change {
	before := make(map[string]string)
	for _, l := range flatten(was) {
		before[l.pointer] = l.value
	}
	var changes []Change
	for _, l := range flatten(now) {
		if before[l.pointer] != l.value {
			changes = append(changes, Change{l.pointer, before[l.pointer], l.value})
		}
		delete(before, l.pointer)
	}
	for pointer, value := range before {
		if value != "" {
			changes = append(changes, Change{pointer, value, ""})
		}
	}
	sort.SliceStable(changes, func(i, j int) bool { return changes[i].Field < changes[j].Field })
	return changes
}

type leaf struct{ pointer, value string }

// flatten writes a paper, or a part of it, as pointers and values, in order. Lists
// of texts are one leaf; what is empty or false counts as absent.
func flatten(part any) []leaf {
	data, err := json.Marshal(part)
	if err != nil {
		panic(err) // texts, booleans and lists of them always marshal
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	var v any
	if err := dec.Decode(&v); err != nil {
		panic(err)
	}
	var leaves []leaf
	walk("", v, &leaves)
	sort.Slice(leaves, func(i, j int) bool { return leaves[i].pointer < leaves[j].pointer })
	return leaves
}

func walk(pointer string, v any, out *[]leaf) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			walk(pointer+"/"+escape(k), x, out)
		}
	case []any:
		if texts, ok := allTexts(v); ok {
			if len(texts) > 0 {
				*out = append(*out, leaf{pointer, strings.Join(texts, ", ")})
			}
			return
		}
		for i, x := range v {
			walk(pointer+"/"+strconv.Itoa(i), x, out)
		}
	case string:
		if v != "" {
			*out = append(*out, leaf{pointer, v})
		}
	case bool:
		if v {
			*out = append(*out, leaf{pointer, "true"})
		}
	}
}

func allTexts(list []any) ([]string, bool) {
	texts := make([]string, len(list))
	for i, x := range list {
		s, ok := x.(string)
		if !ok {
			return nil, false
		}
		texts[i] = s
	}
	return texts, true
}

func escape(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }

// head is the first part of a pointer: "company" of "/company/uscc".
func head(pointer string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return name
}
