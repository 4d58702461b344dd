package account

import (
	"context"
	"net/netip"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/text"
)

// named is a word in a browser's own name for itself and what people call it.
type named struct{ word, name string }

// browsers in the order of asking: many name themselves Chrome and Safari too.
var browsers = []named{
	{"MicroMessenger/", "微信 WeChat"}, {"DingTalk/", "钉钉 DingTalk"}, {"Lark/", "飞书 Feishu"}, {"QQBrowser/", "QQ 浏览器 QQ Browser"}, {"MQQBrowser/", "QQ 浏览器 QQ Browser"},
	{"UCBrowser/", "UC 浏览器 UC Browser"}, {"HuaweiBrowser/", "华为浏览器 Huawei Browser"}, {"MiuiBrowser/", "小米浏览器 Mi Browser"}, {"SamsungBrowser/", "Samsung Internet"},
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
	{"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	{"curl/", "curl"}, {"Go-http-client/", "Go"}, {"python-requests/", "Python"}, {"PostmanRuntime/", "Postman"}, {"okhttp/", "OkHttp"},
}

var systems = []named{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"OpenHarmony", "HarmonyOS"}, {"HarmonyOS", "HarmonyOS"}, {"Android", "Android"},
	{"Windows", "Windows"}, {"Macintosh", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
}

// Device is what a browser or program says of itself, in words that stay the same
// from one of its versions to the next: "Chrome · Windows"; "" is unknown.
func Device(agent string) string {
	var parts []string
	for _, list := range [][]named{browsers, systems} {
		for _, x := range list {
			if strings.Contains(agent, x.word) {
				parts = append(parts, x.name)
				break
			}
		}
	}
	return strings.Join(parts, " · ")
}

// DeviceWords is the device for a reader, who is told where it is not known.
func DeviceWords(p text.Printer, agent string) string {
	if d := Device(agent); d != "" {
		return d
	}
	return p.T("account.device_unknown")
}

// MaskAddress leaves of an address what its owner knows it by: 203.0.113.*, 2001:db8:1:*.
func MaskAddress(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if a = a.Unmap(); a.Is4() {
		b := a.As4()
		b[3] = 0
		return strings.TrimSuffix(netip.AddrFrom4(b).String(), "0") + "*"
	}
	p, err := a.Prefix(48)
	if err != nil {
		return ""
	}
	return strings.TrimRight(p.Addr().String(), ":") + ":*"
}

// network is the part of an address that stays while a line is dialled anew.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 16
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return address
	}
	return p.String()
}

// The kinds of print by which a person's places are known again.
const (
	devicePrint  = "device"
	networkPrint = "network"
)

func print(tx *db.Tx, accountID, kind, value string) string {
	return tx.Vault().Blind("account.print:"+accountID, kind+" "+value)
}

// knowsNetwork reports whether the person has signed in from the network before.
func knowsNetwork(ctx context.Context, tx *db.Tx, accountID, address string) (bool, error) {
	if accountID == "" {
		return false, nil
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM account_device WHERE account_id = $1 AND print = $2`, accountID, print(tx, accountID, networkPrint, network(address)))
}

// recognise notes device and network of a sign-in and reports whether either is new
// to a person who has signed in before.
func recognise(ctx context.Context, tx *db.Tx, a Account, address, agent string) (fresh bool, err error) {
	known, err := db.All(ctx, tx, db.Value[string], `SELECT print FROM account_device WHERE account_id = $1`, a.ID)
	if err != nil {
		return false, err
	}
	seen := make(map[string]bool, len(known))
	for _, x := range known {
		seen[x] = true
	}
	for _, x := range [][2]string{{devicePrint, Device(agent)}, {networkPrint, network(address)}} {
		mark := print(tx, a.ID, x[0], x[1])
		fresh = fresh || !seen[mark]
		if _, err := tx.Exec(ctx, `
			INSERT INTO account_device (account_id, print, kind, first_seen, last_seen) VALUES ($1, $2, $3, $4, $4)
			ON CONFLICT (account_id, print) DO UPDATE SET last_seen = excluded.last_seen`, a.ID, mark, x[0], tx.Now()); err != nil {
			return false, err
		}
	}
	return fresh && len(known) > 0, nil
}
