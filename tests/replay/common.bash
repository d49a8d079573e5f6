# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # run sets output and stderr
#
# Functions that the tests of procsrv-replay share. Their recordings are made by hand, to
# show one thing each; those of real programs are in tests/recordings. Two parts of them
# are always the same: BEGIN, a shell with pid 100, and END, its exit.

bats_require_minimum_version 1.5.0

PATH=$BATS_TEST_DIRNAME/../../build/tools:$PATH

FILE=$BATS_TEST_TMPDIR/hand-made.strace

BEGIN='100 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0'
END='100 exit_group(0) = ?
100 +++ exited with 0 +++'

# same WANTED GOT
same() {
	[[ $1 == "$2" ]] || {
		printf 'wanted: %s\ngot:    %s\n' "$1" "$2"
		return 1
	}
}

# recording: standard input, in which the lines BEGIN and END stand for theirs.
recording() {
	local line

	while IFS= read -r line; do
		case $line in
		BEGIN) printf '%s\n' "$BEGIN" ;;
		END) printf '%s\n' "$END" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done >"$FILE"
}

# total EXPRESSION: a number of the summary, as a Python expression of t.
total() {
	python3 -c 'import json, sys
t = json.load(sys.stdin)["total"]
print(eval(sys.argv[1]))' "$1"
}

# replays COMPARED [NAME=NUMBER]...: no answer differs; so many were compared, and
# so many not, or differ by design, for only these reasons. HOW may be an option.
replays() {
	run -0 --separate-stderr procsrv-replay ${HOW:+"$HOW"} --json "$FILE"
	same "$*" "$(total '" ".join([str(t["compared"])] + [f"{k}={v}"
		for part in ("not_compared", "by_design")
		for k, v in t[part].items() if v])' <<<"$output")"
}

# differs LINE LINUX SERVER: exactly one answer differs. HOW may be an option.
differs() {
	run -1 --separate-stderr procsrv-replay ${HOW:+"$HOW"} "$FILE"
	same "$FILE:$1: $(sed -n "$1s/^[0-9]* //p" "$FILE" | cut -c1-12)" \
		"$(head -n 1 <<<"$output" | cut -c1-$((${#FILE} + ${#1} + 15)))"
	same "	Linux:  $2" "$(sed -n 2p <<<"$output")"
	same "	server: $3" "$(sed -n 3p <<<"$output")"
	same 1 "$(sed -n 's/^  differ *//p' <<<"$output")"
}

# dry EXPRESSION WANTED: a value of the summary without a server.
dry() {
	run -0 --separate-stderr procsrv-replay --dry-run --json "$FILE"
	same "$2" "$(total "$1" <<<"$output")"
}
