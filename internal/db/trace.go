package db

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// tracer does nothing until the program is told where traces go.
var tracer = otel.Tracer("github.com/yunshi-market/yunshi/internal/db")

// beginSpan begins the span of a transaction within the request or job that opens
// it; one that nobody traces costs nothing.
func (d *DB) beginSpan(ctx context.Context, name string) (context.Context, trace.Span) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, trace.SpanFromContext(context.Background()) // one that does nothing
	}
	return tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attribute.String("db.system.name", string(d.dialect))))
}

// endSpan says how many statements were sent and how often the transaction was
// tried. A refusal by a rule is no error of the database.
func endSpan(span trace.Span, tx *Tx, tries int, err error) {
	if !span.IsRecording() {
		return
	}
	span.SetAttributes(attribute.Int("db.tries", tries))
	if tx != nil {
		span.SetAttributes(attribute.Int("db.statements", tx.count))
	}
	var refused *fault.Error
	if err != nil && !errors.As(err, &refused) {
		span.SetStatus(codes.Error, "failed")
	}
	span.End()
}
