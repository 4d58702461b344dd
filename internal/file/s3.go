package file

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Options say where an S3-compatible store is and who we are to it.
type S3Options struct {
	Endpoint  string // host, or host:port, without the scheme
	Bucket    string
	Prefix    string // before every key, as "yunshi"
	Region    string
	AccessKey string
	SecretKey string
	Plain     bool              // http, for a store on the same machine
	PathStyle bool              // the bucket in the path, as MinIO wants it; otherwise in the host name
	Transport http.RoundTripper // nil is the default
}

// S3 is a store in a bucket of an S3-compatible service.
type S3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// OpenS3 makes the client; it does not yet talk to the service.
func OpenS3(o S3Options) (*S3, error) {
	lookup := minio.BucketLookupDNS // Aliyun and Tencent refuse the path style
	if o.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(o.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""),
		Secure:       !o.Plain,
		Region:       o.Region,
		BucketLookup: lookup,
		Transport:    o.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("file store %s: %w", o.Endpoint, err)
	}
	prefix := strings.Trim(o.Prefix, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &S3{client, o.Bucket, prefix}, nil
}

func (s *S3) key(name string) (string, error) {
	at, err := place(name)
	return s.prefix + at, err
}

// Put writes an object in one request. Aliyun and Tencent do not take chunked
// signatures nor trailing checksums, therefore the MD5 instead of them.
func (s *S3) Put(ctx context.Context, name string, data []byte) error {
	key, err := s.key(name)
	if err != nil {
		return err
	}
	_, err = s.client.PutObject(ctx, s.bucket, key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
		ContentType:          "application/octet-stream",
		DisableContentSha256: true,
		SendContentMd5:       true,
		DisableMultipart:     true,
	})
	return problem(err)
}

// Get reads an object; ErrMissing if there is none.
func (s *S3) Get(ctx context.Context, name string) ([]byte, error) {
	key, err := s.key(name)
	if err != nil {
		return nil, err
	}
	object, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, problem(err)
	}
	defer object.Close()
	data, err := io.ReadAll(object)
	return data, problem(err)
}

// Stat tells about an object; ErrMissing if there is none.
func (s *S3) Stat(ctx context.Context, name string) (Blob, error) {
	key, err := s.key(name)
	if err != nil {
		return Blob{}, err
	}
	info, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Blob{}, problem(err)
	}
	return Blob{name, info.Size, info.LastModified}, nil
}

// Delete removes an object, if there is one.
func (s *S3) Delete(ctx context.Context, name string) error {
	key, err := s.key(name)
	if err != nil {
		return err
	}
	return problem(s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}))
}

// Each hands over every object below the prefix that is named as ours are.
func (s *S3) Each(ctx context.Context, do func(Blob) error) error {
	ctx, cancel := context.WithCancel(ctx) // ends the listing when do fails
	defer cancel()
	for info := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if info.Err != nil {
			return problem(info.Err)
		}
		name := path.Base(info.Key)
		if key, err := s.key(name); err != nil || key != info.Key {
			continue
		}
		if err := do(Blob{name, info.Size, info.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// problem turns the service's "no such key" into ErrMissing.
func problem(err error) error {
	if err == nil {
		return nil
	}
	if r := minio.ToErrorResponse(err); r.Code == "NoSuchKey" {
		return ErrMissing
	}
	return fmt.Errorf("file store: %w", err)
}
