#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: module.sh BED
#        module.sh --help
#
# Builds procsrv.ko, bench/procsrv_bench.ko, and kunit/procsrv_kunit.ko where the kernel
# has KUnit and is for testing, for the kernel of a test bed (see kernel.sh --help) with
# all of the kernel's warnings (W=1) as errors, and prints the directory that they are in:
# build/BED.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# kbuild writes objects beside the sources, so each bed has links to them.
link_sources() {
	local out=$1 file

	mkdir -p "$out/include/uapi/linux" "$out/kunit" "$out/bench"
	find "$out" -type l -delete
	cd "$TOP"
	for file in Kbuild *.c *.h include/uapi/linux/*.h {kunit,bench}/{Kbuild,*.c,*.h}; do
		ln -s "$TOP/$file" "$out/$file"
	done
}

main() {
	local bed=${1:-} out args

	case $bed in
	-h | --help) usage && exit ;;
	'' | -*) die "which bed? see --help" ;;
	esac
	"$SCRIPTS/kernel.sh" "$bed" >/dev/null
	read -ra args < <("$SCRIPTS/kernel.sh" --make-args "$bed")
	out=$TOP/build/$bed
	link_sources "$out"
	args+=("M=$out" PROCSRV_BENCH=y W=1 KCFLAGS=-Werror)
	# Suites are for the beds that test.
	[[ $bed != *-bench ]] || args+=(CONFIG_KUNIT=)
	make --no-print-directory -j"$(nproc)" "${args[@]}" modules >&2
	echo "$out"
}

main "$@"
