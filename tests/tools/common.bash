# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # some variables are for the tests
#
# Functions that the tests of the tools share. Those in this directory need the
# module, with no other users of its server.
#
# In an emulated guest, processes take most of the time: nothing here starts one
# without need.

bats_require_minimum_version 1.5.0

PATH=$BATS_TEST_DIRNAME/../../build/tools:$PATH

# Pids are never used twice and ascend: all processes from this one on belong to the
# tests of a file. Every test works below a process of its own.
setup_file() {
	FIRST=$(procsrvctl create 1 first)
	export FIRST
}

setup() {
	ROOT=$(procsrvctl create 1 root)
}

teardown_file() {
	clean
}

clean() {
	local pids pid mine=()

	mapfile -t pids < <(procsrvctl list)
	for pid in "${pids[@]}"; do
		((pid < FIRST)) || mine+=("$pid")
	done
	procsrvctl kill -9 "${mine[@]}"
	procsrvctl reap >/dev/null
}

# ask ARGUMENT...: runs procsrvctl, for $status, $output, $lines and $stderr. Does the same as
# "run --separate-stderr" of bats, which needs more processes, and reads each byte separately, as
# bash does from a pipe.
ask() {
	local out=$BATS_TEST_TMPDIR/stdout err=$BATS_TEST_TMPDIR/stderr

	status=0
	procsrvctl "$@" >"$out" 2>"$err" || status=$?
	IFS= read -rd '' output <"$out" || true
	output=${output%"${output##*[!$'\n']}"}
	mapfile -t lines <"$out"
	((${#lines[@]})) || lines=('')
	IFS= read -rd '' stderr <"$err" || true
	stderr=${stderr%$'\n'}
}

# works ARGUMENT...: exits with 0 and complains about nothing.
works() {
	ask "$@"
	same "" "$stderr"
	same 0 "$status"
}

# prints TEXT ARGUMENT...: works, and prints exactly that.
prints() {
	works "${@:2}"
	same "$1" "$output"
}

# silent ARGUMENT...: works, and prints nothing.
silent() {
	prints "" "$@"
}

# fails STATUS MESSAGE ARGUMENT...: prints nothing but exactly that message to stderr.
fails() {
	ask "${@:3}"
	same "procsrvctl: $2" "$stderr"
	same "" "$output"
	same "$1" "$status"
}

# refused MESSAGE ARGUMENT...: the server refuses.
refused() {
	fails 1 "$@"
}

# usage_error MESSAGE ARGUMENT...: the message is followed by where to find help.
usage_error() {
	ask "${@:2}"
	same "procsrvctl: $1" "${stderr%%$'\n'*}"
	[[ ${stderr#*$'\n'} == "Try 'procsrvctl"*" --help' for more information." ]]
	same "" "$output"
	same 2 "$status"
}

# has TEXT...: all of them are in the last output.
has() {
	local text

	for text; do
		[[ $output == *"$text"* ]] || {
			printf 'there is no: %s\nin:\n%s\n' "$text" "$output"
			return 1
		}
	done
}

same() {
	[[ $1 == "$2" ]] && return
	printf 'expected: %s\n  but got: %s\n' "$1" "$2"
	return 1
}

# shows PID NAME VALUE [NAME VALUE]...: lines of info.
shows() {
	local line

	works info "$1"
	shift
	while (($#)); do
		printf -v line '%-18s %s' "$1" "$2"
		[[ $'\n'$output$'\n' == *$'\n'"$line"$'\n'* ]] || {
			printf 'there is no line: %s\nin:\n%s\n' "$line" "$output"
			return 1
		}
		shift 2
	done
}

# field NAME PID: puts the value in a line of info into $field.
field() {
	local line

	works info "$2"
	for line in "${lines[@]}"; do
		[[ $line != "$1  "* ]] || field=${line:19}
	done
}

# check EXPRESSION: stdin is JSON, which is d in the Python expression, which must be true.
check() {
	python3 -c '
import json, sys
d = json.load(sys.stdin)
if not eval("(" + sys.argv[1] + ")"):
    print("not so: " + sys.argv[1], "of:", json.dumps(d, indent=1), sep="\n")
    sys.exit(1)
' "$1"
}

# program NAME: puts the program of NAME.c into $program. make -C tests/tools has built it before, or
# else it is built now.
program() {
	program=$BATS_TEST_DIRNAME/../../build/programs/$1
	[[ ! $program -nt $BATS_TEST_DIRNAME/$1.c ]] || return 0
	program=$BATS_FILE_TMPDIR/$1
	make -s -C "$BATS_TEST_DIRNAME" O="$BATS_FILE_TMPDIR" "$program"
}

# await PID STATE: another process causes it.
await() {
	local i

	for ((i = 0; i < 300; i++)); do
		ask info "$1"
		[[ $output != *$'\n'state*\ "$2"$'\n'* ]] || return 0
		sleep 0.1
	done
	printf 'process %s is not %s:\n%s\n' "$1" "$2" "$output"
	return 1
}
