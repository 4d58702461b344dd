package web

import "github.com/yunshi-market/yunshi/internal/text"

// Rehearsal is what the pages of a demo show beside the marketplace's own: whom a
// reader can be, with one click, and the bank statement that goes on with the story.
type Rehearsal struct {
	Password  string // everybody's
	Staff     []Player
	Vendors   []Player
	Statement string // address of a bank statement to import by hand
}

// Player is somebody whom a reader of a demo can be.
type Player struct {
	Mail    string
	Name    string
	Company string   // "" of staff
	Part    text.Key // the role, or how far the company has come
}
