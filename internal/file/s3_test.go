package file_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/file"
)

// bucket is a small S3 service: it wants each request signed (SigV4) with an
// unsigned payload, as Aliyun and Tencent take it, and keeps objects in memory.
type bucket struct {
	t       *testing.T
	mu      sync.Mutex
	objects map[string][]byte
	at      time.Time
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	auth := r.Header.Get("Authorization")
	if !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential=key/") || !strings.Contains(auth, "/cn-test/s3/aws4_request") || !strings.Contains(auth, "Signature=") {
		b.refuse(w, http.StatusForbidden, "AccessDenied")
		return
	}
	if r.Header.Get("X-Amz-Trailer") != "" || strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING") {
		b.refuse(w, http.StatusNotImplemented, "NotImplemented")
		return
	}
	key, ok := strings.CutPrefix(r.URL.Path, "/docs/")
	if !ok {
		b.refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	data, there := b.objects[key]
	switch {
	case r.Method == http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Md5") == "" {
			b.refuse(w, http.StatusBadRequest, "BadDigest")
			return
		}
		b.objects[key] = body
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case key == "":
		b.list(w, r)
	case !there:
		b.refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("ETag", `"x"`)
		http.ServeContent(w, r, "", b.at, strings.NewReader(string(data)))
	}
}

func (b *bucket) list(w http.ResponseWriter, r *http.Request) {
	type content struct {
		Key          string
		Size         int
		LastModified string
	}
	var out struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []content
	}
	for key, data := range b.objects {
		if strings.HasPrefix(key, r.URL.Query().Get("prefix")) {
			out.Contents = append(out.Contents, content{key, len(data), b.at.Format(time.RFC3339)})
		}
	}
	if err := xml.NewEncoder(w).Encode(out); err != nil {
		b.t.Error(err)
	}
}

func (b *bucket) refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	io.WriteString(w, "<Error><Code>"+code+"</Code><Message>refused</Message></Error>")
}

// s3 gives a store in such a service, and the service.
func s3(t *testing.T) (*file.S3, *bucket) {
	t.Helper()
	b := &bucket{t: t, objects: make(map[string][]byte), at: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	server := httptest.NewTLSServer(b)
	t.Cleanup(server.Close)
	store, err := file.OpenS3(file.S3Options{
		Endpoint: strings.TrimPrefix(server.URL, "https://"), Bucket: "docs", Prefix: "/yunshi/", Region: "cn-test",
		AccessKey: "key", SecretKey: "secret", PathStyle: true, Transport: server.Client().Transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, b
}

func TestS3SaysWhatTheServiceRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(&bucket{t: t, objects: map[string][]byte{}})
	t.Cleanup(server.Close)
	store, err := file.OpenS3(file.S3Options{
		Endpoint: strings.TrimPrefix(server.URL, "https://"), Bucket: "docs", Region: "cn-test",
		AccessKey: "stranger", SecretKey: "secret", PathStyle: true, Transport: server.Client().Transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "abc"); err == nil || err == file.ErrMissing {
		t.Errorf("Get with a wrong key: %v, want the service's refusal", err)
	}
	if err := store.Put(t.Context(), "abc", []byte("x")); err == nil {
		t.Error("Put with a wrong key gave no error")
	}
}
