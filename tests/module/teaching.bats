#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The sheets of docs/teaching.md as they are printed, each in a server that is empty.

load common
load ../readme

readonly SHEETS=docs/teaching.md
export LC_ALL=C.UTF-8

setup() {
	[ ! -e /sys/module/procsrv ]
	TOP=$BATS_TEST_DIRNAME/../..
	insmod "$MODULE"
	cd "$BATS_TEST_TMPDIR" || return
}

# What ran on a private server may need a moment to end.
teardown() {
	local i

	for ((i = 0; i < 100; i++)); do
		! rmmod procsrv 2>/dev/null || return 0
		sleep 0.1
	done
	rmmod procsrv
}

# sheet HEADING: follows it. Without the trap of bats for every command, which takes more time than
# the commands.
sheet() (
	trap - DEBUG
	follow_session "$BATS_TEST_TMPDIR/printed" < <(readme_session "$1" "$SHEETS") 3>&-
)

@test "orphans" {
	sheet Orphans
}

@test "zombies" {
	sheet Zombies
}

@test "process groups and job control" {
	sheet 'Process groups and job control'
}

@test "supervision" {
	sheet Supervision
}

@test "limits" {
	sheet Limits
}

@test "no command of the page is left out" {
	local all sheets

	all=$(grep -c '^    # ' "$TOP/$SHEETS")
	sheets=$(for sheet in Orphans Zombies 'Process groups and job control' Supervision Limits; do
		readme_typed "$sheet" "$SHEETS"
	done | wc -l)
	((all == sheets))
}
