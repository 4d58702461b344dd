package reference

// digits are the values of ISO 7064 MOD 37,36: 0–9 are 0–9, A–Z are 10–35.
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// modulus is the smaller of the two moduli of ISO 7064 MOD 37,36.
const modulus = 36

func value(c byte) (int, bool) {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0'), true
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// checkOf returns the ISO 7064 MOD 37,36 check character of s, and false when s
// holds anything but 0–9 and A–Z.
func checkOf(s string) (byte, bool) {
	p := modulus
	for i := range len(s) {
		v, ok := value(s[i])
		if !ok {
			return 0, false
		}
		p = (p + v) % modulus
		if p == 0 {
			p = modulus
		}
		p = p * 2 % (modulus + 1)
	}
	return digits[(modulus+1-p)%modulus], true
}
