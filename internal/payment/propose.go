package payment

import (
	"context"
	"errors"
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// searchSize is how many lines one run of the search looks at.
const searchSize = 500

// Propose compares lines with what is expected and notes for each whom it is
// proposed for and how surely, or that nobody is known for it. It leaves alone what
// a person assigned and what is taken. It is the handler of SearchJob.
func Propose(ctx context.Context, tx *db.Tx, by access.Actor, in Search) error {
	if err := by.Require(access.ImportMoney); err != nil {
		return err
	}
	lines, err := searched(ctx, tx, in)
	if err != nil || len(lines) == 0 {
		return err
	}
	if err := propose(ctx, tx, lines); err != nil {
		return err
	}
	if len(lines) < searchSize {
		return nil
	}
	in.After = lines[len(lines)-1].ID
	return SearchJob.Later(ctx, tx, in)
}

// searched finds the lines that a search is about, the open ones nobody assigned by hand.
func searched(ctx context.Context, tx *db.Tx, in Search) ([]Line, error) {
	const open = ` AND state IN ('unknown', 'doubtful', 'certain') AND proposed_by = '' ORDER BY id LIMIT `
	var rows []stored
	var err error
	if in.Statement != "" {
		// Of a large file only few lines are of anybody who is expected to pay: the
		// database finds them, and the others stay unknown without being opened.
		rows, err = db.All(ctx, tx, (*stored).fields, `
			SELECT `+lineColumns+` FROM bank_line WHERE statement_id = $1 AND id > $2 AND (subject <> ''
				OR payer_account_blind <> '' AND EXISTS (SELECT 1 FROM announcement_payer p WHERE p.blind = bank_line.payer_account_blind)
				OR payer_name_blind <> '' AND EXISTS (SELECT 1 FROM announcement_payer p WHERE p.blind = bank_line.payer_name_blind)
				OR EXISTS (SELECT 1 FROM bank_line_reference r JOIN announcement a ON a.reference = r.reference WHERE r.line_id = bank_line.id)
			)`+open+`$3`,
			in.Statement, in.After, searchSize)
	} else {
		rows, err = db.All(ctx, tx, (*stored).fields, `
			SELECT `+lineColumns+` FROM bank_line WHERE id IN (
				SELECT r.line_id FROM bank_line_reference r JOIN announcement a ON a.reference = r.reference WHERE a.subject = $1
				UNION SELECT id FROM bank_line WHERE payer_account_blind IN (SELECT blind FROM announcement_payer WHERE subject = $1) AND payer_account_blind <> ''
				UNION SELECT id FROM bank_line WHERE payer_name_blind IN (SELECT blind FROM announcement_payer WHERE subject = $1) AND payer_name_blind <> ''
				UNION SELECT id FROM bank_line WHERE subject = $1 AND subject <> ''
			) AND id > $2`+open+`$3`,
			in.Subject, in.After, searchSize)
	}
	if err != nil {
		return nil, err
	}
	return openAll(tx, rows)
}

func propose(ctx context.Context, tx *db.Tx, lines []Line) error {
	expected, err := expectedFrom(ctx, tx, lines)
	if err != nil {
		return err
	}
	book := newCandidates(expected)
	for _, l := range lines {
		v := judge(l, book.fitting(l))
		if v.state == l.State && v.subject == l.Subject && slices.Equal(v.reasons, l.Reasons) {
			continue
		}
		if err := saveProposal(ctx, tx, l, v, ""); err != nil {
			return err
		}
	}
	return nil
}

// saveProposal notes a verdict on a line that is still as it was read.
func saveProposal(ctx context.Context, tx *db.Tx, l Line, v verdict, person string) error {
	if v.reasons == nil {
		v.reasons = []Reason{}
	}
	if l.Withdrawn == nil {
		l.Withdrawn = []string{}
	}
	return tx.Move(ctx, `
		UPDATE bank_line SET state = $1, subject = $2, reasons = $3, proposed_by = $4, proposed_at = $5, withdrawn = $6
		WHERE id = $7 AND state = $8 AND subject = $9`,
		string(v.state), v.subject, db.JSON(v.reasons), person, tx.Now(), db.JSON(l.Withdrawn), l.ID, string(l.State), l.Subject)
}

// Assignment proposes a line for somebody by hand.
type Assignment struct {
	LineID  string `json:"-" path:"id"`
	Subject string `json:"subject"` // who is expected to pay, as a vendor's id
}

// Assign proposes a credit line for a subject because a person says so. Where the
// line itself does not bear that out it is doubtful, with the reasons; who assigns
// does not confirm (D-7). A taken line and one that went out are fault.Conflict.
func Assign(ctx context.Context, tx *db.Tx, by access.Actor, in Assignment) (Line, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Line{}, err
	}
	l, err := Untaken(ctx, tx, in.LineID)
	if err != nil {
		return Line{}, err
	}
	a, err := announcementOf(ctx, tx, in.Subject)
	if errors.Is(err, fault.NotFound) {
		return Line{}, fault.At("/subject", "payment.nothing_expected")
	}
	if err != nil {
		return Line{}, err
	}
	if l.ShareID != "" {
		return assignShare(ctx, tx, by, l, in.Subject)
	}
	v := weighByHand(l, a)
	l.Withdrawn = slices.DeleteFunc(l.Withdrawn, func(s string) bool { return s == in.Subject })
	if err := saveProposal(ctx, tx, l, v, by.ID); err != nil {
		return Line{}, err
	}
	if err := Assigned.Append(ctx, tx, by, event.About{Subject: l.ID, VendorID: in.Subject}, event.None{}); err != nil {
		return Line{}, err
	}
	return lineByID(ctx, tx, l.ID)
}

// assignShare says whom a share is for; who says so stands for the split.
func assignShare(ctx context.Context, tx *db.Tx, by access.Actor, l Line, subject string) (Line, error) {
	err := tx.Move(ctx, `UPDATE bank_line_share SET subject = $1, split_by = $2, split_at = $3 WHERE id = $4 AND subject = $5 AND taken_for IS NULL`,
		subject, by.ID, tx.Now(), l.ShareID, l.Subject)
	if err != nil {
		return Line{}, err
	}
	if err := Assigned.Append(ctx, tx, by, event.About{Subject: l.ShareID, VendorID: subject}, event.None{}); err != nil {
		return Line{}, err
	}
	return Find(ctx, tx, l.ShareID)
}

// weighByHand is weigh, and says so when nothing in the line points to the subject.
func weighByHand(l Line, a Announcement) verdict {
	v := weigh(l, a)
	if !byReference(l, a) && !byAccount(l, a) && !byName(l, a) {
		v.state, v.reasons = Doubtful, append([]Reason{{Code: ByHand}}, v.reasons...)
	}
	return v
}

// Withdrawal takes the proposal of a line back.
type Withdrawal struct {
	LineID  string `json:"-" path:"id"`
	Subject string `json:"subject"` // whom it is proposed for, as the person saw it
}

// Withdraw takes a proposal back: the line is proposed for whoever else fits, or
// is unknown again, and the program does not propose the same subject for it once
// more. A line without a proposal, a taken one, and one that is proposed for
// somebody else by now are fault.Conflict.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, in Withdrawal) (Line, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Line{}, err
	}
	l, err := Untaken(ctx, tx, in.LineID)
	if err != nil {
		return Line{}, err
	}
	if l.Subject == "" {
		return Line{}, fault.New(fault.Conflict, "payment.no_proposal").Of("D-7")
	}
	if l.Subject != in.Subject {
		return Line{}, fault.New(fault.Conflict, "fault.changed")
	}
	if l.ShareID != "" {
		err := tx.Move(ctx, `UPDATE bank_line_share SET subject = '', split_by = $1, split_at = $2 WHERE id = $3 AND subject = $4 AND taken_for IS NULL`,
			by.ID, tx.Now(), l.ShareID, l.Subject)
		if err != nil {
			return Line{}, err
		}
		if err := Withdrawn.Append(ctx, tx, by, event.About{Subject: l.ShareID, VendorID: in.Subject}, event.None{}); err != nil {
			return Line{}, err
		}
		return Find(ctx, tx, l.ShareID)
	}
	l.Withdrawn = append(l.Withdrawn, l.Subject)
	expected, err := expectedFrom(ctx, tx, []Line{l})
	if err != nil {
		return Line{}, err
	}
	if err := saveProposal(ctx, tx, l, judge(l, expected), ""); err != nil {
		return Line{}, err
	}
	if err := Withdrawn.Append(ctx, tx, by, event.About{Subject: l.ID, VendorID: in.Subject}, event.None{}); err != nil {
		return Line{}, err
	}
	return lineByID(ctx, tx, l.ID)
}

// open refuses a line on which nothing is left to decide: fault.Conflict. Rule D-7.
func (l Line) open() error {
	switch l.State {
	case Taken:
		return fault.New(fault.Conflict, "payment.taken").Of("D-7")
	case Debit:
		return fault.New(fault.Conflict, "payment.went_out").Of("D-7")
	case Shared:
		return fault.New(fault.Conflict, "payment.is_split").Of("D-7")
	}
	return nil
}
