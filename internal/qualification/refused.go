package qualification

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
)

// EachRefusal hands over every verdict of a time, its end not included, by which an
// application did not meet a condition or went back to the vendor, with its reason
// opened. For the reports, which check who asks.
func EachRefusal(ctx context.Context, tx *db.Tx, from, to time.Time, do func(Verdict) error) error {
	return db.Each(ctx, tx, (*Verdict).fields, func(v Verdict) (err error) {
		if v.Reason, err = tx.Vault().Open(reasonPlace(v.Submission, v.Condition, v.Category), v.Reason); err != nil {
			return err
		}
		return do(v)
	}, `
		SELECT condition_id, category, result, reason, field, submission_id, made_by, made_at, basis
		FROM verdict WHERE result IN ($1, $2) AND made_at >= $3 AND made_at < $4 ORDER BY id`, string(NotMet), string(WaitingVendor), from, to)
}
