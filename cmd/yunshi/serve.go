package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
)

type serveCmd struct {
	storage
	post
	inbox
	provider
	tracing
	Addr       string `help:"Address to listen on." default:"127.0.0.1:8080" env:"YUNSHI_ADDR"`
	URL        string `name:"url" help:"The marketplace as browsers see it, as https://market.example.com; http://ADDR if not given." env:"YUNSHI_URL"`
	Workers    int    `help:"Jobs run at once by this process." default:"4" env:"YUNSHI_WORKERS"`
	TrustProxy bool   `help:"Take the client's address from X-Forwarded-For." env:"YUNSHI_TRUST_PROXY"`
}

// Run serves until it is told to stop.
func (s serveCmd) Run(ctx context.Context) error {
	c := s.config()
	c.BaseURL, c.Workers, c.TrustProxy = baseURL(s.URL, s.Addr), s.Workers, s.TrustProxy
	if err := s.transports(&c); err != nil {
		return err
	}
	if err := s.collect(&c, s.MailFrom); err != nil {
		return err
	}
	if err := s.provide(&c); err != nil {
		return err
	}
	stop, err := s.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	m, err := market.Open(ctx, c)
	if err != nil {
		return err
	}
	return serve(ctx, m, s.Addr, func() { s.hint(ctx, m) })
}

// hint says how to make the first administrator while there is none.
func (s serveCmd) hint(ctx context.Context, m *market.Market) {
	var staff []account.Account
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		staff, err = account.Staff(ctx, tx, access.CommandActor("serve"))
		return err
	})
	if err == nil && len(staff) == 0 {
		where := "--data " + s.Data
		if s.Database != "" {
			where = "--database …"
		}
		fmt.Fprintf(os.Stderr, "There is no staff yet. Make the first administrator, with the password on standard input:\n"+
			"  yunshi admin add %s --email you@example.com --name 'Your Name' --role administrator\n", where)
	}
	if s.SMTPHost == "" {
		fmt.Fprintln(os.Stderr, "No mail server is set (--smtp-host): codes and notices wait as failed messages.")
	}
}

func baseURL(url, addr string) string {
	if url != "" {
		return url
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// serve listens, runs jobs, and on the context's end finishes what has begun:
// requests first, then jobs.
func serve(ctx context.Context, m *market.Market, addr string, ready func()) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return errors.Join(err, m.Close())
	}
	web := &http.Server{Handler: m.Server.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute,
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	jobs := make(chan struct{})
	running, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	defer stopJobs()
	go func() {
		defer close(jobs)
		m.Runner.Run(running)
	}()
	letters := make(chan struct{})
	go func() {
		defer close(letters)
		if m.Inbox != nil {
			m.Inbox.Run(running)
		}
	}()
	served := make(chan error, 1)
	go func() { served <- web.Serve(l) }()
	fmt.Fprintf(os.Stderr, "Yunshi is at %s\n", m.Config.BaseURL)
	if ready != nil {
		ready()
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = web.Shutdown(patience)
	}
	stopJobs()
	<-jobs
	<-letters
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, m.Close())
}
