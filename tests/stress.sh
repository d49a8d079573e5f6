#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: stress.sh MODULE_DIRECTORY PROCESSES MINUTES
#        stress.sh --help
#
# Inside a guest, where the module is not loaded yet: runs the KUnit suite procsrv-stress again
# and again, for so long and with so many processes, and prints its output. Each run ends with a
# check of all trees and counters of its server.

# shellcheck source-path=SCRIPTDIR source=../scripts/lib.sh
. "$(dirname -- "$0")/../scripts/lib.sh"

# KUnit ends a test after 300 seconds.
readonly RUN_S=230

main() {
	local modules=$1 processes=$2 left=$(($3 * 60)) now n=0 failed=0
	local results=/sys/kernel/debug/kunit/procsrv-stress/results

	insmod "$modules/procsrv.ko"
	# The task that inserts the tests sleeps for the whole run.
	echo $((RUN_S + 120)) >/proc/sys/kernel/hung_task_timeout_secs
	printf procsrv-stress >/sys/module/kunit/parameters/filter_glob
	for (( ; left > 0; left -= RUN_S)); do
		now=$((left < RUN_S ? left : RUN_S)) n=$((n + 1))
		log "run $n: $now seconds, $((left - now)) to go after it"
		insmod "$modules/kunit/procsrv_kunit.ko" stress_live="$processes" \
			stress_ms="${now}000"
		sed 's/^/# /' "$results"
		if grep -q '^ok ' "$results"; then
			echo "ok $n $now seconds among $processes processes"
		else
			echo "not ok $n $now seconds among $processes processes"
			failed=1
		fi
		rmmod procsrv_kunit
	done
	echo "1..$n"
	return "$failed"
}

[[ ${1:-} != --help ]] || { usage && exit; }
(($# == 3)) || die "three arguments are needed, see --help"
main "$@"
