#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# mirror, of machines that are made up: each case has pids of its own in one of them.
# shellcheck disable=SC2034,SC2154 # the arrays come from mirror-table

load common

machine() {
	cat <<-EOF
		1 0 1 1 S systemd
		2 0 0 0 S kthreadd kthread=1
		3 2 0 0 I kworker/0:0 kthread=1

		110 1 110 110 S sshd
		112 110 112 112 S bash

		205 299 299 299 S child
		206 205 299 299 S grandchild
		299 1 299 299 S parent

		302 1 1 1 R busy cpu=$((3 * $(getconf CLK_TCK))) rss=10 threads=7 uid=33 gid=34
		303 1 1 1 D io nice=5
		304 1 1 1 I idle policy=5
		305 1 1 1 S high nice=-5
		306 1 1 1 S realtime policy=1

		402 1 1 1 T stopped
		403 1 1 1 t traced
		404 402 1 1 Z exited exit=768
		405 402 1 1 Z killed exit=9
		406 1 1 1 Z leader threads=2
		407 406 1 1 S child

		510 1 510 510 S login
		511 510 511 510 S left
		512 510 511 510 S right
		513 510 513 510 S job
		514 513 513 510 S helper
		520 1 520 520 S daemon
		521 520 520 520 S worker
		530 1 530 1 S grouped
		531 1 530 1 S too

		605 1 620 620 S orphan
		606 605 620 620 S child
		610 1 610 610 S sshd
		620 610 620 620 S bash

		705 1 703 703 S first
		706 1 703 703 S second
		707 706 707 703 S third

		805 1 805 805 S reaper
		806 805 820 820 S orphan
		807 806 820 820 S child
		820 1 820 820 S leader
		821 820 820 820 S member

		910 1 910 910 S bash
		912 910 911 910 S right
		913 910 911 910 S more

		1010 1 1010 1010 S a tty=34816
		1011 1010 1010 1010 S b tty=34816
		1020 1 1020 1020 S c tty=35072
		1030 1 1030 1030 S d tty=1025
		1040 1 1040 1040 S e tty=66049
		1050 1 1050 1050 S f

		1105
		1106 1105 1 1 S child
		1107 1 1 1 S gone

		1205 1 1 1 S name
		1206 1 1 1 S long
	EOF
}

setup_file() {
	local proc=$BATS_FILE_TMPDIR/proc i

	FIRST=$(procsrvctl create 1 first)
	export FIRST
	machine | "$BATS_TEST_DIRNAME/fake-proc" "$proc"
	rm "$proc/1107/cmdline"
	printf '1205 (a) R 7 7\nb(c) S 1 1 1\n' >"$proc/1205/stat"
	printf 'one\0\0three' >"$proc/1205/cmdline"
	printf 'A=B\0C=D\0' >"$proc/1205/environ"
	for ((i = 0; i < 300; i++)); do
		printf '%9999s\0' $i
	done >"$proc/1206/cmdline"
	procsrvctl mirror --env --json --proc="$proc" >"$BATS_FILE_TMPDIR/map"
	procsrvctl ps --env --json >"$BATS_FILE_TMPDIR/ps"
	"$BATS_TEST_DIRNAME/mirror-table" "$BATS_FILE_TMPDIR" >"$BATS_FILE_TMPDIR/table"
}

setup() {
	# shellcheck source=/dev/null
	. "$BATS_FILE_TMPDIR/table"
}

teardown_file() {
	clean
	reset_init
}

# Resets init to its initial state, for other tests.
reset_init() {
	procsrvctl exec 1 init
	procsrvctl update 1 --cpu-time=0 --memory=0 --threads=1 --state=running \
		--priority=normal --cwd=/
}

# each ARRAY VALUE PID...: the same value for all.
each() {
	local -n array=$1
	local pid

	for pid in "${@:3}"; do
		same "$pid: $2" "$pid: ${array[$pid]}"
	done
}

# together ARRAY PID...: they have the same value, and it is not 0.
together() {
	local -n array=$1

	((array[$2])) || return 1
	each "$1" "${array[$2]}" "${@:2}"
}

# apart ARRAY PID...: no two have the same value.
apart() {
	local -n array=$1
	local -A seen=()
	local pid

	for pid in "${@:2}"; do
		[[ -z ${seen[${array[$pid]}]:-} ]] || {
			echo "$pid and ${seen[${array[$pid]}]} have both ${array[$pid]}"
			return 1
		}
		seen[${array[$pid]}]=$pid
	done
}

@test "the tree, with init as its root" {
	each copy 1 1
	each name systemd 1
	each name kthreadd 2
	each name kworker/0:0 3
	each parent 0 1
	each parent 1 2 110
	each parent 2 3
	each parent 110 112
	each argv "" 2 3
	each argv bash 112
}

@test "pids of Linux that wrapped around: a parent may have a higher one" {
	each parent 299 205
	each parent 205 206
	together sid 205 206 299
}

@test "state and usage of a process" {
	each cpu_time 3000000 302
	each memory_usage $((10 * $(getconf PAGESIZE))) 302
	each thread_count 7 302
	each uid 33 302
	each gid 34 302
	each state RUNNING 302
	each state SLEEPING 1 2 3 303 304 305 306
	each priority normal 1 302
	each priority low 303
	each priority idle 304
	each priority high 305
	each priority realtime 306
}

@test "stopped processes and zombies" {
	each state STOPPED 402 403
	each state ZOMBIE 404 405
	each exit_code 3 404
	each exit_signal 0 404
	each exit_code 0 405
	each exit_signal 9 405
	each parent 402 404 405
	# Its first thread has exited, the other threads live.
	each state SLEEPING 406
	each parent 406 407
	same "2 2" "${summary[stopped]} ${summary[zombies]}"
}

@test "sessions" {
	together sid 510 511 512 513 514
	together sid 520 521
	each sid 0 1 2 302 530 531
	apart sid 1 110 112 299 510 520
	works session show "${sid[510]}"
	has $'\nleader     '"${copy[510]}"$'\n'
	works session show "${sid[520]}"
	has $'\nleader     '"${copy[520]}"$'\n'
}

@test "process groups" {
	together pgid 511 512
	together pgid 513 514
	together pgid 520 521
	together pgid 530 531
	each pgid 0 1 2 3 302 402
	apart pgid 1 510 511 513 520 530
	works group show "${pgid[511]}"
	has $'\nleader     '"${copy[511]}"$'\n' $'\nsession    '"${sid[510]}"$'\n'
}

@test "a process that has lost its parent is still in its session" {
	each parent 1 605
	each parent 605 606
	each parent 610 620
	together sid 605 606 620
	together pgid 605 606 620
	apart sid 1 610 620
	works ps
	[[ $output != *stand-in* ]]
}

@test "a session whose leader is gone is led by another member" {
	each parent 1 705 706
	each parent 706 707
	together sid 705 706 707
	together pgid 705 706
	apart pgid 705 707
	same 1 "${summary[stand_in_leaders]}"
}

@test "a process that was reparented to a reaper in another session keeps the parent" {
	each parent 805 806
	each parent 806 807
	together sid 806 807
	together sid 820 821
	apart sid 1 805 806 820
	same 1 "${summary[split_sessions]}"
}

@test "a group whose leader is gone" {
	together sid 910 912 913
	together pgid 912 913
	apart pgid 910 912
}

@test "terminals" {
	each terminal pts/0 1010 1011
	each terminal pts/256 1020
	# The kernel of the guest may have no virtual terminals.
	if [[ -e /sys/dev/char/4:1 ]]; then
		each terminal tty1 1030
	else
		each terminal 4:1 1030
	fi
	each terminal 258:1 1040
	each terminal None 1050 1
}

@test "processes that end while they are read" {
	each parent 1 1106
	same "" "${copy[1105]:-}${copy[1107]:-}"
	same 2 "${summary[vanished]}"
	same "${#copy[@]}" "${summary[processes]}"
	same 0 "${summary[lost]}"
}

@test "names, command lines and environments" {
	each name $'a) R 7 7\nb(c' 1205
	each parent 1 1205
	each argv "one||three" 1205
	each envp "A=B|C=D" 1205
	each envp "" 1206
}

@test "a command line that is too long is cut after a string" {
	IFS='|' read -ra words <<<"${argv[1206]}"
	same 209 ${#words[@]}
	same " 208" "${words[208]}"
}

@test "the counts of the summary" {
	declare -A sessions=() groups=()
	for pid in "${!copy[@]}"; do
		sessions[${sid[$pid]}]=1
		groups[${pgid[$pid]}]=1
	done
	same "$((${#sessions[@]} - 1)) $((${#groups[@]} - 1))" \
		"${summary[sessions]} ${summary[groups]}"
}

# small DIRECTORY: a machine for which the text is known.
small() {
	"$BATS_TEST_DIRNAME/fake-proc" "$1" <<-EOF
		5 0 5 5 T stopped
		6
		7 5 7 7 Z zombie
		8 5 5 5 S child
	EOF
	printf 'A=B\0' >"$1/8/environ"
}

@test "without a process 1; twice; without environments; the summary as text" {
	small "$BATS_TEST_TMPDIR/proc"
	procsrvctl update 1 --cwd=/usr
	prints "3 processes in 2 sessions and 2 process groups, 1 stopped, 1 zombie
1 skipped: ended while being read" mirror --proc="$BATS_TEST_TMPDIR/proc"
	works mirror --verbose --proc="$BATS_TEST_TMPDIR/proc"
	[[ ${lines[0]} =~ ^"5 -> "[0-9]+" stopped"$ ]]
	[[ ${lines[1]} =~ ^"7 -> "[0-9]+" zombie"$ ]]
	[[ ${lines[2]} =~ ^"8 -> "([0-9]+)" child"$ ]]
	pid=${BASH_REMATCH[1]}
	field parent "$pid"
	shows "$field" name stopped parent 1 state STOPPED
	shows 1 name systemd directory /usr
	shows "$pid" environment none
}

@test "a directory that is not there, or has no processes" {
	fails 2 "mirror: cannot open $BATS_TEST_TMPDIR/none: No such file or directory" \
		mirror --proc="$BATS_TEST_TMPDIR/none"
	mkdir "$BATS_TEST_TMPDIR/empty"
	fails 2 "mirror: there are no processes in $BATS_TEST_TMPDIR/empty" \
		mirror --proc="$BATS_TEST_TMPDIR/empty"
}
