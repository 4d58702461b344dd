// Package assets holds what a browser loads beside the pages: the style sheet,
// the scripts and the logo. Each file is served under a name that carries the
// hash of its content, so that a browser may keep it for ever, and is
// compressed once, at start. It knows nothing of the pages.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/assets/"

//go:embed css/*.css app.js passkey.js vendor/htmx.min.js logo.svg
var files embed.FS

type asset struct {
	kind  string
	plain []byte
	gz    []byte
	name  string // with the hash
}

// byName finds an asset by its plain name, byHash by the name with the hash.
var byName, byHash = build(files)

// URL returns the address of an asset, as "/assets/app.1f0c9a2b.css" for
// "app.css". An unknown name panics: names are constants of the pages.
func URL(name string) string {
	a, ok := byName[name]
	if !ok {
		panic("assets: no " + name)
	}
	return Prefix + a.name
}

// Handler serves the assets below Prefix: a name with its hash may be kept for
// a year, a plain name is served but must be asked for again; others are 404.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, Prefix)
	a, hashed := byHash[name]
	if !hashed {
		var ok bool
		if a, ok = byName[name]; !ok {
			http.NotFound(w, r)
			return
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+a.name+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if hashed {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == `"`+a.name+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.gz
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client has gone if this fails
	}
}

// acceptsGzip reads an Accept-Encoding header; "gzip;q=0" is a refusal.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(quality, " ", ""), "q=")
		v, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && v > 0
	}
	return false
}

func build(fsys fs.FS) (byName, byHash map[string]*asset) {
	byName, byHash = make(map[string]*asset), make(map[string]*asset)
	add := func(name, kind string, body []byte) {
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		a := &asset{kind: kind, plain: body, gz: compress(body)}
		a.name = strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		byName[name], byHash[a.name] = a, a
	}
	add("app.css", "text/css; charset=utf-8", styles(fsys))
	add("app.js", "text/javascript; charset=utf-8", read(fsys, "app.js"))
	add("passkey.js", "text/javascript; charset=utf-8", read(fsys, "passkey.js"))
	add("htmx.js", "text/javascript; charset=utf-8", read(fsys, "vendor/htmx.min.js"))
	add("logo.svg", "image/svg+xml", read(fsys, "logo.svg"))
	return byName, byHash
}

var (
	comment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	space     = regexp.MustCompile(`\s*\n\s*`)
	lightDark = regexp.MustCompile(`(--[a-z0-9-]+):\s*light-dark\((#[0-9a-fA-F]+|rgb\([^)]*\)),\s*(#[0-9a-fA-F]+|rgb\([^)]*\))\)`)
)

// styles joins the style sheets in the order of their names and drops comments
// and indentation. Browsers without light-dark() get the light colours.
func styles(fsys fs.FS) []byte {
	names, err := fs.Glob(fsys, "css/*.css")
	if err != nil {
		panic(err)
	}
	sort.Strings(names)
	var all strings.Builder
	for _, n := range names {
		all.Write(read(fsys, n))
		all.WriteByte('\n')
	}
	css := space.ReplaceAllString(comment.ReplaceAllString(all.String(), ""), "\n")
	var light strings.Builder
	for _, m := range lightDark.FindAllStringSubmatch(css, -1) {
		fmt.Fprintf(&light, "%s:%s;", m[1], m[2])
	}
	css += "@supports not (color:light-dark(#000,#fff)){:root{" + light.String() + "}}\n"
	return []byte(strings.TrimSpace(css) + "\n")
}

func read(fsys fs.FS, name string) []byte {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		panic(err)
	}
	return data
}

func compress(body []byte) []byte {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	if _, err := w.Write(body); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}
