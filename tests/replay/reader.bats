# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154,SC2016,SC2030,SC2031 # run sets output and stderr; each test has its own FILE
#
# Reading less common forms of strace's output. The recordings in forms/ are made by hand, each to
# show one thing.

load common

# form NAME COMPARED [NAME=NUMBER]...: as replays, of a file in forms/.
form() {
	FILE=$BATS_TEST_DIRNAME/forms/$1.strace
	replays "${@:2}"
}

# unreadable NUMBER: lines of the last form that cannot be read.
unreadable() {
	[[ $output == *"\"unreadable\":$1,"* ]]
}

# whole_form NAME COMPARED [NAME=NUMBER]...: a form, all of which can be read.
whole_form() {
	form "$@"
	unreadable 0
}

@test "execve of a thread: the line ends with the pid that the thread goes on with" {
	whole_form thread-exec 6
}

@test "execve of a thread whose first thread is gone" {
	whole_form thread-exec-unfinished 6
}

@test "execve of a thread, without -o" {
	whole_form thread-exec-stderr 6
}

@test "a remark in the middle of the arguments of clone" {
	whole_form torn-clone 6
}

@test "a remark in the middle of clone3, with times" {
	whole_form torn-clone3 5
}

@test "several remarks in one call, and one about the mode" {
	whole_form torn-twice 8
}

@test "a remark of a strace that was started by a path" {
	whole_form torn-by-path 8
}

@test "a remark without the name of the program" {
	whole_form torn-old 5
}

@test "a remark behind a number with its name" {
	whole_form torn-verbose 5
}

@test "a remark about the child of another process" {
	whole_form torn-by-another 8
}

@test "names of processes with blanks" {
	whole_form comm 6
}

@test "names of processes with brackets, quotes and answers in them" {
	whole_form comm-brackets 6
}

@test "names of processes in brackets with the pid" {
	whole_form comm-stderr 5
}

@test "descriptors with names that have everything in them" {
	whole_form decoded 5
}

@test "a process whose first thread has exited stops with the others" {
	whole_form leader-gone 9
}

@test "a process whose first thread exits while the others are stopped" {
	whole_form leader-gone-last 8
}

@test "a thread that has called exit does not stop any more" {
	whole_form thread-gone 9
}

@test "options, signals, codes and flags as numbers" {
	whole_form numbers 16 no-answer=1
}

@test "numbers with their names" {
	whole_form numbers-and-names 11
}

@test "an option that is not known is not compared, and not invalid" {
	whole_form unknown-option 4 argument=1
}

@test "all arguments and answers raw" {
	whole_form raw 7
}

@test "arguments with their names: a wrong exit code is noticed" {
	FILE=$BATS_TEST_DIRNAME/forms/argument-names.strace
	differs 7 "101 exited with 4" "101 exited with 3"
	grep -q "^  compared  *7$" <<<"$output"
}

@test "arguments with their names, in two lines" {
	whole_form argument-names-split 5
}

@test "a file without a line that can be read is no success" {
	FILE=$BATS_TEST_DIRNAME/forms/nothing-readable.strace
	run -2 --separate-stderr procsrv-replay "$FILE"
	same 3 "$(grep -c "cannot be read" <<<"$stderr")"
	same "procsrv-replay: $FILE: not a recording of strace" "$(tail -n 1 <<<"$stderr")"
	same "" "$output"
}

@test "a file without an answer that can be compared is no success" {
	FILE=$BATS_TEST_DIRNAME/forms/nothing-compared.strace
	run -2 --separate-stderr procsrv-replay "$FILE"
	same "procsrv-replay: $FILE: there is nothing in it that can be compared" "$stderr"
	FILE=$BATS_TEST_DIRNAME/forms/no-operations.strace
	run -2 --separate-stderr procsrv-replay --dry-run "$FILE"
	same "procsrv-replay: $FILE: there is nothing in it that can be compared" "$stderr"
}

@test "stack traces" {
	whole_form stack-traces 5
}

@test "remarks about 32-bit programs" {
	whole_form modes 5
}

@test "output of programs between the lines and in them" {
	form output 5
	unreadable 5
}

@test "remarks and marks in strings are strings" {
	whole_form remark-in-a-string 7 file=1
	whole_form remark-in-a-string-stderr 7 file=1
}

@test "numbered marks" {
	whole_form numbered 5
}

@test "a recording that ends with Ctrl-C" {
	whole_form interrupted 4 no-answer=1
}

@test "strace attached to a process, without -o" {
	whole_form attached 4
}

@test "the table of -c and -C" {
	whole_form table 5
}

@test "pids with what they are in another namespace" {
	whole_form pid-namespace 7
}

# processes WANTED: the number in the recording on standard input, of which all can be read.
processes() {
	FILE=$BATS_TEST_TMPDIR/input
	cat >"$FILE"
	dry 't["processes"], t["operations"]["wait"], t["unreadable"]' "($1, 1, 0)"
}

@test "a byte order mark, carriage returns, colours, and the times of a log" {
	local plain=$BATS_TEST_DIRNAME/forms/torn-clone.strace

	printf '\xef\xbb\xbf%s\n' "$(<"$plain")" | processes 2
	sed 's/$/\r/' "$plain" | processes 2
	sed 's/$/\r\r/' "$plain" | processes 2
	sed 's/[a-z]*(/\x1b[33m&\x1b[0m/; s/, /&\x1b[1;35m\x1b[0m/g; s/$/\x1b[K\x1b(B/' "$plain" | processes 2
	sed 's/^/\x1b]0;title\x07/' "$plain" | processes 2
	sed 's/^/2026-01-31T10:00:00.1234567Z /' "$plain" | processes 2
}

@test "a recording comes through a pipe" {
	FILE=-
	run -0 --separate-stderr procsrv-replay --dry-run - <"$BATS_TEST_DIRNAME/forms/table.strace"
	same "-: 13 lines, 2 processes, 0 further threads" "$(head -n 1 <<<"$output")"
	run -0 procsrv-replay --dry-run <(cat "$BATS_TEST_DIRNAME/forms/table.strace")
}

@test "a file of strace -ff is that of the thread in its name" {
	FILE=$BATS_TEST_TMPDIR/trace.4711
	cat >"$FILE" <<-'END'
		execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		setpgid(4711, 4711) = 0
		exit_group(0) = ?
		+++ exited with 0 +++
	END
	replays 3
}

# Memory is used for live processes and open calls, not for lines: 200,000 of them in 8 MiB.
@test "the length of a recording costs no memory" {
	awk 'BEGIN {
		print "100 fork() = 101"
		for (i = 0; i < 66666; i++)
			print "101 kill(100, 0 <unfinished ...>\n" \
				"100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0\n" \
				"101 <... kill resumed>) = 0"
	}' >"$FILE"
	run -0 bash -c 'ulimit -d 8192; procsrv-replay --dry-run "$1"' sh "$FILE"
	same "$FILE: 199999 lines, 2 processes, 0 further threads" \
		"$(head -n 1 <<<"$output")"
}
