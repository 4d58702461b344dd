package statement

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// The limits of an XML file; beyond any of them it is refused.
const (
	maxDepth = 40        // of elements in each other
	maxNodes = 4_000     // elements of one entry, its details apart
	maxToken = 256 << 10 // bytes of one tag or text
)

// node is an element that was read whole.
type node struct {
	name string
	text string
	ccy  string // its attribute Ccy
	kids []node
}

// at returns the first element on a path below the node.
func (n node) at(path ...string) (node, bool) {
	for _, name := range path {
		found := false
		for _, k := range n.kids {
			if k.name == name {
				n, found = k, true
				break
			}
		}
		if !found {
			return node{}, false
		}
	}
	return n, true
}

// get returns the text of the first element on a path, "" without one.
func (n node) get(path ...string) string {
	found, _ := n.at(path...)
	return found.text
}

// first returns the first text that is not empty, of several paths with dots.
func (n node) first(paths ...string) string {
	for _, p := range paths {
		if s := n.get(strings.Split(p, ".")...); s != "" {
			return s
		}
	}
	return ""
}

// all returns the elements of a name right below the node.
func (n node) all(name string) []node {
	var out []node
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// scanner reads XML element by element, never more of it than one entry. What can
// make a small file large or slow is refused: declarations of types and entities,
// deep nesting, endless tags.
type scanner struct {
	dec   *xml.Decoder
	bytes *metered
	depth int
}

func newScanner(in io.Reader) *scanner {
	m := &metered{in: bufio.NewReaderSize(in, window)}
	dec := xml.NewDecoder(m)
	dec.Strict = true
	dec.Entity = nil
	dec.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) { // it is UTF-8 by now, whatever it says
		case "gb18030", "gbk", "gb2312", "utf-16", "us-ascii":
			return input, nil
		}
		return nil, fault.At("/file", "statement.xml_encoding", shown(label))
	}
	return &scanner{dec: dec, bytes: m}
}

// metered bounds how much is read for one token.
type metered struct {
	in *bufio.Reader
	n  int
}

var errToken = errors.New("a tag or text without end")

func (m *metered) ReadByte() (byte, error) {
	if m.n++; m.n > maxToken {
		return 0, errToken
	}
	return m.in.ReadByte()
}

func (m *metered) Read(p []byte) (int, error) { return m.in.Read(p) }

// token returns the next start, end or text; io.EOF at the end of the file.
func (s *scanner) token() (xml.Token, error) {
	for {
		s.bytes.n = 0
		t, err := s.dec.Token()
		if err != nil {
			return nil, s.fault(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if s.depth++; s.depth > maxDepth {
				return nil, s.refuse("statement.xml_deep", maxDepth)
			}
			return t, nil
		case xml.EndElement:
			s.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, s.refuse("statement.xml_doctype")
		}
	}
}

// fault puts what the decoder says into words, with the line of the file.
func (s *scanner) fault(err error) error {
	var f *fault.Error
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &f):
		return err
	case errors.Is(err, errToken):
		return s.refuse("statement.xml_long", maxToken>>10)
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return s.refuse("statement.xml_cut")
	case errors.As(err, &syntax):
		line, _ := s.dec.InputPos()
		return fault.At("/file", "statement.xml_broken", line).Because(err)
	}
	return err
}

// refuse is a fault at the line that is being read.
func (s *scanner) refuse(key text.Key, args ...any) error {
	line, _ := s.dec.InputPos()
	return fault.At("/file", key, append([]any{line}, args...)...)
}

// element reads the rest of an element whose start was read.
func (s *scanner) element(start xml.StartElement) (node, error) {
	left := maxNodes
	return s.rest(start, &left)
}

func (s *scanner) rest(start xml.StartElement, left *int) (node, error) {
	n := node{name: start.Name.Local}
	if *left--; *left < 0 {
		return n, s.refuse("statement.xml_wide", maxNodes)
	}
	for _, a := range start.Attr {
		if a.Name.Local == "Ccy" {
			n.ccy = strings.TrimSpace(a.Value)
		}
	}
	var said []byte
	for {
		t, err := s.token()
		if err != nil {
			return n, s.cut(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			kid, err := s.rest(t, left)
			if err != nil {
				return n, err
			}
			n.kids = append(n.kids, kid)
		case xml.CharData:
			if len(n.kids) == 0 {
				said = append(said, t...)
			}
			if len(said) > MaxField {
				return n, s.refuse("statement.xml_text", n.name, MaxField>>10)
			}
		case xml.EndElement:
			if len(n.kids) == 0 {
				n.text = strings.TrimSpace(string(said))
			}
			if strings.ContainsRune(n.text, utf8.RuneError) {
				return n, s.refuse("statement.unreadable_xml")
			}
			return n, nil
		}
	}
}

// skip passes over the rest of an element.
func (s *scanner) skip() error {
	for depth := s.depth; s.depth >= depth; {
		if _, err := s.token(); err != nil {
			return s.cut(err)
		}
	}
	return nil
}

// cut is a fault where the file ends inside an element.
func (s *scanner) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return s.refuse("statement.xml_cut")
	}
	return err
}

// kids calls do with the start of each element right below the one that was begun.
func (s *scanner) kids(do func(start xml.StartElement) error) error {
	for {
		t, err := s.token()
		if err != nil {
			return s.cut(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := do(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}
