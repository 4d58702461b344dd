package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// measureStartup starts the built program on fresh and on existing data and times
// it until it is ready, then lets it idle and reads its memory.
func measureStartup(ctx context.Context, b *bench, s store) (string, error) {
	path, err := b.binary(ctx)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	kind, err := linkage(path)
	if err != nil {
		return "", err
	}
	var fresh, existing times
	for range b.startups {
		if err := s.remove(ctx, "startup"); err != nil {
			return "", err
		}
		if err := s.make(ctx, "startup"); err != nil {
			return "", err
		}
		for _, t := range []*times{&fresh, &existing} {
			p, err := s.serve(ctx, "startup")
			if err != nil {
				return "", err
			}
			*t = append(*t, p.ready)
			if err := p.stop(); err != nil {
				return "", err
			}
			b.progress.at("starts", len(fresh), b.startups)
		}
	}
	p, err := s.serve(ctx, "startup")
	if err != nil {
		return "", err
	}
	b.progress.say("  idling for %s", b.idle)
	select {
	case <-time.After(b.idle):
	case <-ctx.Done():
	}
	now, most := p.memory()
	if err := errors.Join(ctx.Err(), p.stop(), s.remove(ctx, "startup")); err != nil {
		return "", err
	}
	row := func(what string, t times) []string {
		return []string{what, ms(t.quantile(0.5)) + " ms", ms(t.max()) + " ms", "< 300 ms"}
	}
	mb := func(f float64) string { return fmt.Sprintf("%.1f MB", f) }
	return table([][]string{
		{"", "median", "most", "wanted"},
		row(fmt.Sprintf("start to ready, fresh data (%d starts)", len(fresh)), fresh),
		row(fmt.Sprintf("start to ready, existing data (%d starts)", len(existing)), existing),
		{fmt.Sprintf("memory (RSS) after %s idle; most since the start", b.idle), mb(now), mb(most), "< 60 MB, never over 80"},
		{"binary, " + kind, mb(float64(info.Size()) / (1 << 20)), "", "< 80 MB"},
	}), nil
}

// linkage tells whether a binary is static, by what its headers ask for.
func linkage(path string) (string, error) {
	libs, err := libraries(path)
	if err != nil {
		return "", err
	}
	if len(libs) == 0 {
		return "static, no cgo", nil
	}
	return "linked to " + strings.Join(libs, ", "), nil
}
