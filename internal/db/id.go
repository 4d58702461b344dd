package db

import (
	"encoding/binary"
	"strings"
	"time"
)

// FirstID is a bound for ids by their time: ids of the prefix made at the moment or
// later (by NewID, to the millisecond) are not below it, earlier ones are.
func FirstID(prefix string, at time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(max(at.UnixMilli(), 0))<<16)
	return encodeID(prefix, b)
}

// encodeID writes 128 bits in 26 characters of 5 bits, the first holding 3.
func encodeID(prefix string, b [16]byte) string {
	var out strings.Builder
	out.WriteString(prefix + "_")
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	for i := range 26 {
		shift := uint(125 - 5*i)
		var v uint64
		switch {
		case shift >= 64:
			v = hi >> (shift - 64)
		case shift > 59:
			v = hi<<(64-shift) | lo>>shift
		default:
			v = lo >> shift
		}
		out.WriteByte(crockford[v&31])
	}
	return out.String()
}
