package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Message is one message to one person, without its body.
type Message struct {
	ID        string     `json:"id"`
	MadeAt    time.Time  `json:"made_at"`
	Template  string     `json:"template"`
	Channel   string     `json:"channel" doc:"mail, sms or inbox"`
	VendorID  string     `json:"vendor_id,omitempty"`
	To        string     `json:"to" doc:"masked"`
	Subject   string     `json:"subject"`
	State     string     `json:"state" doc:"queued, sent or failed"`
	LastError string     `json:"last_error,omitempty"`
	Tries     int        `json:"tries"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
}

func viewMessage(_ text.Printer, m notify.Message) Message {
	return Message{ID: m.ID, MadeAt: m.MadeAt, Template: m.Template, Channel: string(m.Channel), VendorID: m.VendorID, To: m.ShownAs,
		Subject: m.Subject, State: string(m.State), LastError: m.LastError, Tries: m.Tries, SentAt: when(m.SentAt)}
}

// Event is one entry of the log.
type Event struct {
	ID        string         `json:"id"`
	At        time.Time      `json:"at"`
	Kind      string         `json:"kind"`
	Text      string         `json:"text"`
	Subject   string         `json:"subject"`
	VendorID  string         `json:"vendor_id,omitempty"`
	ActorKind string         `json:"actor_kind"`
	ActorID   string         `json:"actor_id"`
	Address   string         `json:"address,omitempty"`
	Data      map[string]any `json:"data,omitempty"`
}

func viewEvent(p text.Printer, e event.Ref) Event {
	var data map[string]any
	if err := json.Unmarshal([]byte(e.Data), &data); err != nil {
		data = nil
	}
	return Event{ID: e.ID, At: e.At, Kind: e.Kind, Text: p.T(text.Key("event." + e.Kind)), Subject: e.Subject, VendorID: e.VendorID,
		ActorKind: e.ActorKind, ActorID: e.ActorID, Address: e.Address, Data: data}
}

type eventQuery struct {
	Vendor  string `query:"vendor"`
	Subject string `query:"subject"`
	Kind    string `query:"kind"`
	Cursor  string `query:"cursor"`
	Limit   int    `query:"limit" minimum:"0" maximum:"200"`
}

// listed is a list with the limit it was read with: a full one has a next page.
type listed[T any] struct {
	all   []T
	limit int
}

// upTo is the limit that a list of at most 200 is read with; 0 is 50.
func upTo(limit int) int {
	if limit <= 0 || limit > 200 {
		return 50
	}
	return limit
}

// paged shows a list whose next page begins after its last element.
func paged[T, O any](id func(T) string, show view[T, O]) view[listed[T], Page[O]] {
	return func(p text.Printer, l listed[T]) Page[O] {
		out := each(show)(p, l.all)
		if len(l.all) > 0 && len(l.all) >= l.limit {
			out.Next = id(l.all[len(l.all)-1])
		}
		return out
	}
}

func (a *API) officeRoutes() {
	get(a, route{path: "/operator/messages", tag: "operator/messages", id: "list-messages", summary: "What was sent to whom, and whether it arrived"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, f notify.Filter) (listed[notify.Message], error) {
			f.Limit = upTo(f.Limit)
			all, err := notify.List(ctx, tx, by, f)
			return listed[notify.Message]{all, f.Limit}, err
		}, paged(func(m notify.Message) string { return m.ID }, viewMessage))
	act(a, route{path: "/operator/messages/{id}/resend", tag: "operator/messages", id: "resend-message", summary: "Send a message again"}, notify.Resend, viewMessage)
	get(a, route{path: "/operator/events", tag: "operator/events", id: "list-events", summary: "The append-only log, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q eventQuery) (listed[event.Ref], error) {
			limit := upTo(q.Limit)
			all, err := event.List(ctx, tx, by, event.Filter{VendorID: q.Vendor, Subject: q.Subject, Kind: q.Kind, Before: q.Cursor, Limit: limit})
			return listed[event.Ref]{all, limit}, err
		}, paged(func(e event.Ref) string { return e.ID }, viewEvent))
	get(a, route{path: "/policy", tag: "policy", id: "get-policy", summary: "The operator's rules in force: categories, conditions, deposits, fees, ways to pay", public: true},
		func(ctx context.Context, tx *db.Tx, _ access.Actor, _ none) (policy.Policy, error) {
			return policy.Now(ctx, tx)
		}, func(_ text.Printer, p policy.Policy) policy.Policy {
			p.Payees = nil // told to those who owe a deposit, at /v1/deposit
			return p
		})
}
