package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// builds makes the binary once for a run.
var builds struct {
	once sync.Once
	path string
	took time.Duration
	err  error
}

// binary builds the program as a release is built and returns where it is.
func (b *bench) binary(ctx context.Context) (string, error) {
	builds.once.Do(func() {
		b.progress.say("  building the program")
		begun := time.Now()
		builds.path = filepath.Join(b.dir, "yunshi")
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", builds.path, "./cmd/yunshi")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		builds.err = cmd.Run()
		builds.took = time.Since(begun)
	})
	return builds.path, builds.err
}

// process is a running `yunshi serve`.
type process struct {
	cmd   *exec.Cmd
	addr  string
	log   *os.File
	ready time.Duration // from its start until /readyz said 200
}

// serve starts the program on a marketplace and waits until it is ready.
func (s store) serve(ctx context.Context, what string) (*process, error) {
	path, err := s.b.binary(ctx)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &process{addr: l.Addr().String()}
	if err := l.Close(); err != nil {
		return nil, err
	}
	args := []string{"serve", "--addr", p.addr, "--data", s.folder(what), "--log-format", "json"}
	p.cmd = exec.Command(path, args...)
	p.cmd.Env = os.Environ()
	if s.postgres {
		k, err := s.b.secrets()
		if err != nil {
			return nil, err
		}
		p.cmd.Env = append(p.cmd.Env, "YUNSHI_DATABASE="+s.address(what), "YUNSHI_KEYS="+k.Keys, "YUNSHI_SIGNING_KEY="+k.Signing)
	}
	// The log is written to a file, as by a real service: its cost belongs to the figures.
	if p.log, err = os.Create(filepath.Join(s.b.dir, "serve.log")); err != nil {
		return nil, err
	}
	p.cmd.Stderr = p.log
	begun := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, p.log.Close())
	}
	for {
		resp, err := http.Get("http://" + p.addr + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				p.ready = time.Since(begun)
				return p, nil
			}
		}
		if time.Since(begun) > 30*time.Second || ctx.Err() != nil {
			p.stop()
			said, _ := os.ReadFile(p.log.Name())
			return nil, fmt.Errorf("the program was not ready after %s: %.500s", time.Since(begun).Round(time.Second), said)
		}
		time.Sleep(time.Millisecond)
	}
}

// stop asks the process to end and waits for it.
func (p *process) stop() error {
	p.cmd.Process.Signal(syscall.SIGTERM)
	return errors.Join(p.cmd.Wait(), p.log.Close())
}

// memory is what the process holds now and held at most, in MB.
func (p *process) memory() (now, most float64) {
	read := func(pattern string) float64 {
		kb, err := strconv.ParseFloat(fact(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid), pattern), 64)
		if err != nil {
			return 0
		}
		return kb / 1024
	}
	return read(`(?m)^VmRSS:\s*(\d+)`), read(`(?m)^VmHWM:\s*(\d+)`)
}
