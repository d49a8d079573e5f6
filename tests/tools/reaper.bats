#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# reaper

load common

@test "orphans go to the nearest reaper, and to init without one" {
	silent reaper "$ROOT" on
	shows "$ROOT" reaper yes
	parent=$(procsrvctl create "$ROOT" parent)
	child=$(procsrvctl create "$parent" child)
	shows "$parent" reaper no
	procsrvctl exit "$parent"
	shows "$child" parent "$ROOT"
	grandchild=$(procsrvctl create "$child" grandchild)
	silent reaper "$ROOT" off
	shows "$ROOT" reaper no
	procsrvctl exit "$child"
	shows "$grandchild" parent 1
}

@test "ps and info --json show a reaper" {
	procsrvctl reaper "$ROOT" on
	works ps
	[[ $output =~ (^|$'\n')[^$'\n']*\ $ROOT\ [^$'\n']*\ Rr\ [^$'\n']*\[root\] ]]
	[[ $output =~ \ 1\ +0\ +[^$'\n']*\ R\ +[^$'\n']*\[init\] ]]
	works info --json "$ROOT"
	has '"reaper": true, "tied": false,'
}

@test "the exit of a zombie orphan is the reaper's to wait for" {
	procsrvctl reaper "$ROOT" on
	parent=$(procsrvctl create "$ROOT" parent)
	child=$(procsrvctl create "$parent" child)
	procsrvctl exit "$child" 3
	procsrvctl exit "$parent" 4
	prints "$parent exited with code 4" wait "$ROOT"
	prints "$child exited with code 3" wait "$ROOT"
}

@test "reaper: what the server refuses" {
	refused "reaper: there is no process 999999999 (ESRCH)" reaper 999999999 on
	refused "reaper: process 1 is init, which is always a reaper (EPERM)" reaper 1 off
	pid=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$pid"
	refused "reaper: process $pid is a zombie (ESRCH)" reaper "$pid" on
}

@test "autoreap" {
	pid=$(procsrvctl create "$ROOT" zombie)
	procsrvctl exit "$pid"
	silent autoreap "$ROOT" on
	shows "$ROOT" autoreap yes
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$child" 3
	refused "info: there is no process $child (ESRCH)" info "$child"
	prints "$pid exited with code 0" wait "$ROOT"
	silent autoreap "$ROOT" off
	shows "$ROOT" autoreap no
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl exit "$child" 3
	prints "$child exited with code 3" wait "$ROOT"
	works ps
	usage_error "autoreap: 'maybe' is neither on nor off" autoreap "$ROOT" maybe
	refused "autoreap: there is no process 999999999 (ESRCH)" autoreap 999999999 on
}
