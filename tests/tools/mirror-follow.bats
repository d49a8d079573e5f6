#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# mirror --follow, of the machine itself
# shellcheck disable=SC2154 # of ask

load common

setup_file() {
	FIRST=$(procsrvctl create 1 first)
	export FIRST
	program mirror_storm
	export STORM=$program
}

setup() {
	OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err EVENTS=$BATS_TEST_TMPDIR/events
	PATH=$BATS_TEST_DIRNAME:$PATH
	STARTED=()
	DEVICE=
	# A pipe of which both ends are open.
	exec {SILENT}<> <(:)
}

# pause SECONDS: as sleep, without a process.
pause() {
	read -rt "$1" -u "$SILENT" || true
}

# Processes that a test has started end with it, so that nothing is left for the next one.
teardown() {
	local pid left

	for pid in "${STARTED[@]}"; do
		kill -CONT "$pid" && kill "$pid" && wait "$pid"
	done 2>/dev/null
	left=(/run/procsrv/*)
	[[ ! -e ${left[0]} ]]
	[[ ! $DEVICE ]] || clean_device
}

teardown_file() {
	clean
}

# Removes processes that a mirror of the test has left in the server of the device.
clean_device() {
	works list
	((${#lines[@]} < 3)) || procsrvctl kill -9 "${lines[@]:2}"
	procsrvctl reap >/dev/null
	procsrvctl exec 1 init
	procsrvctl update 1 --cpu-time=0 --memory=0 --threads=1 --state=running \
		--priority=normal --cwd=/
}

# begin_device: the test uses the server of the device; its processes are in ${before[@]}.
begin_device() {
	DEVICE=1
	works list
	before=("${lines[@]}")
}

# start COMMAND...: in the background, until the test ends.
start() {
	"$@" 3>&- {SILENT}>&- &
	STARTED+=("$!")
}

# follow ARGUMENT...: a mirror, which is there when this returns.
follow() {
	: >"$OUT"
	start procsrvctl mirror --follow "$@" >"$OUT" 2>"$ERR"
	MIRROR=$!
	until [[ -s $OUT ]] || ! kill -0 "$MIRROR"; do
		pause 0.02
	done
}

# record ARGUMENT...: prints the processes of the server m, and then its events from now on.
record() {
	: >"$EVENTS"
	start procsrvctl --server m events --capacity=65536 --snapshot --follow --json "$@" >"$EVENTS"
	until [[ -s $EVENTS ]]; do
		pause 0.02
	done
}

# storm COUNT RATE [KINDS]: runs until only the processes are left that remain; see mirror_storm.c.
# No other process begins or ends meanwhile.
storm() {
	local fifo=$BATS_TEST_TMPDIR/fifo line lines

	mkfifo "$fifo"
	exec {lines}<>"$fifo"
	start "$STORM" "$@" >"$fifo" {lines}>&-
	while read -ru "$lines" line && [[ $line != rest ]]; do
		echo "$line"
	done >"$BATS_TEST_TMPDIR/storm"
	exec {lines}>&-
}

# at_rest: until the mirror has read all messages, as its events show, and has looked at /proc.
at_rest() {
	local text=

	until [[ $text == *'"code": 42,'* ]]; do
		bash -c 'exit 42' || true
		pause 0.1
		IFS= read -rd '' text <"$EVENTS" || true
	done
	pause 0.6
}

# becomes PATTERN ARGUMENT...: the output of procsrvctl matches soon.
becomes() {
	local i

	for ((i = 0; i < 400; i++)); do
		ask --server m "${@:2}"
		# shellcheck disable=SC2053 # a pattern
		[[ $'\n'$output$'\n' != $1 ]] || return 0
		pause 0.1
	done
	printf 'there is no %s in:\n%s\n' "$1" "$output"
	return 1
}

# is_gone PID: it vanishes soon from the server m.
is_gone() {
	local i

	for ((i = 0; i < 400; i++)); do
		ask --server m info "$1"
		[[ $stderr != *"(ESRCH)" ]] || return 0
		pause 0.1
	done
	return 1
}

# told PATTERN: the mirror soon prints that on standard error.
told() {
	local i

	for ((i = 0; i < 400; i++)); do
		# shellcheck disable=SC2053 # a pattern
		[[ $(<"$ERR") != $1 ]] || return 0
		pause 0.1
	done
	cat "$ERR"
	return 1
}

@test "options that need others" {
	usage_error "mirror: --name, --interval and --buffer need --follow" mirror --name=m
	usage_error "mirror: --control needs --name" mirror --follow --control
	usage_error "mirror: '.m' is not a name for a server" mirror --follow --name=.m
	usage_error "mirror: --follow and --proc exclude each other" \
		mirror --follow --proc=/tmp
}

@test "where there are no messages it says the reason" {
	unshare -U procsrvctl mirror --follow >"$OUT" 2>"$ERR" && false
	same 2 $?
	same "procsrvctl: mirror: --follow: the proc connector works in the initial user namespace only (EPERM)" \
		"$(<"$ERR")"
	unshare -pf --mount-proc procsrvctl mirror --follow >"$OUT" 2>"$ERR" && false
	same 2 $?
	same "procsrvctl: mirror: --follow: the proc connector works in the initial PID namespace only (EPERM)" \
		"$(<"$ERR")"
}

@test "a process from its beginning to its end" {
	follow --name=m --interval=200ms
	record
	bash -c 'true; exit 7' &
	pid=$!
	wait $! || true
	bash -c 'kill -KILL $$' &
	killed=$!
	wait $! || true
	at_rest
	python3 - "$EVENTS" $BASHPID $pid $killed <<-'END'
		import json, sys
		events = [json.loads(line) for line in open(sys.argv[1])]
		shell, pid, killed = map(int, sys.argv[2:])
		def life(pid):
		    return [(e["kind"], e["other"], e["code"], e["signo"]) for e in events
		            if e["pid"] == pid and e["kind"] in ("create", "exec", "exit", "reap")]
		for got, code, signo in (life(pid), 7, 0), (life(killed), 0, 9):
		    expected = [("create", shell, 0, 0), ("exec", 0, 0, 0), ("exit", 0, code, signo),
		                ("reap", shell, 0, 0)]
		    assert got == expected, f"{got} and not {expected}"
	END
	same "" "$(<"$ERR")"
}

@test "changes without a message: stops, groups, sessions, names, users and usage" {
	follow --name=m --interval=200ms
	# shellcheck disable=SC2016 # of perl
	start perl -e 'use POSIX; $SIG{USR1} = sub {}; $0 = "first"; sleep 1000; setpgid(0, 0);
		$0 = "second"; POSIX::setuid(1234); sleep 1000'
	pid=$!
	becomes "*name *first"$'\n'"*" info "$pid"
	kill -USR1 $pid
	becomes "*name *second"$'\n'"*process group *$pid"$'\n'"*" info "$pid"
	becomes "*user ids *real 1234, effective 1234, saved 1234"$'\n'"*" info "$pid"
	works --server m ps --numeric
	[[ $output =~ $'\n'1234\ +$pid\  ]]
	kill -STOP $pid
	becomes "*state *STOPPED"$'\n'"*" info "$pid"
	kill -CONT $pid
	becomes "*state *SLEEPING"$'\n'"*" info "$pid"
	start setsid perl -e 'my @a = (1) x 3e6; 1 while times < 0.3; sleep 100'
	pid=$!
	becomes "*session *$pid"$'\n'"*" info "$pid"
	becomes "*cpu time *0.[3-9]*" info "$pid"
	becomes "*memory *[0-9][0-9][0-9][0-9][0-9][0-9][0-9] bytes*" info "$pid"
}

@test "an orphan goes to its reaper" {
	follow --name=m --interval=200ms
	# PR_SET_CHILD_SUBREAPER
	start perl -e 'syscall(157, 36, 1, 0, 0, 0); if (!fork) {
		if (!fork) { exec "sleep", "1000" } exit } wait; sleep 100'
	becomes $'\n'"perl---sleep"$'\n' tree $!
	pkill -P $!
}

@test "a storm, with pids that are used again, and a mirror that is stopped meanwhile" {
	pid_max=$(</proc/sys/kernel/pid_max)
	follow --name=m --interval=200ms
	record --kind=exit
	echo 400 >/proc/sys/kernel/pid_max
	(sleep 0.3 && kill -STOP "$MIRROR" && sleep 1 && kill -CONT "$MIRROR") 3>&- &
	stopping=$!
	storm 300 200
	wait "$stopping"
	echo "$pid_max" >/proc/sys/kernel/pid_max
	at_rest
	compare-follow m
	compare-exits "$BATS_TEST_TMPDIR/storm" "$EVENTS"
	same "" "$(<"$ERR")"
	# A new mirror begins with the rest of the storm: sessions and groups without their leaders.
	follow --name=m --interval=200ms
	compare-follow m
}

@test "messages that are lost: the number of lost ends is reported, and the mirror is right again" {
	follow --name=m --interval=200ms --buffer=16K
	record --kind=exit
	kill -STOP $MIRROR
	storm 200 200 15
	kill -CONT $MIRROR
	until [[ -s $ERR ]]; do
		pause 0.1
	done
	told "*procsrvctl: mirror: *[0-9] exit code?(s) missing in the events*"
	at_rest
	# The next message that comes shows the gap before it.
	told "*procsrvctl: mirror: lost *[0-9] message?(s) of the kernel*"
	same "" "$(grep -vxE 'procsrvctl: mirror: (lost [0-9]+ messages? of the kernel|[0-9]+ exit codes? missing in the events)' \
		"$ERR")"
	# Until the mirror has looked whether grep, and the shells for it, were waited for.
	pause 0.6
	compare-follow m
	compare-exits "$BATS_TEST_TMPDIR/storm" "$EVENTS"
}

@test "a signal in the server reaches the process" {
	follow --name=m --control
	start sleep 1000
	pid=$!
	becomes "*command line *sleep 1000*" info "$pid"
	works --server m kill -STOP "$pid"
	becomes "*state *STOPPED"$'\n'"*" info "$pid"
	same T "$(ps -o stat= "$pid" | cut -c1)"
	works --server m kill -CONT "$pid"
	becomes "*state *SLEEPING"$'\n'"*" info "$pid"
	works --server m kill -KILL "$pid"
	wait "$pid" || same 137 $?
	is_gone "$pid"
	same "" "$(<"$ERR")"
}

@test "a signal that Linux refuses, and one without --control, are reported" {
	follow --name=m --interval=200ms
	start sleep 1000
	pid=$!
	becomes "*command line *sleep 1000*" info "$pid"
	works --server m kill -KILL "$pid"
	told "procsrvctl: mirror: SIGKILL to process $pid has no effect without --control"
	kill -0 "$pid"
	start setpriv --bounding-set=-kill procsrvctl mirror --follow --name=m --control \
		>"$OUT.2" 2>"$ERR"
	until [[ -s $OUT.2 ]]; do pause 0.02; done
	start setpriv --reuid=1234 sleep 1000
	pid=$!
	becomes "*command line *sleep 1000*" info "$pid"
	works --server m kill -TERM "$pid"
	told "procsrvctl: mirror: SIGTERM to process $pid: Operation not permitted (EPERM)"
	kill -0 "$pid"
}

@test "only the user of the mirror may signal what is in it" {
	follow --name=m --control
	start setpriv --reuid=1234 sleep 1000
	pid=$!
	becomes "*command line *sleep 1000*" info "$pid"
	# With a descriptor that was passed on: the server checks the user of the process.
	python3 - "$pid" "$BATS_TEST_DIRNAME/../../include/uapi/linux/procsrv.h" <<-'END'
		import fcntl, os, re, socket, struct, sys
		with open(sys.argv[2], encoding="utf-8") as file:
		    number = re.search(r"PROCSRV_IOC_SIGNAL \\\s+_IOWR\(PROCSRV_IOC_MAGIC, (\w+)", file.read())[1]
		client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		client.connect("/run/procsrv/m")
		server = socket.recv_fds(client, 64, 1)[1][0]
		args = struct.pack("QQIiII", 0, int(sys.argv[1]), 0, 15, 0, 0)
		request = 3 << 30 | len(args) << 16 | 0xbd << 8 | int(number, 0)
		os.setresuid(1234, 1234, 1234)
		try:
		    fcntl.ioctl(server, request, bytearray(args))
		except PermissionError:
		    sys.exit(0)
		sys.exit("it may")
	END
	kill -0 "$pid"
}

@test "a second mirror of the name takes the place of the first" {
	follow --name=m --interval=200ms
	first=$MIRROR
	follow --name=m --interval=200ms
	wait "$first"
	works --server m list
	grep -qx "$MIRROR" <<<"$output"
	# It does not replace the server of another program.
	start procsrv-run --name other sleep 100
	until [[ -S /run/procsrv/other ]]; do pause 0.02; done
	procsrvctl mirror --follow --name=other >"$OUT.2" 2>"$ERR.2" && false
	same "procsrvctl: mirror: a server 'other' is running already (EADDRINUSE)" "$(<"$ERR.2")"
}

@test "a second mirror takes the place of the first in the server of the device" {
	begin_device
	works mirror
	count=${output%% *}
	works list
	# Init was there before, and the mirror itself is there now.
	same $((${#before[@]} + count)) ${#lines[@]}
	works mirror
	count=${output%% *}
	works list
	same $((${#before[@]} + count)) ${#lines[@]}
	works ps
	[[ $output == *procsrvctl-mirror* && $output != *procsrvctl-mirror*procsrvctl-mirror* ]]

	follow
	first=$MIRROR
	start sleep 1000
	i=0
	until works ps && [[ $output == *'sleep 1000'* ]]; do
		((++i < 400))
		pause 0.1
	done
	works mirror
	wait "$first"
	count=${output%% *}
	works list
	same $((${#before[@]} + count)) ${#lines[@]}
}

@test "a mirror that was killed is replaced as well" {
	begin_device
	follow
	kill -KILL "$MIRROR"
	wait "$MIRROR" || true
	works mirror
	count=${output%% *}
	works list
	same $((${#before[@]} + count)) ${#lines[@]}
}

@test "it ends by a signal, and leaves nothing in the server of the device" {
	begin_device
	follow
	kill -TERM "$MIRROR"
	wait "$MIRROR"
	works list
	same "${before[*]}" "${lines[*]}"
}
