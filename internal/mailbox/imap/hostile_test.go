package imap

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	said "github.com/yunshi-market/yunshi/internal/mailbox/letter"
)

// rogue is a server that answers as the test likes: by the first words of a command.
// What it does not name goes well.
type rogue struct {
	t    *testing.T
	addr string
	uids string                                      // of the answer to a search
	say  func(w io.Writer, tag, command string) bool // true is that it was answered
}

func newRogue(t *testing.T, say func(w io.Writer, tag, command string) bool) *rogue {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r := &rogue{t: t, addr: l.Addr().String(), uids: "1 2 3", say: say}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

func (r *rogue) serve(c net.Conn) {
	defer c.Close()
	fmt.Fprint(c, "* OK [CAPABILITY IMAP4rev1 IDLE] here\r\n")
	in := bufio.NewScanner(c)
	for in.Scan() {
		tag, command, _ := strings.Cut(in.Text(), " ")
		switch {
		case r.say(c, tag, command):
			continue
		case strings.HasPrefix(command, "CAPABILITY"):
			fmt.Fprint(c, "* CAPABILITY IMAP4rev1 IDLE\r\n")
		case strings.HasPrefix(command, "EXAMINE"):
			fmt.Fprint(c, "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n")
		case strings.HasPrefix(command, "UID SEARCH"):
			fmt.Fprintf(c, "* SEARCH %s\r\n", r.uids)
		case strings.HasPrefix(command, "UID FETCH"):
			var uid, offset int
			fmt.Sscanf(command, "UID FETCH %d (UID BODY.PEEK[]<%d", &uid, &offset)
			raw := letter(uid)
			fmt.Fprintf(c, "* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n", uid, uid, len(raw), raw)
		case strings.HasPrefix(command, "IDLE"):
			fmt.Fprint(c, "+ idling\r\n")
			if !in.Scan() {
				return
			}
		}
		fmt.Fprintf(c, "%s OK done\r\n", tag)
	}
}

func (r *rogue) settings() Settings {
	p := post{t: r.t, addr: r.addr}
	return p.settings()
}

// begins answers one kind of command.
func begins(with string, answer func(w io.Writer, tag, command string)) func(io.Writer, string, string) bool {
	return func(w io.Writer, tag, command string) bool {
		if !strings.HasPrefix(command, with) {
			return false
		}
		answer(w, tag, command)
		return true
	}
}

func flood(w io.Writer, what string) {
	for {
		if _, err := io.WriteString(w, what); err != nil {
			return
		}
	}
}

// Whatever a server says, the process lives on, the mark stays where the mails are, no
// goroutine and no connection stays behind, and people are told.
func TestHostileServer(t *testing.T) {
	for name, say := range map[string]func(io.Writer, string, string) bool{
		"a line without end": begins("UID SEARCH", func(w io.Writer, _, _ string) { flood(w, "* SEARCH"+strings.Repeat(" 1", 1<<15)) }),
		"a huge literal": begins("UID FETCH", func(w io.Writer, _, _ string) {
			fmt.Fprint(w, "* 1 FETCH (UID 1 BODY[]<0> {9000000000}\r\n")
			flood(w, strings.Repeat("x", 1<<16))
		}),
		"all the UIDs there may be": begins("UID SEARCH", func(w io.Writer, tag, _ string) {
			fmt.Fprintf(w, "* ESEARCH (TAG \"%s\") UID ALL 1:4294967295\r\n%s OK done\r\n", tag, tag)
		}),
		"a UID far ahead":          begins("UID SEARCH", func(w io.Writer, tag, _ string) { fmt.Fprintf(w, "* SEARCH 4294967295\r\n%s OK done\r\n", tag) }),
		"UIDs that are no numbers": begins("UID SEARCH", func(w io.Writer, tag, _ string) { fmt.Fprintf(w, "* SEARCH 1:* NIL (\r\n%s OK\r\n", tag) }),
		"lists within lists": begins("UID FETCH", func(w io.Writer, _, _ string) {
			fmt.Fprint(w, "* 1 FETCH (BODYSTRUCTURE ")
			flood(w, strings.Repeat("(", 1<<15))
		}),
		"the mail of another UID": begins("UID FETCH", func(w io.Writer, tag, _ string) {
			fmt.Fprintf(w, "* 1 FETCH (UID 9 BODY[]<0> {3}\r\nabc)\r\n%s OK\r\n", tag)
		}),
		"less than it says": begins("UID FETCH", func(w io.Writer, tag, _ string) {
			fmt.Fprintf(w, "* 1 FETCH (UID 1 BODY[]<0> {300}\r\nabc)\r\n%s OK\r\n", tag)
		}),
		"silence at the search":     begins("UID SEARCH", func(io.Writer, string, string) {}),
		"an answer to nobody":       begins("EXAMINE", func(w io.Writer, _, _ string) { fmt.Fprint(w, "T999 OK\r\n") }),
		"a continuation of nothing": begins("EXAMINE", func(w io.Writer, _, _ string) { fmt.Fprint(w, "+ go on\r\n+ go on\r\n") }),
	} {
		t.Run(name, func(t *testing.T) {
			d := dbtest.SQLite(t)
			r := newRogue(t, say)
			before := runtime.NumGoroutine()
			w := watch(t, d, r.settings(), newFiles(t))
			w.pace.patience = 3 * time.Second
			stop := w.run(t)
			w.pause(t)
			is, list := state(t, d)
			if is.Trouble == "" || is.Trouble == mailbox.Storing || is.Next != 1 || len(list) != 0 {
				t.Errorf("%d letters, %+v", len(list), is)
			}
			stop()
			until(t, "no goroutine stays behind", func() bool { return runtime.NumGoroutine() <= before+2 })
		})
	}
}

// What a mail holds is no list: one of mere brackets is read as any other.
func TestMailOfBrackets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, nil)
		p.put(append(letter(0), bytes.Repeat([]byte(strings.Repeat("(", 70)+"\r\n"), 3*chunk/72)...))
		w := watch(t, d, p.settings(), newFiles(t))
		w.run(t)
		read(t, d, 1)
		if r, _ := state(t, d); r.Letters != 1 || p.dialled.Load() != 1 {
			t.Errorf("%+v", r)
		}
	})
}

// UIDs come in any order and twice; they are read in theirs, once.
func TestListsInDisorder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRogue(t, func(w io.Writer, tag, command string) bool {
			if strings.HasPrefix(command, "UID SEARCH UID 1:*") {
				fmt.Fprintf(w, "* SEARCH 3 1 3\r\n* SEARCH 2 1\r\n%s OK\r\n", tag)
				return true
			}
			return false
		})
		w := watch(t, d, r.settings(), newFiles(t))
		w.pace.idle, w.pace.settle = time.Hour, time.Hour
		w.run(t)
		read(t, d, 3)
		is, list := state(t, d)
		if is.Next != 4 || is.Letters != 3 || list[2].Content.Subject != "deposit 1" || list[0].Content.Subject != "deposit 3" {
			t.Errorf("%+v", is)
		}
	})
}

// A mail that the server refuses to hand out, or has without content, does not keep
// back those behind it; what is kept tells which one it is. While the server hands out
// nothing at all, no mail is given up.
func TestMailThatIsRefused(t *testing.T) { notHandedOut(t, "NO [SERVERBUG] cannot read it") }

func TestMailThatIsLeftOut(t *testing.T) { notHandedOut(t, "OK done") }

func notHandedOut(t *testing.T, answer string) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var one atomic.Bool // only one mail is kept back
		r := newRogue(t, func(w io.Writer, tag, command string) bool {
			if !strings.HasPrefix(command, "UID FETCH") || one.Load() && !strings.HasPrefix(command, "UID FETCH 2 ") {
				return false
			}
			fmt.Fprintf(w, "%s %s\r\n", tag, answer)
			return true
		})
		w := watch(t, d, r.settings(), newFiles(t))
		w.pace.idle, w.pace.settle = time.Hour, time.Hour
		w.run(t)
		for range 3 * tries {
			w.pause(t)
			if is, list := state(t, d); len(list) != 0 || is.Next != 1 || is.FailedAt.IsZero() {
				t.Fatalf("all of it is refused: %d letters, %+v", len(list), is)
			}
			w.end <- struct{}{}
		}
		w.pause(t)
		one.Store(true)
		w.end <- struct{}{}
		go func() { // its pauses pass by
			for {
				select {
				case <-w.pauses:
				case <-t.Context().Done():
					return
				}
				select {
				case w.end <- struct{}{}:
				case <-t.Context().Done():
					return
				}
			}
		}()
		read(t, d, 3)
		_, list := state(t, d)
		if l := list[1]; l.Status != mailbox.Unreadable || len(l.Content.Problems) != 1 || l.Content.Problems[0] != said.NotHanded || list[2].Status != mailbox.Waiting || list[0].Status != mailbox.Waiting {
			t.Errorf("the letters are %s, %s %v and %s", list[2].Status, l.Status, l.Content.Problems, list[0].Status)
		}
	})
}

// From a day on: what came before is not asked for.
func TestSinceADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		asked := make(chan string, 10)
		r := newRogue(t, func(_ io.Writer, _, command string) bool {
			if strings.HasPrefix(command, "UID SEARCH") {
				asked <- command
			}
			return false
		})
		s := r.settings()
		s.Since, _ = calendar.Parse("2026-11-02")
		w := watch(t, d, s, newFiles(t))
		w.run(t)
		read(t, d, 3)
		if got := <-asked; !strings.Contains(got, `SINCE "2-Nov-2026"`) && !strings.Contains(got, `SINCE 2-Nov-2026`) && !strings.Contains(got, `SINCE "02-Nov-2026"`) {
			t.Errorf("it asks %s", got)
		}
	})
}
