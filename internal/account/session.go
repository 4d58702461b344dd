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
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Stage is what a session still waits for before it stands for its person.
type Stage string

// The stages of a session.
const (
	Entered    Stage = ""       // it stands for its person
	WaitFactor Stage = "factor" // the second factor is to be given
	WaitSetup  Stage = "setup"  // a second factor is to be set up
	waitLink   Stage = "link"   // its one-time link is to be opened
)

// Via is how somebody proved who they are.
type Via string

// The ways in.
const (
	ByPassword Via = "password"
	ByPasskey  Via = "passkey"
	ByProvider Via = "provider" // the operator's identity provider
	ByLink     Via = "link"     // a one-time link of the command line
)

// Credentials are what a person signs in with.
type Credentials struct {
	Mail     string `json:"mail"`
	Password string `json:"password"`
	Agent    string `json:"-"` // the browser or program, as it names itself
	// NoStaff refuses passwords of staff, who come by the identity provider.
	NoStaff bool `json:"-"`
}

// Session is a signed-in person; Token is shown once and kept as a hash. One with a
// Stage stands for nobody yet.
type Session struct {
	ID        string
	Token     string
	Account   Account
	ExpiresAt time.Time
	Stage     Stage
}

// SignIn opens a session. It takes the database, not a transaction: the password's
// hash is compared between two. A wrong mailbox and a wrong password give the same
// answer after the same time; wrong tries make the next one wait, by account and by
// address: fault.TooMany says how long. Who has a second factor, or must have one,
// gets a session that waits for it.
func SignIn(ctx context.Context, d *db.DB, by access.Actor, in Credentials) (Session, error) {
	mail, err := cn.ParseEmail(in.Mail)
	if err != nil || in.Password == "" || len(in.Password) > maxPassword {
		return Session{}, wrongCredentials()
	}
	var a Account
	var guards []guard
	err = d.Write(ctx, func(tx *db.Tx) error {
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		if a, err = byMail(ctx, tx, mail); ignoreNotFound(err) != nil {
			return err
		}
		familiar, err := knowsNetwork(ctx, tx, a.ID, by.Address)
		if err != nil {
			return err
		}
		guards = signInGuards(p.People, mail, by.Address, familiar)
		return hold(ctx, tx, time.Duration(p.People.ForgetHours)*time.Hour, guards...)
	})
	if err != nil {
		return Session{}, err
	}
	stored := a.hash
	if a.ID == "" || stored == "" {
		stored = decoy
	}
	ok, err := checkPassword(ctx, stored, in.Password)
	if err != nil {
		return Session{}, err
	}
	if !ok || a.ID == "" || a.hash == "" || !a.DisabledAt.IsZero() || in.NoStaff && a.Kind == access.Staff {
		return Session{}, wrongCredentials()
	}
	if a.VerifiedAt.IsZero() {
		return Session{Account: a}, fault.New(fault.Conflict, "account.not_verified")
	}
	var s Session
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if err := let(ctx, tx, guards...); err != nil {
			return err
		}
		s, err = enter(ctx, tx, a, by, in.Agent, ByPassword)
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

// enter opens a session for somebody who gave a first proof: one that waits where a
// second factor is there, or must be.
func enter(ctx context.Context, tx *db.Tx, a Account, by access.Actor, agent string, via Via) (Session, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Session{}, err
	}
	stage := Entered
	if via == ByPassword || via == ByLink || via == ByProvider && !p.People.ProviderFactor {
		has, err := HasFactor(ctx, tx, a.ID)
		switch {
		case err != nil:
			return Session{}, err
		case has:
			stage = WaitFactor
		case p.People.MustHaveFactor(a.Kind, a.Roles):
			stage = WaitSetup
		}
	}
	return openSession(ctx, tx, p.People, a, by, agent, via, stage)
}

// HasFactor reports whether a person has a second factor.
func HasFactor(ctx context.Context, tx *db.Tx, accountID string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM account_factor WHERE account_id = $1 AND confirmed_at IS NOT NULL`, accountID)
}

func openSession(ctx context.Context, tx *db.Tx, p policy.People, a Account, by access.Actor, agent string, via Via, stage Stage) (Session, error) {
	prefix, life := "yss_", time.Duration(p.MemberHours)*time.Hour
	if a.Kind == access.Staff {
		life = time.Duration(p.StaffHours) * time.Hour
	}
	if stage != Entered {
		prefix, life = "ysp_", time.Duration(p.FactorMinutes)*time.Minute
	}
	token, err := secret(tx.Random(), prefix)
	if err != nil {
		return Session{}, err
	}
	s := Session{ID: tx.NewID("ses"), Token: token, Account: a, ExpiresAt: tx.Now().Add(life), Stage: stage}
	agent = cleanAgent(agent)
	if _, err := tx.Exec(ctx, `
		INSERT INTO account_session (token_hash, id, account_id, created_at, expires_at, address, agent, stage, via, seen_at, proved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4, $4)`,
		hashSecret(token), s.ID, a.ID, tx.Now(), s.ExpiresAt, by.Address, agent, string(stage), string(via)); err != nil {
		return Session{}, err
	}
	if stage != Entered {
		return s, nil
	}
	fresh, err := recognise(ctx, tx, a, by.Address, agent)
	if err != nil {
		return s, err
	}
	if fresh {
		if err := tell(ctx, tx, a, "notify.new_sign_in", Word{At: tx.Now()}, deviceWord(agent), Word{Text: MaskAddress(by.Address)}); err != nil {
			return s, err
		}
	}
	me := a.Actor()
	me.Address = by.Address
	return s, SignedIn.Append(ctx, tx, me, event.About{Subject: a.ID, VendorID: a.VendorID}, SignInData{Via: via, New: fresh})
}

func cleanAgent(agent string) string {
	agent = strings.ReplaceAll(strings.ToValidUTF8(agent, ""), "\x00", "")
	if r := []rune(agent); len(r) > 200 {
		agent = string(r[:200])
	}
	return agent
}

// Begin opens a session for somebody who has just proved who they are by both codes.
func Begin(ctx context.Context, tx *db.Tx, by access.Actor, a Account, agent string) (Session, error) {
	if a.VerifiedAt.IsZero() || !a.VerifiedAt.Equal(tx.Now()) {
		return Session{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return enter(ctx, tx, a, by, agent, ByPassword)
}

// SignOut ends a session by its token; an unknown one is nothing.
func SignOut(ctx context.Context, tx *db.Tx, by access.Actor, token string) error {
	// Whoever holds the token may end it.
	_, err := tx.Exec(ctx, `DELETE FROM account_session WHERE token_hash = $1`, hashSecret(token))
	return err
}

// session is the session of a token as a request needs it.
type session struct {
	id, account string
	proved      time.Time
	factor      bool
}

func (s *session) fields() []any { return []any{&s.id, &s.account, db.Time(&s.proved), &s.factor} }

// ByToken finds who a request's token stands for: a session or an API key. An
// unknown, expired or revoked one, and one that waits for a second factor, is
// fault.Unauthenticated.
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
		s, err := db.One(ctx, tx, (*session).fields, `
			SELECT s.id, s.account_id, COALESCE(s.proved_at, s.created_at),
				EXISTS (SELECT 1 FROM account_factor f WHERE f.account_id = s.account_id AND f.confirmed_at IS NOT NULL)
			FROM account_session s WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.stage = ''`, hashSecret(token), tx.Now())
		if err != nil {
			return a, actor, or(ignoreNotFound(err), unknown)
		}
		if a, err = Load(ctx, tx, s.account); err != nil {
			return a, actor, err
		}
		actor = a.Actor()
		actor.SessionID, actor.ProvedAt, actor.Factor = s.id, s.proved, s.factor
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

// Sweep removes expired sessions, codes, challenges and counters, and who registered
// and never gave the codes.
func Sweep(ctx context.Context, tx *db.Tx) error {
	for _, x := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM account_session WHERE expires_at < $1`, tx.Now()},
		{`DELETE FROM account_code WHERE expires_at < $1`, tx.Now().Add(-time.Hour)},
		{`DELETE FROM account_challenge WHERE expires_at < $1`, tx.Now()},
		{`DELETE FROM account_change WHERE expires_at < $1`, tx.Now()},
		{`DELETE FROM account_attempt WHERE slot < $1`, tx.Now().Add(-24 * time.Hour)},
		{`DELETE FROM account_throttle WHERE last_at < $1`, tx.Now().Add(-7 * 24 * time.Hour)},
		{`DELETE FROM account_device WHERE last_seen < $1`, tx.Now().Add(-400 * 24 * time.Hour)},
		{`DELETE FROM account WHERE verified_at IS NULL AND created_at < $1
			AND NOT EXISTS (SELECT 1 FROM account_code c WHERE c.account_id = account.id)`, tx.Now().Add(-unproved)},
	} {
		if _, err := tx.Exec(ctx, x.statement, x.before); err != nil {
			return err
		}
	}
	return nil
}
