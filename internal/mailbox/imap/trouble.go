package imap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/yunshi-market/yunshi/internal/mailbox"
)

// trouble is a failure with what it means for people.
type trouble struct {
	why mailbox.Trouble
	err error
}

func (t *trouble) Error() string { return fmt.Sprintf("%s: %v", t.why, t.err) }

func (t *trouble) Unwrap() error { return t.err }

var (
	errSilent = errors.New("no answer in time")
	errFlood  = errors.New("more data than was asked for")
	errDeep   = errors.New("lists within lists without end")
	errKept   = &trouble{mailbox.Strange, errors.New("a mail is listed and not handed out")}
	errTurn   = &trouble{mailbox.Storing, errors.New("another process reads now")}
)

func storing(err error) error { return &trouble{mailbox.Storing, err} }

// troubleOf is what a failure means.
func troubleOf(err error) mailbox.Trouble {
	var named *trouble
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	var verify *tls.CertificateVerificationError
	var network *net.OpError
	switch {
	case errors.As(err, &named):
		return named.why
	case errors.As(err, &record), errors.As(err, &alert), errors.As(err, &unknown), errors.As(err, &verify):
		return mailbox.NoTLS
	case errors.Is(err, errSilent), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return mailbox.Silent
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &network):
		return mailbox.CutOff
	}
	// The library words what breaks a connection in the middle of an answer anew.
	for _, cut := range []string{"EOF", "connection reset", "closed", "broken pipe"} {
		if strings.Contains(err.Error(), cut) {
			return mailbox.CutOff
		}
	}
	return mailbox.Strange
}

// Explain is what a failure of Try means, and what the system said without the
// password.
func (s Settings) Explain(err error) (mailbox.Trouble, error) {
	if said := s.hide(err); said != "" {
		return troubleOf(err), errors.New(said)
	}
	return troubleOf(err), nil
}

// hide is what the system said without the password. What a server says to a refused
// sign-in is left out whole: it may repeat what it was given.
func (s Settings) hide(err error) string {
	if err == nil || troubleOf(err) == mailbox.NoSignIn {
		return ""
	}
	said := err.Error()
	var named *trouble
	if errors.As(err, &named) {
		said = named.err.Error()
	}
	if s.Password == "" {
		return said
	}
	for _, form := range []string{base64.StdEncoding.EncodeToString([]byte("\x00" + s.User + "\x00" + s.Password)), base64.StdEncoding.EncodeToString([]byte(s.Password)), s.Password} {
		said = strings.ReplaceAll(said, form, "…")
	}
	return said
}
