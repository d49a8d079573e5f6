# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Functions that the tests of the module share. They need it not loaded, its file in
# $MODULE, and procsrvctl in $PATH.

setup() {
	[ ! -e /sys/module/procsrv ]
}

teardown() {
	local pid

	for pid in $(jobs -p); do
		kill "$pid"
		wait "$pid" || true
	done
	[ ! -e /sys/module/procsrv ] || rmmod procsrv
}

# refused ERROR COMMAND...: fails, and says why.
refused() {
	run "${@:2}"
	[ "$status" -eq 1 ]
	[[ $output == *"($1)" ]]
}

# as_user UID GID GROUPS COMMAND...: with no capabilities; GROUPS may be empty.
as_user() {
	local groups=(--clear-groups)

	[ -z "$3" ] || groups=(--groups "$3")
	setpriv --reuid "$1" --regid "$2" "${groups[@]}" -- "${@:4}"
}
