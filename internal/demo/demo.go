// Package demo fills a marketplace with a believable small one in every stage of
// the story, by the operations that people call: about twenty invented companies,
// their papers, contracts, transfers and products over the last seven weeks. It
// writes no row itself and owns no table; what people and papers say in it is data
// (folder data). Names, codes, phones and accounts are invented.
package demo

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Login is somebody whom a reader of the demo can be.
type Login struct {
	Mail    string
	Name    string
	Company string      // of a vendor's people
	Role    access.Role // of staff
	Stage   text.Key    // how far the vendor has come
}

// Logins are all of them; they have one password.
type Logins struct {
	Password string
	Staff    []Login
	Vendors  []Login
}

// Everybody lists the logins of a filled demo.
func Everybody() (Logins, error) {
	all, err := readCast()
	if err != nil {
		return Logins{}, err
	}
	return all.logins(), nil
}

func (a cast) logins() Logins {
	l := Logins{Password: Password}
	for _, m := range a.staff {
		l.Staff = append(l.Staff, Login{Mail: m.Mail, Name: m.Name, Role: m.Role})
	}
	for _, c := range a.companies {
		l.Vendors = append(l.Vendors, Login{Mail: c.Mail, Name: c.Owner, Company: c.Name, Stage: text.Key("demo.stage_" + c.Stage)})
	}
	return l
}

// Fill lets the story of the last seven weeks happen in an empty marketplace, whose
// database must have a Clock of this package, and returns the logins. Progress is
// told after each step. One that was stopped midway is not gone on with: begin
// again with an empty marketplace, as Open does.
func Fill(ctx context.Context, m *market.Market, progress func(done, of int)) (Logins, error) {
	clock, ok := m.DB.Clock().(*Clock)
	if !ok {
		return Logins{}, errors.New("demo: the marketplace was opened without a demo clock")
	}
	all, err := readCast()
	if err != nil {
		return Logins{}, err
	}
	s := newStory(m, clock, all)
	if err := m.DB.Read(ctx, func(tx *db.Tx) (err error) { s.policy, err = policy.Now(ctx, tx); return err }); err != nil {
		return Logins{}, err
	}
	s.zone = s.policy.Location()
	if err := s.prepare(ctx); err != nil {
		return Logins{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer s.prints.Wait() // nothing writes into the store of an interrupted demo afterwards
	defer stop()
	s.plot(ctx)
	if err := s.writes(); err != nil {
		return Logins{}, err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	return all.logins(), s.run(ctx, progress)
}
