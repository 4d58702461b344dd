package policy

// Forget empties what this process remembers, as another that starts.
func Forget() { parsed.Clear() }

// Applied is a policy after the values of a form were written into it.
func Applied(p Policy, s Section, values map[string][]string) (Policy, error) {
	body, err := bodyOf(p)
	if err != nil {
		return p, err
	}
	own, err := parse("", p.HoldsFrom, body)
	if err != nil {
		return p, err
	}
	return own, apply(&own, s, values)
}
