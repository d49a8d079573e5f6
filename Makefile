# SPDX-License-Identifier: GPL-2.0-only
#
# procsrv - a process server as a Linux kernel module
# "make help" lists what there is to make.

# The kernel that the module is built for: the running one, unless its
# headers are missing or KDIR names another.
KDIR ?= $(wildcard /lib/modules/$(shell uname -r)/build)
PREFIX ?= /usr/local
DESTDIR ?=
TRACE ?=
OPS ?= 20000
SEED ?=
MINUTES ?= 30
PROCESSES ?= 100000
TIME ?= 300
BED ?= uml-debug
JOBS ?= 1
JSON ?= build/bench.json
PEER ?= bench/veridian.json

# For what kbuild compiles without the flags of Kbuild: the same module from any directory.
anywhere := -fdebug-prefix-map=$(CURDIR)=/procsrv

# Without vmlinux there is no type information for a module. Kbuild would print that it skips it.
no_btf = $(if $(wildcard $(KDIR)/vmlinux),,CONFIG_DEBUG_INFO_BTF_MODULES=)

all: module lib tools

module:
ifneq ($(KDIR),)
	$(MAKE) -C $(KDIR) M=$(CURDIR) KCFLAGS="$(KCFLAGS) $(anywhere)" $(no_btf) modules
else
	@echo "No headers of the running kernel $$(uname -r): building for Debian's kernel (KDIR=... for another)."
	scripts/deps.sh build stock
	scripts/module.sh stock
endif

lib:
	$(MAKE) -C lib

tools: lib
	@pkg-config --exists json-c ncursesw || \
		{ echo 'The tools need what "scripts/deps.sh build" installs.' >&2; exit 1; }
	$(MAKE) -C tools

bindings: lib
	@/usr/bin/cargo --version >/dev/null || \
		{ echo 'The crate needs what "scripts/deps.sh test" installs.' >&2; exit 1; }
	$(MAKE) -C rust

demo:
	scripts/demo.sh

check:
	scripts/check.sh

quick:
	scripts/quick.sh $(FILES)

check-deep:
	scripts/check.sh --deep

check-programs:
	scripts/check.sh --programs

check-kernels:
	scripts/check.sh --kernels

coverage:
	scripts/coverage.sh

replay:
	scripts/replay.sh $(OPTIONS) $(TRACE)

differential:
	scripts/differential.sh --ops $(OPS) $(if $(SEED),--seed $(SEED))

stress:
	scripts/stress.sh --minutes $(MINUTES) --processes $(PROCESSES)

fuzz:
	scripts/fuzz.sh --time $(TIME) --bed $(BED) --jobs $(JOBS) $(if $(SEED),--seed $(SEED))

fuzz-merge:
	scripts/fuzz.sh --merge --bed $(BED)

bench:
	scripts/bench.sh --json $(JSON) --peer $(PEER)

instructions:
	scripts/instructions.sh --update

bench-plot:
	scripts/deps.sh plot
	scripts/bench-plot.sh --json $(JSON) --peer $(PEER)

guest:
	scripts/deps.sh build stock guest
	$(MAKE) --no-print-directory -s -C lib
	$(MAKE) --no-print-directory -s -C tools
	dir=$$(scripts/module.sh stock) && \
		scripts/guest.sh --bed stock --module $$dir/procsrv.ko --interactive

lint:
	scripts/deps.sh build stock lint
	scripts/lint.sh

# Nothing is downloaded for it, and nothing is installed by halves. Headers of Debian have
# no System.map, without which modules_install leaves depmod out.
ifneq ($(KDIR),)
install: module install-tools
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) DEPMOD=true modules_install
	$(if $(DESTDIR),,PATH=$$PATH:/usr/sbin:/sbin depmod $(release))
else
install:
	@echo "No headers of the running kernel $$(uname -r), so no module for it. KDIR=... names" >&2
	@echo "those of another; make install-tools installs the library and the tools alone." >&2
	@exit 1
endif

release = $(shell $(MAKE) -s --no-print-directory -C $(KDIR) kernelrelease)
places := PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

install-tools: lib tools
	$(MAKE) -C lib install $(places)
	$(MAKE) -C tools install $(places)
	$(MAKE) -C python install $(places)
	$(MAKE) -C system install $(places)
	$(if $(DESTDIR),,scripts/refresh.sh $(PREFIX))

uninstall:
	$(MAKE) -C lib uninstall $(places)
	$(MAKE) -C tools uninstall $(places)
	$(MAKE) -C python uninstall $(places)
	$(MAKE) -C system uninstall $(places)
ifneq ($(KDIR),)
	scripts/uninstall.sh $(foreach folder,updates extra,$(foreach suffix,ko ko.gz ko.xz ko.zst, \
		$(DESTDIR)/lib/modules/$(release)/$(folder)/procsrv.$(suffix)))
	$(if $(DESTDIR),,PATH=$$PATH:/usr/sbin:/sbin depmod $(release))
endif
	$(if $(DESTDIR),,scripts/refresh.sh $(PREFIX))

dist:
	scripts/dist.sh

deb:
	scripts/deps.sh build deb
	scripts/deb.sh

check-packages: deb
	scripts/deps.sh stock uml test packages
	TOP=$(CURDIR) bats --tap tests/packages
	scripts/check-packages.sh
	scripts/check-packages.sh trixie

upstream:
	scripts/upstream.sh $(DIR)

clean:
	rm -rf build
ifneq ($(KDIR),)
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
endif

help:
	@echo 'make            the module and the tools'
	@echo 'make module     the module: procsrv.ko, for the running kernel or KDIR=;'
	@echo '                PROCSRV_CHECK=n leaves out the parameter check'
	@echo 'make lib        the C library: libprocsrv, in build/lib'
	@echo 'make tools      procsrvctl and procsrv-replay, in build/tools'
	@echo 'make bindings   the Rust crate in build/rust; the Python package in python/ needs no making'
	@echo 'make demo       a guided tour in a virtual machine; installs what it needs'
	@echo 'make check      all tests except the long ones; installs what it needs'
	@echo 'make quick [FILES="FILE..."]'
	@echo '                KUnit and device tests of what has changed, in less than a minute'
	@echo 'make check-deep'
	@echo '                most tests with KASAN, kmemleak and KCSAN; takes long'
	@echo 'make check-programs'
	@echo '                of the tests of check-deep: programs of Debian under procsrv-run'
	@echo 'make check-kernels'
	@echo '                the device and io_uring under every kernel that scripts/kernel.sh knows'
	@echo 'make coverage   which lines of the module the tests reach, and which not'
	@echo 'make replay TRACE="FILE..." [OPTIONS="-v --svg FILE"]'
	@echo '                replay recordings of strace -f in a virtual machine;'
	@echo '                OPTIONS are those of procsrv-replay'
	@echo 'make differential OPS=N [SEED=N]'
	@echo '                N random operations in Linux and in the server, compared'
	@echo 'make stress [MINUTES=30] [PROCESSES=100000]'
	@echo '                all operations at random, with checks of every structure'
	@echo 'make fuzz [TIME=300] [BED=uml-debug] [JOBS=1] [SEED=N]'
	@echo '                fuzz the interface, guided by coverage, for TIME seconds'
	@echo 'make fuzz-merge add new inputs of make fuzz to fuzz/corpus'
	@echo 'make bench [JSON=FILE] [PEER=FILE]'
	@echo '                measure; compare with FILE and with the targets'
	@echo 'make instructions'
	@echo '                count and record the instructions that make check compares with'
	@echo 'make bench-plot [JSON=FILE] [PEER=FILE]'
	@echo '                draw the measurements: docs/performance-*.svg'
	@echo 'make guest      a shell in a virtual machine with the module loaded'
	@echo 'make lint       checkpatch, sparse, kernel-doc, layers, shellcheck, codespell, man pages, links,'
	@echo '                the interface, mypy, rustfmt, clippy'
	@echo 'make install    the module, the library, the tools (PREFIX=, DESTDIR=)'
	@echo 'make install-tools'
	@echo '                the same without the module'
	@echo 'make uninstall  remove the installed files; needs the same variables'
	@echo 'make dist       a tarball of the files in git, in build'
	@echo 'make deb        packages for Debian, in build/deb; installs what it needs'
	@echo 'make check-packages'
	@echo '                install, use and remove the packages on a bare system, in a virtual machine'
	@echo 'make upstream DIR=LINUX'
	@echo '                put the module into the source of a kernel, as a driver'
	@echo 'make clean      remove all built files; kernels in the cache stay'

.PHONY: all module lib tools bindings demo check quick check-deep check-programs check-kernels coverage
.PHONY: replay differential stress fuzz fuzz-merge bench instructions bench-plot guest lint
.PHONY: install install-tools uninstall dist deb check-packages upstream clean help
