package access_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

var acts = []access.Act{access.Look, access.Apply, access.SignContract, access.PayDeposit, access.EditProducts, access.ManageKeys, access.ManagePeople, access.Appeal, access.ChangeData, access.ChangeAccount, access.Leave}

var vendorRoles = []access.Role{access.Owner, access.VendorFinance, access.ProductPeople, access.Support}

func permissions() []access.Permission {
	return slices.Sorted(maps.Keys(access.Permissions()))
}

func staff(scopes []access.Scope, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Staff, ID: "s", Roles: roles, Scopes: scopes}
}

func member(scopes []access.Scope, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Member, ID: "m", VendorID: "v", Roles: roles, Scopes: scopes}
}

// table prints a matrix that a person can check.
func table(b *strings.Builder, title string, columns []string, rows []string, yes func(row, column int) bool) {
	fmt.Fprintf(b, "%s\n%-22s", title, "")
	for _, c := range columns {
		fmt.Fprintf(b, " %s", c)
	}
	b.WriteByte('\n')
	for r, name := range rows {
		fmt.Fprintf(b, "%-22s", name)
		for c, column := range columns {
			mark := "-"
			if yes(r, c) {
				mark = "yes"
			}
			fmt.Fprintf(b, " %-*s", len(column), mark)
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// The whole of who may what: a change of the tables shows as a change of this file.
func TestMatrix(t *testing.T) {
	t.Parallel()
	roles, all, scopes := access.StaffRoles(), permissions(), access.Scopes()
	var b strings.Builder
	table(&b, "Staff: permission by role", words(roles), words(all), func(p, r int) bool {
		return staff(nil, roles[r]).May(all[p])
	})
	table(&b, "Vendor: act by role", words(vendorRoles), words(acts), func(a, r int) bool {
		return member(nil, vendorRoles[r]).OwnsVendor("v", acts[a]) == nil
	})
	table(&b, "API keys of staff: permission by scope", words(scopes), words(all), func(p, s int) bool {
		return staff([]access.Scope{scopes[s]}, roles...).May(all[p])
	})
	table(&b, "API keys of a vendor: act by scope", words(scopes), words(acts), func(a, s int) bool {
		return member([]access.Scope{scopes[s]}, vendorRoles...).OwnsVendor("v", acts[a]) == nil
	})
	got := strings.TrimRight(b.String(), "\n") + "\n"
	if *update {
		if err := os.WriteFile("testdata/matrix.golden", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/matrix.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("who may what has changed (-golden +now); if it is meant, run with -update:\n%s", diff)
	}
}

// The auditor reads everything and changes nothing.
func TestAuditorOnlyReads(t *testing.T) {
	t.Parallel()
	for _, p := range permissions() {
		may, reads := staff(nil, access.Auditor).May(p), strings.HasPrefix(string(p), "see-")
		if may != reads {
			t.Errorf("auditor may %s: %v", p, may)
		}
	}
}

// No role alone both brings money in and reviews whom it comes from. Rule D-7: two
// people for money is kept by the operation; this keeps the roles apart.
func TestMoneyIsForFinanceAlone(t *testing.T) {
	t.Parallel()
	for _, p := range []access.Permission{access.ImportMoney, access.ConfirmMoney} {
		for _, r := range access.StaffRoles() {
			if got := staff(nil, r).May(p); got != (r == access.Finance) {
				t.Errorf("%s may %s: %v", r, p, got)
			}
		}
	}
}

func TestEveryPermissionAndActIsSomebodys(t *testing.T) {
	t.Parallel()
	for _, p := range permissions() {
		if !staff(nil, access.StaffRoles()...).May(p) {
			t.Errorf("nobody may %s", p)
		}
	}
	for _, a := range acts {
		if err := member(nil, vendorRoles...).OwnsVendor("v", a); err != nil {
			t.Errorf("nobody may %s: %v", a, err)
		}
	}
}

func TestRequire(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		by   access.Actor
		want error
	}{
		{"the zero value", access.Actor{}, fault.Unauthenticated},
		{"a visitor with roles", access.Actor{Kind: access.Visitor, Roles: []access.Role{access.Finance}}, fault.Unauthenticated},
		{"finance", staff(nil, access.Finance), nil},
		{"several roles", staff(nil, access.Reviewer, access.Finance), nil},
		{"another role", staff(nil, access.Administrator), fault.Forbidden},
		{"no role", staff(nil), fault.Forbidden},
		{"finance by a key of the scope", staff([]access.Scope{access.ScopeDeposit}, access.Finance), nil},
		{"finance by a key of another scope", staff([]access.Scope{access.ScopeRead}, access.Finance), fault.Forbidden},
		{"finance by a key of no scope", staff([]access.Scope{}, access.Finance), fault.Forbidden},
		{"a member who calls itself finance", member(nil, access.Finance), fault.Forbidden},
		{"an unknown kind", access.Actor{Kind: "robot", Roles: []access.Role{access.Finance}}, fault.Forbidden},
		{"a job", access.SystemActor("x"), nil},
		{"the command line", access.CommandActor("x"), nil},
	} {
		if err := c.by.Require(access.ConfirmMoney); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if err := staff(nil, access.StaffRoles()...).Require("novel"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a permission that is in no table: %v, want forbidden", err)
	}
}

func TestOwnsVendor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		by     access.Actor
		vendor string
		act    access.Act
		want   error
	}{
		{"owner", member(nil, access.Owner), "v", access.SignContract, nil},
		{"another's", member(nil, access.Owner), "w", access.SignContract, fault.NotFound},
		{"another's, and no right anyway", member(nil, access.Support), "w", access.SignContract, fault.NotFound},
		{"own, without the role", member(nil, access.Support), "v", access.SignContract, fault.Forbidden},
		{"own, without any role", member(nil), "v", access.Look, fault.Forbidden},
		{"no vendor named, none of its own", access.Actor{Kind: access.Member, ID: "m", Roles: []access.Role{access.Owner}}, "", access.Look, fault.NotFound},
		{"staff act for no vendor", staff(nil, access.StaffRoles()...), "v", access.Apply, fault.NotFound},
		{"staff with a vendor's id", access.Actor{Kind: access.Staff, VendorID: "v", Roles: []access.Role{access.Owner}}, "v", access.Apply, fault.NotFound},
		{"nobody", access.Actor{VendorID: "v", Roles: []access.Role{access.Owner}}, "v", access.Look, fault.Unauthenticated},
		{"a key without the scope", member([]access.Scope{access.ScopeRead}, access.Owner), "v", access.Apply, fault.Forbidden},
		{"a job", access.SystemActor("x"), "v", access.Apply, nil},
		{"an act in no table", member(nil, vendorRoles...), "v", "novel", fault.Forbidden},
	} {
		if err := c.by.OwnsVendor(c.vendor, c.act); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestSees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		by   access.Actor
		want error
	}{
		{"its own people", member(nil, access.Support), nil},
		{"another company", access.Actor{Kind: access.Member, ID: "m", VendorID: "w", Roles: []access.Role{access.Owner}}, fault.NotFound},
		{"staff", staff(nil, access.Reviewer), nil},
		{"staff by a key that may not look", staff([]access.Scope{access.ScopeOffice}, access.Reviewer), fault.Forbidden},
		{"staff without a role", staff(nil), fault.Forbidden},
		{"nobody", access.Actor{}, fault.Unauthenticated},
		{"a job", access.SystemActor("x"), nil},
	} {
		if err := c.by.Sees("v"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
