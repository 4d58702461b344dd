package office

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type mails struct{ *web.Site }

const mailHref = "/office/mail"

func mailRoutes(s *web.Site) {
	o := mails{s}
	s.Staff("GET /office/mail", o.list)
	s.Staff("GET /office/mail/upload", o.uploadForm)
	s.Staff("POST /office/mail/upload", o.upload)
	s.Staff("GET /office/mail/{id}", o.show)
	s.Staff("POST /office/mail/{id}/claim", onLetter(o, mailbox.Claim, "web_mail.claimed"))
	s.Staff("POST /office/mail/{id}/release", onLetter(o, mailbox.Release, "web_mail.released"))
	s.Staff("POST /office/mail/{id}/take-up", onLetter(o, mailbox.TakeUp, "web_mail.taken_up"))
	s.Staff("POST /office/mail/{id}/match", onLetter(o, mailbox.Match, "web_mail.matched"))
	s.Staff("POST /office/mail/{id}/dismiss", onLetter(o, mailbox.Dismiss, "web_mail.dismissed"))
	s.Staff("POST /office/mail/{id}/answer", onLetter(o, mailbox.Answer, "web_mail.answered"))
	s.Staff("POST /office/mail/{id}/present", onLetter(o, mailbox.Present, "web_mail.presented"))
}

// mailView is the queue of letters.
type mailView struct {
	P      text.Printer
	Now    time.Time
	Status mailbox.Status
	All    bool
	Search string
	Counts map[mailbox.Status]int
	List   []mailbox.Listed
	Names  map[string]string // of staff
	May    bool
	Turn   ui.Turn

	Source   mailbox.Source // that is set to be read
	Readings []mailbox.Reading
}

func (o mails) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := mailView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Status: mailbox.Status(q.Get("status")), All: q.Get("show") == "all", Search: q.Get("q")}
	if v.Status == "" && !v.All {
		v.Status = mailbox.Waiting
	}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Counts, err = mailbox.Counts(ctx, tx, by); err != nil {
			return err
		}
		v.May = by.May(access.HandleMail)
		v.Source = o.Letters.Source
		if v.Readings, err = mailbox.Readings(ctx, tx, by); err != nil {
			return err
		}
		if v.List, err = mailbox.List(ctx, tx, by, mailbox.Filter{Status: v.Status, Search: v.Search, After: q.Get("cursor"), Limit: pageSize}); err != nil {
			return err
		}
		var holders []string
		for _, l := range v.List {
			holders = append(holders, l.Holder)
		}
		if len(holders) > 0 {
			v.Names, err = account.Names(ctx, tx, holders)
		}
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_mail"), mailPage(v))
}

// offFor is how long the dashboard tells that a mailbox is not read any more: whoever
// ended it on purpose knows by then.
const offFor = 7 * 24 * time.Hour

// lateMail tells of the mailbox that should be read and has not been for too long, and
// of one that was read until lately and that no process reads any more.
func lateMail(ctx context.Context, tx *db.Tx, by access.Actor, p text.Printer, now time.Time, source mailbox.Source) (out []readingNote, err error) {
	all, err := mailbox.Readings(ctx, tx, by)
	for i, r := range all {
		switch off := source == (mailbox.Source{}) && i == 0 && now.Sub(r.ReadAt) < offFor; {
		case !r.Late(now):
		case r.Source == source, off && r.Owner != "":
			out = append(out, readingWords(p, now, r))
		case off:
			out = append(out, endedWords(p, now, r))
		}
	}
	return out, err
}

// letterView is one letter.
type letterView struct {
	P      text.Printer
	Now    time.Time
	By     access.Actor
	D      mailbox.Detail
	Names  map[string]string // of staff
	Policy policy.Policy
	State  deposit.State // of the letter's vendor
	Query  string        // for another vendor
	Found  []vendor.Vendor
	Form   ui.Form
}

// may reports whether the reader can act on the letter now.
func (v letterView) may() bool {
	return v.By.May(access.HandleMail) && (v.D.Status == mailbox.Waiting || v.D.Status == mailbox.Unreadable) && (v.D.Holder == "" || v.D.Holder == v.By.ID)
}

// ready reports whether a voucher can be entered: it is clear whose letter it is.
func (v letterView) ready() bool {
	return v.may() && (v.D.Fit == mailbox.Certain || v.D.Fit == mailbox.ByPerson)
}

func (o mails) show(w http.ResponseWriter, r *http.Request) error {
	return o.page(w, r, http.StatusOK, ui.Form{})
}

func (o mails) page(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := letterView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Policy: o.Policy(r.Context()), Form: form, Query: r.URL.Query().Get("q")}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.By = by
		if v.D, err = mailbox.Get(ctx, tx, by, mailbox.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		if v.D.VendorID != "" {
			if v.State, err = deposit.Load(ctx, tx, v.D.VendorID); err != nil {
				return err
			}
		}
		if v.Query != "" && v.may() {
			if v.Found, err = vendor.List(ctx, tx, by, vendor.Filter{Query: v.Query, Limit: 10}); err != nil {
				return err
			}
		}
		v.Names, err = account.Names(ctx, tx, []string{v.D.Holder, v.D.DecidedBy, v.D.KeptBy, v.D.AnsweredBy})
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web.nav_mail"), letterPage(v))
}

// onLetter decodes a form and runs an operation on a letter; what is wrong stands beside
// the fields of the letter's page.
func onLetter[I any](o mails, do func(context.Context, *db.Tx, access.Actor, I) (mailbox.Letter, error), said text.Key) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in I
		to := mailHref + "/" + r.PathValue("id")
		err := web.Form(w, r, &in)
		if err == nil {
			err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
				_, err := do(ctx, tx, by, in)
				return err
			})
		}
		if err == nil {
			return o.Done(w, r, to, said)
		}
		if status, ok := web.Mended(err); ok {
			return o.page(w, r, status, web.Typed(r, err))
		}
		return o.Refused(w, r, to, err)
	}
}

// uploadView is the page of saved mails.
type uploadView struct {
	P     text.Printer
	May   bool
	Form  ui.Form
	Lines []mailLine
}

// mailLine is what became of one file.
type mailLine struct {
	Name   string
	Letter mailbox.Letter
	Fresh  bool
	Err    error
}

const (
	mailFilesAtOnce = 50
	mailFormBytes   = 100 << 20
)

func (o mails) uploadForm(w http.ResponseWriter, r *http.Request) error {
	return o.uploaded(w, r, http.StatusOK, uploadView{})
}

func (o mails) uploaded(w http.ResponseWriter, r *http.Request, status int, v uploadView) error {
	by := server.Actor(r.Context())
	if err := by.Require(access.SeeMail); err != nil {
		return err
	}
	v.P, v.May = server.Printer(r.Context()), by.May(access.HandleMail)
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_mail.upload"), mailUploadPage(v))
}

// upload reads saved mails one after the other and tells of each what became of it.
func (o mails) upload(w http.ResponseWriter, r *http.Request) error {
	if err := server.Actor(r.Context()).Require(access.HandleMail); err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, mailFormBytes)
	err := r.ParseMultipartForm(8 << 20)
	var cut *http.MaxBytesError
	if errors.As(err, &cut) {
		err = fault.At("/file", "web_mail.too_much", mailFormBytes>>20)
	} else if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		err = fault.At("/file", "file.cut_off").Because(err)
	} else {
		err = nil
	}
	var files []*multipart.FileHeader
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
		files = r.MultipartForm.File["file"]
	}
	switch {
	case err != nil:
	case len(files) == 0 || files[0].Filename == "":
		err = fault.At("/file", "fault.required")
	case len(files) > mailFilesAtOnce:
		err = fault.At("/file", "web_mail.too_many", mailFilesAtOnce)
	}
	if err != nil {
		status, _ := web.Mended(err)
		return o.uploaded(w, r, status, uploadView{Form: web.Typed(r, err)})
	}
	var v uploadView
	for _, f := range files {
		line := mailLine{Name: f.Filename}
		line.Letter, line.Fresh, line.Err = o.keep(r, f)
		var told *fault.Error
		if line.Err != nil && !errors.As(line.Err, &told) {
			return line.Err
		}
		v.Lines = append(v.Lines, line)
	}
	return o.uploaded(w, r, http.StatusOK, v)
}

func (o mails) keep(r *http.Request, header *multipart.FileHeader) (mailbox.Letter, bool, error) {
	f, err := header.Open()
	if err != nil {
		return mailbox.Letter{}, false, err
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		return mailbox.Letter{}, false, err
	}
	return o.Letters.Read(r.Context(), o.DB, server.Actor(r.Context()), mailbox.ByUpload, header.Filename, raw)
}
