#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# limits, update, stats, time, revoke

load common

@test "the limits of a new process" {
	prints "memory    256M
cpu-time  unlimited
stack     8M
core      0
files     1024
threads   256
nice      0
enforce   no" limits "$ROOT"
	works limits --json "$ROOT"
	has "{ \"pid\": $ROOT, \"max_memory\": 268435456, \"max_cpu_time\": \"unlimited\"," \
		'"stack_size": 8388608, "core_size": 0, "max_files": 1024,' \
		'"max_threads": 256, "nice": 0, "enforce": false }'
}

@test "setting some leaves the others" {
	silent limits "$ROOT" --memory=64M --nice=-20
	silent limits "$ROOT" --cpu-time=1500ms --files=0 --nice=19
	prints "memory    64M
cpu-time  1500ms
stack     8M
core      0
files     0
threads   256
nice      19
enforce   no" limits "$ROOT"
	works limits "$ROOT" --json --memory=unlimited --stack=1 --core=2K --threads=1
	has '"max_memory": "unlimited", "max_cpu_time": 1500000,' '"stack_size": 1,' \
		'"core_size": 2048, "max_files": 0,' '"max_threads": 1, "nice": 19, "enforce": false }'
	prints "$output" limits "$ROOT" --json
}

@test "what is printed can be typed" {
	silent limits "$ROOT" --memory=1025 --cpu-time=12345us
	prints "memory    1025
cpu-time  12345us
stack     8M
core      0
files     1024
threads   256
nice      0
enforce   no" limits "$ROOT"
	silent limits "$ROOT" --memory=1025 --cpu-time=12345us --stack=8M --core=0
}

@test "--enforce and --no-enforce" {
	silent limits "$ROOT" --enforce --memory=1M
	works limits "$ROOT"
	same "enforce   yes" "${lines[7]}"
	silent limits "$ROOT" --nice=1
	works limits "$ROOT" --json
	has '"nice": 1, "enforce": true }'
	silent limits "$ROOT" --no-enforce
	works limits "$ROOT"
	same "enforce   no" "${lines[7]}"
	silent update "$ROOT" --memory=2M
	shows "$ROOT" state RUNNING "limits passed" "memory, 1 time"
	silent limits "$ROOT" --enforce
	shows "$ROOT" state RUNNING
	silent update "$ROOT" --memory=2M --threads=300
	shows "$ROOT" state ZOMBIE "exit signal" "9 SIGKILL" "exit code" -9 \
		"limits passed" "memory threads, 3 times"
	works info --json "$ROOT"
	has '"limits_passed": [ "memory", "threads" ], "nr_limits_passed": 3,'
	works ps
	[[ $output =~ \ $ROOT\ [^$'\n']*\ Zl'!'\  ]]
}

@test "an end by cpu time" {
	silent limits "$ROOT" --enforce --cpu-time=1s
	silent update "$ROOT" --cpu-time=1s
	shows "$ROOT" state RUNNING "limits passed" none
	silent update "$ROOT" --cpu-time=1000001us
	shows "$ROOT" state ZOMBIE "exit signal" "24 SIGXCPU" "limits passed" "cpu-time, 1 time"
}

@test "limits: what the server refuses" {
	refused "limits: there is no process 999999999 (ESRCH)" limits 999999999
	refused "limits: there is no process 999999999 (ESRCH)" limits 999999999 --nice=1
	refused "limits: nice -21 is not one of -20 to 19 (EINVAL)" \
		limits "$ROOT" --nice=-21 --memory=1
	refused "limits: nice 20 is not one of -20 to 19 (EINVAL)" limits "$ROOT" --nice=20
	refused "limits: process $ROOT must be allowed at least one thread (EINVAL)" \
		limits "$ROOT" --threads=0
	works limits "$ROOT"
	same "memory    256M" "${lines[0]}"
	procsrvctl exit "$ROOT"
	refused "limits: process $ROOT is a zombie (ESRCH)" limits "$ROOT" --nice=1
	procsrvctl limits "$ROOT"
}

@test "update" {
	silent update "$ROOT" --cpu-time=90s --memory=3M --threads=4 --state=sleeping \
		--priority=high --cwd=/home
	works info --json "$ROOT"
	has '"state": "SLEEPING", "priority": "high"' '"thread_count": 4,' \
		'"memory_usage": 3145728, "cpu_time": 90000000,' '"cwd": "/home"'
	for priority in idle low normal realtime; do
		silent update "$ROOT" --priority=$priority
		shows "$ROOT" priority $priority
	done
	silent update "$ROOT" --state=R
	shows "$ROOT" state RUNNING directory /home "cpu time" 90.000000s
}

@test "update: what the server refuses" {
	refused "update: there is no process 999999999 (ESRCH)" update 999999999 --threads=2
	refused "update: process $ROOT must have at least one thread (EINVAL)" \
		update "$ROOT" --threads=0 --memory=1
	for state in waiting stopped zombie dead; do
		refused "update: only the states running and sleeping can be reported (EINVAL)" \
			update "$ROOT" --state=$state --memory=1
	done
	refused "update: the directory is not an absolute path (EINVAL)" \
		update "$ROOT" --cwd=home --memory=1
	refused "update: the directory is longer than 4095 bytes (ENAMETOOLONG)" \
		update "$ROOT" --cwd="/$(printf '%4095s' '')" --memory=1
	procsrvctl kill -STOP "$ROOT"
	refused "update: process $ROOT is stopped, only SIGCONT continues it (EBUSY)" \
		update "$ROOT" --state=running --memory=1
	shows "$ROOT" memory "0 bytes"
	silent update "$ROOT" --memory=1
	shows "$ROOT" memory "1 byte"
	procsrvctl kill "$ROOT"
	refused "update: process $ROOT is a zombie (ESRCH)" update "$ROOT" --memory=2
}

@test "the longest directory" {
	long=/$(printf '%4094s' '' | tr ' ' x)
	silent update "$ROOT" --cwd="$long"
	shows "$ROOT" directory "$long"
}

@test "stats are those of sysfs, in the order of the specification" {
	procsrvctl update "$(procsrvctl create "$ROOT" x)" --state=sleeping
	procsrvctl kill -STOP "$(procsrvctl create "$ROOT" x)"
	procsrvctl exit "$(procsrvctl create "$ROOT" x)"
	procsrvctl session create "$ROOT"
	works stats
	same "$(</sys/kernel/procsrv/stats)" "$output"
	same "total_processes running sleeping stopped zombies total_created total_exited sessions process_groups orphans " \
		"$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')"
	procsrvctl stats --json | check "d == {
		$(sed "s/\(.*\) \(.*\)/'\1': \2,/" /sys/kernel/procsrv/stats)}"
}

@test "stats count what happens" {
	before=$(procsrvctl stats --json)
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl create "$child" grandchild
	procsrvctl exit "$child"
	procsrvctl session create "$ROOT"
	after=$(procsrvctl stats --json)
	check "{k: d[1][k] - d[0][k] for k in d[0]} == {'total_processes': 2, 'running': 1,
		'sleeping': 0, 'stopped': 0, 'zombies': 1, 'total_created': 2,
		'total_exited': 1, 'sessions': 1, 'process_groups': 1, 'orphans': 0}" \
		<<<"[$before, $after]"
}

@test "time goes on" {
	first=$(procsrvctl time --json)
	sleep 0.2
	second=$(procsrvctl time --json)
	check "d[1]['time'] - d[0]['time'] >= 200000 and
		d[0]['source'] == d[1]['source'] in ('cycles', 'monotonic') and
		(d[0]['source'] == 'cycles') == (d[0]['frequency'] > 0)" \
		<<<"[$first, $second]"
	works time
	[[ ${lines[0]} =~ ^"time       "[0-9]+\.[0-9]{6}s$ ]]
	[[ ${lines[1]} =~ ^"cycles     "[0-9]+$ ]]
	[[ ${lines[2]} =~ ^"frequency  "[0-9]+" Hz"$ ]]
	[[ ${lines[3]} =~ ^"source     "(cycles|monotonic)$ ]]
}

@test "revoke for one process, and for all" {
	other=$(procsrvctl create "$ROOT" other)
	silent revoke "$ROOT" 7
	shows "$ROOT" revocations 1
	shows "$other" revocations 0
	silent revoke --all 18446744073709551615
	shows "$ROOT" revocations 2
	shows "$other" revocations 1
	late=$(procsrvctl create "$ROOT" late)
	shows "$late" revocations 0
	refused "revoke: there is no process 999999999 (ESRCH)" revoke 999999999 7
	procsrvctl exit "$other"
	refused "revoke: process $other is a zombie (ESRCH)" revoke "$other" 7
}
