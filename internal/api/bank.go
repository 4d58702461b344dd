package api

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
)

// BankStatement is an imported file.
type BankStatement struct {
	ID         string       `json:"id"`
	Payee      string       `json:"payee" doc:"the operator's account, by its id in the policy"`
	FileName   string       `json:"file_name"`
	SHA256     string       `json:"sha256"`
	Format     string       `json:"format" doc:"csv, xlsx, camt.053 or mt940"`
	Mapping    string       `json:"mapping" doc:"how a table was read; empty for camt.053 and mt940"`
	Status     string       `json:"status" doc:"checking, importing, stopped, refused or imported"`
	Going      bool         `json:"going" doc:"a process works on it now"`
	Percent    int          `json:"percent" doc:"of its lines that are in"`
	Checked    int          `json:"checked" doc:"lines read while it is checked"`
	Lines      int          `json:"lines"`
	Done       int          `json:"done"`
	Fresh      int          `json:"fresh" doc:"lines not known from an earlier file"`
	Credits    int          `json:"credits"`
	Debits     int          `json:"debits"`
	Credit     money.Amount `json:"credit"`
	Debit      money.Amount `json:"debit"`
	From       calendar.Day `json:"from"`
	To         calendar.Day `json:"to"`
	ImportedBy string       `json:"imported_by"`
	BegunAt    time.Time    `json:"begun_at"`
	ImportedAt *time.Time   `json:"imported_at,omitempty"`
	Faults     []string     `json:"faults" nullable:"false" doc:"why it was refused"`
}

// StatementFinding is where a statement does not go on from the one before it.
type StatementFinding struct {
	Kind       string        `json:"kind" doc:"gap or overlap"`
	Before     string        `json:"before" doc:"the statement before it"`
	After      string        `json:"after"`
	From       *calendar.Day `json:"from,omitempty"`
	To         *calendar.Day `json:"to,omitempty"`
	Difference money.Amount  `json:"difference"`
	Text       string        `json:"text"`
}

func viewFinding(p text.Printer, f payment.Finding) StatementFinding {
	v := StatementFinding{Kind: string(f.Kind), Before: f.Before.StatementID, After: f.After.StatementID, Difference: f.Difference, Text: p.Say(f.Message())}
	if !f.From.IsZero() {
		v.From, v.To = &f.From, &f.To
	}
	return v
}

type findingQuery struct {
	Payee string `query:"payee" doc:"the operator's account, by its id in the policy"`
}

// BankLine is a movement on the operator's account, the payer's account masked.
type BankLine struct {
	ID           string           `json:"id"`
	Statement    string           `json:"statement"`
	Payee        string           `json:"payee"`
	Row          int              `json:"row"`
	Reversal     bool             `json:"reversal" doc:"the bank marks it as taking back or returning another"`
	BookedOn     calendar.Day     `json:"booked_on"`
	Amount       money.Amount     `json:"amount" doc:"negative went out"`
	PayerName    string           `json:"payer_name"`
	PayerAccount string           `json:"payer_account" doc:"masked"`
	PayerBank    string           `json:"payer_bank,omitempty"`
	Remark       string           `json:"remark"`
	BankRef      string           `json:"bank_ref,omitempty"`
	State        string           `json:"state" doc:"certain, doubtful, unknown, split, taken or debit"`
	Vendor       string           `json:"vendor,omitempty" doc:"whom it is proposed for, or was taken for"`
	Reasons      []BankLineReason `json:"reasons" nullable:"false" doc:"why it is doubtful"`
	ImportedBy   string           `json:"imported_by"`
	ProposedBy   string           `json:"proposed_by,omitempty" doc:"the person who assigned it by hand"`
	TakenFor     string           `json:"taken_for,omitempty" doc:"the receipt"`
	TakenBy      string           `json:"taken_by,omitempty"`
	TakenAt      *time.Time       `json:"taken_at,omitempty"`
	Share        string           `json:"share,omitempty" doc:"set where a share is shown as a line"`
	Shares       []BankLineShare  `json:"shares,omitempty" doc:"of a split line"`
}

// BankLineShare is a part of a line that pays for several.
type BankLineShare struct {
	ID       string       `json:"id" doc:"used like a line's id"`
	Amount   money.Amount `json:"amount"`
	Vendor   string       `json:"vendor,omitempty"`
	TakenFor string       `json:"taken_for,omitempty"`
}

// BankLineReason is one reason for doubt.
type BankLineReason struct {
	Code string `json:"code"`
	Rule string `json:"rule"`
	Text string `json:"text"`
}

func viewStatement(p text.Printer, s payment.Statement) BankStatement {
	faults := []string{}
	for _, f := range s.Faults {
		faults = append(faults, f.In(p.Lang))
	}
	return BankStatement{Format: string(s.Format), Going: s.Active, Percent: s.Percent(), Checked: s.Checked, Faults: faults, ID: s.ID, Payee: s.PayeeID, FileName: s.FileName, SHA256: s.SHA256, Mapping: s.Mapping, Status: string(s.Status), Lines: s.Lines, Done: s.Done, Fresh: s.Fresh,
		Credits: s.Credits, Debits: s.Debits, Credit: s.Credit, Debit: s.Debit, From: s.From, To: s.To, ImportedBy: s.ImportedBy, BegunAt: s.BegunAt, ImportedAt: when(s.ImportedAt)}
}

// weighed is a line with the policy that names the ways in its reasons.
type weighed struct {
	payment.Line
	policy policy.Policy
}

func viewLine(p text.Printer, l weighed) BankLine {
	v := BankLine{ID: l.ID, Statement: l.StatementID, Payee: l.PayeeID, Row: l.Row, Reversal: l.Reversal, BookedOn: l.BookedOn, Amount: l.Amount,
		PayerName: l.Payer.Name, PayerAccount: l.Payer.Account, PayerBank: l.Payer.Bank, Remark: l.Remark, BankRef: l.BankRef,
		State: string(l.State), Vendor: l.Subject, Reasons: []BankLineReason{}, ImportedBy: l.ImportedBy, ProposedBy: l.ProposedBy,
		TakenFor: l.TakenFor, TakenBy: l.TakenBy, TakenAt: when(l.TakenAt)}
	v.Share = l.ShareID
	for _, s := range l.Shares {
		v.Shares = append(v.Shares, BankLineShare{ID: s.ID, Amount: s.Amount, Vendor: s.Subject, TakenFor: s.TakenFor})
	}
	for _, r := range l.Reasons {
		v.Reasons = append(v.Reasons, BankLineReason{Code: string(r.Code), Rule: r.Rule(), Text: p.Say(r.Message(l.policy))})
	}
	return v
}

type lineQuery struct {
	State     string `query:"state" doc:"certain, doubtful, unknown, taken or debit; absent is any"`
	Statement string `query:"statement"`
	Vendor    string `query:"vendor"`
	Cursor    string `query:"cursor"`
	Limit     int    `query:"limit" minimum:"0" maximum:"200"`
}

// onLine makes an operation on one line show it as lists do.
func onLine[I any](op func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (payment.Line, error)) do[I, weighed] {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (weighed, error) {
		l, err := op(ctx, tx, by, in)
		if err != nil {
			return weighed{}, err
		}
		p, err := policy.Now(ctx, tx)
		return weighed{l.Masked(), p}, err
	}
}

type statementAct struct {
	ID string `json:"-" path:"id"`
}

// onStatement makes an operation on one statement take the id of its path.
func onStatement(op func(ctx context.Context, tx *db.Tx, by access.Actor, id string) (payment.Statement, error)) do[statementAct, payment.Statement] {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in statementAct) (payment.Statement, error) {
		return op(ctx, tx, by, in.ID)
	}
}

func (a *API) bankRoutes() {
	const statements, lines = "operator/bank-statements", "operator/bank-lines"
	a.importRoute()
	get(a, route{path: "/operator/bank-statements", tag: statements, id: "list-bank-statements", summary: "Imported statements, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q pageQuery) (listed[payment.Statement], error) {
			limit := upTo(q.Limit)
			all, err := payment.Statements(ctx, tx, by, q.Cursor, limit)
			return listed[payment.Statement]{all, limit}, err
		}, paged(func(s payment.Statement) string { return s.ID }, viewStatement))
	get(a, route{path: "/operator/bank-statements/{id}", tag: statements, id: "get-bank-statement", summary: "One imported statement"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (payment.Statement, error) {
			return payment.GetStatement(ctx, tx, by, q.ID)
		}, viewStatement)
	act(a, route{path: "/operator/bank-statements/{id}/stop", tag: statements, id: "stop-bank-statement", summary: "Stop an import; what is in stays in, and it can go on"}, onStatement(payment.Stop), viewStatement)
	act(a, route{path: "/operator/bank-statements/{id}/resume", tag: statements, id: "resume-bank-statement", summary: "Let a stopped or interrupted import go on"}, onStatement(payment.Resume), viewStatement)
	get(a, route{path: "/operator/bank-statements/findings", tag: statements, id: "list-statement-findings", summary: "Gaps and overlaps between the statements of an account"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q findingQuery) ([]payment.Finding, error) {
			return payment.Findings(ctx, tx, by, q.Payee)
		}, each(viewFinding))
	get(a, route{path: "/operator/bank-statements/mappings", tag: statements, id: "list-statement-mappings", summary: "How each bank's files are read"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]statement.Mapping, error) {
			return payment.Mappings(ctx, tx, by)
		}, each(func(_ text.Printer, m statement.Mapping) statement.Mapping { return m }))
	post(a, route{path: "/operator/bank-statements/mappings", tag: statements, id: "save-statement-mapping", summary: "Keep how a bank's files are read, under its name"}, payment.SaveMapping,
		func(_ text.Printer, m statement.Mapping) statement.Mapping { return m })

	get(a, route{path: "/operator/bank-lines", tag: lines, id: "list-bank-lines", summary: "Lines of statements, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q lineQuery) (listed[weighed], error) {
			limit := upTo(q.Limit)
			all, err := payment.Lines(ctx, tx, by, payment.Filter{State: payment.State(q.State), Statement: q.Statement, Subject: q.Vendor, Before: q.Cursor, Limit: limit})
			if err != nil {
				return listed[weighed]{}, err
			}
			p, err := policy.Now(ctx, tx)
			out := listed[weighed]{limit: limit}
			for _, l := range all {
				out.all = append(out.all, weighed{l, p})
			}
			return out, err
		}, paged(func(l weighed) string { return l.ID }, viewLine))
	get(a, route{path: "/operator/bank-lines/{id}", tag: lines, id: "get-bank-line", summary: "One line"},
		onLine(func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (payment.Line, error) {
			return payment.Get(ctx, tx, by, q.ID)
		}), viewLine)
	post(a, route{path: "/operator/bank-lines/{id}/assign", tag: lines, id: "assign-bank-line", summary: "Propose a line for a vendor by hand; another person confirms it (D-7)"}, onLine(payment.Assign), viewLine)
	post(a, route{path: "/operator/bank-lines/{id}/withdraw", tag: lines, id: "withdraw-bank-line", summary: "Take a proposal back"}, onLine(payment.Withdraw), viewLine)
	post(a, route{path: "/operator/bank-lines/{id}/confirm", tag: lines, id: "confirm-bank-line", summary: "Confirm a proposed line as the vendor's deposit (D-7): posts it, covers categories, issues the receipt"}, deposit.Confirm, viewReceipt)
}

// importRoute takes a statement file as multipart: it is written in several
// transactions, and repeating it is harmless, since a file and a line count once.
func (a *API) importRoute() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[BankStatement](), true, "BankStatement")
	problem := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[Problem](), true, "Problem")
	failure := func(words string) *huma.Response {
		return &huma.Response{Description: words, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "import-bank-statement", Method: http.MethodPost, Path: "/v1/operator/bank-statements", Tags: []string{"operator/bank-statements"},
		Security: []map[string][]string{{"bearer": {}}}, Summary: "Import a bank's statement file; a file and a line count once (D-7)",
		Parameters: []*huma.Param{{Name: "Idempotency-Key", In: "header", Description: "Taken and not needed: a file that is in already is refused with 409.", Schema: &huma.Schema{Type: "string"}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: "object", Required: []string{"payee", "file"}, Properties: map[string]*huma.Schema{
				"payee":   {Type: "string", Description: "the operator's account, by its id in the policy"},
				"mapping": {Type: "string", Description: "how to read the file; absent is what the policy names for the account"},
				"file":    {Type: "string", Format: "binary", Description: "CSV, XLSX, camt.053 or MT940; the kind is told by the content. A large file is checked and imported in the background: the answer has the status checking"},
			}}}}},
		Responses: map[string]*huma.Response{
			"201": {Description: "Imported", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
			"401": failure("Unauthorized"), "403": failure("Forbidden"), "409": failure("The file is in already"),
			"413": failure("Larger than the limit"), "422": failure("A line cannot be read: nothing of the file is kept"),
		},
	})
	a.s.Handle("POST /v1/operator/bank-statements", a.plain(a.importStatement))
}

func (a *API) importStatement(w http.ResponseWriter, r *http.Request) error {
	by := server.Actor(r.Context())
	if err := by.Require(access.ImportMoney); err != nil {
		return err // before a byte of the file is read
	}
	rules := a.s.Policy(r.Context()).Statements
	header, done, err := server.FormFile(w, r, rules.UploadBytes)
	if err != nil {
		return err
	}
	defer done()
	do, in := payment.Import, payment.File{Payee: r.PostFormValue("payee"), Mapping: r.PostFormValue("mapping"), Name: header.Filename,
		Open: func() (io.ReadCloser, error) { return header.Open() }}
	if header.Size > rules.AtOnceBytes {
		do = payment.Later
		if in, err = a.keepStatement(r.Context(), by, header, in); err != nil {
			return err
		}
	}
	s, err := do(r.Context(), a.s.DB, by, in)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, "application/json", viewStatement(server.Printer(r.Context()), s))
	return nil
}

// keepStatement keeps a large file for the job that imports it.
func (a *API) keepStatement(ctx context.Context, by access.Actor, header *multipart.FileHeader, in payment.File) (payment.File, error) {
	f, err := header.Open()
	if err != nil {
		return in, err
	}
	defer f.Close()
	kept, err := payment.Keep(ctx, a.s.DB, a.Files, by, f, header.Filename, header.Size)
	if err != nil {
		return in, err
	}
	in, _, err = payment.Kept(ctx, a.s.DB, a.Files, by, kept.ID, in.Payee, in.Mapping)
	return in, err
}
