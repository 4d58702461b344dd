package main

import (
	"fmt"
	"io"
	"time"
)

// progress tells the person who waits what goes on, at most twice a second.
type progress struct {
	out  io.Writer
	last time.Time
}

func (p *progress) say(format string, args ...any) {
	fmt.Fprintf(p.out, time.Now().Format("15:04:05 ")+format+"\n", args...)
	p.last = time.Now()
}

// at says how far something is, if the last word was some time ago.
func (p *progress) at(what string, n, of int) {
	if n == of || time.Since(p.last) > 2*time.Second {
		p.say("  %s: %d of %d", what, n, of)
	}
}
