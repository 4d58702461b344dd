package policy

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Touch is whom or what a change of the rules touches, in one respect.
type Touch struct {
	Title  text.Message
	Note   text.Message // what happens to them, or that nothing does; may be empty
	Count  int          // of all, of which Things may be the first only
	Grave  bool         // somebody loses something by it
	None   bool         // said to reassure: nobody is touched
	Href   string       // a list of all of them, or ""
	Things []Thing
}

// Thing is one of them.
type Thing struct {
	Name string
	Note text.Message // what changes for it; may be empty
	Href string
}

// Effect computes whom a change from one policy to another touches in one respect;
// it only reads. Nouns have theirs in flow.Effects.
type Effect func(ctx context.Context, tx *db.Tx, before, after Policy) ([]Touch, error)

// Preview asks every effect whom a proposal touches, for those who see the rules.
func Preview(ctx context.Context, tx *db.Tx, by access.Actor, r Review, effects []Effect) ([]Touch, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return nil, err
	}
	var out []Touch
	for _, e := range effects {
		t, err := e(ctx, tx, r.Base, r.Policy)
		if err != nil {
			return nil, err
		}
		out = append(out, t...)
	}
	return out, nil
}
