package token

import (
	_ "embed"
	"strings"
	"sync"
)

// pairs comes from the dictionary of OpenCC (Apache-2.0); see table_gen.go.
//
//go:embed simplified.txt
var pairs string

// simplified maps a traditional character to the simplified one it is searched as.
var simplified = sync.OnceValue(func() map[rune]rune {
	to := make(map[rune]rune, 3000)
	for line := range strings.Lines(pairs) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pair := []rune(strings.TrimSpace(line))
		for i := 0; i+1 < len(pair); i += 2 {
			to[pair[i]] = pair[i+1]
		}
	}
	return to
})
