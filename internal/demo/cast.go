package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/policy"
)

//go:embed data
var data embed.FS

// member is somebody of the operator's staff.
type member struct {
	Mail  string      `json:"mail"`
	Name  string      `json:"name"`
	Phone string      `json:"phone"`
	Role  access.Role `json:"role"`
}

// company is an invented company and, while the demo is filled, where it stands.
type company struct {
	ID           string                       `json:"id"`
	Stage        string                       `json:"stage"` // how far it comes; "demo.stage_" + Stage says it
	Name         string                       `json:"name"`
	Region       string                       `json:"region"` // of the credit code
	Type         string                       `json:"type"`
	LegalPerson  string                       `json:"legal_person"`
	Capital      string                       `json:"capital"`
	Established  string                       `json:"established"`
	TermUntil    string                       `json:"term_until"`
	Address      string                       `json:"address"`
	Scope        string                       `json:"scope"`
	Registrar    string                       `json:"registrar"`
	Bank         string                       `json:"bank"`
	Branch       string                       `json:"branch"`
	BankCode     string                       `json:"bank_code"` // first three digits of the branch's number
	Province     string                       `json:"province"`
	City         string                       `json:"city"`
	Owner        string                       `json:"owner"`
	Mail         string                       `json:"mail"`
	ServiceMail  string                       `json:"service_mail"`
	ServicePhone string                       `json:"service_phone"`
	Shop         string                       `json:"shop"`
	Site         string                       `json:"site"`
	Intro        string                       `json:"intro"`
	Categories   []policy.CategoryID          `json:"categories"`
	Mode         policy.Mode                  `json:"mode"`
	Hours        string                       `json:"hours"` // office or long
	TradeStart   string                       `json:"trade_start"`
	Team         string                       `json:"team"`
	Built        map[policy.CategoryID]string `json:"built"`
	Note         map[policy.CategoryID]string `json:"note"`

	number      int // counted from 1
	person      access.Actor
	application string
	contract    contract.Contract
	goods       []*good
	exit        string
}

// USCC is the company's credit code: its organisation number begins with DEM, which
// none that was ever given out does, and both check characters are right.
func (c *company) USCC() string {
	body := fmt.Sprintf("DEM%05d", c.number)
	sum := 0
	for i, w := range [8]int{3, 7, 9, 10, 5, 8, 4, 2} {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int(body[i]-'A') + 10
		}
		sum += v * w
	}
	code := "91" + c.Region + body + string("0123456789X"[(11-sum%11)%11])
	for _, check := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if full, err := cn.ParseUSCC(code + string(check)); err == nil {
			return string(full)
		}
	}
	return code // not reached: one of the 31 fits
}

// AccountNumber is the company's corporate account, of the bank's digits and zeros.
func (c *company) AccountNumber() string {
	return fmt.Sprintf("%s90000000%04d", c.BankCode, 100+c.number)
}

// cnaps is the number of the branch, with the right check digit.
func (c *company) cnaps() string {
	for check := range 10 {
		n := fmt.Sprintf("%s000099%02d%d", c.BankCode, c.number, check)
		if b, err := cn.ParseCNAPS(n); err == nil && b.Checked {
			return n
		}
	}
	return "" // not reached: one of the ten fits
}

func (c *company) phone() string { return fmt.Sprintf("199000001%02d", c.number) }

func (c *company) address() string { return fmt.Sprintf("203.0.113.%d", 10+c.number) }

// fullBank is the bank with its branch, as statements and vouchers name it.
func (c *company) fullBank() string { return c.Bank + c.Branch }

// cast is everybody in the demo.
type cast struct {
	staff     []member
	companies []*company
	words     map[string]string // what people write in it
}

func readCast() (cast, error) {
	var all cast
	for name, into := range map[string]any{"staff.json": &all.staff, "companies.json": &all.companies, "words.json": &all.words} {
		b, err := data.ReadFile(path.Join("data", name))
		if err != nil {
			return all, err
		}
		if err := json.Unmarshal(b, into); err != nil {
			return all, fmt.Errorf("demo: %s: %w", name, err)
		}
	}
	byID := make(map[string]*company)
	for i, c := range all.companies {
		c.number = i + 1
		byID[c.ID] = c
	}
	entries, err := data.ReadDir("data/products")
	if err != nil {
		return all, err
	}
	for _, e := range entries {
		b, err := data.ReadFile("data/products/" + e.Name())
		if err != nil {
			return all, err
		}
		g, err := parseGood(strings.TrimSuffix(e.Name(), ".md"), string(b))
		if err != nil {
			return all, fmt.Errorf("demo: %s: %w", e.Name(), err)
		}
		owner := byID[g.company]
		if owner == nil {
			return all, fmt.Errorf("demo: %s: there is no company %q", e.Name(), g.company)
		}
		owner.goods = append(owner.goods, g)
	}
	return all, nil
}

func (a cast) company(id string) *company {
	for _, c := range a.companies {
		if c.ID == id {
			return c
		}
	}
	panic("demo: no company " + id)
}
