package report

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/qualification"
)

// Refusal is something that was asked for and not met, and how often.
type Refusal struct {
	Stage     string      // application, product
	Condition string      // an entry condition, or a check of the review of products
	Name      policy.Name // by the rules in force; none for one that is gone
	Count     int64
}

// Cause is a reason that was given for refusals, and how often: one of the policy's
// ready texts, or words of the reviewer's own, which are counted together, since they
// may name people.
type Cause struct {
	Stage     string // application, product, voucher
	Condition string // "" for a voucher
	Reason    string // id of the ready text, "" for own words
	Text      policy.Name
	Count     int64
}

// mostRefusals is how long each list is, the most frequent first.
const mostRefusals = 20

type refusalKey struct{ stage, condition, reason string }

// refusals counts what was refused in a time, by condition and by reason.
func refusals(ctx context.Context, tx *db.Tx, p policy.Policy, from, to time.Time) (all []Refusal, causes []Cause, err error) {
	count := make(map[refusalKey]int64)
	if err := qualification.EachRefusal(ctx, tx, from, to, func(v qualification.Verdict) error {
		count[refusalKey{"application", string(v.Condition), readyText(p, string(v.Condition), v.Reason)}]++
		return nil
	}); err != nil {
		return nil, nil, err
	}
	if err := db.Each(ctx, tx, db.Value[string], func(body string) error {
		var verdicts []product.Verdict
		if err := json.Unmarshal([]byte(body), &verdicts); err != nil {
			return err
		}
		for _, v := range verdicts {
			if v.Finding == product.NotMet {
				count[refusalKey{"product", v.Check, readyText(p, v.Check, v.Reason)}]++
			}
		}
		return nil
	}, `SELECT verdicts FROM product_review WHERE decision = $1 AND decided_at >= $2 AND decided_at < $3`, string(product.Reject), from, to); err != nil {
		return nil, nil, err
	}
	if err := db.Each(ctx, tx, db.Value[string], func(reason string) error {
		count[refusalKey{"voucher", "", readyText(p, "", reason)}]++
		return nil
	}, `SELECT reason FROM deposit_voucher WHERE status = 'refused' AND decided_at >= $1 AND decided_at < $2`, from, to); err != nil {
		return nil, nil, err
	}
	sums := make(map[refusalKey]int64)
	for k, n := range count {
		causes = append(causes, Cause{Stage: k.stage, Condition: k.condition, Reason: k.reason, Text: textOf(p, k.reason), Count: n})
		if k.condition != "" {
			sums[refusalKey{k.stage, k.condition, ""}] += n
		}
	}
	for k, n := range sums {
		all = append(all, Refusal{Stage: k.stage, Condition: k.condition, Name: nameOf(p, k.stage, k.condition), Count: n})
	}
	slices.SortFunc(all, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Condition, b.Condition))
	})
	slices.SortFunc(causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Condition, b.Condition), cmp.Compare(a.Reason, b.Reason))
	})
	return all[:min(len(all), mostRefusals)], causes[:min(len(causes), mostRefusals)], nil
}

// readyText is the id of the policy's text that a reviewer gave unchanged, "" for
// words of their own.
func readyText(p policy.Policy, condition, reason string) string {
	reason = strings.TrimSpace(reason)
	for _, r := range p.ReasonsFor(condition) {
		if reason != "" && (reason == strings.TrimSpace(r.Text.ZH) || reason == strings.TrimSpace(r.Text.EN)) {
			return r.ID
		}
	}
	return ""
}

func textOf(p policy.Policy, id string) policy.Name {
	i := slices.IndexFunc(p.Reasons, func(r policy.Reason) bool { return id != "" && r.ID == id })
	if i < 0 {
		return policy.Name{}
	}
	return p.Reasons[i].Text
}

func nameOf(p policy.Policy, stage, condition string) policy.Name {
	if stage == "product" {
		for _, c := range p.Checks {
			if c.ID == condition {
				return c.Name
			}
		}
		return policy.Name{}
	}
	if c, ok := p.Condition(policy.ConditionID(condition)); ok {
		return c.Name
	}
	return policy.Name{}
}
