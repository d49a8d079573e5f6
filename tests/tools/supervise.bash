# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # some variables are for the tests
# shellcheck disable=SC2154 # $output and $lines are set by ask
#
# Functions that the tests of supervisors share. The supervisor of each test has its process
# below that of the test.

setup() {
	ROOT=$(procsrvctl create 1 root)
	FILE=$BATS_TEST_TMPDIR/services
	LOG=$BATS_TEST_TMPDIR/log
	NAME=test-$BATS_TEST_NUMBER
	SUPERVISOR=
	# A pipe of which both ends are open.
	exec {SILENT}<> <(:)
	# The supervisor may be later than a reader of it.
	: >"$LOG"
}

teardown() {
	[[ -n $SUPERVISOR ]] || return 0
	kill -KILL "$SUPERVISOR" || true
	wait "$SUPERVISOR" 2>/dev/null || true
}

# pause SECONDS: as sleep, without a process.
pause() {
	read -rt "$1" -u "$SILENT" || true
}

# read_file FILE: puts its contents into $text.
read_file() {
	IFS= read -rd '' text <"$1" || true
}

# start_supervisor OUTPUT [DESCRIPTOR]: the file is stdin. It does not get the descriptor.
start_supervisor() {
	local text other=${2-}

	IFS= read -rd '' text || true
	printf '%s' "$text" >"$FILE"
	(
		[[ ! $other ]] || exec {other}>&-
		exec procsrvctl supervise --name="$NAME" --parent="$ROOT" "$FILE" {SILENT}>&-
	) >"$1" 2>&1 3>&- &
	SUPERVISOR=$!
}

# supervise: the same, with the log in $LOG. Returns once the first lines are in the log.
supervise() {
	start_supervisor "$LOG"
	logged "supervisor: process"
	ask_supervisor --status
}

# ask_supervisor OPTION...: answered after all that came before.
ask_supervisor() {
	works supervise --name="$NAME" "$@"
}

# logged TEXT [TIMES]: waits until it is in the log, so many times. A machine that is emulated, and
# busy too, may take its time.
logged() {
	local i text rest

	for ((i = 0; i < 3000; i++)); do
		read_file "$LOG"
		rest=${text//"$1"/}
		(((${#text} - ${#rest}) / ${#1} < ${2:-1})) || return 0
		pause 0.02
	done
	printf 'not %s times in the log: %s\n%s' "${2:-1}" "$1" "$text"
	return 1
}

# said: the log without its times.
said() {
	local log

	mapfile -t log <"$LOG"
	printf '%s\n' "${log[@]#*] }"
}

# find_said REGEX: puts what its parentheses match in the last line of the log that it matches into
# $match.
find_said() {
	local log i

	mapfile -t log <"$LOG"
	for ((i = ${#log[@]} - 1; i >= 0; i--)); do
		if [[ ${log[i]#*] } =~ $1 ]]; then
			match=${BASH_REMATCH[1]}
			return
		fi
	done
	printf 'not in the log: %s\n' "$1"
	return 1
}

# pid_of SERVICE: puts the latest pid into $pid.
pid_of() {
	find_said "^$1: process ([0-9]+)"
	pid=$match
}

# is SERVICE STATE: as --status has it
is() {
	ask_supervisor --status
	[[ $output =~ $'\n'"$1"\ +"$2"\  ]] || {
		printf '%s is not %s:\n%s\n' "$1" "$2" "$output"
		return 1
	}
}

# ends [STATUS]: waits until the supervisor is gone.
ends() {
	status=0
	wait "$SUPERVISOR" || status=$?
	same "${1:-0}" "$status"
	SUPERVISOR=
}

# nobody_lives: below the process of the test there are no processes but zombies.
nobody_lives() {
	works ps
	for line in "${lines[@]:1}"; do
		# shellcheck disable=SC2086 # words
		set -- $line
		((${2} <= ROOT)) || [[ $7 == Z* ]] || {
			printf 'alive: %s\n' "$line"
			return 1
		}
	done
}
