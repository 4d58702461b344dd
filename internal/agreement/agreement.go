// Package agreement holds the texts that a vendor reads and accepts before it
// applies: the access agreement and the vendor management rules, each by version,
// and who accepted which version when and from where (rule C-4). An installation
// begins with the texts under shipped/; the operator publishes later versions. The
// package owns the tables agreement, agreement_draft and agreement_acceptance. Contracts, which are
// made out to one vendor and signed, are not agreements.
package agreement

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// The documents that every installation has.
const (
	Access     = "access"     // 服务接入协议
	Management = "management" // 服务商管理规范
)

// Body is a document's text in Markdown, by language.
type Body struct {
	ZH string `json:"zh-CN"`
	EN string `json:"en"`
}

// In returns the text in a language; a missing one falls back to the other.
func (b Body) In(l text.Lang) string { return text.Named{ZH: b.ZH, EN: b.EN}.In(l) }

// Document is one version of an agreement.
type Document struct {
	ID        string      `json:"id"`
	Version   string      `json:"version"`
	HoldsFrom time.Time   `json:"holds_from"`
	Title     policy.Name `json:"title"`
	Body      Body        `json:"body"`
	Hash      string      `json:"hash"` // SHA-256 in hex over id, version, titles and texts
	// RequiredFrom is when those who accepted an earlier version must have accepted
	// this one; zero is a first version, which nobody is asked for a second time.
	RequiredFrom time.Time `json:"required_from,omitzero"`
}

// hash is what an acceptance points at: any change of a title or a text changes it.
func (d Document) hash() string {
	h := sha256.New()
	for _, part := range []string{d.ID, d.Version, d.Title.ZH, d.Title.EN, d.Body.ZH, d.Body.EN} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Ref names one version of a document.
type Ref struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// Events of agreements.
var (
	Published = event.Kind[Mark]{Name: "agreement.published", Internal: true}
	Agreed    = event.Kind[Mark]{Name: "agreement.accepted"}
)

// Mark is the data of the events: which text it is about.
type Mark struct {
	Document string `json:"document"`
	Version  string `json:"version"`
	Hash     string `json:"hash"`
}

func (d Document) mark() Mark { return Mark{Document: d.ID, Version: d.Version, Hash: d.Hash} }

func (d *Document) fields() []any {
	return []any{&d.ID, &d.Version, db.Time(&d.HoldsFrom), db.JSON(&d.Title), db.JSON(&d.Body), &d.Hash, db.Time(&d.RequiredFrom)}
}

const columns = `id, version, holds_from, title, body, hash, required_from`

// Current lists the version in force of each document: the access agreement, the
// management rules, then whatever else the operator published.
func Current(ctx context.Context, tx *db.Tx) ([]Document, error) {
	published, err := db.All(ctx, tx, (*Document).fields, `
		SELECT `+columns+` FROM agreement a
		WHERE holds_from <= $1 AND NOT EXISTS (
			SELECT 1 FROM agreement later
			WHERE later.id = a.id AND later.holds_from <= $1
			  AND (later.holds_from > a.holds_from OR later.holds_from = a.holds_from AND later.made_at > a.made_at))
		ORDER BY id`, tx.Now())
	if err != nil {
		return nil, err
	}
	current := Shipped()
	for _, d := range published {
		if i := indexOf(current, d.ID); i >= 0 {
			current[i] = d
		} else {
			current = append(current, d)
		}
	}
	return current, nil
}

func indexOf(docs []Document, id string) int {
	for i, d := range docs {
		if d.ID == id {
			return i
		}
	}
	return -1
}

// Get finds a version of a document, in force or not; none is fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, ref Ref) (Document, error) {
	d, err := db.One(ctx, tx, (*Document).fields, `SELECT `+columns+` FROM agreement WHERE id = $1 AND version = $2`, ref.ID, ref.Version)
	if err == nil {
		return d, nil
	}
	for _, s := range Shipped() {
		if s.ID == ref.ID && s.Version == ref.Version {
			return s, nil
		}
	}
	return d, err
}

// clean makes line ends and outer white space of a text the same, so that a hash
// does not depend on the editor it was written in.
func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// same is the answer to a version that is already there.
func same() error { return fault.At("/version", "agreement.version_exists") }
