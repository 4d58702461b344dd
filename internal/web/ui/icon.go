package ui

import (
	"context"
	"io"
	"sort"

	"github.com/a-h/templ"
)

// icons are drawn on 24 × 24 with one stroke of 1.75; the style sheet sets it.
var icons = map[string]string{
	"search":   `<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.2-4.2"/>`,
	"menu":     `<path d="M4 7h16M4 12h16M4 17h16"/>`,
	"close":    `<path d="m6 6 12 12M18 6 6 18"/>`,
	"check":    `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"ok":       `<circle cx="12" cy="12" r="8.5"/><path d="m8.2 12.3 2.6 2.6 5-5.4"/>`,
	"warn":     `<path d="M12 4 3.5 19h17L12 4Z"/><path d="M12 10v4M12 16.6v.1"/>`,
	"bad":      `<circle cx="12" cy="12" r="8.5"/><path d="m9 9 6 6M15 9l-6 6"/>`,
	"info":     `<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.8v.1"/>`,
	"clock":    `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>`,
	"circle":   `<circle cx="12" cy="12" r="8.5" stroke-dasharray="3 2.6"/>`,
	"next":     `<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`,
	"prev":     `<path d="M14.5 5.5 8 12l6.5 6.5"/>`,
	"down":     `<path d="m5.5 9.5 6.5 6.5 6.5-6.5"/>`,
	"up":       `<path d="m5.5 14.5 6.5-6.5 6.5 6.5"/>`,
	"arrow":    `<path d="M4.5 12h15M13 5.5l6.5 6.5-6.5 6.5"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"edit":     `<path d="M4.5 19.5h4L19 9l-4-4L4.5 15.5v4ZM13 7l4 4"/>`,
	"trash":    `<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10.3 11v5M13.7 11v5"/>`,
	"upload":   `<path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15v4.5h15V15"/>`,
	"download": `<path d="M12 4.5v11M7.5 11l4.5 4.5 4.5-4.5M4.5 19.5h15"/>`,
	"file":     `<path d="M6 3.5h7.5L18.5 8.5v12H6v-17Z"/><path d="M13.5 3.5v5h5"/>`,
	"copy":     `<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8.5v-4h-11v11h4"/>`,
	"mail":     `<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="m4 7 8 6 8-6"/>`,
	"phone":    `<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M11 18h2"/>`,
	"person":   `<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>`,
	"people":   `<circle cx="9" cy="9" r="3.5"/><path d="M2.5 19.5c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5M15.5 5.8a3.5 3.5 0 0 1 0 6.4M18 14.6c1.9.8 3.1 2.5 3.5 4.9"/>`,
	"company":  `<path d="M4.5 20.5v-16h9v16M13.5 9.5h6v11M2.5 20.5h19M7.5 8.5h3M7.5 12.5h3M7.5 16.5h3M16.3 13.5h.4M16.3 17h.4"/>`,
	"shop":     `<path d="M5 11v9h14v-9M3.5 8.5 5.5 4h13l2 4.5a2.8 2.8 0 0 1-5.6.4 2.9 2.9 0 0 1-5.8 0 2.8 2.8 0 0 1-5.6-.4ZM10 20v-5h4v5"/>`,
	"box":      `<path d="m12 3.5 8 4.3v8.4l-8 4.3-8-4.3V7.8l8-4.3Z"/><path d="m4.2 8 7.8 4.2L19.8 8M12 12.2v8"/>`,
	"contract": `<path d="M6 3.5h12v17H6z"/><path d="M9 8h6M9 11.5h6M9 16.5c1.2-1.8 2-1.8 2.3-.5s1.2 1 3.7-.3"/>`,
	"deposit":  `<path d="M12 3.5 4.5 6.3v5.4c0 4.3 3 7.3 7.5 8.8 4.5-1.5 7.5-4.5 7.5-8.8V6.3L12 3.5Z"/><path d="m9.2 8.5 2.8 3.3 2.8-3.3M12 11.8v4.7M9.5 13.3h5"/>`,
	"bank":     `<path d="m3.5 9 8.5-5 8.5 5h-17ZM5.5 9v8M10 9v8M14 9v8M18.5 9v8M3.5 20h17M4.5 17h15"/>`,
	"receipt":  `<path d="M6 3.5h12v17l-2-1.5-2 1.5-2-1.5-2 1.5-2-1.5-2 1.5v-17Z"/><path d="M9 8.5h6M9 12.5h6"/>`,
	"list":     `<path d="M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1"/>`,
	"inbox":    `<path d="M3.5 13.5 6 5h12l2.5 8.5v6h-17v-6Z"/><path d="M3.5 13.5H8.5l1.5 2.5h4l1.5-2.5h5"/>`,
	"home":     `<path d="M4 11 12 4.5 20 11M6 9.5v10h12v-10M10 19.5V14h4v5.5"/>`,
	"chart":    `<path d="M4.5 4v15.5H20M8.5 16v-4M12.5 16V8M16.5 16v-6"/>`,
	"gear":     `<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9 18 18M6 18l2.1-2.1M15.9 8.1 18 6"/>`,
	"key":      `<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8-8M15.5 8l3 3"/>`,
	"lock":     `<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>`,
	"history":  `<path d="M4 5v4.5h4.5"/><path d="M4.4 9.5A8.3 8.3 0 1 1 3.7 13M12 8v4.5l3 1.8"/>`,
	"eye":      `<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="2.7"/>`,
	"external": `<path d="M13.5 4.5h6v6M19.5 4.5l-8.5 8.5M17 13.5v6H4.5V7h6"/>`,
	"filter":   `<path d="M4 5h16l-6.2 7.2v6.3l-3.6-2v-4.3L4 5Z"/>`,
	"globe":    `<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.4 3.7 5.2 3.7 8.5s-1.2 6.1-3.7 8.5c-2.5-2.4-3.7-5.2-3.7-8.5s1.2-6.1 3.7-8.5Z"/>`,
	"theme":    `<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17Z" fill="currentColor" stroke="none"/>`,
	"out":      `<path d="M10.5 4.5h-6v15h6M9.5 12h11M16.5 8l4 4-4 4"/>`,
	"book":     `<path d="M4.5 5c2.5-1 5-1 7.5.5 2.5-1.5 5-1.5 7.5-.5v13.5c-2.5-1-5-1-7.5.5-2.5-1.5-5-1.5-7.5-.5V5ZM12 5.5V19"/>`,
	"image":    `<rect x="3.5" y="4.5" width="17" height="15" rx="1.5"/><circle cx="8.5" cy="9.5" r="1.5"/><path d="m4 17 5-4.5 3 2.5 4-4 4.5 4"/>`,
	"server":   `<rect x="4" y="4" width="16" height="7" rx="1.5"/><rect x="4" y="13" width="16" height="7" rx="1.5"/><path d="M7.5 7.5h.1M7.5 16.5h.1M11 7.5h5.5M11 16.5h5.5"/>`,
	"tools":    `<path d="M14.5 6.5a4 4 0 0 1 5-1.8l-2.6 2.6 1.3 1.3L20.8 6a4 4 0 0 1-5.3 5l-7.7 7.9a2 2 0 0 1-2.8-2.8l7.9-7.7a4 4 0 0 1 1.6-1.9Z" transform="translate(-1 0)"/>`,
	"api":      `<path d="m8 7-5 5 5 5M16 7l5 5-5 5M13.8 5l-3.6 14"/>`,
	"app":      `<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/><rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/><circle cx="16.75" cy="16.75" r="3.25"/>`,
	"chat":     `<path d="M4 5h16v11.5h-9L6.5 20v-3.5H4V5ZM8 9.3h8M8 12.5h5"/>`,
	"bell":     `<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5h4"/>`,
	"link":     `<path d="M10 14a3.8 3.8 0 0 0 5.5.3l3.3-3.3a3.8 3.8 0 0 0-5.4-5.4L12 7M14 10a3.8 3.8 0 0 0-5.5-.3L5.2 13a3.8 3.8 0 0 0 5.4 5.4L12 17"/>`,
	"scale":    `<path d="M12 4v16M7 20h10M5 7h14M5 7l-2.5 6h5L5 7ZM19 7l-2.5 6h5L19 7Z"/>`,
}

// Icons lists the names Icon knows, in order.
func Icons() []string {
	names := make([]string, 0, len(icons))
	for n := range icons {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Icon draws one of Icons in the colour of the text around it. It is decoration,
// hidden from screen readers; an unknown name draws nothing.
func Icon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		d, ok := icons[name]
		if !ok {
			return nil
		}
		_, err := io.WriteString(w, `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">`+d+`</svg>`)
		return err
	})
}
