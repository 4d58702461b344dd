package db

import "math/bits"

// MostRows is how many rows one statement writes at the most.
const MostRows = 512

// RowsAtOnce is how many of so many rows the next statement best writes. SQLite
// finds a parameter by looking through those before it, so that a few are fastest;
// PostgreSQL has a way to the server for each statement and keeps those prepared
// whose text comes again, so it is given many, and always a power of two.
func (tx *Tx) RowsAtOnce(left int) int {
	if tx.db.dialect == SQLite {
		return min(left, 20)
	}
	return min(1<<(bits.Len(uint(left))-1), MostRows)
}
