#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# metrics: the output for Prometheus. promtool, of Prometheus itself, reads it.

load common

# The path at which scripts/deps.sh has unpacked it.
PROMTOOL=${PROCSRV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/procsrv}/pkg/prometheus/usr/bin/promtool

# value NAME: puts the value of a metric in $output into $value
value() {
	local line

	value=
	while IFS= read -r line; do
		[[ $line != "$1 "* ]] || value=${line##* }
	done <<<"$output"
	[[ -n $value ]] || { printf 'there is no %s in:\n%s\n' "$1" "$output" && false; }
}

@test "the counters are those of stats, and promtool has nothing to say" {
	local exited created

	procsrvctl kill -9 "$(procsrvctl create "$ROOT" dead)"
	exited=$(procsrvctl stats | sed -n 's/^total_exited //p')
	created=$(procsrvctl stats | sed -n 's/^total_created //p')
	works metrics
	value procsrv_processes_exited_total
	same "$exited" "$value"
	value procsrv_processes_created_total
	same "$created" "$value"
	value 'procsrv_processes{state="zombie"}'
	((value >= 1))
	value procsrv_events_total
	((value >= 3))
	same "" "$("$PROMTOOL" check metrics <<<"$output" 2>&1)"
	# A text of HELP does not depend on that of another metric.
	[[ $output != *"since then"* ]]
}

@test "--textfile counts events, and how long zombies wait" {
	local file=$BATS_TEST_TMPDIR/procsrv.prom child pid i

	procsrvctl metrics --textfile "$file" --every 100ms --for 10m &
	pid=$!
	for ((i = 0; i < 300; i++)); do
		[[ ! -e $file ]] || break
		sleep 0.1
	done
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl kill -9 "$child"
	sleep 0.2
	procsrvctl wait "$ROOT"
	for ((i = 0; i < 300; i++)); do
		output=$(<"$file")
		[[ $output != *'procsrv_zombie_seconds_count 1'* ]] || break
		sleep 0.1
	done
	kill "$pid"
	wait "$pid" || true
	for kind in create exit reap signal; do
		value "procsrv_observed_events_total{kind=\"$kind\"}"
		same 1 "$value"
	done
	value 'procsrv_zombie_seconds_bucket{le="0.100000"}'
	same 0 "$value"
	value 'procsrv_zombie_seconds_bucket{le="+Inf"}'
	same 1 "$value"
	value procsrv_zombie_seconds_sum
	[[ $value != 0.0* && $value != 0.1* ]]
	value procsrv_lost_events_total
	same 0 "$value"
	same "" "$("$PROMTOOL" check metrics <"$file" 2>&1)"
	same "$file" "$(echo "$file"*)"
}

@test "--for ends it, with the file as it is then" {
	local file=$BATS_TEST_TMPDIR/procsrv.prom

	silent metrics --textfile "$file" --for 200ms
	grep -q '^procsrv_events_total [0-9]' "$file"
	ask metrics --textfile /nonexistent/a.prom
	same 2 "$status"
	# shellcheck disable=SC2154 # of ask
	[[ $stderr == "procsrvctl: metrics: cannot write /nonexistent/a.prom."*": No such file or directory" ]]
	usage_error "metrics: --every and --for are for --textfile" metrics --for 1s
	usage_error "metrics: --every takes a time above 0" metrics --textfile "$file" --every 0
}
