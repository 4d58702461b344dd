package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
)

// applicant walks companies through the story, one after the other.
type applicant struct {
	o      *office
	hashed bool
	member *caller
	staff  *caller
}

// perCompany is how many requests a company is.
const perCompany = 14

var stepNames = []string{"register", "codes", "sign in", "begin", "upload", "accept", "save", "submit", "claim", "read", "decide"}

// person is who registers a company.
type person struct{ Mail, Phone, Name, Password string }

// story is one company from its registration to its approval.
func (a *applicant) story(ctx context.Context, n int64, steps map[string]times) error {
	last := time.Now()
	step := func(name string) {
		now := time.Now()
		steps[name] = append(steps[name], now.Sub(last))
		last = now
	}
	who := person{fmt.Sprintf("owner%d@example.com", n), fmt.Sprintf("+86138%08d", n), "王芳", "bench-password-2026"}
	a.member.from, a.member.token = fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255), ""
	enter := a.enter
	if !a.hashed {
		enter = a.enterUnhashed
	}
	if err := enter(ctx, who, step); err != nil {
		return err
	}
	if err := a.member.post("/v1/application/begin", nil, nil); err != nil {
		return err
	}
	step("begin")
	var files [4]string
	for i, purpose := range []string{"licence", "evidence", "evidence", "evidence"} {
		var err error
		if files[i], err = a.member.upload(purpose, "文件.png", scan(n, i)); err != nil {
			return err
		}
	}
	step("upload")
	if err := a.member.post("/v1/agreements/accept", map[string]any{"documents": a.o.docs}, nil); err != nil {
		return err
	}
	step("accept")
	if err := a.member.post("/v1/application", map[string]any{"application": paper(n, files)}, nil); err != nil {
		return err
	}
	step("save")
	var sent struct{ ID string }
	if err := a.member.post("/v1/application/submit", struct{}{}, &sent); err != nil {
		return err
	}
	step("submit")
	return a.review(sent.ID, step)
}

// enter registers and signs in by the API.
func (a *applicant) enter(ctx context.Context, who person, step func(string)) error {
	var me struct{ ID string }
	in := map[string]string{"mail": who.Mail, "phone": who.Phone, "name": who.Name, "password": who.Password}
	if err := a.member.post("/v1/accounts", in, &me); err != nil {
		return err
	}
	step("register")
	mail, phone, err := a.codes(ctx, who)
	if err != nil {
		return err
	}
	if err := a.member.post("/v1/accounts/"+me.ID+"/verify", map[string]string{"mail_code": mail, "phone_code": phone}, nil); err != nil {
		return err
	}
	step("codes")
	var s signedIn
	err = a.member.post("/v1/sessions", credentials{who.Mail, who.Password}, &s)
	a.member.token = s.Token
	step("sign in")
	return err
}

// enterUnhashed does the same by the operations: Registration.Prepare, which
// hashes, is not called, and the session is opened with the codes.
func (a *applicant) enterUnhashed(ctx context.Context, who person, step func(string)) error {
	by := access.Actor{Kind: access.Visitor, Address: a.member.from}
	var me account.Account
	err := a.o.m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		me, err = account.Register(ctx, tx, by, account.Registration{Mail: who.Mail, Phone: who.Phone, Name: who.Name, Password: who.Password})
		return err
	})
	if err != nil {
		return err
	}
	mail, phone, err := a.codes(ctx, who)
	if err != nil {
		return err
	}
	defer step("codes")
	return a.o.m.DB.Write(ctx, func(tx *db.Tx) error {
		proved, err := account.Verify(ctx, tx, by, account.Proof{Account: me.ID, MailCode: mail, PhoneCode: phone})
		if err != nil {
			return err
		}
		s, err := account.Begin(ctx, tx, by, proved, "bench")
		a.member.token = s.Token
		return err
	})
}

func (a *applicant) codes(ctx context.Context, who person) (mail, phone string, err error) {
	if mail, err = a.o.codes.read(ctx, who.Mail); err != nil {
		return "", "", err
	}
	phone, err = a.o.codes.read(ctx, who.Phone)
	return mail, phone, err
}

// review claims, reads and approves.
func (a *applicant) review(id string, step func(string)) error {
	at := "/v1/operator/applications/" + id
	if err := a.staff.post(at+"/claim", nil, nil); err != nil {
		return err
	}
	step("claim")
	var seen struct {
		Version    int64
		Categories []policy.CategoryID
		SelfCheck  struct {
			Checks []struct{ Rule, Category, State string }
		} `json:"self_check"`
	}
	if err := a.staff.get(at, &seen); err != nil {
		return err
	}
	step("read")
	var verdicts, outcomes []map[string]string
	for _, c := range seen.SelfCheck.Checks {
		if c.State == string(qualification.WaitingReview) {
			verdicts = append(verdicts, map[string]string{"condition": c.Rule, "category": c.Category, "result": string(qualification.Met)})
		}
	}
	for _, c := range seen.Categories {
		outcomes = append(outcomes, map[string]string{"category": string(c), "decision": string(qualification.Approve)})
	}
	err := a.staff.post(at+"/decide", map[string]any{"version": seen.Version, "verdicts": verdicts, "categories": outcomes}, nil)
	step("decide")
	return err
}

// scan is a small picture, each another.
func scan(n int64, i int) []byte {
	m := image.NewGray(image.Rect(0, 0, 64, 64))
	for p := range 64 {
		m.SetGray(p, p, color.Gray{Y: uint8(n >> (p % 24))})
	}
	m.SetGray(i, 63, color.Gray{Y: 200})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // a picture in memory
	}
	return b.Bytes()
}

// creditCode is the n-th valid unified social credit code.
func creditCode(n int64) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	weights := [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	code := fmt.Sprintf("91440300%09d", n)
	sum := 0
	for i, r := range code {
		sum += strings.IndexRune(alphabet, r) * weights[i]
	}
	return code + string(alphabet[(31-sum%31)%31])
}

func companyName(n int64) string { return fmt.Sprintf("深圳云帆%d科技有限公司", n) }

// paper is an application that meets every condition, for two categories.
func paper(n int64, files [4]string) qualification.Application {
	day := []qualification.Span{{From: "09:00", To: "12:00"}, {From: "13:00", To: "18:00"}}
	a := qualification.Application{
		Company: qualification.Company{Name: companyName(n), USCC: creditCode(n), Type: "有限责任公司", LegalPerson: "李明", Capital: "500万元",
			Established: "2015-03-05", LongTerm: true, Address: "深圳市南山区科技路 1 号", Scope: "软件开发；信息技术咨询服务", Registrar: "深圳市市场监督管理局"},
		Account: qualification.Account{Holder: companyName(n), Bank: "招商银行", Branch: "深圳分行科技园支行", Province: "广东省", City: "深圳市",
			Number: fmt.Sprintf("7559%012d", n), CNAPS: "308100005027"},
		Documents:  qualification.Documents{Licence: []string{files[0]}},
		Contact:    qualification.Contact{Name: "王芳", Phone: "13800138000", Mail: "wang@example.com"},
		Service:    qualification.Service{Mail: "help@example.com", Phone: "0755-86013388", Hours: qualification.Hours{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day}},
		Shop:       qualification.Shop{Name: fmt.Sprintf("云帆%d", n), Site: "www.example.com", Intro: "专注云上软件"},
		Categories: []policy.CategoryID{"image", "ops"},
		Mode:       policy.Platform,
		Evidence:   map[policy.CategoryID]qualification.Evidence{},
	}
	for _, c := range a.Categories {
		a.Evidence[c] = qualification.Evidence{TradeStart: "2016-01-01", TradeFiles: []string{files[1]}, BuiltOn: true, BuiltNote: "基于云服务器与对象存储部署交付",
			BuiltFiles: []string{files[2]}, RDFiles: []string{files[3]}}
	}
	return a
}
