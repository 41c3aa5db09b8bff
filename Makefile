# The two commands: make run, make test.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PACKAGES := libsqlite3-dev libmagic-dev libavformat-dev libavcodec-dev libavutil-dev libavfilter-dev libvips-dev libwebp-dev libpoppler-glib-dev fonts-liberation libxml2-dev libzip-dev libseccomp-dev libssl-dev zlib1g-dev pkg-config tzdata
TEST_PACKAGES := strace curl openssl util-linux python3 python3-pip python3-cryptography clamav-daemon
# With Swift's libraries inside: calls into them are a tenth faster so, and where Keepsake runs, no Swift need be.
RELEASE := swift build -c release --static-swift-stdlib
PROGRAMS := keepsake-inspector keepsake-recording-inspector keepsake-renderer keepsake
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
ARGS ?=
SCALE ?= 1
SEED ?= 1

.PHONY: help
help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

.PHONY: run
run: programs ## Build Keepsake and start it on http://127.0.0.1:8080 (ARGS="--port 9000")
	@exec .build/release/keepsake serve $(ARGS)

# A few at a time: five hundred begun at once on two cores wait for each other beyond their time limits.
.PHONY: test
test: packages test-packages lint ## Build and run every test
	swift build --build-tests
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=6 swift test --skip-build

.PHONY: lint
lint: ## Check the formatting
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

.PHONY: format
format: ## Format the sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests

.PHONY: bench
bench: programs ## Measure beside nginx, docker-registry, copyparty and exiftool, and with a million files (half an hour; installs them)
	@$(call install,nginx-extras docker-registry wrk gcc libc6-dev python3 python3-pip python3-cryptography libimage-exiftool-perl file ffmpeg imagemagick)
	@python3 -c "import copyparty" 2> /dev/null || python3 -m pip install -q --break-system-packages copyparty
	python3 Benchmarks/upload.py
	python3 Benchmarks/download.py
	python3 Benchmarks/inspect.py
	python3 Benchmarks/thumbnail.py
	python3 Benchmarks/million.py

.PHONY: torture
torture: programs ## Cut the power and the line, fail and fill the disk, kill a running daemon (root; SCALE=0.05 SEED=7 for a quick look)
	@$(call install,fuse3 libfuse3-dev gcc libc6-dev pkg-config xfsprogs e2fsprogs util-linux openssl python3)
	python3 Tests/Torture/torture.py --scale $(SCALE) --seed $(SEED)

.PHONY: fuzz
fuzz: programs ## Change and cut samples at random, and have each read in its confined process (an hour)
	$(RELEASE) --product ConfinedFuzz
	.build/release/ConfinedFuzz --work inspect --mutations 100000 --truncations 200
	.build/release/ConfinedFuzz --work both --mutations 10000 --seed 2
	.build/release/ConfinedFuzz --work render --mutations 10000 --seed 3

.PHONY: clients
clients: programs ## Upload with tuspy, aiotus and curl, which nobody here wrote (installs them)
	@$(call install,curl python3 python3-pip)
	@python3 -c "import aiotus, tusclient" 2> /dev/null || python3 -m pip install -q --break-system-packages tuspy aiotus
	python3 Tests/Clients/with_tuspy.py
	python3 Tests/Clients/with_aiotus.py
	python3 Tests/Clients/with_curl.py

.PHONY: clean
clean: ## Remove what was built
	rm -rf .build

# Installs those of the named Debian packages that are missing, and says which.
define install
missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || echo $$p; done | xargs); \
if [ -n "$$missing" ]; then \
  echo "Installing Debian packages: $$missing"; \
  $(SUDO) apt-get update -q && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
fi
endef

.PHONY: programs
programs: packages
	@for program in $(PROGRAMS); do echo "$(RELEASE) --product $$program"; \
	$(RELEASE) --product $$program || exit 1; done

.PHONY: packages
packages:
	@command -v swift > /dev/null || { echo "Swift 6.2 or later is missing: install the toolchain from swift.org first."; exit 1; }
	@$(call install,$(PACKAGES))

.PHONY: test-packages
test-packages:
	@$(call install,$(TEST_PACKAGES))
	@python3 -c "import bagit" 2> /dev/null || python3 -m pip install -q --break-system-packages bagit
