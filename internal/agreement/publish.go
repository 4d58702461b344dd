package agreement

import (
	"context"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

//go:embed shipped/*.md
var files embed.FS

// Shipped lists the documents a new installation starts with.
func Shipped() []Document { return slices.Clone(shipped()) }

var shipped = sync.OnceValue(func() []Document {
	docs := []Document{
		{ID: Access, Version: "1.0", Title: policy.Name{ZH: "服务接入协议", EN: "Service Access Agreement"}},
		{ID: Management, Version: "1.0", Title: policy.Name{ZH: "服务商管理规范", EN: "Vendor Management Rules"}},
	}
	for i := range docs {
		d := &docs[i]
		d.Body = Body{ZH: read(d.ID, "zh-CN"), EN: read(d.ID, "en")}
		d.Hash = d.hash()
	}
	return docs
})

func read(id, lang string) string {
	data, err := files.ReadFile("shipped/" + id + "." + lang + ".md")
	if err != nil {
		panic(err)
	}
	return clean(string(data))
}

// Version is a new version of a document, as the operator publishes it.
type Version struct {
	ID        string      `json:"id"`
	Version   string      `json:"version"`
	HoldsFrom time.Time   `json:"holds_from"` // zero is at once; never in the past
	Title     policy.Name `json:"title"`
	Body      Body        `json:"body"`
	// RequiredFrom is from when vendors that are in must have accepted it; zero is
	// the policy's grace after HoldsFrom.
	RequiredFrom time.Time `json:"required_from,omitzero"`
}

const (
	longestTitle = 100     // runes
	longestBody  = 100_000 // runes
)

var word = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
var versionWord = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$`)

// Publish puts a new version of a document in force from a time on; every vendor
// is then asked for a new acceptance. A version that exists is an Invalid field:
// a published text never changes. Rule C-4.
func Publish(ctx context.Context, tx *db.Tx, by access.Actor, in Version) (Document, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Document{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Document{}, err
	}
	d := Document{ID: in.ID, Version: in.Version, HoldsFrom: in.HoldsFrom, RequiredFrom: in.RequiredFrom, Title: in.Title,
		Body: Body{ZH: clean(in.Body.ZH), EN: clean(in.Body.EN)}}
	if d.HoldsFrom.IsZero() {
		d.HoldsFrom = tx.Now()
	}
	if d.RequiredFrom.IsZero() {
		d.RequiredFrom = p.Today(d.HoldsFrom).AddDays(p.Amendments.GraceDays).Time(p.Location())
		if d.RequiredFrom.Before(d.HoldsFrom) {
			d.RequiredFrom = d.HoldsFrom
		}
	}
	var bad fault.Fields
	if !word.MatchString(d.ID) {
		bad.Add("/id", "agreement.bad_id")
	}
	if !versionWord.MatchString(d.Version) {
		bad.Add("/version", "agreement.bad_version")
	}
	if d.HoldsFrom.Before(tx.Now()) {
		bad.Add("/holds_from", "agreement.from_past")
	}
	if d.RequiredFrom.Before(d.HoldsFrom) {
		bad.AddRule("C-4", "/required_from", "agreement.required_before")
	}
	between(&bad, "/title/zh-CN", d.Title.ZH, longestTitle)
	between(&bad, "/title/en", d.Title.EN, longestTitle)
	between(&bad, "/body/zh-CN", d.Body.ZH, longestBody)
	between(&bad, "/body/en", d.Body.EN, longestBody)
	if err := bad.Err(); err != nil {
		return Document{}, err
	}
	if _, err := Get(ctx, tx, Ref{d.ID, d.Version}); err == nil {
		return Document{}, same()
	}
	d.Hash = d.hash()
	_, err = tx.Exec(ctx, `
		INSERT INTO agreement (id, version, holds_from, title, body, hash, made_by, made_at, required_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.ID, d.Version, d.HoldsFrom, db.JSON(d.Title), db.JSON(d.Body), d.Hash, by.ID, tx.Now(), d.RequiredFrom)
	if db.IsUnique(err) {
		return Document{}, same()
	}
	if err != nil {
		return Document{}, fmt.Errorf("publish %s %s: %w", d.ID, d.Version, err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM agreement_draft WHERE id = $1`, d.ID); err != nil {
		return Document{}, err
	}
	return d, Published.Append(ctx, tx, by, event.About{Subject: d.ID}, d.mark())
}

func between(bad *fault.Fields, pointer, s string, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		bad.Add(pointer, "fault.required")
	case n > most:
		bad.Add(pointer, "fault.too_long", most, n)
	}
}
