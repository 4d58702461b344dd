package showcase

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/policy"
)

// coverKinds is how many covers a category has.
const coverKinds = 8

// coverPath is the address of the cover drawn for a product without a picture.
func coverPath(category policy.CategoryID, productID string) string {
	h := fnv.New32a()
	h.Write([]byte(productID))
	name := string(category)
	if _, ok := emblems[category]; !ok {
		name = "other"
	}
	return fmt.Sprintf("/covers/%s-%d.svg", name, h.Sum32()%coverKinds)
}

// emblems are line drawings on 96 × 96, with the hues of their category.
var emblems = map[policy.CategoryID]struct {
	from, to int // hues
	path     string
}{
	"image":       {220, 244, `<rect x="14" y="16" width="68" height="26" rx="5"/><rect x="14" y="54" width="68" height="26" rx="5"/><path d="M26 29h1M36 29h1M26 67h1M36 67h1M52 29h18M52 67h18M48 42v12"/>`},
	"ops":         {182, 208, `<path d="M62 22a18 18 0 0 0-22 23L18 67a8 8 0 0 0 11 11l22-22a18 18 0 0 0 23-22L62 46l-9-3-3-9 12-12Z"/><path d="M25 71h.5"/>`},
	"software":    {256, 284, `<rect x="12" y="18" width="72" height="60" rx="6"/><path d="M12 34h72M21 26h.5M29 26h.5M37 26h.5M24 64V52M38 64V46M52 64V56M66 64V42"/>`},
	"api":         {26, 8, `<path d="M34 26 14 48l20 22M62 26l20 22-20 22M54 20 42 76"/>`},
	"miniprogram": {152, 178, `<rect x="28" y="10" width="40" height="76" rx="8"/><path d="M43 18h10M38 34h8v8h-8zM52 34h8M52 42h8M38 54h22M38 62h22M44 77h8"/>`},
	"other":       {206, 226, `<path d="m48 12 34 18v36L48 84 14 66V30l34-18Z"/><path d="m15 30 33 18 33-18M48 48v36"/>`},
}

// Cover draws the cover of a name, as "image-3.svg"; others are not known.
func Cover(file string) (svg string, known bool) {
	name, n, ok := strings.Cut(strings.TrimSuffix(file, ".svg"), "-")
	e, known := emblems[policy.CategoryID(name)]
	if !ok || !known || len(n) != 1 || n[0] < '0' || n[0] >= '0'+coverKinds {
		return "", false
	}
	return drawCover(e.from, e.to, e.path, int(n[0]-'0')), true
}

// drawCover is a quiet ground in the category's hue, rings whose place depends on
// the kind, and the emblem on a pane.
func drawCover(from, to int, emblem string, kind int) string {
	from, to = from+kind%4*4-6, to+kind%4*4-6
	x, y := 70+(kind*137)%500, 30+(kind*89)%300
	px, py := 232, 92
	if kind%2 == 1 {
		px = 388
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="640" height="360">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(%d,58%%,46%%)"/><stop offset="1" stop-color="hsl(%d,62%%,30%%)"/></linearGradient>
<pattern id="d" width="22" height="22" patternUnits="userSpaceOnUse"><circle cx="2" cy="2" r="1.4" fill="#fff" opacity=".2"/></pattern></defs>
<path fill="url(#g)" d="M0 0h640v360H0z"/><path fill="url(#d)" d="M0 0h640v360H0z"/>
<g fill="none" stroke="#fff"><circle cx="%d" cy="%d" r="90" opacity=".22" stroke-width="2"/><circle cx="%d" cy="%d" r="150" opacity=".16" stroke-width="2"/><circle cx="%d" cy="%d" r="220" opacity=".1" stroke-width="2"/></g>
<circle cx="%d" cy="%d" r="120" fill="#fff" opacity=".07"/>
<rect x="%d" y="%d" width="176" height="176" rx="34" fill="#fff" opacity=".14"/>
<g transform="translate(%d %d) scale(1.25)" fill="none" stroke="#fff" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round">%s</g></svg>`,
		from, to, x, y, x, y, x, y, 640-x, 360-y, px, py, px+28, py+28, emblem)
}
