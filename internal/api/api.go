// Package api is the JSON face under /v1: it decodes a request into an
// operation's paper, runs the operation in one transaction and answers with a
// view. It holds no rule: what it checks is shape only. The route table is in
// routes.go and one file per noun; /openapi.json is generated from it. The
// package owns the table api_answer.
package api

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
)

// API registers operations with a server.
type API struct {
	s    *server.Server
	huma huma.API
	Parts
}

// amountShape is how an amount travels: fen is what counts, text is for people.
type amountShape struct {
	Fen      int64  `json:"fen" doc:"minor units (fen)" required:"true"`
	Currency string `json:"currency,omitempty" doc:"ISO 4217; CNY if left out"`
	Text     string `json:"text,omitempty" doc:"the amount for people, in answers" readOnly:"true"`
}

func newHuma(mux *http.ServeMux, baseURL, version string) huma.API {
	cfg := huma.DefaultConfig("Yunshi 云市", version)
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "/openapi", "", ""
	cfg.CreateHooks = nil
	cfg.FieldsOptionalByDefault = true
	cfg.AllowAdditionalPropertiesByDefault = false
	cfg.Info.Description = "The API of a Yunshi marketplace: vendors apply, sign, pay their deposit and put products on the shelf; the operator's staff review and confirm. Money is integer fen. Errors are application/problem+json (RFC 9457) with errors[].pointer. Every POST takes an Idempotency-Key."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Info.Contact = &huma.Contact{Name: "The operator of this marketplace"}
	cfg.Servers = []*huma.Server{{URL: baseURL}}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A session token (POST /v1/sessions) or an API key (ymk_…)."},
	}
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[money.Amount](), reflect.TypeFor[amountShape]())
	return humago.New(mux, cfg)
}

// route describes one operation.
type route struct {
	method  string
	path    string
	tag     string
	summary string
	id      string
	public  bool // needs no token
	status  int  // of success; 0 is 200
}

func (o route) operation() huma.Operation {
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: "/v1" + o.path, Tags: []string{o.tag}, Summary: o.summary,
		DefaultStatus: o.status, MaxBodyBytes: 1 << 20,
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}
	if !o.public {
		op.Security = []map[string][]string{{"bearer": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	if o.method == http.MethodPost {
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	return op
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// answer is a successful response.
type answer[O any] struct {
	Link string `header:"Link"`
	Body O
}

// Page is one page of a list; Next is the cursor of the one after, "" at the end.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty"`
}

// view turns what an operation returned into what the reader gets, masked there.
type view[T, O any] func(p text.Printer, v T) O

// do is an operation.
type do[I, T any] func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (T, error)

// get registers a reading operation. Q carries the tags path and query.
func get[Q, T, O any](a *API, o route, op do[Q, T], show view[T, O]) {
	o.method = http.MethodGet
	huma.Register(a.huma, o.operation(), func(ctx context.Context, in *Q) (*answer[O], error) {
		by, err := actor(ctx, o.public)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		var v T
		if err := a.s.DB.Read(ctx, func(tx *db.Tx) (err error) { v, err = op(ctx, tx, by, *in); return err }); err != nil {
			return nil, a.problem(ctx, err)
		}
		out := &answer[O]{Body: show(server.Printer(ctx), v)}
		if n, ok := any(out.Body).(interface{ next() string }); ok && n.next() != "" {
			out.Link = "<" + after(server.Address(ctx), n.next()) + `>; rel="next"`
		}
		return out, nil
	})
}

func (p Page[T]) next() string { return p.Next }

// after is the address of the next page: the same filters, another cursor.
func after(u *url.URL, cursor string) string {
	q := u.Query()
	q.Set("cursor", cursor)
	return u.Path + "?" + q.Encode()
}

// actor refuses a token that is not valid even where none is needed.
func actor(ctx context.Context, public bool) (access.Actor, error) {
	by := server.Actor(ctx)
	if err := server.Denied(ctx); err != nil {
		return by, err
	}
	if !public {
		return by, by.SignedIn()
	}
	return by, nil
}

// bodied is a POST with a body; the id of the path is copied into the body's field tagged path.
type bodied[I any] struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body gives the same answer for 24 hours."`
	Body I
}

type bodiedAt[I any] struct {
	ID   string `path:"id"`
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body gives the same answer for 24 hours."`
	Body I
}

type bareAt struct {
	ID  string `path:"id"`
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key gives the same answer for 24 hours."`
}

type bare struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key gives the same answer for 24 hours."`
}

// post registers an operation with a body. An input with Prepare is prepared
// before the transaction.
func post[I, T, O any](a *API, o route, op do[I, T], show view[T, O]) {
	o.method = http.MethodPost
	if strings.Contains(o.path, "{id}") {
		huma.Register(a.huma, o.operation(), func(ctx context.Context, in *bodiedAt[I]) (*answer[O], error) {
			setID(&in.Body, in.ID)
			return run(ctx, a, o, in.Key, in.Body, op, show)
		})
		return
	}
	huma.Register(a.huma, o.operation(), func(ctx context.Context, in *bodied[I]) (*answer[O], error) {
		return run(ctx, a, o, in.Key, in.Body, op, show)
	})
}

// act registers an operation that needs no body: POST …/{id}/claim.
func act[I, T, O any](a *API, o route, op do[I, T], show view[T, O]) {
	o.method = http.MethodPost
	if !strings.Contains(o.path, "{id}") {
		huma.Register(a.huma, o.operation(), func(ctx context.Context, in *bare) (*answer[O], error) {
			var body I
			return run(ctx, a, o, in.Key, body, op, show)
		})
		return
	}
	huma.Register(a.huma, o.operation(), func(ctx context.Context, in *bareAt) (*answer[O], error) {
		var body I
		setID(&body, in.ID)
		return run(ctx, a, o, in.Key, body, op, show)
	})
}

// setID copies the id of the path into the field of the paper that is tagged for it.
func setID(in any, id string) {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("path") == "id" {
			v.Field(i).SetString(id)
			return
		}
	}
	panic("no field tagged path:\"id\" in " + v.Type().String()) // a fault of the route table, found by any test of the route
}

// preparer does what takes too long for a transaction.
type preparer interface {
	Prepare(ctx context.Context) error
}

// swearer compares a password before the transaction, since that takes long.
type swearer interface {
	Swear(ctx context.Context, d *db.DB, by access.Actor) error
}

func run[I, T, O any](ctx context.Context, a *API, o route, key string, in I, op do[I, T], show view[T, O]) (*answer[O], error) {
	by, err := actor(ctx, o.public)
	if err != nil {
		return nil, a.problem(ctx, err)
	}
	request, err := hashRequest(o, in)
	if err != nil {
		return nil, a.problem(ctx, err)
	}
	if p, ok := any(&in).(swearer); ok {
		if err := p.Swear(ctx, a.s.DB, by); err != nil {
			return nil, a.problem(ctx, err)
		}
	}
	if p, ok := any(&in).(preparer); ok {
		if err := p.Prepare(ctx); err != nil {
			return nil, a.problem(ctx, err)
		}
	}
	var out O
	err = a.s.DB.Write(ctx, func(tx *db.Tx) error {
		slot, err := claim(ctx, tx, by, o, key, request)
		if err != nil {
			return err
		}
		if slot.replayed {
			return slot.into(&out)
		}
		v, err := op(ctx, tx, by, in)
		if err != nil {
			return err
		}
		out = show(server.Printer(ctx), v)
		return slot.keep(ctx, tx, out)
	})
	if err != nil {
		return nil, a.problem(ctx, err)
	}
	return &answer[O]{Body: out}, nil
}
