#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# kill

load common

@test "the signals that the server acts on" {
	pid=$(procsrvctl create "$ROOT" child)
	silent kill -STOP "$pid"
	shows "$pid" state STOPPED
	silent kill --signal=18 "$pid"
	shows "$pid" state RUNNING
	silent kill -0 "$pid"
	shows "$pid" state RUNNING
	silent kill "$pid"
	shows "$pid" state ZOMBIE "exit signal" "15 SIGTERM"
	silent kill -9 "$pid"
	shows "$pid" "exit signal" "15 SIGTERM"
}

@test "a stopped process can be killed" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl kill -STOP "$pid"
	silent kill -s KILL "$pid"
	shows "$pid" "exit code" "-9" "exit signal" "9 SIGKILL"
}

@test "all other signals become pending" {
	silent kill -HUP "$ROOT"
	silent kill -s rtmin+1 "$ROOT"
	silent kill -64 "$ROOT"
	silent kill -33 "$ROOT"
	works info --json "$ROOT"
	has '"pending": [ 1, 33, 35, 64 ]'
	shows "$ROOT" "pending signals" "SIGHUP 33 SIGRTMIN+1 SIGRTMAX "
}

@test "several processes, of which one is missing" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	refused "kill: there is no process 999999999 (ESRCH)" \
		kill -9 "$first" 999999999 "$second"
	shows "$first" state ZOMBIE
	shows "$second" state ZOMBIE
	prints '{ "count": 2 }' kill --json -0 "$first" "$second"
}

@test "nothing happens when one of the pids is invalid" {
	usage_error "kill: 'x' is not a process id" kill -9 "$ROOT" x
	shows "$ROOT" state RUNNING
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
	shows "$first" "exit signal" "15 SIGTERM"
	shows "$second" "exit signal" "15 SIGTERM"
	shows "$zombie" "exit code" 7
	shows "$ROOT" state RUNNING
	prints '{ "count": 3 }' kill --json -0 --group="$group"
}

@test "a session" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl group create "$child"
	prints 2 kill -STOP --session="$session"
	shows "$ROOT" state STOPPED
	shows "$child" state STOPPED
}

@test "all processes but init and the sender" {
	child=$(procsrvctl create "$ROOT" child)
	others=$(procsrvctl list | grep -cvx -e 1 -e "$ROOT")
	prints "$others" kill -USR1 --all --sender="$ROOT"
	shows "$child" "pending signals" "SIGUSR1 "
	shows "$ROOT" "pending signals" "none"
	shows 1 "pending signals" "none"
	prints $((others + 1)) kill -USR1 --all
	shows "$ROOT" "pending signals" "SIGUSR1 "
}

@test "a tree, whatever its sessions" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$first" second)
	procsrvctl session create "$second"
	third=$(procsrvctl create "$second" third)
	sibling=$(procsrvctl create "$ROOT" sibling)
	prints 3 kill -STOP --tree="$first"
	shows "$third" state STOPPED
	shows "$sibling" state RUNNING
	prints '{ "count": 3 }' kill --json -9 --tree="$first"
	shows "$first" "exit signal" "9 SIGKILL"
	shows "$second" "exit signal" "9 SIGKILL"
	shows "$third" "exit signal" "9 SIGKILL"
	shows "$sibling" state RUNNING
	refused "kill: there is no process 999999999 (ESRCH)" kill --tree=999999999
	refused "kill: process 1 is init, which cannot be ended or stopped (EPERM)" \
		kill --tree=1
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

@test "no process but init" {
	clean
	prints 1 list
	refused "kill: there is no process but init to signal (ESRCH)" kill --all
	ROOT=$(procsrvctl create 1 root)
	refused "kill: there is no process but init and the sender to signal (ESRCH)" \
		kill --all --sender="$ROOT"
}
