package mailbox

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Source is a folder of a mailbox that is read over IMAP.
type Source struct {
	Account string // user and server, as people name it
	Folder  string
}

// Trouble is why a mailbox cannot be read.
type Trouble string

// The troubles.
const (
	Unreachable Trouble = "unreachable" // nobody answers at the address
	NoTLS       Trouble = "no_tls"      // no encryption could be agreed on
	NoSignIn    Trouble = "no_sign_in"  // user or password is refused
	NoFolder    Trouble = "no_folder"   // there is no such folder
	Silent      Trouble = "silent"      // the server does not answer in time
	CutOff      Trouble = "cut_off"     // the connection ended
	Storing     Trouble = "storing"     // our own database or file store did not take the mail
	Strange     Trouble = "strange"     // the server says what nobody understands
)

// Troubles lists the troubles.
func Troubles() []Trouble {
	return []Trouble{Unreachable, NoTLS, NoSignIn, NoFolder, Silent, CutOff, Storing, Strange}
}

// Label is the trouble's sentence in the catalogue.
func (t Trouble) Label() text.Key { return text.Key("mailbox.trouble_" + string(t)) }

// Reading is how far a source is read.
type Reading struct {
	Source
	Next     int64     // UID from which on mails are not kept yet
	Letters  int64     // mails read so far, those read again included
	Owner    string    // the process that reads; "" is none
	Until    time.Time // to which the owner reads
	ReadAt   time.Time // when everything there was had been read; zero is never
	FailedAt time.Time // since when it cannot be read; zero is that it can
	Trouble  Trouble   // of FailedAt
	Detail   string    // what the system said; never a password
}

// lateAfter is how long a mailbox may go unread before people are warned.
const lateAfter = time.Hour

// Late reports whether the source has not been read for so long that somebody
// should see to it.
func (r Reading) Late(now time.Time) bool {
	since := r.ReadAt
	if since.IsZero() {
		since = r.FailedAt
	}
	return !since.IsZero() && now.Sub(since) > lateAfter
}

const readingColumns = `account, folder, uid_next, letters, owner, lease_until, read_at, failed_at, trouble, detail`

func (r *Reading) fields() []any {
	return []any{&r.Account, &r.Folder, &r.Next, &r.Letters, &r.Owner, db.Time(&r.Until), db.Time(&r.ReadAt), db.Time(&r.FailedAt), &r.Trouble, &r.Detail}
}

// Readings lists the sources that are or were read, for staff that see mail; the one
// read last comes first.
func Readings(ctx context.Context, tx *db.Tx, by access.Actor) ([]Reading, error) {
	if err := by.Require(access.SeeMail); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Reading).fields, `SELECT `+readingColumns+` FROM mail_reading ORDER BY COALESCE(read_at, failed_at) DESC, account, folder`)
}

// Turn is a process's right to read a source, until its lease ends.
type Turn struct {
	Source
	Owner string // of the process, unlike any other's
}

// Take gives the process the turn for a while where nobody else has it, and renews
// its own; it is false while another process reads. A lease that ends much later than
// any could is of a process whose clock was ahead, and holds nobody off.
func (t Turn) Take(ctx context.Context, tx *db.Tx, by access.Actor, lease time.Duration) (bool, error) {
	if err := by.Require(access.HandleMail); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO mail_reading (account, folder) VALUES ($1, $2) ON CONFLICT (account, folder) DO NOTHING`, t.Account, t.Folder); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE mail_reading SET owner = $1, lease_until = $2 WHERE account = $3 AND folder = $4 AND (owner = '' OR owner = $1 OR lease_until < $5 OR lease_until > $6)`,
		t.Owner, tx.Now().Add(lease), t.Account, t.Folder, tx.Now(), tx.Now().Add(10*lease))
	return n == 1, err
}

// Leave gives the turn up, for another process to take.
func (t Turn) Leave(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE mail_reading SET owner = '', lease_until = NULL WHERE owner = $1 AND account = $2 AND folder = $3`, t.Owner, t.Account, t.Folder)
	return err
}

// Resume is the UID to go on from. Where the server has numbered its mails anew,
// everything is read again: what is kept already stays single. So it is where the
// UID that the server gives next is below the mark, as after a restored backup; 0 is
// that it does not tell.
func (t Turn) Resume(ctx context.Context, tx *db.Tx, validity, upcoming uint32) (next int64, err error) {
	_, err = tx.Exec(ctx, `UPDATE mail_reading SET uid_validity = $1, uid_next = 1, starts = 0 WHERE owner = $2 AND account = $3 AND folder = $4 AND (uid_validity <> $1 OR $5 > 0 AND uid_next > $5)`,
		int64(validity), t.Owner, t.Account, t.Folder, int64(upcoming))
	if err != nil {
		return 0, err
	}
	r, err := db.One(ctx, tx, (*Reading).fields, `SELECT `+readingColumns+` FROM mail_reading WHERE owner = $1 AND account = $2 AND folder = $3`, t.Owner, t.Account, t.Folder)
	if fault.Is(err, fault.NotFound) {
		return 0, fault.New(fault.Conflict, "mailbox.turn_lost")
	}
	return r.Next, err
}

// Begin notes that the next mail is begun and tells how often it was: a mail that
// ends the process each time is begun again and again.
func (t Turn) Begin(ctx context.Context, tx *db.Tx) (times int64, err error) {
	if err := t.move(ctx, tx, `UPDATE mail_reading SET starts = starts + 1 WHERE owner = $1 AND account = $2 AND folder = $3`); err != nil {
		return 0, err
	}
	return db.One(ctx, tx, db.Value[int64], `SELECT starts FROM mail_reading WHERE account = $1 AND folder = $2`, t.Account, t.Folder)
}

// Undo notes that a begun mail was given back and did no harm.
func (t Turn) Undo(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE mail_reading SET starts = 0 WHERE owner = $1 AND account = $2 AND folder = $3`, t.Owner, t.Account, t.Folder)
	return err
}

// Keep keeps a mail and moves the mark behind it, both or neither.
func (t Turn) Keep(ctx context.Context, tx *db.Tx, by access.Actor, uid uint32, in Received) (Letter, error) {
	l, _, err := Keep(ctx, tx, by, in)
	if err != nil {
		return Letter{}, err
	}
	return l, t.move(ctx, tx, `UPDATE mail_reading SET uid_next = $4, starts = 0, letters = letters + 1 WHERE owner = $1 AND account = $2 AND folder = $3`, int64(uid)+1)
}

// Skip moves the mark behind a mail that somebody deleted in the mailbox before it
// could be read.
func (t Turn) Skip(ctx context.Context, tx *db.Tx, uid uint32) error {
	return t.move(ctx, tx, `UPDATE mail_reading SET uid_next = $4, starts = 0 WHERE owner = $1 AND account = $2 AND folder = $3`, int64(uid)+1)
}

// Through notes that everything there is has been read.
func (t Turn) Through(ctx context.Context, tx *db.Tx) error {
	return t.move(ctx, tx, `UPDATE mail_reading SET read_at = $4, failed_at = NULL, trouble = '', detail = '' WHERE owner = $1 AND account = $2 AND folder = $3`, tx.Now())
}

// Fail notes that the source cannot be read; since when stays from the first time.
func (t Turn) Fail(ctx context.Context, tx *db.Tx, why Trouble, detail string) error {
	_, err := tx.Exec(ctx, `UPDATE mail_reading SET failed_at = COALESCE(failed_at, $1), trouble = $2, detail = $3 WHERE owner = $4 AND account = $5 AND folder = $6`,
		tx.Now(), string(why), clip(detail, 300), t.Owner, t.Account, t.Folder)
	return err
}

// move changes the row while the turn is the process's own; the turn that another
// has taken meanwhile is fault.Conflict.
func (t Turn) move(ctx context.Context, tx *db.Tx, query string, more ...any) error {
	n, err := tx.Exec(ctx, query, append([]any{t.Owner, t.Account, t.Folder}, more...)...)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "mailbox.turn_lost")
	}
	return err
}
