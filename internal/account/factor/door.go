package factor

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Given is the second factor that follows a password: a code, or a passkey's answer.
type Given struct {
	Token string `json:"-"` // of the waiting session
	Code  string `json:"code"`
	Answer
}

// Finish takes the second factor of a session that waits for it and opens it.
func (k *Keys) Finish(ctx context.Context, tx *db.Tx, by access.Actor, in Given) (account.Session, error) {
	// Whoever holds the waiting session's token gave the password.
	a, stage, err := account.Pending(ctx, tx, in.Token)
	if err != nil {
		return account.Session{}, err
	}
	if stage != account.WaitFactor {
		return account.Session{}, fault.New(fault.Conflict, "factor.none")
	}
	if err := k.given(ctx, tx, a.ID, in); err != nil {
		return account.Session{}, err
	}
	return account.Complete(ctx, tx, by, in.Token)
}

func (k *Keys) given(ctx context.Context, tx *db.Tx, accountID string, in Given) error {
	if in.Response != "" {
		return k.CheckAnswer(ctx, tx, accountID, in.Answer)
	}
	return Check(ctx, tx, accountID, in.Code)
}

// Prove takes the actor's second factor again, so that the session's proof is fresh.
func (k *Keys) Prove(ctx context.Context, tx *db.Tx, by access.Actor, in Given) error {
	if err := by.SignedIn(); err != nil {
		return err
	}
	has, err := account.HasFactor(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	if !has {
		return fault.New(fault.Conflict, "factor.none")
	}
	if err := k.given(ctx, tx, by.ID, in); err != nil {
		return err
	}
	return account.Prove(ctx, tx, by)
}
