# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Functions that the tests of procsrv-run share.

# compile_calls NAME OPTION...: the program that makes all kinds of calls
compile_calls() {
	gcc -O1 -pthread -D_GNU_SOURCE "${@:2}" -o "$1" \
		"$BATS_TEST_DIRNAME"/../tools/run_{calls,calls_rare,waits}.c
}

setup() {
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
}

teardown_file() {
	true
}

# run_status STATUS ARGUMENT...: procsrv-run exits with it.
run_status() {
	local expected=$1 got=0

	shift
	procsrv-run "$@" >"$OUT" 2>"$ERR" || got=$?
	cat "$ERR"
	same "$expected" "$got"
}

# agrees ARGUMENT...: no answer differs, and some were compared.
agrees() {
	run_status 0 --compare "$@"
	grep -qx '  differ        0' "$ERR"
}

# follows ARGUMENT...: it succeeds, and Linux has done what the server decided.
follows() {
	run_status 0 "$@"
	if grep 'the server decided' "$ERR"; then
		return 1
	fi
}

# no_process PATTERN: it ends within a second, if there is one.
no_process() {
	local i

	for ((i = 0; i < 20; i++)); do
		pgrep -f "$1" >/dev/null || return 0
		sleep 0.1
	done
	pgrep -af "$1"
	return 1
}
