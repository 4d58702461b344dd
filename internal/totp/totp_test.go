package totp_test

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/totp"
)

// rfc is the secret of the vectors of RFC 6238, appendix B.
var rfc = base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))

func TestVectorsOfTheRFC(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unix int64
		want string // the last six of the eight digits of the RFC
	}{
		{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
	} {
		got, err := totp.Code(rfc, totp.Step(time.Unix(c.unix, 0)))
		if err != nil || got != c.want {
			t.Errorf("at %d: %s, %v, want %s", c.unix, got, err, c.want)
		}
	}
}

func TestMatchTakesOneStepEachWay(t *testing.T) {
	t.Parallel()
	now := time.Unix(1234567890, 0)
	for _, c := range []struct {
		name string
		at   time.Duration
		want bool
	}{
		{"now", 0, true}, {"one before", -30 * time.Second, true}, {"one after", 30 * time.Second, true},
		{"two before", -60 * time.Second, false}, {"two after", 60 * time.Second, false},
	} {
		code, err := totp.Code(rfc, totp.Step(now.Add(c.at)))
		if err != nil {
			t.Fatal(err)
		}
		step, ok, err := totp.Match(rfc, code, now)
		if err != nil || ok != c.want || ok && step != totp.Step(now.Add(c.at)) {
			t.Errorf("%s: step %d, %v, %v", c.name, step, ok, err)
		}
	}
	for _, wrong := range []string{"", "00592", "0059245", "abcdef"} {
		if _, ok, err := totp.Match(rfc, wrong, now); ok || err != nil {
			t.Errorf("%q matches: %v", wrong, err)
		}
	}
	if _, _, err := totp.Match("not base32!", "000000", now); err == nil {
		t.Error("a secret of no base32 is taken")
	}
}

func TestURIIsReadByApps(t *testing.T) {
	t.Parallel()
	secret, err := totp.NewSecret(rand.Reader)
	if err != nil || len(secret) != 32 {
		t.Fatalf("secret %q, %v", secret, err)
	}
	u, err := url.Parse(totp.URI("云 市: 场", "王芳 <w@example.com>", secret))
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/云 市  场:王芳 <w@example.com>" || u.Query().Get("secret") != secret || u.Query().Get("issuer") != "云 市  场" {
		t.Errorf("got %s: %q", u, u.Path)
	}
}
