# A thin front of scripts/ and cargo; everything can be run without it.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench book fmt clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Install what is missing, build, simulate china-2025-04
	scripts/demo

test: ## Every check, as CI runs it
	scripts/test

check: ## Format, lints and tests, with no set-up: under a minute after a build
	scripts/test --quick

bench: ## Benchmarks (criterion)
	cargo bench --workspace

book: ## The book as HTML in book/build (needs mdbook); the pages read well as they are
	@command -v mdbook >/dev/null || { echo "mdbook is missing: cargo install --locked mdbook. Or read book/src as it is."; exit 1; }
	mdbook build book

fmt: ## Format the code
	cargo fmt --all

clean: ## Remove everything built
	cargo clean
