package api

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemaName names a type in the document: a view by its own name, a noun's paper
// with the noun before it, since two nouns may both have an Account.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	noun := path.Base(t.PkgPath())
	if t.Name() == "" || noun == "api" || !strings.Contains(t.PkgPath(), "/internal/") || strings.Contains(t.Name(), "[") {
		return name
	}
	noun = strings.ToUpper(noun[:1]) + noun[1:]
	if strings.HasPrefix(name, noun) {
		return name
	}
	return noun + name
}
