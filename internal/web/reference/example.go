package reference

import (
	"maps"
	"slices"
	"sort"
	"strings"
)

// samples are believable values by the name of a field.
var samples = map[string]any{
	"mail": "wang@example.com", "phone": "+8613800138000", "password": "correct horse 42", "lang": "zh-CN", "mail_code": "042917", "phone_code": "880341", "code": "042917",
	"currency": "CNY", "fen": 5000000, "text": "¥50,000.00", "uscc": "91330106MA2CFXXX47", "cnaps": "308100005027", "number": "571900123410801",
	"bank": "招商银行", "token": "yss_…", "secret": "ymk_…", "prefix": "ymk_8fK2aQ", "sha256": "9f86d081…", "next": "",
}

// example is a value that fits a schema; depth ends what contains itself.
func (d document) example(s schema, name string, depth int) any {
	s, _ = d.resolve(s)
	if v, ok := samples[name]; ok && len(s.Properties) == 0 && kindOf(s) != "array" {
		return v
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	switch kindOf(s) {
	case "string":
		switch {
		case s.Format == "date-time":
			return "2026-03-02T01:00:00Z"
		case s.Format == "date":
			return "2026-03-02"
		case name == "id" || strings.HasSuffix(name, "_id"):
			return strings.TrimSuffix(name, "_id") + "_01jnq8v7…"
		}
		return "…"
	case "integer", "number":
		return 1
	case "boolean":
		return true
	case "array":
		if s.Items == nil || depth > 4 {
			return []any{}
		}
		return []any{d.example(*s.Items, strings.TrimSuffix(name, "s"), depth+1)}
	case "object":
		out := make(map[string]any)
		if depth > 4 {
			return out
		}
		names := slices.Collect(maps.Keys(s.Properties))
		sort.Strings(names)
		for _, n := range names {
			out[n] = d.example(s.Properties[n], n, depth+1)
		}
		return out
	}
	return nil
}
