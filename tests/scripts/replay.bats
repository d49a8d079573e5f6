#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/replay.sh takes the options of procsrv-replay. Needs TOP and the tools; the guest is a
# stub that only prints its arguments.
# shellcheck disable=SC2154 # run sets stderr

bats_require_minimum_version 1.5.0

setup() {
	mkdir "$BATS_TEST_TMPDIR/scripts"
	cp "$TOP"/scripts/{lib,replay}.sh "$BATS_TEST_TMPDIR/scripts"
	stub deps.sh ':'
	stub module.sh 'echo /module'
	# shellcheck disable=SC2016 # it is a script
	stub guest.sh '
		while [[ $1 != --svg=* ]]; do (($# > 1)) || break; shift; done
		[[ $1 != --svg=* ]] || echo picture >"${1#*=}"
		exit 1'
	mkdir -p "$BATS_TEST_TMPDIR/tools" "$BATS_TEST_TMPDIR/build"
	echo 'all:' >"$BATS_TEST_TMPDIR/tools/Makefile"
	ln -s "$TOP/build/tools" "$BATS_TEST_TMPDIR/build/tools"
	cd "$BATS_TEST_TMPDIR" || return
	cp "$TOP/tests/recordings/unshare.strace" one.strace
}

# stub SCRIPT BODY
stub() {
	# shellcheck disable=SC2016 # it is a script
	printf '#!/bin/bash\necho "%s $*" >>"%s/called"\n%s\n' "$1" "$BATS_TEST_TMPDIR" "$2" \
		>"$BATS_TEST_TMPDIR/scripts/$1"
	chmod +x "$BATS_TEST_TMPDIR/scripts/$1"
}

@test "options and files go to procsrv-replay in the guest, and pictures come out" {
	run -1 scripts/replay.sh -v one.strace --json --svg picture.svg
	grep -qE "^guest.sh --bed stock --module /module/procsrv.ko -- .*/procsrv-replay -v --json --svg=.*/--svg -- $PWD/one.strace\$" called
	[[ $(<picture.svg) == picture ]]
	[[ $(echo build/replay.*) == 'build/replay.*' ]]
}

@test "--dry-run needs no guest" {
	run -0 scripts/replay.sh -vn --svg=picture.svg one.strace
	[[ -s picture.svg ]]
	run ! grep -q guest.sh called
}

@test "invalid command lines" {
	for words in "" "-v" "--frob one.strace" "one.strace --svg" "none.strace"; do
		# shellcheck disable=SC2086 # several words
		run ! scripts/replay.sh $words
		[[ ! -e called ]]
	done
}

@test "without a recording, and with one that does not exist" {
	run ! --separate-stderr scripts/replay.sh
	[[ $stderr == "replay.sh: no recording: give FILE, or with make TRACE=FILE; see --help" ]]
	run ! --separate-stderr scripts/replay.sh one.strace /none.strace
	[[ $stderr == "replay.sh: no recording /none.strace" ]]
}
