#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# watch

load common

# begin PID: watches it from the background; the handle is open when this returns.
begin() {
	procsrvctl watch "$1" >"$BATS_TEST_TMPDIR/said" 3>&- &
	WATCH=$!
	for _ in {1..100}; do
		[[ $(readlink "/proc/$WATCH/fd/"*) != *anon_inode* ]] || return 0
		sleep 0.1
	done
	return 1
}

@test "a zombie, which is left to a waiter" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$pid" 3
	prints "$pid exited with code 3" watch "$pid"
	prints "$pid exited with code 3" watch --nohang "$pid"
	prints "$pid exited with code 3" wait "$ROOT"
	refused "watch: there is no process $pid (ESRCH)" watch "$pid"
}

@test "--json" {
	pid=$(procsrvctl create --uid=7 "$ROOT" child)
	procsrvctl update --cpu-time=5ms "$pid"
	procsrvctl kill -9 "$pid"
	prints "{ \"pid\": $pid, \"state\": \"ZOMBIE\", \"exit_code\": -9, \"exit_signal\": 9,$(:
	) \"signal_name\": \"SIGKILL\", \"core_dumped\": false, \"uid\": 7, \"cpu_time\": 5000,$(:
	) \"children_cpu_time\": 0 }" \
		watch --json "$pid"
}

@test "it sleeps until the exit, of a process that is no child of the caller" {
	pid=$(procsrvctl create "$ROOT" child)
	begin "$pid"
	kill -STOP "$WATCH"
	kill -CONT "$WATCH"
	procsrvctl kill "$pid"
	wait "$WATCH"
	same "$pid killed by SIGTERM" "$(<"$BATS_TEST_TMPDIR/said")"
}

@test "a process that is reaped while it is watched" {
	pid=$(procsrvctl create "$ROOT" child)
	begin "$pid"
	procsrvctl wait "$ROOT" >/dev/null 3>&- &
	await "$ROOT" WAITING
	procsrvctl exit "$pid" 5
	wait
	same "$pid exited with code 5" "$(<"$BATS_TEST_TMPDIR/said")"
}

@test "it sleeps no longer than --timeout, and not with --nohang" {
	begin=$(date +%s%N)
	fails 5 "watch: process $ROOT did not exit in time (ETIMEDOUT)" \
		watch --timeout=300ms "$ROOT"
	end=$(date +%s%N)
	((end - begin >= 300000000))
	fails 5 "watch: process $ROOT did not exit in time (ETIMEDOUT)" watch --timeout=0 "$ROOT"
	fails 4 "watch: process $ROOT has not exited yet (EAGAIN)" watch --nohang "$ROOT"
}
