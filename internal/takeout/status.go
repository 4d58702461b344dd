package takeout

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a takeout stands.
type Status string

// The statuses of a takeout.
const (
	Waiting Status = "asked"   // for the job
	Making  Status = "making"  // the job is at it
	Ready   Status = "ready"   // to be downloaded
	Halted  Status = "stopped" // by its company, before it was ready
	Failed  Status = "failed"  // the job gave up; staff see why
	Removed Status = "expired" // its bytes are gone
)

// Name is the word of the status for people.
func (s Status) Name() text.Key { return text.Key("takeout.status_" + string(s)) }

// Open reports whether it is still being made: one at a time in a company.
func (s Status) Open() bool { return s == Waiting || s == Making }

// act is what is done with a takeout.
type act string

const (
	actBegin  act = "begin"
	actFinish act = "finish"
	actStop   act = "stop"
	actFail   act = "fail"
	actExpire act = "expire"
)

// moves is the whole table. A failed one is made again when staff retry its job.
var moves = map[Status]map[act]Status{
	Waiting: {actBegin: Making, actStop: Halted},
	Making:  {actBegin: Making, actFinish: Ready, actStop: Halted, actFail: Failed},
	Failed:  {actBegin: Making},
	Ready:   {actExpire: Removed},
}

// next is the status after an act; what the table does not have is fault.Conflict.
func (s Status) next(a act) (Status, error) {
	to, ok := moves[s][a]
	if !ok {
		return "", fault.New(fault.Conflict, "takeout.wrong_state", s.Name())
	}
	return to, nil
}
