package client

import (
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
)

// Upload keeps a document: a PDF, JPEG or PNG, decided by its content.
func (c *Client) Upload(ctx context.Context, purpose, name string, content io.Reader) (f File, err error) {
	err = c.sendFile(ctx, "/v1/files", [][2]string{{"purpose", purpose}}, name, content, &f)
	return f, err
}

// ImportBankStatement imports a bank's statement file to one of the operator's
// accounts; mapping says how to read it, "" is what the policy names. A file and a
// line count once, so that repeating a broken import is right.
func (c *Client) ImportBankStatement(ctx context.Context, payee, mapping, name string, content io.Reader) (s BankStatement, err error) {
	err = c.sendFile(ctx, "/v1/operator/bank-statements", [][2]string{{"payee", payee}, {"mapping", mapping}}, name, content, &s)
	return s, err
}

// sendFile posts one file with the values that go before it, as it is read.
func (c *Client) sendFile(ctx context.Context, path string, values [][2]string, name string, content io.Reader, out any) error {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		w.CloseWithError(fill(form, values, name, content))
	}()
	defer r.Close() // a request that was never sent must not leave the writer waiting
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, r)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := c.send(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := problemOf(resp); err != nil {
		return err
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

func fill(form *multipart.Writer, values [][2]string, name string, content io.Reader) error {
	for _, v := range values {
		if err := form.WriteField(v[0], v[1]); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, content); err != nil {
		return err
	}
	return form.Close()
}

// Download reads a kept document's content.
func (c *Client) Download(ctx context.Context, id string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/files/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.send(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if err := problemOf(resp); err != nil {
		return nil, err
	}
	return io.ReadAll(resp.Body)
}
