package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Exit is a vendor's way out.
type Exit struct {
	ID          string        `json:"id"`
	Number      string        `json:"number"`
	VendorID    string        `json:"vendor_id"`
	VendorName  string        `json:"vendor_name,omitempty"`
	Kind        string        `json:"kind" doc:"wish, term or eviction"`
	Status      string        `json:"status" doc:"proposed, asked, leaving, returning, left or withdrawn"`
	Reason      string        `json:"reason"`
	ViolationID string        `json:"violation_id,omitempty"`
	AskedAt     time.Time     `json:"asked_at"`
	EndBy       *time.Time    `json:"end_by,omitempty" doc:"when the contract ends by itself; till then the vendor may stay"`
	EndedAt     *time.Time    `json:"ended_at,omitempty"`
	DueBy       *time.Time    `json:"due_by,omitempty" doc:"by when the deposit is returned (D-10)"`
	Overdue     bool          `json:"overdue"`
	Released    *money.Amount `json:"released,omitempty"`
	FinishedAt  *time.Time    `json:"finished_at,omitempty"`
}

// ExitDesk is an exit with what blocks it.
type ExitDesk struct {
	VendorID string       `json:"vendor_id"`
	Parting  string       `json:"parting,omitempty" doc:"leaving, left or evicted; absent for who stays"`
	Exit     *Exit        `json:"exit,omitempty"`
	Blockers []Blocker    `json:"blockers" nullable:"false" doc:"what holds up the return of the deposit (X-2)"`
	Held     money.Amount `json:"held"`
	Overpaid money.Amount `json:"overpaid"`
	Payouts  []Payout     `json:"payouts" nullable:"false"`
	MayAsk   bool         `json:"may_ask"`
	MayBack  bool         `json:"may_withdraw"`
}

// Blocker is something that holds up the return of the deposit.
type Blocker struct {
	Code    string     `json:"code"`
	Rule    string     `json:"rule"`
	Detail  string     `json:"detail"`
	Mend    string     `json:"mend"`
	Waiting string     `json:"waits_for" doc:"vendor or operator"`
	Since   *time.Time `json:"since,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
}

// Bar keeps a company out under its credit code.
type Bar struct {
	ID         string     `json:"id"`
	USCC       string     `json:"uscc"`
	Name       string     `json:"name"`
	VendorID   string     `json:"vendor_id"`
	Reason     string     `json:"reason" doc:"the exit's number"`
	BarredAt   time.Time  `json:"barred_at"`
	LiftedAt   *time.Time `json:"lifted_at,omitempty"`
	LiftReason string     `json:"lift_reason,omitempty"`
}

func viewExit(p text.Printer, e exit.Exit) Exit {
	out := Exit{
		ID: e.ID, Number: e.Number, VendorID: e.VendorID, Kind: string(e.Kind), Status: string(e.Status), Reason: e.Reason, ViolationID: e.ViolationID,
		AskedAt: e.AskedAt, EndBy: when(e.EndBy), EndedAt: when(e.EndedAt), DueBy: when(e.DueBy), FinishedAt: when(e.FinishedAt),
	}
	if !e.ReleasedAt.IsZero() {
		out.Released = &e.Released
	}
	return out
}

func viewListedExit(p text.Printer, l exit.Listed) Exit {
	out := viewExit(p, l.Exit)
	out.VendorName = l.VendorName
	return out
}

func viewExitDesk(p text.Printer, d exit.Desk) ExitDesk {
	out := ExitDesk{VendorID: d.VendorID, Parting: string(d.Parting), Blockers: []Blocker{}, Held: d.Held, Overpaid: d.Overpaid, Payouts: []Payout{}, MayAsk: d.MayAsk, MayBack: d.MayBack}
	if d.Exit != nil {
		e := viewExit(p, *d.Exit)
		e.Overdue = d.Exit.Overdue(d.Now)
		out.Exit = &e
	}
	for _, b := range d.Blockers {
		out.Blockers = append(out.Blockers, Blocker{
			Code: b.Code, Rule: b.Rule, Detail: p.Say(b.Message), Mend: p.Say(b.Mend), Waiting: string(b.Waiting), Since: when(b.Since), Until: when(b.Until),
		})
	}
	for _, x := range d.Payouts {
		out.Payouts = append(out.Payouts, viewOwnPayout(p, x))
	}
	return out
}

func viewExitFolder(p text.Printer, f exit.Folder) ExitDesk {
	out := viewExitDesk(p, f.Desk)
	e := viewExit(p, f.Exit)
	e.VendorName, e.Overdue = f.Desk.VendorName, f.Overdue(f.Desk.Now)
	out.Exit = &e
	return out
}

func viewBar(_ text.Printer, b vendor.Barring) Bar {
	return Bar{ID: b.ID, USCC: string(b.USCC), Name: b.Name, VendorID: b.VendorID, Reason: b.Reason, BarredAt: b.BarredAt, LiftedAt: when(b.LiftedAt), LiftReason: b.LiftReason}
}

func (a *API) exitRoutes() {
	const tag = "operator/exits"
	get(a, route{path: "/exit", tag: "exit", id: "get-own-exit", summary: "Where your company's exit stands, what blocks it and what is held"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (exit.Desk, error) {
			return exit.Mine(ctx, tx, by)
		}, viewExitDesk)
	post(a, route{path: "/exit", tag: "exit", id: "ask-exit", summary: "Ask to leave (X-1): your products leave the shelf at once", status: 201}, exit.Ask, viewExit)
	act(a, route{path: "/exit/{id}/withdraw", tag: "exit", id: "withdraw-exit", summary: "Stay after all, while the contract still holds"}, exit.Withdraw, viewExit)
	get(a, route{path: "/operator/exits", tag: tag, id: "list-exits", summary: "Exits and evictions, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, f exit.Filter) (listed[exit.Listed], error) {
			f.Limit = upTo(f.Limit)
			all, err := exit.List(ctx, tx, by, f)
			return listed[exit.Listed]{all, f.Limit}, err
		}, paged(func(l exit.Listed) string { return l.ID }, viewListedExit))
	get(a, route{path: "/operator/exits/{id}", tag: tag, id: "get-exit", summary: "One exit with what blocks it (X-2)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (exit.Folder, error) {
			return exit.Get(ctx, tx, by, exit.Chosen{ID: q.ID})
		}, viewExitFolder)
	act(a, route{path: "/operator/exits/{id}/end", tag: tag, id: "end-exit-contract", summary: "End the contract before the vendor's time of thought is over"}, exit.End, viewExit)
	post(a, route{path: "/operator/evictions", tag: tag, id: "order-eviction", summary: "Propose an eviction; upload its evidence first with the purpose violation", status: 201}, exit.Order, viewExit)
	act(a, route{path: "/operator/evictions/{id}/approve", tag: tag, id: "approve-eviction", summary: "Approve what another person proposed"}, exit.Approve, viewExit)
	post(a, route{path: "/operator/evictions/{id}/drop", tag: tag, id: "drop-eviction", summary: "Take a proposal back"}, exit.Drop, viewExit)
	get(a, route{path: "/operator/bars", tag: tag, id: "list-bars", summary: "Companies that may not come back, and those that may again"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]vendor.Barring, error) {
			return vendor.Bars(ctx, tx, by)
		}, each(viewBar))
	post(a, route{path: "/operator/bars/{id}/lift", tag: tag, id: "lift-bar", summary: "Let a company apply again, by decision with a reason"}, vendor.LiftBar, viewBar)
}
