package office

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// statementView is the page of one imported file.
type statementView struct {
	P        text.Printer
	Now      time.Time
	Policy   policy.Policy
	S        payment.Statement
	Parts    []payment.Part
	Findings []payment.Finding // that touch it
	Counts   []payment.Count
	Importer string
	May      bool // stop it and let it go on
}

// pause is after how many seconds the page of an import under way is shown anew.
const pause = "4"

func (o statements) one(w http.ResponseWriter, r *http.Request) error {
	v := statementView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ImportMoney)
		if v.S, err = payment.GetStatement(ctx, tx, by, r.PathValue("id")); err != nil {
			return err
		}
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		if v.Parts, err = payment.Parts(ctx, tx, by, v.S.ID); err != nil {
			return err
		}
		found, err := payment.Findings(ctx, tx, by, v.S.PayeeID)
		if err != nil {
			return err
		}
		for _, f := range found {
			if f.Before.StatementID == v.S.ID || f.After.StatementID == v.S.ID {
				v.Findings = append(v.Findings, f)
			}
		}
		names, err := account.Names(ctx, tx, []string{v.S.ImportedBy})
		if err != nil {
			return err
		}
		v.Importer = names[v.S.ImportedBy]
		if v.S.Status == payment.Imported {
			v.Counts, err = payment.CountsOf(ctx, tx, by, v.S.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	if v.moves() {
		w.Header().Set("Refresh", pause) // without scripts, too
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_bank.statement_title", v.S.FileName), statementPage(v))
}

// moves reports whether the page will say something else in a moment.
func (v statementView) moves() bool {
	return (v.S.Status == payment.Checking || v.S.Status == payment.Importing) && (v.S.Going(v.Now) || v.S.FileID != "")
}

func (o statements) stop(w http.ResponseWriter, r *http.Request) error {
	return o.turnTo(w, r, payment.Stop, "web_bank.stopped")
}

func (o statements) resume(w http.ResponseWriter, r *http.Request) error {
	return o.turnTo(w, r, payment.Resume, "web_bank.resumed")
}

func (o statements) turnTo(w http.ResponseWriter, r *http.Request, act func(context.Context, *db.Tx, access.Actor, string) (payment.Statement, error), said text.Key) error {
	id := r.PathValue("id")
	back := statementsHome + "/" + url.PathEscape(id)
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := act(ctx, tx, by, id)
		return err
	})
	if err != nil {
		return o.Refused(w, r, back, err)
	}
	return o.Done(w, r, back, said)
}

// download hands out the lines of a statement as a table.
func (o statements) download(w http.ResponseWriter, r *http.Request) error {
	p, ending := server.Printer(r.Context()), path.Ext(r.URL.Path)
	return o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		s, err := payment.GetStatement(ctx, tx, by, r.PathValue("id"))
		if err != nil {
			return err
		}
		t := lineSheet(p, func(yield func([]sheet.Cell, error) bool) {
			for l, err := range payment.EachOf(ctx, tx, by, s.ID) {
				if !yield(lineCells(p, l), err) || err != nil {
					return
				}
			}
		})
		kind, format := "text/csv; charset=utf-8", "csv"
		if ending == ".xlsx" {
			kind, format = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
		}
		name := strings.TrimSuffix(s.FileName, path.Ext(s.FileName)) + "-" + s.ID + ending
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
		return streamTable(w, format, t)
	})
}

func lineSheet(p text.Printer, rows func(func([]sheet.Cell, error) bool)) sheet.Table {
	var columns []sheet.Column
	for _, c := range []struct {
		key   text.Key
		width float64
	}{
		{"web_bank.row", 8}, {"web_bank.day", 12}, {"web_bank.amount", 16}, {"web_bank.payer", 36}, {"web_bank.payer_account", 16}, {"web_bank.payer_bank", 28},
		{"web_bank.remark", 40}, {"web_bank.bank_ref", 22}, {"web_bank.reversal", 8}, {"web_bank.state", 10},
	} {
		columns = append(columns, sheet.Column{Title: p.T(c.key), Width: c.width})
	}
	return sheet.Table{Name: p.T("web_bank.lines_sheet"), Columns: columns, Rows: rows}
}

func lineCells(p text.Printer, l payment.Line) []sheet.Cell {
	reversal := ""
	if l.Reversal {
		reversal = p.T("web_bank.is_reversal")
	}
	return []sheet.Cell{l.Row, l.BookedOn.String(), l.Amount, l.Payer.Name, l.Payer.Account, l.Payer.Bank, l.Remark, l.BankRef, reversal, p.T(l.State.Label())}
}

// standing is the state of an import in a word.
func standing(p text.Printer, s payment.Statement, now time.Time) ui.Status {
	tone := ui.Warn
	label := p.T(s.Status.Label())
	switch {
	case s.Status == payment.Imported:
		tone = ui.OK
	case s.Status == payment.Refused:
		tone = ui.Bad
	case s.Status == payment.Stopped:
	case s.Going(now):
		tone = ui.Info
	case s.FileID != "" && now.Sub(s.ProgressAt) < 2*time.Minute:
		tone, label = ui.Info, p.T("web_bank.queued")
	default:
		label = p.T("web_bank.interrupted")
	}
	return ui.Status{Label: label, Tone: tone}
}

// gaps are the findings that somebody must do something about.
func gaps(all []payment.Finding) []payment.Finding {
	var out []payment.Finding
	for _, f := range all {
		if f.Kind == payment.Gap {
			out = append(out, f)
		}
	}
	return out
}

func hasGap(all []payment.Finding, id string) bool {
	for _, f := range gaps(all) {
		if f.After.StatementID == id {
			return true
		}
	}
	return false
}

// formatOf names what kind of file it is.
func formatOf(p text.Printer, h statement.Head) string {
	name := formatName(p, h.Format)
	switch {
	case h.Sheet != "":
		return p.T("web_bank.format_sheet", name, h.Sheet)
	case h.Format == statement.Camt:
		return h.Version
	}
	return name
}

func formatName(p text.Printer, f statement.Format) string {
	switch f {
	case statement.CSV:
		return p.T("web_bank.format_csv")
	case statement.XLSX:
		return "Excel (.xlsx)"
	case statement.MT940:
		return "SWIFT MT940"
	}
	return string(f)
}

func noteText(p text.Printer, n statement.Note) string {
	if n.Code == statement.OtherAccount {
		return p.T("web_bank.note_other_account", n.Count, n.Tail)
	}
	return p.T(text.Key("web_bank.note_"+string(n.Code)), n.Count)
}
