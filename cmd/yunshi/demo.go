package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/market"
)

type demoCmd struct {
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080" env:"YUNSHI_ADDR"`
	Data string `help:"Folder to keep the demo in; a temporary one, removed at the end, if not given." env:"YUNSHI_DEMO_DATA"`
}

// Run makes the demo's data, unless the folder has it, prints the logins and serves.
func (d demoCmd) Run(ctx context.Context) error {
	dir := d.Data
	if dir == "" {
		tmp, err := os.MkdirTemp("", "yunshi-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = filepath.Join(tmp, "data")
	}
	c := storage{Data: dir, LogLevel: "warn"}.config()
	c.BaseURL, c.Demo = baseURL("", d.Addr), true
	m, err := market.Open(ctx, c)
	if err != nil {
		return err
	}
	return serve(ctx, m, d.Addr, nil)
}
