#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: in-guest.sh model MODULE_DIRECTORY [PARAMETER=VALUE]...
#        in-guest.sh syscalls MODULE_DIRECTORY PROGRAM REPEATS PROCESSES
#        in-guest.sh --help
#
# Measures inside a guest, where no module is loaded yet; what is under way goes to
# standard error, JSON objects, one a line, to standard output.
#
#   model     the functions of the model, at the speed of the machine
#   syscalls  on one processor, with QEMU's option -icount: the functions of the model and
#             system calls, in instructions

# shellcheck source-path=SCRIPTDIR source=../scripts/lib.sh
. "$(dirname -- "$0")/../scripts/lib.sh"

readonly BENCH=/sys/kernel/debug/procsrv_bench
readonly PARAMETERS=/sys/module/procsrv_bench/parameters

load() {
	insmod "$1/procsrv.ko"
	insmod "$1/bench/procsrv_bench.ko" "${@:2}"
}

# measure NAME WHAT
measure() {
	log "$2"
	echo "$1" >"$BENCH/run"
	cat "$BENCH/results"
}

growth() {
	local size sizes

	IFS=, read -ra sizes <"$PARAMETERS/sizes"
	for size in "${sizes[@]}"; do
		echo "$size" >"$PARAMETERS/sizes"
		measure growth "every operation, $size live processes"
	done
}

model() {
	load "$@"
	# First: nothing that was freed before is still on its way.
	measure memory "memory"
	growth
	measure bulk "calls to many processes"
	measure readers "readers, with and without a writer"
	measure waits "waits beside calls to many processes"
}

# The counter of the processor is read there, which QEMU has count instructions.
syscalls() {
	local modules=$1 program=$2 repeats=$3 processes=$4

	load "$modules" cycles=y rounds=5 sizes=1000
	growth | sed 's/"unit": "cycles"/"unit": "instructions"/'
	log "system calls, $processes processes"
	"$program" "$processes" "$repeats"
}

case ${1:-} in
model | syscalls) "$@" ;;
*) usage ;;
esac
