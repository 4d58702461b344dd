package letter

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// ErrNoMail says that bytes are no mail at all.
var ErrNoMail = errors.New("letter: this is no mail")

// decoders tells the library how to read charsets, which it can be told for all mail only.
var decoders = sync.OnceFunc(func() { message.CharsetReader = charset })

// charset decodes text of a named charset. GB2312 is read as GB18030, which it is a
// part of and which is meant.
func charset(name string, in io.Reader) (io.Reader, error) {
	enc, err := encodingOf(name)
	if err != nil {
		return nil, err
	}
	return transform.NewReader(in, enc.NewDecoder()), nil
}

func encodingOf(name string) (encoding.Encoding, error) {
	switch name = strings.ToLower(strings.Trim(name, ` "'`)); name {
	case "gb2312", "gbk", "gb18030", "x-gbk", "cp936", "chinese", "gb_2312-80", "hz-gb-2312":
		if name == "hz-gb-2312" {
			return simplifiedchinese.HZGB2312, nil
		}
		return simplifiedchinese.GB18030, nil
	case "", "us-ascii", "ascii", "default", "unknown-8bit":
		return encoding.Nop, nil
	}
	return htmlindex.Get(name)
}

// words decodes encoded words in header fields.
var words = mime.WordDecoder{CharsetReader: charset}

// reader goes through one mail.
type reader struct {
	limits Limits
	parts  int
	plain  strings.Builder
	html   strings.Builder
	out    *Letter
}

// Read reads a mail. What is beyond the limits or damaged is left out and named
// among the problems; only bytes that are no mail at all are ErrNoMail.
func Read(in io.Reader, limits Limits) (Letter, error) {
	decoders()
	var l Letter
	data, err := io.ReadAll(io.LimitReader(in, limits.Bytes+1))
	if err != nil {
		return l, err
	}
	if int64(len(data)) > limits.Bytes {
		data = data[:limits.Bytes]
		l.add(TooLarge)
	}
	e, err := message.ReadWithOptions(bytes.NewReader(data), &message.ReadOptions{MaxHeaderBytes: 1 << 20})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) || e.Header.Len() == 0 {
		return l, ErrNoMail
	}
	r := &reader{limits: limits, out: &l}
	r.head(e.Header)
	r.part(e, 0)
	text := r.plain.String()
	if strings.TrimSpace(text) == "" || len(fieldsOf(text).found) == 0 && r.html.Len() > 0 {
		if fromHTML := textOf(r.html.String()); strings.TrimSpace(text) == "" || len(fieldsOf(fromHTML).found) > 0 {
			text = fromHTML
		}
	}
	l.Text = clean(text)
	l.judge()
	return l, nil
}

func (l *Letter) has(p Problem) bool { return slices.Contains(l.Problems, p) }

func (l *Letter) add(p Problem) {
	if !l.has(p) {
		l.Problems = append(l.Problems, p)
	}
}

// head reads the header.
func (r *reader) head(h message.Header) {
	m := mail.Header{Header: h}
	l := r.out
	l.Subject = clean(headerText(h.Get("Subject")))
	l.MessageID = strings.Trim(strings.TrimSpace(h.Get("Message-Id")), "<>")
	if len(l.MessageID) > 300 {
		l.MessageID = l.MessageID[:300]
	}
	if at, err := m.Date(); err == nil {
		l.Date = at.UTC()
	}
	var plain bool
	if l.From, plain = address(h.Get("From")); !plain || len(h.Values("From")) > 1 {
		l.add(UnclearSender)
	}
	l.ReplyTo, _ = address(h.Get("Reply-To"))
	l.Ours = h.Get("X-Yunshi-Message") != "" || strings.HasPrefix(h.Get("User-Agent"), "Yunshi")
	first := func(name string) string {
		word, _, _ := strings.Cut(strings.ToLower(h.Get(name)), ";")
		return strings.TrimSpace(word)
	}
	auto, many := first("Auto-Submitted"), first("Precedence")
	l.Auto = auto != "" && auto != "no" || h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" || many == "auto_reply" ||
		first("Return-Path") == "<>" || first("Content-Type") == "multipart/report"
	l.Bulk = h.Get("List-Id") != "" || h.Get("List-Post") != "" || many == "bulk" || many == "list" || many == "junk"
	l.Answers = h.Get("In-Reply-To") != "" || answering.MatchString(l.Subject)
	told := make(map[string]bool)
	for _, v := range h.Values("Authentication-Results") {
		server, results, _ := authField(v)
		if told[server] {
			continue // a server writes above what came in; below may stand what the sender made up
		}
		told[server] = true // also where it cannot be read: the sender may have seen to that
		for _, a := range results {
			if a.Server = server; len(l.Auth) < 20 {
				l.Auth = append(l.Auth, a)
			}
		}
	}
}

func domainOf(mail string) string {
	at := strings.LastIndexByte(mail, '@')
	if at < 0 {
		return ""
	}
	return lower(strings.TrimSuffix(mail[at+1:], "."))
}

// headerText decodes encoded words; text that stands raw in GB18030, as old programs
// send it, is decoded too.
func headerText(s string) string {
	if plain, err := words.DecodeHeader(s); err == nil {
		s = plain
	}
	return utf8Of(s)
}

// address reads the first mailbox of a field, however it is written; plain is false
// where the field may be read as another one.
func address(field string) (a Address, plain bool) {
	if field == "" {
		return Address{}, true
	}
	parser := mail.Header{}
	parser.Set("From", field)
	if list, err := parser.AddressList("From"); err == nil && len(list) > 0 {
		m := lower(list[0].Address)
		odd := strings.ContainsFunc(m, func(c rune) bool { return c <= ' ' || c >= 0x7f })
		return Address{Name: clean(utf8Of(list[0].Name)), Mail: clean(m)}, len(list) == 1 && !odd
	}
	if m := mailbox.FindString(field); m != "" {
		return Address{Mail: lower(m)}, strings.Count(field, "@") == 1
	}
	return Address{}, true
}

// lower writes ASCII letters small. Others stay: some of them would become ASCII, and
// the mailbox another one.
func lower(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}, s)
}

// part reads a part and those within it.
func (r *reader) part(e *message.Entity, depth int) {
	if r.parts++; r.parts > r.limits.Parts {
		r.out.add(TooManyParts)
		return
	}
	if depth > r.limits.Depth {
		r.out.add(TooDeep)
		return
	}
	if multi := e.MultipartReader(); multi != nil {
		for r.parts <= r.limits.Parts {
			inner, err := multi.NextPart()
			if err == io.EOF {
				return
			}
			if inner == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				r.out.add(Damaged)
				return
			}
			if err != nil {
				r.out.add(UnknownCharset)
			}
			r.part(inner, depth+1)
		}
		r.out.add(TooManyParts)
		return
	}
	kind, params, err := e.Header.ContentType()
	if err != nil {
		kind, params = "text/plain", nil
	}
	r.leaf(e, strings.ToLower(kind), params, depth)
}

// leaf reads a part that holds no others, but for a mail within the mail.
func (r *reader) leaf(e *message.Entity, kind string, params map[string]string, depth int) {
	disposition, dparams, _ := e.Header.ContentDisposition()
	name := dparams["filename"]
	if name == "" {
		name = params["name"]
	}
	name = clean(path.Base(strings.ReplaceAll(headerText(name), `\`, "/")))
	if name == "." || name == "/" {
		name = ""
	}
	switch {
	case kind == "message/rfc822":
		inner, err := message.Read(e.Body)
		if inner == nil || err != nil && !message.IsUnknownCharset(err) {
			r.out.add(Damaged)
			return
		}
		r.part(inner, depth+1)
	case kind == "application/pkcs7-mime" || kind == "application/pgp-encrypted":
		r.out.add(Encrypted)
	case strings.HasPrefix(kind, "text/") && disposition != "attachment" && name == "":
		body, err := io.ReadAll(io.LimitReader(e.Body, int64(r.limits.Text)))
		if err != nil {
			r.out.add(Damaged)
		}
		to := &r.plain
		if kind == "text/html" {
			to = &r.html
		}
		if to.Len()+len(body) <= 2*r.limits.Text {
			to.WriteString(utf8Of(string(body)) + "\n")
		}
	default:
		r.attachment(e, kind, name)
	}
}

func (r *reader) attachment(e *message.Entity, kind, name string) {
	data, err := io.ReadAll(io.LimitReader(e.Body, r.limits.Attachment+1))
	switch {
	case err != nil:
		r.out.add(Damaged)
		return
	case int64(len(data)) > r.limits.Attachment:
		r.out.add(LargeAttachment)
		return
	case len(data) == 0:
		return
	}
	if kind == "application/ms-tnef" || strings.EqualFold(name, "winmail.dat") {
		r.tnef(data)
		return
	}
	r.keep(Attachment{Name: name, Type: kind, Data: data})
}

// keep takes an attachment, but not the small pictures of a signature's logo.
func (r *reader) keep(a Attachment) {
	if strings.HasPrefix(a.Type, "image/") && len(a.Data) < 2000 {
		return
	}
	if a.Name == "" {
		a.Name = "attachment"
	}
	r.out.Attachments = append(r.out.Attachments, a)
}

// utf8Of reads bytes that are not UTF-8 as GB18030, which Chinese programs mean.
func utf8Of(s string) string {
	if validText(s) {
		return s
	}
	if plain, err := simplifiedchinese.GB18030.NewDecoder().String(s); err == nil {
		return plain
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// clean removes what has no place in a text that people read and databases hold.
func clean(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r':
			return -1
		case c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0xad || c == 0x61c || c == 0x180e || c >= 0x200b && c <= 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2060 && c <= 0x206f || c == 0xfeff:
			return -1
		case c == 0xa0 || c == 0x3000:
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.TrimSpace(norm.NFC.String(s))
}
