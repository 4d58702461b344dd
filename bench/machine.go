package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

var quiet = slog.New(slog.DiscardHandler)

// commit names what is measured; "-changed" says that files differ from it.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=10", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	id := strings.TrimSpace(string(out))
	changes, err := exec.CommandContext(ctx, "git", "status", "--porcelain", "--untracked-files=no", "--", "cmd", "internal", "go.mod").Output()
	if err != nil || len(changes) > 0 {
		id += "-changed"
	}
	return id
}

// machine is the head of the results: on what they were measured.
func machine(ctx context.Context, b *bench) string {
	var w strings.Builder
	w.WriteString("# What Yunshi does in a second\n\nWritten by `go run ./bench -all`; bench/README.md says how each figure comes about. Client, server and database share one machine, so every figure is a lower bound.\n\n")
	fmt.Fprintf(&w, "- %s, %d cores (%s), %s memory, %s\n", system(), runtime.NumCPU(), processor(), memory(), runtime.Version())
	all := *b
	all.only = ""
	for _, s := range all.stores() {
		if words, err := s.settings(ctx); err == nil {
			fmt.Fprintf(&w, "- %s\n", words)
		}
	}
	fmt.Fprintf(&w, "- measured on %s; the commit of each section stands before it\n", time.Now().UTC().Format("2006-01-02"))
	return w.String()
}

// fact finds the first line of a file that the pattern fits.
func fact(path, pattern string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	m := regexp.MustCompile(pattern).FindSubmatch(data)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(string(m[1]))
}

func system() string {
	return or(fact("/etc/os-release", `(?m)^PRETTY_NAME="?([^"\n]+)`), runtime.GOOS) + " on " + runtime.GOARCH
}

func processor() string {
	return or(fact("/proc/cpuinfo", `(?m)^model name\s*:\s*(.+)$`), "unknown processor")
}

func memory() string {
	kb, err := strconv.ParseInt(fact("/proc/meminfo", `(?m)^MemTotal:\s*(\d+)`), 10, 64)
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%d GB", (kb+1<<19)>>20)
}

// sharing says of a section, if told so, that it was measured beside other work.
func (b *bench) sharing() string {
	if !b.shared {
		return ""
	}
	return "Other work shared the machine's cores while this was measured.\n"
}
