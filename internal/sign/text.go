package sign

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
)

// Text signs the bytes of a text: ECDSA over their SHA-256 in ASN.1, as
// `openssl dgst -sha256 -verify` takes it.
func (k Key) Text(data []byte, rand io.Reader) ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("sign: no key")
	}
	sum := sha256.Sum256(data)
	sig, err := ecdsa.SignASN1(rand, k.private, sum[:])
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return sig, nil
}

// CheckText checks a signature that Text made with a certificate in PEM and tells
// the certificate's subject and fingerprint. Whether it is to be trusted, the
// fingerprint says.
func CheckText(certificate, data, signature []byte) (subject, fingerprintOf string, err error) {
	block, _ := pem.Decode(certificate)
	if block == nil || block.Type != pemCertificate {
		return "", "", errors.New("sign: no certificate")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", "", fmt.Errorf("sign: %w", err)
	}
	key, ok := cert.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return "", "", errors.New("sign: the certificate's key is not ECDSA")
	}
	sum := sha256.Sum256(data)
	if !ecdsa.VerifyASN1(key, sum[:], signature) {
		return "", "", errors.New("sign: the text is not what was signed")
	}
	return cert.Subject.CommonName, fingerprint(cert), nil
}
