// Package sms hands one short message to a service that sends it: Tencent Cloud's
// SMS by its signed API, or any other by a signed webhook. It says of a failure
// whether another try can help, in words for staff that hold no key, no phone
// number and nothing the service said. It keeps no queue: retries are the job's,
// and carry the same id.
package sms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// timeout is how long one message may take, in all.
const timeout = 10 * time.Second

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// Message is one short message to one phone.
type Message struct {
	ID       string            // ours, the same at every try; letters, digits, dot, hyphen and underscore
	To       string            // E.164, or a number of the mainland without +86
	Template string            // our name of the template
	Lang     text.Lang         // of the reader
	Params   map[string]string // what the template leaves open
	Text     string            // the whole message in the reader's language, for services without templates
	At       time.Time         // when it was written; the zero time is the time of sending
}

// Permanent reports whether no later try of the same message can succeed.
func Permanent(err error) bool { return errors.Is(err, fault.Invalid) }

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	e164     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	mainland = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
)

// check refuses what no try can send, and returns the number in E.164.
func (m Message) check() (to string, err error) {
	if !idForm.MatchString(m.ID) || m.Template == "" {
		return "", fault.New(fault.Invalid, "notify_transport.sms_incomplete")
	}
	to = strings.NewReplacer(" ", "", "-", "").Replace(m.To)
	if mainland.MatchString(to) {
		to = "+86" + to
	}
	if !e164.MatchString(to) {
		return "", fault.New(fault.Invalid, "notify_transport.sms_number")
	}
	return to, nil
}

// post sends the request and returns status and body; a failure to do so may pass.
func post(client *http.Client, r *http.Request) (status int, body []byte, err error) {
	resp, err := client.Do(r)
	if err != nil {
		return 0, nil, unreached(r.Context(), err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, nil, unreached(r.Context(), err)
	}
	return resp.StatusCode, body, nil
}

// unreached words a failure to get any answer; the error itself holds the
// address, which may hold a token, and is dropped.
func unreached(ctx context.Context, err error) error {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, errDenied):
		return fault.New(fault.TooEarly, "notify_transport.address_denied")
	case ctx.Err() != nil:
		return fault.New(fault.TooEarly, "notify_transport.sms_slow").Because(ctx.Err())
	case errors.As(err, &slow) && slow.Timeout():
		return fault.New(fault.TooEarly, "notify_transport.sms_slow")
	}
	return fault.New(fault.TooEarly, "notify_transport.sms_unreachable")
}

// stay keeps a client from following redirects: the signature is for one address.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
