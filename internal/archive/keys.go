package archive

import (
	"crypto/rand"
	"encoding/json"
	"errors"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// Keys are what opens an installation's data, as its key files hold them.
type Keys struct {
	Fields  string `json:"fields"`  // the JSON of the encryption keys
	Signing string `json:"signing"` // the PEM of the signing key
}

// box is keys behind a passphrase: Argon2id makes the key of XChaCha20-Poly1305.
type box struct {
	Salt   []byte `json:"salt"`
	Time   uint32 `json:"time"`
	Memory uint32 `json:"memory_kib"`
	Nonce  []byte `json:"nonce"`
	Sealed []byte `json:"sealed"`
}

// SealKeys puts keys behind a passphrase of at least 12 characters.
func SealKeys(k Keys, passphrase string) ([]byte, error) {
	if len([]rune(passphrase)) < 12 {
		return nil, errors.New("the passphrase (YUNSHI_BACKUP_PASSPHRASE) needs at least 12 characters")
	}
	plain, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	b := box{Salt: make([]byte, 16), Time: 3, Memory: 64 << 10, Nonce: make([]byte, chacha20poly1305.NonceSizeX)}
	rand.Read(b.Salt) // it never fails
	rand.Read(b.Nonce)
	a, err := chacha20poly1305.NewX(b.key(passphrase))
	if err != nil {
		return nil, err
	}
	b.Sealed = a.Seal(nil, b.Nonce, plain, []byte(keysName))
	return json.Marshal(b)
}

// OpenKeys opens what SealKeys made; a wrong passphrase is an error that says so.
func OpenKeys(data []byte, passphrase string) (Keys, error) {
	var b box
	var k Keys
	if err := json.Unmarshal(data, &b); err != nil {
		return k, err
	}
	if b.Time > 20 || b.Memory > 1<<20 || len(b.Nonce) != chacha20poly1305.NonceSizeX {
		return k, errors.New("the keys in the backup are not as this program writes them")
	}
	a, err := chacha20poly1305.NewX(b.key(passphrase))
	if err != nil {
		return k, err
	}
	plain, err := a.Open(nil, b.Nonce, b.Sealed, []byte(keysName))
	if err != nil {
		return k, errors.New("the keys in the backup do not open with this passphrase (YUNSHI_BACKUP_PASSPHRASE)")
	}
	return k, json.Unmarshal(plain, &k)
}

func (b box) key(passphrase string) []byte {
	return argon2.IDKey([]byte(passphrase), b.Salt, max(b.Time, 1), max(b.Memory, 8), 1, chacha20poly1305.KeySize)
}
