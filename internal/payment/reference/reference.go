// Package reference makes and reads the reference a vendor writes into the
// remark of its deposit transfer, by which the bank line is matched to the
// vendor: YS, eight characters of Crockford's base 32, and a check character by
// ISO 7064 MOD 37,36 over the ten before it, as in YS7K3M9Q2XP. It knows how
// people and banks mangle it on the way; it does not know whose a reference is.
package reference

import (
	"fmt"
	"io"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Prefix begins every reference.
const Prefix = "YS"

// alphabet is Crockford's base 32: no I, L, O or U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	randoms = 8
	length  = len(Prefix) + randoms + 1
)

// New makes a reference from 40 random bits. It draws again while the check
// character is I, L, O or U, so that every character of a reference may be
// misread as its look-alike and still be understood. It fails only when rand does.
func New(rand io.Reader) (string, error) {
	var draw [randoms]byte
	for {
		if _, err := io.ReadFull(rand, draw[:]); err != nil {
			return "", fmt.Errorf("reference: random bytes: %w", err)
		}
		ref := []byte(Prefix)
		for _, b := range draw {
			ref = append(ref, alphabet[b%32])
		}
		check, _ := checkOf(string(ref))
		if strings.IndexByte(alphabet, check) >= 0 {
			return string(append(ref, check)), nil
		}
	}
}

// Parse reads one reference as a person types it, without regard to case,
// spaces, hyphens, full width and the look-alikes O, I and L, and returns it as
// New wrote it. It is Invalid when anything else stands there or the check
// character does not fit.
func Parse(s string) (string, error) {
	c := compact(s)
	if len(c) != length {
		return "", fault.New(fault.Invalid, "reference.not_one", length)
	}
	ref, ok := read(c)
	if !ok {
		return "", fault.New(fault.Invalid, "reference.mistyped")
	}
	return ref, nil
}

// Group writes a reference in the groups people copy it in: YS 7K3M 9Q2X P.
// Anything that is no reference comes back as it is.
func Group(ref string) string {
	if len(ref) != length {
		return ref
	}
	return ref[:2] + " " + ref[2:6] + " " + ref[6:10] + " " + ref[10:]
}
