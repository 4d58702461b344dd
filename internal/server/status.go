package server

import (
	"context"
	"errors"
	"net/http"
	"syscall"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// statuses is the one place where an error's kind becomes an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.Unproved:        http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.TooEarly:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.WrongMethod:     http.StatusMethodNotAllowed,
	fault.NoRoom:          http.StatusInsufficientStorage,
}

// Status is the HTTP status of an error; what is not for a person is 500, and 499
// if the client went away.
func Status(err error) int {
	var f *fault.Error
	if errors.As(err, &f) {
		if s, ok := statuses[f.Kind]; ok {
			return s
		}
	}
	if full(err) {
		return statuses[fault.NoRoom]
	}
	if errors.Is(err, context.Canceled) {
		return 499
	}
	return http.StatusInternalServerError
}

// full reports whether the disk of the database or of the files is.
func full(err error) bool { return db.IsFull(err) || errors.Is(err, syscall.ENOSPC) }

// Fault returns err as one for a person: its own sentence, or fault.Internal's.
// What is internal is logged here, once.
func (s *Server) Fault(ctx context.Context, err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Internal {
		if f.Cause != nil {
			s.Log.WarnContext(ctx, "refused", "request", RequestID(ctx), "kind", string(f.Kind), "cause", f.Cause)
		}
		return f
	}
	if Status(err) != 499 {
		s.Log.ErrorContext(ctx, "internal error", "request", RequestID(ctx), "error", err)
	}
	if full(err) {
		return fault.New(fault.NoRoom, "fault.no_room")
	}
	return fault.New(fault.Internal, "fault.internal")
}
