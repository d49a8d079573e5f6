#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# take

load common

@test "the lowest pending signal first, each once" {
	procsrvctl kill -USR2 "$ROOT"
	procsrvctl kill -HUP "$ROOT"
	procsrvctl kill -RTMAX "$ROOT"
	prints "SIGHUP from outside" take "$ROOT"
	prints "SIGUSR2 from outside" take --nohang "$ROOT"
	prints "SIGRTMAX from outside" take "$ROOT"
	fails 4 "take: process $ROOT has no signal pending (EAGAIN)" take --nohang "$ROOT"
	shows "$ROOT" "pending signals" none
}

@test "the first sender, and how often" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	procsrvctl kill -33 --sender="$first" "$ROOT"
	procsrvctl kill -33 --sender="$second" "$ROOT"
	procsrvctl kill -33 "$ROOT"
	prints "33 from $first, sent 3 times" take "$ROOT"
	procsrvctl kill -USR1 --sender="$second" "$ROOT"
	prints "{ \"pid\": $ROOT, \"signo\": 10, \"signal_name\": \"SIGUSR1\",$(:
	) \"sender\": $second, \"count\": 1, \"origin\": [ ] }" take --json "$ROOT"
}

@test "--mask" {
	procsrvctl kill -HUP "$ROOT"
	procsrvctl kill -USR1 "$ROOT"
	procsrvctl kill -USR2 "$ROOT"
	prints "SIGUSR1 from outside" take --mask=USR2,10 "$ROOT"
	prints "SIGUSR2 from outside" take --mask=USR1 --mask=SIGUSR2 "$ROOT"
	fails 4 "take: process $ROOT has no such signal pending (EAGAIN)" \
		take --mask=USR1,USR2 --nohang "$ROOT"
	prints "SIGHUP from outside" take "$ROOT"
}

@test "a mask of signals that act at once is refused" {
	act="SIGKILL, SIGTERM, SIGSTOP and SIGCONT act at once and are never pending"
	for mask in KILL 9 TERM,CONT,STOP KILL,TERM,STOP,CONT; do
		fails 2 "take: process $ROOT is not hosted: $act" \
			take --mask="$mask" --timeout=1s "$ROOT"
	done
	fails 2 "take: process $ROOT is not hosted: $act" take --mask=KILL --nohang "$ROOT"
	fails 5 "take: process $ROOT was sent no such signal in time (ETIMEDOUT)" \
		take --mask=KILL,HUP --timeout=0 "$ROOT"
	refused "take: there is no process 999999999 (ESRCH)" take --mask=KILL 999999999
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$pid"
	refused "take: process $pid is a zombie (ESRCH)" take --mask=KILL "$pid"
}

@test "it sleeps until the signal comes" {
	procsrvctl take --mask=USR1 "$ROOT" >"$BATS_TEST_TMPDIR/said" 3>&- &
	sleep 0.2
	procsrvctl kill -HUP "$ROOT"
	kill -STOP $!
	kill -CONT $!
	procsrvctl kill -USR1 --sender="$ROOT" "$ROOT"
	wait $!
	same "SIGUSR1 from $ROOT" "$(<"$BATS_TEST_TMPDIR/said")"
}

@test "it sleeps no longer than --timeout" {
	begin=$(date +%s%N)
	fails 5 "take: process $ROOT was sent no signal in time (ETIMEDOUT)" \
		take --timeout=300ms "$ROOT"
	end=$(date +%s%N)
	((end - begin >= 300000000))
	fails 5 "take: process $ROOT was sent no such signal in time (ETIMEDOUT)" \
		take --timeout=0 --mask=1 "$ROOT"
}

@test "a process that is not there, a zombie, and one that becomes a zombie" {
	refused "take: there is no process 999999999 (ESRCH)" take 999999999
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl take "$pid" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
	sleep 0.2
	procsrvctl exit "$pid"
	code=0
	wait $! || code=$?
	same 1 $code
	same "procsrvctl: take: process $pid is a zombie (ESRCH)" "$(<"$BATS_TEST_TMPDIR/said")"
	refused "take: process $pid is a zombie (ESRCH)" take --nohang "$pid"
}
