# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # some variables are for the tests
# shellcheck disable=SC2154 # $output and $lines are set by ask
#
# What the tests of supervisors have in common. The supervisor of each test has its process
# below that of the test.

setup() {
	ROOT=$(procsrvctl create 1 root)
	FILE=$BATS_TEST_TMPDIR/services
	LOG=$BATS_TEST_TMPDIR/log
	NAME=test-$BATS_TEST_NUMBER
	SUPERVISOR=
	# The supervisor may be later than a reader of it.
	: >"$LOG"
}

teardown() {
	[[ -n $SUPERVISOR ]] || return 0
	kill -KILL "$SUPERVISOR" || true
	wait "$SUPERVISOR" 2>/dev/null || true
}

# supervise: the file is stdin. Returns once all that can be said at first is said.
supervise() {
	cat >"$FILE"
	procsrvctl supervise --name="$NAME" --parent="$ROOT" "$FILE" >"$LOG" 2>&1 3>&- &
	SUPERVISOR=$!
	logged "supervisor: process"
	ask_supervisor --status
}

# ask_supervisor OPTION...: answered after all that came before.
ask_supervisor() {
	works supervise --name="$NAME" "$@"
}

# logged TEXT [TIMES]: waits until it is in the log, so many times.
logged() {
	local i text rest

	for ((i = 0; i < 500; i++)); do
		IFS= read -rd '' text <"$LOG" || true
		rest=${text//"$1"/}
		(((${#text} - ${#rest}) / ${#1} < ${2:-1})) || return 0
		sleep 0.02
	done
	printf 'not %s times in the log: %s\n%s' "${2:-1}" "$1" "$text"
	return 1
}

# The log without its times.
said() {
	sed 's/^\[[^]]*\] //' "$LOG"
}

# pid_of SERVICE: puts the latest into $pid.
pid_of() {
	pid=$(sed -n "s/.*\] $1: process \([0-9]*\).*/\1/p" "$LOG" | tail -n 1)
	[[ $pid ]]
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
