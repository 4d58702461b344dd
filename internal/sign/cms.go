package sign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"sort"
)

// The object identifiers of RFC 5652, RFC 5035 and RFC 5754.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

type algorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Digests      []algorithm `asn1:"set"`
	Content      encapsulated
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Signers      []signerInfo  `asn1:"set"`
}

// encapsulated is without content: what is signed is the file around the signature.
type encapsulated struct {
	Type asn1.ObjectIdentifier
}

type signerInfo struct {
	Version    int
	Issuer     issuerAndSerial
	Digest     algorithm
	Attributes asn1.RawValue `asn1:"tag:0"`
	Algorithm  algorithm
	Signature  []byte
	Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// essCertificate names the signer's certificate by its SHA-256, the default of
// ESSCertIDv2, whose algorithm is therefore left out.
type essCertificate struct {
	Hash   []byte
	Serial asn1.RawValue `asn1:"optional"`
}

type essCertificates struct {
	List []essCertificate
}

// seal makes the CMS SignedData over a digest.
func (k Key) seal(digest []byte) ([]byte, error) {
	attributes, err := k.attributes(digest)
	if err != nil {
		return nil, err
	}
	// What is signed is the SET OF; what is written is the same under tag [0].
	set, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: attributes})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(set)
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, sum[:])
	if err != nil {
		return nil, err
	}
	context := func(b []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: b}
	}
	data, err := asn1.Marshal(signedData{
		Version: 1, Digests: []algorithm{{OID: oidSHA256}}, Content: encapsulated{oidData},
		Certificates: context(k.cert.Raw),
		Signers: []signerInfo{{
			Version: 1, Issuer: issuerAndSerial{asn1.RawValue{FullBytes: k.cert.RawIssuer}, k.cert.SerialNumber},
			Digest: algorithm{OID: oidSHA256}, Attributes: context(attributes),
			Algorithm: algorithm{OID: oidECDSASHA256}, Signature: signature,
		}},
	})
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(contentInfo{Type: oidSignedData, Content: context(data)})
}

// attributes are the signed ones, in the order DER wants of a SET OF: by their
// encoding. PAdES forbids the signing time among them.
func (k Key) attributes(digest []byte) ([]byte, error) {
	hash := sha256.Sum256(k.cert.Raw)
	var all [][]byte
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{
		{oidContentType, oidData},
		{oidMessageDigest, digest},
		{oidCertificateV2, essCertificates{[]essCertificate{{Hash: hash[:]}}}},
	} {
		value, err := asn1.Marshal(a.value)
		if err != nil {
			return nil, err
		}
		b, err := asn1.Marshal(attribute{a.oid, []asn1.RawValue{{FullBytes: value}}})
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	sort.Slice(all, func(i, j int) bool { return bytes.Compare(all[i], all[j]) < 0 })
	return bytes.Join(all, nil), nil
}

// unseal reads a CMS SignedData of one signer and checks it against the digest.
// The certificate is given as soon as it is known, also beside an error.
func unseal(der, digest []byte) (*x509.Certificate, error) {
	var info contentInfo
	rest, err := asn1.Unmarshal(der, &info)
	if err != nil || len(bytes.Trim(rest, "\x00")) > 0 || !info.Type.Equal(oidSignedData) {
		return nil, errors.New("not a CMS SignedData")
	}
	var data signedData
	if rest, err = asn1.Unmarshal(info.Content.Bytes, &data); err != nil || len(rest) > 0 {
		return nil, errors.New("the SignedData cannot be read")
	}
	if len(data.Signers) != 1 || !data.Content.Type.Equal(oidData) {
		return nil, errors.New("the SignedData must have one signer")
	}
	signer := data.Signers[0]
	cert, err := signer.certificate(data.Certificates.Bytes)
	if err != nil {
		return nil, err
	}
	if !signer.Digest.OID.Equal(oidSHA256) || !signer.Algorithm.OID.Equal(oidECDSASHA256) {
		return cert, errors.New("the signature is not ECDSA with SHA-256")
	}
	public, ok := cert.PublicKey.(*ecdsa.PublicKey)
	if !ok || public.Curve != elliptic.P256() {
		return cert, errors.New("the certificate's key is not ECDSA on P-256")
	}
	set, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: signer.Attributes.Bytes})
	if err != nil {
		return cert, err
	}
	sum := sha256.Sum256(set)
	if !ecdsa.VerifyASN1(public, sum[:], signer.Signature) {
		return cert, errors.New("the signature is not of the certificate's key")
	}
	return cert, signer.check(cert, digest)
}

// certificate finds the signer's among those sent along.
func (s signerInfo) certificate(der []byte) (*x509.Certificate, error) {
	all, err := x509.ParseCertificates(der)
	if err != nil {
		return nil, fmt.Errorf("the certificates cannot be read: %w", err)
	}
	for _, c := range all {
		if s.Issuer.Serial != nil && c.SerialNumber.Cmp(s.Issuer.Serial) == 0 && bytes.Equal(c.RawIssuer, s.Issuer.Issuer.FullBytes) {
			return c, nil
		}
	}
	return nil, errors.New("the signer's certificate is missing")
}

// check compares the signed attributes with the certificate and the digest.
func (s signerInfo) check(cert *x509.Certificate, digest []byte) error {
	seen := map[string]asn1.RawValue{}
	for rest := s.Attributes.Bytes; len(rest) > 0; {
		var a attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &a); err != nil || len(a.Values) != 1 {
			return errors.New("the signed attributes cannot be read")
		}
		if _, twice := seen[a.Type.String()]; twice {
			return errors.New("a signed attribute stands twice")
		}
		seen[a.Type.String()] = a.Values[0]
	}
	var kind asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(seen[oidContentType.String()].FullBytes, &kind); err != nil || len(rest) > 0 || !kind.Equal(oidData) {
		return errors.New("the signed content type is wrong")
	}
	var named essCertificates
	hash := sha256.Sum256(cert.Raw)
	if _, err := asn1.Unmarshal(seen[oidCertificateV2.String()].FullBytes, &named); err != nil || len(named.List) == 0 || !bytes.Equal(named.List[0].Hash, hash[:]) {
		return errors.New("the signature names another certificate")
	}
	var stated []byte
	if rest, err := asn1.Unmarshal(seen[oidMessageDigest.String()].FullBytes, &stated); err != nil || len(rest) > 0 || !bytes.Equal(stated, digest) {
		return errors.New("the document has been changed after it was signed")
	}
	return nil
}
