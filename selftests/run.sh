#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: run.sh [--width 64|32] [--dir DIRECTORY] [PROGRAM...]
#        run.sh --help
#
# Runs the tests through the device, all of them or those that are named, built for
# 64 bits and for 32 or for one of them, and prints what they print. To be run as
# root where the module is loaded and no other program uses the device. They are
# taken from DIRECTORY, build/selftests by default.
#
# The exit status is 0 if every program said how many tests it has, ran as many and
# saw all of them pass, and left behind a server as it had found it.

set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
DIRECTORY=$HERE/../build/selftests
WIDTHS=(64 32)
STATS=/sys/kernel/procsrv/stats

usage() {
	awk 'NR > 3 && !/^#/ { exit } NR > 3 { sub(/^# ?/, ""); print }' "$0"
}

die() {
	echo "run.sh: $*" >&2
	exit 2
}

# What a program must not change: all counters but the two that only grow.
server_state() {
	grep -vE '^total_(created|exited) ' "$STATS"
}

# Whether the output on stdin has the results that its plan announces, all good.
complete() {
	awk '
		/^1\.\.[0-9]+$/ { sub(/^1\.\./, ""); plan = $0 }
		/^ok / { good++ }
		/^not ok / { bad++ }
		/^ok .* # SKIP/ { bad++ }
		END { exit !(plan > 0 && good == plan && !bad) }'
}

# run_program WIDTH NAME: false if anything is wrong with it; it says what.
run_program() {
	local program=$DIRECTORY/$1/$2 before status=0 good=true

	printf '# program: %s, %s bits\n' "$2" "$1"
	before=$(server_state)
	"$program" >"$OUT" 2>&1 || status=$?
	cat "$OUT"
	if ((status != 0)); then
		printf '# %s, %s bits: exit status %d\n' "$2" "$1" "$status"
		good=false
	fi
	if ! complete <"$OUT"; then
		printf '# %s, %s bits: not every test passed\n' "$2" "$1"
		good=false
	fi
	if [[ $(server_state) != "$before" ]]; then
		printf '# %s, %s bits: left something behind\n' "$2" "$1"
		good=false
	fi
	$good
}

main() {
	local programs=() failed=() width name

	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--width) WIDTHS=("${2:?}") && shift 2 ;;
		--dir) DIRECTORY=${2:?} && shift 2 ;;
		-*) die "unknown option $1; see --help" ;;
		*) programs+=("$1") && shift ;;
		esac
	done
	if ((${#programs[@]} == 0)); then
		for name in "$HERE"/*.c; do
			programs+=("$(basename "$name" .c)")
		done
	fi
	[[ -r $STATS ]] || die "the module is not loaded"
	OUT=$(mktemp)
	trap 'rm -f "$OUT"' EXIT

	for width in "${WIDTHS[@]}"; do
		for name in "${programs[@]}"; do
			run_program "$width" "$name" || failed+=("$name/$width")
		done
	done
	((${#failed[@]} == 0)) || die "failed: ${failed[*]}"
}

main "$@"
