package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/payout/bankfile"
)

// leaves lets three companies go: one has its deposit back, one lost its receipt on
// paper, one is evicted. Money that nobody's deposit is paid with goes back too.
// Rules, D-8 and D-10.
func (s *story) leaves(ctx context.Context) {
	ruoxi := s.contracted(ctx, "ruoxi", 24, contract.Proposal{})
	s.stocks(ctx, ruoxi, 24, 20)
	s.then(19, "15:30", "ruoxi is sent its receipt", s.dispatches(ruoxi, "sf", "SF1402260317755"))
	s.then(17, "11:20", "ruoxi has its receipt", s.arrives(ruoxi))
	s.then(13, "09:40", "ruoxi wishes to leave", s.wishes(ruoxi, "leave_wish"))
	s.then(12, "10:25", "ruoxi's contract is ended", s.ends(ruoxi))
	s.then(11, "14:10", "ruoxi's receipt is back", s.takesPaper(ruoxi))
	s.then(11, "16:20", "ruoxi's payout is approved", s.approves(ruoxi, payout.DepositReturn))
	s.then(10, "09:30", "ruoxi's payout goes to the bank", s.instructs(ruoxi, bankfile.Pain03))
	s.then(8, "11:05", "ruoxi's debit is found", s.settles(ruoxi))

	hetang := s.contracted(ctx, "hetang", 22, contract.Proposal{})
	s.stocks(ctx, hetang, 22, 20)
	s.then(18, "16:10", "hetang is sent its receipt", s.dispatches(hetang, "ems", "EB902260188CN"))
	s.then(16, "10:40", "hetang has its receipt", s.arrives(hetang))
	s.then(6, "15:40", "hetang's overpayment is returned", s.repays(hetang, 100000))
	s.then(5, "09:50", "hetang's payout is approved", s.approves(hetang, payout.OverpaymentReturn))
	s.then(5, "10:15", "hetang's payout goes to the bank", s.instructs(hetang, bankfile.CSVGB18030))
	s.then(5, "11:30", "hetang wishes to leave", s.wishes(hetang, "leave_moved"))
	s.then(4, "10:20", "hetang's contract is ended", s.ends(hetang))
	s.then(1, "15:45", "hetang states its receipt lost", s.loses(hetang))

	moyu := s.contracted(ctx, "moyu", 22, contract.Proposal{})
	s.stocks(ctx, moyu, 22, 20)
	s.then(7, "10:30", "moyu's eviction is ordered", s.evicts(moyu))

	s.then(19, "16:00", "yanqing is sent its receipt", s.dispatches(s.company("yanqing"), "sf", "SF1402260317764"))
	s.then(17, "09:15", "yanqing has its receipt", s.arrives(s.company("yanqing")))
	s.then(1, "16:50", "luting is sent its receipt", s.dispatches(s.company("luting"), "jd", "JDVB02260091827"))
	s.then(1, "17:05", "a stray transfer goes back", s.sendsBack("stray_payer", "stray_reason"))
}

// parcel is the company's receipt on its way.
func (s *story) parcel(ctx context.Context, c *company) (p deposit.Parcel, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := deposit.Parcels(ctx, tx, s.by(access.Finance), c.person.VendorID)
		if err != nil || len(list) == 0 {
			return firstOf(err, fault.New(fault.NotFound, "fault.not_found"))
		}
		p = list[0]
		return nil
	})
	return p, err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// dispatches hands the company's receipt to a courier. Rule D-8.
func (s *story) dispatches(c *company, courier, tracking string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		p, err := s.parcel(ctx, c)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := deposit.Send(ctx, tx, s.by(access.Finance), deposit.Dispatch{ID: p.ID, Courier: courier, Tracking: tracking})
			return err
		})
	}
}

// arrives is the company's word that the receipt is there.
func (s *story) arrives(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		p, err := s.parcel(ctx, c)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := deposit.Arrived(ctx, tx, c.person, deposit.Chosen{ID: p.ID})
			return err
		})
	}
}

// takesPaper notes that the receipt on paper came back. Rule D-10.
func (s *story) takesPaper(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		p, err := s.parcel(ctx, c)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := deposit.TakePaper(ctx, tx, s.by(access.Finance), deposit.Chosen{ID: p.ReceiptID})
			return err
		})
	}
}

// loses hands in a sealed statement that the receipt is lost. Rule D-10.
func (s *story) loses(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		p, err := s.parcel(ctx, c)
		if err != nil {
			return err
		}
		b, err := sheet("loss", s.clock.Now(), map[string]any{"Company": c, "Day": on(s.clock.Now(), s.zone)})
		if err != nil {
			return err
		}
		up, err := s.receive(ctx, s.words["loss_sheet"]+".pdf", b)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			f, err := file.Keep(ctx, tx, c.person, up, c.person.VendorID, file.Loss)
			if err != nil {
				return err
			}
			_, err = deposit.GiveLoss(ctx, tx, c.person, deposit.Loss{ReceiptID: p.ReceiptID, File: f.ID})
			return err
		})
	}
}

// wishes asks to leave, by the owner. Rule X-1.
func (s *story) wishes(c *company, words string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			e, err := exit.Ask(ctx, tx, c.person, exit.Paper{Reason: s.words[words], Understood: true})
			c.exit = e.ID
			return err
		})
	}
}

// ends ends the contract before the time of thought is over.
func (s *story) ends(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := exit.End(ctx, tx, s.by(access.Contracts), exit.Chosen{ID: c.exit})
			return err
		})
	}
}

// evicts orders an eviction that takes the whole deposit, with a sheet of evidence;
// finance decides on the deduction and the administrator approves. Rule X-1.
func (s *story) evicts(c *company) func(ctx context.Context) error {
	penalty := &penalty{c: c, words: "violation_backdoor"}
	s.then(7, "15:20", c.ID+" is punished", s.punishes(penalty))
	s.then(6, "09:40", c.ID+" is evicted", func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := exit.Approve(ctx, tx, s.by(access.Administrator), exit.Chosen{ID: c.exit})
			return err
		})
	})
	return func(ctx context.Context) error {
		b, err := sheet("violation", s.clock.Now(), map[string]any{"Company": c, "Day": on(s.clock.Now(), s.zone), "Found": s.words[penalty.words+"_found"]})
		if err != nil {
			return err
		}
		up, err := s.receive(ctx, s.words["violation_sheet"]+".pdf", b)
		if err != nil {
			return err
		}
		by := s.by(access.Contracts)
		return s.write(ctx, func(tx *db.Tx) error {
			f, err := file.Keep(ctx, tx, by, up, c.person.VendorID, file.Violation)
			if err != nil {
				return err
			}
			e, err := exit.Order(ctx, tx, by, exit.EvictionPaper{VendorID: c.person.VendorID, Offence: "malware",
				Description: s.words[penalty.words+"_found"], Amount: money.CNY(500000), Evidence: []string{f.ID}})
			c.exit, penalty.id = e.ID, e.ViolationID
			return err
		})
	}
}

// repays orders the return of what the company paid too much. Rule D-12.
func (s *story) repays(c *company, fen int64) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := deposit.ReturnOverpaid(ctx, tx, s.by(access.Finance), deposit.Repayment{VendorID: c.person.VendorID, Amount: money.CNY(fen), Reason: s.words["repaid_reason"]})
			return err
		})
	}
}

// sendsBack orders the return of a line whose payer is no vendor. Rules D-5, D-12.
func (s *story) sendsBack(payer, reason string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			lines, err := payment.Lines(ctx, tx, s.by(access.Finance), payment.Filter{State: payment.Unknown})
			if err != nil {
				return err
			}
			for _, l := range lines {
				if l.Payer.Name == s.words[payer] {
					_, err := deposit.SendBack(ctx, tx, s.by(access.Finance), deposit.SendingBack{LineID: l.ID, Reason: s.words[reason]})
					return err
				}
			}
			return fault.New(fault.NotFound, "fault.not_found")
		})
	}
}

// payout is the company's newest of a purpose, "" of any.
func (s *story) payout(ctx context.Context, c *company, of payout.Purpose) (p payout.Payout, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := payout.Of(ctx, tx, s.confirmer(), c.person.VendorID)
		for _, x := range list {
			if of == "" || x.Purpose == of {
				p = x
				return err
			}
		}
		return firstOf(err, fault.New(fault.NotFound, "fault.not_found"))
	})
	return p, err
}

// approves is the second person's word on a payout. Rule D-7.
func (s *story) approves(c *company, of payout.Purpose) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		p, err := s.payout(ctx, c, of)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := payout.Approve(ctx, tx, s.confirmer(), payout.Chosen{ID: p.ID})
			return err
		})
	}
}

// instructs puts the company's approved payout into a file for the bank, which pays it
// on the next working day. Rule D-10.
func (s *story) instructs(c *company, format bankfile.Format) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		p, err := s.payout(ctx, c, "")
		if err != nil {
			return err
		}
		today := calendar.Of(s.clock.Now(), s.zone)
		s.bank.owed = append(s.bank.owed, movement{at: s.clock.Now().Add(26 * time.Hour), fen: -p.Amount.Fen, kind: "付款", summary: "退款",
			use: p.Remark + " " + p.Reference, name: p.To.Name, account: p.To.Number, bank: p.To.Bank})
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := payout.MakeFile(ctx, tx, s.by(access.Finance), payout.Making{From: s.policy.Payees[0].ID, Format: format, Day: today, Payouts: []string{p.ID}})
			return err
		})
	}
}

// settles counts the debit that was proposed as the payout's. Rules D-7, D-10.
func (s *story) settles(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			list, err := payout.Matches(ctx, tx, s.confirmer())
			if err != nil {
				return err
			}
			for _, m := range list {
				if m.Payout.Subject == c.person.VendorID {
					_, err := payout.Settle(ctx, tx, s.confirmer(), payout.Match{PayoutID: m.Payout.ID, LineID: m.LineID})
					return err
				}
			}
			return fmt.Errorf("demo: no debit is %s's", c.ID)
		})
	}
}
