#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# events

load common

teardown() {
	[[ ! -v EVENTS ]] || kill "$EVENTS" 2>/dev/null || true
}

# begin ARGUMENT...: runs events, and returns once it has subscribed: then it prints capability
# 1000, which is revoked again and again.
begin() {
	SAID=$BATS_TEST_TMPDIR/events
	procsrvctl events "$@" >"$SAID" 2>&1 3>&- &
	EVENTS=$!
	until_said 1000
}

# until_said CAPABILITY: revokes it until that is printed.
until_said() {
	local i

	for ((i = 0; i < 100; i++)); do
		procsrvctl revoke "${MARK:-$ROOT}" "$1"
		sleep 0.05
		! grep -qE "capability +$1\$|\"capability\".*\"other\": $1," "$SAID" || return 0
	done
	echo "no such event in:"
	cat "$SAID"
	return 1
}

# plain: the lines of events on standard input without numbers, times, and what until_said() did.
plain() {
	sed -E 's/^ *[0-9]+ +[0-9]+\.[0-9]{6} +//; s/ +/ /g' |
		grep -vE " capability (1000|1001)\$" || true
}

# told TEXT: the output is that and nothing else.
told() {
	until_said 1001
	same "$1" "$(plain <"$SAID")"
}

@test "the life of a process" {
	begin --pid="$ROOT" --subtree
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exec "$pid" other
	procsrvctl kill -USR1 --sender="$ROOT" "$pid"
	procsrvctl kill -33 "$pid"
	procsrvctl update --memory=1M --threads=2 "$pid"
	procsrvctl revoke "$pid" 18446744073709551615
	procsrvctl exit "$pid" 3
	procsrvctl wait "$ROOT"
	told "$pid create by $ROOT
$pid exec
$pid signal SIGUSR1 from $ROOT
$pid signal 33 from outside
$pid update memory threads
$pid capability 18446744073709551615
$pid exit code 3
$pid reap by $ROOT"
}

@test "--kind: stops, continuations and an end by a signal" {
	pid=$(procsrvctl create "$ROOT" child)
	begin --kind=state,EXIT --kind=capability
	procsrvctl kill -STOP "$pid"
	procsrvctl kill -CONT "$pid"
	procsrvctl update --state=sleeping "$pid"
	procsrvctl revoke --all 7
	procsrvctl kill -9 "$pid"
	told "$pid state STOPPED by SIGSTOP
$pid state RUNNING by SIGCONT
$pid state SLEEPING
all capability 7
$pid exit code -9, killed by SIGKILL"
}

@test "sessions, groups, terminals, and a new parent" {
	parent=$(procsrvctl create "$ROOT" parent)
	child=$(procsrvctl create "$parent" child)
	begin
	sid=$(procsrvctl session create "$parent")
	pgid=$(procsrvctl group create "$child")
	procsrvctl session terminal "$sid" tty1
	procsrvctl session terminal "$sid" --none
	procsrvctl kill -0 "$child"
	procsrvctl exit "$parent"
	works group show "$pgid"
	told "$parent session $sid, group $((pgid - 1))
$child group $pgid
$parent terminal given to session $sid
$parent terminal taken from session $sid
$child parent 1
$parent exit code 0"
}

@test "limits that are passed" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl limits --memory=1M --cpu-time=1s --threads=3 "$pid"
	begin limit capability,exit
	procsrvctl update --memory=1048577 --cpu-time=1001ms --threads=4 "$pid"
	procsrvctl limits --enforce "$pid"
	procsrvctl update --cpu-time=2s "$pid"
	told "$pid limit memory 1048577 of 1M
$pid limit cpu-time 1001ms of 1s
$pid limit threads 4 of 3
$pid limit cpu-time 2s of 1s
$pid exit code -24, killed by SIGXCPU"
}

@test "--pid without --subtree, and a process that is not there" {
	pid=$(procsrvctl create "$ROOT" child)
	MARK=$pid begin "$pid"
	procsrvctl kill -HUP "$ROOT"
	other=$(procsrvctl create "$pid" other)
	procsrvctl kill -HUP "$other"
	procsrvctl kill -USR1 "$pid"
	MARK=$pid told "$pid signal SIGUSR1 from outside"
	refused "events: there is no process 999999999 (ESRCH)" events --pid=999999999
}

@test "--json: an object in a line" {
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl limits --threads=1 "$pid"
	begin --json
	procsrvctl kill -STOP --sender="$ROOT" "$pid"
	procsrvctl update --threads=2 "$pid"
	procsrvctl kill "$pid"
	until_said 1001
	python3 - "$SAID" "$pid" "$ROOT" <<-'EOP'
		import json, sys
		pid, root = map(int, sys.argv[2:])
		events = [e for e in map(json.loads, open(sys.argv[1]))
		          if not (e["kind"] == "capability" and e["other"] in (1000, 1001))]
		assert [e["seq"] for e in events] == sorted(e["seq"] for e in events), events
		assert all(e["pid"] == pid and e["time"] > 0 for e in events), events
		assert [e["kind"] for e in events] == \
		    ["signal", "state", "update", "limit", "signal", "exit"], events
		stop, state, update, limit, term, end = events
		assert (stop["signo"], stop["signal_name"], stop["other"]) == (19, "SIGSTOP", root)
		assert (state["state"], state["detail"]) == ("STOPPED", 3), state
		assert (update["fields"], update["detail"]) == (["threads"], 4), update
		assert (limit["limit"], limit["value"], limit["other"]) == ("threads", 2, 1), limit
		assert (end["code"], end["signo"], end["signal_name"]) == (0, 15, "SIGTERM"), end
	EOP
}

@test "--count and --timeout" {
	procsrvctl events --pid="$ROOT" --count=2 >"$BATS_TEST_TMPDIR/said" 3>&- &
	for ((i = 0; i < 200; i++)); do
		procsrvctl revoke "$ROOT" "$i"
		kill -0 $! 2>/dev/null || break
	done
	wait $!
	same 2 "$(wc -l <"$BATS_TEST_TMPDIR/said")"
	begin=$(date +%s%N)
	fails 5 "events: 0 of 3 events came in time (ETIMEDOUT)" events --count=3 --timeout=300ms
	end=$(date +%s%N)
	((end - begin >= 300000000))
	silent events --timeout=1ms
}

@test "a ring that was full" {
	begin --capacity=4 --pid="$ROOT" --kind=capability
	kill -STOP "$EVENTS"
	for i in {1..10}; do
		procsrvctl revoke "$ROOT" "$i"
	done
	kill -CONT "$EVENTS"
	until_said 1001
	same "lost $ROOT capability 7 $ROOT capability 8 $ROOT capability 9 $ROOT capability 10" \
		"$(plain <"$SAID" | sed -E 's/^ *[0-9]+ 6 events lost before it$/lost/' | xargs)"
	refused "events: the capacity is at most 65536 events, not 65537 (EINVAL)" \
		events --capacity=65537
}

@test "--snapshot: the processes, and the end of it" {
	first=$(procsrvctl create "$ROOT" first)
	other=$(procsrvctl create "$first" other)
	procsrvctl create "$ROOT" second
	procsrvctl exit "$other"
	works events --snapshot --pid="$first" --subtree
	same "$first process RUNNING parent $ROOT session 0 group 0 first
$other process ZOMBIE parent $first session 0 group 0 other" "$(plain <<<"$output")"
	works events --snapshot --pid="$first"
	same 1 "${#lines[@]}"
	works events --snapshot
	same "$(procsrvctl list | wc -l)" "${#lines[@]}"
	works events --snapshot --json --pid="$other"
	check "d['kind'] == 'process' and d['pid'] == $other and d['seq'] > 0" <<<"$output"
}

# apply FILE: the processes that are left when its events are applied to its snapshot.
apply() {
	python3 - "$1" <<-'EOP'
		import json, sys
		table = {}
		for line in open(sys.argv[1]):
		    e = json.loads(line)
		    kind, pid = e["kind"], e["pid"]
		    assert kind != "lost", e
		    if kind == "process":
		        table[pid] = {k: e[k] for k in ("ppid", "state", "pgid", "seq")}
		        continue
		    p = table.get(pid)
		    if kind == "create":
		        assert p is None, e
		        table[pid] = {"ppid": e["other"], "state": "RUNNING", "pgid": e["pgid"],
		                      "seq": e["seq"]}
		        continue
		    if not pid:
		        continue
		    assert p and e["seq"] > p["seq"], (e, p)
		    p["seq"] = e["seq"]
		    if kind == "exit":
		        assert p["state"] != "ZOMBIE", e
		        p["state"] = "ZOMBIE"
		    elif kind == "state":
		        p["state"] = e["state"]
		    elif kind == "parent":
		        p["ppid"] = e["other"]
		    elif kind == "group":
		        p["pgid"] = e["pgid"]
		    elif kind == "reap":
		        assert p["state"] == "ZOMBIE", e
		        del table[pid]
		for pid in sorted(table):
		    p = table[pid]
		    print(pid, p["ppid"], p["state"], p["pgid"])
	EOP
}

# Three pages of processes, some of which come and go while they are listed.
@test "--snapshot --follow: the listing and the events after it fit together" {
	for i in {1..140}; do
		procsrvctl create "$ROOT" "$i"
	done >/dev/null
	while :; do
		pid=$(procsrvctl create "$ROOT" parent)
		child=$(procsrvctl create "$pid" child)
		procsrvctl group create "$child"
		procsrvctl kill -STOP "$child"
		procsrvctl kill -9 "$pid"
		procsrvctl wait "$ROOT"
		[[ ! -e $BATS_TEST_TMPDIR/enough ]] || break
	done >/dev/null 2>&1 3>&- &
	churn=$!
	begin --snapshot --follow --json
	sleep 0.5
	touch "$BATS_TEST_TMPDIR/enough"
	wait "$churn"
	until_said 1001
	kill "$EVENTS"
	same "$(procsrvctl ps --json | python3 -c 'import json, sys
for p in json.load(sys.stdin):
    print(p["pid"], p["ppid"], p["state"], p["pgid"])')" "$(apply "$SAID")"
}
