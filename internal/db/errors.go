package db

import (
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// retryable reports whether the same transaction may succeed when run again.
func retryable(err error) bool {
	var shared *lost
	if errors.As(err, &shared) {
		return true // what broke it stands in the error of the call that did
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "25006", "57P01", "57P02", "57P03":
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case 5, 6: // BUSY and LOCKED, with every extension
			return true
		}
		return false
	}
	if errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err) {
		return true
	}
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// IsUnique reports whether a row broke a UNIQUE or PRIMARY KEY constraint.
func IsUnique(err error) bool { return broke(err, "23505", 1555, 2067) }

// IsForeignKey reports whether a row points at one that is not there, or is pointed at.
func IsForeignKey(err error) bool { return broke(err, "23503", 787) }

// IsCheck reports whether a row broke a CHECK constraint.
func IsCheck(err error) bool { return broke(err, "23514", 275) }

// IsFull reports whether there is no room on the disk of the database.
func IsFull(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "53100"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == 13
}

func broke(err error, pgCode string, liteCodes ...int) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgCode
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		for _, c := range liteCodes {
			if lite.Code() == c {
				return true
			}
		}
	}
	return false
}
