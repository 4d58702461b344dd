package token

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestIndexAndQuery(t *testing.T) {
	tests := []struct {
		in    string
		index string
		query string
	}{
		{"云", "云", "云"},
		{"云市", "云 市 云市", "云市"},
		{"云服务器", "云 服 云服 务 服务 器 务器", "云服 服务 务器"},
		{"雲服務器", "云 服 云服 务 服务 器 务器", "云服 服务 务器"},
		{"裡面 裏面 里面", "里 面 里面 里 面 里面 里 面 里面", "里面"},
		{"k8s集群", "k8s 集 群 集群", "k8s 集群"},
		{"MySQL 8.0", "mysql 8dot0 8 0", "mysql 8dot0"},
		{"C++、C#", "cplusplus c csharp c", "cplusplus csharp"},
		{"用.NET开发", "用 dotnet net 开 发 开发", "用 dotnet 开发"},
		{"ASP.NET", "aspnet asp net dotnet", "aspnet"},
		{"Node.js", "nodejs node js dotjs", "nodejs"},
		{"nodejs", "nodejs", "nodejs"},
		{"v1.2.3", "v1dot2dot3 v1 2 3", "v1dot2dot3"},
		{"ＷｏｒｄＰｒｅｓｓ　建站", "wordpress 建 站 建站", "wordpress 建站"},
		{"Café Zürich", "cafe zurich", "cafe zurich"},
		{"The end. Next…", "the end next", "the end next"},
		{"a+b", "aplusb a b", "aplusb"},
		{"+++ ... ##", "", ""},
		{"", "", ""},
		{"“OR” AND (NOT) NEAR/2 'x' \"y\" *", "or and not near 2 x y", "or and not near 2 x y"},
		{"人々 〇", "人 々 人々 〇", "人々 〇"},
		{"⽔", "水", "水"},
		{"привет ひらがな 한글", "", ""},
		{"安全,安全", "安 全 安全 安 全 安全", "安全"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			if diff := cmp.Diff(tt.index, Join(Index(tt.in))); diff != "" {
				t.Errorf("Index: −want +got\n%s", diff)
			}
			if diff := cmp.Diff(tt.query, Join(Query(tt.in))); diff != "" {
				t.Errorf("Query: −want +got\n%s", diff)
			}
		})
	}
}

func TestSearchFinds(t *testing.T) {
	tests := []struct {
		text, search string
		want         bool
	}{
		{"企业级主机安全检测服务", "安全检测", true},
		{"企业级主机安全检测服务", "检测安全", false},
		{"企業級主機安全檢測服務", "主机 安全", true},
		{"基于 ASP.NET 的建站系统", ".net", true},
		{"基于 ASP.NET 的建站系统", "asp.net", true},
		{"network 加速", ".net", false},
		{"Node.js 运行环境", "nodejs", true},
		{"nodejs 运行环境", "Node.js", true},
		{"C++ 编译环境", "c#", false},
		{"C++ 编译环境", "c", true},
		{"宝塔Linux面板 7.9", "宝塔linux", true},
		{"宝塔Linux面板 7.9", "7.9", true},
	}
	for _, tt := range tests {
		t.Run(tt.search+" in "+tt.text, func(t *testing.T) {
			index := Index(tt.text)
			got := true
			for _, w := range Query(tt.search) {
				got = got && slices.Contains(index, w)
			}
			if got != tt.want {
				t.Errorf("found: %v, want %v; %v among %v", got, tt.want, Query(tt.search), index)
			}
		})
	}
}

func TestLongInputIsBounded(t *testing.T) {
	long := strings.Repeat("x", 1000)
	if got := Query(long); len(got) != 1 || len(got[0]) != longest {
		t.Errorf("a long word makes %v", got)
	}
	if got := Query(strings.Repeat("一二三四五六七八九十", 20) + " 甲 乙 丙 丁 " + strings.Repeat("戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", 3)); len(got) != mostQueried {
		t.Errorf("a long search has %d words", len(got))
	}
}

func TestTheTableIsSettled(t *testing.T) {
	table := simplified()
	if len(table) < 2500 {
		t.Fatalf("only %d pairs", len(table))
	}
	for from, to := range table {
		if from == to || !isHan(from) || !isHan(to) {
			t.Errorf("the pair %c %c", from, to)
		}
		if next, more := table[to]; more {
			t.Errorf("%c goes on from %c to %c", from, to, next)
		}
	}
	for from, to := range map[rune]rune{'雲': '云', '臺': '台', '發': '发', '髮': '发', '為': '为', '爲': '为', '麼': '么', '個': '个', '鑰': '钥', '讓': '让'} {
		if table[from] != to {
			t.Errorf("%c is searched as %c, want %c", from, table[from], to)
		}
	}
	for _, same := range "云市保证金服务著作权了后里面" {
		if to, found := table[same]; found {
			t.Errorf("the simplified %c is changed to %c", same, to)
		}
	}
}

var bare = regexp.MustCompile(`^(?:[a-z0-9]{1,256}|\p{Han}{1,2})$`)

type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// holds checks what every text must keep: words are bare, a search's words are
// among those of the same text, none twice.
func holds(t reporter, s string) {
	t.Helper()
	index := make(map[string]bool)
	for _, w := range Index(s) {
		if !bare.MatchString(w) {
			t.Fatalf("Index(%q) has %q", s, w)
		}
		index[w] = true
	}
	query := Query(s)
	if len(query) == 0 && len(index) > 0 {
		t.Fatalf("%q is indexed and cannot be searched", s)
	}
	seen := make(map[string]bool)
	for _, w := range query {
		if !index[w] || seen[w] {
			t.Fatalf("Query(%q) has %q, in the index: %v, twice: %v", s, w, index[w], seen[w])
		}
		seen[w] = true
	}
}

func TestQueryIsWithinIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`([a-zA-Z0-9.+#]{0,9}[云雲服务務器 ]{0,4}){0,6}`),
		).Draw(t, "s")
		holds(t, s)
	})
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"云服务器", "C++/C#/.NET", "node.js 1.2.3", "ｋ８ｓ", "雲", "\xff\xfe", "a.", ".a.b", "#a+", "é", "\u0301a", strings.Repeat("a.", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { holds(t, s) })
}

func BenchmarkIndex(b *testing.B) {
	text := strings.Repeat("企业级主机安全检测服务，支持 CentOS 7.9 与 ASP.NET；", 40)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Index(text)
	}
}
