#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The audit record of a revoked capability, in a kernel that has audit. Without a daemon
# to take them the kernel writes audit records to its log.

setup() {
	HOLDER=$(procsrvctl create 1 holder)
}

teardown() {
	audit 0
	procsrvctl kill -9 "$HOLDER"
	procsrvctl reap
}

# AUDIT_SET with AUDIT_STATUS_ENABLED: what auditctl -e does.
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

@test "a revocation leaves one audit record" {
	audit 1
	dmesg -C
	procsrvctl revoke "$HOLDER" 77
	sleep 1
	run bash -c "dmesg | grep -c 'module=procsrv op=revoke target=$HOLDER capability=77'"
	[ "$output" -eq 1 ]
}

@test "a revocation for every process leaves one audit record, with target 0" {
	audit 1
	dmesg -C
	procsrvctl revoke --all 78
	sleep 1
	run bash -c "dmesg | grep -c 'module=procsrv op=revoke target=0 capability=78'"
	[ "$output" -eq 1 ]
}

@test "a revocation that is refused leaves none" {
	audit 1
	dmesg -C
	run procsrvctl revoke 4711 79
	[ "$status" -eq 1 ]
	sleep 1
	run bash -c "dmesg | grep 'op=revoke'"
	[ "$status" -eq 1 ]
}

@test "without audit a revocation leaves none" {
	audit 0
	dmesg -C
	procsrvctl revoke --all 80
	sleep 1
	run bash -c "dmesg | grep 'op=revoke'"
	[ "$status" -eq 1 ]
}
