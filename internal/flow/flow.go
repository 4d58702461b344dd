// Package flow is the choreography on one page: what happens because something
// happened, and which jobs there are. It holds no rule and no SQL; what a message
// says is filled in by the adapters in message.go.
package flow

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/bulk"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/takeout"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// Reactions is what happens because something happened.
func Reactions() []event.Rule {
	return append([]event.Rule{
		event.On(qualification.Submitted, "tell", tellReceived),
		event.On(qualification.Decided, "tell", tellDecided),
		event.On(qualification.Decided, "deposit", deposit.EnsureRequest), // a category more may raise the deposit, D-3

		event.On(contract.Rendered, "mail", mailContract), // O-4, to both mailboxes
		event.On(contract.Rendered, "tell", tellContract),
		event.On(contract.ScanReturned, "tell", tellScanReturned),
		event.On(contract.Withdrawn, "tell", tellWithdrawn),
		event.On(contract.Signed, "deposit", deposit.EnsureRequest), // O-6
		event.On(contract.Sealed, "mail", mailSigned),

		event.On(deposit.Asked, "tell", tellAsked),
		event.On(deposit.Presented, "mail", mailVoucher), // D-6, in the prescribed form
		event.On(deposit.Presented, "tell", tellPresented),
		event.On(deposit.Refused, "tell", tellRefused),
		event.On(deposit.Confirmed, "review", product.ReviewWaiting), // S-3, O-7
		event.On(deposit.Covered, "review", product.ReviewWaiting),
		event.On(deposit.Confirmed, "tell", tellConfirmed),
		event.On(deposit.Issued, "tell", tellReceipt), // D-8

		event.On(product.Passed, "tell", tellPassed),
		event.On(product.Refused, "tell", tellRejected),
		event.On(product.Shelved, "tell", tellShelved),
		event.On(product.Removed, "tell", tellRemoved),
		event.On(product.Lifted, "tell", tellLifted),
		event.On(product.ChangePassed, "tell", tellChangePassed), // S-2
		event.On(product.ChangeRefused, "tell", tellChangeRefused),
		event.On(product.ReportEnds, "tell", tellReportEnds),
		event.On(product.ReportEnded, "tell", tellReportEnded),
		event.On(product.Shelved, "thumbs", product.QueueThumbs),
		event.On(product.ChangePassed, "thumbs", product.QueueThumbs),

		event.On(account.TransferOffered, "tell", tellTransfer("notify.transfer_offered")),
		event.On(account.TransferAccepted, "tell", tellTransfer("notify.transfer_accepted")),
		event.On(account.TransferWithdrawn, "tell", tellTransfer("notify.transfer_ended")),
		event.On(account.TransferDeclined, "tell", tellTransfer("notify.transfer_ended")),

		event.On(contract.Began, "deposit", deposit.EnsureRequest), // the renewed contract's terms
		event.On(amendment.Submitted, "tell", tellChangeReceived),
		event.On(amendment.Asked, "tell", tellCheck),
		event.On(amendment.Decided, "tell", tellChangeDecided),
		event.On(amendment.Applied, "tell", tellChanged),
		event.On(amendment.Cooling, "warn", tellCooling), // D-5, the contact as it was
		event.On(amendment.Stopped, "tell", tellStopped),
		event.On(amendment.LicenceEnd, "tell", tellEnding("notify.licence_ends", changesHref+"/company")),
		event.On(amendment.LicenceOut, "tell", tellEnding("notify.licence_ended", changesHref+"/company")),
		event.On(amendment.LicenceNew, "review", product.ReviewWaiting), // what waited for the licence
		event.On(amendment.TermEnd, "tell", tellEnding("notify.term_ends", changesHref+"/renewal")),
		event.On(amendment.AcceptBy, "tell", tellEnding("notify.accept_by", changesHref+"/agreements")), // C-4

		event.On(violation.WasDecided, "tell", tellPenalty), // D-11
		event.On(violation.WasAppealed, "tell", tellAppealReceived),
		event.On(violation.WasJudged, "tell", tellJudged),
		event.On(violation.BecameFinal, "tell", tellFinal),
		event.On(violation.Collected, "tell", tellCollected),
		event.On(deposit.Reminded, "tell", tellTopUpDue),
		event.On(deposit.Closed, "tell", tellShopClosed),
		event.On(deposit.Reopened, "shop", product.ReopenShop), // what left with the shop returns
		event.On(deposit.Reopened, "review", product.ReviewWaiting),
		event.On(deposit.Reopened, "tell", tellShopReopened),

		event.On(payment.StatementImported, "payouts", payout.LookThrough), // D-7
		event.On(payout.Bounced, "tell", tellBounced),
		event.On(payout.Settled, "exit", exit.Recheck), // D-10
		event.On(payout.Dropped, "exit", exit.Recheck),
		event.On(violation.WasJudged, "exit", exit.Recheck), // X-2, as the next ones
		event.On(violation.BecameFinal, "exit", exit.Recheck),
		event.On(violation.WasDropped, "exit", exit.Recheck),
		event.On(deposit.PaperReturned, "exit", exit.Recheck), // D-10, as the next ones
		event.On(deposit.PaperBack, "exit", exit.Recheck),
		event.On(deposit.LossAccepted, "exit", exit.Recheck),
		event.On(deposit.Confirmed, "exit", exit.Recheck),
		event.On(exit.Begun, "tell", tellExitBegun),
		event.On(exit.TakenBack, "shop", product.ReshelveAll),
		event.On(exit.Ended, "tell", tellExitEnded),
		event.On(exit.Released, "tell", tellExitReleased),
		event.On(exit.Finished, "tell", tellExitDone),

		event.On(mailbox.Kept, "present", mailbox.QueuePresenting), // D-6
		event.On(mailbox.Answered, "mail", mailMissing),

		event.On(event.HeadSigned, "mail", tellHead),

		event.On(takeout.Made, "tell", tellTakeoutReady),
		event.On(takeout.GaveUp, "tell", tellTakeoutFailed),

		event.On(vendor.Updated, "shop", product.RefreshShop),
		event.On(vendor.Updated, "deposit", deposit.EnsureRequest), // the payer's name or account changed
	}, depositReactions()...)
}

// Needs is what jobs need beside a transaction.
type Needs struct {
	DB      *db.DB
	Files   *file.Files
	Office  *notify.Office
	Key     sign.Key
	BaseURL string
	// Sweep removes what the faces kept and is no longer needed.
	Sweep func(ctx context.Context, tx *db.Tx) error
}

var sweep = job.Kind[struct{}]{Name: "sweep"}

var sweepFiles = job.Kind[struct{}]{Name: "sweep.files"}

var tidyShelf = job.Kind[struct{}]{Name: "catalog.tidy"}

// Jobs registers every kind of job.
func Jobs(reg *job.Registry, n Needs) {
	n.Office.Register(reg)
	contract.Register(reg, n.DB, n.Files, n.Key)
	violation.Register(reg)
	amendment.Register(reg)
	exit.Register(reg)
	takeout.Register(reg, n.DB, n.Files)
	job.Handle(reg, payout.SearchJob, payout.Propose)
	job.HandleOutside(reg, payout.RenderJob, payout.Render(n.DB, n.Files))
	job.Handle(reg, payment.SearchJob, payment.Propose)
	job.Handle(reg, policy.BeginJob, policy.TellBegun)
	depositJobs(reg, n)
	oversightJobs(reg, n)
	job.HandleOutside(reg, mailbox.PresentJob, mailbox.PresentItself(n.DB))
	job.HandleOutside(reg, payment.ImportJob, payment.Work(n.DB, n.Files))
	job.HandleOutside(reg, deposit.RenderJob, deposit.Render(n.DB, n.Files, n.BaseURL))
	job.Handle(reg, sweep, func(ctx context.Context, tx *db.Tx, _ access.Actor, _ struct{}) error {
		if _, err := job.Sweep(ctx, tx); err != nil {
			return err
		}
		if err := account.Sweep(ctx, tx); err != nil {
			return err
		}
		return n.Sweep(ctx, tx)
	})
	reg.Every(time.Hour, sweep)
	job.HandleOutside(reg, sweepFiles, func(ctx context.Context, _ struct{}) error {
		_, err := n.Files.Sweep(ctx, n.DB)
		return err
	})
	reg.Every(24*time.Hour, sweepFiles)
	job.HandleOutside(reg, tidyShelf, func(ctx context.Context, _ struct{}) error {
		if err := catalog.FillDetails(ctx, n.DB); err != nil {
			return err
		}
		return catalog.Tidy(ctx, n.DB)
	})
	reg.Every(24*time.Hour, tidyShelf)
	job.Handle(reg, product.ReportJob, product.LookAtReports)
	reg.Every(24*time.Hour, product.ReportJob)
	job.HandleOutside(reg, product.ThumbJob, product.MakeThumbs(n.DB, n.Files))
	job.HandleOutside(reg, bulk.Work, bulk.Do(n.DB))
}
