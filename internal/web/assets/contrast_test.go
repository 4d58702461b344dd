package assets_test

import (
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/web/assets"
)

var token = regexp.MustCompile(`--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)`)

// TestContrast holds every pair of colours that carries text to 4.5:1, in light
// and in dark.
func TestContrast(t *testing.T) {
	css, err := io.ReadAll(get(t, assets.URL("app.css")).Body)
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][2]string{}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = [2]string{m[2], m[3]}
	}
	grounds := []string{"ground", "surface", "sunken", "raised"}
	pairs := map[string][]string{
		"ink":   append(grounds, "brand-pale", "ok-pale", "warn-pale", "bad-pale", "plain-pale"),
		"ink-2": append(grounds, "brand-pale", "ok-pale", "warn-pale", "bad-pale", "plain-pale"), "ink-3": grounds,
		"brand": append(grounds, "brand-pale"), "brand-strong": append(grounds, "brand-pale"),
		"ok": append(grounds, "ok-pale"), "warn": append(grounds, "warn-pale"), "bad": append(grounds, "bad-pale"),
		"on-brand": {"brand", "brand-strong"}, "on-bad": {"bad", "bad-strong"},
	}
	for ink, under := range pairs {
		for _, ground := range under {
			for i, theme := range []string{"light", "dark"} {
				a, b := colours[ink][i], colours[ground][i]
				if a == "" || b == "" {
					t.Fatalf("no colour %s or %s", ink, ground)
				}
				if got := contrast(t, a, b); got < 4.5 {
					t.Errorf("%s on %s in %s is %.2f:1, want 4.5:1", ink, ground, theme, got)
				}
			}
		}
	}
}

// TestOldBrowsersGetTheLightColours checks the part written for browsers
// without light-dark().
func TestOldBrowsersGetTheLightColours(t *testing.T) {
	css, err := io.ReadAll(get(t, assets.URL("app.css")).Body)
	if err != nil {
		t.Fatal(err)
	}
	_, fallback, found := strings.Cut(string(css), "@supports not (color:light-dark(#000,#fff))")
	if !found {
		t.Fatal("no part for old browsers")
	}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		if !strings.Contains(fallback, "--"+m[1]+":"+m[2]+";") {
			t.Errorf("--%s has no light colour for old browsers", m[1])
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + .05) / (math.Min(x, y) + .05)
}

// luminance is WCAG's relative luminance of "#rrggbb".
func luminance(t *testing.T, hex string) float64 {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*channel(n>>16) + .7152*channel(n>>8) + .0722*channel(n)
}
