#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion by bash and zsh: it offers what there is in a server.

load common
load completion

@test "pids, sessions and groups of the server as it is" {
	local pid sid pgid

	pid=$(procsrvctl create "$ROOT" leader)
	sid=$(procsrvctl session create "$pid")
	pgid=$(procsrvctl ps --numeric | awk -v pid="$pid" '$2 == pid { print $4 }')
	offers "$(procsrvctl list | paste -sd ' ')" 'procsrvctl info '
	offers "$pid" "procsrvctl wait $pid"
	offers "$pid" "procsrvctl kill -s TERM 1 $pid"
	offers "$pid" "procsrvctl wait --pid=$pid"
	offers "1,$pid" "procsrvctl ps -p 1,$pid"
	offers "$pid" "procsrvctl events exit $pid"
	same "procsrvctl wait $pid " "$(zsh_line "procsrvctl wait $pid")"
	complete_line 'procsrvctl session show '
	[[ " ${COMPREPLY[*]} " == *" $sid "* ]]
	complete_line 'procsrvctl kill --group='
	[[ " ${COMPREPLY[*]} " == *" $pgid "* ]]
	procsrvctl kill -9 "$pid"
	procsrvctl wait "$ROOT"
	complete_line 'procsrvctl info '
	[[ " ${COMPREPLY[*]} " != *" $pid "* ]]
}

@test "services of a supervisor that runs" {
	local supervisor

	printf '%s\n' '[service database]' '[service web]' \
		>"$BATS_TEST_TMPDIR/services"
	procsrvctl supervise --name=completed --parent="$ROOT" "$BATS_TEST_TMPDIR/services" \
		>"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	supervisor=$!
	until grep -q 'web: process' "$BATS_TEST_TMPDIR/log"; do
		kill -0 "$supervisor"
		sleep 0.1
	done
	offers 'database web' 'procsrvctl supervise --name=completed --stop='
	offers 'web' 'procsrvctl supervise --name completed --restart w'
	offers '' 'procsrvctl supervise --name=another --stop='
	kill "$supervisor"
	wait "$supervisor"
}

@test "private servers by name, and what is in them" {
	local host

	procsrv-run --name=completed sleep 60 3>&- &
	host=$!
	until [[ -S /run/procsrv/completed ]]; do
		kill -0 "$host"
		sleep 0.1
	done
	offers 'completed' 'procsrvctl --server=com'
	offers "$(procsrvctl --server=completed list | paste -sd ' ')" \
		'procsrvctl --server=completed info '
	offers "$(procsrvctl --server=completed list | paste -sd ' ')" \
		'procsrvctl --server completed info '
	procsrvctl --server=completed kill -9 2
	wait "$host" || true
}
