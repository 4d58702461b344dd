package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/archive"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/verify"
)

type backupCmd struct {
	storage
	WithKeys bool   `help:"Take the keys along, behind the passphrase YUNSHI_BACKUP_PASSPHRASE. Without it keep keys.json and signing.pem elsewhere: the backup does not open without them."`
	NoFiles  bool   `help:"Leave the files out, where their store is kept safe by other means."`
	Quiet    bool   `help:"Show no progress."`
	File     string `arg:"" help:"File to write, - for standard output."`
}

// Run writes the backup while the marketplace runs. The file appears under its name
// only when it is whole.
func (b backupCmd) Run(ctx context.Context) error {
	pass := ""
	if b.WithKeys {
		if pass = secretEnv("YUNSHI_BACKUP_PASSPHRASE"); pass == "" {
			return errors.New("--with-keys needs a passphrase in YUNSHI_BACKUP_PASSPHRASE")
		}
	}
	write := func(w io.Writer) error {
		r, err := b.config().Backup(ctx, w, market.BackupOptions{Passphrase: pass, NoFiles: b.NoFiles, Told: progress(b.Quiet)})
		if err == nil {
			fmt.Fprintf(os.Stderr, "%s: %d rows, %d files, schema %d; opens with the keys %s…\n", r.Head.ID, r.Rows, r.Files, r.Head.Schema, r.Head.Keys[:8])
		}
		return err
	}
	if b.File == "-" {
		return write(os.Stdout)
	}
	f, err := os.CreateTemp(filepath.Dir(b.File), ".backup-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), b.File)
}

type restoreCmd struct {
	storage
	Quiet bool   `help:"Show no progress."`
	File  string `arg:"" help:"Backup to read, - for standard input."`
}

// Run restores and proves that all is there.
func (r restoreCmd) Run(ctx context.Context) error {
	var in io.Reader = os.Stdin
	if r.File != "-" {
		f, err := os.Open(r.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	report, err := r.config().Restore(ctx, in, secretEnv("YUNSHI_BACKUP_PASSPHRASE"), progress(r.Quiet))
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s of %s restored: %d rows, %d files\n", report.Head.ID, report.Head.MadeAt.Format("2006-01-02 15:04 MST"), report.Rows, report.Files)
	m, err := r.open(ctx)
	if err != nil {
		return err
	}
	ok, err := verify.Run(ctx, m.DB, m.Files, []string{m.Key.Fingerprint()}, func(c verify.Check) { verify.Print(os.Stderr, c) })
	if err == nil && !ok {
		err = failed(1)
	}
	return errors.Join(err, m.Close())
}

// progress prints on a terminal how far the work is, and nothing into a log.
func progress(quiet bool) func(archive.Progress) {
	info, err := os.Stderr.Stat()
	if quiet || err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(p archive.Progress) {
		of := ""
		if p.Total > 0 {
			of = fmt.Sprintf(" of %d", p.Total)
		}
		fmt.Fprintf(os.Stderr, "\r\x1b[K%s %d%s", p.Step, p.Done, of)
		if p.Done == p.Total {
			fmt.Fprint(os.Stderr, "\r\x1b[K")
		}
	}
}
