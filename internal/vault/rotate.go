package vault

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// The steps of a rotation. Between two of them every process that shares the keys
// is given the new set: a key must be known everywhere before anything is sealed by
// it, and nothing may be sealed any more by one that is dropped. The index key stays
// as it is, since blind indexes are searched by equality.

// Add gives the set a new key that opens and does not yet seal.
func (k Keys) Add() (Keys, error) {
	return k.change(func(m *keyset.Manager, _ *keyset.Handle) error {
		_, err := m.Add(aead.XChaCha20Poly1305KeyTemplate())
		return err
	})
}

// Promote lets the newest key seal from now on.
func (k Keys) Promote() (Keys, error) {
	return k.change(func(m *keyset.Manager, h *keyset.Handle) error {
		info := h.KeysetInfo().GetKeyInfo()
		newest := info[len(info)-1].GetKeyId()
		if newest == h.KeysetInfo().GetPrimaryKeyId() {
			return errors.New("the newest key seals already: add one first")
		}
		return m.SetPrimary(newest)
	})
}

// Retire drops every key but the one that seals: what others sealed opens no more.
func (k Keys) Retire() (Keys, error) {
	return k.change(func(m *keyset.Manager, h *keyset.Handle) error {
		for _, i := range h.KeysetInfo().GetKeyInfo() {
			if i.GetKeyId() == h.KeysetInfo().GetPrimaryKeyId() {
				continue
			}
			if err := m.Delete(i.GetKeyId()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k Keys) change(do func(m *keyset.Manager, h *keyset.Handle) error) (Keys, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(k.Fields)))
	if err != nil {
		return Keys{}, errors.New("the encryption keys cannot be read: the key file is damaged or not one of ours")
	}
	m := keyset.NewManagerFromHandle(h)
	if err := do(m, h); err != nil {
		return Keys{}, err
	}
	if h, err = m.Handle(); err != nil {
		return Keys{}, err
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&buf)); err != nil {
		return Keys{}, err
	}
	return Keys{Fields: buf.Bytes(), Index: k.Index}, nil
}

// Key is one key of a set, without itself.
type Key struct {
	ID    uint32
	Seals bool
}

// List names the keys of a set in the order in which they were added.
func (k Keys) List() ([]Key, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(k.Fields)))
	if err != nil {
		return nil, errors.New("the encryption keys cannot be read: the key file is damaged or not one of ours")
	}
	var out []Key
	for _, i := range h.KeysetInfo().GetKeyInfo() {
		out = append(out, Key{i.GetKeyId(), i.GetKeyId() == h.KeysetInfo().GetPrimaryKeyId()})
	}
	return out, nil
}

// headLen is what stands before a sealed value: a version and the key's id.
const headLen = 5

// SealedByOther reports whether bytes were sealed by a key of this set that seals
// no more.
func (v *Vault) SealedByOther(raw []byte) bool {
	if len(raw) <= headLen || raw[0] != 1 {
		return false
	}
	id := binary.BigEndian.Uint32(raw[1:headLen])
	return id != v.primary && v.ids[id]
}

// TextSealedByOther is SealedByOther for what Seal made.
func (v *Vault) TextSealedByOther(s string) bool {
	if len(s) < 8 || s[0] != 'A' { // the version's first bits
		return false
	}
	head, err := base64.RawStdEncoding.DecodeString(s[:8])
	if err != nil || !v.SealedByOther(head) {
		return false
	}
	_, err = base64.RawStdEncoding.DecodeString(s)
	return err == nil
}
