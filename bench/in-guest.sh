#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: in-guest.sh model MODULE_DIRECTORY [PARAMETER=VALUE]...
#        in-guest.sh syscalls MODULE_DIRECTORY PROGRAMS REPEATS PROCESSES
#        in-guest.sh run MODULE_DIRECTORY PROGRAMS REPEATS
#        in-guest.sh --help
#
# Measures inside a guest, where no module is loaded yet; what is under way goes to
# standard error, JSON objects, one a line, to standard output.
#
#   model     the functions of the model, at the speed of the machine
#   syscalls  on one processor, with QEMU's option -icount: the functions of the model and
#             system calls, in instructions
#   run       the same, of programs that start processes: by themselves, under procsrv-run,
#             and under strace
#
# PROGRAMS is the directory of those of bench/user.

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
	local modules=$1 programs=$2 repeats=$3 processes=$4

	load "$modules" cycles=y rounds=5 sizes=1000
	settle
	growth | sed 's/"unit": "cycles"/"unit": "instructions"/'
	log "system calls, $processes processes"
	"$programs/syscalls" "$processes" "$repeats"
}

# under HOW COMMAND...: addresses are the same each time, for a fork takes longer where more
# tables of pages are in use.
under() {
	local with=()

	case $1 in
	"on the server") with=(procsrv-run) ;;
	strace) with=(strace -f -o /dev/null) ;;
	esac
	setarch -R "${with[@]}" "${@:2}"
}

# time_of HOW COMMAND...: of the processor, in nanoseconds: that of the clock has the waits
# for the machine outside.
time_of() {
	local TIMEFORMAT='%U %S' seconds

	seconds=$({ time under "$@" >/dev/null 2>&1; } 2>&1)
	awk '{ printf "%.0f\n", ($1 + $2) * 1e9 }' <<<"$seconds"
}

# The compiler is read into memory first.
small_tree() {
	local how ns tree=(make -s -j4 -C "$TOP/lib" CFLAGS=-O0 O=/dev/shm/lib)

	time_of natively "${tree[@]}" >&2
	for how in natively "on the server" strace; do
		rm -rf /dev/shm/lib
		ns=$(time_of "$how" "${tree[@]}")
		printf '{"test": "make -j4", "what": "%s", "live": 1, "unit": "ns", "n": 1, ' "$how"
		printf '"median": %d, "min": %d, "max": %d}\n' "$ns" "$ns" "$ns"
	done
}

# The programs are in memory, or an exec would wait for the machine outside.
run() {
	local modules=$1 programs=$2 repeats=$3 dir=/dev/shm how kind

	PATH=$TOP/build/tools:$PATH
	insmod "$modules/procsrv.ko"
	cp "$programs"/cycles-* "$dir"
	settle
	for kind in static dynamic; do
		for how in natively "on the server" strace; do
			log "processes: $kind, $how"
			under "$how" "$dir/cycles-$kind" "$kind, $how" "$repeats" "$dir/cycles-static"
		done
	done
	log "make -j4"
	small_tree
}

case ${1:-} in
model | syscalls | run) "$@" ;;
*) usage ;;
esac
