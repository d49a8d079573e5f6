# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # output, stderr and stderr_lines come from run
#
# What the tests of the tools have in common. The tests other than usage.bats need the
# module, and nobody else at work in its server.

bats_require_minimum_version 1.5.0

PATH=$BATS_TEST_DIRNAME/../../build/tools:$PATH

# Every test works below a process of its own. Pids are never used twice and go upward,
# so that from this one on everybody belongs to the test.
setup() {
	ROOT=$(procsrvctl create 1 root)
}

teardown() {
	procsrvctl list | awk -v first="$ROOT" '$1 >= first' |
		xargs -r procsrvctl kill -9
	procsrvctl reap >"$BATS_TEST_TMPDIR/reaped"
}

# The arguments of a command of procsrvctl, what it must exit with, and what it must say.

# prints TEXT ARGUMENT...: exits with 0 and prints exactly that.
prints() {
	local text=$1

	shift
	run -0 --separate-stderr procsrvctl "$@"
	same "$text" "$output"
	same "" "$stderr"
}

# silent ARGUMENT...: exits with 0 and prints nothing.
silent() {
	prints "" "$@"
}

# fails STATUS MESSAGE ARGUMENT...: prints nothing but exactly that message to stderr.
fails() {
	local code=$1 message=$2

	shift 2
	run --separate-stderr "-$code" procsrvctl "$@"
	same "" "$output"
	same "procsrvctl: $message" "$stderr"
}

# refused MESSAGE ARGUMENT...: the server says no.
refused() {
	fails 1 "$@"
}

# usage_error MESSAGE ARGUMENT...: the message is followed by where to find help.
usage_error() {
	local message=$1

	shift
	run --separate-stderr -2 procsrvctl "$@"
	same "" "$output"
	same "procsrvctl: $message" "${stderr_lines[0]}"
	[[ ${stderr_lines[1]} == "Try 'procsrvctl"*" --help' for more information." ]]
}

same() {
	[[ $1 == "$2" ]] && return
	printf 'expected: %s\n  but got: %s\n' "$1" "$2"
	return 1
}

# check EXPRESSION: stdin is JSON, of which the Python expression of d must be true.
check() {
	python3 -c '
import json, sys
d = json.load(sys.stdin)
if not eval("(" + sys.argv[1] + ")"):
    print("not so: " + sys.argv[1], "of:", json.dumps(d, indent=1), sep="\n")
    sys.exit(1)
' "$1"
}

# field PID NAME: a line of info.
field() {
	procsrvctl info "$1" | sed -n "s/^$2  *//p"
}

# await PID STATE: somebody else brings it about.
await() {
	local i

	for ((i = 0; i < 100; i++)); do
		[[ $(field "$1" state) == "$2" ]] && return
		sleep 0.1
	done
	echo "process $1 is not $2 but $(field "$1" state)"
	return 1
}
