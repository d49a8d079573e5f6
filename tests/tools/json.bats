#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The output of --json is read by a real parser.

load common

@test "all that --json prints is JSON" {
	all=()
	collect() {
		works "$@" --json
		all+=("$output")
	}

	collect create "$ROOT" $'quote" back\\ slash/ tab\t'
	collect session create "$ROOT"
	session=${output#*: }
	session=${session%%,*}
	collect group create "$(procsrvctl create "$ROOT" x)"
	group=${output//[!0-9]/}
	collect session show "$session"
	collect session hangup "$session"
	collect group show "$group"
	collect kill -0 "$ROOT"
	collect info "$ROOT"
	collect info "$ROOT" 1
	collect limits "$ROOT"
	collect list
	collect list --group="$group"
	collect ps --env
	collect tree
	collect stats
	collect time
	collect reap
	procsrvctl kill -9 --group="$group"
	collect wait "$ROOT"
	IFS=,
	check "len(d) == 18 and
		[type(x) for x in d] == 8 * [dict] + [list, dict] + 3 * [list] + 5 * [dict] and
		d[7]['pid'] == $ROOT and [p['pid'] for p in d[8]] == [$ROOT, 1] and
		d[10] == [p['pid'] for p in d[12]] and
		'quote\" back\\\\ slash/ tab\t' in [p['name'] for p in d[12]] and
		d[13]['pid'] == 1 and 'root' in [p['name'] for p in d[13]['children']]" \
		<<<"[${all[*]}]"
}

@test "a process" {
	pid=$(procsrvctl create --uid=7 --gid=8 --env=A=B "$ROOT" x -- x '' $'\xff')
	works info --json "$pid"
	check "sorted(d) == sorted(['pid', 'ppid', 'name', 'state', 'priority', 'uid', 'gid',
		'sid', 'pgid', 'terminal', 'thread_count', 'memory_usage', 'cpu_time',
		'children_cpu_time', 'start_time', 'start_cycles', 'pending', 'revocations',
		'execed', 'orphan', 'exit_code', 'exit_signal', 'core_dumped', 'stop_signal', 'reaper',
		'tied', 'hosted', 'exiting', 'autoreap', 'clone', 'limits_passed',
		'nr_limits_passed', 'seq', 'cwd', 'argv', 'envp', 'credentials']) and
		d['argv'] == ['x', '', '\ufffd'] and d['terminal'] is None and
		d['execed'] is False and d['uid'] == 7 and d['gid'] == 8" <<<"$output"
}
