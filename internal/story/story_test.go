// Package story holds the story of a marketplace as scripts in plain words, which
// are played over a real server on both databases. README.md says how to read and
// write them.
package story_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// TestStories plays every script, in each of its languages.
func TestStories(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range paths {
		steps := parse(t, path)
		for _, lang := range languages(steps) {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txt")+"/"+lang, func(t *testing.T) {
				dbtest.Each(t, func(t *testing.T, d *db.DB) { play(t, d, path, steps, lang, openPlain) })
			})
		}
	}
}
