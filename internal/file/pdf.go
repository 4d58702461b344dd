package file

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"slices"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// What a PDF can do beside being read. Names are as the format writes them.
var hostileNames = []struct {
	name string
	key  text.Key
}{
	{"JavaScript", "file.pdf_script"}, {"JS", "file.pdf_script"},
	{"Launch", "file.pdf_launch"}, {"ImportData", "file.pdf_launch"}, {"SubmitForm", "file.pdf_launch"},
	{"RichMedia", "file.pdf_media"}, {"XFA", "file.pdf_script"},
}

// embedNames say that other files stand inside.
var embedNames = []string{"EmbeddedFile", "EmbeddedFiles"}

// mostUnpacked bounds what the packed parts of one PDF are unpacked to for the look
// at their names, in bytes.
const mostUnpacked = 64 << 20

var (
	pdfName   = regexp.MustCompile(`/([^\x00-\x20()<>\[\]{}/%]{1,127})`)
	pdfStream = regexp.MustCompile(`stream\r?\n`)
)

// headBytes is how far before its stream an object's dictionary is looked for.
const headBytes = 2048

// names collects the names of a PDF, those in its packed object streams too, with
// #xx read as the character it stands for. Sealed says that some are encrypted and
// cannot be seen.
func names(data []byte) (all []string, sealed bool) {
	seen := make(map[string]bool)
	collect := func(b []byte) {
		for _, m := range pdfName.FindAllSubmatch(b, -1) {
			if n := unescaped(m[1]); !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	collect(data)
	room := int64(mostUnpacked)
	packed := false
	for _, at := range pdfStream.FindAllIndex(data, -1) {
		if !holdsObjects(data[max(0, at[0]-headBytes):at[0]]) {
			continue
		}
		packed = true
		z, err := zlib.NewReader(bytes.NewReader(data[at[1]:]))
		if err != nil {
			continue
		}
		b, _ := io.ReadAll(io.LimitReader(z, room)) // what can be read of a damaged stream is what a reader would show
		room -= int64(len(b))
		collect(b)
	}
	return all, packed && seen["Encrypt"]
}

// holdsObjects reports whether the dictionary that ends what stands before a stream
// says that it holds objects.
func holdsObjects(before []byte) bool {
	if i := bytes.LastIndex(before, []byte("endobj")); i >= 0 {
		before = before[i:]
	}
	return slices.ContainsFunc(pdfName.FindAllSubmatch(before, -1), func(m [][]byte) bool { return unescaped(m[1]) == "ObjStm" })
}

// unescaped reads #xx in a name.
func unescaped(b []byte) string {
	if !bytes.ContainsRune(b, '#') {
		return string(b)
	}
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			if hi, lo := nibble(b[i+1]), nibble(b[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return string(out)
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// quiet refuses a PDF that does more than be read: scripts, programs, forms that send
// themselves, media. Papers of banks and authorities often hold their data as a file
// inside; Keep refuses that in what buyers read alone.
func quiet(data []byte) error {
	all, sealed := names(data)
	for _, h := range hostileNames {
		if slices.Contains(all, h.name) {
			return fault.At("/file", h.key)
		}
	}
	if sealed {
		return fault.At("/file", "file.pdf_sealed")
	}
	return nil
}

// embeds reports whether a PDF has other files inside.
func embeds(data []byte) bool {
	all, _ := names(data)
	return slices.ContainsFunc(all, func(n string) bool { return slices.Contains(embedNames, n) })
}
