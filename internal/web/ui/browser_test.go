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
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var (
	axeFile  = flag.String("axe", os.Getenv("YUNSHI_AXE"), "axe.min.js of axe-core, fetched and not kept here")
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
	ctx, address := browser(t)
	for _, s := range sheets {
		for _, lang := range []string{"zh", "en"} {
			for _, theme := range []string{"light", "dark"} {
				for _, width := range []int64{1360, 390, 320} {
					name := fmt.Sprintf("%s-%s-%s", s.name, lang, theme)
					look(t, ctx, address+"/"+name+".html", name, width, string(axe))
				}
			}
		}
	}
}

// browser starts Chromium before the gallery.
func browser(t *testing.T) (ctx context.Context, address string) {
	srv := httptest.NewServer(gallery(t))
	t.Cleanup(srv.Close)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	return ctx, srv.URL
}

// TestScripts uses what app.js adds.
func TestScripts(t *testing.T) {
	ctx, address := browser(t)
	for _, c := range []struct{ name, page, script, want string }{
		{"the theme turns and is kept", "office-zh-light", `document.querySelector("[data-theme-switch]").click(); document.documentElement.dataset.theme + " " + document.cookie`, "dark theme=dark"},
		{"j and k walk a queue", "office-zh-light", `const press = k => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: k, bubbles: true})); press("j"); press("j"); press("j"); press("k"); String([...document.querySelectorAll("[data-keys] tbody tr")].findIndex(r => r.classList.contains("is-at"))) + document.activeElement.className`, "1row-link"},
		{"a stroke leads to the search", "office-zh-light", `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true})); document.activeElement.name`, "q"},
		{"a confirmation becomes a dialog", "review-zh-light", `document.querySelector("#c-ok summary").click(); const d = document.querySelector("dialog.modal[open]"); String(!!d && !document.querySelector("#c-ok").open && d.textContent.includes("通过这份申请"))`, "true"},
		{"and is left again", "review-zh-light", `document.querySelector("#c-ok summary").click(); document.querySelector("dialog.modal [data-close]").click(); document.querySelector("#c-ok summary").click(); String(document.querySelectorAll("dialog.modal").length) + document.querySelector("dialog.modal").open`, "1true"},
		{"a drawer opens in place", "parts-zh-light", `document.querySelector("[data-open]").click(); String(document.getElementById("drawer").open)`, "true"},
		{"the week adds up and is copied", "form-en-light", `document.querySelector("[data-week-copy]").click(); [...document.querySelectorAll(".week-sum")].map(o => o.textContent.trim()).join()`, "8.5 h,8.5 h,8.5 h,8.5 h,8.5 h,Closed,Closed"},
		{"characters are counted as people do", "form-en-light", `const a = document.querySelector("#f-intro"); a.value = "云😀"; a.dispatchEvent(new Event("input", {bubbles: true})); document.querySelector("[data-chars]").textContent`, "2 / 500"},
		{"the faults get the focus", "form-en-light", `document.activeElement.className`, "summary"},
		{"a code waits to be sent again", "signin-en-light", `const b = document.querySelector("[data-wait]"); String(b.disabled) + /^Again in 5\d s$/.test(b.textContent)`, "truetrue"},
		{"Enter sends the form, not another code", "signin-en-light", `const f = document.querySelector("[data-wait]").form; String([...f.elements].find(e => e.type === "submit").hasAttribute("formaction"))`, "false"},
		{"a chosen file is listed, a large one refused", "form-en-light", `const i = document.querySelector("#f-evidence"), d = new DataTransfer(); d.items.add(new File(["x"], "small.pdf")); d.items.add(new File([new Uint8Array(21 << 20)], "large.pdf")); i.files = d.files; i.dispatchEvent(new Event("change", {bubbles: true})); document.querySelector("[data-drop-list=f-evidence]").textContent + i.files.length + " " + document.querySelector(".toast").textContent`, "PDFsmall.pdf1 KB1 large.pdf is 21.0 MB; the limit is 20 MB. Choose a smaller file"},
	} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(1360, 900), chromedp.Navigate(address+"/"+c.page+".html"), chromedp.WaitReady(chromedp.CSS("main"))); err != nil {
			t.Fatal(err)
		}
		if got := evaluate(t, ctx, "(() => { "+lastReturned(c.script)+" })()"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// lastReturned makes the last statement of a script its value.
func lastReturned(script string) string {
	i := strings.LastIndex(script, "; ")
	return script[:i+1] + " return " + script[i+1:]
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
