# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154,SC2030,SC2031 # run sets output and stderr; each test has its own FILE
#
# The options of strace that are read, as procsrv-replay(1) names them. The recordings are
# in strace/, where a note says how they were made: one of each version that has the option.

load common

# option NAME UNREADABLE: all calls of the program of the recordings are compared, in each
# recording of the option. On standard error, its own line of output is there.
option() {
	local FILE found=0

	for FILE in "$BATS_TEST_DIRNAME/strace/$1"-[67].?.strace; do
		run -0 --separate-stderr procsrv-replay "$FILE"
		echo "$output"
		[[ $output == *" lines, 3 processes, 0 further threads"* ]]
		[[ $output == *"  compared      12"$'\n'"  not compared  0"$'\n'* ]]
		[[ ${2:-0} == 0 || $output == *"  unreadable    $2 line"* ]]
		[[ ${2:-0} != 0 || $output != *"  unreadable "* ]]
		found=$((found + 1))
	done
	((found))
}

@test "C" {
	option C
}

@test "D" {
	option D
}

@test "N" {
	option N
}

@test "T" {
	option T
}

@test "X-raw" {
	option X-raw
}

@test "X-verbose" {
	option X-verbose
}

@test "Y" {
	option Y
}

@test "all" {
	option all
}

@test "color" {
	option color
}

@test "command" {
	option command
}

@test "decode-pidns" {
	option decode-pidns
}

# Only counts the calls, as it is not known when they ended.
@test "ff-merged" {
	for FILE in "$BATS_TEST_DIRNAME"/strace/ff-merged-*.strace; do
		dry 'list(t["operations"].values())' "[2, 2, 3, 3, 1, 1, 0]"
	done
}

@test "i" {
	option i
}

@test "k" {
	option k
}

@test "n" {
	option n
}

@test "ns" {
	option ns
}

@test "path" {
	option path 1
}

@test "plain" {
	option plain
}

@test "q" {
	option q
}

@test "r" {
	option r
}

@test "raw" {
	option raw
}

@test "s0" {
	option s0
}

@test "s200" {
	option s200
}

@test "seccomp-bpf" {
	option seccomp-bpf
}

@test "stderr" {
	option stderr 1
}

@test "stderr-C" {
	option stderr-C 1
}

@test "stderr-N" {
	option stderr-N 1
}

@test "stderr-X-verbose" {
	option stderr-X-verbose 1
}

@test "stderr-Y" {
	option stderr-Y 1
}

@test "stderr-color" {
	option stderr-color 1
}

@test "stderr-k" {
	option stderr-k 1
}

@test "stderr-q" {
	option stderr-q 1
}

@test "stderr-r" {
	option stderr-r 1
}

@test "stderr-tt" {
	option stderr-tt 1
}

@test "t" {
	option t
}

@test "tt" {
	option tt
}

@test "tt-r" {
	option tt-r
}

@test "ttt" {
	option ttt
}

@test "unix" {
	option unix
}

@test "v" {
	option v
}

@test "x" {
	option x
}

@test "xx" {
	option xx
}

@test "y" {
	option y
}

@test "yy" {
	option yy
}
