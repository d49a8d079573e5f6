#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and unloading. Needs the module not loaded, and its file in $MODULE.

load common

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
	# The kernel itself may complain that the module is out of tree or unsigned.
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

checks() {
	cat /sys/module/procsrv/parameters/checks
}

# calls N: as many, on one descriptor
calls() {
	perl -e '
		open my $device, "+<", "/dev/procsrv" or die "open: $!";
		for (1 .. shift) {
			my $stats = "\0" x 80;
			ioctl $device, 0x8050bd13, $stats or die "ioctl: $!";
		}' "$1"
}

@test "check is off unless asked for" {
	insmod "$MODULE"
	[ "$(cat /sys/module/procsrv/parameters/check)" = 0 ]
	calls 100
	[ "$(checks)" = 0 ]
}

@test "check=N checks after every N-th call, and at the end of a descriptor" {
	insmod "$MODULE" check=7
	dmesg -C
	calls 69
	[ "$(checks)" = 10 ]
	# The count continues, no matter which process calls.
	calls 1
	[ "$(checks)" = 12 ]
	echo 0 >/sys/module/procsrv/parameters/check
	calls 20
	[ "$(checks)" = 12 ]
	echo 1 >/sys/module/procsrv/parameters/check
	calls 20
	[ "$(checks)" = 33 ]
	# Nothing is wrong.
	run grep procsrv <(dmesg)
	[ "$status" -ne 0 ]
}

@test "check counts the operations of a batch" {
	insmod "$MODULE" check=1
	perl -e '
		open my $device, "+<", "/dev/procsrv" or die "open: $!";
		my $ops = pack("L l x120", 0x8050bd13, 0) x 5;
		my $batch = pack "P L4", $ops, 128, 5, 0, 0;
		ioctl $device, 0xc018bd1b, $batch or die "ioctl: $!";
		(unpack "Q L4", $batch)[4] == 5 or die "not all were done";'
	# Each operation, the batch, and the end.
	[ "$(checks)" = 7 ]
}

@test "check takes numbers, checks nothing" {
	run insmod "$MODULE" check=x
	[ "$status" -ne 0 ]
	run insmod "$MODULE" checks=1
	[ "$status" -ne 0 ]
	insmod "$MODULE"
	[ "$(stat -c %a /sys/module/procsrv/parameters/check)" = 644 ]
	[ "$(stat -c %a /sys/module/procsrv/parameters/checks)" = 444 ]
}

# Opens something by an ioctl, closes the device, and holds that alone while rmmod tries:
# only_held NUMBER ARGUMENTS, these in hexadecimal.
only_held() {
	perl -e '
		my ($number, $args) = (hex shift, pack "H*", shift);
		open my $device, "+<", "/dev/procsrv" or die "open: $!";
		ioctl $device, $number, $args or die "ioctl: $!";
		close $device;
		exit(system("rmmod procsrv 2>&1") == 0);' "$@"
}

@test "rmmod is refused while a private server is open" {
	insmod "$MODULE"
	run only_held c008bd1a 0000000000000000
	[ "$status" -eq 0 ]
	[[ $output == *"in use"* ]]
	rmmod procsrv
}

@test "rmmod is refused while a handle is open" {
	insmod "$MODULE"
	run only_held c010bd19 01000000000000000000000000000000
	[ "$status" -eq 0 ]
	[[ $output == *"in use"* ]]
	rmmod procsrv
}

# kept_until_exit PROGRAM: the module is unloaded only after the perl program has exited. The
# program has to print a line when it keeps nothing else.
kept_until_exit() {
	local line child message

	coproc KEEPER { exec perl -MSocket -e 'BEGIN { $| = 1 } '"$1"' print "kept\n"; <STDIN>;'; }
	child=$KEEPER_PID
	read -r line <&"${KEEPER[0]}"
	[ "$line" = kept ]
	! message=$(rmmod procsrv 2>&1) || return 1
	[[ $message == *"in use"* ]]
	echo >&"${KEEPER[1]}"
	wait "$child"
	rmmod procsrv
}

@test "rmmod is refused while a descriptor is in a socket, and nowhere else" {
	insmod "$MODULE"
	# A control message with SCM_RIGHTS, by the system call sendmsg.
	# shellcheck disable=SC2016 # perl's variables
	kept_until_exit '
		open my $device, "+<", "/dev/procsrv" or die "open: $!";
		socketpair my $a, my $b, AF_UNIX, SOCK_STREAM, 0 or die "socketpair: $!";
		my $byte = "x";
		my $iov = pack "P Q", $byte, 1;
		my $control = pack "Q l l l x4", 20, 1, 1, fileno $device;
		my $msg = pack "Q L x4 P Q P Q l x4", 0, 0, $iov, 1, $control, 24, 0;
		syscall(46, fileno $a, $msg, 0) == 1 or die "sendmsg: $!";
		close $device;'
}

@test "an epoll that watched a closed descriptor does not hold the module" {
	insmod "$MODULE"
	perl -e '
		open my $device, "+<", "/dev/procsrv" or die "open: $!";
		my $epoll = syscall 291, 0;
		my $event = pack "L Q", 1, 0;
		syscall(233, $epoll, 1, fileno $device, $event) == 0 or die "epoll_ctl: $!";
		close $device;
		exit(system("rmmod procsrv") != 0);'
	[ ! -e /dev/procsrv ]
}
