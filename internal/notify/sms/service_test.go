package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// instant is when all tests happen.
var instant = time.Date(2026, 1, 5, 23, 59, 30, 0, time.UTC)

func clock() time.Time { return instant }

const phone = "13812345678"

// code is the message the tests send.
func code() Message {
	return Message{
		ID: "msg_01HV7Q", To: phone, Template: "sign_in_code",
		Params: map[string]string{"code": "493817", "minutes": "5"},
		Text:   "【云市】验证码 493817，5 分钟内有效。",
	}
}

// call is one request a service got.
type call struct {
	method, path string
	header       http.Header
	host         string
	body         string
}

// service is a server on this machine that notes what it gets and answers as told.
type service struct {
	*httptest.Server
	roots *x509.CertPool

	mu    sync.Mutex
	calls []call
}

// serve starts a service; with plain it speaks without TLS.
func serve(t *testing.T, plain bool, status int, answer string, header ...string) *service {
	t.Helper()
	s := &service{roots: x509.NewCertPool()}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.calls = append(s.calls, call{r.Method, r.URL.Path, r.Header, r.Host, string(body)})
		s.mu.Unlock()
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, answer)
	})
	if plain {
		s.Server = httptest.NewServer(handler)
	} else {
		s.Server = httptest.NewTLSServer(handler)
		s.roots.AddCert(s.Certificate())
	}
	t.Cleanup(s.Close)
	return s
}

// all returns the requests so far.
func (s *service) all() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]call(nil), s.calls...)
}

// verifyTC3 checks a request as the documentation of signature v3 tells the
// server's side to: it rebuilds the canonical request from what arrived and the
// headers named as signed. It shares no code with the signer.
func verifyTC3(c call, secretID, secretKey, service string, now time.Time) error {
	rest, ok := strings.CutPrefix(c.header.Get("Authorization"), "TC3-HMAC-SHA256 ")
	if !ok {
		return fmt.Errorf("algorithm: %q", c.header.Get("Authorization"))
	}
	given := map[string]string{}
	for _, p := range strings.Split(rest, ", ") {
		name, value, _ := strings.Cut(p, "=")
		given[name] = value
	}
	var at int64
	if _, err := fmt.Sscan(c.header.Get("X-TC-Timestamp"), &at); err != nil {
		return err
	}
	if d := now.Unix() - at; d > 300 || d < -300 {
		return fmt.Errorf("signed %d s ago", d)
	}
	scope := time.Unix(at, 0).UTC().Format(time.DateOnly) + "/" + service + "/tc3_request"
	if given["Credential"] != secretID+"/"+scope {
		return fmt.Errorf("credential %q", given["Credential"])
	}
	canonical := c.method + "\n" + c.path + "\n\n"
	for _, name := range strings.Split(given["SignedHeaders"], ";") {
		value := c.header.Get(name)
		if name == "host" {
			value = c.host
		}
		canonical += name + ":" + strings.ToLower(strings.TrimSpace(value)) + "\n"
	}
	for _, must := range []string{"content-type", "host"} {
		if !strings.Contains(";"+given["SignedHeaders"]+";", ";"+must+";") {
			return fmt.Errorf("%s is not signed", must)
		}
	}
	canonical += "\n" + given["SignedHeaders"] + "\n" + fmt.Sprintf("%x", sha256.Sum256([]byte(c.body)))
	toSign := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s\n%x", at, scope, sha256.Sum256([]byte(canonical)))
	key := []byte("TC3" + secretKey)
	for _, step := range append(strings.Split(scope, "/"), toSign) {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(step))
		key = h.Sum(nil)
	}
	if want := hex.EncodeToString(key); given["Signature"] != want {
		return fmt.Errorf("signature %s, want %s", given["Signature"], want)
	}
	return nil
}

// verifyWebhook checks a request as Standard Webhooks 1.0.0 tells receivers to.
func verifyWebhook(header http.Header, body, secret string, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	id, stamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	var at int64
	if _, err := fmt.Sscan(stamp, &at); err != nil {
		return err
	}
	if d := now.Unix() - at; d > 300 || d < -300 {
		return fmt.Errorf("signed %d s ago", d)
	}
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%s.%s", id, stamp, body)
	want := "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
	for _, s := range strings.Split(header.Get("webhook-signature"), " ") {
		if s == want {
			return nil
		}
	}
	return fmt.Errorf("signatures %q, none is %s", header.Get("webhook-signature"), want)
}
