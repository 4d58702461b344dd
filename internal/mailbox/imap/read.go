package imap

import (
	"context"
	"fmt"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox"
)

// tries is how often a mail is tried before its bytes alone are kept.
const tries = 3

// read connects and reads until something fails or the context ends.
func (r *Reader) read(ctx context.Context, good *bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &trouble{mailbox.Strange, fmt.Errorf("panic: %v", p)}
		}
	}()
	c, err := dial(ctx, r.settings, r.pace.patience)
	if err != nil {
		return err
	}
	defer c.close()
	validity, err := c.open(ctx, r.settings.Folder)
	if err != nil {
		return err
	}
	var next int64
	err = r.write(ctx, func(tx *db.Tx) (err error) {
		next, err = r.turn.Resume(ctx, tx, validity, uint32(c.upcoming))
		return err
	})
	if err != nil {
		return err
	}
	if r.validity != validity {
		r.validity = validity
		clear(r.failed)
		clear(r.stuck)
	}
	for before := int64(0); ; before = next {
		if next, err = r.drain(ctx, c, next); err != nil {
			return err
		}
		if err := r.write(ctx, func(tx *db.Tx) error { return r.turn.Through(ctx, tx) }); err != nil {
			return err
		}
		*good = true
		if err := c.await(ctx, r.pace, next != before); err != nil {
			return err
		}
	}
}

// drain takes every mail from the mark on.
func (r *Reader) drain(ctx context.Context, c *conn, next int64) (int64, error) {
	for {
		list, err := c.from(ctx, next)
		if err != nil || len(list) == 0 {
			return next, err
		}
		for _, uid := range list {
			if err := r.one(ctx, c, uid); err != nil {
				return next, err
			}
			next = int64(uid) + 1
		}
	}
}

// one fetches a mail and keeps it.
func (r *Reader) one(ctx context.Context, c *conn, uid goimap.UID) error {
	raw, cut, err := r.fetch(ctx, c, uid)
	if err != nil || raw == nil && cut {
		return err
	}
	if len(raw) == 0 {
		return r.write(ctx, func(tx *db.Tx) error { return r.turn.Skip(ctx, tx, uint32(uid)) })
	}
	var begun int64
	err = r.write(ctx, func(tx *db.Tx) (err error) {
		begun, err = r.turn.Begin(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	err = r.keep(ctx, uint32(uid), raw, cut, begun > tries)
	if err == nil {
		return nil
	}
	// Only a process that died leaves the mail as begun.
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if undone := r.write(undo, func(tx *db.Tx) error { return r.turn.Undo(undo, tx) }); undone != nil {
		r.log.Warn("a mail that was given back stands as begun", "error", undone)
	}
	return err
}

// fetch fetches a mail. One that failed several times while another can be fetched is
// kept as a note that it is there; then raw is nil and cut true.
func (r *Reader) fetch(ctx context.Context, c *conn, uid goimap.UID) (raw []byte, cut bool, err error) {
	n, other := uint32(uid), false
	if times := r.stuck[n]; times >= tries {
		if other, err = c.another(ctx, uid, times-tries+1); err != nil {
			r.stuck[n]++ // the next time another one is asked for
			return nil, false, err
		}
	}
	raw, cut, err = c.fetch(ctx, uid, mailbox.Limit())
	if err == nil {
		delete(r.stuck, n)
		return raw, cut, nil
	}
	if r.stuck[n]++; !other || ctx.Err() != nil {
		return nil, false, err
	}
	absent := func() (mailbox.Received, error) { return r.box.Absent(ctx, r.turn.Source, r.validity, n) }
	if kept := r.store(ctx, n, absent); kept != nil {
		return nil, false, kept
	}
	delete(r.stuck, n)
	r.log.Warn("the server does not hand out a mail; a note of it is kept", "uid", n, "error", r.settings.hide(err))
	return nil, true, nil
}

// keep keeps a mail as what it is. One that failed several times while its mere bytes
// can be kept is kept as these: then the mail is at fault, not the place for it.
func (r *Reader) keep(ctx context.Context, uid uint32, raw []byte, cut, bare bool) error {
	name := fmt.Sprintf("%d.eml", uid)
	var err error
	if !bare {
		if err = r.store(ctx, uid, func() (mailbox.Received, error) { return r.box.Take(ctx, name, raw, cut) }); err == nil || ctx.Err() != nil {
			return err
		}
		if r.failed[uid]++; r.failed[uid] < tries {
			return err
		}
	}
	simple := r.store(ctx, uid, func() (mailbox.Received, error) { return r.box.Bare(ctx, name, raw) })
	if simple == nil {
		r.log.Warn("a mail is kept unread: it could not be kept as what it says", "uid", uid, "error", err)
		return nil
	}
	return simple
}

// store receives a mail and keeps it. Another process may keep the same mail at the
// same moment; then it is known at the second look.
func (r *Reader) store(ctx context.Context, uid uint32, receive func() (mailbox.Received, error)) error {
	in, err := receive()
	if err != nil {
		return storing(err)
	}
	keep := func(tx *db.Tx) error {
		_, err := r.turn.Keep(ctx, tx, program, uid, in)
		return err
	}
	err = r.write(ctx, keep)
	if fault.Is(err, fault.Conflict) {
		err = r.write(ctx, keep)
	}
	if err == nil {
		delete(r.failed, uid)
	}
	return err
}

// write is a transaction of our own; what fails in it is not the server's fault.
func (r *Reader) write(ctx context.Context, do func(tx *db.Tx) error) error {
	if err := r.db.Write(ctx, do); err != nil {
		return storing(err)
	}
	return nil
}
