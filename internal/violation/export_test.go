package violation

// What jobs do, for tests that run them at a moment of their choice.
var (
	End   = end
	Sweep = sweep
)
