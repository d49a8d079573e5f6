#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The examples of the README, run as they are printed, on a machine that has the headers of its
# kernel. tests/scripts/guest.bats has the session in the guest that it shows first.

load common
load ../readme

readonly SESSION='A first session by hand' PROGRAM='A first program'
readonly PYTHON='A first program in Python'

setup() {
	[ ! -e /sys/module/procsrv ]
	TOP=$BATS_TEST_DIRNAME/../..
	cd "$BATS_TEST_TMPDIR" || return
}

# same TEXT TEXT: compares them, and shows how they differ
same() {
	diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

# perform: a terminal, as root: prints the input and the output
perform() {
	local line

	while IFS= read -r line; do
		printf '# %s\n' "$line"
		eval "$line" 2>&1
	done
}

# The tree as it is after "make". Only make itself is replaced, as it would build all of it here.
built_tree() {
	make() { :; }
	ln -s "$MODULE" procsrv.ko
	ln -s "$TOP/build" build
}

@test "the README's first session, where there are headers" {
	local want typed

	want=$(readme_session "$SESSION" | grep -v '^\$ ')
	typed=$(readme_typed "$SESSION" | grep -v '^make guest$')
	[[ $(head -n 1 <<<"$want") == '# make && insmod procsrv.ko && PATH='* ]]
	((${#typed} > 100))
	built_tree
	same "$want" "$(perform <<<"$typed")"
	[ ! -e /sys/module/procsrv ]
}

@test "the README's first program, installed elsewhere" {
	local prefix=$BATS_TEST_TMPDIR/prefix

	make -s -C "$TOP/lib" O="$BATS_TEST_TMPDIR/lib" PREFIX="$prefix" install
	insmod "$MODULE"
	readme_program >first.c
	export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	same "$(readme_session "$PROGRAM")" "$(readme_typed "$PROGRAM" | perform)"
}

@test "the README's first program, without warnings, in C and in C++, against build/lib" {
	local compiler

	insmod "$MODULE"
	readme_program >first.c
	for compiler in 'cc -std=c11 -D_DEFAULT_SOURCE -Wextra' 'cc -Wextra' 'c++ -xc++ -std=c++20'; do
		# shellcheck disable=SC2086 # it is a command with its options
		$compiler -Wall -Werror -I"$TOP/include/uapi" -I"$TOP/lib" -o first first.c \
			-xnone "$TOP/build/lib/libprocsrv.a"
		same 'process 2 exited with code 7' "$(timeout 60 ./first)"
	done
}

@test "the README's programs in C and in Python, from the tree" {
	insmod "$MODULE"
	readme_program >/tmp/first.c
	readme_fenced python >/tmp/first.py
	cd "$TOP"
	same "$(readme_session "$PYTHON")" "$(readme_typed "$PYTHON" | perform)"
}
