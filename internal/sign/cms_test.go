package sign

import (
	"crypto/rand"
	"crypto/sha256"
	"testing"
	"time"
)

func FuzzUnseal(f *testing.F) {
	k, err := NewKey("云市", time.Unix(1_800_000_000, 0), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	digest := sha256.Sum256([]byte("合同"))
	der, err := k.seal(digest[:])
	if err != nil {
		f.Fatal(err)
	}
	if cert, err := unseal(der, digest[:]); err != nil || !cert.Equal(k.cert) {
		f.Fatalf("its own seal: %v", err)
	}
	f.Add(der)
	f.Add(append(der, 0, 0, 0))
	f.Add(der[:len(der)/2])
	other := sha256.Sum256([]byte("别的合同"))
	f.Fuzz(func(t *testing.T, der []byte) {
		cert, err := unseal(der, other[:])
		if err == nil && cert.Equal(k.cert) {
			t.Error("a seal was made for a digest that the key has not signed")
		}
	})
}
