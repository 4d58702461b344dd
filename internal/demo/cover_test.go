package demo

import (
	"bytes"
	"flag"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

// With -pictures the pictures are written there, to be looked at.
var pictures = flag.String("pictures", "", "folder to write the pictures to")

func TestPicturesOfEveryProduct(t *testing.T) {
	all, err := readCast()
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]string)
	for _, c := range all.companies {
		for _, g := range c.goods {
			for name, paint := range map[string]func() ([]byte, error){
				"cover":  func() ([]byte, error) { return cover(g.slug, g.content.Category, g.content.Form) },
				"screen": func() ([]byte, error) { return screen(g.slug, g.content.Category) },
			} {
				b, err := paint()
				if err != nil {
					t.Fatal(err)
				}
				p, err := jpeg.DecodeConfig(bytes.NewReader(b))
				if err != nil || p.Width != coverWidth || p.Height != coverHeight {
					t.Errorf("%s of %s: %d × %d, %v", name, g.slug, p.Width, p.Height, err)
				}
				if other, twice := seen[string(b)]; twice {
					t.Errorf("%s of %s is that of %s", name, g.slug, other)
				}
				seen[string(b)] = g.slug
				if *pictures != "" {
					if err := os.WriteFile(filepath.Join(*pictures, g.slug+"-"+name+".jpg"), b, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func BenchmarkCover(b *testing.B) {
	for b.Loop() {
		if _, err := cover("01", "api", "api"); err != nil {
			b.Fatal(err)
		}
	}
}
