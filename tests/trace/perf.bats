#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The tracepoints through perf, as docs/tracing.md has it.

setup() {
	cat >"$BATS_TEST_TMPDIR/script" <<-'END'
		parent=$(procsrvctl create 1 parent)
		child=$(procsrvctl create "$parent" child)
		procsrvctl kill -TERM "$child"
		procsrvctl wait "$parent"
		procsrvctl kill -9 "$parent"
		procsrvctl reap
	END
}

@test "perf stat counts" {
	perf stat -x, -o "$BATS_TEST_TMPDIR/counts" -e procsrv:procsrv_create,procsrv:procsrv_reap \
		-a sh "$BATS_TEST_TMPDIR/script"
	cat "$BATS_TEST_TMPDIR/counts"
	grep -q '^2,,procsrv:procsrv_create,' "$BATS_TEST_TMPDIR/counts"
	grep -q '^2,,procsrv:procsrv_reap,' "$BATS_TEST_TMPDIR/counts"
}

@test "perf stat counts what a filter lets through" {
	perf stat -x, -o "$BATS_TEST_TMPDIR/counts" -e procsrv:procsrv_signal \
		--filter 'signo == 15' -a sh "$BATS_TEST_TMPDIR/script"
	cat "$BATS_TEST_TMPDIR/counts"
	grep -q '^1,,procsrv:procsrv_signal,' "$BATS_TEST_TMPDIR/counts"
}
