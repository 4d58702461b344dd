package sign

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/pdf"
)

// Signature is what Verify has found of one signature.
type Signature struct {
	Subject     string // of the signer's certificate; empty if it cannot be read
	Fingerprint string // SHA-256 of the certificate: compare it with Key.Fingerprint
	Name        string // as stated, like Reason, Location and At
	Reason      string
	Location    string
	At          time.Time
	End         int   // the signature covers the file's first End bytes, all but itself
	Whole       bool  // End is the end of the file: nothing has been added since
	Err         error // why it is not intact; nil if it is
}

// Intact says that the bytes the signature covers are those that were signed,
// by the key of the certificate. Whose certificate it is, the fingerprint tells.
func (s Signature) Intact() bool { return s.Err == nil }

// Revision cuts the document as it was when it was signed out of the file.
func (s Signature) Revision(data []byte) []byte { return data[:s.End:s.End] }

// Verify checks each signature of a document, in the order in which they were
// put. A signature that is broken is in the list with its Err; the error is
// for a file that cannot be read. A file without signatures gives none.
func Verify(data []byte) ([]Signature, error) {
	f, err := pdf.Open(data)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	list, err := signatures(f)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	var all []Signature
	for _, d := range list {
		s := Signature{Name: said(d, "Name"), Reason: said(d, "Reason"), Location: said(d, "Location")}
		if at, err := pdf.ParseDate(said(d, "M")); err == nil {
			s.At = at
		}
		s.verify(data, d)
		all = append(all, s)
	}
	return all, nil
}

// Check says whether a document stands as it was last signed: it carries
// signatures, all are intact and of the certificates with the fingerprints, and
// nothing has been added since the last. nil means yes; an error says what is wrong.
func Check(data []byte, fingerprints ...string) error {
	all, err := Verify(data)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("sign: the document carries no signature")
	}
	whole := false
	for i, s := range all {
		if s.Err != nil {
			return fmt.Errorf("sign: signature %d: %w", i+1, s.Err)
		}
		if !slices.Contains(fingerprints, s.Fingerprint) {
			return fmt.Errorf("sign: signature %d is of another certificate, of %q", i+1, s.Subject)
		}
		whole = whole || s.Whole
	}
	if !whole {
		return errors.New("sign: something has been added after the last signature")
	}
	return nil
}

// signatures lists the dictionaries that the document's signature fields hold.
func signatures(f *pdf.File) ([]pdf.Dict, error) {
	_, root, err := f.Root()
	if err != nil {
		return nil, err
	}
	form, err := f.Dict(root["AcroForm"])
	if err != nil {
		return nil, err
	}
	fields, err := f.Array(form["Fields"])
	if err != nil {
		return nil, err
	}
	var all []pdf.Dict
	for _, v := range fields {
		field, err := f.Dict(v)
		if err != nil {
			return nil, err
		}
		if field["FT"] != pdf.Name("Sig") {
			continue
		}
		d, err := f.Dict(field["V"])
		if err != nil {
			return nil, err
		}
		if d != nil {
			all = append(all, d)
		}
	}
	return all, nil
}

func said(d pdf.Dict, k pdf.Name) string {
	s, _ := d[k].(pdf.String)
	return s.Text()
}

func (s *Signature) verify(data []byte, d pdf.Dict) {
	from, to, end, err := byteRange(d, len(data))
	if err != nil {
		s.Err = err
		return
	}
	s.End, s.Whole = end, end == len(data)
	contents, ok := d["Contents"].(pdf.String)
	// What is left out of the range must be the signature and nothing else.
	if !ok || !bytes.Equal(bytes.ToLower(data[from:to]), fmt.Appendf(nil, "<%x>", []byte(contents))) {
		s.Err = errors.New("the byte range leaves out more than the signature")
		return
	}
	cert, err := unseal(contents, digest(data[:end], from, to))
	if cert != nil {
		s.Subject, s.Fingerprint = cert.Subject.CommonName, fingerprint(cert)
	}
	if err == nil && !s.At.IsZero() && (s.At.Before(cert.NotBefore) || s.At.After(cert.NotAfter)) {
		err = errors.New("the certificate was not valid at the stated time")
	}
	s.Err = err
}

// byteRange reads the range [0 from to rest]: the file up to end, without what
// stands between from and to.
func byteRange(d pdf.Dict, size int) (from, to, end int, err error) {
	a, _ := d["ByteRange"].(pdf.Array)
	var n [4]int
	for i := range n {
		v, ok := -1, false
		if len(a) == 4 {
			v, ok = a[i].(int)
		}
		if !ok || v < 0 || v > size {
			return 0, 0, 0, errors.New("the byte range cannot be read")
		}
		n[i] = v
	}
	from, to, end = n[1], n[2], n[2]+n[3]
	if n[0] != 0 || from >= to || end > size || n[3] == 0 {
		return 0, 0, 0, errors.New("the byte range does not begin with the file and go around the signature")
	}
	return from, to, end, nil
}
