// Package imap reads the operator's mailbox over IMAP (rule D-6), for as long as the
// marketplace runs. It takes every mail of one folder in the order of its UIDs and
// hands it to mailbox, which keeps it and moves the mark in one transaction; in the
// mailbox itself nothing is marked, moved or deleted. Whatever fails, it tries again
// from the mark: nothing is dropped, and no mail blocks those behind it for ever. Of
// several processes one reads.
package imap

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/mailbox"
)

// Security is how the connection is encrypted.
type Security string

// The ways to encrypt.
const (
	Implicit Security = "implicit" // from the first byte, port 993
	StartTLS Security = "starttls" // agreed on before the sign-in, port 143
	Plain    Security = "none"     // not at all, for a server on the own machine
)

// Settings is which mailbox is read, and how.
type Settings struct {
	Host     string
	Port     int // 0 is 993, or 143 where encryption is not implicit
	User     string
	Password string
	Security Security     // "" is Implicit
	Folder   string       // "" is INBOX
	Since    calendar.Day // what came to the mailbox before is not read; zero is all
	TLS      *tls.Config
}

func (s Settings) usual() Settings {
	if s.Security == "" {
		s.Security = Implicit
	}
	if s.Folder == "" {
		s.Folder = "INBOX"
	}
	if s.Port == 0 {
		s.Port = 993
		if s.Security != Implicit {
			s.Port = 143
		}
	}
	return s
}

func (s Settings) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Source is the mailbox as its mark and the pages name it.
func (s Settings) Source() mailbox.Source {
	s = s.usual()
	return mailbox.Source{Account: s.User + " (" + s.address() + ")", Folder: s.Folder}
}

// pace is how long the reader waits for what.
type pace struct {
	patience time.Duration // for an answer of the server
	idle     time.Duration // until IDLE is issued anew
	settle   time.Duration // likewise, the first time: what came just before IDLE began not every server tells
	poll     time.Duration // between two looks, where the server has no IDLE
	standby  time.Duration // until a process without the turn asks for it again
	first    time.Duration // after a failure; doubled with each that follows
	most     time.Duration // of that
	lease    time.Duration // of the turn
	beat     time.Duration // between two renewals
	wait     func(ctx context.Context, d time.Duration) error
}

// usualPace renews IDLE well before the half hour after which servers hang up, and
// before the ten minutes after which routers forget a silent connection.
var usualPace = pace{patience: time.Minute, idle: 9 * time.Minute, settle: 20 * time.Second, poll: time.Minute, standby: 15 * time.Second,
	first: 5 * time.Second, most: 5 * time.Minute, lease: 90 * time.Second, beat: 30 * time.Second, wait: wait}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Reader reads one mailbox.
type Reader struct {
	settings Settings
	db       *db.DB
	box      mailbox.Box
	log      *slog.Logger
	pace     pace
	turn     mailbox.Turn
	validity uint32         // of the UIDs below
	failed   map[uint32]int // how often a mail could not be kept, by its UID
	stuck    map[uint32]int // how often a mail could not be fetched, by its UID
}

var program = access.SystemActor("mailbox")

// New makes a reader; it does nothing until Run.
func New(s Settings, d *db.DB, box mailbox.Box, log *slog.Logger) *Reader {
	s = s.usual()
	return &Reader{settings: s, db: d, box: box, log: log, pace: usualPace, failed: make(map[uint32]int), stuck: make(map[uint32]int),
		turn: mailbox.Turn{Source: s.Source(), Owner: rand.Text()}}
}

// Run reads until the context ends. It returns for no other reason: what fails is
// noted where the pages show it, and tried again.
func (r *Reader) Run(ctx context.Context) {
	pause := r.pace.first
	for ctx.Err() == nil {
		held, good, err := r.once(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && !held:
			err = r.pace.wait(ctx, r.pace.standby)
		default:
			if good {
				pause = r.pace.first
			}
			r.log.Warn("the mailbox cannot be read", "why", string(troubleOf(err)), "error", r.settings.hide(err), "again_in", pause)
			err = r.pace.wait(ctx, pause)
			pause = min(2*pause, r.pace.most)
		}
		if err != nil {
			return
		}
	}
}

// once takes the turn and reads while it can; good reports whether everything had
// been read at least once.
func (r *Reader) once(ctx context.Context) (held, good bool, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		held, err = r.turn.Take(ctx, tx, program, r.pace.lease)
		return err
	})
	if err != nil {
		return false, false, storing(err)
	}
	if !held {
		return false, false, nil
	}
	reading, stop := context.WithCancelCause(ctx)
	beats := make(chan struct{})
	go func() {
		defer close(beats)
		stop(r.beat(reading))
	}()
	err = r.read(reading, &good)
	if cause := context.Cause(reading); cause != nil && ctx.Err() == nil {
		err = cause
	}
	stop(nil)
	<-beats
	return true, good, r.leave(ctx, err)
}

// leave notes the failure and gives the turn up, also when the process ends.
func (r *Reader) leave(ctx context.Context, failed error) error {
	ending := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		if failed != nil && !ending {
			if err := r.turn.Fail(ctx, tx, troubleOf(failed), r.settings.hide(failed)); err != nil {
				return err
			}
		}
		return r.turn.Leave(ctx, tx)
	})
	if err != nil {
		r.log.Warn("the mailbox's turn is not given up and ends by itself", "error", err)
	}
	return failed
}

// beat keeps the turn until the context ends; it returns why the turn was lost.
func (r *Reader) beat(ctx context.Context) error {
	for {
		if err := r.pace.wait(ctx, r.pace.beat); err != nil {
			return nil
		}
		held := false
		err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
			held, err = r.turn.Take(ctx, tx, program, r.pace.lease)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return storing(err)
		case !held:
			return errTurn
		}
	}
}

// Try signs in and opens the folder, and changes nothing; it returns what is wrong
// as a trouble that Explain puts into words.
func (s Settings) Try(ctx context.Context) error {
	s = s.usual()
	c, err := dial(ctx, s, usualPace.patience)
	if err != nil {
		return err
	}
	defer c.close()
	if _, err := c.open(ctx, s.Folder); err != nil {
		return err
	}
	return c.step(ctx, func() error { return c.client.Logout().Wait() })
}
