#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: bench.sh [OPTION]...
#
# Measures, and prints a table of all that was measured and one of what was aimed at. Takes
# some minutes, on a machine that should have nothing else to do.
#
#   --json FILE   where to keep the measurements: JSON objects, one a line (default
#                 build/bench.json)
#   --peer FILE   measurements of something else to compare with (default
#                 bench/veridian.json)
#   --part PART   only the model (its functions, at the speed of the machine, in User Mode
#                 Linux), only syscalls or only run (system calls, and programs under
#                 procsrv-run; both in instructions, in a virtual machine); the others stay
#                 as they were measured before
#   --quick       with few processes and few rounds: to see whether it works
#   --table       measure nothing, print the tables of what FILE has
#
# Exit status: 0 if every target is met, 1 if one is not or was not measured.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

JSON=$TOP/build/bench.json
PEER=$TOP/bench/veridian.json
PARTS=(model syscalls run)
QUICK=''
TABLE=''

# How many real processes the guest holds beside its own.
PROCESSES=4000
REPEATS=101
PARAMETERS=()

# User Mode Linux keeps the memory of its guest in a file. The kernel of a machine has its
# own memory mapped by large pages: a guest that is to be as fast needs a file with such. It
# goes to /dev/shm, so mount a tmpfs over it in a mount namespace of its own.
with_large_pages() {
	if unshare --mount true 2>/dev/null; then
		# shellcheck disable=SC2016 # for the inner shell
		unshare --mount --propagation private bash -c \
			'mount -t tmpfs -o huge=always,size=8G tmpfs /dev/shm && exec "$@"' _ "$@"
	else
		log "not root: the guest's memory has small pages, and is slower"
		"$@"
	fi
}

run_model() {
	local modules

	modules=$("$SCRIPTS/module.sh" uml-bench)
	with_large_pages "$SCRIPTS/guest.sh" --bed uml-bench --memory 3G --cpus 2 --timeout 3600 \
		--log "$TOP/build/logs/console-bench-model.log" -- \
		"$TOP/bench/in-guest.sh" model "$modules" "${PARAMETERS[@]}"
}

# count_in_guest PART ARGUMENT...: one processor, of which QEMU counts the instructions, so
# that nothing else counts.
count_in_guest() {
	local modules

	modules=$("$SCRIPTS/module.sh" stock)
	make -s -C "$TOP/bench/user" O="$TOP/build/bench" >&2
	"$SCRIPTS/guest.sh" --bed stock --memory 2G --cpus 1 --timeout 3600 \
		--qemu-opts '-icount shift=0,sleep=off' \
		--log "$TOP/build/logs/console-bench-$1.log" -- \
		"$TOP/bench/in-guest.sh" "$1" "$modules" "$TOP/build/bench" "${@:2}"
}

run_syscalls() {
	count_in_guest syscalls "$REPEATS" "$PROCESSES"
}

run_run() {
	make -s -C "$TOP/lib" >&2
	make -s -C "$TOP/tools" >&2
	count_in_guest run "$REPEATS"
}

# What all was measured on.
about() {
	local cpu load

	read -r load _ </proc/loadavg
	[[ $load == 0.* ]] || log "this machine is busy (load $load): times will be too long"
	cpu=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n1)
	printf '{"test": "about", "cpu": "%s", "processors": %d, "date": "%s", "commit": "%s", "load": %s}\n' \
		"$cpu" "$(nproc)" "$(date -u +%F)" \
		"$(git -C "$TOP" rev-parse --short HEAD 2>/dev/null || echo unknown)" "$load"
}

# What was measured of the other parts stays.
keep_others() {
	[[ ! -e $JSON ]] || grep -v -e '"test": "about"' -e "\"part\": \"$1\"" "$JSON" || true
}

measure() {
	local part new=$JSON.new

	"$SCRIPTS/deps.sh" build uml stock bench
	mkdir -p "$(dirname -- "$JSON")" "$TOP/build/logs"
	for part in "${PARTS[@]}"; do
		log "measuring: $part"
		{
			about
			keep_others "$part"
			"run_$part" | sed "s/^{/{\"part\": \"$part\", /"
		} >"$new"
		mv "$new" "$JSON"
	done
}

parse() {
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--quick) QUICK=y ;;
		--table) TABLE=y ;;
		--json | --peer | --part)
			(($# > 1)) || die "$1 needs an argument"
			case $1 in
			--json) JSON=$2 ;;
			--peer) PEER=$2 ;;
			--part)
				[[ $2 == model || $2 == syscalls || $2 == run ]] || die "there is no part $2"
				PARTS=("$2")
				;;
			esac
			shift
			;;
		*) die "unknown option $1, see --help" ;;
		esac
		shift
	done
	if [[ -n $QUICK ]]; then
		PROCESSES=200 REPEATS=11
		# shellcheck disable=SC2054 # commas within a parameter
		PARAMETERS=(sizes=100,1000 live=20000 bulk=10000 readers_live=10000 rounds=3)
	fi
}

main() {
	parse "$@"
	[[ -n $TABLE ]] || measure
	log "the measurements are in $JSON"
	python3 "$TOP/bench/report.py" "$JSON" "$PEER"
}

main "$@"
