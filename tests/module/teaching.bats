#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The sheets of docs/teaching.md as they are printed, each in a server that is empty.

load common
load ../readme

readonly PAGE=docs/teaching.md
readonly SHEETS=(Orphans Zombies 'Process groups and job control' Supervision Limits)
export LC_ALL=C.UTF-8

setup() {
	[ ! -e /sys/module/procsrv ]
	TOP=$BATS_TEST_DIRNAME/../..
	cd "$BATS_TEST_TMPDIR" || return
}

# Programs that ran on a private server may need a moment to end.
remove() {
	local i

	for ((i = 0; i < 50; i++)); do
		! rmmod procsrv 2>/dev/null || return 0
		pause 0.2
	done
	rmmod procsrv
}

# One test for all, and without the trap that bats has for every command: both take more time than
# the commands do.
sheets() (
	trap - DEBUG
	for sheet in "${SHEETS[@]}"; do
		echo "# $sheet"
		insmod "$MODULE" || return
		follow_session "$BATS_TEST_TMPDIR/$sheet" < <(readme_session "$sheet" "$PAGE") || return
		remove || return
	done
) 3>&-

@test "the lab sheets, and no command of the page is left out" {
	local all typed

	sheets
	all=$(grep -c '^    # ' "$TOP/$PAGE")
	typed=$(for sheet in "${SHEETS[@]}"; do readme_session "$sheet" "$PAGE"; done | grep -c '^# ')
	((all == typed))
}
