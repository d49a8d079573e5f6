#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # some variables are set in common.bash
#
# create, exec, exit, reap, info

load common

@test "create prints the pid, which goes upward" {
	works create "$ROOT" child
	[[ $output =~ ^[0-9]+$ ]]
	((output > ROOT))
	first=$output
	prints "{ \"pid\": $((first + 1)) }" create --json "$ROOT" child
}

@test "a new process is as the specification has it" {
	pid=$(procsrvctl create --uid=7 --gid=8 --env=A=B --env=C= "$ROOT" worker -- \
		worker --fast '' 'two words')
	procsrvctl info --json "$pid" | check "{k: d[k] for k in d if k[:6] != 'start_' and k != 'seq'} == {
		'pid': $pid, 'ppid': $ROOT, 'name': 'worker', 'state': 'RUNNING',
		'priority': 'normal', 'uid': 7, 'gid': 8, 'sid': 0, 'pgid': 0,
		'terminal': None, 'thread_count': 1, 'memory_usage': 0, 'cpu_time': 0,
		'children_cpu_time': 0, 'pending': [], 'revocations': 0, 'execed': False,
		'orphan': False, 'exit_code': 0, 'exit_signal': 0, 'core_dumped': False,
		'stop_signal': 0, 'reaper': False, 'tied': False, 'hosted': False,
		'exiting': False, 'autoreap': False, 'clone': False, 'credentials': None,
		'limits_passed': [], 'nr_limits_passed': 0, 'cwd': '/',
		'argv': ['worker', '--fast', '', 'two words'], 'envp': ['A=B', 'C=']}"
	shows "$pid" "command line" "worker --fast '' 'two words'" environment "A=B"
}

@test "users and groups by name; those of the caller unless they are given" {
	pid=$(procsrvctl create --uid=daemon --gid=daemon "$ROOT" x)
	shows "$pid" uid "$(id -u daemon)" gid "$(id -g daemon)"
	pid=$(procsrvctl create "$ROOT" x)
	shows "$pid" uid "$(id -u)" gid "$(id -g)"
}

@test "the start time is that of the server's clock" {
	before=$(procsrvctl time --json)
	pid=$(procsrvctl create "$ROOT" x)
	after=$(procsrvctl time --json)
	works info --json "$pid"
	check "d[0]['time'] <= d[1]['start_time'] <= d[2]['time'] and
		(d[2]['source'] != 'cycles' or
		 d[0]['cycles'] <= d[1]['start_cycles'] <= d[2]['cycles'])" \
		<<<"[$before, $output, $after]"
}

@test "a name and a command line may hold any byte" {
	pid=$(procsrvctl create "$ROOT" $'a\xff\nb' -- $'\x01' $'caf\xc3\xa9' $'\xed\xa0\x80')
	procsrvctl info --json "$pid" | check "d['name'] == 'a\ufffd\nb' and
		d['argv'] == ['\x01', 'caf\xe9', '\ufffd\ufffd\ufffd']"
	LC_ALL=C.UTF-8 shows "$pid" name 'a\xff\nb' \
		"command line" "\$'\\x01' 'café' \$'\\xed\\xa0\\x80'"
}

@test "create: what the server refuses" {
	refused "create: the parent: there is no process 999999999 (ESRCH)" \
		create 999999999 x
	pid=$(procsrvctl create "$ROOT" x)
	procsrvctl exit "$pid"
	refused "create: the parent: process $pid is a zombie (ESRCH)" create "$pid" x
	long=$(printf '%256s' '')
	refused "create: the name is longer than 255 bytes (ENAMETOOLONG)" \
		create "$ROOT" "$long"
	silent exec "$ROOT" "${long:1}"
}

@test "a command line and an environment have 2 MiB" {
	# More arguments than a program gets with the usual stack.
	ulimit -s unlimited
	printf -v word '%65535s' x
	for ((i = 0; i < 32; i++)); do
		words+=("$word")
	done
	pid=$(procsrvctl create "$ROOT" x -- "${words[@]}")
	procsrvctl info --json "$pid" | check "len(d['argv']) == 32 and
		all(len(a) == 65535 for a in d['argv'])"
	refused "create: the command line has 2097153 bytes, 2097152 can be kept (E2BIG)" \
		create "$ROOT" x -- "${words[@]}" ''
	refused "exec: the command line has 2097153 bytes, 2097152 can be kept (E2BIG)" \
		exec "$ROOT" x -- "${words[@]}" ''
	refused "exec: the environment has 2097153 bytes, 2097152 can be kept (E2BIG)" \
		exec "$ROOT" x "${words[@]/#/--env=}" --env=
}

@test "exec replaces name, command line and environment" {
	pid=$(procsrvctl create --env=A=B "$ROOT" shell -- sh -i)
	silent exec --env=C=D "$pid" sleep -- sleep 60
	works info --json "$pid"
	has '"name": "sleep"' '"execed": true' '"argv": [ "sleep", "60" ]' '"envp": [ "C=D" ]'
	silent exec "$pid" bare
	works info --json "$pid"
	has '"name": "bare"' '"argv": [ ]' '"envp": [ ]'
	shows "$pid" "command line" "none" execed "yes"
}

@test "exec: what the server refuses" {
	refused "exec: there is no process 999999999 (ESRCH)" exec 999999999 x
	refused "exec: the name is longer than 255 bytes (ENAMETOOLONG)" \
		exec "$ROOT" "$(printf '%256s' '')"
	shows "$ROOT" name "root"
	procsrvctl exit "$ROOT"
	refused "exec: process $ROOT is a zombie (ESRCH)" exec "$ROOT" x
}

@test "exit leaves a zombie with its exit code" {
	silent exit "$ROOT" 3
	works info --json "$ROOT"
	has '"state": "ZOMBIE"' '"exit_code": 3, "exit_signal": 0'
	shows "$ROOT" state "ZOMBIE" "exit code" "3" "exit signal" "none" orphan "no"
}

@test "exit by a signal, and with a negative code" {
	silent exit --signal=SEGV -- "$ROOT" -5
	shows "$ROOT" "exit code" "-5" "exit signal" "11 SIGSEGV"
}

@test "the children of a process that exits move to init" {
	parent=$(procsrvctl create "$ROOT" parent)
	child=$(procsrvctl create "$parent" child)
	zombie=$(procsrvctl create "$parent" zombie)
	procsrvctl exit "$zombie"
	procsrvctl exit "$parent"
	shows "$child" parent "1"
	shows "$zombie" parent "1" orphan "yes"
}

@test "exit: what the server refuses" {
	refused "exit: there is no process 999999999 (ESRCH)" exit 999999999
	refused "exit: process 1 is init, which cannot exit (EPERM)" exit 1
	procsrvctl exit "$ROOT" 1
	refused "exit: process $ROOT is a zombie (ESRCH)" exit "$ROOT" 2
	shows "$ROOT" "exit code" "1"
}

@test "reap takes the zombies whose parent is init, and no others" {
	procsrvctl reap
	parent=$(procsrvctl create "$ROOT" parent)
	kept=$(procsrvctl create "$ROOT" kept)
	lost=$(procsrvctl create "$parent" lost)
	procsrvctl exit "$kept"
	procsrvctl exit "$lost"
	prints 0 reap
	procsrvctl exit "$parent"
	prints 1 reap
	refused "info: there is no process $lost (ESRCH)" info "$lost"
	shows "$kept" state "ZOMBIE"
	prints '{ "count": 0 }' reap --json
}

@test "info of several, of which one is missing" {
	other=$(procsrvctl create "$ROOT" other)
	procsrvctl info --json "$ROOT" "$other" | check "[p['pid'] for p in d] == [$ROOT, $other]"
	ask info --json "$ROOT" 999999999 "$other"
	same 1 "$status"
	same "procsrvctl: info: there is no process 999999999 (ESRCH)" "$stderr"
	check "[p['name'] for p in d] == ['root', 'other']" <<<"$output"
	ask info "$ROOT" 999999999 "$other"
	same 1 "$status"
	same "2" "$(grep -c '^pid ' <<<"$output")"
	refused "info: there is no process 999999999 (ESRCH)" info --json 999999999
}

@test "init" {
	works info --json 1
	has '"ppid": 0' '"sid": 0, "pgid": 0'
	shows 1 parent "none" session "none" "process group" "none"
}
