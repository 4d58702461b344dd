package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// conn is a client on one connection that costs little beside the server it
// shares the machine with: requests are written as they stand, of an answer only
// status, length and body are read.
type conn struct {
	addr string
	c    net.Conn
	r    *bufio.Reader
	body bytes.Buffer
}

func newConn(addr string) *conn { return &conn{addr: addr} }

func (c *conn) close() {
	if c.c != nil {
		c.c.Close()
		c.c = nil
	}
}

// get makes a GET request as bytes; more are further header lines.
func get(path string, more ...string) []byte { return request("GET", path, nil, more...) }

func request(method, path string, body []byte, more ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, path)
	for _, m := range more {
		b.WriteString(m + "\r\n")
	}
	if method != "GET" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// do sends a request and reads the answer; the body is valid until the next one.
func (c *conn) do(req []byte) (status int, body []byte, err error) {
	if c.c == nil {
		if c.c, err = net.Dial("tcp", c.addr); err != nil {
			c.c = nil
			return 0, nil, err
		}
		c.r = bufio.NewReaderSize(c.c, 64<<10)
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	c.c.SetDeadline(time.Now().Add(60 * time.Second))
	if _, err = c.c.Write(req); err != nil {
		return 0, nil, err
	}
	return c.read()
}

func (c *conn) read() (status int, body []byte, err error) {
	line, err := c.line()
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, fmt.Errorf("not a status line: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, chunked, last := int64(-1), false, false
	for {
		if line, err = c.line(); err != nil {
			return 0, nil, err
		}
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch textproto.CanonicalMIMEHeaderKey(string(name)) {
		case "Content-Length":
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return 0, nil, err
			}
		case "Transfer-Encoding":
			chunked = strings.Contains(string(value), "chunked")
		case "Connection":
			last = strings.Contains(string(value), "close")
		}
	}
	c.body.Reset()
	switch {
	case chunked:
		err = c.chunks()
	case length > 0:
		_, err = io.CopyN(&c.body, c.r, length)
	case length < 0 && status != 204 && status != 304:
		err = errors.New("an answer without a length")
	}
	if err == nil && last {
		c.close()
	}
	return status, c.body.Bytes(), err
}

func (c *conn) chunks() error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(line), 16, 64)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(&c.body, c.r, n); err != nil {
			return err
		}
		if _, err := c.line(); err != nil || n == 0 {
			return err
		}
	}
}

// line is one line without its end; it is valid until the next reading.
func (c *conn) line() ([]byte, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}
