package ui

import (
	"context"
	"path"
	"strings"
)

var endings = map[string]string{
	"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP",
	"text/csv": "CSV", "text/plain": "TXT",
}

// limit says which files are taken and how large, as "PDF、JPEG，每个不超过 10 MB".
func (d Drop) limit(ctx context.Context) string {
	var kinds []string
	for kind := range strings.SplitSeq(d.Accept, ",") {
		kind = strings.TrimSpace(kind)
		if name, ok := endings[kind]; ok {
			kind = name
		}
		if kind = strings.ToUpper(strings.TrimPrefix(kind, ".")); kind != "" && !strings.Contains(kind, "/") { // a media type without a word for people stands beside its ending
			kinds = append(kinds, kind)
		}
	}
	said := Printer(ctx).List(kinds)
	switch {
	case d.MaxMB == 0:
		return said
	case said == "":
		return t(ctx, "ui.file_up_to", d.MaxMB)
	}
	return t(ctx, "ui.file_kinds_up_to", said, d.MaxMB)
}

// ending is the part of a file's name that says what it is, as "PDF".
func ending(name string) string {
	e := strings.ToUpper(strings.TrimPrefix(path.Ext(name), "."))
	if len(e) > 4 {
		return e[:4]
	}
	return e
}
