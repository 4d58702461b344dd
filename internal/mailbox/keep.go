package mailbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
)

// Box is where mail is received, and what is known about it beforehand.
type Box struct {
	Files   *file.Files
	Trusted string // name of the receiving server in Authentication-Results; "" trusts none
	Domain  string // of the marketplace's own mails; "" is unknown
	Source  Source // that is read over IMAP; zero is none

	read func(io.Reader, letter.Limits) (letter.Letter, error) // nil is letter.Read
}

// Limit is how much of a mail is kept, in bytes.
func Limit() int64 { return letter.Usual().Bytes }

// Received is a mail that was read and whose files are in the store; nothing keeps
// it yet.
type Received struct {
	way         Way
	raw         file.Upload
	status      Status
	why         Why
	content     Content
	attachments []attached
	passed      bool
}

type attached struct {
	up     file.Upload
	proper bool
}

// Receive reads a mail and lays it and its attachments into the store, outside of
// a transaction. Whatever the bytes are, the result can be kept; no bytes at all are
// fault.Invalid, more than the limit fault.TooLarge.
func (b Box) Receive(ctx context.Context, way Way, name string, raw []byte) (Received, error) {
	limits := letter.Usual()
	switch {
	case len(raw) == 0:
		return Received{}, fault.At("/file", "file.empty")
	case int64(len(raw)) > limits.Bytes:
		return Received{}, fault.New(fault.TooLarge, "mailbox.too_large", limits.Bytes>>20)
	}
	return b.receive(ctx, way, name, raw, false)
}

// Take is Receive for a mail that the operator's mailbox holds, which cannot be
// refused: cut tells that it was longer and raw is its beginning, and a mail that
// breaks its reader is received as an unreadable one.
func (b Box) Take(ctx context.Context, name string, raw []byte, cut bool) (in Received, err error) {
	defer func() {
		if recover() != nil {
			in, err = b.Bare(ctx, name, raw)
		}
	}()
	return b.receive(ctx, ByIMAP, name, raw, cut)
}

// Bare receives a mail without reading it: its bytes are kept for a person.
func (b Box) Bare(ctx context.Context, name string, raw []byte) (Received, error) {
	up, err := b.Files.Produced(ctx, raw, name, "message/rfc822")
	return Received{way: ByIMAP, raw: up, status: Unreadable, content: Content{Problems: []letter.Problem{letter.Damaged}}}, err
}

// Absent receives a mail that the operator's mailbox holds and its server does not hand
// out: in its place stands which one it is, for a person to look there.
func (b Box) Absent(ctx context.Context, from Source, validity, uid uint32) (Received, error) {
	note := fmt.Appendf(nil, "X-Yunshi-Mailbox: %s\r\nX-Yunshi-Folder: %s\r\nX-Yunshi-UID: %d\r\nX-Yunshi-UIDVALIDITY: %d\r\n\r\n", from.Account, from.Folder, uid, validity)
	up, err := b.Files.Produced(ctx, note, fmt.Sprintf("%d.eml", uid), "message/rfc822")
	return Received{way: ByIMAP, raw: up, status: Unreadable, content: Content{Problems: []letter.Problem{letter.NotHanded}}}, err
}

// receive is Receive; cut tells that the mail was longer and is kept in part.
func (b Box) receive(ctx context.Context, way Way, name string, raw []byte, cut bool) (Received, error) {
	if name == "" {
		name = "mail.eml"
	}
	out := Received{way: way, status: Waiting}
	var err error
	if out.raw, err = b.Files.Produced(ctx, raw, name, "message/rfc822"); err != nil {
		return out, err
	}
	read := b.read
	if read == nil {
		read = letter.Read
	}
	l, err := read(bytes.NewReader(raw), letter.Usual())
	if cut && !slices.Contains(l.Problems, letter.TooLarge) {
		l.Problems = append(l.Problems, letter.TooLarge)
	}
	switch {
	case err != nil, slices.Contains(l.Problems, letter.Encrypted):
		out.status = Unreadable
		if err != nil && len(l.Problems) == 0 {
			l.Problems = []letter.Problem{letter.Damaged}
		}
	case b.ours(l):
		out.status, out.why = Ignored, Own
	case l.Auto:
		out.status, out.why = Ignored, Automatic
	}
	out.content, out.passed = contentOf(l), l.Passed(strings.ToLower(b.Trusted))
	for _, a := range l.Attachments {
		x, err := b.attachment(ctx, a)
		if err != nil {
			return out, err
		}
		out.attachments = append(out.attachments, x)
	}
	return out, nil
}

// sentID is how the ids of our own mails look.
var sentID = regexp.MustCompile(`^[a-z]{2,5}_[0-9a-hjkmnp-tv-z]{26}@(.+)$`)

// ours reports whether the marketplace itself sent the mail. Staff write from the
// same domain, so the domain alone does not tell.
func (b Box) ours(l letter.Letter) bool {
	m := sentID.FindStringSubmatch(l.MessageID)
	return l.Ours || m != nil && b.Domain != "" && strings.EqualFold(m[1], b.Domain)
}

// attachment lays a file into the store: as a document that may be a voucher, or as
// mere bytes that nobody is shown in place.
func (b Box) attachment(ctx context.Context, a letter.Attachment) (attached, error) {
	up, err := b.Files.Receive(ctx, bytes.NewReader(a.Data), a.Name, int64(len(a.Data)))
	if err == nil {
		return attached{up, true}, nil
	}
	if !fault.Is(err, fault.Invalid) {
		return attached{}, err
	}
	up, err = b.Files.Produced(ctx, a.Data, a.Name, "application/octet-stream")
	return attached{up: up}, err
}

func contentOf(l letter.Letter) Content {
	words := []rune(l.Text)
	return Content{
		MessageID: l.MessageID, From: l.From, ReplyTo: l.ReplyTo, Date: l.Date, Subject: clip(l.Subject, 500), Auth: l.Auth,
		Prescribed: l.Prescribed, Company: clip(l.Company, 200), Fields: l.Fields, AsksOpening: l.AsksOpening, AsksReceipt: l.AsksReceipt,
		Text: string(words[:min(len(words), longest)]), Problems: l.Problems, Bulk: l.Bulk, Answers: l.Answers,
	}
}

func clip(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}

// Keep writes a received mail once: read again, by another way or by another
// process, it is the letter that stands, and fresh is false. It is matched to a
// vendor; nothing else happens. Rule D-6.
func Keep(ctx context.Context, tx *db.Tx, by access.Actor, in Received) (l Letter, fresh bool, err error) {
	if err := by.Require(access.HandleMail); err != nil {
		return Letter{}, false, err
	}
	index := messageIndex(tx, in)
	known, err := known(ctx, tx, in.raw.SHA256, index)
	if err != nil || known != "" {
		if err == nil {
			l, err = byID(ctx, tx, known)
		}
		return l, false, err
	}
	l = Letter{ID: tx.NewID("eml"), Status: in.status, Why: in.why, Way: in.way, SHA256: in.raw.SHA256, Content: in.content, Passed: in.passed, KeptBy: by.ID, KeptAt: tx.Now()}
	m, err := match(ctx, tx, in.content)
	if err != nil {
		return Letter{}, false, err
	}
	l.VendorID, l.Fit, l.Doubts = m.VendorID, m.Fit, m.Doubts
	raw, err := file.Keep(ctx, tx, by, in.raw, "", file.Mail)
	if err != nil {
		return Letter{}, false, err
	}
	l.FileID = raw.ID
	for _, a := range in.attachments {
		f, err := file.Keep(ctx, tx, by, a.up, "", file.Mail)
		if err != nil {
			return Letter{}, false, err
		}
		l.Attachments = append(l.Attachments, Attachment{FileID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Proper: a.proper, SHA256: f.SHA256})
	}
	if err := insert(ctx, tx, l, index); err != nil {
		return Letter{}, false, err
	}
	return l, true, Kept.Append(ctx, tx, by, l.about(), KeptData{l.Way, l.Status})
}

// messageIndex finds a mail again that came by another way. What it says belongs to
// it: neither a program that gives each mail the same id, nor one who forges the id and
// the sender of another's mail, keeps that one out.
func messageIndex(tx *db.Tx, in Received) string {
	c := in.content
	if c.MessageID == "" {
		return ""
	}
	says := sha256.New()
	for _, part := range []string{c.From.Mail, c.Subject, c.Text} {
		fmt.Fprintf(says, "%d %s\n", len(part), part)
	}
	for _, a := range in.attachments {
		fmt.Fprintf(says, "%s\n", a.up.SHA256)
	}
	return tx.Vault().Blind("mail_letter.message", fmt.Sprintf("%s\n%x", c.MessageID, says.Sum(nil)))
}

func senderIndex(tx *db.Tx, mail string) string {
	return tx.Vault().Blind("mail_letter.from", strings.ToLower(mail))
}

func companyKey(c Content) string { return cn.NameKey(c.Company) }

// Read is Receive for a mail as a file that a person hands in, kept at once. It is
// what faces and the command line call for each file.
func (b Box) Read(ctx context.Context, d *db.DB, by access.Actor, way Way, name string, raw []byte) (l Letter, fresh bool, err error) {
	if err := by.Require(access.HandleMail); err != nil {
		return Letter{}, false, err
	}
	in, err := b.Receive(ctx, way, name, raw)
	if err != nil {
		return Letter{}, false, err
	}
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		l, fresh, err = Keep(ctx, tx, by, in)
		return err
	})
	return l, fresh, err
}
