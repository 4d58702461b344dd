// Command bench measures Yunshi: how fast it starts and how little it needs, how
// fast the catalogue answers, how many companies an hour's staff can bring in by
// the API, and what a deposit's confirmation costs beside bare SQL. Everything is
// on this machine, on SQLite and, where an address is given, on PostgreSQL, and is
// bounded in count and time. Results go section by section into RESULTS.md; what
// was seeded stays in the work folder, so that a run that was stopped goes on.
//
//	go run ./bench -all -database postgres://bench@127.0.0.1/postgres
//	go run ./bench -what catalogue -only sqlite -out -
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bench is one run of the program.
type bench struct {
	dir      string // work folder
	postgres string // address of a server whose user may create databases; "" is none
	out      string
	commit   string
	only     string
	goOn     bool
	progress progress

	products int
	seconds  float64
	startups int
	idle     time.Duration
	confirms int
	rounds   int
	profile  string

	lines    int // of the statement
	deposits int // that wait for it
	formats  string

	queue  int // applications that wait
	events int // of the log
	keep   bool
	shared bool
}

// part is something to measure on one store; it returns Markdown.
type part struct {
	name, title string
	measure     func(ctx context.Context, b *bench, s store) (string, error)
}

var parts = []part{
	{"startup", "Start, memory, size", measureStartup},
	{"catalogue", "Catalogue", measureCatalogue},
	{"onboarding", "Register, apply, approve", measureOnboarding},
	{"deposit", "Deposit confirmation beside bare SQL", measureDeposit},
	{"statement", "A long bank statement", measureStatement},
	{"queue", "Long queues", measureQueue},
	{"audit", "Searching a long log", measureAudit},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	b := &bench{progress: progress{out: os.Stderr}}
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	all := fs.Bool("all", false, "measure everything")
	what := fs.String("what", "", "parts to measure, by comma: startup, catalogue, onboarding, deposit, statement, queue, audit")
	fs.StringVar(&b.postgres, "database", or(os.Getenv("YUNSHI_BENCH_POSTGRES"), os.Getenv("YUNSHI_TEST_POSTGRES")),
		"address of a PostgreSQL server whose user may create databases; without one only SQLite is measured")
	fs.StringVar(&b.only, "only", "", "sqlite or postgres; both if not given")
	fs.StringVar(&b.out, "out", "bench/RESULTS.md", "file whose sections are replaced; - is standard output")
	fs.StringVar(&b.dir, "dir", filepath.Join(os.TempDir(), "yunshi-bench"), "work folder, kept between runs")
	fs.BoolVar(&b.goOn, "continue", false, "leave out what stands in the results file for this commit already")
	fs.IntVar(&b.products, "products", 50_000, "size of the catalogue")
	fs.Float64Var(&b.seconds, "seconds", 3, "how long each load lasts")
	fs.IntVar(&b.startups, "starts", 7, "how often a start is timed")
	fs.DurationVar(&b.idle, "idle", 10*time.Second, "how long a process idles before its memory is read")
	fs.IntVar(&b.confirms, "confirms", 150, "confirmations per round and number of clients")
	fs.IntVar(&b.rounds, "rounds", 3, "rounds of confirmations, ours and bare SQL in turn")
	fs.StringVar(&b.profile, "cpuprofile", "", "folder for CPU profiles; the server then runs in this process")
	fs.IntVar(&b.lines, "lines", 500_000, "lines of the bank statement")
	fs.IntVar(&b.deposits, "deposits", 20_000, "open deposits it is matched with")
	fs.StringVar(&b.formats, "formats", "csv,xlsx,camt,mt940", "formats of the bank statement, by comma")
	fs.IntVar(&b.queue, "queue", 100_000, "applications that wait")
	fs.IntVar(&b.events, "events", 10_000_000, "events of the log that is searched")
	fs.BoolVar(&b.keep, "keep", false, "keep the log that was searched: several GB")
	fs.BoolVar(&b.shared, "shared", false, "say in the results that other work shared the machine")
	file := fs.String("statement-file", "", "write a statement of that many lines to a file named .csv, .xlsx, .camt or .mt940, and end")
	child := fs.String("importing", "", "import this file and report; the program starts itself so")
	if err := fs.Parse(args); err != nil {
		return err
	}
	switch {
	case *file != "":
		return writeStatementFile(*file, strings.TrimPrefix(filepath.Ext(*file), "."), b.lines, b.deposits)
	case *child != "":
		return importing(ctx, b, *child)
	}
	var chosen []part
	for _, p := range parts {
		if *all || slices.Contains(strings.Split(*what, ","), p.name) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		fs.Usage()
		return errors.New("nothing to measure: -all or -what")
	}
	b.commit = commit(ctx)
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	for _, p := range chosen {
		for _, s := range b.stores() {
			if err := b.one(ctx, p, s); err != nil {
				return fmt.Errorf("%s on %s: %w", p.name, s.name(), err)
			}
		}
	}
	return nil
}

// one measures a part on a store and writes its section at once.
func (b *bench) one(ctx context.Context, p part, s store) error {
	sheet, err := readSheet(b.out)
	if err != nil {
		return err
	}
	key := p.name + " " + s.name()
	if b.goOn && sheet.commits[key] == b.commit {
		b.progress.say("%s stands for %s already", key, b.commit)
		return nil
	}
	b.progress.say("%s", key)
	begun := time.Now()
	body, err := p.measure(ctx, b, s)
	if err != nil {
		return err
	}
	b.progress.say("%s took %s", key, time.Since(begun).Round(time.Second))
	sheet.head = machine(ctx, b)
	sheet.put(key, b.commit, fmt.Sprintf("## %s: %s\n\n%s", p.title, s.title(ctx), body))
	return sheet.write(b.out)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
