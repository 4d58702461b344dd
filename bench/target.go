package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"

	"github.com/yunshi-market/yunshi/internal/market"
)

// target is a server under load: the built program, or this process where a
// profile is wanted.
type target struct {
	addr   string
	stop   func() error
	memory func() (now, most float64)
}

func (s store) target(ctx context.Context, what string) (target, error) {
	if s.b.profile == "" {
		p, err := s.serve(ctx, what)
		if err != nil {
			return target{}, err
		}
		return target{p.addr, p.stop, p.memory}, nil
	}
	c, err := s.config(what)
	if err != nil {
		return target{}, err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return target{}, err
	}
	addr, stop, err := listen(m)
	if err != nil {
		return target{}, errors.Join(err, m.Close())
	}
	end, err := s.b.profiled(what + "-" + s.name())
	if err != nil {
		return target{}, errors.Join(err, stop(), m.Close())
	}
	return target{addr, func() error { return errors.Join(end(), stop(), m.Close()) }, func() (float64, float64) { return 0, 0 }}, nil
}

// listen serves a marketplace of this process on the loopback interface.
func listen(m *market.Market) (addr string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	web := &http.Server{Handler: m.Server.Handler()}
	done := make(chan error, 1)
	go func() { done <- web.Serve(l) }()
	return l.Addr().String(), func() error {
		err := web.Close()
		if e := <-done; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
		return err
	}, nil
}

// profiled writes a CPU profile until it is ended; without a folder for it, nothing.
func (b *bench) profiled(name string) (end func() error, err error) {
	if b.profile == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(b.profile, 0o700); err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(b.profile, name+".pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	return func() error { pprof.StopCPUProfile(); return f.Close() }, nil
}
