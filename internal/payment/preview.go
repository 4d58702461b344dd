package payment

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Look is what Preview finds in a file.
type Look struct {
	Head    statement.Head
	First   []statement.Line
	Summary statement.Summary // of what was read; zero where it cannot be read to its end
	Whole   bool              // the file was read to its end
}

// glance is how many lines of a large file a preview reads.
const glance = 5_000

// Preview reads a file with a mapping that may not be saved yet, and writes nothing:
// to its end, but of one so large that a job would import it only the beginning. With an error it still returns the first lines, as far as they
// could be read.
func Preview(ctx context.Context, d *db.DB, by access.Actor, in File, m statement.Mapping, limit int) (Look, error) {
	var look Look
	if err := by.Require(access.ImportMoney); err != nil {
		return look, err
	}
	var opt statement.Options
	var large bool
	err := d.Read(ctx, func(tx *db.Tx) error {
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		payee, ok := p.Payee(in.Payee)
		if !ok {
			return fault.At("/payee", "fault.unknown_choice", in.Payee)
		}
		opt, large = options(p, payee), in.Size > p.Statements.AtOnceBytes
		return nil
	})
	if err != nil {
		return look, err
	}
	f, err := in.Open()
	if err != nil {
		return look, err
	}
	defer f.Close()
	lines, err := statement.Open(f, m, opt)
	if err != nil {
		return look, err
	}
	defer lines.Close()
	for l, err := range lines.Lines() {
		if err != nil {
			look.Head = lines.Head()
			return look, err
		}
		if len(look.First) < limit {
			look.First = append(look.First, l)
		}
		if large && lines.Summary().Lines == glance {
			look.Head, look.Summary = lines.Head(), lines.Summary()
			return look, nil
		}
	}
	look.Head, look.Summary, look.Whole = lines.Head(), lines.Summary(), true
	return look, nil
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes])
	}
	return s
}

func isKind(err error, k fault.Kind) bool { return errors.Is(err, k) }
