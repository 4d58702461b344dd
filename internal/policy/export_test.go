package policy

// Forget empties what this process remembers, as another that starts.
func Forget() { parsed.Clear() }
