#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# "make install" and "make uninstall", in a copy of the tree, to an unusual place. The kernel's
# headers are a stub: the build of a module is tested elsewhere, and its installation into a system
# in tests/module/install.bats. Needs TOP, and the packages for building the tools.

bats_require_minimum_version 1.5.0

load ../readme

setup() {
	TREE=$BATS_TEST_TMPDIR/tree PREFIX=$BATS_TEST_TMPDIR/prefix
	mkdir -p "$TREE/build" "$BATS_TEST_TMPDIR/bin"
	(cd "$TOP" && cp -a -- Makefile README.md procsrv.h include lib tools python scripts system completion \
		man "$TREE")
	# Any program that would download something ends the test.
	for name in apt apt-get apt-cache sudo curl wget; do
		printf '#!/bin/sh\necho %s >>%q\nexit 1\n' "$name" "$BATS_TEST_TMPDIR/called" \
			>"$BATS_TEST_TMPDIR/bin/$name"
		chmod +x "$BATS_TEST_TMPDIR/bin/$name"
	done
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	# Where things go is tested, not how fast they are. Without -g ccache does not care where they are.
	export CFLAGS=-O0
	unset PKG_CONFIG_PATH LD_LIBRARY_PATH MAKEFLAGS MAKELEVEL
}

teardown() {
	[[ ! -e $BATS_TEST_TMPDIR/called ]]
}

# headers: a directory as the Makefile wants it in KDIR
headers() {
	mkdir -p "$1"
	printf '%s\n' 'modules:' "	@echo \$@ M=\$(M) >>$1/made" \
		'modules_install:' \
		"	@install -D /dev/null \$(INSTALL_MOD_PATH)/lib/modules/1.2.3/updates/procsrv.ko" \
		'kernelrelease:' '	@echo 1.2.3' >"$1/Makefile"
}

# hierarchy DIRECTORY: the directories of every /usr/local
hierarchy() {
	local python

	python=$(python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
	mkdir -p "$1"/{bin,etc,games,include,"lib/$python/dist-packages",sbin,share/man,src} \
		"$1/share/zsh/site-functions"
}

# everything DIRECTORY: its contents, directories too
everything() {
	(cd "$1" && find . -printf '%P %y %l\n' | LC_ALL=C sort)
}

@test "without headers it fails, says why, and installs nothing" {
	run -2 make -C "$TREE" KDIR= PREFIX="$PREFIX" install
	[[ $output == *"No headers of the running kernel"* ]]
	[[ $output == *install-tools* ]]
	[[ ! -e $PREFIX ]]
}

@test "the programs and the README's C program run from another PREFIX" {
	make -s -j2 -C "$TREE" KDIR= PREFIX="$PREFIX" install-tools

	# Without a server, a program can only be tested for whether it starts.
	rm -rf "$TREE"
	"$PREFIX/bin/procsrvctl" --version
	"$PREFIX/bin/procsrv-replay" --help
	"$PREFIX/bin/procsrv-differential" --help
	LD_LIBRARY_PATH=$PREFIX/lib PYTHONPATH=$(echo "$PREFIX"/lib/python3.*/dist-packages) \
		python3 -Bc 'import procsrv; procsrv.Server' 2>&1
	cd "$BATS_TEST_TMPDIR"
	readme_program >first.c
	export PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig PROCSRV_DEVICE=$BATS_TEST_TMPDIR/none
	eval "$(readme_typed 'A first program' | grep '^cc ')"
	run -1 ./first
	[[ $output == 'procsrv: No such file or directory' ]]
}

@test "what install has put there, uninstall removes, and nothing else" {
	local root=$BATS_TEST_TMPDIR/root before places

	headers "$BATS_TEST_TMPDIR/headers"
	hierarchy "$root/usr/local"
	mkdir -p "$root/lib/modules/1.2.3/updates" "$root/usr/local/share/man/man1"
	touch "$root/lib/modules/1.2.3/updates/other.ko" "$root/usr/local/share/man/man1/other.1"
	before=$(everything "$root")
	places=(KDIR="$BATS_TEST_TMPDIR/headers" DESTDIR="$root")
	make -s -j2 -C "$TREE" "${places[@]}" install
	[[ $(<"$BATS_TEST_TMPDIR/headers/made") == "modules M=$TREE" ]]
	(($(everything "$root" | wc -l) > $(wc -l <<<"$before") + 80))
	[[ -e $root/lib/modules/1.2.3/updates/procsrv.ko ]]
	make -s -C "$TREE" "${places[@]}" uninstall
	diff -u <(printf '%s\n' "$before") <(everything "$root")
	# If there is nothing to remove any more, that is no error.
	make -s -C "$TREE" "${places[@]}" uninstall
}

@test "library, programs and pkg-config have the version of procsrv.h" {
	local program

	sed -i 's/^#define PROCSRV_VERSION .*/#define PROCSRV_VERSION "7.8.9"/' "$TREE/procsrv.h"
	make -s -j2 -C "$TREE" KDIR= PREFIX="$PREFIX" install-tools
	for program in procsrvctl procsrv-run procsrv-replay procsrv-differential; do
		[[ $("$PREFIX/bin/$program" --version) == "$program 7.8.9" ]]
	done
	[[ $(PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig pkg-config --modversion procsrv) == 7.8.9 ]]
	printf '%s\n' '#include <procsrv.h>' '#include <stdio.h>' \
		'int main(void) { return puts(procsrv_version()) < 0; }' >"$BATS_TEST_TMPDIR/version.c"
	# shellcheck disable=SC2046 # they are several options
	cc -o "$BATS_TEST_TMPDIR/version" "$BATS_TEST_TMPDIR/version.c" \
		$(PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig pkg-config --cflags --libs procsrv)
	[[ $("$BATS_TEST_TMPDIR/version") == 7.8.9 ]]
}

@test "install-tools is the same without the module; a package has no path of its own" {
	make -s -j2 -C "$TREE" KDIR= DESTDIR="$BATS_TEST_TMPDIR/package" PREFIX=/usr install-tools
	cd "$BATS_TEST_TMPDIR/package/usr"
	bin/procsrvctl --version
	[[ -e lib/libprocsrv.so.0 && -e share/man/man1/procsrvctl.1 ]]
	# shellcheck disable=SC2016 # it is pkg-config that expands it
	grep -qx 'Libs: -L${libdir} -lprocsrv' lib/pkgconfig/procsrv.pc
	run ! grep -rF "$BATS_TEST_TMPDIR" lib/pkgconfig
}
