#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# mirror

load common

teardown() {
	# Init is what the server begins with, for the next test.
	procsrvctl exec 1 init
	procsrvctl update 1 --cpu-time=0 --memory=0 --threads=1 --state=running \
		--priority=normal --cwd=/
	procsrvctl list | awk -v first="$ROOT" '$1 >= first' |
		xargs -r procsrvctl kill -9
	procsrvctl reap >"$BATS_TEST_TMPDIR/reaped"
	jobs -p | xargs -r kill -9 2>/dev/null || true
}

# copy PROCESSES [OPTION...]: mirrors what fake-proc makes of them.
copy() {
	"$BATS_TEST_DIRNAME/fake-proc" "$BATS_TEST_TMPDIR/proc" <<<"$1"
	procsrvctl mirror --json --proc="$BATS_TEST_TMPDIR/proc" "${@:2}" \
		>"$BATS_TEST_TMPDIR/map"
}

# copied EXPRESSION: s is the summary, p the processes by Linux pid, up what has the pids
# of Linux instead of those of the server.
copied() {
	procsrvctl ps --json --env >"$BATS_TEST_TMPDIR/ps"
	python3 - "$BATS_TEST_TMPDIR" "$1" <<-'EOF'
		import json, sys
		s = json.load(open(sys.argv[1] + "/map"))
		by_pid = {p["pid"]: p for p in json.load(open(sys.argv[1] + "/ps"))}
		p = {m["linux_pid"]: by_pid[m["pid"]] for m in s["map"]}
		linux = {m["pid"]: m["linux_pid"] for m in s["map"]}
		up = {n: linux.get(q["ppid"]) for n, q in p.items()}
		together = lambda key, *pids: len({p[n][key] for n in pids}) == 1
		if not eval("(" + sys.argv[2] + ")"):
		    del s["map"]
		    print("not so:", sys.argv[2], "of:", s, sep="\n")
		    if len(p) < 20:
		        print(*p.items(), sep="\n")
		    sys.exit(1)
	EOF
}

@test "the tree, with init as its root" {
	copy "1 0 1 1 S systemd
2 0 0 0 S kthreadd kthread=1
3 2 0 0 I kworker/0:0 kthread=1
10 1 10 10 S sshd
12 10 12 12 S bash"
	copied "up == {1: None, 2: 1, 3: 2, 10: 1, 12: 10} and p[1]['pid'] == 1 and
		[p[n]['name'] for n in sorted(p)] ==
			['systemd', 'kthreadd', 'kworker/0:0', 'sshd', 'bash'] and
		p[3]['argv'] == [] and p[10]['argv'] == ['sshd'] and
		s['processes'] == 5 and s['vanished'] == 0 and s['lost'] == 0"
}

@test "pids of Linux that started again: a parent may have a higher one" {
	copy "1 0 1 1 S init
5 900 900 900 S child
6 5 900 900 S grandchild
900 1 900 900 S parent"
	copied "up == {1: None, 5: 900, 6: 5, 900: 1} and together('sid', 5, 6, 900)"
}

@test "what a process is and does" {
	ticks=$(getconf CLK_TCK)
	page=$(getconf PAGESIZE)
	copy "1 0 1 1 S init
2 1 1 1 R busy cpu=$((3 * ticks)) rss=10 threads=7 uid=33 gid=34
3 1 1 1 D io nice=5
4 1 1 1 I idle policy=5
5 1 1 1 S high nice=-5
6 1 1 1 S realtime policy=1"
	copied "p[2]['cpu_time'] == 3000000 and p[2]['memory_usage'] == 10 * $page and
		p[2]['thread_count'] == 7 and p[2]['uid'] == 33 and p[2]['gid'] == 34 and
		[p[n]['state'] for n in range(1, 7)] == ['SLEEPING', 'RUNNING'] +
			4 * ['SLEEPING'] and
		[p[n]['priority'] for n in range(1, 7)] ==
			['normal', 'normal', 'low', 'idle', 'high', 'realtime']"
}

@test "stopped processes and zombies" {
	copy "1 0 1 1 S init
2 1 1 1 T stopped
3 1 1 1 t traced
4 2 1 1 Z exited exit=768
5 2 1 1 Z killed exit=9
6 1 1 1 Z leader threads=2
7 6 1 1 S child"
	copied "[p[n]['state'] for n in range(2, 8)] == ['STOPPED', 'STOPPED', 'ZOMBIE',
			'ZOMBIE', 'SLEEPING', 'SLEEPING'] and
		p[4]['exit_code'] == 3 and p[4]['exit_signal'] == 0 and
		p[5]['exit_code'] == 0 and p[5]['exit_signal'] == 9 and
		up[4] == up[5] == 2 and up[7] == 6 and
		s['stopped'] == 2 and s['zombies'] == 2"
}

@test "sessions and groups" {
	copy "1 0 1 1 S init
10 1 10 10 S login
11 10 11 10 S left
12 10 11 10 S right
13 10 13 10 S job
14 13 13 10 S helper
20 10 20 20 S daemon
21 20 20 20 S worker
30 1 30 1 S grouped
31 1 30 1 S too"
	copied "together('sid', 10, 11, 12, 13, 14) and together('sid', 20, 21) and
		p[1]['sid'] == p[30]['sid'] == p[31]['sid'] == 0 and
		len({p[n]['sid'] for n in (1, 10, 20)}) == 3 and
		together('pgid', 11, 12) and together('pgid', 13, 14) and
		together('pgid', 20, 21) and together('pgid', 30, 31) and
		len({p[n]['pgid'] for n in (1, 10, 11, 13, 20, 30)}) == 6 and
		s['sessions'] == 2 and s['groups'] == 5 and
		s['stand_in_leaders'] == s['split_sessions'] == 0"
	for leader in 10 20; do
		copied "$(procsrvctl session show --json "$(session_of $leader)" |
			sed 's/null/None/')['leader'] == p[$leader]['pid']"
	done
}

# session_of PID: the session, in the server, of a process of Linux.
session_of() {
	python3 -c '
import json, sys
m = {m["linux_pid"]: m["pid"] for m in json.load(open(sys.argv[1]))["map"]}
print(m[int(sys.argv[2])])' "$BATS_TEST_TMPDIR/map" "$1" |
		xargs procsrvctl info --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["sid"])'
}

@test "who lost a parent is in its session all the same" {
	copy "1 0 1 1 S init
5 1 20 20 S orphan
6 5 20 20 S child
10 1 10 10 S sshd
20 10 20 20 S bash"
	copied "up == {1: None, 5: 1, 6: 5, 10: 1, 20: 10} and
		together('sid', 5, 6, 20) and together('pgid', 5, 6, 20) and
		s['sessions'] == 2 and s['groups'] == 2 and s['stand_in_leaders'] == 0"
	same "" "$(procsrvctl ps | grep -e stand-in -e defunct)"
}

@test "a session whose leader is gone" {
	copy "1 0 1 1 S init
5 1 3 3 S first
6 1 3 3 S second
7 6 7 3 S third"
	copied "up == {1: None, 5: 1, 6: 1, 7: 6} and together('sid', 5, 6, 7) and
		p[5]['sid'] and together('pgid', 5, 6) and p[7]['pgid'] != p[5]['pgid'] and
		s['sessions'] == 1 and s['groups'] == 2 and s['stand_in_leaders'] == 1"
}

@test "who was lost to a reaper in another session" {
	copy "1 0 1 1 S init
5 1 5 5 S reaper
6 5 20 20 S orphan
7 6 20 20 S child
20 1 20 20 S leader
21 20 20 20 S member"
	copied "up == {1: None, 5: 1, 6: 5, 7: 6, 20: 1, 21: 20} and
		together('sid', 6, 7) and together('sid', 20, 21) and
		len({p[n]['sid'] for n in (1, 5, 6, 20)}) == 4 and
		s['split_sessions'] == 1 and s['sessions'] == 3"
}

@test "a group whose leader is gone" {
	copy "1 0 1 1 S init
10 1 10 10 S bash
12 10 11 10 S right
13 10 11 10 S more"
	copied "together('pgid', 12, 13) and p[12]['pgid'] != p[10]['pgid'] and
		s['groups'] == 2"
}

@test "terminals" {
	copy "1 0 1 1 S init
10 1 10 10 S a tty=34816
11 10 10 10 S b tty=34816
20 1 20 20 S c tty=35072
30 1 30 30 S d tty=1025
40 1 40 40 S e tty=66049
50 1 50 50 S f"
	copied "[p[n]['terminal'] for n in (10, 11, 20, 30, 50)] ==
		['pts/0', 'pts/0', 'pts/256', '$([[ -e /sys/dev/char/4:1 ]] && echo tty1 || echo 4:1)', None] and
		p[40]['terminal'] == '258:1'"
}

@test "processes that end while they are read" {
	copy "1 0 1 1 S init
5
6 5 1 1 S child
7 1 1 1 S gone"
	rm "$BATS_TEST_TMPDIR/proc/7/cmdline"
	procsrvctl mirror --json --proc="$BATS_TEST_TMPDIR/proc" >"$BATS_TEST_TMPDIR/map"
	copied "up == {1: None, 6: 1} and s['processes'] == 2 and s['vanished'] == 2"
}

@test "without a process 1" {
	copy "5 0 5 5 S top
6 5 5 5 S child"
	copied "p[6]['ppid'] == p[5]['pid'] and p[5]['ppid'] == 1 and together('sid', 5, 6) and
		s['processes'] == 2"
	same init "$(field 1 name)"
}

@test "names and command lines that are no trouble" {
	copy "1 0 1 1 S init
5 1 1 1 S name"
	cd "$BATS_TEST_TMPDIR/proc/5"
	sed -i 's/(name)/(a) R 7 7\nb(c)/' stat
	printf 'one\0\0three' >cmdline
	procsrvctl mirror --json --proc="$BATS_TEST_TMPDIR/proc" >"$BATS_TEST_TMPDIR/map"
	copied "p[5]['name'] == 'a) R 7 7\nb(c' and p[5]['argv'] == ['one', '', 'three'] and
		up[5] == 1"
}

@test "a command line that is too long is cut after a string" {
	copy "1 0 1 1 S init
5 1 1 1 S name"
	for ((i = 0; i < 200; i++)); do
		printf '%999s\0' $i
	done >"$BATS_TEST_TMPDIR/proc/5/cmdline"
	procsrvctl mirror --json --proc="$BATS_TEST_TMPDIR/proc" >"$BATS_TEST_TMPDIR/map"
	copied "[int(a) for a in p[5]['argv']] == list(range(131))"
}

@test "environments only when they are asked for" {
	copy "1 0 1 1 S init
5 1 1 1 S name"
	printf 'A=B\0C=D\0' >"$BATS_TEST_TMPDIR/proc/5/environ"
	procsrvctl mirror --json --proc="$BATS_TEST_TMPDIR/proc" >"$BATS_TEST_TMPDIR/map"
	copied "p[5]['envp'] == []"
	procsrvctl mirror --env --json --proc="$BATS_TEST_TMPDIR/proc" >"$BATS_TEST_TMPDIR/map"
	copied "p[5]['envp'] == ['A=B', 'C=D'] and p[1]['envp'] == []"
}

@test "the summary" {
	"$BATS_TEST_DIRNAME/fake-proc" "$BATS_TEST_TMPDIR/proc" <<<"1 0 1 1 S init
5 1 5 5 T stopped
6
7 1 7 7 Z zombie"
	prints "3 processes in 2 sessions and 2 process groups, 1 stopped, 1 zombies
1 ended while they were read, and were skipped" mirror --proc="$BATS_TEST_TMPDIR/proc"
	run -0 --separate-stderr procsrvctl mirror --verbose --proc="$BATS_TEST_TMPDIR/proc"
	same "1 -> 1 init" "${lines[0]}"
	[[ ${lines[1]} =~ ^"5 -> "[0-9]+" stopped"$ ]]
	[[ ${lines[2]} =~ ^"7 -> "[0-9]+" zombie"$ ]]
}

@test "a directory that is not there, or has no processes" {
	fails 2 "mirror: cannot open $BATS_TEST_TMPDIR/none: No such file or directory" \
		mirror --proc="$BATS_TEST_TMPDIR/none"
	mkdir "$BATS_TEST_TMPDIR/empty"
	fails 2 "mirror: there are no processes in $BATS_TEST_TMPDIR/empty" \
		mirror --proc="$BATS_TEST_TMPDIR/empty"
}

@test "twice is two copies" {
	copy "1 0 1 1 S init
5 1 5 5 S name"
	before=$(procsrvctl list | wc -l)
	procsrvctl mirror --proc="$BATS_TEST_TMPDIR/proc"
	same $((before + 1)) "$(procsrvctl list | wc -l)"
}

# From here on it is the machine itself that is copied.

@test "this machine: the same processes with the same parents, sessions and groups" {
	setsid bash -c 'sleep 1000 & sleep 1000 & bash -c "sleep 1000; true" & wait' 3>&- &
	sleep 1
	ps -eo pid=,ppid=,pgid=,sid=,uid=,nlwp=,comm= >"$BATS_TEST_TMPDIR/before"
	procsrvctl mirror --json >"$BATS_TEST_TMPDIR/map"
	ps -eo pid=,ppid=,pgid=,sid=,uid=,nlwp=,comm= >"$BATS_TEST_TMPDIR/after"
	procsrvctl ps --json >"$BATS_TEST_TMPDIR/ps"
	python3 "$BATS_TEST_DIRNAME/compare-mirror" "$BATS_TEST_TMPDIR"
	kill -9 -- -$!
}

@test "this machine: a shell and its jobs, drawn" {
	bash -c 'sleep 1000 & sleep 1000 & bash -c "sleep 1000; true" & wait' 3>&- &
	shell=$!
	sleep 1
	procsrvctl mirror --json >"$BATS_TEST_TMPDIR/map"
	pid=$(python3 -c '
import json, sys
print(*(m["pid"] for m in json.load(sys.stdin)["map"] if m["linux_pid"] == int(sys.argv[1])))' \
		$shell <"$BATS_TEST_TMPDIR/map")
	prints "bash-+-bash---sleep
     \`-2*[sleep]" tree "$pid"
	pkill -9 -P "$(pgrep -P $shell -x bash)"
	pkill -9 -P $shell
}

@test "this machine: a process in all its details" {
	cd /usr
	perl -e '$0 = "y (x) Z 1"; sleep 1000' 3>&- &
	odd=$!
	(cd /var && exec env -i SECRET='a b' sleep 1234) 3>&- &
	sleeper=$!
	sleep 1234 3>&- &
	stopped=$!
	kill -STOP "$stopped"
	perl -e 'fork or exit 3; fork or kill 9, $$; sleep 1000' 3>&- &
	parent=$!
	sleep 1
	procsrvctl mirror --env --json >"$BATS_TEST_TMPDIR/map"
	rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$odd/status")
	copied "p[$odd]['name'] == 'y (x) Z 1' and p[$odd]['cwd'] == '/usr' and
		p[$odd]['state'] == 'SLEEPING' and
		abs(p[$odd]['memory_usage'] / 1024 - $rss) <= 512 and
		p[$sleeper]['envp'] == ['SECRET=a b'] and
		p[$sleeper]['argv'] == ['sleep', '1234'] and
		p[$sleeper]['name'] == 'sleep' and p[$sleeper]['cwd'] == '/var' and
		p[$stopped]['state'] == 'STOPPED' and
		sorted((q['exit_code'], q['exit_signal']) for n, q in p.items()
			if up[n] == $parent) == [(0, 9), (3, 0)]"
}

@test "this machine: a terminal" {
	script -qec "sleep 1000" /dev/null 3>&- >/dev/null </dev/null &
	sleep 1
	pid=$(pgrep -P $!)
	procsrvctl mirror --json >"$BATS_TEST_TMPDIR/map"
	copied "p[$pid]['terminal'] == '$(ps -o tty= "$pid")'"
	kill -9 "$pid"
}
