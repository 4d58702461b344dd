package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// sheet is RESULTS.md: a head, and sections that are replaced one by one, each
// after a line that names it and the commit it was measured at.
type sheet struct {
	head     string
	keys     []string
	sections map[string]string
	commits  map[string]string
}

var sectionMark = regexp.MustCompile(`(?m)^<!-- section: (.+) @ (\S+) -->\n`)

// readSheet reads a results file; one that is not there is empty.
func readSheet(path string) (*sheet, error) {
	s := &sheet{sections: make(map[string]string), commits: make(map[string]string)}
	if path == "-" {
		return s, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	marks := sectionMark.FindAllStringSubmatchIndex(string(data), -1)
	for i, m := range marks {
		end := len(data)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		s.put(string(data[m[2]:m[3]]), string(data[m[4]:m[5]]), strings.TrimSpace(string(data[m[1]:end])))
	}
	return s, nil
}

func (s *sheet) put(key, commit, body string) {
	if _, there := s.sections[key]; !there {
		s.keys = append(s.keys, key)
	}
	s.sections[key], s.commits[key] = body, commit
}

// order is that of the parts, SQLite before PostgreSQL.
func (s *sheet) order() []string {
	var keys []string
	for _, p := range parts {
		for _, d := range []string{"sqlite", "postgres"} {
			if k := p.name + " " + d; s.sections[k] != "" {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

func (s *sheet) String() string {
	var b strings.Builder
	b.WriteString(s.head)
	for _, k := range s.order() {
		fmt.Fprintf(&b, "\n<!-- section: %s @ %s -->\n%s\n", k, s.commits[k], strings.TrimSpace(s.sections[k]))
	}
	return b.String()
}

func (s *sheet) write(path string) error {
	if path == "-" {
		_, err := fmt.Println(s.String())
		return err
	}
	return os.WriteFile(path, []byte(s.String()), 0o644)
}

// table writes rows as a Markdown table; the first is its head.
func table(rows [][]string) string {
	var b strings.Builder
	for i, r := range rows {
		b.WriteString("| " + strings.Join(r, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|" + strings.Repeat(" --- |", 1) + strings.Repeat(" ---: |", len(r)-1) + "\n")
		}
	}
	return b.String()
}
