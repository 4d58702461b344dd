package vault_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/yunshi-market/yunshi/internal/vault"
)

func newKeys(t testing.TB) vault.Keys {
	t.Helper()
	k, err := vault.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func open(t testing.TB, k vault.Keys) *vault.Vault {
	t.Helper()
	v, err := vault.Open(k)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSealedValueOpensInItsPlaceOnly(t *testing.T) {
	t.Parallel()
	v := open(t, newKeys(t))
	const plain, place = "13800001234", "account.phone:acc_1"
	sealed := v.Seal(place, plain)
	if strings.Contains(sealed, plain) || sealed == v.Seal(place, plain) {
		t.Errorf("sealed as %q, twice the same or readable", sealed)
	}
	if got, err := v.Open(place, sealed); err != nil || got != plain {
		t.Errorf("Open = %q, %v", got, err)
	}
	changed := []byte(sealed)
	changed[len(changed)/2] ^= 1
	for name, c := range map[string]struct{ place, sealed string }{
		"another row":    {"account.phone:acc_2", sealed},
		"another column": {"account.email:acc_1", sealed},
		"changed":        {place, string(changed)},
		"cut":            {place, sealed[:len(sealed)-8]},
		"not base64":     {place, "%%%"},
		"not sealed":     {place, plain},
	} {
		if got, err := v.Open(c.place, c.sealed); err == nil || got != "" || strings.Contains(err.Error(), plain) {
			t.Errorf("%s: opened as %q, %v", name, got, err)
		}
	}
	if _, err := open(t, newKeys(t)).Open(place, sealed); err == nil {
		t.Error("another installation's keys opened it")
	}
	if got, err := v.Open(place, v.Seal(place, "")); v.Seal(place, "") != "" || got != "" || err != nil {
		t.Errorf("nothing was sealed as something: %q, %v", got, err)
	}
}

func TestBytesAreSealedAsText(t *testing.T) {
	t.Parallel()
	v := open(t, newKeys(t))
	for _, plain := range [][]byte{{}, {0}, bytes.Repeat([]byte("云"), 1<<20)} {
		got, err := v.OpenBytes("blob:x", v.SealBytes("blob:x", plain))
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes came back as %d, %v", len(plain), len(got), err)
		}
	}
}

// Keys written to a file and read again are the same installation.
func TestKeysSurviveTheirFile(t *testing.T) {
	t.Parallel()
	k := newKeys(t)
	data, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	var again vault.Keys
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	a, b := open(t, k), open(t, again)
	if got, err := b.Open("p", a.Seal("p", "x")); err != nil || got != "x" {
		t.Errorf("Open = %q, %v", got, err)
	}
	if a.Fingerprint() != b.Fingerprint() || a.Blind("u", "x") != b.Blind("u", "x") {
		t.Error("the same keys have two fingerprints or indexes")
	}
	if f := a.Fingerprint(); len(f) != 32 || f == open(t, newKeys(t)).Fingerprint() || strings.Contains(string(data), f) {
		t.Errorf("fingerprint %q is short, shared, or part of the keys", f)
	}
}

func TestRotatedKeysOpenWhatOldOnesSealed(t *testing.T) {
	t.Parallel()
	k := newKeys(t)
	sealed := open(t, k).Seal("p", "old")
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(k.Fields)))
	if err != nil {
		t.Fatal(err)
	}
	m := keyset.NewManagerFromHandle(handle)
	id, err := m.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.SetPrimary(id); err != nil {
		t.Fatal(err)
	}
	if handle, err = m.Handle(); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		t.Fatal(err)
	}
	rotated := open(t, vault.Keys{Fields: buf.Bytes(), Index: k.Index})
	if got, err := rotated.Open("p", sealed); err != nil || got != "old" {
		t.Errorf("after rotation: %q, %v", got, err)
	}
	if _, err := open(t, k).Open("p", rotated.Seal("p", "new")); err == nil {
		t.Error("the new primary key is not the one that seals")
	}
}

func TestWrongKeysAreRefusedWithoutShowingThem(t *testing.T) {
	t.Parallel()
	good := newKeys(t)
	for name, k := range map[string]vault.Keys{
		"none":           {},
		"no keyset":      {Fields: json.RawMessage(`{"s3cret": 1}`), Index: good.Index},
		"half a keyset":  {Fields: good.Fields[:len(good.Fields)/2], Index: good.Index},
		"short index":    {Fields: good.Fields, Index: good.Index[:31]},
		"another primit": {Fields: json.RawMessage(strings.ReplaceAll(string(good.Fields), "XChaCha20Poly1305Key", "HmacKey")), Index: good.Index},
	} {
		v, err := vault.Open(k)
		if err == nil || v != nil {
			t.Errorf("%s: opened", name)
			continue
		}
		if strings.Contains(err.Error(), "s3cret") || len(k.Fields) > 40 && strings.Contains(err.Error(), string(k.Fields[20:40])) {
			t.Errorf("%s: the error shows the keys: %v", name, err)
		}
	}
	if _, err := vault.NewKeys(strings.NewReader("short")); err == nil {
		t.Error("keys were made of too little randomness")
	}
}

func TestBlindIndexFindsEquals(t *testing.T) {
	t.Parallel()
	v := open(t, newKeys(t))
	a := v.Blind("email", "a@example.com")
	if a != v.Blind("email", "a@example.com") || len(a) != 24 || strings.Contains(a, "example") {
		t.Errorf("index %q is not steady, short or readable", a)
	}
	for name, b := range map[string]string{
		"another value": v.Blind("email", "b@example.com"), "another use": v.Blind("phone", "a@example.com"),
		"parts moved": v.Blind("emai", "la@example.com"), "other keys": open(t, newKeys(t)).Blind("email", "a@example.com"),
	} {
		if a == b {
			t.Errorf("%s has the same index", name)
		}
	}
	if v.Blind("email", "") != "" {
		t.Error("nothing has an index, by which all who have nothing would be found")
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{vault.MaskPhone("13812341234"), "138****1234"},
		{vault.MaskPhone("+8613812341234"), "138****1234"},
		{vault.MaskPhone("07551234"), "075***34"},
		{vault.MaskPhone(""), ""},
		{vault.MaskMail("alice@example.com"), "a***@example.com"},
		{vault.MaskMail("王@example.cn"), "王***@example.cn"},
		{vault.MaskMail(`"a@b"@example.com`), `"***@example.com`},
		{vault.MaskMail("@example.com"), "@****"},
		{vault.MaskMail("nobody"), "n****"},
		{vault.MaskMail(""), ""},
		{vault.MaskAccount("6225880212345678"), "**** 5678"},
		{vault.MaskAccount("账号一二三四五六"), "**** 三四五六"},
		{vault.MaskAccount("1234"), "**34"},
		{vault.MaskAccount(""), ""},
		{vault.Mask("张三", 1, 0), "张*"},
		{vault.Mask("欧阳小明", 1, 0), "欧***"},
		{vault.Mask("张", 1, 0), "*"},
		{vault.Mask("ab", 1, 1), "a*"},
		{vault.Mask("91440300MA5EXAMPL0", 4, 4), "9144****MPL0"},
	} {
		if c.got != c.want {
			t.Errorf("masked as %q, want %q", c.got, c.want)
		}
	}
}

// A mask always hides something: at least a third, and of three runes two.
func FuzzMask(f *testing.F) {
	f.Add("13812341234", 3, 4)
	f.Add("张三", 1, 1)
	f.Add("", 0, 0)
	f.Add("x", 9, 9)
	f.Fuzz(func(t *testing.T, s string, first, last int) {
		if first < 0 || last < 0 || first > 1000 || last > 1000 || !utf8.ValidString(s) {
			return
		}
		masked := vault.Mask(s, first, last)
		n := utf8.RuneCountInString(s)
		if s == "" {
			if masked != "" {
				t.Errorf("nothing is masked as %q", masked)
			}
			return
		}
		if strings.Contains(s, "*") {
			return
		}
		shown := utf8.RuneCountInString(strings.ReplaceAll(masked, "*", ""))
		if shown > first+last || shown > n*2/3 || n < 4 && shown > 1 || shown == n || !strings.Contains(masked, "*") {
			t.Errorf("Mask(%q, %d, %d) = %q shows %d of %d", s, first, last, masked, shown, n)
		}
	})
}
