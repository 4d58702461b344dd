#!/usr/bin/env bash
# Everything that has to be true of a change, in one run: format, generated code,
# vet, staticcheck, and every test (rules, architecture, stories, pages, browser)
# on SQLite and on PostgreSQL. It installs what it needs where a package manager
# can be used, and says plainly what it had to leave out where none can.
#
#   scripts/check.sh [PACKAGE...]     vet, staticcheck and tests of these alone
#   YUNSHI_TEST_POSTGRES=postgres://…  a server to use instead of a throw-away one
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export GOFLAGS=-mod=readonly
readonly AXE_VERSION=4.14.1
readonly AXE_SHA256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

packages=("$@")
((${#packages[@]})) || packages=(./...)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/yunshi-check.XXXXXX") || exit 1
chmod 755 "$tmp"
pg_bin='' pg_as=() failed=() skipped=()

clean() {
	if [[ -n $pg_bin && -f $tmp/pg/data/postmaster.pid ]]; then
		postgres_do pg_ctl -D "$tmp/pg/data" -m immediate -w stop >/dev/null 2>&1
	fi
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

have() { command -v "$1" >/dev/null 2>&1; }
say() { printf '\n== %s\n' "$*"; }
skip() { skipped+=("$*"); printf 'not checked: %s\n' "$*"; }

# step runs one check and remembers that it failed; the later ones still run.
step() {
	local name=$1
	shift
	say "$name"
	"$@" || { failed+=("$name"); printf '%s: FAILED\n' "$name"; }
}

# need installs Debian packages; it fails where that cannot be done.
updated=''
need() {
	local sudo=()
	have apt-get || return 1
	if [[ $(id -u) != 0 ]]; then
		have sudo && sudo -n true 2>/dev/null || return 1
		sudo=(sudo -n)
	fi
	if [[ -z $updated ]]; then
		"${sudo[@]}" apt-get -qq -o Acquire::Retries=3 update </dev/null || return 1
		updated=yes
	fi
	echo "installing $*"
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
		install -y --no-install-recommends "$@" </dev/null >"$tmp/apt.log" 2>&1 || {
		tail -n 15 "$tmp/apt.log"
		return 1
	}
}

browser() { have chromium || have chromium-browser || have google-chrome; }
postgres_programs() {
	local dir
	for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /nowhere/x)")"; do
		[[ -x $dir/initdb && -x $dir/pg_ctl ]] && { pg_bin=$dir; return 0; }
	done
	return 1
}

tools() {
	local missing=()
	have pdftotext && have pdfsig || missing+=(poppler-utils)
	have qpdf || missing+=(qpdf)
	have openssl || missing+=(openssl)
	if ((${#missing[@]})) && ! need "${missing[@]}"; then
		skip "PDFs and signatures by other people's programs: ${missing[*]} cannot be installed here"
	fi
	return 0
}

# database gives the tests a PostgreSQL server that lives as long as this run.
database() {
	if [[ -n ${YUNSHI_TEST_POSTGRES:-} ]]; then
		echo "using the server that YUNSHI_TEST_POSTGRES names"
		return 0
	fi
	postgres_programs || { need postgresql && postgres_programs; } || {
		skip "everything on PostgreSQL: it is not installed and cannot be installed here"
		return 0
	}
	mkdir "$tmp/pg"
	if [[ $(id -u) == 0 ]]; then
		pg_as=(runuser -u postgres --)
		chown postgres "$tmp/pg"
	fi
	postgres_do initdb -D "$tmp/pg/data" -U yunshi -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$tmp/initdb.log" 2>&1 || {
		cat "$tmp/initdb.log"
		return 1
	}
	local port
	for _ in 1 2 3 4 5 6 7 8; do
		port=$((20000 + RANDOM % 12000))
		if postgres_do pg_ctl -D "$tmp/pg/data" -l "$tmp/pg/log" -w -t 30 \
			-o "-p $port -k $tmp/pg -c listen_addresses=127.0.0.1 -c max_connections=500 -c shared_buffers=128MB -c fsync=off -c synchronous_commit=off -c full_page_writes=off" \
			start >/dev/null 2>&1; then
			export YUNSHI_TEST_POSTGRES="postgres://yunshi@127.0.0.1:$port/postgres?sslmode=disable"
			"$pg_bin/postgres" --version
			return 0
		fi
	done
	tail -n 20 "$tmp/pg/log"
	return 1
}

postgres_do() {
	local program=$1
	shift
	(cd "$tmp/pg" && "${pg_as[@]}" "$pg_bin/$program" "$@" </dev/null)
}

# eyes gives the browser tests a browser, a Chinese font and axe-core.
tags=()
eyes() {
	browser || need chromium || {
		skip "pages in a browser: Chromium is not installed and cannot be installed here"
		return 0
	}
	if ! have fc-list || [[ -z $(fc-list :lang=zh 2>/dev/null) ]]; then
		need fontconfig fonts-wqy-microhei || echo "no Chinese font: pictures of pages will show boxes"
	fi
	local cache=${XDG_CACHE_HOME:-${HOME:-$tmp}/.cache}/yunshi/axe-core-$AXE_VERSION
	if ! axe_at "$cache"; then
		have npm || need npm
		mkdir -p "$cache" 2>/dev/null && [[ -w $cache ]] || cache=$tmp/axe && mkdir -p "$cache"
		if have npm; then
			(cd "$cache" && npm pack --silent "axe-core@$AXE_VERSION" </dev/null >/dev/null &&
				tar -xzf "axe-core-$AXE_VERSION.tgz" --strip-components=1 package/axe.min.js && rm -f "axe-core-$AXE_VERSION.tgz")
		fi
		axe_at "$cache" || {
			skip "pages in a browser: axe-core $AXE_VERSION cannot be fetched here"
			return 0
		}
	fi
	export YUNSHI_BROWSER=1 YUNSHI_AXE=$cache/axe.min.js
	tags=(-tags browser)
	echo "Chromium and axe-core $AXE_VERSION"
}

axe_at() { printf '%s  %s\n' "$AXE_SHA256" "$1/axe.min.js" | sha256sum --check --status 2>/dev/null; }

format() {
	local files
	files=$(gofmt -l . 2>&1)
	[[ -z $files ]] || { printf 'not in the form of gofmt:\n%s\n' "$files"; return 1; }
}

# generated makes the Go of the templates anew: nothing may change.
generated() {
	sums >"$tmp/before"
	scripts/generate.sh || return 1
	sums >"$tmp/after"
	cmp -s "$tmp/before" "$tmp/after" && return 0
	echo "generated code was not current; it is now, commit it:"
	diff "$tmp/before" "$tmp/after" | awk 'NF > 2 {print "  " $3}' | sort -u
	return 1
}
sums() { find internal -name '*_templ.go' -print0 | sort -z | xargs -0 sha256sum; }

lint() { go tool -modfile=tools/go.mod staticcheck -tags browser "${packages[@]}"; }

tests() {
	go tool -modfile=tools/go.mod gotestsum --format pkgname-and-test-fails --format-hide-empty-pkg --hide-summary skipped,output -- \
		-vet=off -timeout 20m "${tags[@]}" "${packages[@]}"
}

have go || { echo "Go is not installed; go.mod names the version" >&2; exit 1; }
go version
step "tools" tools
step "database" database
step "browser" eyes
step "format" format
step "generated code" generated
step "vet" go vet -tags browser "${packages[@]}"
step "staticcheck" lint

((${#failed[@]} == 0)) || say "failed before the tests: ${failed[*]}"
for s in "${skipped[@]}"; do say "not checked: $s"; done
say "tests"
tests
result=$?
if ((${#failed[@]})); then
	say "failed: ${failed[*]}"
	exit 1
fi
exit $result
