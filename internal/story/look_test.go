//go:build browser

package story_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

var (
	axeFile  = flag.String("axe", os.Getenv("YUNSHI_AXE"), "axe.min.js of axe-core, fetched and not kept here")
	shotsDir = flag.String("shots", "", "put a picture of each page into this folder")
)

// TestStoriesInBrowser plays the scripts that are written for both languages in
// Chromium, with scripts on. Each page that they come by is looked at once per
// language: nothing overflows on a desk or a phone, there is one first heading,
// axe finds nothing serious (on the desk in Chinese, on the phone in English), and
// no script or policy complains.
// Run it with: go test -tags browser ./internal/story -run InBrowser -axe FILE
func TestStoriesInBrowser(t *testing.T) {
	axe, err := os.ReadFile(*axeFile)
	if err != nil {
		t.Fatalf("-axe: %v", err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil { // starts it before its windows
		t.Fatal(err)
	}
	path := "testdata/30-pages.txt"
	steps := parse(t, path)
	for i, lang := range languages(steps) {
		t.Run(lang, func(t *testing.T) {
			e := &eye{lang: lang, axe: string(axe), width: 1360, seen: map[string]bool{}}
			if i > 0 {
				e.width = 390
			}
			play(t, dbtest.SQLite(t), path, steps, lang, func(t testing.TB, w *world.World) browser {
				return openChromium(ctx, t, w, e.look)
			})
		})
	}
}

// eye looks at each page once.
type eye struct {
	lang, axe string
	width     int64 // at which axe looks
	seen      map[string]bool
}

var (
	idInPath = regexp.MustCompile(`[a-z]+_[0-9a-z]{8,}|/verify/\w+|\?.*`)
	onlyName = regexp.MustCompile(`[^a-z0-9]+`)
)

const (
	overflowing = `(() => { const w = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= w) return "";
		for (const e of document.querySelectorAll("body *")) { const r = e.getBoundingClientRect(); if (r.right > w + 1 && r.width > 0 && !e.closest(".table-box,.tabs,.shop-nav,.gallery-strip,.steps-box,.prose pre,.prose table,.vh,.skip")) return e.tagName + "." + e.className + " to " + r.right; }
		return "the page"; })()`
	serious = `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical").flatMap(v => v.nodes.map(n =>
		v.impact + " " + v.id + ": " + n.html.slice(0, 160) + " " + n.any.concat(n.all).map(x => x.message).join("; ").slice(0, 200)))))`
	headings = `String(document.querySelectorAll("h1").length)`
)

func (e *eye) look(b *chromium) {
	b.t.Helper()
	s := b.now()
	b.mu.Lock()
	faults := b.faults
	b.faults = nil
	b.mu.Unlock()
	for _, f := range faults {
		b.t.Errorf("%s: %s", s.Path, f)
	}
	name := fmt.Sprintf("%s %d", idInPath.ReplaceAllString(s.Path, "{id}"), s.Status)
	if e.seen[name] {
		return
	}
	e.seen[name] = true
	if n := b.eval(headings); n != "1" {
		b.t.Errorf("%s has %s first headings", s.Path, n)
	}
	for _, width := range []int64{390, 1360} {
		b.do(chromedp.EmulateViewport(width, 900))
		if wide := b.eval(overflowing); wide != "" {
			b.t.Errorf("%s at %d: %s overflows", s.Path, width, wide)
		}
		if width == e.width { // axe takes most of the time
			var list []string
			if err := json.Unmarshal([]byte(b.eval(e.axe+";"+serious)), &list); err != nil {
				b.t.Fatal(err)
			}
			for _, v := range list {
				b.t.Errorf("%s at %d: %s", s.Path, width, v)
			}
		}
		e.shoot(b, strings.Trim(onlyName.ReplaceAllString(name, "-"), "-"), width)
	}
}

func (e *eye) shoot(b *chromium, name string, width int64) {
	if *shotsDir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	file := fmt.Sprintf("%03d-%s-%s-%d.png", len(e.seen), name, e.lang, width)
	if err := os.WriteFile(filepath.Join(*shotsDir, file), picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
