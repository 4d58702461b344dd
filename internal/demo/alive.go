package demo

import (
	"os"
	"runtime"
	"syscall"
)

// lives reports whether a process with the number runs; where that cannot be asked, no.
func lives(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil || pid <= 0 || runtime.GOOS == "windows" {
		return false
	}
	return p.Signal(syscall.Signal(0)) == nil
}
