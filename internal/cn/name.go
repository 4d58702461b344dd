package cn

import "strings"

var nameMarks = strings.NewReplacer(
	"〔", "(", "〕", ")", "[", "(", "]", ")", "【", "(", "】", ")", "「", "(", "」", ")",
	"•", "·", "・", "·", "‧", "·",
)

// NameKey returns the form of a company's name under which two spellings of it
// are equal: brackets of any kind and width, letters of any width and case, no
// spaces. The words stay: 有限公司 and 有限责任公司 are two names.
func NameKey(s string) string {
	return Fold(strings.ToLower(nameMarks.Replace(squeeze(s, ""))))
}

// SameName reports whether a and b are one company's name. Two empty names are
// nobody's. Rule D-5.
func SameName(a, b string) bool { return NameKey(a) != "" && NameKey(a) == NameKey(b) }
