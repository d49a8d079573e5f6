#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs of Debian under procsrv-run: as without it, and compared. They print no pids and
# no times.

load ../tools/common
load ../tools/run

setup_file() {
	ulimit -c 0
	export LC_ALL=C.UTF-8
}

# in_a_namespace COMMAND...: natively, with the pids that it has under procsrv-run.
in_a_namespace() {
	unshare --pid --fork --mount-proc --kill-child sh -c '"$@"; exit $?' sh "$@"
}

# in_directory NAME COMMAND...: runs it in an empty directory of this name; its output and its
# status are the files NAME.out and NAME.status.
in_directory() {
	local name=$1 status=0

	mkdir "$BATS_TEST_TMPDIR/$name"
	(cd "$BATS_TEST_TMPDIR/$name" && "${@:2}" </dev/null) >"$BATS_TEST_TMPDIR/$name.out" \
		2>"$BATS_TEST_TMPDIR/$name.err" 3>&- || status=$?
	echo "$status" >"$BATS_TEST_TMPDIR/$name.status"
}

# everywhere COMMAND...: the same output and status natively, answered, and compared.
everywhere() {
	cd "$BATS_TEST_TMPDIR" || return
	in_directory native in_a_namespace "$@"
	cat native.err
	in_directory answered procsrv-run "$@"
	diff native.out answered.out
	diff native.status answered.status
	run ! grep '^procsrv-run: ' answered.err
	in_directory compared procsrv-run --compare "$@"
	diff native.out compared.out
	grep -A3 '^[0-9]*: ' compared.err || true
	same 0 "$(<compared.status)"
	grep -qx '  differ        0' compared.err
}

script() {
	everywhere "${@:2}" "$BATS_TEST_DIRNAME/$1"
}

# terminal NAME OPTION...: job control in this shell.
terminal() {
	local terminal=$BATS_TEST_DIRNAME/terminal.py

	export TERM=dumb
	"$terminal" "$1" "$@" >/dev/null
	"$terminal" "$1" procsrv-run "$@"
	output=$("$terminal" "$1" procsrv-run --compare "$@") || {
		printf '%s\n' "$output"
		return 1
	}
	has $'differ        0\r'
}

@test "a script: bash" {
	script shell.sh bash
}

@test "a script: dash" {
	script shell.sh dash
}

@test "a script: busybox" {
	script shell.sh busybox sh
}

@test "a script: zsh" {
	script shell.sh zsh -y
}

@test "what only bash does" {
	script bash.sh bash
}

@test "job control on a terminal: bash" {
	terminal bash --norc --noprofile --noediting -i
}

@test "job control on a terminal: dash" {
	terminal dash -i
}

@test "job control on a terminal: busybox" {
	terminal busybox sh -i
}

@test "job control on a terminal: zsh" {
	terminal zsh -f -o no_zle -o no_prompt_sp -i
}

@test "make, git, dpkg" {
	script work.sh bash
}

@test "xargs, timeout, tini, dumb-init, start-stop-daemon, parallel and others" {
	script jobs.sh bash
}

@test "perl, ruby, python, node" {
	script languages.sh bash
}

@test "go" {
	everywhere "$TOP/build/programs/spawn"
}

@test "tmux, screen, dtach" {
	script sessions.sh bash
}

@test "users: su, setpriv" {
	script users.sh bash
}

@test "stress-ng" {
	script stress.sh bash
}

@test "debuggers get an error message that says why they cannot work" {
	run_status 1 strace true
	grep -q 'a debugger cannot work here (EPERM)' "$ERR"
	run_status 1 gdb -nx -batch -ex run true
	grep -q 'a debugger cannot work here (EPERM)' "$ERR"
}
