package imap

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/yunshi-market/yunshi/internal/mailbox"
)

// Limits of what one step takes.
const (
	chunk  = 1 << 20 // bytes of a mail that are asked for at once
	budget = 8 << 20 // bytes that a server may send meanwhile
	listed = 1 << 20 // UIDs that are taken from one list
	deep   = 8 << 10 // lists within lists: the library goes down into each, and a program whose stack is full ends
	ahead  = 1 << 20 // how far a UID may be above the one the server said comes next
)

// meter is a connection on which a server can send only so much for each step.
type meter struct {
	net.Conn
	left atomic.Int64
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.Conn.Read(b)
	if m.left.Add(-int64(n)) < 0 {
		return 0, errFlood
	}
	return n, err
}

// nest counts how deep the lists are that come and go; the bytes of a mail do not count.
type nest struct {
	mu   sync.Mutex
	open int   // guarded by mu
	mail int64 // bytes of a mail that are to come; guarded by mu
}

// Write is told of what comes and goes, beneath the encryption.
func (n *nest) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	of := min(n.mail, int64(len(b)))
	n.mail -= of
	for _, c := range b[of:] {
		switch c {
		case '(':
			n.open++
		case ')':
			n.open = max(0, n.open-1)
		}
	}
	if n.open > deep {
		return 0, errDeep
	}
	return len(b), nil
}

// begin begins to count anew, behind so many bytes of a mail.
func (n *nest) begin(mail int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open, n.mail = 0, mail
}

// conn is a session with the server. Every step has its time, after which the
// connection is closed.
type conn struct {
	raw      *meter
	nest     nest
	client   *imapclient.Client
	patience time.Duration
	news     chan struct{} // that there may be a mail
	idles    bool
	since    time.Time  // mails that came to the mailbox on an earlier day are not listed; zero is all
	upcoming goimap.UID // of the next mail to come, as it was when the folder was opened; 0 is unknown
}

// dial connects and signs in.
func dial(ctx context.Context, s Settings, patience time.Duration) (*conn, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(limited, "tcp", s.address())
	if err != nil {
		return nil, &trouble{mailbox.Unreachable, err}
	}
	c := &conn{raw: &meter{Conn: raw}, patience: patience, news: make(chan struct{}, 1)}
	if !s.Since.IsZero() {
		c.since = s.Since.Time(time.UTC)
	}
	if err := c.begin(ctx, s); err != nil {
		raw.Close()
		return nil, err
	}
	if err := c.signIn(ctx, s); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// begin agrees on encryption and waits for the greeting.
func (c *conn) begin(ctx context.Context, s Settings) error {
	options := &imapclient.Options{DebugWriter: &c.nest, UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: c.changed}}
	secret := s.TLS.Clone()
	if secret == nil {
		secret = &tls.Config{}
	}
	if secret.ServerName == "" {
		secret.ServerName = s.Host
	}
	err := c.step(ctx, func() (err error) {
		switch s.Security {
		case Plain:
			c.client = imapclient.New(c.raw, options)
		case StartTLS:
			options.TLSConfig = secret
			if c.client, err = imapclient.NewStartTLS(c.raw, options); err != nil {
				c.client = nil
			}
		default:
			secure := tls.Client(c.raw, secret)
			if err = secure.HandshakeContext(ctx); err == nil {
				c.client = imapclient.New(secure, options)
			}
		}
		return err
	})
	if err != nil {
		if s.Security == Plain || errors.Is(err, errSilent) || ctx.Err() != nil {
			return err
		}
		return &trouble{mailbox.NoTLS, err}
	}
	return c.step(ctx, func() error { return c.client.WaitGreeting() })
}

// signIn signs in and learns what the server can do. Some mail providers let nobody
// open a folder who has not said what program this is.
func (c *conn) signIn(ctx context.Context, s Settings) error {
	err := c.step(ctx, func() error { return c.client.Login(s.User, s.Password).Wait() })
	var refused *goimap.Error
	if errors.As(err, &refused) && refused.Code != goimap.ResponseCodeUnavailable {
		return &trouble{mailbox.NoSignIn, errors.New("the sign-in is refused")}
	}
	if err != nil {
		return err
	}
	var caps goimap.CapSet
	err = c.step(ctx, func() (err error) {
		caps, err = c.client.Capability().Wait()
		return err
	})
	if err != nil {
		return err
	}
	c.idles = caps.Has(goimap.CapIdle)
	if !caps.Has(goimap.CapID) {
		return nil
	}
	err = c.step(ctx, func() error {
		_, err := c.client.ID(&goimap.IDData{Name: "Yunshi"}).Wait()
		return err
	})
	if errors.As(err, &refused) {
		return nil // it is a courtesy
	}
	return err
}

// open looks into a folder without a way to change it.
func (c *conn) open(ctx context.Context, folder string) (validity uint32, err error) {
	err = c.step(ctx, func() error {
		data, err := c.client.Select(folder, &goimap.SelectOptions{ReadOnly: true}).Wait()
		if err == nil {
			validity, c.upcoming = data.UIDValidity, data.UIDNext
		}
		return err
	})
	var refused *goimap.Error
	if errors.As(err, &refused) {
		return 0, &trouble{mailbox.NoFolder, err}
	}
	return validity, err
}

// step runs a command; when it takes too long, or the context ends, the connection
// is closed, which ends the command.
func (c *conn) step(ctx context.Context, do func() error) error {
	c.raw.left.Store(budget)
	c.nest.begin(0)
	limited, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	stop := context.AfterFunc(limited, func() { c.raw.Close() })
	err := do()
	if stop() {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errSilent
}

func (c *conn) close() {
	c.raw.Close()
	c.client.Close() // says that the connection is closed
}

// changed is told by the server what becomes of the folder.
func (c *conn) changed(data *imapclient.UnilateralDataMailbox) {
	if data.NumMessages != nil {
		c.tell()
	}
}

func (c *conn) tell() {
	select {
	case c.news <- struct{}{}:
	default: // is told already
	}
}

// from lists the UIDs from one on, in their order.
func (c *conn) from(ctx context.Context, next int64) (list []goimap.UID, err error) {
	select {
	case <-c.news: // what it tells of is in this list
	default:
	}
	if next > math.MaxUint32 {
		return nil, nil
	}
	list, err = c.search(ctx, goimap.UID(next), 0)
	return list, err
}

// search lists the UIDs from one to another, in their order; last 0 is without end.
func (c *conn) search(ctx context.Context, first, last goimap.UID) (list []goimap.UID, err error) {
	var set goimap.UIDSet
	set.AddRange(first, last)
	err = c.step(ctx, func() error {
		found, err := c.client.UIDSearch(&goimap.SearchCriteria{UID: []goimap.UIDSet{set}, Since: c.since}, nil).Wait()
		if err != nil {
			return err
		}
		ranges, _ := found.All.(goimap.UIDSet)
		for _, x := range ranges { // a few bytes can name all the UIDs there may be
			if x.Start == 0 || x.Stop < x.Start || int64(x.Stop-x.Start) >= int64(listed-len(list)) {
				return &trouble{mailbox.Strange, errors.New("too many mails are listed")}
			}
			for u := int64(x.Start); u <= int64(x.Stop); u++ {
				list = append(list, goimap.UID(u))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(list)
	// n:* holds the last mail also where its UID is lower.
	list = slices.DeleteFunc(slices.Compact(list), func(u goimap.UID) bool { return u < first || last != 0 && u > last })
	if n := len(list); n > 0 && c.upcoming != 0 && uint64(list[n-1]) > uint64(c.upcoming)+ahead {
		// Behind such a mark every other mail would be lost.
		return nil, &trouble{mailbox.Strange, fmt.Errorf("UID %d is listed where %d was to come next", list[n-1], c.upcoming)}
	}
	return list, nil
}

// another reports whether the nth mail behind the one, of the whole folder in a circle,
// can be fetched: then it is the one that fails, and not the server.
func (c *conn) another(ctx context.Context, uid goimap.UID, nth int) (bool, error) {
	list, err := c.search(ctx, 1, 0)
	if err != nil || len(list) == 0 {
		return false, err
	}
	i, _ := slices.BinarySearch(list, uid)
	other := list[(i+nth)%len(list)]
	if other == uid {
		return false, nil
	}
	part, err := c.part(ctx, other, 0)
	return len(part) > 0, err
}

// fetch reads a mail by parts, so that a long one on a slow line has its time, and
// no further than to the limit: cut tells that there is more. Only a mail that is gone
// has no bytes; one that is listed and not handed out is errKept.
func (c *conn) fetch(ctx context.Context, uid goimap.UID, limit int64) (raw []byte, cut bool, err error) {
	for {
		part, err := c.part(ctx, uid, int64(len(raw)))
		if err != nil {
			return nil, false, err
		}
		raw = append(raw, part...)
		if int64(len(raw)) > limit {
			return raw[:limit], true, nil
		}
		if len(part) == chunk {
			continue
		}
		if len(raw) == 0 {
			list, err := c.search(ctx, uid, uid)
			if err != nil {
				return nil, false, err
			}
			if len(list) > 0 {
				return nil, false, errKept
			}
		}
		return raw, false, nil
	}
}

func (c *conn) part(ctx context.Context, uid goimap.UID, offset int64) (part []byte, err error) {
	options := &goimap.FetchOptions{UID: true, BodySection: []*goimap.FetchItemBodySection{{Peek: true, Partial: &goimap.SectionPartial{Offset: offset, Size: chunk}}}}
	err = c.step(ctx, func() error {
		cmd := c.client.Fetch(goimap.UIDSetNum(uid), options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			for item := msg.Next(); item != nil; item = msg.Next() {
				if is, ok := item.(imapclient.FetchItemDataUID); ok && is.UID != uid {
					return c.confused("the mail of another UID is sent")
				}
				body, ok := item.(imapclient.FetchItemDataBodySection)
				if !ok || body.Literal == nil || part != nil {
					continue
				}
				if at := body.Section.Partial; offset > 0 && (at == nil || at.Offset != offset) {
					return c.confused("another part of the mail is sent")
				}
				c.nest.begin(body.Literal.Size())
				var b bytes.Buffer
				n, err := io.Copy(&b, io.LimitReader(body.Literal, chunk))
				if err == nil && n < min(chunk, body.Literal.Size()) {
					err = io.ErrUnexpectedEOF
				}
				if err != nil {
					c.raw.Close() // the library reads on by itself and finds the end
					return err
				}
				part = b.Bytes()
			}
		}
		return cmd.Close()
	})
	return part, err
}

// confused ends the connection, in the middle of an answer that cannot be believed.
func (c *conn) confused(what string) error {
	c.raw.Close() // the library reads on by itself and finds the end
	return &trouble{mailbox.Strange, errors.New(what)}
}

// await returns when there may be a new mail: the server says so, or it is time to
// look. fresh tells that mails have come since the last time.
func (c *conn) await(ctx context.Context, p pace, fresh bool) error {
	if !c.idles {
		if err := p.wait(ctx, p.poll); err != nil {
			return err
		}
		return c.step(ctx, func() error { return c.client.Noop().Wait() })
	}
	var idle *imapclient.IdleCommand
	err := c.step(ctx, func() (err error) {
		idle, err = c.client.Idle()
		return err
	})
	var refused *goimap.Error
	if errors.As(err, &refused) {
		c.idles = false
		return nil
	}
	if err != nil {
		return err
	}
	long := p.idle
	if fresh {
		long = p.settle
	}
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-c.news:
	case <-t.C:
	case <-c.client.Closed():
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.step(ctx, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}
