package server

import (
	"io"
	"net/http"
	"time"
)

// patience is how long a reader may take for one write of a long answer.
const patience = 2 * time.Minute

// Patient writes an answer that may take longer than the server waits for one: each
// write has a time of its own, so that a slow reader gets the whole and one that has
// gone away is let go.
func Patient(w http.ResponseWriter) io.Writer {
	return &patient{w, http.NewResponseController(w)}
}

type patient struct {
	to   http.ResponseWriter
	ctrl *http.ResponseController
}

// step is how much is written before the time begins anew, in bytes.
const step = 256 << 10

func (p *patient) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		p.ctrl.SetWriteDeadline(time.Now().Add(patience)) //nolint:errcheck // where it is not supported there is none to renew
		m, err := p.to.Write(b[:min(step, len(b))])
		if n += m; err != nil {
			return n, err
		}
		b = b[m:]
	}
	return n, nil
}
