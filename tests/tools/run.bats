#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# procsrv-run

load common

setup_file() {
	[[ -e /proc/sys/kernel/seccomp/actions_avail ]] || skip "this kernel has no seccomp filters"
	export CALLS=$BATS_FILE_TMPDIR/calls
	gcc -O1 -pthread -D_GNU_SOURCE -o "$CALLS" "$BATS_TEST_DIRNAME/run_calls.c"
	gcc -m32 -O1 -pthread -D_GNU_SOURCE -o "$CALLS-32" "$BATS_TEST_DIRNAME/run_calls.c"
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

@test "the exit status is that of the command" {
	run_status 0 true
	run_status 7 sh -c 'exit 7'
	run_status 137 sh -c 'kill -KILL $$'
	run_status 143 sh -c 'kill -TERM $$'
	run_status 127 /nonexistent
	same "procsrv-run: /nonexistent: No such file or directory" "$(<"$ERR")"
	run_status 126 /etc/passwd
	same "procsrv-run: /etc/passwd: Permission denied" "$(<"$ERR")"
	run_status 125
}

@test "no server" {
	PROCSRV_DEVICE=/nonexistent run_status 125 true
	same "procsrv-run: /nonexistent: No such file or directory" "$(<"$ERR")"
	PROCSRV_DEVICE=/nonexistent run_status 3 --compare true
	PROCSRV_DEVICE=/dev/null run_status 125 true
	same "procsrv-run: /dev/null: not a process server" "$(<"$ERR")"
}

@test "the command is process 2" {
	run_status 0 sh -c 'echo $$ $PPID; ps -o pid= -e | wc -l'
	[[ $(<"$OUT") == "2 1"$'\n'* ]]
}

@test "the calls of programs: compared" {
	agrees "$CALLS"
}

@test "the calls of programs: answered" {
	run_status 0 "$CALLS"
}

@test "the calls of 32-bit programs: compared" {
	agrees "$CALLS-32"
}

@test "the calls of 32-bit programs: answered" {
	run_status 0 "$CALLS-32"
}

@test "a debugger is told why it cannot work" {
	run_status 0 "$CALLS" ptrace
	grep -q 'a debugger cannot work here (EPERM)' "$ERR"
}

@test "job control" {
	cat >"$BATS_TEST_TMPDIR/script" <<-'END'
		set -m
		sleep 30 &
		kill -STOP $!; sleep 0.3; jobs
		kill -CONT $!; sleep 0.3; jobs
		kill %1; wait $!; echo $?
		timeout 0.3 sleep 10; echo $?
		setsid -w sh -c 'exit 4'; echo $?
		seq 20 | xargs -P 4 -n 1 true; echo $?
	END
	agrees bash "$BATS_TEST_TMPDIR/script"
	mv "$OUT" "$OUT.compared"
	run_status 0 bash "$BATS_TEST_TMPDIR/script"
	diff "$OUT" "$OUT.compared"
	grep -q Stopped "$OUT"
	[[ $(<"$OUT") == *143$'\n'124$'\n'4$'\n'0 ]]
}

@test "signals are passed on" {
	procsrv-run sh -c 'trap "exit 9" USR1; echo; while :; do sleep 0.1; done' >"$OUT" &
	until [[ -s $OUT ]]; do sleep 0.1; done
	kill -USR1 $!
	status=0
	wait $! || status=$?
	same 9 "$status"
	procsrv-run sleep 1000 &
	sleep 1
	kill -TERM $!
	status=0
	wait $! || status=$?
	same 143 "$status"
}

@test "nothing is left behind" {
	local i pid supervisor

	for i in 1 2 3; do
		procsrv-run sh -c 'sleep 4321 & while :; do sleep 0.01; done' &
		pid=$!
		sleep "0.$((5 + i))"
		kill -KILL "$pid"
		no_process 'sleep 4321'
	done
	for i in 1 2 3; do
		procsrv-run sh -c 'sleep 4321 & while :; do sleep 0.01; done' 2>"$ERR" &
		pid=$!
		until supervisor=$(pgrep -P "$pid"); do sleep 0.1; done
		sleep "0.$((5 + i))"
		kill -KILL "$supervisor"
		status=0
		wait "$pid" || status=$?
		same 125 "$status"
		grep -q 'the supervisor was killed by SIGKILL' "$ERR"
		no_process 'sleep 4321'
	done
	run_status 0 sh -c 'sleep 4321 & sleep 0.2'
	no_process 'sleep 4321'
}

@test "a process that the server refuses was never there" {
	gcc -O1 -o "$BATS_TEST_TMPDIR/refused" "$BATS_TEST_DIRNAME/run_refused.c"
	run_status 0 "$BATS_TEST_TMPDIR/refused"
	same "$(</sys/module/procsrv/parameters/max_depth)" "$(<"$OUT")"
}

@test "without privileges" {
	run_status 0 true
	chmod 666 /dev/procsrv
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env PATH="$PATH" procsrv-run sh -c 'id -u; (exit 3); exit $?' >"$OUT" 2>"$ERR" || status=$?
	chmod 600 /dev/procsrv
	cat "$ERR"
	same 3 "$status"
	same 65534 "$(<"$OUT")"
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env PATH="$PATH" procsrv-run true 2>"$ERR" || status=$?
	same 125 "$status"
	same "procsrv-run: /dev/procsrv: the process server is not open to this user" "$(<"$ERR")"
}
