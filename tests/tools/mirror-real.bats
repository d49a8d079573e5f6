#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# mirror, of the machine itself: the copy is the same as in ps(1) and /proc.
# shellcheck disable=SC2034,SC2154 # the arrays come from mirror-table

load common

# Processes of every kind. Their pids go to the file pids, for the tests to read.
start() {
	bash -c 'sleep 1000 & sleep 1000 & bash -c "sleep 1000; true" & wait' 3>&- &
	echo "jobs=$!"
	setsid sleep 1000 3>&- &
	echo "leader=$!"
	perl -e '$0 = "y (x) Z 1"; sleep 1000' 3>&- &
	echo "odd=$!"
	(cd /var && exec env -i SECRET='a b' sleep 1234) 3>&- &
	echo "sleeper=$!"
	sleep 1235 3>&- &
	echo "stopped=$!"
	kill -STOP $!
	perl -e 'fork or exit 3; fork or kill 9, $$; sleep 1000' 3>&- &
	echo "mother=$!"
	script -qec "sleep 1236" /dev/null 3>&- >/dev/null </dev/null &
	echo "typescript=$!"
}

# busy COMMAND...: until it fails, or for long enough on a machine that is emulated.
busy() {
	local i

	for ((i = 0; i < 300; i++)); do
		"$@" || return 0
		sleep 0.1
	done
}

not_ready() {
	[[ $(ps -o stat= --ppid "$mother") != *Z*Z* ||
		$(ps -o tty=,args= --ppid "$typescript") != pts/*sleep\ 1236* ]]
}

setup_file() {
	FIRST=$(procsrvctl create 1 first)
	export FIRST
	cd "$BATS_FILE_TMPDIR" || return
	start >pids
	# shellcheck source=/dev/null
	. ./pids
	busy not_ready
	ps -eo pid=,ppid=,pgid=,sid=,uid=,nlwp=,comm= >before
	procsrvctl mirror --env --json >map
	ps -eo pid=,ppid=,pgid=,sid=,uid=,nlwp=,comm= >after
	procsrvctl ps --env --json >./ps
	{
		"$BATS_TEST_DIRNAME/mirror-table" .
		cat pids
		ps -o pid=,tty= --ppid "$typescript" |
			awk '{ print "tty_pid=" $1; print "terminal_of=" $2 }'
		awk '/^VmRSS/ { print "rss=" $2 }' "/proc/$odd/status"
	} >table
}

setup() {
	# shellcheck source=/dev/null
	. "$BATS_FILE_TMPDIR/table"
}

teardown_file() {
	# shellcheck source=/dev/null
	. "$BATS_FILE_TMPDIR/pids"
	# The terminal is hung up when script ends, and with it the programs that run there.
	kill -9 $(pgrep -P "$jobs,$(pgrep -P "$jobs" -x bash)") \
		"$jobs" "$leader" "$odd" "$sleeper" "$stopped" "$mother" "$typescript"
	clean
	procsrvctl exec 1 init
	procsrvctl update 1 --cpu-time=0 --memory=0 --threads=1 --state=running \
		--priority=normal --cwd=/
}

@test "every process has its parent, session, group, user, threads and name" {
	"$BATS_TEST_DIRNAME/compare-mirror" "$BATS_FILE_TMPDIR"
}

@test "a shell and its jobs, drawn" {
	prints "bash-+-bash---sleep
     \`-2*[sleep]" tree "${copy[$jobs]}"
}

@test "a leader of a session" {
	works session show "${sid[$leader]}"
	has $'\nleader     '"${copy[$leader]}"$'\n' $'\nprocesses  1\n'
}

@test "name, command line, environment, directory, memory, state" {
	same "y (x) Z 1" "${name[$odd]}"
	difference=$((${memory_usage[$odd]} / 1024 - rss))
	((difference >= -512 && difference <= 512))
	same "sleep|1234" "${argv[$sleeper]}"
	same "SECRET=a b" "${envp[$sleeper]}"
	same "/var" "${cwd[$sleeper]}"
	same SLEEPING "${state[$sleeper]}"
	same STOPPED "${state[$stopped]}"
}

@test "how children have ended" {
	found=
	for pid in "${!copy[@]}"; do
		[[ ${parent[$pid]} != "$mother" ]] ||
			found+="${state[$pid]} ${exit_code[$pid]} ${exit_signal[$pid]},"
	done
	[[ $found == "ZOMBIE 3 0,ZOMBIE 0 9," || $found == "ZOMBIE 0 9,ZOMBIE 3 0," ]]
}

@test "a terminal" {
	[[ $terminal_of == pts/* ]]
	same "$terminal_of" "${terminal[$tty_pid]}"
}
