package job

import (
	"context"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// A server that does not answer holds up nothing but the jobs meant for it: more of
// them are due than there are workers, and the pumps, work on the database and
// another server's jobs go on meanwhile.
func TestAServerThatHangsHoldsUpItsOwnJobsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hung, other, inside := Kind[paper]{Name: "hung"}, Kind[paper]{Name: "other"}, Kind[paper]{Name: "inside"}
		answer, asked, ran := make(chan bool), make(chan bool, 50), make(chan string, 50)
		var reg Registry
		HandleOutside(&reg, hung, func(context.Context, paper) error { asked <- true; <-answer; return nil })
		HandleOutside(&reg, other, func(context.Context, paper) error { ran <- "other"; return nil })
		Handle(&reg, inside, func(context.Context, *db.Tx, access.Actor, paper) error { ran <- "inside"; return nil })
		for i := range 20 {
			later(t, d, hung, paper{N: i})
		}
		pumped := make(chan bool, 1)
		r := NewRunner(d, &reg, quiet, 2, func(context.Context) (int, error) {
			select {
			case pumped <- true:
			default:
			}
			return 0, nil
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		go func() { r.Run(ctx); close(ended) }()
		<-asked
		<-asked // every worker of that kind waits
		for range 3 {
			<-pumped
			later(t, d, inside, paper{})
			later(t, d, other, paper{})
			if a, b := <-ran, <-ran; a == b {
				t.Errorf("ran %s twice", a)
			}
		}
		if n := len(asked); n != 0 {
			t.Errorf("%d more were asked at once than there are workers", n)
		}
		close(answer)
		for range 18 {
			<-asked
		}
		stop()
		<-ended
		for _, s := range all(t, d) {
			if s.State != "done" && s.State != "available" || s.Owner != "" && s.State == "available" {
				t.Errorf("left %+v", s)
			}
		}
	})
}
