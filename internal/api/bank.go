package api

import (
	"context"
	"io"
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
	Mapping    string       `json:"mapping"`
	Status     string       `json:"status" doc:"imported, or importing while it goes on or was interrupted: import the file again to go on"`
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
}

// BankLine is a movement on the operator's account, the payer's account masked.
type BankLine struct {
	ID           string           `json:"id"`
	Statement    string           `json:"statement"`
	Payee        string           `json:"payee"`
	Row          int              `json:"row"`
	BookedOn     calendar.Day     `json:"booked_on"`
	Amount       money.Amount     `json:"amount" doc:"negative went out"`
	PayerName    string           `json:"payer_name"`
	PayerAccount string           `json:"payer_account" doc:"masked"`
	PayerBank    string           `json:"payer_bank,omitempty"`
	Remark       string           `json:"remark"`
	BankRef      string           `json:"bank_ref,omitempty"`
	State        string           `json:"state" doc:"certain, doubtful, unknown, taken or debit"`
	Vendor       string           `json:"vendor,omitempty" doc:"whom it is proposed for, or was taken for"`
	Reasons      []BankLineReason `json:"reasons" nullable:"false" doc:"why it is doubtful"`
	ImportedBy   string           `json:"imported_by"`
	ProposedBy   string           `json:"proposed_by,omitempty" doc:"the person who assigned it by hand"`
	TakenFor     string           `json:"taken_for,omitempty" doc:"the receipt"`
	TakenBy      string           `json:"taken_by,omitempty"`
	TakenAt      *time.Time       `json:"taken_at,omitempty"`
}

// BankLineReason is one reason for doubt.
type BankLineReason struct {
	Code string `json:"code"`
	Rule string `json:"rule"`
	Text string `json:"text"`
}

func viewStatement(_ text.Printer, s payment.Statement) BankStatement {
	return BankStatement{ID: s.ID, Payee: s.PayeeID, FileName: s.FileName, SHA256: s.SHA256, Mapping: s.Mapping, Status: string(s.Status), Lines: s.Lines, Done: s.Done, Fresh: s.Fresh,
		Credits: s.Credits, Debits: s.Debits, Credit: s.Credit, Debit: s.Debit, From: s.From, To: s.To, ImportedBy: s.ImportedBy, BegunAt: s.BegunAt, ImportedAt: when(s.ImportedAt)}
}

// weighed is a line with the policy that names the ways in its reasons.
type weighed struct {
	payment.Line
	policy policy.Policy
}

func viewLine(p text.Printer, l weighed) BankLine {
	v := BankLine{ID: l.ID, Statement: l.StatementID, Payee: l.PayeeID, Row: l.Row, BookedOn: l.BookedOn, Amount: l.Amount,
		PayerName: l.Payer.Name, PayerAccount: l.Payer.Account, PayerBank: l.Payer.Bank, Remark: l.Remark, BankRef: l.BankRef,
		State: string(l.State), Vendor: l.Subject, Reasons: []BankLineReason{}, ImportedBy: l.ImportedBy, ProposedBy: l.ProposedBy,
		TakenFor: l.TakenFor, TakenBy: l.TakenBy, TakenAt: when(l.TakenAt)}
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
				"file":    {Type: "string", Format: "binary", Description: "CSV or other delimited text in GB18030 or UTF-8"},
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
	header, done, err := server.FormFile(w, r, a.s.Policy(r.Context()).UploadBytes)
	if err != nil {
		return err
	}
	defer done()
	s, err := payment.Import(r.Context(), a.s.DB, by, payment.File{Payee: r.PostFormValue("payee"), Mapping: r.PostFormValue("mapping"), Name: header.Filename,
		Open: func() (io.ReadCloser, error) { return header.Open() }})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, "application/json", viewStatement(server.Printer(r.Context()), s))
	return nil
}
