package story_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/verify"
)

// siege is a filled marketplace that is asked what nobody should ask.
type siege struct {
	*market.Market
	t       *testing.T
	handler http.Handler
	log     *journal
	logins  demo.Logins
	doc     document31
	tables  []db.Table
	ids     map[string]map[string][]string // by table and vendor, "" is everybody's
	vendors []string                       // of the first two logins with products
	owners  []string                       // their mailboxes
	address string                         // of the database
	store   *fullStore                     // of the files
	shift   *atomic.Int64                  // by how much the clock was set, in nanoseconds
}

// journal keeps the log's lines, to tell why a request failed.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, string(p))
	return len(p), nil
}

// of are the lines that name a request.
func (j *journal) of(request string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []string
	for _, l := range j.lines {
		if request != "" && strings.Contains(l, request) {
			out = append(out, l)
		}
	}
	return fmt.Sprintf("%.3000s", strings.Join(out, ""))
}

// eachDemo fills a marketplace on each database.
func eachDemo(t *testing.T, test func(t *testing.T, s *siege)) {
	t.Helper()
	t.Parallel()
	addresses := map[string]func(t *testing.T) string{"sqlite": func(t *testing.T) string { return filepath.Join(t.TempDir(), "yunshi.db") }}
	if dbtest.HasPostgres() {
		addresses["postgres"] = func(t *testing.T) string { return dbtest.PostgresAddress(t) }
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) { test(t, lay(t, address(t))) })
	}
}

func lay(t *testing.T, address string) *siege {
	t.Helper()
	began, today := time.Now(), time.Date(2026, 3, 5, 7, 30, 0, 0, time.UTC)
	shift := new(atomic.Int64)
	clock := demo.NewClock(func() time.Time { return today.Add(time.Since(began) + time.Duration(shift.Load())) })
	d, err := db.Open(t.Context(), address, db.Options{Clock: clock, Vault: dbtest.Vault(), MaxConns: 12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	disk := &fullStore{Store: store}
	files := file.New(disk, dbtest.Vault())
	if err := files.Belongs(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	key, err := sign.NewKey("Yunshi Test", today.AddDate(-1, 0, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &siege{t: t, log: &journal{}, address: address, shift: shift, store: disk}
	s.Market = market.Build(d, dbtest.Vault(), files, key, market.Config{BaseURL: "http://market.example", Demo: true, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelWarn})), Version: "test"})
	s.handler = s.Server.Handler()
	if s.logins, err = demo.Fill(t.Context(), s.Market, nil); err != nil {
		t.Fatal(err)
	}
	status, _, body := s.ask(shot{&person{}, http.MethodGet, "/openapi.json", "", ""})
	if err := json.Unmarshal([]byte(body), &s.doc); status != 200 || err != nil {
		t.Fatalf("/openapi.json answers %d: %v", status, err)
	}
	s.survey()
	return s
}

// survey notes the tables and whose ids they hold.
func (s *siege) survey() {
	s.read(func(ctx context.Context, tx *db.Tx) (err error) {
		if s.tables, err = db.Tables(ctx, tx); err != nil {
			return err
		}
		s.ids = make(map[string]map[string][]string)
		for _, t := range s.tables {
			id, vendor := column(t, "id"), column(t, "vendor_id")
			if t.Name == "vendor" {
				vendor = id
			}
			if id < 0 {
				continue
			}
			s.ids[t.Name] = make(map[string][]string)
			err := db.EachRow(ctx, tx, t, func(row []any) error {
				is, of := fmt.Sprint(row[id]), ""
				if vendor >= 0 {
					of = fmt.Sprint(row[vendor])
				}
				s.ids[t.Name][of] = append(s.ids[t.Name][of], is)
				if of != "" {
					s.ids[t.Name][""] = append(s.ids[t.Name][""], is)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, l := range s.logins.Vendors {
		p := s.signIn(l.Mail)
		if p.vendor != "" && len(s.ids["product"][p.vendor]) > 0 && len(s.vendors) < 2 {
			s.vendors, s.owners = append(s.vendors, p.vendor), append(s.owners, l.Mail)
		}
	}
	if len(s.vendors) < 2 {
		s.t.Fatal("the demo has no two vendors with products")
	}
}

func column(t db.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c db.Column) bool { return c.Name == name })
}

func (s *siege) vendor(n int) string { return s.vendors[n] }
func (s *siege) owner(n int) string  { return s.owners[n] }

func (s *siege) idOf(table, vendor string) string {
	list := s.ids[table][vendor]
	if len(list) == 0 {
		s.t.Fatalf("%s has no %s", vendor, table)
	}
	return list[len(list)-1]
}

func (s *siege) read(do func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.DB.Read(s.t.Context(), func(tx *db.Tx) error { return do(s.t.Context(), tx) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *siege) decode(answer string, into any) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(answer), into); err != nil {
		s.t.Fatalf("%v in %s", err, answer)
	}
}

func (s *siege) verify() {
	s.t.Helper()
	ok, err := verify.Run(s.t.Context(), s.DB, s.Files, []string{s.Key.Fingerprint()}, func(c verify.Check) {
		for _, w := range c.Wrong {
			s.t.Errorf("verify: %s: %s", c.Name, w)
		}
	})
	if err != nil || !ok {
		s.t.Errorf("verify: %v", err)
	}
}

// person is who asks; the zero value is nobody.
type person struct {
	name, mail, vendor string

	mu    sync.Mutex
	token string
}

func (s *siege) signIn(mail string) *person {
	s.t.Helper()
	p := &person{name: mail, mail: mail}
	s.renew(p)
	return p
}

func (s *siege) renew(p *person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ses, err := account.SignIn(s.t.Context(), s.DB, access.Actor{Kind: access.Visitor, Address: "192.0.2.1"}, account.Credentials{Mail: p.mail, Password: demo.Password})
	if err != nil {
		s.t.Errorf("sign in as %s: %v", p.mail, err)
		return
	}
	p.token = ses.Token
	s.read(func(ctx context.Context, tx *db.Tx) error {
		_, by, err := account.ByToken(ctx, tx, ses.Token)
		p.vendor = by.VendorID
		return err
	})
}

func (s *siege) staff(name string, roles ...access.Role) *person {
	s.t.Helper()
	in := account.NewStaff{Mail: name + "@staff.example", Name: name, Roles: roles, Password: demo.Password}
	if err := in.Prepare(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if err := s.DB.Write(s.t.Context(), func(tx *db.Tx) error {
		_, err := account.AddStaff(s.t.Context(), tx, access.CommandActor("test"), in)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return s.signIn(name + "@staff.example")
}

// shot is one request.
type shot struct {
	by                       *person
	method, path, kind, body string
}

func (s *siege) ask(a shot) (int, http.Header, string) {
	r := httptest.NewRequest(a.method, "http://market.example/", strings.NewReader(a.body))
	path, query, _ := strings.Cut(a.path, "?")
	r.URL = &url.URL{Path: path, RawQuery: query}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if a.kind != "" {
		r.Header.Set("Content-Type", a.kind)
	}
	a.by.mu.Lock()
	if a.by.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.by.token)
	}
	a.by.mu.Unlock()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Header(), w.Body.String()
}

// fire asks everything, several at a time. Who signed out on the way comes in
// again; a request that takes long is a fault too.
func (s *siege) fire(all []shot, check func(a shot, status int, h http.Header, body string)) {
	s.t.Helper()
	next, done := make(chan shot), sync.WaitGroup{}
	var mu sync.Mutex
	for range 4 {
		done.Go(func() {
			for a := range next {
				began := time.Now()
				status, h, body := s.ask(a)
				if took := time.Since(began); took > 20*time.Second {
					s.t.Errorf("%s %s with %.80q took %v", a.method, a.path, a.body, took)
				}
				mu.Lock()
				if a.by.mail != "" && (status == http.StatusUnauthorized || strings.HasPrefix(h.Get("Location"), "/signin")) {
					s.renew(a.by)
				}
				check(a, status, h, body)
				mu.Unlock()
			}
		})
	}
	for _, a := range all {
		next <- a
	}
	close(next)
	done.Wait()
}

var link = regexp.MustCompile(`href="(/(?:office|console)[^"#]*)"`)

// crawl opens every page that links lead to from one.
func (s *siege) crawl(by *person, from string, most int) map[string]string {
	s.t.Helper()
	seen, queue, pages := map[string]bool{from: true}, []string{from}, map[string]string{}
	kinds := map[string]int{}
	for len(queue) > 0 && len(pages) < most {
		at := queue[0]
		queue = queue[1:]
		status, h, body := s.ask(shot{by, http.MethodGet, at, "", ""})
		if status >= 500 {
			s.t.Errorf("GET %s answers %d: %s", at, status, s.log.of(h.Get("X-Request-Id")))
		}
		pages[at] = body
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			to := strings.ReplaceAll(m[1], "&amp;", "&")
			kind := idInAddress.ReplaceAllString(to, "{id}")
			if !seen[to] && kinds[kind] < 3 {
				seen[to] = true
				kinds[kind]++
				queue = append(queue, to)
			}
		}
	}
	return pages
}

var (
	idInAddress = regexp.MustCompile(`[a-z]+_[0-9a-z]{20,}|=[^&]*`)
	inputName   = regexp.MustCompile(`<(?:input|select|textarea)[^>]* name="([^"]+)"`)
	place       = regexp.MustCompile(`\{[a-z]+\}`)
)

// inputs are the names of every input on the pages that the two can open.
func (s *siege) inputs(staff, owner *person) []string {
	names := map[string]bool{}
	for _, pages := range []map[string]string{s.crawl(staff, "/office", 60), s.crawl(owner, "/console", 60)} {
		for _, body := range pages {
			for _, m := range inputName.FindAllStringSubmatch(body, -1) {
				names[m[1]] = true
			}
		}
	}
	if len(names) < 50 {
		s.t.Errorf("only %d inputs on all pages", len(names))
	}
	return slices.Sorted(maps.Keys(names))
}

// forms are the addresses of console and office that take a POST.
func (s *siege) forms() []string {
	var all []string
	for _, p := range s.Server.Patterns() {
		if path, ok := strings.CutPrefix(p, "POST "); ok && (strings.HasPrefix(path, "/office") || strings.HasPrefix(path, "/console") || strings.HasPrefix(path, "/security")) {
			all = append(all, path)
		}
	}
	if len(all) < 100 {
		s.t.Errorf("only %d addresses take a form", len(all))
	}
	return all
}

// forms are hostile fillings of a form with all these inputs.
func forms(names []string, foreign string) []string {
	all := []string{"", "%", "=", "a=%zz&%00=%00", strings.Repeat("a&", 20_000)}
	for _, v := range texts(foreign) {
		f := make(url.Values)
		for _, n := range names {
			if len(v) > 10_000 && len(f) > 5 {
				break
			}
			f[n] = []string{v, v}
		}
		all = append(all, f.Encode())
	}
	return all
}

// parts are hostile multipart bodies.
func parts(names []string) []string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + n + "\"; filename=\"a.pdf\"\r\n\r\n%PDF-\x00\xff\r\n")
	}
	return []string{"", "--b--", "--b\r\n\r\n", b.String() + "--b--\r\n",
		"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../\x00.xlsx\"\r\n\r\nPK\x03\x04\r\n--b--\r\n"}
}

// candidates are ids for the place in an address: of what the address names, and
// one that is nobody's.
func (s *siege) candidates(path, vendor string) []string {
	if !strings.Contains(path, "{") {
		return []string{""}
	}
	at := strings.Index(path, "{")
	dir := strings.Split(strings.Trim(path[:at], "/"), "/")
	noun := strings.ReplaceAll(strings.TrimSuffix(dir[len(dir)-1], "s"), "-", "_")
	list := []string{"xxx_00000000000000000000000000"}
	for _, table := range slices.Sorted(maps.Keys(s.ids)) {
		if !strings.Contains(table, noun) && !strings.Contains(noun, table) && !strings.Contains(nouns[noun], table) {
			continue
		}
		if ids := s.ids[table][vendor]; len(ids) > 0 {
			list = append(list, ids[len(ids)-1])
		}
	}
	return list
}

// nouns are the tables of what an address calls otherwise.
var nouns = map[string]string{
	"change": "amendment", "bank_line": "bank_line", "dispatch": "receipt", "member": "account", "staff": "account", "job": "job",
	"penaltie": "violation", "appeal": "violation", "review": "submission", "application": "application submission",
}

// fill puts a candidate into each place of an address.
func (s *siege) fill(path, vendor string) string {
	list := s.candidates(path, vendor)
	return place.ReplaceAllString(path, list[len(list)-1])
}

// unwatched are the tables that anybody's request may write: tries, sessions,
// answers kept, mails that are asked for.
var unwatched = regexp.MustCompile(`^(session|account_.*|account|api_.*|code.*|counter|job|event.*|message.*|notice.*|mark|throttle.*|upload.*|file.*|factor.*|passkey.*|ceremony.*|pending.*|shelf.*|device.*|told.*|people_.*)$`)

// rows are all rows that the person has no authority over: of a visitor or the
// auditor every row, of somebody from another company those of the victim.
func (s *siege) rows(by *person, victim string) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	s.read(func(ctx context.Context, tx *db.Tx) error {
		for _, t := range s.tables {
			vendor := column(t, "vendor_id")
			if unwatched.MatchString(t.Name) || by.vendor != "" && vendor < 0 {
				continue
			}
			all[t.Name] = map[string]bool{}
			err := db.EachRow(ctx, tx, t, func(row []any) error {
				if by.vendor == "" || fmt.Sprint(row[vendor]) == victim {
					all[t.Name][fmt.Sprint(row)] = true
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

func difference(before, after map[string]map[string]bool) []string {
	var out []string
	for _, t := range slices.Sorted(maps.Keys(after)) {
		for _, two := range []struct {
			sign      string
			has, not_ map[string]bool
		}{{"+", after[t], before[t]}, {"-", before[t], after[t]}} {
			for row := range two.has {
				if !two.not_[row] {
					out = append(out, fmt.Sprintf("%s: %s %.300s", t, two.sign, row))
				}
			}
		}
	}
	return out
}

// document31 is as much of an OpenAPI document as is asked about.
type document31 struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name, In string
		}
		RequestBody struct {
			Content map[string]struct{ Schema *shape }
		}
	}
	Components struct{ Schemas map[string]*shape }
}

type shape struct {
	Ref        string `json:"$ref"`
	Type       any
	Enum       []any
	Properties map[string]*shape
	Items      *shape
	ReadOnly   bool
	Format     string
	// AdditionalProperties is false, or the shape of a map's values.
	AdditionalProperties json.RawMessage
}

// operation is one of the API.
type operation struct {
	method, path string
	query        []string
	body         *shape
}

func (o operation) hasID() bool { return strings.Contains(o.path, "{") }

// own reports whether it touches what belongs to whoever asks and nothing else.
func (o operation) own() bool {
	return strings.HasPrefix(o.path, "/v1/accounts") || strings.HasPrefix(o.path, "/v1/sessions") || strings.HasPrefix(o.path, "/v1/security")
}

func (s *siege) operations() []operation {
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(s.doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(s.doc.Paths[path])) {
			x := s.doc.Paths[path][method]
			o := operation{method: strings.ToUpper(method), path: path, body: x.RequestBody.Content["application/json"].Schema}
			for _, q := range x.Parameters {
				if q.In == "query" {
					o.query = append(o.query, q.Name)
				}
			}
			all = append(all, o)
		}
	}
	if len(all) < 90 {
		s.t.Errorf("only %d operations in the document", len(all))
	}
	return all
}

// queries are hostile ends of a reading operation's address.
func (o operation) queries(foreign string) []string {
	if o.method != http.MethodGet {
		return nil
	}
	all := []string{"", "?%zz", "?cursor=%00", "?limit=-1", "?limit=99999999999999999999"}
	for _, v := range texts(foreign) {
		q := make(url.Values)
		for _, name := range o.query {
			q.Set(name, v)
		}
		if len(q) > 0 && len(v) < 10_000 {
			all = append(all, "?"+q.Encode())
		}
	}
	return all
}

// bodies are hostile bodies of an operation that changes something.
func (s *siege) bodies(o operation, foreign string) []string {
	if o.method == http.MethodGet {
		return nil
	}
	all := slices.Clone(raws)
	if o.body == nil {
		return all
	}
	for i, v := range texts(foreign) {
		all = append(all, s.write(o.body, quoted(v), numbers[i%len(numbers)], 0))
	}
	for i, n := range numbers {
		all = append(all, s.write(o.body, quoted(texts(foreign)[(i*5)%8]), n, 0), s.write(o.body, `"2026-03-05"`, n, 0))
	}
	return append(all, s.write(o.body, "null", "null", 0), s.write(o.body, "7", `"7"`, 0), s.write(o.body, "{}", "[]", 0))
}

func (s *siege) plausible(o operation, id string) string {
	if o.body == nil {
		return "{}"
	}
	return s.write(o.body, quoted(id), "1", 0)
}

// quoted is a text as JSON, with what is not UTF-8 as it stands.
func quoted(v string) string {
	if v == "\xff\xfe" {
		return "\"\xff\xfe\""
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// write makes a body of a shape with these leaves.
func (s *siege) write(x *shape, text, number string, depth int) string {
	if depth > 6 {
		return "{}"
	}
	if name, ok := strings.CutPrefix(x.Ref, "#/components/schemas/"); ok {
		return s.write(s.doc.Components.Schemas[name], text, number, depth+1)
	}
	if len(x.Enum) > 0 && strings.HasPrefix(text, `"`) {
		v, _ := json.Marshal(x.Enum[0])
		return string(v)
	}
	kind := fmt.Sprint(x.Type)
	switch {
	case strings.Contains(kind, "object"):
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(x.Properties)) {
			if p := x.Properties[name]; !p.ReadOnly && name != "$schema" {
				fields = append(fields, quoted(name)+":"+s.write(p, text, number, depth+1))
			}
		}
		var of shape
		if len(x.Properties) == 0 && json.Unmarshal(x.AdditionalProperties, &of) == nil {
			fields = append(fields, `"api":`+s.write(&of, text, number, depth+1))
		}
		return "{" + strings.Join(fields, ",") + "}"
	case strings.Contains(kind, "array"):
		return "[" + s.write(x.Items, text, number, depth+1) + "," + s.write(x.Items, text, number, depth+1) + "]"
	case strings.Contains(kind, "integer"), strings.Contains(kind, "number"):
		return number
	case strings.Contains(kind, "boolean"):
		return "true"
	}
	return text
}
