package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // so that their dimensions can be read
	_ "image/png"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// The types of documents that people hand in.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Limit is the size of an upload, in bytes, where its receiver names none.
const Limit = 20 << 20

// maxSide bounds a picture's width and height, in pixels, before anybody decodes
// it: a small file may claim to hold a picture larger than our memory.
const maxSide = 12_000

// Receive reads an upload to its end and lays it into the store; nothing keeps it
// yet. Its type is decided by its content: one of the types given, or of PDF, JPEG
// and PNG. What is larger than limit bytes (0 is Limit) is fault.TooLarge; what is
// of another type, named for another type, or damaged, is fault.Invalid at /file.
func (f *Files) Receive(ctx context.Context, r io.Reader, name string, limit int64, types ...string) (Upload, error) {
	if limit <= 0 {
		limit = Limit
	}
	if len(types) == 0 {
		types = []string{PDF, JPEG, PNG}
	}
	data, err := read(r, limit)
	if err != nil {
		return Upload{}, err
	}
	name = clean(name)
	kind, err := inspect(data, name, types)
	if err != nil {
		return Upload{}, err
	}
	up, err := f.lay(ctx, data, name, kind)
	up.Embeds = kind == PDF && embeds(data)
	return up, err
}

// Produced lays what we made ourselves into the store, as a contract's PDF.
func (f *Files) Produced(ctx context.Context, data []byte, name, mime string) (Upload, error) {
	return f.lay(ctx, data, clean(name), mime)
}

func read(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	var cut *http.MaxBytesError
	if int64(len(data)) > limit || errors.As(err, &cut) {
		return nil, fault.New(fault.TooLarge, "file.too_large", bytesWords(limit))
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "file.cut_off").Because(err)
	}
	if len(data) == 0 {
		return nil, fault.At("/file", "file.empty")
	}
	return data, nil
}

// bytesWords writes a limit as people do: 20 MB.
func bytesWords(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}

// lay seals the content to its hash and writes it, even if the store has it, so
// that the blob is young and the sweep leaves it alone.
func (f *Files) lay(ctx context.Context, data []byte, name, mime string) (Upload, error) {
	hash := sha256.Sum256(data)
	up := Upload{Name: name, Type: mime, Size: int64(len(data)), SHA256: hex.EncodeToString(hash[:])}
	return up, f.store.Put(ctx, up.SHA256, f.vault.SealBytes(BlobPlace(up.SHA256), data))
}

// endings are the types that a name promises by its ending.
var endings = map[string]string{".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".jpe": JPEG, ".jfif": JPEG, ".png": PNG}

// inspect decides the type by the content and refuses what is not what its name
// says, or none of the types.
func inspect(data []byte, name string, types []string) (string, error) {
	found := mimetype.Detect(data)
	ending := strings.ToLower(path.Ext(name))
	promised, known := endings[ending]
	if known && !is(found, promised) {
		return "", fault.At("/file", "file.wrong_ending", ending, words(found))
	}
	i := slices.IndexFunc(types, func(t string) bool { return is(found, t) })
	if i < 0 {
		return "", fault.At("/file", "file.wrong_type", words(found), shortWords(types))
	}
	if !known && isWord(ending) && ending != found.Extension() {
		return "", fault.At("/file", "file.wrong_ending", ending, words(found))
	}
	return types[i], whole(data, types[i])
}

// is reports whether the content is of the type, or of a narrower one.
func is(m *mimetype.MIME, mime string) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is(mime) {
			return true
		}
	}
	return false
}

// isWord reports whether the ending looks like that of a type, as .exe, and not
// like the rest of a name, as in "contract v1.2".
func isWord(ending string) bool {
	return len(ending) > 1 && strings.Trim(ending[1:], "abcdefghijklmnopqrstuvwxyz") == ""
}

// whole refuses a document that breaks off, and a picture too large to decode.
func whole(data []byte, kind string) error {
	switch kind {
	case PDF:
		// The trailer stands at the end; some writers add a few bytes after it.
		if tail := data[max(0, len(data)-2048):]; !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(tail, []byte("%%EOF")) {
			return fault.At("/file", "file.damaged")
		}
		return quiet(data)
	case JPEG, PNG:
		c, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return fault.At("/file", "file.damaged").Because(err)
		}
		if c.Width > maxSide || c.Height > maxSide {
			return fault.At("/file", "file.too_many_pixels", c.Width, c.Height, maxSide, maxSide)
		}
	}
	return nil
}

// families are what we have words for, most telling first.
var families = []struct {
	mime string
	key  text.Key
}{
	{PDF, "file.kind_pdf"},
	{JPEG, "file.kind_jpeg"},
	{PNG, "file.kind_png"},
	{"text/html", "file.kind_html"},
	{"image/svg+xml", "file.kind_svg"},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "file.kind_word"},
	{"application/msword", "file.kind_word"},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file.kind_excel"},
	{"application/vnd.ms-excel", "file.kind_excel"},
	{"application/vnd.microsoft.portable-executable", "file.kind_program"},
	{"application/x-executable", "file.kind_program"},
	{"application/x-elf", "file.kind_program"},
	{"application/zip", "file.kind_zip"},
	{"image/gif", "file.kind_gif"},
	{"image/webp", "file.kind_webp"},
	{"image/heic", "file.kind_heic"},
	{"text/plain", "file.kind_text"},
}

// words says in people's words what the content is.
func words(m *mimetype.MIME) text.Message {
	for at := m; at != nil; at = at.Parent() {
		for _, f := range families {
			if at.Is(f.mime) {
				return text.M(f.key)
			}
		}
	}
	return text.M("file.kind_other")
}

// shortWords names the types one may hand in.
func shortWords(types []string) []string {
	short := map[string]string{PDF: "PDF", JPEG: "JPEG", PNG: "PNG", "text/csv": "CSV"}
	list := make([]string, len(types))
	for i, t := range types {
		list[i] = t
		if s, ok := short[t]; ok {
			list[i] = s
		}
	}
	return list
}

// clean keeps the last part of a name, without what cannot be shown or saved.
func clean(name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "")
	name = path.Base(name)
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if name == "" {
		return "file"
	}
	if r := []rune(name); len(r) > 120 { // the ending is kept
		ext := []rune(path.Ext(name))
		ext = ext[:min(len(ext), 12)]
		name = string(r[:120-len(ext)]) + string(ext)
	}
	return name
}
