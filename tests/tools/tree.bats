#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # some variables are set in common.bash
#
# tree

load common

make() {
	procsrvctl create "$@"
}

@test "one process, and a chain" {
	prints root tree "$ROOT"
	child=$(make "$ROOT" child)
	make "$child" grandchild
	prints "root---child---grandchild" tree "$ROOT"
}

@test "branches, by name" {
	b=$(make "$ROOT" b)
	make "$ROOT" c
	a=$(make "$ROOT" a)
	make "$b" y
	make "$b" x
	make "$a" z
	prints "root-+-a---z
     |-b-+-x
     |   \`-y
     \`-c" tree "$ROOT"
	prints "root─┬─a───z
     ├─b─┬─x
     │   └─y
     └─c" tree --utf8 "$ROOT"
}

@test "the locale chooses the lines" {
	make "$ROOT" a
	make "$ROOT" b
	LC_ALL=C.UTF-8 prints "root─┬─a
     └─b" tree "$ROOT"
	LC_ALL=C.UTF-8 prints "root-+-a
     \`-b" tree --ascii "$ROOT"
	LC_ALL=C prints "root-+-a
     \`-b" tree "$ROOT"
}

@test "processes that look the same are drawn once" {
	for _ in 1 2 3; do
		worker=$(make "$ROOT" worker)
		make "$worker" a
		make "$worker" a
		make "$worker" b
	done
	other=$(make "$ROOT" worker)
	make "$other" a
	make "$ROOT" z
	make "$ROOT" z
	prints "root-+-3*[worker-+-2*[a]
     |           \`-b]
     |-worker---a
     \`-2*[z]" tree "$ROOT"
}

@test "--pids draws every process" {
	first=$(make "$ROOT" worker)
	second=$(make "$ROOT" worker)
	prints "root($ROOT)-+-worker($first)
$(printf '%*s' $((7 + ${#ROOT})) '')\`-worker($second)" tree --pids "$ROOT"
}

@test "a subtree of one that looks like its siblings" {
	first=$(make "$ROOT" worker)
	second=$(make "$ROOT" worker)
	make "$first" a
	make "$second" a
	prints "worker---a" tree "$first"
	prints "worker---a" tree "$second"
	prints "root---2*[worker---a]" tree "$ROOT"
}

@test "init without a pid, and a process that is not there" {
	field name 1
	works tree
	[[ ${lines[0]} == "$field"* ]]
	[[ $output == *root* ]]
	refused "tree: there is no process 999999999 (ESRCH)" tree 999999999
}

@test "--json" {
	b=$(make "$ROOT" b)
	c=$(make "$ROOT" $'c"\xff')
	a=$(make "$b" a)
	procsrvctl tree --json "$ROOT" | check "d == {'pid': $ROOT, 'name': 'root', 'children': [
		{'pid': $b, 'name': 'b', 'children': [
			{'pid': $a, 'name': 'a', 'children': []}]},
		{'pid': $c, 'name': 'c\"\ufffd', 'children': []}]}"
	procsrvctl tree --json "$a" | check "d == {'pid': $a, 'name': 'a', 'children': []}"
}

@test "wide characters, and those that cannot be printed" {
	wide=$(make "$ROOT" $'\xe6\xbc\xa2\e')
	make "$wide" a
	make "$wide" b
	LC_ALL=C.UTF-8 prints "root───漢\\x1b─┬─a
              └─b" tree "$ROOT"
}

@test "a tree that is deeper than any stack" {
	"$BATS_TEST_DIRNAME/fake-proc" "$BATS_TEST_TMPDIR/proc" < <(
		echo "1 0 0 0 S init"
		# No process may have more ancestors than the last one has.
		seq 2 1025 | awk '{ print $1, $1 - 1, 0, 0, "S", "Q" }'
	)
	procsrvctl mirror --proc="$BATS_TEST_TMPDIR/proc"
	procsrvctl exec 1 init
	(
		ulimit -s 128
		procsrvctl tree >"$BATS_TEST_TMPDIR/tree"
	)
	same 1024 "$(tr -cd Q <"$BATS_TEST_TMPDIR/tree" | wc -c)"
}
