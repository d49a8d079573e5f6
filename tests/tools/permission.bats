#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Errors for users without permission, and what these users can see. The device is open to all
# here, and the users have no capabilities.

load common

setup() {
	ROOT=$(procsrvctl create 1 root)
	OWN=$(procsrvctl create --uid 100001 --gid 100001 --env A=1 "$ROOT" secret -- an argument)
	chmod 666 /dev/procsrv
}

teardown() {
	chmod 600 /dev/procsrv
	chgrp root /dev/procsrv
}

# As the user 100002: denied TEXT ARGUMENT...
denied() {
	run setpriv --reuid 100002 --regid 100002 --clear-groups -- procsrvctl "${@:2}"
	same "procsrvctl: $1 (EPERM)" "$output"
	same 1 "$status"
}

# As the user UID, with success: runs_as UID ARGUMENT...
runs_as() {
	run setpriv --reuid "$1" --regid "$1" --clear-groups -- procsrvctl "${@:2}"
	same 0 "$status"
}

# cannot_open HINT: as the user 100002
cannot_open() {
	run setpriv --reuid 100002 --regid 100002 --clear-groups -- procsrvctl stats
	# shellcheck disable=SC2053 # it is a pattern
	[[ $output == "procsrvctl: stats: cannot open /dev/procsrv: Permission denied ("$1\) ]]
	same 3 "$status"
}

@test "processes of another user, and the capability that is needed" {
	local kill="process $OWN belongs to user 100001, and user 100002 needs CAP_KILL for that"
	local admin=${kill/KILL/SYS_ADMIN} limits

	limits="limits: process $OWN belongs to another user: CAP_SYS_RESOURCE is needed to raise a limit,"
	limits+=' CAP_SYS_ADMIN to lower one'

	denied "exit: $kill" exit "$OWN"
	denied "kill: $kill" kill "$OWN"
	denied "kill: the sender: $kill" kill --sender "$OWN" "$OWN"
	denied "kill: user 100002 may signal none of these processes" kill --tree "$OWN"
	denied "exec: $admin" exec "$OWN" other
	denied "wait: $admin" wait "$OWN"
	denied "take: $admin" take "$OWN"
	denied "update: $admin" update --memory 1 "$OWN"
	denied "$limits" limits --memory 1 "$OWN"
	denied "$limits" limits --nice -1 "$OWN"
	denied "reaper: $admin" reaper "$OWN" on
	denied "revoke: $admin" revoke "$OWN" 1
	denied "create: the parent: $admin" create "$OWN" child
	denied "create: user 100002 may not create processes of user 0 and group 100002" \
		create --uid 0 1 child
	denied "reap: process 1 belongs to user 0, and user 100002 needs CAP_SYS_ADMIN for that" \
		reap
	runs_as 100001 kill "$OWN"
}

@test "init is init to all users" {
	denied "exit: process 1 is init, which cannot exit" exit 1
	denied "kill: process 1 is init, which cannot be ended or stopped" kill -9 1
}

@test "lists are hidden from others, and their processes shown by name" {
	runs_as 100001 info "$OWN"
	[[ $output == *"an argument"*A=1* ]]
	runs_as 100002 info "$OWN"
	[[ $output == *"command line"*hidden*environment*hidden* ]]
	[[ $output != *argument* && $output != *A=1* ]]
	runs_as 100001 ps
	[[ $output == *" an argument"* ]]
	runs_as 100002 ps
	[[ $output == *" [secret]"* && $output != *argument* ]]
}

@test "access to the device" {
	chmod 660 /dev/procsrv
	chgrp daemon /dev/procsrv
	cannot_open "members of the group daemon may open it: adduser NAME daemon, then log in again"
	chgrp root /dev/procsrv
	cannot_open "root may open it; *device_gid*udev rule*procsrv(4)"
}

@test "users create what is their own" {
	runs_as 100002 create 1 own
	runs_as 100002 info "$output"
	[[ $output == *100002* ]]
}
