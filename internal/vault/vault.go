// Package vault keeps personal and bank data from being read where they rest. It
// seals a field to a place, so that a sealed value moved to another row or column
// does not open; makes blind indexes for equality search; and shows only a masked
// part. It owns the installation's encryption keys, not where they come from.
package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Keys are an installation's secrets, as they are written to its key file.
type Keys struct {
	Fields json.RawMessage `json:"fields"` // a Tink AEAD keyset; the primary seals, all open
	Index  []byte          `json:"index"`  // 32 bytes, for blind indexes and codes
}

// Vault seals and opens.
type Vault struct {
	aead    tink.AEAD
	index   []byte
	print   string
	primary uint32          // id of the key that seals
	ids     map[uint32]bool // of all keys
}

// NewKeys makes keys for a new installation.
func NewKeys(random io.Reader) (Keys, error) {
	h, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return Keys{}, err
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&buf)); err != nil {
		return Keys{}, err
	}
	k := Keys{Fields: buf.Bytes(), Index: make([]byte, 32)}
	_, err = io.ReadFull(random, k.Index)
	return k, err
}

// Open makes a vault of keys; wrong keys are an error that does not show them.
func Open(k Keys) (*Vault, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(k.Fields)))
	if err != nil {
		return nil, errors.New("the encryption keys cannot be read: the key file is damaged or not one of ours")
	}
	a, err := aead.New(h)
	if err != nil {
		return nil, errors.New("the encryption keys are not of the expected kind")
	}
	if len(k.Index) != 32 {
		return nil, errors.New("the index key must have 32 bytes")
	}
	v := &Vault{aead: a, index: k.Index, primary: h.KeysetInfo().GetPrimaryKeyId(), ids: make(map[uint32]bool)}
	for _, i := range h.KeysetInfo().GetKeyInfo() {
		v.ids[i.GetKeyId()] = true
	}
	v.print = hex.EncodeToString(v.mac("fingerprint", "yunshi"))[:32]
	return v, nil
}

// Fingerprint tells one installation's keys from another's without showing them.
func (v *Vault) Fingerprint() string { return v.print }

// Seal encrypts plain for a place such as "account.email:acc_…"; "" stays "".
func (v *Vault) Seal(place, plain string) string {
	if plain == "" {
		return ""
	}
	return base64.RawStdEncoding.EncodeToString(v.SealBytes(place, []byte(plain)))
}

// Open decrypts what Seal made for the same place; "" stays "".
func (v *Vault) Open(place, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("sealed value of %s is damaged", place)
	}
	plain, err := v.OpenBytes(place, raw)
	return string(plain), err
}

// SealBytes is Seal for bytes, as those of a file.
func (v *Vault) SealBytes(place string, plain []byte) []byte {
	out, err := v.aead.Encrypt(plain, []byte(place))
	if err != nil {
		panic(err) // the keyset was checked when opened; no randomness is left
	}
	return out
}

// OpenBytes is Open for bytes.
func (v *Vault) OpenBytes(place string, sealed []byte) ([]byte, error) {
	plain, err := v.aead.Decrypt(sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("sealed value of %s does not open with this installation's keys", place)
	}
	return plain, nil
}

// Blind makes an index value by which equal plaintexts of one use are found.
func (v *Vault) Blind(use, plain string) string {
	if plain == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(v.mac(use, plain)[:18])
}

func (v *Vault) mac(use, plain string) []byte {
	h := hmac.New(sha256.New, v.index)
	h.Write([]byte(use))
	h.Write([]byte{0})
	h.Write([]byte(plain))
	return h.Sum(nil)
}

// Mask keeps at most the first and last runes of s and hides the middle:
// Mask(phone, 3, 4) is 138****1234. At least a third stays hidden; of fewer than
// four runes at most one is shown, of a single one none.
func Mask(s string, first, last int) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	most := len(r) * 2 / 3
	if len(r) < 4 {
		most = min(1, len(r)-1)
	}
	for first+last > most {
		if last >= first {
			last--
		} else {
			first--
		}
	}
	return string(r[:first]) + strings.Repeat("*", min(4, len(r)-first-last)) + string(r[len(r)-last:])
}

// MaskPhone shows 138****1234, with or without +86 before.
func MaskPhone(s string) string { return Mask(strings.TrimPrefix(s, "+86"), 3, 4) }

// MaskMail shows a***@example.com.
func MaskMail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return Mask(s, 1, 0)
	}
	return string([]rune(s[:at])[:1]) + "***@" + s[at+1:]
}

// MaskAccount shows the last four digits of a bank account.
func MaskAccount(s string) string {
	r := []rune(s)
	if len(r) < 8 {
		return Mask(s, 0, 2)
	}
	return "**** " + string(r[len(r)-4:])
}
