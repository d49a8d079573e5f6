#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The Rust crate: its tests, and the programs of docs/bindings.md as they are printed, as
# "make -C rust" has built them. Needs TOP.

load common

@test "the functions of the crate" {
	"$TOP/build/rust/tests/procsrv"
}

@test "the safe interface" {
	"$TOP/build/rust/tests/server"
}

@test "the names of VeridianOS" {
	"$TOP/build/rust/tests/veridian"
}

@test "the programs of docs/bindings.md" {
	local dir=$TOP/build/rust/documented number

	for number in 1 2; do
		same "$(<"$dir/output-$number")" "$("$dir/compiled-$number")"
	done
	[[ ! -e $dir/program-3 ]]
}
