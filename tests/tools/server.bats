#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --server, and doors; tests/tools/serve.c is the program that has the server

load common

TOP=$BATS_TEST_DIRNAME/../..

setup_file() {
	make -C "$TOP/lib" O="$BATS_FILE_TMPDIR/lib" "$BATS_FILE_TMPDIR/lib/libprocsrv.a" >&2
	cc -std=gnu11 -D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -Wall -Wextra -Werror \
		-I"$TOP/include/uapi" -I"$TOP/lib" -I"$TOP/tools" \
		-o "$BATS_FILE_TMPDIR/serve" "$BATS_TEST_DIRNAME/serve.c" "$TOP/tools/door.c" \
		"$BATS_FILE_TMPDIR/lib/libprocsrv.a"
	STATS=$(</sys/kernel/procsrv/stats)
	export STATS
}

setup() {
	SERVERS=()
	DOORS=/run/procsrv
	SERVE_PROGRAM=$BATS_FILE_TMPDIR/serve
}

# None of this happens in the server of the device.
teardown() {
	local fd

	[[ -z ${SERVE:-} ]] || kill -CONT "$SERVE" 2>/dev/null || true
	for fd in "${SERVERS[@]}"; do
		exec {fd}>&-
	done
	wait
	same "" "$(ls -A "$DOORS" 2>/dev/null)"
}

teardown_file() {
	same "$STATS" "$(</sys/kernel/procsrv/stats)"
}

# serve NAME [COMMAND...]: starts it, by the command, which may change the user; its answers are
# read from $ANSWERS, commands go to $COMMANDS.
serve() {
	local name=$1 fifo=$BATS_TEST_TMPDIR/$1

	shift
	mkfifo "$fifo.in" "$fifo.out"
	"$@" "$SERVE_PROGRAM" "$name" <"$fifo.in" >"$fifo.out" 3>&- &
	SERVE=$!
	exec {COMMANDS}>"$fifo.in" {ANSWERS}<"$fifo.out"
	SERVERS+=("$COMMANDS")
	read -ru "$ANSWERS" answer
}

# host WORD...: gives it a command, and puts its answer into $answer.
host() {
	echo "$*" >&"$COMMANDS"
	read -ru "$ANSWERS" answer
}

# background COMMAND...: without the descriptors of the test, which would keep the server.
background() {
	local commands=$COMMANDS

	(
		exec {commands}>&- 3>&-
		exec "$@"
	) &
	# Until then it is a copy of the test, with its traps.
	while [[ /proc/$!/exe -ef /proc/$$/exe ]]; do
		sleep 0.02
	done
}

stop_serving() {
	exec {COMMANDS}>&-
	SERVERS=()
	wait "$SERVE"
}

# sees_server PID: until events sleeps, and has subscribed.
sees_server() {
	until [[ $(readlink "/proc/$1/fd/"*) == *"[procsrv]"* && $(</proc/"$1"/stat) == *") S "* ]]; do
		sleep 0.1
	done
	sleep 0.3
}

# at ARGUMENT...: on the server of the test.
at() {
	works --server one "$@"
}

@test "every command works on the server with the name" {
	serve one
	same ready "$answer"
	at create 1 worker -- worker --fast
	same 2 "$output"
	at list
	same $'1\n2' "$output"
	at ps
	has " worker --fast"
	at tree
	has "init---worker"
	at info 2
	has "name               worker" $'\nhosted             no\n'
	at stats
	has "total_created 1"
	at kill -9 2
	prints "2 killed by SIGKILL" --server one wait 1
	fails 1 "wait: process 1 has no children (ECHILD)" --server one wait 1
	at session create "$(procsrvctl --server one create 1 leader)"
	at group show 1
	at top --help
}

@test "the same by the pid of the process" {
	serve one
	host pid
	at create 1 worker
	works --server "$answer" info 2
	has "name               worker"
	prints $'1\n2' --server "$answer" list
	# A copy of the descriptor in another process will do.
	background sleep 1000
	fails 3 "list: server '$!': this process has no private server (ENOENT)" \
		--server "$!" list
	kill "$!"
}

@test "each client has events of its own" {
	serve one
	background procsrvctl --server one events --count=2 --timeout=30s \
		>"$BATS_TEST_TMPDIR/first"
	first=$!
	background procsrvctl --server one events --kind=exit --count=1 --timeout=30s \
		>"$BATS_TEST_TMPDIR/second"
	second=$!
	sees_server "$first"
	sees_server "$second"
	at create 1 worker
	at exit 2 3
	wait "$first"
	wait "$second"
	same 2 "$(wc -l <"$BATS_TEST_TMPDIR/first")"
	output=$(<"$BATS_TEST_TMPDIR/second")
	same 1 "$(wc -l <"$BATS_TEST_TMPDIR/second")"
	has "exit       code 3"
}

@test "many clients at once" {
	serve one
	for ((i = 0; i < 24; i++)); do
		background procsrvctl --server one create 1 worker >"$BATS_TEST_TMPDIR/$i"
		clients[i]=$!
	done
	for ((i = 0; i < 24; i++)); do
		wait "${clients[i]}"
	done
	at list
	same "$(seq 25)" "$output"
}

# look NAME ARGUMENT...: procsrvctl in the background, with its messages in the file NAME.
look() {
	background procsrvctl --server one "${@:2}" >"$BATS_TEST_TMPDIR/$1.out" 2>"$BATS_TEST_TMPDIR/$1"
	LOOKING[$1]=$!
	sees_server $!
}

# told NAME STATUS MESSAGE: it ends with this.
told() {
	local status=0

	wait "${LOOKING[$1]}" || status=$?
	same "$3" "$(<"$BATS_TEST_TMPDIR/$1")"
	same "$2" "$status"
}

@test "the server ends with its program, and all that look into it are told" {
	local -A LOOKING
	local picture=$BATS_TEST_TMPDIR/picture metrics=$BATS_TEST_TMPDIR/metrics.prom

	serve one
	look events events --kind=reap --timeout=60
	look count events --count=9 --timeout=60
	look top top --batch --delay=0.1 --count=600
	look drawing events --svg "$picture" --for=60
	look metrics metrics --textfile "$metrics" --every=1h --for=60
	at create 1 worker
	stop_serving
	[[ ! -e $DOORS/one ]]
	fails 3 "list: there is no server 'one' (ENOENT)" --server one list

	told events 0 'procsrvctl: events: the server has ended'
	grep -q ' 2 reap ' "$BATS_TEST_TMPDIR/events.out"
	told count 5 'procsrvctl: events: 4 of 9 events came before the server ended (ESHUTDOWN)'
	told top 0 'procsrvctl: top: the server has ended'
	told drawing 0 'procsrvctl: events: the server has ended'
	grep -q 'worker 2' "$picture"
	told metrics 0 'procsrvctl: metrics: the server has ended'
	grep -qx 'procsrv_processes_exited_total 1' "$metrics"
}

@test "a further descriptor outlives the server, and creates nothing" {
	serve one
	background procsrvctl --server one take --mask=USR1 1
	looking=$!
	sees_server "$looking"
	at create 1 worker
	host end
	same 0 "$answer"
	fails 3 "list: server '$looking': it has been closed (ESHUTDOWN)" \
		--server "$looking" list
	kill "$looking"
	wait "$looking" || true
}

@test "a program that is stopped" {
	serve one
	at create 1 worker
	kill -STOP "$SERVE"
	start=$SECONDS
	fails 3 "list: server 'one': its program is stopped: continue process $SERVE, or use --server=$SERVE (EAGAIN)" \
		--server one list
	((SECONDS - start < 4))
	prints $'1\n2' --server "$SERVE" list
	background procsrvctl --server one list >"$BATS_TEST_TMPDIR/late"
	late=$!
	sleep 0.3
	kill -CONT "$SERVE"
	wait "$late"
	same $'1\n2' "$(<"$BATS_TEST_TMPDIR/late")"
}

@test "names and pids without a server" {
	mkdir -p "$DOORS"
	fails 3 "ps: there is no server 'none' (ENOENT)" --server none ps
	fails 3 "ps: server '999999999': there is no such process (ESRCH)" \
		--server 999999999 ps
	fails 3 "ps: server '$$': this process has no private server (ENOENT)" \
		--server "$$" ps
	touch "$DOORS/file"
	fails 3 "ps: server 'file': the file with this name is not the socket of a server (ENOTSOCK)" \
		--server file ps
	serve file
	same "the file 'file' is not the socket of a server (EEXIST)" "$answer"
	rm "$DOORS/file"
	# The device is no private server.
	exec {device}<>/dev/procsrv
	fails 3 "ps: server '$BASHPID': this process has no private server (ENOENT)" \
		--server "$BASHPID" ps
	exec {device}>&-
}

@test "names" {
	local name

	for name in '' . .. .hidden a/b '../x' 'a b' $'a\nb' ä "$(printf 'x%.0s' {1..65})" 0 \
		99999999999; do
		ask --server "$name" ps
		same 2 "$status"
		# shellcheck disable=SC2154 # of ask
		[[ $stderr == *"is neither a name of a server nor a process id"* ]]
	done
	ask --server $'\e[2J' ps
	has_not_escape "$stderr"
	serve 12
	same "'12' is not a name for a server (EINVAL)" "$answer"
	serve "$(printf 'x%.0s' {1..64})"
	same ready "$answer"
	works --server "$(printf 'x%.0s' {1..64})" list
}

has_not_escape() {
	[[ $1 != *$'\e'* ]]
}

@test "a name is one server's" {
	serve one
	exec {first}>&"$COMMANDS"
	SERVERS+=("$first")
	"$BATS_FILE_TMPDIR/serve" one </dev/null >"$BATS_TEST_TMPDIR/second" && false
	same "a server 'one' is running already (EADDRINUSE)" "$(<"$BATS_TEST_TMPDIR/second")"
	at list
}

@test "the door that a killed program leaves behind is replaced" {
	serve one
	kill -KILL "$SERVE"
	wait "$SERVE" || true
	[[ -S $DOORS/one ]]
	fails 3 "ps: server 'one': the program that had the server has ended (ECONNREFUSED)" \
		--server one ps
	rm "$BATS_TEST_TMPDIR"/one.*
	serve one
	same ready "$answer"
	at list
}

@test "the door is for its user and root" {
	local dir=/run/user-door user=(setpriv --reuid 100002 --regid 100002 --clear-groups)

	mkdir -m 700 "$dir"
	cp "$BATS_FILE_TMPDIR/serve" "$dir"
	chown 100002 "$dir"
	SERVE_PROGRAM=$dir/serve
	chmod 666 /dev/procsrv
	export XDG_RUNTIME_DIR=$dir
	serve mine "${user[@]}"
	same ready "$answer"
	same "700 100002" "$(stat -c '%a %u' "$dir/procsrv")"
	same "600 100002" "$(stat -c '%a %u' "$dir/procsrv/mine")"
	same 1 "$("${user[@]}" procsrvctl --server mine list)"
	host pid
	prints 1 --server "$answer" list
	# Other users have no access to the directory, nor to its processes.
	run -3 setpriv --reuid 100003 --regid 100003 --clear-groups procsrvctl --server mine list
	has "there is no server 'mine'" "Permission denied (EACCES)"
	run -3 setpriv --reuid 100003 --regid 100003 --clear-groups \
		procsrvctl --server "$answer" list
	has "the descriptors of this process are not for this user"
	# root has a directory of its own.
	ask --server mine list
	same 3 "$status"
	stop_serving
	same "" "$(ls -A "$dir/procsrv")"
	chmod 600 /dev/procsrv
	rm -r "$dir"
}

@test "a directory of another user is not used" {
	mkdir -p "$DOORS"
	chmod 777 "$DOORS"
	serve one
	same "/run/procsrv is writable by others (EPERM)" "$answer"
	chown 7 "$DOORS"
	chmod 700 "$DOORS"
	rm "$BATS_TEST_TMPDIR"/one.*
	serve one
	same "/run/procsrv belongs to user 7 (EPERM)" "$answer"
	fails 3 "ps: there is no server 'one': /run/procsrv belongs to user 7 (EPERM)" \
		--server one ps
	chown 0 "$DOORS"
}

@test "a client that does not receive does not hold up others" {
	serve one
	cat >"$BATS_TEST_TMPDIR/client.py" <<-'EOP'
		import socket, sys, time
		held = []
		for i in range(100):
		    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		    s.connect(sys.argv[1])
		    held.append(s)
		open(sys.argv[2], "w").close()
		time.sleep(1000)
	EOP
	background python3 "$BATS_TEST_TMPDIR/client.py" "$DOORS/one" "$BATS_TEST_TMPDIR/held"
	client=$!
	until [[ -e $BATS_TEST_TMPDIR/held ]]; do
		sleep 0.1
	done
	at list
	kill "$client"
	wait "$client" || true
}

@test "counts of one" {
	serve one
	at top --once
	same "1 process: 1 running, 0 sleeping, 0 stopped, 0 zombies (0 orphans)" "${lines[0]}"
	at create 1 child
	at exit "$output"
	at top --once
	same "2 processes: 1 running, 0 sleeping, 0 stopped, 1 zombie (0 orphans)" "${lines[0]}"
}

@test "hosted processes" {
	serve one
	host hosted 1
	pid=$answer
	works --server one info "$pid"
	has $'\nhosted             yes\n' $'\ntied               yes\n' \
		$'\nuser ids           real 0, effective 0, saved 0\n' \
		$'\nmay signal all     no\n'
	host may-kill "$pid"
	at info --json "$pid"
	check "d['hosted'] and d['credentials'] == { 'ruid': 0, 'euid': 7, 'suid': 0, 'rgid': 0,
		'egid': 0, 'sgid': 0, 'kill': True }" <<<"$output"
	silent --server one kill -KILL "$pid"
	prints "SIGKILL from outside" --server one take --mask=KILL,TERM "$pid"
	silent --server one kill -TSTP "$pid"
	host take 0
	same 20 "$answer"
	host stop "$pid" 20
	at info "$pid"
	has $'\nstate              STOPPED\n' $'\nstop signal        20 SIGTSTP\n'
	at ps
	has " Tth "
	prints "$pid stopped by SIGTSTP" --server one wait --stopped 1
	host exiting "$pid"
	at info --json "$pid"
	check "d['exiting'] and d['stop_signal'] == 0 and d['state'] == 'RUNNING'" <<<"$output"
	host exit "$pid" 0 $((11 | 0x80))
	at info "$pid"
	has $'\nexit signal        11 SIGSEGV, core dumped\n'
	at wait --json --nowait 1
	has '"exit_signal": 11, "signal_name": "SIGSEGV", "core_dumped": true'
	prints "$pid killed by SIGSEGV, core dumped" --server one wait 1
}
