package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// tracing is where traces go.
type tracing struct {
	OTLPEndpoint string  `name:"otlp-endpoint" help:"OpenTelemetry collector that takes traces by OTLP over HTTP, as http://localhost:4318; none if not given." env:"YUNSHI_OTLP_ENDPOINT"`
	OTLPSample   float64 `name:"otlp-sample" help:"Share of requests and jobs that are traced, from 0 to 1; a caller that traces decides itself." default:"1" env:"YUNSHI_OTLP_SAMPLE"`
}

// start begins to send traces and returns what sends the rest at the end. A
// collector that is away costs traces, and nothing else.
func (t tracing) start(ctx context.Context) (stop func(), err error) {
	if t.OTLPEndpoint == "" {
		return func() {}, nil
	}
	u, err := url.Parse(t.OTLPEndpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("--otlp-endpoint is to be as http://localhost:4318")
	}
	if t.OTLPSample < 0 || t.OTLPSample > 1 {
		return nil, errors.New("--otlp-sample is to be from 0 to 1")
	}
	opt := []otlptracehttp.Option{otlptracehttp.WithEndpointURL(strings.TrimSuffix(t.OTLPEndpoint, "/") + "/v1/traces"), otlptracehttp.WithTimeout(10 * time.Second)}
	if h := secretEnv("YUNSHI_OTLP_HEADERS"); h != "" {
		headers := make(map[string]string)
		for _, pair := range strings.Split(h, ",") {
			name, value, ok := strings.Cut(pair, "=")
			if !ok {
				return nil, errors.New("YUNSHI_OTLP_HEADERS is to be as name=value,name=value")
			}
			headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		opt = append(opt, otlptracehttp.WithHeaders(headers))
	}
	out, err := otlptracehttp.New(ctx, opt...)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	p := sdk.NewTracerProvider(sdk.WithBatcher(out), sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(t.OTLPSample))),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "yunshi"), attribute.String("service.version", version))))
	otel.SetTracerProvider(p)
	return func() {
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = p.Shutdown(patience) // what is not sent by now is lost, and only traces are
	}, nil
}
