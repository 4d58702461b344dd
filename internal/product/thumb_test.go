package product_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

func TestThumbsAreMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := open(t, d, "ven_a").trading(t, "image")
		store, err := file.OpenLocal(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		files := file.New(store, dbtest.Vault())
		full := image.NewRGBA(image.Rect(0, 0, 800, 450))
		for x := range 800 {
			full.Set(x, x%450, color.RGBA{uint8(x), 90, 200, 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, full); err != nil {
			t.Fatal(err)
		}
		up, err := files.Receive(ctx, &b, "封面.png", 0)
		if err != nil {
			t.Fatal(err)
		}
		s.write(func(tx *db.Tx) error {
			f, err := file.Keep(ctx, tx, s.owner, up, "ven_a", file.ProductPicture)
			s.picture = f.ID
			return err
		})
		p := s.onShelf("image", policy.ImageForm)
		for range 2 { // a job may run again
			if err := product.MakeThumbs(d, files)(ctx, product.Thumbs{ProductID: p.ID}); err != nil {
				t.Fatal(err)
			}
		}
		s.write(func(tx *db.Tx) error {
			for _, want := range []int{320, 640} {
				id, err := product.Thumb(ctx, tx, s.picture, want)
				if err != nil {
					return err
				}
				f, err := file.Public(ctx, tx, id)
				if err != nil {
					return err
				}
				data, err := files.Open(ctx, f)
				if err != nil {
					return err
				}
				c, kind, err := image.DecodeConfig(bytes.NewReader(data))
				if err != nil || kind != "jpeg" || c.Width != want || c.Height != want*450/800 {
					t.Errorf("the copy for %d is %+v %s, %v", want, c, kind, err)
				}
			}
			for _, none := range []int{960, 123} { // wider than the picture; no width of ours
				if _, err := product.Thumb(ctx, tx, s.picture, none); !fault.Is(err, fault.NotFound) {
					t.Errorf("a copy of %d: %v", none, err)
				}
			}
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM product_thumb`)
			if n != 2 {
				t.Errorf("%d copies", n)
			}
			return err
		})
	})
}
