#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Processes, threads and signals at random under procsrv-run

load ../tools/common
load ../tools/run

# The seconds for random actions.
RUN_RANDOM_S=${RUN_RANDOM_S:-4}

setup_file() {
	export RANDOM_CALLS=$BATS_FILE_TMPDIR/random
	gcc -O1 -static -D_GNU_SOURCE -o "$RANDOM_CALLS" "$BATS_TEST_DIRNAME/run_random.c"
}

teardown() {
	if [[ -v RUN ]]; then
		kill -KILL "$RUN" 2>/dev/null || true
		wait "$RUN" || true
	fi
}

# at_random OPTION...: processes, threads and signals, for $RUN_RANDOM_S seconds. At the end
# no process is left, in Linux or in the server.
at_random() {
	run_status 0 --name random "$@" "$RANDOM_CALLS" --seconds "$RUN_RANDOM_S" -- \
		sh -c 'cd /proc && echo [0-9]*; exec procsrvctl --server random list'
	cat "$OUT"
	same $'1 2\n1\n2' "$(sed 1d "$OUT")"
}

@test "answered" {
	at_random
	same "" "$(<"$ERR")"
}

@test "compared" {
	at_random --compare
	grep -qx '  differ        0' "$ERR"
}

# victim PID: chooses one of its descendants, or itself.
victim() {
	local all=("$1") i

	for ((i = 0; i < ${#all[@]}; i++)); do
		mapfile -t -O "${#all[@]}" all < <(pgrep -P "${all[i]}")
	done
	echo "${all[RANDOM % ${#all[@]}]}"
}

begin_random() {
	procsrv-run "$RANDOM_CALLS" --seconds 100 >>"$OUT" 2>>"$ERR" 3>&- &
	RUN=$!
}

# kill_any: kills some of its processes, and at last procsrv-run or the supervisor.
kill_any() {
	local i

	for ((i = 0; i < RANDOM % 10; i++)); do
		kill -KILL "$(victim "$RUN")" 2>/dev/null || true
	done
	if ((RANDOM % 2)); then
		kill -KILL "$RUN" 2>/dev/null || true
	else
		pkill -KILL -P "$RUN" || true
	fi
	wait "$RUN" || true
	unset RUN
}

@test "any of its processes is killed from outside" {
	local end=$((SECONDS + RUN_RANDOM_S)) uses

	uses=$(</sys/module/procsrv/refcnt)
	while ((SECONDS < end)); do
		begin_random
		sleep "0.$((RANDOM % 10))"
		kill_any
		no_process "$RANDOM_CALLS"
		same "$uses" "$(</sys/module/procsrv/refcnt)"
	done
	cat "$OUT" "$ERR"
	same "" "$(grep -v 'the supervisor was killed by SIGKILL' "$ERR")"
}
