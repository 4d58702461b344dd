//go:build browser

package office_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/yunshi-market/yunshi/internal/server"
)

var (
	shotsDir = flag.String("shots", "", "put a picture of each page into this folder")
	axeFile  = flag.String("axe", os.Getenv("YUNSHI_AXE"), "axe.min.js of axe-core, fetched and not kept here; without it nothing is asked of it")
)

const axeRun = `;axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.impact + " " + v.id + ": " + n.html.slice(0, 160))).join("\n"))`

// TestMain opens a browser for the pictures of the pages that the walks come by:
// go test -tags browser ./internal/web/office -run 'ApplyInSteps|ReviewPages' -shots DIR
func TestMain(m *testing.M) {
	flag.Parse()
	if *shotsDir == "" {
		os.Exit(m.Run())
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stop2 := chromedp.NewContext(ctx)
	ctx, stop3 := context.WithTimeout(ctx, 8*time.Minute)
	var axe string
	if *axeFile != "" {
		data, err := os.ReadFile(*axeFile)
		if err != nil {
			panic(err)
		}
		axe = string(data)
	}
	var mu sync.Mutex
	shoot = func(r *reader, name, path string) {
		if strings.Contains(r.t.Name(), "postgres") {
			return
		}
		r.t.Helper()
		mu.Lock() // one window for all
		defer mu.Unlock()
		for _, lang := range []string{"zh-CN", "en"} {
			for _, width := range []int64{1360, 390} {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				signIn := fmt.Sprintf(`document.cookie = %q; ""`, server.SessionCookie+"="+r.key+";path=/")
				if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(r.url+"/assets/none")); err != nil {
					r.t.Fatal(err)
				}
				if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](signIn)); err != nil {
					r.t.Fatal(err)
				}
				if err := chromedp.Do(ctx, chromedp.Navigate(r.url+path+sep+"lang="+lang), chromedp.WaitReady(chromedp.CSS("main"))); err != nil {
					r.t.Fatal(err)
				}
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
				if err != nil {
					r.t.Fatal(err)
				}
				if wide {
					r.t.Errorf("%s in %s at %d is wider than the window", name, lang, width)
				}
				if axe != "" {
					yes := true
					found, err := chromedp.Run(ctx, chromedp.Evaluate[string](axe+axeRun, func(p *runtime.EvaluateParams) { p.AwaitPromise = &yes }))
					if err != nil {
						r.t.Fatal(err)
					}
					if found != "" {
						r.t.Errorf("%s in %s at %d: %s", name, lang, width, found)
					}
				}
				png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				if err != nil {
					r.t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(*shotsDir, fmt.Sprintf("%s-%s-%d.png", name, lang[:2], width)), png, 0o644); err != nil {
					r.t.Fatal(err)
				}
			}
		}
	}
	code := m.Run()
	stop3()
	stop2()
	stop()
	os.Exit(code)
}
