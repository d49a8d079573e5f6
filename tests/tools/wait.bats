#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# wait

load common

@test "an exit" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$pid" 3
	prints "$pid exited with code 3" wait "$ROOT"
	refused "info: there is no process $pid (ESRCH)" info "$pid"
}

@test "an end by a signal" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	third=$(procsrvctl create "$ROOT" third)
	procsrvctl kill -9 "$first"
	procsrvctl kill "$second"
	procsrvctl exit --signal=33 "$third"
	prints "$first killed by SIGKILL" wait "$ROOT"
	prints "$second killed by SIGTERM" wait "$ROOT"
	prints "$third killed by signal 33" wait "$ROOT"
}

@test "--json" {
	pid=$(procsrvctl create --uid=7 "$ROOT" child)
	child=$(procsrvctl create "$pid" grandchild)
	procsrvctl update --cpu-time=2s "$child"
	procsrvctl exit "$child"
	works wait --json "$pid"
	has "{ \"pid\": $child, \"why\": \"exited\", \"exit_code\": 0, \"exit_signal\": 0," \
		'"signal_name": null, "core_dumped": false, "uid": 0, "cpu_time": 2000000, "children_cpu_time": 0 }'
	procsrvctl update --cpu-time=5ms "$pid"
	procsrvctl kill -9 "$pid"
	works wait --json "$ROOT"
	has "{ \"pid\": $pid, \"why\": \"exited\", \"exit_code\": -9, \"exit_signal\": 9," \
		'"signal_name": "SIGKILL", "core_dumped": false, "uid": 7, "cpu_time": 5000,' \
		'"children_cpu_time": 2000000 }'
	shows "$ROOT" "children's time" "2.005000s"
}

@test "the lowest pid comes first" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	procsrvctl exit "$second"
	procsrvctl exit "$first"
	prints "$first exited with code 0" wait "$ROOT"
	prints "$second exited with code 0" wait "$ROOT"
}

@test "--pid and --pgid" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	third=$(procsrvctl create "$ROOT" third)
	group=$(procsrvctl group create "$third")
	procsrvctl kill -9 "$first" "$second" "$third"
	prints "$third killed by SIGKILL" wait --pgid="$group" "$ROOT"
	prints "$second killed by SIGKILL" wait --pid="$second" "$ROOT"
	prints "$first killed by SIGKILL" wait --pid="$first" "$ROOT"
}

@test "stops and continuations are reported once, each to a wait for it" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl kill -STOP "$pid"
	fails 4 "wait: no child of process $ROOT has anything to report yet (EAGAIN)" \
		wait --nohang "$ROOT"
	fails 4 "wait: no child of process $ROOT has anything to report yet (EAGAIN)" \
		wait --nohang --continued "$ROOT"
	prints "$pid stopped by SIGSTOP" wait --nohang --stopped "$ROOT"
	fails 4 "wait: no child of process $ROOT has anything to report yet (EAGAIN)" \
		wait --nohang --stopped "$ROOT"
	procsrvctl kill -CONT "$pid"
	works wait --json --exited --stopped --continued "$ROOT"
	has "\"pid\": $pid, \"why\": \"continued\", \"exit_code\": 0," '"signal_name": "SIGCONT"'
	fails 4 "wait: no child of process $ROOT has anything to report yet (EAGAIN)" \
		wait --nohang --continued "$ROOT"
	procsrvctl kill -STOP "$pid"
	procsrvctl kill -CONT "$pid"
	prints "$pid continued by SIGCONT" wait --stopped --continued "$ROOT"
}

@test "--nowait leaves the child waitable" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$pid" 1
	prints "$pid exited with code 1" wait --nowait "$ROOT"
	prints "$pid exited with code 1" wait --nowait "$ROOT"
	prints "$pid exited with code 1" wait "$ROOT"
	refused "wait: process $ROOT has no children (ECHILD)" wait "$ROOT"
}

@test "a wait sleeps until there is something, and the parent reads WAITING" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl wait "$ROOT" >"$BATS_TEST_TMPDIR/said" 3>&- &
	await "$ROOT" WAITING
	procsrvctl exit "$pid" 5
	wait $!
	same "$pid exited with code 5" "$(<"$BATS_TEST_TMPDIR/said")"
	shows "$ROOT" state "RUNNING"
}

@test "a wait sleeps no longer than --timeout" {
	procsrvctl create "$ROOT" child
	begin=$(date +%s%N)
	fails 5 "wait: no child of process $ROOT had anything to report in time (ETIMEDOUT)" \
		wait --timeout=300ms "$ROOT"
	end=$(date +%s%N)
	((end - begin >= 300000000))
	fails 5 "wait: no child of process $ROOT had anything to report in time (ETIMEDOUT)" \
		wait --timeout=0 "$ROOT"
}

@test "stopping the tool and continuing it does not disturb the wait" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl wait --timeout=60s "$ROOT" >"$BATS_TEST_TMPDIR/said" 3>&- &
	await "$ROOT" WAITING
	kill -STOP $!
	kill -CONT $!
	await "$ROOT" WAITING
	procsrvctl exit "$pid"
	wait $!
	same "$pid exited with code 0" "$(<"$BATS_TEST_TMPDIR/said")"
}

@test "nothing to wait for" {
	refused "wait: process $ROOT has no children (ECHILD)" wait "$ROOT"
	refused "wait: process $ROOT has no children (ECHILD)" wait --nohang "$ROOT"
	pid=$(procsrvctl create "$ROOT" child)
	grandchild=$(procsrvctl create "$pid" grandchild)
	group=$(procsrvctl group create "$grandchild")
	refused "wait: process $grandchild is not a child of process $ROOT (ECHILD)" \
		wait --pid="$grandchild" "$ROOT"
	refused "wait: there is no process 999999999 to wait for (ECHILD)" \
		wait --pid=999999999 "$ROOT"
	refused "wait: process $ROOT has no children in process group $group (ECHILD)" \
		wait --pgid="$group" "$ROOT"
	procsrvctl exit "$pid"
	refused "wait: process $ROOT has no live children (ECHILD)" \
		wait --stopped "$ROOT"
	refused "wait: process $pid is a zombie and will not change (ECHILD)" \
		wait --stopped --pid="$pid" "$ROOT"
}

@test "on behalf of a missing process or a zombie" {
	refused "wait: there is no process 999999999 (ESRCH)" wait 999999999
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$pid"
	refused "wait: process $pid is a zombie (ESRCH)" wait "$pid"
}

@test "a parent that ends while it is waited for" {
	pid=$(procsrvctl create "$ROOT" parent)
	procsrvctl create "$pid" child
	procsrvctl wait "$pid" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
	await "$pid" WAITING
	procsrvctl exit "$pid"
	code=0
	wait $! || code=$?
	same 1 $code
	same "procsrvctl: wait: process $pid is a zombie (ESRCH)" "$(<"$BATS_TEST_TMPDIR/said")"
}

@test "--clone and --all" {
	clone=$(procsrvctl create --exit-signal=0 "$ROOT" clone)
	shows "$clone" clone yes
	refused "wait: process $ROOT has no children (ECHILD)" wait --nohang "$ROOT"
	refused "wait: process $clone is a clone child, and those are not waited for (ECHILD)" \
		wait --nohang --pid="$clone" "$ROOT"
	child=$(procsrvctl create --exit-signal=CHLD "$ROOT" child)
	shows "$child" clone no
	refused "wait: process $child is no clone child, and only those are waited for (ECHILD)" \
		wait --nohang --clone --pid="$child" "$ROOT"
	procsrvctl exit "$clone" 1
	procsrvctl exit "$child" 2
	prints "$clone exited with code 1" wait --nowait --all "$ROOT"
	prints "$child exited with code 2" wait "$ROOT"
	prints "$clone exited with code 1" wait --clone "$ROOT"
	usage_error "create: '65' is not a signal" create --exit-signal=65 "$ROOT" x
}
