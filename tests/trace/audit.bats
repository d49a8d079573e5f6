#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The audit record of a revoked capability, in a kernel that has audit. Without a daemon
# to take them the kernel writes audit records to its log. The limit on their number there
# is lifted here, as they are counted.

RATELIMIT=/proc/sys/kernel/printk_ratelimit

setup() {
	RATE=$(<$RATELIMIT)
	echo 0 >$RATELIMIT
	HOLDER=$(procsrvctl create 1 holder)
}

teardown() {
	audit 0
	echo "$RATE" >$RATELIMIT
	procsrvctl kill -9 "$HOLDER"
	procsrvctl reap
}

# AUDIT_SET with AUDIT_STATUS_ENABLED, as auditctl -e does.
audit() {
	perl -MSocket -e '
		socket(my $netlink, 16, SOCK_RAW, 9) or die "netlink: $!";
		my $status = pack("L10", 1, shift, (0) x 8);
		send($netlink, pack("LSSLL", 16 + length $status, 1001, 5, 1, 0) . $status, 0,
		     pack("SSLL", 16, 0, 0, 0)) or die "audit: $!";
		recv($netlink, my $answer, 4096, 0);
		my $error = -unpack("x16 l", $answer);
		$! = $error, die "audit: $!" if $error;' "$1"
}

# revoke_as UID PID CAPABILITY TIMES: from a descriptor that root has opened, as any program
# that inherited one could. Prints how many seconds that took.
revoke_as() {
	perl -MFcntl -MPOSIX -e '
		my ($uid, $pid, $capability, $times) = @ARGV;
		sysopen(my $device, "/dev/procsrv", O_RDWR) or die "open: $!";
		POSIX::setgid($uid) && POSIX::setuid($uid) or die "setuid: $!";
		my $begin = time;
		for (1 .. $times) {
			my $args = pack("QQLL", $pid, $capability, 0, 0);
			ioctl($device, 0x4018bd14, $args) or die "revoke: $!";
		}
		print time - $begin, "\n";' "$@"
}

# records TEXT: how many there are
records() {
	dmesg | grep -c "module=procsrv op=revoke .*$1"
}

# until_records N TEXT: a thread of the kernel writes them, in their order.
until_records() {
	local i

	for ((i = 0; i < 60; i++)); do
		(($(records "$2") < $1)) || return 0
		sleep 0.5
	done
	echo "only $(records "$2") records of $2"
	return 1
}

@test "a revocation leaves one audit record" {
	audit 1
	dmesg -C
	procsrvctl revoke "$HOLDER" 77
	until_records 1 "target=$HOLDER capability=77"
	sleep 1
	[ "$(records "target=$HOLDER capability=77")" -eq 1 ]
}

@test "a revocation for every process leaves one audit record, with target 0" {
	audit 1
	dmesg -C
	procsrvctl revoke --all 78
	until_records 1 "target=0 capability=78"
	sleep 1
	[ "$(records "target=0 capability=78")" -eq 1 ]
}

@test "a revocation that is refused leaves none" {
	audit 1
	dmesg -C
	run procsrvctl revoke 4711 79
	[ "$status" -eq 1 ]
	procsrvctl revoke --all 86
	until_records 1 capability=86
	[ "$(records '')" -eq 1 ]
}

@test "without audit a revocation leaves none" {
	audit 0
	dmesg -C
	procsrvctl revoke --all 80
	sleep 1
	run bash -c "dmesg | grep 'op=revoke'"
	[ "$status" -eq 1 ]
}

@test "the record names the process that revoked" {
	audit 1
	dmesg -C
	revoke_as 0 "$HOLDER" 81 1
	until_records 1 capability=81
	dmesg | grep -E "target=$HOLDER capability=81 server=0 pid=[0-9]+ uid=0 auid=[0-9]+ ses=[0-9]+"
}

# Ten in five seconds, of each user. Without a limit it would be every one of them.
@test "a user without privileges cannot flood the audit log" {
	local own seconds

	own=$(procsrvctl create --uid 1007 --gid 1007 1 own)
	audit 1
	dmesg -C
	seconds=$(revoke_as 1007 "$own" 82 200)
	revoke_as 0 "$HOLDER" 83 1
	until_records 1 capability=83
	procsrvctl kill -9 "$own"
	[ "$(records capability=82)" -ge 1 ]
	[ "$(records capability=82)" -le $((10 * (seconds / 5 + 2))) ]
	# Nor does it suppress the records of other users.
	[ "$(records capability=83)" -eq 1 ]
}

# For all ids: 1000 and 1089 once shared a limit, by a hash. No other test uses up that of these.
@test "users do not use up the records of each other" {
	local own uid

	audit 1
	for uid in 1000 1001 1034 1089; do
		own=$(procsrvctl create --uid $uid --gid $uid 1 own)
		dmesg -C
		revoke_as $uid "$own" 85 20
		until_records 10 capability=85
		procsrvctl kill -9 "$own"
	done
}

# Each leaves three records, with those of the system call: fewer than the backlog takes (64)
# before a thread of the kernel writes them.
@test "a user with CAP_AUDIT_WRITE is not limited" {
	audit 1
	dmesg -C
	revoke_as 0 "$HOLDER" 84 15
	until_records 15 capability=84
	[ "$(records capability=84)" -eq 15 ]
}
