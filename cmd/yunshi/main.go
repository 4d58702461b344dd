// Command yunshi is a cloud marketplace in one program: it serves the shop, the
// vendors' console, the operator's office and the API, and keeps them in order.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // an empty container knows no time zones

	"github.com/alecthomas/kong"
)

// version is set by the release build.
var version = "0.1.0"

// commands is the whole command line; flags, environment and file are one table.
type commands struct {
	Config kong.ConfigFlag `help:"Configuration file (JSON; flag names as keys)." env:"YUNSHI_CONFIG" placeholder:"FILE"`

	Demo    demoCmd    `cmd:"" help:"Run a marketplace with demo data; nothing else is needed."`
	Serve   serveCmd   `cmd:"" help:"Run the marketplace."`
	Migrate migrateCmd `cmd:"" help:"Bring the database's schema up to this program's."`
	Admin   adminCmd   `cmd:"" help:"Look after staff accounts."`
	Import  importCmd  `cmd:"" help:"Import files."`
	Policy  policyCmd  `cmd:"" help:"See and change the operator's rules."`
	Backup  backupCmd  `cmd:"" help:"Write everything into one file while the marketplace runs."`
	Restore restoreCmd `cmd:"" help:"Put a backup into an empty place, on either database."`
	Verify  verifyCmd  `cmd:"" help:"Prove that money, files and the event log are whole."`
	Keys    keysCmd    `cmd:"" help:"Make keys, and rotate those that encrypt."`
	Check   checkCmd   `cmd:"" name:"config" help:"Say what is wrong with a set-up."`
	Health  healthCmd  `cmd:"" help:"Ask the process on this machine whether it can work."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	var c commands
	k := kong.Parse(&c, options()...)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	err := secretFiles()
	if err == nil {
		err = k.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "yunshi: "+explain(err))
		os.Exit(exitCode(err))
	}
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("yunshi " + version)
	return nil
}
