#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: stress.sh [--minutes N] [--processes N] [--bed BED]
#
# All operations of the model at random, by three threads, while a fourth looks without the
# lock; every few minutes, and at the end, a check of all trees and counters. In User Mode
# Linux with lockdep (bed uml-smp) unless another bed with KUnit is named.
#
#   --minutes N    how long (default 30)
#   --processes N  among how many processes, about (default 100000)
#   --bed BED      uml-smp (default), uml-debug or kunit

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

MINUTES=30
PROCESSES=100000
BED=uml-smp

parse() {
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--minutes | --processes | --bed)
			(($# > 1)) || die "$1 needs an argument"
			case $1 in
			--minutes) MINUTES=$2 ;;
			--processes) PROCESSES=$2 ;;
			--bed) BED=$2 ;;
			esac
			shift
			;;
		*) die "unknown option $1, see --help" ;;
		esac
		shift
	done
	[[ $MINUTES =~ ^[1-9][0-9]{0,3}$ ]] || die "--minutes: not a number of minutes: $MINUTES"
	[[ $PROCESSES =~ ^[1-9][0-9]{0,6}$ ]] || die "--processes: not a number: $PROCESSES"
}

main() {
	local built modules

	parse "$@"
	"$SCRIPTS/deps.sh" build uml
	built=$("$SCRIPTS/module.sh" "$BED")
	# A copy, so that a build beside it does not replace the modules.
	modules=$TOP/build/stress
	mkdir -p "$modules/kunit"
	cp "$built/procsrv.ko" "$modules/"
	cp "$built/kunit/procsrv_kunit.ko" "$modules/kunit/"
	"$SCRIPTS/guest.sh" --bed "$BED" --cpus 2 --memory 2G --timeout $((MINUTES * 120 + 600)) -- \
		"$TOP/tests/stress.sh" "$modules" "$PROCESSES" "$MINUTES"
}

main "$@"
