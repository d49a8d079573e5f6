#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and unloading. Wants the module not loaded, and its file in $MODULE.

setup() {
	[ ! -e /sys/module/procsrv ]
}

teardown() {
	[ ! -e /sys/module/procsrv ] || rmmod procsrv
}

@test "insmod makes the device and the directory in sysfs, rmmod removes them" {
	insmod "$MODULE"
	[ -c /dev/procsrv ]
	[ -r /sys/kernel/procsrv/stats ]
	rmmod procsrv
	[ ! -e /dev/procsrv ]
	[ ! -e /sys/kernel/procsrv ]
}

@test "insmod, rmmod, insmod again works" {
	insmod "$MODULE"
	rmmod procsrv
	insmod "$MODULE"
	[ -c /dev/procsrv ]
}

@test "rmmod with the device open says that it is in use" {
	insmod "$MODULE"
	exec 9</dev/procsrv
	run rmmod procsrv
	[ "$status" -ne 0 ]
	[[ $output == *"in use"* ]]
	exec 9<&-
	rmmod procsrv
}

@test "a process left behind does not hold the module" {
	insmod "$MODULE"
	procsrvctl create 1 left-behind
	rmmod procsrv
}

@test "the node is for root alone" {
	insmod "$MODULE"
	[ "$(stat -c '%a %u %g' /dev/procsrv)" = "600 0 0" ]
}

@test "loading says one line, unloading none" {
	dmesg -C
	insmod "$MODULE"
	procsrvctl create 1 talkative
	rmmod procsrv
	# The kernel itself may say that the module is not its own.
	run bash -c "dmesg | grep procsrv: | grep -vE 'taint|verification'"
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *"procsrv: version "*"/dev/procsrv is ready"* ]]
}

@test "version is the same in sysfs and in the module" {
	insmod "$MODULE"
	[ "$(cat /sys/kernel/procsrv/version)" = "$(modinfo -F version "$MODULE")" ]
}

@test "a fresh server has init and nothing else" {
	insmod "$MODULE"
	run cat /sys/kernel/procsrv/stats
	[ "$output" = "total_processes 1
running 1
sleeping 0
stopped 0
zombies 0
total_created 0
total_exited 0
sessions 0
process_groups 0
orphans 0" ]
}
