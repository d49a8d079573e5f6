#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kill

load common

@test "the signals that the server acts on" {
	pid=$(procsrvctl create "$ROOT" child)
	silent kill -STOP "$pid"
	same STOPPED "$(field "$pid" state)"
	silent kill --signal=18 "$pid"
	same RUNNING "$(field "$pid" state)"
	silent kill -0 "$pid"
	same RUNNING "$(field "$pid" state)"
	silent kill "$pid"
	same ZOMBIE "$(field "$pid" state)"
	same "15 SIGTERM" "$(field "$pid" "exit signal")"
	silent kill -9 "$pid"
	same "15 SIGTERM" "$(field "$pid" "exit signal")"
}

@test "a stopped process can be killed" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl kill -STOP "$pid"
	silent kill -s KILL "$pid"
	same "-9" "$(field "$pid" "exit code")"
	same "9 SIGKILL" "$(field "$pid" "exit signal")"
}

@test "all other signals become pending" {
	silent kill -HUP "$ROOT"
	silent kill -s rtmin+1 "$ROOT"
	silent kill -64 "$ROOT"
	silent kill -33 "$ROOT"
	procsrvctl info --json "$ROOT" | check "d['pending'] == [1, 33, 35, 64]"
	same "SIGHUP 33 SIGRTMIN+1 SIGRTMAX " "$(field "$ROOT" "pending signals")"
}

@test "several processes, of which one is missing" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	refused "kill: there is no process 999999999 (ESRCH)" \
		kill -9 "$first" 999999999 "$second"
	same ZOMBIE "$(field "$first" state)"
	same ZOMBIE "$(field "$second" state)"
	procsrvctl kill --json -0 "$first" "$second" | check "d == {'count': 2}"
}

@test "nothing happens when one of the pids makes no sense" {
	usage_error "kill: 'x' is not a process id" kill -9 "$ROOT" x
	same RUNNING "$(field "$ROOT" state)"
}

@test "a process group, zombies counted" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	zombie=$(procsrvctl create "$ROOT" zombie)
	group=$(procsrvctl group create "$first")
	procsrvctl group set "$second" "$group"
	procsrvctl group set "$zombie" "$group"
	procsrvctl exit "$zombie" 7
	prints 3 kill --group="$group"
	same "15 SIGTERM" "$(field "$first" "exit signal")"
	same "15 SIGTERM" "$(field "$second" "exit signal")"
	same 7 "$(field "$zombie" "exit code")"
	same RUNNING "$(field "$ROOT" state)"
	procsrvctl kill --json -0 --group="$group" | check "d == {'count': 3}"
}

@test "a session" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl group create "$child"
	prints 2 kill -STOP --session="$session"
	same STOPPED "$(field "$ROOT" state)"
	same STOPPED "$(field "$child" state)"
}

@test "everybody but init and the sender" {
	child=$(procsrvctl create "$ROOT" child)
	others=$(procsrvctl list | grep -cvx -e 1 -e "$ROOT")
	prints "$others" kill -USR1 --all --sender="$ROOT"
	same "SIGUSR1 " "$(field "$child" "pending signals")"
	same "none" "$(field "$ROOT" "pending signals")"
	same "none" "$(field 1 "pending signals")"
	prints $((others + 1)) kill -USR1 --all
	same "SIGUSR1 " "$(field "$ROOT" "pending signals")"
}

@test "what the server refuses" {
	refused "kill: there is no process 999999999 (ESRCH)" kill 999999999
	refused "kill: there is no process group 999999999 (ESRCH)" kill --group=999999999
	refused "kill: there is no session 999999999 (ESRCH)" kill --session=999999999
	refused "kill: the sender: there is no process 999999999 (ESRCH)" \
		kill --sender=999999999 "$ROOT"
	for signal in KILL TERM STOP; do
		refused "kill: process 1 is init, which cannot be ended or stopped (EPERM)" \
			kill -$signal 1
	done
	silent kill -0 1
	zombie=$(procsrvctl create "$ROOT" zombie)
	procsrvctl exit "$zombie"
	refused "kill: the sender: process $zombie is a zombie (ESRCH)" \
		kill --sender="$zombie" "$ROOT"
}

@test "nobody but init" {
	procsrvctl kill -9 "$ROOT"
	procsrvctl reap
	same 1 "$(procsrvctl list)"
	refused "kill: there is nobody but init to signal (ESRCH)" kill --all
	ROOT=$(procsrvctl create 1 root)
	refused "kill: there is nobody but init and the sender to signal (ESRCH)" \
		kill --all --sender="$ROOT"
}
