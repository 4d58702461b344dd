package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
)

// measureStatement imports a long statement of each format into a marketplace with
// many open deposits, in a process of its own, whose memory is its alone.
func measureStatement(ctx context.Context, b *bench, s store) (string, error) {
	rows := [][]string{{"file", "size", "checked, lines/s", "written, lines/s", "matched, lines/s", "all, lines/s", "seconds", "most memory (RSS)", "certain"}}
	for _, format := range strings.Split(b.formats, ",") {
		r, size, err := importOne(ctx, b, s, format)
		if err != nil {
			return "", fmt.Errorf("%s: %w", format, err)
		}
		rate := func(seconds float64) string { return whole(float64(b.lines) / seconds) }
		all := r.Checked + r.Written + r.Matched
		rows = append(rows, []string{format, fmt.Sprintf("%d MB", size>>20), rate(r.Checked), rate(r.Written), rate(r.Matched), rate(all),
			fmt.Sprintf("%.0f", all), fmt.Sprintf("%d MB", r.KB>>10), strconv.Itoa(r.Certain)})
		b.progress.say("  %s: %s lines/s, %d MB", format, rate(all), r.KB>>10)
	}
	return fmt.Sprintf(`A statement of %d lines against %d open deposits, one line in %d of which is a transfer that fits one of them in reference, payer, account and amount. Each line is
sealed, indexed and posted to the ledger (two entries); "checked" reads the file once to its end before anything is written, "matched" is the jobs that find whose each line is.
One process on a fresh database; its memory is the highest RSS from start to end. Wanted: < 300 MB.
%s
%s`, b.lines, b.deposits, b.lines/b.deposits, b.sharing(), table(rows)), nil
}

// imported is what a process reports of itself.
type imported struct {
	Checked float64 `json:"checked"` // seconds
	Written float64 `json:"written"`
	Matched float64 `json:"matched"`
	KB      int64   `json:"kb"`
	Certain int     `json:"certain"`
}

func importOne(ctx context.Context, b *bench, s store, format string) (r imported, size int64, err error) {
	const what = "statement"
	if err := errors.Join(s.remove(ctx, what), s.make(ctx, what)); err != nil {
		return r, 0, err
	}
	defer func() { err = errors.Join(err, s.remove(context.WithoutCancel(ctx), what)) }()
	if err := seedAnnouncements(ctx, b, s); err != nil {
		return r, 0, err
	}
	path := filepath.Join(b.dir, fmt.Sprintf("statement-%d.%s", b.lines, format))
	if err := writeStatementFile(path, format, b.lines, b.deposits); err != nil {
		return r, 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return r, 0, err
	}
	own, err := os.Executable()
	if err != nil {
		return r, 0, err
	}
	cmd := exec.CommandContext(ctx, own, "-importing", path, "-only", s.name(), "-database", b.postgres, "-dir", b.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, 0, err
	}
	return r, info.Size(), json.Unmarshal(out, &r)
}

// importing is the process that is measured.
func importing(ctx context.Context, b *bench, path string) error {
	s := store{b: b, postgres: b.only == "postgres"}
	c, err := s.config("statement")
	if err != nil {
		return err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return err
	}
	var r imported
	begun := time.Now()
	_, err = payment.Import(ctx, m.DB, clerk, payment.File{Payee: "main", Mapping: "plain", Name: filepath.Base(path),
		Open: func() (io.ReadCloser, error) { return os.Open(path) },
		Progress: func(st payment.Statement) {
			if st.Lines > 0 && r.Checked == 0 {
				r.Checked = time.Since(begun).Seconds()
			}
		}})
	if err != nil {
		return errors.Join(err, m.Close())
	}
	r.Written = time.Since(begun).Seconds() - r.Checked
	begun = time.Now()
	if err := m.Runner.Drain(ctx); err != nil {
		return errors.Join(err, m.Close())
	}
	r.Matched = time.Since(begun).Seconds()
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		r.Certain, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM bank_line WHERE state = 'certain'`)
		return err
	})
	r.KB, _ = strconv.ParseInt(fact("/proc/self/status", `(?m)^VmHWM:\s*(\d+)`), 10, 64)
	return errors.Join(err, json.NewEncoder(os.Stdout).Encode(r), m.Close())
}

// seedAnnouncements makes the open deposits, without the searches that each asks
// for: no line is in yet.
func seedAnnouncements(ctx context.Context, b *bench, s store) error {
	c, err := s.config("statement")
	if err != nil {
		return err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return err
	}
	for made := 0; made < b.deposits && err == nil; made += 200 {
		err = m.DB.Write(ctx, func(tx *db.Tx) error {
			for i := made; i < min(made+200, b.deposits); i++ {
				if err := payment.Announce(ctx, tx, payment.Announcement{Subject: fmt.Sprintf("ven_bench_%06d", i), Reference: referenceOf(i),
					PayerName: companyName(int64(i)), PayerAccount: accountNumber(int64(i)), Expected: money.CNY(due)}); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `DELETE FROM job WHERE kind = $1`, payment.SearchJob.Name)
			return err
		})
		b.progress.at("deposits", min(made+200, b.deposits), b.deposits)
	}
	if err == nil && s.postgres {
		_, err = m.DB.SQL().ExecContext(ctx, "ANALYZE")
	}
	return errors.Join(err, m.Close())
}

// referenceOf is the reference of a deposit by its number, always the same.
func referenceOf(n int) string {
	seed := [32]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24), 1}
	ref, err := reference.New(rand.NewChaCha8(seed))
	if err != nil {
		panic(err) // a generator that never ends
	}
	return ref
}

// writeStatementFile makes a statement of so many lines, unless it is there.
func writeStatementFile(path, format string, lines, deposits int) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = errors.Join(writeStatement(w, format, lines, deposits), w.Flush(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
