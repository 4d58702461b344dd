package story_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/verify"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// player plays one script over a real server. README.md beside it says what the
// words mean.
type player struct {
	t        *testing.T
	w        *world.World
	open     func() browser // a fresh one
	lang     string         // that browsers prefer
	browsers map[string]browser
	tokens   map[string]string
	files    map[string][]byte // written by the script
	who      string
	vars     map[string]string
	answer   *world.Answer // of the last call of the API; nil after a page
	line     string
}

// step is one line of a script with the indented lines below it.
type step struct {
	no    int
	words string
	block []string
}

func parse(t *testing.T, path string) []step {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	for i, line := range strings.Split(string(data), "\n") {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "\t"):
			last := &steps[len(steps)-1]
			last.block = append(last.block, strings.TrimPrefix(line, "\t"))
		default:
			steps = append(steps, step{no: i + 1, words: line})
		}
	}
	return steps
}

// languages are those that a script is to be played in: those of its first line
// if that says so, else Chinese.
func languages(steps []step) []string {
	if tags, ok := strings.CutPrefix(steps[0].words, "languages "); ok {
		return strings.Fields(tags)
	}
	return []string{"zh-CN"}
}

// play runs the steps of the script at the path on a database, with browsers that
// prefer a language. Open makes them in the world.
func play(t *testing.T, d *db.DB, path string, steps []step, lang string, open func(testing.TB, *world.World) browser) {
	p := &player{t: t, w: world.Open(t, d, trustReceiver), lang: lang, browsers: map[string]browser{}, tokens: map[string]string{}, files: map[string][]byte{}, vars: map[string]string{}}
	p.open = func() browser { return open(t, p.w) }
	for _, s := range steps {
		p.line = fmt.Sprintf("%s:%d: %s", path, s.no, s.words)
		p.do(s)
	}
}

func (p *player) fatalf(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s\n\t%s", p.line, fmt.Sprintf(format, args...))
}

var variable = regexp.MustCompile(`\$\{?([a-z_]+)\}?`)

func (p *player) fill(s string) string {
	return variable.ReplaceAllStringFunc(s, func(m string) string {
		v, ok := p.vars[strings.Trim(m, "${}")]
		if !ok {
			p.fatalf("%s has no value", m)
		}
		return v
	})
}

func (p *player) do(s step) {
	word, rest, _ := strings.Cut(p.fill(s.words), " ")
	// The page or answer is told with the line when something fails inside the world.
	p.t.Logf("%s", p.line)
	switch word {
	case "staff":
		name, roles, _ := strings.Cut(rest, " ")
		var list []access.Role
		for _, r := range strings.Fields(roles) {
			list = append(list, access.Role(r))
		}
		p.w.Staff(name, list...)
		p.signIn(name, name+"@staff.example", world.Password)
	case "member":
		name, phone, _ := strings.Cut(rest, " ")
		p.w.Member(name, phone)
		p.signIn(name, name+"@vendor.example", world.Password)
	case "languages": // read before the first step
	case "as":
		p.who = rest
		if p.browsers[rest] == nil {
			p.browsers[rest] = p.fresh()
		}
	case "speak":
		p.browser().Speak(rest)
	case "get":
		p.answer = nil
		p.browser().Get(rest)
	case "submit":
		p.answer = nil
		p.submit(rest, s.block)
	case "press":
		p.answer = nil
		p.browser().Press(rest)
	case "post": // a form that the page need not have: what a forger or an old tab sends
		p.answer = nil
		values, _ := p.values(s.block)
		p.browser().Post(rest, values)
	case "call":
		p.call(rest, s.block)
	case "upload":
		p.upload(rest)
	case "statement":
		p.statement(rest, s.block)
	case "want":
		p.want(rest)
	case "see":
		if want := p.said(rest); !strings.Contains(p.shown(), want) {
			p.fatalf("%q is not shown: %s", want, p.shown())
		}
	case "lacks":
		source, unwanted := p.shown(), p.said(rest)
		if p.answer == nil {
			source = p.browser().Now().Body
		}
		if strings.Contains(source, unwanted) {
			p.fatalf("%q is there: %s", unwanted, source)
		}
	case "write":
		p.write(rest, s.block)
	case "mail":
		p.mail(rest, s.block)
	case "send":
		p.send(rest, s.block)
	case "let":
		p.let(rest)
	case "drain":
		p.w.Drain()
	case "advance":
		by, err := time.ParseDuration(rest)
		if err != nil {
			p.fatalf("%v", err)
		}
		p.w.Advance(by)
	case "verify":
		p.verify()
	default:
		p.fatalf("unknown word %q", word)
	}
}

// said is what stands for the language in "中文 | English"; a text without a bar is
// the same in both.
func (p *player) said(words string) string {
	zh, en, two := strings.Cut(words, " | ")
	if two && strings.HasPrefix(p.lang, "en") {
		return en
	}
	return zh
}

func (p *player) fresh() browser {
	b := p.open()
	b.Speak(p.lang)
	return b
}

func (p *player) browser() browser {
	b := p.browsers[p.who]
	if b == nil {
		p.fatalf("nobody acts: say as NAME first")
	}
	return b
}

func (p *player) signIn(name, mail, password string) {
	b := p.fresh()
	b.Get("/signin?lang=" + p.lang) // a person's own language would be taken before the browser's
	b.Submit("/signin", url.Values{"mail": {mail}, "password": {password}}, nil)
	p.browsers[name], p.who = b, name
	p.tokens[name] = b.Cookie("yunshi_session")
}

func (p *player) values(block []string) (url.Values, map[string][]world.Document) {
	values, files := url.Values{}, map[string][]world.Document{}
	for _, line := range block {
		line = p.fill(line)
		if name, file, ok := strings.Cut(line, " @ "); ok {
			files[name] = append(files[name], p.document(file))
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			p.fatalf("not a field: %s", line)
		}
		values.Add(strings.TrimSpace(name), strings.ReplaceAll(strings.TrimSpace(value), `\n`, "\n"))
	}
	return values, files
}

func (p *player) submit(action string, block []string) {
	values, files := p.values(block)
	p.browser().Submit(action, values, files)
}

// document is a file that the script wrote, or one made by its name.
func (p *player) document(name string) world.Document {
	if data, ok := p.files[name]; ok {
		return world.Document{Name: name, Data: data}
	}
	return document(p.t, name)
}

// write keeps the lines as a bank would send them: CSV in GB18030.
func (p *player) write(name string, block []string) {
	p.files[name] = p.gb18030(block)
}

func (p *player) gb18030(block []string) []byte {
	csv, err := simplifiedchinese.GB18030.NewEncoder().String(p.fill(strings.Join(block, "\r\n")) + "\r\n")
	if err != nil {
		p.fatalf("%v", err)
	}
	return []byte(csv)
}

func (p *player) call(rest string, block []string) {
	method, path, _ := strings.Cut(rest, " ")
	token := p.tokens[p.who]
	if b := p.browsers[p.who]; token == "" && b != nil {
		token = b.Cookie("yunshi_session")
	}
	var body any
	if len(block) > 0 {
		body = p.fill(strings.Join(block, "\n"))
	}
	a := p.w.Client(token).Do(method, path, body)
	p.answer = &a
}

func (p *player) upload(rest string) {
	purpose, name, _ := strings.Cut(rest, " ")
	d := p.document(name)
	token := p.tokens[p.who]
	if token == "" {
		token = p.browser().Cookie("yunshi_session")
	}
	a := p.w.Client(token).Upload(purpose, d.Name, d.Data)
	p.answer = &a
}

// statement sends a bank's file, in GB18030 as banks write it, to the API.
func (p *player) statement(payee string, block []string) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("payee", payee)
	part, err := form.CreateFormFile("file", "招商银行流水.csv")
	if err != nil {
		p.fatalf("%v", err)
	}
	part.Write(p.gb18030(block))
	form.Close()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.w.URL+"/v1/operator/bank-statements", &body)
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

func (p *player) shown() string {
	if p.answer != nil {
		return string(p.answer.Body)
	}
	return p.browser().Now().Text
}

func (p *player) want(rest string) {
	want, err := strconv.Atoi(rest)
	if err != nil {
		p.fatalf("%v", err)
	}
	got := 0
	if p.answer != nil {
		got = p.answer.Status
	} else {
		got = p.browser().Now().Status
	}
	if got != want {
		p.fatalf("status %d: %s", got, p.shown())
	}
}

func (p *player) let(rest string) {
	name, how, _ := strings.Cut(rest, " = ")
	kind, arg, _ := strings.Cut(how, " ")
	switch kind {
	case "json":
		p.vars[name] = fmt.Sprint(p.answer.Value(arg))
	case "code":
		p.w.Drain()
		p.vars[name] = p.w.Code(arg)
	case "path":
		p.vars[name] = p.found(arg, p.browser().Now().Path)
	case "source":
		p.vars[name] = p.found(arg, p.browser().Now().Body)
	case "text":
		p.vars[name] = p.found(arg, p.shown())
	default:
		p.vars[name] = how
	}
}

func (p *player) found(expr, in string) string {
	m := regexp.MustCompile(expr).FindStringSubmatch(in)
	if m == nil {
		p.fatalf("no match in %s", in)
	}
	return m[len(m)-1]
}

func (p *player) verify() {
	ctx := context.Background()
	ok, err := verify.Run(ctx, p.w.DB, p.w.Files, []string{p.w.Key.Fingerprint()}, func(c verify.Check) {
		for _, s := range c.Wrong {
			p.t.Errorf("%s\n\t%s: %s", p.line, c.Name, s)
		}
	})
	if err != nil || !ok {
		p.fatalf("verify: %v", err)
	}
}

// document makes a file of the kind that its name says: a small scan as PNG or a
// page as PDF, a different one for each name. name=other.ext sends the content of
// the first under the second name.
func document(t *testing.T, name string) world.Document {
	t.Helper()
	kind, as, ok := strings.Cut(name, "=")
	if !ok {
		as = name
	}
	switch {
	case strings.HasSuffix(kind, ".pdf"):
		d := paper.New(paper.Meta{Title: kind, Lang: text.ZH, Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		d.Title(kind, "")
		data, err := d.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return world.Document{Name: as, Data: data}
	case strings.HasSuffix(kind, ".png"):
		img := image.NewRGBA(image.Rect(0, 0, 780, 520))
		for x := range 780 {
			img.Set(x, (x*7+len(kind)*13)%520, color.RGBA{R: uint8(len(kind) * 9), B: 200, A: 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		return world.Document{Name: as, Data: b.Bytes()}
	}
	data, err := os.ReadFile("testdata/" + kind)
	if err != nil {
		t.Fatal(err)
	}
	return world.Document{Name: as, Data: data}
}
