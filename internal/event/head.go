package event

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/sign"
)

// Head is the signed end of the chain on a day. Body is what is signed, a text of
// a few lines that says the same as the other fields.
type Head struct {
	Day         calendar.Day
	Seq         int64  // number of the last event it covers; 0 where there was none
	Hash        string // of that event in the chain
	Count       int64  // events since the head before
	Previous    string // SHA-256 of the body of the head before; "" for the first
	Body        string
	Signature   string // base64, ECDSA with SHA-256 over Body
	Certificate string // PEM
	MadeAt      time.Time
}

const headColumns = `day, seq, hash, count, previous, body, signature, certificate, made_at`

func (h *Head) fields() []any {
	return []any{&h.Day, &h.Seq, &h.Hash, &h.Count, &h.Previous, &h.Body, &h.Signature, &h.Certificate, db.Time(&h.MadeAt)}
}

// text writes what is signed. The form is of version 1; it does not change.
func (h Head) text(installation, fingerprint string) string {
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	return fmt.Sprintf("yunshi-event-head: 1\ninstallation: %s\nday: %s\nseq: %d\nhash: %s\nevents-since-previous: %d\nprevious-head-sha256: %s\nmade-at: %s\ncertificate-sha256: %s\n",
		installation, h.Day, h.Seq, or(h.Hash), h.Count, or(h.Previous), h.MadeAt.UTC().Format(time.RFC3339Nano), fingerprint)
}

// Fingerprint is the SHA-256 of the signed text, in hexadecimal: short enough to be
// read out over the telephone.
func (h Head) Fingerprint() string {
	sum := sha256.Sum256([]byte(h.Body))
	return hex.EncodeToString(sum[:])
}

// HeadSigned records a day's head; its subject is the day.
var HeadSigned = Kind[HeadData]{Name: "audit.head_signed", Internal: true}

// HeadData is what the event of a head tells.
type HeadData struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// SignHead signs the chain as it stands as the head of the day, which has ended at
// the given moment. It does nothing where the day has its head, or while events
// from before that moment wait to be chained: made is false then.
func SignHead(ctx context.Context, tx *db.Tx, by access.Actor, key sign.Key, day calendar.Day, ended time.Time) (made bool, err error) {
	known, err := db.Exists(ctx, tx, `SELECT 1 FROM event_head WHERE day >= $1`, day.String())
	if err != nil || known {
		return false, err
	}
	late, err := db.Exists(ctx, tx, `SELECT 1 FROM event_pending WHERE event_id < $1`, db.FirstID(idPrefix, ended))
	if err != nil || late {
		return false, err
	}
	end, err := chainHead(ctx, tx)
	if err != nil {
		return false, err
	}
	h := Head{Day: day, Seq: end.seq, Hash: end.hash, Count: end.seq, MadeAt: tx.Now(), Certificate: string(key.Certificate())}
	last, err := db.All(ctx, tx, (*Head).fields, `SELECT `+headColumns+` FROM event_head ORDER BY day DESC LIMIT 1`)
	if err != nil {
		return false, err
	}
	if len(last) > 0 {
		h.Previous, h.Count = last[0].Fingerprint(), end.seq-last[0].Seq
	}
	if h.Count < 0 {
		return false, fmt.Errorf("event: the chain ends at %d, before the head of %s: run verify", end.seq, last[0].Day)
	}
	h.Body = h.text(key.Subject(), key.Fingerprint())
	sig, err := key.Text([]byte(h.Body), tx.Random())
	if err != nil {
		return false, err
	}
	h.Signature = base64.StdEncoding.EncodeToString(sig)
	n, err := tx.Exec(ctx, `INSERT INTO event_head (`+headColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (day) DO NOTHING`,
		h.Day.String(), h.Seq, h.Hash, h.Count, h.Previous, h.Body, h.Signature, h.Certificate, h.MadeAt)
	if err != nil || n == 0 {
		return false, err
	}
	return true, HeadSigned.Append(ctx, tx, by, About{Subject: day.String()}, HeadData{h.Seq, h.Hash})
}

// Heads lists the signed heads, the latest first, at most limit before a day; the
// zero day is from the latest on.
func Heads(ctx context.Context, tx *db.Tx, by access.Actor, before calendar.Day, limit int) ([]Head, error) {
	if err := by.Require(access.SeeEvents); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	q, args := `SELECT `+headColumns+` FROM event_head`, []any{limit}
	if !before.IsZero() {
		q += ` WHERE day < $2`
		args = append(args, before.String())
	}
	return db.All(ctx, tx, (*Head).fields, q+` ORDER BY day DESC LIMIT $1`, args...)
}

// HeadOf reads the head of a day; none is fault.NotFound.
func HeadOf(ctx context.Context, tx *db.Tx, by access.Actor, day calendar.Day) (Head, error) {
	if err := by.Require(access.SeeEvents); err != nil {
		return Head{}, err
	}
	return LoadHead(ctx, tx, day)
}

// LoadHead is HeadOf for what runs by itself.
func LoadHead(ctx context.Context, tx *db.Tx, day calendar.Day) (Head, error) {
	if day.IsZero() {
		return Head{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return db.One(ctx, tx, (*Head).fields, `SELECT `+headColumns+` FROM event_head WHERE day = $1`, day.String())
}

// VerifyHeads proves each signed head: by a certificate that is trusted, over what
// it says, one following the other, and the chain still having the event it names
// at that number with all before it. Verify proves the chain itself. Trusted are
// fingerprints of certificates; none trusts nobody.
func VerifyHeads(ctx context.Context, tx *db.Tx, trusted []string) (checked int64, wrong []string, err error) {
	heads, err := db.All(ctx, tx, (*Head).fields, `SELECT `+headColumns+` FROM event_head ORDER BY day`)
	if err != nil {
		return 0, nil, err
	}
	var before Head
	for i, h := range heads {
		say := func(format string, args ...any) {
			wrong = append(wrong, "event head of "+h.Day.String()+": "+fmt.Sprintf(format, args...))
		}
		subject, fingerprint, err := h.signed()
		switch {
		case err != nil:
			say("its signature does not hold (%v)", err)
		case !slices.Contains(trusted, fingerprint):
			say("it is signed by another certificate, %s", fingerprint)
		case h.text(subject, fingerprint) != h.Body:
			say("what stands beside it differs from what was signed")
		}
		if i > 0 && h.Previous != before.Fingerprint() || i == 0 && h.Previous != "" {
			say("the head before it is missing or was changed")
		}
		if h.Seq-before.Seq != h.Count {
			say("it counts %d events since the head before, the numbers say %d", h.Count, h.Seq-before.Seq)
		}
		if err := h.inChain(ctx, tx, say); err != nil {
			return int64(len(heads)), wrong, err
		}
		before = h
	}
	return int64(len(heads)), wrong, nil
}

// signed checks the signature alone and tells whose it is.
func (h Head) signed() (subject, fingerprint string, err error) {
	sig, err := base64.StdEncoding.DecodeString(h.Signature)
	if err != nil {
		return "", "", err
	}
	return sign.CheckText([]byte(h.Certificate), []byte(h.Body), sig)
}

// inChain compares the head with the chain as it is now.
func (h Head) inChain(ctx context.Context, tx *db.Tx, say func(string, ...any)) error {
	if h.Seq == 0 {
		return nil
	}
	hashes, err := db.All(ctx, tx, db.Value[string], `SELECT hash FROM event_seal WHERE seq = $1`, h.Seq)
	if err != nil {
		return err
	}
	n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM event_seal s JOIN event e ON e.id = s.event_id WHERE s.seq <= $1`, h.Seq)
	if err != nil {
		return err
	}
	switch {
	case len(hashes) == 0:
		say("number %d of the chain is gone", h.Seq)
	case hashes[0] != h.Hash:
		say("number %d of the chain has another hash than was signed: events before it were changed, taken out or put in", h.Seq)
	}
	if n != h.Seq {
		say("of %d events that it covers %d are left", h.Seq, n)
	}
	return nil
}
