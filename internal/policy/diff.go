package policy

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Difference is one place where two policies differ. Pointer names it with the ids
// of list elements in place of numbers, as /categories/api/deposit_fen, so that it
// means the same in both. Old and New are JSON values; nil is "not there".
type Difference struct {
	Pointer string
	Old     any
	New     any
}

// orderOf is the last part of the pointer that stands for the order of a list.
const orderOf = "#order"

// tree is a policy as JSON values, numbers exact.
func tree(p Policy) (any, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return treeOf(body)
}

func treeOf(body []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// keyOf is what tells an element of a list from the others: its id, or its year;
// an element without either makes the whole list one value.
func keyOf(v any) (string, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return "", false
	}
	for _, name := range []string{"id", "year", "code"} {
		switch k := m[name].(type) {
		case string:
			if k != "" {
				return k, true
			}
		case json.Number:
			return k.String(), true
		}
	}
	return "", false
}

// keyed is a list by its elements' keys; a list that has an element without a key,
// or a key twice, is none.
func keyed(v any) (order []string, by map[string]any, ok bool) {
	list, is := v.([]any)
	if !is || len(list) == 0 {
		return nil, nil, false
	}
	by = make(map[string]any, len(list))
	for _, x := range list {
		k, ok := keyOf(x)
		if _, twice := by[k]; !ok || twice {
			return nil, nil, false
		}
		by[k] = x
		order = append(order, k)
	}
	return order, by, true
}

// pair is two lists by their keys, where at least one is such a list and the other
// is too or is empty.
func pair(a, b any) (ao, bo []string, am, bm map[string]any, ok bool) {
	ao, am, aok := keyed(a)
	bo, bm, bok := keyed(b)
	return ao, bo, am, bm, (aok || hollow(a)) && (bok || hollow(b)) && (aok || bok)
}

func hollow(v any) bool {
	if v == nil {
		return true
	}
	list, ok := v.([]any)
	return ok && len(list) == 0
}

func join(at, part string) string {
	return at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part)
}

// Diff lists what is different in b from a, in the order of the policy's fields.
func Diff(a, b Policy) ([]Difference, error) {
	at, err := tree(a)
	if err != nil {
		return nil, err
	}
	bt, err := tree(b)
	if err != nil {
		return nil, err
	}
	var out []Difference
	am, _ := at.(map[string]any)
	bm, _ := bt.(map[string]any)
	for _, name := range fieldNames() {
		diff(&out, "/"+name, am[name], bm[name])
	}
	return out, nil
}

// fieldNames are the JSON names of the policy's own fields in their order.
func fieldNames() []string {
	t := reflect.TypeFor[Policy]()
	var out []string
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			out = append(out, name)
		}
	}
	return out
}

func diff(out *[]Difference, at string, a, b any) {
	if same(a, b) {
		return
	}
	am, aok := a.(map[string]any)
	bm, bok := b.(map[string]any)
	if aok && bok {
		for _, k := range both(am, bm) {
			diff(out, join(at, k), am[k], bm[k])
		}
		return
	}
	ao, bo, ae, be, ok := pair(a, b)
	if !ok {
		*out = append(*out, Difference{at, a, b})
		return
	}
	for _, k := range ao {
		diff(out, join(at, k), ae[k], be[k])
	}
	for _, k := range bo {
		if _, was := ae[k]; !was {
			diff(out, join(at, k), nil, be[k])
		}
	}
	kept := func(list []string, in map[string]any) []string {
		return slices.DeleteFunc(slices.Clone(list), func(k string) bool { _, ok := in[k]; return !ok })
	}
	if x, y := kept(ao, be), kept(bo, ae); !slices.Equal(x, y) {
		*out = append(*out, Difference{join(at, orderOf), listed(x), listed(y)})
	}
}

func listed(keys []string) []any {
	out := make([]any, len(keys))
	for i, k := range keys {
		out[i] = k
	}
	return out
}

// both are the names of two objects, sorted.
func both(a, b map[string]any) []string {
	all := maps.Clone(a)
	if all == nil {
		all = make(map[string]any)
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// same compares JSON values; an absent, a null and an empty list are the same.
func same(a, b any) bool {
	if hollow(a) && hollow(b) {
		return true
	}
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for _, k := range both(x, y) {
			if !same(x[k], y[k]) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// Clash is a place that two changes of one policy made different.
type Clash struct {
	Pointer string
	Base    any
	Theirs  any
	Mine    any
}

// merge brings what mine changed of base into theirs. Where both changed a place,
// mine stands, unless the place's pointer is in yield, and the clash is listed.
func merge(base, theirs, mine any, yield []string) (any, []Clash) {
	m := merger{yield: yield}
	out := m.merge("", base, theirs, mine)
	return out, m.clashes
}

type merger struct {
	yield   []string
	clashes []Clash
}

func (m *merger) merge(at string, base, theirs, mine any) any {
	switch {
	case same(mine, base):
		return theirs
	case same(theirs, base), same(theirs, mine):
		return mine
	}
	bm, bok := base.(map[string]any)
	tm, tok := theirs.(map[string]any)
	mm, mok := mine.(map[string]any)
	if bok && tok && mok {
		out := make(map[string]any)
		names := both(bm, tm)
		for _, k := range both(mm, nil) {
			if !slices.Contains(names, k) {
				names = append(names, k)
			}
		}
		for _, k := range names {
			if v := m.merge(join(at, k), bm[k], tm[k], mm[k]); v != nil {
				out[k] = v
			}
		}
		return out
	}
	if v, ok := m.lists(at, base, theirs, mine); ok {
		return v
	}
	m.clashes = append(m.clashes, Clash{at, base, theirs, mine})
	if slices.Contains(m.yield, at) {
		return theirs
	}
	return mine
}

// lists merges element by element. The order is that of whoever changed it, and
// mine where both did.
func (m *merger) lists(at string, base, theirs, mine any) (any, bool) {
	bo, be, bok := keyed(base)
	to, te, tok := keyed(theirs)
	mo, me, mok := keyed(mine)
	if !bok && !hollow(base) || !tok && !hollow(theirs) || !mok && !hollow(mine) {
		return nil, false
	}
	in := func(list []string, of map[string]any) []string {
		return slices.DeleteFunc(slices.Clone(list), func(k string) bool { _, ok := of[k]; return !ok })
	}
	first, second := mo, to
	if slices.Equal(in(mo, be), in(bo, me)) { // mine kept the order
		first, second = to, mo
	}
	order := slices.Clone(first)
	for i, k := range second {
		if slices.Contains(order, k) {
			continue
		}
		place := len(order)
		if i > 0 {
			if j := slices.Index(order, second[i-1]); j >= 0 {
				place = j + 1
			}
		}
		order = slices.Insert(order, place, k)
	}
	out := []any{}
	for _, k := range order {
		if v := m.merge(join(at, k), be[k], te[k], me[k]); v != nil {
			out = append(out, v)
		}
	}
	return out, true
}

// clashing is what of mine clashes with theirs, and the merged policy.
func clashing(base, theirs, mine Policy, yield []string) (Policy, []Clash, error) {
	var trees [3]any
	for i, p := range []Policy{base, theirs, mine} {
		var err error
		if trees[i], err = tree(p); err != nil {
			return Policy{}, nil, err
		}
	}
	v, clashes := merge(trees[0], trees[1], trees[2], yield)
	body, err := json.Marshal(v)
	if err != nil {
		return Policy{}, nil, err
	}
	var p Policy
	if err := json.Unmarshal(body, &p); err != nil {
		return Policy{}, nil, err
	}
	return p, clashes, nil
}

// index is a number as part of a pointer.
func index(i int) string { return strconv.Itoa(i) }
