package sign_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/pdf"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/text"
)

var now = time.Date(2026, 11, 22, 6, 5, 30, 0, time.UTC)

const operator = "云市（北京）科技有限公司"

func newKey(t testing.TB, subject string) sign.Key {
	t.Helper()
	k, err := sign.NewKey(subject, now.Add(-time.Hour), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func contract(t testing.TB) []byte {
	t.Helper()
	d := paper.New(paper.Meta{Title: "合同", Lang: text.ZH, Created: now})
	d.Title("云市场服务商入驻合同", "")
	d.Paragraph("甲、乙双方经协商一致，订立本合同，共同遵守。")
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func signed(t testing.TB, data []byte, k sign.Key, reason string) []byte {
	t.Helper()
	out, err := sign.PDF(data, k, sign.Reason{Reason: reason, Location: "北京", At: now})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func verify(t testing.TB, data []byte) []sign.Signature {
	t.Helper()
	all, err := sign.Verify(data)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSignatureIsIntactAndSaysWhoSigned(t *testing.T) {
	k := newKey(t, operator)
	original := contract(t)
	data := signed(t, original, k, "合同签署存证")
	if !bytes.HasPrefix(data, original) {
		t.Error("the stored bytes are not the beginning of the signed ones")
	}
	all := verify(t, data)
	if len(all) != 1 {
		t.Fatalf("%d signatures", len(all))
	}
	s := all[0]
	if !s.Intact() || !s.Whole || s.Subject != operator || s.Name != operator || s.Fingerprint != k.Fingerprint() ||
		s.Reason != "合同签署存证" || s.Location != "北京" || !s.At.Equal(now) || s.End != len(data) {
		t.Errorf("got %+v", s)
	}
	if err := sign.Check(data, k.Fingerprint()); err != nil {
		t.Error(err)
	}
	qpdf(t, data)
	if out, ok := tool(t, data, "pdfsig", "-nocert", "FILE"); ok {
		for _, want := range []string{"Signature is Valid.", "Total document signed", "SHA-256", "ETSI.CAdES.detached"} {
			if !strings.Contains(out, want) {
				t.Errorf("pdfsig lacks %q:\n%s", want, out)
			}
		}
	}
}

// TestContractIsSignedWithItsEvidence is the path of a contract: the stored
// offer, a page of evidence behind it, the operator's signature, later a second.
func TestContractIsSignedWithItsEvidence(t *testing.T) {
	first, second := newKey(t, operator), newKey(t, "杭州云帆软件技术服务有限公司")
	offer := contract(t)
	e := paper.New(paper.Meta{Lang: text.ZH, Created: now})
	e.Heading("签署存证")
	page, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	both, err := paper.AddPage(offer, page)
	if err != nil {
		t.Fatal(err)
	}
	once := signed(t, both, first, "存证")
	twice := signed(t, once, second, "会签")
	if !bytes.HasPrefix(once, both) || !bytes.HasPrefix(both, offer) || !bytes.HasPrefix(twice, once) {
		t.Error("an earlier revision is not the beginning of a later one")
	}
	all := verify(t, twice)
	if len(all) != 2 || !all[0].Intact() || !all[1].Intact() || all[0].Whole || !all[1].Whole {
		t.Fatalf("got %+v", all)
	}
	if !bytes.Equal(all[0].Revision(twice), once) {
		t.Error("the first revision cannot be cut out again")
	}
	if got := verify(t, all[0].Revision(twice)); len(got) != 1 || !got[0].Intact() || !got[0].Whole {
		t.Errorf("the first revision alone: %+v", got)
	}
	qpdf(t, twice)
	if out, ok := tool(t, twice, "pdfsig", "-nocert", "FILE"); ok && (strings.Count(out, "Signature is Valid.") != 2 || strings.Count(out, "Total document signed") != 1) {
		t.Errorf("pdfsig:\n%s", out)
	}

	if err := sign.Check(twice, first.Fingerprint(), second.Fingerprint()); err != nil {
		t.Error(err)
	}
	if sign.Check(twice, first.Fingerprint()) == nil {
		t.Error("a stranger's certificate passed")
	}
	if sign.Check(offer, first.Fingerprint()) == nil {
		t.Error("a document without signature passed")
	}
	later, err := paper.AddPage(twice, page)
	if err != nil {
		t.Fatal(err)
	}
	if err := sign.Check(later, first.Fingerprint(), second.Fingerprint()); err == nil || !strings.Contains(err.Error(), "added after") {
		t.Errorf("a page added after the last signature: %v", err)
	}
}

func TestOneFlippedByteIsSeen(t *testing.T) {
	k := newKey(t, operator)
	data := signed(t, contract(t), k, "存证")
	at := bytes.Index(data, []byte("stream\n")) + 40
	for _, where := range []int{12, at, len(data) - 100} {
		bad := bytes.Clone(data)
		bad[where] ^= 1
		all, err := sign.Verify(bad)
		if err == nil && (len(all) != 1 || all[0].Intact()) {
			t.Errorf("byte %d changed: %+v", where, all)
		}
		if sign.Check(bad, k.Fingerprint()) == nil {
			t.Errorf("byte %d changed: passed", where)
		}
	}
	bad := bytes.Clone(data)
	bad[at] ^= 1
	if s := verify(t, bad)[0]; s.Subject != operator || !strings.Contains(s.Err.Error(), "changed") {
		t.Errorf("got %+v", s)
	}
	if out, ok := tool(t, bad, "pdfsig", "-nocert", "FILE"); ok && !strings.Contains(out, "Digest Mismatch") {
		t.Errorf("pdfsig:\n%s", out)
	}
}

func TestForgeriesAreSeen(t *testing.T) {
	data := signed(t, contract(t), newKey(t, operator), "存证")
	other := signed(t, contract(t), newKey(t, operator), "会签")
	contents := func(b []byte) (from, to int) {
		from = bytes.Index(b, []byte("/Contents <30")) + len("/Contents <")
		return from, from + bytes.IndexByte(b[from:], '>')
	}
	span := func(b []byte) (from, to int) {
		from = bytes.Index(b, []byte("/ByteRange ")) + len("/ByteRange ")
		return from, from + bytes.IndexByte(b[from:], '\n')
	}
	from, to := contents(data)
	ofrom, oto := contents(other)
	rfrom, rto := span(data)
	forge := func(change func(b []byte)) []byte {
		b := bytes.Clone(data)
		change(b)
		return b
	}
	put := func(b []byte, s string) { copy(b[rfrom:rto], s+strings.Repeat(" ", rto-rfrom-len(s))) }
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"the signature of another document", forge(func(b []byte) { copy(b[from:to], other[ofrom:oto]) })},
		{"no signature", forge(func(b []byte) { copy(b[from:to], bytes.Repeat([]byte("0"), to-from)) })},
		{"the signature's own bytes", forge(func(b []byte) { b[from+400]++ })},
		{"words behind the signature, in its room", forge(func(b []byte) { copy(b[to-8:to], "30303030") })},
		{"a range that leaves out more", forge(func(b []byte) { put(b, fmt.Sprintf("[0 %d %d %d]", from-60, to+1, len(data)-to-1)) })},
		{"a range that leaves out less", forge(func(b []byte) { put(b, fmt.Sprintf("[0 %d %d %d]", from, to+1, len(data)-to-1)) })},
		{"a range that begins later", forge(func(b []byte) { put(b, fmt.Sprintf("[5 %d %d %d]", from-1, to+1, len(data)-to-1)) })},
		{"a range beyond the file", forge(func(b []byte) { put(b, fmt.Sprintf("[0 %d %d %d]", from-1, to+1, len(data))) })},
		{"a range that runs backwards", forge(func(b []byte) { put(b, fmt.Sprintf("[0 %d %d 9]", to, from)) })},
		{"a range of names", forge(func(b []byte) { put(b, "[/A /B /C /D]") })},
	} {
		all := verify(t, c.data)
		if len(all) != 1 || all[0].Intact() {
			t.Errorf("%s: %+v", c.name, all)
		}
	}
}

func TestSignedAtATimeOutsideTheCertificate(t *testing.T) {
	k := newKey(t, operator)
	for at, intact := range map[time.Time]bool{
		now: true, now.AddDate(sign.Years, 0, 0).Add(-2 * time.Hour): true,
		now.AddDate(-1, 0, 0): false, now.AddDate(sign.Years, 0, 1): false,
	} {
		data, err := sign.PDF(contract(t), k, sign.Reason{At: at})
		if err != nil {
			t.Fatal(err)
		}
		if got := verify(t, data)[0].Intact(); got != intact {
			t.Errorf("%s: intact %v, want %v", at, got, intact)
		}
	}
}

func TestKeyComesBackFromPEM(t *testing.T) {
	k := newKey(t, operator)
	data, err := k.PEM()
	if err != nil {
		t.Fatal(err)
	}
	back, err := sign.ParseKey(data)
	if err != nil {
		t.Fatal(err)
	}
	if !back.Same(k) || back.Subject() != operator || back.Fingerprint() != k.Fingerprint() {
		t.Errorf("got %s %s", back.Subject(), back.Fingerprint())
	}
	if !verify(t, signed(t, contract(t), back, ""))[0].Intact() {
		t.Error("the key read back does not sign")
	}
	other, err := newKey(t, operator).PEM()
	if err != nil {
		t.Fatal(err)
	}
	cut := bytes.Index(data, []byte("-----BEGIN CERTIFICATE"))
	for name, bad := range map[string][]byte{
		"nothing": nil, "no certificate": data[:cut], "no key": data[cut:],
		"two halves": append(bytes.Clone(data[:cut]), other[bytes.Index(other, []byte("-----BEGIN CERTIFICATE")):]...),
		"rubbish":    []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
	} {
		if _, err := sign.ParseKey(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := sign.NewKey("", now, rand.Reader); err == nil {
		t.Error("a key without a subject")
	}
	if _, err := sign.PDF(contract(t), sign.Key{}, sign.Reason{}); err == nil {
		t.Error("signed without a key")
	}
	if _, err := sign.PDF([]byte("PK"), k, sign.Reason{}); err == nil {
		t.Error("signed what is no PDF")
	}
}

// TestCMSIsReadByOthers lets OpenSSL check the signature as CMS, where it is installed.
func TestCMSIsReadByOthers(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Log("openssl is not installed; the CMS is checked by our own reader only")
		return
	}
	k := newKey(t, operator)
	data := signed(t, contract(t), k, "")
	from := bytes.Index(data, []byte("/Contents <30")) + len("/Contents <")
	to := from + bytes.IndexByte(data[from:], '>')
	der := unhex(t, data[from:to])
	dir := t.TempDir()
	for name, b := range map[string][]byte{"cms.der": der, "cert.pem": k.Certificate(), "content": append(bytes.Clone(data[:from-1]), data[to+1:]...)} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(openssl, "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "cms.der", "-content", "content", "-CAfile", "cert.pem", "-no_check_time", "-out", os.DevNull)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("openssl: %v\n%s", err, out)
	}
}

func unhex(t *testing.T, b []byte) []byte {
	t.Helper()
	out := make([]byte, len(b)/2)
	for i := range out {
		if _, err := fmt.Sscanf(string(b[2*i:2*i+2]), "%02x", &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func FuzzVerify(f *testing.F) {
	k := newKey(f, operator)
	whole := signed(f, small(), k, "存证")
	f.Add(whole)
	f.Add(signed(f, whole, k, "会签"))
	f.Add(small())
	f.Add([]byte("%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := sign.Verify(data)
		if err != nil {
			return
		}
		for _, s := range all {
			if s.Intact() && s.Fingerprint == k.Fingerprint() && !bytes.HasPrefix(s.Revision(data), small()) {
				t.Error("a changed document is called intact")
			}
			if s.Whole && s.End != len(data) {
				t.Error("a part is called the whole")
			}
		}
	})
}

// small is a document of one empty page.
func small() []byte {
	var w pdf.Writer
	root, tree := w.Reserve(), w.Reserve()
	page := w.Add(pdf.Dict{"Type": pdf.Name("Page"), "Parent": tree, "MediaBox": pdf.Array{0, 0, 9, 9}})
	w.Set(tree, pdf.Dict{"Type": pdf.Name("Pages"), "Kids": pdf.Array{page}, "Count": 1})
	w.Set(root, pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": tree})
	return w.Bytes(pdf.Dict{"Root": root})
}

func qpdf(t *testing.T, data []byte) {
	t.Helper()
	if out, ok := tool(t, data, "qpdf", "--check", "FILE"); ok && !strings.Contains(out, "No syntax or stream encoding errors found") {
		t.Errorf("qpdf:\n%s", out)
	}
}

// tool runs a program on the document; ok is false where it is not installed.
func tool(t *testing.T, data []byte, name string, args ...string) (out string, ok bool) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Logf("%s is not installed; the signature is checked by our own reader only", name)
		return "", false
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	b, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, b)
	}
	return string(b), true
}
