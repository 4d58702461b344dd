# What a developer runs. `make check` is what has to pass.
GO    ?= go
TOOLS := $(GO) tool -modfile=tools/go.mod

.PHONY: check fmt generate test bench demo build

check: ## everything CI looks at
	./scripts/check.sh

fmt: ## Go and templ sources in their one form
	gofmt -w .
	$(TOOLS) templ fmt internal/web

generate: ## Go from templ, docs/onboarding.md from the gates
	./scripts/generate.sh
	$(GO) generate ./...

test: ## SQLite alone unless YUNSHI_TEST_POSTGRES names a server
	$(GO) test ./...

bench: ## speed and size into bench/RESULTS.md; on PostgreSQL too if YUNSHI_TEST_POSTGRES names a server
	$(GO) run ./bench -all $(if $(YUNSHI_TEST_POSTGRES),-database '$(YUNSHI_TEST_POSTGRES)')

demo:
	$(GO) run ./cmd/yunshi demo

build: ## one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o bin/yunshi ./cmd/yunshi
