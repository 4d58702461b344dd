//go:build browser

package ui_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var (
	axeFile  = flag.String("axe", "", "axe.min.js of axe-core, fetched and not kept here")
	shotsDir = flag.String("shots", "", "put a picture of each page into this folder")
)

// TestInBrowser opens every sheet in Chromium under the strict content security
// policy, in both languages and themes, on a desk, a phone and a very small one:
// nothing may overflow, no script may fail, and axe may find nothing.
// Run it with: go test -tags browser ./internal/web/ui -run InBrowser -axe FILE
func TestInBrowser(t *testing.T) {
	axe, err := os.ReadFile(*axeFile)
	if err != nil {
		t.Fatalf("-axe: %v", err)
	}
	srv := httptest.NewServer(gallery(t))
	defer srv.Close()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for _, s := range sheets {
		for _, lang := range []string{"zh", "en"} {
			for _, theme := range []string{"light", "dark"} {
				for _, width := range []int64{1360, 390, 320} {
					name := fmt.Sprintf("%s-%s-%s", s.name, lang, theme)
					look(t, ctx, srv.URL+"/"+name+".html", name, width, string(axe))
				}
			}
		}
	}
}

func look(t *testing.T, ctx context.Context, url, name string, width int64, axe string) {
	t.Helper()
	const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.flatMap(v => v.nodes.map(n =>
		v.impact + " " + v.id + ": " + n.html.slice(0, 160) + " " + n.any.concat(n.all).map(x => x.message).join("; ").slice(0, 200)))))`
	const overflow = `(() => { const w = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= w) return "";
		for (const e of document.querySelectorAll("body *")) { const r = e.getBoundingClientRect(); if (r.right > w + 1 && r.width > 0 && !e.closest(".table-box,.tabs,.shop-nav,.gallery-strip,.steps-box,.prose pre,.prose table,.vh,.skip")) return e.tagName + "." + e.className + " to " + r.right; }
		return "the page"; })()`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("main"))); err != nil {
		t.Fatalf("%s at %d: %v", name, width, err)
	}
	wide := evaluate(t, ctx, overflow)
	found := ""
	if width != 320 {
		found = evaluate(t, ctx, axe+";"+axeRun)
	}
	var picture []byte
	if *shotsDir != "" && width != 320 {
		var err error
		if picture, err = chromedp.Run(ctx, chromedp.FullScreenshot(100)); err != nil {
			t.Fatal(err)
		}
	}
	if wide != "" {
		t.Errorf("%s at %d: %s overflows", name, width, wide)
	}
	var list []string
	if found != "" {
		if err := json.Unmarshal([]byte(found), &list); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range list {
		t.Errorf("%s at %d: %s", name, width, v)
	}
	if picture != nil {
		if err := os.WriteFile(filepath.Join(*shotsDir, fmt.Sprintf("%s-%d.png", name, width)), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func evaluate(t *testing.T, ctx context.Context, script string) string {
	t.Helper()
	yes := true
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, func(p *runtime.EvaluateParams) { p.AwaitPromise = &yes }))
	if err != nil {
		t.Fatal(err)
	}
	return got
}
