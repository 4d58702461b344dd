package account

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
)

// Signed is one place where a person is signed in.
type Signed struct {
	ID        string
	Agent     string // the browser or program, as it names itself
	Address   string // masked
	Via       Via
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	This      bool // the one that asks
}

func (s *Signed) fields() []any {
	return []any{&s.ID, &s.Agent, &s.Address, &s.Via, db.Time(&s.CreatedAt), db.Time(&s.SeenAt), db.Time(&s.ExpiresAt)}
}

// Sessions lists where the actor is signed in, last seen first.
func Sessions(ctx context.Context, tx *db.Tx, by access.Actor) ([]Signed, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, (*Signed).fields, `
		SELECT id, agent, address, via, created_at, COALESCE(seen_at, created_at), expires_at FROM account_session
		WHERE account_id = $1 AND stage = '' AND expires_at > $2 ORDER BY COALESCE(seen_at, created_at) DESC, id DESC`, by.ID, tx.Now())
	for i := range all {
		all[i].Address = MaskAddress(all[i].Address)
		all[i].This = all[i].ID == by.SessionID
	}
	return all, err
}

// Ended names a session to end.
type Ended struct {
	ID string `json:"-" path:"id"`
}

// EndSession ends one of the actor's own sessions; another's is fault.NotFound.
func EndSession(ctx context.Context, tx *db.Tx, by access.Actor, in Ended) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	if _, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM account_session WHERE id = $1 AND account_id = $2`, in.ID, by.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE id = $1`, in.ID); err != nil {
		return err
	}
	return SessionsEnded.Append(ctx, tx, by, event.About{Subject: by.ID, VendorID: by.VendorID}, EndedData{Sessions: 1})
}

// EndOthers ends every session of the actor but the one that asks.
func EndOthers(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM account_session WHERE account_id = $1 AND id <> $2`, by.ID, by.SessionID)
	if err != nil || n == 0 {
		return err
	}
	return SessionsEnded.Append(ctx, tx, by, event.About{Subject: by.ID, VendorID: by.VendorID}, EndedData{Sessions: int(n)})
}

// Seen notes that a session is in use; callers do so once in a few minutes.
func Seen(ctx context.Context, tx *db.Tx, sessionID string) error {
	_, err := tx.Exec(ctx, `UPDATE account_session SET seen_at = $1 WHERE id = $2 AND (seen_at IS NULL OR seen_at < $3)`, tx.Now(), sessionID, tx.Now().Add(-time.Minute))
	return err
}

// endAll ends every session of a person, waiting ones with them, and for good their
// API keys too.
func endAll(ctx context.Context, tx *db.Tx, accountID string, keys bool) error {
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE account_id = $1`, accountID); err != nil || !keys {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE account_key SET revoked_at = $1 WHERE account_id = $2 AND revoked_at IS NULL`, tx.Now(), accountID)
	return err
}

// EndSessions ends every session of a person whose factors were reset.
func EndSessions(ctx context.Context, tx *db.Tx, accountID string) error {
	// Called within an operation that has asked who acts.
	return endAll(ctx, tx, accountID, false)
}
