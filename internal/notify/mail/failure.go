package mail

import (
	"context"
	"errors"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// beforeMessage words a failure to reach the server, agree on encryption or sign
// in. The message is not at fault, so a later try may help.
func beforeMessage(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fault.New(fault.TooEarly, "notify_transport.mail_slow").Because(ctx.Err())
	}
	said := err.Error()
	var reply *textproto.Error
	switch {
	case strings.Contains(said, "AUTH"), strings.Contains(said, "authentication"), strings.Contains(said, "unencrypted connection"):
		return fault.New(fault.TooEarly, "notify_transport.mail_sign_in")
	case strings.Contains(said, "TLS"), strings.Contains(said, "tls: "), strings.Contains(said, "x509: "):
		return fault.New(fault.TooEarly, "notify_transport.mail_tls")
	case errors.As(err, &reply):
		return fault.New(fault.TooEarly, "notify_transport.mail_greeting", code(reply.Code, ""))
	}
	return fault.New(fault.TooEarly, "notify_transport.mail_unreachable")
}

// ofMessage words what the server answered to the message. The answer itself is
// left out: servers repeat the address in it.
func ofMessage(ctx context.Context, err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		if ctx.Err() != nil {
			return fault.New(fault.TooEarly, "notify_transport.mail_slow").Because(ctx.Err())
		}
		return fault.New(fault.TooEarly, "notify_transport.mail_broken_off")
	}
	said := code(refused.ErrorCode(), refused.EnhancedStatusCode())
	switch {
	case refused.ErrorCode() == 530: // sign in or encrypt first: our configuration, not the message
		return fault.New(fault.TooEarly, "notify_transport.mail_sign_in")
	case refused.ErrorCode() >= 500 && refused.Reason == gomail.ErrSMTPRcptTo:
		return fault.New(fault.Invalid, "notify_transport.mail_no_mailbox", said)
	case refused.ErrorCode() >= 500:
		return fault.New(fault.Invalid, "notify_transport.mail_refused", said)
	}
	return fault.New(fault.TooEarly, "notify_transport.mail_later", said)
}
