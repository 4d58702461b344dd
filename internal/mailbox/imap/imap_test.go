package imap

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	said "github.com/yunshi-market/yunshi/internal/mailbox/letter"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// What is there is read, in order, and what comes later when the server tells of it.
// The mailbox stays as it was. Rule D-6.
func TestReadsWhatIsThereAndWhatComes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		for n := range 3 {
			p.put(letter(n))
		}
		p.put([]byte("Subject: no sender\r\n\r\n\x00\xff"))
		w := watch(t, d, p.settings(), newFiles(t))
		w.pace.idle, w.pace.settle = time.Hour, time.Hour // only the server's word ends it
		w.run(t)
		read(t, d, 4)
		r, list := state(t, d)
		if r.Next != 5 || r.Letters != 4 || r.Owner == "" || r.Account != user+" ("+p.addr+")" || r.Folder != folder {
			t.Errorf("the reading is %+v", r)
		}
		for i, l := range list {
			if l.Way != mailbox.ByIMAP || l.KeptBy != "mailbox" || i > 0 && list[i-1].ID < l.ID {
				t.Errorf("letter %d: way %s, kept by %s", i, l.Way, l.KeptBy)
			}
		}
		for n := range 3 {
			p.put(letter(10 + n))
			read(t, d, 5+n)
		}
		if n := p.dialled.Load(); n != 1 {
			t.Errorf("it connected %d times", n)
		}
		if got := seen(t, p); got != 0 {
			t.Errorf("%d mails are marked as read in the mailbox", got)
		}
	})
}

// seen counts the mails that the server holds for read.
func seen(t *testing.T, p *post) uint32 {
	t.Helper()
	s := p.settings()
	c, err := dial(t.Context(), s, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := c.open(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	found, err := c.client.Search(&seenCriteria, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return uint32(len(found.AllSeqNums()))
}

// A server that cannot tell of new mail is asked each minute.
func TestPollsWithoutIdle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.noIdle.Store(true)
		p.put(letter(1))
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		for n := 1; n < 4; n++ {
			if got := w.pause(t); got != time.Minute {
				t.Errorf("it waits %s, want a minute", got)
			}
			read(t, d, n)
			p.put(letter(1 + n))
			w.end <- struct{}{}
		}
		w.pause(t)
		read(t, d, 4)
	})
}

// Cut off anywhere, it goes on from the mark: each mail once. Rule D-6.
func TestGoesOnAfterACut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		for n := range 5 {
			p.put(letter(n))
		}
		files := newFiles(t)
		w := watch(t, d, p.settings(), files)
		var seen []int64
		for _, bytes := range []int64{0, 10, 400, 900, 3000, 700, 2500} {
			p.left.Store(bytes)
			stop := w.run(t)
			w.pause(t)
			stop()
			r, list := state(t, d)
			if int(r.Letters) != len(list) || r.Next != r.Letters+1 || r.FailedAt.IsZero() || r.Trouble != mailbox.CutOff && r.Trouble != mailbox.Unreachable {
				t.Errorf("after %d bytes: %d letters, %+v", bytes, len(list), r)
			}
			seen = append(seen, r.Letters)
			w = watch(t, d, p.settings(), files)
		}
		if last := seen[len(seen)-1]; last == 0 || last == 5 {
			t.Errorf("the cuts were not in the middle: %v", seen)
		}
		p.left.Store(-1)
		w.run(t)
		read(t, d, 5)
		if r, _ := state(t, d); r.Letters != 5 {
			t.Errorf("%d mails were read, want each of 5 once", r.Letters)
		}
	})
}

// Where the server numbers anew everything is read again, and every letter is there once.
func TestReadsAgainWhenNumbersChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		for n := range 3 {
			p.put(letter(n))
		}
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		read(t, d, 3)
		p.away.Store(true)
		p.cut()
		w.pause(t)
		p.renew()
		for n := range 4 {
			p.put(letter(3 - n)) // three known ones behind a new one
		}
		p.away.Store(false)
		w.end <- struct{}{}
		read(t, d, 4)
		if r, _ := state(t, d); r.Letters != 7 || r.Next != 5 {
			t.Errorf("the reading is %+v, want 7 mails read and the mark behind the fourth", r)
		}
	})
}

// Away for an hour: it tries ever more rarely, people are told, and nothing is lost.
func TestServerAwayForAnHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		read(t, d, 1)
		before, _ := state(t, d)
		p.away.Store(true)
		p.cut()
		var waited time.Duration
		var pauses []time.Duration
		for waited <= time.Hour {
			if waited == 0 {
				p.put(letter(1))
			}
			pause := w.pause(t)
			r, _ := state(t, d)
			if r.FailedAt.IsZero() || r.Trouble == "" || r.Owner != "" || !r.ReadAt.Equal(before.ReadAt) {
				t.Fatalf("after %s the reading is %+v", waited, r)
			}
			if late := r.Late(d.Clock().Now()); late != (waited > time.Hour) {
				t.Errorf("after %s late is %v", waited, late)
			}
			waited += pause
			pauses = append(pauses, pause)
			dbtest.Advance(d, pause)
			w.end <- struct{}{}
		}
		w.pause(t)
		want := []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 5 * time.Minute, 5 * time.Minute}
		if diff := cmp.Diff(want, pauses[:8]); diff != "" {
			t.Error(diff)
		}
		r, _ := state(t, d)
		if !r.Late(d.Clock().Now()) {
			t.Error("after more than an hour nobody is told")
		}
		p.away.Store(false)
		w.end <- struct{}{}
		read(t, d, 2)
		if r, _ := state(t, d); r.Late(d.Clock().Now()) || r.Trouble != "" {
			t.Errorf("it works again, and the reading is %+v", r)
		}
	})
}

// A server that takes the connection and says nothing is left in time.
func TestSilentServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		p.hangs.Store(true)
		w := watch(t, d, p.settings(), newFiles(t))
		w.pace.patience = 50 * time.Millisecond
		w.run(t)
		w.pause(t)
		if r, _ := state(t, d); r.Trouble != mailbox.Silent || !r.ReadAt.IsZero() {
			t.Errorf("the reading is %+v", r)
		}
		w.pace.patience = time.Minute
		p.hangs.Store(false)
		w.end <- struct{}{}
		read(t, d, 1)
	})
}

// A refused sign-in is told in words, and the password nowhere.
func TestWrongPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		s := p.settings()
		s.Password = "not-the-Password-77"
		w := watch(t, d, s, newFiles(t))
		w.run(t)
		w.pause(t)
		r, _ := state(t, d)
		if r.Trouble != mailbox.NoSignIn || r.Detail != "" {
			t.Errorf("trouble %s, detail %q", r.Trouble, r.Detail)
		}
		err := s.Try(t.Context())
		why, words := s.Explain(err)
		if why != mailbox.NoSignIn {
			t.Errorf("the check says %s", why)
		}
		for what, text := range map[string]string{"log": w.log.String(), "error": fmt.Sprint(err), "check": fmt.Sprint(words), "row": fmt.Sprint(r)} {
			if strings.Contains(text, s.Password) {
				t.Errorf("the password is in the %s: %s", what, text)
			}
		}
	})
}

// What a server repeats of the password is left out, in the forms it is sent in.
func TestPasswordIsHidden(t *testing.T) {
	t.Parallel()
	s := Settings{User: user, Password: password}
	for _, form := range []string{password, "R2VoZWltLTlmM2Mh", "AGRlcG9zaXQAR2VoZWltLTlmM2Mh"} {
		if got := s.hide(fmt.Errorf("BAD what is %s", form)); got != "BAD what is …" {
			t.Errorf("%s stays as %q", form, got)
		}
	}
}

// The configuration check names what is wrong, over each way of encryption.
func TestTry(t *testing.T) {
	t.Parallel()
	server, client := certificate(t)
	secure := newPost(t, server)
	plain := newPost(t, nil)
	with := func(p *post, change func(*Settings)) Settings {
		s := p.settings()
		s.TLS = client
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		s    Settings
		want mailbox.Trouble
	}{
		"plain":           {with(plain, func(*Settings) {}), ""},
		"starttls":        {with(secure, func(s *Settings) { s.Security = StartTLS }), ""},
		"not trusted":     {with(secure, func(s *Settings) { s.Security, s.TLS = StartTLS, nil }), mailbox.NoTLS},
		"no starttls":     {with(plain, func(s *Settings) { s.Security = StartTLS }), mailbox.NoTLS},
		"no tls":          {with(plain, func(s *Settings) { s.Security = Implicit }), mailbox.NoTLS},
		"no folder":       {with(plain, func(s *Settings) { s.Folder = "Nowhere" }), mailbox.NoFolder},
		"no such user":    {with(plain, func(s *Settings) { s.User = "nobody" }), mailbox.NoSignIn},
		"nobody is there": {with(plain, func(s *Settings) { s.Port = 1 }), mailbox.Unreachable},
	} {
		err := c.s.Try(t.Context())
		if (err == nil) != (c.want == "") || err != nil && troubleOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Of two processes one reads; the other goes on where the first stops.
func TestOneOfTwoReads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		files := newFiles(t)
		first, second := watch(t, d, p.settings(), files), watch(t, d, p.settings(), files)
		stop := first.run(t)
		read(t, d, 1)
		second.run(t)
		for range 3 {
			if got := second.pause(t); got != 15*time.Second {
				t.Errorf("the second waits %s", got)
			}
			second.end <- struct{}{}
		}
		if n := p.dialled.Load(); n != 1 {
			t.Errorf("%d connections while one process has the turn", n)
		}
		second.pause(t)
		stop()
		p.put(letter(1))
		second.end <- struct{}{}
		read(t, d, 2)
	})
}

// The turn of a process that died passes on when its lease ends, and what that
// process still writes changes nothing.
func TestTurnOfADeadProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		dead := mailbox.Turn{Source: p.settings().Source(), Owner: "dead"}
		write := func(do func(ctx context.Context, tx *db.Tx) error) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return do(t.Context(), tx) })
		}
		if err := write(func(ctx context.Context, tx *db.Tx) error {
			_, err := dead.Take(ctx, tx, program, usualPace.lease)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		w.pause(t)
		dbtest.Advance(d, usualPace.lease+time.Second)
		w.end <- struct{}{}
		read(t, d, 1)
		if err := write(func(ctx context.Context, tx *db.Tx) error { return dead.Skip(ctx, tx, 99) }); err == nil {
			t.Error("a process without the turn moved the mark")
		}
		if r, _ := state(t, d); r.Next != 2 {
			t.Errorf("the mark is %d", r.Next)
		}
	})
}

// After the clock was set back a dead process's turn does not last until it has caught
// up again.
func TestTurnFromAClockAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		dead := mailbox.Turn{Source: p.settings().Source(), Owner: "dead"}
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			_, err := dead.Take(t.Context(), tx, program, 24*time.Hour)
			return err
		})
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		read(t, d, 1)
	})
}

// A server that was restored from a backup gives UIDs again that were read before; what
// comes under them is read all the same.
func TestServerRestored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		files := newFiles(t)
		w := watch(t, d, p.settings(), files)
		stop := w.run(t)
		read(t, d, 1)
		stop()
		if _, err := d.SQL().ExecContext(t.Context(), `UPDATE mail_reading SET uid_next = 900`); err != nil {
			t.Fatal(err)
		}
		p.put(letter(1))
		w = watch(t, d, p.settings(), files)
		w.run(t)
		read(t, d, 2)
		if r, _ := state(t, d); r.Next != 3 {
			t.Errorf("the mark is %d", r.Next)
		}
	})
}

// While the file store takes nothing, nothing is kept and nothing is lost; a mail is
// not blamed for it.
func TestFullStore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		var isFull atomic.Bool
		isFull.Store(true)
		w := watch(t, d, p.settings(), file.New(full{newStore(t), &isFull}, dbtest.Vault()))
		w.run(t)
		for range 2 * tries {
			w.pause(t)
			if r, list := state(t, d); len(list) != 0 || r.Next != 1 || r.Trouble != mailbox.Storing {
				t.Fatalf("%d letters, %+v", len(list), r)
			}
			w.end <- struct{}{}
		}
		w.pause(t)
		isFull.Store(false)
		w.end <- struct{}{}
		read(t, d, 1)
		if _, list := state(t, d); list[0].Status != mailbox.Waiting {
			t.Errorf("the letter is %s, want as if nothing had happened", list[0].Status)
		}
	})
}

// A mail that can never be kept as what it says is kept as its bytes, and those
// behind it come after it.
func TestMailThatAlwaysFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		refuse := []string{`CREATE TRIGGER refuse BEFORE INSERT ON mail_letter WHEN NEW.status = 'ignored' BEGIN SELECT RAISE(ABORT, 'never'); END`}
		if d.Dialect() == db.Postgres {
			refuse = []string{`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.status = 'ignored' THEN RAISE 'never'; END IF; RETURN NEW; END $$`,
				`CREATE TRIGGER refuse BEFORE INSERT ON mail_letter FOR EACH ROW EXECUTE FUNCTION refuse()`}
		}
		for _, q := range refuse {
			if _, err := d.SQL().ExecContext(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		p := newPost(t, nil)
		p.put(append([]byte("Auto-Submitted: auto-replied\r\n"), letter(0)...))
		p.put(letter(1))
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		for range tries - 1 {
			w.pause(t)
			w.end <- struct{}{}
		}
		read(t, d, 2)
		_, list := state(t, d)
		if got := []mailbox.Status{list[1].Status, list[0].Status}; got[0] != mailbox.Unreadable || got[1] != mailbox.Waiting {
			t.Errorf("the letters are %v", got)
		}
	})
}

// A mail with which the process died each time is not begun for ever.
func TestMailThatKillsTheProcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(letter(0))
		p.put(letter(1))
		turn := mailbox.Turn{Source: p.settings().Source(), Owner: "dead"}
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			if _, err := turn.Take(t.Context(), tx, program, usualPace.lease); err != nil {
				return err
			}
			if _, err := turn.Resume(t.Context(), tx, 2, 0); err != nil {
				return err
			}
			for range tries {
				if _, err := turn.Begin(t.Context(), tx); err != nil {
					return err
				}
			}
			return turn.Leave(t.Context(), tx)
		})
		p.renew() // its UIDVALIDITY is now what the dead process saw
		p.put(letter(0))
		p.put(letter(1))
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		read(t, d, 2)
		_, list := state(t, d)
		if list[1].Status != mailbox.Unreadable || list[0].Status != mailbox.Waiting {
			t.Errorf("the letters are %s and %s", list[1].Status, list[0].Status)
		}
	})
}

// A mail over the limit is kept in part, by parts, and no more of it is fetched.
func TestMailOverTheLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(append(letter(0), bytes.Repeat([]byte("0123456789abcdef0123456789abcdef\r\n"), int(mailbox.Limit())/34+1)...))
		p.put(append(letter(1), bytes.Repeat([]byte("0123456789abcdef0123456789abcdef\r\n"), 3*chunk/34)...))
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		read(t, d, 2)
		_, list := state(t, d)
		for i, want := range []bool{false, true} {
			got := false
			for _, x := range list[i].Content.Problems {
				got = got || x == said.TooLarge
			}
			if got != want || list[i].Content.Subject == "" {
				t.Errorf("letter %d: too large is %v, subject %q", i, got, list[i].Content.Subject)
			}
		}
	})
}
