package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// filesAtOnce is how many files one form may bring, of the upload limit each.
const filesAtOnce = 6

// Uploads reads a multipart form: its files are received one after the other,
// each kept for the vendor, its ordinary values become the request's form.
// The result has the kept files by input name. What is wrong with a file stands
// at its input; files before it stay, harmless, until the sweep.
func (s *Site) Uploads(w http.ResponseWriter, r *http.Request, vendorID string, purpose map[string]file.Purpose) (map[string][]file.File, error) {
	limit := s.Policy(r.Context()).UploadBytes
	r.Body = http.MaxBytesReader(w, r.Body, filesAtOnce*limit+formBytes)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, Parse(w, r) // an ordinary form: no file was chosen
	}
	kept := make(map[string][]file.File)
	var faults fault.Fields
	r.PostForm = url.Values{} // filled as the form is read, so that a refused one keeps what was typed
	r.Form = r.PostForm
	room := int64(formBytes)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return kept, cut(err, limit)
		}
		name := part.FormName()
		if part.FileName() == "" {
			v, err := io.ReadAll(io.LimitReader(part, room+1))
			if err != nil {
				return kept, cut(err, limit)
			}
			if room -= int64(len(v)); room < 0 {
				return kept, fault.New(fault.TooLarge, "fault.body_too_large", "1 MB")
			}
			if _, isFile := purpose[name]; !isFile { // an empty file input is no value
				r.PostForm.Add(name, string(v))
			}
			continue
		}
		p, known := purpose[name]
		if !known {
			continue
		}
		f, err := s.keep(r, part, part.FileName(), vendorID, p, limit)
		var told *fault.Error
		switch {
		case errors.As(err, &told) && told.Kind != fault.Internal:
			faults.Take(ui.PointerOf(name), flatten(told))
		case err != nil:
			return kept, err
		default:
			kept[name] = append(kept[name], f)
		}
	}
	legible(r.PostForm)
	return kept, faults.Err()
}

// cut says why a form ended before its end.
func cut(err error, limit int64) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.New(fault.TooLarge, "fault.body_too_large", strconv.FormatInt(limit>>20, 10)+" MB")
	}
	return fault.New(fault.Invalid, "web.form_unreadable").Because(err)
}

// flatten makes a file's refusal one sentence at its input.
func flatten(e *fault.Error) error {
	if len(e.Fields) == 1 {
		return &fault.Error{Kind: fault.Invalid, Message: e.Fields[0].Message}
	}
	return &fault.Error{Kind: fault.Invalid, Message: e.Message}
}

func (s *Site) keep(r *http.Request, body io.Reader, name, vendorID string, purpose file.Purpose, limit int64) (file.File, error) {
	up, err := s.Files.Receive(r.Context(), body, name, limit)
	if err != nil {
		return file.File{}, err
	}
	var f file.File
	err = s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		f, err = file.Keep(ctx, tx, by, up, vendorID, purpose)
		return err
	})
	return f, err
}

// ServeFile answers with a kept file the reader may see. Only pictures and PDFs
// are shown in place; everything else is a download.
func (s *Site) ServeFile(w http.ResponseWriter, r *http.Request, id string) error {
	var f file.File
	err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		f, err = file.Get(ctx, tx, by, id)
		return err
	})
	if err != nil {
		return err
	}
	return server.SendFile(w, r, s.Files, f, r.URL.Query().Has("download"))
}

// File registers the address of kept files.
func (s *Site) File() {
	s.Page("GET /files/{id}", func(w http.ResponseWriter, r *http.Request) error {
		if err := server.Actor(r.Context()).SignedIn(); err != nil {
			return err
		}
		return s.ServeFile(w, r, r.PathValue("id"))
	})
}
