package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/rekey"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// keysCmd makes keys and rotates them. The order of a rotation: add, restart every
// process; promote, restart every process; reseal; retire, restart every process.
type keysCmd struct {
	New     keysNewCmd     `cmd:"" default:"1" help:"Print a new set of keys for the environment (PostgreSQL needs them given)."`
	List    keysListCmd    `cmd:"" help:"Name the encryption keys, without showing them."`
	Add     keysAddCmd     `cmd:"" help:"Rotation, step 1: add a key that opens and does not yet seal. Then restart every process with the new set."`
	Promote keysPromoteCmd `cmd:"" help:"Step 2: let the newest key seal. Then restart every process with the new set."`
	Reseal  keysResealCmd  `cmd:"" help:"Step 3: seal everything anew by it, while the marketplace runs; stopped, it goes on when called again."`
	Retire  keysRetireCmd  `cmd:"" help:"Step 4: drop the older keys, once nothing is left that they have sealed."`
}

type keysNewCmd struct {
	Dir string `help:"Write keys.json and signing.pem into this folder instead, for YUNSHI_KEYS_FILE and YUNSHI_SIGNING_KEY_FILE." placeholder:"FOLDER"`
}

// Run prints keys as two lines for an environment file.
func (k keysNewCmd) Run() error {
	keys, signing, err := market.NewSecrets()
	if err != nil {
		return err
	}
	if k.Dir != "" {
		for name, text := range map[string]string{"keys.json": keys, "signing.pem": signing} {
			f, err := os.OpenFile(filepath.Join(k.Dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // never over older ones
			if err != nil {
				return err
			}
			_, err = f.WriteString(text)
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Printf("YUNSHI_KEYS='%s'\nYUNSHI_SIGNING_KEY='%s'\n", keys, signing)
	return nil
}

type keysListCmd struct{ storage }

// Run prints the ids of the keys.
func (k keysListCmd) Run() error {
	set, err := k.config().KeySet()
	if err != nil {
		return err
	}
	list, err := set.List()
	if err != nil {
		return err
	}
	for _, key := range list {
		word := "opens"
		if key.Seals {
			word = "opens and seals"
		}
		fmt.Printf("%08x  %s\n", key.ID, word)
	}
	return nil
}

// step makes one step and says what comes next.
func (s storage) step(do func(vault.Keys) (vault.Keys, error), next string) error {
	text, err := s.config().ChangeKeys(do)
	if err != nil {
		return err
	}
	if text != "" {
		fmt.Printf("YUNSHI_KEYS='%s'\n", text)
		fmt.Fprintln(os.Stderr, "Put this set in the place of the old one, for every process.")
	}
	fmt.Fprintln(os.Stderr, next)
	return nil
}

type keysAddCmd struct{ storage }

// Run adds a key.
func (k keysAddCmd) Run() error {
	return k.step(vault.Keys.Add, "Restart every process, then run `yunshi keys promote`.")
}

type keysPromoteCmd struct{ storage }

// Run lets the newest key seal.
func (k keysPromoteCmd) Run() error {
	return k.step(vault.Keys.Promote, "Restart every process, then run `yunshi keys reseal`.")
}

type keysResealCmd struct {
	storage
	DryRun bool `help:"Count what older keys have sealed; change nothing."`
}

// Run seals anew; the exit code is 1 if something opens at no place it should.
func (k keysResealCmd) Run(ctx context.Context) error {
	told := func(step string, done, of int64) { fmt.Fprintf(os.Stderr, "\r\x1b[K%s %d of %d", step, done, of) }
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		told = nil
	}
	r, err := k.config().Reseal(ctx, rekey.Options{DryRun: k.DryRun, Told: told})
	if err != nil {
		return err
	}
	word := "sealed anew"
	if k.DryRun {
		word = "to be sealed anew"
	}
	fmt.Fprintf(os.Stderr, "\r\x1b[K%d fields and %d files %s\n", r.Fields, r.Blobs, word)
	for _, u := range r.Unknown {
		fmt.Fprintln(os.Stderr, "does not open: "+u)
	}
	if len(r.Unknown) > 0 {
		return failed(1)
	}
	return nil
}

type keysRetireCmd struct{ storage }

// Run drops the older keys if nothing needs them.
func (k keysRetireCmd) Run(ctx context.Context) error {
	r, err := k.config().Reseal(ctx, rekey.Options{DryRun: true})
	if err != nil {
		return err
	}
	if !r.Done() {
		return fmt.Errorf("%w: %d fields and %d files; run `yunshi keys reseal` first", errNeeded, r.Fields+int64(len(r.Unknown)), r.Blobs)
	}
	return k.step(vault.Keys.Retire, "Restart every process. Backups made before today need the older keys: keep them with those.")
}

var errNeeded = errors.New("the older keys are still needed")
