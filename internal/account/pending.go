package account

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// waiting is a session that waits, as it is stored.
type waiting struct {
	account, agent string
	stage          Stage
	via            Via
}

func (w *waiting) fields() []any { return []any{&w.account, &w.agent, &w.stage, &w.via} }

// Pending finds who a waiting session's token belongs to and what it waits for. An
// unknown or expired one is fault.Unauthenticated.
func Pending(ctx context.Context, tx *db.Tx, token string) (Account, Stage, error) {
	a, w, err := pending(ctx, tx, token)
	return a, w.stage, err
}

func pending(ctx context.Context, tx *db.Tx, token string) (Account, waiting, error) {
	gone := fault.New(fault.Unauthenticated, "account.pending_gone")
	if !strings.HasPrefix(token, "ysp_") {
		return Account{}, waiting{}, gone
	}
	w, err := db.One(ctx, tx, (*waiting).fields, `
		SELECT account_id, agent, stage, via FROM account_session
		WHERE token_hash = $1 AND expires_at > $2 AND stage IN ('factor', 'setup')`, hashSecret(token), tx.Now())
	if err != nil {
		return Account{}, w, or(ignoreNotFound(err), gone)
	}
	a, err := Load(ctx, tx, w.account)
	if err == nil && !a.DisabledAt.IsZero() {
		err = gone
	}
	return a, w, err
}

// Complete turns a waiting session into one that stands for its person. The caller
// has just taken the second factor, or seen it set up. Of two that come with the
// same token one goes through.
func Complete(ctx context.Context, tx *db.Tx, by access.Actor, token string) (Session, error) {
	a, w, err := pending(ctx, tx, token)
	if err != nil {
		return Session{}, err
	}
	has, err := HasFactor(ctx, tx, a.ID)
	if err != nil {
		return Session{}, err
	}
	if !has {
		return Session{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := tx.Move(ctx, `DELETE FROM account_session WHERE token_hash = $1 AND stage IN ('factor', 'setup')`, hashSecret(token)); err != nil {
		return Session{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Session{}, err
	}
	return openSession(ctx, tx, p.People, a, by, w.agent, w.via, Entered)
}

// Enter opens a session for somebody whom a passkey or the identity provider has
// proved; the caller has checked that proof. A closed account is refused as unknown.
func Enter(ctx context.Context, tx *db.Tx, by access.Actor, a Account, agent string, via Via) (Session, error) {
	if !a.DisabledAt.IsZero() || a.VerifiedAt.IsZero() {
		return Session{}, wrongCredentials()
	}
	return enter(ctx, tx, a, by, agent, via)
}

// Prove notes that the session's person has just proved again who they are.
func Prove(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	return tx.Move(ctx, `UPDATE account_session SET proved_at = $1 WHERE id = $2 AND account_id = $3 AND stage = ''`, tx.Now(), by.SessionID, by.ID)
}

// LetIn makes a one-time link for somebody of the staff who cannot sign in otherwise,
// as when the identity provider is down; it holds for ten minutes and is told once.
// Only the command line does it.
func LetIn(ctx context.Context, tx *db.Tx, by access.Actor, mail string) (path string, err error) {
	if by.Kind != access.Command {
		return "", fault.New(fault.Forbidden, "fault.forbidden")
	}
	a, err := StaffByMail(ctx, tx, mail)
	if err != nil {
		return "", err
	}
	token, err := secret(tx.Random(), "ysl_")
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO account_session (token_hash, id, account_id, created_at, expires_at, address, agent, stage, via) VALUES ($1, $2, $3, $4, $5, '', '', $6, $7)`,
		hashSecret(token), tx.NewID("ses"), a.ID, tx.Now(), tx.Now().Add(linkLife), string(waitLink), string(ByLink)); err != nil {
		return "", err
	}
	return "/signin/link/" + token, LinkMade.Append(ctx, tx, by, event.About{Subject: a.ID}, event.None{})
}

const linkLife = 10 * time.Minute

// Link is a one-time link that is opened.
type Link struct {
	Token string `json:"-" path:"id"`
	Agent string `json:"-"`
}

// OpenLink opens a session by a one-time link; a second factor is still asked for
// where there is one. A used or old link is fault.Gone.
func OpenLink(ctx context.Context, tx *db.Tx, by access.Actor, in Link) (Session, error) {
	// Whoever holds the link.
	gone := fault.New(fault.Gone, "account.link_gone")
	if !strings.HasPrefix(in.Token, "ysl_") {
		return Session{}, gone
	}
	id, err := db.One(ctx, tx, db.Value[string], `
		SELECT account_id FROM account_session WHERE token_hash = $1 AND expires_at > $2 AND stage = 'link'`, hashSecret(in.Token), tx.Now())
	if err != nil {
		return Session{}, or(ignoreNotFound(err), gone)
	}
	if err := tx.Move(ctx, `DELETE FROM account_session WHERE token_hash = $1`, hashSecret(in.Token)); err != nil {
		return Session{}, err
	}
	a, err := Load(ctx, tx, id)
	if err != nil {
		return Session{}, err
	}
	return Enter(ctx, tx, by, a, in.Agent, ByLink)
}
