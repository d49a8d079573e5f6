#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Services with a command: their settings, their processes in the server, their descendants, limits,
# reading the file again, and the end of the supervisor.

# shellcheck disable=SC2153,SC2154 # setup has $NAME, find_said $match, program $program
load common
load supervise

teardown() {
	local pid

	[[ -z $SUPERVISOR ]] || {
		kill -KILL "$SUPERVISOR" || true
		wait "$SUPERVISOR" 2>/dev/null || true
	}
	for pid in "$BATS_TEST_TMPDIR"/*.pid; do
		[[ ! -s $pid ]] || kill -KILL "$(<"$pid")" 2>/dev/null || true
	done
}

# linux_of SERVICE: puts the pid of its latest process in Linux into $linux.
linux_of() {
	find_said "^$1: process [0-9]+, ([0-9]+) in Linux"
	linux=$match
}

# file_of NAME: puts the contents of the file that a program has written into $text, as soon as it
# is there.
file_of() {
	local i

	for ((i = 0; i < 3000; i++)); do
		[[ ! -s $BATS_TEST_TMPDIR/$1 ]] || break
		pause 0.02
	done
	read_file "$BATS_TEST_TMPDIR/$1"
	text=${text%$'\n'}
	[[ $text ]]
}

# dies PID: waits until it is no process of Linux, or only a zombie.
dies() {
	local i stat

	for ((i = 0; i < 3000; i++)); do
		IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
		[[ $stat != *') Z '* ]] || return 0
		pause 0.02
	done
	printf 'alive: %s\n' "$stat"
	return 1
}

lives() {
	local stat

	IFS= read -r stat <"/proc/$1/stat"
	[[ $stat != *') Z '* ]]
}

# keeper_of PID: puts the parent in Linux into $keeper.
keeper_of() {
	local stat comm

	IFS= read -r stat <"/proc/$1/stat"
	read -r _ keeper _ <<<"${stat##*) }"
	read -r comm <"/proc/$keeper/comm"
	same keeper "$comm"
}

# state_is SERVICE EXPRESSION: what --status --json has for it, as a Python expression of s.
state_is() {
	ask_supervisor --status --json
	check "[s for s in d['services'] if s['name'] == '$1' and $2]" <<<"$output"
}

@test "what a program is run with" {
	printf 'from the file\n' >"$BATS_TEST_TMPDIR/input"
	supervise <<END
[service a]
command = sh -c 'id -un; id -gn; pwd; echo "\$A \$HOME \$USER"; ulimit -n; ulimit -Hn; env; cat'
environment = "A=b c"
user = nobody
directory = /usr
standard-input = file:$BATS_TEST_TMPDIR/input
limit-nofile = 17:34
restart = never
END
	logged "a: exited with code 0"
	home=$(getent passwd nobody | cut -d: -f6)
	run sed -n 's/^[^]]*\] a| //p' "$LOG"
	[[ $output == "nobody
$(id -gn nobody)
/usr
b c $home nobody
17
34
"*"
from the file" ]]
	# The environment is not that of the supervisor.
	[[ $output != *BATS* ]]
	same "b c" "$(sed -n 's/^A=//p' <<<"$output")"
}

@test "its output: to files, to the log, and to nothing" {
	printf 'old\n' | tee "$BATS_TEST_TMPDIR"/{append,truncate} >/dev/null
	supervise <<END
[service append]
command = sh -c 'echo out; echo err >&2'
standard-output = append:$BATS_TEST_TMPDIR/append
restart = never
[service truncate]
command = sh -c 'echo out; echo err >&2'
standard-output = truncate:$BATS_TEST_TMPDIR/truncate
standard-error = log
restart = never
[service null]
command = sh -c 'echo out; echo err >&2; readlink /proc/self/fd/0'
standard-output = null
restart = never
[service log]
command = sh -c 'printf "two\\nlines\\tand \\033[2J part"; head -c 3000 /dev/zero | tr "\\\\0" x; readlink /proc/self/fd/0'
restart = never
END
	for name in append truncate null log; do
		logged "$name: exited with code 0"
	done
	same $'old\nout\nerr' "$(<"$BATS_TEST_TMPDIR/append")"
	same "out" "$(<"$BATS_TEST_TMPDIR/truncate")"
	same "err" "$(sed -n 's/^[^]]*\] truncate| //p' "$LOG")"
	run grep -c "null|" "$LOG"
	same 0 "$output"
	mapfile -t lines < <(sed -n 's/^[^]]*\] log| //p' "$LOG")
	same "two" "${lines[0]}"
	same 'lines\tand \x1b[2J part' "${lines[1]%%xx*}"
	# A line that is too long is continued in the next.
	same "/dev/null" "${lines[2]##*x}"
	same 3 ${#lines[@]}
}

@test "the server knows the program, and its process in Linux is another" {
	supervise <<'END'
[service a]
command = sleep 1000
environment = A=B
user = nobody
directory = /usr
END
	logged "a: process"
	pid_of a
	linux_of a
	works info --json "$pid"
	check "d['name'] == 'a' and d['argv'] == ['sleep', '1000'] and d['uid'] == $(id -u nobody) and
		'A=B' in d['envp'] and 'USER=nobody' in d['envp'] and d['cwd'] == '/usr'" \
		<<<"$output"
	same $'sleep\n1000' "$(tr '\0' '\n' <"/proc/$linux/cmdline")"
	state_is a "s['pid'] == $pid and s['linux_pid'] == $linux and s['memory'] > 10000 and s['threads'] == 1"
	shows "$pid" threads 1
}

# dumps_core: whether this Linux dumps core, by a test in Python.
dumps_core() {
	python3 - "$BATS_TEST_TMPDIR" <<'END'
import os, resource, signal, sys
os.chdir(sys.argv[1])
pid = os.fork()
if not pid:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    os.kill(os.getpid(), signal.SIGSEGV)
print(os.WCOREDUMP(os.waitpid(pid, 0)[1]))
END
}

@test "how a program has ended: its code, its signal, and whether it has dumped core" {
	supervise <<END
[service code]
command = sh -c 'exit 3'
restart = never
[service signal]
command = sh -c 'kill -USR1 \$\$'
restart = never
[service core]
command = sh -c 'kill -SEGV \$\$'
directory = $BATS_TEST_TMPDIR
limit-core = unlimited
restart = never
END
	logged "code: exited with code 3"
	logged "signal: killed by SIGUSR1"
	logged "core: killed by SIGSEGV"
	state_is core "s['core_dumped'] == $(dumps_core)"
}

@test "signals that the server has for it reach it, and its stops are reported" {
	supervise <<END
[service a]
command = sh -c 'trap "echo got it" USR1; echo \$\$; while :; do sleep 1000 & wait; done'
END
	logged "a: process"
	pid_of a
	linux_of a
	logged "a| $linux"
	procsrvctl kill -USR1 "$pid"
	logged "a| got it"
	procsrvctl kill -STOP "$pid"
	await "$pid" STOPPED
	[[ $(<"/proc/$linux/stat") == *') T '* ]]
	procsrvctl kill -CONT "$pid"
	await "$pid" RUNNING
	kill -STOP "$linux"
	await "$pid" STOPPED
	kill -CONT "$linux"
	await "$pid" RUNNING
	procsrvctl kill -KILL "$pid"
	logged "a: killed by SIGKILL"
	logged "ms after the exit"
}

@test "a program that cannot be run, and one whose directory is not there" {
	supervise <<'END'
[service a]
command = /no/such/program
backoff-min = 1h
backoff-max = 1h
[service b]
command = sleep 1000
directory = /no/such/directory
restart = never
END
	logged "a: cannot run: /no/such/program: No such file or directory" 2
	logged "a: exited with code 127" 2
	logged "a: restart in 3600s, 2 in a row"
	logged "b: cannot run: /no/such/directory: No such file or directory"
	is b failed
}

# It hangs before that, when it opens its standard input.
@test "a program that is never executed" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	supervise <<END
[service a]
command = sleep 1000
standard-input = file:$BATS_TEST_TMPDIR/fifo
stop-timeout = 100ms
[service b]
command = sleep 1000
requires = a
END
	is a starting
	is b waiting
	pid_of supervisor
	works tree "$pid"
	same "$NAME---a" "${output//─/-}"
	silent supervise --name="$NAME" --stop=a
	logged "a: has not exited in time: killed with all below it"
	logged "a: killed by SIGKILL"
	is a stopped
	run grep -c "orphan\|in Linux" "$LOG"
	same 0 "$output"

	# A signal that comes before it runs is delivered then.
	silent supervise --name="$NAME" --start=a
	until process=$(procsrvctl list | tail -n 1) &&
		procsrvctl info "$process" | grep -q "^name *a$"; do
		sleep 0.05
	done
	procsrvctl kill -USR1 "$process"
	is a starting
	: >"$BATS_TEST_TMPDIR/fifo"
	logged "a: killed by SIGUSR1"

	# SIGKILL is not delayed, and no error of the supervisor.
	silent supervise --name="$NAME" --start=a
	process=$(procsrvctl list | tail -n 1)
	procsrvctl kill -KILL "$process"
	logged "a: killed by SIGKILL" 2
	run grep -c "keeper" "$LOG"
	same 0 "$output"
}

# Two services have orphans, each in a session of its own, so that only their ancestors show which
# service they belong to.
@test "orphans are processes of the server below their service, and die with it" {
	# The name of an orphan is logged once: it has called exec when it becomes one.
	cat >"$BATS_TEST_TMPDIR/leave" <<-'END'
		sleep "$1" &
		until read -r name <"/proc/$!/comm" && [ "$name" = sleep ]; do :; done
		echo "$!" >"$2"
	END
	supervise <<END
[service a]
command = sh -c 'setsid sh $BATS_TEST_TMPDIR/leave 1001 $BATS_TEST_TMPDIR/a.pid & wait; exec sleep 1000'
[service b]
command = sh -c 'setsid sh $BATS_TEST_TMPDIR/leave 1002 $BATS_TEST_TMPDIR/b.pid & wait; exec sleep 1000'
END
	file_of a.pid
	a=$text
	file_of b.pid
	b=$text
	logged "a: process"
	logged "b: process"
	ask_supervisor --status
	logged "$a in Linux: sleep"
	logged "$b in Linux: sleep"
	works tree "$ROOT"
	[[ $output == *a[─-]*sleep*b[─-]*sleep ]]
	orphan=$(sed -n "s/.* a: orphan process \([0-9]*\), $a in Linux.*/\1/p" "$LOG")
	works info --json "$orphan"
	check "d['argv'] == ['sleep', '1001']" <<<"$output"
	pid_of a
	procsrvctl kill -KILL "$pid"
	logged "ms after the exit"
	dies "$a"
	lives "$b"
	refused "info: there is no process $orphan (ESRCH)" info "$orphan"

	# The orphan alone: a signal, and its end.
	orphan=$(sed -n "s/.* b: orphan process \([0-9]*\), $b in Linux.*/\1/p" "$LOG")
	procsrvctl kill -STOP "$orphan"
	await "$orphan" STOPPED
	procsrvctl kill -KILL "$orphan"
	dies "$b"
	ask_supervisor --status
	refused "info: there is no process $orphan (ESRCH)" info "$orphan"
	is b running
}

@test "orphans are found soon after a start without a request" {
	supervise <<END
[service a]
command = sh -c '(sleep 1001 & echo \$! >$BATS_TEST_TMPDIR/a.pid); exec sleep 1000'
END
	logged "a: orphan process"
}

@test "a program that does not stop in time is killed, with all below it" {
	supervise <<END
[service a]
command = sh -c 'trap "echo no" TERM; setsid sleep 1001 & echo \$! >$BATS_TEST_TMPDIR/a.pid; while :; do wait; done'
stop-timeout = 300ms
END
	file_of a.pid
	linux_of a
	silent supervise --name="$NAME" --stop=a
	logged "a: has not exited in time: killed with all below it"
	logged "a| no"
	logged "a: killed by SIGKILL"
	dies "$linux"
	dies "$text"
	is a stopped
	silent supervise --name="$NAME" --start=a
	logged "a: process" 2
	is a running
}

# Each process has a session of its own, and only the keeper as a parent. None of them is left
# when the service is stopped, and the directory shows that there were some.
@test "a program that leaves orphans all the time, and goes on while it is stopped" {
	mkdir "$BATS_TEST_TMPDIR/orphans"
	supervise <<END
[service a]
command = sh -c 'trap "" TERM; cd $BATS_TEST_TMPDIR/orphans; while :; do setsid sh -c "sleep 1003 & echo >\\\$!" & wait; done'
stop-timeout = 300ms
restart = always
END
	logged "a: process"
	orphans=()
	until ((${#orphans[@]} > 3)); do
		pause 0.1
		orphans=("$BATS_TEST_TMPDIR"/orphans/*)
	done
	silent supervise --name="$NAME" --stop=a
	logged "a: has not exited in time: killed with all below it"
	logged "a: killed by SIGKILL"
	is a stopped
	for orphan in "$BATS_TEST_TMPDIR"/orphans/*; do
		[[ ! -d /proc/${orphan##*/} ]]
	done
}

@test "stop asks the program alone, and what is left below it is killed" {
	supervise <<END
[service a]
command = sh -c 'trap "echo bye; exit 5" INT; sleep 1001 & echo \$! >$BATS_TEST_TMPDIR/a.pid; wait'
stop-signal = INT
[service b]
command = sleep 1000
requires = a
END
	file_of a.pid
	logged "b: process"
	silent supervise --name="$NAME" --restart=a
	logged "a| bye"
	logged "a: exited with code 5"
	dies "$text"
	logged "a: process" 2
	same 1 "$(grep -c "b: process" "$LOG")"
	kill -TERM "$SUPERVISOR"
	ends
	nobody_lives
}

@test "a process that is ended on the server takes its program along" {
	supervise <<'END'
[service a]
command = sh -c 'sleep 1001 & sleep 1000'
restart = always
END
	logged "a: process"
	pid_of a
	linux_of a
	procsrvctl exit "$pid" 4
	logged "a: exited with code 4"
	logged "a: process" 2
	dies "$linux"
	is a running
}

@test "ready by NOTIFY_SOCKET" {
	cat >"$BATS_TEST_TMPDIR/notify" <<'END'
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = os.environ["NOTIFY_SOCKET"].replace("@", "\0", 1)
s.sendto(b"STATUS=working\nMAINPID=1\nREADY=0\n READY=1", name)
pid = os.fork()
if not pid:
    os.setuid(1234)
    s.sendto(b"READY=1", name)
    os._exit(0)
os.waitpid(pid, 0)
print("working", flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.05)
s.sendto(b"STATUS=done\nREADY=1\n", name)
time.sleep(1000)
END
	supervise <<END
[service a]
command = python3 $BATS_TEST_TMPDIR/notify $BATS_TEST_TMPDIR/go
ready = notify
[service b]
command = sleep 1000
requires = a
END
	logged "a| working"
	is a starting
	is b waiting
	: >"$BATS_TEST_TMPDIR/go"
	logged "a: ready"
	logged "b: process"
	is a running
}

# One of them has no program, so that the test ends it. Another opens a FIFO that has no reader.
@test "a program that is not ready in time is stopped, and has failed" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	supervise <<END
[service hangs]
ready = sleeping
stop-signal = INT
stop-timeout = unlimited
start-timeout = 300ms
restart = never
[service again]
command = sleep 1000
ready = notify
start-timeout = 200ms
stable = 0
backoff-min = 1h
backoff-max = 1h
[service blocked]
command = sleep 1000
standard-output = file:$BATS_TEST_TMPDIR/fifo
start-timeout = 200ms
stop-timeout = 100ms
restart = never
[service after]
command = sleep 1000
requires = hangs
[service quick]
command = sleep 1000
start-timeout = 1h
END
	logged "hangs: is not ready within 300ms"
	logged "hangs: asked to exit by SIGINT"
	pid_of hangs
	procsrvctl exit "$pid" 0
	logged "hangs: exited with code 0"
	# A failure, which on-failure restarts, at first at once.
	logged "again: is not ready within 200ms" 2
	logged "again: killed by SIGTERM" 2
	logged "again: restart in 3600s, 2 in a row"
	logged "blocked: is not ready within 200ms"
	logged "blocked: killed by SIGKILL"
	is hangs failed
	is blocked failed
	is again backoff
	is after stopped
	is quick running

	# A start by request is another try.
	silent supervise --name="$NAME" --start=hangs
	logged "hangs: is not ready within 300ms" 2
	pid_of hangs
	procsrvctl exit "$pid" 0
	logged "hangs: exited with code 0" 2
	is hangs failed
}

@test "limits of the server end a program that uses more" {
	supervise <<'END'
[service memory]
command = sh -c 'head -c 64M /dev/zero | tail -c 64M | sleep 1000'
memory-max = 32M
usage-interval = 200ms
restart = never
[service cpu]
command = sh -c 'while :; do :; done'
cpu-time-max = 100ms
usage-interval = 200ms
restart = never
END
	logged "memory: killed by SIGKILL"
	logged "cpu: killed by SIGXCPU"
}

@test "the file read again: only what has changed is restarted" {
	supervise <<'END'
[service same]
command = sleep 1000
[service later]
command = sleep 1000
[service changed]
command = sleep 1000
[service gone]
command = sleep 1000
END
	for name in same later changed gone; do
		logged "$name: process"
	done
	linux_of gone
	ask_supervisor --status --json
	before=$output
	cat >"$FILE" <<'END'
# The order of keys, blanks and comments make no difference.
[service added]
command = sleep 1001
requires = changed
[service later]
restart = always
stop-signal = INT
command =  sleep 1000
after = same
[service changed]
command = sleep 1002
[service same]
command = sleep 1000
END
	silent supervise --name="$NAME" --reload
	logged "read again: 1 new, 1 changed, 1 gone"
	logged "gone: killed by SIGTERM"
	logged "changed: process" 2
	logged "added: process"
	dies "$linux"
	ask_supervisor --status --json
	check "[s['name'] for s in d[1]['services']] == ['changed', 'added', 'same', 'later'] and
		[s['name'] for s in d[1]['services'] for t in d[0]['services']
		if t['linux_pid'] == s['linux_pid']] == ['same', 'later']" <<<"[$before, $output]"
	refused "supervise: there is no service 'gone'" supervise --name="$NAME" --start=gone
	kill "$SUPERVISOR"
	logged "later: asked to exit by SIGINT"
	ends
}

@test "an invalid file is refused, and all services continue" {
	supervise <<'END'
[service a]
command = sleep 1000
END
	logged "a: process"
	printf '[service a]\ncommand = sleep 1\nstop-signal = FROB\n' >"$FILE"
	refused "supervise: $FILE:3: stop-signal: 'FROB' is not a signal" \
		supervise --name="$NAME" --reload
	kill -HUP "$SUPERVISOR"
	logged "supervisor: not read again: $FILE:3: stop-signal: 'FROB' is not a signal"
	is a running
	same 1 "$(grep -c "a: process" "$LOG")"
	printf '[service a]\ncommand = sleep 1001\n' >"$FILE"
	kill -HUP "$SUPERVISOR"
	logged "a: process" 2
}

# with_orphan [LINE]: a service with an orphan. Puts the program into $linux, the orphan into $text,
# and the keeper into $keeper.
with_orphan() {
	supervise <<END
[service a]
command = sh -c '(setsid sleep 1001 & echo \$! >$BATS_TEST_TMPDIR/a.pid); exec sleep 1000'
${1-}
END
	file_of a.pid
	logged "a: process"
	linux_of a
	keeper_of "$linux"
}

# The process that is killed first is stopped before, so that it cannot react.
@test "the supervisor is killed: programs and orphans die" {
	with_orphan
	kill -KILL "$SUPERVISOR"
	ends 137
	dies "$linux"
	dies "$text"
	dies "$keeper"
	nobody_lives
}

@test "the keeper is killed: the program and orphans die, and it is restarted" {
	with_orphan "restart = always"
	kill -KILL "$keeper"
	logged "a: the keeper of the program was killed, and the program with it"
	logged "a: killed by SIGKILL"
	dies "$linux"
	dies "$text"
	logged "a: process" 2
	is a running
}

# docs/supervise.md says so: an orphan outlives the end of both.
@test "the keeper and the supervisor are killed at once: the program dies, orphans do not" {
	with_orphan
	kill -STOP "$SUPERVISOR"
	kill -KILL "$keeper"
	kill -KILL "$SUPERVISOR"
	ends 137
	dies "$linux"
	lives "$text"
	nobody_lives
}

# start_times HOW: puts the times that supervise_start has measured in one of two ways into $times,
# in order
start_times() {
	mapfile -t times < <("$program" "$1" "$BATS_TEST_TMPDIR/$1" 11 3>&- | sort -n)
	same 11 ${#times[@]}
	echo "# from the kill to the successor, $1, us:" "${times[@]}" >&3
}

# Compared with the time that Linux needs for a fork and an exec, which is a third of it: there are
# two forks, two programs that have to be woken, and the server. The best of each does not depend on
# the load of the machine.
@test "a program that is killed has a successor soon" {
	program supervise_start
	supervise <<END
[service a]
command = $program run $BATS_TEST_TMPDIR/kill
restart = always
stable = 0
END
	file_of kill
	start_times kill
	kill=${times[0]}
	start_times plain
	((kill < 8 * times[0]))
}

@test "a log that is not read stops nothing, and nothing is missing in it" {
	local log=$BATS_TEST_TMPDIR/fifo i

	mkfifo "$log"
	exec {reader}<>"$log"
	start_supervisor "$log" "$reader" <<'END'
[service a]
command = sleep 1000
restart = always
backoff-min = 0
backoff-max = 0
[service chatty]
command = sh -c 'seq 20000; exec sleep 1000'
END
	for i in 0 1 2; do
		until ask supervise --name="$NAME" --status --json &&
			[[ $output =~ '"a", "state": "running", "pid": '([0-9]+)', '[^}]*'"restarts": '$i, ]]; do
			pause 0.05
		done
		procsrvctl kill -KILL "${BASH_REMATCH[1]}"
	done
	sed '/chatty| 20000$/q' <"$log" >"$LOG"
	sed -n 's/.*chatty| //p' "$LOG" | cmp - <(seq 20000)
	same 3 "$(grep -c 'a: killed by SIGKILL' "$LOG")"
	# The reader goes away.
	exec {reader}>&-
	kill "$SUPERVISOR"
	ends 2
}

@test "nothing is polled: supervisor and keeper sleep while programs do" {
	supervise <<'END'
[service a]
command = sleep 1000
[service b]
command = sleep 1000
restart = always
END
	switches() {
		awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$SUPERVISOR/status" \
			"/proc/$keeper/status"
	}
	logged "a: process"
	logged "b: process"
	linux_of a
	keeper_of "$linux"
	# There is a look at programs 1 s after their start.
	pause 1.3
	before=$(switches)
	pause 1.2
	same "$before" "$(switches)"
}
