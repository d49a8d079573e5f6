# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # run sets output and stderr
#
# Wrong recordings: real ones, in which the answer of one wait was altered. A few of these may
# stay hidden because a recording leaves the answer open, but no more.

load common

RECORDINGS=$BATS_TEST_DIRNAME/../recordings

# noticed STEP PERCENT NAME...: so many of all alterations of every STEP-th wait are noticed
noticed() {
	local step=$1 percent=$2 name

	shift 2
	for name; do
		mkdir "$BATS_TEST_TMPDIR/$name"
		python3 "$BATS_TEST_DIRNAME/mutate.py" "$RECORDINGS/$name.strace" \
			"$BATS_TEST_TMPDIR/$name" "$step"
	done
	run --separate-stderr procsrv-replay --json "$BATS_TEST_TMPDIR"/*/*.strace
	same 1 "$status"
	python3 -c 'import json, sys
files = json.load(sys.stdin)["files"]
missed = [f["file"] for f in files if not f["differ"]]
print(len(files) - len(missed), "of", len(files), "noticed; not", *missed)
sys.exit(len(files) < 20 or 100 * len(missed) > (100 - int(sys.argv[1])) * len(files))
' "$percent" <<<"$output"
}

@test "nearly all wrong answers to shells are noticed" {
	noticed 7 90 shell-interactive
}

@test "nearly all wrong answers to programs that only wait for exits are noticed" {
	noticed 8 98 tini pipes python-asyncio
}
