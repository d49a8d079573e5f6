#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The parameters: each bound, reached and given room again, and the access to the device.

load common

@test "the parameters are what is documented unless set, and only read" {
	insmod "$MODULE"
	local name value

	while read -r name value; do
		[ "$(cat "/sys/module/procsrv/parameters/$name")" = "$value" ]
		[ "$(stat -c %a "/sys/module/procsrv/parameters/$name")" = 444 ]
		modinfo -p "$MODULE" | grep "^$name:"
	done <<-END
		max_processes 4194304
		max_user_processes 131072
		max_user_sleepers 16384
		max_user_strings 1073741824
		max_depth 1024
		max_user_readers 128
		max_user_handles 65536
		max_user_servers 1024
		init_reaps N
		device_mode 384
		device_gid 0
	END
}

@test "max_processes bounds all processes, zombies too, and init not" {
	insmod "$MODULE" max_processes=2
	[ "$(cat /sys/module/procsrv/parameters/max_processes)" = 2 ]
	procsrvctl create 1 one
	procsrvctl create --uid 7 1 two
	refused EAGAIN procsrvctl create 1 three
	refused EAGAIN procsrvctl create --uid 7 1 three
	[ "$(cat /sys/kernel/procsrv/total_created)" = 2 ]
	# A zombie counts until it is reaped.
	procsrvctl exit 2
	refused EAGAIN procsrvctl create 1 three
	procsrvctl reap
	procsrvctl create 1 three
}

@test "max_user_processes bounds each user by itself" {
	insmod "$MODULE" max_user_processes=1
	procsrvctl create --uid 7 1 one
	refused EAGAIN procsrvctl create --uid 7 1 two
	procsrvctl create --uid 8 1 two
	procsrvctl exit 2
	procsrvctl reap
	procsrvctl create --uid 7 1 three
}

@test "with a bound of 0 no process can be created" {
	insmod "$MODULE" max_processes=0
	refused EAGAIN procsrvctl create 1 one
	[ "$(cat /sys/kernel/procsrv/total_processes)" = 1 ]
}

# Until the process PID waits.
is_waiting() {
	local looks

	for ((looks = 0; looks < 300; looks++)); do
		[[ $(procsrvctl info "$1") != *WAITING* ]] || return 0
		sleep 0.01
	done
	return 1
}

@test "max_user_sleepers bounds the waiters for the processes of a user" {
	insmod "$MODULE" max_user_sleepers=1
	procsrvctl create --uid 7 1 parent
	procsrvctl create --uid 8 2 child
	procsrvctl create --uid 8 1 other
	procsrvctl wait 2 3>&- &
	local sleeper=$!
	is_waiting 2
	# One more for a user is refused, whatever it is for; calls that need not sleep are not.
	refused EAGAIN procsrvctl wait 2
	refused EAGAIN procsrvctl take 2
	run procsrvctl wait --nohang 2
	[ "$status" -eq 4 ]
	procsrvctl kill -s 10 2
	procsrvctl take 2
	# Neither the caller nor the child counts.
	run procsrvctl take --timeout 1ms 4
	[ "$status" -eq 5 ]
	procsrvctl exit 3
	wait "$sleeper"
	procsrvctl create --uid 8 2 child
	run procsrvctl take --timeout 1ms 2
	[ "$status" -eq 5 ]
}

@test "max_user_strings bounds the strings of each user" {
	insmod "$MODULE" max_user_strings=20
	# With their NULs 10 and 10.
	procsrvctl create --uid 7 1 123456789
	procsrvctl create --uid 7 1 123456789
	refused EDQUOT procsrvctl create --uid 7 1 ""
	refused EDQUOT procsrvctl exec 2 1234567890
	refused EDQUOT procsrvctl exec 2 123456789 -- a
	refused EDQUOT procsrvctl update --cwd /tmp 2
	[[ $(procsrvctl info 2) == *123456789* ]]
	procsrvctl create --uid 8 1 123456789
	# Fewer are always taken, and make room.
	procsrvctl exec 2 12345
	procsrvctl update --cwd /x 2
	refused EDQUOT procsrvctl update --cwd /xyz 2
	procsrvctl exec 2 ""
	procsrvctl update --cwd /xyz 2
	refused EDQUOT procsrvctl create --uid 7 1 12345
	procsrvctl exit 2
	refused EDQUOT procsrvctl create --uid 7 1 12345
	procsrvctl reap
	procsrvctl create --uid 7 1 12345
}

@test "max_depth bounds the ancestors of a process" {
	insmod "$MODULE" max_depth=3
	procsrvctl create 1 one
	procsrvctl create 2 two
	procsrvctl create 3 three
	refused EAGAIN procsrvctl create 4 four
	procsrvctl create 3 beside
	# The grandparent exits, so the parent of both is reparented to init.
	procsrvctl exit 2
	procsrvctl create 4 four
	refused EAGAIN procsrvctl create 6 five
}

@test "init_reaps: the children of init leave no zombies" {
	insmod "$MODULE" init_reaps=1
	[ "$(cat /sys/module/procsrv/parameters/init_reaps)" = Y ]
	procsrvctl create 1 parent
	procsrvctl create 2 orphan
	procsrvctl exit 2
	[ "$(procsrvctl list | xargs)" = "1 3" ]
	procsrvctl exit 3
	[ "$(procsrvctl list)" = 1 ]
	[ "$(procsrvctl reap)" = 0 ]
	# The flag can be cleared, which gives the behaviour without the parameter.
	procsrvctl autoreap 1 off
	procsrvctl create 1 child
	procsrvctl exit 4
	[ "$(procsrvctl reap)" = 1 ]
}

@test "max_user_readers bounds the subscriptions of each user" {
	insmod "$MODULE" max_user_readers=2 device_mode=0666
	local hold=$BATS_TEST_DIRNAME/hold

	run "$hold" 1000:subscribe 1000:subscribe 1000:subscribe 1000:read 1000:poll \
		1000:again 2000:read 2000:poll 2000:poll 2000:subscribe 2000:close \
		2000:read 1000:closefirst 1000:subscribe 1000:end 1000:read
	[ "$output" = "ok ok EMFILE EMFILE error ok ok ok error EMFILE ok ok ok ok ok ok" ]
	# Subscriptions that have ended do not count.
	run "$hold" 1000:subscribe 1000:subscribe 1000:subscribe
	[ "$output" = "ok ok EMFILE" ]
}

@test "max_user_handles bounds the descriptors of processes of each user" {
	insmod "$MODULE" max_user_handles=2
	run "$BATS_TEST_DIRNAME/hold" 1000:handle 1000:handle 1000:handle 2000:handle \
		0:handle 1000:closefirst 1000:handle 1000:handle
	[ "$output" = "ok ok EMFILE ok ok ok ok EMFILE" ]
	# A call that fails does not count.
	run "$BATS_TEST_DIRNAME/hold" 1000:missing 1000:missing 1000:handle 1000:handle
	[ "$output" = "ESRCH ESRCH ok ok" ]
}

@test "max_user_servers bounds the private servers of each user" {
	insmod "$MODULE" max_user_servers=2
	run "$BATS_TEST_DIRNAME/hold" 1000:server 1000:server 1000:server 2000:server \
		0:server 1000:closefirst 1000:server 1000:server
	[ "$output" = "ok ok EMFILE ok ok ok ok EMFILE" ]
}

@test "with bounds of 0 there are no subscriptions, handles and servers" {
	insmod "$MODULE" max_user_readers=0 max_user_handles=0 max_user_servers=0
	run "$BATS_TEST_DIRNAME/hold" 0:subscribe 0:read 0:poll 0:handle 0:server
	[ "$output" = "EMFILE EMFILE error EMFILE EMFILE" ]
	procsrvctl create 1 one
}

# Whether the user GID, with the groups GROUPS, can open the device: opens GID GROUPS
opens() {
	as_user 100001 "$1" "$2" sh -c ': <>/dev/procsrv'
}

@test "device_mode and device_gid open the device to a group" {
	insmod "$MODULE" device_mode=0660 device_gid=4711
	# At once: there is no udev here that would change it.
	[ "$(stat -c '%a %u %g' /dev/procsrv)" = "660 0 4711" ]
	opens 4711 ""
	opens 100001 4711
	run opens 100001 ""
	[ "$status" -ne 0 ]
	run opens 100001 4712
	[ "$status" -ne 0 ]
}

@test "device_mode opens the device to all" {
	insmod "$MODULE" device_mode=0666
	[ "$(stat -c '%a %u %g' /dev/procsrv)" = "666 0 0" ]
	opens 100001 ""
	# The server itself still checks permissions.
	as_user 100001 100001 "" procsrvctl create --uid 100001 --gid 100001 1 own
	refused EPERM as_user 100001 100001 "" procsrvctl create --uid 0 1 root
	refused EPERM as_user 100002 100001 "" procsrvctl kill 2
	as_user 100001 100001 "" procsrvctl kill 2
}

@test "without the parameters no other user can open the device" {
	insmod "$MODULE"
	run opens 100001 ""
	[ "$status" -ne 0 ]
}

# refuses PARAMETER MESSAGE: does not load, and says why.
refuses() {
	dmesg -C
	if insmod "$MODULE" "$1"; then
		return 1
	fi
	[ ! -e /dev/procsrv ]
	[ ! -e /sys/module/procsrv ]
	dmesg | grep -F "procsrv: $2"
}

@test "insmod refuses invalid values, and says why" {
	refuses device_mode=0777 "device_mode=0777: only the bits of 0666"
	refuses device_mode=01000 "device_mode=01000: only the bits of 0666"
	refuses device_mode=660 \
		"device_mode=01224: only the bits of 0666 make sense for a device (octal numbers begin with 0)"
	refuses device_gid=4294967295 "device_gid=4294967295: there can be no such group"
	refuses max_depth=0 "max_depth=0: a process has one ancestor at least"
}

@test "insmod refuses bounds that are no numbers, or too large, or unknown to it" {
	local name value

	for name in max_processes max_user_processes max_user_sleepers max_depth \
		max_user_readers max_user_handles max_user_servers device_gid; do
		for value in '' -1 x 1x 4294967296; do
			run insmod "$MODULE" "$name=$value"
			[ "$status" -ne 0 ]
			[ ! -e /dev/procsrv ]
		done
	done
	for value in '' -1 x 18446744073709551616; do
		run insmod "$MODULE" "max_user_strings=$value"
		[ "$status" -ne 0 ]
	done
	# The highest that there is.
	insmod "$MODULE" max_processes=4294967295 max_depth=4294967295 \
		max_user_strings=18446744073709551615
	procsrvctl create 1 one
}
