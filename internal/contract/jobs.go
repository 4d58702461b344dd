package contract

import (
	"context"
	"errors"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/text"
)

// work names the contract a job is for.
type work struct {
	Contract string `json:"contract"`
}

// The jobs that make documents. Each may run any number of times: what is done is
// not done again.
var (
	renderJob = job.Kind[work]{Name: "contract.render"}
	sealJob   = job.Kind[work]{Name: "contract.seal"}
)

// Register puts the contract's jobs into the registry. The key is the operator's,
// with which signed contracts are sealed.
func Register(reg *job.Registry, d *db.DB, files *file.Files, key sign.Key) {
	w := works{db: d, files: files, key: key}
	job.HandleOutside(reg, renderJob, w.render)
	job.HandleOutside(reg, sealJob, w.seal)
	job.Handle(reg, beginJob, begin)
}

type works struct {
	db    *db.DB
	files *file.Files
	key   sign.Key
}

// load reads a contract and what its document says.
func (w works) load(ctx context.Context, id string) (c Contract, p Particulars, err error) {
	err = w.db.Read(ctx, func(tx *db.Tx) (err error) {
		if c, err = Load(ctx, tx, id); err != nil {
			return err
		}
		p, err = particulars(ctx, tx, id)
		return err
	})
	return c, p, err
}

// render makes the document of an offer and lays it before the vendor. Rule O-4.
func (w works) render(ctx context.Context, in work) error {
	c, p, err := w.load(ctx, in.Contract)
	if err != nil {
		return err
	}
	if c.Status != Preparing { // made already, or withdrawn meanwhile
		return nil
	}
	data, err := c.document(p, "")
	if fault.Is(err, fault.Invalid) {
		return job.Permanent(err)
	}
	if err != nil {
		return err
	}
	up, err := w.files.Produced(ctx, data, c.Number+".pdf", file.PDF)
	if err != nil {
		return err
	}
	return w.db.Write(ctx, func(tx *db.Tx) error {
		c, err := locked(ctx, tx, in.Contract)
		if err != nil || c.Status != Preparing {
			return err
		}
		by := access.SystemActor(renderJob.Name)
		f, err := file.Keep(ctx, tx, by, up, c.VendorID, file.Contract)
		if err != nil {
			return err
		}
		to, err := c.Status.Next(ActRender)
		if err != nil {
			return err
		}
		if err := tx.Move(ctx, `UPDATE contract SET status = $1, file_id = $2, file_hash = $3, rendered_at = $4 WHERE id = $5 AND status = $6`,
			string(to), f.ID, f.SHA256, tx.Now(), c.ID, string(c.Status)); err != nil {
			return err
		}
		return Rendered.Append(ctx, tx, by, c.about(), DocumentData{File: f.ID, Hash: f.SHA256})
	})
}

// seal adds the evidence page to a contract signed online and signs the whole with
// the operator's key. The document that was signed stays, byte for byte, at the
// beginning of the result. Rule O-4.
func (w works) seal(ctx context.Context, in work) error {
	c, p, err := w.load(ctx, in.Contract)
	if err != nil {
		return err
	}
	if c.Way != Online || c.SignedFileID != "" {
		return nil
	}
	data, err := w.sealed(ctx, c, p)
	if err != nil {
		return err
	}
	up, err := w.files.Produced(ctx, data, c.Number+"-signed.pdf", file.PDF)
	if err != nil {
		return err
	}
	return w.db.Write(ctx, func(tx *db.Tx) error {
		c, err := locked(ctx, tx, in.Contract)
		if err != nil || c.SignedFileID != "" {
			return err
		}
		by := access.SystemActor(sealJob.Name)
		f, err := file.Keep(ctx, tx, by, up, c.VendorID, file.SignedContract)
		if err != nil {
			return err
		}
		if err := tx.Move(ctx, `UPDATE contract SET signed_file_id = $1, sealed_at = $2 WHERE id = $3 AND signed_file_id = ''`, f.ID, tx.Now(), c.ID); err != nil {
			return err
		}
		return Sealed.Append(ctx, tx, by, c.about(), DocumentData{File: f.ID, Hash: f.SHA256})
	})
}

// sealed is the signed document with its evidence, sealed.
func (w works) sealed(ctx context.Context, c Contract, p Particulars) ([]byte, error) {
	var f file.File
	if err := w.db.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = file.Get(ctx, tx, access.SystemActor(sealJob.Name), c.FileID)
		return err
	}); err != nil {
		return nil, err
	}
	if f.SHA256 != c.Evidence.Hash {
		return nil, job.Permanent(errors.New("the contract's document is not the one that was signed"))
	}
	data, err := w.files.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, l := range c.Lang.texts() {
		page, err := c.evidencePage(p, l)
		if err != nil {
			return nil, fmt.Errorf("contract %s: %w", c.ID, err)
		}
		if data, err = paper.AddPage(data, page); err != nil {
			return nil, err
		}
	}
	say := text.Printer{Lang: c.Lang.texts()[0], Zone: p.zone()}
	return sign.PDF(data, w.key, sign.Reason{
		Name: p.Operator.Company, Reason: say.T("contract.pdf_reason", c.Number), Location: p.Operator.City, At: w.db.Clock().Now(),
	})
}
