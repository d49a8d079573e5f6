#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The tracepoints, through trace-cmd and through tracefs. Names of events and of fields
# are an interface: they are written out here.

setup_file() {
	mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
}

setup() {
	trace-cmd start -e procsrv >/dev/null
}

teardown() {
	trace-cmd stop
	trace-cmd reset
}

# traced EVENT FIELDS...: there is one such line, with just these fields after the number.
traced() {
	local event=$1

	shift
	trace-cmd show | sed -n "s/.* $event: server=0 seq=[0-9]* //p" | grep -qxF -- "$*" || {
		echo "no $event: $*"
		trace-cmd show | sed -n 's/.*: \([a-z_]*: server\)/\1/p'
		return 1
	}
}

@test "every tracepoint is there, with its fields" {
	local fields='server seq pid' event

	fields() {
		sed -n 's/^\tfield:.* \([a-z_]*\);.*/\1/p' "/sys/kernel/tracing/events/procsrv/$1/format" |
			grep -v '^common_' | paste -sd' '
	}
	[ "$(fields procsrv_create)" = "$fields parent name" ]
	[ "$(fields procsrv_exec)" = "$fields name" ]
	[ "$(fields procsrv_exit)" = "$fields code signo name" ]
	[ "$(fields procsrv_reap)" = "$fields parent" ]
	[ "$(fields procsrv_parent)" = "$fields parent" ]
	[ "$(fields procsrv_signal)" = "$fields sender signo name" ]
	[ "$(fields procsrv_state)" = "$fields state signo" ]
	[ "$(fields procsrv_session)" = "$fields sid pgid" ]
	[ "$(fields procsrv_group)" = "$fields sid pgid" ]
	[ "$(fields procsrv_limit)" = "$fields limit value max" ]
	[ "$(fields procsrv_capability)" = "$fields capability" ]
	[ "$(fields procsrv_update)" = "$fields mask" ]
	[ "$(fields procsrv_terminal)" = "$fields sid on" ]
	[ "$(fields procsrv_wait)" = "server parent pid why error ns" ]
	[ "$(fields procsrv_hold)" = "server cycles" ]
	event=$(find /sys/kernel/tracing/events/procsrv -mindepth 1 -type d | wc -l)
	[ "$event" -eq 15 ]
}

@test "a life from create to reap" {
	local pid child

	pid=$(procsrvctl create 1 parent)
	child=$(procsrvctl create "$pid" child)
	traced procsrv_create "pid=$child parent=$pid name=child"
	procsrvctl exec "$child" "other name"
	traced procsrv_exec "pid=$child name=other name"
	procsrvctl exit "$pid" 7
	traced procsrv_exit "pid=$pid code=7 signo=0 name=parent"
	traced procsrv_parent "pid=$child parent=1"
	procsrvctl wait --pid "$pid" 1
	traced procsrv_reap "pid=$pid parent=1"
	trace-cmd show | grep -qE " procsrv_wait: server=0 parent=1 pid=$pid why=exited error=0 ns=[0-9]+\$"
	procsrvctl kill -9 "$child"
	traced procsrv_signal "pid=$child sender=0 signo=9 name=other name"
	traced procsrv_exit "pid=$child code=-9 signo=9 name=other name"
	procsrvctl reap
	traced procsrv_reap "pid=$child parent=1"
}

@test "a wait that finds nothing" {
	local pid

	pid=$(procsrvctl create 1 parent)
	run procsrvctl wait "$pid"
	[ "$status" -eq 1 ]
	trace-cmd show | grep -qE " procsrv_wait: server=0 parent=$pid pid=0 why= error=-10 ns=[0-9]+\$"
	procsrvctl kill -9 "$pid"
	procsrvctl reap
}

@test "signals, states, sessions, groups, limits, capabilities, updates, terminals" {
	local a b sid pgid child group

	a=$(procsrvctl create 1 a)
	b=$(procsrvctl create "$a" b)
	procsrvctl kill --sender "$a" -STOP "$b"
	traced procsrv_signal "pid=$b sender=$a signo=19 name=b"
	traced procsrv_state "pid=$b state=STOPPED signo=19"
	procsrvctl kill -CONT "$b"
	traced procsrv_state "pid=$b state=RUNNING signo=18"
	procsrvctl update --state sleeping "$b"
	traced procsrv_state "pid=$b state=SLEEPING signo=0"
	procsrvctl update --threads 257 "$b"
	traced procsrv_update "pid=$b mask=0x4"
	traced procsrv_limit "pid=$b limit=threads value=257 max=256"
	procsrvctl revoke "$b" 77
	traced procsrv_capability "pid=$b capability=77"
	procsrvctl revoke --all 78
	traced procsrv_capability "pid=0 capability=78"
	procsrvctl session create --json "$a" >"$BATS_TEST_TMPDIR/session"
	sid=$(sed -n 's/.*"sid": *\([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/session")
	pgid=$(sed -n 's/.*"pgid": *\([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/session")
	traced procsrv_session "pid=$a sid=$sid pgid=$pgid"
	procsrvctl session terminal "$sid" tty7
	traced procsrv_terminal "pid=$a sid=$sid on=1"
	child=$(procsrvctl create "$a" child)
	group=$(procsrvctl group create "$child")
	traced procsrv_group "pid=$child sid=$sid pgid=$group"
	procsrvctl kill --tree "$a" -9
	procsrvctl reap
}
