package reference

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Published examples of ISO 7064 MOD 37,36; the last is the GRid standard's own.
func TestCheckOfPublishedVectors(t *testing.T) {
	for _, whole := range []string{"123ABX", "DADPIDA3897722461J", "A12425GABC1234002M"} {
		body, want := whole[:len(whole)-1], whole[len(whole)-1]
		got, ok := checkOf(body)
		if !ok || got != want {
			t.Errorf("check of %s: got %c, want %c", body, got, want)
		}
	}
	if _, ok := checkOf("12*"); ok {
		t.Error("a character outside 0–9A–Z got a check character")
	}
}

// The standard promises that every single wrong character is caught.
func TestCheckCatchesEverySingleSlip(t *testing.T) {
	ref := mint(t, 1)
	for i := len(Prefix); i < length; i++ {
		for _, c := range []byte(alphabet) {
			if c == ref[i] {
				continue
			}
			bad := ref[:i] + string(c) + ref[i+1:]
			if _, err := Parse(bad); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s for %s was taken: %v", bad, ref, err)
			}
		}
	}
}

// mint makes a reference from a fixed stream that begins with the seed.
func mint(t *testing.T, seed byte) string {
	t.Helper()
	stream := make([]byte, 64*randoms)
	for i := range stream {
		stream[i] = seed + byte(i)*7 + byte(i/8)
	}
	ref, err := New(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestNewHasTheWrittenForm(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		ref, err := New(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if len(ref) != 11 || !strings.HasPrefix(ref, "YS") || strings.ContainsAny(ref[2:], "ILOU") {
			t.Fatalf("%s is not YS and nine unmistakable characters", ref)
		}
		if back, err := Parse(ref); err != nil || back != ref {
			t.Fatalf("Parse(%s) = %s, %v", ref, back, err)
		}
		seen[ref] = true
	}
	if len(seen) != 2000 {
		t.Errorf("%d of 2000 references differ", len(seen))
	}
	if _, err := New(bytes.NewReader([]byte{1, 2})); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("with too little randomness: %v", err)
	}
}

func TestNewDrawsAgainForAMisreadableCheck(t *testing.T) {
	var redrawn bool
	for seed := range 256 {
		first := make([]byte, randoms)
		for i := range first {
			first[i] = byte(seed + i*5)
		}
		body := Prefix
		for _, b := range first {
			body += string(alphabet[b%32])
		}
		check, _ := checkOf(body)
		if !strings.ContainsRune("ILOU", rune(check)) {
			continue
		}
		redrawn = true
		if ref, err := New(bytes.NewReader(first)); err == nil {
			t.Errorf("New gave %s, whose check character can be misread", ref)
		}
	}
	if !redrawn {
		t.Error("no seed led to such a check character: the test shows nothing")
	}
}

func TestParse(t *testing.T) {
	ref := seven
	for _, tt := range []struct {
		name, in string
		ok       bool
	}{
		{"as made", ref, true},
		{"lower case", strings.ToLower(ref), true},
		{"in groups", Group(ref), true},
		{"hyphens and dashes", "YS-7K3M—9Q2X–" + ref[10:], true},
		{"full width", "ＹＳ７Ｋ３Ｍ９Ｑ２Ｘ" + ref[10:], true},
		{"blanks around", "\t " + ref + "\u3000", true},
		{"short", ref[:10], false},
		{"long", ref + "0", false},
		{"empty", "", false},
		{"other prefix", "YT" + ref[2:], false},
		{"two swapped", "YSK73M9Q2X" + ref[10:], false},
		{"words around", "附言" + ref, false},
	} {
		got, err := Parse(tt.in)
		if tt.ok && (err != nil || got != ref) {
			t.Errorf("%s: got %q, %v; want %s", tt.name, got, err, ref)
		}
		if !tt.ok && !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: got %q, %v; want Invalid", tt.name, got, err)
		}
	}
}

// seven is the reference that the tests spell in many ways.
var seven = func() string {
	check, _ := checkOf("YS7K3M9Q2X")
	return "YS7K3M9Q2X" + string(check)
}()

// one holds a zero and a one, which people write as O, I and L.
var one = func() string {
	check, _ := checkOf("YS0A1B0C1F")
	return "YS0A1B0C1F" + string(check)
}()

func TestFind(t *testing.T) {
	c := seven[10:]
	for _, tt := range []struct {
		name, remark string
		want         []string
	}{
		{"the brief remark", "保证金 ys-7k3m 9q2x " + strings.ToLower(c) + " 谢谢", []string{seven}},
		{"alone", seven, []string{seven}},
		{"joined to words", "云市场入驻保证金" + seven + "深圳星河云科技有限公司", []string{seven}},
		{"joined to numbers", "20260105" + seven + "5000.00", []string{seven}},
		{"after other letters", "REMARK:PAYS " + seven, []string{seven}},
		{"full width", "附言：ＹＳ７Ｋ３Ｍ ９Ｑ２Ｘ" + c, []string{seven}},
		{"wrapped by the bank", "保证金YS7K3M\r\n9Q2X" + c, []string{seven}},
		{"O for 0, I and l for 1", "ysOAIBoCl F" + one[10:], []string{one}},
		{"two of them", seven + "/" + one, []string{seven, one}},
		{"the same twice", seven + "；" + seven, []string{seven}},
		{"prefix doubled", "YS" + seven, []string{seven}},
		{"without the check character", "YS7K3M9Q2X", nil},
		{"cut by a comma", "YS7K3M,9Q2X" + c, nil},
		{"wrong check character", "YS7K3M9Q2X" + string(alphabet[(strings.Index(alphabet, c)+1)%32]), nil},
		{"U is in no reference", "YSU" + seven[3:], nil},
		{"plain words", "服务费 systems YSL 2026年1月", nil},
		{"empty", "", nil},
		{"broken UTF-8", "\xff\xfe" + seven + "\xff", []string{seven}},
	} {
		if diff := cmp.Diff(tt.want, Find(tt.remark)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestGroup(t *testing.T) {
	if got, want := Group(seven), "YS 7K3M 9Q2X "+seven[10:]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Group("abc"); got != "abc" {
		t.Errorf("got %q", got)
	}
}

func TestFaultsAreInTheCatalogue(t *testing.T) {
	for _, bad := range []string{"", "YS7K3M9Q2X0"} {
		_, err := Parse(bad)
		var f *fault.Error
		if !errors.As(err, &f) || !text.Known(f.Message.Key) {
			t.Errorf("Parse(%q): %v has no sentence", bad, err)
		}
	}
}

// FuzzFind embeds a made reference in any remark and expects it found, and
// expects all that is found to be readable as a reference.
func FuzzFind(f *testing.F) {
	f.Add(uint64(7), "保证金 ", " 谢谢")
	f.Add(uint64(0xffffffffff), "YS", "YS7K3M9Q2X")
	f.Add(uint64(31), "\xff附言－", "ＹＳ")
	f.Fuzz(func(t *testing.T, bits uint64, before, after string) {
		body := Prefix
		for i := range randoms {
			body += string(alphabet[bits>>(5*i)&31])
		}
		check, ok := checkOf(body)
		if !ok {
			t.Fatalf("no check character for %s", body)
		}
		ref := body + string(check)
		unmistakable := strings.IndexByte(alphabet, check) >= 0
		var found bool
		for _, got := range Find(before + ref[:6] + " - " + strings.ToLower(ref[6:]) + after) {
			if back, err := Parse(got); err != nil || back != got {
				t.Errorf("found %q, which Parse reads as %q, %v", got, back, err)
			}
			found = found || got == ref
		}
		if found != unmistakable {
			t.Errorf("%s in the remark: found %v, want %v", ref, found, unmistakable)
		}
	})
}
