package story_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// receiver is the server whose word on the senders of mails counts in stories.
const receiver = "mx.operator.example"

func trustReceiver(c *market.Config) {
	c.Letters = market.Letters{Trusted: receiver, Domain: "market.example"}
}

// mail writes a mail as Chinese programs do, in GB18030: "from:", "subject:",
// "proven:" with the domain that the receiving server vouches for, "attach:" with a
// document; below an empty bar the text.
func (p *player) mail(name string, block []string) {
	var b bytes.Buffer
	var from, subject, proven, text string
	var attach []world.Document
	for i, line := range block {
		line = p.fill(line)
		if line == "|" {
			text = p.fill(strings.Join(block[i+1:], "\r\n"))
			break
		}
		key, value, _ := strings.Cut(line, ": ")
		switch key {
		case "from":
			from = value
		case "subject":
			subject = value
		case "proven":
			proven = value
		case "attach":
			attach = append(attach, p.document(value))
		default:
			p.fatalf("a mail has no %s", key)
		}
	}
	encode := func(s string) string {
		return base64.StdEncoding.EncodeToString(bytes.TrimSuffix(p.gb18030([]string{s}), []byte("\r\n")))
	}
	if proven != "" {
		fmt.Fprintf(&b, "Authentication-Results: %s; dmarc=pass header.from=%s\r\n", receiver, proven)
	}
	fmt.Fprintf(&b, "From: <%s>\r\nMessage-ID: <%s@vendor.example>\r\nDate: Mon, 02 Mar 2026 09:30:00 +0800\r\nSubject: =?GB18030?B?%s?=\r\n", from, name, encode(subject))
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n--b0\r\nContent-Type: text/plain; charset=GB18030\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encode(text) + "\r\n")
	for _, a := range attach {
		fmt.Fprintf(&b, "--b0\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"=?GB18030?B?%s?=\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n",
			encode(a.Name), base64.StdEncoding.EncodeToString(a.Data))
	}
	b.WriteString("--b0--\r\n")
	p.files[name] = b.Bytes()
}

// send hands a file to a path of the API as a form, whose further fields stand below.
func (p *player) send(rest string, block []string) {
	path, name, _ := strings.Cut(rest, " ")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, line := range block {
		key, value, _ := strings.Cut(p.fill(line), ":")
		form.WriteField(strings.TrimSpace(key), strings.TrimSpace(value))
	}
	d := p.document(name)
	part, err := form.CreateFormFile("file", d.Name)
	if err != nil {
		p.fatalf("%v", err)
	}
	part.Write(d.Data)
	form.Close()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.w.URL+path, &body)
	if err != nil {
		p.fatalf("%v", err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+p.tokens[p.who])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.fatalf("%v", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		p.fatalf("%v", err)
	}
	p.answer = &world.Answer{Status: resp.StatusCode, Body: data}
}
