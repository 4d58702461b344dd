package agreement

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Drafted records that a draft was kept.
var Drafted = event.Kind[Ref]{Name: "agreement.drafted", Internal: true}

// Draft is what the operator writes at before it publishes, one per document; it is
// kept as typed.
type Draft struct {
	Version
	SavedBy string    `json:"-"`
	SavedAt time.Time `json:"-"`
}

func (d *Draft) fields() []any {
	return []any{&d.ID, &d.Version.Version, db.Time(&d.HoldsFrom), db.Time(&d.RequiredFrom), db.JSON(&d.Title), db.JSON(&d.Body), &d.SavedBy, db.Time(&d.SavedAt)}
}

// Save keeps a draft as typed, finished or not; only an id that no document can have,
// and what is far too long, is refused (fault.Invalid).
func Save(ctx context.Context, tx *db.Tx, by access.Actor, in Version) (Draft, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Draft{}, err
	}
	var bad fault.Fields
	if !word.MatchString(in.ID) {
		bad.Add("/id", "agreement.bad_id")
	}
	for at, s := range map[string]string{"/body/zh-CN": in.Body.ZH, "/body/en": in.Body.EN, "/title/zh-CN": in.Title.ZH, "/title/en": in.Title.EN, "/version": in.Version} {
		if n := len([]rune(s)); n > longestBody {
			bad.Add(at, "fault.too_long", longestBody, n)
		}
	}
	if err := bad.Err(); err != nil {
		return Draft{}, err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO agreement_draft (id, version, holds_from, required_from, title, body, saved_by, saved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, holds_from = excluded.holds_from, required_from = excluded.required_from,
			title = excluded.title, body = excluded.body, saved_by = excluded.saved_by, saved_at = excluded.saved_at`,
		in.ID, in.Version, in.HoldsFrom, in.RequiredFrom, db.JSON(in.Title), db.JSON(in.Body), by.ID, tx.Now()); err != nil {
		return Draft{}, err
	}
	if err := Drafted.Append(ctx, tx, by, event.About{Subject: in.ID}, Ref{in.ID, in.Version}); err != nil {
		return Draft{}, err
	}
	return load(ctx, tx, in.ID)
}

func load(ctx context.Context, tx *db.Tx, id string) (Draft, error) {
	return db.One(ctx, tx, (*Draft).fields, `
		SELECT id, version, holds_from, required_from, title, body, saved_by, saved_at FROM agreement_draft WHERE id = $1`, id)
}

// Drafts lists the drafts by document.
func Drafts(ctx context.Context, tx *db.Tx, by access.Actor) ([]Draft, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Draft).fields, `SELECT id, version, holds_from, required_from, title, body, saved_by, saved_at FROM agreement_draft ORDER BY id`)
}

// Preview is a draft beside the version in force, and whom it touches.
type Preview struct {
	Draft  Draft
	Before Document // in force; zero where there is none
	ZH, EN []Line   // what differs
	Reach  Reach
}

// Look shows what publishing a draft would change and whom it touches. A document of
// which there is neither draft nor version is fault.NotFound; without a draft it is
// the version in force, to begin with.
func Look(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Preview, error) {
	var v Preview
	if err := by.Require(access.SeeVendors); err != nil {
		return v, err
	}
	current, err := Current(ctx, tx)
	if err != nil {
		return v, err
	}
	if i := indexOf(current, id); i >= 0 {
		v.Before = current[i]
	}
	switch v.Draft, err = load(ctx, tx, id); {
	case fault.Is(err, fault.NotFound) && v.Before.ID != "":
		v.Draft = Draft{Version: Version{ID: id, Title: v.Before.Title, Body: v.Before.Body}}
	case err != nil:
		return v, err
	}
	v.ZH, v.EN = Diff(v.Before.Body.ZH, clean(v.Draft.Body.ZH)), Diff(v.Before.Body.EN, clean(v.Draft.Body.EN))
	v.Reach, err = Reaches(ctx, tx, by, Ref{id, v.Draft.Version.Version})
	return v, err
}
