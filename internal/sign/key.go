// Package sign puts digital signatures on PDF documents, so that any PDF reader
// shows a later change, and checks them. A signature is PAdES baseline B: an
// incremental update with a CMS SignedData over every other byte of the file.
// Sign the stored bytes; each further signature covers all that stands before
// it and leaves it in place. It knows nothing of what is signed.
//
// The key is ours, with a certificate we issue to ourselves: it proves that a
// document has not changed since this installation signed it. A signature of a
// licensed authority is another adapter's business.
package sign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"
)

// Years is how long the certificate of a new key is valid.
const Years = 10

// Key is a signing key, ECDSA on P-256, with its certificate.
type Key struct {
	private *ecdsa.PrivateKey
	cert    *x509.Certificate
}

// NewKey makes a key for a subject, usually the operator's company name, with a
// self-signed certificate that is valid for ten years from now.
func NewKey(subject string, now time.Time, rand io.Reader) (Key, error) {
	if subject == "" {
		return Key{}, errors.New("sign: a key needs a subject")
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand)
	if err != nil {
		return Key{}, fmt.Errorf("sign: %w", err)
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(rand, serial); err != nil {
		return Key{}, fmt.Errorf("sign: %w", err)
	}
	serial[0] = serial[0]&0x7F | 0x40 // positive, and of one length
	name := pkix.Name{CommonName: subject}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial), Subject: name, Issuer: name,
		NotBefore: now.UTC().Truncate(time.Second), NotAfter: now.UTC().Truncate(time.Second).AddDate(Years, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand, template, template, &private.PublicKey, private)
	if err != nil {
		return Key{}, fmt.Errorf("sign: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return Key{}, fmt.Errorf("sign: %w", err)
	}
	return Key{private, cert}, nil
}

const (
	pemKey         = "PRIVATE KEY"
	pemCertificate = "CERTIFICATE"
)

// PEM writes the key and its certificate. It is a secret.
func (k Key) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	b := pem.EncodeToMemory(&pem.Block{Type: pemKey, Bytes: der})
	return append(b, k.Certificate()...), nil
}

// Certificate writes the certificate as PEM, for those who want to trust it.
func (k Key) Certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: k.cert.Raw})
}

// ParseKey reads what PEM has written. A key that does not belong to the
// certificate, or is not ECDSA on P-256, is an error.
func ParseKey(data []byte) (Key, error) {
	var k Key
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case pemKey:
			v, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return Key{}, fmt.Errorf("sign: %w", err)
			}
			private, ok := v.(*ecdsa.PrivateKey)
			if !ok || private.Curve != elliptic.P256() {
				return Key{}, errors.New("sign: the key is not ECDSA on P-256")
			}
			k.private = private
		case pemCertificate:
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return Key{}, fmt.Errorf("sign: %w", err)
			}
			k.cert = cert
		}
	}
	if k.private == nil || k.cert == nil {
		return Key{}, errors.New("sign: the file must hold a private key and its certificate")
	}
	if !k.private.PublicKey.Equal(k.cert.PublicKey) {
		return Key{}, errors.New("sign: the certificate is of another key")
	}
	return k, nil
}

// Subject is the name in the certificate.
func (k Key) Subject() string { return k.cert.Subject.CommonName }

// Fingerprint is the SHA-256 of the certificate, in hexadecimal; Verify gives
// that of each signer, to be compared with this.
func (k Key) Fingerprint() string { return fingerprint(k.cert) }

// Until is when the key's certificate ends.
func (k Key) Until() time.Time { return k.cert.NotAfter }

// Same says whether two keys are one, with one certificate.
func (k Key) Same(other Key) bool { return bytes.Equal(k.cert.Raw, other.cert.Raw) }

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}
