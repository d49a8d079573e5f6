#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: quick.sh [FILE...]
#        quick.sh --help
#
# Builds what has changed, and tests it under User Mode Linux with lockdep, in less than a
# minute: the kernel has been built, by "make check" or by this. The tests are those of each
# FILE, or of each file that differs from the last commit, or, if there is none, that the last
# commit has changed:
#
#   kunit/NAME.c, selftests/NAME.c, selftests/uring/NAME.c
#                       this suite, or this program
#   tests/*/NAME.bats   this file of tests
#   *.c, *.h of the module, or what all tests of a kind share
#                       KUnit, and the device tests
#
# Other files have no quick test; "make check" tests them. Prints what fails, and at the end
# a line "N passed, N failed". The whole output is in build/logs/quick.log.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

LOG=$TOP/build/logs/quick.log
BED=uml
PARTS=() BESIDE=()

changed() {
	local files

	files=$(git diff --name-only HEAD && git ls-files --others --exclude-standard)
	[[ -n $files ]] || files=$(git diff --name-only HEAD~)
	printf '%s\n' "$files"
}

# part_of FILE: the part of tests/in-guest.sh that tests it, or nothing
part_of() {
	local file=$1 name

	name=$(basename "$file" .c)
	case $file in
	*.md | *.txt | */faults/* | tests/programs/* | tests/random/* | tests/scripts/* | \
		tests/packages/* | tests/trace/* | tests/run32/*) ;;
	tests/*.bats) file=${file%.bats} && echo "bats:${file#tests/}" ;;
	selftests/*.c) echo "device:$name" ;;
	selftests/*) echo device-uml ;;
	kunit/*.c) echo "kunit:$name" ;;
	kunit/*) echo kunit ;;
	core/* | dev/* | debug/* | include/* | procsrv*.[ch] | compat.h | Kbuild)
		printf '%s\n' kunit device-uml
		;;
	esac
}

# The parts, and what is a part of another one not by itself.
choose() {
	local file part parts

	parts=$(for file; do [[ ! -e $file ]] || part_of "$file"; done | sort -u)
	for part in $parts; do
		case $part in
		kunit:*) ! grep -qx kunit <<<"$parts" || continue ;;
		device:*) ! grep -qx device-uml <<<"$parts" || continue ;;
		esac
		PARTS+=("$part")
	done
}

# A guest has one processor: of what takes longest, half is for a second one.
share() {
	[[ " ${PARTS[*]} " == *" device-uml "* ]] || return 0
	mapfile -t PARTS < <(printf '%s\n' "${PARTS[@]}" | sed 's/^device-uml$/&:1/')
	BESIDE=(device-uml:2)
}

build() {
	"$SCRIPTS/module.sh" "$BED"
	make -C "$TOP" lib tools
	make -C "$TOP/tests/tools"
	make -j"$(nproc)" -C "$TOP/selftests" \
		KSFT="$("$SCRIPTS/kernel.sh" --source kunit)/tools/testing/selftests"
}

# What has failed, and what the tests say about it: the comments that follow.
failures() {
	awk '/^( {4})?not ok /  { print; show = 1; next }
		/^( *)#/ && show { print; next }
		{ show = 0 }
		/in-guest|guest\.sh: / { print }' "$LOG"
}

# guest NAME PART...: its output goes to NAME.log
guest() {
	local logs=$TOP/build/logs

	"$SCRIPTS/guest.sh" --bed "$BED" --log "$logs/console-$1.log" -- \
		"$TOP/tests/in-guest.sh" "$TOP/build/$BED" "${@:2}" >"$logs/$1.log" 2>&1
}

run_tests() {
	local status=0 beside

	if ((${#BESIDE[@]})); then
		guest quick-beside "${BESIDE[@]}" &
		beside=$!
	fi
	guest quick-tests "${PARTS[@]}" || status=1
	cat "$TOP/build/logs/quick-tests.log"
	if ((${#BESIDE[@]})); then
		wait "$beside" || status=1
		cat "$TOP/build/logs/quick-beside.log"
	fi
	return "$status"
}

main() {
	local start=$SECONDS status=0 good bad

	case ${1:-} in
	-h | --help) usage && exit ;;
	-*) die "unknown option $1, see --help" ;;
	esac
	cd "$TOP"
	(($#)) || mapfile -t < <(changed)
	(($#)) || set -- "${MAPFILE[@]}"
	choose "$@"
	((${#PARTS[@]})) || die "nothing that has changed has a quick test: make check"
	"$SCRIPTS/deps.sh" build kunit uml test
	mkdir -p "$TOP/build/logs"
	log "builds; the output is in build/logs/quick.log"
	build >"$LOG" 2>&1 || { tail -n 30 "$LOG" && die "the build has failed"; }
	log "tests, after $(elapsed "$start"): ${PARTS[*]}"
	share
	run_tests >>"$LOG" || status=$?
	failures
	good=$(grep -cE '^( {4})?ok [0-9]+ ' "$LOG" || true)
	bad=$(grep -cE '^( {4})?not ok [0-9]+ ' "$LOG" || true)
	((status == 0 || bad > 0)) || bad=1
	printf '%d passed, %d failed, in %s\n' "$good" "$bad" "$(elapsed "$start")"
	exit "$status"
}

main "$@"
