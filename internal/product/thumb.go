package product

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/jpeg"
	_ "image/png" // pictures may be
	"slices"

	xdraw "golang.org/x/image/draw"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
)

// Widths are the widths of smaller copies of pictures, in pixels: a card, a card on
// a dense screen, a page.
func Widths() []int { return []int{320, 640, 960} }

// thumbQuality is of the copies' JPEG.
const thumbQuality = 82

// Thumbs names the product whose pictures want smaller copies.
type Thumbs struct {
	ProductID string `json:"product_id"`
}

// ThumbJob makes the smaller copies of a product's pictures.
var ThumbJob = job.Kind[Thumbs]{Name: "product.thumbs", Tries: 5}

// QueueThumbs is what happens when a product goes live: its pictures get copies.
func QueueThumbs(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return ThumbJob.Later(ctx, tx, Thumbs{e.Subject})
}

// wanted is one copy to be made.
type wanted struct {
	picture file.File
	widths  []int
}

// MakeThumbs returns the work of ThumbJob: reads the pictures of what is live, makes
// the copies that are not there and narrower than the picture, and keeps them. It may
// run again; a copy that is there already stays.
func MakeThumbs(d *db.DB, files *file.Files) func(ctx context.Context, in Thumbs) error {
	by := access.SystemActor(ThumbJob.Name)
	return func(ctx context.Context, in Thumbs) error {
		var p Product
		var open []wanted
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			open = nil
			if p, err = Load(ctx, tx, in.ProductID); err != nil {
				return err
			}
			open, err = p.withoutThumbs(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		for _, w := range open {
			if err := w.make(ctx, d, files, by); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p Product) withoutThumbs(ctx context.Context, tx *db.Tx) ([]wanted, error) {
	pictures, err := file.Owned(ctx, tx, p.VendorID, p.Content.Pictures)
	if err != nil {
		return nil, err
	}
	there, err := thumbsOf(ctx, tx, p.Content.Pictures)
	if err != nil {
		return nil, err
	}
	var out []wanted
	for _, id := range p.Content.Pictures {
		f, ok := pictures[id]
		if !ok {
			continue
		}
		w := wanted{picture: f}
		for _, width := range Widths() {
			if _, made := there[thumbKey{id, width}]; !made {
				w.widths = append(w.widths, width)
			}
		}
		if len(w.widths) > 0 {
			out = append(out, w)
		}
	}
	return out, nil
}

type thumbKey struct {
	picture string
	width   int
}

func thumbsOf(ctx context.Context, tx *db.Tx, pictures []string) (map[thumbKey]string, error) {
	out := make(map[thumbKey]string)
	if len(pictures) == 0 {
		return out, nil
	}
	type row struct {
		key  thumbKey
		file string
	}
	args := make([]any, len(pictures))
	for i, id := range pictures {
		args[i] = id
	}
	all, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.key.picture, &r.key.width, &r.file} },
		`SELECT picture, width, file_id FROM product_thumb WHERE picture IN `+db.In(1, len(args)), args...)
	for _, r := range all {
		out[r.key] = r.file
	}
	return out, err
}

// make scales a picture down. One that cannot be decoded any more has no copies.
func (w wanted) make(ctx context.Context, d *db.DB, files *file.Files, by access.Actor) error {
	data, err := files.Open(ctx, w.picture)
	if err != nil {
		return err
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return job.Permanent(err)
	}
	for _, width := range w.widths {
		if full.Bounds().Dx() <= width {
			continue
		}
		small, err := scaled(full, width)
		if err != nil {
			return err
		}
		up, err := files.Produced(ctx, small, w.picture.Name, file.JPEG)
		if err != nil {
			return err
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			there, err := db.Exists(ctx, tx, `SELECT 1 FROM product_thumb WHERE picture = $1 AND width = $2`, w.picture.ID, width)
			if err != nil || there {
				return err
			}
			f, err := file.Keep(ctx, tx, by, up, w.picture.VendorID, file.ProductPicture)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO product_thumb (picture, width, file_id, made_at) VALUES ($1, $2, $3, $4)`, w.picture.ID, width, f.ID, tx.Now())
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scaled is a picture at a width, as JPEG on white.
func scaled(full image.Image, width int) ([]byte, error) {
	b := full.Bounds()
	height := max(1, b.Dy()*width/b.Dx())
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(small, small.Bounds(), full, b, xdraw.Over, nil)
	var out bytes.Buffer
	err := jpeg.Encode(&out, small, &jpeg.Options{Quality: thumbQuality})
	return out.Bytes(), err
}

// Thumb returns the id of the smallest copy of a picture that is at least so wide,
// for what shows it to whom it may; fault.NotFound where there is none and the
// picture itself is to be shown.
func Thumb(ctx context.Context, tx *db.Tx, picture string, width int) (string, error) {
	if !slices.Contains(Widths(), width) {
		return "", fault.New(fault.NotFound, "fault.not_found")
	}
	return db.One(ctx, tx, db.Value[string],
		`SELECT file_id FROM product_thumb WHERE picture = $1 AND width >= $2 ORDER BY width LIMIT 1`, picture, width)
}
