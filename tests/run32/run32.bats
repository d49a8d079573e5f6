#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# procsrv-run, with programs that User Mode Linux cannot run

load ../tools/common
load ../tools/run

setup_file() {
	export CALLS=$BATS_FILE_TMPDIR/calls
	compile_calls "$CALLS" -m32
}

@test "the calls of 32-bit programs: compared" {
	agrees "$CALLS"
}

@test "the calls of 32-bit programs: answered" {
	follows "$CALLS"
}
