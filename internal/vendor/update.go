package vendor

import (
	"context"
	"encoding/json"
	"reflect"
	"sort"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
)

// Update writes the profile of an approved company. It is for reviewers, as a part
// of their decision; a credit code that another vendor has is an Invalid field.
func Update(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string, c Company) error {
	if err := by.Require(access.ReviewApplications); err != nil {
		return err
	}
	before, err := Load(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	changed, err := differing(before.Company, c)
	if err != nil {
		return err
	}
	if len(changed) == 0 && !before.ApprovedAt.IsZero() {
		return nil
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE vendor SET
			name = $1,
			name_key = $2,
			shop_name = $3,
			uscc = $4,
			company = $5,
			account_index = $6,
			updated_at = $7,
			licence_until = $8
		WHERE id = $9`,
		c.Name, cn.NameKey(c.Name), c.Shop(), db.OrNull(c.USCC), tx.Vault().Seal(place(vendorID), string(plain)),
		AccountIndex(tx, c.Account.Number), tx.Now(), licenceColumn(c), vendorID)
	if db.IsUnique(err) {
		return USCCTaken()
	}
	if err != nil {
		return err
	}
	return Updated.Append(ctx, tx, by, event.About{Subject: vendorID, VendorID: vendorID}, Change{Fields: changed})
}

// AccountIndex is the blind index of a bank account's number.
func AccountIndex(tx *db.Tx, number string) string {
	return tx.Vault().Blind("vendor.account", number)
}

// ByAccount lists the ids of the vendors whose corporate account has the number.
func ByAccount(ctx context.Context, tx *db.Tx, number string) ([]string, error) {
	if number == "" {
		return nil, nil
	}
	return db.All(ctx, tx, db.Value[string], `SELECT id FROM vendor WHERE account_index = $1 AND account_index <> '' ORDER BY id`, AccountIndex(tx, number))
}

// ByName lists the ids of the vendors of that name, however its signs are typed; no
// more than ten.
func ByName(ctx context.Context, tx *db.Tx, name string) ([]string, error) {
	key := cn.NameKey(name)
	if key == "" {
		return nil, nil
	}
	return db.All(ctx, tx, db.Value[string], `SELECT id FROM vendor WHERE name_key = $1 ORDER BY id LIMIT 10`, key)
}

// differing names the top-level fields in which two profiles differ, in order; the
// event's data may hold these, never the values.
func differing(a, b Company) ([]string, error) {
	fa, err := flat(a)
	if err != nil {
		return nil, err
	}
	fb, err := flat(b)
	if err != nil {
		return nil, err
	}
	var names []string
	for k, v := range fb {
		if !reflect.DeepEqual(fa[k], v) {
			names = append(names, k)
		}
	}
	for k := range fa {
		if _, kept := fb[k]; !kept {
			names = append(names, k)
		}
	}
	sort.Strings(names)
	return names, nil
}

func flat(c Company) (map[string]any, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	var m map[string]any
	return m, json.Unmarshal(data, &m)
}
