package server

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// FormFile reads a multipart form with one file named "file", of at most limit
// bytes, that may be opened more than once; a large one lies on disk until done is
// called. Its other values are the request's form. Larger is fault.TooLarge,
// anything else fault.Invalid at /file.
func FormFile(w http.ResponseWriter, r *http.Request, limit int64) (file *multipart.FileHeader, done func(), err error) {
	r.Body = http.MaxBytesReader(w, r.Body, limit+(1<<20))
	tooLarge := fault.New(fault.TooLarge, "file.too_large", fmt.Sprintf("%d MB", limit>>20))
	err = r.ParseMultipartForm(4 << 20)
	var cut *http.MaxBytesError
	switch {
	case errors.As(err, &cut):
		return nil, nil, tooLarge.Because(err)
	case errors.Is(err, http.ErrNotMultipart), errors.Is(err, http.ErrMissingBoundary):
		return nil, nil, fault.At("/file", "fault.required")
	case err != nil:
		return nil, nil, fault.At("/file", "file.cut_off").Because(err)
	}
	done = func() { r.MultipartForm.RemoveAll() }
	files := r.MultipartForm.File["file"]
	switch {
	case len(files) != 1 || files[0].Filename == "":
		done()
		return nil, nil, fault.At("/file", "fault.required")
	case files[0].Size > limit:
		done()
		return nil, nil, tooLarge
	}
	return files[0], done, nil
}
