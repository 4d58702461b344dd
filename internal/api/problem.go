package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Problem is an error as application/problem+json (RFC 9457).
type Problem struct {
	Type     string         `json:"type" doc:"about:blank; code tells the class"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail" doc:"in the reader's language"`
	Code     string         `json:"code" doc:"invalid, unauthenticated, forbidden, not_found, conflict, gone, too_many, too_large, internal"`
	Rule     string         `json:"rule,omitempty" doc:"the marketplace rule that refuses, as D-7"`
	Instance string         `json:"instance,omitempty" doc:"the request's id"`
	Errors   []ProblemField `json:"errors,omitempty"`
}

// ProblemField is one field that must change.
type ProblemField struct {
	Pointer string `json:"pointer" doc:"JSON pointer into the request body"`
	Detail  string `json:"detail"`
	Rule    string `json:"rule,omitempty"`
	Mend    string `json:"mend,omitempty" doc:"what would mend it"`
}

// Error makes Problem an error for huma.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders says how to sign in where one must.
func (p *Problem) GetHeaders() http.Header {
	if p.Status != http.StatusUnauthorized {
		return nil
	}
	return http.Header{"Www-Authenticate": {`Bearer realm="yunshi"`}}
}

// ContentType makes it problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func (a *API) problem(ctx context.Context, err error) error {
	f := a.s.Fault(ctx, err)
	say := server.Printer(ctx)
	status := server.Status(err)
	p := &Problem{Type: "about:blank", Title: title(status), Status: status, Detail: say.Say(f.Message),
		Code: string(f.Kind), Rule: f.Rule, Instance: server.RequestID(ctx)}
	for _, x := range f.Fields {
		pf := ProblemField{Pointer: x.Pointer, Detail: say.Say(x.Message), Rule: x.Rule}
		if x.Mend.Key != "" {
			pf.Mend = say.Say(x.Mend)
		}
		p.Errors = append(p.Errors, pf)
	}
	return p
}

func title(status int) string {
	if status == 499 {
		return "Client Closed Request"
	}
	return http.StatusText(status)
}

// shapeProblem is what huma says of a request that does not have the shape: the
// pointer is made ours and what was sent is not repeated.
func shapeProblem(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	say := text.Printer{Lang: text.EN}
	id := ""
	if ctx != nil {
		say, id = server.Printer(ctx.Context()), server.RequestID(ctx.Context())
	}
	p := &Problem{Type: "about:blank", Title: title(status), Status: status, Detail: say.T("fault.invalid"), Code: string(fault.Invalid), Instance: id}
	switch {
	case status == http.StatusRequestEntityTooLarge:
		p.Code, p.Detail = string(fault.TooLarge), say.T("fault.body_too_large", "1 MB")
	case status == http.StatusUnsupportedMediaType:
		p.Detail = say.T("api.json_only")
	case status >= 500:
		p.Code, p.Detail = string(fault.Internal), say.T("fault.internal")
	case status == http.StatusBadRequest && len(errs) == 0:
		p.Detail = say.T("api.no_body")
	case status == http.StatusBadRequest:
		p.Detail = say.T("api.bad_json")
		return p
	}
	for _, e := range errs {
		var d *huma.ErrorDetail
		if !errors.As(e, &d) {
			p.Detail = say.T("api.unreadable")
			continue
		}
		at, told := shapeFault(d)
		p.Errors = append(p.Errors, ProblemField{Pointer: at, Detail: say.Say(told)})
	}
	return p
}

// pointer turns "body.plans[0].name" into "/plans/0/name".
func pointer(location string) string {
	location = strings.NewReplacer("[", ".", "]", "").Replace(location)
	parts := strings.Split(location, ".")
	if len(parts) > 0 && (parts[0] == "body" || parts[0] == "path" || parts[0] == "query" || parts[0] == "header") {
		parts = parts[1:]
	}
	if len(parts) == 0 || parts[0] == "" {
		return ""
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	out := ""
	for _, part := range parts {
		out += "/" + escape.Replace(part)
	}
	if len(out) > 200 { // a name that was sent; ours are shorter
		out = out[:200]
	}
	return strings.ToValidUTF8(out, "")
}

// notFound answers every address below /v1 that is no operation, or is not asked as one.
func (a *API) notFound() {
	a.s.Handle("/v1/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, a.s.Missing(w, r, "api.no_operation", r.Method))
	}))
}
