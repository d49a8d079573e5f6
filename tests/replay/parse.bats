# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # run sets output and stderr
#
# Reading recordings: needs no server.

load common

setup() {
	export PROCSRV_DEVICE=$BATS_TEST_TMPDIR/none
}

# One process forks another one and waits for it, with $1 before each line.
with_prefixes() {
	local first=$1 second=$2

	cat >"$FILE" <<-END
		${first}execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		${first}clone(child_stack=NULL, flags=SIGCHLD) = 101
		${second}exit_group(3) = ?
		${second}+++ exited with 3 +++
		${first}wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
		${first}exit_group(0) = ?
		${first}+++ exited with 0 +++
	END
	dry 't["processes"], t["operations"]["fork"], t["operations"]["exit"], t["operations"]["wait"], t["unreadable"]' \
		"(2, 1, 2, 1, 0)"
}

@test "-o FILE without a time, and with each kind of time" {
	with_prefixes '100 ' '101 '
	with_prefixes '100   12:30:01 ' '101   12:30:01 '
	with_prefixes '100   12:30:01.123456 ' '101   12:30:01.123456 '
	with_prefixes '100   1795434311.976910 ' '101   1795434311.976910 '
	with_prefixes '100        0.000012 ' '101        0.000012 '
	with_prefixes '100   12:30:01 (+     0.000012) ' '101   12:30:01 (+     0.000012) '
}

@test "-n, -i and --decode-pids=comm" {
	with_prefixes '100 [  56] ' '101 [ 231] '
	with_prefixes '100 [00007f5a3f0e1a2b] ' '101 [00007f5a3f0e1a2b] '
	with_prefixes '100<sh> 1795434311.976910 ' '101<sh> 1795434311.976910 '
}

@test "standard error of strace: [pid N] only while there are several" {
	recording <<-'EOT'
		1795434311.976910 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		1795434311.976920 vfork(strace: Process 101 attached
		 <unfinished ...>
		[pid   101] 1795434311.976930 exit_group(3) = ?
		[pid   100] 1795434311.976940 <... vfork resumed>) = 101
		[pid   101] 1795434311.976950 +++ exited with 3 +++
		1795434311.976960 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
		1795434311.976970 exit_group(0) = ?
		1795434311.976980 +++ exited with 0 +++
	EOT
	dry 't["processes"], t["operations"]["wait"], t["operations"]["exit"], t["unreadable"]' \
		"(2, 1, 2, 0)"
}

@test "a single process without any pid" {
	recording <<-'EOT'
		execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
		exit_group(0) = ?
		+++ exited with 0 +++
	EOT
	dry 't["processes"], t["operations"]["exec"], t["operations"]["exit"]' "(1, 1, 1)"
}

@test "the time that a call took, behind it" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101 <0.000123>
		101 +++ killed by SIGKILL +++
		100 kill(101, SIGKILL) = -1 ESRCH (No such process) <0.000012>
		END
	EOT
	dry 't["processes"], t["unreadable"]' "(2, 0)"
}

@test "strings with everything in them that could end a call" {
	recording <<-'EOT'
		100 execve("/bin/sh", ["sh", "-c", "a) = 1, \" ]} <unfinished ...> /* \\"..., "x\n\"\377\1"], 0x7ffe00 /* 1 var */) = 0
		END
	EOT
	dry 't["processes"], t["unreadable"], t["operations"]["exec"]' "(1, 0, 1)"
}

@test "all forms of a thread's end" {
	recording <<-'EOT'
		BEGIN
		100 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_THREAD|CLONE_SIGHAND) = 102
		102 wait4(-1,  <unfinished ...>) = ?
		102 +++ exited with 0 +++
		100 fork() = 103
		103 kill(103, SIGSEGV <unfinished ...>
		103 <... kill resumed>) = ?
		103 +++ killed by SIGSEGV (core dumped) +++
		END
	EOT
	dry 't["processes"], t["threads"], t["operations"]["exit"], t["unreadable"]' "(2, 1, 2, 0)"
}

@test "lines that cannot be read are named, counted and passed over" {
	recording <<-'EOT'
		# made by hand
		BEGIN
		100 this is nothing
		100 wait4(-1, NULL, 0, NULL
		100 wait4(-1, NULL, 0, NULL) = -1 EWHATEVER (What)
		100 kill(1, 0) = zero
		100 +++ exited +++
		100 --- SIGNOTHING {si_signo=SIGNOTHING} ---
		100 setsid( <unfinished ...>
		100 <... getpid resumed>) = 100

		END
	EOT
	run -0 --separate-stderr procsrv-replay -n "$FILE"
	same "  unreadable    7 lines" "$(grep unreadable <<<"$output")"
	same "$(printf '%s\n' 3 4 5 6 7 8 10)" \
		"$(cut -d: -f3 <<<"$stderr" | sort -n)"
	grep -q "^procsrv-replay: $FILE:3: cannot be read: 100 this is nothing$" <<<"$stderr"
	grep -q "^procsrv-replay: $FILE:10: resumes a call that was not begun: " <<<"$stderr"
}

@test "a file that is cut off in its last line" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 +++ exited with 0 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 10
	EOT
	truncate -s -1 "$FILE"
	run -0 procsrv-replay -n "$FILE"
	grep -q "^  cut off  *in the middle of the last line$" <<<"$output"
	dry 't["operations"]["wait"], t["unreadable"], t["alive"]' "(0, 0, 1)"
}

@test "a file in which there is nothing to replay" {
	: >"$FILE"
	run -2 --separate-stderr procsrv-replay -n "$FILE"
	same "procsrv-replay: $FILE: not a recording of strace" "$stderr"
	echo "#!/bin/sh" >"$FILE"
	run -2 procsrv-replay -n "$FILE"
	run -2 --separate-stderr procsrv-replay -n "$FILE.missing"
	same "procsrv-replay: $FILE.missing: No such file or directory" "$stderr"
}

@test "one of several files cannot be read" {
	printf '%s\n' "$BEGIN" "$END" >"$FILE"
	run -2 --separate-stderr procsrv-replay -n "$FILE" "$FILE.missing" "$FILE"
	same 2 "$(grep -c "^$FILE: 3 lines" <<<"$output")"
	grep -q "^total: 6 lines, 2 processes" <<<"$output"
}

@test "an invalid command line" {
	run -2 procsrv-replay
	run -2 procsrv-replay --nonsense
	run -0 procsrv-replay --help
	grep -q "^Exit status: 0 if no answer differs" <<<"$output"
}

@test "there is no server" {
	printf '%s\n' "$BEGIN" "$END" >"$FILE"
	run -3 --separate-stderr procsrv-replay "$FILE"
	same "procsrv-replay: $PROCSRV_DEVICE: No such file or directory (is the module loaded?)" "$stderr"
	PROCSRV_DEVICE=/dev/null run -3 --separate-stderr procsrv-replay "$FILE"
	same "procsrv-replay: /dev/null: not a process server" "$stderr"
}
