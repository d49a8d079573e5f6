#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The test targets ("beds") in the scripts, without a download or a boot. Needs TOP.

bats_require_minimum_version 1.5.0

setup() {
	export PROCSRV_CACHE=$BATS_TEST_TMPDIR/cache
}

# The names in the list of kernel.sh --help, one or two in a line.
beds() {
	"$TOP/scripts/kernel.sh" --help |
		sed -nE 's/^  ([a-z][a-z0-9-]*)(, ([a-z0-9-]+))?( .*)?$/\1 \3/p' | tr -s ' ' '\n'
}

@test "each bed that guest.sh boots is one of kernel.sh, and each set of deps.sh is known" {
	local bed

	for bed in stock debian13 rt arm64 s390x kunit kcsan uml uml-debug uml-bench; do
		beds | grep -qx -- "$bed"
		"$TOP/scripts/guest.sh" --help | grep -qE -- "(--bed|^ +).*\b$bed\b"
	done
	for bed in stock debian13 rt arm64 s390x; do
		"$TOP/scripts/deps.sh" --list "$bed" | grep -q "^  in the cache: $bed "
	done
}

@test "each bed that is configured here has a file, and no file is of another" {
	local bed

	diff <(beds | grep -vxE 'stock|debian13|rt|arm64|s390x|clang' | LC_ALL=C sort) \
		<(cd "$TOP/scripts/configs" && printf '%s\n' *.config | sed 's/\.config$//' |
			LC_ALL=C sort)
}

@test "a bed of another architecture has no shell, and another has no compiler of its own" {
	run ! "$TOP/scripts/guest.sh" --bed arm64 --interactive
	[[ $output == *"bed arm64 has no shell on a terminal" ]]
	run ! "$TOP/scripts/kernel.sh" --cross nothing
	[[ $output == *"unknown bed 'nothing', see --help" ]]
}

@test "the programs of a bed of another architecture are Debian's, of that architecture" {
	[[ $("$TOP/scripts/deps.sh" --list arm64) == *qemu-system-arm* ]]
	[[ $("$TOP/scripts/deps.sh" --list arm64) == *cross-arm64* ]]
	[[ $("$TOP/scripts/deps.sh" --list s390x) == *qemu-system-misc* ]]
	[[ $("$TOP/scripts/deps.sh" --list s390x) == *cross-s390x* ]]
}
