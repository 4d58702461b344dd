package office

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type statements struct{ *web.Site }

func statementRoutes(s *web.Site) {
	o := statements{s}
	s.Staff("GET /office/bank-statements", o.list)
	s.Staff("POST /office/bank-statements", o.upload)
	s.Staff("GET /office/bank-statements/preview", o.preview)
	s.Staff("POST /office/bank-statements/mapping", o.saveMapping)
	s.Staff("POST /office/bank-statements/import", o.importFile)
	s.Staff("GET /office/bank-statements/{id}", o.one)
	s.Staff("POST /office/bank-statements/{id}/stop", o.stop)
	s.Staff("POST /office/bank-statements/{id}/resume", o.resume)
	s.Staff("GET /office/bank-statements/{id}/lines.csv", o.download)
	s.Staff("GET /office/bank-statements/{id}/lines.xlsx", o.download)
}

const statementsHome = "/office/bank-statements"

// statementsView is the page of imported statements.
type statementsView struct {
	P        text.Printer
	Now      time.Time
	Policy   policy.Policy
	List     []payment.Statement
	Names    map[string]string
	Findings []payment.Finding
	Mappings []statement.Mapping
	May      bool // import
	Form     ui.Form
	Turn     ui.Turn
}

func (o statements) list(w http.ResponseWriter, r *http.Request) error {
	return o.showList(w, r, http.StatusOK, ui.Form{})
}

func (o statements) showList(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := statementsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Form: form}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ImportMoney)
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		if v.List, err = payment.Statements(ctx, tx, by, r.URL.Query().Get("cursor"), pageSize); err != nil {
			return err
		}
		if v.Mappings, err = payment.Mappings(ctx, tx, by); err != nil {
			return err
		}
		var ids []string
		for _, s := range v.List {
			ids = append(ids, s.ImportedBy)
		}
		if v.Names, err = account.Names(ctx, tx, ids); err != nil {
			return err
		}
		for _, payee := range v.Policy.Payees {
			found, err := payment.Findings(ctx, tx, by, payee.ID)
			if err != nil {
				return err
			}
			v.Findings = append(v.Findings, found...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web.nav_statements"), statementsPage(v))
}

// upload keeps the file, so that it can be looked at before it is imported.
func (o statements) upload(w http.ResponseWriter, r *http.Request) error {
	kept, err := o.keep(w, r)
	if status, ok := web.Mended(err); ok {
		if r.PostForm == nil {
			r.PostForm = url.Values{}
		}
		return o.showList(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	q := url.Values{"file": {kept.ID}, "payee": {r.PostFormValue("payee")}, "mapping": {r.PostFormValue("mapping")}}
	http.Redirect(w, r, statementsHome+"/preview?"+q.Encode(), http.StatusSeeOther)
	return nil
}

func (o statements) keep(w http.ResponseWriter, r *http.Request) (file.File, error) {
	if err := server.Actor(r.Context()).Require(access.ImportMoney); err != nil {
		return file.File{}, err
	}
	header, done, err := server.FormFile(w, r, o.Policy(r.Context()).Statements.UploadBytes)
	if err != nil {
		return file.File{}, err
	}
	defer done()
	f, err := header.Open()
	if err != nil {
		return file.File{}, err
	}
	defer f.Close()
	return payment.Keep(r.Context(), o.DB, o.Files, server.Actor(r.Context()), f, header.Filename, header.Size)
}

// previewView is a file before its import: what would be read, and how.
type previewView struct {
	P       text.Printer
	Policy  policy.Policy
	File    file.File
	Payee   policy.Payee
	Mapping statement.Mapping
	Names   []statement.Mapping
	Look    payment.Look
	Errors  ui.Errors // of the file, under this mapping
	Form    ui.Form   // the mapping as it stands
	Editing bool
}

func (o statements) preview(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return o.showPreview(w, r, http.StatusOK, q, nil, nil)
}

// ofFile is a kept statement file as an import reads it.
func (o statements) ofFile(r *http.Request, id, payee, mapping string) (payment.File, file.File, error) {
	return payment.Kept(r.Context(), o.DB, o.Files, server.Actor(r.Context()), id, payee, mapping)
}

// showPreview shows a file under the mapping of the query, or under an edited one
// that was not saved; told is why an import or a mapping was refused.
func (o statements) showPreview(w http.ResponseWriter, r *http.Request, status int, q url.Values, edited *statement.Mapping, told error) error {
	v := previewView{P: server.Printer(r.Context())}
	in, kept, err := o.ofFile(r, q.Get("file"), q.Get("payee"), q.Get("mapping"))
	if err != nil {
		return err
	}
	v.File = kept
	err = o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		v.Names, err = payment.Mappings(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	payee, ok := v.Policy.Payee(in.Payee)
	if !ok && len(v.Policy.Payees) > 0 {
		payee = v.Policy.Payees[0]
	}
	v.Payee, in.Payee = payee, payee.ID
	if in.Mapping == "" {
		in.Mapping = payee.Mapping
	}
	for _, m := range v.Names {
		if m.Name == in.Mapping {
			v.Mapping = m
		}
	}
	if edited != nil {
		v.Mapping, v.Editing = *edited, true
	}
	v.Look, err = payment.Preview(r.Context(), o.DB, server.Actor(r.Context()), in, v.Mapping, 8)
	var f *fault.Error
	switch {
	case told != nil:
		err = told
	case err != nil && !errors.As(err, &f):
		return err
	}
	v.Errors = ui.ErrorsOf(v.P, err)
	v.Form = ui.Form{Values: mappingValues(v.Mapping), Errors: v.Errors}
	v.Editing = v.Editing || err != nil && told == nil
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_bank.preview"), previewPage(v))
}

func (o statements) importFile(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	in, _, err := o.ofFile(r, r.PostForm.Get("file"), r.PostForm.Get("payee"), r.PostForm.Get("mapping"))
	if err != nil {
		return err
	}
	do := payment.Import
	large := in.Size > o.Policy(r.Context()).Statements.AtOnceBytes
	if large { // a job imports it, and its page shows how far it is
		do = payment.Later
	}
	s, err := do(r.Context(), o.DB, server.Actor(r.Context()), in)
	if status, ok := web.Mended(err); ok {
		return o.showPreview(w, r, status, r.PostForm, nil, err)
	}
	if err != nil {
		return err
	}
	if large {
		return o.Done(w, r, statementsHome+"/"+s.ID, "web_bank.import_begun")
	}
	return o.Done(w, r, "/office/bank-lines?statement="+s.ID, "web_bank.imported", strconv.Itoa(s.Lines), strconv.Itoa(s.Fresh))
}

func (o statements) saveMapping(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	var base statement.Mapping
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		all, err := payment.Mappings(ctx, tx, by)
		for _, m := range all {
			if m.Name == r.PostForm.Get("mapping") {
				base = m
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	m := mappingOf(base, r.PostForm)
	err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := payment.SaveMapping(ctx, tx, by, m)
		return err
	})
	if status, ok := web.Mended(err); ok {
		return o.showPreview(w, r, status, r.PostForm, &m, err)
	}
	if err != nil {
		return err
	}
	q := url.Values{"file": {r.PostForm.Get("file")}, "payee": {r.PostForm.Get("payee")}, "mapping": {m.Name}}
	return o.Done(w, r, statementsHome+"/preview?"+q.Encode(), "web_bank.mapping_saved", m.Name)
}

// columns are the inputs of a mapping that hold several spellings each.
func columns(m *statement.Mapping) []struct {
	name string
	list *[]string
} {
	c := &m.Columns
	return []struct {
		name string
		list *[]string
	}{
		{"columns.date", &c.Date}, {"columns.time", &c.Time}, {"columns.amount", &c.Amount}, {"columns.direction", &c.Direction},
		{"columns.credit", &c.Credit}, {"columns.debit", &c.Debit}, {"columns.balance", &c.Balance},
		{"columns.payer_name", &c.PayerName}, {"columns.payer_account", &c.PayerAccount}, {"columns.payer_bank", &c.PayerBank},
		{"columns.remark", &c.Remark}, {"columns.bank_ref", &c.BankRef}, {"columns.currency", &c.Currency}, {"columns.account", &c.Account},
		{"credit_words", &m.CreditWords}, {"debit_words", &m.DebitWords}, {"dates", &m.Dates}, {"times", &m.Times}, {"skip", &m.Skip}, {"trailer", &m.Trailer},
	}
}

// mappingValues are the inputs of a mapping; spellings stand side by side with a bar.
func mappingValues(m statement.Mapping) url.Values {
	v := url.Values{"name": {m.Name}, "title_zh": {m.TitleZH}, "title_en": {m.TitleEN}, "encoding": {m.Encoding}, "delimiter": {m.Delimiter}, "amounts": {m.Amounts}}
	for _, c := range columns(&m) {
		v.Set(c.name, strings.Join(*c.list, " | "))
	}
	return v
}

// mappingOf reads the inputs over a mapping whose other parts stay.
func mappingOf(base statement.Mapping, v url.Values) statement.Mapping {
	m := base
	m.Name, m.TitleZH, m.TitleEN = v.Get("name"), strings.TrimSpace(v.Get("title_zh")), strings.TrimSpace(v.Get("title_en"))
	m.Encoding, m.Delimiter, m.Amounts = v.Get("encoding"), v.Get("delimiter"), v.Get("amounts")
	if m.Currency == "" {
		m.Currency = "CNY"
	}
	for _, c := range columns(&m) {
		*c.list = nil
		for s := range strings.SplitSeq(v.Get(c.name), "|") {
			if s = strings.TrimSpace(s); s != "" {
				*c.list = append(*c.list, s)
			}
		}
	}
	return m
}
