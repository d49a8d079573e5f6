#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: coverage.sh [--no-run | PART...]
#        coverage.sh --help
#
# Which lines of the module the tests reach, and which not. Runs everything that runs in
# User Mode Linux with a module that counts, and prints a table by file, and each line that was
# not reached. The same is kept in build/coverage: table.txt, missed.txt, and with the
# sources index.html. docs/coverage.md has what there is to say of the lines.
#
#   --no-run  of the last run
#   PART...   only some of tests/in-guest.sh: without tools and recordings it takes a minute
#
# Exit status: 0 only if every test passed. How much was reached makes no difference.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

OUT=$TOP/build/coverage
MODULES=$TOP/build/uml-gcov

# What runs in bed uml, see tests/in-guest.sh; other parts have their place here.
PARTS=(module kunit device-uml uring faults tools recordings differential)

run_tests() {
	local counts=$TOP/build/guest-out/gcov

	make --no-print-directory -s -j"$(nproc)" -C "$TOP/tools" >&2
	make --no-print-directory -s -j"$(nproc)" -C "$TOP/selftests" \
		KSFT="$("$SCRIPTS/kernel.sh" --source kunit)/tools/testing/selftests" >&2
	rm -rf "$counts"
	GUEST_OUT=$TOP/build/guest-out "$SCRIPTS/guest.sh" --bed uml --timeout 3600 \
		--log "$TOP/build/logs/console-coverage.log" -- \
		"$TOP/tests/in-guest.sh" "$MODULES" "${PARTS[@]}" gcov \
		>"$OUT/tests.log" 2>&1 || STATUS=$?
	if ((STATUS)); then
		grep -aE '^ *not ok|exit status|^guest.sh' "$OUT/tests.log" >&2 || true
		log "not every test passed, see $OUT/tests.log"
	fi
	cp -r "$counts/." "$MODULES/" || die "nothing was counted, see $OUT/tests.log"
}

# Of the module's own code: no header of the kernel, and not the tests.
summarise() {
	cd "$MODULES"
	gcovr --root . --exclude '.*\.mod\.c' --txt "$OUT/table.txt" --html-details "$OUT/index.html" .
}

# "FILE:LINE: source" of the last column of the table, which has numbers and ranges.
list_missed() {
	local file ranges range

	awk '/%/ && $1 != "TOTAL" && NF > 4 { print $1, $5 }' "$OUT/table.txt" |
		while read -r file ranges; do
			for range in ${ranges//,/ }; do
				awk -v file="$file" -v from="${range%-*}" -v to="${range#*-}" '
					FNR >= from + 0 && FNR <= to + 0 { printf "%s:%d:%s\n", file, FNR, $0 }
				' "$TOP/$file"
			done
		done
}

main() {
	STATUS=0
	case ${1:-} in
	-h | --help) usage && exit ;;
	--no-run | '') ;;
	-*) die "unknown option $1, see --help" ;;
	*) PARTS=("$@") ;;
	esac
	"$SCRIPTS/deps.sh" build kunit uml test cover
	mkdir -p "$OUT" "$TOP/build/logs"
	if [[ ${1:-} != --no-run ]]; then
		"$SCRIPTS/module.sh" --gcov uml >/dev/null
		run_tests
	fi
	(summarise)
	list_missed >"$OUT/missed.txt"
	cat "$OUT/table.txt"
	printf '\nNot reached:\n\n'
	cat "$OUT/missed.txt"
	return "$STATUS"
}

main "$@"
