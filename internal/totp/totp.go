// Package totp computes time-based one-time codes (RFC 6238) with what every
// authenticator app takes: SHA-1, six digits, thirty seconds. It is pure: time and
// randomness are handed in, and Match says at which step a code holds, so that the
// caller can refuse one that was used.
package totp

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// Seconds is the length of a step.
const Seconds = 30

// bytes is the length of a secret: that of the hash, as the RFC recommends.
const bytes = 20

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret makes a secret, as an app takes it: base32.
func NewSecret(random io.Reader) (string, error) {
	b := make([]byte, bytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	return encoding.EncodeToString(b), nil
}

// Step is the number of the step that a moment is in.
func Step(t time.Time) int64 { return t.Unix() / Seconds }

// Code is the code of a step; a secret that is not base32 is an error.
func Code(secret string, step int64) (string, error) {
	key, err := encoding.DecodeString(strings.ToUpper(strings.ReplaceAll(secret, " ", "")))
	if err != nil {
		return "", errors.New("the secret is not base32")
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	h := hmac.New(sha1.New, key)
	h.Write(counter[:])
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000), nil
}

// Match finds the step at which the code holds: the current one, the one before or
// the one after, for clocks that go wrong a little. It takes the same time whichever
// it is. False is none.
func Match(secret, code string, now time.Time) (step int64, ok bool, err error) {
	for d := int64(-1); d <= 1; d++ {
		want, err := Code(secret, Step(now)+d)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = Step(now)+d, true
		}
	}
	return step, ok, nil
}

// URI is what an app reads from the QR code: the secret with the marketplace's and
// the person's name.
func URI(issuer, person, secret string) string {
	issuer = strings.ReplaceAll(issuer, ":", " ")
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {fmt.Sprint(Seconds)}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+person) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
