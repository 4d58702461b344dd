package story_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/client"
	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// deed is something that somebody does at a marketplace that is killed meanwhile. It
// returns the id of what it made once that was promised, and an error otherwise.
type deed struct {
	kind string
	do   func(ctx context.Context, n int64) (id string, err error)
}

// promise is a deed that was answered as done.
type promise struct{ kind, id string }

// cast is who acts at a victim: each has a key.
type cast struct {
	l       lair
	once    map[int][]deed // of each round, which can be done once
	finance *client.Client
	shop    *client.Client
	signers map[string]*client.Client // by the contract
}

const deedsARound = 2 // of each kind that can be done once

// prepare makes the companies before the first death: those with an offer and a code,
// those whose deposit is asked for, and one whose products are complete.
func prepare(t *testing.T, l lair, rounds int) *cast {
	t.Helper()
	m, err := market.Open(t.Context(), l.config())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	d, ctx := m.DB, t.Context()
	yunshitest.Rules(t, d, yunshitest.ByPasswordAlone)
	c := &cast{l: l, once: map[int][]deed{}, signers: map[string]*client.Client{}}
	key := func(by access.Actor) *client.Client {
		t.Helper()
		var k account.Key
		yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
			k, err = account.MakeKey(ctx, tx, by, account.NewKey{Name: "test", Scopes: access.Scopes()})
			return err
		})
		return client.New("http://"+l.Addr, client.WithToken(k.Secret), client.WithHTTP(&http.Client{Timeout: 20 * time.Second}))
	}
	lin := yunshitest.Staff("acc_lin", access.Contracts)
	c.finance = key(yunshitest.Person(t, d, yunshitest.Staff("acc_qian", access.Finance), "钱进"))

	seller := yunshitest.Trading(t, d, "software")
	owner := yunshitest.Person(t, d, yunshitest.Owner(seller.ID), "王芳")
	c.shop = key(owner)
	here := httptest.NewServer(m.Server.Handler())
	defer here.Close()
	shop := func(name string) string { // a complete draft
		t.Helper()
		at := client.New(here.URL, client.WithToken(tokenOf(t, d, owner)))
		picture, err := at.Upload(ctx, "product-picture", name+".png", bytes.NewReader(document(t, name+".png").Data))
		if err != nil {
			t.Fatal(err)
		}
		p, err := at.MakeProduct(ctx, client.ProductPaper{Category: "software", Name: name})
		if err != nil {
			t.Fatal(err)
		}
		_, err = at.UpdateProduct(ctx, p.ID, client.ProductPaper{Category: "software", Form: "saas", Name: name, Tags: []string{"客服"}, Summary: "工单与在线客服", Details: "# 功能", AfterSales: "工作日支持",
			BuiltOn: "server", Agreement: "standard", Pictures: []string{picture.ID}, SaaS: client.ProductSaaS{Delivery: "centre"},
			Plans: []client.ProductPlan{{Name: "标准版", Unit: "month", Span: 1, Original: client.AmountShape{Fen: 9900}, Sale: client.AmountShape{Fen: 8800}}}})
		if err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	for round := range rounds {
		for i := range deedsARound {
			name := fmt.Sprintf("云客服%d%d", round, i)
			id := shop(name)
			c.add(round, "product", func(ctx context.Context, _ int64) (string, error) {
				p, err := c.shop.SubmitProduct(ctx, id)
				return p.ID, err
			})

			payer := yunshitest.Vendor(t, d)
			yunshitest.Qualify(t, d, payer.ID, policy.Platform, "api")
			yunshitest.Contract(t, d, payer.ID, yunshitest.Terms{})
			yunshitest.Ask(t, d, payer.ID)
			pays := key(yunshitest.Person(t, d, yunshitest.Owner(payer.ID), "李雷"))
			c.add(round, "voucher", func(ctx context.Context, _ int64) (string, error) {
				f, err := pays.Upload(ctx, "voucher", "回单.pdf", strings.NewReader("%PDF-1.7\nvoucher "+payer.ID+"\n%%EOF\n"))
				if err != nil {
					return "", err
				}
				v, err := pays.PresentVoucher(ctx, client.DepositPaper{Amount: client.AmountShape{Fen: 200000}, PaidOn: time.Now().AddDate(0, 0, -1).Format("2006-01-02"), Way: "online", File: f.ID})
				return v.ID, err
			})

			signer := yunshitest.Vendor(t, d)
			yunshitest.Qualify(t, d, signer.ID, policy.Platform, "ops")
			signs := yunshitest.Person(t, d, yunshitest.Owner(signer.ID), "陈立")
			yunshitest.Write(t, d, func(tx *db.Tx) error { // codes are counted by the phone
				phone := tx.Vault().Seal("account.phone:"+signs.ID, fmt.Sprintf("+861370013%d%03d", round, i))
				_, err := tx.Exec(ctx, `UPDATE account SET phone = $1 WHERE id = $2`, phone, signs.ID)
				return err
			})
			offer, code := offered(t, m, lin, signs)
			at := key(signs)
			c.signers[offer.ID] = at
			c.add(round, "contract", func(ctx context.Context, _ int64) (string, error) {
				x, err := at.SignContract(ctx, client.ContractSignature{Code: code, Consent: true, Hash: offer.FileHash})
				return x.ID, err
			})
		}
	}
	return c
}

func (c *cast) add(round int, kind string, do func(ctx context.Context, n int64) (string, error)) {
	c.once[round] = append(c.once[round], deed{kind, do})
}

func tokenOf(t *testing.T, d *db.DB, by access.Actor) (secret string) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		k, err := account.MakeKey(t.Context(), tx, by, account.NewKey{Name: "draft", Scopes: access.Scopes()})
		secret = k.Secret
		return err
	})
	return secret
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// offered lays an offer before a company and has the code to sign it sent.
func offered(t *testing.T, m *market.Market, by, owner access.Actor) (c contract.Contract, code string) {
	t.Helper()
	step := func(do func(ctx context.Context, tx *db.Tx) error) {
		t.Helper()
		yunshitest.Write(t, m.DB, func(tx *db.Tx) error { return do(t.Context(), tx) })
		if err := m.Runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	step(func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = contract.Offer(ctx, tx, by, contract.Proposal{VendorID: owner.VendorID})
		return err
	})
	step(func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = contract.AskCode(ctx, tx, owner, contract.Turn{ID: c.ID})
		return err
	})
	yunshitest.Read(t, m.DB, func(tx *db.Tx) error {
		all, err := notify.Everything(t.Context(), tx, 50)
		for _, x := range all {
			if x.Template == "notify.code" && x.AccountID == owner.ID {
				code = sixDigits.FindString(x.Body)
				break
			}
		}
		return err
	})
	if code == "" || c.FileHash == "" {
		t.Fatalf("no code %q or no document %q of %s", code, c.FileHash, c.ID)
	}
	return c, code
}

const statementLines = 60

// deeds is what is done in a round: what can be done once, begun with another kind
// each round, and then, over and over, what can be done always.
func (c *cast) deeds(round int) func(n int64) deed {
	once := c.once[round]
	always := []deed{
		{"account", func(ctx context.Context, n int64) (string, error) {
			a, err := client.New("http://"+c.l.Addr, client.WithHTTP(&http.Client{Transport: from{fmt.Sprintf("198.51.%d.%d", round, n%250)}, Timeout: 20 * time.Second})).
				Register(ctx, client.AccountRegistration{Name: "何晓", Mail: fmt.Sprintf("p%d-%d@vendor.example", round, n), Phone: fmt.Sprintf("139%d%07d", round, n), Password: "correct horse 42", Lang: "zh-CN"})
			return a.ID, err
		}},
		{"file", func(ctx context.Context, n int64) (string, error) {
			f, err := c.shop.Upload(ctx, "product-paper", "说明.pdf", strings.NewReader(fmt.Sprintf("%%PDF-1.7\n%d %d %s\n%%%%EOF\n", round, n, strings.Repeat("x", 100_000))))
			return f.ID, err
		}},
		{"statement", func(ctx context.Context, n int64) (string, error) {
			var moves []yunshitest.Movement
			for range statementLines {
				moves = append(moves, yunshitest.Movement{Fen: 100, Remark: "货款", Payer: "某公司", Account: "62220000"})
			}
			first := 2_000_000 + (round*10_000+int(n))*statementLines
			s, err := c.finance.ImportBankStatement(ctx, "main", "", fmt.Sprintf("流水%d.csv", first), strings.NewReader(yunshitest.StatementFile(first, moves...)))
			return s.ID, err
		}},
	}
	return func(n int64) deed {
		if i := int(n) - 1; i < len(once) {
			return once[(i+round)%len(once)]
		}
		return always[int(n)%len(always)]
	}
}

// from says from where a request comes, as a proxy does.
type from struct{ address string }

// RoundTrip adds the header.
func (f from) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", f.address)
	return http.DefaultTransport.RoundTrip(r)
}

// kept asks the marketplace, alive again, for what was promised.
func (c *cast) kept(ctx context.Context, m *market.Market, p promise) error {
	switch p.kind {
	case "account":
		return m.DB.Read(ctx, func(tx *db.Tx) error { _, err := account.Load(ctx, tx, p.id); return err })
	case "file":
		data, err := c.shop.Download(ctx, p.id)
		if err == nil && len(data) < 100_000 {
			err = fmt.Errorf("%d bytes are left", len(data))
		}
		return err
	case "statement":
		s, err := c.finance.GetBankStatement(ctx, p.id)
		if err == nil && (s.Status != "imported" || s.Lines != statementLines || s.Fresh != statementLines || s.Done != statementLines) {
			err = fmt.Errorf("it is %s with %d of %d lines, %d of them new", s.Status, s.Done, s.Lines, s.Fresh)
		}
		return err
	case "product":
		x, err := c.shop.GetProduct(ctx, p.id)
		if err == nil && x.Status != "in_review" && x.Status != "waiting" {
			err = fmt.Errorf("it is %s", x.Status)
		}
		return err
	case "voucher":
		return m.DB.Read(ctx, func(tx *db.Tx) error {
			n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM deposit_voucher WHERE id = $1 AND status = 'presented'`, p.id)
			if err == nil && n != 1 {
				err = errors.New("it is not there")
			}
			return err
		})
	case "contract":
		desk, err := c.signers[p.id].GetContract(ctx)
		if err == nil && (desk.Current.ID != p.id || !desk.Current.InTerm || desk.Current.SignedFileID == "") {
			err = fmt.Errorf("it is %+v", desk.Current)
		}
		return err
	}
	return fmt.Errorf("%s is no kind", p.kind)
}
