#!/usr/bin/env bash
# Makes the Go of the templates, folder by folder: templ writes the name of the
# template as it sees it into the code, so that all of us have to run it alike.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

templ=$(go tool -modfile=tools/go.mod -n templ)
find internal \( -name '*.templ' -o -name '*_templ.go' \) -printf '%h\n' | sort -u | while read -r folder; do
	"$templ" generate -path "$folder" -log-level warn
done
