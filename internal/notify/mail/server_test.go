package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// received is one message as the server took it.
type received struct {
	from, to string
	tls      bool
	user     string
	data     string
}

// server is a real SMTP server; its fields say how it behaves.
type server struct {
	host      string
	port      int
	roots     *x509.CertPool
	mustLogin bool
	onMail    error
	onRcpt    error
	onData    error
	hangs     bool // in DATA, until the session ends

	mu   sync.Mutex
	got  []received
	stop chan struct{}
}

type session struct {
	srv  *server
	conn *smtp.Conn
	msg  received
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "云市-noreply" || password != "p@ss 词" {
			return smtp.ErrAuthFailed
		}
		s.msg.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.srv.mustLogin && s.msg.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Must issue STARTTLS and AUTH first"}
	}
	_, s.msg.tls = s.conn.TLSConnectionState()
	s.msg.from = from
	return s.srv.onMail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.msg.to = to
	return s.srv.onRcpt
}

func (s *session) Data(r io.Reader) error {
	if s.srv.hangs {
		<-s.srv.stop
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.srv.onData != nil {
		return s.srv.onData
	}
	s.msg.data = string(data)
	s.srv.mu.Lock()
	defer s.srv.mu.Unlock()
	s.srv.got = append(s.srv.got, s.msg)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// only returns the one message the server has.
func (s *server) only(t *testing.T) received {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.got) != 1 {
		t.Fatalf("the server has %d messages", len(s.got))
	}
	return s.got[0]
}

// start runs the server on a free port of this machine, with or without STARTTLS.
func start(t *testing.T, srv *server, withTLS bool) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	real := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{srv: srv, conn: c}, nil
	}))
	real.Domain = "mx.example.test"
	real.AllowInsecureAuth = true
	real.ErrorLog = quiet{}
	cert, roots := certificate(t)
	if withTLS {
		real.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	srv.roots, srv.stop = roots, make(chan struct{})
	srv.host, srv.port = "127.0.0.1", listener.Addr().(*net.TCPAddr).Port
	done := make(chan error, 1)
	go func() { done <- real.Serve(listener) }()
	t.Cleanup(func() {
		close(srv.stop)
		listener.Close() // Close alone misses a listener that Serve has not taken yet
		real.Close()
		<-done
	})
	return srv
}

// quiet keeps handshakes that are meant to fail out of the test's output.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// certificate makes a certificate for 127.0.0.1 and the list that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "mx.example.test"},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
