package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// tc3 signs requests of Tencent Cloud's API 3.0 by TC3-HMAC-SHA256.
type tc3 struct {
	secretID, secretKey string
	service             string
}

// header is a signed header, name and value in lower case, in order of the name.
type header struct{ name, value string }

// authorization returns the Authorization header of a POST to / at the time.
func (s tc3) authorization(at time.Time, headers []header, payload []byte) string {
	var canonical, names strings.Builder
	for i, h := range headers {
		canonical.WriteString(h.name + ":" + h.value + "\n")
		if i > 0 {
			names.WriteByte(';')
		}
		names.WriteString(h.name)
	}
	request := strings.Join([]string{"POST", "/", "", canonical.String(), names.String(), hash(payload)}, "\n")

	day := at.UTC().Format("2006-01-02")
	scope := day + "/" + s.service + "/tc3_request"
	toSign := strings.Join([]string{"TC3-HMAC-SHA256", strconv.FormatInt(at.Unix(), 10), scope, hash([]byte(request))}, "\n")

	key := mac([]byte("TC3"+s.secretKey), day)
	key = mac(key, s.service)
	key = mac(key, "tc3_request")
	return "TC3-HMAC-SHA256 Credential=" + s.secretID + "/" + scope +
		", SignedHeaders=" + names.String() +
		", Signature=" + hex.EncodeToString(mac(key, toSign))
}

func hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func mac(key []byte, data string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(data))
	return h.Sum(nil)
}
