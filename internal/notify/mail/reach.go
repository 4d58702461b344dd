package mail

import (
	"context"
	"net"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Reach connects to the server, signs in, and sends nothing: for a check of the
// settings. Its errors are those of Send.
func (s *Sender) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	var line net.Conn // go-mail leaves it open when the greeting fails
	client, err := s.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := s.dial(ctx, network, address)
		line = c
		return c, err
	})
	if err != nil {
		return fault.New(fault.TooEarly, "notify_transport.mail_config")
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if line != nil {
		defer line.Close()
	}
	if err != nil {
		return beforeMessage(ctx, err)
	}
	return client.CloseWithSMTPClient(conn)
}
