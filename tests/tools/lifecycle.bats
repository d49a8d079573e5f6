#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # stderr comes from run
#
# create, exec, exit, reap, info

load common

@test "create prints the pid, which goes upward" {
	run -0 --separate-stderr procsrvctl create "$ROOT" child
	[[ $output =~ ^[0-9]+$ ]]
	((output > ROOT))
	first=$output
	procsrvctl create --json "$ROOT" child | check "d['pid'] > $first and len(d) == 1"
}

@test "a new process is as the specification has it" {
	pid=$(procsrvctl create --uid=7 --gid=8 --env=A=B --env=C= "$ROOT" worker -- \
		worker --fast '' 'two words')
	procsrvctl info --json "$pid" | check "{k: d[k] for k in d if k[:6] != 'start_'} == {
		'pid': $pid, 'ppid': $ROOT, 'name': 'worker', 'state': 'RUNNING',
		'priority': 'normal', 'uid': 7, 'gid': 8, 'sid': 0, 'pgid': 0,
		'terminal': None, 'thread_count': 1, 'memory_usage': 0, 'cpu_time': 0,
		'children_cpu_time': 0, 'pending': [], 'revocations': 0, 'execed': False,
		'orphan': False, 'exit_code': 0, 'exit_signal': 0, 'cwd': '/',
		'argv': ['worker', '--fast', '', 'two words'], 'envp': ['A=B', 'C=']}"
	same "worker --fast '' 'two words'" "$(field "$pid" "command line")"
	same "A=B" "$(field "$pid" environment)"
}

@test "users and groups by name; those of the caller unless they are given" {
	pid=$(procsrvctl create --uid=daemon --gid=daemon "$ROOT" x)
	same "$(id -u daemon)" "$(field "$pid" uid)"
	same "$(id -g daemon)" "$(field "$pid" gid)"
	pid=$(procsrvctl create "$ROOT" x)
	same "$(id -u)" "$(field "$pid" uid)"
	same "$(id -g)" "$(field "$pid" gid)"
}

@test "the start time is that of the server's clock" {
	before=$(procsrvctl time --json)
	pid=$(procsrvctl create "$ROOT" x)
	after=$(procsrvctl time --json)
	info=$(procsrvctl info --json "$pid")
	check "d[0]['time'] <= d[1]['start_time'] <= d[2]['time'] and
		d[0]['cycles'] <= d[1]['start_cycles'] <= d[2]['cycles']" \
		<<<"[$before, $info, $after]"
}

@test "a name and a command line may hold any byte" {
	pid=$(procsrvctl create "$ROOT" $'a\xff\nb' -- $'\x01' $'caf\xc3\xa9' $'\xed\xa0\x80')
	procsrvctl info --json "$pid" | check "d['name'] == 'a\ufffd\nb' and
		d['argv'] == ['\x01', 'caf\xe9', '\ufffd\ufffd\ufffd']"
	same "a??b" "$(LC_ALL=C.UTF-8 field "$pid" name)"
	[[ $(LC_ALL=C.UTF-8 field "$pid" "command line") == "'?' 'café' '???'" ]]
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

@test "a command line and an environment have 128 KiB" {
	mapfile -t words < <(yes "$(printf '%1023s' x)" | head -128)
	pid=$(procsrvctl create "$ROOT" x -- "${words[@]}")
	procsrvctl info --json "$pid" | check "len(d['argv']) == 128 and
		all(len(a) == 1023 for a in d['argv'])"
	refused "create: the command line has 131073 bytes, 131072 can be kept (E2BIG)" \
		create "$ROOT" x -- "${words[@]}" ''
	refused "exec: the command line has 131073 bytes, 131072 can be kept (E2BIG)" \
		exec "$ROOT" x -- "${words[@]}" ''
	refused "exec: the environment has 131073 bytes, 131072 can be kept (E2BIG)" \
		exec "$ROOT" x "${words[@]/#/--env=}" --env=
}

@test "exec replaces name, command line and environment" {
	pid=$(procsrvctl create --env=A=B "$ROOT" shell -- sh -i)
	silent exec --env=C=D "$pid" sleep -- sleep 60
	procsrvctl info --json "$pid" | check "d['name'] == 'sleep' and d['execed'] and
		d['argv'] == ['sleep', '60'] and d['envp'] == ['C=D']"
	silent exec "$pid" bare
	procsrvctl info --json "$pid" | check "d['name'] == 'bare' and
		d['argv'] == [] and d['envp'] == []"
	same "none" "$(field "$pid" "command line")"
	same "yes" "$(field "$pid" execed)"
}

@test "exec: what the server refuses" {
	refused "exec: there is no process 999999999 (ESRCH)" exec 999999999 x
	refused "exec: the name is longer than 255 bytes (ENAMETOOLONG)" \
		exec "$ROOT" "$(printf '%256s' '')"
	same "root" "$(field "$ROOT" name)"
	procsrvctl exit "$ROOT"
	refused "exec: process $ROOT is a zombie (ESRCH)" exec "$ROOT" x
}

@test "exit leaves a zombie with its exit code" {
	silent exit "$ROOT" 3
	procsrvctl info --json "$ROOT" | check "d['state'] == 'ZOMBIE' and
		d['exit_code'] == 3 and d['exit_signal'] == 0"
	same "ZOMBIE" "$(field "$ROOT" state)"
	same "3" "$(field "$ROOT" "exit code")"
	same "none" "$(field "$ROOT" "exit signal")"
	same "no" "$(field "$ROOT" orphan)"
}

@test "exit by a signal, and with a negative code" {
	silent exit --signal=SEGV -- "$ROOT" -5
	same "-5" "$(field "$ROOT" "exit code")"
	same "11 SIGSEGV" "$(field "$ROOT" "exit signal")"
}

@test "the children of who exits move to init" {
	parent=$(procsrvctl create "$ROOT" parent)
	child=$(procsrvctl create "$parent" child)
	zombie=$(procsrvctl create "$parent" zombie)
	procsrvctl exit "$zombie"
	procsrvctl exit "$parent"
	same "1" "$(field "$child" parent)"
	same "1" "$(field "$zombie" parent)"
	same "yes" "$(field "$zombie" orphan)"
}

@test "exit: what the server refuses" {
	refused "exit: there is no process 999999999 (ESRCH)" exit 999999999
	refused "exit: process 1 is init, which cannot exit (EPERM)" exit 1
	procsrvctl exit "$ROOT" 1
	refused "exit: process $ROOT is a zombie (ESRCH)" exit "$ROOT" 2
	same "1" "$(field "$ROOT" "exit code")"
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
	same "ZOMBIE" "$(field "$kept" state)"
	procsrvctl reap --json | check "d == {'count': 0}"
}

@test "info of several, of which one is missing" {
	other=$(procsrvctl create "$ROOT" other)
	procsrvctl info --json "$ROOT" "$other" | check "[p['pid'] for p in d] == [$ROOT, $other]"
	run --separate-stderr -1 procsrvctl info --json "$ROOT" 999999999 "$other"
	same "procsrvctl: info: there is no process 999999999 (ESRCH)" "$stderr"
	check "[p['name'] for p in d] == ['root', 'other']" <<<"$output"
	run --separate-stderr -1 procsrvctl info "$ROOT" 999999999 "$other"
	same "2" "$(grep -c '^pid ' <<<"$output")"
	refused "info: there is no process 999999999 (ESRCH)" info --json 999999999
}

@test "init" {
	procsrvctl info --json 1 | check "d['ppid'] == d['sid'] == d['pgid'] == 0"
	same "none" "$(field 1 parent)"
	same "none" "$(field 1 session)"
	same "none" "$(field 1 "process group")"
}
