package demo

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/takeout"
)

// takesOut lets the company that trades longest take its data out; the file lies
// ready for its owner.
func (s *story) takesOut() {
	c := s.company("luting")
	s.lately(20*time.Minute, "luting takes its data out", func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := takeout.Ask(ctx, tx, c.person, struct{}{})
			return err
		})
	})
}
