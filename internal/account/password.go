package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// The cost of a hash: 19 MiB, two passes, about 60 ms (OWASP's first choice).
const (
	argonMemory = 19 * 1024
	argonTime   = 2
	argonKey    = 32
)

// hashing bounds how many hashes are computed at once, so that a crowd of
// sign-ins cannot take all memory.
var hashing = make(chan struct{}, 2*runtime.GOMAXPROCS(0))

func argon(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, 1, argonKey), nil
}

// hashPassword makes the stored form: $argon2id$v=19$m=…,t=…,p=1$salt$hash.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := argon(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", argonMemory, argonTime, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// checkPassword compares in constant time; a hash of other costs is recomputed with ours
// only if it was made with ours, since no other ever was.
func checkPassword(ctx context.Context, stored, password string) (bool, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return false, fmt.Errorf("stored password hash has an unknown form")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, err
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, err
	}
	got, err := argon(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// decoy is compared when there is no such account, so that the answer takes as long.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// minPassword and maxPassword bound a password, in characters and bytes.
const (
	minPassword = 10
	maxPassword = 256
)

// commonPasswords are refused whatever their length.
var commonPasswords = map[string]bool{
	"1234567890": true, "12345678910": true, "password123": true, "qwertyuiop": true, "1qaz2wsx3edc": true,
	"0123456789": true, "passw0rd123": true, "aaaaaaaaaa": true, "1111111111": true, "yunshi123456": true,
	"a123456789": true, "woaini1314520": true, "qwerty123456": true, "abc1234567": true, "admin123456": true,
}

// weak says what is wrong with a new password, or nil.
func weak(password, mail string) error {
	n := utf8.RuneCountInString(password)
	name, _, _ := strings.Cut(mail, "@")
	switch {
	case n < minPassword:
		return fault.New(fault.Invalid, "account.password_short", minPassword)
	case len(password) > maxPassword:
		return fault.New(fault.Invalid, "account.password_long", maxPassword)
	case commonPasswords[strings.ToLower(password)], oneLetter(password):
		return fault.New(fault.Invalid, "account.password_common")
	case len(name) > 3 && strings.Contains(strings.ToLower(password), strings.ToLower(name)):
		return fault.New(fault.Invalid, "account.password_mail")
	}
	return nil
}

func oneLetter(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return strings.Trim(s, string(first)) == ""
}
