# Every target is a line or two over the program. What is asked for goes to standard output, all else to standard error.

mneme := .build/release/mneme

# What needs what: building the program; drawing pictures; its tests.
packages := pkg-config libhdf5-dev
plot_packages := gnuplot-nox
test_packages := hdf5-tools python3-h5py python3-cbor2 groff-base
slurm_packages := slurmctld slurmd slurm-client

# As they were typed, never expanded, and handed over through the environment: no shell reads anything into them.
override HASH := $(value HASH)
override A := $(value A)
override B := $(value B)
override M := $(value M)
export HASH A B M

.PHONY: help sorting-ablation sorting sorting-cost rerun diff verify report man check-tables build setup plot-setup slurm-setup \
  test-setup test \
  test-faults fuzz bench lint check

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## */\1\t/p' Makefile | while IFS='	' read -r name text; do \
	  printf '  make %-18s %s\n' "$$name" "$$text"; done

# Runs what is missing; prints the table, even where a run failed, and keeps it in Results/tables.
define run-and-print
@$(mneme) run Experiments/$@.yaml || { status=$$?; $(mneme) table Experiments/$@.yaml; exit $$status; }
@$(mneme) table Experiments/$@.yaml
@$(mneme) table Experiments/$@.yaml -o Results/tables/$@.md -o Results/tables/$@.csv
endef

sorting-ablation: $(mneme)  ## Table 6: runs what is missing, then prints measured beside published
	$(run-and-print)

sorting: $(mneme) plot-setup  ## Table 4 the same way, and Figure 4 in Results/tables
	$(run-and-print)
	@$(mneme) plot Experiments/$@.yaml figure4

sorting-cost: $(mneme)  ## Table 9: what the models of Table 4 took, in time and memory
	$(run-and-print)

rerun: $(mneme)  ## HASH=…: computes a run or a manifest again and compares every bit
	@[ -n "$$HASH" ] || { echo 'Say which: make rerun HASH=3f9a2c (`$(mneme) ls` lists them).' >&2; exit 2; }
	@$(mneme) rerun --check -- "$$HASH"

diff: $(mneme)  ## A=… B=…: two tables cell by cell; manifests, hashes, CSV files, or B=paper
	@[ -n "$$A" ] && [ -n "$$B" ] || { echo 'Say which: make diff A=Experiments/sorting-ablation.yaml B=paper' >&2; exit 2; }
	@$(mneme) diff -- "$$A" "$$B"

verify: $(mneme)  ## M=…: a manifest's tables against the published ones: values, order, the paper's claims
	@[ -n "$$M" ] || { echo 'Say which: make verify M=Experiments/sorting-ablation.yaml' >&2; exit 2; }
	@$(mneme) verify -- "$$M"

report: $(mneme) plot-setup  ## M=…: all about a manifest as one HTML page, to be mailed, read on a phone or printed
	@[ -n "$$M" ] || { echo 'Say which: make report M=Experiments/sorting-ablation.yaml' >&2; exit 2; }
	@$(mneme) report -- "$$M"

man: $(mneme)  ## the manual page, from the text of --help: man -l .build/man/man1/mneme.1
	@mkdir -p .build/man/man1
	@$(mneme) help --man > .build/man/man1/mneme.1
	@echo 'Written. To read it: man -l .build/man/man1/mneme.1' >&2

check-tables: $(mneme)  ## whether Results/tables says what the store would print now
	@$(mneme) table --check Results/tables/*.md Results/tables/*.csv

build: $(mneme)  ## the program, unless it is newer than its sources

# swift leaves a program alone that would not change; its time has to move all the same.
$(mneme): Package.swift $(shell find Sources -type f) | setup
	@swift build -c release --product mneme 1>&2
	@touch $@
	@$(call note_sources,$@)

# Which commit a program was made of, beside it and by its digest: the program itself does not tell, for it would be
# another one after every commit. Without git, or with other sources than git's, there is no such note.
note_sources = rm -f $(1).source; \
  if git ls-files --error-unmatch Package.swift >/dev/null 2>&1 && commit=$$(git rev-parse HEAD 2>/dev/null); then \
    [ -z "$$(git status --porcelain -- Package.swift Sources)" ] && dirty=false || dirty=true; \
    printf '{"commit":"%s","dirty":%s,"executable":"%s"}\n' \
      "$$commit" $$dirty "$$(sha256sum < $(1) | cut -d ' ' -f 1)" > $(1).source; \
  fi

setup:  ## installs the packages the program is built with, where they are missing
	@pkg-config --exists hdf5 2>/dev/null || { $(call install,$(packages)); }

# For targets that draw.
plot-setup:
	@command -v gnuplot >/dev/null || { $(call install,$(plot_packages)); }

# A cluster of one machine for tests. Where apt is not, they skip what needs one, and say so.
slurm-setup:
	@PATH=$$PATH:/usr/sbin:/sbin; command -v slurmctld >/dev/null && command -v slurmd >/dev/null \
	  && command -v sbatch >/dev/null || if command -v apt-get >/dev/null; then $(call install,$(slurm_packages)); \
	  else echo 'Slurm is missing: the tests against a real one will be skipped.' >&2; fi

test-setup: setup plot-setup slurm-setup
	@command -v h5dump >/dev/null && command -v groff >/dev/null && /usr/bin/python3 -c 'import h5py, cbor2' 2>/dev/null || { $(call install,$(test_packages)); }

test: test-setup  ## builds and runs all tests
	swift build --build-tests
	swift test --skip-build

# Three tests at a time: each starts processes of its own, and some go by the clock. Disks and memory need root; what
# could not be tried is told at the end of the table.
test-faults: test-setup  ## kills, damage, clocks; as root also full disks and memory: a table of what came of it
	swift build --build-tests
	@rm -f .build/fault-figures
	@MNEME_SLOW_TESTS=1 MNEME_FAULT_FIGURES=$(CURDIR)/.build/fault-figures \
	  SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=3 \
	  swift test --skip-build --filter 'Fault|Torture|A disk|Kills while publishing'; status=$$?; \
	sort .build/fault-figures | awk -F '\t' -f Tests/FaultSuite/table.awk || status=1; exit $$status

# One reader after the other, one processor, the least priority. What was learned stays in .build/fuzz-corpus; an input
# that breaks a reader is put into .build/fuzz-found, and belongs into Tests/Fuzz/Found with what mends it.
SECONDS := 60
READERS := manifest selection tables records results
fuzz: setup  ## SECONDS=60: makes up inputs for every reader of foreign files, so many seconds each (READERS=…)
	MNEME_FUZZ=1 swift build -c release --scratch-path .build/fuzz --product mneme-fuzz \
	  -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing
	@for reader in $(READERS); do \
	  mkdir -p .build/fuzz-corpus/$$reader .build/fuzz-found Tests/Fuzz/Found/$$reader || exit; \
	  nice -n 19 .build/fuzz/release/mneme-fuzz --target=$$reader -max_total_time=$(SECONDS) -print_final_stats=1 \
	    -rss_limit_mb=2048 -timeout=10 -max_len=65536 -artifact_prefix=.build/fuzz-found/$$reader- \
	    .build/fuzz-corpus/$$reader Tests/Fuzz/Seeds/$$reader Tests/Fuzz/Found/$$reader; status=$$?; \
	  rm -rf /dev/shm/mneme-fuzz-*; [ $$status = 0 ] || exit $$status; done

bench: $(mneme)  ## how fast kernels and training steps are on this machine
	@$(mneme) bench

lint:  ## style of all Swift sources
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

check: lint test $(mneme)  ## what continuous integration does: style, tests, every model on tiny sizes
	@$(mneme) run Experiments/smoke.yaml --store .build/smoke-store
	@$(mneme) table Experiments/smoke.yaml --store .build/smoke-store

# With apt, as root or through sudo; otherwise says what to type.
install = \
  if ! command -v apt-get >/dev/null; then \
    echo "Missing; install what this system calls: $(1)" >&2; exit 1; \
  elif [ "$$(id -u)" = 0 ]; then as=; \
  elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then as=sudo; \
  else echo "Missing; type as root: apt-get install $(1)" >&2; exit 1; fi; \
  echo "Installing $(1)" >&2; \
  $$as apt-get update 1>&2 && \
  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(1) 1>&2
