#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The Python package, with Debian's Python, against build/lib; the examples, and the programs of
# docs/bindings.md as they are printed. Needs TOP.

load common

@test "the tests of the package" {
	cd "$TOP/python"
	python3 -m pytest -p no:cacheprovider -p private_server -q tests
}

@test "the fixture for pytest" {
	cd "$TOP/examples/python"
	python3 -m pytest -p no:cacheprovider -p private_server -q .
}

@test "the supervisor" {
	same "web: 3 killed by SIGKILL
web: 4 killed by SIGKILL
web: 5 killed by SIGKILL" \
		"$(python3 "$TOP/examples/python/supervisor.py" web)"
}

@test "the experiment with orphans" {
	same "without a reaper:
  alive is RUNNING, a child of init
  dead is ZOMBIE, a child of init on the orphan list
  init does not wait: reap() reaps 1
with a reaper:
  alive is RUNNING, a child of grandparent
  dead is ZOMBIE, a child of grandparent on the orphan list
  the reaper waits: 5 exited with code 7" "$(python3 "$TOP/examples/python/orphans.py")"
}

@test "the programs of docs/bindings.md" {
	local dir=$BATS_TEST_TMPDIR/documented number

	"$TOP/tests/bindings/documented" python "$dir"
	for number in 1 2 3; do
		same "$(<"$dir/output-$number")" "$(python3 "$dir/program-$number")"
	done
	[[ ! -e $dir/program-4 ]]
}
