#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# procsrv-run
# shellcheck disable=SC2154 # some variables are set in common.bash

load common
load run

CHECK=$BATS_TEST_DIRNAME/../replay/check-picture

setup_file() {
	export CALLS=$BATS_FILE_TMPDIR/calls
	compile_calls "$CALLS"
}

teardown() {
	if [[ -v RUN ]]; then
		kill -KILL "$RUN" 2>/dev/null || true
		wait "$RUN" || true
	fi
}

# begin PIDS ARGUMENT...: procsrv-run in the background, with the name "one", until its server
# has these processes.
begin() {
	procsrv-run --name one "${@:2}" >"$OUT" 2>"$ERR" 3>&- &
	RUN=$!
	until_processes "$1"
}

# until_processes PIDS: the server has them, and no others.
until_processes() {
	local i

	for ((i = 0; i < 300; i++)); do
		[[ $(procsrvctl --server one list 2>/dev/null | paste -sd' ') != "$1" ]] || return 0
		sleep 0.1
	done
	procsrvctl --server one ps
	return 1
}

# end STATUS: procsrv-run exits with it.
end() {
	local status=0

	wait "$RUN" || status=$?
	unset RUN
	cat "$ERR"
	same "$1" "$status"
}

# events EXPRESSION: which must be true of e, the events in the file of --events, in Python.
events() {
	python3 -c 'import json, sys; print(json.dumps([json.loads(line) for line in sys.stdin]))' \
		<"$EVENTS" | check "[e := d, all(b['seq'] == a['seq'] + 1 for a, b in zip(e, e[1:])) and ($1)][1]"
}

# picture EXPRESSION: prints its value, by check-picture.
picture() {
	"$CHECK" svg "$SVG" "$1"
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
	same "procsrv-run: /nonexistent: No such file or directory (is the module loaded?)" "$(<"$ERR")"
	PROCSRV_DEVICE=/nonexistent run_status 3 --compare true
	PROCSRV_DEVICE=/dev/null run_status 125 true
	same "procsrv-run: /dev/null: not a process server" "$(<"$ERR")"
}

@test "the command is process 2" {
	# shellcheck disable=SC2016 # it is the command that expands it
	run_status 0 sh -c 'echo $$ $PPID; ps -o pid= -e | wc -l'
	[[ $(<"$OUT") == "2 1"$'\n'* ]]
}

@test "the calls of programs: compared" {
	agrees "$CALLS"
}

@test "the calls of programs: answered" {
	follows "$CALLS"
}

@test "after a wait there is no zombie" {
	follows --name one sh -c 'for i in 1 2 3; do sleep 0.1; procsrvctl --server one list; done'
	same "1 2 4 1 2 6 1 2 8" "$(paste -sd' ' "$OUT")"
}

@test "a debugger gets an error message that says why it cannot work" {
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

@test "a terminal: procsrv-run as a job of a shell" {
	"$BATS_TEST_DIRNAME/run_terminal.py" outside
}

@test "a terminal: a shell with jobs, answered" {
	"$BATS_TEST_DIRNAME/run_terminal.py" inside
}

@test "a terminal: a shell with jobs, compared" {
	output=$("$BATS_TEST_DIRNAME/run_terminal.py" inside --compare)
	has $'differ        0\r'
}

@test "programs of every day" {
	cat >"$BATS_TEST_TMPDIR/script" <<-'END'
		set -e
		cd "$1"
		git init -q .
		mkdir -p tree/DEBIAN
		seq 10 | tee tree/numbers | xargs -P 4 -n 1 sh -c 'echo "$0" >"tree/$0"'
		printf '%s\n' 'Package: x' 'Version: 1' 'Architecture: all' 'Maintainer: x <x@x>' \
			'Description: x' >tree/DEBIAN/control
		git add tree
		git -c user.name=x -c user.email=x@x commit -qm tree
		git log --format=%s
		dpkg-deb -b tree x.deb >/dev/null
		dpkg-deb -x x.deb out
		diff -r -x DEBIAN tree out
		timeout 0.2 sleep 1000 || echo $?
	END
	mkdir "$BATS_TEST_TMPDIR/answered" "$BATS_TEST_TMPDIR/compared"
	run_status 0 sh "$BATS_TEST_TMPDIR/script" "$BATS_TEST_TMPDIR/answered"
	same "" "$(<"$ERR")"
	same $'tree\n124' "$(<"$OUT")"
	agrees sh "$BATS_TEST_TMPDIR/script" "$BATS_TEST_TMPDIR/compared"
	same $'tree\n124' "$(<"$OUT")"
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

@test "a process that the server refuses is never visible" {
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
	[[ $(<"$ERR") == "procsrv-run: /dev/procsrv: the process server is not open to this user ("*")" ]]
}

@test "other programs look at the server, by its name and by pid" {
	begin "1 2 3" sh -c 'sleep 1000 & exec sleep 1001'
	works --server one tree
	has "init---sleep---sleep"
	works --server one ps
	has " sleep 1000" " sleep 1001"
	works --server one info 3
	has $'\nname               sleep\n' $'\nhosted             yes\n'
	works --server one stats
	has "total_created 2"
	prints $'1\n2\n3' --server "$RUN" list
	works --server "$RUN" kill -TERM 2
	end 143
	fails 3 "list: there is no server 'one' (ENOENT)" --server one list
	fails 3 "list: server '$$': this process has no private server (ENOENT)" --server "$$" list
}

@test "a signal from outside reaches the process" {
	begin "1 2 3" sh -c 'sleep 1000 & wait $!; echo $?; sleep 1000'
	procsrvctl --server one events --kind=signal --count=1 --timeout=30s \
		>"$BATS_TEST_TMPDIR/events" 3>&- &
	until [[ $(readlink "/proc/$!/fd/"*) == *"[procsrv]"* && $(</proc/"$!"/stat) == *") S "* ]]; do
		sleep 0.1
	done
	sleep 0.3
	works --server one kill -USR1 3
	wait "$!"
	output=$(<"$BATS_TEST_TMPDIR/events")
	has "3 signal     SIGUSR1 from outside"
	until_processes "1 2 4"
	same 138 "$(<"$OUT")"
	# One that is stopped, and one that runs all the time.
	works --server one kill -STOP 4
	await_stop 4
	works --server one kill -KILL 4
	end 137
	begin "1 2" sh -c 'while :; do :; done'
	works --server one kill -KILL 2
	end 137
}

await_stop() {
	local i

	for ((i = 0; i < 300; i++)); do
		[[ $(procsrvctl --server one info "$1") != *$'\nstate              STOPPED\n'* ]] || return 0
		sleep 0.1
	done
	return 1
}

@test "a wait from outside gets the child" {
	begin "1 2 3" sh -c 'sleep 1000 & exec sleep 1001'
	procsrvctl --server one wait --timeout=30s 2 >"$BATS_TEST_TMPDIR/wait" 3>&- &
	until [[ $(procsrvctl --server one info 2) == *$'\nstate              WAITING\n'* ]]; do
		sleep 0.1
	done
	works --server one kill -TERM 3
	wait "$!"
	same "3 killed by SIGTERM" "$(<"$BATS_TEST_TMPDIR/wait")"
	works --server one kill -TERM 2
	end 143
}

@test "sleep, usage, priority, limits and directory are not reported" {
	begin "1 2 3" sh -c 'cd /tmp; ulimit -n 99; nice -n 5 sleep 1000 & wait'
	sleep 0.5
	for pid in 2 3; do
		procsrvctl --server one info --json "$pid" | check "(d['state'], d['priority'], d['cwd'],
			d['memory_usage'], d['cpu_time']) == ('RUNNING', 'normal', '/', 0, 0)"
		works --server one limits "$pid"
		same "$(procsrvctl --server one limits 1)" "$output"
	done
	[[ $(procsrvctl --server one ps --pid=3) == *" ?        R"*" 0 00:00:00 sleep 1000" ]]
	works --server one kill -TERM 3
	end 0
}

@test "a name is one server's" {
	begin "1 2" sleep 1000
	run_status 125 --name one touch "$BATS_TEST_TMPDIR/made"
	same "procsrv-run: a server 'one' is running already (EADDRINUSE)" "$(<"$ERR")"
	[[ ! -e $BATS_TEST_TMPDIR/made ]]
	prints $'1\n2' --server one list
	kill -KILL "$RUN"
	wait "$RUN" || true
	unset RUN
	run_status 0 --name one true
	run_status 125 --name a/b true
	same "procsrv-run: 'a/b' is not a name for a server (EINVAL)" "$(<"$ERR")"
	run_status 125 --name 12 true
	same "" "$(ls -A /run/procsrv)"
}

@test "events and a picture" {
	SVG=$BATS_TEST_TMPDIR/svg EVENTS=$BATS_TEST_TMPDIR/events
	run_status 7 --events "$EVENTS" --svg "$SVG" sh -c 'sleep 1000 & sleep 1; (exit 3); exit 7'
	same "" "$(<"$ERR")"
	events "{ (x['pid'], x['kind'], x['code'], x['signo']) for x in e if x['kind'] == 'exit' } ==
		{ (2, 'exit', 7, 0), (3, 'exit', 0, 9), (4, 'exit', 0, 0), (5, 'exit', 3, 0) }"
	events "[ x['pid'] for x in e if x['kind'] == 'create' ] == [2, 3, 4, 5]"
	[[ $(picture 'row("sh 2").title') == *"exit 7 at"* ]]
	[[ $(picture 'row("sleep 3").title') == *"sleep 1000"*"killed by SIGKILL at"* ]]
	[[ $(picture 'row("sh 5").title') == *"exit 3 at"*"waited for by sh 2"* ]]
}

@test "events and a picture of a command that is killed" {
	SVG=$BATS_TEST_TMPDIR/svg EVENTS=$BATS_TEST_TMPDIR/events
	# It lives for long enough that its name can be read.
	run_status 137 --events "$EVENTS" --svg "$SVG" sh -c 'sleep 0.5; kill -KILL $$'
	events "e[-2]['kind'] == 'exit' and e[-2]['signo'] == 9"
	[[ $(picture 'row("sh 2").title') == *"killed by SIGKILL from sh 2"* ]]
	# The supervisor is killed.
	begin "1 2" --events "$EVENTS" --svg "$SVG" sleep 1000
	kill -KILL "$(pgrep -P "$RUN")"
	end 125
	events "[ x['pid'] for x in e if x['kind'] == 'create' ] == [2]"
	[[ $(picture 'row("sleep 2").title') == *"sleep 1000"* ]]
}

@test "many events, none of them lost" {
	SVG=$BATS_TEST_TMPDIR/svg EVENTS=$BATS_TEST_TMPDIR/events
	# shellcheck disable=SC2016 # it is the command that expands it
	run_status 0 --events "$EVENTS" --svg "$SVG" sh -c 'for i in $(seq 100); do (:); done'
	same "" "$(<"$ERR")"
	events "sum(x['kind'] == 'create' for x in e) == 102 and
		sum(x['kind'] == 'reap' for x in e) == 102"
}

@test "files that cannot be written" {
	run_status 125 --svg /nonexistent/x touch "$BATS_TEST_TMPDIR/made"
	same "procsrv-run: /nonexistent/x: No such file or directory" "$(<"$ERR")"
	run_status 125 --events /nonexistent/x touch "$BATS_TEST_TMPDIR/made"
	[[ ! -e $BATS_TEST_TMPDIR/made ]]
	run_status 3 --svg /dev/full --events /dev/full sh -c 'exit 3'
	same 2 "$(grep -c '^procsrv-run: /dev/full: No space left on device$' "$ERR")"
}

@test "a process is killed in its fork, alone or with its group" {
	program run_orphans
	follows "$program" 30
}

@test "a process exits while its parent begins and ceases to be a subreaper" {
	program run_reapers
	follows "$program" 20
	agrees "$program" 20
}

@test "a name without privileges" {
	local dir=/run/user-run user=(setpriv --reuid 100002 --regid 100002 --clear-groups)

	mkdir -m 700 "$dir"
	chown 100002 "$dir"
	chmod 666 /dev/procsrv
	XDG_RUNTIME_DIR=$dir "${user[@]}" procsrv-run --name mine --svg "$dir/svg" sleep 1000 \
		>"$OUT" 2>"$ERR" 3>&- &
	RUN=$!
	until [[ $(XDG_RUNTIME_DIR=$dir "${user[@]}" procsrvctl --server mine list 2>/dev/null) == $'1\n2' ]]; do
		sleep 0.1
	done
	prints $'1\n2' --server "$RUN" list
	same $'1\n2' "$("${user[@]}" procsrvctl --server "$RUN" list)"
	run -3 setpriv --reuid 100003 --regid 100003 --clear-groups procsrvctl --server "$RUN" list
	XDG_RUNTIME_DIR=$dir "${user[@]}" procsrvctl --server mine kill -TERM 2
	end 143
	[[ -s $dir/svg ]]
	same "" "$(ls -A "$dir/procsrv")"
	chmod 600 /dev/procsrv
	rm -r "$dir"
}
