package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Wording is the operator's own text of a message in place of the shipped one.
type Wording struct {
	ID   string `json:"id"`   // of the catalogue: "notify.contract_subject"
	Text Name   `json:"text"` // with placeholders such as {number}
}

// arguments names what a template of messages is filled with, in its order. One
// that is not here has them by number: {1}, {2}.
var arguments = map[string][]string{
	"notify.code":                 {"code", "minutes"},
	"notify.application_received": {"promised"},
	"notify.application_decided":  {"outcome"},
	"notify.contract":             {"number", "company"},
	"notify.contract_ready":       {"number"},
	"notify.scan_returned":        {"number", "reason"},
	"notify.contract_withdrawn":   {"number", "reason"},
	"notify.contract_signed":      {"number", "until"},
	"notify.deposit_asked":        {"amount", "because"},
	"notify.voucher_notice":       {"company", "market"},
	"notify.voucher_received":     {"amount", "promised"},
	"notify.voucher_refused":      {"amount", "reason"},
	"notify.deposit_confirmed":    {"amount", "receipt"},
	"notify.letter_missing":       {"received", "missing"},
	"notify.receipt":              {"receipt", "amount"},
	"notify.product_approved":     {"product"},
	"notify.product_rejected":     {"product"},
	"notify.product_shelved":      {"product"},
	"notify.product_removed":      {"product"},
}

// variants are the endings of the texts that a template of messages has.
var variants = []string{"_subject", "_text", "_sms"}

// Template is a message that the marketplace sends, with its texts.
type Template struct {
	ID    string     // "notify.contract"
	Texts []text.Key // its subject, text and SMS, those it has
}

// Templates lists the messages whose texts the operator may change.
func Templates() []Template {
	var out []Template
	for _, k := range text.Keys() {
		id, ok := strings.CutSuffix(string(k), "_subject")
		if !ok || !text.Known(text.Key(id+"_text")) || strings.Contains(id, "#") {
			continue
		}
		t := Template{ID: id}
		for _, v := range variants {
			if k := text.Key(id + v); text.Known(k) {
				t.Texts = append(t.Texts, k)
			}
		}
		out = append(out, t)
	}
	return out
}

// templateOf is the template that a text belongs to.
func templateOf(key string) (Template, bool) {
	for _, t := range Templates() {
		if slices.Contains(t.Texts, text.Key(key)) {
			return t, true
		}
	}
	return Template{}, false
}

// Placeholders names what a template's texts may be filled with.
func (t Template) Placeholders() []string {
	names := slices.Clone(arguments[t.ID])
	for _, k := range t.Texts {
		for n := text.Verbs(k); len(names) < n; {
			names = append(names, strconv.Itoa(len(names)+1))
		}
	}
	return names
}

// Shipped is a text of the template as it was shipped, with placeholders by name.
func (t Template) Shipped(key text.Key) Name {
	names := t.Placeholders()
	args := make([]any, text.Verbs(key))
	for i := range args {
		args[i] = placeholder("{" + names[i] + "}")
	}
	said := func(l text.Lang) string { return Unsigned(text.Printer{Lang: l}.T(key, args...)) }
	return Name{ZH: said(text.ZH), EN: said(text.EN)}
}

// placeholder prints itself for every verb of a sentence.
type placeholder string

// Format writes the placeholder whatever the verb asks for.
func (p placeholder) Format(s fmt.State, _ rune) { fmt.Fprint(s, string(p)) }

var blank = regexp.MustCompile(`\{([a-z0-9_]+)\}`)

// Said puts a text of a message into a reader's language: the operator's own where
// there is one, otherwise the shipped one, with as many arguments as it takes.
func (p Policy) Said(say text.Printer, key text.Key, args []any) string {
	i := slices.IndexFunc(p.Messages, func(w Wording) bool { return w.ID == string(key) })
	if i < 0 {
		return say.T(key, args[:min(text.Verbs(key), len(args))]...)
	}
	t, _ := templateOf(string(key))
	return fill(p.Messages[i].Text.In(say.Lang), t.Placeholders(), func(i int) (string, bool) {
		if i >= len(args) {
			return "", false
		}
		return say.T("notify.param", args[i]), true
	})
}

// fill replaces placeholders; one without a value stays as it is.
func fill(s string, names []string, value func(i int) (string, bool)) string {
	return blank.ReplaceAllStringFunc(s, func(b string) string {
		i := slices.Index(names, b[1:len(b)-1])
		if i < 0 {
			return b
		}
		if v, ok := value(i); ok {
			return strings.TrimSpace(v)
		}
		return b
	})
}

// Sample fills a text with examples, to be looked at.
func (t Template) Sample(s string, l text.Lang) string {
	names := t.Placeholders()
	say := text.Printer{Lang: l}
	return fill(s, names, func(i int) (string, bool) {
		if key := text.Key("policy_sample." + names[i]); text.Known(key) {
			return say.T(key), true
		}
		return "", false
	})
}

// Signature is what stands before each SMS: 【云市场】, [Cloud Marketplace].
func (p Policy) Signature(l text.Lang) string {
	if l == text.ZH {
		return "【" + p.Marketplace.In(l) + "】"
	}
	return "[" + p.Marketplace.In(l) + "] "
}

var signed = regexp.MustCompile(`^(?:【[^】]*】|\[[^\]]*\])\s*`)

// Unsigned takes a signature off an SMS.
func Unsigned(s string) string { return signed.ReplaceAllString(s, "") }

// validateMessages refuses texts of messages that do not exist, that are not in
// both languages, or that ask for what the message does not know.
func (p Policy) validateMessages(f *fault.Fields) {
	seen := make(map[string]bool)
	for i, w := range p.Messages {
		at := "/messages/" + index(i)
		t, ok := templateOf(w.ID)
		switch {
		case !ok:
			f.Add(at+"/id", "fault.unknown_choice", w.ID)
			continue
		case seen[w.ID]:
			f.Add(at+"/id", "policy.twice", w.ID)
		}
		seen[w.ID] = true
		named(f, at+"/text", w.Text)
		names := t.Placeholders()
		for tag, s := range map[string]string{"zh-CN": w.Text.ZH, "en": w.Text.EN} {
			for _, b := range blank.FindAllStringSubmatch(s, -1) {
				if !slices.Contains(names, b[1]) {
					f.Add(at+"/text/"+tag, "policy.unknown_placeholder", "{"+b[1]+"}")
				}
			}
			if s != "" && t.ID == "notify.code" && !strings.HasSuffix(w.ID, "_subject") && !strings.Contains(s, "{code}") {
				f.Add(at+"/text/"+tag, "policy.code_missing")
			}
			if strings.HasSuffix(w.ID, "_subject") && strings.Contains(s, "\n") {
				f.Add(at+"/text/"+tag, "policy.one_line")
			}
		}
	}
}

// Contracts are the operator's own texts of contracts and which of them new
// contracts are made from.
type Contracts struct {
	Template string         `json:"template"` // a version's id; "" is the shipped text
	Versions []ContractText `json:"versions"`
}

// ContractText is one version of the text of contracts, written as
// docs/contract-text.md says.
type ContractText struct {
	ID   string `json:"id"` // "2.0", as the document names it
	Text Name   `json:"body"`
}

// ContractText finds the text that new contracts are made from; false is the shipped one.
func (p Policy) ContractText() (ContractText, bool) {
	i := slices.IndexFunc(p.Contracts.Versions, func(t ContractText) bool { return t.ID == p.Contracts.Template })
	if i < 0 || p.Contracts.Template == "" {
		return ContractText{}, false
	}
	return p.Contracts.Versions[i], true
}

// validateContracts refuses texts without a version, and a choice of none of them.
func (p Policy) validateContracts(f *fault.Fields) {
	seen := make(map[string]bool)
	for i, t := range p.Contracts.Versions {
		at := "/contract_texts/versions/" + index(i)
		switch {
		case t.ID == "":
			f.Add(at+"/id", "fault.required")
		case seen[t.ID] || t.ID == "1.0":
			f.Add(at+"/id", "policy.twice", t.ID)
		}
		seen[t.ID] = true
		named(f, at+"/body", t.Text)
	}
	if c := p.Contracts.Template; c != "" && !seen[c] {
		f.Add("/contract_texts/template", "fault.unknown_choice", c)
	}
}
