package vault_test

import (
	"crypto/rand"
	"testing"

	"github.com/yunshi-market/yunshi/internal/vault"
)

func opened(t *testing.T, k vault.Keys, err error) (vault.Keys, *vault.Vault) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(k)
	if err != nil {
		t.Fatal(err)
	}
	return k, v
}

// A rotation step by step: at each, what the step before sealed still opens.
func TestRotation(t *testing.T) {
	t.Parallel()
	made, err := vault.NewKeys(rand.Reader)
	k, first := opened(t, made, err)
	old := first.Seal("a.b:1", "张三")
	more, err := k.Add()
	k, second := opened(t, more, err)
	if second.TextSealedByOther(old) || second.TextSealedByOther(second.Seal("a.b:1", "x")) {
		t.Error("an added key seals already")
	}
	more, err = k.Promote()
	k, third := opened(t, more, err)
	now := third.Seal("a.b:1", "张三")
	if !third.TextSealedByOther(old) || third.TextSealedByOther(now) || third.TextSealedByOther("AQ") || third.TextSealedByOther("张三张三张三") {
		t.Error("what the older key sealed is not told from the rest")
	}
	for _, s := range []string{old, now} {
		if plain, err := third.Open("a.b:1", s); err != nil || plain != "张三" {
			t.Errorf("after promoting: %q, %v", plain, err)
		}
	}
	if plain, err := second.Open("a.b:1", now); err != nil || plain != "张三" {
		t.Errorf("a process that knows the added key: %q, %v", plain, err)
	}
	more, err = k.Retire()
	k, fourth := opened(t, more, err)
	if _, err := fourth.Open("a.b:1", old); err == nil {
		t.Error("a dropped key opens")
	}
	if plain, err := fourth.Open("a.b:1", now); err != nil || plain != "张三" {
		t.Errorf("after retiring: %q, %v", plain, err)
	}
	if fourth.Fingerprint() != first.Fingerprint() || fourth.Blind("u", "x") != first.Blind("u", "x") {
		t.Error("a rotation changed the index key")
	}
	if list, err := k.List(); err != nil || len(list) != 1 || !list[0].Seals {
		t.Errorf("keys after: %v, %v", list, err)
	}
}
