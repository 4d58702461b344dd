//go:build browser

package story_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// chromium is a browser with scripts: a window of its own, with its own cookies.
// It fills in forms as a person does: what is folded is unfolded, what cannot be
// seen cannot be filled in, and a button is clicked with the mouse.
type chromium struct {
	t    testing.TB
	ctx  context.Context
	base string
	look func(*chromium) // what is checked of each page

	mu      sync.Mutex // guards what the browser's events write
	frame   string     // the page itself, not what it frames
	status  int
	faults  []string
	answers map[string]bool // addresses whose refusal the script expects
}

func openChromium(parent context.Context, t testing.TB, w *world.World, look func(*chromium)) *chromium {
	b := &chromium{t: t, base: w.URL, look: look, answers: map[string]bool{}}
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	t.Cleanup(stop)
	b.ctx = ctx
	b.do(chromedp.EmulateViewport(1360, 900))
	b.mu.Lock()
	b.frame = string(chromedp.FromContext(ctx).Target.TargetID)
	b.mu.Unlock()
	return b
}

// hear keeps the status of pages and what went wrong on them. A page that answers
// with 422 is told by Chromium as a fault of the network; that one is no fault.
func (b *chromium) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventResponseReceived:
		if string(e.FrameID) == b.frame && (e.Type == network.ResourceTypeDocument || e.Type == network.ResourceTypeXHR) {
			b.status = int(e.Response.Status)
			b.answers[e.Response.URL] = true
		}
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, fmt.Sprintf("script: %+v", *e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.faults = append(b.faults, fmt.Sprintf("console: %v", e.Args))
		}
	case *log.EventEntryAdded:
		x := e.Entry
		if x.Source == log.EntrySourceNetwork && b.answers[x.URL] {
			return
		}
		if x.Level == log.EntryLevelError || x.Source == log.EntrySourceSecurity || x.Source == log.EntrySourceViolation {
			b.faults = append(b.faults, fmt.Sprintf("%s: %s (%s)", x.Source, x.Text, x.URL))
		}
	}
}

func (b *chromium) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("at %s: %v", b.now().Path, err)
	}
}

// eval is what an expression or its promise gives, as text.
func (b *chromium) eval(script string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.200s: %v", script, err)
	}
	return got
}

func (b *chromium) Speak(lang string) {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}})
		return chromedp.Void{}, err
	})
}

func (b *chromium) Cookie(name string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, func(ctx context.Context, t *chromedp.Target) (network.GetCookiesResult, error) {
		return cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{b.base}})
	})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range got.Cookies {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (b *chromium) Get(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base+path), chromedp.WaitReady(chromedp.CSS("main")))
	b.look(b)
}

func (b *chromium) Post(path string, values url.Values) {
	b.t.Helper()
	b.leave(func() {
		b.run(`(action, values) => {
			const form = document.createElement("form");
			form.method = "post"; form.action = action;
			for (const [name, list] of Object.entries(values)) for (const value of list) {
				const input = document.createElement("input");
				input.type = "hidden"; input.name = name; input.value = value; form.append(input);
			}
			document.body.append(form); setTimeout(() => form.submit()); return ""; }`, path, values)
	})
}

func (b *chromium) Press(action string) {
	b.t.Helper()
	b.leave(func() { b.do(chromedp.Click(chromedp.CSS(`button[formaction="` + action + `"]`))) })
}

func (b *chromium) Submit(action string, values url.Values, files map[string][]world.Document) {
	b.t.Helper()
	if values == nil {
		values = url.Values{}
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	b.run(fillIn, action, values, names)
	for name, list := range files {
		var paths []string
		for i, d := range list {
			dir := filepath.Join(b.t.TempDir(), strconv.Itoa(i))
			if err := os.Mkdir(dir, 0o700); err != nil {
				b.t.Fatal(err)
			}
			paths = append(paths, filepath.Join(dir, d.Name))
			if err := os.WriteFile(paths[i], d.Data, 0o600); err != nil {
				b.t.Fatal(err)
			}
		}
		b.do(chromedp.SetUploadFiles(chromedp.CSS(`form[data-story] input[type=file][name="`+name+`"]`), paths))
	}
	b.leave(func() { b.do(chromedp.Click(chromedp.CSS("[data-story-go]"))) })
}

// fillIn finds the form, opens what it or its inputs are folded in, fills in the
// values by clicks and typing events, and marks the button that sends it.
const fillIn = `(action, values, files) => {
	const names = Object.keys(values).concat(files);
	const named = (f, n) => [...f.elements].filter(e => e.name === n);
	const forms = [...document.querySelectorAll("form")].filter(f => f.getAttribute("action") === action);
	const form = forms.find(f => names.every(n => named(f, n).length)) || forms[0];
	if (!form) return "no form to " + action;
	const unfold = e => { for (let d = e.parentElement; d; d = d.parentElement)
		if (d.tagName === "DETAILS" && !d.open && !d.dialog) d.querySelector(":scope > summary").click(); };
	unfold(form);
	form.dataset.story = "";
	let go = null;
	for (const n of names) {
		const all = named(form, n);
		if (!all.length) return "no input " + n;
		if (files.includes(n)) { unfold(all[0]); continue; }
		const list = values[n];
		all.forEach((e, i) => {
			if (e.type === "submit") { if (list.includes(e.value)) go = e; return; }
			unfold(e);
			if (e.type === "hidden" || !e.checkVisibility()) { go = "cannot be seen: " + n; return; }
			if (e.type === "checkbox" || e.type === "radio") {
				const want = list.includes(e.value);
				if (e.checked !== want && (want || e.type === "checkbox")) e.click();
				if (want && !e.checked) go = "cannot be chosen: " + n;
				return;
			}
			e.focus();
			e.value = list[Math.min(i, list.length - 1)];
			if (e.value.replace(/\r/g, "") !== list[Math.min(i, list.length - 1)]) go = "does not take " + list + ": " + n;
			e.dispatchEvent(new Event("input", {bubbles: true}));
			e.dispatchEvent(new Event("change", {bubbles: true}));
		});
		if (typeof go === "string") return go;
	}
	const buttons = [...form.elements].filter(e => e.type === "submit" && !e.hasAttribute("formaction") && !e.hasAttribute("aria-hidden"));
	go = go || buttons.find(e => !e.name) || buttons[0];
	if (!go) return "no button";
	for (const e of document.querySelectorAll("[data-story-go]")) delete e.dataset.storyGo;
	go.dataset.storyGo = "";
	return ""; }`

// run calls a function of the page, which says what is wrong.
func (b *chromium) run(function string, args ...any) {
	b.t.Helper()
	data, err := json.Marshal(args)
	if err != nil {
		b.t.Fatal(err)
	}
	if wrong := b.eval("(" + function + ")(..." + string(data) + ")"); wrong != "" {
		b.t.Fatalf("%s: %s", b.now().Path, wrong)
	}
}

// leave waits for the page that follows the act: a new one, or the body that came
// in the place of the old.
func (b *chromium) leave(act func()) {
	b.t.Helper()
	b.eval(`document.body.dataset.left = ""; ""`)
	act()
	b.do(chromedp.WaitReady(chromedp.CSS("body:not([data-left]) main")))
	b.look(b)
}

func (b *chromium) now() shown {
	b.t.Helper()
	parts := strings.SplitN(b.eval(`location.pathname + location.search + "\n" + document.documentElement.outerHTML`), "\n", 2)
	b.mu.Lock()
	defer b.mu.Unlock()
	return shown{Status: b.status, Path: parts[0], Body: parts[1]}
}

func (b *chromium) Now() shown {
	b.t.Helper()
	s := b.now()
	s.Text = world.Parse(b.t, s.Body).Text()
	return s
}
