package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

const (
	memberSession = 14 * 24 * time.Hour
	staffSession  = 12 * time.Hour
)

// Credentials are what a person signs in with.
type Credentials struct {
	Mail     string `json:"mail"`
	Password string `json:"password"`
	Agent    string `json:"-"` // the browser or program, as it names itself
}

// Session is a signed-in person; Token is shown once and kept as a hash.
type Session struct {
	ID        string
	Token     string
	Account   Account
	ExpiresAt time.Time
}

// SignIn opens a session. It takes the database, not a transaction: the password's
// hash is compared between two. A wrong mailbox and a wrong password give the same
// answer after the same time; ten wrong tries in a quarter of an hour are fault.TooMany.
func SignIn(ctx context.Context, d *db.DB, by access.Actor, in Credentials) (Session, error) {
	mail, err := cn.ParseEmail(in.Mail)
	if err != nil || in.Password == "" || len(in.Password) > maxPassword {
		return Session{}, wrongCredentials()
	}
	var a Account
	tries := "signin:" + strings.ToLower(mail) + " " + by.Address
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if err := attempt(ctx, tx, tries, 10); err != nil {
			return err
		}
		a, err = byMail(ctx, tx, mail)
		return ignoreNotFound(err)
	})
	if err != nil {
		return Session{}, err
	}
	stored := a.hash
	if a.ID == "" {
		stored = decoy
	}
	ok, err := checkPassword(ctx, stored, in.Password)
	if err != nil {
		return Session{}, err
	}
	if !ok || a.ID == "" || !a.DisabledAt.IsZero() {
		return Session{}, wrongCredentials()
	}
	if a.VerifiedAt.IsZero() {
		return Session{Account: a}, fault.New(fault.Conflict, "account.not_verified")
	}
	var s Session
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if err := relent(ctx, tx, tries); err != nil {
			return err
		}
		s, err = openSession(ctx, tx, a, by, in.Agent)
		return err
	})
	return s, err
}

func wrongCredentials() error {
	return fault.New(fault.Unauthenticated, "account.wrong_credentials")
}

func ignoreNotFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

func openSession(ctx context.Context, tx *db.Tx, a Account, by access.Actor, agent string) (Session, error) {
	token, err := secret(tx.Random(), "yss_")
	if err != nil {
		return Session{}, err
	}
	life := memberSession
	if a.Kind == access.Staff {
		life = staffSession
	}
	s := Session{ID: tx.NewID("ses"), Token: token, Account: a, ExpiresAt: tx.Now().Add(life)}
	agent = strings.ReplaceAll(strings.ToValidUTF8(agent, ""), "\x00", "")
	if r := []rune(agent); len(r) > 200 {
		agent = string(r[:200])
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO account_session (token_hash, id, account_id, created_at, expires_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		hashSecret(token), s.ID, a.ID, tx.Now(), s.ExpiresAt, by.Address, agent); err != nil {
		return Session{}, err
	}
	me := a.Actor()
	me.Address = by.Address
	return s, SignedIn.Append(ctx, tx, me, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{})
}

// Begin opens a session for somebody who has just proved who they are by both codes.
func Begin(ctx context.Context, tx *db.Tx, by access.Actor, a Account, agent string) (Session, error) {
	if a.VerifiedAt.IsZero() || !a.VerifiedAt.Equal(tx.Now()) {
		return Session{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return openSession(ctx, tx, a, by, agent)
}

// SignOut ends a session by its token; an unknown one is nothing.
func SignOut(ctx context.Context, tx *db.Tx, by access.Actor, token string) error {
	// Whoever holds the token may end it.
	_, err := tx.Exec(ctx, `DELETE FROM account_session WHERE token_hash = $1`, hashSecret(token))
	return err
}

// ByToken finds who a request's token stands for: a session or an API key. An
// unknown, expired or revoked one is fault.Unauthenticated.
func ByToken(ctx context.Context, tx *db.Tx, token string) (Account, access.Actor, error) {
	unknown := fault.New(fault.Unauthenticated, "account.token_unknown")
	var a Account
	var err error
	var actor access.Actor
	if strings.HasPrefix(token, keyPrefix) {
		var k Key
		k, err = db.One(ctx, tx, (*Key).fields, `SELECT `+keyColumns+` FROM account_key WHERE secret_hash = $1 AND revoked_at IS NULL`, hashSecret(token))
		if err != nil {
			return a, actor, or(ignoreNotFound(err), unknown)
		}
		if a, err = Load(ctx, tx, k.AccountID); err != nil {
			return a, actor, err
		}
		actor = a.Actor()
		actor.Scopes, actor.KeyID = k.Scopes, k.ID
	} else {
		a, err = load(ctx, tx, `WHERE id = (SELECT account_id FROM account_session WHERE token_hash = $1 AND expires_at > $2)`, hashSecret(token), tx.Now())
		if err != nil {
			return a, actor, or(ignoreNotFound(err), unknown)
		}
		actor = a.Actor()
	}
	if !a.DisabledAt.IsZero() {
		return a, actor, unknown
	}
	return a, actor, nil
}

func secret(random io.Reader, prefix string) (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	return prefix + base64.RawURLEncoding.EncodeToString(b[:]), nil
}

func hashSecret(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// unproved is how long a registration waits for its codes before it is forgotten.
const unproved = 7 * 24 * time.Hour

// Sweep removes expired sessions, codes and counters, and who registered and never
// gave the codes.
func Sweep(ctx context.Context, tx *db.Tx) error {
	for _, x := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM account_session WHERE expires_at < $1`, tx.Now()},
		{`DELETE FROM account_code WHERE expires_at < $1`, tx.Now().Add(-time.Hour)},
		{`DELETE FROM account_attempt WHERE slot < $1`, tx.Now().Add(-24 * time.Hour)},
		{`DELETE FROM account WHERE verified_at IS NULL AND created_at < $1
			AND NOT EXISTS (SELECT 1 FROM account_code c WHERE c.account_id = account.id)`, tx.Now().Add(-unproved)},
	} {
		if _, err := tx.Exec(ctx, x.statement, x.before); err != nil {
			return err
		}
	}
	return nil
}
