package api_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

func registration(mail, phone string) map[string]any {
	return map[string]any{"mail": mail, "phone": phone, "name": "王芳", "password": world.Password, "lang": "zh-CN"}
}

// The same key with the same body is the same answer and one effect; with another
// body it is 422; what failed may be tried again.
func TestIdempotencyKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		c := w.Client("")
		first := c.Post("/v1/accounts", registration("wang@vendor.example", "13800138000"), "Idempotency-Key", "k1").Want(201)
		again := c.Post("/v1/accounts", registration("wang@vendor.example", "13800138000"), "Idempotency-Key", "k1").Want(201)
		if diff := cmp.Diff(string(first.Body), string(again.Body)); diff != "" {
			t.Errorf("the second answer differs: %s", diff)
		}
		if n := rows(t, d, `SELECT COUNT(*) FROM event WHERE kind = 'account.registered'`); n != 1 {
			t.Errorf("%d registrations", n)
		}
		p := c.Post("/v1/accounts", registration("li@vendor.example", "13900139000"), "Idempotency-Key", "k1").Want(422)
		if got := p.Text("code"); got != "invalid" {
			t.Errorf("another body with the key: %s", got)
		}
		c.Post("/v1/accounts", registration("wang@vendor.example", "13800138000")).Want(201) // without a key it is a new one

		failing := registration("li@vendor.example", "12")
		c.Post("/v1/accounts", failing, "Idempotency-Key", "k2").Want(422)
		c.Post("/v1/accounts", registration("li@vendor.example", "13900139000"), "Idempotency-Key", "k2").Want(201)

		if n := rows(t, d, `SELECT COUNT(*) FROM api_answer WHERE body LIKE '%vendor%' OR body LIKE '%acc_%'`); n != 0 {
			t.Error("a kept answer can be read where it rests")
		}
	})
}

// A kept answer is gone after a day, and its key free.
func TestAnswersAreKeptForADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		me := w.API(w.Member("wang", "13800138000"))
		me.Post("/v1/accounts/me", map[string]string{"lang": "en"}, "Idempotency-Key", "k").Want(200)
		sweep := func() { w.Write(func(ctx context.Context, tx *db.Tx) error { return api.Sweep(ctx, tx) }) }
		w.Advance(24 * time.Hour)
		sweep()
		me.Post("/v1/accounts/me", map[string]string{"lang": "zh-CN"}, "Idempotency-Key", "k").Want(422)
		w.Advance(time.Second)
		sweep()
		me.Post("/v1/accounts/me", map[string]string{"lang": "zh-CN"}, "Idempotency-Key", "k").Want(200)
	})
}

func rows(t *testing.T, d *db.DB, query string) int64 {
	t.Helper()
	var n int64
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], query)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTwoWithOneKeyAtOnceHaveOneEffect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		me := w.API(w.Member("wang", "13800138000"))
		answers := make([]world.Answer, 6)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				answers[i] = me.Post("/v1/accounts/me", map[string]string{"lang": "en"}, "Idempotency-Key", "same")
			})
		}
		wg.Wait()
		for _, a := range answers {
			if a.Status != 200 || string(a.Body) != string(answers[0].Body) {
				t.Errorf("answered %d %s", a.Status, a.Body)
			}
		}
		if n := rows(t, d, `SELECT COUNT(*) FROM api_answer`); n != 1 {
			t.Errorf("%d answers are kept", n)
		}
	})
}

// A secret is told once: neither a repeated key nor the list tells it again.
func TestSecretsAreNotReplayed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a := w.Member("wang", "13800138000")
		me := w.API(a)
		body := map[string]any{"name": "ERP", "scopes": []string{"read"}}
		first := me.Post("/v1/api-keys", body, "Idempotency-Key", "k").Want(201)
		secret := first.Text("secret")
		again := me.Post("/v1/api-keys", body, "Idempotency-Key", "k").Want(201)
		if again.Text("id") != first.Text("id") || strings.Contains(string(again.Body), secret) || strings.Contains(string(again.Body), `"secret"`) {
			t.Errorf("repeated: %s", again.Body)
		}
		if list := me.Get("/v1/api-keys").Want(200); strings.Contains(string(list.Body), secret) {
			t.Errorf("listed: %s", list.Body)
		}
		in := map[string]string{"mail": a.Mail, "password": world.Password}
		one := w.Client("").Post("/v1/sessions", in, "Idempotency-Key", "s").Want(201).Text("token")
		if two := w.Client("").Post("/v1/sessions", in, "Idempotency-Key", "s").Want(201).Text("token"); one == two {
			t.Error("a session's token was told twice")
		}
		if n := rows(t, d, `SELECT COUNT(*) FROM api_answer`); n != 1 {
			t.Errorf("%d answers are kept, want the key's alone", n)
		}
	})
}

func TestKeysActByTheAPIWithinTheirScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		me := w.API(w.Member("wang", "13800138000"))
		reader := w.Client(me.Post("/v1/api-keys", map[string]any{"name": "r", "scopes": []string{"read"}}).Want(201).Text("secret"))
		reader.Get("/v1/accounts/me").Want(200)
		reader.Post("/v1/accounts/me", map[string]string{"lang": "en"}).Want(403)
		reader.Post("/v1/api-keys", map[string]any{"name": "child", "scopes": []string{"read"}}).Want(403)
		id := me.Get("/v1/api-keys").Want(200).Text("items.0.id")
		if used := me.Get("/v1/api-keys").Text("items.0.last_used"); used == "" {
			t.Error("its use is not noted")
		}
		me.Post("/v1/api-keys/"+id+"/revoke", nil).Want(200)
		reader.Get("/v1/accounts/me").Want(401)
		me.Do(http.MethodDelete, "/v1/sessions/current", nil).Want(200)
		me.Get("/v1/accounts/me").Want(401)
	})
}

// Every problem is problem+json in the reader's language, points to the field, and
// repeats nothing of what was sent.
func TestProblems(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		member := w.API(w.Member("wang", "13800138000")).Token
		const sent = "SECRET-VALUE"
		for _, c := range []struct {
			name, method, path, token string
			body                      any
			status                    int
			code, pointer, zh, en     string
		}{
			{"unknown field", "POST", "/v1/accounts", "", `{"nickname": "` + sent + `"}`, 422, "invalid", "/nickname", "没有这个字段", "no such field"},
			{"wrong type", "POST", "/v1/accounts", "", `{"mail": 7, "name": "` + sent + `"}`, 422, "invalid", "/mail", "应为字符串", "Must be a string"},
			{"wrong type in a list", "POST", "/v1/api-keys", member, `{"name": "` + sent + `", "scopes": ["read", 5]}`, 422, "invalid", "/scopes/1", "应为字符串", "Must be a string"},
			{"a list that is none", "POST", "/v1/api-keys", member, `{"name": "` + sent + `", "scopes": "read"}`, 422, "invalid", "/scopes", "应为数组", "Must be an array"},
			{"a body that is none", "POST", "/v1/accounts", "", `["` + sent + `"]`, 422, "invalid", "", "应为对象", "Must be an object"},
			{"a rule", "POST", "/v1/accounts", "", map[string]string{"mail": sent, "name": "王", "phone": "13800138000", "password": "long enough 1"}, 422, "invalid", "/mail", "邮箱", "mail"},
			{"invalid JSON", "POST", "/v1/accounts", "", `{"mail": "` + sent, 400, "invalid", "-", "不是有效的 JSON", "not valid JSON"},
			{"no body", "POST", "/v1/accounts", "", nil, 400, "invalid", "-", "需要 JSON", "needs a JSON body"},
			{"a zero byte", "POST", "/v1/accounts", "", `{"name": "` + sent + `\u0000"}`, 422, "invalid", "-", "空字符", "zero character"},
			{"no zero byte", "POST", "/v1/accounts", "", `{"name": "` + sent + `\\u0000"}`, 422, "invalid", "/mail", "必填", "required"},
			{"huge body", "POST", "/v1/accounts", "", `{"name": "` + sent + strings.Repeat("x", 2<<20) + `"}`, 413, "too_large", "-", "1 MB", "1 MB"},
			{"no token", "GET", "/v1/accounts/me", "", nil, 401, "unauthenticated", "-", "请先登录", "sign in"},
			{"bad token", "GET", "/v1/accounts/me", "yss_" + sent, nil, 401, "unauthenticated", "-", "已失效", "not valid"},
			{"bad token where none is needed", "GET", "/v1/policy", "yss_" + sent, nil, 401, "unauthenticated", "-", "已失效", "not valid"},
			{"another's room", "GET", "/v1/operator/messages", member, nil, 403, "forbidden", "-", "权限", "role"},
			{"no such operation", "GET", "/v1/" + sent, "", nil, 404, "not_found", "-", "没有这个接口", "No such operation"},
			{"no such thing", "POST", "/v1/api-keys/key_" + sent + "/revoke", member, nil, 404, "not_found", "-", "没有找到", "Not found"},
			{"a limit of the query", "GET", "/v1/operator/events?limit=900", member, nil, 422, "invalid", "/limit", "不能大于 200", "at most 200"},
			{"a query of the wrong type", "GET", "/v1/operator/events?limit=" + sent, member, nil, 422, "invalid", "/limit", "应为整数", "an integer"},
		} {
			for lang, want := range map[string]string{"zh-CN": c.zh, "en": c.en} {
				client := w.Client(c.token)
				client.Lang = lang
				a := client.Do(c.method, c.path, c.body)
				if a.Status != c.status || a.Header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s: %d %s %s, want %d", c.name, a.Status, a.Header.Get("Content-Type"), a.Body, c.status)
					continue
				}
				var p struct {
					Code, Detail, Instance string
					Status                 int
					Errors                 []struct{ Pointer, Detail string }
				}
				a.Into(&p)
				told, at := p.Detail, "-"
				if len(p.Errors) > 0 {
					told, at = p.Errors[0].Detail, p.Errors[0].Pointer
				}
				if p.Code != c.code || p.Status != c.status || at != c.pointer || !strings.Contains(told, want) || p.Instance != a.Header.Get("X-Request-Id") {
					t.Errorf("%s in %s: %s; want %s at %q saying %q", c.name, lang, a.Body, c.code, c.pointer, want)
				}
				if asks := a.Header.Get("WWW-Authenticate") != ""; asks != (c.status == 401) {
					t.Errorf("%s: WWW-Authenticate is %q", c.name, a.Header.Get("WWW-Authenticate"))
				}
				if strings.Contains(string(a.Body), sent) {
					t.Errorf("%s repeats what was sent: %s", c.name, a.Body)
				}
			}
		}
	})
}

func TestNextPageKeepsTheFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		w.Member("wang", "13800138000")
		w.Member("li", "13900139000")
		boss := w.API(w.Staff("boss", access.Administrator))
		first := boss.Get("/v1/operator/events?kind=account.verified&limit=1").Want(200)
		link := first.Header.Get("Link")
		address, _, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
		second := boss.Get(address).Want(200)
		if first.Text("items.0.id") <= second.Text("items.0.id") || second.Text("items.0.kind") != "account.verified" {
			t.Errorf("the page after %s by %s is %s", first.Body, link, second.Body)
		}
		if second.Header.Get("Link") == "" { // full again, so there may be more
			t.Error("a full page leads nowhere")
		}
	})
}

func TestPolicyTellsNoPayees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a := w.Client("").Get("/v1/policy").Want(200)
		for _, p := range policy.Shipped().Payees {
			if strings.Contains(string(a.Body), p.Account) {
				t.Errorf("it tells the account %s", p.Account)
			}
		}
	})
}

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82")

func TestFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		owner, other := approvedOwner(t, w, "zhou", "13800138001", policy.Platform), approvedOwner(t, w, "wu", "13800138002", policy.Platform)
		mine, theirs := w.API(owner), w.API(other)
		reader := w.Client(mine.Post("/v1/api-keys", map[string]any{"name": "r", "scopes": []string{"read"}}).Want(201).Text("secret"))
		auditor, reviewer := w.API(w.Staff("audit", access.Auditor)), w.API(w.Staff("review", access.Reviewer))

		f := mine.Upload("licence", "营业执照.png", png).Want(201)
		id := f.Text("id")
		if f.Text("type") != "image/png" || f.Text("name") != "营业执照.png" || f.Text("purpose") != "licence" {
			t.Errorf("kept %s", f.Body)
		}
		for who, c := range map[string]*world.Client{"owner": mine, "auditor": auditor, "reviewer": reviewer, "a reading key": reader} {
			a := c.Get("/v1/files/" + id).Want(200)
			if !bytes.Equal(a.Body, png) || a.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s gets %v", who, a.Header)
			}
		}
		// Another vendor's file by its id is as if it did not exist.
		if a, b := theirs.Get("/v1/files/"+id), theirs.Get("/v1/files/fil_none"); a.Status != 404 || a.Text("detail") != b.Text("detail") {
			t.Errorf("a stranger gets %d %s", a.Status, a.Body)
		}
		w.Client("").Get("/v1/files/" + id).Want(401)

		auditor.Upload("licence", "a.png", png).Want(403)
		reader.Upload("licence", "a.png", png).Want(403)
		mine.Upload("statement", "a.png", png).Want(403)
		mine.Upload("nonsense", "a.png", png).Want(422)
		w.Client("").Upload("licence", "a.png", png).Want(401)
		w.API(w.Member("sun", "13800138003")).Upload("licence", "a.png", png).Want(404)
		for name, data := range map[string][]byte{"licence.pdf": png, "licence.png": []byte("<script>alert(1)</script>"), "empty.png": {}} {
			if a := mine.Upload("licence", name, data).Want(422); a.Text("errors.0.pointer") != "/file" {
				t.Errorf("%s: %s", name, a.Body)
			}
		}
		mine.Post("/v1/files", `{"purpose": "licence"}`).Want(422)
		if n := rows(t, d, `SELECT COUNT(*) FROM file WHERE purpose = 'licence'`); n != 1 {
			t.Errorf("%d files are kept, want one", n)
		}
	})
}

func TestUploadWithAKeyIsKeptOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		token := w.API(approvedOwner(t, w, "zhou", "13800138001", policy.Platform)).Token
		send := func(key string, data []byte) (int, string) {
			var b bytes.Buffer
			form := multipart.NewWriter(&b)
			form.WriteField("purpose", "licence")
			part, err := form.CreateFormFile("file", "a.png")
			if err != nil {
				t.Fatal(err)
			}
			part.Write(data)
			form.Close()
			return post(t, w, token, &b, form.FormDataContentType(), "Idempotency-Key", key)
		}
		_, first := send("k", png)
		status, again := send("k", png)
		if status != 201 || first != again {
			t.Errorf("repeated: %d %s after %s", status, again, first)
		}
		if status, said := send("k", append(bytes.Clone(png), 0)); status != 422 {
			t.Errorf("another file with the key: %d %s", status, said)
		}
	})
}

func post(t *testing.T, w *world.World, token string, body io.Reader, kind string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.URL+"/v1/files", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(said)
}

// endless gives n bytes without holding them and counts what was taken.
type endless struct{ left, taken int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left)
	e.left -= n
	e.taken += n
	return int(n), nil
}

// 200 MB are refused early: by what they say of themselves, and if they say
// nothing, when the limit is reached; never held in memory.
func TestHugeUploadIsRefusedEarly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		token := w.API(approvedOwner(t, w, "zhou", "13800138001", policy.Platform)).Token
		head := "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nlicence\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n"
		for _, told := range []bool{true, false} {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			rest := &endless{left: 200 << 20}
			req, err := http.NewRequest(http.MethodPost, w.URL+"/v1/files", io.MultiReader(strings.NewReader(head), rest))
			if err != nil {
				t.Fatal(err)
			}
			if told {
				req.ContentLength = int64(len(head)) + 200<<20
			}
			req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			req.Header.Set("Authorization", "Bearer "+token)
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				// The server hung up while we were still sending, before we read its answer.
				t.Logf("told=%v: %v", told, err)
			} else {
				resp.Body.Close()
				if resp.StatusCode != 413 {
					t.Errorf("told=%v: %d", told, resp.StatusCode)
				}
			}
			runtime.ReadMemStats(&after)
			if rest.taken > 64<<20 {
				t.Errorf("told=%v: %d MB were taken in", told, rest.taken>>20)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 160<<20 {
				t.Errorf("told=%v: %d MB were allocated", told, grown>>20)
			}
		}
		if n := rows(t, d, `SELECT COUNT(*) FROM file WHERE purpose = 'licence'`); n != 0 {
			t.Errorf("%d files are kept", n)
		}
	})
}
