#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Python's own tests of processes and signals under procsrv-run: as without it, and compared.

load ../tools/common
load ../tools/run

# The seconds that a test may take.
readonly PATIENCE=900

# results COMMAND...: how each test of $SUITE ends, in its order. A test that the machine is
# too slow for skips itself.
results() {
	"$@" python3 -m test -v --timeout "$PATIENCE" "$SUITE" >"$OUT" 2>"$ERR" </dev/null 3>&- || true
	sed -nE 's/^((test_[^ ]*) \([^)]*\)).* \.\.\. .*/\1/p; s/^(FAIL|ERROR): .*/&/p
		s/^(Ran [0-9]+ tests) .*/\1/p' "$OUT" | LC_ALL=C sort
}

suite() {
	SUITE=$1
	results unshare --pid --fork --mount-proc >"$BATS_TEST_TMPDIR/native"
	grep -q '^Ran [1-9]' "$BATS_TEST_TMPDIR/native"
	results procsrv-run | diff "$BATS_TEST_TMPDIR/native" -
	run ! grep -h '^procsrv-run: ' "$OUT" "$ERR"
	results procsrv-run --compare | diff "$BATS_TEST_TMPDIR/native" -
	grep -h -A3 '^[0-9]*: ' "$ERR" || true
	grep -qx '  differ        0' "$ERR"
}

@test "test_signal" {
	suite test_signal
}

@test "test_subprocess" {
	suite test_subprocess
}

@test "test_os" {
	suite test_os
}

@test "test_posix" {
	suite test_posix
}

@test "test_pty" {
	suite test_pty
}

@test "test_threading" {
	suite test_threading
}

@test "test_multiprocessing_fork" {
	suite test_multiprocessing_fork
}
