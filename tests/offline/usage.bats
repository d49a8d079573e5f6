#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Help, and errors of a command line.

load common

COMMANDS="create exec exit kill take wait watch reap reaper autoreap info limits update session group
	list ps tree events stats metrics time revoke mirror top supervise help"

@test "--help names every command with a line that describes it" {
	works --help
	for command in $COMMANDS; do
		[[ $output =~ $'\n'"  $command "\ *[A-Z] ]]
	done
	has "Exit status:" $'\n  0  ' $'\n  1  ' $'\n  2  ' $'\n  3  ' $'\n  4  ' $'\n  5  '
}

@test "every command has a --help of its own, and --json if it prints data, except metrics" {
	for command in $COMMANDS "session create" "session show" "session terminal" \
		"session foreground" "session hangup" "group create" "group set" "group show"; do
		# shellcheck disable=SC2086 # two words
		works $command --help
		[[ ${lines[0]} == "Usage: procsrvctl $command "* ]]
		has --help
		case $command in
		exec | exit | update | reaper | autoreap | revoke | metrics | session | group | help | \
			"session terminal" | \
			"session foreground" | "group set")
			[[ $output != *--json* ]]
			;;
		*)
			has --json
			;;
		esac
	done
}

@test "help, and -h, print what --help does" {
	for command in "" kill "session create"; do
		# shellcheck disable=SC2086 # two words, or none
		works $command --help
		help=$output
		# shellcheck disable=SC2086
		prints "$help" $command -h
		# shellcheck disable=SC2086
		prints "$help" help $command
	done
	usage_error "there is no command 'frob'" help frob
	for program in run replay differential; do
		"procsrv-$program" --help >"$BATS_TEST_TMPDIR/long"
		"procsrv-$program" -h | cmp - "$BATS_TEST_TMPDIR/long"
	done
}

@test "mirror --help explains the process that a mirror leaves" {
	works mirror --help
	has "'procsrvctl-mirror' stays in the server"
}

@test "--version" {
	works --version
	[[ $output =~ ^"procsrvctl "[0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "no command, and an unknown one" {
	usage_error "a command is missing"
	usage_error "there is no command 'frob'" frob
	usage_error "session: a command is missing" session
	usage_error "session: there is no command 'frob'" session frob
	usage_error "there is no command 'creat'; did you mean 'create'?" creat
	usage_error "there is no command 'slepe'" slepe
	usage_error "there is no command 'tpo'; did you mean 'top'?" tpo
	usage_error "there is no command 'eve'; did you mean 'events'?" eve
	usage_error "there is no command 'pstree'; did you mean 'tree'?" pstree
	usage_error "there is no command 'evnets'; did you mean 'events'?" evnets
	usage_error "there is no command 'suprevize'; did you mean 'supervise'?" suprevize
	for word in test walk sessile; do
		usage_error "there is no command '$word'" "$word"
	done
	usage_error "there is no command 'version'; did you mean '--version'?" version
	usage_error "there is no command 'run'; did you mean 'procsrv-run'?" run true
	usage_error "there is no command 'start'; did you mean 'create' or 'supervise --start'?" start foo
	usage_error "there is no command 'stop'; did you mean 'kill -STOP' or 'supervise --stop'?" stop 3
	usage_error "session: there is no command 'start'" session start
	usage_error "session: there is no command 'hangpu'; did you mean 'hangup'?" session hangpu
	usage_error "group: there is no command 'frob'" group frob
}

@test "an unknown option" {
	for command in "" $COMMANDS; do
		# shellcheck disable=SC2086 # none is a word too
		ask $command --frob
		same 2 "$status"
	done
}

@test "too few and too many arguments" {
	usage_error "create: too few arguments" create 1
	usage_error "exec: too few arguments" exec 1
	usage_error "exit: too few arguments" exit
	usage_error "exit: '3' is one argument too many" exit 1 2 3
	usage_error "kill: no process to send a signal to" kill
	usage_error "kill: '1' is one argument too many" kill --all 1
	usage_error "wait: too few arguments" wait
	usage_error "wait: '2' is one argument too many" wait 1 2
	usage_error "take: too few arguments" take
	usage_error "take: '2' is one argument too many" take 1 2
	usage_error "watch: too few arguments" watch
	usage_error "watch: '2' is one argument too many" watch 1 2
	usage_error "reaper: too few arguments" reaper 1
	usage_error "reaper: '2' is one argument too many" reaper 1 on 2
	usage_error "reaper: 'yes' is neither on nor off" reaper 1 yes
	usage_error "events: '2' is one argument too many" events 1 2
	usage_error "events: '2' is one argument too many" events --pid=1 exit 2
	usage_error "events: 'lost' is not a kind of event" events lost
	usage_error "reap: '1' is one argument too many" reap 1
	usage_error "info: too few arguments" info
	usage_error "limits: too few arguments" limits
	usage_error "update: too few arguments" update
	usage_error "update: nothing to report" update 1
	usage_error "session create: too few arguments" session create
	usage_error "session show: too few arguments" session show
	usage_error "session terminal: too few arguments" session terminal
	usage_error "session hangup: too few arguments" session hangup
	usage_error "group create: too few arguments" group create
	usage_error "group set: too few arguments" group set 1
	usage_error "group show: too few arguments" group show
	usage_error "list: '1' is one argument too many" list 1
	usage_error "ps: '1' is one argument too many" ps 1
	usage_error "tree: '2' is one argument too many" tree 1 2
	usage_error "stats: '1' is one argument too many" stats 1
	usage_error "time: '1' is one argument too many" time 1
	usage_error "revoke: too few arguments" revoke
	usage_error "mirror: '1' is one argument too many" mirror 1
}

@test "a pid is decimal digits, not 0, of 64 bits" {
	for word in x 1x 0x1 +1 -1 " 1" "1 " "" 0 1.0 18446744073709551616 \
		99999999999999999999999; do
		usage_error "info: '$word' is not a process id" info -- "$word"
	done
	fails 3 "info: cannot open $PROCSRV_DEVICE: No such file or directory (is the module loaded?)" \
		info 18446744073709551615
}

@test "session and group ids have 32 bits" {
	for word in x -1 0 4294967296; do
		usage_error "session show: '$word' is not a session id" session show -- "$word"
		usage_error "group show: '$word' is not a process group id" group show -- "$word"
		usage_error "list: '$word' is not a session id" list "--session=$word"
		usage_error "ps: '$word' is not a process group id" ps "--group=$word"
	done
}

@test "options of ps(1) that ps does not have" {
	usage_error "ps: 'z' is not an option of ps here" ps auz
	for word in axf faux f; do
		usage_error "ps: 'f' is not an option of ps here; 'tree' draws the tree" ps $word
	done
	for word in -H --forest; do
		usage_error "ps: ps draws no tree, 'tree' does" ps $word
	done
	for word in root 0 www-data alex; do
		usage_error "ps: ps cannot select by user" ps -u $word
		usage_error "ps: ps cannot select by user" ps -fu $word
		usage_error "ps: ps cannot select by user" ps -U $word
		usage_error "ps: ps cannot select by user" ps --user=$word
	done
	usage_error "ps: 'x1' is one argument too many" ps x1
	usage_error "ps: '' is one argument too many" ps ""
}

@test "exit codes have 32 bits and a sign" {
	for word in x 1x - -- 2147483648 -2147483649 +1; do
		usage_error "exit: '$word' is not an exit code" exit -- 1 "$word"
	done
	ask exit -- 1 -2147483648
	same 3 "$status"
	ask exit 1 2147483647
	same 3 "$status"
}

@test "signals" {
	for word in x 65 -1 TERMX SIG RTMIN+31 RTMAX-31 RTMIN-1 RTMAX+1 RT_33 ""; do
		usage_error "kill: '$word' is not a signal" kill "--signal=$word" 1
	done
	for word in TERM SIGTERM term SigTerm 15 0 64 RTMIN SIGRTMIN+1 rtmax-30 RT_32; do
		ask kill "--signal=$word" 1
		same 3 "$status"
		ask kill "-$word" 1
		same 3 "$status"
	done
	for word in FOO SIGFOO 65 99 sigfoo foo TERMX; do
		usage_error "kill: '$word' is not a signal" kill "-$word" 2
		usage_error "kill: '$word' is not a signal" kill --sender=1 "-$word" 2
	done
	usage_error "kill: '-5' is not a process group id" kill --group -5
	works kill -V
	usage_error "exit: signal 0 does not end a process" exit --signal=0 1
}

@test "kill: a process is not named by a negative number" {
	all="a process id is not negative; --all is for all processes"
	group="a process id is not negative; --group=2 is for process group 2"
	usage_error "kill: $all" kill -9 -1
	usage_error "kill: $all" kill -- -1
	usage_error "kill: $all" kill -s KILL -1
	usage_error "kill: $all" kill --signal KILL -1
	usage_error "kill: $all" kill --signal=KILL 1 -1
	usage_error "kill: $group" kill -9 -2
	usage_error "kill: $group" kill -- -2
	usage_error "kill: $group" kill -KILL -- -2
	usage_error "kill: $group" kill -15 1 -2
	usage_error "kill: ${group//2/4000}" kill -9 -4000
	usage_error "kill: no process to send a signal to" kill -9
	usage_error "kill: '-x' is not a process id" kill -- -x
}

@test "kill --list translates numbers, names and exit statuses, as kill(1) does" {
	prints KILL kill -l 9
	prints KILL kill --list 137
	prints 9 kill -l KILL
	prints 9 kill -l sigkill
	prints $'HUP\n15\n32\nRTMIN+1' kill -l 1 term 32 35
	for word in 0 65 128 193 FOO "" 4294967297; do
		usage_error "kill: '$word' is not a signal" kill -l "$word"
	done
}

@test "kill --list names what the C library names" {
	works kill --list
	diff <(printf '%s\n' "$output") <(for ((i = 1; i <= 64; i++)); do
		name=$(kill -l "$i") && [[ $name =~ ^[A-Z] ]] &&
			printf '%2d SIG%s\n' "$i" "${name#SIG}"
	done)
}

@test "times, in seconds if they have no unit" {
	for word in "" 1d 1. .5 1.5.5 1,5 s -1 -1s 5sec "5 s" 1.5ns 0.0000000001 1.0000000000000000000 \
		18446744073709551616ns 18446744074 5124095576031h; do
		usage_error "wait: '$word' is not a time (5s, 100ms, 20us, unlimited)" \
			wait "--timeout=$word" 1
	done
	usage_error "update: '1ns' is not a cpu time (5s, 100ms, 20us, unlimited)" \
		update --cpu-time=1ns 1
	for word in 0 0s 7ns 1us 1ms 1s 1m 1h unlimited 1000ns 1 0.5 1.50s 0.000000001 1.1us 2.0ns; do
		ask wait "--timeout=$word" 1
		same 3 "$status"
	done
	for word in 3000ns 0.000003 0.003ms; do
		ask update "--cpu-time=$word" 1
		same 3 "$status"
	done
}

@test "sizes" {
	for word in x 1X 1KB -1 1.5K 18446744073709551616 16777216T ""; do
		usage_error "limits: '$word' is not a size of memory (4096, 64K, 2G, unlimited)" \
			limits "--memory=$word" 1
	done
	for word in 0 1 1K 1k 1M 1G 16777215T unlimited; do
		ask limits "--memory=$word" 1
		same 3 "$status"
	done
}

@test "other values" {
	usage_error "limits: '-1' is not a number of files" limits --files=-1 1
	usage_error "limits: '4294967296' is not a number of threads" limits --threads=4294967296 1
	usage_error "limits: '1x' is not a nice value" limits --nice=1x 1
	usage_error "update: 'busy' is not a state" update --state=busy 1
	usage_error "update: 'urgent' is not a priority" update --priority=urgent 1
	usage_error "create: there is no user 'nobody-at-all'" create --uid=nobody-at-all 1 x
	usage_error "create: there is no group 'nobody-at-all'" create --gid=nobody-at-all 1 x
	usage_error "revoke: 'x' is not a capability" revoke 1 x
	usage_error "revoke: a capability is missing" revoke 1
	usage_error "revoke: only one of a process and --all can be given" revoke --all 1 2
}

@test "signals of a mask, and kinds of events" {
	for word in x 65 0 "" "1," ",1" "1,,2"; do
		ask take "--mask=$word" 1
		same 2 "$status"
	done
	usage_error "take: 'x' is not a signal" take --mask=HUP,x 1
	usage_error "take: signal 0 is never pending" take --mask=0 1
	for word in x lost 1 "" "create," "create,x"; do
		ask events "--kind=$word"
		same 2 "$status"
	done
	usage_error "events: 'lost' is not a kind of event" events --kind=exit,lost
	usage_error "events: --count is at least 1" events --count=0
	usage_error "events: --subtree needs --pid" events --subtree
}

@test "options that exclude each other" {
	usage_error "wait: only one of --pid and --pgid can be given" wait --pid=1 --pgid=1 1
	usage_error "list: only one of --session and --group can be given" \
		list --session=1 --group=1
	usage_error "kill: only one of --group, --session, --tree and --all can be given" \
		kill --group=1 --all
	usage_error "kill: only one of --group, --session, --tree and --all can be given" \
		kill --tree=1 --session=1
	usage_error "session terminal: either a name or --none is needed" \
		session terminal 1
	usage_error "session terminal: either a name or --none is needed" \
		session terminal 1 tty1 --none
}

@test "a device that is not there, or something else" {
	fails 3 "stats: cannot open $PROCSRV_DEVICE: No such file or directory (is the module loaded?)" \
		stats
	PROCSRV_DEVICE=/dev/null fails 3 "stats: /dev/null is not a process server" stats
	: >"$BATS_TEST_TMPDIR/file"
	PROCSRV_DEVICE=$BATS_TEST_TMPDIR/file \
		fails 3 "stats: $BATS_TEST_TMPDIR/file is not a process server" stats
	PROCSRV_DEVICE=$BATS_TEST_TMPDIR \
		fails 3 "stats: cannot open $BATS_TEST_TMPDIR: Is a directory" stats
}

@test "output that cannot be written" {
	status=0
	procsrvctl kill --list 2>"$BATS_TEST_TMPDIR/said" >/dev/full || status=$?
	same 2 "$status"
	same "procsrvctl: kill: cannot write the output: No space left on device" \
		"$(<"$BATS_TEST_TMPDIR/said")"
}

@test "--server" {
	usage_error "'0' is neither a name of a server nor a process id" --server 0 ps
	usage_error "'a/b' is neither a name of a server nor a process id" --server=a/b ps
	usage_error "a command is missing" --server name
	works --server name ps --help
	works --help
	has "--server=NAME|PID"
	for command in $COMMANDS "session create" "group show" session; do
		[[ $command != help ]] || continue
		for option in "--server=x" "--server x"; do
			# shellcheck disable=SC2086 # two words
			usage_error "$command: --server stands before the command: procsrvctl --server=x $command" \
				$command $option
		done
		# shellcheck disable=SC2086
		works $command --help
		[[ $output != *--server* ]]
	done
	usage_error "ps: --server stands before the command: procsrvctl --server=x ps" ps -l --server=x
	ask exec 1 name -- --server=x
	same 3 "$status"
}
