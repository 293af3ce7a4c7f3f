# SPDX-License-Identifier: Apache-2.0
# Recourse. `make help` lists the targets. Another compiler or set of flags goes to another BUILD:
#
#   make CC=clang BUILD=build/clang test      (V=1 shows each command)

BUILD    ?= build
SANITIZE ?=
WERROR   ?=
PREFIX   ?= /usr/local
DESTDIR  ?=
SECONDS  ?= 10
QUIET     = $(if $(V),,@echo '  $(@F)';)

# What make installs before what, each list under the target that does it. Of these, llvm is there for the symbols in a
# sanitizer's report, openssl for the certificates of the TLS tests, hledger and beancount to read what is exported,
# python3 for the model of who gets which fen, libxml2-utils and python3-pip for what others say of a bank's files.
deps-program = $(if $(findstring clang,$(CC)),$(deps-clang),gcc) make libc6-dev liblmdb-dev libsodium-dev libssl-dev libnng-dev \
	libjansson-dev libcsv-dev libxml2-dev
deps-test    = libcmocka-dev nng-utils openssl hledger beancount python3 python3-pip libxml2-utils
deps-clang   = clang libclang-rt-14-dev llvm
deps-lint    = $(deps-program) libcmocka-dev clang mandoc
deps-fmt     = clang-format
deps         = $(sort $(deps-lint) $(deps-test) $(deps-clang) $(deps-fmt))

WARNINGS = -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wswitch-enum -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wformat=2
CFLAGS  ?= -O2 -g
CHECKED  = -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all
HARDENED = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
ALL_CFLAGS  = -std=c11 -D_GNU_SOURCE -Iinclude -Iledger -Iapi -Itools -isystem /usr/include/libxml2 $(WARNINGS) $(if $(WERROR),-Werror) \
	$(if $(SANITIZE),$(CHECKED),$(HARDENED)) -pthread -MMD -MP $(CFLAGS)
LINT_CFLAGS = $(ALL_CFLAGS) -Werror -MF /dev/null
ALL_LDFLAGS = -pthread $(if $(SANITIZE),$(CHECKED),-pie -Wl,-z,relro,-z,now,-z,noexecstack) $(LDFLAGS)
LIBRARIES = -lnng -llmdb -lsodium -lcrypto -ljansson -lcsv -lxml2

every     = $(sort $(shell find $(1) -name '$(2)'))
library  := $(call every,ledger api,*.c)
tools    := $(call every,tools,*.c)
tests    := $(call every,tests,*_test.c)
fuzzers  := $(call every,tests,*_fuzz.c)
support  := $(filter-out $(tests) $(fuzzers),$(call every,tests,*.c))
cases    := tools/scenarios/ $(sort $(dir $(wildcard tests/rules/*/*)))
scripts  := $(filter-out tests/run.sh tests/cases.sh,$(wildcard tests/*.sh))
# What takes long does a sample of it, unless TRIAL is set. These begin first.
trials   := $(shell grep -lE 'support_times|TRIAL' $(tests) $(scripts))
sources  := $(library) $(tools) $(tests) $(fuzzers) $(support)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(1))
programs  = $(patsubst %.c,$(BUILD)/%,$(1))
archives := $(BUILD)/tests/support.a $(BUILD)/tools/tools.a $(BUILD)/librecourse.a

# As many tests at once as jobs were asked for. Where no number was given, the compiler gets a job for each processor, and
# run.sh knows best.
jobs      = $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS)))
built     = +@$(MAKE) --no-print-directory $(if $(jobs),,-j$$(nproc)) $(1)
run       = BUILD=$(BUILD) JOBS=$(jobs) sh tests/run.sh

# ThreadSanitizer has nothing to tell about a program that starts no thread: it has neither a name of a file that does
# (exported names begin with their file's), nor nng, nor LMDB's for copies. What plays in process has one thread beside it:
# what is named for it shows that (audit_both), and one folder of scenarios. What nm can not read is run, and scripts that serve.
empty     :=
spaced    := $(empty) $(empty)
threading := $(notdir $(basename $(shell grep -lE 'pthread_create|thrd_create|"beside.h"' $(sources))))
threading := $(subst $(spaced),|,$(strip $(filter-out beside play_embedded,$(threading))))
threads    = (/|T )($(threading))(_| |$$)| U (mdb_env_copy|nng_)
served     = (^|[ "/(])(serve|begins|simulates|demo)( |$$)
threaded   = $(if $(filter thread,$(SANITIZE)),$$(for program in $(1); do case $$program in \
	(*.sh) grep -qE '$(served)' $$program ;; \
	(*/) [ $$program = tools/scenarios/ ] ;; \
	(*) ! symbols=$$(nm $$program 2>&1) || echo "$$program $$symbols" | grep -qE '$(threads)' ;; \
	esac && echo $$program; done),$(1))

.PHONY: all demo test trial tests check-asan check-tsan lint analyse fmt fuzz fuzzers bench examples install clean help \
	deps deps-program deps-test deps-clang deps-lint deps-fmt
.SECONDARY:
.DELETE_ON_ERROR:

all: $(BUILD)/recourse $(BUILD)/librecourse.a ## build the program and the library

demo: ## build, and run the golden case on a throw-away ledger
	$(call built,$(BUILD)/recourse)
	$(BUILD)/recourse demo

test: ## build and run every test: unit, property, end to end
	$(call built,tests)
	@$(run) $(call threaded,$(call programs,$(trials) $(filter-out $(trials),$(scripts) $(cases) $(tests))))

trial: ## do all of what test does a sample of
	$(call built,tests)
	@TRIAL=1 $(run) $(call threaded,$(call programs,$(trials)))

tests: $(BUILD)/recourse $(call programs,$(tests))

check-asan: ## the same with AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS="-O1 -g" test

check-tsan: ## the same with ThreadSanitizer
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan SANITIZE=thread CFLAGS="-O1 -g" test

lint: deps-lint ## clang's warnings, the manual's, the layers
	@failed=0; echo $(sources) | xargs -n 1 -P $$(nproc) clang $(LINT_CFLAGS) -fsyntax-only || failed=1; \
	mandoc -T lint -W warning tools/recourse.1 || failed=1; \
	sh tests/layers.sh || failed=1; exit $$failed

# Not a part of lint: it can not see that two calls agree, so a reader has to judge what it says.
analyse: deps-lint ## clang's static analyser
	@for file in $(library) $(tools); do clang $(LINT_CFLAGS) --analyze --analyzer-output text $$file; done

fmt: deps-fmt ## lay the sources out
	clang-format -i $(sources) $(call every,include ledger api tools tests,*.h)

fuzz: deps-clang ## run each fuzzer for SECONDS (10)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang SANITIZE=address,undefined CFLAGS="-O1 -g -fsanitize=fuzzer-no-link" fuzzers

fuzzers: $(call programs,$(fuzzers)) $(BUILD)/seeds/sequence
	@BUILD=$(BUILD) FUZZ_SECONDS=$(SECONDS) sh tests/run.sh $(call programs,$(fuzzers))

# Sequences of requests begin with what the scenarios say.
$(BUILD)/seeds/sequence: $(BUILD)/tests/sequence_fuzz $(wildcard tests/rules/*.case tests/rules/*/*.case)
	@rm -rf $@ && mkdir -p $@
	$(QUIET)SEQUENCE_SEEDS=$@ $<

examples: $(BUILD)/recourse ## make the examples of the published document anew, from scenarios
	$(BUILD)/recourse play tools/scenarios/golden.case tests/rules/published/examples.case --examples api/examples.json

bench: $(BUILD)/recourse ## measure this machine (recourse bench shapes: as a ledger grows)
	$(BUILD)/recourse bench

install: all ## install below DESTDIR and PREFIX (/usr/local)
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin lib include share/man/man1)
	install -m 755 $(BUILD)/recourse $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(BUILD)/librecourse.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 $(wildcard include/recourse*.h) $(DESTDIR)$(PREFIX)/include
	$(if $(wildcard tools/*.1),install -m 644 $(wildcard tools/*.1) $(DESTDIR)$(PREFIX)/share/man/man1)

clean: ## remove what was built
	rm -rf $(BUILD)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

# Asked each time because it costs a few milliseconds; nothing is fetched unless a package is missing.
deps: ## install all Debian packages that are missing (each target installs what it needs)
deps deps-program deps-test deps-clang deps-lint deps-fmt:
	@command -v dpkg-query >/dev/null || exit 0; missing=; \
	there=" $$(dpkg-query -W -f '$${Package}:$${db:Status-Status} ' $($@) 2>/dev/null)"; \
	for package in $($@); do \
		case $$there in *" $$package:installed "*) ;; *) missing="$$missing $$package" ;; esac; \
	done; \
	test -n "$$missing" || exit 0; \
	install="apt-get install -qy --no-install-recommends$$missing"; \
	if test "$$(id -u)" -eq 0; then as_root=; elif command -v sudo >/dev/null; then as_root='sudo '; else \
		echo "missing, to be installed by root: $$install"; exit 1; fi; \
	echo "missing, installed now: $$as_root$$install"; \
	log=$$(mktemp); $${as_root}apt-get update -q >$$log 2>&1 && \
	$${as_root}env DEBIAN_FRONTEND=noninteractive $$install >>$$log 2>&1 || { cat $$log; rm $$log; exit 1; }; rm $$log
deps-test: | deps-program

$(BUILD)/librecourse.a: $(call objects,$(library))
$(BUILD)/tools/tools.a: $(call objects,$(tools))
$(BUILD)/tests/support.a: $(call objects,$(support))
# Made anew and appended to, so that two folders may have a file of one name.
$(archives):
	@mkdir -p $(@D) && rm -f $@
	$(QUIET)$(AR) qcs $@ $^

$(BUILD)/recourse: $(call objects,$(tools)) $(BUILD)/librecourse.a
	$(QUIET)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(archives)
	$(QUIET)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARIES) -lcmocka

$(BUILD)/tests/%_fuzz: $(BUILD)/tests/%_fuzz.o $(archives)
	$(QUIET)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBRARIES) -lcmocka

$(call objects,$(tests) $(support) $(fuzzers)): | deps-test
$(BUILD)/%.o: %.c | deps-program
	@mkdir -p $(@D)
	$(QUIET)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# What they take in as it is, which -MMD does not see.
$(BUILD)/api/openrpc_example.o: api/examples.json
$(BUILD)/tools/scenario.o: tools/PLAY.md $(wildcard tools/scenarios/*.case)

-include $(patsubst %.c,$(BUILD)/%.d,$(sources))
