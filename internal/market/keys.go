package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/rekey"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// KeySet reads the encryption keys: given, or those of the data folder. It makes none.
func (c Config) KeySet() (vault.Keys, error) {
	var k vault.Keys
	text := c.Keys
	if text == "" {
		b, err := os.ReadFile(filepath.Join(c.Data, "keys.json"))
		if err != nil {
			return k, fmt.Errorf("neither YUNSHI_KEYS nor the data folder holds keys: %w", err)
		}
		text = string(b)
	}
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return k, errors.New("YUNSHI_KEYS is not the JSON that `yunshi keys` prints")
	}
	return k, nil
}

// ChangeKeys makes a step of a rotation. Keys of the data folder are written back
// there, the set before beside them as keys.before.json; for keys of the environment
// the new set is returned as text, to be put where the old one is.
func (c Config) ChangeKeys(step func(vault.Keys) (vault.Keys, error)) (text string, err error) {
	k, err := c.KeySet()
	if err != nil {
		return "", err
	}
	if k, err = step(k); err != nil {
		return "", err
	}
	if _, err := vault.Open(k); err != nil {
		return "", err
	}
	if c.Keys != "" {
		b, err := json.Marshal(k)
		return string(b), err
	}
	b, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return "", err
	}
	path := filepath.Join(c.Data, "keys.json")
	before, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if err := replace(filepath.Join(c.Data, "keys.before.json"), before); err != nil {
		return "", err
	}
	return "", replace(path, b)
}

// replace writes a file that nobody else reads in one step.
func replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Reseal seals by the key that seals now what older keys of the set have sealed.
func (c Config) Reseal(ctx context.Context, opt rekey.Options) (rekey.Report, error) {
	k, err := c.KeySet()
	if err != nil {
		return rekey.Report{}, err
	}
	v, err := vault.Open(k)
	if err != nil {
		return rekey.Report{}, err
	}
	d, store, end, err := c.raw(ctx, v)
	if err != nil {
		return rekey.Report{}, err
	}
	r, err := rekey.Run(ctx, d, v, store, opt)
	return r, errors.Join(err, end())
}
