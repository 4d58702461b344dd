package vendor_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

var (
	reviewer = access.Actor{Kind: access.Staff, ID: "acc_rev", Roles: []access.Role{access.Reviewer}}
	auditor  = access.Actor{Kind: access.Staff, ID: "acc_aud", Roles: []access.Role{access.Auditor}}
)

func write(d *db.DB, do func(ctx context.Context, tx *db.Tx) error) error {
	ctx := context.Background()
	return d.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx) })
}

// person writes a member's account, as account.Register and Verify leave it.
func person(t *testing.T, d *db.DB, id string) access.Actor {
	t.Helper()
	err := write(d, func(ctx context.Context, tx *db.Tx) error {
		v := tx.Vault()
		_, err := tx.Exec(ctx, `
			INSERT INTO account (id, kind, mail, mail_index, phone, phone_index, name, password_hash, lang, roles, created_at, verified_at)
			VALUES ($1, 'member', $2, $3, '', $4, $5, '', 'zh-CN', '[]', $6, $6)`,
			id, v.Seal("account.mail:"+id, id+"@example.com"), id, id, v.Seal("account.name:"+id, "王芳"), tx.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.Actor{Kind: access.Member, ID: id}
}

func register(t *testing.T, d *db.DB, by access.Actor) vendor.Vendor {
	t.Helper()
	var v vendor.Vendor
	if err := write(d, func(ctx context.Context, tx *db.Tx) (err error) { v, err = vendor.Register(ctx, tx, by); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

func company() vendor.Company {
	return vendor.Company{
		Name: "深圳示例科技有限公司", USCC: "91440300708461136T", Type: "有限责任公司", LegalPerson: "李明", Capital: money.CNY(500_000_000),
		Established: calendar.Date(2015, 3, 5), Address: "深圳市南山区科技路 1 号", Scope: "软件开发", Registrar: "深圳市市场监督管理局",
		Contact: vendor.Contact{Name: "王芳", Phone: "+8613800138000", Mail: "wang@example.com"}, ServiceMail: "help@example.com", ServicePhone: "0755-86013388",
		Account: vendor.BankAccount{Holder: "深圳示例科技有限公司", Bank: "招商银行", Branch: "深圳分行", Province: "广东省", City: "深圳市", Number: "755900000010001"},
		Hours:   calendar.Week{Mon: []calendar.Span{{From: 540, To: 1080}}}, ShopName: "示例科技", Intro: "做软件",
	}
}

// Rule O-2: pressing 服务商入驻 makes the vendor and its owner; a second time it is the same.
func TestRegisterMakesTheOwnerOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		by := person(t, d, "acc_1")
		v := register(t, d, by)
		if again := register(t, d, by); again.ID != v.ID {
			t.Errorf("a second vendor %s beside %s", again.ID, v.ID)
		}
		by.VendorID = v.ID
		if again := register(t, d, by); again.ID != v.ID {
			t.Errorf("a third vendor %s", again.ID)
		}
		err := write(d, func(ctx context.Context, tx *db.Tx) error {
			joined, err := db.One(ctx, tx, func(s *[2]string) []any { return []any{&s[0], &s[1]} }, `SELECT vendor_id, roles FROM account WHERE id = $1`, by.ID)
			if joined != [2]string{v.ID, `["owner"]`} {
				t.Errorf("the account says %v", joined)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRegisterAtOnceMakesOneVendor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		by := person(t, d, "acc_1")
		ids := make([]string, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				err := write(d, func(ctx context.Context, tx *db.Tx) error {
					v, err := vendor.Register(ctx, tx, by)
					ids[i] = v.ID
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id == "" || id != ids[0] {
				t.Fatalf("several vendors: %v", ids)
			}
		}
	})
}

func TestRegisterRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		reader := person(t, d, "acc_2")
		reader.Scopes = []access.Scope{access.ScopeRead}
		for _, tt := range []struct {
			name string
			by   access.Actor
			kind fault.Kind
		}{
			{"a visitor", access.Actor{}, fault.Unauthenticated},
			{"staff", reviewer, fault.Forbidden},
			{"a key that may only read", reader, fault.Forbidden},
			{"an account that is not there", access.Actor{Kind: access.Member, ID: "acc_none"}, fault.NotFound},
		} {
			err := write(d, func(ctx context.Context, tx *db.Tx) error { _, err := vendor.Register(ctx, tx, tt.by); return err })
			if !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.kind)
			}
		}
	})
}

// Rule E-1: one credit code belongs to one vendor.
func TestOneCreditCodeBelongsToOneVendor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, b := register(t, d, person(t, d, "acc_1")), register(t, d, person(t, d, "acc_2"))
		claim := func(id string) error {
			return write(d, func(ctx context.Context, tx *db.Tx) error {
				return vendor.Claim(ctx, tx, id, "91440300708461136T", "深圳示例科技有限公司")
			})
		}
		if err := claim(a.ID); err != nil {
			t.Fatal(err)
		}
		if err := claim(a.ID); err != nil {
			t.Errorf("its own code again: %v", err)
		}
		err := claim(b.ID)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Fields[0].Pointer != "/company/uscc" || f.Fields[0].Rule != "E-1" {
			t.Fatalf("another's code: %v", err)
		}
		if err := write(d, func(ctx context.Context, tx *db.Tx) error { return vendor.Free(ctx, tx, a.ID) }); err != nil {
			t.Fatal(err)
		}
		if err := claim(b.ID); err != nil {
			t.Errorf("a code given back: %v", err)
		}
		err = write(d, func(ctx context.Context, tx *db.Tx) error { return vendor.Update(ctx, tx, reviewer, a.ID, company()) })
		if !errors.As(err, &f) || f.Fields[0].Pointer != "/company/uscc" {
			t.Errorf("approved with another's code: %v", err)
		}
	})
}

func TestClaimAtOnceHasOneWinner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ids := []string{register(t, d, person(t, d, "acc_1")).ID, register(t, d, person(t, d, "acc_2")).ID}
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				errs[i] = write(d, func(ctx context.Context, tx *db.Tx) error {
					return vendor.Claim(ctx, tx, id, "91440300708461136T", "深圳示例科技有限公司")
				})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("winners: %v, %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil && !errors.Is(err, fault.Invalid) {
				t.Errorf("the loser is told %v", err)
			}
		}
	})
}

func TestProfileIsSealedAndComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := register(t, d, person(t, d, "acc_1"))
		update := func(c vendor.Company) {
			t.Helper()
			if err := write(d, func(ctx context.Context, tx *db.Tx) error { return vendor.Update(ctx, tx, reviewer, v.ID, c) }); err != nil {
				t.Fatal(err)
			}
		}
		update(company())
		update(company()) // unchanged: no event
		later := company()
		later.ServicePhone, later.ShopName = "400-910-0100", ""
		update(later)
		err := write(d, func(ctx context.Context, tx *db.Tx) error {
			got, err := vendor.Load(ctx, tx, v.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(later, got.Company); diff != "" {
				t.Error(diff)
			}
			if got.ShopName != later.Name || got.Name != later.Name || got.ApprovedAt.IsZero() {
				t.Errorf("the row says %+v", got)
			}
			sealed, err := db.One(ctx, tx, db.Value[string], `SELECT company FROM vendor WHERE id = $1`, v.ID)
			for _, secret := range []string{"755900000010001", "13800138000", "王芳", "wang@", "李明"} {
				if strings.Contains(sealed, secret) {
					t.Errorf("%s can be read where it rests", secret)
				}
			}
			if err != nil {
				return err
			}
			owners, err := vendor.ByAccount(ctx, tx, "755900000010001")
			if diff := cmp.Diff([]string{v.ID}, owners); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			data, err := db.All(ctx, tx, db.Value[string], `SELECT data FROM event WHERE kind = 'vendor.updated' ORDER BY id`)
			if len(data) != 2 || data[1] != `{"fields":["service_phone","shop_name"]}` {
				t.Errorf("the events say %v", data)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestUpdateIsForReviewers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		by := person(t, d, "acc_1")
		v := register(t, d, by)
		by.VendorID, by.Roles = v.ID, []access.Role{access.Owner}
		for _, who := range []access.Actor{{}, by, auditor} {
			err := write(d, func(ctx context.Context, tx *db.Tx) error { return vendor.Update(ctx, tx, who, v.ID, company()) })
			if err == nil {
				t.Errorf("%s %v may write a profile", who.Kind, who.Roles)
			}
		}
	})
}

func TestListAndGet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := register(t, d, person(t, d, "acc_1"))
		second := register(t, d, person(t, d, "acc_2"))
		if err := write(d, func(ctx context.Context, tx *db.Tx) error {
			return vendor.Update(ctx, tx, reviewer, first.ID, company())
		}); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name   string
			filter vendor.Filter
			want   []string
		}{
			{"all, the latest first", vendor.Filter{}, []string{second.ID, first.ID}},
			{"by a part of the name", vendor.Filter{Query: "示例科技"}, []string{first.ID}},
			{"by the credit code in lower case", vendor.Filter{Query: "91440300708461136t"}, []string{first.ID}},
			{"by id", vendor.Filter{Query: second.ID}, []string{second.ID}},
			{"a per cent sign stands for itself", vendor.Filter{Query: "%"}, nil},
			{"an underscore too", vendor.Filter{Query: "示例_技"}, nil},
			{"a quote", vendor.Filter{Query: `' OR 1=1 --\`}, nil},
			{"approved only", vendor.Filter{Approved: true}, []string{first.ID}},
			{"the next page", vendor.Filter{Before: second.ID, Limit: 1}, []string{first.ID}},
		} {
			var got []string
			err := write(d, func(ctx context.Context, tx *db.Tx) error {
				list, err := vendor.List(ctx, tx, auditor, tt.filter)
				got = nil
				for _, v := range list {
					got = append(got, v.ID)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", tt.name, diff)
			}
		}
		stranger := access.Actor{Kind: access.Member, ID: "acc_2", VendorID: second.ID, Roles: []access.Role{access.Owner}}
		err := write(d, func(ctx context.Context, tx *db.Tx) error {
			if _, err := vendor.Get(ctx, tx, stranger, first.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("another company's profile: %v", err)
			}
			if _, err := vendor.List(ctx, tx, stranger, vendor.Filter{}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a vendor lists vendors: %v", err)
			}
			names, err := vendor.Names(ctx, tx, []string{first.ID, second.ID, "ven_none"})
			if diff := cmp.Diff(map[string]string{first.ID: "深圳示例科技有限公司", second.ID: ""}, names); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Whoever decides on a vendor's facts waits for the one before and then sees what it did.
func TestLockLetsNoDecisionStandOnOldFacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := register(t, d, person(t, d, "acc_1"))
		const each, workers = 10, 4
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range each {
					err := write(d, func(ctx context.Context, tx *db.Tx) error {
						if err := vendor.Lock(ctx, tx, v.ID); err != nil {
							return err
						}
						// A decision on facts in another table: count, then add one.
						n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM mark`)
						if err != nil {
							return err
						}
						_, err = tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ($1, 'x')`, strings.Repeat("i", int(n)+1))
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		err := write(d, func(ctx context.Context, tx *db.Tx) error {
			if err := vendor.Lock(ctx, tx, "ven_none"); !errors.Is(err, fault.NotFound) {
				t.Errorf("a vendor that is not there: %v", err)
			}
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM mark`)
			if n != each*workers {
				t.Errorf("%d rows, want %d", n, each*workers)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
