package demo

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// changesRules drafts a change of the operator's rules and hands it in; one that is
// about money then waits for its second person.
func (s *story) changesRules(title, reason, section string, values map[string][]string, in time.Duration) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		by := s.by(access.Administrator)
		return s.write(ctx, func(tx *db.Tx) error {
			p, err := policy.Begin(ctx, tx, by, policy.Beginning{Title: title})
			if err != nil {
				return err
			}
			if p, err = policy.Edit(ctx, tx, by, policy.Edits{ID: p.ID, Version: p.Version, Section: section, Values: values}); err != nil {
				return err
			}
			from := ""
			if in > 0 {
				day := tx.Now().Add(in).In(s.zone)
				from = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, s.zone).Format("2006-01-02T15:04")
			}
			if p, err = policy.Describe(ctx, tx, by, policy.Description{ID: p.ID, Version: p.Version, Title: title, Reason: reason, From: from}); err != nil {
				return err
			}
			_, err = policy.Send(ctx, tx, by, policy.Turn{ID: p.ID, Version: p.Version})
			return err
		})
	}
}

// rules is what the operator did with its own rules: two changes that hold, one that
// waits for its second person.
func (s *story) rules() {
	s.then(30, "15:20", "changes a rule", s.changesRules("缩短入驻审核时限", "开业初期申请不多，三天太久，改为两天内答复。", "promise", map[string][]string{"promise.review_hours": {"48"}}, 0))
	s.then(12, "11:05", "changes a rule", s.changesRules("放宽商品标题长度", "服务商反映行业方案的名称放不下。", "products", map[string][]string{"products.name_chars": {"40"}}, 0))
	s.lately(26*time.Hour, "hands a change of a rule in", s.changesRules("运维服务保证金上调", "运维服务的纠纷金额偏高，新获准的服务商按 6,000 元缴纳。", "amounts", map[string][]string{"categories.1.deposit_fen": {"6000.00"}}, 30*24*time.Hour))
}
