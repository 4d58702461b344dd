package imap

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"slices"
	"sync/atomic"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/yunshi-market/yunshi/internal/mailbox"
)

// Limits of what one step takes.
const (
	chunk  = 1 << 20  // bytes of a mail that are asked for at once
	budget = 32 << 20 // bytes that a server may send meanwhile
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

// conn is a session with the server. Every step has its time, after which the
// connection is closed.
type conn struct {
	raw      *meter
	client   *imapclient.Client
	patience time.Duration
	news     chan struct{} // that there may be a mail
	idles    bool
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
	options := &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: c.changed}}
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
			validity = data.UIDValidity
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
	var set goimap.UIDSet
	set.AddRange(goimap.UID(next), 0)
	err = c.step(ctx, func() error {
		found, err := c.client.UIDSearch(&goimap.SearchCriteria{UID: []goimap.UIDSet{set}}, nil).Wait()
		if err == nil {
			list = found.AllUIDs()
		}
		return err
	})
	slices.Sort(list)
	// n:* holds the last mail also where its UID is lower.
	return slices.DeleteFunc(list, func(u goimap.UID) bool { return int64(u) < next }), err
}

// fetch reads a mail by parts, so that a long one on a slow line has its time, and
// no further than to the limit: cut tells that there is more. A mail that is gone
// has no bytes.
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
		if len(part) < chunk {
			return raw, false, nil
		}
	}
}

func (c *conn) part(ctx context.Context, uid goimap.UID, offset int64) (part []byte, err error) {
	options := &goimap.FetchOptions{UID: true, BodySection: []*goimap.FetchItemBodySection{{Peek: true, Partial: &goimap.SectionPartial{Offset: offset, Size: chunk}}}}
	err = c.step(ctx, func() error {
		cmd := c.client.Fetch(goimap.UIDSetNum(uid), options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			for item := msg.Next(); item != nil; item = msg.Next() {
				body, ok := item.(imapclient.FetchItemDataBodySection)
				if !ok || body.Literal == nil || part != nil {
					continue
				}
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
