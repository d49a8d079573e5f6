#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The examples for bpftrace, on a server where something happens. bpftrace starts the
# command once its probes are attached, and ends with it.

# bpftrace 0.23 reads a module's types where it finds them, and ends with a segmentation fault:
# docs/tracing.md has the same.
export BPFTRACE_BTF=/sys/kernel/btf/vmlinux

# watch EXAMPLE SCRIPT ARGUMENT...: the output of the example while the script runs
watch() {
	local example=$1

	printf '%s\n' "$2" >"$BATS_TEST_TMPDIR/script"
	shift 2
	bpftrace -c "/bin/sh $BATS_TEST_TMPDIR/script $*" "$TOP/examples/$example"
}

@test "slowest-waits.bt shows the waiter, its child, and the time of the wait" {
	local parent child out ns

	parent=$(procsrvctl create 1 parent)
	child=$(procsrvctl create "$parent" child)
	# shellcheck disable=SC2016 # the arguments are those of the script
	out=$(watch slowest-waits.bt '
		(sleep 1; procsrvctl exit "$2") &
		procsrvctl wait "$1"
		procsrvctl wait "$1"
		wait' "$parent" "$child")
	echo "$out"
	ns=$(sed -n "s/^@slowest_ns\[0, $parent, $child\]: //p" <<<"$out")
	((ns >= 500000000))
	grep -q "^@slowest_ns\[0, $parent, 0\]: [0-9]" <<<"$out"
	grep -q '^@waits_us:' <<<"$out"
	procsrvctl kill -9 "$parent"
	procsrvctl reap
}

@test "wait-latencies.bt has a histogram for each way in which waits end" {
	local parent child out

	parent=$(procsrvctl create 1 parent)
	child=$(procsrvctl create "$parent" child)
	# shellcheck disable=SC2016 # the arguments are those of the script
	out=$(watch wait-latencies.bt '
		procsrvctl wait --timeout 100ms "$1"
		procsrvctl wait --nohang "$1"
		(sleep 1; procsrvctl kill -STOP "$2") &
		procsrvctl wait --stopped "$1"
		wait
		procsrvctl kill -CONT "$2"
		procsrvctl wait --continued "$1"
		procsrvctl exit "$2"
		procsrvctl wait "$1"
		procsrvctl wait "$1"' "$parent" "$child")
	echo "$out"
	for kind in exited stopped continued "nothing yet" failed; do
		grep -qxE "@us\\[$kind\\]: ?" <<<"$out"
	done
	# It slept for a second, minus the time to start.
	grep -A 100 -F '@us[stopped]:' <<<"$out" | grep -m 1 -E '^\[(256K|512K|[0-9]+M), '
	procsrvctl kill -9 "$parent"
	procsrvctl reap
}

@test "who-kills-whom.bt names the killer and the victim" {
	local killer victim out

	killer=$(procsrvctl create 1 killer)
	victim=$(procsrvctl create 1 "the victim")
	# shellcheck disable=SC2016 # the arguments are those of the script
	out=$(watch who-kills-whom.bt '
		procsrvctl kill --sender "$1" -USR1 "$2"
		procsrvctl kill --sender "$1" -USR1 "$2"
		procsrvctl kill --sender "$1" -TERM "$2"' "$killer" "$victim")
	echo "$out"
	grep -qE "^$killer +$victim +15( |\$)" <<<"$out"
	# That version shows no strings with the variable above.
	[[ $(bpftrace --version) == *v0.23.* ]] ||
		grep -qE "^$killer +$victim +15 +the victim\$" <<<"$out"
	grep -qxF "@server_sender_receiver_signal[0, $killer, $victim, 10]: 2" <<<"$out"
	grep -qxF "@server_sender_receiver_signal[0, $killer, $victim, 15]: 1" <<<"$out"
	procsrvctl kill -9 "$killer"
	procsrvctl reap
}
