package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// slot is the place of one Idempotency-Key. Without a key it keeps nothing.
type slot struct {
	key      string
	replayed bool
	body     string
}

// hashRequest tells one request from another. A body with a zero byte, which
// PostgreSQL does not hold, is refused here, where every body passes.
func hashRequest(o route, in any) (string, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	if holdsZero(body) {
		return "", fault.New(fault.Invalid, "api.zero_byte")
	}
	h := sha256.Sum256(append([]byte(o.method+" "+o.path+"\n"+pathID(in)+"\n"), body...))
	return hex.EncodeToString(h[:]), nil
}

// holdsZero looks for a zero byte in texts of marshalled JSON, where it can only
// stand escaped.
func holdsZero(body []byte) bool {
	for rest := body; ; {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return false
		}
		slashes := 0
		for j := i - 1; j >= 0 && rest[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return true
		}
		rest = rest[i+len(`\u0000`):]
	}
}

// pathID is the id that setID copied; it does not stand in the JSON.
func pathID(in any) string {
	v := reflect.ValueOf(in)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("path") == "id" {
			return v.Field(i).String()
		}
	}
	return ""
}

// claim takes the key for this request in the operation's own transaction, so
// that an answer is kept exactly when its effect is. A key that was used with
// another request is fault.Invalid.
func claim(ctx context.Context, tx *db.Tx, by access.Actor, o route, key, request string) (slot, error) {
	if key == "" {
		return slot{}, nil
	}
	who := by.ID
	if who == "" {
		who = by.Address
	}
	s := slot{key: tx.Vault().Blind("api.idempotency", who+"\n"+key)}
	request = tx.Vault().Blind("api.request", request) // a body may hold a password, whose bare hash can be guessed
	n, err := tx.Exec(ctx, `INSERT INTO api_answer (key, request_hash, body, made_at) VALUES ($1, $2, '', $3) ON CONFLICT (key) DO NOTHING`, s.key, request, tx.Now())
	if err != nil || n == 1 {
		return s, err
	}
	type row struct{ hash, body string }
	r, err := db.One(ctx, tx, func(r *row) []any { return []any{&r.hash, &r.body} }, `SELECT request_hash, body FROM api_answer WHERE key = $1`, s.key)
	if err != nil {
		return s, err
	}
	if r.hash != request {
		return s, fault.New(fault.Invalid, "api.key_reused")
	}
	s.replayed = true
	s.body, err = tx.Vault().Open("api_answer.body:"+s.key, r.body)
	return s, err
}

func (s slot) into(out any) error { return json.Unmarshal([]byte(s.body), out) }

func (s slot) keep(ctx context.Context, tx *db.Tx, out any) error {
	if s.key == "" {
		return nil
	}
	body, err := json.Marshal(kept(out))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE api_answer SET body = $1 WHERE key = $2`, tx.Vault().Seal("api_answer.body:"+s.key, string(body)), s.key)
	return err
}

// kept is the answer as it is stored: one that holds a secret, which is never
// told twice, leaves it out by its method forget.
func kept(out any) any {
	if f, ok := out.(interface{ forget() any }); ok {
		return f.forget()
	}
	return out
}

// Sweep removes answers older than a day.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM api_answer WHERE made_at < $1`, tx.Now().Add(-24*time.Hour))
	return err
}
