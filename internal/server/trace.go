package server

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	spancodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracer does nothing until the program is told where traces go. Spans name routes,
// statuses and kinds, never a person, an address or what was sent.
var tracer = otel.Tracer("github.com/yunshi-market/yunshi/internal/server")

// callers reads the header traceparent, so that a caller's trace goes on here.
var callers = propagation.TraceContext{}

// beginSpan begins the span of a request.
func beginSpan(ctx context.Context, r *http.Request) (context.Context, trace.Span) {
	return tracer.Start(callers.Extract(ctx, propagation.HeaderCarrier(r.Header)), r.Method,
		trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("http.request.method", r.Method)))
}

// endSpan names the span by its route, which is known when it was answered.
func endSpan(span trace.Span, r *http.Request, id string, status int) {
	if span.IsRecording() {
		span.SetName(route(r))
		span.SetAttributes(attribute.String("http.route", route(r)), attribute.Int("http.response.status_code", status), attribute.String("yunshi.request", id))
		if status >= 500 {
			span.SetStatus(spancodes.Error, http.StatusText(status))
		}
	}
	span.End()
}
