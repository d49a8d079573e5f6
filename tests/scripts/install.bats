#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# "make install", in a copy of the tree, to a place that nothing knows. The kernel's headers
# are a stub: that a module is built is tested elsewhere. Needs TOP, and what the tools are
# built with.

bats_require_minimum_version 1.5.0

load ../readme

setup() {
	TREE=$BATS_TEST_TMPDIR/tree PREFIX=$BATS_TEST_TMPDIR/prefix
	mkdir -p "$TREE/build" "$BATS_TEST_TMPDIR/bin"
	(cd "$TOP" && cp -a -- Makefile README.md procsrv.h include lib tools "$TREE")
	# Anything that would bring something by the network ends the test.
	for name in apt apt-get apt-cache sudo curl wget; do
		printf '#!/bin/sh\necho %s >>%q\nexit 1\n' "$name" "$BATS_TEST_TMPDIR/called" \
			>"$BATS_TEST_TMPDIR/bin/$name"
		chmod +x "$BATS_TEST_TMPDIR/bin/$name"
	done
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	unset PKG_CONFIG_PATH LD_LIBRARY_PATH MAKEFLAGS MAKELEVEL
}

teardown() {
	[[ ! -e $BATS_TEST_TMPDIR/called ]]
}

# headers: a directory as the Makefile wants it in KDIR
headers() {
	mkdir -p "$1"
	printf '%s\n' 'modules modules_install:' "	@echo \"\$@ M=\$(M) to \$(INSTALL_MOD_PATH)\" >>$1/made" \
		>"$1/Makefile"
}

@test "without headers it fails, says why, and installs nothing" {
	run -2 make -C "$TREE" KDIR= PREFIX="$PREFIX" install
	[[ $output == *"No headers of the running kernel"* ]]
	[[ $output == *install-tools* ]]
	[[ ! -e $PREFIX ]]
}

@test "the programs and the README's C program run from another PREFIX" {
	headers "$BATS_TEST_TMPDIR/headers"
	make -s -j2 -C "$TREE" KDIR="$BATS_TEST_TMPDIR/headers" PREFIX="$PREFIX" install
	diff -u - "$BATS_TEST_TMPDIR/headers/made" <<-END
		modules M=$TREE to 
		modules_install M=$TREE to 
	END

	# No program can be asked more without a server than whether it starts.
	rm -rf "$TREE"
	"$PREFIX/bin/procsrvctl" --version
	"$PREFIX/bin/procsrv-replay" --help
	"$PREFIX/bin/procsrv-differential" --help
	cd "$BATS_TEST_TMPDIR"
	readme_program >first.c
	export PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig PROCSRV_DEVICE=$BATS_TEST_TMPDIR/none
	eval "$(readme_typed 'A first program' | grep '^cc ')"
	run -1 ./first
	[[ $output == 'procsrv: No such file or directory' ]]
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
