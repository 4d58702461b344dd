package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/job"
)

type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(d *db.DB) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "yunshi_http_request_seconds", Help: "Duration of requests by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
	}, []string{"method", "route", "status"})}
	m.registry.MustRegister(jobsCollector{d, prometheus.NewDesc("yunshi_jobs", "Jobs by state.", []string{"state"}, nil)})
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) count(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// jobsCollector reads the queue when metrics are asked for.
type jobsCollector struct {
	db   *db.DB
	desc *prometheus.Desc
}

// Describe names the one metric.
func (c jobsCollector) Describe(ch chan<- *prometheus.Desc) { ch <- c.desc }

// Collect counts the jobs that are not done.
func (c jobsCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := c.db.Read(ctx, func(tx *db.Tx) error {
		counts, err := job.Counts(ctx, tx)
		for _, state := range []job.State{job.Available, job.Running, job.Dead} {
			ch <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, float64(counts[state]), string(state))
		}
		return err
	})
	if err != nil {
		ch <- prometheus.NewInvalidMetric(c.desc, err)
	}
}

// probes answers machines: /healthz (the process lives), /readyz (it can work: the
// database answers and its schema is this program's) and /metrics.
func (s *Server) probes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		ok, err := s.DB.Current(ctx)
		switch {
		case err != nil:
			s.Log.Error("readyz", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		case !ok:
			http.Error(w, "the schema is not this program's; run yunshi migrate", http.StatusServiceUnavailable)
		default:
			w.Write([]byte("ready\n"))
		}
	})
	return mux
}
